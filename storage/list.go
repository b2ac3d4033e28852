package storage

import (
	"context"
	"iter"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// pageSize is how many rows are read in one snapshot. Iterators page, so that a slow reader pins nothing.
const pageSize = 256

// Query selects documents.
type Query struct {
	// Kind selects one kind; empty selects all but the store's own.
	Kind hipaasmp.Kind
	// AsOf shows what was the newest version at this instant; zero means now.
	AsOf time.Time
	// After begins behind a position that [Store.Page] returned for the same tenant, kind and instant.
	After Cursor
	// Limit is the most entries to yield; 0 means all.
	Limit int
	// Disposed includes documents whose content was destroyed.
	Disposed bool
}

// List yields the newest version of every document that the query covers, in byte order of kind and id, each checked
// against its leaf. It reads in pages: a document that is written while the list runs may appear in its new version.
// With AsOf the list is exact. After an error it yields nothing more.
func (s *Store) List(ctx context.Context, tenant string, q Query) iter.Seq2[Entry, error] {
	return s.list(ctx, tenant, q, s.view)
}

// viewer reads one tenant in one snapshot.
type viewer func(ctx context.Context, tenant string, fn func(driver.Reader) error) error

func (s *Store) list(ctx context.Context, tenant string, q Query, view viewer) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		at, err := q.position(tenant)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		left := q.Limit
		for e, err := range s.pages(ctx, tenant, view, func() pager { return q.scanner(at) }) {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			if !q.shows(e) {
				continue
			}
			if !yield(e, nil) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

// shows reports whether the query wants an entry that the scan found.
func (q Query) shows(e Entry) bool {
	return (q.Disposed || !e.Disposed()) && (q.Kind != "" || !ownKind(string(e.Kind)))
}

// pager reads the next page each time it is called; an empty one is the end.
type pager func(driver.Reader) ([]driver.Row, error)

// scanner returns a pager that begins after a position.
func (q Query) scanner(at docKey) pager {
	size := pageSize
	if q.Limit > 0 {
		size = min(size, q.Limit)
	}
	return func(r driver.Reader) ([]driver.Row, error) {
		dq := driver.Query{Kind: string(q.Kind), AfterKind: at.kind, AfterID: at.id, Limit: size}
		if !q.AsOf.IsZero() {
			dq.AsOf = hipaasmp.Instant(q.AsOf)
		}
		rows, err := r.Scan(dq)
		for _, row := range rows {
			key := docKey{row.Kind, row.ID}
			if key.compare(at) <= 0 {
				return nil, noProgress(row) // a driver that ignores the position would keep a list going for ever
			}
			at = key
		}
		return rows, err
	}
}

// History yields every version of a document, oldest first; disposed ones come without content. ref's version is not
// looked at. A document that does not exist yields nothing.
func (s *Store) History(ctx context.Context, tenant string, ref hipaasmp.Ref) iter.Seq2[Entry, error] {
	return s.pages(ctx, tenant, s.view, func() pager {
		after := uint64(0)
		return func(r driver.Reader) ([]driver.Row, error) {
			rows, err := r.History(string(ref.Kind), ref.ID, after, pageSize)
			for _, row := range rows {
				if row.Version <= after {
					return nil, noProgress(row)
				}
				after = row.Version
			}
			return rows, err
		}
	})
}

// noProgress says that a driver gave a row that does not come after the one before it.
func noProgress(row driver.Row) error {
	return &CorruptError{Tenant: row.Tenant, Ref: refOf(row), Seq: row.Seq, What: "the driver gave it out of order"}
}

// pages yields what a pager reads, one snapshot a page. Each range over it begins anew, with a pager of its own.
func (s *Store) pages(ctx context.Context, tenant string, view viewer, begin func() pager) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		next := begin()
		for {
			var rows []driver.Row
			err := view(ctx, tenant, func(r driver.Reader) (err error) {
				rows, err = next(r)
				return err
			})
			if err == nil && len(rows) == 0 {
				return
			}
			for _, row := range rows {
				var e Entry
				if err == nil {
					e, err = s.entryOf(ctx, tenant, row)
				}
				if err != nil {
					break
				}
				if !yield(e, nil) {
					return
				}
			}
			if err != nil {
				yield(Entry{}, err)
				return
			}
		}
	}
}
