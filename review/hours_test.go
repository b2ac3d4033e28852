package review_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// second is somebody from outside who signed the review of March.
func second() *review.SecondSigner {
	return &review.SecondSigner{Signature: review.Signature{By: hipaasmp.Actor{ID: "x-900", Role: hipaasmp.RoleReviewer}, At: on("2026-04-07")}, Outside: "A firm in town", Words: "I read the exceptions and ten entries of my own choice."}
}

// watched is the procedure with a schedule for the log.
func watched(t require.TestingT, schedule *review.Schedule) review.Procedure {
	return with(t, func(x *review.Terms) { x.Sources[0].Expected, x.Limits.HoursPerThousand = schedule, 900 })
}

// timed is a certified review of March by the procedure, with the hours of the log as they are given.
func timed(t require.TestingT, p review.Procedure, hours *review.Hours) (review.Record, error) {
	s, err := review.Open("s-timed", clinic(), p, march(), reviewer, on("2026-04-01"))
	require.NoError(t, err)
	r := log(march())
	r.Hours = hours
	if s, err = s.WithSource(r); err != nil {
		return review.Record{}, err
	}
	for _, id := range []string{"ehr-access", "tickets"} {
		s, err = s.WithSource(manual(id, march()))
		require.NoError(t, err)
	}
	return s.Complete("r-timed", reviewer, official, on("2026-04-08"), may(), review.NoExceptions("I certify."), independence())
}

func TestAScheduleHasTheHoursOfTheClock(t *testing.T) {
	t.Parallel()
	office := review.Schedule{Weekdays: []review.Weekday{review.WeekdayMonday, review.WeekdayFriday}, From: 8, To: 18}
	for _, c := range []struct {
		s    review.Schedule
		day  string
		want int
	}{
		{*review.AlwaysOn(), "2026-03-07", 24}, {*review.AlwaysOn(), "2026-03-08", 23}, {*review.AlwaysOn(), "2026-11-01", 25},
		{review.Schedule{From: 1, To: 4}, "2026-03-08", 2}, {review.Schedule{From: 1, To: 4}, "2026-11-01", 4},
		{office, "2026-03-02", 10}, {office, "2026-03-03", 0}, {office, "2026-03-06", 10}, {office, "2026-03-08", 0},
		{review.Schedule{}, "2026-03-02", 0},
	} {
		require.Equal(t, c.want, c.s.Hours(day(c.day), chicago()), "%v on %s", c.s, c.day)
	}
	half, err := time.LoadLocation("Asia/Kolkata")
	require.NoError(t, err)
	require.Equal(t, 24, review.AlwaysOn().Hours(day("2026-03-02"), half))
}

func TestHoursAreCountedByEntriesAndHeartbeats(t *testing.T) {
	t.Parallel()
	source, _ := watched(t, review.AlwaysOn()).Source("ehr-log")
	set := everyHour(march(), 9) // nothing on the 9th, 18th and 27th
	h := review.CountHours(source, march(), chicago(), set)
	require.Equal(t, 31*24-1, h.Expected, "the clocks go forward on the 8th")
	require.Equal(t, h.Expected-3*24, h.Observed)
	require.Zero(t, h.Heartbeats)
	require.Equal(t, []hipaasmp.Date{day("2026-03-09"), day("2026-03-18"), day("2026-03-27")}, h.Silent())

	set.Heartbeat(day("2026-03-09").StartIn(chicago()).Add(5*time.Hour + 59*time.Minute))
	set.Heartbeat(day("2026-03-10").StartIn(chicago()))
	set.Heartbeat(day("2026-04-01").StartIn(chicago())) // not in the period
	set.Entry(time.Time{})
	set.Heartbeat(time.Time{})
	h = review.CountHours(source, march(), chicago(), set)
	require.Equal(t, 1, h.Heartbeats, "an hour with an entry needs no heartbeat")
	require.Equal(t, review.ShortDay{Day: day("2026-03-09"), Expected: 24, Observed: 1}, h.Short[0])
	require.Len(t, h.Silent(), 2)

	source.InUse = hipaasmp.Period{From: day("2026-03-20")}
	require.Equal(t, 12*24, review.CountHours(source, march(), chicago(), nil).Expected, "it was not in use before")
	source.Expected = nil
	require.Nil(t, review.CountHours(source, march(), chicago(), set))
}

