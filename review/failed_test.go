package review_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// expectsFailures is the sample procedure with a log that should record what fails, by another cadence where one is given.
func expectsFailures(t require.TestingT, c ...review.Cadence) review.Procedure {
	return with(t, func(x *review.Terms) {
		x.Sources[0].Families = append(x.Sources[0].Families, activity.FamilyFailed)
		for _, c := range c {
			x.Cadence = c
		}
	})
}

// endedSo is a review of the log whose entries ended so, half of them log-ins.
func endedSo(period hipaasmp.Period, outcomes ...review.OutcomeCount) review.SourceReview {
	r := log(period)
	r.Events, r.Denials, r.UnresolvedActors, r.Outcomes = 0, 0, 0, nil
	for _, c := range outcomes {
		if c.Count == 0 {
			continue
		}
		r.Events += c.Count
		r.Outcomes = append(r.Outcomes, c)
		if c.Outcome == activity.OutcomeDenied {
			r.Denials += c.Count
		}
	}
	half := r.Events / 2
	r.Files[0].Events = r.Events
	r.Families = []review.FamilyCount{{Family: activity.FamilyLogin, Count: half}, {Family: activity.FamilyView, Count: r.Events - half}}
	return r
}

func way(o activity.Outcome, n int64) review.OutcomeCount {
	return review.OutcomeCount{Outcome: o, Count: n}
}

// certifiedWith is the record of the period by the procedure, with the log reviewed so.
func certifiedWith(t require.TestingT, p review.Procedure, period hipaasmp.Period, l review.SourceReview) review.Record {
	s, err := review.Open("s-"+period.From.String(), clinic(), p, period, reviewer, on(period.To.AddDays(1).String()))
	require.NoError(t, err)
	s, err = s.WithSource(l)
	require.NoError(t, err)
	for _, id := range []string{"ehr-access", "tickets"} {
		s, err = s.WithSource(manual(id, period))
		require.NoError(t, err)
	}
	return certify(t, s, period.To.AddDays(3).String())
}

// failedCell is what the table says of the failures of the log in the month of the day.
func failedCell(t require.TestingT, r review.Records, asked hipaasmp.Period, asOf, on string) review.Cell {
	c, ok := r.Coverage(asked, day(asOf)).Cell(day(on), "ehr-log", activity.FamilyFailed)
	require.True(t, ok, "the matrix has a row of what failed")
	return c
}

