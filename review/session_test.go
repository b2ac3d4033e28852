package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func TestAProcedureIsApprovedByAPersonWithPowerAndNotBackdated(t *testing.T) {
	t.Parallel()
	p := procedure(t)
	require.Equal(t, day("2025-12-15"), p.Created)
	require.Contains(t, p.Citations(), hipaasmp.CiteActivityReview)
	require.Equal(t, []hipaasmp.Period{{From: day("2026-01-01")}}, p.RetentionBasis().InEffect)
	_, err := terms().Approve(issue("p", "1", "2025-12-14"), manager, day("2025-12-15"), may())
	requireFault(t, err, hipaasmp.FaultOrder, "/effective/from")
	_, err = terms().Approve(issue("p", "1", "2026-01-01"), reviewer, day("2025-12-15"), may())
	requireFault(t, err, hipaasmp.FaultAuthority)
	var ae *hipaasmp.AuthorityError
	require.ErrorAs(t, err, &ae)
	_, err = terms().Approve(issue("p", "1", "2026-01-01"), program, day("2025-12-15"), may())
	requireFault(t, err, review.FaultProgram)
	_, err = terms().Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), nil)
	requireFault(t, err, hipaasmp.FaultAuthority)
}

func TestAProcedureIsSupersededOnce(t *testing.T) {
	t.Parallel()
	p := procedure(t)
	_, err := p.Supersede(day("2025-12-31"))
	requireFault(t, err, hipaasmp.FaultOrder)
	_, err = p.Supersede(hipaasmp.Date{})
	requireFault(t, err, hipaasmp.FaultOrder)
	ended, err := p.Supersede(day("2026-06-30"))
	require.NoError(t, err)
	require.True(t, p.Effective.Open())
	_, err = ended.Supersede(day("2026-07-31"))
	requireFault(t, err, hipaasmp.FaultOrder)
	next := issue("p2", "2", "2026-07-01")
	next.Replaces = p.DocumentRef()
	second, err := terms().Approve(next, manager, day("2026-06-01"), may())
	require.NoError(t, err)
	require.Equal(t, []string{"2"}, versions(review.InForce([]review.Procedure{ended, second}, day("2026-07-01"))))
	require.Equal(t, []string{"2", "2026-1"}, versions(review.InForce([]review.Procedure{p, second}, day("2026-07-01"))))
	next.ID = p.ID
	_, err = terms().Approve(next, manager, day("2026-06-01"), may())
	requireFault(t, err, hipaasmp.FaultDangling, "/replaces")
}

func versions(procedures []review.Procedure) (out []string) {
	for _, p := range procedures {
		out = append(out, p.Version)
	}
	return out
}

func TestAProcedureIsReviewed(t *testing.T) {
	t.Parallel()
	p, err := procedure(t).Review(official, day("2026-06-15"), "Nothing had to change.")
	require.NoError(t, err)
	_, err = p.Review(official, day("2026-06-14"), "x")
	requireFault(t, err, hipaasmp.FaultOrder, "/reviews/1/on")
	_, err = p.Review(program, day("2026-06-16"), "x")
	requireFault(t, err, review.FaultProgram)
}

func TestTermsSayHowEachSourceIsRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code   hipaasmp.FaultCode
		change func(*review.Terms)
	}{
		"neither format nor form": {review.FaultSource, func(t *review.Terms) { t.Sources[1].Form = "" }},
		"both format and form":    {review.FaultSource, func(t *review.Terms) { t.Sources[0].Form = "paper" }},
		"an audit log of nothing": {review.FaultSource, func(t *review.Terms) { t.Sources[0].Families = nil }},
		"the unknown expected":    {review.FaultSource, func(t *review.Terms) { t.Sources[0].Families[0] = activity.FamilyUnknown }},
		"a family twice":          {hipaasmp.FaultIdentity, func(t *review.Terms) { t.Sources[0].Families[0] = activity.FamilyView }},
		"a source twice":          {hipaasmp.FaultIdentity, func(t *review.Terms) { t.Sources[1].ID = "ehr-log" }},
		"a detector twice":        {hipaasmp.FaultIdentity, func(t *review.Terms) { t.Detectors = append(t.Detectors, t.Detectors[0]) }},
		"a use that runs backwards": {hipaasmp.FaultOrder, func(t *review.Terms) {
			t.Sources[0].InUse = hipaasmp.Period{From: day("2026-02-01"), To: day("2026-01-01")}
		}},
		"programs that review":        {review.FaultProgram, func(t *review.Terms) { t.Reviewers[0] = hipaasmp.RoleSystem }},
		"nothing to look closer at":   {hipaasmp.FaultRange, func(t *review.Terms) { t.Investigate = nil }},
		"no authority over the years": {hipaasmp.FaultRequired, func(t *review.Terms) { t.RawLogs.Authority = "" }},
		"no cadence":                  {hipaasmp.FaultRange, func(t *review.Terms) { t.Cadence.Every = 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := terms()
			c.change(&x)
			_, err := x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
			requireFault(t, err, c.code)
		})
	}
}

func TestAnApprovedProcedureDoesNotChangeWithItsTerms(t *testing.T) {
	t.Parallel()
	x := terms()
	p, err := x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	x.Sources[0].Families[0], x.Sources[0].ID, x.Reviewers[0], x.Investigate[0], x.Detectors[0].Parameters[0].Value = "other", "y", "z", "v", "w"
	require.NoError(t, p.Validate())
	require.Equal(t, procedure(t).Terms, p.Terms)
}

func TestASessionNeedsAProcedureThatWasInEffect(t *testing.T) {
	t.Parallel()
	_, err := review.Open("s", clinic(), procedure(t), month("2025-12-01"), reviewer, on("2026-01-02"))
	requireFault(t, err, review.FaultNotInForce)
	_, err = review.Open("s", clinic(), procedure(t), hipaasmp.Period{From: day("2026-03-01")}, reviewer, on("2026-04-02"))
	requireFault(t, err, review.FaultNotEnded, "/period/to")
	nowhere := clinic()
	nowhere.Zone = "Mars/Olympus"
	_, err = review.Open("s", nowhere, procedure(t), march(), reviewer, on("2026-04-02"))
	requireFault(t, err, hipaasmp.FaultZone)
}

func TestASourceIsReviewedOrNotOnce(t *testing.T) {
	t.Parallel()
	s := open(t, march())
	require.Equal(t, []string{"ehr-log", "ehr-access", "tickets"}, s.Missing())
	s, err := s.WithSource(log(march()))
	require.NoError(t, err)
	require.Equal(t, []string{"ehr-access", "tickets"}, s.Missing())
	_, err = s.WithSource(log(march()))
	requireFault(t, err, hipaasmp.FaultIdentity)
	_, err = s.WithoutSource("ehr-log", review.GroundWaived, "x")
	requireFault(t, err, hipaasmp.FaultIdentity)
	_, err = s.WithoutSource("pacs", review.GroundWaived, "x")
	requireFault(t, err, review.FaultNotSource)
	_, err = s.WithoutSource("tickets", review.GroundWaived, "")
	requireFault(t, err, hipaasmp.FaultRequired)
	s, err = s.WithoutSource("tickets", review.GroundNotExpected, "No ticket system in March.", proof())
	require.NoError(t, err)
	n, ok := s.Excused("tickets")
	require.True(t, ok)
	require.Equal(t, proof(), *n.Proof)
	_, err = s.WithSource(manual("ehr-access", march()), review.NewException("tickets", finding("x-9", arn)))
	requireFault(t, err, hipaasmp.FaultDangling, "/exceptions/0/source")
}

func TestCapabilityIsStatedAfterwards(t *testing.T) {
	t.Parallel()
	r := log(march())
	r.Capability = review.Capability{State: review.CapabilityUnknown}
	s, err := open(t, march()).WithSource(r)
	require.NoError(t, err)
	next, err := s.WithCapability("ehr-log", enabled(day("2026-04-01")))
	require.NoError(t, err)
	require.Equal(t, review.CapabilityUnknown, s.Sources[0].Capability.State, "the old value changed")
	require.Equal(t, review.CapabilityEnabled, next.Sources[0].Capability.State)
	_, err = s.WithCapability("tickets", enabled(day("2026-04-01")))
	requireFault(t, err, hipaasmp.FaultDangling)
}

