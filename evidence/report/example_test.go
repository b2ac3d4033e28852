package report_test

import (
	"bytes"
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/report"
)

// The page is one file that needs nothing else. What is not among the records is said, and never left out.
func ExampleWrite() {
	var page bytes.Buffer
	err := report.Write(&page, report.Data{
		Entity: hipaasmp.Entity{Name: "Lakeside Family Clinic", Type: hipaasmp.EntityCoveredEntity, Zone: "America/Chicago"},
		AsOf:   hipaasmp.Day(2026, 3, 2),
		Gaps: []hipaasmp.Gap{{Code: "GAP-RISK-01", Citation: hipaasmp.CiteRiskAnalysis,
			Missing: "No risk analysis is in effect.", Closes: "Conduct a risk analysis and have it approved."}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, says := range []string{"<!doctype html>", "No risk analysis is in effect.", "No sanction case is among the records.", "<script", "http://", "https://"} {
		fmt.Printf("%-38s %v\n", says, strings.Contains(page.String(), says))
	}
	// Output:
	// <!doctype html>                        true
	// No risk analysis is in effect.         true
	// No sanction case is among the records. true
	// <script                                false
	// http://                                false
	// https://                               false
}
