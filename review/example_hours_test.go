package review_test

import (
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func ExampleCountHours() {
	source := review.Source{ID: "door-log", Expected: &review.Schedule{Weekdays: []review.Weekday{review.WeekdayMonday}, From: 8, To: 12}}
	monday := hipaasmp.Day(2026, 3, 2).StartIn(time.UTC)
	seen := &review.HourSet{}
	seen.Entry(monday.Add(8*time.Hour + 30*time.Minute))
	seen.Heartbeat(monday.Add(9 * time.Hour))
	h := review.CountHours(source, hipaasmp.Period{From: hipaasmp.Day(2026, 3, 2), To: hipaasmp.Day(2026, 3, 15)}, time.UTC, seen)
	fmt.Println(h.Observed, "of", h.Expected, "hours, by a heartbeat alone:", h.Heartbeats)
	fmt.Println("silent on:", h.Silent())
	// Output:
	// 2 of 8 hours, by a heartbeat alone: 1
	// silent on: [2026-03-09]
}

func ExampleRuleTerms_Approve() {
	rule, err := review.RuleTerms{
		Detector: detect.IDAfterHours, Actor: "night-ward",
		Valid:  hipaasmp.Period{From: hipaasmp.Day(2026, 4, 1), To: hipaasmp.Day(2026, 9, 30)},
		Reason: review.ExplanationDuty, Words: "The night ward works at night.",
		Proposed: review.Approval{By: reviewer, On: hipaasmp.Day(2026, 4, 2)},
	}.Approve("night-ward", manager, hipaasmp.Day(2026, 4, 3), may())
	if err != nil {
		fmt.Println(err)
		return
	}
	at := time.Date(2026, 5, 4, 2, 0, 0, 0, time.UTC)
	found := detect.Finding{ID: "f-1", Detector: detect.IDAfterHours, Actor: "night-ward", First: at, Last: at}
	fmt.Println(rule.Explains(found, "ehr-log", "America/Chicago"))
	found.Last = found.Last.AddDate(0, 6, 0)
	fmt.Println(rule.Explains(found, "ehr-log", "America/Chicago"))
	// Output:
	// true
	// false
}
