package risk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The gaps of a risk analysis. The elements are those of the OCR Guidance on Risk Analysis Requirements (2010), the
// protocol is the OCR audit protocol.
const (
	// GapNoAnalysis: no analysis is in effect (protocol).
	GapNoAnalysis hipaasmp.GapCode = "GAP-RISK-01"
	// GapStale: the analysis is stale (element 9).
	GapStale hipaasmp.GapCode = "GAP-RISK-02"
	// GapNoPredecessor: the analysis before is neither at hand nor explained (protocol).
	GapNoPredecessor hipaasmp.GapCode = "GAP-RISK-03"
	// GapAssetWithoutFinding: an asset with ePHI has no finding (element 1).
	GapAssetWithoutFinding hipaasmp.GapCode = "GAP-RISK-04"
	// GapClassNotConsidered: a class of assets is neither inventoried nor declared none (element 1).
	GapClassNotConsidered hipaasmp.GapCode = "GAP-RISK-05"
	// GapThreatWithoutVulnerability: a threat is paired with no vulnerability (element 3).
	GapThreatWithoutVulnerability hipaasmp.GapCode = "GAP-RISK-06"
	// GapSafeguardsNotAssessed: current measures are not assessed (element 4).
	GapSafeguardsNotAssessed hipaasmp.GapCode = "GAP-RISK-07"
	// GapNoAgreement: a business associate has no agreement in force.
	GapNoAgreement hipaasmp.GapCode = "GAP-RISK-08"
	// GapNotScored: a finding has no level of risk (elements 5 to 7).
	GapNotScored hipaasmp.GapCode = "GAP-RISK-09"
	// GapAcceptableLevel: no acceptable level of risk is approved by management (protocol).
	GapAcceptableLevel hipaasmp.GapCode = "GAP-RISK-10"
	// GapSubcontractor: a subcontractor of a business associate has no agreement that is known to be in force.
	GapSubcontractor hipaasmp.GapCode = "GAP-RISK-11"
	// GapDataCollection: it is not documented what an asset does with ePHI, or where it sends it and has it from (element 2).
	GapDataCollection hipaasmp.GapCode = "GAP-RISK-12"
	// GapVulnerabilityAlone: a vulnerability is identified and no finding names it (element 3).
	GapVulnerabilityAlone hipaasmp.GapCode = "GAP-RISK-13"
	// GapNoLikelihood: a finding has no likelihood (element 5).
	GapNoLikelihood hipaasmp.GapCode = "GAP-RISK-14"
	// GapNoImpact: a finding has no impact (element 6).
	GapNoImpact hipaasmp.GapCode = "GAP-RISK-15"
	// GapNotDocumented: the record of the analysis is not whole (element 8).
	GapNotDocumented hipaasmp.GapCode = "GAP-RISK-16"
	// GapScopeNotDefined: the analysis does not say what it covers (protocol).
	GapScopeNotDefined hipaasmp.GapCode = "GAP-RISK-17"
	// GapNoProcedure: no policy and procedure on risk analysis is in effect (protocol).
	GapNoProcedure hipaasmp.GapCode = "GAP-RISK-18"
	// GapProcedureScope: the procedure does not state purpose and scope (protocol).
	GapProcedureScope hipaasmp.GapCode = "GAP-RISK-19"
	// GapProcedureRoles: the procedure does not state the roles of the workforce (protocol).
	GapProcedureRoles hipaasmp.GapCode = "GAP-RISK-20"
	// GapProcedureManagement: the procedure does not state how management is involved (protocol).
	GapProcedureManagement hipaasmp.GapCode = "GAP-RISK-21"
	// GapProcedureReview: the procedure does not state how often or upon what the analysis is reviewed (protocol).
	GapProcedureReview hipaasmp.GapCode = "GAP-RISK-22"
)

// GapInput is what the gap checks of this package look at.
type GapInput struct {
	// Analyses are all that are known, in effect or not. Of several versions of one analysis the closed one counts.
	Analyses []Analysis
	// Policy is the entity's own interval of review; where it sets none, that of the procedure in force counts.
	Policy Cadence
	// Procedures are all versions of the policy and procedure on risk analysis that are known, in effect or not.
	Procedures []Procedure
	// Inventory is the inventory as it is now; nil where only those of the analyses are known.
	Inventory *Inventory
	// Changes are what happened: incidents, moves, new law.
	Changes []Change
}

// InEffect returns the analysis that governs on the day: of several the one approved last. The second result is false
// where none does.
func InEffect(analyses []Analysis, on hipaasmp.Date) (Analysis, bool) {
	var found Analysis
	ok := false
	for _, a := range newest(analyses) {
		if a.InEffect.Contains(on) && (!ok || after(a, found)) {
			found, ok = a, true
		}
	}
	return found, ok
}

