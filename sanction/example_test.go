package sanction_test

import (
	"errors"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// An entity starts from the default terms, edits what its agreements demand, and has somebody with authority approve
// them.
func ExampleTerms_Approve() {
	entity := clinic()
	terms := sanction.DefaultTerms()
	terms.AcknowledgeDays = 14

	p, err := terms.Approve(sanction.Issue{
		ID: "sanction-policy-2026", EntityType: entity.Type, Version: "2026-1",
		Effective: hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1)},
	}, hipaasmp.Actor{ID: "w-002", Role: hipaasmp.RoleManagement}, hipaasmp.Day(2025, 12, 15), entity.Authority())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range p.Categories {
		fmt.Printf("%-2s %-35s %s to %s\n", c.ID, c.Title, c.Least, c.Most)
	}
	fmt.Println(p.Citations())

	_, err = terms.Approve(sanction.Issue{
		ID: "sanction-policy-2026", EntityType: entity.Type, Version: "2026-1",
		Effective: hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1)},
	}, hipaasmp.Actor{ID: "w-009", Role: hipaasmp.RoleWorkforce}, hipaasmp.Day(2025, 12, 15), entity.Authority())
	var ae *hipaasmp.AuthorityError
	fmt.Println(errors.As(err, &ae), ae.Power)
	// Output:
	// 1  Unintentional                       training to written_warning
	// 2a Deliberate access                   written_warning to final_warning_or_suspension
	// 2b Deliberate disclosure or tampering  final_warning_or_suspension to termination
	// 3  For malice or gain                  termination to termination
	// [164.308(a)(1)(ii)(C) 164.530(e)(1) 164.316(b)(1)(i)]
	// true approve_policy
}

