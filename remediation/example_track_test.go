package remediation_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// phones is a proposed item, on 2 March 2026.
func phones(id string, dependsOn ...string) remediation.Item {
	i, err := remediation.NewItem(id, remediation.Proposal{
		Finding: remediation.FindingRef{Analysis: hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2026"}, Finding: "F-1"},
		Title:   "Encrypt the phones", Treatment: remediation.TreatmentMitigate, Specification: hipaasmp.CiteEncryptionDecryption,
		Owner: "wf-3", Due: hipaasmp.Day(2026, 6, 30), DependsOn: dependsOn,
		Milestones: []remediation.Milestone{{ID: "pilot", Title: "Pilot", Due: hipaasmp.Day(2026, 4, 15), SuccessCriteria: "Five phones report that they are encrypted."}},
	}, hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}, time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC), time.UTC)
	check(err)
	return i
}

// A due date moves by a recorded change; moving it by hand is refused.
func ExampleItem_Reschedule() {
	official := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	i, err := phones("item-1").Reschedule(hipaasmp.Day(2026, 9, 30), official, time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC), "The vendor delivers in August.")
	check(err)
	first, moved := i.FirstDue()
	fmt.Println("due", i.Due, "first due", first, "moved", moved)
	fmt.Println(i.Changes[0].From.Due, "to", i.Changes[0].To.Due, "by", i.Changes[0].By.ID, "because:", i.Changes[0].Why)

	i.Due = hipaasmp.Day(2027, 1, 31)
	fmt.Println(i.Validate())
	// Output:
	// due 2026-09-30 first due 2026-06-30 moved 1
	// 2026-06-30 to 2026-09-30 by wf-2 because: The vendor delivers in August.
	// hipaasmp: remediation.item/item-1: SMP-REM-24 at /changes/0/to: is not what the item, or the change after it, says; change an item by its methods, which record it (164.308(a)(1)(ii)(B))
}

// Items that wait for each other can never be begun.
func ExampleCheckDependencies() {
	err := remediation.CheckDependencies([]remediation.Item{phones("phones", "directory"), phones("directory", "network"), phones("network", "phones")})
	var circle *remediation.CycleError
	if errors.As(err, &circle) {
		fmt.Println(strings.Join(circle.Path, " -> "))
	}
	// Output: phones -> directory -> network -> phones
}

// A report counts from lists, for the day that is asked about.
func ExampleTrack() {
	items := []remediation.Item{phones("item-1"), phones("item-2", "item-1")}
	t, err := remediation.Track(items, nil, hipaasmp.Day(2026, 7, 10), remediation.TrackOptions{Buckets: []int{90, 180}})
	check(err)
	for _, x := range t.Overdue {
		fmt.Println(x.Item, x.State, "days overdue:", -x.DaysToDue, "days open:", x.Days.Open)
	}
	for _, b := range t.Ageing {
		fmt.Println(b.FromDays, b.ToDays, b.NoEnd, "items:", b.Count)
	}
	months, err := remediation.BurnDown(items, hipaasmp.Period{From: hipaasmp.Day(2026, 2, 1), To: hipaasmp.Day(2026, 3, 31)})
	check(err)
	for _, m := range months.Months {
		fmt.Println(m.Month, "proposed", m.Proposed, "open", m.OpenCount)
	}
	// Output:
	// item-1 proposed days overdue: 10 days open: 130
	// item-2 proposed days overdue: 10 days open: 130
	// 0 90 false items: 0
	// 91 180 false items: 2
	// 181 0 true items: 0
	// 2026-02 proposed [] open 0
	// 2026-03 proposed [item-1 item-2] open 2
}

