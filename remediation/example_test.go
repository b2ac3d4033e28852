package remediation_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// office is who may do what in the examples.
func office() hipaasmp.Authority {
	always := hipaasmp.Period{From: hipaasmp.Day(2020, 1, 1)}
	return hipaasmp.Entity{Appointments: []hipaasmp.Appointment{
		{Role: hipaasmp.RoleManagement, Member: "wf-1", Term: always},
		{Role: hipaasmp.RoleSecurityOfficial, Member: "wf-2", Term: always},
	}}.Authority()
}

// A measure from the proposal to the record. What a step asks for is a parameter, so it cannot be forgotten.
func ExampleItem() {
	official := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	admin := hipaasmp.Actor{ID: "wf-3", Role: hipaasmp.RoleSystemAdministrator}
	on := func(day int) time.Time { return time.Date(2026, 4, day, 15, 0, 0, 0, time.UTC) }

	item, err := remediation.NewItem("item-1", remediation.Proposal{
		Finding:       remediation.FindingRef{Analysis: hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2026"}, Finding: "F-1"},
		Title:         "Encrypt the laptops",
		Treatment:     remediation.TreatmentMitigate,
		Specification: hipaasmp.CiteEncryptionDecryption,
		Owner:         "wf-3",
		Due:           hipaasmp.Day(2026, 5, 31),
	}, official, on(1), time.UTC)
	check(err)
	item, err = item.Plan(official, on(2))
	check(err)
	item, err = item.Start(admin, on(3))
	check(err)
	item, err = item.Implement(admin, on(10), "Full-disk encryption on all eleven laptops.")
	check(err)

	evidence, err := hipaasmp.ReadArtifact("encryption-report.csv", "text/csv", strings.NewReader("laptop,encrypted\n..."))
	check(err)
	residual, err := risk.NewScore(risk.SP80030(), risk.Judgment{
		Initiation: risk.LevelModerate, Adverse: risk.LevelVeryLow, Impact: risk.LevelHigh,
	}, official, on(12))
	check(err)
	item, err = item.Verify(official, on(12), time.UTC, office(), residual, evidence)
	check(err)
	item, done, err := item.Close("done-1", official, on(13), time.UTC)
	check(err)

	fmt.Println(item.State)
	fmt.Println(done.DocumentRef(), "implemented", done.ImplementedOn, "verified", done.VerifiedOn)
	fmt.Println("left:", done.Item.Verifications[0].Residual)

	_, err = item.Start(admin, on(14))
	fmt.Println(err)
	// Output:
	// closed
	// remediation.completion/done-1 implemented 2026-04-10 verified 2026-04-12
	// left: low (likelihood low, impact high)
	// hipaasmp: remediation item remediation.item/item-1: start is not allowed from closed; allowed: reopen
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
	}
}

// Whoever implemented a measure does not verify it, in whatever role.
func ExampleItem_Verify() {
	official := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	on := func(day int) time.Time { return time.Date(2026, 4, day, 15, 0, 0, 0, time.UTC) }
	item, err := remediation.NewItem("item-1", remediation.Proposal{
		Finding:       remediation.FindingRef{Analysis: hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2026"}, Finding: "F-1"},
		Title:         "Encrypt the laptops",
		Treatment:     remediation.TreatmentMitigate,
		Specification: hipaasmp.CiteEncryptionDecryption,
		Owner:         "wf-2",
		Due:           hipaasmp.Day(2026, 5, 31),
	}, official, on(1), time.UTC)
	check(err)
	item, err = item.Plan(official, on(2))
	check(err)
	item, err = item.Start(official, on(3))
	check(err)
	item, err = item.Implement(official, on(10), "Full-disk encryption on all eleven laptops.")
	check(err)

	manager := hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}
	residual, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelLow, Adverse: risk.LevelLow, Impact: risk.LevelLow}, manager, on(12))
	check(err)
	report := hipaasmp.Artifact{Name: "report.csv", MediaType: "text/csv", SHA256: hipaasmp.DigestOf(nil)}

	_, err = item.Verify(official, on(12), time.UTC, office(), residual, report)
	var invalid *hipaasmp.ValidationError
	if errors.As(err, &invalid) {
		for _, fault := range invalid.Faults {
			fmt.Println(fault)
		}
	}
	// Output:
	// SMP-AUTH-02 at /history/3/by: "wf-2" implemented the measure; have somebody else verify it (164.308(a)(1)(ii)(B))
}

