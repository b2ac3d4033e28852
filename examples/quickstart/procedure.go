package main

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// sampleRiskProcedure is the clinic's policy and procedure on risk analysis.
func sampleRiskProcedure(c calendar, e hipaasmp.Entity) (risk.Procedure, error) {
	return risk.Terms{
		Title: "Risk analysis", Version: "1",
		Purpose:    "To know what could harm the confidentiality, integrity and availability of the clinic's ePHI before it does.",
		Scope:      "All ePHI of the clinic, in every medium and place, that of its business associates included.",
		Duties:     []risk.Duty{{Role: hipaasmp.RoleSecurityOfficial, Does: "Leads the analysis and rates the findings."}, {Role: hipaasmp.RoleSystemAdministrator, Does: "Keeps the inventory."}},
		Management: "The practice manager approves the analysis and the acceptable level of risk.",
		Months:     reviewEvery.Months,
		Occasions:  "A new system, vendor, place or way of working; an incident; a change in the law.",
	}.Approve("rap-1", manager, c.at(-15, 4, 9), c.zone, e.Authority())
}
