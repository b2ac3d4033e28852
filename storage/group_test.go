package storage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// gate is a backend whose Updates wait until the test opens it.
type gate struct {
	driver.Backend
	entered chan struct{}
	open    chan struct{}
	fail    error
}

func (g *gate) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	g.entered <- struct{}{}
	select {
	case <-g.open:
	case <-ctx.Done():
		return ctx.Err()
	}
	if g.fail != nil {
		return g.fail
	}
	return g.Backend.Update(ctx, tenant, fn)
}

func gated(t *testing.T) (*gate, *storage.Store) {
	t.Helper()
	g := &gate{Backend: memory.New(), entered: make(chan struct{}, 100), open: make(chan struct{})}
	t.Cleanup(func() { require.NoError(t, g.Close()) })
	return g, open(t, g)
}

// waitForWriters gives those that were started the time to queue up. The result is the same if one comes late: it
// leads a group of its own.
func waitForWriters() { time.Sleep(20 * time.Millisecond) }

func TestWritersThatComeTogetherShareATransactionAndNotTheirErrors(t *testing.T) {
	t.Parallel()
	g, s := gated(t)
	const writers = 20
	errs := make([]error, writers)
	entries := make([]storage.Entry, writers)
	var wg sync.WaitGroup
	put := func(i int) {
		wg.Go(func() {
			opts := []storage.PutOption{storage.Reason(fmt.Sprint(i))}
			if i%5 == 4 {
				opts = append(opts, storage.IfVersion(77))
			}
			entries[i], errs[i] = s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i), "x"), opts...)
		})
	}
	put(0)
	<-g.entered
	for i := 1; i < writers; i++ {
		put(i)
	}
	waitForWriters()
	close(g.open)
	wg.Wait()
	kept := 0
	for i := range writers {
		if i%5 == 4 {
			require.ErrorIs(t, errs[i], storage.ErrConflict)
			continue
		}
		kept++
		require.NoError(t, errs[i])
		require.Equal(t, fmt.Sprint("d", i), entries[i].ID)
		require.Equal(t, fmt.Sprint(i), entries[i].Reason)
	}
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(kept), v.Size)
	checkpoints := 0
	for size := range uint64(kept) {
		if _, err := s.CheckpointAt(ctx, "clinic", size+1); err == nil {
			checkpoints++
		}
	}
	require.Less(t, checkpoints, kept, "they shared checkpoints")
}

func TestAFailedGroupFailsForAll(t *testing.T) {
	t.Parallel()
	g, s := gated(t)
	g.fail = driver.ErrFull
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			_, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i), "x"))
			if !errors.Is(err, storage.ErrFull) {
				t.Error(err)
			}
		})
	}
	<-g.entered
	waitForWriters()
	close(g.open)
	wg.Wait()
	g.fail = nil
	_, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err, "and the next one begins anew")
}

func TestALeaderThatLeavesDoesNotTakeOthersAlong(t *testing.T) {
	t.Parallel()
	g, s := gated(t)
	leaving, leave := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := s.Put(leaving, "clinic", newDraft("leader", "x"))
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	<-g.entered
	for i := range 5 {
		wg.Go(func() {
			if _, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i), "x")); err != nil {
				t.Error(err)
			}
		})
	}
	waitForWriters()
	leave()
	waitForWriters()
	close(g.open)
	wg.Wait()
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(5), v.Size)
}

func TestAFollowerThatLeavesIsNotWritten(t *testing.T) {
	t.Parallel()
	g, s := gated(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := s.Put(ctx, "clinic", newDraft("leader", "x")); err != nil {
			t.Error(err)
		}
	})
	<-g.entered
	leaving, leave := context.WithCancel(ctx)
	var left sync.WaitGroup
	left.Go(func() {
		_, err := s.Put(leaving, "clinic", newDraft("follower", "x"))
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	waitForWriters()
	leave()
	left.Wait()
	close(g.open)
	wg.Wait()
	_, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "follower"})
	require.ErrorIs(t, err, storage.ErrNotFound)
}

func TestAHookMayWriteAgain(t *testing.T) {
	t.Parallel()
	var s *storage.Store
	s, _ = newStore(t, func(o *storage.Options) {
		o.After = []storage.Hook{func(ctx context.Context, c storage.Commit) error {
			if c.Entries[0].ID == "echo" {
				return nil
			}
			_, err := s.Put(ctx, c.Tenant, newDraft("echo", c.Entries[0].ID))
			return err
		}}
	})
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			if _, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i), "x")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	_, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "echo"})
	require.NoError(t, err)
}
