package postgres

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Join returns the store inside a transaction that the caller began on the same database: what is written through it is
// kept or dropped with the caller's own rows. tx is a pgx.Tx of a connection or a pool. The role needs what a writer
// needs; see [Roles].
//
//   - Until the caller commits, the other writers of the tenant wait. Join at the end of the transaction, not before
//     calls to others.
//   - Join relies on savepoints and, to bound how long it waits, on lock_timeout, which it sets back.
//   - At REPEATABLE READ or SERIALIZABLE an Update gives driver.ErrBusy, and the transaction is to be begun again, when
//     another writer came in since the transaction began. At READ COMMITTED, the default, it waits for the other. A View
//     locks the tenant as an Update does at READ COMMITTED, and gives driver.ErrUnsupported in one that is read only.
//   - The fate of the caller's commit is the caller's to find out; see the package's comment about warnings.
//
// Errors: driver.ErrNoTransaction for none, driver.ErrClosed for one that has ended or failed, driver.ErrForeign for a
// transaction on another database.
func (b *Backend) Join(ctx context.Context, tx pgx.Tx) (driver.Joined, error) {
	if err := b.enter(ctx); err != nil {
		return nil, err
	}
	defer b.running.Done()
	if tx == nil {
		return nil, driver.ErrNoTransaction
	}
	j := &joined{b: b, tx: tx}
	var isolation, readOnly, identity string
	err := tx.QueryRow(ctx, `SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only'), current_setting('lock_timeout'), `+identityOf, b.opts.Schema).
		Scan(&isolation, &readOnly, &j.timeout, &identity)
	switch {
	case err != nil:
		return nil, joinFault(ctx, err)
	case identity != b.identity:
		return nil, driver.ErrForeign
	}
	j.locks, j.reads = isolation == "read committed" || isolation == "read uncommitted", readOnly == "on"
	return j, nil
}

// identityOf tells one schema from another that looks the same, as far as a database can tell.
const identityOf = `(SELECT current_database() || ' ' || coalesce(max(c.oid::bigint), 0) FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'head')`

func joinFault(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, pgx.ErrTxClosed):
		return driver.ErrClosed
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return plain("join", err)
}

// joined is the store inside a caller's transaction.
type joined struct {
	b       *Backend
	tx      pgx.Tx
	timeout string // the caller's lock_timeout
	locks   bool   // every statement sees what others committed, so that even reading needs the lock
	reads   bool   // the transaction is read only
	wrote   bool
}

// Update is Backend.Update inside the caller's transaction; see driver.Joined.
func (j *joined) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	switch {
	case tenant == "" || !storable(tenant):
		return driver.ErrTenant
	case j.b.opts.ReadOnly || j.reads:
		return driver.ErrReadOnly
	}
	return j.within(ctx, tenant, true, func(t *tx) error { return fn(t) })
}

// View is Backend.View inside the caller's transaction; see driver.Joined.
func (j *joined) View(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	switch {
	case tenant == "" || !storable(tenant):
		return driver.ErrTenant
	case j.locks && (j.reads || j.b.opts.ReadOnly):
		return driver.ErrUnsupported
	}
	return j.within(ctx, tenant, j.locks, func(t *tx) error { return fn(&t.reader) })
}

// The savepoint that a call takes back when it fails.
const (
	savepoint  = `SAVEPOINT hipaasmp_join`
	rollbackTo = `ROLLBACK TO SAVEPOINT hipaasmp_join`
	release    = `RELEASE SAVEPOINT hipaasmp_join`
	lockFor    = `SELECT set_config('lock_timeout', $1, true)`
)

func (j *joined) within(ctx context.Context, tenant string, lock bool, fn func(*tx) error) (err error) {
	if err := j.b.enter(ctx); err != nil {
		return err
	}
	defer j.b.running.Done()
	// A statement that a context cuts short would take the caller's connection with it.
	quiet := context.WithoutCancel(ctx)
	if _, err := j.tx.Exec(quiet, savepoint); err != nil {
		return joinFault(ctx, err)
	}
	s := &session{querier: j.tx, ctx: quiet, conn: j.tx.Conn()}
	t := &tx{reader: reader{ctx: quiet, b: j.b, s: s, name: tenant, alive: true}, sees: map[docKey]docState{}, kinds: map[string]kindState{}}
	kept := false
	defer func() {
		t.alive = false
		if !kept {
			_, _ = j.tx.Exec(quiet, rollbackTo)
		}
		if _, ending := j.tx.Exec(quiet, release); ending != nil && err == nil {
			err = joinFault(ctx, ending)
		}
		var again *againError
		if errors.As(err, &again) {
			err = again.err // only the caller can begin again
		}
	}()
	if lock {
		// Whoever has written and waits may be waited for; whoever has not can wait.
		wait := j.b.opts.Patience.Milliseconds()
		if j.wrote {
			wait = 1
		}
		err := t.lock(quiet, []statement{{sql: lockFor, args: []any{strconv.FormatInt(max(wait, 1), 10) + "ms"}}}, []statement{{sql: lockFor, args: []any{j.timeout}}})
		if err != nil {
			return err
		}
	} else if err := t.find(); err != nil {
		return err
	}
	switch err := fn(t); {
	case err != nil:
		return err
	case s.failed != nil:
		return s.failed
	case t.wrote && ctx.Err() != nil:
		return ctx.Err()
	}
	kept = t.wrote // what was only looked at is let go, the lock with it
	j.wrote = j.wrote || t.wrote
	return nil
}

// find reads the head in a transaction that keeps one snapshot.
func (r *reader) find() error {
	var batch pgx.Batch
	batch.Queue(r.b.sql(readHead), r.name)
	results := r.s.SendBatch(r.ctx, &batch)
	err := r.readHead(results)
	if closing := results.Close(); err == nil {
		err = closing
	}
	return r.s.fault("begin", err)
}
