package review_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// A budget shows people a part of what was found: the rest is counted, and the seed of the draw is kept.
func TestWhatABudgetSetAsideIsCountedAndNoException(t *testing.T) {
	t.Parallel()
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	require.NoError(t, err)
	var log bytes.Buffer
	log.WriteString(`{"Records":[`)
	for i, who := range []string{"a", "b", "c", "d"} {
		if i > 0 {
			log.WriteString(",")
		}
		log.WriteString(`{"eventVersion":"1.08","eventID":"e-` + who + `","eventTime":"2026-03-0` + string(rune('1'+i)) + `T10:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","userIdentity":{"type":"IAMUser","userName":"` + who + `","arn":"arn:aws:iam::1:user/` + who + `"}}`)
	}
	log.WriteString("]}")
	source := detect.Source{ID: "ehr-log", Reader: reader, Files: []detect.File{detect.FileFrom("trail.json", &log)}}
	scanned, err := detect.Scan(context.Background(), source, detect.LogControl{}, review.HourWatch{}, review.AccessWatch{})
	require.NoError(t, err)
	found := scanned.Findings()
	require.Len(t, found, 4)
	rule := detect.Explanation{ID: "moves", Detector: detect.IDLogControl, Actor: found[0].Actor, Valid: march(), Reason: "Planned.", Approver: manager.ID}
	spent := detect.Budget{Alerts: 2, Random: -1, Seed: []byte{7, 9}, Explanations: []detect.Explanation{rule}}.Spend(found)

	r, exceptions := review.FromSpending(source, scanned, spent)
	require.Equal(t, "0709", r.BudgetSeed)
	require.Len(t, r.Detectors, 1, "watches find nothing and are no detectors")
	require.Equal(t, review.BudgetUse{Alerts: 2, Explained: 1, Ranked: 2, Waiting: 1}, *r.Detectors[0].Budget)
	require.Len(t, exceptions, 3)
	require.NotEmpty(t, r.Detectors[0].Parameters)
	r.Program, r.Capability = "activity-review 1.0", enabled(day("2026-04-01"))

	s, err := open(t, march()).WithSource(r, exceptions...)
	require.NoError(t, err)
	roundTrip(t, s)
	require.Empty(t, s.Sources[0].Detectors[0].Parameters, "it was run as the procedure says")
	require.NotEmpty(t, r.Detectors[0].Parameters, "the caller's own is left as it was")
	find := func(s review.Session) int {
		x := record(t)
		x.Content = s.Content
		return len(gaps(t, on1(procedure(t), x), march(), "2026-04-20", review.GapFindings))
	}
	require.Zero(t, find(s), "what waits, waits by the budget")
	less := s
	less.Exceptions = s.Exceptions[:2]
	require.Equal(t, 1, find(less))
	s.Sources[0].Detectors[0].Budget.Waiting = 2
	requireFault(t, s.Validate(), review.FaultCounts, "/sources/0/detectors/0/budget")
	s.Sources[0].Detectors[0].Budget.Waiting, s.Sources[0].Detectors[0].Budget.Alerts = 1, 1
	requireFault(t, s.Validate(), review.FaultCounts, "/sources/0/detectors/0/budget/alerts")
}

func TestARunThatKnowsLessThanTheProcedureSaysIsAGap(t *testing.T) {
	t.Parallel()
	table := string(hipaasmp.DigestOf([]byte("January")))
	p := procedure(t)
	p.Detectors[0].Parameters = []detect.Parameter{{Name: "relations", Value: table}, {Name: "calendar", Value: "none"}, {Name: "floor", Value: "1h0m0s"}, {Name: "from", Value: "none"}}
	for name, c := range map[string]struct {
		run  detect.Parameter
		want int
	}{
		"a newer table":                {detect.Parameter{Name: "relations", Value: string(hipaasmp.DigestOf([]byte("February")))}, 0},
		"a table where none was asked": {detect.Parameter{Name: "calendar", Value: table}, 0},
		"the days of the period":       {detect.Parameter{Name: "from", Value: "2026-03-01T06:00:00Z"}, 0},
		"no table":                     {detect.Parameter{Name: "relations", Value: "none"}, 1},
		"another floor":                {detect.Parameter{Name: "floor", Value: "2h0m0s"}, 1},
		"a setting of its own":         {detect.Parameter{Name: "mood", Value: "mild"}, 1},
	} {
		x := record(t)
		x.Procedure.Detectors = p.Detectors
		x.Sources[0].Detectors[0].Parameters = []detect.Parameter{c.run}
		require.Len(t, gaps(t, on1(p, x), march(), "2026-04-20", review.GapDetectors), c.want, name)
	}
	x := explained(t)
	x.Sources[0].Detectors[0].Parameters = []detect.Parameter{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}}
	requireFault(t, x.Validate(), hipaasmp.FaultIdentity, "/sources/0/detectors/0/parameters/1")
}
