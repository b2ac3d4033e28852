package main

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// The audit logs of the sample clinic's cloud account: a month in which something happened, and a month like any other.
// They are written for September and October 2026 and carried over to the month that is reviewed.
var (
	//go:embed sample/cloudtrail-eventful.json
	eventfulLog []byte
	//go:embed sample/cloudtrail-quiet.json
	quietLog []byte
)

// sourceTrail is the audit log of the cloud account.
const sourceTrail = "cloud-trail"

// detectors are what the clinic's procedure runs over an audit log.
func detectors(e hipaasmp.Entity, zone *time.Location) []detect.Detector {
	return []detect.Detector{
		detect.LogControl{Calls: detect.LogControlCalls()}, detect.FailedLogins{}, detect.LoginAfterFailures{}, detect.BreakGlass{},
		detect.TerminatedUser{Context: detect.NewTerminations(e.Workforce, nil, zone)},
	}
}

// sampleProcedure is how the clinic reviews activity: monthly, three sources, the three kinds of record that the rule
// names.
func sampleProcedure(c calendar, e hipaasmp.Entity) (review.Procedure, error) {
	terms := review.DefaultTerms()
	terms.Sources = []review.Source{
		{ID: sourceTrail, Name: "Audit trail of the cloud account", System: "cloud", Records: review.RecordAuditLog, Format: activity.FormatCloudTrail,
			Families: []activity.Family{activity.FamilyLogin, activity.FamilyView, activity.FamilyEdit, activity.FamilyAdmin, activity.FamilyFailed}, HorizonDays: 90, Archive: "Log bucket of the account", Expected: review.AlwaysOn()},
		{ID: "ehr-access", Name: "Access report of the EHR", System: "ehr", Records: review.RecordAccessReport, Form: "Report from the EHR vendor, one row an access",
			Families: []activity.Family{activity.FamilyView, activity.FamilyPrintExport}, HorizonDays: 365},
		{ID: "tickets", Name: "Incident tracking", System: "desk", Records: review.RecordIncidentTracking, Form: "The incidents filed in this store"},
	}
	terms.Detectors = review.DetectorSet(detectors(e, c.zone)...)
	since := c.day(0, 0)
	terms.Cadence.Business = review.MondayToFriday(hipaasmp.Day(since.Year()+2, 12, 31), review.FederalHolidays(since.Year(), since.Year()+2)...)
	terms.Rounds = nil // so small a clinic decided that once a month does
	return terms.Approve(review.Issue{ID: "pr-1", Version: "1", Effective: hipaasmp.Period{From: since}}, official, since.AddDays(-10), e.Authority())
}

// sampleLog returns the log of the given month: the first month of the story is the eventful one.
func sampleLog(month hipaasmp.Date, eventful bool) (name string, content []byte) {
	content, written := quietLog, "2026-10"
	if eventful {
		content, written = eventfulLog, "2026-09"
	}
	to := month.String()[:len("2006-01")]
	return "cloudtrail-" + to + ".json", bytes.ReplaceAll(content, []byte(written), []byte(to))
}

// reviewed is what a month's review gave.
type reviewed struct {
	session review.Session
	record  review.Record
}

// reviewMonth reviews a month's log and certifies the review. What the detectors find is looked at one by one: the
// sample knows its two stories and leaves nothing else undisposed.
func reviewMonth(ctx context.Context, s sample, procedure review.Procedure, month hipaasmp.Date, at func(days, hour int) time.Time) (reviewed, error) {
	var out reviewed
	period := hipaasmp.Month(month)
	eventful := month == s.calendar.first
	name, content := sampleLog(month, eventful)
	scanned, err := scan(ctx, s, sourceTrail, activity.FormatCloudTrail, period, detect.FileFrom(name, bytes.NewReader(content)))
	if err != nil {
		return out, err
	}
	id := month.String()[:len("2006-01")]
	session, err := review.Open("rs-"+id, s.entity, procedure, period, reviewer, at(1, 9))
	if err != nil {
		return out, err
	}
	summary, exceptions := scanned.review()
	capability := review.Capability{State: review.CapabilityEnabled, Checked: hipaasmp.DateOf(at(1, 9), s.calendar.zone)}
	if eventful {
		capability.Gaps = []hipaasmp.Period{{From: s.calendar.day(0, 15), To: s.calendar.day(0, 15)}}
	}
	summary.Capability = capability
	// In a quiet month nothing fails. The reviewer looked whether it would have been recorded, so that it is no gap.
	summary.Capability.Families = []review.FamilyCapability{{Family: activity.FamilyFailed, State: review.CapabilityEnabled, Checked: capability.Checked}}
	summary.Read = review.ReadBetween(at(1, 9), at(1, 10))
	for _, table := range summary.Context {
		table.Supplied, table.On = official.ID, hipaasmp.DateOf(at(1, 8), s.calendar.zone)
		summary = summary.WithTable(table)
	}
	summary.Hours = review.CountHours(procedure.Sources[0], period, s.calendar.zone, signsOfLife(s, scanned, period, eventful))
	tickets := ticketsOf(s, capability, eventful)
	steps := []func(review.Session) (review.Session, error){
		func(v review.Session) (review.Session, error) { return v.WithSource(summary, exceptions...) },
		func(v review.Session) (review.Session, error) { return v.WithSource(tickets) },
		func(v review.Session) (review.Session, error) {
			return v.WithoutSource("ehr-access", review.GroundUnavailable, "The EHR vendor has not delivered the report; asked for again.")
		},
	}
	for _, e := range exceptions {
		steps = append(steps, dispose(s, e, at))
	}
	for _, step := range steps {
		if session, err = step(session); err != nil {
			return out, err
		}
	}
	statement := review.NoExceptions("I looked at what was reviewed; nothing came to notice.")
	if len(exceptions) > 0 {
		statement = review.ExceptionsDisposed("Each exception was looked at and has its disposition.")
	}
	out.record, err = session.Complete("rv-"+id, reviewer, official, at(3, 15), s.entity.Authority(), statement, review.Independence{
		Accounts:       []review.Account{{Member: reviewer.ID, Actors: []string{account(reviewer.ID)}}, {Member: official.ID, Actors: []string{account(official.ID)}}},
		Administrators: []review.Administration{{System: "cloud", Members: []string{technician.ID}}, {System: "desk", Members: []string{technician.ID}}},
	})
	if err != nil {
		return out, err
	}
	out.session, err = session.Close(out.record)
	return out, errorf(err, "the review of "+id)
}

