package retention

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/lifecycle"
)

// State says where a document stands on its way to disposal. The first four follow from its dates; the last three from
// what persons decided, which a [Disposition] records. That a document is held is no state: a hold lies over any of them
// and stops every step towards disposal.
type State string

const (
	// StateActive: a document that is no record yet, such as a draft. No clock runs.
	StateActive State = "active"
	// StateInEffect: a record that is in effect. Its clock starts when it no longer is.
	StateInEffect State = "in_effect"
	// StateRetaining: a record that must be kept, or that is kept by decision.
	StateRetaining State = "retaining"
	// StateEligible: the term has run out, and disposal may be proposed or was proposed and waits for its review.
	StateEligible State = "eligible"
	// StateInReview: somebody went through it, and it waits for the approval of a second person.
	StateInReview State = "in_review"
	// StateApproved: a second person agreed; the content may be destroyed.
	StateApproved State = "approved"
	// StateDisposed: the content was destroyed.
	StateDisposed State = "disposed"
)

// Values returns the members of the enumeration.
func (State) Values() []State {
	return []State{StateActive, StateInEffect, StateRetaining, StateEligible, StateInReview, StateApproved, StateDisposed}
}

// IsValid reports whether s is a member.
func (s State) IsValid() bool {
	_, err := hipaasmp.ParseEnum("retention.State", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s State) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("retention.State", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *State) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("retention.State", text, s.Values())
	return err
}

// Event is a step that a person takes on the way to disposal.
type Event string

const (
	// EventPropose asks for the disposal of a record whose term has run out.
	EventPropose Event = "propose"
	// EventReview says that somebody went through the record and what stands against its disposal.
	EventReview Event = "review"
	// EventApprove is the consent of a second person.
	EventApprove Event = "approve"
	// EventKeep decides that the record is kept, for a reason. It may be proposed again later.
	EventKeep Event = "keep"
	// EventDispose destroys the content. Only the store takes it, in the transaction that destroys.
	EventDispose Event = "dispose"
)

// Values returns the members of the enumeration.
func (Event) Values() []Event {
	return []Event{EventPropose, EventReview, EventApprove, EventKeep, EventDispose}
}

// IsValid reports whether e is a member.
func (e Event) IsValid() bool {
	_, err := hipaasmp.ParseEnum("retention.Event", []byte(e), e.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (e Event) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("retention.Event", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Event) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("retention.Event", text, e.Values())
	return err
}

// machine is the lifecycle of a disposition. It is immutable.
var machine = lifecycle.New("disposition", StateRetaining,
	lifecycle.Edge[State, Event]{From: StateRetaining, On: EventPropose, To: StateEligible},
	lifecycle.Edge[State, Event]{From: StateEligible, On: EventReview, To: StateInReview},
	lifecycle.Edge[State, Event]{From: StateEligible, On: EventKeep, To: StateRetaining},
	lifecycle.Edge[State, Event]{From: StateInReview, On: EventApprove, To: StateApproved},
	lifecycle.Edge[State, Event]{From: StateInReview, On: EventKeep, To: StateRetaining},
	lifecycle.Edge[State, Event]{From: StateApproved, On: EventDispose, To: StateDisposed},
	lifecycle.Edge[State, Event]{From: StateApproved, On: EventKeep, To: StateRetaining},
)

// StateOf returns where a document with these versions stands on a day: what persons decided, where there is a
// disposition that is under way or done, and otherwise what its term comes to. A proposal for a document that must be
// kept again, because it was put back in effect for example, does not count.
func StateOf(versions []Version, term Term, d *Disposition, on hipaasmp.Date) State {
	if d != nil && d.State == StateDisposed {
		return StateDisposed
	}
	if !slices.ContainsFunc(versions, func(v Version) bool { return v.Basis != nil }) {
		return StateActive
	}
	for _, b := range Merge(versions) {
		if slices.ContainsFunc(b.InEffect, hipaasmp.Period.Open) {
			return StateInEffect
		}
	}
	switch {
	case !term.Running || on.IsZero() || on.Before(term.FirstDisposal):
		return StateRetaining
	case d != nil && (d.State == StateInReview || d.State == StateApproved):
		return d.State
	}
	return StateEligible
}
