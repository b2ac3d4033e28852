package sanction

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Signature is who took a step and when it was recorded. It repeats the step of the history, and Validate compares the two.
type Signature struct {
	// By is who took the step.
	By hipaasmp.Actor `json:"by"`
	// At is when it was recorded, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
}

// Inquiry is one step of an investigation: what the policy requires, or anything else that was done.
type Inquiry struct {
	// Step is the procedural step of the policy that this was; empty for a step beyond those.
	Step string `json:"step,omitempty" validate:"omitempty,docid"`
	// On is the day on which it was done.
	On hipaasmp.Date `json:"on" validate:"required"`
	// What says what was done and what came of it; for an omitted step, why it was omitted. No protected health information.
	What string `json:"what" validate:"required,text,max=4000"`
	// Omitted says that a required step was left out, for the reason that What gives.
	Omitted bool `json:"omitted,omitempty"`
	// Persons are the opaque identities of those involved, such as who was heard.
	Persons []string `json:"persons,omitempty" validate:"dive,docid"`
	// Evidence lists the files that support it.
	Evidence []hipaasmp.Artifact `json:"evidence,omitempty" validate:"dive"`
}

// StepTaken is an inquiry with who recorded it and when.
type StepTaken struct {
	Signature
	Inquiry
}

// AppliedFactor is a factor of the policy found present in a case.
type AppliedFactor struct {
	// ID is the identity of the factor in the policy.
	ID string `json:"id" validate:"required,docid"`
	// Effect is its direction; the transition methods fill it in from the policy.
	Effect Effect `json:"effect" validate:"enum"`
	// Why says what shows it. No protected health information.
	Why string `json:"why" validate:"required,text,max=2000"`
}

// Determination is the finding that a violation occurred, with its category and factors.
type Determination struct {
	Signature
	// Check is the protected-act check on which the determination rests. Every question is answered, none with yes.
	Check ProtectedActCheck `json:"check"`
	// Category is the identity of the violation category in the policy.
	Category string `json:"category" validate:"required,docid"`
	// Factors lists what mitigates or aggravates.
	Factors []AppliedFactor `json:"factors,omitempty" validate:"dive"`
	// Reason says what was found and why it is a violation of this category.
	Reason string `json:"reason" validate:"required,text,max=4000"`
}

// Disposition is whether a sanction is imposed.
type Disposition string

const (
	// DispositionSanction: a sanction of the ladder is imposed.
	DispositionSanction Disposition = "sanction"
	// DispositionNone: a violation was found and no sanction is imposed, for a reason that is recorded.
	DispositionNone Disposition = "none"
)

// Values returns the members of the enumeration.
func (Disposition) Values() []Disposition { return []Disposition{DispositionSanction, DispositionNone} }

// IsValid reports whether d is a member.
func (d Disposition) IsValid() bool { return slices.Contains(d.Values(), d) }

// MarshalText refuses a value that is no member.
func (d Disposition) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Disposition", d, d.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (d *Disposition) UnmarshalText(text []byte) (err error) {
	*d, err = hipaasmp.ParseEnum("sanction.Disposition", text, d.Values())
	return err
}

// Ruling is what a decider decides: a rung of the ladder, or none, and in both cases why.
type Ruling struct {
	// Disposition is whether a sanction is imposed.
	Disposition Disposition `json:"disposition" validate:"enum"`
	// Rung is the sanction, where one is imposed.
	Rung string `json:"rung,omitempty" validate:"omitempty,docid"`
	// Factors are factors weighed beyond those of the determination.
	Factors []AppliedFactor `json:"factors,omitempty" validate:"dive"`
	// Reason says why this outcome.
	Reason string `json:"reason" validate:"required,text,max=4000"`
}

// Impose rules for a sanction of the ladder.
func Impose(rung, reason string, factors ...AppliedFactor) Ruling {
	return Ruling{Disposition: DispositionSanction, Rung: rung, Reason: reason, Factors: factors}
}

