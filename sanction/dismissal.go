package sanction

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Ground is why a case is dismissed.
type Ground string

const (
	// GroundNoViolation: what was reported did not happen, or is no violation.
	GroundNoViolation Ground = "no_violation"
	// GroundInsufficientEvidence: it could not be shown.
	GroundInsufficientEvidence Ground = "insufficient_evidence"
	// GroundProtectedAct: the act is protected; see [ProtectedActCheck].
	GroundProtectedAct Ground = "protected_act"
	// GroundNotWorkforce: the person turned out not to be of the workforce.
	GroundNotWorkforce Ground = "not_workforce"
	// GroundDuplicate: another case is about the same act.
	GroundDuplicate Ground = "duplicate"
)

// Values returns the members of the enumeration.
func (Ground) Values() []Ground {
	return []Ground{GroundNoViolation, GroundInsufficientEvidence, GroundProtectedAct, GroundNotWorkforce, GroundDuplicate}
}

// IsValid reports whether g is a member.
func (g Ground) IsValid() bool { return slices.Contains(g.Values(), g) }

// MarshalText refuses a value that is no member.
func (g Ground) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Ground", g, g.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (g *Ground) UnmarshalText(text []byte) (err error) {
	*g, err = hipaasmp.ParseEnum("sanction.Ground", text, g.Values())
	return err
}

// Dismissal is the end of a case without an outcome on the ladder.
type Dismissal struct {
	Signature
	// Ground is why.
	Ground Ground `json:"ground" validate:"enum"`
	// Reason says what was found.
	Reason string `json:"reason" validate:"required,text,max=4000"`
	// Check is the protected-act check, where the ground is a protected act.
	Check *ProtectedActCheck `json:"check,omitempty"`
	// See points to what the ground rests on; for a duplicate to the other case, which it must name.
	See []hipaasmp.Ref `json:"see,omitempty" validate:"dive"`
}

// Dismiss ends the case without an outcome on the ladder. It takes the power to decide sanctions: not to sanction is a
// decision, too. A duplicate names the other case in see. A protected act is dismissed with [Case.DismissProtected].
func (c Case) Dismiss(by hipaasmp.Actor, at time.Time, may hipaasmp.Authority, ground Ground, reason string, see ...hipaasmp.Ref) (Case, error) {
	return c.dismiss(by, at, may, Dismissal{Ground: ground, Reason: reason, See: slices.Clone(see)})
}

// DismissProtected ends the case because the act is protected, by the answers of the check.
func (c Case) DismissProtected(by hipaasmp.Actor, at time.Time, may hipaasmp.Authority, check ProtectedActCheck, reason string) (Case, error) {
	return c.dismiss(by, at, may, Dismissal{Ground: GroundProtectedAct, Reason: reason, Check: &check})
}

func (c Case) dismiss(by hipaasmp.Actor, at time.Time, may hipaasmp.Authority, d Dismissal) (Case, error) {
	next, err := c.take(EventDismiss, by, at, "", func(n *Case, s Signature) {
		d.Signature = s
		n.Dismissal = &d
	})
	if err != nil {
		return c, err
	}
	if err := c.may(may, by, at); err != nil {
		return c, err
	}
	return next, nil
}

func (p Proceeding) checkDismissal(f *validate.Faults, base string, w frame) {
	d := p.Dismissal
	if d == nil {
		return
	}
	base += "/dismissal"
	person(f, base+"/by", "dismiss a case", d.By)
	w.notSubject(f, base+"/by", d.By)
	if d.Check != nil {
		d.Check.check(f, base+"/check", w.entity, w.subject, w.reportedAt, d.At)
	}
	other := func(ref hipaasmp.Ref) bool { return ref.Kind == KindCase && ref.Newest() != w.self }
	if d.Ground == GroundDuplicate && !slices.ContainsFunc(d.See, other) {
		f.Cite(hipaasmp.FaultDangling, hipaasmp.CiteSanctionPolicy, base+"/see", "names no other %s; a duplicate says which case is about the same act", KindCase)
	}
	protects := d.Check != nil && len(d.Check.Protects()) > 0
	if (d.Ground == GroundProtectedAct) != protects {
		f.Cite(FaultDismissal, hipaasmp.CiteProtectedDisclosures, base+"/ground", "is %q where the protected-act check says otherwise; use Dismiss or DismissProtected", d.Ground)
	}
	if len(p.Decisions) > 0 {
		f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, base, "stands beside a decision; a decided case is changed by appeal or reopened")
	}
}
