package activity

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Outcome is how an act ended.
type Outcome string

const (
	// OutcomeSuccess: it was done.
	OutcomeSuccess Outcome = "success"
	// OutcomeDenied: the actor was not allowed to do it.
	OutcomeDenied Outcome = "denied"
	// OutcomeFailure: it went wrong for another reason. A log-in with wrong credentials is a failure.
	OutcomeFailure Outcome = "failure"
	// OutcomeThrottled: it was turned away because there were too many requests, which says nothing about rights.
	OutcomeThrottled Outcome = "throttled"
	// OutcomeUnknown: the entry does not say.
	OutcomeUnknown Outcome = "unknown"
)

// Values returns the members of the enumeration.
func (Outcome) Values() []Outcome {
	return []Outcome{OutcomeSuccess, OutcomeDenied, OutcomeFailure, OutcomeThrottled, OutcomeUnknown}
}

// IsValid reports whether o is a member.
func (o Outcome) IsValid() bool { return slices.Contains(o.Values(), o) }

// Failed reports whether the act failed or was denied. Being throttled is neither, and of an unknown outcome nobody can say.
func (o Outcome) Failed() bool { return o == OutcomeFailure || o == OutcomeDenied }

// MarshalText refuses a value that is no member.
func (o Outcome) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("activity.Outcome", o, o.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (o *Outcome) UnmarshalText(text []byte) (err error) {
	*o, err = hipaasmp.ParseEnum("activity.Outcome", text, o.Values())
	return err
}
