package activity_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// What failed is counted beside the kinds of activity: the log-in that failed is a log-in as well.
func ExampleTally_Family() {
	const log = `{"recorded":"2026-03-01T10:00:00Z","actor":"u1","action":"login","outcome":"success"}
{"recorded":"2026-03-01T10:05:00Z","actor":"u2","action":"login","outcome":"failure"}
{"recorded":"2026-03-01T10:06:00Z","actor":"u2","action":"read","patient":"7","outcome":"denied"}
{"recorded":"2026-03-01T10:07:00Z","actor":"u2","action":"read","patient":"7","outcome":"throttled"}
`
	reader, err := activity.ReaderFor(activity.FormatNDJSON)
	if err != nil {
		fmt.Println(err)
		return
	}
	var tally activity.Tally
	for e, err := range reader.Read(activity.Input{Source: "ehr", Content: strings.NewReader(log)}) {
		if err := tally.Count(e, err); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, f := range []activity.Family{activity.FamilyLogin, activity.FamilyView, activity.FamilyFailed} {
		fmt.Printf("%s: %d of %d\n", f.Words(), tally.Family(f), tally.Events)
	}
	// Output:
	// login: 2 of 4
	// view: 2 of 4
	// failed or denied acts: 2 of 4
}

// A reader says which zone it takes times without an offset for, so that a review can keep it.
func ExampleAssumedZone() {
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range []activity.Format{activity.FormatWindows, activity.FormatCloudTrail} {
		reader, err := activity.ReaderFor(f)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %q, and %q when given one\n", f, activity.AssumedZone(reader), activity.AssumedZone(activity.InZone(reader, chicago)))
	}
	// Output:
	// windows: "", and "America/Chicago" when given one
	// cloudtrail: "", and "" when given one
}
