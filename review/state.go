package review

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/lifecycle"
)

// State is where a session stands.
type State string

const (
	// StateOpen: the review is under way.
	StateOpen State = "open"
	// StateCompleted: the review is certified; its record says the rest.
	StateCompleted State = "completed"
	// StateAbandoned: the session was given up, for a recorded reason. It counts for nothing.
	StateAbandoned State = "abandoned"
)

// Values returns the members of the enumeration.
func (State) Values() []State { return []State{StateOpen, StateCompleted, StateAbandoned} }

// IsValid reports whether s is a member.
func (s State) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s State) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.State", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *State) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("review.State", text, s.Values())
	return err
}

// Event is a step of a session.
type Event string

const (
	// EventComplete files the certified record.
	EventComplete Event = "complete"
	// EventAbandon gives the session up.
	EventAbandon Event = "abandon"
)

// Values returns the members of the enumeration.
func (Event) Values() []Event { return []Event{EventComplete, EventAbandon} }

// IsValid reports whether e is a member.
func (e Event) IsValid() bool { return slices.Contains(e.Values(), e) }

// MarshalText refuses a value that is no member.
func (e Event) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Event", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Event) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("review.Event", text, e.Values())
	return err
}

// machine is the lifecycle of a session.
var machine = lifecycle.New("review session", StateOpen,
	lifecycle.Edge[State, Event]{From: StateOpen, On: EventComplete, To: StateCompleted},
	lifecycle.Edge[State, Event]{From: StateOpen, On: EventAbandon, To: StateAbandoned},
)

// Diagram draws the lifecycles of this package as Mermaid state diagrams: of a session, of an exception, of an incident.
func Diagram() (session, exception, incident string) {
	return machine.Mermaid(), exceptionMachine.Mermaid(), incidentMachine.Mermaid()
}
