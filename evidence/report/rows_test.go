package report_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/report"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// section is the text of one part of the page.
func section(t *testing.T, d report.Data, id string) string {
	t.Helper()
	_, rest, ok := strings.Cut(render(t, d), `<h2 id="`+id+`"`)
	require.True(t, ok)
	part, _, _ := strings.Cut(rest, "<h2 ")
	return strings.TrimSpace(regexp.MustCompile(`\s+`).ReplaceAllString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(part, " "), " "))
}

func TestThePictureFollowsTheScaleOfTheAnalysis(t *testing.T) {
	t.Parallel()
	d := inWords(t)
	page := render(t, d)
	require.Equal(t, 6, strings.Count(page, `grid" x=`), "three words of likelihood, two of impact")
	require.Contains(t, page, "<title>Act: f-1</title>")
	require.Contains(t, page, "<title>Leave it: f-2</title>")
	require.Contains(t, page, "<title>All the time and more</title>All the time a…</text>", "a long word is cut in the picture and whole beside it")
	register := section(t, d, "register")
	require.Contains(t, register, "Levels are looked up in the scale lakeside/three-by-two/1")
	require.Contains(t, register, "All the time and more Disaster not assessed Act none yet")
	require.Contains(t, register, "Now and then Disaster not assessed Act low, on the scale nist-sp800-30r1/five-level/1", "words of two scales do not mix")
	require.Contains(t, register, "f-3: inherent on another scale, current Act, residual on another scale")
	require.Contains(t, page, `<span class="level level-high">Act</span>`, "the colour is that of the level under which the word is filed")

	d.Analyses[1].Scales = nil
	require.Contains(t, section(t, d, "register"), "There is no picture of likelihood and impact")

	d = sample(t)
	a := &d.Analyses[1]
	for i := range a.Findings {
		s, err := risk.NewScore(risk.ThreeLevel(), risk.Judgment{Initiation: risk.LevelHigh, Adverse: risk.LevelHigh, Impact: risk.LevelModerate}, a.Approval.SecurityOfficial, a.Approval.At)
		require.NoError(t, err)
		a.Findings[i].Current = &s
	}
	page = render(t, d)
	require.Equal(t, 9, strings.Count(page, `grid" x=`))
	require.Contains(t, page, "f-1, f-2, f-3, f-4</title>")

	for i := range a.Findings {
		a.Findings[i].Current, a.Findings[i].Inherent = nil, nil
	}
	register = section(t, d, "register")
	require.Contains(t, register, "There is no picture of likelihood and impact")
	require.Contains(t, register, "4 not assessed:")
	require.NotContains(t, register, "Levels are looked up")
}

func TestTheResidualIsThatOfTheLatestVerificationThatHolds(t *testing.T) {
	t.Parallel()
	residual := func(d report.Data) string {
		row := regexp.MustCompile(`(?s)Audit logging is switched off unseen</b>.*?</tr>`).FindString(render(t, d))
		return regexp.MustCompile(`<td>([^<]*)</td></tr>`).FindStringSubmatch(strings.ReplaceAll(strings.ReplaceAll(row, `<span class="soft">`, ""), "</span></td></tr>", "</td></tr>"))[1]
	}
	d := sample(t)
	require.Equal(t, "low", residual(d))
	later := d.Items[1]
	v := later.Verifications[0]
	v.At, v.Residual.Level = v.At.AddDate(0, 1, 0), risk.LevelVeryLow
	later.ID, later.Verifications = "rm-9", []remediation.Verification{v}
	for _, items := range [][]remediation.Item{{d.Items[0], d.Items[1], later}, {later, d.Items[1], d.Items[0]}} {
		d.Items = items
		require.Equal(t, "very low", residual(d))
	}
	later.State = remediation.StateInProgress
	d.Items = []remediation.Item{later}
	require.Equal(t, "none yet", residual(d), "a measure that was taken up again holds no verification")
	require.NotContains(t, section(t, d, "plan"), "verified")
	d = sample(t)
	d.Items[1].Finding.Analysis.ID = "ra-1"
	require.Equal(t, "none yet", residual(d), "a measure for another analysis says nothing about this one")
	d.Analyses[1].Findings[2].Residual = d.Analyses[1].Findings[1].Current
	require.Equal(t, "moderate", residual(d), "then what the analysis itself says")
}

