package hipaasmp

import "fmt"

// protocolRows are the rows of the audit protocol about the security management process and its neighbours.
func protocolRows() []ProtocolInquiry {
	var rows []ProtocolInquiry
	add := func(citations []Citation, asks, tests []string) {
		rows = append(rows, ProtocolInquiry{ID: fmt.Sprintf("PROT-%02d", len(rows)+1), Citations: citations, Asks: asks, Tests: tests, Source: sourceProtocol()})
	}
	add([]Citation{CiteAddressable},
		[]string{
			"Where an alternative measure was chosen: why the specification is not reasonable and appropriate, and which equivalent alternative takes its place.",
		},
		[]string{
			"The alternative gives equivalent protection.",
		})
	add([]Citation{CiteSecurityManagementProcess},
		[]string{
			"Policies and procedures on security violations.",
			"Evidence that they are in use.",
			"Documentation of violations and of what was done about them.",
		},
		[]string{
			"The policies and procedures exist.",
			"Violations are handled by them.",
			"Violations are identified and characterised, damage is limited, a corrective action plan follows.",
		})
	add([]Citation{CiteRiskAnalysis},
		[]string{
			"Policies and procedures on risk analysis.",
			"The written risk analysis.",
			"The risk analysis immediately before the current one.",
			"If there is none before it: the two most recent written updates.",
			"If it was never updated: a written explanation why.",
		},
		[]string{
			"The policies cover purpose and scope, roles of the workforce, involvement of management and how often it is reviewed.",
			"The analysis has a defined scope: all systems that create, receive, maintain or transmit ePHI.",
			"It details threats and vulnerabilities.",
			"It assesses the current measures.",
			"It analyses impact and likelihood.",
			"It gives a risk rating.",
			"It is updated periodically and upon changes, incidents and significant events.",
		})
	add([]Citation{CiteRiskManagement},
		[]string{
			"Policies and procedures on risk management.",
			"Evidence of measures implemented, or in process, as a result of the risk analysis.",
		},
		[]string{
			"The policies say how risk is managed, which level of risk is acceptable on the approval of management, how often ongoing risks are reviewed, and who does what.",
			"The measures answer the threats and vulnerabilities by their rating.",
			"The measures suffice to reach the acceptable level.",
		})
	add([]Citation{CiteSanctionPolicy},
		[]string{
			"Policies and procedures on sanctions; they may be part of a code of conduct.",
			"Documentation of sanctions applied to workforce members.",
		},
		[]string{
			"They name the personnel involved.",
			"They give the steps required and the time they may take.",
			"They give the steps for notification.",
			"They record the reason.",
			"They identify the sanction applied.",
			"They document the outcome.",
			"Appropriate sanctions were in fact applied.",
		})
	add([]Citation{CiteActivityReview},
		[]string{
			"Policies and procedures on the review of system activity.",
			"Evidence of records reviewed: audit logs, access reports, security incident tracking reports.",
			"Evidence that the systems are able to log.",
		},
		[]string{
			"They say how often reviews happen, how they are documented and who does them.",
			"They say which types of activity need further investigation.",
			"Reviews were timely, and were conducted and certified by appropriate personnel.",
			"Key systems can generate records, the capability is turned on, and records are generated.",
		})
	add([]Citation{CiteAssignedSecurityResponsibility},
		[]string{
			"The job description of the security official.",
		},
		[]string{
			"A natural person is named.",
			"The responsibility is clear.",
		})
	add([]Citation{CiteEvaluation},
		[]string{
			"Policies and procedures on evaluation.",
			"The evaluations.",
			"Change control documents.",
			"Plans made after a major change of technology.",
		},
		[]string{
			"Findings, options for remediation and decisions are documented.",
			"Management has certified them.",
		})
	add([]Citation{CiteAuditControls},
		[]string{
			"Documentation of the audit controls.",
		},
		[]string{
			"Audit controls are chosen by risk and cover all systems with ePHI.",
			"It is said which systems are covered and why.",
		})
	add([]Citation{CitePolicies},
		[]string{
			"Policies and procedures on policies and procedures.",
		},
		nil)
	add([]Citation{CiteDocumentation, CiteWrittenPolicies, CiteWrittenRecord},
		[]string{
			"Policies and procedures on maintaining policies and procedures.",
			"The written record of required actions, activities and assessments.",
		},
		nil)
	add([]Citation{CiteTimeLimit},
		[]string{
			"Policies and procedures on retention.",
			"Evidence that policies and procedures, and actions, activities and assessments, are kept six years.",
		},
		[]string{
			"Retention follows the policy.",
		})
	add([]Citation{CiteAvailability},
		[]string{
			"Policies and procedures on availability.",
			"Evidence that the documentation is available.",
		},
		nil)
	add([]Citation{CiteUpdates},
		[]string{
			"Policies and procedures on periodic review.",
			"Evidence of the reviews.",
		},
		nil)
	add([]Citation{CitePrivacySanctions, CiteDocumentSanctions},
		[]string{
			"Policies and procedures on sanctions.",
			"For the Privacy Rule a sample, for the breach rule the complete list, of sanctions with their type and the act that led to them.",
		},
		[]string{
			"Sanctions are consistent with the policy.",
		})
	return rows
}
