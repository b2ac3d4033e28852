package hipaasmp

import "strings"

// crosswalkRows is the mapping of the CPRT export, requirement by requirement.
func crosswalkRows() []Crosswalk {
	var rows []Crosswalk
	add := func(c Citation, controls, subcategories, note string) {
		rows = append(rows,
			Crosswalk{Citation: c, Framework: FrameworkSP80053, Targets: strings.Fields(controls), Note: note, Source: sourceCPRT()},
			Crosswalk{Citation: c, Framework: FrameworkCSF11, Targets: strings.Fields(subcategories), Source: sourceCPRT()})
	}
	const (
		retention = "The source leads to SI-12, information management and retention, and not to AU-11, audit record retention: it ties the six years to documentation."
		first     = "The source leads to the policy-and-procedures control of every family."
	)
	add(CiteSecurityManagementProcess, "RA-1",
		"ID.GV-1 ID.GV-2 ID.GV-3 ID.GV-4 ID.RA-4 ID.SC-1 ID.SC-2 PR.IP-2 PR.IP-12 DE.CM-8 DE.DP-2 RS.AN-1 RS.AN-5", "")
	add(CiteRiskAnalysis, "RA-1 RA-3",
		"ID.AM-1 ID.AM-2 ID.AM-3 ID.BE-1 ID.BE-2 ID.GV-3 ID.GV-4 ID.RA-1 ID.RA-3 ID.RA-4 ID.RA-5 ID.SC-1 ID.SC-2 PR.DS-3 PR.DS-4 PR.IP-12 RS.AN-5 RS.MI-3", "")
	add(CiteRiskManagement, "PL-2 RA-2 RA-3",
		"ID.BE-5 ID.GV-3 ID.GV-4 ID.RA-4 ID.RA-5 ID.RA-6 ID.RM-1 ID.RM-2 ID.RM-3 ID.SC-1 PR.AC-2 PR.DS-4 PR.IP-12 RS.AN-5 RS.MI-3", "")
	add(CiteSanctionPolicy, "PS-8",
		"ID.GV-3 ID.GV-4 PR.IP-11", "")
	add(CiteActivityReview, "AU-6 AU-7 CA-7 IR-5 IR-6 SI-4",
		"DE.AE-1 DE.AE-3 DE.CM-1 DE.CM-3 DE.CM-4 DE.CM-5 DE.CM-6 DE.CM-7 ID.GV-3 ID.GV-4 ID.RA-3 ID.RA-5 ID.SC-4 PR.DS-1 PR.DS-5 PR.DS-6 PR.MA-2 PR.PT-1 PR.PT-4 RS.AN-1", "")
	add(CitePolicies, "PL-1 PL-2 RA-1 RA-3",
		"ID.BE-1 ID.BE-2 ID.BE-3 ID.GV-1 ID.GV-3 ID.RA-3 ID.RA-4 ID.RA-5 ID.SC-1", "")
	add(CiteTimeLimit, "SI-12",
		"ID.AM-4 ID.BE-1 ID.BE-2 ID.BE-3 ID.GV-1 ID.GV-3 ID.RA-3 ID.SC-1", retention)
	add(CiteAvailability, EveryFirstControl,
		"ID.AM-4 ID.BE-1 ID.BE-2 ID.BE-3 ID.GV-1 ID.GV-3 ID.RA-3 ID.SC-1", first)
	add(CiteUpdates, EveryFirstControl,
		"ID.AM-4 ID.BE-1 ID.BE-2 ID.BE-3 ID.GV-1 ID.GV-3 ID.RA-1 ID.RA-3 ID.SC-1 PR.IP-5 PR.IP-7 RC.IM-1 RS.IM-1", first)
	return rows
}
