package sqlpush_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// atTwoPlaces has, around every midnight, an account that is at two places at once a microsecond before it, and at another
// two at midnight.
func atTwoPlaces(midnights []time.Time) (rows []row) {
	for i, at := range midnights {
		for j, origin := range []string{"ws1", "far1", "ws3"} {
			stamp := at.UnixMicro() + []int64{-60e6, -1, 0}[j]
			rows = append(rows, row{Seq: fmt.Sprint(i, " ", j), Stamp: &stamp, User: fmt.Sprint("u", i), Verb: "VIEW", Result: "OK", Station: origin})
		}
	}
	return rows
}

// The days of R17 are those of the zone in every dialect, on the days too that have 23 hours and 25. A statement is the same
// for every zone: it says nothing of days, which the detector counts in what comes back.
func TestTwoPlacesHaveTheDaysOfTheZone(t *testing.T) {
	t.Parallel()
	places, err := detect.ReadPlaces(strings.NewReader("from,site,country,latitude,longitude\nws1,main,US,42.36,-71.06\nws3,abroad,FR,,\nfar*,annex,,,\n"), detect.TableOptions{})
	require.NoError(t, err)
	for name, days := range map[string][]string{
		"America/New_York": {"2026-03-08", "2026-03-09", "2026-11-01", "2026-11-02"},
		"Europe/Berlin":    {"2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26"},
		"Asia/Kathmandu":   {"2026-07-01"},
		"UTC":              {"2026-07-01"},
	} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		var midnights []time.Time
		for _, day := range days {
			at, err := time.ParseInLocation(time.DateOnly, day, zone)
			require.NoError(t, err)
			midnights = append(midnights, at)
		}
		rows := atTwoPlaces(midnights)
		zoned, plain := detect.TwoPlaces{Places: places, Zone: detect.ZoneOf{Location: zone}}, detect.TwoPlaces{Places: places}
		for _, e := range engines() {
			for _, clock := range e.clocks {
				t.Run(e.name+" "+string(clock)+" "+name, func(t *testing.T) {
					t.Parallel()
					about := table()
					about.Clock = clock
					q, err := sqlpush.Render(e.dialect, about, zoned)
					require.NoError(t, err)
					of, err := sqlpush.Render(e.dialect, about, plain)
					require.NoError(t, err)
					require.Equal(t, of.Text, q.Text)
					require.Equal(t, of.Args, q.Args)
					e.run(t, clock, rows, []sqlpush.Query{q}, func(_ int, got sqlpush.Rows) {
						state, err := sqlpush.Collect(q, got)
						require.NoError(t, err)
						found := state.Findings()
						require.Equal(t, inProcess(rows, zoned), found)
						var want, said []string
						for _, day := range days {
							eve, err := time.Parse(time.DateOnly, day)
							require.NoError(t, err)
							want = append(want, "the actor was at two places at once 1 time on "+eve.AddDate(0, 0, -1).Format(time.DateOnly),
								"the actor was at two places at once 2 times on "+day)
						}
						for _, f := range found {
							said = append(said, f.Reasons[0])
						}
						require.ElementsMatch(t, want, said)
					})
				})
			}
		}
	}
}
