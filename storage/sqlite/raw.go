package sqlite

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// The store's own connections are used without the pool of database/sql: it is in the way of nothing here, and it costs
// as much for each row as SQLite does. A caller's transaction is used through database/sql.

// prepared is a prepared statement of either kind.
type prepared interface {
	exec(ctx context.Context, args []any) (sql.Result, error)
	query(ctx context.Context, args []any) (rowSet, error)
	close() error
}

// rowSet are the rows of a query; *sql.Rows are.
type rowSet interface {
	Next() bool
	Scan(into ...any) error
	Err() error
	Close() error
}

// pooled is a statement of database/sql.
type pooled struct{ s *sql.Stmt }

func (p pooled) exec(ctx context.Context, args []any) (sql.Result, error) {
	return p.s.ExecContext(ctx, args...)
}

func (p pooled) query(ctx context.Context, args []any) (rowSet, error) {
	return p.s.QueryContext(ctx, args...)
}
func (p pooled) close() error { return p.s.Close() }

// bare is a statement of the driver itself, used by one goroutine.
type bare struct {
	s interface {
		sqldriver.Stmt
		sqldriver.StmtExecContext
		sqldriver.StmtQueryContext
	}
	args []sqldriver.NamedValue
}

func (b *bare) bind(args []any) []sqldriver.NamedValue {
	b.args = b.args[:0]
	for i, a := range args {
		switch v := a.(type) {
		case int:
			a = int64(v)
		case uint64:
			a = int64(v)
		}
		b.args = append(b.args, sqldriver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return b.args
}

func (b *bare) exec(ctx context.Context, args []any) (sql.Result, error) {
	defer func() { clear(b.args) }()
	return b.s.ExecContext(ctx, b.bind(args))
}

func (b *bare) query(ctx context.Context, args []any) (rowSet, error) {
	defer func() { clear(b.args) }()
	r, err := b.s.QueryContext(ctx, b.bind(args))
	if err != nil {
		return nil, err
	}
	return &bareRows{rows: r, values: make([]sqldriver.Value, len(r.Columns()))}, nil
}

func (b *bare) close() error { return b.s.Close() }

// prepareBare prepares a statement on a connection of the driver.
func prepareBare(c sqldriver.Conn, query string) (prepared, error) {
	p, ok := c.(sqldriver.ConnPrepareContext)
	if !ok {
		return nil, errors.New("sqlite: the driver does not prepare")
	}
	s, err := p.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	b := &bare{}
	if b.s, ok = s.(interface {
		sqldriver.Stmt
		sqldriver.StmtExecContext
		sqldriver.StmtQueryContext
	}); !ok {
		return nil, errors.Join(errors.New("sqlite: the driver's statements take no context"), s.Close())
	}
	return b, nil
}

type bareRows struct {
	rows   sqldriver.Rows
	values []sqldriver.Value
	err    error
}

func (r *bareRows) Next() bool {
	if r.err == nil {
		r.err = r.rows.Next(r.values)
	}
	return r.err == nil
}

func (r *bareRows) Err() error {
	if errors.Is(r.err, io.EOF) {
		return nil
	}
	return r.err
}

func (r *bareRows) Close() error { return r.rows.Close() }

// Scan gives the columns of a row out. Bytes are the driver's copy and become the caller's.
func (r *bareRows) Scan(into ...any) error {
	if len(into) != len(r.values) {
		return fmt.Errorf("sqlite: %d columns into %d places", len(r.values), len(into))
	}
	for i, v := range r.values {
		if !assign(into[i], v) {
			return fmt.Errorf("sqlite: column %d is of another type", i)
		}
	}
	return nil
}

func assign(into any, v sqldriver.Value) bool {
	switch d := into.(type) {
	case *int64:
		n, ok := v.(int64)
		*d = n
		return ok
	case *uint64:
		n, ok := v.(int64)
		*d = uint64(n)
		return ok && n >= 0
	case *int:
		n, ok := v.(int64)
		*d = int(n)
		return ok
	case *bool:
		n, ok := v.(int64)
		*d = n != 0
		return ok
	case *sql.NullInt64:
		n, ok := v.(int64)
		*d = sql.NullInt64{Int64: n, Valid: ok}
		return ok || v == nil
	case *string:
		s, ok := v.(string)
		*d = s
		return ok
	case *sql.NullString:
		s, ok := v.(string)
		*d = sql.NullString{String: s, Valid: ok}
		return ok || v == nil
	case *[]byte:
		b, ok := v.([]byte)
		*d = b
		return ok || v == nil
	case *sql.RawBytes:
		b, ok := v.([]byte)
		*d = b
		return ok || v == nil
	}
	return false
}
