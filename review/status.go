package review

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Status is what is known of the review of one source, or of one kind of activity in it, in one month.
type Status string

const (
	// StatusComplete: every expected day is covered by a certified review, in time, and the source was recording.
	StatusComplete Status = "complete"
	// StatusLate: the same, but a review was certified late by the entity's own procedure.
	StatusLate Status = "late"
	// StatusPartial: some expected days are not covered, or the source was not recording on all of them.
	StatusPartial Status = "partial"
	// StatusMissing: no expected day is covered, and the review is overdue by the entity's own procedure.
	StatusMissing Status = "missing"
	// StatusNotDue: a review is still to come and not yet overdue.
	StatusNotDue Status = "not_due"
	// StatusNotExpected: there was nothing to review.
	StatusNotExpected Status = "not_expected"
	// StatusWaived: the entity decided not to review it, for a recorded reason.
	StatusWaived Status = "waived"
	// StatusUnknown: what is on file does not tell. Unknown is never taken for complete.
	StatusUnknown Status = "unknown"
)

// Values returns the members of the enumeration.
func (Status) Values() []Status {
	return []Status{StatusComplete, StatusLate, StatusPartial, StatusMissing, StatusNotDue, StatusNotExpected, StatusWaived, StatusUnknown}
}

// IsValid reports whether s is a member.
func (s Status) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s Status) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Status", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Status) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("review.Status", text, s.Values())
	return err
}
