package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

func item(id string) review.OpenItem {
	return review.OpenItem{ID: id, Source: "ehr-log", What: "The host clock of the log runs two minutes late.", Explanation: "The time service was moved.",
		Owner: technician.ID, Since: day("2026-03-20"), Due: day("2026-05-15")}
}

// leaving is the certified record of March with an open item.
func leaving(t require.TestingT) review.Record {
	s, err := covered(t, march()).Carry(item("clock"))
	require.NoError(t, err)
	r, err := s.Complete("r-march", reviewer, official, on("2026-04-08"), may(), review.NoExceptions("I certify March."), independence())
	require.NoError(t, err)
	return r
}

func TestWhatAReviewLeavesOpenIsCarriedUntilItIsClosed(t *testing.T) {
	t.Parallel()
	first := leaving(t)
	roundTrip(t, first)
	carried := first.Unfinished(first.DocumentRef())
	require.Len(t, carried, 1)
	require.Equal(t, review.Origin{Document: first.DocumentRef(), Item: "clock"}, *carried[0].From)
	next := covered(t, month("2026-04-01"))
	find := func(s review.Session, asOf string) []hipaasmp.Gap {
		r := on1(procedure(t), first)
		r.Sessions = []review.Session{s}
		return gaps(t, r, hipaasmp.Period{From: day("2026-01-01")}, asOf, review.GapOpenItem)
	}
	require.Empty(t, gaps(t, on1(procedure(t), first), hipaasmp.Period{}, "2026-05-01", review.GapOpenItem), "the next review has not begun")
	got := find(next, "2026-05-02")
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "neither carries it nor closes it")
	require.Equal(t, []hipaasmp.Ref{first.DocumentRef(), next.DocumentRef()}, got[0].Refs)
	require.Empty(t, find(next, "2026-04-30"), "on that day it had not begun")

	next, err := next.Carry(carried...)
	require.NoError(t, err)
	require.Empty(t, find(next, "2026-05-02"))
	got = find(next, "2026-05-16")
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "was to be closed by 2026-05-15")
	require.Equal(t, next.DocumentRef(), got[0].Refs[0], "it is asked of the review that carries it")
	closed, err := next.CloseItem("clock", technician, on("2026-05-10"), "The clock is set and watched.", first.DocumentRef())
	require.NoError(t, err)
	roundTrip(t, closed)
	require.Empty(t, find(closed, "2026-05-16"))
	require.Empty(t, closed.Unfinished(closed.DocumentRef()))
	r := on1(procedure(t), first)
	r.Sessions = []review.Session{closed}
	require.Empty(t, r.Open(day("2026-05-16")))
	require.Len(t, r.Open(day("2026-05-09")), 1, "on that day it was open")
	r.Sessions = []review.Session{next}
	open := r.Open(day("2026-05-16"))
	require.Len(t, open, 1, "it is listed once")
	require.Equal(t, next.DocumentRef(), open[0].Document)
}

func TestAnExceptionWithoutDispositionIsCarried(t *testing.T) {
	t.Parallel()
	s := covered(t, march(), exception("x-1"))
	given, err := s.Abandon(official, on("2026-04-20"), "The reviewer left.")
	require.NoError(t, err)
	next := covered(t, month("2026-04-01"))
	for name, earlier := range map[string]review.Session{"open": s, "given up": given} {
		r := review.Records{Procedures: []review.Procedure{procedure(t)}, Sessions: []review.Session{earlier, next}}
		got := gaps(t, r, hipaasmp.Period{From: day("2026-01-01")}, "2026-05-02", review.GapOpenItem)
		require.Len(t, got, 1, name)
		require.Contains(t, got[0].Missing, "x-1 of the review of 2026-03-01", name)
		carrying, err := next.Carry(earlier.Unfinished(earlier.DocumentRef())...)
		require.NoError(t, err)
		require.Contains(t, carrying.OpenItems[0].What, "StopLogging")
		require.Equal(t, reviewer.ID, carrying.OpenItems[0].Owner)
		r.Sessions[1] = carrying
		require.Empty(t, gaps(t, r, hipaasmp.Period{From: day("2026-01-01")}, "2026-05-02", review.GapOpenItem), name)
	}
	r := review.Records{Procedures: []review.Procedure{procedure(t)}, Sessions: []review.Session{explained(t), next}}
	require.Empty(t, gaps(t, r, hipaasmp.Period{From: day("2026-01-01")}, "2026-05-02", review.GapOpenItem), "it has its disposition")
}

