package storage_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// lived is a record that was in effect many times.
type lived struct {
	Draft
	periods []hipaasmp.Period
}

func newLived(id string, periods int) lived {
	x := lived{Draft: newDraft(id, "x")}
	day := hipaasmp.Day(2000, 1, 1)
	for range periods {
		x.periods = append(x.periods, hipaasmp.Period{From: day, To: day})
		day = day.AddDays(2)
	}
	return x
}

func (lived) Citations() []hipaasmp.Citation { return []hipaasmp.Citation{hipaasmp.CiteDocumentation} }

func (l lived) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: hipaasmp.Day(2000, 1, 1), InEffect: l.periods}
}

// Every limit that the package states, at the limit and one beyond it. Those of a driver are in its own tests and in
// storagetest.
func TestLimits(t *testing.T) {
	t.Parallel()
	invalid := new(*hipaasmp.ValidationError)
	t.Run("a tenant and an identity have 128 characters", func(t *testing.T) {
		t.Parallel()
		s, _ := newStore(t)
		_, err := s.Put(ctx, strings.Repeat("t", 128), newDraft(strings.Repeat("d", 128), "x"))
		require.NoError(t, err)
		_, err = s.Put(ctx, strings.Repeat("t", 129), newDraft("d", "x"))
		require.ErrorIs(t, err, storage.ErrTenant)
		_, err = s.Put(ctx, "clinic", newDraft(strings.Repeat("d", 129), "x"))
		require.ErrorAs(t, err, invalid)
	})
	t.Run("a product has 128 characters", func(t *testing.T) {
		t.Parallel()
		for length, ok := range map[int]bool{128: true, 129: false} {
			_, err := storage.New(memory.New(), storage.Options{Signer: testSigner(t, "a"), Product: strings.Repeat("p", length)})
			require.Equal(t, ok, err == nil)
			if !ok {
				require.ErrorAs(t, err, new(*storage.OptionsError))
			}
		}
	})
	t.Run("a reason has 4,096 bytes", func(t *testing.T) {
		t.Parallel()
		s, _ := newStore(t)
		_, err := s.Put(ctx, "clinic", newDraft("d", "x"), storage.Reason(strings.Repeat("r", 4096)))
		require.NoError(t, err)
		_, err = s.Put(ctx, "clinic", newDraft("d", "x"), storage.Reason(strings.Repeat("r", 4097)))
		require.ErrorAs(t, err, invalid)
		require.ErrorContains(t, err, "4096")
	})
	t.Run("a body has what the driver keeps, sealed too", func(t *testing.T) {
		t.Parallel()
		for _, options := range [][]func(*storage.Options){nil, {sealing(newRing(t, filepath.Join(t.TempDir(), "keys")))}} {
			s, _ := newStore(t, options...)
			e, err := s.Put(ctx, "clinic", newDraft("d", ""))
			require.NoError(t, err)
			limit := 16 << 20
			if options != nil {
				limit -= 4096 + 64 // room for the longest reason and for what sealing adds
			}
			around := len(e.Body) + len(`"text":"",`)
			_, err = s.Put(ctx, "clinic", newDraft("d", strings.Repeat("x", limit-around)), storage.Reason(strings.Repeat("r", 4096)))
			require.NoError(t, err)
			e, err = s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d"})
			require.NoError(t, err)
			require.Len(t, e.Body, limit)
			_, err = s.Put(ctx, "clinic", newDraft("d", strings.Repeat("x", limit-around+1)))
			require.ErrorIs(t, err, storage.ErrTooLarge)
		}
	})
	t.Run("an envelope has 64 KiB", func(t *testing.T) {
		t.Parallel()
		s, _ := newStore(t)
		_, err := s.Put(ctx, "clinic", newLived("a", 100))
		require.NoError(t, err, "a hundred effective periods are far below it")
		_, err = s.Put(ctx, "clinic", newLived("b", 3000))
		require.ErrorIs(t, err, storage.ErrTooLarge)
		require.ErrorContains(t, err, "effective periods")
		_, err = storage.ParseEnvelope(bytes.Repeat([]byte("{"), 64<<10+1))
		require.ErrorContains(t, err, "longer than any envelope")
		require.ErrorAs(t, err, new(*storage.EnvelopeError))
		v, err := s.VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.NoError(t, v.Err())
		require.Equal(t, uint64(1), v.Size)
	})
	t.Run("a cursor has 512 bytes", func(t *testing.T) {
		t.Parallel()
		s, _ := newStore(t)
		_, err := s.Page(ctx, "clinic", storage.Query{After: storage.Cursor(strings.Repeat("A", 513))})
		require.ErrorAs(t, err, new(*storage.CursorError))
	})
	t.Run("a key file has 4,096 bytes", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "key")
		require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("k"), 4097), 0o600))
		_, err := storage.LoadSigner(path)
		require.ErrorAs(t, err, new(*storage.KeyError))
		require.ErrorContains(t, err, "too long")
	})
	t.Run("a verification lists 1,000 faults and counts the others", func(t *testing.T) {
		t.Parallel()
		const entries = 1100
		b := memory.New()
		require.NoError(t, open(t, b).Update(ctx, "clinic", func(tx *storage.Tx) error {
			for range entries {
				if _, err := tx.Put(newDraft("d", "x")); err != nil {
					return err
				}
			}
			return nil
		}))
		v, err := open(t, altered{Backend: b, row: func(r *driver.Row) { r.Body = []byte("{}") }}).VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.Len(t, v.Faults, 1000)
		require.GreaterOrEqual(t, v.More, entries-1000)
		require.ErrorIs(t, v.Err(), storage.ErrCorrupt)
	})
}
