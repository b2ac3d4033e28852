package postgres

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// maxBody is the longest body that is kept, 16 MiB.
const maxBody = 16 << 20

// Options configures [Open]. The zero value, or nil, is what a production store wants.
type Options struct {
	// Schema is the schema that holds the store's tables, in lower case without quotes. Default "hipaasmp".
	Schema string
	// ReadOnly opens for reading alone, for example on a standby. Every Update is then refused with
	// driver.ErrReadOnly, and the layout must be there.
	ReadOnly bool
	// Patience is how long a writer waits for other writers of its tenant and for a connection before driver.ErrBusy,
	// and how long a commit may take before driver.ErrOutcomeUnknown. Default 10 seconds.
	Patience time.Duration
	// Writers is the most transactions that write at a time, each to a tenant of its own. Default 8.
	Writers int
	// Readers is the most snapshots that are read at a time. Default 8. Up to Writers + Readers + 1 connections are
	// made.
	Readers int
	// NoCopy writes large appends by INSERT, for a database that has no COPY in the binary format.
	NoCopy bool

	// layouts are the steps of the layout, so that tests can bring an older one forward. Nil is those of this version.
	layouts fs.FS
}

func (o *Options) withDefaults() (Options, error) {
	var out Options
	if o != nil {
		out = *o
	}
	out.Schema = cmp.Or(out.Schema, "hipaasmp")
	out.Patience = cmp.Or(max(out.Patience, 0), 10*time.Second)
	out.Writers = cmp.Or(max(out.Writers, 0), 8)
	out.Readers = cmp.Or(max(out.Readers, 0), 8)
	if !validSchema(out.Schema) {
		return out, &OpenError{Kind: driver.ErrUnsupported, Reason: "the schema's name must be 1 to 63 of a-z 0-9 _ beginning with a letter, and not with pg_"}
	}
	return out, nil
}

func validSchema(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || i > 0 && (c == '_' || c >= '0' && c <= '9')) {
			return false
		}
	}
	return s != "" && len(s) <= 63 && !strings.HasPrefix(s, "pg_")
}

// Backend is a driver.Backend over one schema of a database. Make one with [Open].
type Backend struct {
	opts Options
	pool *pgxpool.Pool
	caps driver.Capabilities
	// identity tells the schema from others; see identityOf.
	identity string
	texts    sync.Map // statements with the schema put in, by their text without it
	queue    queue
	writers  chan struct{} // one token for each transaction that may write
	readers  chan struct{}

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

var _ driver.Backend = (*Backend)(nil)

// Open connects to a database by a connection string as libpq knows them, a URL or keywords, makes the layout if the
// schema is missing or empty, and brings it up to date. nil options are the defaults.
//
// The error is an [*OpenError] that matches one of: driver.ErrForeign, the schema belongs to something else, or the
// database is not in UTF-8; driver.ErrSchemaNewer, a later version of this module wrote it; driver.ErrReadOnly, the
// role may not do what is needed; driver.ErrUnsupported, the connection string or an option is wrong; driver.ErrBusy;
// driver.ErrIO, nobody answers. No error holds the connection string.
func Open(ctx context.Context, connection string, options *Options) (*Backend, error) {
	config, err := parseConnection(connection)
	if err != nil {
		return nil, err
	}
	return OpenConfig(ctx, config, options)
}

// maxConnection is the longest connection string in bytes; each of its hosts is tried with keys of its own.
const maxConnection = 64 << 10

// parseConnection reads a connection string. What it says is wrong holds nothing of the string, which may hold a password.
func parseConnection(connection string) (*pgxpool.Config, error) {
	if len(connection) <= maxConnection {
		if config, err := pgxpool.ParseConfig(connection); err == nil {
			return config, nil
		}
	}
	return nil, &OpenError{Kind: driver.ErrUnsupported, Reason: "the connection string cannot be read; write it as postgres://user@host/database or as keywords, host=... dbname=..."}
}

// OpenConfig is [Open] for a product that configures its connections in Go, to fetch passwords or to trace. The limits
// on the number of connections are the options'.
func OpenConfig(ctx context.Context, config *pgxpool.Config, options *Options) (*Backend, error) {
	opts, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	config = config.Copy()
	config.MaxConns, config.MinConns, config.MinIdleConns = int32(opts.Writers+opts.Readers+1), 0, 0
	watch(config.ConnConfig)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, openError(ctx, err)
	}
	b := &Backend{opts: opts, pool: pool, queue: queue{tenants: map[string]*waiters{}},
		writers: make(chan struct{}, opts.Writers), readers: make(chan struct{}, opts.Readers)}
	if err := b.prepare(ctx); err != nil {
		pool.Close()
		return nil, openError(ctx, err)
	}
	return b, nil
}

// sql puts the schema into a statement. The statements are constants, so their number is bounded.
func (b *Backend) sql(text string) string {
	if s, ok := b.texts.Load(text); ok {
		return s.(string)
	}
	s := strings.ReplaceAll(text, "{s}", pgx.Identifier{b.opts.Schema}.Sanitize())
	b.texts.Store(text, s)
	return s
}

