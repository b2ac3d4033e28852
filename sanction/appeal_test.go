package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// told is a decided case whose subject was told on 2026-03-05, so that the fourteen days end on 2026-03-19.
func told(t require.TestingT) sanction.Case {
	return walk(t, decided(t), warning, sanction.EventNotify)
}

// onDay is 18:00 UTC, noon or one in the afternoon in Chicago, so many days after the report of 2026-03-04.
func onDay(n int) int { return 24*n + 3 }

func TestTheTimeToAppealRunsFromTheNotice(t *testing.T) {
	t.Parallel()
	_, ok := decided(t).AppealBy()
	require.False(t, ok, "the subject has not been told")
	_, ok = reported(t).AppealBy()
	require.False(t, ok, "nothing is decided")
	by, ok := told(t).AppealBy()
	require.True(t, ok)
	require.Equal(t, day("2026-03-19"), by)

	c, err := decided(t).Notify(official, at(60), sanction.Notice{To: manager.ID, On: day("2026-03-06"), Means: "Told the manager."})
	require.NoError(t, err)
	_, ok = c.AppealBy()
	require.False(t, ok, "another person was told")

	// A second letter does not begin the time anew.
	c, err = told(t).Notify(official, at(24*9), sanction.Notice{To: member.ID, On: day("2026-03-12"), Means: "Sent again."})
	require.NoError(t, err)
	by, _ = c.AppealBy()
	require.Equal(t, day("2026-03-19"), by)
}