func TestAMonthWithTooFewHoursIsPartial(t *testing.T) {
	t.Parallel()
	p := watched(t, review.AlwaysOn())
	source, _ := p.Source("ehr-log")
	status := func(r review.Record) review.Cell {
		cell, ok := on1(p, r).Coverage(march(), day("2026-04-20")).Cell(day("2026-03-15"), "ehr-log", "")
		require.True(t, ok)
		return cell
	}
	for _, c := range []struct {
		name string
		but  int
		want review.Status
		gaps int
	}{{"every hour", 40, review.StatusComplete, 0}, {"three days silent, which is above nine of ten", 9, review.StatusComplete, 0}, {"a day in five", 5, review.StatusPartial, 1}} {
		r, err := timed(t, p, review.CountHours(source, march(), chicago(), everyHour(march(), c.but)))
		require.NoError(t, err, c.name)
		cell := status(r)
		require.Equal(t, c.want, cell.Status, "%s: %s", c.name, cell.Reason)
		require.Equal(t, 743, cell.Hours, c.name)
		require.Len(t, r.Sources[0].Hours.Silent(), cell.Silent, c.name)
		got := gaps(t, on1(p, r), march(), "2026-04-20", review.GapHours)
		require.Len(t, got, c.gaps, c.name)
		if c.gaps > 0 {
			require.Contains(t, got[0].Counted, "2026-03-05: 0 of 24 hours")
			require.Contains(t, got[0].Missing, "on 6 days in none")
			login, _ := on1(p, r).Coverage(march(), day("2026-04-20")).Cell(day("2026-03-15"), "ehr-log", activity.FamilyLogin)
			require.Equal(t, review.StatusPartial, login.Status)
		}
	}
	uncounted, err := timed(t, p, nil)
	require.NoError(t, err)
	require.Equal(t, review.StatusUnknown, status(uncounted).Status, "unknown is never green")
	require.Contains(t, gaps(t, on1(p, uncounted), march(), "2026-04-20", review.GapHours)[0].Missing, "not counted")
	none := with(t, func(x *review.Terms) { x.Limits.HoursPerThousand = 0 })
	require.Empty(t, gaps(t, on1(none, record(t)), march(), "2026-04-20", review.GapHours), "the entity asks for no share")
	require.Contains(t, gaps(t, on1(procedure(t)), march(), "2026-04-20", review.GapHours)[0].Missing, "silence cannot be told from quiet")
}

func TestAQuarterIsCutIntoItsMonths(t *testing.T) {
	t.Parallel()
	p := with(t, func(x *review.Terms) {
		x.Sources[0].Expected, x.Cadence.Every = review.AlwaysOn(), 3
	})
	source, _ := p.Source("ehr-log")
	quarter := hipaasmp.Period{From: day("2026-01-01"), To: day("2026-03-31")}
	r := log(quarter)
	seen := everyHour(hipaasmp.Period{From: quarter.From, To: day("2026-02-28")}, 40)
	r.Hours = review.CountHours(source, quarter, chicago(), seen)
	s, err := review.Open("s", clinic(), p, quarter, reviewer, on("2026-04-01"))
	require.NoError(t, err)
	for _, x := range []review.SourceReview{r, manual("ehr-access", quarter), manual("tickets", quarter)} {
		s, err = s.WithSource(x)
		require.NoError(t, err)
	}
	table := on1(p, certify(t, s, "2026-04-08")).Coverage(quarter, day("2026-04-20"))
	for month, want := range map[string]review.Status{"2026-01-10": review.StatusComplete, "2026-02-10": review.StatusComplete, "2026-03-10": review.StatusPartial} {
		cell, ok := table.Cell(day(month), "ehr-log", "")
		require.True(t, ok)
		require.Equal(t, want, cell.Status, "%s: %s", month, cell.Reason)
	}
}

