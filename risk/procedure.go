package risk

import (
	"cmp"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindProcedure is the kind of [Procedure].
const KindProcedure hipaasmp.Kind = "risk.procedure"

// Duty says what one role does in a risk analysis.
type Duty struct {
	// Role is the role.
	Role hipaasmp.Role `json:"role" validate:"required,role"`
	// Does says what it does.
	Does string `json:"does" validate:"required,text"`
}

// Terms are what a procedure says. The OCR audit protocol looks for purpose and scope, the roles of the workforce, the
// involvement of management and how often the analysis is reviewed. A procedure that lacks one of them can be recorded,
// because the record shows what the entity has; what it lacks is a gap.
type Terms struct {
	// Title names the policy and procedure.
	Title string `json:"title" validate:"required,text"`
	// Version is the label that people know the version by, for example "3".
	Version string `json:"version" validate:"required,text,max=64"`
	// Purpose says what the analysis is for.
	Purpose string `json:"purpose,omitempty" validate:"omitempty,text"`
	// Scope says what an analysis has to cover.
	Scope string `json:"scope,omitempty" validate:"omitempty,text"`
	// Duties say which role does what.
	Duties []Duty `json:"duties,omitempty" validate:"dive"`
	// Management says how management is involved.
	Management string `json:"management,omitempty" validate:"omitempty,text"`
	// Months is the entity's own interval of review; absent where it sets none. The rule sets none.
	Months int `json:"months,omitempty" validate:"min=0,max=120"`
	// Occasions say upon what an analysis is reviewed besides, or instead: changes, incidents, significant events.
	Occasions string `json:"occasions,omitempty" validate:"omitempty,text"`
	// Document is the written policy and procedure itself, where it is kept as a file.
	Document *hipaasmp.Artifact `json:"document,omitempty"`
}

func (t Terms) clone() Terms {
	t.Duties, t.Document = slices.Clone(t.Duties), clonePointer(t.Document)
	if t.Document != nil {
		t.Document.Custody = slices.Clone(t.Document.Custody)
	}
	return t
}

// Procedure is one approved version of the entity's policy and procedure on risk analysis (45 CFR 164.316(a),
// 164.316(b)(1)(i)). Each version is a document of its own; [Procedure.Supersede] ends it when the next takes effect.
type Procedure struct {
	hipaasmp.Header
	Terms
	// Zone is the IANA name of the zone in which the days of the record are counted.
	Zone string `json:"zone" validate:"required,text"`
	// ApprovedBy is who put it in effect.
	ApprovedBy hipaasmp.Actor `json:"approved_by"`
	// ApprovedAt is when, in UTC to the microsecond.
	ApprovedAt time.Time `json:"approved_at" validate:"instant"`
	// InEffect is the time in which the version governs, from the day of the approval; open while it does.
	InEffect hipaasmp.Period `json:"in_effect"`
}

var _ hipaasmp.Record = Procedure{}

// Approve makes a version of the terms that is in effect from the day that at has in zone: a procedure is not backdated.
// It takes a person with [hipaasmp.PowerApprovePolicy]. The error is a [*hipaasmp.ValidationError] with every fault,
// through which errors.As also reaches what the authority said.
func (t Terms) Approve(id string, by hipaasmp.Actor, at time.Time, zone *time.Location, may hipaasmp.Authority) (Procedure, error) {
	var f validate.Faults
	p := Procedure{Header: hipaasmp.NewHeader(KindProcedure, id), Terms: t.clone(), ApprovedBy: by, ApprovedAt: hipaasmp.Instant(at)}
	if zone == nil {
		f.Add(hipaasmp.FaultZone, "/zone", "is missing; give the entity's time zone, in which its legal days are counted")
	} else {
		p.Zone, p.InEffect.From = zone.String(), hipaasmp.DateOf(p.ApprovedAt, zone)
		f.May(may, "/approved_by", by, hipaasmp.PowerApprovePolicy, p.InEffect.From)
	}
	f.Append(p.faults()...)
	if err := f.Err(p.DocumentRef()); err != nil {
		return Procedure{}, err
	}
	return p, nil
}

// Supersede returns the procedure with its last day in effect set, on which the retention clock starts
// (45 CFR 164.316(b)(2)(i)). A version that has ended already, or would end before it began, is refused.
func (p Procedure) Supersede(lastDay hipaasmp.Date) (Procedure, error) {
	refuse := func(code hipaasmp.FaultCode, message string) (Procedure, error) {
		return p, hipaasmp.Invalid(p.DocumentRef(), []hipaasmp.Fault{{Code: code, Pointer: "/in_effect/to", Citation: hipaasmp.CiteTimeLimit, Message: message}})
	}
	if !p.InEffect.Open() {
		return refuse(FaultSuperseded, "is "+p.InEffect.To.String()+" already; a closed period stays closed")
	}
	if lastDay.IsZero() {
		return refuse(hipaasmp.FaultRequired, "is missing; say on which day the version last governed")
	}
	next := p
	next.Terms = p.Terms.clone()
	next.InEffect.To = lastDay
	if err := next.Validate(); err != nil {
		return p, err
	}
	return next, nil
}

// Cadence returns the interval of review that the procedure sets; none where Months is 0.
func (p Procedure) Cadence() Cadence {
	return Cadence{Months: p.Months, Policy: p.Title + ", version " + p.Version}
}

// Citations returns the provisions that the procedure documents.
func (Procedure) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteRiskAnalysis, hipaasmp.CitePolicies, hipaasmp.CiteWrittenPolicies}
}

