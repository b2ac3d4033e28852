package hipaasmp

// editionsNewestFirst are the editions that the module knows, the newest first.
func editionsNewestFirst() []Edition {
	return []Edition{
		{
			ID: Edition2025NPRM, Title: "HIPAA Security Rule To Strengthen the Cybersecurity of Electronic Protected Health Information",
			Status: EditionStatusProposed, FederalRegister: "90 FR 898", Published: Date{2025, 1, 6},
			Notes: []string{
				"A proposal obliges nobody. Comments closed on 2025-03-07; no final rule had appeared by early October 2026.",
				"The Unified Agenda that was read in October 2026 lists it under long-term actions, final action 2027-07.",
				"As proposed, the rule would take effect 60 days after publication and would have to be met 180 days later.",
				"Most paragraph numbers are recalled and not read; see the confidence of each provision.",
			},
			Source: sourceNPRM().with(ConfidenceTwo, "OSS26"),
		},
		{
			ID: Edition2013Omnibus, Title: "Omnibus rule: business associates and other modifications of the HIPAA rules",
			Status: EditionStatusInForce, FederalRegister: "78 FR 5566", Published: Date{2013, 1, 25},
			Effective: Date{2013, 3, 26}, Compliance: Date{2013, 9, 23},
			Notes: []string{
				"The rule added business associates and renumbered 164.308(b)(1) to (b)(3).",
				"Sections 164.308, 164.310, 164.312 and 164.316 have not been amended since: the text of 2013 and the eCFR of 2026-04-02 are the same, and sources of September 2026 treat it as in force.",
			},
			Source: sourceREG13().with(ConfidenceTwo, "REG26", "OSS26"),
		},
		{
			ID: Edition2003, Title: "Health Insurance Reform: Security Standards",
			Status: EditionStatusSuperseded, FederalRegister: "68 FR 8334", Published: Date{2003, 2, 20},
			Effective: Date{2003, 4, 21}, Superseded: Date{2013, 3, 26}, Compliance: Date{2005, 4, 20},
			Notes: []string{
				"Corrected by 68 FR 17153 (2003-04-08). Small health plans had one year more.",
				"The section on compliance dates says April 20, 2005, the preamble of the final rule April 21; see DEF-04.",
				"The text of this edition was not read: its provisions are carried over by name, and their designations are unknown.",
			},
			Source: sourceFinalRule().with(ConfidenceTwo, "REG13"),
		},
	}
}

// amendments are the steps between and beside the editions, the oldest first.
func amendments() []Amendment {
	history := sourceEditions()
	two, one := history.with(ConfidenceTwo), history.with(ConfidenceOne)
	return []Amendment{
		{Published: Date{2003, 2, 20}, Cite: "68 FR 8334", Effect: "Security Rule; effective 2003-04-21.", Source: two},
		{Published: Date{2003, 4, 8}, Cite: "68 FR 17153", Effect: "Correction of the Security Rule.", Source: two},
		{Published: Date{2006, 2, 16}, Cite: "71 FR 8390", Effect: "Enforcement Rule, 45 CFR Part 160 Subparts C to E.", Source: one},
		{Published: Date{2009, 2, 17}, Cite: "Pub. L. 111-5", Effect: "HITECH Act: the Security Rule reaches business associates by statute; tiered penalties for violations from 2009-02-18 on.", Source: history.with(ConfidenceRecalled)},
		{Published: Date{2009, 10, 30}, Cite: "74 FR 56123", Effect: "Interim final rule: the tiers of 160.404.", Source: one},
		{Published: Date{2013, 1, 25}, Cite: "78 FR 5566", Effect: "Omnibus rule; effective 2013-03-26, to be met by 2013-09-23.", Source: two},
		{Published: Date{2016, 9, 6}, Cite: "81 FR 61538", Effect: "45 CFR Part 102: penalties adjusted for inflation.", Source: two},
		{Published: Date{2019, 4, 30}, Cite: "84 FR 18151", Effect: "Notification of enforcement discretion: annual caps by tier, effective indefinitely, not codified.", Source: two},
		{Published: Date{2021, 1, 5}, Cite: "Pub. L. 116-321", Effect: "Recognized security practices, 42 U.S.C. 17941.", Source: two},
		{Published: Date{2025, 1, 6}, Cite: "90 FR 898", Effect: "Proposed overhaul of the Security Rule. Not in force.", Proposed: true, Source: two},
	}
}

