package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// OpenDB keeps the store's tables, whose names begin with smp_, in a database that belongs to the caller, beside the
// caller's own tables, so that [Backend.Join] can write both in one transaction. It adds the tables or brings them up to
// date and changes nothing else: no pragma, no setting of the pool. db must be opened by modernc.org/sqlite.
//
// What differs from [Open], and what Capabilities says:
//
//   - Triggers and guards refuse to change or remove rows, on every connection of every program. Whoever may change the
//     schema can drop them, and the program's own connections may: the ledger shows what was done then.
//   - How durable a commit is lies with the caller's settings. A database that may lose acknowledged commits in a power
//     cut (synchronous below FULL) is refused, unless Options.AllowLoss says that this is known.
//   - Close leaves db open. The store takes a connection for each of its transactions and gives it back.
//
// The errors are those of Open; a database of another library is driver.ErrUnsupported. Options.ReadOnly is not for a
// database of the caller's: open db for reading instead.
func OpenDB(ctx context.Context, db *sql.DB, options *Options) (*Backend, error) {
	opts := options.withDefaults()
	const name = "the database"
	if db == nil || opts.ReadOnly {
		return nil, &OpenError{Path: name, Kind: driver.ErrUnsupported, Reason: "is missing or is to be opened with ReadOnly; give an open *sql.DB, opened for reading if nothing is to be written"}
	}
	b := &Backend{opts: opts, db: db, callers: true,
		writer: make(chan *conn, 1), readers: make(chan *conn, opts.Readers)}
	b.writer <- nil
	for range opts.Readers {
		b.readers <- nil
	}
	c, err := b.connect(ctx)
	if err != nil {
		return nil, openError(name, err)
	}
	err = b.prepareCallers(ctx, c)
	c.close()
	if err != nil {
		return nil, openError(name, err)
	}
	return b, nil
}

func (b *Backend) prepareCallers(ctx context.Context, c *conn) error {
	if err := c.c.QueryRowContext(ctx, `SELECT smp_no_such_column`).Scan(new(int)); !isSQLite(err) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &OpenError{Kind: driver.ErrUnsupported, Reason: "is not opened by modernc.org/sqlite; open it with that driver"}
	}
	var sync int
	if err := c.c.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&sync); err != nil {
		return ctxFault(ctx, "open", err)
	}
	const full = 2
	if sync < full && !b.opts.AllowLoss {
		return &OpenError{Kind: driver.ErrUnsupported, Reason: "may lose acknowledged writes in a power cut (synchronous is below FULL); open it with _synchronous=FULL, or set AllowLoss"}
	}
	var err error
	if b.path, err = fileOf(ctx, c.c); err != nil {
		return err
	}
	steps, err := b.opts.migrations()
	if err != nil {
		return err
	}
	current, err := tableLayout(ctx, c.c)
	switch {
	case err != nil:
		return err
	case current > len(steps):
		return driver.ErrSchemaNewer
	case current == len(steps):
		return nil
	}
	return migrate(ctx, c.own, steps, false)
}

// fileOf returns the path of the main database.
func fileOf(ctx context.Context, c Transaction) (path string, err error) {
	err = c.QueryRowContext(ctx, `SELECT coalesce(file, '') FROM pragma_database_list WHERE name = 'main'`).Scan(&path)
	return path, ctxFault(ctx, "open", err)
}

// tableLayout returns the number of the layout by its own record, 0 where there is none.
func tableLayout(ctx context.Context, c queryer) (n int, err error) {
	var tables int
	if err := c.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'smp\_%' ESCAPE '\'`).Scan(&tables); err != nil || tables == 0 {
		return 0, ctxFault(ctx, "open", err)
	}
	err = c.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM smp_migration`).Scan(&n)
	if err = ctxFault(ctx, "open", err); err == nil && n == 0 || errors.Is(err, driver.ErrIO) {
		return 0, driver.ErrForeign // tables of that name which this module did not make
	}
	return n, err
}

// Join returns the store inside a transaction that the caller began on a database given to [OpenDB]: what is written
// through it is kept or dropped with the caller's own rows. tx is a *sql.Tx, or a *sql.Conn on which the caller ran
// BEGIN IMMEDIATE. Begin it so that it may write at once, with _txlock=immediate or BEGIN IMMEDIATE: a transaction that
// has read before it writes may find that another has written in between, which is driver.ErrBusy.
//
// Errors: driver.ErrUnsupported for a store from [Open], driver.ErrNoTransaction, driver.ErrForeign for a transaction on
// another database, driver.ErrClosed for one that has ended.
func (b *Backend) Join(ctx context.Context, tx Transaction) (driver.Joined, error) {
	if err := b.enter(ctx); err != nil {
		return nil, err
	}
	defer b.running.Done()
	if !b.callers || tx == nil {
		return nil, driver.ErrUnsupported
	}
	if _, ok := tx.(interface{ Commit() error }); !ok {
		// A connection: inside a transaction another cannot begin.
		if _, err := tx.ExecContext(ctx, "BEGIN"); err == nil {
			_, _ = tx.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
			return nil, driver.ErrNoTransaction
		} else if errors.Is(err, sql.ErrConnDone) {
			return nil, driver.ErrClosed
		}
	}
	path, err := fileOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	layout, err := tableLayout(ctx, tx)
	switch {
	case err != nil:
		return nil, err
	case path != b.path || layout == 0:
		return nil, driver.ErrForeign
	}
	return &joined{b: b, tx: tx}, nil
}

// joined is the store inside a caller's transaction.
type joined struct {
	b  *Backend
	tx Transaction
}

func (j *joined) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	if tenant == "" {
		return driver.ErrTenant
	}
	return j.within(ctx, tenant, true, func(t *tx) error { return fn(t) })
}

func (j *joined) View(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	if tenant == "" {
		return driver.ErrTenant
	}
	return j.within(ctx, tenant, false, func(t *tx) error { return fn(&t.reader) })
}

// within runs fn inside a savepoint, which it takes back when fn fails.
func (j *joined) within(ctx context.Context, tenant string, writes bool, fn func(*tx) error) (err error) {
	if err := j.b.enter(ctx); err != nil {
		return err
	}
	defer j.b.running.Done()
	c := &conn{c: j.tx, stmts: map[string]prepared{}}
	defer c.forget()
	quiet := context.WithoutCancel(ctx)
	if err := c.exec(ctx, "SAVEPOINT "+savepoint); err != nil {
		return ctxFault(ctx, "join", err)
	}
	t := &tx{reader: reader{ctx: quiet, b: j.b, c: c, name: tenant, alive: true, joined: true}}
	kept := false
	defer func() {
		t.alive = false
		if !kept {
			_ = c.exec(quiet, "ROLLBACK TO "+savepoint)
		}
		if ending := c.exec(quiet, "RELEASE "+savepoint); ending != nil && err == nil {
			err = fault("join", ending)
		}
	}()
	if writes {
		// Takes the right to write before anything is read, so that what is read stays true.
		if err := c.exec(ctx, `DELETE FROM smp_key WHERE 0`); err != nil {
			return ctxFault(ctx, "join", err)
		}
		restore, err := t.overwriting()
		if err != nil {
			return err
		}
		defer restore()
	}
	if err := t.pin(); err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil && writes {
		return err
	}
	kept = true
	if t.disposed {
		j.b.unclean.Store(true) // the caller has yet to commit
	}
	return nil
}
