package evidence

import (
	"bufio"
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

func noteVerifiers(signers ...*storage.Signer) note.Verifiers {
	var list []note.Verifier
	for _, s := range signers {
		list = append(list, s.Verifier())
	}
	return note.VerifierList(list...)
}

func disposition(h *house, id string) retention.Disposition {
	return retention.Disposition{Ref: hipaasmp.Ref{Kind: "test.policy", ID: id}, Requested: official(), Approved: manager(), At: h.now, Method: retention.MethodRowRemoved}
}

// requireFinding requires that verification failed at the level with the code, in words that contain says.
func requireFinding(t testing.TB, err error, level Level, code hipaasmp.FaultCode, says string) {
	t.Helper()
	var ve *VerificationError
	require.ErrorAs(t, err, &ve)
	require.Equal(t, level, ve.Level, "%v", err)
	require.True(t, ve.Has(code), "want %s: %v", code, err)
	found := ""
	for _, f := range ve.Findings {
		if f.Code == code {
			found += f.Error() + "\n"
		}
	}
	require.Contains(t, found, says)
}

func newReader(b []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(b)) }

func sortedNames(files map[string][]byte) []string { return slices.Sorted(maps.Keys(files)) }
