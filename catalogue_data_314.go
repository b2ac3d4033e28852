package hipaasmp

// organizationalProvisions is 45 CFR 164.314.
func organizationalProvisions() []Provision {
	source := sourceREG13().with(ConfidenceTwo, "REG26", "PROT")
	return within(part164C, BindsBoth, source,
		section(CiteOrganizationalRequirements, "Organizational requirements", "What contracts with business associates and the documents of group health plans must say."),

		heading(CiteContractParagraph, "Business associate contracts or other arrangements"),
		standard(CiteContractRequirements, "Business associate contracts or other arrangements",
			"The contract of 164.308(b)(3) meets the specification that applies."),
		heading(CiteContractSpecifications, "Implementation specifications (Required)"),
		required(CiteContractRequirements, CiteContractTerms, "Business associate contracts", "The contract binds the business associate to the three terms below."),
		paragraph(CiteContractComply, "Comply with the subpart", "The business associate complies with Subpart C."),
		paragraph(CiteContractFlowDown, "Bind subcontractors", "The business associate has its subcontractors agree to the same by contract."),
		paragraph(CiteContractReport, "Report incidents", "The business associate reports security incidents it learns of, breaches of unsecured PHI included."),
		required(CiteContractRequirements, CiteOtherArrangements, "Other arrangements", "Another arrangement that meets 164.504(e)(3) satisfies the standard."),
		required(CiteContractRequirements, CiteSubcontractorTerms, "Business associate contracts with subcontractors",
			"The same terms hold between a business associate and its subcontractor."),

		heading(CiteGroupHealthPlanParagraph, "Requirements for group health plans").binding(BindsCoveredEntities),
		standard(CiteGroupHealthPlan, "Requirements for group health plans",
			"The plan documents say that the plan sponsor will safeguard the ePHI it handles for the plan.").binding(BindsCoveredEntities),
		heading(CitePlanDocuments, "Implementation specifications (Required)").binding(BindsCoveredEntities),
		required(CiteGroupHealthPlan, CitePlanSafeguards, "Plan documents: safeguards", "The sponsor has administrative, physical and technical safeguards.").binding(BindsCoveredEntities),
		required(CiteGroupHealthPlan, CitePlanSeparation, "Plan documents: separation", "The separation between plan and sponsor is backed by security measures.").binding(BindsCoveredEntities),
		required(CiteGroupHealthPlan, CitePlanAgents, "Plan documents: agents", "Agents who get the information agree to protect it.").binding(BindsCoveredEntities),
		required(CiteGroupHealthPlan, CitePlanIncidentReport, "Plan documents: incident reports", "The sponsor reports security incidents it learns of to the plan.").binding(BindsCoveredEntities),
	)
}

// documentationProvisions is 45 CFR 164.316 and the compliance dates of 164.318.
func documentationProvisions() []Provision {
	source := sourceREG13().with(ConfidenceTwo, "REG26", "PROT")
	return within(part164C, BindsBoth, source,
		section(CitePoliciesAndDocumentation, "Policies and procedures and documentation requirements", "Policies and procedures in writing, records of what must be documented, and how long they are kept."),
		standardAlone(CitePolicies, "Policies and procedures",
			"Have reasonable and appropriate policies and procedures, taking the four factors of 164.306(b)(2) into account. They may be changed at any time if the change is documented and put into practice."),
		heading(CiteDocumentationParagraph, "Documentation"),
		standard(CiteDocumentation, "Documentation", "Keep the policies and procedures and the records below in writing, which may be electronic."),
		paragraph(CiteWrittenPolicies, "Written policies and procedures", "Maintain the policies and procedures in written form."),
		paragraph(CiteWrittenRecord, "Written record",
			"Where the subpart requires an action, activity or assessment to be documented, maintain a written record of it."),
		heading(CiteDocumentationSpecifications, "Implementation specifications"),
		required(CiteDocumentation, CiteTimeLimit, "Time limit",
			"Keep the documentation six years from its creation or from the day it was last in effect, whichever is later.").
			quoting("Retain the documentation required by paragraph (b)(1) of this section for 6 years from the date of its creation or the date when it last was in effect, whichever is later."),
		required(CiteDocumentation, CiteAvailability, "Availability", "Make the documentation available to those who carry out the procedures."),
		required(CiteDocumentation, CiteUpdates, "Updates",
			"Review the documentation periodically and update it as needed when the environment or the operations change."),

		section(CiteComplianceDates, "Compliance dates for the initial implementation of the security standards", "The dates by which the rule of 2003 first had to be met.").
			binding(BindsCoveredEntities),
	)
}
