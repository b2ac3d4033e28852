package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestThePolicyMustHaveBeenInForceOnTheDayOfTheAct(t *testing.T) {
	t.Parallel()
	r := report()
	r.Act = day("2025-12-31") // the policy took effect on 2026-01-01
	_, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
	requireFault(t, err, sanction.FaultNotInForce)

	ended, err := policy(t).Supersede(day("2026-03-01"))
	require.NoError(t, err)
	_, err = sanction.NewCase("case-1", clinic(), ended, subject(), report()) // the act was on 2026-03-02
	requireFault(t, err, sanction.FaultNotInForce)

	r.Act = day("2026-03-01")
	_, err = sanction.NewCase("case-1", clinic(), ended, subject(), r)
	require.NoError(t, err, "the last day in effect still governs")

	_, err = sanction.NewCase("case-1", clinic(), sanction.Policy{}, subject(), report())
	requireFault(t, err, sanction.FaultNotInForce)
}

func TestNewCaseRefusesWhatTheWorkforceListContradicts(t *testing.T) {
	t.Parallel()
	_, err := sanction.NewCase("case-1", clinic(), policy(t), sanction.Subject{ID: "w-009", Category: hipaasmp.WorkforceVolunteer}, report())
	requireFault(t, err, hipaasmp.FaultDangling)
	r := report()
	r.Act = day("2026-01-15") // w-010 joined on 2026-02-01
	_, err = sanction.NewCase("case-1", clinic(), policy(t), sanction.Subject{ID: "w-010", Category: hipaasmp.WorkforceVolunteer}, r)
	requireFault(t, err, sanction.FaultNotWorkforce)
	ba := clinic()
	ba.Type = hipaasmp.EntityBusinessAssociate
	_, err = sanction.NewCase("case-1", ba, policy(t), subject(), report())
	requireFault(t, err, hipaasmp.FaultDangling)
}

func TestDaysOfTheReportRunForward(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*sanction.Report){
		"act after the report":           func(r *sanction.Report) { r.Act = day("2026-03-05") },
		"reported after it was filed":    func(r *sanction.Report) { r.On = day("2026-03-05") },
		"the day is counted in the zone": func(r *sanction.Report) { r.At, r.On = at(15), day("2026-03-06") }, // 06:00 UTC on the 5th is midnight in Chicago
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := report()
			spoil(&r)
			_, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
			requireFault(t, err, hipaasmp.FaultOrder)
		})
	}
	c := reported(t)
	_, err := c.Investigate(official, at(-1))
	requireFault(t, err, hipaasmp.FaultOrder)
}

func TestReopeningKeepsWhatWasFoundAndAsksTheCheckAnew(t *testing.T) {
	t.Parallel()
	c, first := closed(t)
	_, err := c.Reopen(manager, at(60), may(), "  ")
	requireFault(t, err, sanction.FaultNoReason)
	_, err = c.Reopen(reviewer, at(60), may(), "New evidence.")
	requireFault(t, err, hipaasmp.FaultAuthority)
	_, err = c.Reopen(program, at(60), func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }, "New evidence.")
	requireFault(t, err, sanction.FaultProgram)
	r, err := c.Reopen(manager, at(60), may(), "New evidence.")
	require.NoError(t, err)
	require.Equal(t, sanction.StateUnderInvestigation, r.State)
	require.Equal(t, []sanction.Proceeding{c.Proceeding}, r.Earlier)
	require.Nil(t, r.Determination)

	_, err = r.Determine(official, at(61), sanction.ProtectedActCheck{}, sanction.CategoryAccess, nil, "Shown.")
	var pe *sanction.ProtectedActError
	require.ErrorAs(t, err, &pe)
	r, err = r.Determine(official, at(61), clear(), sanction.CategoryUnintentional, nil, "The steps of the first proceeding still count.")
	require.NoError(t, err)
	r, err = r.Decide(manager, at(62), may(), sanction.NoSanction("An interface opened the record."))
	require.NoError(t, err)
	_, again, err := r.Close(official, at(63), "The interface was repaired.")
	require.NoError(t, err)
	require.Equal(t, first.DocumentRef(), again.DocumentRef(), "a new version of the same record")
	require.Equal(t, 1, first.Round)
	require.Equal(t, 2, again.Round)
	require.Equal(t, sanction.ResultNone, again.Result)
	require.Len(t, again.Timeline, len(r.History)+1)
}

func TestTwoBranchesOfOneCaseDoNotShareLists(t *testing.T) {
	t.Parallel()
	base := walk(t, reported(t), warning, sanction.EventOpenInvestigation, sanction.EventRecordStep, sanction.EventRecordStep, sanction.EventRecordStep)
	a, err := base.RecordStep(official, at(60), sanction.Inquiry{On: day("2026-03-05"), What: "The first branch."})
	require.NoError(t, err)
	_, err = base.RecordStep(official, at(60), sanction.Inquiry{On: day("2026-03-05"), What: "The second branch."})
	require.NoError(t, err)
	require.Equal(t, "The first branch.", a.Investigation[3].What)

	r := report()
	c, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
	require.NoError(t, err)
	r.Breached[0].Rule, r.Sources[0].ID = "changed", "changed"
	require.Equal(t, report(), c.Report)
}
