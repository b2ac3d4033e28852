package inquiry_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// onTerms lets every review follow the procedure as it now is.
func onTerms(r *inquiry.Records) {
	for i := range r.Reviews {
		r.Reviews[i].Procedure = r.Procedures[0].Extract()
	}
}

// changes spoil the spotless clinic, one thing at a time. Every code of every check has its row.
var changes = []struct {
	code  string
	rule  string
	spoil func(r *inquiry.Records)
	turns turns
}{
	{"GAP-RISK-01", "an analysis that lapsed is in effect no more", func(r *inquiry.Records) { r.Analyses[1].InEffect.To = day("2026-06-30") },
		turns{"INQ-03": missing, "INQ-04": missing, "INQ-05": partly}},
	{"GAP-RISK-02", "the interval of the entity's own policy has run out", func(r *inquiry.Records) { r.Cadence.Months = 3 }, turns{"INQ-03": partly, "INQ-16": partly}},
	{"GAP-RISK-03", "an analysis names the one before it or explains why there is none", func(r *inquiry.Records) { r.Analyses[1].Predecessor = nil }, turns{"INQ-04": missing}},
	{"GAP-RISK-04", "a finding reaches every asset with ePHI", func(r *inquiry.Records) { r.Analyses[1].Findings[3].Assets = nil }, turns{"INQ-03": partly}},
	{"GAP-RISK-05", "a class is inventoried or declared none", func(r *inquiry.Records) { r.Analyses[1].Inventory.DeclaredNone = nil }, turns{"INQ-03": partly}},
	{"GAP-RISK-06", "a threat has its vulnerability", func(r *inquiry.Records) { r.Analyses[1].Findings[0].Vulnerability = "" }, turns{"INQ-03": partly}},
	{"GAP-RISK-07", "current measures are assessed", func(r *inquiry.Records) { r.Analyses[1].Safeguards[0].Effectiveness = risk.EffectivenessNotAssessed }, turns{"INQ-03": partly}},
	{"GAP-RISK-08", "an agreement is in force with every business associate", func(r *inquiry.Records) {
		r.Analyses[1].Inventory.Assets[6].Vendor.Agreement.Expires = day("2026-06-30")
	}, turns{"INQ-03": partly}},
	{"GAP-RISK-09", "a finding has a level of risk", func(r *inquiry.Records) { r.Analyses[1].Findings[3].Current = nil }, turns{"INQ-03": partly}},
	{"GAP-RISK-10", "management approved an acceptable level", func(r *inquiry.Records) { r.Analyses[1].AcceptableLevel = risk.LevelNotAssessed }, turns{"INQ-05": partly}},
	{"GAP-RISK-11", "a subcontractor has an agreement", func(r *inquiry.Records) {
		v := r.Analyses[1].Inventory.Assets[6].Vendor
		v.NoSubcontractors, v.Subcontractors = false, []risk.Subcontractor{{ID: "typists", Name: "Typists abroad"}}
	}, turns{"INQ-03": partly}},
	{"GAP-RISK-12", "a flow shows where ePHI comes from and goes", func(r *inquiry.Records) { r.Analyses[1].Inventory.Flows = nil }, turns{"INQ-03": partly}},
	{"GAP-RISK-13", "a vulnerability is analysed in a finding", func(r *inquiry.Records) {
		r.Analyses[1].Vulnerabilities = append(r.Analyses[1].Vulnerabilities, risk.Vulnerability{ID: "v-fax", Title: "The fax prints into the corridor", Severity: risk.LevelLow})
	}, turns{"INQ-03": partly}},
	{"GAP-RISK-14", "a finding has a likelihood", func(r *inquiry.Records) { r.Analyses[1].Findings[3].Current.Likelihood = risk.LevelNotAssessed }, turns{"INQ-03": partly}},
	{"GAP-RISK-15", "a finding has an impact", func(r *inquiry.Records) { r.Analyses[1].Findings[3].Current.Impact = risk.LevelNotAssessed }, turns{"INQ-03": partly}},
	{"GAP-RISK-16", "the record of the analysis is whole", func(r *inquiry.Records) { r.Analyses[1].Title = "" }, turns{"INQ-03": partly}},
	{"GAP-RISK-17", "the analysis says what it covers", func(r *inquiry.Records) { r.Analyses[1].Scope = "" }, turns{"INQ-03": partly}},
	{"GAP-RISK-18", "a procedure on risk analysis is in effect", func(r *inquiry.Records) { r.RiskProcedures[0].InEffect.To = day("2026-06-30") }, turns{"INQ-02": missing}},
	{"GAP-RISK-19", "it states purpose and scope", func(r *inquiry.Records) { r.RiskProcedures[0].Purpose = "" }, turns{"INQ-02": partly}},
	{"GAP-RISK-20", "it states who does what", func(r *inquiry.Records) { r.RiskProcedures[0].Duties = nil }, turns{"INQ-02": partly}},
	{"GAP-RISK-21", "it states how management is involved", func(r *inquiry.Records) { r.RiskProcedures[0].Management = "" }, turns{"INQ-02": partly}},
	{"GAP-RISK-22", "it states how often an analysis is reviewed", func(r *inquiry.Records) {
		r.RiskProcedures[0].Months, r.RiskProcedures[0].Occasions = 0, ""
	}, turns{"INQ-02": partly}},
	{"GAP-REM-01", "a finding above the acceptable level is treated", func(r *inquiry.Records) { r.Items[0].State = remediation.StateCancelled }, turns{"INQ-05": partly}},
	{"GAP-REM-02", "a measure is in place by its due date", func(r *inquiry.Records) { r.Items[0].Due = day("2026-07-19") }, turns{"INQ-06": partly}},
	{"GAP-REM-03", "a measure is verified with evidence", func(r *inquiry.Records) {
		r.Items[1].State, r.Items[1].Verifications = remediation.StateImplemented, nil
	}, turns{"INQ-06": partly}},
	{"GAP-REM-04", "a plan answers the analysis in effect", func(r *inquiry.Records) { r.Plans[0].Analysis = r.Analyses[0].DocumentRef() }, turns{"INQ-05": partly}},
	{"GAP-REM-05", "an acceptance is in force", func(r *inquiry.Records) { r.Acceptances[0].Expires = day("2026-06-30") }, turns{"INQ-05": partly}},
	{"GAP-REM-06", "a measure waits for what will come", func(r *inquiry.Records) { r.Items[0].DependsOn = []string{"rm-9"} }, turns{"INQ-06": partly}},
	{"GAP-SAN-01", "a policy is in effect", func(r *inquiry.Records) { r.Policies[0].Effective.To = day("2026-06-30") }, turns{"INQ-07": missing}},
	{"GAP-SAN-02", "a period has a case or an attestation", func(r *inquiry.Records) { r.Attestations[0].Period.To = day("2026-03-31") }, turns{"INQ-08": partly}},
	{"GAP-SAN-03", "an open case keeps to the policy's limits", func(r *inquiry.Records) {
		r.Cases[0].State, r.Cases[0].Closure = sanction.StateApplied, nil
	}, turns{"INQ-08": partly}},
	{"GAP-SAN-04", "the person was notified", func(r *inquiry.Records) { r.Outcomes[0].Notifications = nil }, turns{"INQ-08": partly}},
	{"GAP-SAN-05", "everybody acknowledged the policy by the day", func(r *inquiry.Records) { r.Acknowledgements[0].On = day("2026-07-21") }, turns{"INQ-07": partly, "INQ-15": partly}},
	{"GAP-SAN-06", "the policy is reviewed in the entity's interval", func(r *inquiry.Records) { r.Policies[0].Reviews = nil }, turns{"INQ-07": partly, "INQ-16": partly}},
	{"GAP-SAN-07", "the last closing has its record", func(r *inquiry.Records) { r.Outcomes[0].Round = 2 }, turns{"INQ-01": partly, "INQ-08": partly, "INQ-13": partly}},
	{"GAP-SAN-08", "like cases end alike", func(r *inquiry.Records) {
		c, o := r.Cases[0], r.Outcomes[0]
		c.ID, o.ID, o.Case.ID = "case-2", "case-2", "case-2"
		o.Decisions = slices.Clone(o.Decisions)
		o.Decisions[0].Rung = sanction.RungTermination
		r.Cases, r.Outcomes = append(r.Cases, c), append(r.Outcomes, o)
	}, turns{"INQ-08": partly}},
	{"GAP-SAN-09", "no case contradicts an attestation", func(r *inquiry.Records) { r.Attestations[0].Period.From = day("2025-11-01") }, turns{"INQ-08": partly}},
	{"GAP-SAN-10", "a case followed the policy on file", func(r *inquiry.Records) { r.Cases[0].Policy.Version = "draft" }, turns{"INQ-08": partly}},
	{"GAP-SAN-11", "everybody is trained on the policy in the entity's limit", func(r *inquiry.Records) { r.Policies[0].TrainDays = 30 }, turns{"INQ-07": partly}},
	{"GAP-SAN-12", "a training that was a sanction took place", func(r *inquiry.Records) {
		r.Outcomes[0].Policy.Training = append(slices.Clone(r.Outcomes[0].Policy.Training), r.Outcomes[0].Sanction)
	}, turns{"INQ-08": partly}},
	{"GAP-SAN-13", "one version of the policy governs", func(r *inquiry.Records) {
		p := r.Policies[0]
		p.ID, p.Version, p.Effective.From, p.Replaces = "sp-2", "2", day("2026-07-15"), nil
		r.Policies = append(r.Policies, p)
	}, turns{"INQ-07": partly}},
	{"GAP-SAN-14", "a version of the policy was in effect on every day that is asked about", func(r *inquiry.Records) {
		p := r.Policies[0]
		p.ID, p.Effective.To = "sp-0", day("2026-03-31")
		r.Policies[0].Effective.From, r.Policies[0].AcknowledgeDays = day("2026-04-03"), 365
		r.Policies = append(r.Policies, p)
		r.Cases[0].Policy.Policy.ID, r.Outcomes[0].Policy.Policy.ID = "sp-0", "sp-0"
	}, turns{"INQ-07": partly}},
	{"GAP-REV-01", "a procedure is in effect", func(r *inquiry.Records) { r.Procedures[0].Effective.To = day("2026-06-30") }, turns{"INQ-09": missing}},
	{"GAP-REV-02", "a period has its review by the day it was due", func(r *inquiry.Records) { r.Reviews[2].Timeliness.Certified = day("2026-07-21") }, turns{"INQ-10": partly}},
	{"GAP-REV-03", "somebody checked that a source was recording", func(r *inquiry.Records) {
		r.Reviews[1].Sources[0].Capability = review.Capability{State: review.CapabilityUnknown}
	}, turns{"INQ-11": partly}},
	{"GAP-REV-04", "all three kinds of record are reviewed", func(r *inquiry.Records) {
		r.Procedures[0].Sources[2].Records = review.RecordAccessReport
		onTerms(r)
	}, turns{"INQ-09": partly}},
	{"GAP-REV-05", "a session does not stay open", func(r *inquiry.Records) {
		s := r.Sessions[1]
		s.ID, s.State, s.History, s.Record = "rs-again", review.StateOpen, nil, nil
		r.Sessions = append(r.Sessions, s)
	}, turns{"INQ-10": partly}},
	{"GAP-REV-06", "the records could be read", func(r *inquiry.Records) {
		r.Reviews[1].Sources[0].Defects = []review.DefectCount{{Reason: activity.ReasonSyntax, Count: 10}}
	}, turns{"INQ-10": partly}},
	{"GAP-REV-07", "raw logs are kept as long as the procedure says", func(r *inquiry.Records) {
		r.Procedures[0].Sources[0].Archive = ""
		onTerms(r)
	}, turns{"INQ-14": partly}},
	{"GAP-REV-08", "a shorter time for raw logs rests on somebody's decision", func(r *inquiry.Records) {
		r.Procedures[0].RawLogs.Years = 1
		onTerms(r)
	}, turns{"INQ-14": partly}},
	{"GAP-REV-09", "a review was certified in time", func(r *inquiry.Records) {
		t := &r.Reviews[1].Timeliness
		t.Certified, t.DaysLate = t.Until.AddDays(6), 6
	}, turns{"INQ-10": partly}},
	{"GAP-REV-10", "a source records the kinds of activity that it should", func(r *inquiry.Records) {
		r.Reviews[1].Sources[0].Families = []review.FamilyCount{{Family: activity.FamilyLogin, Count: 40}}
	}, turns{"INQ-11": partly}},
	{"GAP-REV-11", "it is said who administers what was reviewed", func(r *inquiry.Records) { r.Reviews[1].Independence.Administrators = nil }, turns{"INQ-10": partly}},
	{"GAP-REV-12", "a review followed the procedure on file", func(r *inquiry.Records) { r.Reviews[1].Procedure.Version = "draft" }, turns{"INQ-10": partly}},
	{"GAP-REV-13", "the procedure is reviewed in the entity's interval", func(r *inquiry.Records) {
		r.Procedures[0].Limits.ReviewMonths, r.Procedures[0].Reviews = 6, nil
	}, turns{"INQ-09": partly, "INQ-16": partly}},
	{"GAP-REV-14", "the detectors of the procedure were run", func(r *inquiry.Records) { r.Reviews[1].Sources[0].Detectors = nil }, turns{"INQ-10": partly}},
	{"GAP-REV-15", "an incident does not stay open", func(r *inquiry.Records) {
		r.Incidents[0].State, r.Incidents[0].Ending, r.IncidentRecords = review.IncidentContained, nil, nil
	}, turns{"INQ-01": partly, "INQ-13": partly}},
	{"GAP-REV-16", "the records of every source could be had", func(r *inquiry.Records) {
		x := &r.Reviews[1]
		x.Sources = x.Sources[:4]
		x.NotReviewed = []review.NotReviewed{{Source: "cart-access", Ground: review.GroundUnavailable, Reason: "The cart was away for repair."}}
	}, turns{"INQ-10": partly}},
	{"GAP-REV-17", "a sample shows what it was drawn for", func(r *inquiry.Records) {
		r.Reviews[1].Samples = []review.Sample{{SamplePlan: review.SamplePlan{ID: "s-1", Source: "cart-access"}, Drawing: &review.Drawing{}, Result: &review.SampleResult{Conclusion: review.SampleNotShown}}}
	}, turns{"INQ-10": partly}},
	{"GAP-REV-18", "a ticket comes to a documented outcome", func(r *inquiry.Records) {
		r.Reviews[1].Sources[2].Tracking = &review.Tracking{AsOf: day("2026-04-01"), Outcomes: []review.TicketOutcomeCount{{Outcome: review.TicketPending, Count: 1}}}
	}, turns{"INQ-01": partly}},
	{"GAP-REV-19", "a report is read by the profile of the procedure", func(r *inquiry.Records) {
		r.Procedures[0].Sources[2].Profile = &review.ProfileRef{ID: "tickets", Version: 1}
		onTerms(r)
		for i := range r.Reviews {
			r.Reviews[i].Sources[2].Profile = r.Procedures[0].Sources[2].Profile
		}
		r.Reviews[1].Sources[2].Profile = nil
	}, turns{"INQ-10": partly}},
	{"GAP-REV-20", "a procedure was in effect on every day that is asked about", func(r *inquiry.Records) {
		first := r.Procedures[0]
		first.ID, first.Effective.To = "pr-0", day("2026-03-31")
		r.Procedures[0].Effective.From = day("2026-04-03")
		r.Procedures = append(r.Procedures, first)
		onTerms(r)
		r.Reviews[0].Procedure, r.Reviews[1].Procedure = first.Extract(), first.Extract()
	}, turns{"INQ-09": partly}},
	{"GAP-REV-21", "no review was waived", func(r *inquiry.Records) {
		x := &r.Reviews[1]
		x.Sources = x.Sources[:4]
		x.NotReviewed = []review.NotReviewed{{Source: "cart-access", Ground: review.GroundWaived, Reason: "The cart stood in the cellar."}}
	}, turns{"INQ-10": partly}},
	{"GAP-REV-22", "every review covers all three kinds of record", func(r *inquiry.Records) {
		x := &r.Reviews[1]
		tickets := func(s review.Source) bool { return s.Records == review.RecordIncidentTracking }
		x.Procedure.Sources = slices.DeleteFunc(slices.Clone(x.Procedure.Sources), tickets)
	}, turns{"INQ-10": partly}},
	{"GAP-REV-23", "a source was recording when it should", func(r *inquiry.Records) {
		s := slices.Clone(r.Reviews[1].Sources)
		s[0].Hours = &review.Hours{Expected: s[0].Hours.Expected, Observed: s[0].Hours.Observed - 500}
		r.Reviews[1].Sources = s
	}, turns{"INQ-11": partly}},
	{"GAP-REV-24", "a source that was left out as empty is shown to be", func(r *inquiry.Records) {
		x := &r.Reviews[1]
		x.Sources = slices.DeleteFunc(slices.Clone(x.Sources), func(s review.SourceReview) bool { return s.Source == "cart-access" })
		x.NotReviewed = []review.NotReviewed{{Source: "cart-access", Ground: review.GroundNotExpected, Reason: "The cart was in repair."}}
	}, turns{"INQ-10": partly}},
	{"GAP-REV-25", "it is known until when a log can be fetched", func(r *inquiry.Records) {
		both := slices.Clone(r.Procedures[0].Sources)
		both[0].HorizonDays, both[0].Archive = 0, ""
		r.Procedures[0].Sources = both
		for i := range r.Reviews {
			r.Reviews[i].Procedure.Sources = both
		}
	}, turns{"INQ-14": partly}},
	{"GAP-REV-26", "it is recorded which program read the records", func(r *inquiry.Records) {
		s := slices.Clone(r.Reviews[1].Sources)
		s[0].Program = ""
		r.Reviews[1].Sources = s
	}, turns{"INQ-10": partly}},
	{"GAP-REV-27", "a rule that explains has an approver", func(r *inquiry.Records) {
		explained(&r.Reviews[1], "x-2", review.ExplanationMaintenance)
		r.Reviews[1].Exceptions[0].Disposition.Rule = &hipaasmp.Ref{Kind: review.KindExplanationRule, ID: "nobody-approved"}
	}, turns{"INQ-10": partly}},
	{"GAP-REV-28", "what is explained again and again is a rule", func(r *inquiry.Records) {
		explained(&r.Reviews[1], "x-2", review.ExplanationMaintenance)
		explained(&r.Reviews[2], "x-3", review.ExplanationMaintenance)
	}, turns{"INQ-10": partly}},
	{"GAP-REV-29", "what a review left open is carried forward", func(r *inquiry.Records) {
		r.Reviews[1].OpenItems = []review.OpenItem{{ID: "alarm", What: "Set the alarm on the trail again.", Owner: "wf-104", Since: day("2026-04-05")}}
	}, turns{"INQ-10": partly}},
	{"GAP-REV-30", "what a detector found is looked at", func(r *inquiry.Records) {
		s := slices.Clone(r.Reviews[1].Sources)
		s[0].Detectors = []review.DetectorRun{{Detector: detect.IDLogControl, Version: 2, Findings: 1}}
		r.Reviews[1].Sources = s
	}, turns{"INQ-10": partly}},
	{"GAP-REV-31", "business days are counted by listed holidays", func(r *inquiry.Records) {
		r.Procedures[0].Cadence.Business = review.MondayToFriday(day("2026-06-30"), day("2026-05-25"))
		for i := range r.Reviews {
			r.Reviews[i].Procedure.Cadence = r.Procedures[0].Cadence
		}
	}, turns{"INQ-10": partly}},
	{"GAP-REV-32", "a period is fetched before its source drops it", func(r *inquiry.Records) {
		s := slices.Clone(r.Procedures[0].Sources)
		s[1].HorizonDays = 28
		r.Procedures[0].Sources, r.Procedures[0].RawLogs.Years = s, 0
		onTerms(r)
	}, turns{"INQ-14": partly}},
	{"GAP-REV-33", "every table beside a log is from somebody", func(r *inquiry.Records) {
		s := slices.Clone(r.Reviews[1].Sources)
		s[0].Context = []review.ContextTable{{Use: review.ContextDirectory, Name: "directory", SHA256: hipaasmp.DigestOf([]byte("d"))}}
		r.Reviews[1].Sources = s
	}, turns{"INQ-10": partly}},
	{"GAP-REV-34", "a log is read by a procedure that was approved before", func(r *inquiry.Records) {
		s := slices.Clone(r.Reviews[1].Sources)
		at := day("2025-09-01").StartIn(time.UTC)
		s[0].Read = review.ReadBetween(at, at)
		r.Reviews[1].Sources = s
	}, turns{"INQ-10": partly}},
	{"GAP-REV-35", "an incident about patients is assessed for a breach", func(r *inquiry.Records) {
		e := r.Reviews[0].Exceptions[0]
		e.Patients, e.PatientCount = []hipaasmp.Digest{hipaasmp.DigestOf([]byte("token"))}, 1
		r.Reviews[1].Exceptions = []review.Exception{e} // in the period of the letter
	}, turns{"INQ-10": partly}},
	{"GAP-REV-36", "what is read lies in the period under review", func(r *inquiry.Records) {
		s := slices.Clone(r.Reviews[1].Sources)
		s[0].Events = max(s[0].Events, 1)
		s[0].Outside, s[0].UnknownTimes = s[0].Events, 0
		r.Reviews[1].Sources = s
	}, turns{"INQ-10": partly}},
	{"GAP-REV-37", "a correction keeps the incidents", func(r *inquiry.Records) {
		old := r.Reviews[1]
		old.ID, old.Exceptions = "rv-wrong", r.Reviews[0].Exceptions[:1]
		ref := old.DocumentRef()
		r.Reviews[1].Supersedes, r.Reviews[1].Correction = &ref, "The wrong file was read."
		r.Reviews = append(r.Reviews, old)
	}, turns{"INQ-10": partly}},
	{"GAP-INQ-01", "an incident of the workforce leads to a case", func(r *inquiry.Records) {
		r.Cases, r.Outcomes, r.IncidentRecords[0].Ending.Outcome.Refs = nil, nil, nil
		r.Incidents[0].Ending = r.IncidentRecords[0].Ending
		d := r.Reviews[0].Exceptions[0].Disposition
		d.Refs = d.Refs[:1]
	}, turns{"INQ-01": partly, "INQ-08": partly}},
	{"GAP-INQ-02", "a procedure reviews every system with ePHI", func(r *inquiry.Records) {
		r.Procedures[0].Sources = r.Procedures[0].Sources[:4]
		onTerms(r)
	}, turns{"INQ-09": partly}},
	{"GAP-INQ-03", "nothing is destroyed before its time", func(r *inquiry.Records) {
		r.Destroyed = []inquiry.Destroyed{{Ref: hipaasmp.Ref{Kind: review.KindRecord, ID: "rv-2025-07"}, On: day("2026-05-01"), KeepThrough: day("2031-10-10")}}
	}, turns{"INQ-14": partly}},
	{"GAP-RET-01", "what is proposed for disposal is decided", func(r *inquiry.Records) {
		r.Dispositions = []retention.Disposition{disposal(retention.StateEligible)}
	}, turns{"INQ-14": partly}},
	{"GAP-RET-02", "what is approved for disposal is destroyed", func(r *inquiry.Records) {
		r.Dispositions = []retention.Disposition{disposal(retention.StateApproved)}
	}, turns{"INQ-14": partly}},
	{"GAP-RET-03", "what is destroyed has a certificate", func(r *inquiry.Records) {
		r.Dispositions = []retention.Disposition{disposal(retention.StateDisposed)}
	}, turns{"INQ-14": partly}},
	{"GAP-INQ-05", "the inventory has every system of which an incident speaks", func(r *inquiry.Records) {
		r.Incidents[0].Report.Systems = []string{"fax"}
	}, turns{"INQ-03": partly}},
	{"GAP-INQ-06", "what a record names is on file", func(r *inquiry.Records) {
		r.Attestations[0].Consulted = append(r.Attestations[0].Consulted, hipaasmp.Ref{Kind: review.KindRecord, ID: "rv-lost"})
	}, turns{"INQ-14": partly}},
	{"GAP-INQ-07", "a closed measure has its record", func(r *inquiry.Records) { r.Completions = nil }, turns{"INQ-06": partly, "INQ-13": partly}},
	{"GAP-INQ-08", "each request has a record", func(r *inquiry.Records) { r.Entity.Appointments[1].Term.To = day("2026-07-19") }, turns{"INQ-12": missing}},
}

