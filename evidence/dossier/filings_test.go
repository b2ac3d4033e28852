package dossier_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/storage"
)

// A sample's commitment has a place in the ledger, which is before the reading of its source where it was filed in time: the
// records say when a source was read, the ledger when the plan was there, and the place can be proved to anybody.
func TestTheLedgerSaysWhenASampleWasPlanned(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	p := h.records.Procedures[0]
	reviewer := hipaasmp.Actor{ID: "wf-102", Role: hipaasmp.RoleReviewer}
	nonce := bytes.Repeat([]byte{5}, 32)
	s, err := review.Open("rs-sampled", h.records.Entity, p, hipaasmp.Period{From: clinic.Today().AddMonths(-3), To: clinic.Today().AddDays(-20)}, reviewer, h.now)
	require.NoError(t, err)
	h.put(t, s)
	plan := review.SamplePlan{ID: "rights", Source: "ehr-access", Deviation: "A right that nobody needs.", Commitment: review.Commitment(nonce),
		Rule: review.SamplingRule{Confidence: decimal.RequireFromString("0.9"), Tolerable: decimal.RequireFromString("0.1")}}
	s, err = s.PlanSample(reviewer, h.now, plan)
	require.NoError(t, err)
	h.put(t, s)
	planned := h.now
	h.now = h.now.Add(time.Hour)
	s, err = s.WithSource(review.SourceReview{Source: "ehr-access", Method: review.MethodSampled, Capability: review.Capability{State: review.CapabilityUnknown},
		Read: review.ReadBetween(h.now, h.now.Add(time.Minute))})
	require.NoError(t, err)
	h.put(t, s)

	r, err := dossier.Load(t.Context(), h.Store, tenant, time.Time{})
	require.NoError(t, err)
	var of []review.Filing
	procedures := 0
	for _, f := range r.Filings {
		switch f.Ref.Kind {
		case review.KindSession:
			of = append(of, f)
		case review.KindProcedure:
			procedures++
			require.Empty(t, f.Commitments)
		}
	}
	require.Equal(t, 1, procedures, "the first version of the procedure")
	require.Len(t, of, 3, "of a session with a sample every version; of others none")
	require.Empty(t, of[0].Commitments)
	require.Equal(t, []hipaasmp.Digest{plan.Commitment}, of[1].Commitments)
	require.True(t, of[1].At.Equal(planned), "%s is not %s", of[1].At, planned)
	require.True(t, of[1].At.Before(s.Sources[0].Read.Began))
	require.Less(t, of[1].Position, of[2].Position)
	check, err := h.Checkpoint(t.Context(), tenant)
	require.NoError(t, err)
	proof, err := h.Inclusion(t.Context(), tenant, of[1].Position, check.Size)
	require.NoError(t, err, "the place is one that the ledger proves")
	require.NotEmpty(t, proof)

	then, err := dossier.Load(t.Context(), h.Store, tenant, planned)
	require.NoError(t, err)
	require.Len(t, then.Filings, 1+2, "as of an instant: what was filed until then")
	for e, err := range h.History(t.Context(), tenant, s.DocumentRef()) {
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(e.Ref().String(), string(review.KindSession)))
		_, err = storage.Decode[review.Session](e)
		require.NoError(t, err)
	}
}
