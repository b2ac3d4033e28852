package review_test

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// Reviews are due ten business days after their period, around the holidays of the office.
func ExampleBusinessDays() {
	cadence := review.DefaultTerms().Cadence
	cadence.Business = review.MondayToFriday(hipaasmp.Day(2026, 12, 31), review.FederalHolidays(2026, 2026)...)
	june := cadence.Period(hipaasmp.Day(2026, 6, 10))
	fmt.Println(june, "is due on", cadence.Due(june))
	// Output:
	// 2026-06-01 to 2026-06-30 is due on 2026-07-15
}

// What cannot wait for the end of a month is run in a round, here weekly.
func ExampleRecords_Rounds() {
	terms := review.DefaultTerms()
	terms.Sources, terms.Detectors = procedure(printed{}).Sources, procedure(printed{}).Detectors
	p, err := terms.Approve(issue("review-2026", "2026-1", "2026-03-02"), manager, hipaasmp.Day(2026, 2, 20), may())
	if err != nil {
		fmt.Println(err)
		return
	}
	today := hipaasmp.Day(2026, 3, 18)
	for _, x := range (review.Records{Procedures: []review.Procedure{p}}).Rounds(hipaasmp.Period{}, today) {
		fmt.Println(x.Period, "due", x.Due, "detectors", x.Detectors, "overdue:", x.Overdue(today))
	}
	// Output:
	// 2026-03-02 to 2026-03-08 due 2026-03-10 detectors [R20] overdue: true
	// 2026-03-09 to 2026-03-15 due 2026-03-17 detectors [R20] overdue: true
	// 2026-03-16 to 2026-03-22 due 2026-03-24 detectors [R20] overdue: false
}
