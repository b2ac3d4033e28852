package remediation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// noonOn is noon of a day in Chicago.
func noonOn(t testing.TB, date string) time.Time {
	t.Helper()
	return day(date).StartIn(chicago(t)).Add(12 * time.Hour)
}

// regressed is proposed on 2 February, closed on 4 March, reopened on 10 April, blocked on 20 April and worked on again from
// 25 April; its due date of 31 March was moved on 11 April to 31 May.
func regressed(t testing.TB, id string) remediation.Item {
	t.Helper()
	zone := chicago(t)
	p := proposal("F-1")
	p.Due, p.Milestones[0].Due = day("2026-03-31"), day("2026-03-01")
	i, err := remediation.NewItem(id, p, official, noonOn(t, "2026-02-02"), zone)
	require.NoError(t, err)
	left := score(t, risk.LevelLow, official, noonOn(t, "2026-03-03"))
	for _, do := range []func() error{
		func() (err error) { i, err = i.Plan(official, noonOn(t, "2026-02-03")); return },
		func() (err error) { i, err = i.Start(engineer, noonOn(t, "2026-02-10")); return },
		func() (err error) { i, err = i.Implement(engineer, noonOn(t, "2026-03-02"), "On."); return },
		func() (err error) {
			i, err = i.Verify(official, noonOn(t, "2026-03-03"), zone, may(), left, evidence())
			return
		},
		func() (err error) { i, _, err = i.Close("done-"+id, official, noonOn(t, "2026-03-04"), zone); return },
		func() (err error) {
			i, err = i.Reopen(official, noonOn(t, "2026-04-10"), "It stopped working.")
			return
		},
		func() (err error) {
			i, err = i.Reschedule(day("2026-05-31"), official, noonOn(t, "2026-04-11"), "The vendor repairs it.")
			return
		},
		func() (err error) {
			i, err = i.Block(engineer, noonOn(t, "2026-04-20"), "Waiting for the vendor.")
			return
		},
		func() (err error) { i, err = i.Unblock(engineer, noonOn(t, "2026-04-25")); return },
	} {
		require.NoError(t, do())
	}
	return i
}

func TestRegressionKeepsTheDaysClean(t *testing.T) {
	t.Parallel()
	i := regressed(t, "item-1")
	for on, want := range map[string]remediation.ItemDays{
		"2026-02-02": {Since: day("2026-02-02")},
		"2026-03-04": {Since: day("2026-02-02"), Open: 30},
		"2026-04-09": {Since: day("2026-02-02"), Open: 30, Ended: 36},
		"2026-04-10": {Since: day("2026-04-10"), Open: 30, Ended: 37, Reopened: 1},
		"2026-04-22": {Since: day("2026-04-10"), Open: 42, Blocked: 2, Ended: 37, Reopened: 1},
		"2026-04-30": {Since: day("2026-04-10"), Open: 50, Blocked: 5, Ended: 37, Reopened: 1},
	} {
		got, ok := i.Days(day(on))
		require.True(t, ok)
		require.Equal(t, want, got, on)
		require.Equal(t, day("2026-02-02").DaysUntil(day(on)), got.Open+got.Ended, "every day is one or the other")
	}
	_, ok := i.Days(day("2026-02-01"))
	require.False(t, ok)
}

func TestAsOfIsTheItemOfThatDay(t *testing.T) {
	t.Parallel()
	i := regressed(t, "item-1")
	was, ok := i.AsOf(day("2026-03-04"))
	require.True(t, ok)
	require.Equal(t, remediation.StateClosed, was.State)
	require.Equal(t, day("2026-03-31"), was.Due, "the due date of then")
	was, _ = i.AsOf(day("2026-04-10"))
	require.Equal(t, remediation.StateInProgress, was.State)
	require.True(t, was.Overdue(day("2026-04-10")), "moved the day after")
	was, _ = i.AsOf(day("2026-04-11"))
	require.False(t, was.Overdue(day("2026-04-11")))
	now, _ := i.AsOf(day("2027-01-01"))
	require.Equal(t, i, now)
	_, ok = i.AsOf(day("2026-02-01"))
	require.False(t, ok)
}

// Whatever happened to an item, what it was on any day holds together by itself.
func TestAnyItemOfAnyDayValidates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		i := anyItem(t, "item-1", "F-1").Draw(rt, "item")
		was, ok := i.AsOf(day("2026-03-22").AddDays(rapid.IntRange(0, 4).Draw(rt, "day")))
		if ok {
			require.NoError(rt, was.Validate())
			require.Equal(rt, i.History[:len(was.History)], was.History)
		}
	})
}

