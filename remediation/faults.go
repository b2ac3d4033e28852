package remediation

import (
	"errors"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The codes of this package's rules.
const (
	// FaultUntreated: a finding above the acceptable level has no treatment.
	FaultUntreated hipaasmp.FaultCode = "SMP-REM-01"
	// FaultNotAccepted: a risk is accepted without an approved decision, or by one that does not fit.
	FaultNotAccepted hipaasmp.FaultCode = "SMP-REM-02"
	// FaultSpecification: the provision is no standard or specification of the Security Rule.
	FaultSpecification hipaasmp.FaultCode = "SMP-REM-03"
	// FaultReason: a step does not say what was done, or why.
	FaultReason hipaasmp.FaultCode = "SMP-REM-04"
	// FaultVerification: the verifications do not agree with the history.
	FaultVerification hipaasmp.FaultCode = "SMP-REM-05"
	// FaultResidual: what is left of the risk is not assessed.
	FaultResidual hipaasmp.FaultCode = "SMP-REM-06"
	// FaultNotClosed: a completion holds an item that is not closed.
	FaultNotClosed hipaasmp.FaultCode = "SMP-REM-07"
	// FaultDay: a civil day is not a day that the instant has anywhere on earth.
	FaultDay hipaasmp.FaultCode = "SMP-REM-08"
	// FaultCommitment: a commitment of a plan does not hold together.
	FaultCommitment hipaasmp.FaultCode = "SMP-REM-09"
	// FaultSuperseded: a record is superseded without the end of its period, or the other way round.
	FaultSuperseded hipaasmp.FaultCode = "SMP-REM-10"
	// FaultAnalysis: the risk analysis is none, or does not govern on the day.
	FaultAnalysis hipaasmp.FaultCode = "SMP-REM-11"
	// FaultAcceptable: the acceptable level of risk is not a level.
	FaultAcceptable hipaasmp.FaultCode = "SMP-REM-12"
	// FaultRequiredSpecification: a decision on a specification that must be implemented.
	FaultRequiredSpecification hipaasmp.FaultCode = "SMP-REM-13"
	// FaultNotAddressable: a decision on a provision that is not an addressable specification.
	FaultNotAddressable hipaasmp.FaultCode = "SMP-REM-14"
	// FaultNoAssessment: a decision without the assessment behind it.
	FaultNoAssessment hipaasmp.FaultCode = "SMP-REM-15"
	// FaultNoRationale: a specification is not implemented, and the reason is not documented.
	FaultNoRationale hipaasmp.FaultCode = "SMP-REM-16"
	// FaultNoAlternative: the equivalent alternative measure was not considered.
	FaultNoAlternative hipaasmp.FaultCode = "SMP-REM-17"
	// FaultEdition: the edition is not the one in force on the day of the decision.
	FaultEdition hipaasmp.FaultCode = "SMP-REM-18"
	// FaultCycle: things wait for each other in a circle.
	FaultCycle hipaasmp.FaultCode = "SMP-REM-19"
	// FaultMoney: an amount of money is negative, too large or too fine.
	FaultMoney hipaasmp.FaultCode = "SMP-REM-20"
	// FaultShare: a share is not between 0 and 1.
	FaultShare hipaasmp.FaultCode = "SMP-REM-21"
	// FaultInfeasible: the mandatory actions of a roadmap cost more than all budgets give.
	FaultInfeasible hipaasmp.FaultCode = "SMP-REM-22"
	// FaultPlan: a roadmap's plan breaks a rule of its problem.
	FaultPlan hipaasmp.FaultCode = "SMP-REM-23"
	// FaultChange: a recorded change does not hold, or a change was not recorded.
	FaultChange hipaasmp.FaultCode = "SMP-REM-24"
	// FaultDependency: an item goes ahead of what it depends on.
	FaultDependency hipaasmp.FaultCode = "SMP-REM-25"
	// FaultShared: a control that several measures share is described in two ways.
	FaultShared hipaasmp.FaultCode = "SMP-REM-26"
)

// FaultDefs returns the catalogue of this package's fault codes.
func FaultDefs() []hipaasmp.FaultDef {
	const rule = hipaasmp.FaultRule
	return []hipaasmp.FaultDef{
		{Code: FaultUntreated, Kind: rule, Meaning: "A finding above the acceptable level has no treatment.", Remedy: "Propose an item for it, or have the risk accepted.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultNotAccepted, Kind: rule, Meaning: "A risk is accepted without an approved decision, or by one that does not fit.", Remedy: "Record an Acceptance with an approver, and name it.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultSpecification, Kind: rule, Meaning: "The provision is no standard or specification of the Security Rule.", Remedy: "Name the standard or specification that the measure satisfies.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultReason, Kind: rule, Meaning: "A step does not say what was done, or why.", Remedy: "Give the words with the step.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultVerification, Kind: rule, Meaning: "The verifications do not agree with the history.", Remedy: "Verify by the method Verify and leave the list alone.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultResidual, Kind: rule, Meaning: "What is left of the risk is not assessed.", Remedy: "Rate the residual risk.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultNotClosed, Kind: rule, Meaning: "A completion holds an item that is not closed.", Remedy: "Make completions with Close.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultDay, Kind: rule, Meaning: "A civil day is not a day that the instant has anywhere on earth.", Remedy: "Compute the day from the instant in the entity's zone.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultCommitment, Kind: rule, Meaning: "A commitment of a plan does not hold together.", Remedy: "Build plans with BuildPlan.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultSuperseded, Kind: rule, Meaning: "A record is superseded without the end of its period, or the other way round.", Remedy: "Close it with Supersede.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultAnalysis, Kind: rule, Meaning: "The risk analysis is none, or does not govern on the day.", Remedy: "Name the risk analysis that is in effect.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultAcceptable, Kind: rule, Meaning: "The acceptable level of risk is not a level.", Remedy: "Use the level that management approved with the risk analysis.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultRequiredSpecification, Kind: rule, Meaning: "A decision on a specification that must be implemented.", Remedy: "Implement it; there is nothing to decide.", Citation: hipaasmp.CiteRequiredSpecification},
		{Code: FaultNotAddressable, Kind: rule, Meaning: "A decision on a provision that is not an addressable specification.", Remedy: "Name an addressable implementation specification.", Citation: hipaasmp.CiteDesignationRule},
		{Code: FaultNoAssessment, Kind: rule, Meaning: "A decision without the assessment behind it.", Remedy: "Name the risk analysis that assessed whether the specification is reasonable and appropriate.", Citation: hipaasmp.CiteAddressableAssess},
		{Code: FaultNoRationale, Kind: rule, Meaning: "A specification is not implemented, and the reason is not documented.", Remedy: "Say why it is not reasonable and appropriate.", Citation: hipaasmp.CiteAddressableDocument},
		{Code: FaultNoAlternative, Kind: rule, Meaning: "The equivalent alternative measure was not considered, or does not go with the decision.", Remedy: "Describe the alternative measure, or say why none is reasonable and appropriate.", Citation: hipaasmp.CiteAddressableAlternative},
		{Code: FaultEdition, Kind: rule, Meaning: "The edition is not the one in force on the day of the decision.", Remedy: "Use the edition that the catalogue gives for the day.", Citation: hipaasmp.CiteAddressable},
		{Code: FaultCycle, Kind: rule, Meaning: "Things wait for each other in a circle.", Remedy: "Take one of the dependencies that the message names out.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultMoney, Kind: rule, Meaning: "An amount of money is negative, too large or too fine.", Remedy: "Give an amount of US dollars from 0 to 10^12, to a millionth.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultShare, Kind: rule, Meaning: "A share is not between 0 and 1.", Remedy: "Give a share from 0 to 1, to nine decimal places.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultInfeasible, Kind: rule, Meaning: "The mandatory actions of a roadmap cost more than all budgets give.", Remedy: "Raise a budget, or decide which of them is not mandatory.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultPlan, Kind: rule, Meaning: "A roadmap's plan breaks a rule of its problem.", Remedy: "Keep to the budgets, the prerequisites and the mandatory actions.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultChange, Kind: rule, Meaning: "A recorded change does not hold, or a change was not recorded.", Remedy: "Change an item by its methods, which record who changed what, when and why.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultDependency, Kind: rule, Meaning: "An item goes ahead of what it depends on.", Remedy: "Put in place first what it depends on, or record that it does not.", Citation: hipaasmp.CiteRiskManagement},
		{Code: FaultShared, Kind: rule, Meaning: "A control that several measures share is described in two ways.", Remedy: "Give it one cost, and one effect on each row.", Citation: hipaasmp.CiteRiskManagement},
	}
}

// faultsOf takes a validation error apart; every other error becomes one fault.
func faultsOf(err error) []hipaasmp.Fault {
	var invalid *hipaasmp.ValidationError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return invalid.Faults
	}
	return []hipaasmp.Fault{{Code: hipaasmp.FaultHistory, Pointer: "/state", Message: err.Error()}}
}