// explained adds an exception to a record that was explained for the reason.
func explained(x *review.Record, id string, why review.Explanation) {
	at := x.At
	x.Exceptions = []review.Exception{{
		Finding: detect.Finding{ID: id, Detector: detect.IDLogControl, Version: 2, Severity: detect.SeverityLow, Actor: clinic.Account, Count: 1, First: at, Last: at},
		Source:  "trail", State: review.ExceptionExplained,
		Disposition: &review.Disposition{Signature: review.Signature{By: x.Reviewer, At: at}, Explanation: why, Words: "The trail was moved."},
	}}
}

// disposal is that of an old record, taken as far as a state in the spring of 2026.
func disposal(state retention.State) retention.Disposition {
	official, manager := hipaasmp.Actor{ID: "wf-101", Role: hipaasmp.RoleSecurityOfficial}, hipaasmp.Actor{ID: "wf-100", Role: hipaasmp.RoleManagement}
	at := day("2026-05-01").StartIn(time.UTC)
	term, err := retention.Schedule{}.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: day("2012-01-10")})
	d, err2 := retention.Propose(retention.Proposal{Ref: hipaasmp.Ref{Kind: review.KindRecord, ID: "rv-2012", Version: 1}, Term: term, Method: retention.MethodRowRemoved}, official, at)
	for _, step := range []func() (retention.Disposition, error){
		func() (retention.Disposition, error) { return d.Review(official, at, "") },
		func() (retention.Disposition, error) { return d.Approve(manager, at, nil) },
		func() (retention.Disposition, error) { return d.Destroyed(manager, at) },
	} {
		if err != nil || err2 != nil || d.State == state {
			break
		}
		d, err = step()
	}
	if err != nil || err2 != nil || d.State != state {
		panic(errors.Join(err, err2))
	}
	return d
}

