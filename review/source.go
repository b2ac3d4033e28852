package review

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// RecordKind is a kind of record of information system activity. The three are those that 45 CFR 164.308(a)(1)(ii)(D)
// gives as examples.
type RecordKind string

const (
	// RecordAuditLog is an audit log.
	RecordAuditLog RecordKind = "audit_log"
	// RecordAccessReport is a report of who has, or used, which access.
	RecordAccessReport RecordKind = "access_report"
	// RecordIncidentTracking is a tracking report of security incidents, such as an export of tickets.
	RecordIncidentTracking RecordKind = "incident_tracking"
)

// Values returns the members of the enumeration.
func (RecordKind) Values() []RecordKind {
	return []RecordKind{RecordAuditLog, RecordAccessReport, RecordIncidentTracking}
}

// IsValid reports whether k is a member.
func (k RecordKind) IsValid() bool { return slices.Contains(k.Values(), k) }

// MarshalText refuses a value that is no member.
func (k RecordKind) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.RecordKind", k, k.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (k *RecordKind) UnmarshalText(text []byte) (err error) {
	*k, err = hipaasmp.ParseEnum("review.RecordKind", text, k.Values())
	return err
}

// Words returns the kind in the words of the rule.
func (k RecordKind) Words() string {
	switch k {
	case RecordAuditLog:
		return "audit logs"
	case RecordAccessReport:
		return "access reports"
	case RecordIncidentTracking:
		return "security incident tracking reports"
	}
	return "records"
}

// Source is something that records activity and that the procedure reviews.
type Source struct {
	// ID is the identity of the source; it stays the same from one procedure version to the next.
	ID string `json:"id" validate:"required,docid"`
	// Name is what people call it.
	Name string `json:"name" validate:"required,text,max=200"`
	// System is the identity of the system in the asset inventory of the risk analysis.
	System string `json:"system" validate:"required,docid"`
	// Records is the kind of record that it gives.
	Records RecordKind `json:"records" validate:"enum"`
	// Format is the format in which a program reads it; absent where a person does, and then Form says what it is.
	Format activity.Format `json:"format,omitempty" validate:"omitempty,enum"`
	// Form says in words what a person reads, for example "CSV export of the ticket system".
	Form string `json:"form,omitempty" validate:"omitempty,text,max=200"`
	// Profile is the mapping profile by which a report in CSV or JSON is read; absent where it is read without one.
	Profile *ProfileRef `json:"profile,omitempty"`
	// Families lists the kinds of activity that the source is expected to record. A log of log-ins only is the commonest
	// way to look covered without being it, and one that leaves out what failed is the next; [activity.FamilyFailed] expects
	// that.
	Families []activity.Family `json:"families,omitempty" validate:"max=9,dive,enum"`
	// HorizonDays is how many days the source itself keeps an entry; absent where that is not known.
	HorizonDays int `json:"horizon_days,omitempty" validate:"min=0,max=36500"`
	// Expected says in which hours the source is expected to give a sign of life, so that silence can be told from quiet;
	// absent where nobody said.
	Expected *Schedule `json:"expected,omitempty"`
	// Archive says where entries are kept beyond the horizon; absent where they are not.
	Archive string `json:"archive,omitempty" validate:"omitempty,text,max=500"`
	// InUse is the time in which the source is in use; absent where it is for as long as the procedure governs.
	InUse hipaasmp.Period `json:"in_use,omitzero" validate:"omitempty"`
	// InUseProof is what shows since when and until when it was in use, such as a contract or the report of its disposal.
	InUseProof *hipaasmp.Artifact `json:"in_use_proof,omitempty"`
}

// LastFetch returns the last day on which the whole period can still be fetched from the source: entries of its first
// day expire after the horizon. The result is false where the horizon is not known.
func (s Source) LastFetch(p hipaasmp.Period) (hipaasmp.Date, bool) {
	if s.HorizonDays <= 0 || p.From.IsZero() {
		return hipaasmp.Date{}, false
	}
	return p.From.AddDays(s.HorizonDays), true
}

// inUse reports whether the source is in use on the day.
func (s Source) inUse(on hipaasmp.Date) bool { return s.InUse.IsZero() || s.InUse.Contains(on) }

func (s Source) clone() Source {
	s.Families = slices.Clone(s.Families)
	s.Profile, s.Expected = s.Profile.clone(), s.Expected.clone()
	if s.InUseProof != nil {
		proof := *s.InUseProof
		s.InUseProof = &proof
	}
	return s
}

func (s Source) check(f *validate.Faults, at string) {
	if (s.Format == "") == (s.Form == "") {
		f.Cite(FaultSource, hipaasmp.CiteActivityReview, at+"/form", "says how the source is read, by a format or in words; give one of format and form")
	}
	if s.Records == RecordAuditLog && len(s.Families) == 0 {
		f.Cite(FaultSource, hipaasmp.CiteAuditControls, at+"/families", "is missing; list the kinds of activity that an audit log is expected to record")
	}
	s.Profile.check(f, at, s.Format)
	s.Expected.check(f, at+"/expected")
	unique(f, at+"/families", s.Families, func(family activity.Family) activity.Family { return family })
	for i, family := range s.Families {
		if family == activity.FamilyUnknown {
			f.Cite(FaultSource, hipaasmp.CiteAuditControls, at+hipaasmp.Pointer("families", i), "is no kind of activity that can be expected; leave it out")
		}
	}
	if s.InUseProof != nil && s.InUse.IsZero() {
		f.Cite(FaultSource, hipaasmp.CiteActivityReview, at+"/in_use_proof", "shows when a source is in use of which no time is stated; say in in_use when it was")
	}
	if !s.InUse.IsZero() {
		validate.InOrder(f, at+"/in_use", s.InUse)
	}
}
