package activity_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// sample is a published sample and all that it must give. Source, file and position are filled in.
type sample struct {
	file   string
	events []activity.Event
}

// requireSamples reads published samples and compares every field of every event.
func requireSamples(t *testing.T, f activity.Format, folder string, samples []sample) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
	require.NoError(t, err)
	require.Len(t, samples, len(names), "a sample of the folder is not tested")
	for _, s := range samples {
		data, err := os.ReadFile(filepath.Join("testdata", folder, s.file))
		require.NoError(t, err)
		events, defects := readAll(t, f, data)
		require.Empty(t, defects, s.file)
		require.Len(t, events, len(s.events), s.file)
		for i, want := range s.events {
			want.Source, want.Seq, want.Raw.File = "s1", int64(i+1), "log"
			require.Equal(t, want, events[i], "%s, event %d", s.file, i+1)
		}
	}
}

// at reads a time of a table.
func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// one reads a record that must give one event.
func one(t *testing.T, f activity.Format, record string) activity.Event {
	t.Helper()
	events, defects := readAll(t, f, []byte(record))
	require.Empty(t, defects, record)
	require.Len(t, events, 1, record)
	return events[0]
}

// reasons reads a file and returns the reasons of its defects, and the identities of its events.
func reasons(t *testing.T, f activity.Format, file string) (why []activity.Reason, found string) {
	t.Helper()
	events, defects := readAll(t, f, []byte(file))
	for _, d := range defects {
		why = append(why, d.Reason)
		if bytes := file[d.Raw.Offset : d.Raw.Offset+d.Raw.Length]; len(bytes) > 12 {
			require.NotContains(t, d.Error(), bytes, "a defect says nothing out of the log")
		}
	}
	return why, ids(events)
}

// jsonDamage is what befalls files of JSON, whatever they hold: record gives an entry with the identity.
func jsonDamage(t *testing.T, f activity.Format, record func(id string) string) {
	t.Helper()
	a, b, resource := record("a"), record("b"), "AuditEvent"
	if f == activity.FormatFHIR {
		resource = "Patient"
	}
	deep := strings.TrimSuffix(record("deep"), "}") + `,"unread":` + strings.Repeat(`{"x":[`, 5000) + strings.Repeat(`]}`, 5000) + "}"
	for name, c := range map[string]struct {
		file string
		ids  string
		want []activity.Reason
	}{
		"half a line":              {a + "\n" + b[:len(b)/2] + "\n" + b + "\n", "a b", []activity.Reason{activity.ReasonSyntax}},
		"half a line, last":        {a + "\n" + b[:len(b)/2], "a", []activity.Reason{activity.ReasonTruncated}},
		"NUL bytes":                {a + "\n\x00\x00\x00\x00\n" + b, "a b", []activity.Reason{activity.ReasonSyntax}},
		"NUL in a text":            {a + "\n" + strings.Replace(b, `"b"`, "\"b\x00\"", 1) + "\n" + b, "a b", []activity.Reason{activity.ReasonSyntax}},
		"a byte order mark":        {"\ufeff" + a + "\n" + b, "a b", nil},
		"CR LF":                    {a + "\r\n" + b + "\r\n", "a b", nil},
		"another encoding between": {a + "\n" + strings.Replace(b, `"b"`, "\"b\xe9\"", 1) + "\n" + b, "a b", []activity.Reason{activity.ReasonEncoding}},
		"UTF-32":                   {"\xff\xfe\x00\x00{\x00\x00\x00}\x00\x00\x00", "", []activity.Reason{activity.ReasonEncoding}},
		"10,000 deep":              {a + "\n" + deep + "\n" + b, "a b", []activity.Reason{activity.ReasonTooDeep}},
		"delivered twice":          {a + "\n" + b + "\n" + a, "a b a", nil},
		"another format":           {a + "\n" + `{"resourceType":"` + resource + `","id":"1"}`, "a", []activity.Reason{activity.ReasonNotAnEvent}},
		"no object":                {"[" + a + `,7,"x",null]`, "a", []activity.Reason{activity.ReasonType, activity.ReasonType, activity.ReasonNotAnEvent}},
		"nothing":                  {"", "", []activity.Reason{activity.ReasonEmpty}},
	} {
		why, found := reasons(t, f, c.file)
		require.Equal(t, c.want, why, name)
		require.Equal(t, c.ids, strings.ReplaceAll(found, "/7", ""), name) // pgAudit's have the number of the line
	}
	requireDeduped(t, f, a+"\n"+b+"\n"+a+"\n", 2, 1)
	requireLongPassedOver(t, f, a+"\n"+strings.TrimSuffix(record("long"), "}")+`,"unread":"`, `"}`+"\n"+b+"\n")
}