// Two controls that each stop half of the events leave a quarter; one that is not in place leaves all.
func ExampleQuantifyResidual() {
	register := quant.Register{Currency: "USD", Scenarios: []quant.Scenario{
		{ID: "phishing", Frequency: quant.Poisson{Rate: 2}, Severity: quant.Fixed{Loss: quant.USD(50000)}},
		{ID: "theft", Frequency: quant.Poisson{Rate: 1}, Severity: quant.Fixed{Loss: quant.USD(20000)}},
	}}
	half := func(id string, cost float64, standing remediation.MeasureStanding, rows ...string) remediation.Measure {
		m := remediation.Measure{Control: quant.Control{ID: id, Cost: quant.USD(cost)}, Standing: standing}
		for _, row := range rows {
			m.Control.Effects = append(m.Control.Effects, quant.ControlEffect{Scenario: row, StopsEvents: 0.5})
		}
		return m
	}
	left, err := remediation.QuantifyResidual(register, []remediation.Measure{
		half("mfa", 4000, remediation.MeasureStandingInPlace, "phishing", "theft"),
		half("training", 3000, remediation.MeasureStandingInPlace, "phishing"),
		half("badge", 9000, remediation.MeasureStandingWaived, "theft"),
	}, quant.Options{})
	check(err)
	for _, row := range left.Rows {
		fmt.Printf("%s: %.0f to %.0f by %v\n", row.Scenario, float64(row.Before), float64(row.After), row.Controls)
	}
	fmt.Printf("cost a year %.0f, earns nothing: %s\n", float64(left.Comparison.Cost.Amount), left.Idle[0].Control.ID)
	// Output:
	// phishing: 100000 to 25000 by [mfa training]
	// theft: 20000 to 10000 by [mfa]
	// cost a year 7000, earns nothing: badge
}

// What a spreadsheet would run as a formula is made safe, and comes back as it was.
func ExampleWriteCSV() {
	i := phones("item-1")
	i.Title = "=1+1"
	var file strings.Builder
	check(remediation.WriteCSV(&file, []remediation.Item{i}))
	fmt.Println(strings.Contains(file.String(), "item-1,'=1+1,proposed"))
	back, err := remediation.ReadCSV(strings.NewReader(file.String()))
	check(err)
	fmt.Println(back[0].Title)

	_, err = remediation.ReadCSV(strings.NewReader(strings.Replace(file.String(), "2026-06-30", "30 June", 1)))
	fmt.Fprintln(os.Stdout, err)
	// Output:
	// true
	// =1+1
	// remediation: line 2, column due: "30 June" is no date; write 2026-03-31
}

// A roadmap says what each step buys, and what no plan can beat.
func ExampleRoadmapProblem_Solve() {
	p, err := remediation.ReadRoadmapProblem(strings.NewReader(`{
		"scenarios": [{"id": "phishing", "ale": "120000"}, {"id": "theft", "ale": "30000"}],
		"actions": [
			{"id": "mfa", "cost": "18000", "effects": [{"scenario": "phishing", "effectiveness": "0.6"}], "requires": ["directory"]},
			{"id": "directory", "cost": "6000"},
			{"id": "encryption", "cost": "9000", "effects": [{"scenario": "theft", "effectiveness": "0.9"}]}
		],
		"budgets": ["20000", "20000"]}`))
	check(err)
	r, err := p.Solve(remediation.RoadmapOptions{})
	check(err)
	for _, s := range r.Steps {
		fmt.Printf("year %d: %s (%s) for %s takes off %s in all\n", s.Year, s.Action, s.Reason, s.Cost, s.BuysInAll)
	}
	fmt.Println("left:", r.Objective, r.Status)
	// Output:
	// year 1: encryption (chosen) for 9000 takes off 54000 in all
	// year 2: directory (prerequisite) for 6000 takes off 0 in all
	// year 2: mfa (chosen) for 18000 takes off 72000 in all
	// left: 174000 optimal
}

// A revocation opens the risk again from its day on.
func ExampleAcceptance_Revoke() {
	official, manager := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}, hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}
	at := time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC)
	left, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelModerate, Adverse: risk.LevelModerate, Impact: risk.LevelModerate}, official, at)
	check(err)
	a, err := remediation.NewAcceptance("acc-1", phones("item-1").Finding, official, manager, at, time.UTC, office(),
		"The phones are replaced in the autumn.", left, hipaasmp.Day(2026, 10, 31))
	check(err)
	a, err = a.Revoke(manager, at.AddDate(0, 2, 0), time.UTC, office(), "A phone was lost.")
	check(err)
	for _, on := range []hipaasmp.Date{hipaasmp.Day(2026, 5, 31), hipaasmp.Day(2026, 6, 1)} {
		fmt.Println(on, a.Standing(&left, on))
	}
	// Output:
	// 2026-05-31 in_force
	// 2026-06-01 revoked
}
