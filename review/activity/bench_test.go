package activity_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// The figures are MB/s of the file and events/s; each iteration reads the file once.
func BenchmarkRead(b *testing.B) {
	b.Run("cloudtrail", func(b *testing.B) {
		var all []byte
		for _, name := range trail(b) {
			data, err := os.ReadFile(name)
			require.NoError(b, err)
			all = append(all, data...)
		}
		bench(b, activity.FormatCloudTrail, all, 2261)
	})
	b.Run("fhir", func(b *testing.B) {
		bench(b, activity.FormatFHIR, bytes.Repeat(seeds(activity.FormatFHIR)[1], 1000), 2000)
	})
}

func bench(b *testing.B, f activity.Format, data []byte, events int64) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var tally activity.Tally
		for e, err := range reader(b, f).Read(activity.Input{Content: bytes.NewReader(data)}) {
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
