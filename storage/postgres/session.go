package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// How transactions begin. Writers lock the head of their tenant first, and from then on nobody else writes to the
// tenant: READ COMMITTED, where every statement sees what is committed, is then serial. A stronger level is as right and
// only repeats more.
const (
	beginWrite = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
	beginRead  = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
)

// querier is what a connection and a caller's transaction have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
}

// session is one transaction on a connection.
type session struct {
	querier
	ctx  context.Context
	conn *pgx.Conn
	pool *pgxpool.Conn // nil where the transaction is the caller's

	// failed is why the transaction is lost: PostgreSQL ends it with the first error. mayRepeat says that the closure
	// may run again.
	failed    error
	mayRepeat bool
}

// session takes a connection.
func (b *Backend) session(ctx context.Context) (*session, error) {
	wait, cancel := context.WithTimeout(ctx, b.opts.Patience)
	defer cancel()
	c, err := b.pool.Acquire(wait)
	switch {
	case err == nil:
		return &session{querier: c, ctx: ctx, conn: c.Conn(), pool: c}, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case wait.Err() != nil:
		return nil, &driver.Error{Kind: driver.ErrBusy, Op: "connect"}
	}
	return nil, &againError{err: plain("connect", err), lost: true}
}

// fault turns an error of a statement into one of the driver and marks the transaction as lost.
func (s *session) fault(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return driver.ErrNotFound
	case s.failed != nil:
		return s.failed
	case s.ctx.Err() != nil:
		s.failed = s.ctx.Err()
		return s.failed
	}
	s.failed = plain(op, err)
	if gone := s.conn.IsClosed(); gone || repeatable(err) {
		s.failed, s.mayRepeat = &againError{err: s.failed, lost: gone}, true
	}
	return s.failed
}

// commit ends the transaction. The context of the caller no longer counts: it could only make the outcome unknown.
func (s *session) commit(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	delete(s.conn.PgConn().CustomData(), warned)
	tag, err := s.conn.Exec(ctx, "COMMIT")
	var pe *pgconn.PgError
	switch {
	case err == nil && tag.String() == "COMMIT":
		if _, yes := s.conn.PgConn().CustomData()[warned]; !yes {
			return nil
		}
		// Whoever waits for a synchronous standby and is told to stop is told "COMMIT" and a warning: the standby may
		// not have it.
		return &driver.Error{Kind: driver.ErrOutcomeUnknown, Op: "commit"}
	case err == nil:
		return &driver.Error{Kind: driver.ErrIO, Op: "commit"} // the server says that it rolled back
	case !errors.As(err, &pe) || s.conn.IsClosed() || pe.Code == "40003" || pe.Code[:min(2, len(pe.Code))] == "08":
		code, _ := kindOf(err)
		return &driver.Error{Kind: driver.ErrOutcomeUnknown, Op: "commit", Code: code}
	case repeatable(err):
		return &againError{err: plain("commit", err)}
	}
	return plain("commit", err)
}

// release gives the connection back. A transaction that was not committed is rolled back.
func (s *session) release() {
	if s.conn.PgConn().TxStatus() != 'I' && !s.conn.IsClosed() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), time.Second)
		_, _ = s.conn.Exec(ctx, "ROLLBACK") // a connection that cannot is closed by Release
		cancel()
	}
	s.pool.Release()
}

// warned is where a connection notes that the server gave a warning.
const warned = "hipaasmp.warned"

// watch makes connections note warnings.
func watch(config *pgx.ConnConfig) {
	others := config.OnNotice
	config.OnNotice = func(c *pgconn.PgConn, n *pgconn.Notice) {
		// SeverityUnlocalized is not sent by every database of the protocol.
		if n.SeverityUnlocalized == "WARNING" || n.SeverityUnlocalized == "" && n.Severity == "WARNING" {
			c.CustomData()[warned] = true
		}
		if others != nil {
			others(c, n)
		}
	}
}
