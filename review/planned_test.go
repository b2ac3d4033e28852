package review_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// A stored document shows by itself whether the nonce of a sample was committed before its source was read.
func TestASampleIsPlannedBeforeItsSourceIsRead(t *testing.T) {
	t.Parallel()
	s := concluded(t, 0, 0)
	require.NoError(t, s.Validate())
	began := s.Sources[0].Read.Began
	for name, c := range map[string]struct {
		forge   func(*review.Session)
		code    hipaasmp.FaultCode
		pointer string
	}{
		"planned when the reading began": {func(s *review.Session) { s.Samples[0].At = began }, review.FaultSample, "/samples/0/at"},
		"planned in the reading":         {func(s *review.Session) { s.Samples[0].At = began.Add(time.Minute) }, review.FaultSample, "/samples/0/at"},
		"read before the plan": {func(s *review.Session) {
			s.Sources[0].Read = review.ReadBetween(on("2026-03-31"), on("2026-03-31"))
		}, review.FaultSample, "/samples/0/at"},
		"drawn before the reading": {func(s *review.Session) { s.Samples[0].Drawing.At = s.Samples[0].At }, hipaasmp.FaultOrder, "/samples/0/drawing/at"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forged := concluded(t, 0, 0)
			c.forge(&forged)
			requireFault(t, forged.Validate(), c.code, c.pointer)
		})
	}
}

// What the record says of its own times is borne out by the ledger, or is a gap.
func TestTheLedgerShowsThatAPlanCameBeforeTheReading(t *testing.T) {
	t.Parallel()
	planned := planned(t)
	s, err := concluded(t, 0, 0).WithSource(log(march()))
	require.NoError(t, err)
	s, err = s.WithSource(manual("tickets", march()))
	require.NoError(t, err)
	x, err := certifySampled(s)
	require.NoError(t, err)
	began := s.Sources[0].Read.Began
	p := procedure(t)
	filed := func(at time.Time, position uint64, s review.Session) review.Filing {
		ref := s.DocumentRef()
		ref.Version = position
		return review.FilingOf(s, ref, at, position)
	}
	before := review.Filing{Ref: hipaasmp.Ref{Kind: review.KindProcedure, ID: p.ID, Version: 1}, At: day("2025-12-15").StartIn(chicago()), Position: 2}
	bare := open(t, march())
	for name, c := range map[string]struct {
		filings []review.Filing
		want    []string
	}{
		"no ledger":         {nil, nil},
		"committed before":  {[]review.Filing{filed(began.Add(time.Hour), 9, s), filed(began.Add(-time.Minute), 5, planned), filed(began.Add(-time.Hour), 4, bare), before}, nil},
		"committed after":   {[]review.Filing{filed(began.Add(time.Hour), 9, s), filed(began.Add(time.Minute), 6, planned), filed(began.Add(-time.Hour), 4, bare)}, []string{"The ledger has the commitment of sample rights since"}},
		"at the same time":  {[]review.Filing{filed(began, 6, planned)}, []string{"The ledger has the commitment of sample rights since"}},
		"never committed":   {[]review.Filing{filed(began.Add(-time.Hour), 4, bare)}, []string{"with the commitment of sample rights."}},
		"another document":  {[]review.Filing{{Ref: hipaasmp.Ref{Kind: review.KindSession, ID: "other"}, At: began}}, nil},
		"a procedure after": {[]review.Filing{filed(began.Add(-time.Minute), 5, planned), {Ref: before.Ref, At: began.Add(time.Second), Position: 7}}, []string{"The ledger has procedure version 2026-1 since"}},
		"a ledger that began after the reading says nothing of the procedure": {[]review.Filing{{Ref: before.Ref, At: began.Add(time.Second), Position: 7}}, nil},
	} {
		r := on1(p, x)
		r.Filings = c.filings
		got := gaps(t, r, march(), "2026-04-20", review.GapPlanned)
		require.Len(t, got, len(c.want), "%s: %+v", name, got)
		for i, words := range c.want {
			require.Contains(t, got[i].Missing, words, name)
		}
	}
	r := on1(p, x)
	r.Records[0].Sources[0].Read = nil
	require.Contains(t, gaps(t, r, march(), "2026-04-20", review.GapPlanned)[0].Missing, "nobody can tell whether sample rights was planned before")
}

// A procedure version that was approved after the records were read did not govern the reading.
func TestAProcedureIsApprovedBeforeTheReading(t *testing.T) {
	t.Parallel()
	x := record(t)
	x.Sources[0].Read = review.ReadBetween(day("2025-12-14").StartIn(chicago()), day("2025-12-14").StartIn(chicago()))
	got := gaps(t, on1(procedure(t), x), march(), "2026-04-20", review.GapPlanned)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "before procedure version 2026-1 was approved on 2025-12-15")
	x.Sources[0].Read = review.ReadBetween(day("2025-12-15").StartIn(chicago()), day("2025-12-15").StartIn(chicago()))
	require.Empty(t, gaps(t, on1(procedure(t), x), march(), "2026-04-20", review.GapPlanned))
}
