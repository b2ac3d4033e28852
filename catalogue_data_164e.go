package hipaasmp

// breachProvisions is what the module cites of 45 CFR Part 164 Subpart D.
func breachProvisions() []Provision {
	return within(part164D, BindsCoveredEntities, sourceREG13().with(ConfidenceTwo),
		section(CiteBreachAdministration, "Administrative requirements and burden of proof", "How the breach rule borrows from the Privacy Rule, and who must prove what.").binding(BindsBoth),
		paragraph(CiteBreachPrivacyDuties, "Administrative requirements", "Paragraphs (b), (d), (e), (g), (h), (i) and (j) of 164.530 hold for the breach rule too."),
		paragraph(CiteBreachBurdenOfProof, "Burden of proof", "The entity must show that every notification was made, or that there was no breach.").binding(BindsBoth),
	)
}

// privacyProvisions is what the module cites of the Privacy Rule, 45 CFR Part 164 Subpart E.
func privacyProvisions() []Provision {
	two := sourceREG13().with(ConfidenceTwo)
	one := sourceREG13()
	return within(part164E, BindsCoveredEntities, two,
		section(CitePrivacyGeneralRules, "Uses and disclosures of protected health information: General rules", "").binding(BindsBoth),
		heading(CiteProtectedDisclosures, "Disclosures by whistleblowers and workforce member crime victims").binding(BindsNobody),
		paragraph(CiteWhistleblower, "Disclosures by whistleblowers",
			"A workforce member or business associate may disclose PHI in the good-faith belief that conduct is unlawful or dangerous, to an authority that oversees it, to an accreditation body or to an attorney of their own.").binding(BindsNobody),
		paragraph(CiteWhistleblowerBelief, "Belief", "The belief is held in good faith: unlawful or unprofessional conduct, or danger to patients, workers or the public.").binding(BindsNobody).from(one),
		heading(CiteWhistleblowerRecipients, "Recipients").binding(BindsNobody),
		paragraph(CiteWhistleblowerAuthorities, "Authorities", "A health oversight agency, a public health authority or an accreditation organization.").binding(BindsNobody).from(one),
		paragraph(CiteWhistleblowerAttorney, "Attorney", "An attorney of the workforce member or business associate, about their legal options.").binding(BindsNobody).from(one),
		paragraph(CiteCrimeVictim, "Disclosures by workforce members who are victims of a crime",
			"A workforce member who is the victim of a crime may tell law enforcement about the suspect, limited to the items of 164.512(f)(2)(i).").binding(BindsNobody),

		section(CitePrivacyOrganizational, "Uses and disclosures: Organizational requirements", ""),
		heading(CitePrivacyContracts, "Business associate contracts"),

		section(CitePermittedDisclosures, "Uses and disclosures for which an authorization or opportunity to agree or object is not required", ""),
		heading(CiteLawEnforcement, "Disclosures for law enforcement purposes"),
		heading(CiteLawEnforcementIdentification, "Limited information for identification and location purposes"),
		paragraph(CiteLawEnforcementItems, "Items", "The closed list of items that may be given to identify or locate a person.").from(one),

		section(CiteDisclosureAccounting, "Accounting of disclosures of protected health information", ""),
		heading(CiteAccountingRight, "Right to an accounting of disclosures"),
		paragraph(CiteAccountingPeriod, "Period", "The right reaches six years back from the request."),
		heading(CiteAccountingContent, "Content of the accounting"),
		paragraph(CiteAccountingSixYears, "Disclosures included", "The accounting includes the disclosures of those six years."),
		paragraph(CiteAccountingDocumentation, "Documentation", "What an accounting needs is documented and kept by 164.530(j)."),

		section(CitePrivacyAdministration, "Administrative requirements", ""),
		heading(CitePrivacyTraining, "Training"),
		heading(CitePrivacyComplaints, "Complaints to the covered entity"),
		heading(CitePrivacySanctionsParagraph, "Sanctions"),
		paragraph(CitePrivacySanctions, "Sanctions",
			"Have and apply appropriate sanctions against workforce members who do not follow the privacy policies or the rule. The standard does not reach what 164.502(j) and (g)(2) of the section protect."),
		paragraph(CiteDocumentSanctions, "Documentation of sanctions", "Document the sanctions that are applied, if any."),
		paragraph(CitePrivacyRetaliation, "Refraining from intimidating or retaliatory acts", "A covered entity does neither of the following."),
		paragraph(CitePrivacyNoRetaliation, "No retaliation against individuals", "No intimidation of and no retaliation against an individual who uses a right or a process of the rule."),
		paragraph(CitePrivacyRetaliationBar, "No retaliation under 160.316", "Refrain from what 160.316 forbids."),
		heading(CitePrivacyWaiver, "Waiver of rights"),
		paragraph(CitePrivacyPolicies, "Policies and procedures", "Have privacy policies and procedures; a change is documented before it takes effect."),
		heading(CitePrivacyDocumentation, "Documentation"),
		paragraph(CitePrivacyRecords, "Documentation", "Keep policies, writings and records of required actions, activities and designations."),
		paragraph(CitePrivacyRetention, "Retention period", "Six years from creation or from the day last in effect, whichever is later."),
	)
}
