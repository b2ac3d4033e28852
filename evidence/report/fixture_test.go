package report_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/report"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/quant"
	"github.com/hipaasmp/hipaasmp/sanction"
)

var day = civil.Date

// sample has something for every part of the page: a finding that nobody rated, a measure that is overdue, an acceptance
// that ran out, a session that is open, a review that was late. Letter, gaps and questions are fixed words, so that the
// page does not change with the checks of other packages.
func sample(t testing.TB) report.Data {
	t.Helper()
	r, err := clinic.New(hipaasmp.EntityCoveredEntity)
	require.NoError(t, err)
	d := report.Data{
		Entity: r.Entity, AsOf: clinic.Today(), Period: r.Asked,
		Analyses: r.Analyses, Plans: r.Plans, Items: r.Items, Acceptances: r.Acceptances, Policies: r.Policies, Cases: r.Cases, Outcomes: r.Outcomes,
		Attestations: r.Attestations, Procedures: r.Procedures, Sessions: r.Sessions, Reviews: r.Reviews,
		Answers: []report.Answer{
			{ID: "INQ-03", Citation: hipaasmp.CiteRiskAnalysis, Asks: "The current written risk analysis.", Status: "partly", Refs: []hipaasmp.Ref{{Kind: risk.KindAnalysis, ID: "ra-2"}}, Gaps: 1, Note: "Approved on 2026-01-20 with 4 findings."},
			{ID: "INQ-08", Citation: hipaasmp.CiteSanctionPolicy, Asks: "The sanctions applied.", AtHand: "The personnel file.", Status: "answered", Refs: []hipaasmp.Ref{
				{Kind: sanction.KindOutcome, ID: "case-1"}, {Kind: sanction.KindAttestation, ID: "at-1"}, {Kind: sanction.KindAttestation, ID: "at-2"},
				{Kind: sanction.KindAttestation, ID: "at-3"}, {Kind: sanction.KindAttestation, ID: "at-4"}, {Kind: sanction.KindAttestation, ID: "at-5"}}},
			{ID: "INQ-12", Citation: hipaasmp.CiteAssignedSecurityResponsibility, Asks: "The named security official.", Status: "missing", Gaps: 2},
		},
		Gaps: []hipaasmp.Gap{
			{Code: "GAP-RISK-09", Citation: hipaasmp.CiteRiskAnalysis, Missing: "A finding has no level of risk: f-4.", Since: day("2026-01-20"), Closes: "Judge it.",
				Refs: []hipaasmp.Ref{{Kind: risk.KindAnalysis, ID: "ra-2"}}, Counted: []string{"f-1: very_high", "f-4: not_assessed"}},
			{Code: "GAP-INQ-08", Citation: hipaasmp.CiteAssignedSecurityResponsibility, Missing: "Nobody is appointed security official.", Closes: "Appoint a person."},
		},
		Checks: []hipaasmp.GapCheck{
			{Code: "GAP-RISK-09", Citation: hipaasmp.CiteRiskAnalysis, Asks: "Does every finding have a level of risk?"},
			{Code: "GAP-INQ-08", Citation: hipaasmp.CiteAssignedSecurityResponsibility, Asks: "Is somebody appointed?"},
			{Code: "GAP-SAN-01", Citation: hipaasmp.CiteSanctionPolicy, Asks: "Is a policy in effect?"},
		},
		Due: []report.Due{
			{Matter: "disposal", On: day("2026-07-01"), Days: -19, What: "The disposal of sanction.outcome/case-0 may be proposed", Basis: "Kept through 2026-06-30.", Citation: hipaasmp.CiteTimeLimit},
			{Matter: "item", On: day("2026-07-19"), Days: -1, Overdue: true, What: "Have in place: a test of the restores", Basis: "Due date of item rm-1.", Owner: "wf-104", Citation: hipaasmp.CiteContingencyTesting, Refs: []hipaasmp.Ref{{Kind: remediation.KindItem, ID: "rm-1"}}},
			{Matter: "agreement", On: day("2026-07-20"), What: "Renew the agreement with the firm", Basis: "Last day of the agreement.", Owner: "wf-100", Citation: hipaasmp.CiteWrittenContract},
			{Matter: "review", On: day("2026-10-14"), Days: 86, What: "Review the activity of the quarter", Basis: "By procedure version 1.", Citation: hipaasmp.CiteActivityReview},
		},
		Ledger: report.Ledger{Origin: "clinic.example/lakeside/1", Size: 31, Root: "zUX3hpP1HOo2r8fMn3M4C6jPxGkbnMkbVgCE9LVnGH0=", Key: "clinic.example"},
	}
	d.Quantified = amounts(t)
	d.Analyses[1].Findings[3].Current = nil
	inherent := *d.Analyses[1].Findings[2].Current
	inherent.Level, inherent.Likelihood, inherent.Impact = risk.LevelVeryHigh, risk.LevelVeryHigh, risk.LevelHigh
	d.Analyses[1].Findings[2].Inherent, d.Analyses[1].Findings[3].Inherent = &inherent, &inherent
	d.Items[0].Due = day("2026-07-19")
	d.Acceptances[0].Expires = day("2026-06-30")
	open := d.Sessions[2]
	open.ID, open.State, open.History, open.Record = "rs-open", review.StateOpen, nil, nil
	open.Period, open.Sources, open.NotReviewed = hipaasmp.Month(day("2026-07-01")), nil, []review.NotReviewed{{Source: "ehr-access", Ground: review.GroundUnavailable, Reason: "Asked for."}}
	d.Sessions = append(d.Sessions, open)
	noticed(&d)
	late := &d.Reviews[1].Timeliness
	late.Certified, late.DaysLate = late.Until.AddDays(1), 1
	for _, f := range r.Finals() {
		term, err := retention.Schedule{}.Term(f.RetentionBasis())
		require.NoError(t, err)
		d.Kept = append(d.Kept, report.Kept{Ref: f.DocumentRef(), Term: term})
	}
	return d
}