// entailed are the codes that cannot but come along.
var entailed = map[string][]string{"GAP-RISK-01": {"GAP-RISK-10"}, "GAP-RISK-06": {"GAP-RISK-13"}, "GAP-RISK-09": {"GAP-RISK-14", "GAP-RISK-15"}, "GAP-REV-17": {"GAP-REV-34"}, "GAP-REV-22": {"GAP-REV-12"}, "GAP-REV-32": {"GAP-REV-08"}}

func TestWhateverIsChangedTurnsItsRequestsAndNoOthers(t *testing.T) {
	t.Parallel()
	for _, c := range changes {
		r, today := spotless(t)
		c.spoil(&r)
		want := append([]string{c.code}, entailed[c.code]...)
		if a := r.Analyses[1]; a.Validate() != nil && a.InEffect.Contains(today) {
			want = append(want, string(risk.GapNotDocumented)) // the package risk would not have made such a record
			c.turns = maps.Clone(c.turns)
			c.turns["INQ-03"] = partly
		}
		slices.Sort(want)
		require.Equal(t, slices.Compact(want), codes(r.Gaps(today)), "%s: %s", c.code, c.rule)
		require.Equal(t, c.turns, turned(r, today), "%s: %s", c.code, c.rule)
		for _, g := range r.Gaps(today) {
			wellFormed(t, g, today)
		}
	}
}

func TestEveryCodeIsProvedAndSpeaksToARequest(t *testing.T) {
	t.Parallel()
	r, _ := spotless(t)
	proved := []string{"GAP-INQ-04"} // shown by TestActivityRecordsAreNotKept: nothing kept leaves more than one gap
	for _, c := range changes {
		proved = append(proved, c.code)
	}
	var speaks []string
	for _, q := range inquiry.Letter() {
		for _, code := range q.Codes {
			speaks = append(speaks, string(code))
		}
	}
	seen := map[hipaasmp.GapCode]bool{}
	for _, c := range r.Checks() {
		require.False(t, seen[c.Code], c.Code)
		seen[c.Code] = true
		require.Contains(t, proved, string(c.Code))
		require.True(t, c.Citation.IsValid(), c.Code)
		require.Regexp(t, `\?$`, c.Asks)
		if c.Code != inquiry.GapUnanswered {
			require.Contains(t, speaks, string(c.Code), "a gap that speaks to no request would be lost in the letter")
		}
	}
	require.Len(t, seen, len(proved))
	for _, code := range speaks {
		require.True(t, seen[hipaasmp.GapCode(code)], code)
	}
}
