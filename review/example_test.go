package review_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// An entity completes the default terms with its sources and has somebody with authority approve them.
func ExampleTerms_Approve() {
	entity := clinic()
	terms := review.DefaultTerms()
	terms.Sources = []review.Source{
		{ID: "trail", Name: "Cloud audit log", System: "cloud", Records: review.RecordAuditLog, Format: activity.FormatCloudTrail,
			Families: []activity.Family{activity.FamilyView, activity.FamilyAdmin}, HorizonDays: 90},
		{ID: "tickets", Name: "Incident tickets", System: "helpdesk", Records: review.RecordIncidentTracking, Form: "CSV export"},
	}
	terms.Detectors = review.DetectorSet(detect.LogControl{})
	p, err := terms.Approve(review.Issue{ID: "review-procedure", Version: "2026-1", Effective: hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1)}},
		hipaasmp.Actor{ID: "w-002", Role: hipaasmp.RoleManagement}, hipaasmp.Day(2025, 12, 15), entity.Authority())
	if err != nil {
		fmt.Println(err)
		return
	}
	march := p.Cadence.Period(hipaasmp.Day(2026, 3, 10))
	last, _ := p.Sources[0].LastFetch(march)
	fmt.Println(march, "is due on", p.Cadence.Due(march))
	fmt.Println("the cloud audit log still has the whole month until", last)
	fmt.Println(p.Citations())
	// Output:
	// 2026-03-01 to 2026-03-31 is due on 2026-04-14
	// the cloud audit log still has the whole month until 2026-05-30
	// [164.308(a)(1)(ii)(D) 164.312(b) 164.316(b)(1)(i)]
}

// A month goes from the log to the certified record. What came to notice must have its disposition first.
func ExampleSession() {
	entity, may := clinic(), clinic().Authority()
	rev := hipaasmp.Actor{ID: "w-003", Role: hipaasmp.RoleReviewer}
	officer := hipaasmp.Actor{ID: "w-001", Role: hipaasmp.RoleSecurityOfficial}
	april := func(day int) time.Time { return time.Date(2026, 4, day, 15, 0, 0, 0, time.UTC) }
	month := hipaasmp.Month(hipaasmp.Day(2026, 3, 1))

	reader, _ := activity.ReaderFor(activity.FormatCloudTrail)
	source := detect.Source{ID: "ehr-log", Reader: reader, Files: []detect.File{detect.FileFrom("march.json", strings.NewReader(trail))}}
	scan, err := detect.Scan(context.Background(), source, detect.LogControl{})
	if err != nil {
		fmt.Println(err)
		return
	}
	read, exceptions := review.FromScan(source, scan)
	read.Capability = review.Capability{State: review.CapabilityEnabled, Checked: hipaasmp.Day(2026, 4, 1)}
	fmt.Println(read.Events, "events,", read.Denials, "denied,", read.DefectCount(), "not readable")

	s, err := review.Open("review-2026-03", entity, procedureInForce(), month, rev, april(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	do := func(next review.Session, err error) {
		if err != nil {
			fmt.Println(err)
			return
		}
		s = next
	}
	do(s.WithSource(read, exceptions...))
	do(s.WithoutSource("ehr-access", review.GroundUnavailable, "The vendor has not delivered it."))
	do(s.WithoutSource("tickets", review.GroundNotExpected, "The ticket system came into use in April."))

	certify := func() (review.Record, error) {
		return s.Complete("record-2026-03", rev, officer, april(8), may, review.ExceptionsDisposed("I certify the review of March."), review.Independence{})
	}
	_, err = certify()
	var refused *hipaasmp.ValidationError
	fmt.Println(errors.As(err, &refused), refused.Has(review.FaultUndisposed))

	x := s.Exceptions[0]
	fmt.Println(x.Detector, x.Severity, x.Actor)
	do(s.Triage(x.ID, rev, april(2), ""))
	do(s.Escalate(x.ID, rev, april(3), "Nobody had planned it.", hipaasmp.Ref{Kind: review.KindIncident, ID: "incident-7"}))
	record, err := certify()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.Timeliness.Certified, "late:", record.Timeliness.Late())
	fmt.Println(record.Citations())
	// Output:
	// 3 events, 1 denied, 1 not readable
	// true true
	// R20 high arn:aws:iam::123456789012:user/t-4
	// 2026-04-08 late: false
	// [164.308(a)(1)(ii)(D) 164.312(b) 164.308(a)(6)(ii) 164.316(b)(1)(ii)]
}

// Coverage says month by month what is known, and what is overdue by the entity's own procedure.
func ExampleRecords_Coverage() {
	p := procedureInForce()
	records := review.Records{Procedures: []review.Procedure{p}}
	c := records.Coverage(hipaasmp.Period{From: hipaasmp.Day(2026, 3, 1), To: hipaasmp.Day(2026, 4, 30)}, hipaasmp.Day(2026, 4, 20))
	for _, cell := range c.Cells {
		if cell.Source == "ehr-log" && cell.Family == "" {
			fmt.Println(cell.Month, cell.Status+":", cell.Reason)
		}
	}
	for _, o := range c.Overdue {
		fmt.Println(o)
	}
	// Output:
	// 2026-03-01 to 2026-03-31 missing: No certified review covers any of 31 days that are overdue by the entity's own procedure.
	// 2026-04-01 to 2026-04-30 not_due: The review of 30 of 30 days is due on 2026-05-14.
	// The review of 2026-03-01 to 2026-03-31 was due on 2026-04-14 by the entity's own procedure, version 2026-1; it is overdue by policy by 6 days.
}

// An incident is documented with its outcome and with what was done about its harmful effects.
func ExampleIncident() {
	officer := hipaasmp.Actor{ID: "w-001", Role: hipaasmp.RoleSecurityOfficial}
	at := func(day int) time.Time { return time.Date(2026, 4, day, 15, 0, 0, 0, time.UTC) }
	i, err := review.ReportIncident("incident-7", clinic(), review.IncidentReport{
		By: officer, At: at(3), On: hipaasmp.Day(2026, 4, 3), Acts: []review.Act{review.ActInterference}, Success: review.SuccessSuccessful,
		Systems: []string{"ehr"}, Narrative: "The audit log was switched off for two hours.",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if i, err = i.Contain(officer, at(4), "The account was locked and logging switched on."); err != nil {
		fmt.Println(err)
		return
	}
	_, record, err := i.Close(officer, at(10), review.Outcome{
		Words: "A technician had acted without a change order.", Harm: review.HarmNone, Mitigation: "The two hours were reconstructed from the application log.",
		Refs: []hipaasmp.Ref{{Kind: "sanction.case", ID: "case-17"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.DocumentRef(), record.Ended, record.Ending.Outcome.Harm)
	fmt.Println(record.Citations())
	// Output:
	// review.incident_record/incident-7 2026-04-10 none_known
	// [164.308(a)(6)(ii) 164.316(b)(1)(ii)]
}

// procedureInForce is the sample procedure.
func procedureInForce() review.Procedure {
	p, err := terms().Approve(issue("review-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
	if err != nil {
		panic(err)
	}
	return p
}
