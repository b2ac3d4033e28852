package activity_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// BenchmarkGenerated reads a synthetic month of 100,000 events in each of its shapes.
func BenchmarkGenerated(b *testing.B) {
	dir := generated(b, "100000")
	for name, f := range map[string]activity.Format{"access.csv": activity.FormatCSV, "flat.ndjson": activity.FormatNDJSON} {
		r, err := activity.ReaderWith(generatedProfile(f))
		require.NoError(b, err)
		b.Run(string(f), func(b *testing.B) { benchReader(b, r, file(b, dir, name), 100000) })
	}
	b.Run("atna", func(b *testing.B) {
		benchReader(b, reader(b, activity.FormatATNA), file(b, dir, "atna.log"), 100000)
	})
	lines := bytes.Split(bytes.TrimSpace(file(b, dir, "fhir.ndjson")), []byte("\n"))
	for name, document := range map[string][]byte{
		"fhir":           bytes.Join(lines, []byte("\n")),
		"fhir in bundle": slices.Concat([]byte(`{"resourceType":"Bundle","entry":[{"resource":`), bytes.Join(lines, []byte(`},{"resource":`)), []byte("}]}")),
		"fhir in array":  slices.Concat([]byte("["), bytes.Join(lines, []byte(",")), []byte("]")),
	} {
		b.Run(name, func(b *testing.B) { benchReader(b, reader(b, activity.FormatFHIR), document, 100000) })
	}
}

func file(t testing.TB, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return data
}

func benchReader(b *testing.B, r activity.Reader, data []byte, events int64) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var tally activity.Tally
		for e, err := range r.Read(activity.Input{Content: bytes.NewReader(data)}) {
			if err := tally.Count(e, err); err != nil {
				b.Fatal(err)
			}
		}
		if tally.Events != events {
			b.Fatal(tally.Events)
		}
	}
	b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
