package activity

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Action is what was done: the five codes that DICOM and FHIR audit messages share, refined where the entry says more.
type Action string

const (
	// ActionCreate makes something new.
	ActionCreate Action = "create"
	// ActionRead reads.
	ActionRead Action = "read"
	// ActionUpdate changes what is there.
	ActionUpdate Action = "update"
	// ActionDelete removes.
	ActionDelete Action = "delete"
	// ActionExecute runs something, in the wide sense that audit messages give the code E.
	ActionExecute Action = "execute"
	// ActionPrint puts on paper.
	ActionPrint Action = "print"
	// ActionExport takes out of the system.
	ActionExport Action = "export"
	// ActionSearch looks for something by its properties.
	ActionSearch Action = "search"
	// ActionLogin is an attempt to log in, with whatever outcome.
	ActionLogin Action = "login"
	// ActionLogout ends a session.
	ActionLogout Action = "logout"
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
