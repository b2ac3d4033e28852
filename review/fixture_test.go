package review_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// The people of the sample clinic, by opaque identity.
var (
	official   = hipaasmp.Actor{ID: "w-001", Role: hipaasmp.RoleSecurityOfficial}
	manager    = hipaasmp.Actor{ID: "w-002", Role: hipaasmp.RoleManagement}
	reviewer   = hipaasmp.Actor{ID: "w-003", Role: hipaasmp.RoleReviewer}
	technician = hipaasmp.Actor{ID: "w-004", Role: hipaasmp.RoleSystemAdministrator}
	member     = hipaasmp.Actor{ID: "w-009", Role: hipaasmp.RoleWorkforce}
	program    = hipaasmp.Actor{ID: "scheduler", Role: hipaasmp.RoleSystem}
)

var day = civil.Date

func clinic() hipaasmp.Entity {
	since := hipaasmp.Period{From: day("2019-01-01")}
	e := hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "clinic"), Name: "Sample Clinic", Type: hipaasmp.EntityCoveredEntity, Size: hipaasmp.EntitySmall,
		Zone: "America/Chicago", Created: day("2019-01-01"), InEffect: since,
	}
	for _, a := range []hipaasmp.Actor{official, manager, reviewer, technician, member} {
		e.Workforce = append(e.Workforce, hipaasmp.WorkforceMember{ID: a.ID, Category: hipaasmp.WorkforceEmployee, Member: since})
		e.Appointments = append(e.Appointments, hipaasmp.Appointment{Role: a.Role, Member: a.ID, Term: since})
	}
	return e
}

func may() hipaasmp.Authority { return clinic().Authority() }

var chicago = sync.OnceValue(func() *time.Location {
	loc, err := clinic().Location()
	if err != nil {
		panic(err)
	}
	return loc
})

// on is ten o'clock of the day in Chicago.
func on(date string) time.Time { return day(date).StartIn(chicago()).Add(10 * time.Hour) }

// terms is a monthly procedure over a log, a report and tickets.
func terms() review.Terms {
	t := review.DefaultTerms()
	t.Cadence, t.Rounds = review.Cadence{Unit: review.UnitMonth, Every: 1, DueDays: 14}, nil
	t.Sources = []review.Source{
		{ID: "ehr-log", Name: "EHR audit log", System: "ehr", Records: review.RecordAuditLog, Format: activity.FormatFHIR,
			Families: []activity.Family{activity.FamilyLogin, activity.FamilyView}, HorizonDays: 90, Archive: "Bucket audit-archive, write once"},
		{ID: "ehr-access", Name: "EHR access report", System: "ehr", Records: review.RecordAccessReport, Form: "CSV export of accounts and rights"},
		{ID: "tickets", Name: "Incident tickets", System: "helpdesk", Records: review.RecordIncidentTracking, Form: "CSV export of tickets"},
	}
	t.Detectors = review.DetectorSet(detect.LogControl{})
	return t
}

func issue(id, version, from string) review.Issue {
	return review.Issue{ID: id, Version: version, Effective: hipaasmp.Period{From: day(from)}}
}

