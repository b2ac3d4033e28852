package review

// The state machines, opened to the tests that are generated from them.
var (
	Machine          = machine
	ExceptionMachine = exceptionMachine
	IncidentMachine  = incidentMachine
)
