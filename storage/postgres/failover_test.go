package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/internal/pgtest"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// cluster starts a primary, or skips the test: a server that was only named cannot be killed.
func cluster(t *testing.T) *pgtest.Server {
	t.Helper()
	primary, err := pgtest.Start()
	if errors.Is(err, pgtest.ErrMissing) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, primary.Stop()) })
	return primary
}

func standby(t *testing.T, of *pgtest.Server) *pgtest.Server {
	t.Helper()
	s, err := of.Standby("drill")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	return s
}

// writing puts records of several tenants until the store fails, and returns what was acknowledged.
func writing(t *testing.T, store *storage.Store, prefix string) (wait func() []storage.Entry) {
	t.Helper()
	var mu sync.Mutex
	var acknowledged []storage.Entry
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				e, err := store.Put(context.Background(), fmt.Sprint("t", w%2), newNote(fmt.Sprint(prefix, "-", w, "-", i)))
				if err != nil {
					if !errors.Is(err, driver.ErrIO) && !errors.Is(err, driver.ErrOutcomeUnknown) && !errors.Is(err, driver.ErrBusy) {
						t.Errorf("a server that dies is an error of another kind: %v", err)
					}
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, e)
				mu.Unlock()
			}
		})
	}
	return func() []storage.Entry { wg.Wait(); return acknowledged }
}

func TestAFailoverToASynchronousStandbyLosesNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	primary := cluster(t)
	signer := newSigner(t)
	var all []storage.Entry
	for round := range long.Count(1, 20) {
		next := standby(t, primary)
		require.NoError(t, primary.Follow("drill"))
		wait := writing(t, newStore(t, open(t, primary.DSN("postgres"), postgres.Options{Patience: 3 * time.Second}), signer), fmt.Sprint(round))
		time.Sleep(300 * time.Millisecond)
		primary.Kill()
		written := wait()
		require.NotEmpty(t, written, "the drill wrote nothing")
		all = append(all, written...)
		require.NoError(t, next.Promote())
		store := newStore(t, open(t, next.DSN("postgres"), postgres.Options{}), signer)
		for _, e := range all {
			got, err := store.Get(ctx, e.Tenant, e.Ref())
			require.NoError(t, err, "round %d: an acknowledged record is lost", round)
			require.Equal(t, e.Leaf(), got.Leaf())
		}
		for _, tenant := range []string{"t0", "t1"} {
			v, err := store.VerifyTenant(ctx, tenant)
			require.NoError(t, err)
			require.NoError(t, v.Err())
		}
		require.NoError(t, primary.Stop())
		primary = next
	}
	t.Logf("%d acknowledged records, 0 lost", len(all))
}

// The controls: what a driver cannot see by itself, and what a setting that is too weak loses.
func TestWithoutItsStandbyAServerPromisesLess(t *testing.T) {
	if !long.On {
		t.Skip("the control of the drill; run with -tags long")
	}
	t.Parallel()
	ctx := context.Background()
	primary := cluster(t)
	next := standby(t, primary)
	b := open(t, primary.DSN("postgres"), postgres.Options{})
	require.NoError(t, primary.Follow("drill"))
	require.NoError(t, b.Update(ctx, "t", appendOne("k", "a", 0)))
	next.Kill()

	var wg sync.WaitGroup
	wg.Go(func() {
		conn := connect(t, primary.DSN("postgres"))
		for waits := false; !waits; time.Sleep(5 * time.Millisecond) {
			_ = conn.QueryRow(ctx, "SELECT coalesce(bool_or(pg_cancel_backend(pid)), false) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").Scan(&waits)
		}
	})
	began := time.Now()
	err := b.Update(ctx, "t", appendOne("k", "b", 1))
	wg.Wait()
	require.ErrorIs(t, err, driver.ErrOutcomeUnknown, "the server says COMMIT, and a warning")
	require.Less(t, time.Since(began), 8*time.Second, "it was the warning and not the patience")
	require.NoError(t, b.View(ctx, "t", func(r driver.Reader) error {
		_, err := r.Get("k", "b", 0)
		return err // here it is, and only here
	}))
	hasty := open(t, primary.DSN("postgres"), postgres.Options{Patience: 200 * time.Millisecond})
	err = hasty.Update(ctx, "t", appendOne("k", "c", 2))
	require.ErrorIs(t, err, driver.ErrOutcomeUnknown, "a commit does not wait longer than the patience")

	require.NoError(t, primary.Do("postgres", "ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()"))
	asynchronous := open(t, primary.DSN("postgres"), postgres.Options{})
	require.NoError(t, asynchronous.Update(ctx, "t", appendOne("k", "d", 3)))
	primary.Kill()
	require.NoError(t, next.Restart())
	require.NoError(t, next.Promote())
	promoted := open(t, next.DSN("postgres"), postgres.Options{})
	require.NoError(t, promoted.View(ctx, "t", func(r driver.Reader) error {
		_, err := r.Get("k", "d", 0)
		require.ErrorIs(t, err, driver.ErrNotFound, "acknowledged without a synchronous standby, and lost; else the drill is broken")
		_, err = r.Get("k", "a", 0)
		return err
	}))
}
