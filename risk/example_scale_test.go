package risk_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// committee is a matrix of three by three that an entity chose for itself.
func committee() risk.ScaleBuilder {
	return risk.BuildScale("riverside/three-by-three/1", "Chosen by the risk committee on 2026-02-01").
		Likelihood(risk.Step{Word: "Rare", Level: risk.LevelLow}, risk.Step{Word: "Possible", Level: risk.LevelModerate}, risk.Step{Word: "Likely", Level: risk.LevelHigh}).
		Impact(risk.Step{Word: "Minor", Level: risk.LevelLow}, risk.Step{Word: "Serious", Level: risk.LevelModerate}, risk.Step{Word: "Severe", Level: risk.LevelHigh}).
		Risk(risk.Step{Word: "Green", Level: risk.LevelLow}, risk.Step{Word: "Amber", Level: risk.LevelModerate}, risk.Step{Word: "Red", Level: risk.LevelHigh}).
		Row("Rare", "Green", "Green", "Amber").
		Row("Possible", "Green", "Amber", "Red")
}

// An entity brings a matrix of its own. Tables that do not hold are refused, and the error names the cell.
func ExampleBuildScale() {
	_, err := committee().Row("Likely", "Amber", "Green", "Red").Scale()
	var cell *risk.CellError
	if errors.As(err, &cell) {
		fmt.Println(cell)
	}
	scale, err := committee().Row("Likely", "Amber", "Red", "Red").Scale()
	if err != nil {
		fmt.Println(err)
		return
	}
	by := hipaasmp.Actor{ID: "wf-014", Role: hipaasmp.RoleWorkforce}
	score, err := risk.NewScoreInWords(scale, "Likely", "Serious", by, time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(score)
	own, _ := scale.Own() // goes into Assessment.Scales
	fmt.Println(own.ID, len(score.Faults("", scale)))
	// Output:
	// not_monotone at cell (Likely, Serious): is Green, but (Possible, Serious) is Amber; risk does not go down where likelihood or impact goes up
	// Red (likelihood Likely, impact Serious)
	// riverside/three-by-three/1 0
}

// Scores on two scales compare only once somebody has decided how.
func ExampleCompareScores() {
	by := hipaasmp.Actor{ID: "wf-002", Role: hipaasmp.RoleSecurityOfficial}
	at := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	high := risk.Judgment{Initiation: risk.LevelHigh, Adverse: risk.LevelHigh, Impact: risk.LevelHigh}
	low := risk.Judgment{Initiation: risk.LevelLow, Adverse: risk.LevelLow, Impact: risk.LevelLow}
	old, err := risk.NewScore(risk.SP80030(), high, by, at)
	if err != nil {
		fmt.Println(err)
		return
	}
	now, err := risk.NewScore(risk.ThreeLevel(), low, by, at)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, _, err = risk.CompareScores(now, old)
	var mismatch *risk.ScaleMismatchError
	fmt.Println(errors.As(err, &mismatch))

	merged, err := risk.NewConversion("riverside/five-to-three/1", risk.SP80030(), risk.ThreeLevel(), []risk.LevelPair{
		{From: risk.LevelVeryLow, To: risk.LevelLow}, {From: risk.LevelLow, To: risk.LevelLow}, {From: risk.LevelModerate, To: risk.LevelModerate},
		{From: risk.LevelHigh, To: risk.LevelHigh}, {From: risk.LevelVeryHigh, To: risk.LevelHigh},
	}, "The committee merged the outer levels.", by, at)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(risk.CompareScores(now, old, merged))
	// Output:
	// true
	// -1 true <nil>
}

// A risk assessment from CISO Assistant is read by a profile. A word that the matrix does not have is a fault.
func ExampleReadCISO() {
	scale, err := committee().Row("Likely", "Amber", "Red", "Red").Scale()
	if err != nil {
		fmt.Println(err)
		return
	}
	profile := risk.CISOProfile{Scale: scale, By: hipaasmp.Actor{ID: "wf-014", Role: hipaasmp.RoleWorkforce}, At: time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)}
	header := "ref_id;assets;threats;name;description;existing_controls;current_impact;current_proba;current_risk;additional_controls;residual_impact;residual_proba;residual_risk;treatment\n"
	scenarios, err := risk.ReadCISO(strings.NewReader(header+"R.1;File server;;Ransomware;;;Severe;Possible;Red;;--;--;--;mitigate\n"), profile)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(scenarios[0].Name, scenarios[0].Current, scenarios[0].Residual == nil)

	_, err = risk.ReadCISO(strings.NewReader(header+"R.1;;;Ransomware;;;Dire;Possible;Red;;--;--;--;mitigate\n"), profile)
	fmt.Println(err)
	// Output:
	// Ransomware Red (likelihood Possible, impact Severe) true
	// risk: line 2, column current_impact: "Dire" is no word of riverside/three-by-three/1; use one of: Minor, Serious, Severe, or -- where it is not assessed
}

