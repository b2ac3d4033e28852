package penalty

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The codes of this package's rules.
const (
	// FaultNoViolation: there is no violation to compute with.
	FaultNoViolation hipaasmp.FaultCode = "SMP-PEN-01"
	// FaultAssessed: a violation lies after the assessment, or the assessment before the action.
	FaultAssessed hipaasmp.FaultCode = "SMP-PEN-02"
	// FaultCount: the number of occurrences does not go with the way of counting.
	FaultCount hipaasmp.FaultCode = "SMP-PEN-03"
	// FaultTier: the tier contradicts the correction.
	FaultTier hipaasmp.FaultCode = "SMP-PEN-04"
	// FaultKnowledge: a correction without the day of knowledge, or before it.
	FaultKnowledge hipaasmp.FaultCode = "SMP-PEN-05"
	// FaultSpan: a continuing violation lasts longer than can be meant.
	FaultSpan hipaasmp.FaultCode = "SMP-PEN-06"
)

// FaultDefs returns the catalogue of this package's fault codes.
func FaultDefs() []hipaasmp.FaultDef {
	const rule = hipaasmp.FaultRule
	return []hipaasmp.FaultDef{
		{Code: FaultNoViolation, Kind: rule, Meaning: "There is no violation to compute with.", Remedy: "Name at least one.", Citation: hipaasmp.CitePenaltyBasis},
		{Code: FaultAssessed, Kind: rule, Meaning: "A violation lies after the assessment, or the assessment before the action.", Remedy: "Correct the days: violation, action, assessment.", Citation: hipaasmp.CiteLimitation},
		{Code: FaultCount, Kind: rule, Meaning: "The number of occurrences does not go with the way of counting.", Remedy: "Count occurrences on one day, or days of a continuing violation.", Citation: hipaasmp.CiteViolationCount},
		{Code: FaultTier, Kind: rule, Meaning: "The tier contradicts the correction.", Remedy: "Willful neglect is of the third tier if corrected within the period, and of the fourth if not.", Citation: hipaasmp.CitePenaltyTiers},
		{Code: FaultKnowledge, Kind: rule, Meaning: "A correction has no day of knowledge, or lies before the violation.", Remedy: "Name the first day on which the entity knew or with reasonable diligence would have known.", Citation: hipaasmp.CiteDefenseCorrected},
		{Code: FaultSpan, Kind: rule, Meaning: "A continuing violation lasts longer than a century.", Remedy: "Correct its days.", Citation: hipaasmp.CiteViolationCount},
	}
}

// checker collects faults under a pointer.
type checker struct {
	list *[]hipaasmp.Fault
	base string
}

func (c checker) add(code hipaasmp.FaultCode, field string, cite hipaasmp.Citation, format string, args ...any) {
	*c.list = append(*c.list, hipaasmp.Fault{Code: code, Pointer: c.base + hipaasmp.Pointer(field), Message: fmt.Sprintf(format, args...), Citation: cite})
}

func (c checker) tier(t Tier) {
	if !t.IsValid() {
		c.add(hipaasmp.FaultEnum, "tier", hipaasmp.CitePenaltyTiers, "%q is no tier; use one of %v", string(t), t.Values())
	}
}

// days checks the days of a violation and of the assessment.
func (c checker) days(from, to, assessed hipaasmp.Date) {
	if from.IsZero() {
		c.add(hipaasmp.FaultRequired, "from", "", "is missing; name the day of the violation")
		return
	}
	if assessed.IsZero() {
		c.add(hipaasmp.FaultRequired, "assessed", "", "is missing; name the day on which the penalty is assessed")
		return
	}
	if to.Before(from) {
		c.add(hipaasmp.FaultOrder, "to", "", "%s is before the first day %s; correct one of them", to, from)
	}
	if to.After(assessed) {
		c.add(FaultAssessed, "to", hipaasmp.CiteLimitation, "%s is after the assessment on %s", to, assessed)
	}
}
