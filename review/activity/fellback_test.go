package activity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Lines that look like none before them are counted, but for the first that teach the reader, and read all the same.
func TestLinesThatLookLikeNoneBeforeThemAreCounted(t *testing.T) {
	t.Parallel()
	profile := activity.Profile{ID: "p", Version: 1, Format: activity.FormatNDJSON, Columns: []activity.Column{{Name: "at", Field: activity.FieldRecorded},
		{Name: "who", Field: activity.FieldActor}, {Name: "what", Field: activity.FieldAction}}}
	reader, err := activity.ReaderWith(profile)
	require.NoError(t, err)
	ignored := profile
	for i := range 99 {
		ignored.Columns = append(ignored.Columns, activity.Column{Name: fmt.Sprint("x", i), Field: activity.FieldIgnore})
	}
	loose, err := activity.ReaderWith(ignored)
	require.NoError(t, err)
	line := `{"at":"2026-03-01T10:00:00Z","who":"u","what":"read"%s}` + "\n"
	count := func(r activity.Reader, text string) (events int, fell int64) {
		for _, err := range r.Read(activity.Input{Content: strings.NewReader(text), FellBack: &fell}) {
			require.NoError(t, err)
			events++
		}
		return events, fell
	}
	events, fell := count(reader, strings.Repeat(fmt.Sprintf(line, ""), 100))
	require.Equal(t, 100, events)
	require.Zero(t, fell, "all look alike")
	var odd strings.Builder
	for i := range 99 {
		fmt.Fprintf(&odd, line, fmt.Sprintf(`,"x%d":1`, i))
	}
	events, fell = count(loose, odd.String())
	require.Equal(t, 99, events)
	require.EqualValues(t, 99-9, fell, "each has a member of its own; the first says that these are lines, and eight teach")
	for range reader.Read(activity.Input{Content: strings.NewReader(odd.String())}) { // nobody counts
		break
	}
}
