package remediation

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/risk"
)

// Revocation is the decision to live with a risk no longer, before the acceptance expires by itself.
type Revocation struct {
	// By is who revoked, with the authority to accept risks.
	By hipaasmp.Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// On is the day in the entity's zone, the first on which the risk is open again.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Why says why.
	Why string `json:"why" validate:"required,text"`
}

// Revoke takes the acceptance back: from that day on the risk is open again and something else has to treat it. The result
// is a new version of the same record; what was decided first stays in it as it was. The authority is asked whether the
// actor may accept risks on the day. An acceptance that was revoked before, or that has expired, is refused. The error is
// a [*hipaasmp.ValidationError], and the acceptance comes back as it was.
func (a Acceptance) Revoke(by hipaasmp.Actor, at time.Time, zone *time.Location, may hipaasmp.Authority, why string) (Acceptance, error) {
	switch {
	case zone == nil:
		return a, noZone(a.DocumentRef())
	case zone.String() != a.Zone:
		return a, otherZone(a.DocumentRef())
	case a.Revocation != nil:
		return a, hipaasmp.Invalid(a.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultHistory, Pointer: "/revocation",
			Message: "was revoked on " + a.Revocation.On.String() + " already; a decision stays as it was", Citation: hipaasmp.CiteRiskManagement}})
	}
	next := a.clone()
	r := Revocation{By: by, At: hipaasmp.Instant(at), Why: why}
	r.On = hipaasmp.DateOf(r.At, zone)
	next.Revocation = &r
	var f validate.Faults
	f.May(may, "/revocation/by", by, hipaasmp.PowerAcceptRisk, r.On)
	f.Append(faultsOf(next.Validate())...)
	if err := f.Err(a.DocumentRef()); err != nil {
		return a, err
	}
	return next, nil
}

func (a Acceptance) clone() Acceptance {
	a.Conditions = append([]string(nil), a.Conditions...)
	a.Revocation = clonePointer(a.Revocation)
	return a
}

func (a Acceptance) checkRevocation(f *validate.Faults) {
	r := a.Revocation
	if r == nil {
		return
	}
	if r.By.Role == hipaasmp.RoleSystem {
		f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteRiskManagement, "/revocation/by", "is a program; have a person revoke the acceptance")
	}
	if r.At.Before(a.At) {
		f.Add(hipaasmp.FaultOrder, "/revocation/at", "is before the approval; only what is accepted can be revoked")
	}
	f.Day(FaultDay, "/revocation/on", r.At, r.On)
	if r.On.After(a.Expires) && !a.Expires.IsZero() {
		f.Add(hipaasmp.FaultOrder, "/revocation/on", "%s is after the acceptance expired on %s; there is nothing left to revoke", r.On, a.Expires)
	}
}

// AcceptanceStanding says whether an acceptance covers a risk.
type AcceptanceStanding string

const (
	// AcceptanceStandingNotYet: the day is before the approval.
	AcceptanceStandingNotYet AcceptanceStanding = "not_yet"
	// AcceptanceStandingInForce: the risk is accepted.
	AcceptanceStandingInForce AcceptanceStanding = "in_force"
	// AcceptanceStandingStale: the risk is not the one that was accepted any more. It takes a new decision.
	AcceptanceStandingStale AcceptanceStanding = "stale"
	// AcceptanceStandingExpired: its last day is past. The risk is open again.
	AcceptanceStandingExpired AcceptanceStanding = "expired"
	// AcceptanceStandingRevoked: it was taken back. The risk is open again.
	AcceptanceStandingRevoked AcceptanceStanding = "revoked"
)

// Values returns the members of the enumeration.
func (AcceptanceStanding) Values() []AcceptanceStanding {
	return []AcceptanceStanding{AcceptanceStandingNotYet, AcceptanceStandingInForce, AcceptanceStandingStale, AcceptanceStandingExpired, AcceptanceStandingRevoked}
}

// IsValid reports whether s is a member.
func (s AcceptanceStanding) IsValid() bool {
	_, err := hipaasmp.ParseEnum("remediation.AcceptanceStanding", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s AcceptanceStanding) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("remediation.AcceptanceStanding", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *AcceptanceStanding) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("remediation.AcceptanceStanding", text, s.Values())
	return err
}

// Standing says whether the acceptance covers the risk that is left on the day; nil where that is not assessed. It goes
// stale when the residual changes, up or down: another level, likelihood or impact, or a score on another scale.
func (a Acceptance) Standing(left *risk.Score, on hipaasmp.Date) AcceptanceStanding {
	switch {
	case a.Revocation != nil && !on.Before(a.Revocation.On):
		return AcceptanceStandingRevoked
	case !a.Expires.IsZero() && on.After(a.Expires):
		return AcceptanceStandingExpired
	case !a.InForce(on):
		return AcceptanceStandingNotYet
	case left == nil || !sameRisk(*left, a.Residual):
		return AcceptanceStandingStale
	}
	return AcceptanceStandingInForce
}

// sameRisk reports whether two scores say the same about a risk, whoever judged and when.
func sameRisk(a, b risk.Score) bool {
	return a.Level == b.Level && a.Likelihood == b.Likelihood && a.Impact == b.Impact && a.Words == b.Words && a.Scale == b.Scale
}