func TestTracking(t *testing.T) {
	t.Parallel()
	open := regressed(t, "item-1") // due 31 May
	soon := item(t, "item-2", "F-2")
	implemented := in(t, "item-3", "F-1", remediation.StateImplemented)
	closed := in(t, "item-4", "F-1", remediation.StateClosed)
	accepted := acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-06-20")
	items := []remediation.Item{soon, closed, implemented, open}
	got, err := remediation.Track(items, []remediation.Acceptance{accepted, acceptance(t, "acc-2", "F-2", risk.LevelModerate, "2026-12-31"), revoked(t, "acc-3"), acceptance(t, "acc-4", "F-2", risk.LevelModerate, "2026-05-31")}, day("2026-06-15"), remediation.TrackOptions{})
	require.NoError(t, err)
	names := func(list []remediation.Tracked) []string {
		out := []string{}
		for _, x := range list {
			out = append(out, x.Item)
		}
		return out
	}
	require.Equal(t, day("2026-07-15"), got.Until)
	require.Equal(t, []string{"item-1", "item-2", "item-3"}, names(got.Open))
	require.Equal(t, []string{"item-1"}, names(got.Overdue))
	require.Equal(t, []string{"item-2"}, names(got.DueSoon), "what is implemented waits for its verification")
	require.Equal(t, []string{"item-4"}, got.Ended)
	require.Equal(t, remediation.Tracked{Item: "item-1", Finding: finding("F-1"), Title: "Multi-factor log-in", Owner: "wf-003", State: remediation.StateInProgress,
		Due: day("2026-05-31"), FirstDue: day("2026-03-31"), Moved: 1, DaysToDue: -15,
		Days: remediation.ItemDays{Open: 96, Blocked: 5, Ended: 37, Since: day("2026-04-10"), Reopened: 1}}, got.Overdue[0])
	require.Equal(t, []remediation.TrackedMilestone{{Item: "item-1", Milestone: "pilot", Due: day("2026-03-01"), DaysToDue: -106}, {Item: "item-2", Milestone: "pilot", Due: day("2026-05-01"), DaysToDue: -45}}, got.MilestonesOverdue)
	require.Empty(t, got.MilestonesDueSoon)
	require.Equal(t, []remediation.TrackedAcceptance{{Acceptance: "acc-1", Finding: finding("F-2"), Expires: day("2026-06-20"), DaysLeft: 5}}, got.Ending)
	var counts []string
	for _, b := range got.Ageing {
		require.Equal(t, len(b.Items), b.Count)
		counts = append(counts, fmt.Sprintf("%d-%d:%v", b.FromDays, b.ToDays, names(b.Items)))
	}
	require.Equal(t, []string{"0-30:[]", "31-60:[]", "61-90:[item-2 item-3]", "91-180:[item-1]", "181-0:[]"}, counts)
	require.True(t, got.Ageing[4].NoEnd)

	// A report of a day past is the same today.
	before, err := remediation.Track(items, nil, day("2026-03-10"), remediation.TrackOptions{SoonDays: 14, Buckets: []int{7}})
	require.NoError(t, err)
	require.Equal(t, []string{"item-2", "item-3", "item-4"}, before.Later)
	require.Equal(t, []string{"item-1"}, before.Ended)
	require.Empty(t, before.Open)
	require.Len(t, before.Ageing, 2)
}

func TestTrackRefuses(t *testing.T) {
	t.Parallel()
	one := []remediation.Item{item(t, "item-1", "F-1"), item(t, "item-1", "F-1")}
	_, err := remediation.Track(one, nil, hipaasmp.Date{}, remediation.TrackOptions{SoonDays: -1, Buckets: []int{30, 30, -1}})
	requireFault(t, err, hipaasmp.FaultRequired, "/as_of")
	requireFault(t, err, hipaasmp.FaultRange, "/soon_days")
	requireFault(t, err, hipaasmp.FaultRange, "/buckets/1")
	requireFault(t, err, hipaasmp.FaultRange, "/buckets/2")
	requireFault(t, err, hipaasmp.FaultIdentity, "/items/1/id")
	_, err = remediation.Track(nil, nil, day("2026-01-01"), remediation.TrackOptions{SoonDays: 1 << 30})
	requireFault(t, err, hipaasmp.FaultRange, "/soon_days")
	_, err = remediation.BurnDown(one, hipaasmp.Period{From: day("2026-01-01")})
	requireFault(t, err, hipaasmp.FaultRequired, "/period")
	requireFault(t, err, hipaasmp.FaultIdentity, "/items/1/id")
	_, err = remediation.BurnDown(nil, hipaasmp.Period{From: day("2026-02-01"), To: day("2026-01-01")})
	requireFault(t, err, hipaasmp.FaultOrder, "/period")
	_, err = remediation.BurnDown(nil, hipaasmp.Period{From: day("1900-02-01"), To: day("2026-01-01")})
	requireFault(t, err, hipaasmp.FaultRange, "/period")
}

