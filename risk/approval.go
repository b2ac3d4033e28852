package risk

import (
	"errors"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Lineage says which analysis came before, or why none did. An investigator asks for the analysis immediately
// preceding the current one, and where there is none, for a written explanation (OCR audit protocol).
type Lineage struct {
	predecessor hipaasmp.Ref
	explanation string
}

// After says that the analysis follows another.
func After(predecessor hipaasmp.Ref) Lineage { return Lineage{predecessor: predecessor} }

// First says that no analysis came before, and why.
func First(explanation string) Lineage { return Lineage{explanation: explanation} }

// Approval is the approval of an analysis and of the acceptable level of risk, by management and by the security
// official of 45 CFR 164.308(a)(2).
type Approval struct {
	// Management is who approved for management.
	Management hipaasmp.Actor `json:"management"`
	// SecurityOfficial is the named security official who approved.
	SecurityOfficial hipaasmp.Actor `json:"security_official"`
	// OnePerson is true where one person holds both offices, which happens in a very small entity. It is recorded
	// because then nobody else looked.
	OnePerson bool `json:"one_person"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// On is the day in the entity's zone.
	On hipaasmp.Date `json:"on" validate:"required"`
}

// check adds the rules that the approval breaks by itself.
func (a Approval) check(f *validate.Faults) {
	office := func(name string, who hipaasmp.Actor, role hipaasmp.Role) {
		if who.Role != role && who.Role != "" {
			f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteRiskAnalysis, "/approval/"+name+"/role", "is %q; this approval is given as %s", who.Role, role)
		}
	}
	office("management", a.Management, hipaasmp.RoleManagement)
	office("security_official", a.SecurityOfficial, hipaasmp.RoleSecurityOfficial)
	if same := a.Management.ID == a.SecurityOfficial.ID; same != a.OnePerson && a.Management.ID != "" {
		f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteAssignedSecurityResponsibility, "/approval/one_person", "does not agree with who approved; Approve sets it")
	}
	f.Day(FaultDay, "/approval/on", a.At, a.On)
}

// Approve turns the draft into an analysis that is in effect from the day of the approval.
//
// The management approver acts as [hipaasmp.RoleManagement], the security official as
// [hipaasmp.RoleSecurityOfficial], and the authority is asked about both for the day that at has in zone. They are two
// people; where they are one, that person must hold both offices, and [Approval.OnePerson] records it. acceptable is
// the level of risk up to which the entity accepts risks without treatment. lineage is [After] the analysis before,
// which for a draft that was carried forward is the one it was carried from, or [First] with the explanation.
//
// Approve refuses a draft with faults, with nothing in it, or with carried findings at which nobody looked again. It
// does not refuse a gap, such as a finding that is not scored: gaps are for [GapChecks]. The error is a
// [*hipaasmp.ValidationError] over the draft, through which errors.As also reaches what the authority said.
func (d Draft) Approve(id string, management, securityOfficial hipaasmp.Actor, at time.Time, zone *time.Location, may hipaasmp.Authority, acceptable Level, lineage Lineage) (Analysis, error) {
	var f validate.Faults
	var invalid *hipaasmp.ValidationError
	if err := d.Validate(); errors.As(err, &invalid) {
		f.Append(invalid.Faults...)
	}
	at = hipaasmp.Instant(at)
	a := Analysis{
		Header: hipaasmp.NewHeader(KindAnalysis, id), Assessment: d.Assessment.clone(),
		Draft: d.DocumentRef(), AcceptableLevel: acceptable, Explanation: lineage.explanation,
		Carried: cloneEach(d.Carried, Carried.clone),
		Approval: Approval{
			Management: management, SecurityOfficial: securityOfficial,
			OnePerson: management.ID == securityOfficial.ID && management.ID != "", At: at,
		},
	}
	if !lineage.predecessor.IsZero() {
		a.Predecessor = &lineage.predecessor
	}
	if zone == nil {
		f.Add(hipaasmp.FaultZone, "/zone", "is missing; give the entity's time zone, in which its legal days are counted")
	} else {
		a.Zone = zone.String()
		a.Approval.On = hipaasmp.DateOf(at, zone)
		a.InEffect = hipaasmp.Period{From: a.Approval.On}
		f.May(may, "/approval/management", management, hipaasmp.PowerApproveAnalysis, a.Approval.On)
		f.May(may, "/approval/security_official", securityOfficial, hipaasmp.PowerApproveAnalysis, a.Approval.On)
	}
	if !at.IsZero() && at.Before(d.CreatedAt) {
		f.Add(hipaasmp.FaultOrder, "/approval/at", "is before the draft was begun on %s; history runs forward", d.CreatedAt.Format(time.RFC3339))
	}
	if d.Predecessor != nil && (a.Predecessor == nil || a.Predecessor.Newest() != d.Predecessor.Newest()) {
		f.Cite(FaultLineage, hipaasmp.CiteRiskAnalysis, "/predecessor", "is not %s, from which the draft was carried forward; approve with After that analysis", d.Predecessor)
	}
	if err := a.Validate(); errors.As(err, &invalid) {
		f.Append(invalid.Faults...)
	}
	if err := f.Err(d.DocumentRef()); err != nil {
		return Analysis{}, err
	}
	return a, nil
}
