package hipaasmp

// WorkforceCategory is how a person belongs to the workforce of 45 CFR 160.103: under the direct control of the
// entity, paid or not.
type WorkforceCategory string

const (
	// WorkforceEmployee is employed by the entity.
	WorkforceEmployee WorkforceCategory = "employee"
	// WorkforceVolunteer works unpaid.
	WorkforceVolunteer WorkforceCategory = "volunteer"
	// WorkforceTrainee is in training: a student, a resident.
	WorkforceTrainee WorkforceCategory = "trainee"
	// WorkforceContractor is a contractor under the entity's direct control. A business associate firm is not
	// workforce: its failures go to the contract (164.314, 164.504(e)).
	WorkforceContractor WorkforceCategory = "contractor_under_direct_control"
)

// Values returns the members of the enumeration.
func (WorkforceCategory) Values() []WorkforceCategory {
	return []WorkforceCategory{WorkforceEmployee, WorkforceVolunteer, WorkforceTrainee, WorkforceContractor}
}

// IsValid reports whether c is a member.
func (c WorkforceCategory) IsValid() bool {
	_, err := ParseEnum("WorkforceCategory", []byte(c), c.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (c WorkforceCategory) MarshalText() ([]byte, error) {
	return FormatEnum("WorkforceCategory", c, c.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (c *WorkforceCategory) UnmarshalText(text []byte) (err error) {
	*c, err = ParseEnum("WorkforceCategory", text, c.Values())
	return err
}

// WorkforceMember is one person of the workforce, by opaque identity.
type WorkforceMember struct {
	// ID is opaque and stable, see [ValidID].
	ID string `json:"id" validate:"required,docid"`
	// Category is how the person belongs to the workforce.
	Category WorkforceCategory `json:"category" validate:"enum"`
	// Title is the job, never the name.
	Title string `json:"title,omitempty" validate:"omitempty,text"`
	// Manager is the identity of the person reported to, where there is one.
	Manager string `json:"manager,omitempty" validate:"omitempty,docid"`
	// Member is the time in the workforce; open while it lasts.
	Member Period `json:"member"`
}
