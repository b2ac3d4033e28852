package review_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// corrects puts before the one record another that it corrects and that has an exception in the state.
func corrects(r *review.Records, state review.ExceptionState) {
	old := r.Records[0]
	e := exception("x-1")
	e.State = state
	old.ID, old.Exceptions = "r-wrong", []review.Exception{e}
	ref := old.DocumentRef()
	r.Records[0].Supersedes, r.Records[0].Correction = &ref, "The wrong file was read."
	r.Records = append(r.Records, old)
}

// A log of another month must not pass for one of the month under review, whichever bounds it was scanned with.
func TestEventsOutsideOfThePeriodAreCountedAsSuch(t *testing.T) {
	t.Parallel()
	from, until := march().From.StartIn(chicago()), march().To.AddDays(1).StartIn(chicago())
	for name, c := range map[string]struct {
		first, last time.Time
		outside     int64
		unknown     int64
		says        string
	}{
		"within":                     {first: from, last: until.Add(-time.Microsecond)},
		"no time is known":           {unknown: 10},
		"before, counted":            {first: on("2026-02-01"), last: on("2026-02-02"), outside: 10},
		"before, those with a time":  {first: on("2026-02-01"), last: on("2026-02-02"), outside: 8, unknown: 2},
		"at both ends":               {first: on("2026-02-28"), last: until, outside: 2},
		"before, not counted":        {first: on("2026-02-01"), last: on("2026-02-02"), says: "is 0 where all 10 events with a time lie outside"},
		"before, counted in part":    {first: on("2026-02-01"), last: on("2026-02-02"), outside: 9, says: "is 9 where all 10"},
		"after, by an instant":       {first: until, last: until, says: "all 10 events with a time lie outside"},
		"the first is before":        {first: from.Add(-time.Microsecond), last: on("2026-03-30"), says: "is 0 where the first or the last event lies outside"},
		"the last is after":          {first: from, last: until, says: "is 0 where the first or the last"},
		"within, and others counted": {first: from, last: from, outside: 1, says: "is 1 where the first and the last event lie in"},
	} {
		r := log(march())
		r.First, r.Last, r.Outside, r.UnknownTimes = c.first, c.last, c.outside, c.unknown
		_, err := open(t, march()).WithSource(r)
		if c.says == "" {
			require.NoError(t, err, name)
			continue
		}
		requireFault(t, err, review.FaultCounts, "/sources/0/outside")
		require.ErrorContains(t, err, c.says, name)
	}
	// A ticket may have been opened long before the month in which it is reviewed.
	r := manual("tickets", march())
	r.First, r.Last = on("2025-01-01"), on("2025-01-02")
	_, err := open(t, march()).WithSource(r)
	require.NoError(t, err)
}

func TestAReviewOfAnotherMonthsFilesIsAGap(t *testing.T) {
	t.Parallel()
	r := spotless(t)
	s := &r.Records[0].Sources[0]
	s.First, s.Last, s.Outside = on("2026-02-01"), on("2026-02-27"), s.Events-1
	require.Empty(t, gaps(t, r, march(), "2026-04-20", review.GapElsewhere), "one lies in it")
	s.Outside = s.Events
	s.Files[0].First, s.Files[0].Last = s.First, s.Last
	got := gaps(t, r, march(), "2026-04-20", review.GapElsewhere)
	for _, family := range []activity.Family{"", activity.FamilyView, activity.FamilyLogin} {
		cell, ok := r.Coverage(march(), day("2026-04-20")).Cell(day("2026-03-01"), "ehr-log", family)
		require.True(t, ok)
		require.Equal(t, review.StatusUnknown, cell.Status, "%s: %s", family, cell.Reason)
	}
	require.Len(t, got, 1)
	require.Equal(t, "None of the 10 events that were read of ehr-log (system ehr) lies in 2026-03-01 to 2026-03-31, the period under review.", got[0].Missing)
	require.Equal(t, []string{"ehr.ndjson: from 2026-02-01T16:00:00Z to 2026-02-27T16:00:00Z"}, got[0].Counted)
}

