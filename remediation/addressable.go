package remediation

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindAddressableDecision is the kind of [AddressableDecision].
const KindAddressableDecision hipaasmp.Kind = "remediation.addressable_decision"

// Decision is what was decided about an addressable specification (45 CFR 164.306(d)(3)(ii)). Addressable is not
// optional: each of the three is documented.
type Decision string

const (
	// DecisionImplemented: it is reasonable and appropriate, and is implemented (paragraph (A)).
	DecisionImplemented Decision = "implemented"
	// DecisionAlternative: it is not, and an equivalent alternative measure is implemented (paragraph (B)(2)).
	DecisionAlternative Decision = "alternative"
	// DecisionNotReasonable: it is not, and no equivalent alternative is reasonable and appropriate either.
	DecisionNotReasonable Decision = "not_reasonable"
)

// Values returns the members of the enumeration.
func (Decision) Values() []Decision {
	return []Decision{DecisionImplemented, DecisionAlternative, DecisionNotReasonable}
}

// IsValid reports whether d is a member.
func (d Decision) IsValid() bool {
	_, err := hipaasmp.ParseEnum("remediation.Decision", []byte(d), d.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (d Decision) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("remediation.Decision", d, d.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (d *Decision) UnmarshalText(text []byte) (err error) {
	*d, err = hipaasmp.ParseEnum("remediation.Decision", text, d.Values())
	return err
}

// Factors answers the four factors that are taken into account in deciding which security measures to use (45 CFR
// 164.306(b)(2)). Each is answered in the entity's own words; cost alone never decides.
type Factors struct {
	// Size answers the size, complexity and capabilities of the entity (paragraph (i)).
	Size string `json:"size" validate:"required,text"`
	// Infrastructure answers its technical infrastructure, and the security capabilities of its hardware and software
	// (paragraph (ii)).
	Infrastructure string `json:"infrastructure" validate:"required,text"`
	// Cost answers the costs of security measures (paragraph (iii)).
	Cost string `json:"cost" validate:"required,text"`
	// Risk answers the probability and criticality of potential risks to ePHI (paragraph (iv)).
	Risk string `json:"risk" validate:"required,text"`
}

// Deliberation is what a decision on an addressable specification documents.
type Deliberation struct {
	// Specification is the addressable specification.
	Specification hipaasmp.Citation `json:"specification" validate:"citation"`
	// Decision is what was decided.
	Decision Decision `json:"decision" validate:"enum"`
	// Assessment is the document, as a rule the risk analysis, in which it was assessed whether the specification is a
	// reasonable and appropriate safeguard in the entity's environment. Every decision needs one.
	Assessment *hipaasmp.Ref `json:"assessment,omitempty"`
	// Factors are the answers to the four factors; every decision takes all of them into account.
	Factors Factors `json:"factors"`
	// Rationale says why the specification is not reasonable and appropriate. It may be left out where it is implemented.
	Rationale string `json:"rationale,omitempty" validate:"omitempty,text"`
	// Alternative describes the equivalent alternative measure; it goes with [DecisionAlternative] alone.
	Alternative string `json:"alternative,omitempty" validate:"omitempty,text"`
	// NoAlternative says why no equivalent alternative is reasonable and appropriate; it goes with [DecisionNotReasonable] alone.
	NoAlternative string `json:"no_alternative,omitempty" validate:"omitempty,text"`
}

// AddressableDecision is the documented decision on one addressable specification, in effect until it is superseded.
type AddressableDecision struct {
	hipaasmp.Header
	Deliberation
	// Edition is the edition of the rule in force on the day; designations belong to editions.
	Edition hipaasmp.EditionID `json:"edition" validate:"enum"`
	// DecidedBy is who decided.
	DecidedBy hipaasmp.Actor `json:"decided_by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// On is the day in the entity's zone.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Zone is the IANA name of the zone in which the days are counted.
	Zone string `json:"zone" validate:"required,text"`
	// InEffect is the time in which the decision governs; open while it does.
	InEffect hipaasmp.Period `json:"in_effect"`
	// SupersededBy is the decision that took its place; absent while in effect.
	SupersededBy *hipaasmp.Ref `json:"superseded_by,omitempty"`
}

var _ hipaasmp.Record = AddressableDecision{}

// Decide records a decision on an addressable specification. The authority is asked whether the actor may put a policy
// in effect on the day that at has in the zone. A Required specification is refused whatever the decision: there is
// nothing to decide (45 CFR 164.306(d)(2)). The designation is that of the edition in force on the day.
func Decide(id string, d Deliberation, by hipaasmp.Actor, at time.Time, zone *time.Location, may hipaasmp.Authority) (AddressableDecision, error) {
	d.Assessment = clonePointer(d.Assessment)
	a := AddressableDecision{Header: hipaasmp.NewHeader(KindAddressableDecision, id), Deliberation: d, DecidedBy: by, At: hipaasmp.Instant(at)}
	if zone == nil {
		return AddressableDecision{}, noZone(a.DocumentRef())
	}
	a.Zone, a.On = zone.String(), hipaasmp.DateOf(a.At, zone)
	a.InEffect.From = a.On
	if edition, err := (hipaasmp.Catalogue{}).At(a.On); err == nil {
		a.Edition = edition.ID
	}
	var f validate.Faults
	f.May(may, "/decided_by", by, hipaasmp.PowerApprovePolicy, a.On)
	f.Append(faultsOf(a.Validate())...)
	if err := f.Err(a.DocumentRef()); err != nil {
		return AddressableDecision{}, err
	}
	return a, nil
}

// Citations returns the specification, the rule on addressable specifications and the factors that it takes into account.
func (a AddressableDecision) Citations() []hipaasmp.Citation {
	out := []hipaasmp.Citation{hipaasmp.CiteAddressable, hipaasmp.CiteFlexibilityFactors, hipaasmp.CiteWrittenRecord}
	if a.Specification != "" {
		out = append([]hipaasmp.Citation{a.Specification}, out...)
	}
	return out
}

// RetentionBasis returns documentation that was created on the day of the decision and governs while it is in effect.
func (a AddressableDecision) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: a.On, InEffect: []hipaasmp.Period{a.InEffect}}
}

// Validate returns every fault of the decision.
func (a AddressableDecision) Validate() error {
	return validate.Check(a, KindAddressableDecision, a.Schema, func(f *validate.Faults) {
		checkZone(f, "", a.Zone)
		f.Day(FaultDay, "/on", a.At, a.On)
		checkPeriod(f, a.DocumentRef(), a.On, a.InEffect, a.SupersededBy)
		if a.DecidedBy.Role == hipaasmp.RoleSystem {
			f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteAddressable, "/decided_by", "is a program; have a person decide")
		}
		a.checkDesignation(f)
		a.Deliberation.check(f)
	})
}

func (a AddressableDecision) checkDesignation(f *validate.Faults) {
	if a.On.IsZero() {
		return
	}
	edition, err := (hipaasmp.Catalogue{}).At(a.On)
	if err != nil {
		f.Cite(FaultEdition, hipaasmp.CiteAddressable, "/on", "no edition of the Security Rule was in force on %s", a.On)
		return
	}
	if a.Edition != edition.ID && a.Edition.IsValid() {
		f.Cite(FaultEdition, hipaasmp.CiteAddressable, "/edition", "is %s, but on %s %s was in force; make decisions with Decide", a.Edition, a.On, edition.ID)
	}
	if !a.Specification.IsValid() {
		return
	}
	switch designation := edition.Designation(a.Specification); {
	case designation.MustImplement():
		f.Cite(FaultRequiredSpecification, hipaasmp.CiteRequiredSpecification, "/specification", "%s must be implemented; there is nothing to decide", a.Specification)
	case designation != hipaasmp.DesignationAddressable:
		f.Cite(FaultNotAddressable, hipaasmp.CiteDesignationRule, "/specification", "%s is not known to be an addressable specification in edition %s (%s); name one that is", a.Specification, edition.ID, designation)
	}
}

// check adds the faults of what was decided and why.
func (d Deliberation) check(f *validate.Faults) {
	if d.Assessment == nil {
		f.Cite(FaultNoAssessment, hipaasmp.CiteAddressableAssess, "/assessment", "is missing; name the assessment of whether the specification is reasonable and appropriate")
	}
	if !d.Decision.IsValid() {
		return
	}
	if d.Decision != DecisionImplemented && d.Rationale == "" {
		f.Cite(FaultNoRationale, hipaasmp.CiteAddressableDocument, "/rationale", "is missing; document why it would not be reasonable and appropriate to implement the specification")
	}
	goes := func(pointer, text string, with Decision, missing string) {
		switch {
		case d.Decision == with && text == "":
			f.Cite(FaultNoAlternative, hipaasmp.CiteAddressableAlternative, pointer, "is missing; %s", missing)
		case d.Decision != with && text != "":
			f.Cite(FaultNoAlternative, hipaasmp.CiteAddressableAlternative, pointer, "does not go with a decision of %s; remove it or decide %s", d.Decision, with)
		}
	}
	goes("/alternative", d.Alternative, DecisionAlternative, "describe the equivalent alternative measure")
	goes("/no_alternative", d.NoAlternative, DecisionNotReasonable, "say why no equivalent alternative measure is reasonable and appropriate")
}

// Supersede closes the period of the decision: lastDay is the last day on which it governed, and by is the decision
// that took its place. The result is a new version of the same record.
func (a AddressableDecision) Supersede(by hipaasmp.Ref, lastDay hipaasmp.Date) (AddressableDecision, error) {
	next := a
	next.Assessment = clonePointer(a.Assessment)
	var err error
	if next.InEffect, next.SupersededBy, err = supersede(a.DocumentRef(), a.InEffect, a.SupersededBy, by, lastDay); err != nil {
		return a, err
	}
	if err := next.Validate(); err != nil {
		return a, err
	}
	return next, nil
}