// after orders analyses by approval, then identity.
func after(a, b Analysis) bool {
	return cmp.Or(a.Approval.At.Compare(b.Approval.At), cmp.Compare(a.ID, b.ID)) > 0
}

// newest keeps one version of each analysis: a period is closed once and never opened again, so the closed one.
func newest(analyses []Analysis) []Analysis {
	var out []Analysis
	for _, a := range analyses {
		i := slices.IndexFunc(out, func(b Analysis) bool { return b.ID == a.ID })
		switch {
		case i < 0:
			out = append(out, a)
		case out[i].InEffect.Open():
			out[i] = a
		}
	}
	return out
}

// GapChecks returns the questions about risk analysis with the records bound to them. Nothing is missing where a
// check finds no gap; that is not a verdict on the analysis.
func GapChecks(in GapInput) []hipaasmp.GapCheck {
	about := func(find func(a Analysis, asOf hipaasmp.Date) []hipaasmp.Gap) func(hipaasmp.Date) []hipaasmp.Gap {
		return func(asOf hipaasmp.Date) []hipaasmp.Gap {
			a, ok := InEffect(in.Analyses, asOf)
			if !ok {
				return nil // GapNoAnalysis says so
			}
			gaps := find(a, asOf)
			for i := range gaps {
				gaps[i].Refs = append([]hipaasmp.Ref{a.DocumentRef()}, gaps[i].Refs...)
			}
			return gaps
		}
	}
	return []hipaasmp.GapCheck{
		{Code: GapNoAnalysis, Citation: hipaasmp.CiteRiskAnalysis, Asks: "Is a risk analysis in effect?", Find: in.noAnalysis},
		{Code: GapStale, Citation: hipaasmp.CiteMaintenance, Asks: "Has anything happened since the risk analysis that it cannot know, or is it past the entity's own interval?", Find: about(in.stale)},
		{Code: GapNoPredecessor, Citation: hipaasmp.CiteRiskAnalysis, Asks: "Is the risk analysis before the current one at hand, or is it explained why there is none?", Find: about(in.predecessor)},
		{Code: GapAssetWithoutFinding, Citation: hipaasmp.CiteGeneralRequirements, Asks: "Does a finding reach every asset that handles ePHI?", Find: about(in.coverage)},
		{Code: GapClassNotConsidered, Citation: hipaasmp.CiteGeneralRequirements, Asks: "Is every class of assets inventoried or declared to be none?", Find: about(in.classes)},
		{Code: GapThreatWithoutVulnerability, Citation: hipaasmp.CiteRiskAnalysis, Asks: "Is every threat paired with a vulnerability that it exploits?", Find: about(threats)},
		{Code: GapSafeguardsNotAssessed, Citation: hipaasmp.CiteReasonableMeasures, Asks: "Are the security measures that are in place assessed for every finding?", Find: about(safeguards)},
		{Code: GapNoAgreement, Citation: hipaasmp.CiteWrittenContract, Asks: "Is an agreement in force with every business associate that handles ePHI?", Find: about(in.agreements)},
		{Code: GapNotScored, Citation: hipaasmp.CiteRiskAnalysis, Asks: "Does every finding have a likelihood, an impact and a level of risk?", Find: about(scores)},
		{Code: GapAcceptableLevel, Citation: hipaasmp.CiteRiskManagement, Asks: "Has management approved an acceptable level of risk?", Find: in.acceptable},
		{Code: GapSubcontractor, Citation: hipaasmp.CiteSubcontractorTerms, Asks: "Is an agreement known to be in force with every subcontractor to which a business associate hands ePHI on?", Find: about(in.subcontractors)},
		{Code: GapDataCollection, Citation: hipaasmp.CiteRiskAnalysis, Asks: "Is it documented where ePHI is stored, received, maintained and transmitted?", Find: about(in.collection)},
		{Code: GapVulnerabilityAlone, Citation: hipaasmp.CiteAnticipatedThreats, Asks: "Is every vulnerability that was identified analysed in a finding?", Find: about(vulnerabilities)},
		{Code: GapNoLikelihood, Citation: hipaasmp.CiteFactorRisk, Asks: "Is the likelihood determined for every finding?", Find: about(likelihoods)},
		{Code: GapNoImpact, Citation: hipaasmp.CiteFactorRisk, Asks: "Is the impact determined for every finding?", Find: about(impacts)},
		{Code: GapNotDocumented, Citation: hipaasmp.CiteDocumentation, Asks: "Is the record of the risk analysis whole?", Find: about(documented)},
		{Code: GapScopeNotDefined, Citation: hipaasmp.CiteRiskAnalysis, Asks: "Does the risk analysis define its scope?", Find: about(scope)},
		{Code: GapNoProcedure, Citation: hipaasmp.CiteWrittenPolicies, Asks: "Is a policy and procedure on risk analysis in effect?", Find: in.noProcedure},
		in.states(GapProcedureScope, "state its purpose and what an analysis covers", func(t Terms) bool { return t.Purpose != "" && t.Scope != "" }),
		in.states(GapProcedureRoles, "state which role of the workforce does what", func(t Terms) bool { return len(t.Duties) > 0 }),
		in.states(GapProcedureManagement, "state how management is involved", func(t Terms) bool { return t.Management != "" }),
		in.states(GapProcedureReview, "state how often, or upon what, the analysis is reviewed", func(t Terms) bool { return t.Months > 0 || t.Occasions != "" }),
	}
}