func TestACorrectionThatLosesAnIncidentIsAGap(t *testing.T) {
	t.Parallel()
	find := func(change func(*review.Records)) []hipaasmp.Gap {
		r := spotless(t)
		corrects(&r, review.ExceptionIncident)
		change(&r)
		return gaps(t, r, march(), "2026-04-20", review.GapDropped)
	}
	got := find(func(*review.Records) {})
	require.Len(t, got, 1)
	require.Equal(t, "review.record/r-s-march corrects the review of 2026-03-01 to 2026-03-31 and no longer has as incidents 1 of the exceptions that had become one.", got[0].Missing)
	require.Equal(t, []string{"x-1 of ehr-log, an incident in review.record/r-wrong, is not among its exceptions", "stated correction: The wrong file was read."}, got[0].Counted)

	require.Len(t, find(func(r *review.Records) { r.Records[0].Exceptions = []review.Exception{explained(t).Exceptions[0]} }), 1, "decided otherwise")
	require.Empty(t, find(func(r *review.Records) { r.Records[0].Exceptions = r.Records[1].Exceptions }), "kept")
	require.Empty(t, find(func(r *review.Records) { r.Records[1].Exceptions = []review.Exception{explained(t).Exceptions[0]} }), "it never was an incident")
	require.Empty(t, find(func(r *review.Records) { r.Records = r.Records[:1] }), "the corrected record is not at hand")
	// By way of a correction in between; a circle of corrections ends.
	between := func(r *review.Records) {
		mid := r.Records[1]
		mid.ID, mid.Exceptions, mid.Supersedes = "r-between", nil, r.Records[0].Supersedes
		ref := mid.DocumentRef()
		r.Records[0].Supersedes = &ref
		r.Records = append(r.Records, mid)
	}
	require.Len(t, find(between), 1)
	require.NotPanics(t, func() {
		find(func(r *review.Records) { r.Records[1].Supersedes = r.Records[0].Supersedes })
	})
}

// The same list goes to the procedure and to the scan; what only counts is in neither what is asked for nor what was run.
func TestDetectorsThatOnlyCountAreNotAskedFor(t *testing.T) {
	t.Parallel()
	list := []detect.Detector{review.AccessWatch{}, detect.LogControl{}, review.HourWatch{}}
	set := review.DetectorSet(list...)
	require.Len(t, set, 1)
	require.Equal(t, detect.IDLogControl, set[0].ID)
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	require.NoError(t, err)
	source := detect.Source{ID: "ehr-log", Reader: reader}
	scanned, err := detect.Scan(t.Context(), source, list...)
	require.NoError(t, err)
	r, _ := review.FromScan(source, scanned)
	require.Len(t, r.Detectors, len(set))
}

func TestADrawThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	rule, err := review.Discovery("0.95", "0.05")
	require.NoError(t, err)
	s, err := open(t, march()).PlanSample(reviewer, on("2026-04-01"), review.SamplePlan{ID: "sm-1", Source: "ehr-log", Deviation: "No relation.",
		Rule: rule, Commitment: review.Commitment(make([]byte, 32))})
	require.NoError(t, err)
	s, err = s.WithSource(log(march()))
	require.NoError(t, err)
	_, err = s.DrawSample("sm-1", reviewer, on("2026-04-02"), make([]byte, 32), nil)
	requireFault(t, err, review.FaultSample, "/samples")
}

// A correction that comes after the day is late, and the gap does not hide that the review itself was not.
func TestALateCorrectionSaysWhenTheReviewWasFirstCertified(t *testing.T) {
	t.Parallel()
	r := spotless(t)
	corrects(&r, review.ExceptionOpen)
	r.Records[0].Timeliness.Certified, r.Records[0].Timeliness.DaysLate = day("2026-05-01"), 17
	late := func() string {
		got := gaps(t, r, march(), "2026-05-20", review.GapLate)
		require.Len(t, got, 1)
		return got[0].Missing
	}
	const says = "The review of 2026-03-01 to 2026-03-31 was certified on 2026-05-01, 17 days after it was due by the entity's own procedure."
	require.Equal(t, says+" It corrects what was first certified on 2026-04-08, in time.", late())
	r.Records[1].Timeliness.Certified, r.Records[1].Timeliness.DaysLate = day("2026-04-20"), 6
	require.Equal(t, says+" It corrects what was first certified on 2026-04-20, 6 days late.", late())
	r.Records = r.Records[:1]
	require.Equal(t, says, late(), "what it corrects is not at hand")
}