// procedure governs since 2026-01-01.
func procedure(t require.TestingT) review.Procedure {
	p, err := terms().Approve(issue("review-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	return p
}

func march() hipaasmp.Period {
	return hipaasmp.Period{From: day("2026-03-01"), To: day("2026-03-31")}
}

func month(date string) hipaasmp.Period { return hipaasmp.Month(day(date)) }

// open opens a session over the period on the day after its end.
func open(t require.TestingT, period hipaasmp.Period) review.Session {
	s, err := review.Open("s-"+period.From.String(), clinic(), procedure(t), period, reviewer, on(period.To.AddDays(1).String()))
	require.NoError(t, err)
	return s
}

func enabled(checked hipaasmp.Date) review.Capability {
	return review.Capability{State: review.CapabilityEnabled, Checked: checked}
}

// log is a review of the EHR log: ten events, two of them denied, one defect.
func log(period hipaasmp.Period) review.SourceReview {
	first := period.From.StartIn(chicago())
	last := period.To.StartIn(chicago())
	return review.SourceReview{
		Source: "ehr-log", Method: review.MethodAutomated, Reader: 1, Program: "activity-review 1.0",
		Files:  []review.LogFile{{Name: "ehr.ndjson", Size: 4096, SHA256: hipaasmp.DigestOf([]byte("log")), Events: 10, Defects: 1, First: first, Last: last}},
		Events: 10, Denials: 2, UnresolvedActors: 1, First: first, Last: last,
		Defects:    []review.DefectCount{{Reason: activity.ReasonSyntax, Count: 1}},
		Outcomes:   []review.OutcomeCount{{Outcome: activity.OutcomeSuccess, Count: 8}, {Outcome: activity.OutcomeDenied, Count: 2}},
		Families:   []review.FamilyCount{{Family: activity.FamilyLogin, Count: 4}, {Family: activity.FamilyView, Count: 6}},
		Detectors:  []review.DetectorRun{{Detector: detect.IDLogControl, Version: 2, Findings: 1}},
		Capability: enabled(period.To.AddDays(1)),
	}
}

func manual(source string, period hipaasmp.Period) review.SourceReview {
	r := review.SourceReview{Source: source, Method: review.MethodManual, Events: 3, Capability: enabled(period.To.AddDays(1))}
	if source == "tickets" {
		r.Tracking = &review.Tracking{AsOf: period.To.AddDays(1), States: []review.TicketStateCount{{State: review.TicketClosed, Count: 3}},
			Outcomes: []review.TicketOutcomeCount{{Outcome: review.TicketNoIncident, Count: 2}, {Outcome: review.TicketIncident, Count: 1}}}
	}
	return r
}

func finding(id, actor string) detect.Finding {
	at := on("2026-03-05")
	return detect.Finding{
		ID: id, Detector: detect.IDLogControl, Version: 2, Severity: detect.SeverityHigh, Actor: actor,
		Reasons: []string{"StopLogging switches the trail off", "it succeeded"}, Count: 1, First: at, Last: at,
		Events: []detect.EventRef{{Source: "ehr-log", ID: "e-1", Raw: activity.Raw{File: "ehr.ndjson", Offset: 12, Length: 300}, At: at}},
	}
}

const arn = "arn:aws:iam::123456789012:user/t-4"

// covered is a session over the period with all three sources reviewed and the given exceptions still open.
func covered(t require.TestingT, period hipaasmp.Period, exceptions ...review.Exception) review.Session {
	s, err := open(t, period).WithSource(log(period), exceptions...)
	require.NoError(t, err)
	for _, id := range []string{"ehr-access", "tickets"} {
		s, err = s.WithSource(manual(id, period))
		require.NoError(t, err)
	}
	return s
}

func exception(id string) review.Exception { return review.NewException("ehr-log", finding(id, arn)) }

// explained is a session whose one exception has its disposition.
func explained(t require.TestingT) review.Session {
	s := covered(t, march(), exception("x-1"))
	s, err := s.Triage("x-1", reviewer, on("2026-04-02"), "")
	require.NoError(t, err)
	s, err = s.Explain("x-1", reviewer, on("2026-04-03"), review.ExplanationMaintenance, "Change 17 moved the trail.")
	require.NoError(t, err)
	return s
}

func independence() review.Independence {
	return review.Independence{
		Accounts:       []review.Account{{Member: reviewer.ID, Actors: []string{"arn:aws:iam::123456789012:user/r-3"}}},
		Administrators: []review.Administration{{System: "ehr", Members: []string{technician.ID}, Outside: "The EHR vendor"}, {System: "helpdesk", Members: []string{technician.ID}}},
	}
}

// quiet is the certified record of a period without exceptions.
func quiet(t require.TestingT, period hipaasmp.Period, certified string) (review.Session, review.Record) {
	s := covered(t, period)
	r, err := s.Complete("r-"+period.From.String(), reviewer, official, on(certified), may(), review.NoExceptions("I certify that nothing came to notice."), independence())
	require.NoError(t, err)
	s, err = s.Close(r)
	require.NoError(t, err)
	return s, r
}

// record is the certified record of March with one explained exception.
func record(t require.TestingT) review.Record {
	r, err := explained(t).Complete("r-march", reviewer, official, on("2026-04-08"), may(), review.ExceptionsDisposed("I certify the review of March."), independence())
	require.NoError(t, err)
	return r
}

func report() review.IncidentReport {
	return review.IncidentReport{
		By: reviewer, At: on("2026-04-03"), On: day("2026-04-03"), Occurred: hipaasmp.Period{From: day("2026-03-05"), To: day("2026-03-05")},
		Acts: []review.Act{review.ActInterference}, Success: review.SuccessSuccessful, Systems: []string{"ehr"},
		Narrative: "Logging was switched off for two hours.", Sources: []hipaasmp.Ref{{Kind: review.KindSession, ID: "s-2026-03-01"}},
	}
}

func incident(t require.TestingT) review.Incident {
	i, err := review.ReportIncident("i-1", clinic(), report())
	require.NoError(t, err)
	return i
}

func outcome() review.Outcome {
	return review.Outcome{Words: "Logging is on again and guarded.", Harm: review.HarmNone, Mitigation: "The two hours were reconstructed from the application log.",
		Refs: []hipaasmp.Ref{{Kind: "sanction.case", ID: "case-1"}}}
}

func proof() hipaasmp.Artifact {
	return hipaasmp.Artifact{Name: "status.png", MediaType: "image/png", Size: 1204, SHA256: hipaasmp.DigestOf([]byte("status"))}
}

// requireFault asks that err carries the code, at the pointer where one is given.
func requireFault(t *testing.T, err error, code hipaasmp.FaultCode, pointer ...string) {
	t.Helper()
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve, "%v", err)
	require.True(t, ve.Has(code), "want %s in %v", code, ve)
	for _, p := range pointer {
		found := false
		for _, f := range ve.Faults {
			found = found || f.Code == code && f.Pointer == p
		}
		require.True(t, found, "want %s at %s in %v", code, p, ve.Faults)
	}
}
