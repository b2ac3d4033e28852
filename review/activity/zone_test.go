package activity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// A review keeps the zone for which times without an offset were taken, so the reader says it: of a form that has such times,
// and where somebody gave one.
func TestAReaderSaysWhichZoneItAssumes(t *testing.T) {
	t.Parallel()
	chicago, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	for _, f := range activity.Format("").Values() {
		r := reader(t, f)
		require.Empty(t, activity.AssumedZone(r), "%s: nobody gave a zone", f)
		require.Empty(t, activity.AssumedZone(activity.InZone(r, nil)), f)
		want := ""
		if f == activity.FormatWindows || f == activity.FormatATNA {
			want = "America/Chicago"
		}
		require.Equal(t, want, activity.AssumedZone(activity.InZone(r, chicago)), "%s: only of times without an offset", f)
	}
	with := func(zone string, layouts ...string) string {
		p := access()
		p.Layouts, p.Zone = layouts, zone
		r, err := activity.ReaderWith(p)
		require.NoError(t, err)
		require.Equal(t, p.AssumedZone(), activity.AssumedZone(activity.InZone(r, time.UTC)), "a report has the zone of its profile")
		return activity.AssumedZone(r)
	}
	local, zoned := "01/02/2006 03:04:05 PM", "2006-01-02T15:04:05Z07:00"
	require.Equal(t, "America/Denver", with("America/Denver", local))
	require.Equal(t, "UTC", with("UTC", zoned, local), "one layout without an offset is enough")
	require.Empty(t, with("America/Denver", zoned, "unix", "unix_ms"), "every layout is an instant")
	require.Empty(t, with("America/Denver"), "and so is RFC 3339")
	p := activity.PlainProfile(activity.FormatNDJSON)
	p.Layouts, p.Zone = []string{"2006-01-02 15:04:05"}, "Europe/Paris"
	r, err := activity.ReaderWith(p)
	require.NoError(t, err)
	require.Equal(t, "Europe/Paris", activity.AssumedZone(r))
}

// A zone without a name is not the same as none: the review that keeps it is refused.
func TestAZoneWithoutANameIsNotPassedOver(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"": "unnamed", "Local": "Local", "CST": "CST"} {
		zone := time.FixedZone(name, -6*3600)
		require.Equal(t, want, activity.AssumedZone(activity.InZone(reader(t, activity.FormatWindows), zone)))
		_, err := time.LoadLocation(want)
		require.Equal(t, want != "Local", err != nil, "no zone of the database, and Local is of no machine but this")
	}
}

// Of two zones the one given last counts, in what is read and in what is said.
func TestTheZoneGivenLastCounts(t *testing.T) {
	t.Parallel()
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		require.NoError(t, err)
		return z
	}
	clock := strings.NewReplacer("2026-03-01T11:00:00.500000+01:00", "2026-03-01 04:00:00").Replace(nxlogRecord("PC1"))
	for name, want := range map[string]string{"America/Chicago": "2026-03-01T10:00:00Z", "UTC": "2026-03-01T04:00:00Z"} {
		r := activity.InZone(activity.InZone(reader(t, activity.FormatWindows), zone("Asia/Tokyo")), zone(name))
		require.Equal(t, name, activity.AssumedZone(r))
		for e, err := range r.Read(activity.Input{Content: strings.NewReader(clock)}) {
			require.NoError(t, err)
			require.Equal(t, at(want), e.Recorded)
		}
	}
}
