package remediation

// Edges gives the tests the table behind the lifecycle of an item.
var Edges = machine.Edges