// A risk is accepted by somebody other than who asked for it, with authority, and until a day.
func ExampleNewAcceptance() {
	manager := hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}
	official := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	at := time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC)
	finding := remediation.FindingRef{Analysis: hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2026"}, Finding: "F-2"}
	moderate, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelModerate, Adverse: risk.LevelModerate, Impact: risk.LevelModerate}, official, at)
	check(err)

	_, err = remediation.NewAcceptance("acc-1", finding, manager, manager, at, time.UTC, office(), "It is cheaper.", moderate, hipaasmp.Day(2026, 12, 31))
	fmt.Println(err)

	accepted, err := remediation.NewAcceptance("acc-1", finding, official, manager, at, time.UTC, office(),
		"The vendor replaces the system in the autumn.", moderate, hipaasmp.Day(2026, 12, 31))
	check(err)
	fmt.Println(accepted.InForce(hipaasmp.Day(2026, 12, 31)), accepted.InForce(hipaasmp.Day(2027, 1, 1)))
	// Output:
	// hipaasmp: remediation.acceptance/acc-1: SMP-AUTH-02 at /approver/id: "wf-1" asked for the acceptance; have somebody else approve it (164.308(a)(1)(ii)(B))
	// true false
}

// There is nothing to decide about a Required specification; about an addressable one, the decision is documented.
func ExampleDecide() {
	official := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	at := time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC)
	assessed := &hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2026"}
	factors := remediation.Factors{ // 164.306(b)(2)
		Size:           "One site, nine people.",
		Infrastructure: "The pumps run what their maker put on them.",
		Cost:           "New pumps cost four times a lock.",
		Risk:           "A thief would have to pass the reception; 40 patients a year.",
	}

	_, err := remediation.Decide("dec-1", remediation.Deliberation{
		Specification: hipaasmp.CiteRiskAnalysis, Decision: remediation.DecisionNotReasonable,
		Assessment: assessed, Factors: factors, Rationale: "We are small.", NoAlternative: "None.",
	}, official, at, time.UTC, office())
	fmt.Println(err)

	decision, err := remediation.Decide("dec-1", remediation.Deliberation{
		Specification: hipaasmp.CiteEncryptionDecryption, Decision: remediation.DecisionAlternative,
		Assessment:  assessed,
		Factors:     factors,
		Rationale:   "The infusion pumps cannot encrypt what they store.",
		Alternative: "They store no names, and stand in a room with a badge lock.",
	}, official, at, time.UTC, office())
	check(err)
	fmt.Println(decision.Specification, decision.Decision, "in effect", decision.InEffect)
	// Output:
	// hipaasmp: remediation.addressable_decision/dec-1: SMP-REM-13 at /specification: 164.308(a)(1)(ii)(A) must be implemented; there is nothing to decide (164.306(d)(2))
	// 164.312(a)(2)(iv) alternative in effect since 2026-04-01
}

// What is overdue is told for a day, with the document it shows in and what would close it.
func ExampleGapChecks() {
	official := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	item, err := remediation.NewItem("item-1", remediation.Proposal{
		Finding:       remediation.FindingRef{Analysis: hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2026"}, Finding: "F-1"},
		Title:         "Encrypt the laptops",
		Treatment:     remediation.TreatmentMitigate,
		Specification: hipaasmp.CiteEncryptionDecryption,
		Owner:         "wf-3",
		Due:           hipaasmp.Day(2026, 5, 31),
	}, official, time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC), time.UTC)
	check(err)
	checks := remediation.GapChecks(remediation.GapInput{Items: []remediation.Item{item}})
	for _, gap := range hipaasmp.FindGaps(hipaasmp.Day(2026, 6, 10), checks...) {
		fmt.Println(gap.Code, gap.Citation, "since", gap.Since)
		fmt.Println(gap.Missing)
	}
	// Output:
	// GAP-REM-02 164.308(a)(1)(ii)(B) since 2026-06-01
	// Item item-1 was due on 2026-05-31 and is proposed; days overdue: 10.
}
