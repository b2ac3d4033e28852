package activity

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// ActorKind says what kind of thing acted, as far as the log says it.
type ActorKind string

const (
	// ActorPerson is a human being.
	ActorPerson ActorKind = "person"
	// ActorAccount is an account that a person or a program may stand behind, such as an IAM user or an assumed role.
	ActorAccount ActorKind = "account"
	// ActorService is a program, a device or a provider's service that acts by itself.
	ActorService ActorKind = "service"
	// ActorUnknown: the log does not say.
	ActorUnknown ActorKind = "unknown"
)

// Values returns the members of the enumeration.
func (ActorKind) Values() []ActorKind {
	return []ActorKind{ActorPerson, ActorAccount, ActorService, ActorUnknown}
}

// IsValid reports whether k is a member.
func (k ActorKind) IsValid() bool { return slices.Contains(k.Values(), k) }

// MarshalText refuses a value that is no member.
func (k ActorKind) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("activity.ActorKind", k, k.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (k *ActorKind) UnmarshalText(text []byte) (err error) {
	*k, err = hipaasmp.ParseEnum("activity.ActorKind", text, k.Values())
	return err
}

// Actor is who did what an entry records.
type Actor struct {
	// ID is the identity exactly as the log has it, for example an ARN or a user number; empty where the log gives none.
	ID string `json:"id,omitempty"`
	// AltID is a second identity of the same actor, where the log gives one.
	AltID string `json:"alt_id,omitempty"`
	// Kind is what kind of thing acted.
	Kind ActorKind `json:"kind"`
	// Display is the name that the log shows for the actor. It is no identity and is never written.
	Display string `json:"-"`
}

// Resolved reports whether the log identifies the actor. A display name alone does not.
func (a Actor) Resolved() bool { return a.ID != "" }
