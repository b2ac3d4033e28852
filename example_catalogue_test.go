package hipaasmp_test

import (
	"fmt"

	"github.com/hipaasmp/hipaasmp"
)

// Whether a specification is required or addressable depends on the edition in force on the day. What was not read in a
// source is unknown.
func ExampleCatalogue_At() {
	var law hipaasmp.Catalogue
	for _, day := range []hipaasmp.Date{hipaasmp.Day(2026, 11, 22), hipaasmp.Day(2010, 6, 30), hipaasmp.Day(2001, 1, 1)} {
		edition, err := law.At(day)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(day, edition.ID, edition.FederalRegister, edition.Designation(hipaasmp.CiteRiskAnalysis))
	}
	// Output:
	// 2026-11-22 2013-omnibus 78 FR 5566 required
	// 2010-06-30 2003 68 FR 8334 unknown
	// hipaasmp: no edition of the Security Rule was in force on 2001-01-01; the first took effect on 2003-04-21
}

func ExampleCatalogue_Provision() {
	var law hipaasmp.Catalogue
	p, _ := law.Provision(hipaasmp.CiteWorkforceClearance)
	fmt.Println(p.Title, "is", p.Designation)
	fmt.Println(p.Source.ID, p.Source.Read, p.Source.Confidence)
	for _, d := range p.Defects {
		fmt.Println(d.ID, d.Note)
	}
	// Output:
	// Workforce clearance procedure is addressable
	// REG13 2026-11-22 verified_in_two
	// DEF-01 Appendix A prints neither (R) nor (A) behind Workforce Clearance Procedure. The section says (Addressable), and by 164.306(d)(1) the section decides.
}

// What NIST relates to the sanction policy, and what an auditor asks about it.
func ExampleCatalogue_Crosswalks() {
	var law hipaasmp.Catalogue
	for _, row := range law.Crosswalks(hipaasmp.CiteSanctionPolicy) {
		fmt.Println(row.Framework, row.Targets)
	}
	for _, a := range law.KeyActivities(hipaasmp.CiteSanctionPolicy) {
		fmt.Println(a.ID, a.Title, len(a.Questions))
	}
	for _, q := range law.ProtocolInquiries(hipaasmp.CiteSanctionPolicy) {
		fmt.Println(q.ID, q.Asks[1])
	}
	// Output:
	// sp800-53r5 [PS-8]
	// csf-1.1 [ID.GV-3 ID.GV-4 PR.IP-11]
	// KA-6 Develop a sanction policy and apply it 6
	// PROT-05 Documentation of sanctions applied to workforce members.
}

// The mapping keeps links from control to provision; the index from provision to control is derived.
func ExampleMapping_ByCitation() {
	m := hipaasmp.NewMapping("clinic").
		WithControls(
			hipaasmp.Control{ID: "POL-1", Title: "Risk policy", Kind: hipaasmp.ControlPolicy},
			hipaasmp.Control{ID: "LOG-1", Title: "Monthly log review", Kind: hipaasmp.ControlProcedure},
		).
		Linked("POL-1", hipaasmp.RelationshipImplements, hipaasmp.CiteRiskManagement, "Names duties, threshold and frequency.").
		Linked("LOG-1", hipaasmp.RelationshipImplements, hipaasmp.CiteActivityReview, "Is the review.").
		Linked("LOG-1", hipaasmp.RelationshipSupports, hipaasmp.CiteRiskManagement, "Shows whether measures work.")
	if err := m.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	for citation, controls := range m.ByCitation() {
		for _, c := range controls {
			fmt.Println(citation, c.ID, c.Title)
		}
	}
	edition, _ := hipaasmp.Catalogue{}.Edition(hipaasmp.EditionInForce)
	open, _ := m.Uncovered(edition, hipaasmp.Catalogue{}.Specifications(hipaasmp.CiteSecurityManagementProcess)...)
	for _, p := range open {
		fmt.Println("no control:", p.Citation, p.Title)
	}
	// Output:
	// 164.308(a)(1)(ii)(B) LOG-1 Monthly log review
	// 164.308(a)(1)(ii)(B) POL-1 Risk policy
	// 164.308(a)(1)(ii)(D) LOG-1 Monthly log review
	// no control: 164.308(a)(1)(ii)(A) Risk analysis
	// no control: 164.308(a)(1)(ii)(C) Sanction policy
}
