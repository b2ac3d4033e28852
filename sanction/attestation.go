package sanction

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Attestation is the positive statement that no violation came to notice in a period. The audit protocol takes a
// statement where there is no sanction to show; silence shows nothing.
type Attestation struct {
	hipaasmp.Header
	// EntityType decides whether the duties of 164.530(e) are named.
	EntityType hipaasmp.EntityType `json:"entity_type" validate:"enum"`
	// Period is the time that the statement is about, with both ends.
	Period hipaasmp.Period `json:"period"`
	// By is who attests.
	By hipaasmp.Actor `json:"by"`
	// On is the day of the statement, after the period.
	On hipaasmp.Date `json:"on" validate:"required"`
	// KnownSince is the day from which the author speaks of own knowledge.
	KnownSince hipaasmp.Date `json:"known_since" validate:"required"`
	// Basis says on what the statement rests: what was looked at, who was asked.
	Basis string `json:"basis" validate:"required,text,max=4000"`
	// Consulted points to the records that were looked at, such as the activity reviews of the period.
	Consulted []hipaasmp.Ref `json:"consulted,omitempty" validate:"dive"`
}

var _ hipaasmp.Record = Attestation{}

// Attest records that no violation came to notice in the period. It takes a person with the power to decide sanctions, a
// period that has ended, and the basis of the statement; where the author's own knowledge begins after the period does,
// the records consulted must be named.
func Attest(id string, entity hipaasmp.EntityType, period hipaasmp.Period, by hipaasmp.Actor, on, knownSince hipaasmp.Date, may hipaasmp.Authority, basis string, consulted ...hipaasmp.Ref) (Attestation, error) {
	a := Attestation{
		Header: hipaasmp.NewHeader(KindAttestation, id), EntityType: entity, Period: period, By: by, On: on, KnownSince: knownSince,
		Basis: basis, Consulted: slices.Clone(consulted),
	}
	if err := a.Validate(); err != nil {
		return Attestation{}, err
	}
	if err := authorised(a.DocumentRef(), "/by", may, by, hipaasmp.PowerDecideSanction, on); err != nil {
		return Attestation{}, err
	}
	return a, nil
}

// Citations returns the provisions that the record documents: the specification, and 164.530(e)(2) for a covered entity.
func (a Attestation) Citations() []hipaasmp.Citation {
	return citations(a.EntityType, hipaasmp.CiteDocumentSanctions)
}

// RetentionBasis returns a record of one point in time: the day of the statement.
func (a Attestation) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: a.On}
}

// Validate returns every fault of the record.
func (a Attestation) Validate() error {
	return validate.Check(a, KindAttestation, a.Schema, func(f *validate.Faults) {
		validate.InOrder(f, "/period", a.Period)
		person(f, "/by", "attest", a.By)
		switch {
		case a.Period.From.IsZero() || a.On.IsZero():
		case a.Period.Open():
			f.Cite(FaultKnowledge, hipaasmp.CiteSanctionPolicy, "/period/to", "is missing; a statement is about a period that has ended")
		case !a.On.After(a.Period.To):
			f.Cite(FaultKnowledge, hipaasmp.CiteSanctionPolicy, "/on", "%s is not after the period's last day, %s; attest when it has ended", a.On, a.Period.To)
		}
		if a.KnownSince.After(a.On) && !a.On.IsZero() {
			f.Add(hipaasmp.FaultOrder, "/known_since", "%s is after the statement on %s", a.KnownSince, a.On)
		}
		if a.KnownSince.After(a.Period.From) && !a.Period.From.IsZero() && len(a.Consulted) == 0 {
			f.Cite(FaultKnowledge, hipaasmp.CiteSanctionPolicy, "/consulted", "is empty, and the author's own knowledge begins on %s, after the period does; name the records consulted for the days before", a.KnownSince)
		}
		checkTexts(f, a)
	})
}
