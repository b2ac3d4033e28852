package review

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/lifecycle"
)

// ExceptionState is where an exception stands.
type ExceptionState string

const (
	// ExceptionOpen: nobody has looked at it yet.
	ExceptionOpen ExceptionState = "open"
	// ExceptionTriaged: somebody is looking into it.
	ExceptionTriaged ExceptionState = "triaged"
	// ExceptionExplained: there is an explanation, and no incident.
	ExceptionExplained ExceptionState = "explained"
	// ExceptionInconclusive: what it was could not be found out.
	ExceptionInconclusive ExceptionState = "inconclusive"
	// ExceptionIncident: it went on to an incident, a sanction case or a risk finding.
	ExceptionIncident ExceptionState = "incident"
)

// Values returns the members of the enumeration.
func (ExceptionState) Values() []ExceptionState {
	return []ExceptionState{ExceptionOpen, ExceptionTriaged, ExceptionExplained, ExceptionInconclusive, ExceptionIncident}
}

// IsValid reports whether s is a member.
func (s ExceptionState) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s ExceptionState) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.ExceptionState", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *ExceptionState) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("review.ExceptionState", text, s.Values())
	return err
}

// Disposed reports whether the state is a disposition: explained, inconclusive or incident.
func (s ExceptionState) Disposed() bool {
	return s == ExceptionExplained || s == ExceptionInconclusive || s == ExceptionIncident
}

// ExceptionEvent is a step of an exception.
type ExceptionEvent string

const (
	// ExceptionTriage takes the exception up.
	ExceptionTriage ExceptionEvent = "triage"
	// ExceptionContact asks the actor, or somebody who answers for the actor, about it.
	ExceptionContact ExceptionEvent = "contact"
	// ExceptionExplain finds an explanation.
	ExceptionExplain ExceptionEvent = "explain"
	// ExceptionGiveUp finds none.
	ExceptionGiveUp ExceptionEvent = "give_up"
	// ExceptionEscalate hands it on.
	ExceptionEscalate ExceptionEvent = "escalate"
	// ExceptionReconsider takes back a disposition before the review is certified.
	ExceptionReconsider ExceptionEvent = "reconsider"
)

// Values returns the members of the enumeration.
func (ExceptionEvent) Values() []ExceptionEvent {
	return []ExceptionEvent{ExceptionTriage, ExceptionContact, ExceptionExplain, ExceptionGiveUp, ExceptionEscalate, ExceptionReconsider}
}

// IsValid reports whether e is a member.
func (e ExceptionEvent) IsValid() bool { return slices.Contains(e.Values(), e) }

// MarshalText refuses a value that is no member.
func (e ExceptionEvent) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.ExceptionEvent", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *ExceptionEvent) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("review.ExceptionEvent", text, e.Values())
	return err
}

// exceptionMachine is the lifecycle of an exception.
var exceptionMachine = lifecycle.New("review exception", ExceptionOpen,
	exceptionEdge(ExceptionOpen, ExceptionTriage, ExceptionTriaged),
	exceptionEdge(ExceptionTriaged, ExceptionContact, ExceptionTriaged),
	exceptionEdge(ExceptionTriaged, ExceptionExplain, ExceptionExplained),
	exceptionEdge(ExceptionTriaged, ExceptionGiveUp, ExceptionInconclusive),
	exceptionEdge(ExceptionTriaged, ExceptionEscalate, ExceptionIncident),
	exceptionEdge(ExceptionExplained, ExceptionReconsider, ExceptionTriaged),
	exceptionEdge(ExceptionInconclusive, ExceptionReconsider, ExceptionTriaged),
	exceptionEdge(ExceptionIncident, ExceptionReconsider, ExceptionTriaged),
)

func exceptionEdge(from ExceptionState, on ExceptionEvent, to ExceptionState) lifecycle.Edge[ExceptionState, ExceptionEvent] {
	return lifecycle.Edge[ExceptionState, ExceptionEvent]{From: from, On: on, To: to}
}
