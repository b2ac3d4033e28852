package risk

import hipaasmp "github.com/hipaasmp/hipaasmp"

// The codes of this package's rules.
const (
	// FaultScore: a level is not the one that the scale's tables give.
	FaultScore hipaasmp.FaultCode = "SMP-RISK-01"
	// FaultScale: a score names a scale that is unknown, or a level that its scale does not use.
	FaultScale hipaasmp.FaultCode = "SMP-RISK-02"
	// FaultDeclaredNone: a class is declared to have no asset, and it has one.
	FaultDeclaredNone hipaasmp.FaultCode = "SMP-RISK-03"
	// FaultHandling: what an asset does with ePHI contradicts itself.
	FaultHandling hipaasmp.FaultCode = "SMP-RISK-04"
	// FaultVerdict: a safeguard has a verdict without the way it was found, or the other way round.
	FaultVerdict hipaasmp.FaultCode = "SMP-RISK-05"
	// FaultObjective: a finding affects neither confidentiality nor integrity nor availability.
	FaultObjective hipaasmp.FaultCode = "SMP-RISK-06"
	// FaultResidual: a residual is scored without a current score on the same scale.
	FaultResidual hipaasmp.FaultCode = "SMP-RISK-07"
	// FaultUnlinked: a residual is lower than the current level and no measure brings it there.
	FaultUnlinked hipaasmp.FaultCode = "SMP-RISK-08"
	// FaultSafeguards: a finding lists safeguards and says that there are none.
	FaultSafeguards hipaasmp.FaultCode = "SMP-RISK-09"
	// FaultCarried: the list of carried findings does not agree with the findings.
	FaultCarried hipaasmp.FaultCode = "SMP-RISK-10"
	// FaultUnconfirmed: a carried finding was neither confirmed nor re-scored nor removed.
	FaultUnconfirmed hipaasmp.FaultCode = "SMP-RISK-11"
	// FaultEmpty: an analysis without an asset or without a finding.
	FaultEmpty hipaasmp.FaultCode = "SMP-RISK-12"
	// FaultAcceptable: the acceptable level of risk is not a level.
	FaultAcceptable hipaasmp.FaultCode = "SMP-RISK-13"
	// FaultLineage: neither a predecessor nor an explanation, or both, or the wrong one.
	FaultLineage hipaasmp.FaultCode = "SMP-RISK-14"
	// FaultDay: a civil day is not a day that the instant has anywhere on earth.
	FaultDay hipaasmp.FaultCode = "SMP-RISK-15"
	// FaultSuperseded: an analysis is superseded without the end of its period, or the other way round.
	FaultSuperseded hipaasmp.FaultCode = "SMP-RISK-16"
	// FaultEntry: an entry of the inventory is not what its class or a link to it says.
	FaultEntry hipaasmp.FaultCode = "SMP-RISK-17"
	// FaultSubcontractor: the subcontractors of a vendor contradict themselves.
	FaultSubcontractor hipaasmp.FaultCode = "SMP-RISK-18"
	// FaultCatalogue: an entry of the threat catalogue is named that does not exist or does not fit.
	FaultCatalogue hipaasmp.FaultCode = "SMP-RISK-19"
	// FaultOwnScale: the tables of a scale of the entity's own do not hold, or their digest is another.
	FaultOwnScale hipaasmp.FaultCode = "SMP-RISK-20"
	// FaultMixed: the scores of an analysis are on several scales.
	FaultMixed hipaasmp.FaultCode = "SMP-RISK-21"
	// FaultTarget: a target is higher than the current level, or on another scale.
	FaultTarget hipaasmp.FaultCode = "SMP-RISK-22"
	// FaultConversion: a conversion between two scales is not whole.
	FaultConversion hipaasmp.FaultCode = "SMP-RISK-23"
)

