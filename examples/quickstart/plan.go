package main

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// remedies are the measures of the sample, the plan that commits to them, and what was completed.
type remedies struct {
	items       []remediation.Item
	completions []remediation.Completion
	plan        remediation.Plan
}

// itemLogs is the measure that the sample's next month verifies.
const itemLogs = "rm-03"

// sampleRemedies treats every finding above the acceptable level. One measure is verified and closed, one is overdue,
// the others are under way.
func sampleRemedies(c calendar, e hipaasmp.Entity, before, now risk.Analysis) (remedies, error) {
	var r remedies
	may := e.Authority()
	propose := func(id string, a risk.Analysis, finding, title string, spec hipaasmp.Citation, owner string, due hipaasmp.Date, months, days int, stones ...remediation.Milestone) (remediation.Item, error) {
		return remediation.NewItem(id, remediation.Proposal{
			Finding: remediation.FindingRef{Analysis: a.DocumentRef(), Finding: finding}, Title: title, Treatment: remediation.TreatmentMitigate,
			Specification: spec, Owner: owner, Due: due, Milestones: stones,
		}, official, c.at(months, days, 9), c.zone)
	}

	tablets, err := propose("rm-02", before, "f-02", "Encrypt the tablets and manage them from one place", hipaasmp.CiteEncryptionDecryption, "wf-104", c.day(-9, 0), -13, 0)
	if err != nil {
		return r, err
	}
	completion, closed, err := carryThrough(c, tablets, may)
	if err != nil {
		return r, err
	}
	r.completions = append(r.completions, completion)

	restores, err := propose("rm-01", now, "f-01", "Restore the EHR backup in full every quarter, with a protocol", hipaasmp.CiteContingencyTesting, "wf-104", c.day(1, 19), -1, 4,
		remediation.Milestone{ID: "m-1", Title: "Restore of one database", Due: c.day(0, 14), SuccessCriteria: "Restored within four hours and compared by count"},
		remediation.Milestone{ID: "m-2", Title: "Full restore", Due: c.day(1, 14), SuccessCriteria: "Clinic software runs on the copy"})
	if err != nil {
		return r, err
	}
	logs, err := propose(itemLogs, now, "f-03", "Deny changes to the audit trail, and keep a second trail in another account", hipaasmp.CiteAuditControls, "wf-101", c.day(1, 24), -1, 4)
	if err != nil {
		return r, err
	}
	cart, err := propose("rm-04", now, "f-04", "Put the ultrasound cart on a network of its own until it is replaced", hipaasmp.CiteIntegrity, "wf-104", c.day(4, 29), -1, 5)
	if err != nil {
		return r, err
	}
	portal, err := propose("rm-05", now, "f-05", "Second factor for the claims portal", hipaasmp.CiteAuthentication, "wf-105", c.day(0, 24), -1, 5)
	if err != nil {
		return r, err
	}
	firm, err := propose("rm-06", now, "f-06", "Renew the agreement with the transcription firm and get its security report", hipaasmp.CiteWrittenContract, "wf-102", c.day(1, 29), -1, 5)
	if err != nil {
		return r, err
	}
	open := []*remediation.Item{&restores, &logs, &cart, &portal, &firm}
	for _, i := range open {
		if *i, err = i.Plan(official, c.at(-1, 6, 9)); err != nil {
			return r, err
		}
	}
	for _, i := range []*remediation.Item{&restores, &logs, &portal} {
		if *i, err = i.Start(hipaasmp.Actor{ID: i.Owner, Role: hipaasmp.RoleWorkforce}, c.at(-1, 20, 9)); err != nil {
			return r, err
		}
	}
	if restores, err = restores.Reach("m-1", c.day(0, 11), technician, c.at(0, 11, 17), "The protocol of the restore: the counts agree."); err != nil {
		return r, err
	}
	r.items = append(r.items, closed)
	for _, i := range open {
		r.items = append(r.items, *i)
	}
	r.plan, err = remediation.BuildPlan("rp-1", now, r.items, nil, manager, c.at(-1, 9, 10), c.zone, may)
	return r, errorf(err, "the risk management plan")
}

// carryThrough takes the tablets' measure from its proposal to its completion. The administrator implements, the
// security official verifies.
func carryThrough(c calendar, i remediation.Item, may hipaasmp.Authority) (remediation.Completion, remediation.Item, error) {
	screen := hipaasmp.Artifact{Name: "device-management-report.pdf", MediaType: "application/pdf", Size: 91022, SHA256: hipaasmp.DigestOf([]byte("device management report, sample clinic"))}
	residual, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelModerate, Adverse: risk.LevelLow, Impact: risk.LevelModerate}, official, c.at(-9, -3, 10))
	if err != nil {
		return remediation.Completion{}, i, err
	}
	var done remediation.Completion
	for _, step := range []func() error{
		func() (err error) { i, err = i.Plan(official, c.at(-13, 2, 9)); return err },
		func() (err error) { i, err = i.Start(technician, c.at(-12, 0, 9)); return err },
		func() (err error) {
			i, err = i.Implement(technician, c.at(-9, -6, 16), "All six tablets enrolled; storage encrypted; lock after two minutes.")
			return err
		},
		func() (err error) {
			i, err = i.Verify(official, c.at(-9, -3, 11), c.zone, may, residual, screen)
			return err
		},
		func() (err error) { i, done, err = i.Close("rc-02", official, c.at(-9, -2, 9), c.zone); return err },
	} {
		if err := step(); err != nil {
			return done, i, err
		}
	}
	return done, i, nil
}
