package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/pgtest"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// product is a database with a table of the product's own, and the product's pool.
func product(t *testing.T) (opened, *pgxpool.Pool) {
	t.Helper()
	dsn := server.Database(t)
	pgtest.Exec(t, dsn, "CREATE TABLE chart (id text PRIMARY KEY)")
	pool, err := pgxpool.New(context.Background(), dsn)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return open(t, dsn, postgres.Options{Patience: 2 * time.Second}), pool
}

func charts(t *testing.T, pool *pgxpool.Pool) (n uint64) {
	t.Helper()
	require.NoError(t, pool.QueryRow(context.Background(), "SELECT count(*) FROM chart").Scan(&n))
	return n
}

func TestTheCallersTransactionDecides(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, pool := product(t)
	signer := newSigner(t)
	var told []storage.Commit
	store, err := storage.New(b, storage.Options{Signer: signer, Clock: func() time.Time { return march },
		After: []storage.Hook{func(_ context.Context, c storage.Commit) error { told = append(told, c); return nil }}})
	require.NoError(t, err)
	for _, isolation := range []pgx.TxIsoLevel{pgx.ReadCommitted, pgx.RepeatableRead, pgx.Serializable} {
		for _, commit := range []bool{true, false} {
			before, size := charts(t, pool), uint64(0)
			if c, err := store.Checkpoint(ctx, "t"); err == nil {
				size = c.Size
			}
			tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: isolation})
			require.NoError(t, err)
			id := fmt.Sprint(isolation[:4], commit)
			_, err = tx.Exec(ctx, "INSERT INTO chart VALUES ($1)", id)
			require.NoError(t, err)
			joined, err := b.Join(ctx, tx)
			require.NoError(t, err)
			joint := store.In(joined)
			_, err = joint.Put(ctx, "t", newNote(id))
			require.NoError(t, err)
			_, err = joint.Get(ctx, "t", newNote(id).DocumentRef())
			require.NoError(t, err)
			if !commit {
				require.NoError(t, tx.Rollback(ctx))
				require.Equal(t, before, charts(t, pool))
				_, err := store.Get(ctx, "t", newNote(id).DocumentRef())
				require.ErrorIs(t, err, driver.ErrNotFound)
				continue
			}
			require.NoError(t, tx.Commit(ctx))
			joint.Committed(ctx)
			require.Equal(t, before+1, charts(t, pool))
			c, err := store.Checkpoint(ctx, "t")
			require.NoError(t, err)
			require.Equal(t, size+1, c.Size, "leaf, head and checkpoint came with the caller's commit")
		}
	}
	require.Len(t, told, 3)
	v, err := store.VerifyTenant(ctx, "t")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

func TestAClientThatDiesBeforeItsCommitLeavesNeither(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, pool := product(t)
	tx, err := pool.Begin(ctx)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, "INSERT INTO chart VALUES ('a')")
	require.NoError(t, err)
	joined, err := b.Join(ctx, tx)
	require.NoError(t, err)
	require.NoError(t, joined.Update(ctx, "t", appendOne("k", "a", 0)))
	// What the server sees of a kill -9 of the product: the socket is gone.
	require.NoError(t, tx.Conn().PgConn().Conn().Close())
	require.NoError(t, b.Update(ctx, "t", appendOne("k", "b", 0)), "the ledger is as it was")
	require.Zero(t, charts(t, pool))
	require.Error(t, joined.Update(ctx, "t", appendOne("k", "c", 1)))
	_ = tx.Rollback(ctx)
}

func TestJoinRefusesWhatIsNoTransactionOfThisDatabase(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, pool := product(t)
	_, other := product(t)
	_, err := b.Join(ctx, nil)
	require.ErrorIs(t, err, driver.ErrNoTransaction)

	tx, err := other.Begin(ctx)
	require.NoError(t, err)
	_, err = b.Join(ctx, tx)
	require.ErrorIs(t, err, driver.ErrForeign)
	require.NoError(t, tx.Rollback(ctx))
	_, err = b.Join(ctx, tx)
	require.ErrorIs(t, err, driver.ErrClosed, "it has ended")

	tx, err = pool.Begin(ctx)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, "SELECT 1/0")
	require.Error(t, err)
	_, err = b.Join(ctx, tx)
	require.ErrorIs(t, err, driver.ErrClosed, "it has failed")
	require.NoError(t, tx.Rollback(ctx))

	tx, err = pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	require.NoError(t, err)
	joined, err := b.Join(ctx, tx)
	require.NoError(t, err)
	require.ErrorIs(t, joined.Update(ctx, "t", appendOne("k", "a", 0)), driver.ErrReadOnly)
	require.ErrorIs(t, joined.View(ctx, "t", func(driver.Reader) error { return nil }), driver.ErrUnsupported)
	require.NoError(t, tx.Rollback(ctx))
	require.NoError(t, b.Close())
	_, err = b.Join(ctx, tx)
	require.ErrorIs(t, err, driver.ErrClosed)
}

