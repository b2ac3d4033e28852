package detect_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Whoever ships states between machines is told in what a state differs, not only that it does.
func TestARefusedStateSaysInWhatItDiffers(t *testing.T) {
	t.Parallel()
	for _, d := range []detect.Detector{detect.FailedLogins{}, detect.UserVolume{}} { // a set of marks, and a summary
		own, err := d.New().Encode()
		require.NoError(t, err)
		written := string(own)
		id := string(d.Describe().ID)
		foreign, err := detect.LogControl{}.New().Encode()
		require.NoError(t, err)
		for text, want := range map[string]string{
			strings.Replace(written, `"version":`, `"version":7`, 1):                                 "it is of version 7",
			strings.Replace(written, `"value":"`, `"value":"9`, 1):                                   "its setting ",
			strings.Replace(written, `"parameters":[`, `"parameters":[{"name":"x","value":"y"},`, 1): "it has other settings than the detector",
			string(foreign):          "it is of the detector R20",
			written[:len(written)/2]: "its bytes cannot be read",
			"":                       "its bytes cannot be read",
			"{}":                     "it is of the detector ",
		} {
			_, err := d.Decode([]byte(text))
			var se *detect.StateError
			require.ErrorAs(t, err, &se, text)
			require.ErrorContains(t, err, "detect: "+id+" cannot take this state: "+want, text)
		}
		require.ErrorContains(t, d.New().Merge(nil), "there is none of this package")
		require.ErrorContains(t, d.New().Merge(detect.LogControl{}.New()), "it is of the detector R20")
	}
	require.ErrorContains(t, detect.FailedLogins{}.New().Merge(detect.FailedLogins{Failures: 9}.New()), `its setting failures is "9", and that of the detector "5"`)
}