// FaultDefs returns the catalogue of this package's fault codes.
func FaultDefs() []hipaasmp.FaultDef {
	const rule = hipaasmp.FaultRule
	return []hipaasmp.FaultDef{
		{Code: FaultScore, Kind: rule, Meaning: "A level is not the one that the scale's tables give.", Remedy: "Make scores with NewScore; never write a level by hand.", Citation: hipaasmp.CiteRiskAnalysis},
		{Code: FaultScale, Kind: rule, Meaning: "A score names a scale that is unknown, or a level that its scale does not use.", Remedy: "Use one of Scales and its levels, or let the tables of your own scale travel with the score."},
		{Code: FaultDeclaredNone, Kind: rule, Meaning: "A class is declared to have no asset, and it has one.", Remedy: "Remove the declaration, or retire the asset.", Citation: hipaasmp.CiteEnsureCIA},
		{Code: FaultHandling, Kind: rule, Meaning: "What an asset does with ePHI contradicts itself.", Remedy: "Name each verb once; let none and unknown stand alone.", Citation: hipaasmp.CiteEnsureCIA},
		{Code: FaultVerdict, Kind: rule, Meaning: "A safeguard has a verdict without the way it was found, or the other way round.", Remedy: "Say how the verdict was found, or set it to not_assessed.", Citation: hipaasmp.CiteReasonableMeasures},
		{Code: FaultObjective, Kind: rule, Meaning: "A finding affects neither confidentiality nor integrity nor availability.", Remedy: "Say which of the three is at stake.", Citation: hipaasmp.CiteRiskAnalysis},
		{Code: FaultResidual, Kind: rule, Meaning: "A residual is scored without a current score on the same scale.", Remedy: "Score the current risk first, on the same scale.", Citation: hipaasmp.CiteRiskAnalysis},
		{Code: FaultUnlinked, Kind: rule, Meaning: "A residual is lower than the current level and no measure brings it there.", Remedy: "Link the item of remediation or the safeguard in measures, or leave the residual at the current level.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultSafeguards, Kind: rule, Meaning: "A finding lists safeguards and says that there are none.", Remedy: "Remove the list or the statement.", Citation: hipaasmp.CiteReasonableMeasures},
		{Code: FaultCarried, Kind: rule, Meaning: "The list of carried findings does not agree with the findings.", Remedy: "Use Confirm, Rescore and Remove; do not edit a carried finding in place.", Citation: hipaasmp.CiteUpdates},
		{Code: FaultUnconfirmed, Kind: rule, Meaning: "A carried finding was neither confirmed nor re-scored nor removed.", Remedy: "Look at it again, then confirm, re-score or remove it.", Citation: hipaasmp.CiteUpdates},
		{Code: FaultEmpty, Kind: rule, Meaning: "An analysis has no asset or no finding.", Remedy: "Inventory what handles ePHI and analyse it before approval.", Citation: hipaasmp.CiteRiskAnalysis},
		{Code: FaultAcceptable, Kind: rule, Meaning: "The acceptable level of risk is not a level.", Remedy: "Have management approve one of the five levels.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultLineage, Kind: rule, Meaning: "An analysis names neither its predecessor nor why there is none, or both, or the wrong one.", Remedy: "Approve with After the analysis it follows, or with First and the explanation.", Citation: hipaasmp.CiteRiskAnalysis},
		{Code: FaultDay, Kind: rule, Meaning: "A civil day is not a day that the instant has anywhere on earth.", Remedy: "Compute the day from the instant in the entity's zone.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultSuperseded, Kind: rule, Meaning: "An analysis is superseded without the end of its period, or the other way round.", Remedy: "Close it with Supersede.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultEntry, Kind: rule, Meaning: "An entry of the inventory is not what its class or a link to it says.", Remedy: "Name a location as the site and a vendor as the supplier, never the entry itself."},
		{Code: FaultSubcontractor, Kind: rule, Meaning: "The subcontractors of a vendor are listed and declared none, or a chain of them leads back to itself.", Remedy: "List them or declare that there are none; let each chain end at the vendor.", Citation: hipaasmp.CiteSubcontractorTerms},
		{Code: FaultCatalogue, Kind: rule, Meaning: "An entry of the threat catalogue is named that does not exist or does not fit the threat.", Remedy: "Use an identity of ThreatCatalogue that fits, or leave the link out."},
		{Code: FaultOwnScale, Kind: rule, Meaning: "The tables of a scale of the entity's own do not hold, or their digest is another.", Remedy: "Build the scale with BuildScale and keep what Own returns; a changed scale is a new version."},
		{Code: FaultMixed, Kind: rule, Meaning: "The scores of an analysis are on several scales, so nobody could rank its findings.", Remedy: "Judge every finding of the new analysis on one scale; the analyses before stay as they are.", Citation: hipaasmp.CiteRiskAnalysis},
		{Code: FaultTarget, Kind: rule, Meaning: "A target is higher than the current level, or on another scale.", Remedy: "Set a target at or below the current level, on the same scale.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultConversion, Kind: rule, Meaning: "A conversion between two scales is not whole.", Remedy: "Give every level of risk of the one scale a level of the other, never going down, with a version."},
	}
}
