package remediation_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
)

// anyChange changes the item in some way that its state allows, and leaves it as it is where the state allows none.
func anyChange(rt *rapid.T, i remediation.Item) remediation.Item {
	if !i.State.Live() {
		return i
	}
	at := hour(len(i.History)).Add(time.Duration(len(i.Changes)) * time.Second) // before the next step
	why := anyText().Draw(rt, "why")
	var next remediation.Item
	var err error
	switch rapid.IntRange(0, 6).Draw(rt, "part") {
	case 0:
		next, err = i.Reassign(fmt.Sprintf("wf-%d", 100+len(i.Changes)), manager, at, why)
	case 1:
		next, err = i.Reschedule(i.Due.AddDays(rapid.IntRange(1, 99).Draw(rt, "days")), manager, at, why)
	case 2:
		cost := decimal.New(rapid.Int64Range(0, 1e9).Draw(rt, "cost"), -2)
		next, err = i.Reprice(&cost, manager, at, why)
		if err != nil { // the cost as it is
			return i
		}
	case 3:
		next, err = i.AddMilestone(remediation.Milestone{ID: fmt.Sprintf("added-%d", len(i.Changes)), Title: anyText().Draw(rt, "title"), Due: i.Due, SuccessCriteria: "It works."}, manager, at, why)
	case 4:
		n := slices.IndexFunc(i.Milestones, func(m remediation.Milestone) bool { return m.Done.IsZero() })
		if n < 0 {
			return i
		}
		next, err = i.RemoveMilestone(i.Milestones[n].ID, manager, at, why)
	case 5:
		n := slices.IndexFunc(i.Milestones, func(m remediation.Milestone) bool { return m.Done.IsZero() })
		if n < 0 {
			return i
		}
		next, err = i.Reach(i.Milestones[n].ID, day("2026-03-24"), engineer, at, why)
	default:
		n := slices.IndexFunc(i.Milestones, func(m remediation.Milestone) bool { return m.Done.IsZero() })
		if n < 0 {
			return i
		}
		m := i.Milestones[n]
		m.Due, m.SuccessCriteria = m.Due.AddDays(7), anyText().Draw(rt, "criteria")
		next, err = i.ChangeMilestone(m, manager, at, why)
	}
	require.NoError(rt, err)
	return next
}

func TestChangesAreRecordedAndApplied(t *testing.T) {
	t.Parallel()
	i := item(t, "item-1", "F-1")
	was := i
	var err error
	apply := func(next remediation.Item, e error) { require.NoError(t, e); i = next }
	apply(i.Reassign("wf-009", official, hour(1), "The engineer left."))
	apply(i.Reschedule(day("2026-09-30"), official, hour(2), "The vendor is late."))
	apply(i.Reschedule(day("2026-10-31"), official, hour(3), "The vendor is later still."))
	apply(i.AddMilestone(remediation.Milestone{ID: "all", Title: "All", Due: day("2026-09-01"), SuccessCriteria: "Everybody logs in with it."}, official, hour(4), "The pilot alone shows little."))
	pilot := i.Milestones[0]
	pilot.SuccessCriteria = "Twenty people for a month."
	apply(i.ChangeMilestone(pilot, official, hour(5), "Ten are too few."))
	apply(i.Reach("pilot", day("2026-03-24"), engineer, hour(6), "The log of the month."))
	apply(i.RemoveMilestone("all", official, hour(7), "Done with the pilot."))
	apply(i.Reprice(nil, official, hour(8), "The offer was withdrawn."))
	apply(i.WaitFor([]string{"item-2", "item-3"}, official, hour(9), "The directory comes first."))
	apply(i.WaitFor(nil, official, hour(10), "The directory is not needed."))
	require.Len(t, i.Changes, 10)
	require.Equal(t, "wf-009", i.Owner)
	require.Equal(t, day("2026-10-31"), i.Due)
	require.Nil(t, i.CostUSD)
	require.Empty(t, i.DependsOn)
	require.Equal(t, []string{"pilot"}, []string{i.Milestones[0].ID})
	require.Equal(t, day("2026-03-24"), i.Milestones[0].Done)
	first, moved := i.FirstDue()
	require.Equal(t, day("2026-06-30"), first)
	require.Equal(t, 2, moved)
	last := i.Changes[4]
	require.Equal(t, "Ten are too few.", last.Why)
	require.Equal(t, official, last.By)
	require.Equal(t, hour(5), last.At)
	require.Equal(t, "Ten people log in with a second factor for a week.", last.From.Milestone.SuccessCriteria)
	require.Equal(t, "Twenty people for a month.", last.To.Milestone.SuccessCriteria)
	require.Empty(t, was.Changes, "the value it was called on is as it was")
	require.Equal(t, day("2026-06-30"), was.Due)
	roundTrip(t, i)
	require.NoError(t, err)
}