// RetentionBasis returns documentation that was created on the first day in effect and governs while it is in effect.
func (p Procedure) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: p.InEffect.From, InEffect: []hipaasmp.Period{p.InEffect}}
}

// Validate returns every fault of the procedure.
func (p Procedure) Validate() error {
	return hipaasmp.Invalid(p.DocumentRef(), p.faults())
}

func (p Procedure) faults() []hipaasmp.Fault {
	var f validate.Faults
	if err, ok := validate.Check(p, KindProcedure, p.Schema, func(f *validate.Faults) {
		validate.InOrder(f, "/in_effect", p.InEffect)
		f.Day(FaultDay, "/in_effect/from", p.ApprovedAt, p.InEffect.From)
		if p.Zone == "Local" {
			f.Add(hipaasmp.FaultZone, "/zone", "is a setting of one machine; use a name such as America/Chicago")
		}
		if p.ApprovedBy.Role == hipaasmp.RoleSystem {
			f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteWrittenPolicies, "/approved_by/role", "is a program; a person approves a procedure")
		}
		for i, d := range p.Duties {
			if slices.ContainsFunc(p.Duties[:i], func(e Duty) bool { return e.Role == d.Role }) {
				f.Add(hipaasmp.FaultIdentity, hipaasmp.Pointer("duties", i, "role"), "%q is listed twice; say once what a role does", d.Role)
			}
		}
	}).(*hipaasmp.ValidationError); ok {
		f.Append(err.Faults...)
	}
	return f.List()
}

// InForce returns the procedure that governs on the day: of several the one approved last. The second result is false
// where none does.
func InForce(procedures []Procedure, on hipaasmp.Date) (Procedure, bool) {
	var found Procedure
	ok := false
	for i, p := range procedures {
		closed := slices.ContainsFunc(procedures, func(q Procedure) bool { return q.ID == p.ID && !q.InEffect.Open() })
		if p.InEffect.Open() && closed || !p.InEffect.Contains(on) {
			continue // of two versions of one document the closed one counts
		}
		if !ok || cmp.Or(p.ApprovedAt.Compare(found.ApprovedAt), cmp.Compare(p.ID, found.ID)) > 0 {
			found, ok = procedures[i], true
		}
	}
	return found, ok
}