// Reference, section 7 of the review record: the coverage has a row of what failed, since a source whose logging of failures
// was switched off goes on to look covered.
func TestFailuresThatStopAreAGapOfTheirMonth(t *testing.T) {
	t.Parallel()
	p := expectsFailures(t)
	february, april := month("2026-02-01"), month("2026-04-01")
	r := on1(p, certifiedWith(t, p, february, endedSo(february, way(activity.OutcomeSuccess, 390), way(activity.OutcomeFailure, 9), way(activity.OutcomeDenied, 1))))
	r.Records = append(r.Records, certifiedWith(t, p, march(), endedSo(march(), way(activity.OutcomeSuccess, 390), way(activity.OutcomeThrottled, 10))))
	r.Records = append(r.Records, certifiedWith(t, p, april, endedSo(april, way(activity.OutcomeSuccess, 399), way(activity.OutcomeFailure, 1))))
	roundTrip(t, p)
	roundTrip(t, r.Records[1])
	asked := hipaasmp.Period{From: february.From, To: april.To}

	require.Equal(t, review.StatusComplete, failedCell(t, r, asked, "2026-05-20", "2026-02-10").Status)
	require.Equal(t, review.StatusComplete, failedCell(t, r, asked, "2026-05-20", "2026-04-10").Status, "one failure is enough")
	c := failedCell(t, r, asked, "2026-05-20", "2026-03-10")
	require.Equal(t, review.StatusUnknown, c.Status, "throttling is no failure")
	require.Equal(t, "In the reviews none of 400 entries failed or was denied: either nothing failed, which a source with 200 log-ins hardly has, or it no longer records what fails.", c.Reason)
	whole, _ := r.Coverage(asked, day("2026-05-20")).Cell(day("2026-03-10"), "ehr-log", "")
	require.Equal(t, review.StatusComplete, whole.Status, "the log looks whole without its failures")

	got := gaps(t, r, asked, "2026-05-20", review.GapFamily)
	require.Len(t, got, 1)
	require.Equal(t, "ehr-log (system ehr) should record what fails, and in 2026-03-01 to 2026-03-31 none of 400 entries failed or was denied: "+
		"either nothing failed, which a source with 200 log-ins hardly has, or it no longer records what fails.", got[0].Missing)
	require.Equal(t, []string{"the last before in which something failed: review.record/r-s-2026-02-01, 2026-02-01 to 2026-02-28, 10 of 400 entries"}, got[0].Counted)
	require.Equal(t, march().From, got[0].Since)
	require.Equal(t, []hipaasmp.Ref{r.Records[1].DocumentRef()}, got[0].Refs)
	require.Equal(t, hipaasmp.CiteAuditControls, got[0].Citation)
	require.Empty(t, gaps(t, r, february, "2026-05-20", review.GapFamily))

	r.Records = r.Records[1:]
	got = gaps(t, r, march(), "2026-05-20", review.GapFamily)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "or it does not record what fails", "no earlier review shows that it did, and a later one is none")
	require.Empty(t, got[0].Counted)
}

func TestTheGapNamesTheLastReviewWithAFailure(t *testing.T) {
	t.Parallel()
	p := expectsFailures(t)
	r := on1(p)
	for i, failed := range []int64{3, 2, 0, 0} {
		m := month(day("2026-01-01").AddMonths(i).String())
		r.Records = append(r.Records, certifiedWith(t, p, m, endedSo(m, way(activity.OutcomeSuccess, 10), way(activity.OutcomeFailure, failed))))
	}
	got := gaps(t, r, hipaasmp.Period{From: day("2026-01-01"), To: day("2026-04-30")}, "2026-05-20", review.GapFamily)
	require.Len(t, got, 2)
	for _, g := range got {
		require.Equal(t, []string{"the last before in which something failed: review.record/r-s-2026-02-01, 2026-02-01 to 2026-02-28, 2 of 12 entries"}, g.Counted)
	}
}

// The row begins with the procedure that expects it.
func TestTheRowOfFailuresBeginsWithItsProcedure(t *testing.T) {
	t.Parallel()
	first := governing(t, "p-1", "2026-01-01", "2026-03-31")
	second := expectsFailures(t)
	second.ID, second.Effective.From, second.Approval.On = "p-2", day("2026-04-01"), day("2026-03-15")
	april := month("2026-04-01")
	r := review.Records{Procedures: []review.Procedure{first, second}, Records: []review.Record{
		certifiedWith(t, first, march(), endedSo(march(), way(activity.OutcomeSuccess, 10))),
		certifiedWith(t, second, april, endedSo(april, way(activity.OutcomeSuccess, 10)))}}
	asked := hipaasmp.Period{From: march().From, To: april.To}
	march, ok := r.Coverage(asked, day("2026-05-20")).Cell(day("2026-03-10"), "ehr-log", activity.FamilyFailed)
	require.False(t, ok, march.Reason)
	require.Equal(t, review.StatusUnknown, failedCell(t, r, asked, "2026-05-20", "2026-04-10").Status)
	got := gaps(t, r, asked, "2026-05-20", review.GapFamily)
	require.Len(t, got, 1)
	require.Equal(t, []hipaasmp.Ref{r.Records[1].DocumentRef()}, got[0].Refs)
}