// appraised is the clinic's register in amounts: three findings have some, one control is in place and one planned.
var appraised = sync.OnceValues(func() ([]byte, error) {
	register := quant.Register{Currency: "USD",
		Scenarios: []quant.Scenario{
			{ID: "ransom", Title: "Ransomware stops the clinic", Finding: "f-1", Frequency: quant.AtMostOnce{Probability: 0.08}, Severity: quant.LognormalInterval{Low: quant.USD(60_000), High: quant.USD(1_500_000)}},
			{ID: "tablet", Title: "A tablet is lost", Finding: "f-2", Frequency: quant.Poisson{Rate: 0.4}, Severity: quant.PERT{Low: quant.USD(1_000), Mode: quant.USD(6_000), High: quant.USD(40_000)}},
			{ID: "outage", Title: "The line is down for a day", Frequency: quant.Poisson{Rate: 1.5}, Severity: quant.LognormalInterval{Low: quant.USD(800), High: quant.USD(9_000)}},
		},
		Controls: []quant.Control{{ID: "mdm", Title: "Tablets managed", Effects: []quant.ControlEffect{{Scenario: "tablet", SavesLoss: 0.5}}}},
	}
	planned := []quant.Control{{ID: "restores", Title: "Restores tested", Effects: []quant.ControlEffect{{Scenario: "ransom", SavesLoss: 0.6}}}}
	a, err := quant.Appraise(register, planned, quant.Options{Bracket: true})
	if err != nil {
		return nil, err
	}
	return json.Marshal(a)
})

func amounts(t testing.TB) *quant.Appraisal {
	t.Helper()
	text, err := appraised()
	require.NoError(t, err)
	a := new(quant.Appraisal)
	require.NoError(t, json.Unmarshal(text, a))
	return a
}

func render(t testing.TB, d report.Data) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.Write(&b, d))
	return b.String()
}

// inWords is the sample with its analysis rated on a scale of the clinic's own.
func inWords(t testing.TB) report.Data {
	t.Helper()
	d := sample(t)
	scale, err := risk.BuildScale("lakeside/three-by-two/1", "Chosen by the practice manager.").
		Likelihood(risk.Step{Word: "Rare", Level: risk.LevelLow}, risk.Step{Word: "Now and then", Level: risk.LevelModerate}, risk.Step{Word: "All the time and more", Level: risk.LevelVeryHigh}).
		Impact(risk.Step{Word: "Nuisance", Level: risk.LevelLow}, risk.Step{Word: "Disaster", Level: risk.LevelVeryHigh}).
		Risk(risk.Step{Word: "Leave it", Level: risk.LevelLow}, risk.Step{Word: "Act", Level: risk.LevelHigh}).
		Row("Rare", "Leave it", "Leave it").Row("Now and then", "Leave it", "Act").Row("All the time and more", "Act", "Act").Scale()
	require.NoError(t, err)
	own, ok := scale.Own()
	require.True(t, ok)
	a := &d.Analyses[1]
	a.Scales = []risk.OwnScale{own}
	for i, w := range [][2]string{{"All the time and more", "Disaster"}, {"Rare", "Nuisance"}, {"Now and then", "Disaster"}} {
		s, err := risk.NewScoreInWords(scale, w[0], w[1], a.Approval.SecurityOfficial, a.Approval.At)
		require.NoError(t, err)
		s.Tables = nil
		a.Findings[i].Current = &s
	}
	d.Items = append([]remediation.Item(nil), d.Items...)
	return d
}