func TestCoverageShowsTheLatestMonthsOfThePeriod(t *testing.T) {
	t.Parallel()
	months := func(d report.Data) []string {
		return regexp.MustCompile(`\b\d{4}-\d{2}\b`).FindAllString(regexp.MustCompile(`(?s)<table class="coverage">.*?</thead>`).FindString(render(t, d)), -1)
	}
	d := sample(t)
	require.Equal(t, []string{"2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"}, months(d))
	d.Period = hipaasmp.Period{From: day("2020-01-01")}
	all := months(d)
	require.Len(t, all, 12, "the latest year")
	require.Equal(t, "2026-07", all[11], "until the day")
	require.Contains(t, section(t, d, "reviews"), "not due")
	d.Period = hipaasmp.Period{From: day("2025-10-01"), To: day("2025-12-31")}
	require.Equal(t, []string{"2025-10", "2025-11", "2025-12"}, months(d), "a period that ended long before the day")
	d.Period = hipaasmp.Period{From: day("2026-07-01"), To: day("2030-12-31")}
	require.Equal(t, []string{"2026-07"}, months(d), "nothing is shown of days to come")
	d.Period = hipaasmp.Period{}
	require.Len(t, months(d), 12)

	renamed := d.Procedures[0]
	renamed.ID, renamed.Effective.From = "pr-2", day("2026-07-01")
	renamed.Sources = append([]review.Source(nil), renamed.Sources...)
	renamed.Sources[0].Name = "Trail of the new account"
	for _, procedures := range [][]review.Procedure{{d.Procedures[0], renamed}, {renamed, d.Procedures[0]}} {
		d.Procedures = procedures
		require.Contains(t, render(t, d), `<th scope="row">Trail of the new account</th>`, "a source is called as the newest version calls it")
	}
}

func TestCasesShowWhatTheirRecordsSay(t *testing.T) {
	t.Parallel()
	d := sample(t)
	text := section(t, d, "sanctions")
	for _, says := range []string{
		"Sanction policy, version 1 (sanction.policy/sp-1), in effect since 2025-01-01", "2b: Deliberate disclosure or tampering", "Final warning or suspension",
		"decided 2025-11-24", "closed 2025-12-02", "open investigation on 2025-11-17", "2026-01-01 to 2026-06-30", "activity reviews of both quarters",
	} {
		require.Contains(t, text, says)
	}
	d.Cases = nil
	require.Contains(t, section(t, d, "sanctions"), "Final warning or suspension", "a final record stands for its case")
	d = sample(t)
	d.Outcomes = nil
	d.Cases[0].State, d.Cases[0].Proceeding = sanction.StateReported, sanction.Proceeding{}
	require.Contains(t, section(t, d, "sanctions"), "case-1 reported 2025-11-17 not decided")
	d = sample(t)
	d.Policies = nil
	text = section(t, d, "sanctions")
	require.Contains(t, text, "final warning or suspension", "without the policy the rung's identity is said in words")
	require.Contains(t, text, "No sanction policy in effect is among the records.")
	d.Outcomes[0].Result = sanction.ResultDismissed
	require.Contains(t, section(t, d, "sanctions"), "dismissed")
}

func TestReviewsSayWhatWasAndWhatWasNotReviewed(t *testing.T) {
	t.Parallel()
	d := sample(t)
	text := section(t, d, "reviews")
	require.Contains(t, text, "Reviewed: nothing; not reviewed: ehr-access (Asked for). 0 entries, 0 denied, 0 by actors that the log does not name. 0 pieces did not parse.")
	require.Contains(t, text, "Audit trail of the cloud account (1 file, logging enabled)")
	require.Contains(t, text, "Access report of the EHR (manual, logging enabled)")
	require.Contains(t, text, "57 entries, 0 denied")
	require.Contains(t, text, "incident: Part of the incident of that night. review.incident/inc-1 sanction.case/case-1")
	require.Less(t, strings.Index(text, "rs-open"), strings.Index(text, "2026-06-30 rv-2026-04"), "what is open comes first, then the newest")
	require.Less(t, strings.Index(text, "2026-06-30 rv-2026-04"), strings.Index(text, "2025-12-31 rv-2025-10"))
	wrong := d.Reviews[1].DocumentRef()
	right := d.Reviews[1]
	right.ID, right.Supersedes, right.Correction = "rv-2026-01-b", &wrong, "The second file was left out."
	d.Reviews = append(d.Reviews, right)
	require.Contains(t, section(t, d, "reviews"), "It corrects review.record/rv-2026-01: The second file was left out.")
	x := &d.Reviews[0].Exceptions[0]
	x.Actor, x.Reasons = "", nil
	require.Contains(t, section(t, d, "reviews"), "not named First at 2025-11-17 04:00:00 UTC.")
}

func TestWhatFallsDueIsShown(t *testing.T) {
	t.Parallel()
	text := section(t, sample(t), "due")
	for _, says := range []string{
		"2026-07-01 since 19 days", "2026-07-19 overdue by 1 day Have in place: a test of the restores item · Due date of item rm-1. remediation.item/rm-1 wf-104 164.308(a)(7)(ii)(D)",
		"2026-07-20 today Renew the agreement with the firm", "2026-10-14 in 86 days Review the activity of the quarter review · By procedure version 1. nobody named",
	} {
		require.Contains(t, text, says)
	}
	require.Equal(t, 1, strings.Count(text, "overdue"))
	require.NotContains(t, text, "after these")

	d := sample(t)
	for i := range 5 {
		next := d.Due[3]
		next.On = next.On.AddMonths(3 * (i + 1))
		d.Due = append(d.Due, next)
	}
	late := d.Due[3]
	late.On, late.Days, late.Overdue = day("2026-07-14"), -6, true
	d.Due = append(d.Due, late)
	text = section(t, d, "due")
	require.Equal(t, 4, strings.Count(text, "Review the activity"), "three to come, and what is overdue")
	require.Contains(t, text, "3 reviews of activity after these, to 2028-01-14, stand only in the file for calendars.")
}

