package activity_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// A format of one's own: an access report in CSV, described by a profile that is kept with the review.
func ExampleReaderWith() {
	profile := activity.Profile{
		ID: "clinic-access", Version: 1, Format: activity.FormatCSV,
		Columns: []activity.Column{
			{Name: "When", Field: activity.FieldRecorded},
			{Name: "User", Field: activity.FieldActor},
			{Name: "MRN", Field: activity.FieldPatient},
			{Name: "What", Field: activity.FieldAction},
		},
		Layouts:  []string{"2006-01-02 15:04"},
		Zone:     "America/Chicago",
		Words:    map[activity.Field]map[string]string{activity.FieldAction: {"Opened chart": "read"}},
		Defaults: map[activity.Field]string{activity.FieldOutcome: "success"},
	}
	reader, err := activity.ReaderWith(profile)
	if err != nil {
		log.Fatal(err) // every fault of the profile
	}
	file := "When,User,MRN,What\n2026-03-01 18:30,u17,1001,Opened chart\n2026-03-01 18:31,u17\n"
	for event, err := range reader.Read(activity.Input{Source: "ehr", File: "march.csv", Content: strings.NewReader(file)}) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(event.Recorded.Format("2006-01-02T15:04Z"), event.Actor.ID, event.Action, event.Patients[0].ID)
	}
	digest, err := profile.Digest()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("read by", profile.ID, "version", profile.Version, "with the digest", digest[:8])
	// Output:
	// 2026-03-02T00:30Z u17 read 1001
	// activity: march.csv: 20 bytes at 58 are no event: syntax: the row has 2 cells where the profile has 4 columns
	// read by clinic-access version 1 with the digest 60db2abd
}
