package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// FuzzWatchStates gives arbitrary bytes to the readers of the states of watches: nothing panics, and what is read is written
// back the same.
func FuzzWatchStates(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":[[1,2],[4,9]]}`, `{"a":3}`, `{"a":[[0,1]],"b":[]}`, `null`, `[1]`, `{"a":[[0,1073741824]]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, d := range []detect.Detector{review.HourWatch{}, review.AccessWatch{}} {
			p, err := d.Decode(data)
			if err != nil {
				continue
			}
			again, err := p.Encode()
			require.NoError(t, err)
			require.Equal(t, string(data), string(again))
		}
	})
}
