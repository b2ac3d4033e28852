package review

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Records is everything of this package that a tenant has; coverage and the gap checks are asked of it.
type Records struct {
	// Procedures are all versions of the procedure, each once.
	Procedures []Procedure
	// Sessions are the sessions, open and ended.
	Sessions []Session
	// Records are the certified records, superseded ones included.
	Records []Record
	// Rules are the approved explanation rules, withdrawn ones included.
	Rules []ExplanationRule
	// Incidents are the incidents, open and ended.
	Incidents []Incident
	// IncidentRecords are their final records.
	IncidentRecords []IncidentRecord
	// Filings are the versions of sessions and procedures in the ledger, in any order; none where no ledger was asked.
	Filings []Filing
	// Operating are the times in which the entity was in operation; none means always.
	Operating []hipaasmp.Period
}

// standing returns the records that were certified until the day and that no other such record supersedes.
func (r Records) standing(asOf hipaasmp.Date) []Record {
	superseded := map[hipaasmp.Ref]bool{}
	var out []Record
	for _, x := range r.Records {
		if on := x.Timeliness.Certified; on.IsZero() || on.After(asOf) {
			continue
		}
		out = append(out, x)
		if x.Supersedes != nil {
			superseded[x.Supersedes.Newest()] = true
		}
	}
	return slices.DeleteFunc(out, func(x Record) bool { return superseded[x.DocumentRef()] })
}

// operating reports whether the entity was in operation on the day.
func (r Records) operating(on hipaasmp.Date) bool {
	return len(r.Operating) == 0 || slices.ContainsFunc(r.Operating, func(p hipaasmp.Period) bool { return p.Contains(on) })
}

// first returns the first day on which any version governed.
func (r Records) first() hipaasmp.Date {
	var first hipaasmp.Date
	for _, p := range r.Procedures {
		if from := p.Effective.From; !from.IsZero() && (first.IsZero() || from.Before(first)) {
			first = from
		}
	}
	return first
}

// within closes the period that is asked about: from the first day on which a procedure governed, where it has no first
// day, and to asOf, where it is open.
func (r Records) within(asked hipaasmp.Period, asOf hipaasmp.Date) hipaasmp.Period {
	if asked.From.IsZero() {
		asked.From = r.first()
	}
	if asked.Open() {
		asked.To = asOf
	}
	return asked
}

// Raised is an exception that went on to another document.
type Raised struct {
	// Record is the review record that holds the exception; a session that is still open stands for it.
	Record hipaasmp.Ref
	// Exception is the exception.
	Exception string
	// To is where it went: an incident, a sanction case, a risk analysis.
	To hipaasmp.Ref
}

// Raised lists the exceptions that became incidents, with the documents that they went on to. Whether those documents
// exist is asked by whoever holds them.
func (r Records) Raised(asOf hipaasmp.Date) []Raised {
	var out []Raised
	r.contents(asOf, func(ref hipaasmp.Ref, c Content) {
		for _, e := range c.Exceptions {
			if e.Disposition == nil || e.State != ExceptionIncident {
				continue
			}
			for _, to := range e.Disposition.Refs {
				out = append(out, Raised{Record: ref, Exception: e.ID, To: to})
			}
		}
	})
	return out
}

// contents shows what the standing records hold, and then what the sessions hold that are open on the day.
func (r Records) contents(asOf hipaasmp.Date, show func(hipaasmp.Ref, Content)) {
	for _, x := range r.standing(asOf) {
		show(x.DocumentRef(), x.Content)
	}
	for _, s := range r.Sessions {
		if r.openOn(s, asOf) {
			show(s.DocumentRef(), s.Content)
		}
	}
}

// CoveredSystems returns the systems of which a procedure in force on the day reviews records, sorted, each once. A system
// that holds ePHI and is not among them is reviewed by nobody.
func (r Records) CoveredSystems(on hipaasmp.Date) []string {
	var out []string
	for _, p := range InForce(r.Procedures, on) {
		for _, s := range p.Sources {
			if s.inUse(on) {
				out = append(out, s.System)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// recordOf returns the record that a session ended in, certified until the day.
func (r Records) recordOf(s Session, asOf hipaasmp.Date) (Record, bool) {
	for _, x := range r.Records {
		if on := x.Timeliness.Certified; x.Session.Newest() == s.DocumentRef() && !on.IsZero() && !on.After(asOf) {
			return x, true
		}
	}
	return Record{}, false
}

// opened is the day on which the session was opened, in its zone.
func (c Content) opened() hipaasmp.Date {
	loc, _ := location(c.Zone)
	return hipaasmp.DateOf(c.Opened.At, loc)
}

// openOn reports whether the session had been opened and neither certified nor ended on the day.
func (r Records) openOn(s Session, asOf hipaasmp.Date) bool {
	opened := s.opened()
	if opened.IsZero() || opened.After(asOf) {
		return false
	}
	if _, ok := r.recordOf(s, asOf); ok {
		return false
	}
	if n := len(s.History); n > 0 {
		loc, _ := location(s.Zone)
		return hipaasmp.DateOf(s.History[n-1].At, loc).After(asOf)
	}
	return s.State == StateOpen
}
