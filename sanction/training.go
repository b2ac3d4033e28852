package sanction

import (
	"cmp"
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

// Untrained is a workforce member who has not been trained on a policy version.
type Untrained struct {
	// Member is the opaque identity of the workforce member.
	Member string
	// Due is the last day within the policy's own limit; zero where it sets none.
	Due hipaasmp.Date
	// Overdue reports whether the limit had passed on the day asked about.
	Overdue bool
}

// MissingTraining returns who, of those in the workforce on the day, had not been trained on the policy version by then,
// ordered by identity. Only a training linked by [Training.About] counts. A version that was not in effect on the day has
// nobody missing.
func MissingTraining(policy Policy, workforce []hipaasmp.WorkforceMember, trainings []Training, asOf hipaasmp.Date) []Untrained {
	given := map[string]bool{}
	for _, t := range trainings {
		if t.Policy != nil && t.Policy.Newest() == policy.DocumentRef() && !t.On.IsZero() && !t.On.After(asOf) {
			given[t.Member] = true
		}
	}
	var out []Untrained
	for _, m := range missing(policy, workforce, given, asOf) {
		u := Untrained{Member: m.ID}
		if policy.TrainDays > 0 {
			u.Due = since(policy, m).AddDays(policy.TrainDays)
			u.Overdue = asOf.After(u.Due)
		}
		out = append(out, u)
	}
	return out
}

// missing returns who of the workforce of the day is not among those given, each once, ordered by identity.
func missing(policy Policy, workforce []hipaasmp.WorkforceMember, given map[string]bool, asOf hipaasmp.Date) []hipaasmp.WorkforceMember {
	if !policy.Effective.Contains(asOf) {
		return nil
	}
	var out []hipaasmp.WorkforceMember
	for _, m := range workforce {
		if !given[m.ID] && m.Member.Contains(asOf) {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b hipaasmp.WorkforceMember) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(out, func(a, b hipaasmp.WorkforceMember) bool { return a.ID == b.ID })
}

// since is the day on which the policy began to bind the member: the later of its first day in effect and of the joining.
func since(policy Policy, m hipaasmp.WorkforceMember) hipaasmp.Date {
	if m.Member.From.After(policy.Effective.From) {
		return m.Member.From
	}
	return policy.Effective.From
}

// follows reports whether the training was the sanction of the outcome: about its case and its member, and not before the
// decision that stands.
func (t Training) follows(o Outcome) bool {
	d, ok := o.Standing()
	if !ok || t.Case == nil || t.Case.Newest() != o.Case.Newest() || t.Member != o.Subject.ID {
		return false
	}
	loc, _ := Case{Zone: o.Zone}.location()
	return !t.On.Before(hipaasmp.DateOf(d.At, loc))
}