// noticed gives the newest review a sample, an open item, an exception that a rule explains, open tickets, and a signer from
// outside.
func noticed(d *report.Data) {
	x := &d.Reviews[2]
	by := func(at string) review.Signature {
		return review.Signature{By: x.Reviewer, At: day(at).StartIn(time.UTC).Add(15 * time.Hour)}
	}
	rate := review.SamplingRule{Confidence: decimal.RequireFromString("0.95"), Tolerable: decimal.RequireFromString("0.05")}
	x.Samples = []review.Sample{
		{Signature: by("2026-07-02"), SamplePlan: review.SamplePlan{ID: "rights", Source: "ehr-access", Deviation: "An account that its holder's work does not need.", Rule: rate, Commitment: hipaasmp.DigestOf([]byte("nonce"))},
			Drawing: &review.Drawing{Signature: by("2026-07-03"), Nonce: "6e6f6e636500000000000000000000000000", Files: hipaasmp.DigestOf([]byte("files")), Seed: hipaasmp.DigestOf([]byte("seed")), Population: 412,
				Items: make([]review.Item, 57)},
			Result: &review.SampleResult{Signature: by("2026-07-06"), Sampled: 57, Deviations: 1, Unexaminable: 1, AtMost: 30, Tolerated: 20, Conclusion: review.SampleNotShown}},
		{Signature: by("2026-07-02"), SamplePlan: review.SamplePlan{ID: "overrides", Source: "trail", Stratum: "override", Deviation: "An override without a reason", Rule: rate, Commitment: hipaasmp.DigestOf([]byte("other"))}},
	}
	x.OpenItems = []review.OpenItem{
		{ID: "carts", Source: "cart-access", What: "The cart keeps its log for a week only.", Explanation: "The vendor has no newer release", Owner: "wf-104", Since: day("2026-01-09"), Due: day("2026-07-15"),
			From: &review.Origin{Document: hipaasmp.Ref{Kind: review.KindRecord, ID: "rv-2026-01"}, Item: "carts"}},
		{ID: "clock", What: "Set the clock of the tablets.", Owner: "wf-101", Since: day("2026-07-02"), Closed: &review.Closing{Signature: by("2026-07-07"), Words: "Set, and watched."}},
	}
	at := by("2026-05-04").At
	rule := hipaasmp.Ref{Kind: review.KindExplanationRule, ID: "moves-of-the-trail"}
	x.Exceptions = []review.Exception{{Finding: detect.Finding{ID: "x-9", Detector: detect.IDLogControl, Version: 2, Severity: detect.SeverityLow, Actor: clinic.Account, Reasons: []string{"UpdateTrail changes the trail"}, Count: 1, First: at, Last: at,
		Patients: []hipaasmp.Digest{hipaasmp.DigestOf([]byte("token"))}, PatientCount: 2},
		Seen: by("2026-07-02").At, Score: &review.Score{Weight: 1, Others: 2, Total: 3, Pick: detect.PickRandom}, Contacts: []review.Contact{{Signature: by("2026-07-02"), Whom: "wf-104, by telephone"}},
		Source: "trail", State: review.ExceptionExplained, Disposition: &review.Disposition{Signature: by("2026-07-03"), Step: 3, Explanation: review.ExplanationMaintenance, Words: "A planned move.", Rule: &rule}}}
	d.Rules = []review.ExplanationRule{{Header: hipaasmp.NewHeader(review.KindExplanationRule, rule.ID),
		RuleTerms: review.RuleTerms{Detector: detect.IDLogControl, Actor: clinic.Account, Source: "trail", Valid: hipaasmp.Period{From: day("2026-05-01"), To: day("2026-12-31")}, Reason: review.ExplanationMaintenance, Words: "Moves that a change ticket names."},
		Approval:  review.Approval{By: x.Certifier, On: day("2026-07-02")},
		Withdrawn: &review.Withdrawal{By: x.Certifier, On: day("2026-07-10"), Why: "The moves are done."}}}
	sources := slices.Clone(x.Sources)
	for i, s := range sources {
		if s.Tracking != nil {
			t := *s.Tracking
			t.States = append([]review.TicketStateCount{{State: review.TicketOpen, Count: 1}}, t.States...)
			t.Open = []review.OpenTicket{{ID: "T-2026-04-3", State: review.TicketOpen, Opened: day("2026-06-20"), Days: 12}}
			sources[i].Tracking, sources[i].Events = &t, s.Events+1
		}
	}
	sources[0].Detectors = []review.DetectorRun{{Detector: detect.IDLogControl, Version: 2, Findings: 1}}
	sources[0].Read = review.ReadBetween(by("2026-07-02").At, by("2026-07-02").At.Add(time.Hour))
	sources[0].Reviewers = []hipaasmp.Actor{{ID: "wf-104", Role: hipaasmp.RoleWorkforce}}
	sources[0].Context = []review.ContextTable{{Use: review.ContextDirectory, Name: "directory", SHA256: hipaasmp.DigestOf([]byte("directory")), Version: "2026-06", Supplied: "wf-104", On: day("2026-07-01")}}
	x.Sources = sources
	x.Independence.Second = &review.SecondSigner{Signature: by("2026-07-08"), Outside: "A firm in town", Words: "I went through the exceptions."}
}