func TestACorrectionKeepsWhatWasCarried(t *testing.T) {
	t.Parallel()
	first := leaving(t)
	next, err := covered(t, month("2026-04-01")).Carry(first.Unfinished(first.DocumentRef())...)
	require.NoError(t, err)
	again, err := covered(t, march()).Carry(item("clock"))
	require.NoError(t, err)
	right, err := again.Correct("r-march-b", first, "A file was left out.", reviewer, official, on("2026-05-05"), may(), review.NoExceptions("I certify March."), independence())
	require.NoError(t, err)
	r := on1(procedure(t), first, right)
	r.Sessions = []review.Session{next}
	require.Empty(t, gaps(t, r, hipaasmp.Period{From: day("2026-01-01")}, "2026-05-10", review.GapOpenItem))
	require.Len(t, r.Open(day("2026-05-10")), 1)
}

func TestOpenItemsThatContradictThemselvesAreRefused(t *testing.T) {
	t.Parallel()
	s := covered(t, march())
	try := func(change func(*review.OpenItem), more ...review.OpenItem) error {
		x := item("clock")
		change(&x)
		_, err := s.Carry(append([]review.OpenItem{x}, more...)...)
		return err
	}
	from := &review.Origin{Document: hipaasmp.Ref{Kind: review.KindRecord, ID: "r-feb"}, Item: "clock"}
	require.NoError(t, try(func(x *review.OpenItem) { x.From = from }))
	requireFault(t, try(func(x *review.OpenItem) { x.Owner = "" }), hipaasmp.FaultRequired, "/open_items/0/owner")
	requireFault(t, try(func(x *review.OpenItem) { x.Due = day("2026-03-01") }), hipaasmp.FaultOrder, "/open_items/0/due")
	requireFault(t, try(func(x *review.OpenItem) { x.Source = "door" }), review.FaultNotSource, "/open_items/0/source")
	requireFault(t, try(func(*review.OpenItem) {}, item("clock")), hipaasmp.FaultIdentity, "/open_items/1/id")
	twice := item("watch")
	twice.From = from
	requireFault(t, try(func(x *review.OpenItem) { x.From = from }, twice), review.FaultOpenItem, "/open_items/1/from")
	requireFault(t, try(func(x *review.OpenItem) {
		x.From = &review.Origin{Document: hipaasmp.Ref{Kind: review.KindIncident, ID: "i"}, Item: "a"}
	}), hipaasmp.FaultDangling, "/open_items/0/from/document/kind")
	requireFault(t, try(func(x *review.OpenItem) {
		x.Closed = &review.Closing{Signature: review.Signature{By: program, At: on("2026-03-30")}, Words: "Done."}
	}), review.FaultProgram, "/open_items/0/closed/by")
	_, err := s.CloseItem("none", technician, on("2026-04-03"), "Done.")
	requireFault(t, err, hipaasmp.FaultDangling, "/open_items")
	s, err = s.Carry(item("clock"))
	require.NoError(t, err)
	s, err = s.CloseItem("clock", technician, on("2026-04-03"), "Done.")
	require.NoError(t, err)
	_, err = s.CloseItem("clock", technician, on("2026-04-04"), "Done again.")
	requireFault(t, err, review.FaultOpenItem, "/open_items/0/closed")
	_, err = s.CloseItem("clock", technician, on("2026-03-04"), "Before.")
	require.Error(t, err)
}
