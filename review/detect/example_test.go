package detect_test

import (
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

const january = `{"Records":[
{"eventID":"1","eventTime":"2026-01-05T12:00:08Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","errorCode":"TrailNotFoundException","requestParameters":{"name":"clinic-trail"},"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/wf-7"}},
{"eventID":"2","eventTime":"2026-01-05T12:08:04Z","eventSource":"cloudtrail.amazonaws.com","eventName":"DeleteTrail","requestParameters":{"name":"clinic-trail"},"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/wf-7"}},
{"eventID":"3","eventTime":"2026-01-05T12:09:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"DescribeTrails","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/wf-7"}}]}`

func Example() {
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	if err != nil {
		log.Fatal(err)
	}
	run := detect.Start(detect.LogControl{}, detect.FailedLogins{}, detect.LoginAfterFailures{})
	for event, err := range reader.Read(activity.Input{Source: "aws", File: "january.json", Content: strings.NewReader(january)}) {
		if err != nil {
			log.Fatal(err)
		}
		run.Add(event)
	}
	for _, f := range run.Findings() {
		fmt.Println(f.Detector, f.Severity, f.Actor)
		for _, reason := range f.Reasons {
			fmt.Println("   ", reason)
		}
	}
	// Output:
	// R20 moderate arn:aws:iam::111122223333:user/wf-7
	//     StopLogging stops a trail from recording (clinic-trail)
	//     it failed: TrailNotFoundException
	// R20 high arn:aws:iam::111122223333:user/wf-7
	//     DeleteTrail deletes a trail (clinic-trail)
	//     it succeeded
}

// The states of two halves of a log, built on two machines, add up to the state of the whole.
func ExamplePartial() {
	failure := func(id string, minute int) activity.Event {
		return activity.Event{
			Source: "ehr", ID: id, Recorded: time.Date(2026, 3, 1, 9, minute, 0, 0, time.UTC),
			Actor: activity.Actor{ID: "u00042"}, Action: activity.ActionLogin, Outcome: activity.OutcomeFailure,
		}
	}
	d := detect.FailedLogins{}
	here, there := d.New(), d.New()
	for i := range 3 {
		here.Add(failure(fmt.Sprint("a", i), 2*i))
		there.Add(failure(fmt.Sprint("b", i), 2*i+1))
	}
	fmt.Println(len(here.Findings()), len(there.Findings()))

	sent, err := there.Encode()
	if err != nil {
		log.Fatal(err)
	}
	received, err := d.Decode(sent)
	if err != nil {
		log.Fatal(err)
	}
	if err := here.Merge(received); err != nil {
		log.Fatal(err)
	}
	fmt.Println(here.Findings()[0].Reasons[0])
	// Output:
	// 0 0
	// 6 failed log-ins by one user within 5m0s
}

// One pass over the files of a source gives all that a review states of it.
func ExampleScan() {
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	if err != nil {
		log.Fatal(err)
	}
	scanned, err := detect.Scan(context.Background(), detect.Source{
		ID: "aws", Reader: reader,
		Files: []detect.File{detect.FileFrom("january.json", strings.NewReader(january))},
		From:  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Until: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
	}, detect.LogControl{})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range scanned.Files {
		fmt.Println(f.Name, f.Size, "bytes", f.SHA256[:8], f.Tally.Events, "events", f.Tally.DefectCount(), "defects")
	}
	fmt.Println(scanned.Outside, "outside the period,", len(scanned.Findings()), "findings")
	// Output:
	// january.json 732 bytes 8e00d1f2 3 events 0 defects
	// 0 outside the period, 2 findings
}
