package hipaasmp

// designationProvisions is the part of 45 CFR 164.105 that has the six-year rule of its own.
func designationProvisions() []Provision {
	return within(part164A, BindsCoveredEntities, sourceREG13().with(ConfidenceTwo),
		section(CiteOrganizationalDesignations, "Organizational requirements", "Hybrid entities and affiliated covered entities."),
		heading(CiteDesignationDocumentation, "Documentation of designations"),
		paragraph(CiteDesignationRetention, "Retention period", "Keep the record of a designation by the same six-year rule as 164.316(b)(2)(i)."),
	)
}

// generalProvisions is 45 CFR 164.302 to 164.306.
func generalProvisions() []Provision {
	source := sourceREG13().with(ConfidenceTwo, "PROT")
	scope := sourceREG13().with(ConfidenceTwo)
	definitions := section(CiteDefinitions, "Definitions",
		"A security incident is an attempted or a successful unauthorised access, use, disclosure, modification or destruction of information, or interference with system operations. An information system includes people.").
		binding(BindsNobody).from(scope)
	definitions.Kind = ProvisionDefinition
	return within(part164C, BindsBoth, source,
		section(CiteApplicability, "Applicability", "Covered entities and business associates comply with the subpart with respect to ePHI.").from(scope),
		definitions,
		section(CiteGeneralRules, "Security standards: General rules", "What every measure under the subpart serves, and how the designations work."),

		paragraph(CiteGeneralRequirements, "General requirements", "Four things that every covered entity and business associate must do."),
		paragraph(CiteEnsureCIA, "Ensure confidentiality, integrity and availability", "Ensure all three of all ePHI that is created, received, maintained or transmitted."),
		paragraph(CiteAnticipatedThreats, "Anticipated threats and hazards", "Protect it against reasonably anticipated threats and hazards to its security or integrity."),
		paragraph(CiteAnticipatedMisuse, "Anticipated impermissible uses", "Protect it against reasonably anticipated uses and disclosures that the Privacy Rule does not permit."),
		paragraph(CiteWorkforceCompliance, "Workforce", "Ensure that the workforce complies with the subpart."),

		heading(CiteFlexibility, "Flexibility of approach"),
		paragraph(CiteReasonableMeasures, "Reasonable measures", "Use any security measures that implement the standards reasonably and appropriately."),
		paragraph(CiteFlexibilityFactors, "Factors", "Take four factors into account when choosing measures."),
		paragraph(CiteFactorSize, "Factor: size", "Size, complexity and capabilities of the entity."),
		paragraph(CiteFactorInfrastructure, "Factor: infrastructure", "Technical infrastructure, hardware and software security capabilities."),
		paragraph(CiteFactorCost, "Factor: cost", "Costs of the measures."),
		paragraph(CiteFactorRisk, "Factor: risk", "Probability and criticality of potential risks to ePHI."),

		paragraph(CiteComplyWithStandards, "Standards", "Comply with the standards with respect to all ePHI."),

		heading(CiteSpecifications, "Implementation specifications"),
		paragraph(CiteDesignationRule, "Required or addressable", "The word in parentheses behind the title of a specification decides which of the two it is."),
		paragraph(CiteRequiredSpecification, "Required specifications", "A required specification must be implemented."),
		paragraph(CiteAddressable, "Addressable specifications", "An addressable specification is assessed and then decided."),
		paragraph(CiteAddressableAssess, "Assess", "Assess whether the specification is reasonable and appropriate in the environment, by what it is likely to add to the protection of ePHI."),
		paragraph(CiteAddressableDecide, "Decide", "Act by the outcome of the assessment."),
		paragraph(CiteAddressableImplement, "Implement", "Implement it if it is reasonable and appropriate."),
		paragraph(CiteAddressableOtherwise, "Otherwise", "If it is not reasonable and appropriate, do both of the following."),
		paragraph(CiteAddressableDocument, "Document why not", "Document why it would not be reasonable and appropriate."),
		paragraph(CiteAddressableAlternative, "Equivalent alternative", "Implement an equivalent alternative measure, if one is reasonable and appropriate."),

		paragraph(CiteMaintenance, "Maintenance", "Review and change the measures as needed, and update their documentation by 164.316(b)(2)(iii)."),
	)
}
