package remediation

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/lifecycle"
)

// State is where an item stands.
type State string

const (
	// StateProposed: somebody asked for the measure.
	StateProposed State = "proposed"
	// StatePlanned: it will be done; owner and due date are agreed.
	StatePlanned State = "planned"
	// StateInProgress: work goes on.
	StateInProgress State = "in_progress"
	// StateBlocked: work cannot go on, for the reason in the history.
	StateBlocked State = "blocked"
	// StateImplemented: the implementer says it is in place; nobody else looked yet.
	StateImplemented State = "implemented"
	// StateVerified: somebody else found it in place and working.
	StateVerified State = "verified"
	// StateClosed: verified, and frozen in a [Completion].
	StateClosed State = "closed"
	// StateCancelled: it will not be done, for the reason in the history.
	StateCancelled State = "cancelled"
)

// Values returns the members of the enumeration.
func (State) Values() []State {
	return []State{StateProposed, StatePlanned, StateInProgress, StateBlocked, StateImplemented, StateVerified, StateClosed, StateCancelled}
}

// IsValid reports whether s is a member.
func (s State) IsValid() bool {
	_, err := hipaasmp.ParseEnum("remediation.State", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s State) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("remediation.State", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *State) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("remediation.State", text, s.Values())
	return err
}

// Live reports whether work is still to be done: neither implemented nor cancelled.
func (s State) Live() bool {
	switch s {
	case StateProposed, StatePlanned, StateInProgress, StateBlocked:
		return true
	}
	return false
}

// Event is one step in the life of an item.
type Event string

const (
	// EventPlan: see [Item.Plan].
	EventPlan Event = "plan"
	// EventStart: see [Item.Start].
	EventStart Event = "start"
	// EventBlock: see [Item.Block].
	EventBlock Event = "block"
	// EventUnblock: see [Item.Unblock].
	EventUnblock Event = "unblock"
	// EventImplement: see [Item.Implement].
	EventImplement Event = "implement"
	// EventVerify: see [Item.Verify].
	EventVerify Event = "verify"
	// EventClose: see [Item.Close].
	EventClose Event = "close"
	// EventReopen: see [Item.Reopen].
	EventReopen Event = "reopen"
	// EventCancel: see [Item.Cancel].
	EventCancel Event = "cancel"
)

// Values returns the members of the enumeration.
func (Event) Values() []Event {
	return []Event{EventPlan, EventStart, EventBlock, EventUnblock, EventImplement, EventVerify, EventClose, EventReopen, EventCancel}
}

// IsValid reports whether e is a member.
func (e Event) IsValid() bool {
	_, err := hipaasmp.ParseEnum("remediation.Event", []byte(e), e.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (e Event) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("remediation.Event", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Event) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("remediation.Event", text, e.Values())
	return err
}

// needsNote reports whether the step asks for words: what was done, or why.
func (e Event) needsNote() bool {
	switch e {
	case EventImplement, EventBlock, EventReopen, EventCancel:
		return true
	}
	return false
}

// machine is the lifecycle of an item. It is immutable.
var machine = lifecycle.New("remediation item", StateProposed,
	lifecycle.Edge[State, Event]{From: StateProposed, On: EventPlan, To: StatePlanned},
	lifecycle.Edge[State, Event]{From: StateProposed, On: EventCancel, To: StateCancelled},
	lifecycle.Edge[State, Event]{From: StatePlanned, On: EventStart, To: StateInProgress},
	lifecycle.Edge[State, Event]{From: StatePlanned, On: EventCancel, To: StateCancelled},
	lifecycle.Edge[State, Event]{From: StateInProgress, On: EventImplement, To: StateImplemented},
	lifecycle.Edge[State, Event]{From: StateInProgress, On: EventBlock, To: StateBlocked},
	lifecycle.Edge[State, Event]{From: StateInProgress, On: EventCancel, To: StateCancelled},
	lifecycle.Edge[State, Event]{From: StateBlocked, On: EventUnblock, To: StateInProgress},
	lifecycle.Edge[State, Event]{From: StateBlocked, On: EventCancel, To: StateCancelled},
	lifecycle.Edge[State, Event]{From: StateImplemented, On: EventVerify, To: StateVerified},
	lifecycle.Edge[State, Event]{From: StateImplemented, On: EventReopen, To: StateInProgress},
	lifecycle.Edge[State, Event]{From: StateVerified, On: EventClose, To: StateClosed},
	lifecycle.Edge[State, Event]{From: StateVerified, On: EventReopen, To: StateInProgress},
	lifecycle.Edge[State, Event]{From: StateClosed, On: EventReopen, To: StateInProgress},
	lifecycle.Edge[State, Event]{From: StateCancelled, On: EventReopen, To: StateProposed},
)

// Diagram draws the lifecycle of an item as a Mermaid state diagram.
func Diagram() string { return machine.Mermaid() }
