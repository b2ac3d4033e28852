package hipaasmp

// administrativeProvisions is 45 CFR 164.308.
func administrativeProvisions() []Provision {
	source := sourceREG13().with(ConfidenceTwo, "REG26", "APPA", "PROT")
	return within(part164C, BindsBoth, source,
		section(CiteAdministrativeSafeguards, "Administrative safeguards", "The administrative standards and the contracts with business associates."),
		heading(CiteAdministrativeStandards, "Administrative standards").
			quoting("A covered entity or business associate must, in accordance with § 164.306:"),

		heading(CiteSecurityManagement, "Security management process"),
		standard(CiteSecurityManagementProcess, "Security management process",
			"Have policies and procedures, in use, that prevent security violations, detect them, contain them and correct them.").
			quoting("Implement policies and procedures to prevent, detect, contain, and correct security violations."),
		heading(CiteSecurityManagementSpecifications, "Implementation specifications"),
		required(CiteSecurityManagementProcess, CiteRiskAnalysis, "Risk analysis",
			"Assess, accurately and thoroughly, what could harm the confidentiality, integrity and availability of all ePHI held.").
			quoting("Conduct an accurate and thorough assessment of the potential risks and vulnerabilities to the confidentiality, integrity, and availability of electronic protected health information held by the covered entity or business associate."),
		required(CiteSecurityManagementProcess, CiteRiskManagement, "Risk management",
			"Put in place measures that bring risks and vulnerabilities down to a reasonable and appropriate level.").
			quoting("Implement security measures sufficient to reduce risks and vulnerabilities to a reasonable and appropriate level to comply with § 164.306(a)."),
		required(CiteSecurityManagementProcess, CiteSanctionPolicy, "Sanction policy",
			"Apply appropriate sanctions to workforce members who do not follow the security policies and procedures.").
			quoting("Apply appropriate sanctions against workforce members who fail to comply with the security policies and procedures of the covered entity or business associate."),
		required(CiteSecurityManagementProcess, CiteActivityReview, "Information system activity review",
			"Have procedures, in use, for looking regularly at records of system activity: audit logs, access reports, incident tracking.").
			quoting("Implement procedures to regularly review records of information system activity, such as audit logs, access reports, and security incident tracking reports."),

		standardAlone(CiteAssignedSecurityResponsibility, "Assigned security responsibility",
			"Name the security official who answers for the policies and procedures of the subpart."),

		heading(CiteWorkforceSecurityParagraph, "Workforce security"),
		standard(CiteWorkforceSecurity, "Workforce security",
			"See to it that workforce members have the access they should have, and that the others have none."),
		heading(CiteWorkforceSecuritySpecifications, "Implementation specifications"),
		addressable(CiteWorkforceSecurity, CiteAuthorizationSupervision, "Authorization and/or supervision",
			"Authorise or supervise those who work with ePHI or where it could be reached."),
		addressable(CiteWorkforceSecurity, CiteWorkforceClearance, "Workforce clearance procedure",
			"Determine that a workforce member's access to ePHI is appropriate."),
		addressable(CiteWorkforceSecurity, CiteTermination, "Termination procedures",
			"End access when the employment or other arrangement ends, or when clearance says so."),

		heading(CiteInformationAccessParagraph, "Information access management"),
		standard(CiteInformationAccess, "Information access management",
			"Authorise access to ePHI in keeping with the Privacy Rule."),
		heading(CiteInformationAccessSpecifications, "Implementation specifications"),
		required(CiteInformationAccess, CiteClearinghouseIsolation, "Isolating health care clearinghouse functions",
			"A clearinghouse inside a larger organisation keeps its ePHI from the rest of it."),
		addressable(CiteInformationAccess, CiteAccessAuthorization, "Access authorization",
			"Grant access to ePHI by a policy, for example through a workstation, a program or a process."),
		addressable(CiteInformationAccess, CiteAccessModification, "Access establishment and modification",
			"Establish, document, review and change a user's right of access."),

		heading(CiteAwarenessParagraph, "Security awareness and training"),
		standard(CiteAwarenessTraining, "Security awareness and training",
			"Run a security awareness and training programme for the whole workforce, management included."),
		heading(CiteAwarenessSpecifications, "Implementation specifications"),
		addressable(CiteAwarenessTraining, CiteSecurityReminders, "Security reminders", "Send security updates from time to time."),
		addressable(CiteAwarenessTraining, CiteMaliciousSoftware, "Protection from malicious software",
			"Guard against malicious software, detect it and report it."),
		addressable(CiteAwarenessTraining, CiteLogInMonitoring, "Log-in monitoring", "Watch log-in attempts and report what does not fit."),
		addressable(CiteAwarenessTraining, CitePasswordManagement, "Password management", "Create, change and protect passwords by a procedure."),

		heading(CiteIncidentParagraph, "Security incident procedures"),
		standard(CiteIncidentProcedures, "Security incident procedures", "Have policies and procedures for security incidents."),
		required(CiteIncidentProcedures, CiteIncidentResponse, "Response and reporting",
			"Identify incidents and respond to them, limit their harm where that can be done, and document them and how they ended."),

		heading(CiteContingencyParagraph, "Contingency plan"),
		standard(CiteContingencyPlan, "Contingency plan",
			"Have policies and procedures for an emergency that damages systems holding ePHI."),
		heading(CiteContingencySpecifications, "Implementation specifications"),
		required(CiteContingencyPlan, CiteDataBackup, "Data backup plan", "Make exact copies of ePHI that can be retrieved, and keep them."),
		required(CiteContingencyPlan, CiteDisasterRecovery, "Disaster recovery plan", "Be able to restore any loss of data."),
		required(CiteContingencyPlan, CiteEmergencyMode, "Emergency mode operation plan",
			"Keep the processes going that protect ePHI while operating in emergency mode."),
		addressable(CiteContingencyPlan, CiteContingencyTesting, "Testing and revision procedures", "Test the contingency plans from time to time and revise them."),
		addressable(CiteContingencyPlan, CiteCriticalityAnalysis, "Applications and data criticality analysis",
			"Assess how critical each application and its data are for the other parts of the plan."),

		standardAlone(CiteEvaluation, "Evaluation",
			"Evaluate from time to time, technically and otherwise, first against the rule and then upon changes, how far the security policies and procedures meet the subpart. This is not the risk analysis."),

		heading(CiteBusinessAssociateArrangements, "Business associate contracts and other arrangements"),
		standard(CiteBusinessAssociateContracts, "Business associate contracts and other arrangements",
			"Let a business associate handle ePHI only upon satisfactory assurances that it will safeguard it.").
			binding(BindsCoveredEntities),
		standard(CiteSubcontractorContracts, "Business associate contracts and other arrangements: subcontractors",
			"A business associate asks the same assurances of its subcontractor.").
			binding(BindsBusinessAssociates).furtherOf(CiteBusinessAssociateContracts),
		required(CiteBusinessAssociateContracts, CiteWrittenContract, "Written contract or other arrangement",
			"Document the assurances in a written contract or another arrangement that meets 164.314(a)."),
	)
}
