package sanction

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/lifecycle"
)

// State is where a case stands.
type State string

const (
	// StateReported: somebody has reported an act.
	StateReported State = "reported"
	// StateUnderInvestigation: somebody looks into it.
	StateUnderInvestigation State = "under_investigation"
	// StateDetermined: a violation was found and the act is not protected.
	StateDetermined State = "determined"
	// StateDecided: the outcome is decided and not yet applied.
	StateDecided State = "decided"
	// StateApplied: the sanction was carried out.
	StateApplied State = "applied"
	// StateAppealed: the outcome is being appealed.
	StateAppealed State = "appealed"
	// StateDismissed: no sanction comes into question, with the ground.
	StateDismissed State = "dismissed"
	// StateClosed: the final record is written.
	StateClosed State = "closed"
)

// Values returns the members of the enumeration.
func (State) Values() []State {
	return []State{StateReported, StateUnderInvestigation, StateDetermined, StateDecided, StateApplied, StateAppealed, StateDismissed, StateClosed}
}

// IsValid reports whether s is a member.
func (s State) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s State) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.State", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *State) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("sanction.State", text, s.Values())
	return err
}

// Event is a step in the life of a case.
type Event string

const (
	// EventOpenInvestigation: somebody takes up the case; see [Case.Investigate].
	EventOpenInvestigation Event = "open_investigation"
	// EventRecordStep: a step of the investigation was taken or left out; see [Case.RecordStep].
	EventRecordStep Event = "record_step"
	// EventDetermine: a violation is found; see [Case.Determine].
	EventDetermine Event = "determine"
	// EventDecide: the outcome is decided; see [Case.Decide].
	EventDecide Event = "decide"
	// EventNotify: somebody was notified; see [Case.Notify].
	EventNotify Event = "notify"
	// EventApply: the sanction was carried out; see [Case.Apply].
	EventApply Event = "apply"
	// EventAppeal: the outcome is appealed; see [Case.Appeal].
	EventAppeal Event = "appeal"
	// EventUphold: the appeal changes nothing and the sanction is still to be applied; see [Case.Uphold].
	EventUphold Event = "uphold"
	// EventUpholdApplied: the appeal changes nothing and the sanction has been applied; see [Case.Uphold].
	EventUpholdApplied Event = "uphold_applied"
	// EventAmend: the appeal changes the outcome; see [Case.Amend].
	EventAmend Event = "amend"
	// EventDismiss: no sanction comes into question; see [Case.Dismiss] and [Case.DismissProtected].
	EventDismiss Event = "dismiss"
	// EventClose: the final record is written; see [Case.Close].
	EventClose Event = "close"
	// EventReopen: the case is taken up again; see [Case.Reopen].
	EventReopen Event = "reopen"
)

// Values returns the members of the enumeration.
func (Event) Values() []Event {
	return []Event{EventOpenInvestigation, EventRecordStep, EventDetermine, EventDecide, EventNotify, EventApply, EventAppeal, EventUphold,
		EventUpholdApplied, EventAmend, EventDismiss, EventClose, EventReopen}
}

// IsValid reports whether e is a member.
func (e Event) IsValid() bool { return slices.Contains(e.Values(), e) }

// MarshalText refuses a value that is no member.
func (e Event) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Event", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Event) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("sanction.Event", text, e.Values())
	return err
}

// machine is the lifecycle of a case.
var machine = lifecycle.New("sanction case", StateReported,
	edge(StateReported, EventOpenInvestigation, StateUnderInvestigation),
	edge(StateReported, EventDismiss, StateDismissed),
	edge(StateUnderInvestigation, EventRecordStep, StateUnderInvestigation),
	edge(StateUnderInvestigation, EventDetermine, StateDetermined),
	edge(StateUnderInvestigation, EventDismiss, StateDismissed),
	edge(StateDetermined, EventDecide, StateDecided),
	edge(StateDetermined, EventDismiss, StateDismissed),
	edge(StateDecided, EventNotify, StateDecided),
	edge(StateDecided, EventApply, StateApplied),
	edge(StateDecided, EventAppeal, StateAppealed),
	edge(StateDecided, EventClose, StateClosed),
	edge(StateApplied, EventNotify, StateApplied),
	edge(StateApplied, EventAppeal, StateAppealed),
	edge(StateApplied, EventClose, StateClosed),
	edge(StateAppealed, EventNotify, StateAppealed),
	edge(StateAppealed, EventUphold, StateDecided),
	edge(StateAppealed, EventUpholdApplied, StateApplied),
	edge(StateAppealed, EventAmend, StateDecided),
	edge(StateDismissed, EventNotify, StateDismissed),
	edge(StateDismissed, EventClose, StateClosed),
	edge(StateClosed, EventReopen, StateUnderInvestigation),
)

func edge(from State, on Event, to State) lifecycle.Edge[State, Event] {
	return lifecycle.Edge[State, Event]{From: from, On: on, To: to}
}

// Diagram draws the lifecycle of a case as a Mermaid state diagram.
func Diagram() string { return machine.Mermaid() }