func TestHoursThatContradictThemselvesAreRefused(t *testing.T) {
	t.Parallel()
	p := watched(t, review.AlwaysOn())
	source, _ := p.Source("ehr-log")
	for name, c := range map[string]struct {
		change func(*review.Hours)
		code   hipaasmp.FaultCode
		at     string
	}{
		"more seen than expected":  {func(h *review.Hours) { h.Observed = h.Expected + 1 }, review.FaultCounts, "/observed"},
		"more beats than seen":     {func(h *review.Hours) { h.Heartbeats = h.Observed + 1 }, review.FaultCounts, "/observed"},
		"a day left out":           {func(h *review.Hours) { h.Short = h.Short[1:] }, review.FaultCounts, "/short"},
		"a whole day among them":   {func(h *review.Hours) { h.Short[0].Observed = 24 }, review.FaultCounts, "/short/0/observed"},
		"a day of another month":   {func(h *review.Hours) { h.Short[5].Day = day("2026-04-02") }, review.FaultHours, "/short/5/day"},
		"days out of order":        {func(h *review.Hours) { h.Short[0], h.Short[1] = h.Short[1], h.Short[0] }, hipaasmp.FaultOrder, "/short/1/day"},
		"fewer expected than were": {func(h *review.Hours) { h.Expected, h.Observed = h.Expected-100, h.Observed-100 }, review.FaultHours, "/expected"},
	} {
		h := review.CountHours(source, march(), chicago(), everyHour(march(), 5))
		c.change(h)
		_, err := timed(t, p, h)
		requireFault(t, err, c.code, "/sources/0/hours"+c.at)
		_ = name
	}
	_, err := timed(t, procedure(t), review.CountHours(source, march(), chicago(), everyHour(march(), 40)))
	requireFault(t, err, review.FaultHours, "/sources/0/hours")
	weekend := &review.Schedule{Weekdays: []review.Weekday{review.WeekdaySunday}, To: 24}
	_, err = timed(t, watched(t, weekend), review.CountHours(source, march(), chicago(), everyHour(march(), 5)))
	requireFault(t, err, review.FaultHours, "/sources/0/hours/expected", "/sources/0/hours/short/0/day")
	x := terms()
	x.Sources[0].Expected = &review.Schedule{Weekdays: []review.Weekday{review.WeekdaySunday, review.WeekdaySunday}, From: 9, To: 9}
	_, err = x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	requireFault(t, err, review.FaultHours, "/sources/0/expected/to")
	requireFault(t, err, hipaasmp.FaultIdentity, "/sources/0/expected/weekdays/1")
}

func TestAnHourWatchIsTheSameHoweverItsEventsWereSplit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) activity.Event {
			e := activity.Event{Source: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "source")}
			if s := rapid.Int64Range(-4e9, 9e9).Draw(t, "at"); s%7 != 0 {
				e.Recorded = time.Unix(s%40000+1772323200*(s%2), 0)
			}
			return e
		}), 0, 40).Draw(t, "events")
		whole, left, right := review.HourWatch{}.New(), review.HourWatch{}.New(), review.HourWatch{}.New()
		for i, e := range events {
			whole.Add(e)
			if i%3 == 0 {
				left.Add(e)
			} else {
				right.Add(e)
			}
		}
		want, err := whole.Encode()
		require.NoError(t, err)
		require.NoError(t, right.Merge(left))
		got, err := right.Encode()
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
		back, err := review.HourWatch{}.Decode(want)
		require.NoError(t, err)
		again, err := back.Encode()
		require.NoError(t, err)
		require.Equal(t, string(want), string(again))
		require.Empty(t, whole.Findings())
	})
	for _, bad := range []string{"", "null", "[]", `{"a":[[2,1]]}`, `{"a":[[1,2],[2,3]]}`, `{"a":[[0,9000000000]]}`, `{"a":[[-9000000000,-8999999999]]}`, `{"a":[[0,1000000000],[2,3]]}`, `{"a":[[1,2]]} `} {
		_, err := review.HourWatch{}.Decode([]byte(bad))
		var state *detect.StateError
		require.ErrorAs(t, err, &state, bad)
	}
	require.Error(t, review.HourWatch{}.New().Merge(detect.LogControl{}.New()))
	_, err := json.Marshal(review.WeekdayMonday)
	require.NoError(t, err)
}