func TestChangesThatAreRefused(t *testing.T) {
	t.Parallel()
	zero := decimal.RequireFromString("-1")
	same := decimal.RequireFromString("1200.50")
	i := item(t, "item-1", "F-1")
	reached, err := i.Reach("pilot", day("2026-03-24"), engineer, hour(1), "The log.")
	require.NoError(t, err)
	implemented, closed := in(t, "item-1", "F-1", remediation.StateImplemented), in(t, "item-1", "F-1", remediation.StateClosed)
	cancelled := in(t, "item-1", "F-1", remediation.StateCancelled)
	later := i.Milestones[0]
	later.Due = day("2026-12-01")
	done := later
	done.Done = day("2026-03-24")
	for rule, c := range map[string]struct {
		err     error
		code    hipaasmp.FaultCode
		pointer string
	}{
		"a due date before creation":           {second(i.Reschedule(day("2026-03-01"), official, hour(1), "w")), hipaasmp.FaultOrder, "/due"},
		"a due date that is past when set":     {second(i.Reschedule(day("2026-03-23"), official, hour(200), "w")), hipaasmp.FaultOrder, "/changes/0/to/due"},
		"no due date":                          {second(i.Reschedule(hipaasmp.Date{}, official, hour(1), "w")), hipaasmp.FaultRequired, "/due"},
		"the same due date":                    {second(i.Reschedule(i.Due, official, hour(1), "w")), hipaasmp.FaultHistory, "/due"},
		"the same cost, written otherwise":     {second(i.Reprice(&same, official, hour(1), "w")), hipaasmp.FaultHistory, "/cost_usd"},
		"no reason":                            {second(i.Reassign("wf-009", official, hour(1), "")), hipaasmp.FaultRequired, "/changes/0/why"},
		"nobody":                               {second(i.Reassign("wf-009", hipaasmp.Actor{}, hour(1), "w")), hipaasmp.FaultRequired, "/changes/0/by/id"},
		"no time":                              {second(i.Reassign("wf-009", official, time.Time{}, "w")), hipaasmp.FaultFormat, "/changes/0/at"},
		"no owner":                             {second(i.Reassign("", official, hour(1), "w")), hipaasmp.FaultRequired, "/owner"},
		"an owner that is no identity":         {second(i.Reassign("a b", official, hour(1), "w")), hipaasmp.FaultFormat, "/owner"},
		"a negative cost":                      {second(i.Reprice(&zero, official, hour(1), "w")), hipaasmp.FaultRange, "/cost_usd"},
		"before it was proposed":               {second(i.Reassign("wf-009", official, hour(-1), "w")), hipaasmp.FaultOrder, "/changes/0/at"},
		"before the last step":                 {second(implemented.Reassign("wf-009", official, hour(1), "w")), hipaasmp.FaultOrder, "/changes/0/at"},
		"before the last change":               {second(reached.Reassign("wf-009", official, hour(0), "w")), hipaasmp.FaultOrder, "/changes/1/at"},
		"a due date of what is in place":       {second(implemented.Reschedule(day("2026-12-01"), official, hour(9), "w")), remediation.FaultChange, "/changes/0/at"},
		"anything of what is closed":           {second(closed.Reassign("wf-009", official, hour(9), "w")), remediation.FaultChange, "/changes/0/at"},
		"anything of what is cancelled":        {second(cancelled.AddMilestone(remediation.Milestone{ID: "x", Title: "x", Due: i.Due, SuccessCriteria: "x"}, official, hour(9), "w")), remediation.FaultChange, "/changes/0/at"},
		"a milestone twice":                    {second(i.AddMilestone(i.Milestones[0], official, hour(1), "w")), hipaasmp.FaultIdentity, "/milestones/1/id"},
		"a milestone without criteria":         {second(i.AddMilestone(remediation.Milestone{ID: "x", Title: "x", Due: i.Due}, official, hour(1), "w")), hipaasmp.FaultRequired, "/milestones/1/success_criteria"},
		"a milestone that is not there":        {second(i.RemoveMilestone("x", official, hour(1), "w")), hipaasmp.FaultDangling, "/milestones"},
		"another that is not there":            {second(i.ChangeMilestone(remediation.Milestone{ID: "x"}, official, hour(1), "w")), hipaasmp.FaultDangling, "/milestones"},
		"one that was reached, dropped":        {second(reached.RemoveMilestone("pilot", official, hour(2), "w")), hipaasmp.FaultHistory, "/changes/1/from/milestone/done"},
		"one that was reached, moved":          {second(reached.ChangeMilestone(later, official, hour(2), "w")), hipaasmp.FaultHistory, "/changes/1/from/milestone/done"},
		"one that was reached, reached again":  {second(reached.Reach("pilot", day("2026-03-25"), engineer, hour(2), "w")), hipaasmp.FaultHistory, "/changes/1/from/milestone/done"},
		"reached and moved at once":            {second(i.ChangeMilestone(done, official, hour(1), "w")), remediation.FaultChange, "/changes/0/to/milestone"},
		"reached, and not there":               {second(i.Reach("launch", day("2026-03-24"), engineer, hour(1), "w")), hipaasmp.FaultDangling, "/milestones"},
		"reached on no day":                    {second(i.Reach("pilot", hipaasmp.Date{}, engineer, hour(1), "w")), hipaasmp.FaultRequired, "/milestones/0/done"},
		"reached before the item was created":  {second(i.Reach("pilot", day("2026-03-01"), engineer, hour(1), "w")), hipaasmp.FaultOrder, "/changes/0/to/milestone/done"},
		"reached on a day to come":             {second(i.Reach("pilot", day("2026-05-01"), engineer, hour(1), "w")), hipaasmp.FaultOrder, "/changes/0/to/milestone/done"},
		"waiting for itself":                   {second(i.WaitFor([]string{"item-1"}, official, hour(1), "w")), remediation.FaultCycle, "/depends_on/0"},
		"waiting for one twice":                {second(i.WaitFor([]string{"a", "a"}, official, hour(1), "w")), hipaasmp.FaultIdentity, "/depends_on/1"},
		"a step before the last change":        {second(reached.Plan(official, hour(0))), hipaasmp.FaultOrder, "/history/0/at"},
		"reached without what shows it":        {second(i.Reach("pilot", day("2026-03-24"), engineer, hour(1), "")), hipaasmp.FaultRequired, "/changes/0/why"},
		"waiting for nothing where it did not": {second(i.WaitFor(nil, official, hour(1), "w")), hipaasmp.FaultHistory, "/depends_on"},
	} {
		t.Run(rule, func(t *testing.T) { requireFault(t, c.err, c.code, c.pointer) })
	}
	require.Empty(t, i.Changes)
}

