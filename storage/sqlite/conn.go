package sqlite

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"strconv"

	sqlite3 "modernc.org/sqlite"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// dsn is how every connection of a store is opened. The path is escaped, everything else is fixed.
func dsn(path string, o Options) string {
	s := probeDSN(path, o) +
		"&_pragma=recursive_triggers(1)&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)" +
		"&_pragma=secure_delete(1)&_pragma=temp_store(2)&_pragma=cache_size(-16000)&_foreign_keys=1"
	if o.ReadOnly {
		return s
	}
	s += "&_pragma=page_size(16384)&_journal_mode=WAL&_synchronous=FULL&_pragma=fullfsync(1)&_pragma=checkpoint_fullfsync(1)&_pragma=journal_size_limit(67108864)"
	if o.maxPages > 0 {
		s += "&_pragma=max_page_count(" + strconv.Itoa(o.maxPages) + ")"
	}
	return s
}

// probeDSN opens a file without changing anything about it: it may turn out to be somebody else's.
func probeDSN(path string, o Options) string {
	mode := "rw"
	if o.ReadOnly {
		mode = "ro"
	}
	s := fileURI(path) + "?mode=" + mode + "&_txlock=immediate&_defensive=1&_dqs=0&_busy_timeout=" + strconv.FormatInt(o.Patience.Milliseconds(), 10)
	if o.vfs != "" {
		s += "&vfs=" + o.vfs
	}
	return s
}

// connector opens connections by a driver of its own, so that nothing that the program registered on modernc's driver
// changes what the store's SQL means.
type connector struct {
	dsn     string
	guarded bool
}

func (c connector) Driver() sqldriver.Driver { return &sqlite3.Driver{} }

func (c connector) Connect(context.Context) (sqldriver.Conn, error) {
	conn, err := c.Driver().Open(c.dsn)
	if err != nil || !c.guarded {
		return conn, err
	}
	guard, ok := conn.(sqlite3.AuthorizerRegisterer)
	if !ok {
		return nil, errors.Join(errors.New("sqlite: no authorizer"), conn.Close())
	}
	if err := guard.RegisterAuthorizer(authorize); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// Transaction is what a caller joins: a *sql.Tx, or a *sql.Conn on which the caller ran BEGIN IMMEDIATE.
type Transaction interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// conn is one connection with its prepared statements. One goroutine uses it at a time.
type conn struct {
	raw   sqldriver.Conn // one of the store's own, or nil
	c     Transaction    // where raw is nil: a connection of the caller's pool, or the caller's transaction
	own   *sql.Conn      // the connection of the pool, to be given back
	stmts map[string]prepared
}

// connect opens a connection.
func (b *Backend) connect(ctx context.Context) (*conn, error) {
	if !b.callers {
		raw, err := b.connector.Connect(ctx)
		if err != nil {
			return nil, ctxFault(ctx, "open", err)
		}
		return &conn{raw: raw, stmts: map[string]prepared{}}, nil
	}
	// The caller's pool may be small and taken. Waiting for it must end as waiting for a lock does.
	wait, cancel := context.WithTimeout(ctx, b.opts.Patience)
	defer cancel()
	c, err := b.db.Conn(wait)
	if err != nil {
		if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			return nil, &driver.Error{Kind: driver.ErrBusy, Op: "open"}
		}
		return nil, ctxFault(ctx, "open", err)
	}
	return &conn{c: c, own: c, stmts: map[string]prepared{}}, nil
}

// stmt returns the prepared statement for a query. The queries are constants, so their number is bounded.
func (c *conn) stmt(query string) (prepared, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	var s prepared
	if c.raw != nil {
		var err error
		if s, err = prepareBare(c.raw, query); err != nil {
			return nil, err
		}
	} else {
		p, err := c.c.PrepareContext(context.Background(), query)
		if err != nil {
			return nil, err
		}
		s = pooled{p}
	}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) exec(ctx context.Context, query string, args ...any) error {
	_, err := c.execResult(ctx, query, args...)
	return err
}

func (c *conn) execResult(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.exec(ctx, args)
}

// ask runs a query that gives one row.
func (c *conn) ask(ctx context.Context, query string, args ...any) scanner {
	s, err := c.stmt(query)
	if err != nil {
		return scanner{err: err}
	}
	rows, err := s.query(ctx, args)
	return scanner{rows: rows, err: err}
}

// rollback ends a transaction, whether or not SQLite has ended it already.
func (c *conn) rollback(ctx context.Context) { _ = c.exec(ctx, "ROLLBACK") }

// savepoint names the part of a caller's transaction that is the store's.
const savepoint = "smp_joined"

// close gives up a connection; nil is none.
func (c *conn) close() {
	switch {
	case c == nil:
		return
	case c.raw != nil:
		c.discard()
		return
	}
	c.forget()
	_ = c.own.Close()
}

// discard closes a connection for good, where close would let database/sql keep it for the next caller.
func (c *conn) discard() {
	c.forget() // a statement must not outlive its connection
	if c.raw != nil {
		_ = c.raw.Close()
		return
	}
	_ = c.own.Raw(func(any) error { return sqldriver.ErrBadConn })
}

func (c *conn) forget() {
	for _, s := range c.stmts {
		_ = s.close()
	}
	clear(c.stmts)
}
