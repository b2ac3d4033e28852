package review

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// TicketState is where a ticket of a security incident tracking report stands.
type TicketState string

const (
	// TicketOpen: nobody works on it yet.
	TicketOpen TicketState = "open"
	// TicketInProgress: somebody does.
	TicketInProgress TicketState = "in_progress"
	// TicketClosed: it is closed.
	TicketClosed TicketState = "closed"
	// TicketUnknown: the report does not say, or in a word that the profile does not translate. It is never taken for closed.
	TicketUnknown TicketState = "unknown"
)

// Values returns the members of the enumeration.
func (TicketState) Values() []TicketState {
	return []TicketState{TicketOpen, TicketInProgress, TicketClosed, TicketUnknown}
}

// IsValid reports whether s is a member.
func (s TicketState) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s TicketState) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.TicketState", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *TicketState) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("review.TicketState", text, s.Values())
	return err
}

// TicketOutcome is what a ticket came to.
type TicketOutcome string

const (
	// TicketIncident: it was a security incident (164.304).
	TicketIncident TicketOutcome = "incident"
	// TicketNoIncident: it was none.
	TicketNoIncident TicketOutcome = "no_incident"
	// TicketDuplicate: another ticket is about the same.
	TicketDuplicate TicketOutcome = "duplicate"
	// TicketPending: it has not been found out yet.
	TicketPending TicketOutcome = "pending"
	// TicketOutcomeUnknown: the report does not say, or in a word that the profile does not translate.
	TicketOutcomeUnknown TicketOutcome = "unknown"
)

// Values returns the members of the enumeration.
func (TicketOutcome) Values() []TicketOutcome {
	return []TicketOutcome{TicketIncident, TicketNoIncident, TicketDuplicate, TicketPending, TicketOutcomeUnknown}
}

// IsValid reports whether o is a member.
func (o TicketOutcome) IsValid() bool { return slices.Contains(o.Values(), o) }

// MarshalText refuses a value that is no member.
func (o TicketOutcome) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.TicketOutcome", o, o.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (o *TicketOutcome) UnmarshalText(text []byte) (err error) {
	*o, err = hipaasmp.ParseEnum("review.TicketOutcome", text, o.Values())
	return err
}

// Ticket is one line of a security incident tracking report. It holds no free text of the report.
type Ticket struct {
	// ID is the ticket's number in the system that keeps it.
	ID string
	// Opened is when it was opened; Closed when it was closed, and zero where that is not known.
	Opened, Closed time.Time
	// State is where it stands, and Outcome what it came to.
	State   TicketState
	Outcome TicketOutcome
	// System is the system that it is about, in the report's own words; empty where it does not say.
	System string
	// Unread lists the fields that the line fills and the profile does not understand: a state or an outcome in a word that
	// it does not translate, a time of closing that is in none of its layouts or before the opening. They are unknown here.
	Unread []TicketField
	// Raw is where the line lies.
	Raw activity.Raw
}

// Age returns for how many days the ticket had been open on the day, in the zone: until it was closed, or until the day.
// A ticket opened later has no age.
func (t Ticket) Age(asOf hipaasmp.Date, zone *time.Location) int {
	end := asOf
	if closed := hipaasmp.DateOf(t.Closed, zone); t.State == TicketClosed && !t.Closed.IsZero() && closed.Before(end) {
		end = closed
	}
	return max(0, hipaasmp.DateOf(t.Opened, zone).DaysUntil(end))
}
