package storagetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

// sweepChecks ask what a driver's transactions are for when content is destroyed: whatever stands against a disposal is
// seen in the transaction that destroys.
func sweepChecks() []check {
	ctx := context.Background()
	spring := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	ref := func(id string) hipaasmp.Ref { return hipaasmp.Ref{Kind: noteKind, ID: id} }
	return []check{
		{"a hold by query guards what comes into its scope, before and after it was placed", func(t *testing.T, s *suite) {
			store := newStore(t, s.backend(t), &hand{spring}, "a")
			put := func(id string) {
				_, err := store.Put(ctx, "t", newNote(id, "text"))
				require.NoError(t, err)
			}
			put("a-1")
			put("b-1")
			for _, id := range []string{"a-1", "b-1"} {
				require.NoError(t, store.Update(ctx, "t", func(tx *storage.Tx) error { return approve(tx, ref(id)) }))
			}
			for matter, q := range map[string]retention.HoldQuery{
				"m-name": {IDPrefix: "a-"}, "m-day": {Kinds: []hipaasmp.Kind{noteKind}, CreatedThrough: hipaasmp.Day(2020, 2, 28)},
			} {
				_, err := store.PlaceHold(ctx, "t", retention.Hold{Matter: matter, Reason: "why", Query: &q, PlacedBy: manager})
				require.NoError(t, err)
			}
			put("a-2")
			var held *retention.HeldError
			_, err := store.Dispose(ctx, "t", ref("a-1"), manager)
			require.ErrorAs(t, err, &held, "approved before the hold was placed")
			require.Equal(t, []string{"m-name"}, held.Matters)
			_, err = destroy(store, "t", ref("a-2"))
			require.ErrorAs(t, err, &held, "written after the hold was placed")
			_, err = store.Dispose(ctx, "t", ref("b-1"), manager)
			require.NoError(t, err, "neither query finds it")
			_, err = store.ReleaseHold(ctx, "t", "m-name", manager, "closed")
			require.NoError(t, err)
			_, err = store.Dispose(ctx, "t", ref("a-1"), manager)
			require.NoError(t, err)
		}},
		{"a hold that is placed during a running sweep wins", func(t *testing.T, s *suite) {
			const docs = 24
			b := s.backend(t)
			clock := &hand{spring}
			sweeper, counsel := newStore(t, b, clock, "a"), newStore(t, b, clock, "a")
			require.NoError(t, sweeper.Update(ctx, "t", func(tx *storage.Tx) error {
				for i := range docs {
					if _, err := tx.Put(newNote(fmt.Sprintf("n-%02d", i), "text")); err != nil {
						return err
					}
					if err := approve(tx, ref(fmt.Sprintf("n-%02d", i))); err != nil {
						return err
					}
				}
				return nil
			}))
			var wg sync.WaitGroup
			begun := make(chan struct{})
			results := make([]error, docs)
			wg.Go(func() {
				for i := range docs {
					_, results[i] = sweeper.Dispose(ctx, "t", ref(fmt.Sprintf("n-%02d", i)), manager)
					if i == docs/4 {
						close(begun)
					}
				}
			})
			var placed storage.Entry
			var err error
			wg.Go(func() {
				<-begun
				placed, err = counsel.PlaceHold(ctx, "t", retention.Hold{Matter: "m", Reason: "why", Query: &retention.HoldQuery{IDPrefix: "n-"}, PlacedBy: manager})
			})
			wg.Wait()
			require.NoError(t, err)
			certified := map[string]uint64{}
			for c, err := range storage.List[storage.Certificate](ctx, sweeper, "t", storage.Query{Kind: storage.KindCertificate}) {
				require.NoError(t, err)
				e, err := sweeper.Get(ctx, "t", c.DocumentRef())
				require.NoError(t, err)
				certified[c.Ref.ID] = e.Seq
			}
			for i, err := range results {
				id := fmt.Sprintf("n-%02d", i)
				seq, gone := certified[id]
				_, reading := sweeper.Get(ctx, "t", ref(id))
				if err == nil {
					require.True(t, gone, id)
					require.Less(t, seq, placed.Seq, "%s was destroyed after the hold", id)
					require.ErrorIs(t, reading, storage.ErrDisposed)
					continue
				}
				require.ErrorIs(t, err, retention.ErrHeld, id)
				require.False(t, gone, id)
				require.NoError(t, reading, "%s is held and kept", id)
			}
			_, err = sweeper.Dispose(ctx, "t", ref(fmt.Sprintf("n-%02d", docs-1)), manager)
			require.True(t, errors.Is(err, retention.ErrHeld) || errors.Is(err, storage.ErrDisposed), err)
			v, err := sweeper.VerifyTenant(ctx, "t")
			require.NoError(t, err)
			require.NoError(t, v.Err())
			require.Equal(t, len(certified), v.Disposed)
		}},
		{"an off-boarded tenant keeps its proofs and takes nothing more", func(t *testing.T, s *suite) {
			b := s.backend(t)
			store := newStore(t, b, &hand{spring}, "a")
			_, err := store.Put(ctx, "t", newNote("a", "text"))
			require.NoError(t, err)
			request := storage.OffBoardRequest{Requested: officer, Approved: manager, Reason: "The practice has closed."}
			_, err = store.OffBoard(ctx, "t", request)
			var refused *storage.OffBoardError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, 1, refused.Count)
			_, err = destroy(store, "t", ref("a"))
			require.NoError(t, err)
			_, err = store.OffBoard(ctx, "t", request)
			require.NoError(t, err)
			for _, again := range []*storage.Store{store, newStore(t, b, &hand{spring}, "a")} {
				_, err = again.Put(ctx, "t", newNote("b", "text"))
				require.ErrorIs(t, err, storage.ErrOffBoarded)
				_, err = again.OffBoard(ctx, "t", request)
				require.NoError(t, err)
				v, err := again.VerifyTenant(ctx, "t")
				require.NoError(t, err)
				require.NoError(t, v.Err())
			}
		}},
	}
}
