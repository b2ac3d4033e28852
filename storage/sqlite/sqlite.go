package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// maxBody is the longest body that is kept, 16 MiB.
const maxBody = 16 << 20

// Options configures [Open]. The zero value, or nil, is what a production store wants.
type Options struct {
	// ReadOnly opens an existing file for reading. Every Update is then refused with driver.ErrReadOnly.
	ReadOnly bool
	// Patience is how long a writer waits for other writers, in this process and in others, before driver.ErrBusy.
	// Default 10 seconds.
	Patience time.Duration
	// Readers is the most snapshots that are read at a time. Default 8.
	Readers int
	// AllowLoss lets [OpenDB] use a database that may lose acknowledged writes in a power cut.
	AllowLoss bool
	// KeepProcessSettings leaves modernc's process-wide switches OFDLocking and StrictPragmas as they are.
	KeepProcessSettings bool

	// maxPages limits the file, so that tests can fill it.
	maxPages int
	// layouts are the steps of the layout, so that tests can bring an older one forward. Nil is those of this version.
	layouts fs.FS
	// vfs names the layer below SQLite, so that tests can let it fail. Empty is the operating system's.
	vfs string
}

func (o *Options) withDefaults() Options {
	var out Options
	if o != nil {
		out = *o
	}
	if out.Patience <= 0 {
		out.Patience = 10 * time.Second
	}
	if out.Readers <= 0 {
		out.Readers = 8
	}
	return out
}

// Backend is a driver.Backend over one database. Make one with [Open] or [OpenDB].
type Backend struct {
	path    string // of the file; empty where the caller's database has none
	opts    Options
	callers bool // the database belongs to the caller, and db is the caller's

	db        *sql.DB
	connector connector // of the store's own connections

	writer  chan *conn // holds the one writing connection while nobody writes; nil before its first use
	readers chan *conn // holds as many as may read at a time; nil where a connection has not been made yet

	unclean atomic.Bool // the log may hold what was disposed of

	memo

	closing sync.Mutex
	closed  bool
	running sync.WaitGroup
}

var _ driver.Backend = (*Backend)(nil)

// Open opens the file at path, makes it if there is none, readable by its owner only, and brings its layout up to date.
// nil options are the defaults.
//
// The error is an [*OpenError] that matches one of: driver.ErrForeign, the file is no database or somebody else's;
// driver.ErrSchemaNewer, a later version of this module wrote it; driver.ErrReadOnly, it cannot be written;
// driver.ErrCorrupt; driver.ErrFull; driver.ErrBusy; fs.ErrNotExist, the folder is missing; fs.ErrPermission;
// [ErrFolder], the path is a folder.
func Open(ctx context.Context, path string, options *Options) (*Backend, error) {
	opts := options.withDefaults()
	if !opts.KeepProcessSettings {
		// Neither can fail in a way that matters: where OFD locks do not exist or the choice was made before, POSIX locks
		// do what they always did.
		_, _ = sqlite3.OFDLocking(true)
		sqlite3.StrictPragmas(true)
	}
	abs, err := checkPath(path, opts.ReadOnly)
	if err != nil {
		return nil, err
	}
	if err := prepareFile(ctx, abs, opts); err != nil {
		return nil, openError(path, err)
	}
	b := &Backend{
		path: abs, opts: opts, connector: connector{dsn: dsn(abs, opts), guarded: true},
		writer: make(chan *conn, 1), readers: make(chan *conn, opts.Readers),
	}
	b.writer <- nil
	for range opts.Readers {
		b.readers <- nil
	}
	if err := b.snapshot(ctx, "", func(*reader) error { return nil }); err != nil {
		_ = b.Close()
		return nil, openError(path, err)
	}
	return b, nil
}

// Path returns the absolute path of the file; for a database of the caller's what SQLite says of it, which is empty for
// one in memory.
func (b *Backend) Path() string { return b.path }

// Capabilities says what the driver can do; see driver.Backend.
func (b *Backend) Capabilities() driver.Capabilities {
	c := driver.Capabilities{Name: "sqlite", Persistent: true, MultiProcess: true, EnforcesWORM: true, GuardsRows: true, OnlineBackup: true, MaxBody: maxBody}
	if b.callers {
		c.Persistent, c.MultiProcess, c.EnforcesWORM, c.Joins = b.path != "", b.path != "", false, true
	}
	return c
}

// enter counts a caller in, so that Close can wait; the caller defers b.running.Done.
func (b *Backend) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.closing.Lock()
	defer b.closing.Unlock()
	if b.closed {
		return driver.ErrClosed
	}
	b.running.Add(1)
	return nil
}

