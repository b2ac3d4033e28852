package inquiry

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Status says how far the records answer a request.
type Status string

const (
	// StatusAnswered: records answer it, and none of the questions under it found a gap.
	StatusAnswered Status = "answered"
	// StatusPartly: records answer it, and gaps remain.
	StatusPartly Status = "partly"
	// StatusMissing: no record answers it. There is a gap that says so.
	StatusMissing Status = "missing"
)

// Values returns the members of the enumeration.
func (Status) Values() []Status { return []Status{StatusAnswered, StatusPartly, StatusMissing} }

// IsValid reports whether s is a member.
func (s Status) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s Status) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("inquiry.Status", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Status) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("inquiry.Status", text, s.Values())
	return err
}
