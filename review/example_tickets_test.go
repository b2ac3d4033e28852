package review_test

import (
	"context"
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// A profile says what the columns and words of a ticket system's export mean; the review keeps its digest.
func ExampleTicketProfile() {
	profile := review.TicketProfile{
		ID: "helpdesk", Version: 1, Format: activity.FormatCSV, Layouts: []string{"2006-01-02 15:04"}, Zone: "America/Chicago",
		Columns: []review.TicketColumn{{Name: "Number", Field: review.TicketFieldID}, {Name: "Opened", Field: review.TicketFieldOpened},
			{Name: "State", Field: review.TicketFieldState}, {Name: "Closed as", Field: review.TicketFieldOutcome}},
		States:   map[string]review.TicketState{"Open": review.TicketOpen, "Done": review.TicketClosed},
		Outcomes: map[string]review.TicketOutcome{"Phishing": review.TicketIncident, "Spam": review.TicketNoIncident},
	}
	export := "Number,Opened,State,Closed as\n101,2026-03-02 09:15,Done,Phishing\n102,2026-02-20 16:40,Open,\n103,2026-03-30 11:00,Done,Spam\n"
	source := detect.Source{ID: "tickets", Files: []detect.File{detect.FileFrom("march.csv", strings.NewReader(export))}}
	asOf := hipaasmp.Day(2026, 3, 31)
	zone, err := hipaasmp.Entity{Zone: "America/Chicago"}.Location()
	if err != nil {
		fmt.Println(err)
		return
	}
	found, _, err := review.FromTickets(context.Background(), source, profile, asOf, zone)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.Events, "tickets, read by", found.Profile)
	for _, c := range found.Tracking.Outcomes {
		fmt.Println("closed as", c.Outcome, c.Count)
	}
	for _, o := range found.Tracking.Open {
		fmt.Println(o.ID, "is", o.State, "for", o.Days, "days")
	}
	// Output:
	// 3 tickets, read by helpdesk version 1
	// closed as incident 1
	// closed as no_incident 1
	// 102 is open for 39 days
}
