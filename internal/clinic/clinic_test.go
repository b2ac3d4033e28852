package clinic_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
)

func TestTheClinicIsBuiltAndEveryDocumentValidates(t *testing.T) {
	t.Parallel()
	for _, as := range []hipaasmp.EntityType{hipaasmp.EntityCoveredEntity, hipaasmp.EntityBusinessAssociate} {
		r, err := clinic.New(as)
		require.NoError(t, err)
		for _, d := range clinic.Documents(r) {
			require.NoError(t, d.Validate(), d.DocumentRef())
		}
		for _, g := range r.Gaps(clinic.Today()) {
			t.Log(g.Code, g.Missing)
		}
		require.Empty(t, r.Gaps(clinic.Today()))
	}
}
