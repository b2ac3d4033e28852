package review

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
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
	// Families says it of kinds of activity one by one, as far as that was looked at. That a kind is recorded explains a
	// period without an event of it.
	Families []FamilyCapability `json:"families,omitempty" validate:"max=9,dive"`
}

// FamilyCapability says of one kind of activity whether a source was recording it. A log that is on and leaves out what was
// viewed or exported looks covered without being it.
type FamilyCapability struct {
	// Family is the kind of activity, or [activity.FamilyFailed] for what failed of any kind.
	Family activity.Family `json:"family" validate:"enum"`
	// State is what was found, and Checked the day on which somebody looked; absent while the state is unknown.
	State   CapabilityState `json:"state" validate:"enum"`
	Checked hipaasmp.Date   `json:"checked,omitzero"`
}

func (c Capability) clone() Capability {
	c.Gaps, c.Families = slices.Clone(c.Gaps), slices.Clone(c.Families)
	return c
}

// family returns what was found of the kind of activity; the result is false where nobody said.
func (c Capability) family(family activity.Family) (FamilyCapability, bool) {
	i := slices.IndexFunc(c.Families, func(f FamilyCapability) bool { return f.Family == family })
	if i < 0 {
		return FamilyCapability{}, false
	}
	return c.Families[i], true
}

// off counts the kinds of activity that are not known to be recorded.
func (c Capability) off() int {
	n := 0
	for _, f := range c.Families {
		if f.State != CapabilityEnabled {
			n++
		}
	}
	return n
}

// checked adds a fault where a state and the day of looking do not go together.
func (s CapabilityState) checked(f *validate.Faults, at string, on hipaasmp.Date) {
	switch {
	case s == CapabilityUnknown && !on.IsZero():
		f.Cite(FaultCapability, hipaasmp.CiteAuditControls, at+"/checked", "is set, and the state is unknown; say what was found")
	case (s == CapabilityEnabled || s == CapabilityDisabled) && on.IsZero():
		f.Cite(FaultCapability, hipaasmp.CiteAuditControls, at+"/checked", "is missing; say on which day recording was found %s, or say unknown", s)
	}
}

func (c Capability) check(f *validate.Faults, at string, asked hipaasmp.Period) {
	c.State.checked(f, at, c.Checked)
	unique(f, at+"/families", c.Families, func(x FamilyCapability) activity.Family { return x.Family })
	for i, x := range c.Families {
		here := at + hipaasmp.Pointer("families", i)
		x.State.checked(f, here, x.Checked)
		if x.Family == activity.FamilyUnknown {
			f.Cite(FaultCapability, hipaasmp.CiteAuditControls, here+"/family", "is no kind of activity that can be recorded; leave it out")
		}
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

// Absence says why there was nothing to review in a source.
type Absence string

const (
	// AbsenceNotYet: the source was not in use yet.
	AbsenceNotYet Absence = "not_yet_in_use"
	// AbsenceRetired: the source was no longer in use.
	AbsenceRetired Absence = "retired"
	// AbsenceNoEPHI: the source held no electronic protected health information.
	AbsenceNoEPHI Absence = "no_ephi"
)

// Values returns the members of the enumeration.
func (Absence) Values() []Absence { return []Absence{AbsenceNotYet, AbsenceRetired, AbsenceNoEPHI} }

// IsValid reports whether a is a member.
func (a Absence) IsValid() bool { return slices.Contains(a.Values(), a) }

// MarshalText refuses a value that is no member.
func (a Absence) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Absence", a, a.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (a *Absence) UnmarshalText(text []byte) (err error) {
	*a, err = hipaasmp.ParseEnum("review.Absence", text, a.Values())
	return err
}

// words says in which way there was nothing to review.
func (a Absence) words() string {
	switch a {
	case AbsenceNotYet:
		return "it was not in use yet"
	case AbsenceRetired:
		return "it was no longer in use"
	case AbsenceNoEPHI:
		return "it held no electronic protected health information"
	}
	return "the record does not say in which way"
}

// NotReviewed says of a source of the procedure that it was not reviewed, and why.
type NotReviewed struct {
	// Source is the identity of the source in the procedure.
	Source string `json:"source" validate:"required,docid"`
	// Ground is the kind of reason.
	Ground Ground `json:"ground" validate:"enum"`
	// Absence says why there was nothing to review, for the ground that there was not; absent for others.
	Absence Absence `json:"absence,omitempty" validate:"omitempty,enum"`
	// Reason says why, in words.
	Reason string `json:"reason" validate:"required,text,max=2000"`
	// Proof is what shows it, where something does.
	Proof *hipaasmp.Artifact `json:"proof,omitempty"`
}
