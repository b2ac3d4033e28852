package detect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// What counts is when the end took effect; an act before it was entered is told apart from one after.
func TestAnEndThatWasEnteredLateIsToldApart(t *testing.T) {
	t.Parallel()
	roster := must(t, func(in *strings.Reader) (*detect.Roster, error) { return detect.ReadRoster(in, detect.TableOptions{}) },
		"user,ended_at,end_recorded_at\nlate,2026-03-01T09:00:00Z,2026-03-03T09:00:00Z\nsoon,2026-03-01T09:00:00Z,2026-02-20T09:00:00Z\nunknown,2026-03-01T09:00:00Z,\n")
	act := func(after time.Duration, user string, kind activity.ActorKind) *entries {
		return new(entries).add(after, func(e *activity.Event) { e.Actor = activity.Actor{ID: user, Kind: kind} })
	}
	day := 24 * time.Hour
	d := detect.TerminatedUser{Context: roster}
	for name, c := range map[string]struct {
		log      *entries
		severity detect.Severity
		reason   string
	}{
		"as the end takes effect, before it is entered": {act(0, "late", activity.ActorUnknown), detect.SeverityModerate, "all before the end was entered in the personnel records, at 2026-03-03T09:00:00Z: the feed was 48h0m0s late"},
		"a microsecond before it is entered":            {act(2*day-time.Microsecond, "late", activity.ActorUnknown), detect.SeverityModerate, "all before the end was entered in the personnel records, at 2026-03-03T09:00:00Z: the feed was 48h0m0s late"},
		"as it is entered":                              {act(2*day, "late", activity.ActorUnknown), detect.SeverityHigh, "the end was in the personnel records since 2026-03-03T09:00:00Z"},
		"an end that was entered ahead":                 {act(0, "soon", activity.ActorUnknown), detect.SeverityHigh, "the end was in the personnel records since 2026-02-20T09:00:00Z"},
		"nobody knows when it was entered":              {act(0, "unknown", activity.ActorUnknown), detect.SeverityHigh, "it is not known when the end was entered in the personnel records"},
		"a service account":                             {act(3*day, "late", activity.ActorService), detect.SeverityModerate, "the log calls the actor a program: somebody else runs it, or its credentials outlived the person"},
	} {
		got := c.log.find(d)
		require.Len(t, got, 1, name)
		require.Equal(t, c.severity, got[0].Severity, name)
		require.Equal(t, c.reason, got[0].Reasons[2], name)
		requireSound(t, got[0])
	}
	require.Empty(t, act(-time.Microsecond, "late", activity.ActorUnknown).find(d), "before the end took effect")
	both := act(0, "late", activity.ActorUnknown)
	both.events = append(both.events, act(2*day, "late", activity.ActorUnknown).events...)
	both.events[1].ID = "e2"
	require.Len(t, both.find(d), 2, "the acts before and those after are two findings")
}

// A day and a month are those of the site: the last evening of March in New York is April in UTC.
func TestBreakGlassCountsMonthsInTheZone(t *testing.T) {
	t.Parallel()
	at := func(l *entries, when string, patient string) *entries {
		instant, err := time.Parse(time.RFC3339, when)
		require.NoError(t, err)
		return l.add(instant.Sub(start), func(e *activity.Event) {
			e.Actor.ID, e.Purpose, e.Patients = "u1", []string{"BTG"}, []activity.Patient{{ID: patient}}
		})
	}
	log := at(at(new(entries), "2026-04-01T03:59:59Z", "p1"), "2026-04-01T04:00:00Z", "p2")
	raised := func(d detect.BreakGlass) (n int) {
		for _, f := range log.find(d) {
			if f.Severity == detect.SeverityModerate {
				n++
			}
		}
		return n
	}
	require.Equal(t, 2, raised(detect.BreakGlass{PerMonth: 1}), "both lie in April of UTC")
	require.Zero(t, raised(detect.BreakGlass{PerMonth: 1, Zone: detect.ZoneOf{Location: newYork(t)}}), "one lies in March of New York")
	night := at(at(new(entries), "2026-03-10T23:30:00Z", "p1"), "2026-03-11T00:30:00Z", "p1")
	require.Len(t, night.find(detect.BreakGlass{}), 2, "two days of UTC")
	require.Len(t, night.find(detect.BreakGlass{Zone: detect.ZoneOf{Location: newYork(t)}}), 1, "one evening in New York")
}
