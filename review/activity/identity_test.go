package activity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// countIdentified counts a file as a review does that asks for identities.
func countIdentified(t *testing.T, f activity.Format, files ...string) [2]int64 {
	t.Helper()
	var tally activity.Tally
	var seen activity.Seen
	for _, file := range files {
		for e, err := range reader(t, f).Read(activity.Input{Source: "s1", File: "log", Content: strings.NewReader(file), Identify: true}) {
			if err == nil && seen.Again(e) {
				tally.Duplicate()
				continue
			}
			require.NoError(t, tally.Count(e, err))
		}
	}
	require.Zero(t, tally.DefectCount())
	return [2]int64{tally.Events, tally.Duplicates}
}

// Neither DICOM nor IHE gives an audit message an identity. A second delivery is known by its document, whatever header the
// relays put before it, if its time says parts of a second; otherwise two that are alike may be two.
func TestASecondDeliveryOfAnAuditMessageIsKnownByItsDocument(t *testing.T) {
	t.Parallel()
	exact, whole := by("u1", "2026-03-01T10:00:00.123Z"), by("u1", "2026-03-01T10:00:00Z")
	const first, second = "<85>1 2026-03-01T10:00:01.5Z ehr-1 ehr - IHE+RFC-3881 - ", "<85>Mar  1 10:00:07 relay ehr: "
	for name, c := range map[string]struct {
		files []string
		want  [2]int64
	}{
		"the same line":                   {[]string{first + exact + "\n" + first + exact + "\n"}, [2]int64{1, 1}},
		"by another relay":                {[]string{first + exact + "\n", second + exact + "\r\n", exact}, [2]int64{1, 2}},
		"another moment":                  {[]string{exact + "\n" + strings.Replace(exact, ".123", ".124", 1)}, [2]int64{2, 0}},
		"another person":                  {[]string{exact + "\n" + by("u2", "2026-03-01T10:00:00.123Z")}, [2]int64{2, 0}},
		"of one second, written alike":    {[]string{first + whole + "\n" + first + whole + "\n"}, [2]int64{2, 0}},
		"parts of a second that are none": {[]string{strings.Repeat(by("u1", "2026-03-01T10:00:00.000Z")+"\n", 2)}, [2]int64{2, 0}},
		"a stamp with parts of a second":  {[]string{strings.Repeat(first+by("u1", "2026-03-01T10:00:00")+"\n", 2)}, [2]int64{2, 0}},
		"folded by a relay":               {[]string{first + exact + "\n" + second + "message repeated 3 times: [" + exact + "]\n"}, [2]int64{4, 0}},
		"folded, and again":               {[]string{first + exact + "\n" + second + "message repeated 3 times: [" + exact + "]\n", first + exact + "\n" + second + "message repeated 3 times: [" + exact + "]\n"}, [2]int64{4, 4}},
	} {
		require.Equal(t, c.want, countIdentified(t, activity.FormatATNA, c.files...), name)
	}
	e := one(t, activity.FormatATNA, exact)
	require.Empty(t, e.ID, "nobody asked")
}

// A resource without an id is known by its bytes; one that has an id, by that.
func TestASecondDeliveryOfAResourceWithoutAnID(t *testing.T) {
	t.Parallel()
	record := func(more, at string) string {
		return `{"resourceType":"AuditEvent",` + more + `"recorded":"` + at + `","agent":[{"requestor":true,"altId":"u1"}]}` + "\n"
	}
	for name, c := range map[string]struct {
		file string
		want [2]int64
	}{
		"the same":                     {strings.Repeat(record("", "2026-03-01T10:00:00.5Z"), 3), [2]int64{1, 2}},
		"of one second, written alike": {strings.Repeat(record("", "2026-03-01T10:00:00Z"), 3), [2]int64{3, 0}},
		"another moment":               {record("", "2026-03-01T10:00:00.5Z") + record("", "2026-03-01T10:00:00.6Z"), [2]int64{2, 0}},
		"with an id":                   {record(`"id":"1",`, "2026-03-01T10:00:00Z") + record(`"id":"1",`, "2026-03-01T10:00:00Z"), [2]int64{1, 1}},
	} {
		require.Equal(t, c.want, countIdentified(t, activity.FormatFHIR, c.file), name)
	}
}

// Times without a zone are instants for whoever says which zone they are of, and no other time is touched.
func TestTimesWithoutAZone(t *testing.T) {
	t.Parallel()
	chicago, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	read := func(r activity.Reader, record string) activity.Event {
		for e, err := range r.Read(activity.Input{Content: strings.NewReader(record)}) {
			require.NoError(t, err)
			return e
		}
		return activity.Event{}
	}
	nxlog := func(clock string) string {
		return strings.NewReplacer(`"2026-03-01T11:00:00.500000+01:00"`, `"`+clock+`"`, `"2026-03-01T11:00:02.250000+01:00"`, `"`+clock+`"`).Replace(nxlogRecord("PC1"))
	}
	for clock, want := range map[string]string{
		"2026-03-01 04:00:00":           "2026-03-01T10:00:00Z",
		"2026-07-01 05:00:00.25":        "2026-07-01T10:00:00.25Z",
		"2026-11-01 01:30:00":           "2026-11-01T06:30:00Z", // of the repeated hour the first
		"2026-03-01T10:00:00Z":          "2026-03-01T10:00:00Z",
		"2026-03-01T11:00:00.500+01:00": "2026-03-01T10:00:00.5Z",
	} {
		e := read(activity.InZone(reader(t, activity.FormatWindows), chicago), nxlog(clock))
		require.Equal(t, at(want), e.Recorded, clock)
		require.Equal(t, at(want), e.Ingested, clock)
		if clock = strings.Replace(clock, " ", "T", 1); len(clock) > 19 && !strings.Contains(clock[10:], "Z") && clock[10] == 'T' {
			continue
		}
		for range 2 { // by the exact way and by the quick one
			file := strings.Repeat("<85>Mar  1 10:00:00 h ehr: "+by("u1", clock)+"\n", 20)
			for e, err := range activity.InZone(reader(t, activity.FormatATNA), chicago).Read(activity.Input{Content: strings.NewReader(file)}) {
				require.NoError(t, err)
				require.Equal(t, at(want), e.Recorded, clock)
			}
		}
	}
	e := read(reader(t, activity.FormatWindows), nxlog("2026-03-01 04:00:00"))
	require.True(t, e.Recorded.IsZero(), "nobody said which zone")
	e = read(activity.InZone(reader(t, activity.FormatATNA), chicago), "<85>1 2026-03-01T09:00:00Z h ehr - - - "+by("u1", "2026-03-01T04:00:00"))
	require.Equal(t, at("2026-03-01T10:00:00Z"), e.Recorded, "the zone goes before the stamp of the header")
	e = read(activity.InZone(reader(t, activity.FormatATNA), chicago), by("u1", "--03-01T04:00:00"))
	require.True(t, e.Recorded.IsZero(), "a zone is no year")
	csv := reader(t, activity.FormatCSV)
	require.Equal(t, csv, activity.InZone(csv, chicago), "a report has the zone of its profile")
}
