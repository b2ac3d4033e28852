package storage

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

type leafDoc struct{ hipaasmp.Header }

func (leafDoc) Validate() error { return nil }

// Whoever has the key can begin an epoch that names another past than the ledger's own. The replay tells.
func TestAnEpochThatNamesAnotherPastIsFound(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	origin := Origin("clinic.example", "clinic", 1)
	for name, previous := range map[string]string{
		"another root": FormatCheckpoint(origin, 1, tlog.RecordHash([]byte("x"))),
		"another size": FormatCheckpoint(origin, 2, tlog.RecordHash([]byte("x"))),
		"nonsense":     "nonsense\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signer, err := NewSigner(strings.NewReader(strings.Repeat("a", 64)), "clinic.example")
			require.NoError(t, err)
			s, err := New(memory.New(), Options{Signer: signer})
			require.NoError(t, err)
			defer s.Close()
			_, err = s.Put(ctx, "clinic", leafDoc{hipaasmp.NewHeader("clinic.leaf", "a")})
			require.NoError(t, err)
			require.NoError(t, s.Update(ctx, "clinic", func(tx *Tx) error {
				doc := EpochStart{Header: hipaasmp.NewHeader(KindEpoch, epochID(2)), Epoch: 2, Previous: previous}
				p, err := s.prepareAny(doc, nil)
				require.NoError(t, err)
				_, err = tx.append(OpEpochStarted, p, Entry{})
				tx.epoch = 2
				return err
			}))
			v, err := s.VerifyTenant(ctx, "clinic")
			require.NoError(t, err)
			require.True(t, v.Has(FaultRewritten), "%v", v.Faults)
		})
	}
}