func TestASourceOfWhichNoFailuresAreExpectedHasNoSuchRow(t *testing.T) {
	t.Parallel()
	p := procedure(t)
	r := on1(p, certifiedWith(t, p, march(), endedSo(march(), way(activity.OutcomeSuccess, 400))))
	_, ok := r.Coverage(march(), day("2026-04-20")).Cell(day("2026-03-10"), "ehr-log", activity.FamilyFailed)
	require.False(t, ok)
	require.Empty(t, gaps(t, r, march(), "2026-04-20", review.GapFamily))
}

func TestWhatTheRowOfFailuresSays(t *testing.T) {
	t.Parallel()
	plain := []review.OutcomeCount{way(activity.OutcomeSuccess, 10)}
	for name, c := range map[string]struct {
		outcomes []review.OutcomeCount
		change   func(*review.SourceReview)
		want     review.Status
		says     string // of the gap; empty for none
	}{
		"one failed":               {append(plain, way(activity.OutcomeFailure, 1)), nil, review.StatusComplete, ""},
		"one was denied":           {append(plain, way(activity.OutcomeDenied, 1)), nil, review.StatusComplete, ""},
		"one was throttled":        {append(plain, way(activity.OutcomeThrottled, 1)), nil, review.StatusUnknown, "none of 11 entries failed or was denied, 5 log-ins among them: either nothing failed, or it"},
		"99 log-ins":               {[]review.OutcomeCount{way(activity.OutcomeSuccess, 198)}, nil, review.StatusUnknown, "99 log-ins among them"},
		"100 log-ins":              {[]review.OutcomeCount{way(activity.OutcomeSuccess, 200)}, nil, review.StatusUnknown, "which a source with 100 log-ins hardly has"},
		"nobody says how it ended": {[]review.OutcomeCount{way(activity.OutcomeUnknown, 10)}, nil, review.StatusUnknown, "none of 10 entries says how it ended"},
		"some do not say":          {append(plain, way(activity.OutcomeUnknown, 3)), nil, review.StatusUnknown, "none of 13 entries failed"},
		"no entry":                 {nil, func(r *review.SourceReview) { r.Families = nil }, review.StatusUnknown, "there is no entry at all"},
		"not counted":              {plain, func(r *review.SourceReview) { r.Outcomes = nil }, review.StatusUnknown, "was not counted how its entries ended"},
		"not counted, and denied":  {plain, func(r *review.SourceReview) { r.Outcomes, r.Denials = nil, 1 }, review.StatusComplete, ""},
		"known to be recorded":     {plain, failuresAre(review.CapabilityEnabled), review.StatusComplete, ""},
		"known not to be":          {plain, failuresAre(review.CapabilityDisabled), review.StatusPartial, "none of 10 entries"},
		"looked at by nobody":      {plain, failuresAre(review.CapabilityUnknown), review.StatusUnknown, "none of 10 entries"},
		"on, and nothing to see":   {[]review.OutcomeCount{way(activity.OutcomeUnknown, 10)}, failuresAre(review.CapabilityEnabled), review.StatusUnknown, "says how it ended"},
		"on, and not counted": {plain, func(r *review.SourceReview) { failuresAre(review.CapabilityEnabled)(r); r.Outcomes = nil },
			review.StatusUnknown, "was not counted how its entries ended"},
		"recording off for a day": {plain, func(r *review.SourceReview) {
			r.Capability.Gaps = []hipaasmp.Period{{From: day("2026-03-10"), To: day("2026-03-10")}}
		}, review.StatusPartial, "none of 10 entries"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, l := expectsFailures(t), endedSo(march(), c.outcomes...)
			if c.change != nil {
				c.change(&l)
			}
			r := on1(p, certifiedWith(t, p, march(), l))
			roundTrip(t, r.Records[0])
			cell := failedCell(t, r, march(), "2026-04-20", "2026-03-10")
			require.Equal(t, c.want, cell.Status, cell.Reason)
			require.NotEmpty(t, cell.Reason)
			var got []hipaasmp.Gap
			for _, g := range gaps(t, r, march(), "2026-04-20", review.GapFamily) {
				if strings.Contains(g.Missing, "should record what fails") {
					got = append(got, g)
				}
			}
			if c.says == "" {
				require.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			require.Contains(t, got[0].Missing, c.says)
		})
	}
}

