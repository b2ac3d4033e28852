package clinic

import (
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// reviews are three quarters, certified in time: the one in which something happened, and two like any other.
func (b *builder) reviews() {
	terms := review.DefaultTerms()
	terms.Cadence = review.Cadence{Unit: review.UnitMonth, Every: 3, DueDays: 14}
	terms.Rounds = nil // a quarter is what so small a practice keeps to
	terms.Sources = []review.Source{
		{ID: "trail", Name: "Audit trail of the cloud account", System: "cloud", Records: review.RecordAuditLog, Format: activity.FormatCloudTrail,
			Families: []activity.Family{activity.FamilyLogin, activity.FamilyAdmin}, HorizonDays: 90, Archive: "Log bucket of another account", Expected: review.AlwaysOn()},
		{ID: "ehr-access", Name: "Access report of the EHR", System: "ehr", Records: review.RecordAccessReport, Form: "Report from the EHR vendor"},
		{ID: "tickets", Name: "Incident tracking", System: "desk", Records: review.RecordIncidentTracking, Form: "The incidents filed in this store"},
		{ID: "tablet-access", Name: "Sign-ins of the tablets", System: "tablets", Records: review.RecordAccessReport, Form: "Report of the device management"},
		{ID: "cart-access", Name: "Sign-ins of the ultrasound cart", System: "ultrasound", Records: review.RecordAccessReport, Form: "Log of the cart, read on its screen"},
	}
	terms.Detectors = review.DetectorSet(detect.LogControl{})
	p, err := terms.Approve(review.Issue{ID: "pr-1", Version: "1", Effective: hipaasmp.Period{From: day("2025-10-01")}}, official, day("2025-09-20"), b.entity.Authority())
	if !b.ok(err) {
		return
	}
	p, err = p.Review(official, day("2026-06-15"), "No change needed.")
	b.ok(err)
	b.r.Procedures = []review.Procedure{p}
	b.quarter(p, "2025-10-01", "2025-12-31", "2026-01-09", true)
	b.quarter(p, "2026-01-01", "2026-03-31", "2026-04-10", false)
	b.quarter(p, "2026-04-01", "2026-06-30", "2026-07-10", false)
}

func (b *builder) quarter(p review.Procedure, from, to, certified string, eventful bool) {
	if b.err != nil {
		return
	}
	name := from[:len("2026-01")]
	opened := day(to).AddDays(2).String()
	s, err := review.Open("rs-"+name, b.entity, p, hipaasmp.Period{From: day(from), To: day(to)}, reviewer, b.at(opened, 9))
	if !b.ok(err) {
		return
	}
	on := review.Capability{State: review.CapabilityEnabled, Checked: day(opened)}
	first, last := b.at(from, 8), b.at(to, 8)
	trail := review.SourceReview{
		Source: "trail", Method: review.MethodAutomated, Reader: 1, Program: "lakeside-review 1.4", Events: 40, First: first, Last: last,
		Files:      []review.LogFile{{Name: "trail-" + name + ".json", Size: 9000, SHA256: hipaasmp.DigestOf([]byte("lakeside trail " + name)), Events: 40, First: first, Last: last}},
		Outcomes:   []review.OutcomeCount{{Outcome: activity.OutcomeSuccess, Count: 40}},
		Families:   []review.FamilyCount{{Family: activity.FamilyLogin, Count: 30}, {Family: activity.FamilyAdmin, Count: 10}},
		Detectors:  []review.DetectorRun{{Detector: detect.IDLogControl, Version: 2}},
		Hours:      review.CountHours(p.Sources[0], s.Period, b.zone, digests(s.Period, b.zone)),
		Capability: on,
	}
	var found []review.Exception
	if eventful {
		at := b.at("2025-11-16", 22)
		trail.Detectors[0].Findings = 1
		found = append(found, review.NewException("trail", detect.Finding{
			ID: "x-1", Detector: detect.IDLogControl, Version: 2, Severity: detect.SeverityHigh, Actor: Account,
			Reasons: []string{"StopLogging switches the trail off", "it succeeded"}, Count: 1, First: at, Last: at,
			Events: []detect.EventRef{{Source: "trail", ID: "e-1", Raw: activity.Raw{File: trail.Files[0].Name, Offset: 12, Length: 300}, At: at}},
		}))
	}
	s, err = s.WithSource(trail, found...)
	b.ok(err)
	for _, source := range p.Sources[1:] {
		r := review.SourceReview{Source: source.ID, Method: review.MethodManual, Events: 5, Capability: on}
		if source.Records == review.RecordIncidentTracking {
			r.Tracking = b.tickets(name, from, opened)
			r.Events = r.Tracking.State(review.TicketClosed)
		}
		if s, err = s.WithSource(r); !b.ok(err) {
			return
		}
	}
	statement := review.NoExceptions("I looked at what was reviewed; nothing came to notice.")
	if eventful {
		s, err = s.Triage("x-1", reviewer, b.at(opened, 11), "")
		b.ok(err)
		s, err = s.Escalate("x-1", reviewer, b.at(opened, 12), "Part of the incident of that night.",
			hipaasmp.Ref{Kind: review.KindIncident, ID: "inc-1"}, hipaasmp.Ref{Kind: sanction.KindCase, ID: "case-1"})
		b.ok(err)
		statement = review.ExceptionsDisposed("Each exception was looked at and has its disposition.")
	}
	var administrators []review.Administration
	for _, system := range strings.Fields("cloud ehr desk tablets ultrasound") {
		administrators = append(administrators, review.Administration{System: system, Members: []string{technician.ID}})
	}
	record, err := s.Complete("rv-"+name, reviewer, official, b.at(certified, 15), b.entity.Authority(), statement, review.Independence{Administrators: administrators})
	if !b.ok(err) {
		return
	}
	s, err = s.Close(record)
	b.ok(err)
	b.r.Sessions, b.r.Reviews = append(b.r.Sessions, s), append(b.r.Reviews, record)
}

// tickets are two of the quarter, both closed, as the person who read them saw them.
func (b *builder) tickets(name, from, asOf string) *review.Tracking {
	t := review.Track(slices.Values([]review.Ticket{
		{ID: "T-" + name + "-1", Opened: b.at(from, 9), Closed: b.at(from, 17), State: review.TicketClosed, Outcome: review.TicketNoIncident},
		{ID: "T-" + name + "-2", Opened: b.at(from, 10), Closed: b.at(from, 16), State: review.TicketClosed, Outcome: review.TicketDuplicate},
	}), day(asOf), b.zone)
	return &t
}

// digests are the hourly digest files of the trail: it was alive in every hour.
func digests(period hipaasmp.Period, zone *time.Location) *review.HourSet {
	seen := &review.HourSet{}
	for at := period.From.StartIn(zone); at.Before(period.To.AddDays(1).StartIn(zone)); at = at.Add(time.Hour) {
		seen.Heartbeat(at)
	}
	return seen
}
