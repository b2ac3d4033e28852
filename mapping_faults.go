package hipaasmp

// The codes of mappings.
const (
	// FaultUnknownCitation: a link names a provision that its edition does not have.
	FaultUnknownCitation FaultCode = "SMP-MAP-01"
	// FaultUnknownControl: a link names a control that the mapping does not list.
	FaultUnknownControl FaultCode = "SMP-MAP-02"
	// FaultLinkTwice: two links say the same of the same control and provision.
	FaultLinkTwice FaultCode = "SMP-MAP-03"
	// FaultNoRationale: a link does not say why.
	FaultNoRationale FaultCode = "SMP-MAP-04"
	// FaultControlTwice: two controls share one identity.
	FaultControlTwice FaultCode = "SMP-MAP-05"
	// FaultProposedEdition: a link was made under an edition that is only proposed.
	FaultProposedEdition FaultCode = "SMP-MAP-06"
	// FaultAlternative: a link names an alternative for a provision that is not addressable.
	FaultAlternative FaultCode = "SMP-MAP-07"
)

// MappingFaultDefs returns the catalogue of the codes of [Mapping]. Its other faults are those of [FaultDefs].
func MappingFaultDefs() []FaultDef {
	return []FaultDef{
		{FaultUnknownCitation, FaultRule, "A link names a provision that its edition does not have.", "Use the provision that the message calls nearest, or correct the edition.", ""},
		{FaultUnknownControl, FaultRule, "A link names a control that the mapping does not list.", "Add the control or correct the identity.", ""},
		{FaultLinkTwice, FaultRule, "Two links say the same of the same control and provision.", "Keep one and join the rationales.", ""},
		{FaultNoRationale, FaultShape, "A link does not say why the control serves the provision.", "Give the reason in a sentence.", ""},
		{FaultControlTwice, FaultRule, "Two controls share one identity.", "Give each control an identity of its own.", ""},
		{FaultProposedEdition, FaultRule, "A link was made under an edition that is only proposed.", "Link under an edition that is or was in force; a proposal obliges nobody.", ""},
		{FaultAlternative, FaultRule, "An alternative measure is linked to a provision that is not addressable.", "Implement the provision; only an addressable specification has an alternative.", CiteRequiredSpecification},
	}
}
