package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// ACT-01: a review without certifier is incomplete.
func TestVectorACT01AReviewWithoutCertifierIsIncomplete(t *testing.T) {
	t.Parallel()
	_, err := explained(t).Complete("r", reviewer, hipaasmp.Actor{}, on("2026-04-08"), may(), review.ExceptionsDisposed("Done."), independence())
	requireFault(t, err, review.FaultUncertified, "/certifier")
	_, err = explained(t).Complete("r", reviewer, official, on("2026-04-08"), may(), review.ExceptionsDisposed("Done."), independence())
	require.NoError(t, err)
}

// ACT-03: a system with ePHI in no review is a coverage gap. Which systems hold ePHI is the risk inventory's to say; this
// package says which systems are reviewed.
func TestVectorACT03TheSystemsUnderReviewAreListed(t *testing.T) {
	t.Parallel()
	p := procedure(t)
	require.Equal(t, []string{"ehr", "helpdesk"}, p.Systems())
	r := review.Records{Procedures: []review.Procedure{p}}
	require.Equal(t, []string{"ehr", "helpdesk"}, r.CoveredSystems(day("2026-03-01")))
	require.Empty(t, r.CoveredSystems(day("2025-12-31")), "the procedure is not in effect yet")
	require.NotContains(t, r.CoveredSystems(day("2026-03-01")), "imaging")
}

// ACT-05: an exception with no disposition leaves the review incomplete.
func TestVectorACT05AnExceptionWithoutDispositionLeavesTheReviewIncomplete(t *testing.T) {
	t.Parallel()
	s := covered(t, march(), exception("x-1"))
	complete := func(s review.Session) error {
		_, err := s.Complete("r", reviewer, official, on("2026-04-08"), may(), review.ExceptionsDisposed("Done."), independence())
		return err
	}
	requireFault(t, complete(s), review.FaultUndisposed, "/exceptions/0/state")
	s, err := s.Triage("x-1", reviewer, on("2026-04-02"), "")
	require.NoError(t, err)
	requireFault(t, complete(s), review.FaultUndisposed, "/exceptions/0/state")
	s, err = s.GiveUp("x-1", reviewer, on("2026-04-02"), "The host is gone.")
	require.NoError(t, err)
	require.NoError(t, complete(s))
}

// ACT-09: monthly interval, last review 40 days ago: overdue by policy, and not "a violation of HIPAA".
func TestVectorACT09AMissedIntervalIsOverdueByPolicy(t *testing.T) {
	t.Parallel()
	s, r := quiet(t, month("2026-03-01"), "2026-04-07")
	records := review.Records{Procedures: []review.Procedure{procedure(t)}, Sessions: []review.Session{s}, Records: []review.Record{r}}
	asOf := day("2026-04-07").AddDays(40)
	c := records.Coverage(hipaasmp.Period{From: day("2026-03-01")}, asOf)
	require.Len(t, c.Overdue, 1)
	o := c.Overdue[0]
	require.Equal(t, month("2026-04-01"), o.Period)
	require.Equal(t, day("2026-05-14"), o.Due)
	require.Equal(t, 3, o.Days)
	require.Len(t, o.Sources, 3)
	require.Contains(t, o.String(), "overdue by policy")
	require.NotContains(t, o.String(), "violation")
	require.Empty(t, records.Coverage(hipaasmp.Period{From: day("2026-03-01")}, day("2026-05-14")).Overdue, "the due day is still in time")
}