// proposedProvisions is what sources say of the proposed rule. Where only the content was seen and the paragraph number
// is recalled, the entry is recalled: the citation is what an entry is about.
func proposedProvisions() []Provision {
	recalled, seen := sourceNPRM().with(ConfidenceRecalled), sourceNPRM().with(ConfidenceOne, "OSS26")
	both := sourceNPRM().with(ConfidenceTwo)
	entry := func(c, parent Citation, source Source, title, summary string) Provision {
		return Provision{Citation: c, Parent: parent, Edition: Edition2025NPRM, Kind: ProvisionParagraph, Designation: DesignationUnknown,
			Binds: BindsUnknown, Subpart: part164C, Title: title, Summary: summary, Source: source}
	}
	const a = CiteAdministrativeStandards
	return []Provision{
		entry(CiteSpecifications, CiteGeneralRules, both, "Implementation specifications", "The addressable category is removed, with limited exceptions."),
		entry(a+"(1)", a, recalled, "Technology asset inventory", "A written inventory with identification, version, person accountable and location, and a network map of where ePHI moves; kept up at least every twelve months and on change."),
		entry(a+"(2)", a, recalled, "Risk analysis", "A written assessment that reviews inventory and map, names threats, vulnerabilities and predisposing conditions, documents measures, and rates likelihood, impact and risk; at least every twelve months."),
		entry(a+"(3)", a, recalled, "Evaluation", "Before a change in environment or operations."),
		entry(a+"(4)", a, recalled, "Patch management", "Critical patches within 15 calendar days, high ones within 30."),
		entry(a+"(5)", a, recalled, "Risk management", "A written, prioritised plan, reviewed every twelve months."),
		entry(a+"(6)", a, recalled, "Sanction policy", "Written policies and procedures, reviewed every twelve months."),
		entry(a+"(7)", a, recalled, "Information system activity review", "Written; review in real time or regularly; records kept for a time that suits the type of log."),
		entry(a+"(8)", a, recalled, "Assigned security responsibility", "In writing."),
		entry(a+"(9)", a, seen, "Workforce security", "Access ends within one hour."),
		entry(a+"(9)(ii)(D)", a+"(9)", seen, "Notice to another entity", "Within 24 hours."),
		entry(a+"(10)", a, recalled, "Information access management", ""),
		entry(a+"(11)", a, recalled, "Security awareness and training", ""),
		entry(a+"(12)", a, seen, "Security incident procedures", "Written plans, and their testing."),
		entry(a+"(12)(ii)(A)(2)", a+"(12)", seen, "Testing of incident plans", ""),
		entry(a+"(13)", a, seen, "Contingency plan", "Restoration within 72 hours."),
		entry(a+"(14)", a, seen, "Compliance audit", "An audit every twelve months."),
		entry("164.314(a)(2)(i)(D)", CiteContractTerms, seen, "Notice of contingency", "The business associate gives notice within 24 hours of activating its contingency plan."),
		entry(CitePoliciesAndDocumentation, "", seen, "Documentation", "Policies, procedures, plans and analyses in writing, with how the factors of 164.306(b) were considered; reviewed every twelve months. That the six years are kept is recalled."),
	}
}

// supersededProvisions are paragraphs that the edition of 2003 had and the edition in force does not.
func supersededProvisions() []Provision {
	return []Provision{{
		Citation: dangling, Parent: CiteBusinessAssociateArrangements, Edition: Edition2003, Kind: ProvisionParagraph,
		Designation: DesignationUnknown, Binds: BindsUnknown, Subpart: part164C, Title: "A paragraph that the rule of 2013 renumbered away",
		Source: sourceREG13().with(ConfidenceTwo, "REG26"),
	}}
}

// dangling is the paragraph that 164.314(a)(2)(iii) still refers to.
const dangling Citation = "164.308(b)(4)"

// defects are the known defects of the published texts. DEF-06 is not a defect of a text but of its readers.
func defects() []Defect {
	return []Defect{
		{ID: "DEF-01", Citations: []Citation{CiteWorkforceClearance}, Source: sourceAppendixA().with(ConfidenceTwo, "REG13"),
			Note: "Appendix A prints neither (R) nor (A) behind Workforce Clearance Procedure. The section says (Addressable), and by 164.306(d)(1) the section decides."},
		{ID: "DEF-02", Citations: []Citation{CiteSubcontractorTerms}, Source: sourceREG13().with(ConfidenceTwo, "REG26"),
			Note: "The paragraph refers to 164.308(b)(4), which the rule of 2013 renumbered away. It is accepted only as a quoted cross-reference."},
		{ID: "DEF-03", Citations: []Citation{CiteOrganizationalRequirements, CitePoliciesAndDocumentation}, Source: sourceAppendixA().with(ConfidenceTwo),
			Note: "Appendix A leaves out 164.314 and 164.316 altogether; their designations are those of the sections."},
		{ID: "DEF-04", Citations: []Citation{CiteComplianceDates}, Source: sourceREG13().with(ConfidenceTwo, "FR03"),
			Note: "The section says April 20 of 2005 and 2006, the preamble of the final rule April 21. Both are in use; this module goes by the section."},
		{ID: "DEF-05", Citations: []Citation{CiteCriticalityAnalysis, CiteAdministrativeStandards}, Source: sourceProtocol(),
			Note: "The audit protocol lists applications and data criticality analysis as 164.308(a)(7)(ii)(A); it is (E). It labels its general row 164.308(a)."},
		{ID: "DEF-06", Citations: []Citation{CiteRiskAnalysis, CiteSanctionPolicy}, Source: reading("WILD", "Documents that cite the rule wrongly", "opencontrol, dentaltown and others"),
			Note: "In the wild one finds 164.308(a)(1)(i)(A), 164.308(a)(1)(iii)(C) and 164.308(a)(1)(A). None of them exists; the specifications are 164.308(a)(1)(ii)(A) to (D)."},
	}
}
