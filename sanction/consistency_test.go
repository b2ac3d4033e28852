package sanction_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// like is a closed case about a member of its own, with the factors of the determination and the ruling given.
func like(t require.TestingT, id string, factors []sanction.AppliedFactor, ruling sanction.Ruling) sanction.Outcome {
	who := hipaasmp.Actor{ID: "subject-of-" + id, Role: hipaasmp.RoleWorkforce}
	c, err := sanction.NewCase(id, clinic(), policy(t), sanction.Subject{ID: who.ID, Category: hipaasmp.WorkforceEmployee}, report())
	require.NoError(t, err)
	c = walk(t, c, warning, untilDetermined[:3]...)
	c, err = c.Determine(official, at(50), clear(), sanction.CategoryAccess, factors, "Shown by the log.")
	require.NoError(t, err)
	c, err = c.Decide(manager, at(51), may(), ruling)
	require.NoError(t, err)
	if ruling.Disposition == sanction.DispositionSanction {
		c = walk(t, c, warning, sanction.EventApply)
	}
	_, o, err := c.Close(official, at(60), "Done.")
	require.NoError(t, err)
	return o
}

func kinds(c sanction.Comparison) (out []sanction.Inconsistency) {
	for _, f := range c.Findings {
		out = append(out, f.Kind)
	}
	return out
}

func TestLikeCasesTreatedAlikeHaveNoFinding(t *testing.T) {
	t.Parallel()
	got := sanction.Consistency(nil, []sanction.Outcome{like(t, "a", nil, warning), like(t, "b", nil, warning)})
	require.Equal(t, 2, got.Compared)
	require.Empty(t, got.Findings)
	require.Len(t, got.Groups, 1)
	require.Len(t, got.Groups[0].Outcomes, 1)
	require.Equal(t, []hipaasmp.Ref{{Kind: sanction.KindCase, ID: "a"}, {Kind: sanction.KindCase, ID: "b"}}, got.Groups[0].Outcomes[0].Cases)
}

func TestLikeCasesThatEndedDifferentlyAreAFinding(t *testing.T) {
	t.Parallel()
	got := sanction.Consistency(nil, []sanction.Outcome{like(t, "a", nil, warning), like(t, "b", nil, sanction.Impose(sanction.RungFinal, "Hard.")), like(t, "c", nil, sanction.NoSanction("Left."))})
	require.Equal(t, []sanction.Inconsistency{sanction.InconsistencyUnlike}, kinds(got))
	require.Len(t, got.Findings[0].Cases, 3)
	require.Equal(t, []string{"none", sanction.RungWritten, sanction.RungFinal}, []string{got.Groups[0].Outcomes[0].Outcome, got.Groups[0].Outcomes[1].Outcome, got.Groups[0].Outcomes[2].Outcome}, "mildest first")

	// A factor tells them apart.
	got = sanction.Consistency(nil, []sanction.Outcome{like(t, "a", nil, warning), like(t, "b", []sanction.AppliedFactor{pattern()}, sanction.Impose(sanction.RungFinal, "A pattern."))})
	require.Empty(t, got.Findings)
	require.Len(t, got.Groups, 2)
}

func TestAnOutcomeOffTheRangeWithoutAFactorIsAFinding(t *testing.T) {
	t.Parallel()
	o := like(t, "a", nil, warning)
	forge := func(rung string) sanction.Outcome {
		f := o
		f.Decisions = slices.Clone(o.Decisions)
		f.Decisions[0].Rung, f.Sanction = rung, rung
		return f
	}
	low := forge(sanction.RungTraining)
	require.NoError(t, low.Validate(), "a record shows what happened")
	require.Equal(t, []sanction.Inconsistency{sanction.InconsistencyOffRange}, kinds(sanction.Consistency(nil, []sanction.Outcome{low})))
	require.Equal(t, []sanction.Inconsistency{sanction.InconsistencyOffRange}, kinds(sanction.Consistency(nil, []sanction.Outcome{forge(sanction.RungTermination)})))
	require.Equal(t, []sanction.Inconsistency{sanction.InconsistencyOffLadder}, kinds(sanction.Consistency(nil, []sanction.Outcome{forge("exile")})))
	require.Empty(t, sanction.Consistency(nil, []sanction.Outcome{like(t, "b", []sanction.AppliedFactor{untrained()}, sanction.Impose(sanction.RungTraining, "Untrained."))}).Findings)
}

func TestMoreAgainstAndLessDoneIsAFinding(t *testing.T) {
	t.Parallel()
	got := sanction.Consistency(nil, []sanction.Outcome{
		like(t, "a", []sanction.AppliedFactor{pattern()}, warning),
		like(t, "b", nil, sanction.Impose(sanction.RungFinal, "Hard.")),
	})
	require.Equal(t, []sanction.Inconsistency{sanction.InconsistencyInverted}, kinds(got))
	require.Equal(t, "a", got.Findings[0].Cases[0].ID)

	// Something mitigating explains it.
	got = sanction.Consistency(nil, []sanction.Outcome{
		like(t, "a", []sanction.AppliedFactor{pattern(), untrained()}, warning),
		like(t, "b", nil, sanction.Impose(sanction.RungFinal, "Hard.")),
	})
	require.Empty(t, got.Findings)
}

