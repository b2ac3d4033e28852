package hipaasmp

import (
	"fmt"
	"strings"
	"time"
)

// Transition is one step in the life of a document: who did what when. Documents keep the list, and Validate
// replays it, so a state that was assigned by hand does not pass.
type Transition[S, E ~string] struct {
	// Event is what happened.
	Event E `json:"event" validate:"enum"`
	// From is the state before.
	From S `json:"from" validate:"enum"`
	// To is the state after.
	To S `json:"to" validate:"enum"`
	// By is who did it.
	By Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// Note says why, where the step asks for a reason.
	Note string `json:"note,omitempty" validate:"omitempty,text"`
}

// TransitionError says that an event is not allowed in a state.
type TransitionError struct {
	// Machine names the lifecycle, for example "remediation item".
	Machine string
	// Ref is the document.
	Ref Ref
	// From is the state in which the event came.
	From string
	// Event is what was tried.
	Event string
	// Allowed lists the events that the state allows.
	Allowed []string
}

func (e *TransitionError) Error() string {
	allowed := "none, the state is final"
	if len(e.Allowed) > 0 {
		allowed = strings.Join(e.Allowed, ", ")
	}
	subject := e.Machine
	if !e.Ref.IsZero() {
		subject += " " + e.Ref.Brief()
	}
	return fmt.Sprintf("hipaasmp: %s: %s is not allowed from %s; allowed: %s", subject, e.Event, e.From, allowed)
}