func TestPlansAndAcceptedRisksAreShown(t *testing.T) {
	t.Parallel()
	d := sample(t)
	text := section(t, d, "plan")
	for _, says := range []string{
		"Plan remediation.plan/rp-1 answers risk.analysis/ra-2; approved 2026-01-26 by wf-100 (management) with 3 commitments.",
		"verified 2026-03-12 by wf-101, residual low, 1 file of evidence", "A lost tablet gives notes away moderate wf-100 2026-06-30, expired", "in progress",
	} {
		require.Contains(t, text, says)
	}
	require.NotContains(t, section(t, report.Data{AsOf: clinic.Today(), Items: d.Items}, "plan"), "f-3 mitigate Audit", "a finding of an analysis that is not there is named by its identity")
}

func TestAReviewShowsItsSourcesTicketsSamplesAndOpenItems(t *testing.T) {
	t.Parallel()
	d := sample(t)
	text := html.UnescapeString(section(t, d, "reviews"))
	for _, says := range []string{
		"automated, by lakeside-review 1.4, read from 2026-07-02 10:00 to 2026-07-02 11:00, reviewed by wf-104 as well trail-2026-04.json, 9000 bytes, SHA-256 ",
		"table directory 2026-06, from wf-104 on 2026-07-01, SHA-256 " + string(hipaasmp.DigestOf([]byte("directory"))),
		"Weighed 3 = 1 for severity times 1 + 2 other detectors, drawn. 2 patients, by token: " + string(hipaasmp.DigestOf([]byte("token"))) + " and 1 more. Asked at ", "wf-104, by telephone.",
		"kept through 2032-04-10 at least", "40 entries from 2026-04-01 08:00 to 2026-06-30 08:00 R20 version 2: 1 found", "seen in 2184 of 2184, 2184 by a heartbeat alone",
		"2026-06-30, then Log bucket of another account", "tickets 2026-07-02 1 open, 2 closed 1 no incident, 1 duplicate T-2026-04-3, open since 2026-06-20, 12 days",
		"An account that its holder's work does not need. To show with a confidence of 0.95 that a share of no more than 0.05 deviates; deviations allowed: 0.",
		"57 of 412 entries, by wf-102 on 2026-07-03 10:00 Seed " + string(hipaasmp.DigestOf([]byte("seed"))) + " Nonce 6e6f6e63", "not shown Of 412 entries 57 were drawn and 1 of these deviate",
		"at most 30 of the population deviate", "overrides trail, stratum override", "not drawn not concluded",
		"carts carried from review.record/rv-2026-01 The cart keeps its log for a week only. The vendor has no newer release. wf-104 2026-01-09 2026-07-15, overdue open",
		"closed on 2026-07-07: Set, and watched.", "explained: A planned move. By the rule moves-of-the-trail.", "Signed from outside by wf-102 (A firm in town): I went through the exceptions.",
		"moves-of-the-trail R20 about " + clinic.Account + " in trail planned maintenance: Moves that a change ticket names. 2026-05-01 to 2026-12-31 withdrawn on 2026-07-10: The moves are done. 2026-07-02 by wf-101 review.record/rv-2026-04, 1 exception",
		"Review periods certified in time, by the entity's own procedure 1 of 2 1 late, 0 overdue", "Findings per 1,000 user-months 41.7 1 finding, 24 user-months",
		"Confirmed of the closed findings of R20 0 of 1", "Accesses that a relation explains nothing to count", "Oldest item that is open 192 days carts of review.record/rv-2026-04, since 2026-01-09",
		"Audit trail of the cloud account: login",
	} {
		require.True(t, strings.Contains(text, says), says)
	}
	s := slices.Clone(d.Reviews[2].Sources)
	s[2].Tracking, s[0].Hours = nil, nil
	s[0].Detectors = []review.DetectorRun{{Detector: "R14", Version: 1, Findings: 9, Budget: &review.BudgetUse{Alerts: 3, Explained: 2, Ranked: 2, Drawn: 1, Waiting: 4}}}
	s[0].UnresolvedActors, s[0].Access = 7, &review.AccessCount{Accesses: 90, Explained: 81}
	d.Reviews[2].Sources = s
	text = section(t, d, "reviews")
	require.Contains(t, text, "tickets not stated not stated not stated none")
	require.Contains(t, text, "7 of 40 by actors that the log does not name; 81 of 90 accesses explained by a relation R14 version 1: 9 found (2 explained by a rule, 2 shown by rank, 1 drawn, 4 waiting that nobody looked at) not counted")
	require.Contains(t, text, "Accesses that a relation explains 81 of 90")
	require.NotContains(t, section(t, report.Data{}, "reviews"), "Figures of the reviews")
}