// failuresAre states what was found of the recording of what fails.
func failuresAre(state review.CapabilityState) func(*review.SourceReview) {
	return func(r *review.SourceReview) {
		x := review.FamilyCapability{Family: activity.FamilyFailed, State: state}
		if state != review.CapabilityUnknown {
			x.Checked = day("2026-04-01")
		}
		r.Capability.Families = []review.FamilyCapability{x}
	}
}

func TestTheRowOfFailuresFollowsTheSourceWhereItWasNotReviewedInTime(t *testing.T) {
	t.Parallel()
	p := expectsFailures(t)
	left := func(g review.Ground) []review.Record {
		s, err := review.Open("s-1", clinic(), p, march(), reviewer, on("2026-04-01"))
		require.NoError(t, err)
		s, err = s.WithoutSource("ehr-log", g, "As decided.")
		require.NoError(t, err)
		for _, id := range []string{"ehr-access", "tickets"} {
			s, err = s.WithSource(manual(id, march()))
			require.NoError(t, err)
		}
		return []review.Record{certify(t, s, "2026-04-08")}
	}
	late := certifiedWith(t, p, march(), endedSo(march(), way(activity.OutcomeSuccess, 9), way(activity.OutcomeFailure, 1)))
	s, err := review.Open("s-2", clinic(), p, march(), reviewer, on("2026-04-01"))
	require.NoError(t, err)
	s.Content = late.Content
	lateRecord := certify(t, s, "2026-04-18")
	for name, c := range map[string]struct {
		records []review.Record
		asOf    string
		want    review.Status
	}{
		"late":         {[]review.Record{lateRecord}, "2026-04-20", review.StatusLate},
		"missing":      {nil, "2026-04-20", review.StatusMissing},
		"not due":      {nil, "2026-04-10", review.StatusNotDue},
		"waived":       {left(review.GroundWaived), "2026-04-20", review.StatusWaived},
		"not expected": {left(review.GroundNotExpected), "2026-04-20", review.StatusNotExpected},
		"unavailable":  {left(review.GroundUnavailable), "2026-04-20", review.StatusMissing},
	} {
		r := review.Records{Procedures: []review.Procedure{p}, Records: c.records}
		require.Equal(t, c.want, failedCell(t, r, march(), c.asOf, "2026-03-10").Status, name)
		require.Empty(t, gaps(t, r, march(), c.asOf, review.GapFamily), "%s: what was not read says nothing of failures", name)
	}
}