func TestBurndown(t *testing.T) {
	t.Parallel()
	items := []remediation.Item{regressed(t, "item-1"), in(t, "item-2", "F-2", remediation.StateCancelled), item(t, "item-3", "F-1")}
	got, err := remediation.BurnDown(items, hipaasmp.Period{From: day("2026-02-15"), To: day("2026-06-10")})
	require.NoError(t, err)
	require.Equal(t, []string{"item-1"}, got.Opening)
	require.Equal(t, []remediation.BurndownMonth{
		{Month: "2026-02", Last: day("2026-02-28"), Open: []string{"item-1"}, OpenCount: 1},
		{Month: "2026-03", Last: day("2026-03-31"), Proposed: []string{"item-2", "item-3"}, Closed: []string{"item-1"}, Cancelled: []string{"item-2"}, Open: []string{"item-3"}, OpenCount: 1},
		{Month: "2026-04", Last: day("2026-04-30"), Reopened: []string{"item-1"}, Open: []string{"item-1", "item-3"}, OpenCount: 2},
		{Month: "2026-05", Last: day("2026-05-31"), Open: []string{"item-1", "item-3"}, OpenCount: 2},
		{Month: "2026-06", Last: day("2026-06-10"), Open: []string{"item-1", "item-3"}, OpenCount: 2, Overdue: []string{"item-1"}, OverdueCount: 1},
	}, got.Months)
}

// What was open, with what came, less what went, is what is open: in every month, whatever happened.
func TestABurndownBalances(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var items []remediation.Item
		for n := range rapid.IntRange(0, 6).Draw(rt, "items") {
			items = append(items, anyItem(t, fmt.Sprintf("item-%d", n), "F-1").Draw(rt, "item"))
		}
		from := day("2026-02-01").AddDays(rapid.IntRange(0, 60).Draw(rt, "from"))
		period := hipaasmp.Period{From: from, To: from.AddDays(rapid.IntRange(0, 200).Draw(rt, "days"))}
		b, err := remediation.BurnDown(items, period)
		require.NoError(rt, err)
		open := b.OpeningCount
		for _, m := range b.Months {
			open += len(m.Proposed) + len(m.Reopened) - len(m.Closed) - len(m.Cancelled)
			require.Equal(rt, open, m.OpenCount, m.Month)
			require.Len(rt, m.Open, m.OpenCount)
			track, err := remediation.Track(items, nil, m.Last, remediation.TrackOptions{})
			require.NoError(rt, err)
			require.Len(rt, track.Open, m.OpenCount)
			require.Len(rt, track.Overdue, m.OverdueCount)
			aged := 0
			for _, a := range track.Ageing {
				aged += a.Count
			}
			require.Equal(rt, m.OpenCount, aged, "each open item in one bucket")
			require.Equal(rt, len(items), len(track.Open)+len(track.Ended)+len(track.Later), "nothing is left out")
		}
		shuffled := rapid.Permutation(items).Draw(rt, "order")
		again, err := remediation.BurnDown(shuffled, period)
		require.NoError(rt, err)
		require.Equal(rt, b, again)
	})
}

func TestABurndownOfManyItems(t *testing.T) {
	t.Parallel()
	items := make([]remediation.Item, long.Count(200, 2000))
	for n := range items {
		items[n] = regressed(t, "item-1")
		items[n].ID = fmt.Sprintf("item-%d", n)
	}
	b, err := remediation.BurnDown(items, hipaasmp.Period{From: day("2024-01-01"), To: day("2026-12-31")})
	require.NoError(t, err)
	require.Len(t, b.Months, 36)
	require.Equal(t, len(items), b.Months[35].OpenCount)
}
