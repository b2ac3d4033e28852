package dossier_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
)

// BenchmarkVerifyOfSeventyTwoMonths verifies a signed package with the certified reviews of six years: 72 months, each with
// its session and its record, beside everything else that the sample clinic has.
func BenchmarkVerifyOfSeventyTwoMonths(b *testing.B) {
	h := furnished(b)
	session, record := h.records.Sessions[0], h.records.Reviews[0]
	for i := range 72 {
		s, r := session, record
		s.ID, r.ID = fmt.Sprintf("rs-%02d", i), fmt.Sprintf("rv-%02d", i)
		r.Session.ID = s.ID
		ref := r.DocumentRef()
		s.Record = &ref
		for _, d := range []hipaasmp.Document{s, r} {
			_, err := h.Put(b.Context(), tenant, d)
			require.NoError(b, err)
		}
	}
	var pack bytes.Buffer
	_, err := dossier.Write(b.Context(), &pack, h.Store, tenant, h.options())
	require.NoError(b, err)
	for b.Loop() {
		_, err := evidence.Verify(b.Context(), bytes.NewReader(pack.Bytes()), int64(pack.Len()), []string{h.signer.VerifierKey()}, evidence.VerifyOptions{})
		require.NoError(b, err)
	}
	b.ReportMetric(float64(pack.Len())/1e6, "MB")
}
