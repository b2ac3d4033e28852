package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

func TestUpdateKeepsAllOrNothing(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	mine := errors.New("mine")
	write := func(tx *storage.Tx) error {
		_, err := tx.Put(newDraft("a", "x"))
		require.NoError(t, err)
		_, err = tx.Put(newDraft("b", "x"))
		return err
	}
	require.Same(t, mine, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		require.NoError(t, write(tx))
		return mine
	}))
	require.Panics(t, func() {
		_ = s.Update(ctx, "clinic", func(tx *storage.Tx) error {
			require.NoError(t, write(tx))
			panic("in the middle")
		})
	})
	_, err := s.Checkpoint(ctx, "clinic")
	require.ErrorIs(t, err, storage.ErrNotFound)

	require.NoError(t, s.Update(ctx, "clinic", write))
	c, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, uint64(2), c.Size)
	_, err = s.CheckpointAt(ctx, "clinic", 1)
	require.ErrorIs(t, err, storage.ErrNotFound, "one checkpoint for one transaction")
}

func TestTxReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	before := c.now
	for _, id := range []string{"b", "d"} {
		_, err := s.Put(ctx, "clinic", newDraft(id, "old"))
		require.NoError(t, err)
	}
	c.now = c.now.Add(time.Hour)
	var kept *storage.Tx
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		kept = tx
		for _, id := range []string{"e", "b", "a", "b"} {
			_, err := tx.Put(newDraft(id, "new "+id))
			require.NoError(t, err)
		}
		e, err := tx.Get(hipaasmp.Ref{Kind: KindDraft, ID: "b"})
		require.NoError(t, err)
		require.Equal(t, uint64(3), e.Version)
		e, err = tx.Get(hipaasmp.Ref{Kind: KindDraft, ID: "b", Version: 2})
		require.NoError(t, err)
		require.Equal(t, uint64(2), e.Version)
		e, err = tx.Get(hipaasmp.Ref{Kind: KindDraft, ID: "b", Version: 1})
		require.NoError(t, err)
		require.Equal(t, uint64(1), e.Version)
		_, err = tx.Get(hipaasmp.Ref{Kind: KindDraft, ID: "c"})
		require.ErrorIs(t, err, storage.ErrNotFound)

		list := func(q storage.Query) (out []string) {
			for e, err := range tx.List(q) {
				require.NoError(t, err)
				out = append(out, fmt.Sprintf("%s@%d", e.ID, e.Version))
			}
			return out
		}
		require.Equal(t, []string{"a@1", "b@3", "d@1", "e@1"}, list(storage.Query{}))
		require.Equal(t, []string{"a@1", "b@3"}, list(storage.Query{Limit: 2}))
		require.Equal(t, []string{"b@1", "d@1"}, list(storage.Query{AsOf: before, Kind: KindDraft}), "an earlier instant shows what was then")
		require.Nil(t, list(storage.Query{Kind: KindProcedure}))
		var history []uint64
		for e, err := range tx.History(hipaasmp.Ref{Kind: KindDraft, ID: "b"}) {
			require.NoError(t, err)
			history = append(history, e.Version)
		}
		require.Equal(t, []uint64{1, 2, 3}, history)
		for range tx.History(hipaasmp.Ref{Kind: KindDraft, ID: "none"}) {
			t.Fatal("a version of nothing")
		}
		return nil
	}))
	_, err := kept.Put(newDraft("z", "x"))
	require.ErrorIs(t, err, storage.ErrClosed)
	_, err = kept.Get(hipaasmp.Ref{Kind: KindDraft, ID: "b"})
	require.ErrorIs(t, err, storage.ErrClosed)
}

func TestConcurrentWritersLoseNothing(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	const writers, rounds = 8, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for range rounds {
				for {
					e, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "counter"})
					if err != nil && !errors.Is(err, storage.ErrNotFound) {
						t.Error(err)
						return
					}
					_, err = s.Put(ctx, "clinic", newDraft("counter", fmt.Sprint(e.Version+1)), storage.IfVersion(e.Version))
					if err == nil {
						break
					}
					if !errors.Is(err, storage.ErrConflict) {
						t.Error(err)
						return
					}
				}
				if _, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("own", w), "x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	d, _, err := storage.Get[Draft](ctx, s, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "counter"})
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(writers*rounds), d.Text)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(2*writers*rounds), v.Size)
}

func TestClockThatGoesBack(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	start := c.now
	_, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	c.now = start.Add(-storage.ClockSlack)
	e, err := s.Put(ctx, "clinic", newDraft("d", "y"))
	require.NoError(t, err)
	require.Equal(t, start, e.Recorded, "a little back counts as no time")
	c.now = start.Add(-storage.ClockSlack - time.Microsecond)
	_, err = s.Put(ctx, "clinic", newDraft("d", "z"))
	var ce *storage.ClockError
	require.ErrorAs(t, err, &ce)
	require.Equal(t, start, ce.Newest)
	_, err = s.Put(ctx, "other", newDraft("d", "z"))
	require.NoError(t, err, "each ledger has its own time")
}

func TestHooksRunAfterTheCommitAndChangeNothing(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var seen []storage.Commit
	var s *storage.Store
	s, _ = newStore(t, func(o *storage.Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.After = []storage.Hook{
			func(context.Context, storage.Commit) error { return errors.New("the mail server is down") },
			func(context.Context, storage.Commit) error { panic("at the worst moment") },
			func(ctx context.Context, c storage.Commit) error {
				seen = append(seen, c)
				_, err := s.Get(ctx, c.Tenant, c.Entries[0].Ref())
				return err
			},
		}
	})
	_, err := s.Put(ctx, "clinic", newDraft("d", "SECRET"))
	require.NoError(t, err)
	require.Len(t, seen, 1)
	require.Equal(t, uint64(1), seen[0].Checkpoint.Size)
	cp, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, cp, seen[0].Checkpoint)
	require.Contains(t, log.String(), "the mail server is down")
	require.Contains(t, log.String(), "at the worst moment")
	require.Contains(t, log.String(), "clinic.draft/d@1")
	require.NotContains(t, log.String(), "SECRET")

	_, err = s.Put(ctx, "clinic", newDraft("d", "x"), storage.IfVersion(9))
	require.Error(t, err)
	_, err = s.Put(ctx, "clinic", newDraft("d", "SECRET"), storage.IfChanged())
	require.NoError(t, err)
	require.Len(t, seen, 1, "no commit, no hook")
}
