package remediation

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/risk"
)

// BuildPlan makes the plan that answers an analysis, approved by management, in effect from the day that at has in the
// zone.
//
// Every item for the analysis that is not cancelled becomes a commitment, and so does an item for the analysis before
// it, because findings keep their identity when they are carried forward. An acceptance becomes one where it is in
// force on the day and the risk that is left is exactly what was accepted. What has expired, was revoked or is stale
// treats nothing, and neither do measures that are verified and left the risk above the acceptable level.
//
// BuildPlan refuses a finding above the acceptable level that nothing treats, an open item whose finding the analysis
// no longer has, items that wait for each other in a circle or for one that is cancelled or not given, an analysis that is not in effect on the day, and an approval that is not management's. A finding that
// is not assessed is listed by [Plan.NotAssessed]. The error is a [*hipaasmp.ValidationError], through which errors.As
// also reaches what the authority said.
func BuildPlan(id string, analysis risk.Analysis, items []Item, acceptances []Acceptance, management hipaasmp.Actor, at time.Time, zone *time.Location, may hipaasmp.Authority) (Plan, error) {
	p := Plan{
		Header: hipaasmp.NewHeader(KindPlan, id), Analysis: analysis.DocumentRef(), AcceptableLevel: analysis.AcceptableLevel,
		Approval: Approval{Management: management, At: hipaasmp.Instant(at)},
	}
	if zone == nil {
		return Plan{}, noZone(p.DocumentRef())
	}
	var f validate.Faults
	on := hipaasmp.DateOf(p.Approval.At, zone)
	p.Zone, p.Approval.On, p.InEffect = zone.String(), on, hipaasmp.Period{From: on}
	f.May(may, "/approval/management", management, hipaasmp.PowerApproveAnalysis, on)
	if err := analysis.Validate(); err != nil {
		f.Cite(FaultAnalysis, hipaasmp.CiteRiskManagement, "/analysis", "does not validate; correct it first: %v", err)
	} else if !analysis.InEffect.Contains(on) {
		f.Cite(FaultAnalysis, hipaasmp.CiteRiskManagement, "/analysis", "%s is not in effect on %s; plan for the one that is", p.Analysis, on)
	}
	for _, i := range items {
		if err := i.Validate(); err != nil {
			f.Cite(FaultCommitment, hipaasmp.CiteRiskManagement, "/commitments", "%s does not validate; correct it first: %v", i.DocumentRef(), err)
		}
		if _, ok := analysis.Finding(i.Finding.Finding); !ok && i.State.Live() && about(i.Finding, analysis) {
			f.Add(hipaasmp.FaultDangling, "/commitments", "%s treats finding %q, which the analysis does not have; cancel the item", i.DocumentRef(), i.Finding.Finding)
		}
	}
	for _, a := range acceptances {
		if err := a.Validate(); err != nil {
			f.Cite(FaultNotAccepted, hipaasmp.CiteRiskManagement, "/commitments", "%s does not validate; correct it first: %v", a.DocumentRef(), err)
		}
	}
	checkWaits(&f, items, func(int, ...any) string { return "/commitments" })
	for n, x := range analysis.Findings {
		p.Findings = append(p.Findings, PlannedFinding{Finding: x.ID, Title: x.Title, Level: x.CurrentLevel()})
		t := treat(analysis, x, items, acceptances, on)
		if x.Exposure(analysis.AcceptableLevel) == risk.ExposureAbove && !t.enough {
			f.Cite(FaultUntreated, hipaasmp.CiteRiskManagement, hipaasmp.Pointer("findings", n), "finding %q is %s, above the acceptable %s, and %s; %s", x.ID, say(x.CurrentLevel()), say(analysis.AcceptableLevel), t.why, t.closes)
		}
		p.Commitments = append(p.Commitments, t.commitments...)
	}
	for _, fault := range faultsOf(p.Validate()) {
		if fault.Code != FaultUntreated && fault.Code != FaultCycle { // said above, with the reason
			f.Append(fault)
		}
	}
	if err := f.Err(p.DocumentRef()); err != nil {
		return Plan{}, err
	}
	return p, nil
}

// about reports whether the reference means a finding of the analysis or of the one before it, whose findings keep
// their identity when they are carried forward.
func about(r FindingRef, analysis risk.Analysis) bool {
	was := r.Analysis.Newest()
	return was == analysis.DocumentRef() || analysis.Predecessor != nil && was == analysis.Predecessor.Newest()
}
