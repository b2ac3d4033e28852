package remediation

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/risk"
)

// KindAcceptance is the kind of [Acceptance].
const KindAcceptance hipaasmp.Kind = "remediation.acceptance"

// Acceptance is the decision to live with a risk until a day. One person asks for it and another, with authority,
// approves it. It freezes the risk as it was: once the risk has changed it is stale, see [Acceptance.Standing]. Nothing in
// it is ever edited; [Acceptance.Revoke] adds the decision that takes it back.
type Acceptance struct {
	hipaasmp.Header
	// Finding is the finding whose risk is accepted.
	Finding FindingRef `json:"finding"`
	// Requester is who asks for it.
	Requester hipaasmp.Actor `json:"requester"`
	// Approver is who approves it, another person.
	Approver hipaasmp.Actor `json:"approver"`
	// Rationale says why the risk is accepted.
	Rationale string `json:"rationale" validate:"required,text"`
	// Conditions must hold for as long as the risk is accepted.
	Conditions []string `json:"conditions,omitempty" validate:"dive,text"`
	// Residual is the risk that is accepted, frozen.
	Residual risk.Score `json:"residual"`
	// Zone is the IANA name of the zone in which the days are counted.
	Zone string `json:"zone" validate:"required,text"`
	// At is when it was approved, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// On is the day of the approval, the first on which the acceptance is in force.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Expires is the last day on which it is in force. An acceptance without an end is refused.
	Expires hipaasmp.Date `json:"expires" validate:"required"`
	// Revocation is the decision that took it back before; absent where nobody did.
	Revocation *Revocation `json:"revocation,omitempty"`
}

var _ hipaasmp.Record = Acceptance{}

// NewAcceptance records the decision. The authority is asked whether the approver may accept risks on the day that at
// has in the zone. A risk that is not assessed cannot be accepted. The error is a [*hipaasmp.ValidationError], through
// which errors.As also reaches what the authority said.
func NewAcceptance(id string, finding FindingRef, requester, approver hipaasmp.Actor, at time.Time, zone *time.Location, may hipaasmp.Authority, rationale string, residual risk.Score, expires hipaasmp.Date, conditions ...string) (Acceptance, error) {
	a := Acceptance{
		Header: hipaasmp.NewHeader(KindAcceptance, id), Finding: finding, Requester: requester, Approver: approver,
		Rationale: rationale, Residual: residual, At: hipaasmp.Instant(at), Expires: expires,
		Conditions: append([]string(nil), conditions...),
	}
	if zone == nil {
		return Acceptance{}, noZone(a.DocumentRef())
	}
	a.Zone, a.On = zone.String(), hipaasmp.DateOf(a.At, zone)
	var f validate.Faults
	f.May(may, "/approver", approver, hipaasmp.PowerAcceptRisk, a.On)
	f.Append(faultsOf(a.Validate())...)
	if err := f.Err(a.DocumentRef()); err != nil {
		return Acceptance{}, err
	}
	return a, nil
}

// InForce reports whether the decision stands on the day: approved, not expired and not revoked. Whether the risk is still
// the one that was accepted is for [Acceptance.Standing] to say.
func (a Acceptance) InForce(on hipaasmp.Date) bool {
	return a.period().Contains(on) && (a.Revocation == nil || on.Before(a.Revocation.On))
}

// period is the time in which the decision governed; the day of a revocation counts, because it governed on a part of it.
func (a Acceptance) period() hipaasmp.Period {
	p := hipaasmp.Period{From: a.On, To: a.Expires}
	if r := a.Revocation; r != nil && r.On.Before(p.To) {
		p.To = r.On
	}
	return p
}

// Citations returns the provisions that the acceptance documents.
func (Acceptance) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteRiskManagement, hipaasmp.CiteWrittenRecord}
}

// RetentionBasis returns documentation that governs until it expires or is revoked.
func (a Acceptance) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: a.On, InEffect: []hipaasmp.Period{a.period()}}
}

// Validate returns every fault of the acceptance.
func (a Acceptance) Validate() error {
	return validate.Check(a, KindAcceptance, a.Schema, func(f *validate.Faults) {
		a.Finding.check(f, "/finding")
		checkZone(f, "", a.Zone)
		if a.Approver.ID == "" {
			f.Cite(FaultNotAccepted, hipaasmp.CiteRiskManagement, "/approver", "is missing; a risk is not accepted until somebody with authority approves it")
		}
		if a.Approver.Role == hipaasmp.RoleSystem {
			f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteRiskManagement, "/approver", "is a program; have a person approve the acceptance")
		}
		if a.Approver.ID == a.Requester.ID && a.Approver.ID != "" {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteRiskManagement, "/approver/id", "%q asked for the acceptance; have somebody else approve it", a.Approver.ID)
		}
		f.Append(a.Residual.Faults("/residual")...)
		if a.Residual.Level.IsValid() && !a.Residual.Assessed() {
			f.Cite(FaultResidual, hipaasmp.CiteRiskManagement, "/residual/level", "is not assessed; nobody can accept a risk that nobody knows")
		}
		if a.Residual.At.After(a.At) {
			f.Add(hipaasmp.FaultOrder, "/residual/at", "is after the approval; the risk is rated before it is accepted")
		}
		f.Day(FaultDay, "/on", a.At, a.On)
		if !a.Expires.IsZero() && a.Expires.Before(a.On) {
			f.Add(hipaasmp.FaultOrder, "/expires", "%s is before the approval on %s; set a day to come", a.Expires, a.On)
		}
		a.checkRevocation(f)
	})
}
