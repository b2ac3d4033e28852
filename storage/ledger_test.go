package storage_test

import (
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// open returns a store over a backend that several stores share.

func open(t *testing.T, b driver.Backend, alter ...func(*storage.Options)) *storage.Store {
	t.Helper()
	o := storage.Options{Signer: testSigner(t, "a"), Clock: func() time.Time { return at("2026-02-03T09:00:00Z") }}
	for _, f := range alter {
		f(&o)
	}
	s, err := storage.New(b, o)
	require.NoError(t, err)
	return s
}

func TestEveryMutationIsALeaf(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "Title", "2020-01-01"), storage.By(officer))
	require.NoError(t, err)
	_, err = s.PlaceHold(ctx, "clinic", holdOn("m"))
	require.NoError(t, err)
	_, err = s.Extend(ctx, "clinic", hipaasmp.Ref{Kind: KindProcedure, ID: "p"}, hipaasmp.Day(2026, 6, 1), officer, "contract")
	require.NoError(t, err)
	_, err = s.ReleaseHold(ctx, "clinic", "m", manager, "closed")
	require.NoError(t, err)
	_, err = s.NewEpoch(ctx, "clinic", officer, "rehearsal")
	require.NoError(t, err)
	c.now = at("2027-01-01T00:00:00Z")
	_, err = destroy(s, "clinic", disposition("p"))
	require.NoError(t, err)

	var ops []storage.Op
	for e, err := range s.Entries(ctx, "clinic", 0, 100) {
		require.NoError(t, err)
		require.Equal(t, uint64(len(ops)), e.Seq)
		ops = append(ops, e.Op)
	}
	require.Equal(t, []storage.Op{storage.OpPut, storage.OpHoldPlaced, storage.OpRetentionExtended, storage.OpHoldReleased, storage.OpEpochStarted, storage.OpPut, storage.OpPut, storage.OpPut, storage.OpDisposed, storage.OpPut}, ops)
	for e, err := range s.Entries(ctx, "clinic", 2, 4) {
		require.NoError(t, err)
		require.Contains(t, []uint64{2, 3}, e.Seq)
	}
	for e, err := range s.List(ctx, "clinic", storage.Query{Disposed: true}) {
		require.NoError(t, err)
		require.Equal(t, KindProcedure, e.Kind, "the store's own acts are no documents of the tenant's")
	}
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

func TestIteratorsBeginAnewEachTime(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for _, id := range []string{"a", "b", "a"} {
		_, err := s.Put(ctx, "clinic", newDraft(id, "x"))
		require.NoError(t, err)
	}
	for name, it := range map[string]struct {
		seq  iter.Seq2[storage.Entry, error]
		want int
	}{
		"entries": {s.Entries(ctx, "clinic", 0, 9), 3},
		"history": {s.History(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "a"}), 2},
		"list":    {s.List(ctx, "clinic", storage.Query{}), 2},
	} {
		for range 2 {
			n := 0
			for _, err := range it.seq {
				require.NoError(t, err)
				n++
			}
			require.Equal(t, it.want, n, name)
		}
	}
}

func TestProofsRefuseWhatIsNotThere(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for _, id := range []string{"a", "b", "c"} {
		_, err := s.Put(ctx, "clinic", newDraft(id, "x"))
		require.NoError(t, err)
	}
	var re *storage.RangeError
	for _, x := range [][2]uint64{{3, 3}, {0, 0}, {0, 4}, {9, 9}, {2, 2}} {
		_, err := s.Inclusion(ctx, "clinic", x[0], x[1])
		require.ErrorAs(t, err, &re, x)
		require.Equal(t, "clinic", re.Tenant)
	}
	for _, x := range [][2]uint64{{0, 3}, {4, 3}, {1, 4}, {0, 0}} {
		_, err := s.Consistency(ctx, "clinic", x[0], x[1])
		require.ErrorAs(t, err, &re, x)
	}
	_, err := s.CheckpointAt(ctx, "clinic", 0)
	require.ErrorIs(t, err, storage.ErrNotFound)
}

// An auditor has the entry, the salt, the proof and the checkpoint, and no database.

func TestAuditorNeedsNoStore(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		_, err := s.Put(ctx, "clinic", newDraft(id, "x"))
		require.NoError(t, err)
	}
	entry, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "c"})
	require.NoError(t, err)
	head, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	proof, err := s.Inclusion(ctx, "clinic", entry.Seq, head.Size)
	require.NoError(t, err)
	envelope, vkey := entry.Bytes(), testSigner(t, "a").VerifierKey()

	verifier, err := note.NewVerifier(vkey)
	require.NoError(t, err)
	c, err := storage.ParseCheckpoint(head.Note, note.VerifierList(verifier))
	require.NoError(t, err)
	e, err := storage.ParseEnvelope(envelope)
	require.NoError(t, err)
	require.NoError(t, tlog.CheckRecord(proof, int64(c.Size), c.Root, int64(e.Seq), e.Leaf()))
	require.Equal(t, e.BodyDigest, storage.BodyDigest(entry.Salt, entry.Body))
}

func TestTwoStoresOnOneBackendExtendEachOther(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	one, two := open(t, b), open(t, b)
	for i := range 6 {
		s := []*storage.Store{one, two}[i%2]
		_, err := s.Put(ctx, "clinic", newDraft("d", string(rune('a'+i))))
		require.NoError(t, err)
	}
	v, err := one.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(6), v.Size)
}

// kms is a signer that keeps its key elsewhere and brings no verifier.

// altered is a backend whose rows, nodes or heads somebody changed behind the store.
