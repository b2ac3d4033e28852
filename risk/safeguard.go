package risk

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Effectiveness is the verdict on a safeguard that is in place.
type Effectiveness string

const (
	// EffectivenessEffective: configured and used properly.
	EffectivenessEffective Effectiveness = "effective"
	// EffectivenessPartly: works in part, or for a part of what it should protect.
	EffectivenessPartly Effectiveness = "partly_effective"
	// EffectivenessIneffective: in place and does not work.
	EffectivenessIneffective Effectiveness = "ineffective"
	// EffectivenessNotAssessed: nobody looked. It is not the same as effective.
	EffectivenessNotAssessed Effectiveness = "not_assessed"
)

// Values returns the members of the enumeration.
func (Effectiveness) Values() []Effectiveness {
	return []Effectiveness{EffectivenessEffective, EffectivenessPartly, EffectivenessIneffective, EffectivenessNotAssessed}
}

// IsValid reports whether e is a member.
func (e Effectiveness) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.Effectiveness", []byte(e), e.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (e Effectiveness) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.Effectiveness", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Effectiveness) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("risk.Effectiveness", text, e.Values())
	return err
}

// Method is how a verdict was found.
type Method string

const (
	// MethodInterview: somebody who knows was asked.
	MethodInterview Method = "interview"
	// MethodDocument: a configuration, a report or a procedure was read.
	MethodDocument Method = "document"
	// MethodTest: it was tried out.
	MethodTest Method = "test"
	// MethodAssumption: nobody checked; the verdict is taken on trust.
	MethodAssumption Method = "assumption"
)

// Values returns the members of the enumeration.
func (Method) Values() []Method {
	return []Method{MethodInterview, MethodDocument, MethodTest, MethodAssumption}
}

// IsValid reports whether m is a member.
func (m Method) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.Method", []byte(m), m.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (m Method) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.Method", m, m.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (m *Method) UnmarshalText(text []byte) (err error) {
	*m, err = hipaasmp.ParseEnum("risk.Method", text, m.Values())
	return err
}

// Safeguard is a security measure that is in place, and how well it works (element 4 of the OCR guidance).
type Safeguard struct {
	// ID is stable over analyses.
	ID string `json:"id" validate:"required,docid"`
	// Title says what the measure is.
	Title string `json:"title" validate:"required,text"`
	// Effectiveness is the verdict.
	Effectiveness Effectiveness `json:"effectiveness" validate:"enum"`
	// How says how the verdict was found; absent exactly where there is none.
	How Method `json:"how,omitempty" validate:"omitempty,enum"`
	// Citations are the provisions that the measure implements, where it was put in place for one.
	Citations []hipaasmp.Citation `json:"citations,omitempty" validate:"dive,citation"`
}

func (s Safeguard) clone() Safeguard {
	s.Citations = slices.Clone(s.Citations)
	return s
}