// The register goes out as CSV and comes back the same. A title that a spreadsheet would run is made safe.
func ExampleSheet_WriteCSV() {
	draft, err := dentist()
	if err != nil {
		fmt.Println(err)
		return
	}
	draft.Findings[0].Title = "=cmd|' /C calc'!A0"
	var file strings.Builder
	if err := draft.Sheet().WriteCSV(&file); err != nil {
		fmt.Println(err)
		return
	}
	_, line, _ := strings.Cut(file.String(), "\n")
	fmt.Println(line[:64])
	back, err := risk.ReadSheet(strings.NewReader(file.String()))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	fmt.Println(back[0].Finding.Title, back[0].Row.Current)
	// Output:
	// risk.draft/draft-2026,not_assessed,1,F-1,'=cmd|' /C calc'!A0,not
	// =cmd|' /C calc'!A0 moderate
}

// One change marks the findings on everything that ePHI flows on to.
func ExampleAnalysis_Stale() {
	draft, err := dentist()
	if err != nil {
		fmt.Println(err)
		return
	}
	draft.Inventory.Assets = append(draft.Inventory.Assets, risk.Asset{ID: "scanner", Name: "Scanner", Class: risk.AssetClassMedicalDevice, Handles: []risk.Handling{risk.HandlingCreates}})
	draft.Inventory.Flows = []risk.Flow{{ID: "scans", From: "scanner", To: "laptop", What: "images", Encryption: risk.EncryptionUnknown}}
	anybody := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
	analysis, err := draft.Approve("ra-2026", hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}, hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial},
		time.Date(2026, 3, 20, 17, 0, 0, 0, time.UTC), time.UTC, anybody, risk.LevelLow, risk.First("The first."))
	if err != nil {
		fmt.Println(err)
		return
	}
	changes := analysis.Stale(hipaasmp.Day(2026, 6, 1), risk.Cadence{}, nil,
		risk.Change{Trigger: risk.TriggerIncident, On: hipaasmp.Day(2026, 5, 20), What: "malware on the scanner", Assets: []string{"scanner"}})
	for _, x := range risk.StaleFindings(changes) {
		fmt.Println(x.Finding, "since", x.Since, x.Triggers)
	}
	// Output:
	// F-1 since 2026-05-20 [incident]
}

// What became of each finding from one analysis to the next.
func ExampleDiff() {
	draft, err := dentist()
	if err != nil {
		fmt.Println(err)
		return
	}
	anybody := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
	manager, official := hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}, hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	approved := time.Date(2026, 3, 20, 17, 0, 0, 0, time.UTC)
	last, err := draft.Approve("ra-2026", manager, official, approved, time.UTC, anybody, risk.LevelLow, risk.First("The first."))
	if err != nil {
		fmt.Println(err)
		return
	}
	reviewed := approved.AddDate(1, 0, 0)
	next, err := risk.CarryForward(last, "draft-2027", official, reviewed)
	if err != nil {
		fmt.Println(err)
		return
	}
	stolen, _ := next.Finding("F-1")
	again, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelModerate, Adverse: risk.LevelLow, Impact: risk.LevelLow}, official, reviewed)
	if err != nil {
		fmt.Println(err)
		return
	}
	stolen.Current = &again
	if next, err = next.Rescore(stolen, official, reviewed); err != nil {
		fmt.Println(err)
		return
	}
	now, err := next.Approve("ra-2027", manager, official, reviewed, time.UTC, anybody, risk.LevelLow, risk.After(last.DocumentRef()))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range risk.Diff(last, now).Findings {
		fmt.Println(x.Finding, x.Kind, x.Parts, x.From, "->", x.To, x.Direction)
	}
	// Output:
	// F-1 rescored [current] moderate -> low lower
}
