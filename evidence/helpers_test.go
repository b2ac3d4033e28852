package evidence

import (
	"bufio"
	"bytes"
	"context"
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

// destroy takes a disposal through all of its steps in one transaction.
func destroy(h *house, id string) error {
	ref := hipaasmp.Ref{Kind: "test.policy", ID: id}
	return h.store.Update(context.Background(), tenant, func(tx *storage.Tx) error {
		if _, err := tx.ProposeDisposal(ref, retention.MethodRowRemoved, official()); err != nil {
			return err
		}
		if _, err := tx.ReviewDisposal(ref, official(), ""); err != nil {
			return err
		}
		if _, err := tx.ApproveDisposal(ref, manager()); err != nil {
			return err
		}
		_, err := tx.Dispose(ref, manager())
		return err
	})
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
