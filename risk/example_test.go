package risk_test

import (
	"errors"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// A score is looked up in two tables: initiation and adverse impact give the likelihood, likelihood and impact the risk.
func ExampleNewScore() {
	by := hipaasmp.Actor{ID: "wf-014", Role: hipaasmp.RoleWorkforce}
	at := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

	phishing, err := risk.NewScore(risk.SP80030(), risk.Judgment{
		Initiation: risk.LevelVeryHigh,
		Adverse:    risk.LevelModerate,
		Impact:     risk.LevelModerate,
	}, by, at)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(phishing)

	phishing.Level = risk.LevelLow // by hand
	for _, fault := range phishing.Faults("") {
		fmt.Println(fault)
	}
	// Output:
	// moderate (likelihood high, impact moderate)
	// SMP-RISK-01 at /level: is low where nist-sp800-30r1/five-level/1 gives moderate; make scores with NewScore (164.308(a)(1)(ii)(A))
}

// A likelihood without an impact has no rating, and a level that is not assessed compares with nothing.
func ExampleLevel_Compare() {
	level := risk.SP80030().Risk(risk.LevelVeryHigh, risk.LevelNotAssessed)
	_, ok := level.Compare(risk.LevelVeryLow)
	fmt.Println(level, ok)

	worst, open := risk.Worst(risk.LevelLow, risk.LevelNotAssessed, risk.LevelHigh)
	fmt.Println(worst, "and not assessed:", open)
	// Output:
	// not_assessed false
	// high and not assessed: 1
}

// Scores from another tool, from 0 to 100, fall into half-open bins.
func ExampleScale_LevelOf() {
	scale := risk.SP80030()
	for _, score := range []float64{4.5, 20.5, 96, 101} {
		level, err := scale.LevelOf(score)
		var out *risk.ScoreRangeError
		if errors.As(err, &out) {
			fmt.Println(err)
			continue
		}
		fmt.Println(score, level)
	}
	// Output:
	// 4.5 very_low
	// 20.5 low
	// 96 very_high
	// risk: 101 is no score on nist-sp800-30r1/five-level/1; give a number from 0 to 100, or use not_assessed where there is none
}

// dentist is the smallest analysis that holds together, for the examples.
func dentist() (risk.Draft, error) {
	by := hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleSecurityOfficial}
	at := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	theft, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelModerate, Adverse: risk.LevelHigh, Impact: risk.LevelHigh}, by, at)
	if err != nil {
		return risk.Draft{}, err
	}
	return risk.NewDraft("draft-2026", risk.Assessment{
		Title: "Risk analysis 2026",
		Scope: "All ePHI of the practice: the laptop, and nothing else.",
		Inventory: risk.Inventory{Assets: []risk.Asset{
			{ID: "laptop", Name: "Laptop", Class: risk.AssetClassMobile, Handles: []risk.Handling{risk.HandlingCreates, risk.HandlingMaintains}},
		}},
		Threats:         []risk.Threat{{ID: "theft", Source: risk.ThreatSourceAdversarial, Event: "Theft from a car"}},
		Vulnerabilities: []risk.Vulnerability{{ID: "clear", Title: "Disk not encrypted", Severity: risk.LevelVeryHigh}},
		Findings: []risk.Finding{{
			ID: "F-1", Title: "Stolen laptop with readable ePHI", Assets: []string{"laptop"}, Threat: "theft", Vulnerability: "clear",
			NoSafeguards: true, Confidentiality: true, Current: &theft,
		}},
	}, by, at)
}

// In a practice of one, the owner holds both offices. The approval says so.
func ExampleDraft_Approve() {
	draft, err := dentist()
	if err != nil {
		fmt.Println(err)
		return
	}
	always := hipaasmp.Period{From: hipaasmp.Day(2020, 1, 1)}
	practice := hipaasmp.Entity{Appointments: []hipaasmp.Appointment{
		{Role: hipaasmp.RoleManagement, Member: "wf-1", Term: always},
		{Role: hipaasmp.RoleSecurityOfficial, Member: "wf-1", Term: always},
	}}
	analysis, err := draft.Approve("ra-2026",
		hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement},
		hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleSecurityOfficial},
		time.Date(2026, 3, 20, 17, 0, 0, 0, time.UTC), time.UTC, practice.Authority(),
		risk.LevelLow, risk.First("The practice opened in January 2026."))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(analysis.DocumentRef(), "in effect", analysis.InEffect)
	fmt.Println("one person holds both offices:", analysis.Approval.OnePerson)
	for _, row := range analysis.Register().Rows {
		fmt.Println(row.Rank, row.Finding, row.Current, row.Exposure)
	}
	// Output:
	// risk.analysis/ra-2026 in effect since 2026-03-20
	// one person holds both offices: true
	// 1 F-1 moderate above_acceptable
}

// What an investigator would ask for and not find, with the provision behind each question.
func ExampleGapChecks() {
	checks := risk.GapChecks(risk.GapInput{Policy: risk.Cadence{Months: 12, Policy: "Risk analysis procedure"}})
	for _, gap := range hipaasmp.FindGaps(hipaasmp.Day(2026, 6, 1), checks...) {
		fmt.Println(gap.Code, gap.Citation)
		fmt.Println("  missing:", gap.Missing)
		fmt.Println("  closes: ", gap.Closes)
	}
	// Output:
	// GAP-RISK-01 164.308(a)(1)(ii)(A)
	//   missing: No risk analysis is in effect on 2026-06-01; no approved analysis is known.
	//   closes:  Conduct a risk analysis and have it approved.
	// GAP-RISK-10 164.308(a)(1)(ii)(B)
	//   missing: No acceptable level of risk that management approved is in effect.
	//   closes:  Have management approve the acceptable level of risk together with the risk analysis.
	// GAP-RISK-18 164.316(b)(1)(i)
	//   missing: No policy and procedure on risk analysis is in effect on 2026-06-01.
	//   closes:  Write the procedure, or record the one that there is, and have it approved.
}

// The next analysis starts from the last; every finding is looked at again before it can be approved.
func ExampleCarryForward() {
	draft, err := dentist()
	if err != nil {
		fmt.Println(err)
		return
	}
	anybody := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
	manager := hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}
	official := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	approved := time.Date(2026, 3, 20, 17, 0, 0, 0, time.UTC)
	last, err := draft.Approve("ra-2026", manager, official, approved, time.UTC, anybody, risk.LevelLow, risk.First("The first."))
	if err != nil {
		fmt.Println(err)
		return
	}
	next, err := risk.CarryForward(last, "draft-2027", official, approved.AddDate(1, 0, 0))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("unconfirmed:", next.Unconfirmed())
	next, err = next.Confirm("F-1", official, approved.AddDate(1, 0, 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("unconfirmed:", next.Unconfirmed(), "follows:", next.Predecessor)
	// Output:
	// unconfirmed: [F-1]
	// unconfirmed: [] follows: risk.analysis/ra-2026
}
