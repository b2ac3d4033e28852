package hipaasmp

// The codes of mappings.
const (
	// FaultUnknownCitation: a link names a provision that its edition does not have.
	FaultUnknownCitation FaultCode = "SMP-MAP-01"
	// FaultUnknownControl: a link names a control that the mapping does not list.
	FaultUnknownControl FaultCode = "SMP-MAP-02"
	// FaultLinkTwice: two links say the same of the same control and provision.
	FaultLinkTwice FaultCode = "SMP-MAP-03"
	// FaultControlTwice: two controls share one identity.
	FaultControlTwice FaultCode = "SMP-MAP-05"
	// FaultProposedEdition: a link was made under an edition that is only proposed.
	FaultProposedEdition FaultCode = "SMP-MAP-06"
	// FaultAlternative: a link names an alternative for a provision that is not addressable.
	FaultAlternative FaultCode = "SMP-MAP-07"
)

// mappingFaultDefs are the codes of Mapping.
func mappingFaultDefs() []FaultDef {
	return []FaultDef{
		{FaultUnknownCitation, FaultRule, "A link names a provision that its edition does not have.", "Use the provision that the message calls nearest, or correct the edition.", ""},
		{FaultUnknownControl, FaultRule, "A link names a control that the mapping does not list.", "Add the control or correct the identity.", ""},
		{FaultLinkTwice, FaultRule, "Two links say the same of the same control and provision.", "Keep one and join the rationales.", ""},
		{FaultControlTwice, FaultRule, "Two controls share one identity.", "Give each control an identity of its own.", ""},
		{FaultProposedEdition, FaultRule, "A link was made under an edition that is only proposed.", "Link under an edition that is or was in force; a proposal obliges nobody.", ""},
		{FaultAlternative, FaultRule, "An alternative measure is linked to a provision that is not addressable.", "Implement the provision; only an addressable specification has an alternative.", CiteRequiredSpecification},
	}
}
