package activity_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// shared returns the folder of real logs, and skips the test where it is missing.
func shared(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "review")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the shared logs are not here; this test needs them")
	}
	return dir
}

// trail returns the names of the shared CloudTrail files.
func trail(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shared(t), "cloudtrail", "*.json"))
	require.NoError(t, err)
	require.Len(t, names, 34)
	return names
}

func reader(t testing.TB, f activity.Format) activity.Reader {
	t.Helper()
	r, err := activity.ReaderFor(f)
	require.NoError(t, err)
	require.Equal(t, f, r.Format())
	return r
}

// readAll reads a file held in memory and fails on an error of the file's own.
func readAll(t testing.TB, f activity.Format, data []byte) ([]activity.Event, []activity.Defect) {
	t.Helper()
	return readInput(t, f, activity.Input{Source: "s1", File: "log", Content: bytes.NewReader(data)})
}

func readInput(t testing.TB, f activity.Format, in activity.Input) (events []activity.Event, defects []activity.Defect) {
	t.Helper()
	for e, err := range reader(t, f).Read(in) {
		if err != nil {
			var d *activity.Defect
			require.ErrorAs(t, err, &d)
			defects = append(defects, *d)
			continue
		}
		events = append(events, e)
	}
	return events, defects
}