func TestAnExceptionThatBecameAnIncidentLeadsSomewhere(t *testing.T) {
	t.Parallel()
	s, err := covered(t, march(), exception("x-1")).Triage("x-1", program, on("2026-04-02"), "")
	require.NoError(t, err, "a program may triage")
	_, err = s.Explain("x-1", program, on("2026-04-03"), review.ExplanationTest, "x")
	requireFault(t, err, review.FaultProgram)
	_, err = s.Explain("x-1", reviewer, on("2026-04-03"), "", "x")
	requireFault(t, err, review.FaultDisposition)
	_, err = s.Explain("x-1", reviewer, on("2026-04-03"), review.ExplanationTest, "")
	requireFault(t, err, hipaasmp.FaultRequired)
	_, err = s.GiveUp("x-1", reviewer, on("2026-04-01"), "x")
	requireFault(t, err, hipaasmp.FaultOrder)
	_, err = s.GiveUp("x-2", reviewer, on("2026-04-03"), "x")
	requireFault(t, err, hipaasmp.FaultDangling)
	_, err = s.Escalate("x-1", reviewer, on("2026-04-03"), "x", hipaasmp.Ref{})
	requireFault(t, err, hipaasmp.FaultRequired)
	_, err = s.Escalate("x-1", reviewer, on("2026-04-03"), "x", hipaasmp.Ref{Kind: review.KindProcedure, ID: "p"})
	requireFault(t, err, review.FaultDisposition)
	for _, to := range []hipaasmp.Ref{{Kind: review.KindIncident, ID: "i"}, {Kind: "sanction.case", ID: "c"}, {Kind: "risk.analysis", ID: "a"}} {
		_, err = s.Escalate("x-1", reviewer, on("2026-04-03"), "x", to)
		require.NoError(t, err, to)
	}
	explained, err := s.Explain("x-1", reviewer, on("2026-04-03"), review.ExplanationTest, "x")
	require.NoError(t, err)
	_, err = explained.Reconsider("x-1", reviewer, on("2026-04-04"), "")
	requireFault(t, err, review.FaultIncomplete, "/exceptions/0/history/2/note")
	again, err := explained.Reconsider("x-1", reviewer, on("2026-04-04"), "There was no test.")
	require.NoError(t, err)
	require.Equal(t, []string{"x-1"}, again.Undisposed())
	require.Empty(t, explained.Undisposed())
}

func TestASteppedExceptionDoesNotShareItsListsWithTheOldOne(t *testing.T) {
	t.Parallel()
	given := exception("x-1")
	s := covered(t, march(), given)
	given.Reasons[0] = "changed"
	given.Events[0].Raw.Offset = 99
	e, ok := s.Exception("x-1")
	require.True(t, ok)
	require.NotEqual(t, "changed", e.Reasons[0])
	require.EqualValues(t, 12, e.Events[0].Raw.Offset)
}

func TestDetectorSetDescribesWhatTheDetectorsSay(t *testing.T) {
	t.Parallel()
	got := review.DetectorSet(detect.LogControl{})
	require.Len(t, got, 1)
	d := detect.LogControl{}.Describe()
	require.Equal(t, review.Detector{ID: d.ID, Version: d.Version, Title: d.Title, Parameters: d.Parameters, FalsePositives: d.FalsePositives}, got[0])
}

func TestASessionIsAbandonedForAReason(t *testing.T) {
	t.Parallel()
	_, err := open(t, march()).Abandon(official, on("2026-04-02"), "")
	requireFault(t, err, review.FaultIncomplete, "/history/0/note")
	_, err = open(t, march()).Abandon(program, on("2026-04-02"), "x")
	requireFault(t, err, review.FaultProgram)
	_, err = open(t, march()).Abandon(official, on("2026-03-31"), "x")
	requireFault(t, err, hipaasmp.FaultOrder)
}
