package oscal_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/risk"
)

func ExampleToken() {
	token, ok := oscal.Token(hipaasmp.CiteRiskManagement)
	fmt.Println(token, ok)
	c, err := oscal.ParseToken("hipaa-164.308.a.1.ii.D")
	fmt.Println(c, err)
	// Output:
	// hipaa-164.308.a.1.ii.B true
	// 164.308(a)(1)(ii)(D) <nil>
}

func ExampleNewCatalog() {
	edition, err := hipaasmp.Catalogue{}.At(hipaasmp.Day(2026, 7, 20))
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := oscal.NewCatalog(edition, time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, g := range c.Groups {
		fmt.Println(g.ID, len(g.Controls), g.Title)
	}
	// Output:
	// hipaa-164.308 9 Administrative safeguards
	// hipaa-164.310 4 Physical safeguards
	// hipaa-164.312 5 Technical safeguards
	// hipaa-164.314 2 Organizational requirements
	// hipaa-164.316 2 Policies and procedures and documentation requirements
}

func ExampleNewPOAM() {
	records, err := clinic.New(hipaasmp.EntityCoveredEntity)
	if err != nil {
		fmt.Println(err)
		return
	}
	analysis, _ := risk.InEffect(records.Analyses, clinic.Today())
	plan, err := oscal.NewPOAM(oscal.Source{
		Entity: records.Entity, Analysis: analysis, Items: records.Items, Acceptances: records.Acceptances,
		AsOf: clinic.Today(), Made: time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range plan.Risks {
		fmt.Println(r.Status, r.Title)
	}
	var file strings.Builder
	fmt.Println(plan.Write(&file))
	// Output:
	// remediating Ransomware stops the clinic and restores fail
	// deviation-approved A lost tablet gives notes away
	// closed Audit logging is switched off unseen
	// open Dictations leak from the transcription firm
	// <nil>
}

// A plan that names a risk which is not there passes OSCAL's JSON Schema and is refused here.
func ExamplePOAM_Verify() {
	p := oscal.POAM{
		Metadata: oscal.Metadata{OSCALVersion: oscal.Version}, SystemID: &oscal.SystemID{ID: "clinic"},
		Items: []oscal.Item{{UUID: "0b9d4b6e-1f43-5d7c-9a51-3f0f6d0f7a10", RelatedRisks: []oscal.RelatedRisk{{RiskUUID: "7f1f3b52-7a64-5f0b-8f1d-5b8c6f3c2a11"}}}},
	}
	fmt.Fprintln(os.Stdout, p.Verify())
	// Output:
	// hipaasmp: SMP-OSCAL-01 at /poam-items/0/related-risks/0/risk-uuid: "7f1f3b52-7a64-5f0b-8f1d-5b8c6f3c2a11" is no identity of this document; add what it refers to, or correct it
}
