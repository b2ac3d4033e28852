package activity_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// A log of which one line was cut: the line is counted with its place, and the rest is read.
func Example() {
	file := `{"eventID":"1","eventTime":"2026-03-01T09:00:00Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","errorMessage":"Failed authentication","userIdentity":{"type":"IAMUser","principalId":"AIDA1"}}
{"eventID":"2","eventTime":"2026-03-01T09:
{"eventID":"3","eventTime":"2026-03-01T09:05:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","errorCode":"AccessDenied","userIdentity":{"type":"IAMUser","principalId":"AIDA1"}}
`
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	if err != nil {
		log.Fatal(err)
	}
	var tally activity.Tally
	for event, err := range reader.Read(activity.Input{Source: "aws", File: "trail.ndjson", Content: strings.NewReader(file)}) {
		if err := tally.Count(event, err); err != nil {
			log.Fatal(err) // the file itself could not be read
		}
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(event.Seq, event.Actor.ID, event.Action, event.Act.Name, event.Outcome)
	}
	fmt.Println(tally.Events, "events,", tally.DefectCount(), "defect")
	// Output:
	// 1 AIDA1 login ConsoleLogin failure
	// activity: trail.ndjson: 42 bytes at 210 are no event: syntax: the bytes are not JSON
	// 3 AIDA1 execute StopLogging denied
	// 2 events, 1 defect
}
