package hipaasmp

import "fmt"

// Power is a step that not everybody may take.
type Power string

const (
	// PowerApproveAnalysis approves a risk analysis and the acceptable level of risk.
	PowerApproveAnalysis Power = "approve_analysis"
	// PowerVerifyMeasure confirms that a measure works.
	PowerVerifyMeasure Power = "verify_measure"
	// PowerAcceptRisk accepts a risk without treating it further.
	PowerAcceptRisk Power = "accept_risk"
	// PowerDecideSanction decides the outcome of a sanction case.
	PowerDecideSanction Power = "decide_sanction"
	// PowerCertifyReview certifies an activity review.
	PowerCertifyReview Power = "certify_review"
	// PowerApprovePolicy puts a policy or a procedure in effect.
	PowerApprovePolicy Power = "approve_policy"
	// PowerApproveDisposal approves the disposal of a record whose retention has run out.
	PowerApproveDisposal Power = "approve_disposal"
)

// Values returns the members of the enumeration.
func (Power) Values() []Power {
	return []Power{PowerApproveAnalysis, PowerVerifyMeasure, PowerAcceptRisk, PowerDecideSanction, PowerCertifyReview, PowerApprovePolicy, PowerApproveDisposal}
}

// IsValid reports whether p is a member.
func (p Power) IsValid() bool {
	_, err := ParseEnum("Power", []byte(p), p.Values())
	return err == nil
}

// Authority answers whether an actor may take a step on a day: nil for yes, otherwise an error that says what is
// missing. A product gives its own; [Entity.Authority] is the default.
type Authority func(who Actor, power Power, on Date) error

// AuthorityError says that a person may not take a step.
type AuthorityError struct {
	Who   Actor
	Power Power
	On    Date
	// Needs lists the roles of which one would do.
	Needs []Role
}

func (e *AuthorityError) Error() string {
	return fmt.Sprintf("hipaasmp: %s may not %s on %s; it takes an appointment to one of %v", e.Who, e.Power, e.On, e.Needs)
}

// powerRoles is the default of [Entity.Authority]: which roles hold a power. The rule itself names only the
// security official (164.308(a)(2)); the audit protocol asks for management approval of the acceptable level of
// risk and for certification by appropriate personnel.
func powerRoles(p Power) []Role {
	switch p {
	case PowerAcceptRisk:
		return []Role{RoleManagement}
	case PowerVerifyMeasure, PowerCertifyReview:
		return []Role{RoleSecurityOfficial, RolePrivacyOfficial, RoleManagement, RoleReviewer}
	case PowerApproveAnalysis, PowerDecideSanction, PowerApprovePolicy, PowerApproveDisposal:
		return []Role{RoleSecurityOfficial, RolePrivacyOfficial, RoleManagement}
	}
	return nil
}

// Authority answers by the entity's appointments: the actor must be appointed, on the day, to a role that holds the
// power, and must act in that role.
func (e Entity) Authority() Authority {
	return func(who Actor, power Power, on Date) error {
		needs := powerRoles(power)
		for _, r := range needs {
			if who.Role == r && e.Holds(r, who.ID, on) {
				return nil
			}
		}
		return &AuthorityError{Who: who, Power: power, On: on, Needs: needs}
	}
}
