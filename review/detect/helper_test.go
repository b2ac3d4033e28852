package detect_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// start is the instant from which the tests count.
var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// entries builds events in order; each has an identity and a place of its own.
type entries struct{ events []activity.Event }

func (l *entries) add(after time.Duration, change func(*activity.Event)) *entries {
	n := len(l.events) + 1
	e := activity.Event{
		Source: "s", ID: fmt.Sprintf("e%d", n), Seq: int64(n), Recorded: start.Add(after),
		Actor: activity.Actor{Kind: activity.ActorUnknown}, Action: activity.ActionRead, Family: activity.FamilyView,
		Outcome: activity.OutcomeSuccess, Raw: activity.Raw{File: "f", Offset: int64(n * 100), Length: 90},
	}
	change(&e)
	l.events = append(l.events, e)
	return l
}

func (l *entries) login(after time.Duration, user, from string, o activity.Outcome) *entries {
	return l.add(after, func(e *activity.Event) {
		e.Action, e.Family, e.Actor.ID, e.From.Addr, e.Outcome = activity.ActionLogin, activity.FamilyLogin, user, from, o
	})
}

// find gives the events to one detector.
func (l *entries) find(d detect.Detector) []detect.Finding {
	p := d.New()
	for _, e := range l.events {
		p.Add(e)
	}
	return p.Findings()
}

// trail reads the shared CloudTrail files, or skips.
func trail(t testing.TB) []activity.Event {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "review", "cloudtrail", "*.json"))
	require.NoError(t, err)
	if len(names) == 0 {
		t.Skip("the shared logs are not here; this test needs them")
	}
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	require.NoError(t, err)
	var out []activity.Event
	for _, name := range names {
		f, err := os.Open(name)
		require.NoError(t, err)
		for e, err := range reader.Read(activity.Input{Source: "aws", File: filepath.Base(name), Content: f}) {
			require.NoError(t, err)
			out = append(out, e)
		}
		require.NoError(t, f.Close())
	}
	return out
}

// workforce has one member who left on 14 March in New York, one who came back, and one who stays.
func workforce(t testing.TB) *detect.Workforce {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	return detect.NewTerminations(members(), map[string]string{"arn:aws:iam::1:user/left": "wf-left", "u-left": "wf-left"}, zone)
}