func (in GapInput) noAnalysis(asOf hipaasmp.Date) []hipaasmp.Gap {
	if _, ok := InEffect(in.Analyses, asOf); ok {
		return nil
	}
	gap := hipaasmp.Gap{
		Missing: fmt.Sprintf("No risk analysis is in effect on %s; no approved analysis is known.", asOf),
		Closes:  "Conduct a risk analysis and have it approved.",
	}
	for _, a := range newest(in.Analyses) {
		gap.Counted = append(gap.Counted, fmt.Sprintf("%s: in effect %s", a.ID, a.InEffect))
		if end := a.InEffect.To; !end.IsZero() && end.Before(asOf) && end.AddDays(1).After(gap.Since) {
			gap.Since = end.AddDays(1)
			gap.Missing = fmt.Sprintf("No risk analysis is in effect on %s; the last one, %s, was in effect until %s.", asOf, a.ID, end)
			gap.Refs = []hipaasmp.Ref{a.DocumentRef()}
		}
	}
	return []hipaasmp.Gap{gap}
}

// inventory is the inventory as it is now, or that of the analysis where no other is known.
func (in GapInput) inventory(a Analysis) Inventory {
	if in.Inventory != nil {
		return *in.Inventory
	}
	return a.Inventory
}

func (in GapInput) stale(a Analysis, asOf hipaasmp.Date) []hipaasmp.Gap {
	var gaps []hipaasmp.Gap
	policy := in.Policy
	if p, ok := InForce(in.Procedures, asOf); ok && policy.Months <= 0 {
		policy = p.Cadence()
	}
	for _, c := range a.Stale(asOf, policy, in.Inventory, in.Changes...) {
		gap := hipaasmp.Gap{
			Since:   c.On,
			Missing: fmt.Sprintf("The risk analysis approved on %s is stale (%s): %s.", a.Approval.On, c.Trigger, strings.TrimSuffix(c.What, ".")),
			Closes:  "Carry the analysis forward, confirm or re-score what the change touches, and have it approved.",
			Counted: slices.Clone(c.Assets),
		}
		for _, id := range c.Findings {
			gap.Counted = append(gap.Counted, "touches "+id)
		}
		if c.Trigger == TriggerCadence {
			gap.Citation = hipaasmp.CiteUpdates
			gap.Closes = "Review the analysis and have it approved again, or change the interval in the policy."
			gap.Counted = nil
			if policy.Policy != "" {
				gap.Counted = []string{"policy: " + policy.Policy}
			}
		}
		if c.Source != nil {
			gap.Refs = []hipaasmp.Ref{*c.Source}
		}
		gaps = append(gaps, gap)
	}
	return gaps
}

func (in GapInput) predecessor(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	gap := hipaasmp.Gap{Since: a.Approval.On}
	for _, b := range newest(in.Analyses) {
		gap.Counted = append(gap.Counted, b.ID)
		if a.Predecessor != nil && b.DocumentRef() == a.Predecessor.Newest() {
			return nil
		}
	}
	switch {
	case a.Predecessor != nil:
		gap.Missing = fmt.Sprintf("The analysis follows %s, which is not among the records.", a.Predecessor)
		gap.Closes = "Produce the earlier analysis; it is kept six years from the day it was last in effect."
		gap.Refs = []hipaasmp.Ref{*a.Predecessor}
	case a.Explanation == "":
		gap.Missing = "The analysis names no analysis before it and does not explain why there is none."
		gap.Closes = "Name the earlier analysis, or write the explanation."
	default:
		return nil
	}
	return []hipaasmp.Gap{gap}
}