func TestACaseAndItsOutcomeCountOnceAndTheOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	c, o := closed(t)
	other := like(t, "b", []sanction.AppliedFactor{pattern()}, sanction.Impose(sanction.RungFinal, "Hard."))
	a := sanction.Consistency([]sanction.Case{c, reported(t)}, []sanction.Outcome{o, other})
	require.Equal(t, 2, a.Compared)
	require.Equal(t, a, sanction.Consistency([]sanction.Case{reported(t), c}, []sanction.Outcome{other, o}))
	require.Equal(t, 1, sanction.Consistency([]sanction.Case{decided(t)}, nil).Compared, "a decided case compares before it closes")
	r, err := c.Reopen(manager, at(60), may(), "New evidence.")
	require.NoError(t, err)
	r, err = r.Determine(official, at(61), clear(), sanction.CategoryUnintentional, nil, "An interface opened the record.")
	require.NoError(t, err)
	_, later, err := walk(t, r, sanction.NoSanction("An interface opened the record."), sanction.EventDecide).Close(official, at(70), "Repaired.")
	require.NoError(t, err)
	for _, order := range [][]sanction.Outcome{{o, later}, {later, o}} {
		got := sanction.Consistency(nil, order)
		require.Equal(t, 1, got.Compared)
		require.Equal(t, sanction.CategoryUnintentional, got.Groups[0].Category, "the last closing counts")
	}
	dismissed := walk(t, reported(t), warning, sanction.EventDismiss)
	require.Equal(t, 0, sanction.Consistency([]sanction.Case{dismissed}, nil).Compared)
}

func TestAComparisonNamesNoPerson(t *testing.T) {
	t.Parallel()
	got := sanction.Consistency(nil, []sanction.Outcome{like(t, "a", nil, warning), like(t, "b", nil, sanction.Impose(sanction.RungFinal, "Hard.")), like(t, "c", []sanction.AppliedFactor{pattern()}, warning)})
	require.NotEmpty(t, got.Findings)
	text, err := json.Marshal(got)
	require.NoError(t, err)
	for _, person := range []string{"subject-of", official.ID, manager.ID, reviewer.ID} {
		require.NotContains(t, string(text), person)
	}
}

func TestTheWorkforceCategoriesOfLikeCasesAreCompared(t *testing.T) {
	t.Parallel()
	about := func(id string, category hipaasmp.WorkforceCategory, ruling sanction.Ruling) sanction.Outcome {
		o := like(t, id, nil, ruling)
		o.Subject.Category = category
		return o
	}
	hard := sanction.Impose(sanction.RungFinal, "Hard.")
	employee, volunteer := hipaasmp.WorkforceEmployee, hipaasmp.WorkforceVolunteer
	got := sanction.Consistency(nil, []sanction.Outcome{about("a", employee, warning), about("b", employee, warning), about("c", volunteer, hard), about("d", volunteer, hard)})
	require.Equal(t, []sanction.Inconsistency{sanction.InconsistencyWorkforce, sanction.InconsistencyUnlike}, kinds(got))
	require.Contains(t, got.Findings[0].Text, "milder for the workforce category employee (2) than for volunteer (2)")
	require.Len(t, got.Findings[0].Cases, 4)
	require.Equal(t, []sanction.Share{{Category: employee, Cases: 2}}, got.Groups[0].Outcomes[0].Workforce)
	require.Equal(t, []sanction.Share{{Category: volunteer, Cases: 2}}, got.Groups[0].Outcomes[1].Workforce)

	// One volunteer who was treated as the employees were takes the line away.
	got = sanction.Consistency(nil, []sanction.Outcome{about("a", employee, warning), about("b", employee, warning), about("c", volunteer, hard), about("d", volunteer, warning)})
	require.Equal(t, []sanction.Inconsistency{sanction.InconsistencyUnlike}, kinds(got))
	require.Equal(t, []sanction.Share{{Category: employee, Cases: 2}, {Category: volunteer, Cases: 1}}, got.Groups[0].Outcomes[0].Workforce)

	// Treated alike, there is nothing to find, whoever it is.
	require.Empty(t, sanction.Consistency(nil, []sanction.Outcome{about("a", employee, warning), about("c", volunteer, warning)}).Findings)

	// What is off the ladder has no place to compare.
	exile := about("e", volunteer, hard)
	exile.Decisions = slices.Clone(exile.Decisions)
	exile.Decisions[0].Rung, exile.Sanction = "exile", "exile"
	require.NotContains(t, kinds(sanction.Consistency(nil, []sanction.Outcome{about("a", employee, warning), exile})), sanction.InconsistencyWorkforce)
}
