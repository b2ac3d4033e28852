package clinic

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// sanctions are the policy, known to everybody, and the one case: the administrator stopped the audit trail in November
// 2025, reported it, and was warned.
func (b *builder) sanctions() {
	policy, err := sanction.DefaultTerms().Approve(sanction.Issue{
		ID: "sp-1", EntityType: b.entity.Type, Version: "1", Effective: hipaasmp.Period{From: day("2025-01-01")},
	}, manager, day("2024-12-15"), b.entity.Authority())
	if !b.ok(err) {
		return
	}
	policy, err = policy.Review(official, day("2025-12-10"), "No change needed.")
	b.ok(err)
	b.r.Policies = []sanction.Policy{policy}
	for _, m := range b.entity.Workforce {
		a, err := sanction.NewAcknowledgement("ack-"+m.ID, policy, m, day("2025-01-15"), sanction.FormElectronic)
		b.ok(err)
		b.r.Acknowledgements = append(b.r.Acknowledgements, a)
	}
	b.theCase(policy)
	b.theIncident()
}

func (b *builder) theCase(policy sanction.Policy) {
	subject, err := sanction.NewSubject(technician.ID, string(hipaasmp.WorkforceContractor))
	if !b.ok(err) {
		return
	}
	c, err := sanction.NewCase("case-1", b.entity, policy, subject, sanction.Report{
		By: technician, At: b.at("2025-11-17", 9), On: day("2025-11-17"), Act: day("2025-11-16"),
		Breached:  []sanction.Breach{{Provision: hipaasmp.CiteAuditControls, Rule: "Logging standard, section 4: the audit trail is never stopped"}},
		Narrative: "The administrator stopped the audit trail of the cloud account for 28 minutes during a clean-up of storage and reported this the next morning.",
	})
	if !b.ok(err) {
		return
	}
	no := func(reason string) sanction.Answer {
		return sanction.NotProtected(reviewer, b.at("2025-11-19", 11), reason)
	}
	check := sanction.ProtectedActCheck{
		Whistleblower: no("Nothing was disclosed to anybody."),
		CrimeVictim:   no("No crime against the person was reported."),
		Retaliation:   no("The person has filed no complaint and given no testimony."),
	}
	for _, step := range []func() error{
		func() (err error) { c, err = c.Investigate(official, b.at("2025-11-17", 13)); return },
		func() (err error) {
			c, err = c.RecordStep(official, b.at("2025-11-17", 15), sanction.Inquiry{Step: sanction.StepPreserve, On: day("2025-11-17"), What: "Event history of the trail exported."})
			return
		},
		func() (err error) {
			c, err = c.RecordStep(official, b.at("2025-11-19", 10), sanction.Inquiry{Step: sanction.StepHear, On: day("2025-11-19"), What: "The administrator was heard.", Persons: []string{technician.ID}})
			return
		},
		func() (err error) {
			c, err = c.Determine(official, b.at("2025-11-20", 10), check, sanction.CategoryDisclosure,
				[]sanction.AppliedFactor{{ID: sanction.FactorSelfReported, Why: "Reported unasked the next morning."}}, "The event history shows the stop and the start.")
			return
		},
		func() (err error) {
			c, err = c.Decide(manager, b.at("2025-11-24", 16), b.entity.Authority(), sanction.Impose(sanction.RungFinal, "Stopping the audit trail is named in the policy."))
			return
		},
		func() (err error) {
			c, err = c.Notify(manager, b.at("2025-11-25", 9), sanction.Notice{To: technician.ID, On: day("2025-11-25"), Means: "Letter handed over in person, with the way to appeal."})
			return
		},
		func() (err error) {
			c, err = c.Apply(manager, b.at("2025-11-25", 10), day("2025-11-25"), "Final warning placed in the contractor's file.", file("final-warning.pdf", "application/pdf"))
			return
		},
	} {
		if !b.ok(step()) {
			return
		}
	}
	c, outcome, err := c.Close(official, b.at("2025-12-02", 11), "Closed: warning given, measure proposed.")
	b.ok(err)
	b.r.Cases, b.r.Outcomes = []sanction.Case{c}, []sanction.Outcome{outcome}
}

func (b *builder) theIncident() {
	if b.err != nil {
		return
	}
	i, err := review.ReportIncident("inc-1", b.entity, review.IncidentReport{
		By: technician, At: b.at("2025-11-17", 8), On: day("2025-11-17"), Occurred: hipaasmp.Period{From: day("2025-11-16"), To: day("2025-11-16")},
		Acts: []review.Act{review.ActInterference}, Success: review.SuccessSuccessful, Systems: []string{"cloud"},
		Narrative: "The audit trail of the cloud account was stopped for 28 minutes.",
	})
	if !b.ok(err) {
		return
	}
	i, err = i.Contain(official, b.at("2025-11-17", 12), "The trail records again.")
	if !b.ok(err) {
		return
	}
	i, closed, err := i.Close(official, b.at("2025-12-02", 12), review.Outcome{
		Words: "The event history shows no access to stored objects in the 28 minutes.", Harm: review.HarmNone,
		Mitigation: "Rights over the trail withdrawn.", Refs: []hipaasmp.Ref{b.r.Cases[0].DocumentRef()},
	})
	b.ok(err)
	b.r.Incidents, b.r.IncidentRecords = []review.Incident{i}, []review.IncidentRecord{closed}
}

// attest says that the first half of 2026 had no violation.
func (b *builder) attest() {
	consulted := []hipaasmp.Ref{b.r.Reviews[1].DocumentRef(), b.r.Reviews[2].DocumentRef()}
	a, err := sanction.Attest("at-1", b.entity.Type, Asked(), official, day("2026-07-13"), day("2024-12-01"), b.entity.Authority(),
		"The activity reviews of both quarters were looked at and the managers were asked.", consulted...)
	b.ok(err)
	b.r.Attestations = []sanction.Attestation{a}
}
