package inquiry_test

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// exampleRecords are those of a clinic that has put a sanction policy in effect, and nothing else yet.
func exampleRecords() (inquiry.Records, error) {
	since := hipaasmp.Period{From: hipaasmp.Day(2024, 3, 1)}
	official := hipaasmp.Actor{ID: "wf-001", Role: hipaasmp.RoleSecurityOfficial}
	e := hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "lakeside"), Name: "Lakeside Family Clinic",
		Type: hipaasmp.EntityCoveredEntity, Size: hipaasmp.EntitySmall, Zone: "America/Chicago", Created: since.From, InEffect: since,
		Workforce:    []hipaasmp.WorkforceMember{{ID: official.ID, Category: hipaasmp.WorkforceEmployee, Member: since}},
		Appointments: []hipaasmp.Appointment{{Role: official.Role, Member: official.ID, Term: since}},
	}
	policy, err := sanction.DefaultTerms().Approve(sanction.Issue{ID: "sp-1", EntityType: e.Type, Version: "1", Effective: hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1)}},
		official, hipaasmp.Day(2025, 12, 15), e.Authority())
	return inquiry.Records{Entity: e, Policies: []sanction.Policy{policy}}, err
}

// The checks of all domains are asked at once. Shown are the gaps of requests that nothing on file answers.
func ExampleRecords_Gaps() {
	records, err := exampleRecords()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, g := range records.Gaps(hipaasmp.Day(2026, 3, 2)) {
		if g.Code == inquiry.GapUnanswered {
			fmt.Println(g.Citation)
			fmt.Println("  missing:", g.Missing)
			fmt.Println("  closes: ", g.Closes)
		}
	}
	// Output:
	// 164.308(a)(1)(i)
	//   missing: Neither a security incident, nor a sanction case, nor a statement that there was no occasion for one is on file.
	//   closes:  File what happened and what was done, or have somebody with knowledge attest that nothing came to notice.
	// 164.308(a)(1)(ii)(C)
	//   missing: Neither the final record of a sanction case nor a statement that there was no occasion for one is on file.
	//   closes:  Close the cases, or have somebody with knowledge attest that there were none, and on what basis.
}

// Every request of the letter has an answer: the records, or the gap that says why there is none.
func ExampleRecords_Answer() {
	records, err := exampleRecords()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range records.Answer(hipaasmp.Day(2026, 3, 2)) {
		fmt.Println(a.ID, a.Citation, a.Status, a.Refs)
	}
	// Output:
	// INQ-01 164.308(a)(1)(i) missing []
	// INQ-02 164.308(a)(1)(ii)(A) missing []
	// INQ-03 164.308(a)(1)(ii)(A) missing []
	// INQ-04 164.308(a)(1)(ii)(A) missing []
	// INQ-05 164.308(a)(1)(ii)(B) missing []
	// INQ-06 164.308(a)(1)(ii)(B) missing []
	// INQ-07 164.308(a)(1)(ii)(C) partly [sanction.policy/sp-1]
	// INQ-08 164.308(a)(1)(ii)(C) missing []
	// INQ-09 164.308(a)(1)(ii)(D) missing []
	// INQ-10 164.308(a)(1)(ii)(D) missing []
	// INQ-11 164.308(a)(1)(ii)(D) missing []
	// INQ-12 164.308(a)(2) answered [hipaasmp.entity/lakeside]
	// INQ-13 164.316(b)(1) answered [sanction.policy/sp-1]
	// INQ-14 164.316(b)(2)(i) answered [sanction.policy/sp-1]
	// INQ-15 164.316(b)(2)(ii) missing []
	// INQ-16 164.316(b)(2)(iii) answered [sanction.policy/sp-1]
}

// The letter is data: what is asked for, under which provision, and what to have at hand beside the records.
func ExampleLetter() {
	for _, q := range inquiry.Letter()[2:5] {
		fmt.Println(q.ID, q.Asks)
		if q.AtHand != "" {
			fmt.Println("  at hand:", q.AtHand)
		}
	}
	// Output:
	// INQ-03 The current written risk analysis.
	// INQ-04 The risk analysis immediately before it, or the explanation why there is none.
	// INQ-05 The acceptable level of risk, approved by management, and the plan that treats each risk above it.
	//   at hand: The policies and procedures on risk management: how risk is managed, how often ongoing risks are reviewed, who does what.
}

// A question of one's own stands beside the others, and a gap that it finds is filed under the request about its
// provision.
func ExampleRecords_Answer_ownCheck() {
	records, err := exampleRecords()
	if err != nil {
		fmt.Println(err)
		return
	}
	own := hipaasmp.GapCheck{
		Code: "ACME-01", Citation: hipaasmp.CiteAssignedSecurityResponsibility, Asks: "Is a deputy appointed?",
		Find: func(hipaasmp.Date) []hipaasmp.Gap {
			return []hipaasmp.Gap{{Missing: "Nobody stands in for the security official.", Closes: "Appoint a deputy."}}
		},
	}
	for _, a := range records.Answer(hipaasmp.Day(2026, 3, 2), own) {
		if a.ID == "INQ-12" {
			fmt.Println(a.Status, a.Gaps[0].Code, a.Gaps[0].Missing)
		}
	}
	// Output:
	// partly ACME-01 Nobody stands in for the security official.
}
