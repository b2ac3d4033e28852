package sanction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// The people of the sample clinic, by opaque identity.
var (
	official = hipaasmp.Actor{ID: "w-001", Role: hipaasmp.RoleSecurityOfficial}
	manager  = hipaasmp.Actor{ID: "w-002", Role: hipaasmp.RoleManagement}
	reviewer = hipaasmp.Actor{ID: "w-003", Role: hipaasmp.RoleReviewer}
	member   = hipaasmp.Actor{ID: "w-009", Role: hipaasmp.RoleWorkforce}
	program  = hipaasmp.Actor{ID: "scheduler", Role: hipaasmp.RoleSystem}
)

var day = civil.Date

// clinic is a covered entity in Chicago with five members of the workforce.
func clinic() hipaasmp.Entity {
	since := hipaasmp.Period{From: day("2019-01-01")}
	return hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "clinic"), Name: "Sample Clinic", Type: hipaasmp.EntityCoveredEntity, Size: hipaasmp.EntitySmall,
		Zone: "America/Chicago", Created: day("2019-01-01"), InEffect: since,
		Workforce: []hipaasmp.WorkforceMember{
			{ID: "w-001", Category: hipaasmp.WorkforceEmployee, Member: since},
			{ID: "w-002", Category: hipaasmp.WorkforceEmployee, Member: since},
			{ID: "w-003", Category: hipaasmp.WorkforceEmployee, Member: since},
			{ID: "w-009", Category: hipaasmp.WorkforceEmployee, Member: since},
			{ID: "w-010", Category: hipaasmp.WorkforceVolunteer, Member: hipaasmp.Period{From: day("2026-02-01")}},
		},
		Appointments: []hipaasmp.Appointment{
			{Role: hipaasmp.RoleSecurityOfficial, Member: "w-001", Term: since},
			{Role: hipaasmp.RoleManagement, Member: "w-002", Term: since},
			{Role: hipaasmp.RoleReviewer, Member: "w-003", Term: since},
		},
	}
}

// may is the default authority of the clinic.
func may() hipaasmp.Authority { return clinic().Authority() }

func issue(id, version, from string) sanction.Issue {
	return sanction.Issue{ID: id, EntityType: hipaasmp.EntityCoveredEntity, Version: version, Effective: hipaasmp.Period{From: day(from)}}
}

// policy is the default policy, in effect since 2026-01-01.
func policy(t require.TestingT) sanction.Policy {
	p, err := sanction.DefaultTerms().Approve(issue("policy-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	return p
}

// at is an instant n hours after the report, which was recorded on 2026-03-04 at 09:00 in Chicago.
func at(n int) time.Time {
	return time.Date(2026, 3, 4, 15, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour)
}

func report() sanction.Report {
	return sanction.Report{
		By: reviewer, At: at(0), On: day("2026-03-04"), Act: day("2026-03-02"),
		Breached:  []sanction.Breach{{Provision: hipaasmp.CiteAccessAuthorization, Rule: "Access procedure 4.2"}},
		Narrative: "A record was opened without a treatment relationship, as the March activity review shows.",
		Sources:   []hipaasmp.Ref{{Kind: "review.record", ID: "review-2026-03", Version: 1}},
	}
}

func subject() sanction.Subject {
	return sanction.Subject{ID: member.ID, Category: hipaasmp.WorkforceEmployee}
}

// clear answers all three questions with no.
func clear() sanction.ProtectedActCheck {
	no := func(reason string) sanction.Answer { return sanction.NotProtected(official, at(2), reason) }
	return sanction.ProtectedActCheck{
		Whistleblower: no("Nothing was disclosed to anybody."),
		CrimeVictim:   no("No crime against the person was reported."),
		Retaliation:   no("The person has filed no complaint and given no testimony."),
	}
}

// attorney says that the act was a disclosure to the person's own attorney.
func attorney() sanction.ProtectedActCheck {
	c := clear()
	c.Whistleblower = sanction.Protected(official, at(2), hipaasmp.CiteWhistleblowerAttorney, "The copy went to the person's own attorney, in the belief that care was endangered.")
	return c
}

func proof() hipaasmp.Artifact {
	return hipaasmp.Artifact{Name: "warning.pdf", MediaType: "application/pdf", Size: 1204, SHA256: hipaasmp.DigestOf([]byte("warning"))}
}

func pattern() sanction.AppliedFactor {
	return sanction.AppliedFactor{ID: sanction.FactorPattern, Why: "The same was found in the January review."}
}

func untrained() sanction.AppliedFactor {
	return sanction.AppliedFactor{ID: sanction.FactorUntrained, Why: "The training of the new system had not taken place."}
}

func reported(t require.TestingT) sanction.Case {
	c, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), report())
	require.NoError(t, err)
	return c
}

