package detect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
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

func TestTerminatedUser(t *testing.T) {
	t.Parallel()
	at := func(actor activity.Actor, when string, o activity.Outcome) []detect.Finding {
		instant, err := time.Parse(time.RFC3339, when)
		require.NoError(t, err)
		return new(entries).add(instant.Sub(start), func(e *activity.Event) { e.Actor, e.Outcome = actor, o }).find(detect.TerminatedUser{Context: workforce(t)})
	}
	left := activity.Actor{ID: "u-left"}
	// 14 March is the last day; it ends in New York at 04:00 UTC.
	require.Empty(t, at(left, "2026-03-15T03:59:59Z", activity.OutcomeSuccess))
	hit := at(left, "2026-03-15T04:00:00Z", activity.OutcomeSuccess)
	require.Len(t, hit, 1)
	require.Equal(t, "u-left", hit[0].Actor, "the identity of the log")
	require.Equal(t, []string{"1 act succeeded after the actor had left the workforce", "membership ended before 2026-03-15T04:00:00Z, the first act was 0s later", "it is not known when the end was entered in the personnel records"}, hit[0].Reasons)
	require.Empty(t, at(left, "2026-03-20T00:00:00Z", activity.OutcomeFailure), "an attempt that failed")
	require.Empty(t, at(left, "2026-03-20T00:00:00Z", activity.OutcomeUnknown))
	require.Len(t, at(activity.Actor{ID: "x", AltID: "arn:aws:iam::1:user/left"}, "2026-03-20T00:00:00Z", activity.OutcomeSuccess), 1, "known by the other identity")
	require.Len(t, at(activity.Actor{ID: "wf-left"}, "2026-03-20T00:00:00Z", activity.OutcomeSuccess), 1, "known by the workforce identity itself")
	back := activity.Actor{ID: "wf-back"}
	require.Len(t, at(back, "2026-03-05T12:00:00Z", activity.OutcomeSuccess), 1, "between two memberships")
	require.Empty(t, at(back, "2026-03-10T12:00:00Z", activity.OutcomeSuccess), "back again")
	require.Empty(t, at(activity.Actor{ID: "wf-stays"}, "2026-03-20T00:00:00Z", activity.OutcomeSuccess))
	require.Empty(t, at(activity.Actor{ID: "nobody-knows"}, "2026-03-20T00:00:00Z", activity.OutcomeSuccess))
	require.Empty(t, at(back, "2023-03-10T12:00:00Z", activity.OutcomeSuccess), "before the first membership nobody has left")

	grace := detect.TerminatedUser{Context: workforce(t), Grace: time.Hour}
	for after, want := range map[time.Duration]int{time.Hour - time.Second: 0, time.Hour: 1} {
		l := new(entries).add(time.Date(2026, 3, 15, 4, 0, 0, 0, time.UTC).Add(after).Sub(start), func(e *activity.Event) { e.Actor = left })
		require.Len(t, l.find(grace), want)
	}
	require.Empty(t, new(entries).add(40*24*time.Hour, func(e *activity.Event) { e.Actor = left }).find(detect.TerminatedUser{}), "without context nobody has left")
}

func TestWorkforceTakesTheLastEndBeforeTheDay(t *testing.T) {
	t.Parallel()
	of := func(from, to string) hipaasmp.WorkforceMember {
		return hipaasmp.WorkforceMember{ID: "w", Member: hipaasmp.Period{From: civil.Date(from), To: civil.Date(to)}}
	}
	w := detect.NewTerminations([]hipaasmp.WorkforceMember{of("2024-01-01", "2026-02-28"), of("2025-01-01", "2025-06-30"), of("2026-06-01", "2026-12-31")}, nil, nil)
	since, ended := w.Ended(activity.Actor{ID: "w"}, start)
	require.True(t, ended)
	require.Equal(t, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), since)
	_, ended = w.Ended(activity.Actor{ID: "w"}, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	require.False(t, ended, "whose memberships all lie ahead has not left")
	member, ok := w.Resolve("w")
	require.True(t, ok)
	require.Equal(t, "w", member)
	_, ok = w.Resolve("")
	require.False(t, ok)
}

func TestWorkforceKnowledgeHasADigest(t *testing.T) {
	t.Parallel()
	all := members()
	require.Equal(t, detect.NewTerminations(all, nil, nil).Digest(), detect.NewTerminations(all, map[string]string{}, time.UTC).Digest())
	require.NotEqual(t, detect.NewTerminations(all, nil, nil).Digest(), detect.NewTerminations(all[1:], nil, nil).Digest())
	require.NotEqual(t, detect.NewTerminations(all, nil, nil).Digest(), detect.NewTerminations(all, map[string]string{"a": "b"}, nil).Digest())
	require.True(t, detect.NewTerminations(nil, nil, nil).Digest().IsValid())
}
