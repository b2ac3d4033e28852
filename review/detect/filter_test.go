package detect_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// nightly is a rule of one's own: what a given actor does, and whatever has the word "export" in its bytes.
func nightly() detect.Filter {
	return detect.Filter{
		About:   detect.Description{ID: "own-1", Version: 1, Title: "A rule of one's own", FalsePositives: "None known."},
		Records: true,
		Rules: func() func(activity.Event) []detect.Hit {
			return func(e activity.Event) (hits []detect.Hit) {
				if e.Actor.ID == "u1" {
					hits = append(hits, detect.Hit{Rule: "actor", Title: "Acts of u1", Severity: detect.SeverityLow, Reasons: []string{"the action is " + string(e.Action)}})
				}
				if strings.Contains(string(e.Record), "export") {
					hits = append(hits, detect.Hit{Rule: "bytes", Title: "The word export", Severity: detect.SeverityHigh})
				}
				return hits
			}
		},
	}
}

func TestFilterGivesOneFindingForEachRuleAndActor(t *testing.T) {
	t.Parallel()
	var l entries
	for i, actor := range []string{"u1", "u2", "u1", ""} {
		l.add(0, func(e *activity.Event) {
			e.Actor.ID, e.Action = actor, activity.ActionRead
			if i == 2 {
				e.Action = activity.ActionPrint
			}
			if i != 0 {
				e.Record = []byte(`{"a":"export"}`)
			}
		})
	}
	var got []string
	for _, f := range l.find(nightly()) {
		requireSound(t, f)
		got = append(got, strings.Join(f.Reasons, "; "))
	}
	require.ElementsMatch(t, []string{
		"Acts of u1: 2 events of u1; the action is read; the action is print",
		"The word export: 1 event of u1",
		"The word export: 1 event of u2",
		"The word export: 1 event of an actor that the log does not name",
	}, got)
}

func TestFilterGetsTheBytesOfTheEntriesInAScan(t *testing.T) {
	t.Parallel()
	reader, err := activity.ReaderFor(activity.FormatNDJSON)
	require.NoError(t, err)
	log := `{"recorded":"2026-01-01T00:00:00Z","actor":"u9","action":"read","outcome":"success","host":"export-1"}`
	scan := func(d detect.Detector) *detect.Scanned {
		out, err := detect.Scan(t.Context(), detect.Source{ID: "s", Reader: reader, Files: []detect.File{detect.FileFrom("a", strings.NewReader(log))}}, d)
		require.NoError(t, err)
		require.EqualValues(t, 1, out.Tally.Events)
		return out
	}
	require.Len(t, scan(nightly()).Findings(), 1)
	blind := nightly()
	blind.Records = false
	require.Empty(t, scan(blind).Findings(), "bytes are kept where they are asked for")
}

func TestFilterStateSurvivesItsBytes(t *testing.T) {
	t.Parallel()
	d := nightly()
	p := d.New()
	p.Add(activity.Event{Source: "s", ID: "1", Actor: activity.Actor{ID: "u1"}, Action: activity.ActionRead})
	b, err := p.Encode()
	require.NoError(t, err)
	q, err := d.Decode(b)
	require.NoError(t, err)
	require.Equal(t, p.Findings(), q.Findings())
	again, err := q.Encode()
	require.NoError(t, err)
	require.Equal(t, string(b), string(again))
	other := nightly()
	other.About.Parameters = []detect.Parameter{{Name: "digest", Value: "x"}}
	_, err = other.Decode(b)
	var state *detect.StateError
	require.ErrorAs(t, err, &state)
	require.ErrorAs(t, other.New().Merge(p), &state)
}
