package main

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// caseID is the identity of the sample's one sanction case.
const caseID = "case-1"

// samplePolicy is the sanction policy that the clinic put in effect two years ago and reviewed since.
func samplePolicy(c calendar, e hipaasmp.Entity) (sanction.Policy, error) {
	since := c.day(-24, 0)
	p, err := sanction.DefaultTerms().Approve(sanction.Issue{
		ID: "sp-1", EntityType: e.Type, Version: "1", Effective: hipaasmp.Period{From: since},
	}, manager, since.AddDays(-14), e.Authority())
	if err != nil {
		return p, err
	}
	for _, months := range []int{-13, -1} {
		if p, err = p.Review(official, c.day(months, 4), "No change needed."); err != nil {
			return p, err
		}
	}
	return p, nil
}

// sampleAcknowledgements are those of everybody but the member who joined last.
func sampleAcknowledgements(c calendar, e hipaasmp.Entity, p sanction.Policy) ([]sanction.Acknowledgement, error) {
	var out []sanction.Acknowledgement
	for _, m := range e.Workforce {
		if m.ID == "wf-105" {
			continue
		}
		a, err := sanction.NewAcknowledgement("ack-"+m.ID, p, m, c.day(-24, 9), sanction.FormElectronic)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// sampleCase is the case of the administrator who switched the audit trail off for half an hour, from the report to
// its final record.
func sampleCase(c calendar, e hipaasmp.Entity, p sanction.Policy) (sanction.Case, sanction.Outcome, error) {
	subject, err := sanction.NewSubject(technician.ID, string(hipaasmp.WorkforceContractor))
	if err != nil {
		return sanction.Case{}, sanction.Outcome{}, err
	}
	k, err := sanction.NewCase(caseID, e, p, subject, sanction.Report{
		By: technician, At: c.at(0, 16, 9), On: c.day(0, 16), Act: c.day(0, 15),
		Breached: []sanction.Breach{{Provision: hipaasmp.CiteAuditControls, Rule: "Logging standard, section 4: the audit trail is never stopped"}},
		Narrative: "The administrator tried to delete the audit trail of the cloud account, was refused, stopped it for 28 minutes during a " +
			"clean-up of storage, started it again, and reported this the next morning.",
	})
	if err != nil {
		return k, sanction.Outcome{}, err
	}
	no := func(reason string) sanction.Answer { return sanction.NotProtected(privacy, c.at(0, 19, 11), reason) }
	check := sanction.ProtectedActCheck{
		Whistleblower: no("Nothing was disclosed to anybody."),
		CrimeVictim:   no("No crime against the person was reported."),
		Retaliation:   no("The person has filed no complaint and given no testimony."),
	}
	letter := hipaasmp.Artifact{Name: "final-warning.pdf", MediaType: "application/pdf", Size: 48213, SHA256: hipaasmp.DigestOf([]byte("final warning, sample clinic"))}
	steps := []func(sanction.Case) (sanction.Case, error){
		func(k sanction.Case) (sanction.Case, error) { return k.Investigate(official, c.at(0, 16, 13)) },
		func(k sanction.Case) (sanction.Case, error) {
			return k.RecordStep(official, c.at(0, 16, 15), sanction.Inquiry{Step: sanction.StepPreserve, On: c.day(0, 16),
				What: "Event history of the trail exported for the night and the day before; the gap is 28 minutes."})
		},
		func(k sanction.Case) (sanction.Case, error) {
			return k.RecordStep(official, c.at(0, 19, 10), sanction.Inquiry{Step: sanction.StepHear, On: c.day(0, 19),
				What: "The administrator explained that a storage bill had prompted the clean-up and that no record was opened.", Persons: []string{technician.ID}})
		},
		func(k sanction.Case) (sanction.Case, error) {
			return k.Determine(official, c.at(0, 20, 10), check, sanction.CategoryDisclosure, []sanction.AppliedFactor{
				{ID: sanction.FactorSelfReported, Why: "Reported unasked the next morning."},
				{ID: sanction.FactorTrust, Why: "The person holds administrative rights over the trail."},
			}, "The event history shows the stop and the start by the administrator's own session.")
		},
		func(k sanction.Case) (sanction.Case, error) {
			return k.Decide(manager, c.at(0, 22, 16), e.Authority(), sanction.Impose(sanction.RungFinal,
				"Stopping the audit trail is named in the policy; the prompt report keeps it at the lower end."))
		},
		func(k sanction.Case) (sanction.Case, error) {
			return k.Notify(manager, c.at(0, 23, 9), sanction.Notice{To: technician.ID, On: c.day(0, 23), Means: "Letter handed over in person, with the way to appeal."})
		},
		func(k sanction.Case) (sanction.Case, error) {
			return k.Apply(manager, c.at(0, 23, 10), c.day(0, 23), "Final warning placed in the contractor's file; rights over the trail withdrawn.", letter)
		},
	}
	for _, step := range steps {
		if k, err = step(k); err != nil {
			return k, sanction.Outcome{}, err
		}
	}
	return k.Close(official, c.at(0, 28, 11), "Closed: warning given, rights withdrawn, measure added to the risk management plan.")
}
