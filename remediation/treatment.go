package remediation

import hipaasmp "github.com/hipaasmp/hipaasmp"

// Treatment is what is done about a risk.
type Treatment string

const (
	// TreatmentMitigate: a measure makes it less likely or less harmful.
	TreatmentMitigate Treatment = "mitigate"
	// TreatmentTransfer: somebody else carries a part of the harm, by insurance or contract. The duty stays.
	TreatmentTransfer Treatment = "transfer"
	// TreatmentAvoid: what causes it is given up.
	TreatmentAvoid Treatment = "avoid"
	// TreatmentAccept: the entity lives with it. It takes an [Acceptance].
	TreatmentAccept Treatment = "accept"
)

// Values returns the members of the enumeration.
func (Treatment) Values() []Treatment {
	return []Treatment{TreatmentMitigate, TreatmentTransfer, TreatmentAvoid, TreatmentAccept}
}

// IsValid reports whether t is a member.
func (t Treatment) IsValid() bool {
	_, err := hipaasmp.ParseEnum("remediation.Treatment", []byte(t), t.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (t Treatment) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("remediation.Treatment", t, t.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (t *Treatment) UnmarshalText(text []byte) (err error) {
	*t, err = hipaasmp.ParseEnum("remediation.Treatment", text, t.Values())
	return err
}