func TestFailuresAreAskedOfMonthsWhateverTheCadence(t *testing.T) {
	t.Parallel()
	weekly := expectsFailures(t, review.Cadence{Unit: review.UnitWeek, Every: 1, DueDays: 7})
	quiet := func(period hipaasmp.Period) review.SourceReview {
		return endedSo(period, way(activity.OutcomeSuccess, 10))
	}
	mondays := []string{"2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"}
	weeks := func(failed int) review.Records {
		r := review.Records{Procedures: []review.Procedure{weekly}}
		for i, monday := range mondays {
			period := weekly.Cadence.Period(day(monday))
			l := quiet(period)
			if i == failed {
				l = endedSo(period, way(activity.OutcomeSuccess, 10), way(activity.OutcomeFailure, 1))
			}
			r.Records = append(r.Records, certifiedWith(t, weekly, period, l))
		}
		return r
	}
	require.Equal(t, review.StatusComplete, failedCell(t, weeks(3), march(), "2026-04-20", "2026-03-10").Status)
	require.Empty(t, gaps(t, weeks(3), march(), "2026-04-20", review.GapFamily), "one of six weeks has a failure")
	got := gaps(t, weeks(-1), march(), "2026-04-20", review.GapFamily)
	require.Len(t, got, 1, "one for the month, and not one for a week")
	require.Len(t, got[0].Refs, 6)
	require.Contains(t, got[0].Missing, "none of 60 entries")
	running := weeks(-1)
	running.Records = running.Records[:3]
	require.Equal(t, review.StatusNotDue, failedCell(t, running, march(), "2026-03-20", "2026-03-10").Status, "something may still fail")
	require.Empty(t, gaps(t, running, march(), "2026-03-20", review.GapFamily))
	require.Equal(t, review.StatusPartial, failedCell(t, running, march(), "2026-04-20", "2026-03-10").Status)
	require.Empty(t, gaps(t, running, march(), "2026-04-20", review.GapFamily), "the weeks that nobody reviewed are a gap of their own")

	quarterly := expectsFailures(t, review.Cadence{Unit: review.UnitMonth, Every: 3, DueDays: 14})
	quarter := quarterly.Cadence.Period(day("2026-03-10"))
	r := on1(quarterly, certifiedWith(t, quarterly, quarter, quiet(quarter)))
	require.Len(t, gaps(t, r, quarter, "2026-05-01", review.GapFamily), 1, "one for the review, and not one for each of its months")
	for _, on := range []string{"2026-01-10", "2026-02-10", "2026-03-10"} {
		require.Equal(t, review.StatusUnknown, failedCell(t, r, quarter, "2026-05-01", on).Status)
	}
}

// A log of failures alone, such as btmp of Unix, is a source like any other.
func TestALogOfFailuresAlone(t *testing.T) {
	t.Parallel()
	x := terms()
	x.Sources[0].Families = []activity.Family{activity.FamilyFailed}
	p, err := x.Approve(issue("review-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	l := endedSo(march(), way(activity.OutcomeFailure, 10))
	l.Families = nil
	r := on1(p, certifiedWith(t, p, march(), l))
	require.Equal(t, review.StatusComplete, failedCell(t, r, march(), "2026-04-20", "2026-03-10").Status)
	require.Empty(t, gaps(t, r, march(), "2026-04-20", review.GapFamily))
}

func TestFailedIsNoFamilyOfEvents(t *testing.T) {
	t.Parallel()
	s := change(t, func(*review.SourceReview) {})
	s.Sources[0].Families = []review.FamilyCount{{Family: activity.FamilyLogin, Count: 4}, {Family: activity.FamilyView, Count: 4}, {Family: activity.FamilyFailed, Count: 2}}
	requireFault(t, s.Validate(), review.FaultCounts, "/sources/0/families/2/family")
	x := terms()
	x.Sources[0].Families = []activity.Family{activity.FamilyFailed, activity.FamilyLogin, activity.FamilyFailed}
	_, err := x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	requireFault(t, err, hipaasmp.FaultIdentity, "/sources/0/families/2")
	x.Sources[0].Families = slices.DeleteFunc(activity.Family("").Values(), func(f activity.Family) bool { return f == activity.FamilyUnknown })
	_, err = x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err, "all that can be expected fits")
	x.Sources[0].Families = []activity.Family{"failures"}
	_, err = x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	requireFault(t, err, hipaasmp.FaultEnum, "/sources/0/families/0")
}

// Of whatever was counted: the families add up to the events, what failed is among them and not beside them, and the row of
// what failed is a hole exactly where a gap says so.
func TestTheRowOfFailuresAndItsGapAgree(t *testing.T) {
	t.Parallel()
	p := expectsFailures(t)
	holes, whole := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var tally activity.Tally
		for range rapid.IntRange(1, 12).Draw(t, "events") {
			require.NoError(t, tally.Count(activity.Event{
				Family:  rapid.SampledFrom(activity.EventFamilies()).Draw(t, "family"),
				Outcome: rapid.SampledFrom([]activity.Outcome{activity.OutcomeSuccess, activity.OutcomeSuccess, activity.OutcomeThrottled, activity.OutcomeUnknown, activity.OutcomeFailure, activity.OutcomeDenied}).Draw(t, "outcome"),
			}, nil))
		}
		l := review.Summarize("ehr-log", &tally)
		l.Capability = enabled(day("2026-04-01"))
		var own int64
		for _, c := range l.Families {
			own += c.Count
		}
		require.Equal(t, l.Events, own)
		require.Equal(t, tally.Family(activity.FamilyFailed), l.Family(activity.FamilyFailed))
		if rapid.IntRange(0, 5).Draw(t, "counted") == 0 {
			l.Outcomes = nil
		}
		r := on1(p, certifiedWith(t, p, march(), l))
		cell := failedCell(t, r, march(), "2026-04-20", "2026-03-10")
		said := slices.ContainsFunc(hipaasmp.FindGaps(day("2026-04-20"), r.GapChecks(march())...), func(g hipaasmp.Gap) bool { return strings.Contains(g.Missing, "should record what fails") })
		require.Equal(t, cell.Status == review.StatusUnknown, said, "%s", cell.Reason)
		require.Equal(t, l.Family(activity.FamilyFailed) == 0, said)
		if said {
			holes++
		} else {
			whole++
		}
	})
	require.NotZero(t, holes)
	require.NotZero(t, whole)
}

