package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// trainable is the default policy with a limit of sixty days for the training on it.
func trainable(t require.TestingT) sanction.Policy {
	terms := sanction.DefaultTerms()
	terms.TrainDays = 60
	p, err := terms.Approve(issue("policy-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	return p
}

func trained(t require.TestingT, p sanction.Policy, who, on string) sanction.Training {
	tr, err := sanction.NewTraining("t-"+who, who, "The sanction policy", hipaasmp.CiteAwarenessTraining, day(on))
	require.NoError(t, err)
	return tr.About(p)
}

func TestMissingTrainingCountsTheWorkforceOfTheDayByVersion(t *testing.T) {
	t.Parallel()
	p := trainable(t)
	given := []sanction.Training{trained(t, p, "w-001", "2026-01-05"), trained(t, p, "w-009", "2026-02-20")}
	ids := func(trainings []sanction.Training, asOf string) (out []string) {
		for _, u := range sanction.MissingTraining(p, clinic().Workforce, trainings, day(asOf)) {
			out = append(out, u.Member)
		}
		return out
	}
	require.Nil(t, ids(given, "2025-12-31"), "the version is not in effect yet")
	require.Equal(t, []string{"w-002", "w-003", "w-009"}, ids(given, "2026-01-31"))
	require.Equal(t, []string{"w-002", "w-003", "w-010"}, ids(given, "2026-03-01"))
	other := given[0]
	other.Policy = &hipaasmp.Ref{Kind: sanction.KindPolicy, ID: "policy-2025"}
	require.Contains(t, ids([]sanction.Training{other}, "2026-01-31"), "w-001", "another version does not count")
	other.Policy = nil
	require.Contains(t, ids([]sanction.Training{other}, "2026-01-31"), "w-001", "a training on something else does not count")

	got := sanction.MissingTraining(p, clinic().Workforce, given, day("2026-03-03"))
	require.Equal(t, sanction.Untrained{Member: "w-002", Due: day("2026-03-02"), Overdue: true}, got[0])
	require.Equal(t, sanction.Untrained{Member: "w-010", Due: day("2026-04-02")}, got[2], "counted from the day of joining")
	unlimited := sanction.MissingTraining(policy(t), clinic().Workforce, nil, day("2030-01-01"))
	require.Len(t, unlimited, 5)
	require.Equal(t, sanction.Untrained{Member: "w-001"}, unlimited[0], "without a limit nobody is overdue")
}

func TestMembersUntrainedBeyondThePolicysLimitAreAGap(t *testing.T) {
	t.Parallel()
	p := trainable(t)
	r := sanction.Records{Policies: []sanction.Policy{p}, Workforce: clinic().Workforce, Trainings: []sanction.Training{trained(t, p, "w-001", "2026-01-05")}}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-03-02", sanction.GapUntrained))
	got := gaps(t, r, hipaasmp.Period{}, "2026-03-03", sanction.GapUntrained)
	require.Len(t, got, 1)
	require.Equal(t, []string{"w-002, due 2026-03-02", "w-003, due 2026-03-02", "w-009, due 2026-03-02"}, got[0].Counted)
	require.Equal(t, day("2026-03-03"), got[0].Since)
	r.Policies = []sanction.Policy{policy(t)}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2030-01-01", sanction.GapUntrained), "the entity sets no limit")
}

func TestATrainingThatWasTheSanctionMustBeOnFile(t *testing.T) {
	t.Parallel()
	lesson := sanction.Impose(sanction.RungTraining, "Had not been trained.", untrained())
	o := like(t, "a", nil, lesson)
	require.Equal(t, []string{sanction.RungTraining}, o.Policy.Training)
	warned := like(t, "b", nil, warning)
	r := sanction.Records{Outcomes: []sanction.Outcome{o, warned}}
	find := func(asOf string, trainings ...sanction.Training) []hipaasmp.Gap {
		r.Trainings = trainings
		return gaps(t, r, hipaasmp.Period{}, asOf, sanction.GapTrainingNotGiven)
	}
	got := find("2026-07-01")
	require.Len(t, got, 1)
	require.Equal(t, []hipaasmp.Ref{o.DocumentRef(), o.Case}, got[0].Refs)
	require.Equal(t, o.Closed, got[0].Since)
	require.Empty(t, find("2026-03-05"), "not closed by then")

	tr, err := sanction.NewTraining("t-1", o.Subject.ID, "Access only with a need", hipaasmp.CiteAwarenessTraining, day("2026-03-20"))
	require.NoError(t, err)
	require.Len(t, find("2026-07-01", tr), 1, "it is not linked to the case")
	tr.Case = &o.Case
	require.Empty(t, find("2026-07-01", tr))
	require.Len(t, find("2026-03-19", tr), 1, "it had not taken place by then")
	early := tr
	early.On = day("2026-03-05") // the decision was on 2026-03-06
	require.Len(t, find("2026-07-01", early), 1, "it came before the decision")
	another := tr
	another.Member = "w-001"
	require.Len(t, find("2026-07-01", another), 1, "somebody else was trained")

	c := decided(t)
	c.Policy.Training = []string{"exile"}
	requireFault(t, c.Validate(), hipaasmp.FaultDangling)
	c.Policy.Training = []string{sanction.RungTraining, sanction.RungTraining}
	requireFault(t, c.Validate(), hipaasmp.FaultIdentity)
}
