package hipaasmp

// ControlKind says what sort of thing a control is.
type ControlKind string

const (
	// ControlPolicy is a written policy.
	ControlPolicy ControlKind = "policy"
	// ControlProcedure is a written procedure and the practice behind it.
	ControlProcedure ControlKind = "procedure"
	// ControlTechnical is a measure in hardware or software.
	ControlTechnical ControlKind = "technical"
	// ControlPhysical is a measure on premises, equipment or media.
	ControlPhysical ControlKind = "physical"
	// ControlTraining is training or a reminder.
	ControlTraining ControlKind = "training"
	// ControlContract is a contract or another arrangement.
	ControlContract ControlKind = "contract"
	// ControlOther is a control of no other sort; the description says which.
	ControlOther ControlKind = "other"
)

// Values returns the members of the enumeration.
func (ControlKind) Values() []ControlKind {
	return []ControlKind{ControlPolicy, ControlProcedure, ControlTechnical, ControlPhysical, ControlTraining, ControlContract, ControlOther}
}

// IsValid reports whether k is a member.
func (k ControlKind) IsValid() bool {
	_, err := ParseEnum("ControlKind", []byte(k), k.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (k ControlKind) MarshalText() ([]byte, error) {
	return FormatEnum("ControlKind", k, k.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (k *ControlKind) UnmarshalText(text []byte) (err error) {
	*k, err = ParseEnum("ControlKind", text, k.Values())
	return err
}

// Control is something the entity has or does that serves a provision of the law: a policy, a procedure, a measure.
// Which provisions it serves is said by the links of a [Mapping], never by the control itself.
type Control struct {
	// ID is the entity's own identity for it, such as "AC-07"; see [ValidID].
	ID string `json:"id" validate:"required,docid"`
	// Title names it in a few words.
	Title string `json:"title" validate:"required,text"`
	// Kind says what sort of thing it is.
	Kind ControlKind `json:"kind" validate:"enum"`
	// Description says what it does.
	Description string `json:"description,omitempty" validate:"omitempty,text"`
	// Owner is the opaque identity of the workforce member who answers for it.
	Owner string `json:"owner,omitempty" validate:"omitempty,docid"`
}
