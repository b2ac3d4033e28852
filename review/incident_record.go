package review

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// IncidentRecord is the final record of an incident: what happened, what was done, what came of it, and what became of
// its harmful effects. 164.308(a)(6)(ii) asks in so many words that incidents and their outcomes are documented. It
// stands alone and has the identity of its incident.
type IncidentRecord struct {
	hipaasmp.Header
	// Incident is the incident.
	Incident hipaasmp.Ref `json:"incident"`
	// Zone is the IANA time zone in which the days are counted.
	Zone string `json:"zone" validate:"required,text"`
	// Ended is the day on which it was closed or dismissed and this record came into being.
	Ended hipaasmp.Date `json:"ended" validate:"required"`
	// Report is how it came to notice.
	Report IncidentReport `json:"report"`
	Handling
}

var _ hipaasmp.Record = IncidentRecord{}

// IncidentRecord returns the final record of an incident that has ended. It is the one that [Incident.Close] or
// [Incident.Dismiss] returned. An incident that has not ended is refused with a [*hipaasmp.TransitionError].
func (i Incident) IncidentRecord() (IncidentRecord, error) {
	if i.Ending == nil {
		var allowed []string
		for _, e := range incidentMachine.Allowed(i.State) {
			allowed = append(allowed, string(e))
		}
		return IncidentRecord{}, &hipaasmp.TransitionError{Machine: "incident record", Ref: i.DocumentRef(), From: string(i.State), Event: "record", Allowed: allowed}
	}
	if err := i.Validate(); err != nil {
		return IncidentRecord{}, err
	}
	loc, _ := location(i.Zone)
	r := IncidentRecord{
		Header: hipaasmp.NewHeader(KindIncidentRecord, i.ID), Incident: i.DocumentRef(), Zone: i.Zone,
		Ended: hipaasmp.DateOf(i.Ending.At, loc), Report: i.Report, Handling: i.Handling,
	}
	if err := r.Validate(); err != nil {
		return IncidentRecord{}, err
	}
	return r, nil
}

// WasIncident reports whether it was a security incident after all.
func (r IncidentRecord) WasIncident() bool { return r.Ending != nil && r.Ending.Outcome != nil }

// Citations returns the provisions that the record documents.
func (IncidentRecord) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteIncidentResponse, hipaasmp.CiteWrittenRecord}
}

// RetentionBasis returns a record of one point in time: the day on which the incident ended.
func (r IncidentRecord) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: r.Ended}
}

// Validate returns every fault of the record.
func (r IncidentRecord) Validate() error {
	return validate.Check(r, KindIncidentRecord, r.Schema, func(f *validate.Faults) {
		loc := checkZone(f, r.Zone)
		r.Report.check(f, loc)
		r.Handling.check(f)
		if r.Incident.Kind != KindIncident && r.Incident.Kind != "" {
			f.Add(hipaasmp.FaultDangling, "/incident/kind", "is %q; the record belongs to a %s", r.Incident.Kind, KindIncident)
		}
		if r.Ending == nil {
			f.Cite(FaultOutcome, hipaasmp.CiteIncidentResponse, "/ending", "is missing; the record is that of an incident that has ended")
			return
		}
		person(f, "/ending/by", "end an incident", r.Ending.By)
		if (r.Ending.Outcome != nil) != (r.Containment != nil) {
			f.Cite(FaultOutcome, hipaasmp.CiteIncidentResponse, "/containment", "belongs to an incident, which is contained before it is closed, and not to what was none")
		}
		if on := hipaasmp.DateOf(r.Ending.At, loc); !on.IsZero() && !r.Ended.IsZero() && on != r.Ended {
			f.Add(hipaasmp.FaultOrder, "/ended", "%s is not %s, the day of the ending", r.Ended, on)
		}
		last := Signature{At: r.Report.At}
		steps := append([]Response(nil), r.Responses...)
		if r.Containment != nil {
			steps = append(steps, *r.Containment)
		}
		for _, s := range steps {
			if s.At.Before(last.At) || r.Ending.At.Before(s.At) {
				f.Add(hipaasmp.FaultOrder, "/ending/at", "is not after every step, or a step is before the report; history runs forward")
				break
			}
		}
		if r.Ending.At.Before(last.At) {
			f.Add(hipaasmp.FaultOrder, "/ending/at", "is before the report")
		}
	})
}
