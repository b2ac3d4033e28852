package main

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"io"
	"sync"
	"time"

	sqlite "modernc.org/sqlite"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

//go:embed store.sql
var storeSQL string

// patience is how long a writer waits for another.
const patience = 10 * time.Second

// backend is the vendor's database as a driver.Backend. Records are rows of the vendor's chart_document, tenants are the
// vendor's practices.
type backend struct {
	db      *sql.DB
	writer  chan struct{} // a token while somebody writes: SQLite has one writer, and a channel can be waited for
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// open adds what the driver needs to a database with the vendor's tables. The database stays the caller's.
func open(ctx context.Context, db *sql.DB) (*backend, error) {
	if _, err := db.ExecContext(ctx, storeSQL); err != nil {
		return nil, fault(ctx, "open", err)
	}
	return &backend{db: db, writer: make(chan struct{}, 1)}, nil
}

// querier is a connection of the driver's or a transaction of the caller's.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// way is how a run of a function begins and ends.
type way struct{ begin, keep, drop string }

var (
	writing  = way{"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"}
	reading  = way{"BEGIN", "ROLLBACK", "ROLLBACK"}
	together = way{"SAVEPOINT smp", "RELEASE smp", "ROLLBACK TO smp; RELEASE smp"}
)

// run runs fn for a tenant in the given way, on a connection of its own where q is nil.
func (b *backend) run(ctx context.Context, w way, q querier, tenant string, fn func(*unit) error) error {
	b.mu.Lock()
	if b.closed || ctx.Err() != nil || tenant == "" {
		defer b.mu.Unlock()
		if b.closed {
			return driver.ErrClosed
		}
		return cmp.Or(ctx.Err(), driver.ErrTenant)
	}
	b.running.Add(1)
	defer b.running.Done()
	b.mu.Unlock()
	if w == writing {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case b.writer <- struct{}{}:
			defer func() { <-b.writer }()
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return driver.ErrBusy
		}
	}
	if q == nil {
		conn, err := b.db.Conn(ctx)
		if err != nil {
			return fault(ctx, "begin", err)
		}
		defer conn.Close()
		q = conn
	}
	return within(ctx, w, q, tenant, fn)
}

// within runs fn between the beginning and the end of w.
func within(ctx context.Context, w way, q querier, tenant string, fn func(*unit) error) (err error) {
	if _, err := q.ExecContext(ctx, w.begin); err != nil {
		return fault(ctx, "begin", err)
	}
	// A statement that was cut short would leave the connection in an unknown state; nothing waits from here on.
	quiet := context.WithoutCancel(ctx)
	u := &unit{ctx: quiet, q: q, tenant: tenant, alive: true}
	end := w.drop
	defer func() {
		u.alive = false
		if _, ending := q.ExecContext(quiet, end); ending != nil && err == nil {
			_, _ = q.ExecContext(quiet, w.drop)
			if err = fault(quiet, "commit", ending); errors.Is(err, driver.ErrIO) {
				err = &driver.Error{Kind: driver.ErrOutcomeUnknown, Op: "commit"}
			}
		}
	}()
	// The first read fixes the snapshot.
	err = u.one(`SELECT practice_no FROM practice WHERE code = ? COLLATE BINARY ORDER BY practice_no LIMIT 1`, []any{tenant}, &u.practice)
	if err != nil && !errors.Is(err, driver.ErrNotFound) {
		return err
	}
	if err := fn(u); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil && w != reading {
		return err
	}
	end = w.keep
	return nil
}

// Update runs fn in one transaction.
func (b *backend) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	return b.run(ctx, writing, nil, tenant, func(u *unit) error { return fn(u) })
}

// View runs fn over one snapshot.
func (b *backend) View(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	return b.run(ctx, reading, nil, tenant, func(u *unit) error { return fn(u) })
}

// joined is the store inside a transaction of the vendor's own.
type joined struct {
	b  *backend
	tx *sql.Tx
}

func (j joined) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	return j.b.run(ctx, together, j.tx, tenant, func(u *unit) error { return fn(u) })
}

func (j joined) View(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	return j.b.run(ctx, together, j.tx, tenant, func(u *unit) error { return fn(u) })
}

// nobody stands for the tenant where a question is about none.
const nobody = "nobody"

// Tenants lists the practices that have records, whether or not they have left.
func (b *backend) Tenants(ctx context.Context, after string, limit int) (names []string, err error) {
	err = b.run(ctx, reading, nil, nobody, func(u *unit) error {
		return u.each(`SELECT code FROM practice p WHERE code > ?1 COLLATE BINARY AND EXISTS (SELECT 1 FROM smp_head h WHERE h.practice_no = p.practice_no)
			ORDER BY code COLLATE BINARY LIMIT ?2`, []any{after, max(limit, 0)}, func(scan func(...any) error) (bool, error) {
			names = append(names, "")
			return true, scan(&names[len(names)-1])
		})
	})
	return names, err
}

// Backup is not claimed: the vendor backs the whole database up.
func (b *backend) Backup(ctx context.Context, _ io.Writer) (driver.BackupInfo, error) {
	return driver.BackupInfo{}, cmp.Or(b.usable(ctx), driver.ErrUnsupported)
}

// Schema says that there are no numbered layouts.
func (b *backend) Schema(ctx context.Context) (current, latest int, err error) {
	return 1, 1, b.usable(ctx)
}

// Migrate accepts the one layout there is.
func (b *backend) Migrate(ctx context.Context, to int) error {
	if err := b.usable(ctx); err != nil || to == 1 {
		return err
	} else if to < 1 {
		return driver.ErrUnsupported
	}
	return driver.ErrSchemaNewer
}

func (b *backend) usable(ctx context.Context) error {
	return b.run(ctx, reading, nil, nobody, func(*unit) error { return nil })
}

// Capabilities claims what the suite then checks.
func (b *backend) Capabilities() driver.Capabilities {
	return driver.Capabilities{Name: "ehrstore", Persistent: true, MultiProcess: true, Joins: true, MaxBody: 4 << 20}
}

// Close waits for what is running and leaves the database open: it is the vendor's.
func (b *backend) Close() error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.running.Wait()
	return nil
}

// meant are the primary result codes of SQLite that mean something to a caller: busy, full, and a key that is taken.
var meant = map[int]error{5: driver.ErrBusy, 13: driver.ErrFull, 19: driver.ErrConflict}

// fault keeps every word of the database from the user.
func fault(ctx context.Context, op string, err error) error {
	var se *sqlite.Error
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, sql.ErrTxDone), errors.Is(err, sql.ErrConnDone):
		return driver.ErrClosed
	case errors.As(err, &se) && meant[se.Code()&0xff] != nil:
		return &driver.Error{Kind: meant[se.Code()&0xff], Op: op}
	}
	return &driver.Error{Kind: driver.ErrIO, Op: op}
}