// signsOfLife are the hours in which the trail had entries, and the digest files that the cloud account delivers on every
// hour while the trail is on. In the eventful month one is missing.
func signsOfLife(s sample, scanned scanned, period hipaasmp.Period, eventful bool) *review.HourSet {
	seen := review.SeenIn(scanned.Run, sourceTrail)
	off := s.calendar.at(0, 15, 23)
	for at := period.From.StartIn(s.calendar.zone); at.Before(period.To.AddDays(1).StartIn(s.calendar.zone)); at = at.Add(time.Hour) {
		if !eventful || !at.Equal(off) {
			seen.Heartbeat(at)
		}
	}
	return seen
}

// ticketsOf is the review of the tickets, which a person read: the one incident that was filed, or none.
func ticketsOf(s sample, checked review.Capability, eventful bool) review.SourceReview {
	var tickets []review.Ticket
	if eventful {
		tickets = append(tickets, review.Ticket{ID: incidentID, Opened: s.calendar.at(0, 16, 8), Closed: s.calendar.at(0, 28, 12), State: review.TicketClosed, Outcome: review.TicketIncident})
	}
	tracking := review.Track(slices.Values(tickets), checked.Checked, s.calendar.zone)
	return review.SourceReview{Source: "tickets", Method: review.MethodManual, Events: int64(len(tickets)), Tracking: &tracking,
		Capability: review.Capability{State: review.CapabilityEnabled, Checked: checked.Checked}}
}

// dispose is what the reviewer made of an exception of the eventful month.
func dispose(s sample, e review.Exception, at func(days, hour int) time.Time) func(review.Session) (review.Session, error) {
	return func(v review.Session) (review.Session, error) {
		v, err := v.Triage(e.ID, reviewer, at(1, 11), "")
		if err != nil {
			return v, err
		}
		if e.Actor == account(technician.ID) {
			return v.Escalate(e.ID, reviewer, at(2, 10), "Part of the incident of that night, for which a sanction case was closed.",
				hipaasmp.Ref{Kind: review.KindIncident, ID: incidentID}, hipaasmp.Ref{Kind: sanction.KindCase, ID: caseID})
		}
		if v, err = v.Contact(e.ID, reviewer, at(2, 10), "The member whose account it is, by telephone"); err != nil {
			return v, err
		}
		return v.Explain(e.ID, reviewer, at(2, 11), review.ExplanationMistake,
			"The member confirmed having mistyped a new password from a hotel; the second factor was given at the log-in that succeeded.")
	}
}

// account is how the cloud account's log names a member of the workforce.
func account(member string) string { return "arn:aws:iam::111122223333:user/" + member }

// scanned is one pass over the files of a source.
type scanned struct {
	*detect.Scanned
	source detect.Source
}

// scan reads the files of a source in one pass: digests, counts, detectors.
func scan(ctx context.Context, s sample, source string, format activity.Format, period hipaasmp.Period, files ...detect.File) (scanned, error) {
	reader, err := activity.ReaderFor(format)
	if err != nil {
		return scanned{}, err
	}
	in := detect.Source{ID: source, Reader: reader, Files: files}
	if !period.IsZero() {
		in.From, in.Until = period.From.StartIn(s.calendar.zone), period.To.AddDays(1).StartIn(s.calendar.zone)
	}
	got, err := detect.Scan(ctx, in, append(detectors(s.entity, s.calendar.zone), counting, review.HourWatch{})...)
	if err != nil {
		return scanned{}, fmt.Errorf("reading the log: %w", err)
	}
	return scanned{Scanned: got, source: in}, nil
}

// review puts the pass into the words of a session. Denials are counted and broken down by actor; they become no
// exceptions by themselves.
func (s scanned) review() (review.SourceReview, []review.Exception) {
	summary, exceptions := review.FromScan(s.source, s.Scanned)
	summary.Program = "quickstart 1"
	if who := s.denials(); who != "" {
		summary.Notes = "Denied requests by actor: " + who + "."
	}
	return summary, exceptions
}

// counting counts denials and is never content with their number, so it finds nothing.
var counting = detect.Denials{Least: math.MaxInt}

// denials breaks the denied requests down by actor.
func (s scanned) denials() string {
	for i, d := range s.Run.Detectors() {
		if d != detect.Detector(counting) {
			continue
		}
		counts, err := counting.Counts(s.Run.Partial(i))
		if err != nil {
			return ""
		}
		var parts []string
		for _, c := range counts {
			parts = append(parts, fmt.Sprintf("%s %d", cmp.Or(c.Actor, "(not named)"), c.Count))
		}
		return strings.Join(parts, ", ")
	}
	return ""
}