// changed is an item with one change of each part.
func changed(t testing.TB) remediation.Item {
	i := item(t, "item-1", "F-1")
	for _, do := range []func() (remediation.Item, error){
		func() (remediation.Item, error) { return i.Reassign("wf-009", official, hour(1), "w") },
		func() (remediation.Item, error) { return i.Reschedule(day("2026-09-30"), official, hour(2), "w") },
		func() (remediation.Item, error) { return i.Reprice(nil, official, hour(3), "w") },
		func() (remediation.Item, error) { return i.WaitFor([]string{"item-2"}, official, hour(4), "w") },
		func() (remediation.Item, error) {
			return i.Reach("pilot", day("2026-03-24"), engineer, hour(5), "w")
		},
		func() (remediation.Item, error) {
			return i.AddMilestone(remediation.Milestone{ID: "all", Title: "All", Due: day("2026-09-01"), SuccessCriteria: "c"}, official, hour(6), "w")
		},
	} {
		var err error
		i, err = do()
		require.NoError(t, err)
	}
	return i
}

func TestForgedChangesAreRefused(t *testing.T) {
	t.Parallel()
	cost := decimal.RequireFromString("5")
	copied := func(i *remediation.Item) { i.Changes = slices.Clone(i.Changes) }
	requireProvoked(t, changed, []provoked[remediation.Item]{
		{"a due date moved without a word", func(i *remediation.Item) { i.Due = day("2027-01-01") }, remediation.FaultChange, "/changes/1/to"},
		{"an owner swapped without a word", func(i *remediation.Item) { i.Owner = "wf-003" }, remediation.FaultChange, "/changes/0/to"},
		{"a cost set without a word", func(i *remediation.Item) { i.CostUSD = &cost }, remediation.FaultChange, "/changes/2/to"},
		{"a dependency dropped without a word", func(i *remediation.Item) { i.DependsOn = nil }, remediation.FaultChange, "/changes/3/to"},
		{"a milestone dropped without a word", func(i *remediation.Item) { i.Milestones = i.Milestones[:1] }, remediation.FaultChange, "/changes/5/to"},
		{"criteria softened without a word", func(i *remediation.Item) {
			i.Milestones = slices.Clone(i.Milestones)
			i.Milestones[0].SuccessCriteria = "Somebody logs in."
		}, remediation.FaultChange, "/changes/4/to"},
		{"a day of reaching recorded by nobody", func(i *remediation.Item) { i.Changes = slices.Delete(slices.Clone(i.Changes), 4, 5) }, remediation.FaultChange, "/milestones/0/done"},
		{"the first due date before creation", func(i *remediation.Item) { copied(i); i.Changes[1].From.Due = day("2020-01-01") }, hipaasmp.FaultOrder, "/changes"},
		{"a change of nothing", func(i *remediation.Item) { copied(i); i.Changes[1].To = i.Changes[1].From }, remediation.FaultChange, "/changes/1/to"},
		{"a change of two parts", func(i *remediation.Item) { copied(i); i.Changes[1].To.Owner = "wf-009" }, remediation.FaultChange, "/changes/1"},
		{"an empty change", func(i *remediation.Item) {
			copied(i)
			i.Changes[1].From, i.Changes[1].To = remediation.Terms{}, remediation.Terms{}
		}, remediation.FaultChange, "/changes/1"},
		{"no owner before", func(i *remediation.Item) { copied(i); i.Changes[0].From.Owner = "" }, remediation.FaultChange, "/changes/0"},
		{"no due date before", func(i *remediation.Item) { copied(i); i.Changes[1].From.Due = hipaasmp.Date{} }, remediation.FaultChange, "/changes/1"},
		{"one milestone turned into another", func(i *remediation.Item) {
			copied(i)
			m := *i.Changes[4].From.Milestone
			m.ID = "other"
			i.Changes[4].From.Milestone = &m
		}, remediation.FaultChange, "/changes/4/to/milestone/id"},
		{"changes turned around", func(i *remediation.Item) { copied(i); slices.Reverse(i.Changes) }, hipaasmp.FaultOrder, "/changes/1/at"},
		{"a change by nobody", func(i *remediation.Item) { copied(i); i.Changes[0].By = hipaasmp.Actor{} }, hipaasmp.FaultRequired, "/changes/0/by/id"},
		{"a change without a reason", func(i *remediation.Item) { copied(i); i.Changes[0].Why = "" }, hipaasmp.FaultRequired, "/changes/0/why"},
	})
}

// Taking a change out of the middle of the list, or editing what it says, is found whatever the changes were.
func TestAnyForgeryOfAChangeIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		i := item(t, "item-1", "F-1")
		for n := range rapid.IntRange(2, 6).Draw(rt, "moves") {
			var err error
			i, err = i.Reschedule(i.Due.AddDays(rapid.IntRange(1, 30).Draw(rt, "days")), official, hour(n+1), "w")
			require.NoError(rt, err)
		}
		cut := rapid.IntRange(1, len(i.Changes)-1).Draw(rt, "cut")
		forged := i
		forged.Changes = slices.Delete(slices.Clone(i.Changes), cut, cut+1)
		require.Error(rt, forged.Validate(), "a change that was taken out is missed")
		forged.Changes = slices.Clone(i.Changes)
		forged.Changes[cut].To.Due = forged.Changes[cut].To.Due.AddDays(1)
		require.Error(rt, forged.Validate(), "a change that was edited is missed")
	})
}
