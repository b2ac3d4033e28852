package detect_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// A second pass over the same source, as the draw of a sample makes it, must not find a file without entries where there are some.
func TestASourceThatIsScannedAgainIsTheSameOrAnError(t *testing.T) {
	t.Parallel()
	text := strings.NewReader("not of the file\n" + january)
	_, err := text.Seek(int64(len("not of the file\n")), io.SeekStart)
	require.NoError(t, err)
	source := detect.Source{ID: "aws", Reader: cloudTrail(t), Files: []detect.File{detect.FileFrom("a", strings.NewReader(january)), detect.FileFrom("b", text)}}
	first, err := detect.Scan(t.Context(), source)
	require.NoError(t, err)
	require.EqualValues(t, 3, first.Tally.Events)
	require.EqualValues(t, 3, first.Tally.Duplicates, "both files hold the same")
	again, err := detect.Scan(t.Context(), source)
	require.NoError(t, err)
	require.Equal(t, first.Files, again.Files)

	for name, r := range map[string]io.Reader{"no seeker": bytes.NewBufferString(january), "a seeker that cannot": stuck{strings.NewReader(january)}} {
		source.Files = []detect.File{detect.FileFrom("a", r)}
		first, err = detect.Scan(t.Context(), source)
		require.NoError(t, err, name)
		require.EqualValues(t, 3, first.Tally.Events, name)
		_, err = detect.Scan(t.Context(), source)
		var fe *activity.FileError
		require.ErrorAs(t, err, &fe, name)
		require.ErrorContains(t, err, "has been read before", name)
	}
	source.Files = []detect.File{detect.FileFrom("a", nil)}
	_, err = detect.Scan(t.Context(), source)
	require.ErrorContains(t, err, "give FileFrom a reader")
}

// stuck is a pipe that looks like a file.
type stuck struct{ io.Reader }

func (stuck) Seek(int64, int) (int64, error) { return 0, io.ErrNoProgress }

func TestAScanThatIsNotPutTogetherRightlyReadsNothing(t *testing.T) {
	t.Parallel()
	march := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for why, c := range map[string]struct {
		source    detect.Source
		detectors []detect.Detector
	}{
		"has no way to open it":             {source: detect.Source{Files: []detect.File{{Name: "a"}}}},
		"is given to two files":             {source: detect.Source{Files: []detect.File{detect.FileFrom("a", nil), detect.FileFrom("a", nil)}}},
		"R20 is given twice in one setting": {detectors: []detect.Detector{detect.LogControl{}, detect.FailedLogins{}, detect.LogControl{}}},
		"is nil; leave it out":              {detectors: []detect.Detector{nil}},
		"ends before it begins":             {source: detect.Source{From: march, Until: march}},
	} {
		c.source.ID, c.source.Reader = "aws", cloudTrail(t)
		_, err := detect.Scan(t.Context(), c.source, c.detectors...)
		var se *detect.SourceError
		require.ErrorAs(t, err, &se, why)
		require.ErrorContains(t, err, why)
	}
	// Two settings of one detector are compared in one pass.
	_, err := detect.Scan(t.Context(), detect.Source{ID: "aws", Reader: cloudTrail(t)}, detect.FailedLogins{}, detect.FailedLogins{Failures: 6})
	require.NoError(t, err)
	require.ErrorContains(t, detect.Start().Merge(nil), "there is no run to take")
}