// Whatever the cadence and whatever was reviewed: a month whose reviews are all there, and of which the row of failures is not
// known, has a gap that names these reviews, and every such gap has its month.
func TestEveryMonthWithoutAFailureHasItsGap(t *testing.T) {
	t.Parallel()
	cadences := []review.Cadence{{Unit: review.UnitMonth, Every: 1, DueDays: 14}, {Unit: review.UnitMonth, Every: 3, DueDays: 14}, {Unit: review.UnitWeek, Every: 2, DueDays: 7}}
	asked := hipaasmp.Period{From: day("2026-01-01"), To: day("2026-04-30")}
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		p := expectsFailures(t, rapid.SampledFrom(cadences).Draw(t, "cadence"))
		r := on1(p)
		for on := asked.From; !on.After(asked.To); {
			period := p.Cadence.Period(on)
			on = period.To.AddDays(1)
			outcomes := []review.OutcomeCount{way(activity.OutcomeSuccess, 10)}
			kind := rapid.SampledFrom([]string{"quiet", "quiet", "failed", "uncounted", "none", "known"}).Draw(t, period.String())
			if kind == "none" {
				continue
			}
			if kind == "failed" {
				outcomes = append(outcomes, way(activity.OutcomeFailure, 1))
			}
			l := endedSo(period, outcomes...)
			switch kind {
			case "uncounted":
				l.Outcomes = nil
			case "known":
				l.Capability.Families = []review.FamilyCapability{{Family: activity.FamilyFailed, State: review.CapabilityEnabled, Checked: period.To.AddDays(1)}}
			}
			r.Records = append(r.Records, certifiedWith(t, p, period, l))
		}
		asOf := asked.To.AddDays(rapid.IntRange(0, 40).Draw(t, "as of"))
		var said [][]hipaasmp.Ref
		for _, g := range hipaasmp.FindGaps(asOf, r.GapChecks(asked)...) {
			if strings.Contains(g.Missing, "should record what fails") {
				said = append(said, g.Refs)
				found++
			}
		}
		var holes [][]hipaasmp.Ref
		for _, c := range r.Coverage(asked, asOf).Cells {
			if c.Family == activity.FamilyFailed && c.Status == review.StatusUnknown && (len(holes) == 0 || !slices.Equal(holes[len(holes)-1], c.Refs)) {
				holes = append(holes, c.Refs)
			}
		}
		require.ElementsMatch(t, holes, said)
	})
	require.NotZero(t, found)
}
