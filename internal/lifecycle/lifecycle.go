// Package lifecycle holds the one form in which the domain packages write their state machines: an immutable table of
// edges. The table answers what an event leads to, replays a recorded history, and lists itself for tests and docs.
package lifecycle

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Edge is one legal step.
type Edge[S, E ~string] struct {
	From S
	On   E
	To   S
}

// Table is an immutable state machine.
type Table[S, E ~string] struct {
	machine string
	initial S
	edges   []Edge[S, E]
}

// New returns the table of a machine. The name is the one that errors print.
func New[S, E ~string](machine string, initial S, edges ...Edge[S, E]) Table[S, E] {
	return Table[S, E]{machine: machine, initial: initial, edges: slices.Clone(edges)}
}

// Initial returns the state in which every history begins.
func (t Table[S, E]) Initial() S { return t.initial }

// Edges returns a copy of the table.
func (t Table[S, E]) Edges() []Edge[S, E] { return slices.Clone(t.edges) }

// Allowed lists the events that the state allows, in the order of the table.
func (t Table[S, E]) Allowed(from S) []E {
	var out []E
	for _, e := range t.edges {
		if e.From == from {
			out = append(out, e.On)
		}
	}
	return out
}

// Final reports whether nothing leads out of the state.
func (t Table[S, E]) Final(s S) bool { return len(t.Allowed(s)) == 0 }

// Next returns the state that the event leads to, or a [*hipaasmp.TransitionError].
func (t Table[S, E]) Next(ref hipaasmp.Ref, from S, on E) (S, error) {
	for _, e := range t.edges {
		if e.From == from && e.On == on {
			return e.To, nil
		}
	}
	return from, &hipaasmp.TransitionError{Machine: t.machine, Ref: ref, From: string(from), Event: string(on), Allowed: words(t.Allowed(from))}
}

func words[E ~string](events []E) []string {
	out := make([]string, len(events))
	for i, e := range events {
		out[i] = string(e)
	}
	return out
}

// Apply returns the state after the event and a new history with the step appended; the given history is not touched.
// Time runs forward: an at before the last step is refused with [hipaasmp.FaultOrder].
func (t Table[S, E]) Apply(ref hipaasmp.Ref, state S, history []hipaasmp.Transition[S, E], step hipaasmp.Transition[S, E]) (S, []hipaasmp.Transition[S, E], error) {
	next, err := t.Next(ref, state, step.Event)
	if err != nil {
		return state, history, err
	}
	step.From, step.To, step.At = state, next, hipaasmp.Instant(step.At)
	at := hipaasmp.Pointer("history", len(history))
	var faults []hipaasmp.Fault
	if step.At.IsZero() {
		faults = append(faults, hipaasmp.Fault{Code: hipaasmp.FaultRequired, Pointer: at + "/at", Message: "is missing; say when the step was taken"})
	} else if n := len(history); n > 0 && step.At.Before(history[n-1].At) {
		faults = append(faults, hipaasmp.Fault{Code: hipaasmp.FaultOrder, Pointer: at + "/at",
			Message: fmt.Sprintf("%s is before the last step at %s; history runs forward", step.At.Format("2006-01-02T15:04:05Z"), history[n-1].At.Format("2006-01-02T15:04:05Z"))})
	}
	if step.By.ID == "" || !hipaasmp.ValidID(step.By.ID) || !hipaasmp.ValidRole(step.By.Role) {
		faults = append(faults, hipaasmp.Fault{Code: hipaasmp.FaultRequired, Pointer: at + "/by", Message: "names nobody; say who took the step, by opaque identity and role"})
	}
	if err := hipaasmp.Invalid(ref, faults); err != nil {
		return state, history, err
	}
	return next, append(slices.Clone(history), step), nil
}

// Replay checks that the history begins in the initial state, follows the table, runs forward in time and ends in state.
// The faults point into /history and /state.
func (t Table[S, E]) Replay(state S, history []hipaasmp.Transition[S, E]) []hipaasmp.Fault {
	var faults []hipaasmp.Fault
	fault := func(code hipaasmp.FaultCode, pointer, format string, args ...any) {
		f := hipaasmp.Fault{Code: code, Pointer: pointer, Message: fmt.Sprintf(format, args...)}
		if code == hipaasmp.FaultHistory {
			f.Citation = hipaasmp.CiteDocumentation
		}
		faults = append(faults, f)
	}
	at := t.initial
	for i, step := range history {
		p := hipaasmp.Pointer("history", i)
		if step.From != at {
			fault(hipaasmp.FaultHistory, p+"/from", "is %q where the history stands at %q", step.From, at)
		}
		next, err := t.Next(hipaasmp.Ref{}, at, step.Event)
		switch {
		case err != nil:
			fault(hipaasmp.FaultHistory, p+"/event", "%q is not allowed from %q", step.Event, at)
			next = step.To
		case next != step.To:
			fault(hipaasmp.FaultHistory, p+"/to", "is %q where %q leads to %q", step.To, step.Event, next)
		}
		if i > 0 && step.At.Before(history[i-1].At) {
			fault(hipaasmp.FaultOrder, p+"/at", "is before the step before it; history runs forward")
		}
		at = next
	}
	if state != at {
		fault(hipaasmp.FaultHistory, "/state", "%q does not follow from the history, which ends at %q; change state by the transition methods", state, at)
	}
	return faults
}

// Mermaid draws the table as a Mermaid state diagram, for documentation.
func (t Table[S, E]) Mermaid() string {
	s := "stateDiagram-v2\n    [*] --> " + string(t.initial) + "\n"
	for _, e := range t.edges {
		s += fmt.Sprintf("    %s --> %s: %s\n", e.From, e.To, e.On)
	}
	return s
}
