package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

func TestATenantMovesWithHistoryHoldsAndProofs(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct{ from, to []func(*storage.Options) }{
		"one key, in the clear":  {nil, nil},
		"other keys, sealed":     {[]func(*storage.Options){sealing(newRing(t, filepath.Join(t.TempDir(), "a")))}, []func(*storage.Options){sealing(newRing(t, filepath.Join(t.TempDir(), "b"))), withKeys(testSigner(t, "z")), knowing(t, "a")}},
		"one key, sealed by one": {[]func(*storage.Options){sealing(ringFor(t))}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "one key, sealed by one" {
				x.to = x.from
			}
			from, c := newStore(t, append(x.from, func(o *storage.Options) { o.Product = "clinic.example" })...)
			_, err := from.Put(ctx, "clinic", newProcedure("old", "T", "2010-01-01"), storage.Reason("why"))
			require.NoError(t, err)
			_, err = from.Put(ctx, "clinic", newProcedure("old", "T2", "2010-01-01"))
			require.NoError(t, err)
			require.NoError(t, from.Update(ctx, "clinic", func(tx *storage.Tx) error {
				for i := range 300 {
					if _, err := tx.Put(newProcedure("p", string(rune('a'+i%26)), "2018-01-01")); err != nil {
						return err
					}
				}
				return nil
			}))
			for _, h := range []retention.Hold{holdOn("m-open", refP), holdOn("m-gone")} {
				_, err = from.PlaceHold(ctx, "clinic", h)
				require.NoError(t, err)
			}
			_, err = from.ReleaseHold(ctx, "clinic", "m-gone", manager, "closed")
			require.NoError(t, err)
			_, err = from.Put(ctx, "clinic", newProcedure("q", "T", "2018-01-01"))
			require.NoError(t, err)
			refQ := hipaasmp.Ref{Kind: KindProcedure, ID: "q"}
			_, err = from.Extend(ctx, "clinic", refQ, hipaasmp.Day(2040, 1, 1), officer, "contract")
			require.NoError(t, err)
			c.now = c.now.Add(time.Hour)
			_, err = destroy(from, "clinic", disposition("old"))
			require.NoError(t, err)
			anchor, err := from.Checkpoint(ctx, "clinic")
			require.NoError(t, err)

			to, d := newStore(t, append(x.to, func(o *storage.Options) { o.Product = "clinic.example" })...)
			d.now = c.now
			e, err := to.MoveIn(ctx, from, "clinic", officer, "another vendor")
			require.NoError(t, err)
			require.Equal(t, storage.OpMoved, e.Op)
			v, err := to.VerifyTenant(ctx, "clinic", anchor.Note)
			require.NoError(t, err)
			require.NoError(t, v.Err())
			for seq := range anchor.Size {
				proof, err := to.Inclusion(ctx, "clinic", seq, anchor.Size)
				require.NoError(t, err)
				for e, err := range from.Entries(ctx, "clinic", seq, seq+1) {
					require.NoError(t, err)
					require.NoError(t, tlog.CheckRecord(proof, int64(anchor.Size), anchor.Root, int64(seq), e.Leaf()))
				}
				if seq%50 == 0 && seq > 0 {
					was, err1 := from.CheckpointAt(ctx, "clinic", seq)
					is, err2 := to.CheckpointAt(ctx, "clinic", seq)
					require.Equal(t, err1 == nil, err2 == nil)
					require.Equal(t, was, is)
				}
			}
			var he *retention.HeldError
			_, err = destroy(to, "clinic", disposition("p"))
			require.ErrorAs(t, err, &he)
			require.Equal(t, []string{"m-open"}, he.Matters)
			var re *retention.RetainedError
			_, err = destroy(to, "clinic", disposition("q"))
			require.ErrorAs(t, err, &re)
			_, err = to.Put(ctx, "clinic", newProcedure("old", "T3", "2010-01-01"))
			require.ErrorIs(t, err, storage.ErrDisposed)
			_, err = to.Put(ctx, "clinic", newProcedure("p", "new", "2018-01-01"))
			require.NoError(t, err)

			// Off-boarding: what stands against it here.
			left := map[string]bool{}
			for l, err := range to.Leftovers(ctx, "clinic", hipaasmp.Day(2026, 3, 1)) {
				require.NoError(t, err)
				left[string(l.Ref.Kind)+"/"+l.Ref.ID] = true
			}
			require.True(t, left["clinic.procedure/p"] && left["clinic.procedure/q"])
			require.Len(t, left, 2, "certificates stay readable and do not stand against it")
			_, err = to.ReleaseHold(ctx, "clinic", "m-open", manager, "closed")
			require.NoError(t, err)
			for l, err := range to.Leftovers(ctx, "clinic", hipaasmp.Day(2041, 1, 1)) {
				require.NoError(t, err)
				var undisposed *storage.UndisposedError
				require.ErrorAs(t, l.Err, &undisposed, "what may be disposed of is disposed of first")
			}
		})
	}
}

func ringFor(t testing.TB) *storage.KeyRing { return newRing(t, filepath.Join(t.TempDir(), "keys")) }

func knowing(t testing.TB, seed string) func(*storage.Options) {
	return func(o *storage.Options) { o.Verifiers = note.VerifierList(testSigner(t, seed).Verifier()) }
}

func TestWhatCannotBeMoved(t *testing.T) {
	t.Parallel()
	from, to := open(t, memory.New()), open(t, memory.New())
	fill(t, from, "1", "2")
	var me *storage.MoveError
	_, err := to.MoveIn(ctx, nil, "clinic", officer, "x")
	require.ErrorAs(t, err, &me)
	_, err = to.MoveIn(ctx, to, "clinic", officer, "x")
	require.ErrorAs(t, err, &me)
	_, err = to.MoveIn(ctx, from, "nobody", officer, "x")
	require.ErrorIs(t, err, storage.ErrNotFound)
	_, err = open(t, memory.New(), func(o *storage.Options) { o.Product = "other" }).MoveIn(ctx, from, "clinic", officer, "x")
	require.ErrorAs(t, err, &me)
	fill(t, to, "3")
	_, err = to.MoveIn(ctx, from, "clinic", officer, "x")
	require.ErrorAs(t, err, &me, "another ledger under the same name")
	fill(t, to, "4", "5")
	_, err = to.MoveIn(ctx, from, "clinic", officer, "x")
	require.ErrorAs(t, err, &me)
	// A move that was interrupted at any of its transactions goes on.
	for k := range 5 {
		b := memory.New()
		boom := errors.New("interrupted")
		f := &interrupted{Backend: b, left: k, err: boom}
		e, err := open(t, f).MoveIn(ctx, from, "clinic", officer, "x")
		if err != nil {
			require.ErrorIs(t, err, boom)
			f.left = 100
			e, err = open(t, f).MoveIn(ctx, from, "clinic", officer, "x")
		}
		require.NoError(t, err, "interrupted after %d", k)
		require.Equal(t, uint64(2), e.Seq)
		v, err := open(t, b).VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.NoError(t, v.Err())
	}
	var lost *storage.LostKeyError
	other := open(t, memory.New(), withKeys(testSigner(t, "q")))
	_, err = other.MoveIn(ctx, from, "clinic", officer, "x")
	require.ErrorAs(t, err, &lost, "a key that is not known")
}

// interrupted is a backend whose writes fail after some.
type interrupted struct {
	driver.Backend
	left int
	err  error
}

func (i *interrupted) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	if i.left == 0 {
		return i.err
	}
	i.left--
	return i.Backend.Update(ctx, tenant, fn)
}