// A case goes from the report to its final record. Each step returns the new value and refuses what is missing.
func ExampleCase() {
	entity, may := clinic(), clinic().Authority()
	officer := hipaasmp.Actor{ID: "w-001", Role: hipaasmp.RoleSecurityOfficial}
	head := hipaasmp.Actor{ID: "w-002", Role: hipaasmp.RoleManagement}
	noon := func(day int) time.Time { return hipaasmp.Day(2026, 3, day).StartIn(chicago()).Add(12 * time.Hour) }

	c, err := sanction.NewCase("case-17", entity, policyInForce(), sanction.Subject{ID: "w-009", Category: hipaasmp.WorkforceEmployee}, sanction.Report{
		By: hipaasmp.Actor{ID: "w-003", Role: hipaasmp.RoleReviewer}, At: noon(4), On: hipaasmp.Day(2026, 3, 4), Act: hipaasmp.Day(2026, 3, 2),
		Breached:  []sanction.Breach{{Provision: hipaasmp.CiteAccessAuthorization, Rule: "Access procedure 4.2"}},
		Narrative: "A record was opened without a treatment relationship.",
		Sources:   []hipaasmp.Ref{{Kind: "review.record", ID: "review-2026-03"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	do := func(next sanction.Case, err error) {
		if err != nil {
			fmt.Println(err)
			return
		}
		c = next
		fmt.Println(c.State)
	}
	do(c.Investigate(officer, noon(5)))
	do(c.RecordStep(officer, noon(5), sanction.Inquiry{Step: sanction.StepPreserve, On: hipaasmp.Day(2026, 3, 5), What: "The audit log of the week was exported."}))
	do(c.RecordStep(officer, noon(9), sanction.Inquiry{Step: sanction.StepHear, On: hipaasmp.Day(2026, 3, 9), What: "The person confirmed the access.", Persons: []string{"w-009"}}))

	no := func(why string) sanction.Answer { return sanction.NotProtected(officer, noon(10), why) }
	do(c.Determine(officer, noon(10), sanction.ProtectedActCheck{
		Whistleblower: no("Nothing was disclosed."), CrimeVictim: no("No crime was reported."), Retaliation: no("No complaint is on file."),
	}, sanction.CategoryAccess, nil, "Deliberate access without a need; nothing was passed on."))
	do(c.Decide(head, noon(12), may, sanction.Impose(sanction.RungWritten, "First violation, admitted at once.")))
	do(c.Notify(head, noon(12), sanction.Notice{To: "w-009", On: hipaasmp.Day(2026, 3, 12), Means: "Letter, with the way to appeal."}))
	do(c.Apply(head, noon(13), hipaasmp.Day(2026, 3, 13), "The warning is in the personnel file.", proof()))

	_, record, err := c.Close(officer, noon(16), "Access rights were reviewed.")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.Result, record.Sanction, "after", record.Timeline[len(record.Timeline)-1].Days, "days")
	fmt.Println(record.Citations())
	// Output:
	// under_investigation
	// under_investigation
	// under_investigation
	// determined
	// decided
	// decided
	// applied
	// sanctioned written_warning after 12 days
	// [164.308(a)(1)(ii)(C) 164.530(e)(2)]
}

// A protected act blocks the determination, and the error cites why. The case is dismissed and ends in a record, too.
func ExampleCase_Determine() {
	c := underInvestigation()
	_, err := c.Determine(official, at(60), attorney(), sanction.CategoryDisclosure, nil, "A copy left the clinic.")
	fmt.Println(err)

	c, err = c.DismissProtected(manager, at(61), may(), attorney(), "A disclosure to the person's own attorney.")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, record, err := c.Close(official, at(62), "Nothing further.")
	fmt.Println(record.Result, record.Dismissal.Ground, err)
	// Output:
	// sanction: sanction.case/case-1: the act is protected by 164.502(j)(1)(ii)(B) and may not be sanctioned; dismiss the case with DismissProtected
	// dismissed protected_act <nil>
}

// A business associate is not workforce.
func ExampleNewSubject() {
	s, err := sanction.NewSubject("w-044", "volunteer")
	fmt.Println(s.Category, err)
	_, err = sanction.NewSubject("billing-firm", "business_associate")
	fmt.Println(err)
	// Output:
	// volunteer <nil>
	// sanction: "billing-firm" is a business associate, not workforce; take its failure to the contract (164.314(a), 164.504(e)); a contractor under direct control is workforce (160.103)
}

// Who has not acknowledged the policy, and by when the policy asks for it.
func ExampleMissing() {
	e, p := clinic(), policyInForce()
	first, _ := e.Member("w-001")
	a, err := sanction.NewAcknowledgement("ack-1", p, first, hipaasmp.Day(2026, 1, 5), sanction.FormSigned)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range sanction.Missing(p, e.Workforce, []sanction.Acknowledgement{a}, hipaasmp.Day(2026, 2, 15)) {
		fmt.Println(m.Member, m.Due, m.Overdue)
	}
	// Output:
	// w-002 2026-01-31 true
	// w-003 2026-01-31 true
	// w-009 2026-01-31 true
	// w-010 2026-03-03 false
}

// A policy in effect with neither a case nor an attestation is what an investigator asks about first.
func ExampleRecords_GapChecks() {
	r := sanction.Records{EntityType: hipaasmp.EntityCoveredEntity, Policies: []sanction.Policy{policyInForce()}}
	quarter := hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1), To: hipaasmp.Day(2026, 3, 31)}
	show := func() {
		for _, g := range hipaasmp.FindGaps(hipaasmp.Day(2026, 4, 10), r.GapChecks(quarter)...) {
			fmt.Println(g.Code, g.Citation, g.Missing)
		}
	}
	show()
	a, err := sanction.Attest("att-1", r.EntityType, quarter, official, hipaasmp.Day(2026, 4, 2), hipaasmp.Day(2019, 1, 1), may(),
		"The exceptions of the three activity reviews were looked at; none was a violation.")
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Attestations = append(r.Attestations, a)
	show()
	// Output:
	// GAP-SAN-02 164.308(a)(1)(ii)(C) The sanction policy was in effect, and from 2026-01-01 to 2026-03-31 there is neither a case nor an attestation that no violation came to notice.
}

// Like cases are compared by reference. The result names no person and gives no score.
func ExampleConsistency() {
	c := sanction.Consistency(nil, []sanction.Outcome{
		like(stop{}, "case-21", nil, sanction.Impose(sanction.RungWritten, "First violation.")),
		like(stop{}, "case-22", nil, sanction.Impose(sanction.RungFinal, "First violation.")),
	})
	for _, f := range c.Findings {
		fmt.Println(f.Kind, f.Cases)
		fmt.Println(f.Text)
	}
	// Output:
	// unlike_outcomes [sanction.case/case-21 sanction.case/case-22]
	// cases of category 2a with the same factors (none) ended differently: written_warning (1), final_warning_or_suspension (1)
}

// stop lets the fixtures of the tests be used in examples.
type stop struct{}

func (stop) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (stop) FailNow()                          { panic("a fixture does not hold") }

func policyInForce() sanction.Policy { return policy(stop{}) }

func underInvestigation() sanction.Case {
	return walk(stop{}, reported(stop{}), warning, untilDetermined[:3]...)
}
