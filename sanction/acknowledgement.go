package sanction

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Form is how an acknowledgement was given.
type Form string

const (
	// FormSigned: on paper, with a signature.
	FormSigned Form = "signed"
	// FormElectronic: in a system that identifies the person.
	FormElectronic Form = "electronic"
	// FormWitnessed: by word of mouth before a witness.
	FormWitnessed Form = "witnessed"
)

// Values returns the members of the enumeration.
func (Form) Values() []Form { return []Form{FormSigned, FormElectronic, FormWitnessed} }

// IsValid reports whether x is a member.
func (x Form) IsValid() bool { return slices.Contains(x.Values(), x) }

// MarshalText refuses a value that is no member.
func (x Form) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Form", x, x.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (x *Form) UnmarshalText(text []byte) (err error) {
	*x, err = hipaasmp.ParseEnum("sanction.Form", text, x.Values())
	return err
}

// Acknowledgement is a workforce member's statement of having read one version of the sanction policy and of knowing
// that violations may lead to sanctions.
type Acknowledgement struct {
	hipaasmp.Header
	// Policy is the policy version.
	Policy hipaasmp.Ref `json:"policy"`
	// Version is its label.
	Version string `json:"version" validate:"required,text,max=64"`
	// Member is the opaque identity of the workforce member.
	Member string `json:"member" validate:"required,docid"`
	// On is the day of the acknowledgement.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Form is how it was given.
	Form Form `json:"form" validate:"enum"`
	// Evidence lists the files that show it.
	Evidence []hipaasmp.Artifact `json:"evidence,omitempty" validate:"dive"`
}

var _ hipaasmp.Record = Acknowledgement{}

// NewAcknowledgement records that the member acknowledged the policy on the day. A day before the version was approved,
// or on which the member was not of the workforce, is refused.
func NewAcknowledgement(id string, policy Policy, member hipaasmp.WorkforceMember, on hipaasmp.Date, form Form, evidence ...hipaasmp.Artifact) (Acknowledgement, error) {
	a := Acknowledgement{
		Header: hipaasmp.NewHeader(KindAcknowledgement, id), Policy: policy.DocumentRef(), Version: policy.Version,
		Member: member.ID, On: on, Form: form, Evidence: slices.Clone(evidence),
	}
	var f validate.Faults
	if !on.IsZero() && on.Before(policy.Approval.On) {
		f.Add(hipaasmp.FaultOrder, "/on", "%s is before the version was approved on %s; nobody acknowledges what is not written", on, policy.Approval.On)
	}
	if !on.IsZero() && !member.Member.Contains(on) {
		f.Cite(FaultNotWorkforce, hipaasmp.CiteWorkforce, "/member", "%s was not in the workforce on %s", member.ID, on)
	}
	if err := joined(a.DocumentRef(), a.Validate(), f.List()); err != nil {
		return Acknowledgement{}, err
	}
	return a, nil
}

// Citations returns the provisions that the record documents: the specification, and the availability of policies to
// those who must follow them (164.316(b)(2)(ii)).
func (Acknowledgement) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteSanctionPolicy, hipaasmp.CiteAvailability}
}

// RetentionBasis returns a record of one point in time.
func (a Acknowledgement) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: a.On}
}

// Validate returns every fault of the record.
func (a Acknowledgement) Validate() error {
	return validate.Check(a, KindAcknowledgement, a.Schema, func(f *validate.Faults) {
		if a.Policy.Kind != KindPolicy && a.Policy.Kind != "" {
			f.Add(hipaasmp.FaultDangling, "/policy/kind", "is %q; an acknowledgement is of a %s", a.Policy.Kind, KindPolicy)
		}
		checkTexts(f, a)
	})
}

// Unacknowledged is a workforce member who has not acknowledged a policy version.
type Unacknowledged struct {
	// Member is the opaque identity of the workforce member.
	Member string
	// Due is the last day within the policy's own limit.
	Due hipaasmp.Date
	// Overdue reports whether the limit had passed on the day asked about.
	Overdue bool
}

// Missing returns who, of those in the workforce on the day, had not acknowledged the policy version by then, ordered by
// identity. A version that was not in effect on the day has nobody missing.
func Missing(policy Policy, workforce []hipaasmp.WorkforceMember, acks []Acknowledgement, asOf hipaasmp.Date) []Unacknowledged {
	given := map[string]bool{}
	for _, a := range acks {
		if a.Policy.Newest() == policy.DocumentRef() && !a.On.IsZero() && !a.On.After(asOf) {
			given[a.Member] = true
		}
	}
	var out []Unacknowledged
	for _, m := range missing(policy, workforce, given, asOf) {
		due := since(policy, m).AddDays(policy.AcknowledgeDays)
		out = append(out, Unacknowledged{Member: m.ID, Due: due, Overdue: asOf.After(due)})
	}
	return out
}
