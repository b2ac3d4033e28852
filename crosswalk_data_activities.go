package hipaasmp

import "fmt"

// keyActivityRows is section 5.1.1 of the publication, and its activities for 164.316(b).
func keyActivityRows() []KeyActivity {
	var rows []KeyActivity
	add := func(standard, specification Citation, id, number, title, note string, questions ...string) {
		a := KeyActivity{ID: id, Standard: standard, Specification: specification, Title: title, Note: note, Source: sourceCPRT()}
		for i, q := range questions {
			a.Questions = append(a.Questions, Question{ID: fmt.Sprintf("%s.%d", number, i+1), Text: q})
		}
		rows = append(rows, a)
	}
	add(CiteSecurityManagementProcess, "", "KA-1", "1", "Identify all ePHI and the information systems that matter to it",
		"Where ePHI comes into being, enters, moves, is stored and leaves; mobile, medical and connected devices; who owns what; mergers.",
		"Has all ePHI been identified?",
		"Are hardware and software inventoried periodically?",
		"Is the inventory kept up to date?",
		"Is the hardware and software identified that holds or sends ePHI?",
		"Are removable media and remote access among it?",
		"Are configurations and interconnections documented?",
		"Has a business impact analysis been done?")
	add(CiteSecurityManagementProcess, CiteRiskAnalysis, "KA-2", "2", "Conduct a risk assessment",
		"",
		"Are there earlier assessments, audit comments or tests to build on?",
		"Is threat intelligence used?",
		"Are human, natural and environmental threats considered?",
		"Which controls exist, and which are planned?",
		"Have likelihood and impact been determined?",
		"Have risk ratings been determined?",
		"Does the facility stand where disasters are likely?",
		"Who is responsible for checking security settings?",
		"Has it been analysed how well the present safeguards work?",
		"Is every process considered that creates, receives, maintains or transmits ePHI?")
	add(CiteSecurityManagementProcess, CiteRiskManagement, "KA-3", "3", "Run a risk management programme",
		"",
		"Are executives involved?",
		"Do the programme and its policies exist?",
		"Is help from outside needed?",
		"Do the safeguards ensure confidentiality, integrity and availability of all ePHI?",
		"Do they protect against uses that are not permitted?",
		"Are the results of the assessment used to choose controls?",
		"Are all reasonably anticipated threats covered?",
		"Is it ensured that the workforce complies?")
	add(CiteSecurityManagementProcess, "", "KA-4", "4", "Acquire systems and services",
		"Cloud services bring risks of their own.",
		"Does the system fit the architecture?",
		"Have its features been compared with the requirements?",
		"Have costs and benefits been weighed?",
		"Is there a plan for training?")
	add(CiteSecurityManagementProcess, "", "KA-5", "5", "Create policies and procedures and put them to use",
		"The policy states risk appetite and tolerance, duties of personnel, responsible parties, frequency and the documentation required.",
		"Is there a policy on risk assessment and management with duties, parties, frequency and documentation?",
		"Are there security policies and procedures?",
		"Is there a system security plan?",
		"Is there a contingency plan?",
		"Are they communicated?",
		"Are they reviewed and updated?")
	add(CiteSecurityManagementProcess, CiteSanctionPolicy, "KA-6", "6", "Develop a sanction policy and apply it",
		"Sanctions may range from a reprimand to termination and are applied as cases arise.",
		"Does an existing policy meet the specification?",
		"Can one be adapted?",
		"Is there a formal process for misuse, abuse and fraud?",
		"Has the workforce been told?",
		"Has a structure in tiers, by harm and type of violation, been considered?",
		"How do managers and workforce learn of suspect activity?")
	add(CiteSecurityManagementProcess, CiteActivityReview, "KA-7", "7", "Develop the activity review and deploy it",
		"Consider automation.",
		"Does a policy say what is reviewed?",
		"Do procedures give the particulars?",
		"Who owns the process and its results?",
		"How often is activity reviewed?",
		"How often are the results analysed?",
		"Has automation been considered?",
		"Where is audit information kept, and on a separate server?",
		"Is it stored with an outside provider?")
	add(CiteSecurityManagementProcess, CiteActivityReview, "KA-8", "8", "Develop standard operating procedures for the review",
		"They say which audit data and which monitoring produce exception reports.",
		"How are exception reports and logs reviewed?",
		"Where are monitoring reports and the reviews of them documented and kept?")
	add(CiteSecurityManagementProcess, CiteActivityReview, "KA-9", "9", "Carry out the review and audit process",
		"",
		"How is its effectiveness measured?",
		"Is there a plan for revising it?")
	add(CiteDocumentation, "", "KA-DOC-1", "D1", "Draft, maintain and update the documentation",
		"",
		"Does all documentation show when it was created and for which time it is valid?",
		"Has management reviewed and approved it?",
		"Are the actions, activities and assessments documented that must be?")
	add(CiteDocumentation, CiteTimeLimit, "KA-DOC-2", "D2", "Keep the documentation for at least six years",
		"",
		"Do the other retention policies fit?")
	add(CiteDocumentation, CiteAvailability, "KA-DOC-3", "D3", "Make the documentation available",
		"")
	add(CiteDocumentation, CiteUpdates, "KA-DOC-4", "D4", "Update the documentation",
		"",
		"Does version control show that updates came in time?",
		"When was the documentation last reviewed?")
	return rows
}
