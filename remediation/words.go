package remediation

import "strings"

// say writes a member of an enumeration as a person reads it, for example "in progress".
func say[T ~string](member T) string { return strings.ReplaceAll(string(member), "_", " ") }