// Capabilities says what the driver can do; see driver.Backend. EnforcesWORM is true where the role that the store
// was opened with could neither change nor remove what was written if it tried; see [Roles]. GuardsRows is the same here.
func (b *Backend) Capabilities() driver.Capabilities { return b.caps }

// enter counts a caller in, so that Close can wait; the caller defers b.running.Done.
func (b *Backend) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return driver.ErrClosed
	}
	b.running.Add(1)
	return nil
}

// Update runs fn in one transaction; see driver.Backend. fn runs again where the database reports a serialisation
// failure or a deadlock, or where the connection is lost before the commit.
func (b *Backend) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	if err := b.enter(ctx); err != nil {
		return err
	}
	defer b.running.Done()
	switch {
	case !storable(tenant) || tenant == "":
		return driver.ErrTenant
	case b.opts.ReadOnly:
		return driver.ErrReadOnly
	}
	deadline := time.Now().Add(b.opts.Patience)
	// Writers of one tenant in this process queue here, fairly and without keeping a connection.
	leave, err := b.queue.enter(ctx, tenant, b.opts.Patience)
	if err != nil {
		return err
	}
	defer leave()
	done, err := b.token(ctx, b.writers)
	if err != nil {
		return err
	}
	defer done()
	for attempt := 0; ; attempt++ {
		err := b.attempt(ctx, tenant, fn)
		var again *againError
		if !errors.As(err, &again) {
			return err
		}
		if time.Now().After(deadline) || again.lost && attempt >= mostReconnects {
			return again.err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// mostReconnects is how often a transaction is run again on another connection.
const mostReconnects = 5

// pause waits before the next attempt, up to a tenth of a second.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(time.Millisecond << min(attempt, 6) * 3 / 2)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// token waits for one of the places of writers or readers.
func (b *Backend) token(ctx context.Context, places chan struct{}) (func(), error) {
	timer := time.NewTimer(b.opts.Patience)
	defer timer.Stop()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, &driver.Error{Kind: driver.ErrBusy, Op: "begin"}
	}
}

// attempt is one run of an Update.
func (b *Backend) attempt(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	s, err := b.session(ctx)
	if err != nil {
		return err
	}
	defer s.release()
	t := &tx{reader: reader{ctx: ctx, b: b, s: s, name: tenant, alive: true}, sees: map[docKey]docState{}, kinds: map[string]kindState{}}
	if err := t.begin(b.opts.Patience); err != nil {
		return err
	}
	defer func() { t.alive = false }()
	err = fn(t)
	t.alive = false
	switch {
	case s.failed != nil && s.mayRepeat:
		return s.failed
	case err != nil:
		return err
	case s.failed != nil:
		return s.failed // fn swallowed it, but the transaction is lost
	case ctx.Err() != nil:
		return ctx.Err()
	case !t.wrote:
		return nil
	}
	return s.commit(ctx, b.opts.Patience)
}

// View runs fn over one snapshot; see driver.Backend.
func (b *Backend) View(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	if tenant == "" || !storable(tenant) {
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
	done, err := b.token(ctx, b.readers)
	if err != nil {
		return err
	}
	defer done()
	for attempt := 0; ; attempt++ {
		began, err := b.look(ctx, tenant, fn)
		var again *againError
		if !errors.As(err, &again) {
			return err
		}
		// What fn has seen of a snapshot cannot be taken back, so only the beginning is tried again.
		if began || attempt >= mostReconnects {
			return again.err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func (b *Backend) look(ctx context.Context, tenant string, fn func(*reader) error) (began bool, err error) {
	s, err := b.session(ctx)
	if err != nil {
		return false, err
	}
	defer s.release()
	r := &reader{ctx: ctx, b: b, s: s, name: tenant, alive: true}
	if err := r.pin(); err != nil {
		return false, err
	}
	defer func() { r.alive = false }()
	return true, fn(r)
}

// Tenants returns the names of tenants that have rows; see driver.Backend.
func (b *Backend) Tenants(ctx context.Context, after string, limit int) ([]string, error) {
	var names []string
	err := b.snapshot(ctx, "", func(r *reader) error {
		if limit <= 0 || !storable(after) {
			return nil
		}
		rows, err := r.query(`SELECT tenant FROM {s}.head WHERE tenant > $1 AND size > 0 ORDER BY tenant LIMIT $2`, after, limit)
		if err != nil {
			return err
		}
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return r.s.fault("read", err)
	})
	return names, err
}

// Close closes the connections after what is running has ended.
func (b *Backend) Close() error {
	b.mu.Lock()
	already := b.closed
	b.closed = true
	b.mu.Unlock()
	if already {
		return nil
	}
	b.running.Wait()
	b.pool.Close()
	return nil
}

// storable reports whether PostgreSQL can keep a text. What it cannot keep is not there either.
func storable(texts ...string) bool {
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
			return false
		}
	}
	return true
}
