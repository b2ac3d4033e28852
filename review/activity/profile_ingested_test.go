package activity_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// A report may have a column of when its keeper took the entries in. It is read in the layouts and the zone of the times,
// by the quick way and by the slow one; what is no time there is unknown, and the entry is read all the same.
func TestProfileOfAReportThatSaysWhenItTookAnEntryIn(t *testing.T) {
	t.Parallel()
	profile := activity.Profile{ID: "p", Version: 1, Format: activity.FormatCSV, Zone: "America/Chicago", Layouts: []string{"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04"},
		Columns: []activity.Column{{Name: "at", Field: activity.FieldRecorded}, {Name: "user", Field: activity.FieldActor}, {Name: "loaded", Field: activity.FieldIngested}}}
	clocks := map[string]string{"2026-03-01T10:00:07Z": "2026-03-01T10:00:07Z", "2026-03-01 04:05": "2026-03-01T10:05:00Z", "": "", "soon": ""}
	csv, json := "at,user,loaded\n", ""
	var want []string
	for range 3 {
		for clock, is := range clocks {
			csv += "2026-03-01T10:00:00Z,u1," + clock + "\n"
			json += `{"at":"2026-03-01T10:00:00Z","user":"u1","loaded":"` + clock + `"}` + "\n"
			want = append(want, is)
		}
	}
	for format, file := range map[activity.Format]string{activity.FormatCSV: csv, activity.FormatNDJSON: json} {
		p := profile
		p.Format = format
		if format == activity.FormatNDJSON {
			p.Columns = nil
			for _, c := range profile.Columns {
				p.Columns = append(p.Columns, activity.Column{Name: "/" + c.Name, Field: c.Field})
			}
		}
		r, err := activity.ReaderWith(p)
		require.NoError(t, err)
		var got []string
		for e, err := range r.Read(activity.Input{Content: strings.NewReader(file)}) {
			require.NoError(t, err)
			require.Equal(t, at("2026-03-01T10:00:00Z"), e.Recorded)
			text := ""
			if !e.Ingested.IsZero() {
				text = e.Ingested.Format("2006-01-02T15:04:05Z07:00")
			}
			got = append(got, text)
		}
		require.Equal(t, want, got, string(format))
	}
	profile.Defaults = map[activity.Field]string{activity.FieldIngested: "2026-03-01T10:00:07Z"}
	require.Error(t, profile.Validate(), "that it was taken in at one time is no default")
	for _, c := range activity.PlainProfile(activity.FormatCSV).Columns {
		require.NotEqual(t, activity.FieldIngested, c.Field)
	}
}
