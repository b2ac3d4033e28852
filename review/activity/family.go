package activity

import (
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Family is a kind of activity. Coverage is counted by source and family, because a log that holds log-ins only is the
// commonest way to look covered without being it. Every event has one of the [EventFamilies]; what is expected of a source
// can also be [FamilyFailed], which lies across them.
type Family string

const (
	// FamilyLogin is logging in and out.
	FamilyLogin Family = "login"
	// FamilyView is reading records of patients or other data.
	FamilyView Family = "view"
	// FamilyEdit is creating, changing and deleting them.
	FamilyEdit Family = "edit"
	// FamilyPrintExport is taking them out of the system.
	FamilyPrintExport Family = "print_export"
	// FamilySearch is looking for them.
	FamilySearch Family = "search"
	// FamilyOverride is access under an emergency override, whatever was then done.
	FamilyOverride Family = "override"
	// FamilyAdmin is running the system itself: accounts, rights, configuration, logging. Reading configuration belongs
	// here too, so that it never passes for the viewing of data.
	FamilyAdmin Family = "admin"
	// FamilyFailed is what failed or was denied, see [Outcome.Failed]. It is no event's own family: a log-in that failed is
	// of [FamilyLogin] and counts there. A source may be expected to record it, because switching off what failed, and going
	// on to record what was done, leaves a log that looks whole.
	FamilyFailed Family = "failed"
	// FamilyOther is known and none of these, such as the start of a program.
	FamilyOther Family = "other"
	// FamilyUnknown: the entry does not say.
	FamilyUnknown Family = "unknown"
)

// Values returns the members of the enumeration.
func (Family) Values() []Family {
	return []Family{FamilyLogin, FamilyView, FamilyEdit, FamilyPrintExport, FamilySearch, FamilyOverride, FamilyAdmin,
		FamilyFailed, FamilyOther, FamilyUnknown}
}

// EventFamilies returns the families that an event can have: all members but [FamilyFailed]. Each event has one, so that
// their counts add up to the events.
func EventFamilies() []Family {
	return slices.DeleteFunc(Family("").Values(), func(f Family) bool { return f == FamilyFailed })
}

// Words returns the family in words.
func (f Family) Words() string {
	if f == FamilyFailed {
		return "failed or denied acts"
	}
	return strings.ReplaceAll(string(f), "_", " ")
}

// IsValid reports whether f is a member.
func (f Family) IsValid() bool { return slices.Contains(f.Values(), f) }

// MarshalText refuses a value that is no member.
func (f Family) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("activity.Family", f, f.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (f *Family) UnmarshalText(text []byte) (err error) {
	*f, err = hipaasmp.ParseEnum("activity.Family", text, f.Values())
	return err
}

// familyOf is the family of an action on data.
func familyOf(a Action) Family {
	switch a {
	case ActionLogin, ActionLogout:
		return FamilyLogin
	case ActionRead:
		return FamilyView
	case ActionCreate, ActionUpdate, ActionDelete:
		return FamilyEdit
	case ActionPrint, ActionExport:
		return FamilyPrintExport
	case ActionSearch:
		return FamilySearch
	case ActionOverride:
		return FamilyOverride
	case ActionExecute:
		return FamilyOther
	}
	return FamilyUnknown
}
