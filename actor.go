package hipaasmp

// Role names what a person or a program is in the entity. The constants are the roles that the rules of this module
// look at; an entity adds its own, written in the same way.
type Role string

const (
	// RoleSecurityOfficial is the official of 45 CFR 164.308(a)(2), a natural person.
	RoleSecurityOfficial Role = "security_official"
	// RolePrivacyOfficial is the official of 45 CFR 164.530(a)(1)(i); a business associate need not have one.
	RolePrivacyOfficial Role = "privacy_official"
	// RoleManagement may approve an analysis, an acceptable level of risk, a policy and the acceptance of a risk.
	RoleManagement Role = "management"
	// RoleReviewer reviews records of information system activity.
	RoleReviewer Role = "reviewer"
	// RoleSystemAdministrator runs a system and must not be the only reviewer of its records.
	RoleSystemAdministrator Role = "system_administrator"
	// RoleWorkforce is a workforce member with no other role.
	RoleWorkforce Role = "workforce"
	// RoleSystem is a program: it may file and compute, it never approves, verifies or certifies.
	RoleSystem Role = "system"
)

// Actor is who took a step: an opaque identity and the role acted in. Names live in a [Directory], which is no
// record, so that records and ledger envelopes hold no personal data.
type Actor struct {
	// ID is opaque and stable, see [ValidID].
	ID string `json:"id" validate:"required,docid"`
	// Role is the role in which the step was taken.
	Role Role `json:"role" validate:"required,role"`
}

// String returns role:id.
func (a Actor) String() string { return string(a.Role) + ":" + a.ID }

// IsZero reports whether a names nobody.
func (a Actor) IsZero() bool { return a == Actor{} }

// ValidRole reports whether r is written as a role is: 1 to 64 of a-z 0-9 _ beginning with a letter.
func ValidRole(r Role) bool {
	if len(r) == 0 || len(r) > 64 || r[0] < 'a' || r[0] > 'z' {
		return false
	}
	for i := range len(r) {
		if c := r[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// Directory resolves opaque identities to the words a reader knows. It belongs to the product, is asked only when
// something is shown, and is never stored with records.
type Directory interface {
	// DisplayName returns the name for an opaque identity, and false where there is none.
	DisplayName(id string) (string, bool)
}
