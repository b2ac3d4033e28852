package review

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// CapabilityState says whether a source was recording.
type CapabilityState string

const (
	// CapabilityEnabled: recording was on when it was checked.
	CapabilityEnabled CapabilityState = "enabled"
	// CapabilityDisabled: recording was off when it was checked.
	CapabilityDisabled CapabilityState = "disabled"
	// CapabilityUnknown: nobody checked. It is never taken for enabled.
	CapabilityUnknown CapabilityState = "unknown"
)

// Values returns the members of the enumeration.
func (CapabilityState) Values() []CapabilityState {
	return []CapabilityState{CapabilityEnabled, CapabilityDisabled, CapabilityUnknown}
}

// IsValid reports whether s is a member.
func (s CapabilityState) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s CapabilityState) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.CapabilityState", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *CapabilityState) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("review.CapabilityState", text, s.Values())
	return err
}

// Capability says whether a source can record activity and was recording it: what the audit protocol calls evidence of
// log capability. That a log has entries does not show that all of it was on; unknown stays unknown.
type Capability struct {
	// State is what was found.
	State CapabilityState `json:"state" validate:"enum"`
	// Checked is the day on which somebody looked; absent while the state is unknown.
	Checked hipaasmp.Date `json:"checked,omitzero"`
	// Proof is what shows it, such as a screenshot of the setting or the answer of a status call.
	Proof *hipaasmp.Artifact `json:"proof,omitempty"`
	// Gaps lists the days on which recording is known to have been off or incomplete.
	Gaps []hipaasmp.Period `json:"gaps,omitempty" validate:"dive"`
}

func (c Capability) check(f *validate.Faults, at string, asked hipaasmp.Period) {
	switch {
	case c.State == CapabilityUnknown && !c.Checked.IsZero():
		f.Cite(FaultCapability, hipaasmp.CiteAuditControls, at+"/checked", "is set, and the state is unknown; say what was found")
	case (c.State == CapabilityEnabled || c.State == CapabilityDisabled) && c.Checked.IsZero():
		f.Cite(FaultCapability, hipaasmp.CiteAuditControls, at+"/checked", "is missing; say on which day recording was found %s, or say unknown", c.State)
	}
	for i, p := range c.Gaps {
		validate.InOrder(f, at+hipaasmp.Pointer("gaps", i), p)
		if !asked.From.IsZero() && !p.From.IsZero() && !p.Overlaps(asked) {
			f.Cite(FaultCapability, hipaasmp.CiteAuditControls, at+hipaasmp.Pointer("gaps", i), "%s lies outside of %s, the period under review", p, asked)
		}
	}
}

// Ground says why a source was not reviewed.
type Ground string

const (
	// GroundNotExpected: there was nothing to review, because the source was not in use or held no ePHI.
	GroundNotExpected Ground = "not_expected"
	// GroundWaived: the entity decided not to review it this time.
	GroundWaived Ground = "waived"
	// GroundUnavailable: the records could not be had.
	GroundUnavailable Ground = "unavailable"
)

// Values returns the members of the enumeration.
func (Ground) Values() []Ground { return []Ground{GroundNotExpected, GroundWaived, GroundUnavailable} }

// IsValid reports whether g is a member.
func (g Ground) IsValid() bool { return slices.Contains(g.Values(), g) }

// MarshalText refuses a value that is no member.
func (g Ground) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Ground", g, g.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (g *Ground) UnmarshalText(text []byte) (err error) {
	*g, err = hipaasmp.ParseEnum("review.Ground", text, g.Values())
	return err
}

// NotReviewed says of a source of the procedure that it was not reviewed, and why.
type NotReviewed struct {
	// Source is the identity of the source in the procedure.
	Source string `json:"source" validate:"required,docid"`
	// Ground is the kind of reason.
	Ground Ground `json:"ground" validate:"enum"`
	// Reason says why, in words.
	Reason string `json:"reason" validate:"required,text,max=2000"`
	// Proof is what shows it, where something does.
	Proof *hipaasmp.Artifact `json:"proof,omitempty"`
}
