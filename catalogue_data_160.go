package hipaasmp

// enforcementProvisions is what the module cites of 45 CFR Parts 102 and 160.
func enforcementProvisions() []Provision {
	two := sourceREG13().with(ConfidenceTwo)
	one := sourceREG13()
	workforce := section(CiteWorkforce, "Definitions: workforce",
		"The workforce are employees, volunteers, trainees and others who work under the direct control of the entity, paid or not; a contractor under direct control is one of them.").
		from(two)
	workforce.Kind = ProvisionDefinition
	culpability := enforcement(CiteCulpabilityDefinitions, "Definitions", "Reasonable cause, reasonable diligence, willful neglect.")
	culpability.Kind = ProvisionDefinition

	var all []Provision
	all = append(all, within(part102, BindsNobody, sourceAdjustment().with(ConfidenceTwo),
		enforcement(CitePenaltyAdjustment, "Penalty adjustment and table",
			"The amounts of 160.404 after adjustment for inflation, for penalties assessed from the day of publication on and for violations from 2015-11-02 on."),
	)...)
	all = append(all, within(part160A, BindsNobody, two, workforce)...)
	all = append(all, within(part160C, BindsBoth, two,
		enforcement(CiteEntityResponsibilities, "Responsibilities of covered entities and business associates", "What an entity owes the Secretary in an investigation or review.").from(one),
		enforcement(CiteReportsToSecretary, "Provide records and compliance reports", "Keep the records and submit the reports that the Secretary needs."),
		enforcement(CiteCooperation, "Cooperate with complaint investigations and compliance reviews", "Cooperate with the Secretary."),
		enforcement(CiteSecretaryAccess, "Permit access to information",
			"Permit access in business hours, and at any time without notice where documents may be hidden or destroyed."),
		enforcement(CiteSecretarialAction, "Secretarial action regarding complaints and compliance reviews", "How the Secretary proceeds after an investigation.").binding(BindsNobody).from(one),
		enforcement(CiteSecretarialResolution, "Resolution when noncompliance is indicated", "").binding(BindsNobody).from(one),
		enforcement(CiteNoticeOfNoncompliance, "Notice", "").binding(BindsNobody).from(one),
		enforcement(CiteMitigatingEvidence, "Evidence of mitigating factors and defenses",
			"The entity has 30 days to submit written evidence of mitigating factors and affirmative defenses."),
		enforcement(CiteRetaliation, "Refraining from intimidation or retaliation",
			"No retaliation against any individual or other person for a complaint, for testimony or assistance, or for opposing in good faith what is unlawful."),
	)...)
	all = append(all, within(part160D, BindsNobody, two,
		culpability,
		enforcement(CitePenaltyBasis, "Basis for a civil money penalty", "For which violations a penalty is imposed, and on whom.").from(one),
		enforcement(CiteAgentLiability, "Violation attributed to a covered entity or business associate", "").from(one),
		enforcement(CiteCoveredEntityAgents, "Agents of a covered entity", "A covered entity is liable, by the federal common law of agency, for its agents, workforce and business associates included."),
		enforcement(CiteBusinessAssociateAgents, "Agents of a business associate", "A business associate is liable in the same way for its agents, workforce and subcontractors included."),
		enforcement(CitePenaltyAmount, "Amount of a civil money penalty", "The amounts before adjustment. The sentence that points to 45 CFR Part 102 was not read.").from(one),
		enforcement(CitePenaltyLimits, "Limitations", "").from(one),
		enforcement(CitePenaltyBefore2009, "Violations before February 18, 2009", "At most 100 dollars a violation and 25,000 a year for identical violations.").from(one),
		enforcement(CitePenaltyTiers, "Violations on or after February 18, 2009", "Four tiers by state of mind.").from(one),
		enforcement(CitePenaltyNoKnowledge, "Tier 1: no knowledge", "The entity did not know, and with reasonable diligence would not have known."),
		enforcement(CitePenaltyReasonableCause, "Tier 2: reasonable cause", "The violation was due to reasonable cause and not to willful neglect."),
		enforcement(CitePenaltyNeglectCorrected, "Tier 3: willful neglect, corrected", "The violation was due to willful neglect and was corrected within the 30-day period."),
		enforcement(CitePenaltyNeglectUncorrected, "Tier 4: willful neglect, not corrected", "The violation was due to willful neglect and was not corrected within that period."),
		enforcement(CitePenaltyOverlap, "Requirements repeated in a more general form", "If one provision repeats another of the same subpart in a more general form, only one of the two is penalised."),
		enforcement(CiteViolationCount, "Violations of an identical requirement or prohibition", "Violations are counted by the nature of the obligation; a continuing violation counts once a day."),
		enforcement(CitePenaltyFactors, "Factors considered in determining the amount of a civil money penalty", "Five factors, mitigating or aggravating."),
		enforcement(CiteFactorNature, "Nature and extent of the violation", "Among them the individuals affected and the time it lasted."),
		enforcement(CiteFactorHarm, "Nature and extent of the harm", "Physical, financial, to reputation, to the ability to obtain care."),
		enforcement(CiteFactorHistory, "History of prior compliance", "Earlier indications, and what the entity did about them."),
		enforcement(CiteFactorFinances, "Financial condition", "Financial condition and size of the entity."),
		enforcement(CiteFactorJustice, "Other matters", "Such other matters as justice requires."),
		enforcement(CiteAffirmativeDefenses, "Affirmative defenses", "When no penalty may be imposed.").from(one),
		enforcement(CiteDefenseCriminal, "Criminal penalty", "").from(one),
		enforcement(CiteDefenseCriminalPunished, "Criminal penalty imposed", "From 2011-02-18 on: no civil penalty for an act for which a criminal penalty was imposed under 42 U.S.C. 1320d-6."),
		enforcement(CiteDefenseCorrected, "Not willful neglect, and corrected",
			"For violations from 2009-02-18 on: no penalty if there was no willful neglect and the violation was corrected within 30 days of knowledge, or within the longer time the Secretary sets."),
		enforcement(CitePenaltyWaiver, "Waiver", "The Secretary may waive a penalty that would be excessive."),
		enforcement(CiteLimitation, "Limitations", "An action must be commenced within six years of the violation."),
		enforcement(CitePenaltyNotExclusive, "Penalty not exclusive", "The penalty is in addition to any other."),
	)...)
	all = append(all, within(part160E, BindsNobody, two,
		enforcement(CiteTimeComputation, "Computation of time", "How periods are counted in hearings.").from(one),
		enforcement(CiteTimePeriods, "Periods", "A period begins on the day after the event and includes its last day. It holds for hearings only; elsewhere it is an analogy."),
	)...)
	return all
}

// statuteProvisions are the sections of the United States Code that the module cites.
func statuteProvisions() []Provision {
	criminal := Provision{Citation: CiteCriminalPenalty, Kind: ProvisionStatute, Designation: DesignationNotApplicable,
		Title: "Criminal penalty, as 45 CFR 160.410(a) names it", Summary: "The section itself was not read.", Source: sourceREG13()}
	recognized := Provision{Citation: CiteRecognizedSecurityPractices, Kind: ProvisionStatute, Designation: DesignationNotApplicable,
		Title: "Recognition of security practices", Since: Date{year: 2021, month: 1, day: 5},
		Summary: "The Secretary considers whether the entity had recognized security practices in place for at least the previous twelve months. They may mitigate fines and remedies and end an audit early. Not having them is no violation and aggravates nothing."}
	return within(statuteTitle, BindsNobody, sourcePL116().with(ConfidenceTwo), criminal, recognized)
}
