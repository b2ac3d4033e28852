package detect

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Severity is how soon a finding should be looked at. It is a rule of the detector, not an assessment of harm.
type Severity string

const (
	// SeverityLow waits for the regular review.
	SeverityLow Severity = "low"
	// SeverityModerate should be looked at before the regular review.
	SeverityModerate Severity = "moderate"
	// SeverityHigh should be looked at on the day it is found.
	SeverityHigh Severity = "high"
)

// Values returns the members of the enumeration, the least first.
func (Severity) Values() []Severity { return []Severity{SeverityLow, SeverityModerate, SeverityHigh} }

// IsValid reports whether s is a member.
func (s Severity) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s Severity) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("detect.Severity", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("detect.Severity", text, s.Values())
	return err
}
