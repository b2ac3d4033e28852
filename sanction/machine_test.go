package sanction

import "github.com/hipaasmp/hipaasmp/internal/lifecycle"

// Edges opens the edge table to the tests, which are generated from it.
func Edges() []lifecycle.Edge[State, Event] { return machine.Edges() }

// Machine opens the state machine to the tests.
var Machine = machine