func TestAJoinedTransactionWaitsForWritersAndNotForEver(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, pool := product(t)
	require.NoError(t, b.Update(ctx, "t", appendOne("k", "a", 0)))
	require.NoError(t, b.Update(ctx, "u", appendOne("k", "a", 0)))
	quick := open(t, b.dsn, postgres.Options{Patience: 500 * time.Millisecond})
	one, err := pool.Begin(ctx)
	require.NoError(t, err)
	_, err = one.Exec(ctx, "SET LOCAL lock_timeout = '7s'")
	require.NoError(t, err)
	first, err := b.Join(ctx, one)
	require.NoError(t, err)
	require.NoError(t, first.Update(ctx, "t", appendOne("k", "b", 1)))

	two, err := pool.Begin(ctx)
	require.NoError(t, err)
	second, err := quick.Join(ctx, two)
	require.NoError(t, err)
	require.ErrorIs(t, second.Update(ctx, "t", appendOne("k", "c", 1)), driver.ErrBusy)
	_, err = two.Exec(ctx, "INSERT INTO chart VALUES ('goes on')")
	require.NoError(t, err, "the caller's transaction goes on")
	require.NoError(t, second.Update(ctx, "u", appendOne("k", "c", 1)))

	// Each has written to what the other wants: whoever has written does not wait.
	began := time.Now()
	require.ErrorIs(t, first.Update(ctx, "u", appendOne("k", "d", 2)), driver.ErrBusy)
	require.Less(t, time.Since(began), time.Second)
	var timeout string
	require.NoError(t, one.QueryRow(ctx, "SHOW lock_timeout").Scan(&timeout))
	require.Equal(t, "7s", timeout, "the caller's setting is as it was")
	require.NoError(t, one.Commit(ctx))
	require.NoError(t, two.Commit(ctx))
	require.NoError(t, b.Update(ctx, "t", appendOne("k", "e", 2)))
}

func TestAnOlderSnapshotOfTheCallersIsToldToBeginAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, pool := product(t)
	require.NoError(t, b.Update(ctx, "t", appendOne("k", "a", 0)))
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	require.NoError(t, err)
	joined, err := b.Join(ctx, tx)
	require.NoError(t, err)
	require.NoError(t, b.Update(ctx, "t", appendOne("k", "b", 1)))
	require.NoError(t, joined.View(ctx, "t", func(r driver.Reader) error {
		head, err := r.Head(0)
		require.Equal(t, uint64(1), head.Size, "it sees its own snapshot")
		return err
	}))
	err = joined.Update(ctx, "t", appendOne("k", "c", 1))
	require.EqualError(t, err, driver.ErrBusy.Error()+" (begin)")
	require.NoError(t, tx.Rollback(ctx))
}

func TestSeveralStoresAndJoinedTransactionsOnOneTenant(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, pool := product(t)
	signer := newSigner(t)
	stores := []*storage.Store{newStore(t, b, signer), newStore(t, open(t, b.dsn, postgres.Options{}), signer), newStore(t, open(t, b.dsn, postgres.Options{}), signer)}
	const rounds = 20
	var wg sync.WaitGroup
	errs := make(chan error, 10*rounds)
	for i, store := range stores {
		wg.Go(func() {
			for n := range rounds {
				_, err := store.Put(ctx, "t", newNote(fmt.Sprint("own", i)))
				errs <- err
				_, err = store.Put(ctx, "t", newNote(fmt.Sprint("shared", n)))
				errs <- err
			}
		})
	}
	wg.Go(func() {
		for n := range rounds {
			errs <- pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
				_, err := tx.Exec(ctx, "INSERT INTO chart VALUES ($1)", fmt.Sprint(n))
				joined, joining := b.Join(ctx, tx)
				if err := errors.Join(err, joining); err != nil {
					return err
				}
				_, err = stores[0].In(joined).Put(ctx, "t", newNote("joined"))
				return err
			})
		}
	})
	wg.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	v, err := stores[1].VerifyTenant(ctx, "t")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(7*rounds), v.Size)
	e, err := stores[2].Get(ctx, "t", newNote("joined").DocumentRef())
	require.NoError(t, err)
	require.Equal(t, charts(t, pool), e.Version)
}