func TestAnAppealAfterThePolicysTimeTakesAReason(t *testing.T) {
	t.Parallel()
	c := told(t)
	_, err := c.Appeal(member, at(onDay(15)), "By mistake.")
	require.NoError(t, err, "the last day is in time")
	_, err = c.Appeal(member, at(14+24*15), "By mistake.") // 2026-03-20 05:00 UTC is midnight in Chicago
	requireFault(t, err, sanction.FaultLate)
	_, err = c.Appeal(member, at(13+24*15), "By mistake.")
	require.NoError(t, err, "the last hour of the last day, counted in the zone")

	next, err := c.Appeal(member, at(onDay(16)), "By mistake.")
	requireFault(t, err, sanction.FaultLate)
	require.Equal(t, c, next)
	_, err = c.AppealLate(member, at(onDay(15)), "By mistake.", "Was ill.")
	requireFault(t, err, sanction.FaultLate)
	late, err := c.AppealLate(member, at(onDay(16)), "By mistake.", "Was ill until the day before.")
	require.NoError(t, err)
	require.Equal(t, "Was ill until the day before.", late.Appeals[0].Late)
	late.Appeals = []sanction.Appeal{late.Appeals[0]}
	late.Appeals[0].Late = ""
	requireFault(t, late.Validate(), sanction.FaultLate)

	// Without notice, and without a limit, no appeal is late.
	_, err = decided(t).Appeal(member, at(24*900), "By mistake.")
	require.NoError(t, err)
	_, err = decided(t).AppealLate(member, at(24*900), "By mistake.", "Was ill.")
	requireFault(t, err, sanction.FaultLate)
	terms := sanction.DefaultTerms()
	for i := range terms.Procedure {
		if terms.Procedure[i].Stage == sanction.StageAppeal {
			terms.Procedure[i].Days = 0
		}
	}
	p, err := terms.Approve(issue("policy-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	open, err := sanction.NewCase("case-1", clinic(), p, subject(), report())
	require.NoError(t, err)
	open = walk(t, open, warning, append(untilDetermined[:4:4], sanction.EventDecide, sanction.EventNotify)...)
	_, err = open.Appeal(member, at(24*900), "By mistake.")
	require.NoError(t, err)
}

func TestTheTimeOfThePolicyOfTheDayOfTheActBindsAndNotOfALaterOne(t *testing.T) {
	t.Parallel()
	terms := sanction.DefaultTerms()
	for i := range terms.Procedure {
		if terms.Procedure[i].Stage == sanction.StageAppeal {
			terms.Procedure[i].Days = 60
		}
	}
	later, err := terms.Approve(issue("policy-2026b", "2026-2", "2026-03-04"), manager, day("2026-03-03"), may())
	require.NoError(t, err)
	_, err = sanction.NewCase("case-1", clinic(), later, subject(), report())
	requireFault(t, err, sanction.FaultNotInForce)
	by, _ := told(t).AppealBy()
	require.Equal(t, day("2026-03-19"), by, "the version of the day of the act gives fourteen days")
}

func TestANewDecisionBeginsTheTimeAnew(t *testing.T) {
	t.Parallel()
	c := walk(t, told(t), warning, sanction.EventAppeal)
	c, err := c.Amend(official, at(onDay(10)), may(), sanction.Impose(sanction.RungFinal, "Worse than it seemed."))
	require.NoError(t, err)
	_, ok := c.AppealBy()
	require.False(t, ok, "nobody has been told of the new decision")
	c, err = c.Notify(official, at(onDay(12)), sanction.Notice{To: member.ID, On: day("2026-03-16"), Means: "Letter."})
	require.NoError(t, err)
	by, _ := c.AppealBy()
	require.Equal(t, day("2026-03-30"), by)
	_, err = c.Appeal(member, at(onDay(20)), "Too hard.")
	require.NoError(t, err)
	_, err = c.Appeal(member, at(onDay(28)), "Too hard.")
	requireFault(t, err, sanction.FaultLate)

	// After an appeal that changed nothing the time of the first notice still counts.
	c = walk(t, told(t), warning, sanction.EventAppeal, sanction.EventUphold)
	_, err = c.Appeal(member, at(onDay(28)), "Once more.")
	requireFault(t, err, sanction.FaultLate)
}

func TestTheDecisionOfAnAppealHasItsOwnLimit(t *testing.T) {
	t.Parallel()
	step := func(c sanction.Case) (sanction.Deadline, bool) {
		for _, d := range c.Deadlines() {
			require.NotEqual(t, sanction.StageAppeal, d.Stage, "to appeal is no duty")
			if d.Stage == sanction.StageAppealDecision {
				return d, true
			}
		}
		return sanction.Deadline{}, false
	}
	_, ok := step(told(t))
	require.False(t, ok, "there is no appeal to decide")
	c := walk(t, told(t), warning, sanction.EventAppeal)
	d, ok := step(c)
	require.True(t, ok)
	require.Equal(t, day("2026-04-04"), d.Due, "thirty days from the appeal on 2026-03-05")
	require.True(t, d.Done.IsZero())
	r := sanction.Records{Policies: []sanction.Policy{policy(t)}, Cases: []sanction.Case{c}}
	found := func(asOf string) (out bool) {
		for _, g := range gaps(t, r, hipaasmp.Period{}, asOf, sanction.GapOverLimit) {
			out = out || d.Due.AddDays(1) == g.Since
		}
		return out
	}
	require.False(t, found("2026-04-04"))
	require.True(t, found("2026-04-05"))
	d, _ = step(walk(t, c, warning, sanction.EventUphold))
	require.Equal(t, day("2026-03-05"), d.Done)
}

func TestTheTimeToAppealIsSetOnce(t *testing.T) {
	t.Parallel()
	terms := sanction.DefaultTerms()
	terms.Procedure = append(terms.Procedure, sanction.ProcedureStep{ID: "appeal_again", Stage: sanction.StageAppeal, Title: "Again", Days: 3})
	_, err := terms.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	requireFault(t, err, hipaasmp.FaultIdentity)
	c := decided(t)
	c.Policy.Procedure = append(c.Policy.Procedure, sanction.Limit{Step: "appeal_again", Stage: sanction.StageAppeal, Days: 3})
	requireFault(t, c.Validate(), hipaasmp.FaultIdentity)
}
