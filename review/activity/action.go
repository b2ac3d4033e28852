package activity

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Action is what was done: the five codes that DICOM and FHIR audit messages share, refined where the entry says more.
type Action string

const (
	ActionCreate  Action = "create"
	ActionRead    Action = "read"
	ActionUpdate  Action = "update"
	ActionDelete  Action = "delete"
	ActionExecute Action = "execute"
	ActionPrint   Action = "print"
	ActionExport  Action = "export"
	ActionSearch  Action = "search"
	ActionLogin   Action = "login"
	ActionLogout  Action = "logout"
	// ActionOverride is the start of an emergency override.
	ActionOverride Action = "override"
	// ActionUnknown: the entry does not say, or says it in a word that the reader does not know.
	ActionUnknown Action = "unknown"
)

// Values returns the members of the enumeration.
func (Action) Values() []Action {
	return []Action{ActionCreate, ActionRead, ActionUpdate, ActionDelete, ActionExecute, ActionPrint, ActionExport,
		ActionSearch, ActionLogin, ActionLogout, ActionOverride, ActionUnknown}
}

// IsValid reports whether a is a member.
func (a Action) IsValid() bool { return slices.Contains(a.Values(), a) }

// MarshalText refuses a value that is no member.
func (a Action) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("activity.Action", a, a.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (a *Action) UnmarshalText(text []byte) (err error) {
	*a, err = hipaasmp.ParseEnum("activity.Action", text, a.Values())
	return err
}