// step takes the event with arguments that are in order, n hours after the report. For the ruling of a decision the
// caller chooses.
func step(c sanction.Case, event sanction.Event, n int, ruling sanction.Ruling) (sanction.Case, error) {
	on := hipaasmp.DateOf(at(n), chicago())
	switch event {
	case sanction.EventOpenInvestigation:
		return c.Investigate(official, at(n))
	case sanction.EventRecordStep:
		// Both required steps, so that the next determination finds them.
		step := sanction.StepPreserve
		if len(c.Investigation)%2 == 1 {
			step = sanction.StepHear
		}
		return c.RecordStep(official, at(n), sanction.Inquiry{Step: step, On: on, What: "Done as the procedure says.", Persons: []string{member.ID}})
	case sanction.EventDetermine:
		check := clear()
		return c.Determine(official, at(n), check, sanction.CategoryAccess, []sanction.AppliedFactor{pattern()}, "The log shows the access and the person confirms it.")
	case sanction.EventDecide:
		return c.Decide(manager, at(n), may(), ruling)
	case sanction.EventNotify:
		return c.Notify(official, at(n), sanction.Notice{To: member.ID, On: on, Means: "Letter handed over, with the way to appeal."})
	case sanction.EventApply:
		return c.Apply(official, at(n), on, "The warning was placed in the file.", proof())
	case sanction.EventAppeal:
		return c.Appeal(member, at(n), "The record was opened by mistake.")
	case sanction.EventUphold, sanction.EventUpholdApplied:
		return c.Uphold(official, at(n), may(), "Nothing new was brought forward.")
	case sanction.EventAmend:
		return c.Amend(official, at(n), may(), ruling)
	case sanction.EventDismiss:
		return c.Dismiss(manager, at(n), may(), sanction.GroundNoViolation, "The access was assigned work.")
	case sanction.EventClose:
		c, _, err := c.Close(official, at(n), "Access rights were reviewed.")
		return c, err
	case sanction.EventReopen:
		return c.Reopen(manager, at(n), may(), "A second record came to light.")
	}
	panic("no such event: " + event)
}

func chicago() *time.Location {
	loc, err := clinic().Location()
	if err != nil {
		panic(err)
	}
	return loc
}

var warning = sanction.Impose(sanction.RungWritten, "First access of its kind that was proven.")

// after is an hour, counted from the report, that lies after the last step.
func after(c sanction.Case) int {
	if n := len(c.History); n > 0 {
		return int(c.History[n-1].At.Sub(at(0)).Hours()) + 1
	}
	return 24
}

// walk takes the events one after the other, an hour apart, beginning where the history ends.
func walk(t require.TestingT, c sanction.Case, ruling sanction.Ruling, events ...sanction.Event) sanction.Case {
	for _, e := range events {
		next, err := step(c, e, after(c), ruling)
		require.NoError(t, err, e)
		c = next
	}
	return c
}

var untilDetermined = []sanction.Event{sanction.EventOpenInvestigation, sanction.EventRecordStep, sanction.EventRecordStep, sanction.EventDetermine}

func determined(t require.TestingT) sanction.Case {
	return walk(t, reported(t), warning, untilDetermined...)
}

func decided(t require.TestingT) sanction.Case {
	return walk(t, determined(t), warning, sanction.EventDecide)
}

// closed is a case that went all the way, with its record.
func closed(t require.TestingT) (sanction.Case, sanction.Outcome) {
	c := walk(t, decided(t), warning, sanction.EventNotify, sanction.EventApply)
	c, o, err := c.Close(official, at(40), "Access rights were reviewed.")
	require.NoError(t, err)
	return c, o
}

// requireFault asks that err carries the code.
func requireFault(t *testing.T, err error, code hipaasmp.FaultCode) {
	t.Helper()
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve, "%v", err)
	require.True(t, ve.Has(code), "want %s in %v", code, ve)
}