// Update runs fn in one transaction; see driver.Backend.
func (b *Backend) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) (err error) {
	if err := b.enter(ctx); err != nil {
		return err
	}
	defer b.running.Done()
	if tenant == "" {
		return driver.ErrTenant
	}
	if b.opts.ReadOnly {
		return driver.ErrReadOnly
	}
	c, err := b.take(ctx, b.writer)
	if err != nil {
		return err
	}
	defer func() { b.putBack(b.writer, c) }()
	if c, err = b.begin(ctx, c, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	// From here on nothing waits, so a context that ends is looked at once, before the commit.
	quiet := context.WithoutCancel(ctx)
	t := &tx{reader: reader{ctx: quiet, b: b, c: c, name: tenant, alive: true}}
	open := true
	defer func() {
		t.alive = false
		if open {
			c.rollback(quiet)
		}
	}()
	restore, err := t.overwriting()
	if err != nil {
		return err
	}
	defer restore()
	if err := t.findTenant(); err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := c.exec(quiet, "COMMIT"); err != nil {
		return commitFault(fault("commit", err))
	}
	open = false
	b.remember(tenant, t.tenant)
	b.learn(t.forms)
	b.learnKinds(t.numbers)
	if t.disposed || b.unclean.Load() {
		// The commit stands, whatever comes of this; what fails is tried again.
		_ = b.cutLog(quiet, c)
	}
	return nil
}

// View runs fn over one snapshot; see driver.Backend.
func (b *Backend) View(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	if tenant == "" {
		return cmp.Or(ctx.Err(), driver.ErrTenant)
	}
	return b.snapshot(ctx, tenant, func(r *reader) error { return fn(r) })
}

// snapshot is View for the driver's own questions too, which are about no tenant.
func (b *Backend) snapshot(ctx context.Context, tenant string, fn func(*reader) error) error {
	if err := b.enter(ctx); err != nil {
		return err
	}
	defer b.running.Done()
	c, err := b.take(ctx, b.readers)
	if err != nil {
		return err
	}
	defer func() { b.putBack(b.readers, c) }()
	if c, err = b.begin(ctx, c, "BEGIN"); err != nil {
		return err
	}
	quiet := context.WithoutCancel(ctx)
	defer c.rollback(quiet)
	r := &reader{ctx: quiet, b: b, c: c, name: tenant, alive: true}
	defer func() { r.alive = false }()
	// The first read fixes the snapshot, so it comes before fn.
	if err := r.pin(); err != nil {
		return err
	}
	defer func() { b.learnKinds(r.numbers) }() // a snapshot sees what is committed alone
	return fn(r)
}

// take waits for a connection: for the only one that writes, or for one of those that read.
func (b *Backend) take(ctx context.Context, from chan *conn) (*conn, error) {
	select {
	case c := <-from:
		return c, nil
	default:
	}
	timer := time.NewTimer(b.opts.Patience)
	defer timer.Stop()
	select {
	case c := <-from:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, &driver.Error{Kind: driver.ErrBusy, Op: "begin"}
	}
}

// putBack ends the use of a connection. One of the caller's goes back to the caller's pool at once.
func (b *Backend) putBack(to chan *conn, c *conn) {
	if b.callers {
		c.close()
		c = nil
	}
	to <- c
}

// begin starts a transaction, on a new connection where there is none yet or the old one has failed. It returns the
// connection to put back, which is nil after a failure that may lie in the connection.
func (b *Backend) begin(ctx context.Context, c *conn, how string) (*conn, error) {
	if c != nil {
		err := c.exec(ctx, how)
		if err == nil {
			return c, nil
		}
		if err = ctxFault(ctx, "begin", err); !errors.Is(err, driver.ErrIO) {
			return c, err
		}
		c.discard()
	}
	c, err := b.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.exec(ctx, how); err != nil {
		c.discard()
		return nil, ctxFault(ctx, "begin", err)
	}
	return c, nil
}

// Tenants returns the names of tenants that have rows; see driver.Backend.
func (b *Backend) Tenants(ctx context.Context, after string, limit int) ([]string, error) {
	var names []string
	err := b.snapshot(ctx, "", func(r *reader) error {
		rows, err := r.query(`SELECT t.name FROM smp_tenant t WHERE t.name > ?1
			AND EXISTS (SELECT 1 FROM smp_entry e WHERE e.n BETWEEN t.id << 41 AND (t.id + 1 << 41) - 1) ORDER BY t.name LIMIT ?2`, after, max(limit, 0))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return fault("read", err)
			}
			names = append(names, name)
		}
		return fault("read", rows.Err())
	})
	return names, err
}

// Close closes the file after what is running has ended. The write-ahead log is folded into the file when the last
// process closes it. A database of the caller's stays open.
func (b *Backend) Close() error {
	b.closing.Lock()
	already := b.closed
	b.closed = true
	b.closing.Unlock()
	if already {
		return nil
	}
	b.running.Wait()
	w := <-b.writer
	if w != nil && b.unclean.Load() {
		_ = b.cutLog(context.Background(), w)
	}
	w.close()
	for range cap(b.readers) {
		(<-b.readers).close()
	}
	return nil
}
