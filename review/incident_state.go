package review

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/lifecycle"
)

// IncidentState is where an incident stands.
type IncidentState string

const (
	// IncidentReported: it is suspected or known.
	IncidentReported IncidentState = "reported"
	// IncidentContained: it goes on no longer.
	IncidentContained IncidentState = "contained"
	// IncidentClosed: it is over, and its outcome is documented.
	IncidentClosed IncidentState = "closed"
	// IncidentDismissed: it was no security incident, for the documented reason.
	IncidentDismissed IncidentState = "dismissed"
)

// Values returns the members of the enumeration.
func (IncidentState) Values() []IncidentState {
	return []IncidentState{IncidentReported, IncidentContained, IncidentClosed, IncidentDismissed}
}

// IsValid reports whether s is a member.
func (s IncidentState) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s IncidentState) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.IncidentState", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *IncidentState) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("review.IncidentState", text, s.Values())
	return err
}

// IncidentEvent is a step of an incident.
type IncidentEvent string

const (
	// IncidentRespond records something that was done about it.
	IncidentRespond IncidentEvent = "respond"
	// IncidentContain records that it goes on no longer.
	IncidentContain IncidentEvent = "contain"
	// IncidentClose documents the outcome.
	IncidentClose IncidentEvent = "close"
	// IncidentDismiss documents that it was none.
	IncidentDismiss IncidentEvent = "dismiss"
)

// Values returns the members of the enumeration.
func (IncidentEvent) Values() []IncidentEvent {
	return []IncidentEvent{IncidentRespond, IncidentContain, IncidentClose, IncidentDismiss}
}

// IsValid reports whether e is a member.
func (e IncidentEvent) IsValid() bool { return slices.Contains(e.Values(), e) }

// MarshalText refuses a value that is no member.
func (e IncidentEvent) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.IncidentEvent", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *IncidentEvent) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("review.IncidentEvent", text, e.Values())
	return err
}

// incidentMachine is the lifecycle of an incident.
var incidentMachine = lifecycle.New("security incident", IncidentReported,
	incidentEdge(IncidentReported, IncidentRespond, IncidentReported),
	incidentEdge(IncidentReported, IncidentContain, IncidentContained),
	incidentEdge(IncidentReported, IncidentDismiss, IncidentDismissed),
	incidentEdge(IncidentContained, IncidentRespond, IncidentContained),
	incidentEdge(IncidentContained, IncidentClose, IncidentClosed),
)

func incidentEdge(from IncidentState, on IncidentEvent, to IncidentState) lifecycle.Edge[IncidentState, IncidentEvent] {
	return lifecycle.Edge[IncidentState, IncidentEvent]{From: from, On: on, To: to}
}

// Act is what a security incident is, in the words of 45 CFR 164.304.
type Act string

const (
	// ActAccess is unauthorized access to information.
	ActAccess Act = "access"
	// ActUse is unauthorized use of information.
	ActUse Act = "use"
	// ActDisclosure is unauthorized disclosure of information.
	ActDisclosure Act = "disclosure"
	// ActModification is unauthorized modification of information.
	ActModification Act = "modification"
	// ActDestruction is unauthorized destruction of information.
	ActDestruction Act = "destruction"
	// ActInterference is interference with system operations.
	ActInterference Act = "interference"
)

// Values returns the members of the enumeration.
func (Act) Values() []Act {
	return []Act{ActAccess, ActUse, ActDisclosure, ActModification, ActDestruction, ActInterference}
}

// IsValid reports whether a is a member.
func (a Act) IsValid() bool { return slices.Contains(a.Values(), a) }

// MarshalText refuses a value that is no member.
func (a Act) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Act", a, a.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (a *Act) UnmarshalText(text []byte) (err error) {
	*a, err = hipaasmp.ParseEnum("review.Act", text, a.Values())
	return err
}

// Success says whether an incident came off: attempts are incidents, too (164.304).
type Success string

const (
	// SuccessAttempted: it was tried and did not succeed.
	SuccessAttempted Success = "attempted"
	// SuccessSuccessful: it succeeded.
	SuccessSuccessful Success = "successful"
	// SuccessUnknown: that is not known.
	SuccessUnknown Success = "unknown"
)

// Values returns the members of the enumeration.
func (Success) Values() []Success {
	return []Success{SuccessAttempted, SuccessSuccessful, SuccessUnknown}
}

// IsValid reports whether s is a member.
func (s Success) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s Success) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Success", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Success) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("review.Success", text, s.Values())
	return err
}

// Harm says what became of the harmful effects, which are to be mitigated to the extent practicable (164.308(a)(6)(ii)).
type Harm string

const (
	// HarmNone: no harmful effect is known.
	HarmNone Harm = "none_known"
	// HarmMitigated: the harmful effects were mitigated.
	HarmMitigated Harm = "mitigated"
	// HarmPartly: they were mitigated in part; the words say why not further.
	HarmPartly Harm = "partly_mitigated"
	// HarmImpracticable: mitigation was not practicable; the words say why.
	HarmImpracticable Harm = "not_practicable"
)

// Values returns the members of the enumeration.
func (Harm) Values() []Harm { return []Harm{HarmNone, HarmMitigated, HarmPartly, HarmImpracticable} }

// IsValid reports whether h is a member.
func (h Harm) IsValid() bool { return slices.Contains(h.Values(), h) }

// MarshalText refuses a value that is no member.
func (h Harm) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Harm", h, h.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (h *Harm) UnmarshalText(text []byte) (err error) {
	*h, err = hipaasmp.ParseEnum("review.Harm", text, h.Values())
	return err
}