// NoSanction rules that no sanction is imposed, and why. It is a valid outcome; without the reason it is refused.
func NoSanction(because string, factors ...AppliedFactor) Ruling {
	return Ruling{Disposition: DispositionNone, Reason: because, Factors: factors}
}

// Decision is a ruling with who decided and when.
type Decision struct {
	Signature
	Ruling
}

// Notice is how somebody was told of the outcome.
type Notice struct {
	// To is the opaque identity of who was told: the subject, or another whom the policy names.
	To string `json:"to" validate:"required,docid"`
	// On is the day on which the notice was given.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Means says how, and what was said of the way to appeal.
	Means string `json:"means" validate:"required,text,max=2000"`
}

// Notification is a notice with who gave it and which decision it was of.
type Notification struct {
	Signature
	Notice
	// Decision is the number of the decision, counted from 1; absent for a notice of a dismissal.
	Decision int `json:"decision,omitempty" validate:"min=0,max=1000"`
}

// Application is the proof that a sanction was carried out.
type Application struct {
	Signature
	// Decision is the number of the decision that was carried out, counted from 1.
	Decision int `json:"decision" validate:"min=1,max=1000"`
	// On is the day on which it was carried out.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Done says what was done.
	Done string `json:"done" validate:"required,text,max=4000"`
	// Evidence lists the files that show it.
	Evidence []hipaasmp.Artifact `json:"evidence" validate:"min=1,dive"`
}

// Closure is the last step: the case has its final record.
type Closure struct {
	Signature
	// Conclusion says what remains to be said, such as what was changed so that the act does not recur.
	Conclusion string `json:"conclusion" validate:"required,text,max=4000"`
	// LedTo points to what followed from the case: a finding of a risk analysis, an item of the plan, a training.
	LedTo []Consequence `json:"led_to,omitempty" validate:"dive"`
}

// Proceeding is one run of a case from the investigation to its closure. A reopened case begins a new one and keeps the
// earlier.
type Proceeding struct {
	// Investigation lists the steps taken, in the order in which they were recorded.
	Investigation []StepTaken `json:"investigation,omitempty" validate:"dive"`
	// Determination is the finding of a violation.
	Determination *Determination `json:"determination,omitempty"`
	// Decisions lists the outcomes decided. The last one stands; an appeal may add one.
	Decisions []Decision `json:"decisions,omitempty" validate:"dive"`
	// Notifications lists who was told.
	Notifications []Notification `json:"notifications,omitempty" validate:"dive"`
	// Applications lists how the decisions were carried out.
	Applications []Application `json:"applications,omitempty" validate:"dive"`
	// Appeals lists the objections and what they came to.
	Appeals []Appeal `json:"appeals,omitempty" validate:"dive"`
	// Dismissal ends a case without an outcome on the ladder.
	Dismissal *Dismissal `json:"dismissal,omitempty"`
	// Closure is the last step.
	Closure *Closure `json:"closure,omitempty"`
}

// Standing returns the decision that stands, if one was made.
func (p Proceeding) Standing() (Decision, bool) {
	if len(p.Decisions) == 0 {
		return Decision{}, false
	}
	return p.Decisions[len(p.Decisions)-1], true
}

// Factors returns what weighs on the standing outcome: the factors of the determination and those of the ruling.
func (p Proceeding) Factors() []AppliedFactor {
	var out []AppliedFactor
	if p.Determination != nil {
		out = append(out, p.Determination.Factors...)
	}
	if d, ok := p.Standing(); ok {
		out = append(out, d.Factors...)
	}
	return out
}

// applied reports whether the standing decision has been carried out.
func (p Proceeding) applied() bool {
	return slices.ContainsFunc(p.Applications, func(a Application) bool { return a.Decision == len(p.Decisions) })
}

// told reports whether the person was notified of the standing decision.
func (p Proceeding) told(person string) bool {
	return slices.ContainsFunc(p.Notifications, func(n Notification) bool { return n.To == person && n.Decision == len(p.Decisions) })
}
