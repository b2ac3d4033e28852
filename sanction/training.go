package sanction

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Training is the record that a workforce member was trained (164.308(a)(5)): on the policy as it takes effect, or as the
// sanction of a case.
type Training struct {
	hipaasmp.Header
	// Member is the opaque identity of the workforce member.
	Member string `json:"member" validate:"required,docid"`
	// Topic says what was taught.
	Topic string `json:"topic" validate:"required,text,max=500"`
	// Provision is the provision that the training serves, within 164.308(a)(5).
	Provision hipaasmp.Citation `json:"provision" validate:"citation"`
	// On is the day on which it was completed.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Policy is the policy version that was taught, where it was one.
	Policy *hipaasmp.Ref `json:"policy,omitempty"`
	// Case is the case whose sanction the training was, where it was one.
	Case *hipaasmp.Ref `json:"case,omitempty"`
	// Evidence lists the files that show it.
	Evidence []hipaasmp.Artifact `json:"evidence,omitempty" validate:"dive"`
}

var _ hipaasmp.Record = Training{}

// NewTraining records that the member completed a training on the day. Link it with [Training.About] and [Training.For].
func NewTraining(id, member, topic string, provision hipaasmp.Citation, on hipaasmp.Date, evidence ...hipaasmp.Artifact) (Training, error) {
	t := Training{Header: hipaasmp.NewHeader(KindTraining, id), Member: member, Topic: topic, Provision: provision, On: on, Evidence: slices.Clone(evidence)}
	if err := t.Validate(); err != nil {
		return Training{}, err
	}
	return t, nil
}

// About returns the training linked to the policy version that was taught.
func (t Training) About(policy Policy) Training {
	ref := policy.DocumentRef()
	t.Policy = &ref
	return t
}

// For returns the training linked to the case whose sanction it was. A case about somebody else is refused.
func (t Training) For(c Case) (Training, error) {
	if c.Subject.ID != t.Member {
		return t, hipaasmp.Invalid(t.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultDangling, Pointer: "/case", Message: "the case is about another member"}})
	}
	ref := c.DocumentRef()
	t.Case = &ref
	return t, nil
}

// Citations returns the provision that the training serves, and for the sanction of a case the specification.
func (t Training) Citations() []hipaasmp.Citation {
	out := []hipaasmp.Citation{t.Provision}
	if t.Case != nil {
		out = append(out, hipaasmp.CiteSanctionPolicy)
	}
	return out
}

// RetentionBasis returns a record of one point in time.
func (t Training) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: t.On}
}

// Validate returns every fault of the record.
func (t Training) Validate() error {
	return validate.Check(t, KindTraining, t.Schema, func(f *validate.Faults) {
		if t.Provision.IsValid() && !within(t.Provision, hipaasmp.CiteAwarenessParagraph) {
			f.Cite(hipaasmp.FaultDangling, hipaasmp.CiteAwarenessTraining, "/provision", "%s is not about training; name a provision of %s", t.Provision, hipaasmp.CiteAwarenessParagraph)
		}
		if t.Policy != nil && t.Policy.Kind != KindPolicy && t.Policy.Kind != "" {
			f.Add(hipaasmp.FaultDangling, "/policy/kind", "is %q; name a %s", t.Policy.Kind, KindPolicy)
		}
		if t.Case != nil && t.Case.Kind != KindCase && t.Case.Kind != "" {
			f.Add(hipaasmp.FaultDangling, "/case/kind", "is %q; name a %s", t.Case.Kind, KindCase)
		}
		checkTexts(f, t)
	})
}
