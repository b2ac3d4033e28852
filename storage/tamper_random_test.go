package storage_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// ledgerOf writes a ledger of a size. From position `from` on its texts carry a mark, so that two ledgers can share their
// beginning and differ in their end.
func ledgerOf(t *testing.T, size, from uint64, mark string) driver.Backend {
	t.Helper()
	b := memory.New()
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	s := open(t, b, func(o *storage.Options) { o.Random = rand.NewChaCha8([32]byte{}) }) // the same salts in each
	for i := range size {
		text := fmt.Sprint("text ", i)
		if i >= from {
			text += mark
		}
		_, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i%7), text), storage.Reason("why"))
		require.NoError(t, err)
	}
	return b
}

// Somebody with every key and the whole database cuts the end off, takes an entry out of the middle, exchanges two
// entries, writes a new end with all its hashes and signatures, or brings an old copy back. One anchor that lies elsewhere
// finds each of them, wherever it happens.
func TestOneAnchorFindsEveryForgery(t *testing.T) {
	t.Parallel()
	const size = 40
	honest := ledgerOf(t, size, size, "")
	var rows []driver.Row
	require.NoError(t, honest.View(ctx, "clinic", func(r driver.Reader) (err error) {
		rows, err = r.Entries(0, size)
		return err
	}))
	require.Len(t, rows, size)
	anchorAt := func(n uint64) storage.Checkpoint {
		c, err := open(t, honest).CheckpointAt(ctx, "clinic", n)
		require.NoError(t, err)
		return c
	}
	same, err := open(t, ledgerOf(t, 20, 11, " otherwise")).CheckpointAt(ctx, "clinic", 11)
	require.NoError(t, err)
	require.Equal(t, anchorAt(11).Root, same.Root, "the ledgers share their beginning")
	rng := rand.New(rand.NewPCG(21, 22))
	between := func(from, to uint64) uint64 { return from + rng.Uint64N(to-from) } // to excluded
	for _, class := range []struct {
		name  string
		forge func(anchor uint64) driver.Backend
	}{
		{"the tail is cut", func(anchor uint64) driver.Backend {
			return altered{Backend: honest, cut: between(1, anchor)}
		}},
		{"an entry is taken out of the middle", func(uint64) driver.Backend {
			gone := between(1, size-1)
			return altered{Backend: honest, row: func(r *driver.Row) {
				if r.Seq == gone {
					r.Seq = 0 // the reader leaves it out
				}
			}}
		}},
		{"two entries are exchanged", func(uint64) driver.Backend {
			a := between(0, size-1)
			z := between(a+1, size)
			return altered{Backend: honest, row: func(r *driver.Row) {
				switch seq := r.Seq; seq {
				case a:
					*r = rows[z]
					r.Seq = seq
				case z:
					*r = rows[a]
					r.Seq = seq
				}
			}}
		}},
		{"the end is written anew", func(anchor uint64) driver.Backend {
			return ledgerOf(t, between(anchor, size+5), between(0, anchor), " otherwise")
		}},
		{"an old copy is brought back", func(anchor uint64) driver.Backend {
			return ledgerOf(t, between(1, anchor), size, "")
		}},
	} {
		for i := range long.Drill(20, 200, 200) {
			anchor := between(2, size+1)
			forged := class.forge(anchor)
			v, err := open(t, forged).VerifyTenant(ctx, "clinic", anchorAt(anchor).Note)
			require.NoError(t, err)
			require.ErrorIs(t, v.Err(), storage.ErrCorrupt, "%s, try %d, anchor at %d", class.name, i, anchor)
		}
	}
	v, err := open(t, honest).VerifyTenant(ctx, "clinic", anchorAt(size/2).Note)
	require.NoError(t, err)
	require.NoError(t, v.Err(), "the honest one verifies")
	_, err = open(t, honest).Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d1"})
	require.NoError(t, err)
}
