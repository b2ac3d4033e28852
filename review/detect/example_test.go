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

// What is known beside the log comes from tables; all detectors run at once, and a budget says what people are shown.
func ExampleAll() {
	people, err := detect.ReadRoster(strings.NewReader("user,role,patient,shift_start,shift_hours\nu00042,nurse,MRN0000042,7,12\n"), detect.TableOptions{})
	if err != nil {
		log.Fatal(err)
	}
	relations, err := detect.ReadRelations(strings.NewReader("user,patient,kind,from,until\nu00042,MRN0000007,care team,2026-02-20,2026-03-05\n"), detect.TableOptions{})
	if err != nil {
		log.Fatal(err)
	}
	run := detect.Start(detect.All(detect.Context{People: people, Relations: relations})...)
	for i, patient := range []string{"MRN0000007", "MRN0000042", "MRN0000099"} {
		run.Add(activity.Event{
			Source: "ehr", ID: fmt.Sprint(i), Recorded: time.Date(2026, 3, 1, 21, i, 0, 0, time.UTC), Actor: activity.Actor{ID: "u00042"},
			Action: activity.ActionRead, Family: activity.FamilyView, Outcome: activity.OutcomeSuccess, Patients: []activity.Patient{{ID: patient}},
		})
	}
	budget := detect.Budget{Alerts: 5, Seed: []byte("drawn before the log was read")}.Spend(run.Findings())
	for _, a := range budget.Alerts {
		fmt.Println(a.Detector, a.Severity, "score", a.Score, "by", a.Pick)
		fmt.Println("   ", a.Reasons[0])
	}
	for _, q := range budget.Quotas {
		fmt.Println(q)
	}
	// Output:
	// R1 low score 2 by rank
	//     1 access by the actor to the actor's own record
	// R14 low score 2 by rank
	//     1 access to the record of a patient to whom nothing ties the actor from 30 days before to 7 days after
	// R1: 1 finding, 0 explained, 1 alert by rank and 0 drawn of 5, 0 waiting
	// R14: 1 finding, 0 explained, 1 alert by rank and 0 drawn of 5, 0 waiting
	// R16: 1 finding, 0 explained, 0 alerts by rank and 0 drawn of 0, 1 waiting
}

// A table with faults is not used; each is named with its line and column.
func ExampleReadRelations() {
	_, err := detect.ReadRelations(strings.NewReader("user,patient,from\nu1,,2026-03-01\nu2,MRN2,March\n"), detect.TableOptions{})
	fmt.Println(err)
	// Output:
	// detect: relations: 2 faults; line 2 column 4: patient is empty; every row needs it; line 3 column 9: from is "March"; write a day as 2026-03-31
}
