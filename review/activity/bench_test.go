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
	benchReader(b, reader(b, f), data, events)
}