// requireDeduped counts a file as a review does: an entry that comes again is reported and counted once.
func requireDeduped(t *testing.T, f activity.Format, file string, events, duplicates int64) {
	t.Helper()
	var tally activity.Tally
	var seen activity.Seen
	for e, err := range reader(t, f).Read(activity.Input{Source: "s1", File: "log", Content: strings.NewReader(file)}) {
		if err == nil && seen.Again(e) {
			tally.Duplicate()
			continue
		}
		require.NoError(t, tally.Count(e, err))
	}
	require.Equal(t, [3]int64{events, duplicates, 0}, [3]int64{tally.Events, tally.Duplicates, tally.DefectCount()})
}

// requireLongPassedOver puts 20 MB between two halves of a line and looks at the memory that the reader asks for.
func requireLongPassedOver(t *testing.T, f activity.Format, before, after string) {
	t.Helper()
	const size = 20 << 20
	in := &largest{r: longLine(before, size, after)}
	events, defects := readInput(t, f, activity.Input{Content: in, MaxRecord: 1 << 20})
	require.Equal(t, "a b", strings.ReplaceAll(ids(events), "/7", ""))
	require.Len(t, defects, 1)
	require.Equal(t, activity.ReasonTooLong, defects[0].Reason)
	require.Greater(t, defects[0].Raw.Length, int64(size))
	require.Less(t, in.asked, 4<<20, "the buffer grew with the line")
}

func longLine(before string, size int, after string) io.Reader {
	return io.MultiReader(strings.NewReader(before), &repeat{text: strings.Repeat("x", 4096), left: size}, strings.NewReader(after))
}

// moreSeeds are small files of the formats that have a seed of their own.
func moreSeeds(f activity.Format) [][]byte {
	var record func(id string) string
	switch f {
	case activity.FormatAuditd:
		return auditdSeeds()
	case activity.FormatPgAudit:
		return pgAuditSeeds()
	case activity.FormatWindows:
		return windowsSeeds()
	case activity.FormatOCSF:
		record = ocsfRecord
	case activity.FormatOkta:
		record = oktaRecord
	case activity.FormatEntra:
		record = entraRecord
	default:
		return nil
	}
	one, two := record("e-1"), record("e-2")
	out := [][]byte{
		[]byte(one),
		[]byte(one + "\n" + two + "\n"),
		[]byte("[\n  " + one + ",\n  " + two + "\n]\n"),
		[]byte(strings.ReplaceAll(one, ",", ",\n  ")),
	}
	switch f {
	case activity.FormatEntra:
		out = append(out, []byte(`{"value":[`+one+","+two+`]}`), []byte(`{"records":[`+entraEnvelope("e-1", "")+","+entraEnvelope("e-2", "")+`]}`),
			[]byte(`[{"records":[`+entraEnvelope("e-1", `,"EventEnqueuedUtcTime":"2026-03-01T10:00:07Z"`)+`]},{"records":[`+entraEnvelope("e-2", "")+`]}]`))
	case activity.FormatOkta:
		out = append(out, []byte(`{"eventType":"com.okta.event_hook","data":{"events":[`+one+","+two+`]},"eventTime":"2026-03-01T12:00:00Z"}`))
	}
	return out
}

// jsonTimes gives a record times that say less than an instant, and times that run backwards.
func jsonTimes(t *testing.T, f activity.Format, record func(id string) string, clock string) {
	t.Helper()
	require.Contains(t, record("a"), clock)
	for _, unknown := range []string{`"Mar  1 10:00:00"`, `"03-01T10:00:00Z"`, `"2026-03-01T10:00:00"`, `"0000"`} {
		e := one(t, f, strings.Replace(record("a"), clock, unknown, 1))
		require.True(t, e.Recorded.IsZero(), "%s has no year or no zone, so it is no instant", unknown)
	}
	var clocks []time.Time
	file := ""
	for _, hour := range []string{"10", "12", "09", "11"} { // the clock jumps
		file += strings.Replace(record("at"+hour), clock, `"2026-03-01T`+hour+`:00:00Z"`, 1) + "\n"
	}
	events, defects := readAll(t, f, []byte(file))
	require.Empty(t, defects)
	for _, e := range events {
		clocks = append(clocks, e.Recorded)
	}
	require.Equal(t, []time.Time{at("2026-03-01T10:00:00Z"), at("2026-03-01T12:00:00Z"), at("2026-03-01T09:00:00Z"), at("2026-03-01T11:00:00Z")}, clocks,
		"the order is that of the file, and every time is as written")
}
