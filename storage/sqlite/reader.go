package sqlite

import (
	"context"
	"database/sql"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Where a number holds a tenant and a position; see migrations/0001_initial.sql.
const (
	entryShift = 41
	nodeShift  = 42
	tileShift  = entryShift - tileBits
	entryMask  = 1<<entryShift - 1
)

// pageBytes bounds the content of one page.
const pageBytes = 8 << 20

// reader reads inside a transaction.
type reader struct {
	ctx    context.Context
	b      *Backend
	c      *conn
	name   string
	tenant int64 // 0 where the tenant has no rows
	alive  bool
}

func (r *reader) query(query string, args ...any) (rowSet, error) {
	s, err := r.stmt(query)
	if err != nil {
		return nil, err
	}
	rows, err := s.query(r.ctx, args)
	return rows, fault("read", err)
}

// scanner is the one row of a query, or the error of getting it.
type scanner struct {
	rows rowSet
	err  error
}

// Scan gives the row out; sql.ErrNoRows where there is none.
func (s scanner) Scan(into ...any) error {
	if s.err != nil {
		return s.err
	}
	defer s.rows.Close()
	if !s.rows.Next() {
		if err := s.rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := s.rows.Scan(into...); err != nil {
		return err
	}
	return s.rows.Close()
}

func (r *reader) row(query string, args ...any) scanner {
	if !r.alive {
		return scanner{err: driver.ErrClosed}
	}
	return r.c.ask(r.ctx, query, args...)
}

func (r *reader) stmt(query string) (prepared, error) {
	if !r.alive {
		return nil, driver.ErrClosed
	}
	s, err := r.c.stmt(query)
	return s, fault("prepare", err)
}

// findTenant looks the tenant's number up; 0 where it has none yet.
func (r *reader) findTenant() error {
	if r.tenant = r.b.known(r.name); r.tenant != 0 {
		return nil
	}
	return r.pin()
}

// pin is findTenant by a query: in a snapshot it is the read that fixes it.
func (r *reader) pin() error {
	err := r.row(`SELECT id FROM smp_tenant WHERE name = ?1`, r.name).Scan(&r.tenant)
	if err == sql.ErrNoRows {
		return nil
	}
	return fault("read", err)
}

const columns = `e.n, e.kind, e.id, e.version, e.recorded, e.keep, e.envelope, e.leaf, e.body, e.salt, e.reason,
	CASE WHEN e.key IS NOT NULL THEN coalesce((SELECT k.key FROM smp_key k WHERE k.n = e.n ORDER BY k.generation DESC LIMIT 1), e.key) END`

// rows reads at most limit rows, fewer when they are heavy.
func (r *reader) rows(limit int, query string, args ...any) ([]driver.Row, error) {
	if !r.alive {
		return nil, driver.ErrClosed
	}
	if limit = min(limit, driver.MaxPage); r.tenant == 0 || limit <= 0 {
		return nil, nil
	}
	rows, err := r.query(query, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []driver.Row
	for bytes := 0; bytes < pageBytes && rows.Next(); {
		row, err := r.scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
		bytes += len(row.Body) + len(row.Envelope)
	}
	return out, fault("read", rows.Err())
}

func (r *reader) scan(s interface{ Scan(...any) error }) (driver.Row, error) {
	out := driver.Row{Tenant: r.name}
	var n, recorded int64
	var keep sql.NullInt64
	var leaf []byte
	var reason sql.NullString
	if err := s.Scan(&n, &out.Kind, &out.ID, &out.Version, &recorded, &keep, &out.Envelope, &leaf, &out.Body, &out.Salt, &reason, &out.Key); err != nil {
		return driver.Row{}, fault("read", err)
	}
	if copy(out.Leaf[:], leaf) != driver.HashSize {
		return driver.Row{}, driver.ErrCorrupt
	}
	out.Seq, out.Recorded, out.Reason = uint64(n&entryMask), time.UnixMicro(recorded).UTC(), reason.String
	if keep.Valid {
		day, err := dayOf(keep.Int64)
		if err != nil {
			return driver.Row{}, driver.ErrCorrupt
		}
		out.KeepThrough = day
	}
	return out, nil
}

// Get returns a version of a document; see driver.Reader.
func (r *reader) Get(kind, id string, version uint64) (driver.Row, error) {
	if !r.alive {
		return driver.Row{}, driver.ErrClosed
	}
	if r.tenant == 0 || version > 1<<62 {
		return driver.Row{}, driver.ErrNotFound
	}
	if version == 0 {
		return r.scan(r.row(`SELECT `+columns+` FROM smp_entry e
			WHERE e.tenant = ?1 AND e.kind = ?2 AND e.id = ?3 ORDER BY e.version DESC LIMIT 1`, r.tenant, kind, id))
	}
	return r.scan(r.row(`SELECT `+columns+` FROM smp_entry e
		WHERE e.tenant = ?1 AND e.kind = ?2 AND e.id = ?3 AND e.version = ?4`, r.tenant, kind, id, int64(version)))
}

// The scans: the newest version of each document, or the newest by an instant.
const (
	newest = ` AND e.version = (SELECT max(x.version) FROM smp_entry x WHERE x.tenant = e.tenant AND x.kind = e.kind AND x.id = e.id)`
	asOf   = ` AND e.version = (SELECT max(x.version) FROM smp_entry x WHERE x.tenant = e.tenant AND x.kind = e.kind AND x.id = e.id AND x.recorded <= ?4)`

	scanAll     = `SELECT ` + columns + ` FROM smp_entry e WHERE e.tenant = ?1 AND (e.kind, e.id) > (?2, ?3)`
	scanKind    = `SELECT ` + columns + ` FROM smp_entry e WHERE e.tenant = ?1 AND e.kind = ?2 AND e.id > ?3`
	scanOrder   = ` ORDER BY e.kind, e.id LIMIT ?4`
	scanOrderAt = ` ORDER BY e.kind, e.id LIMIT ?5`
)

// Scan returns one row for each document; see driver.Reader.
func (r *reader) Scan(q driver.Query) ([]driver.Row, error) {
	from, kind, id := scanAll, q.AfterKind, q.AfterID
	if q.Kind != "" {
		from, kind = scanKind, q.Kind
		switch {
		case q.AfterKind > q.Kind:
			return nil, r.check()
		case q.AfterKind < q.Kind:
			id = "" // ids are never empty, so all of the kind follow
		}
	}
	if !q.DueBy.IsZero() {
		if !q.AsOf.IsZero() {
			return nil, driver.ErrUnsupported
		}
		due := dueAll
		if q.Kind != "" {
			due = dueKind
		}
		return r.due(q.Limit, due, r.tenant, kind, id, dayNumber(q.DueBy))
	}
	if q.AsOf.IsZero() {
		return r.rows(q.Limit, from+newest+scanOrder, r.tenant, kind, id)
	}
	return r.rows(q.Limit, from+asOf+scanOrderAt, r.tenant, kind, id, micros(q.AsOf))
}

// What is due is found in the index alone, which holds the last day to keep.
const (
	due   = `SELECT e.n, e.kind, e.id, e.version, e.keep FROM smp_entry e INDEXED BY smp_entry_ref WHERE e.tenant = ?1 AND `
	isDue = ` AND e.keep < ?4
		AND NOT EXISTS (SELECT 1 FROM smp_entry x INDEXED BY smp_entry_ref WHERE x.tenant = e.tenant AND x.kind = e.kind AND x.id = e.id AND x.version > e.version)
		AND NOT EXISTS (SELECT 1 FROM smp_disposal d WHERE d.tenant = e.tenant AND d.kind = e.kind AND d.id = e.id)
		ORDER BY e.kind, e.id LIMIT ?5`
	dueAll  = due + `(e.kind, e.id) > (?2, ?3)` + isDue
	dueKind = due + `e.kind = ?2 AND e.id > ?3` + isDue
)

func (r *reader) due(limit int, query string, args ...any) ([]driver.Row, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if limit = min(limit, driver.MaxPage); r.tenant == 0 || limit <= 0 {
		return nil, nil
	}
	rows, err := r.query(query, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []driver.Row
	for rows.Next() {
		row := driver.Row{Tenant: r.name}
		var n, keep int64
		if err := rows.Scan(&n, &row.Kind, &row.ID, &row.Version, &keep); err != nil {
			return nil, fault("read", err)
		}
		if row.KeepThrough, err = dayOf(keep); err != nil {
			return nil, driver.ErrCorrupt
		}
		row.Seq = uint64(n & entryMask)
		out = append(out, row)
	}
	return out, fault("read", rows.Err())
}

func (r *reader) check() error {
	if !r.alive {
		return driver.ErrClosed
	}
	return nil
}

// History returns the versions of a document; see driver.Reader.
func (r *reader) History(kind, id string, after uint64, limit int) ([]driver.Row, error) {
	return r.rows(limit, `SELECT `+columns+` FROM smp_entry e
		WHERE e.tenant = ?1 AND e.kind = ?2 AND e.id = ?3 AND e.version > ?4 ORDER BY e.version LIMIT ?5`, r.tenant, kind, id, int64(min(after, 1<<62)))
}

// Entries returns rows in ledger order; see driver.Reader.
func (r *reader) Entries(from uint64, limit int) ([]driver.Row, error) {
	if from > entryMask {
		return nil, r.check()
	}
	return r.rows(limit, `SELECT `+columns+` FROM smp_entry e
		WHERE e.n BETWEEN ?1 AND ?2 ORDER BY e.n LIMIT ?3`, r.tenant<<entryShift|int64(from), r.tenant<<entryShift|entryMask)
}

// Head returns a head of the ledger; see driver.Reader.
func (r *reader) Head(size uint64) (driver.Head, error) {
	if err := r.check(); err != nil {
		return driver.Head{}, err
	}
	if r.tenant == 0 || size > entryMask {
		return driver.Head{}, driver.ErrNotFound
	}
	var h driver.Head
	var n, recorded int64
	var root []byte
	var err error
	if size == 0 {
		err = r.row(`SELECT c.n, c.epoch, c.root, c.recorded, c.note, h.edge FROM smp_head h JOIN smp_checkpoint c ON c.n = h.tenant << 41 | h.size
			WHERE h.tenant = ?1`, r.tenant).Scan(&n, &h.Epoch, &root, &recorded, &h.Note, &h.Edge)
	} else {
		err = r.row(`SELECT n, epoch, root, recorded, note FROM smp_checkpoint WHERE n = ?1`, r.tenant<<entryShift|int64(size)).
			Scan(&n, &h.Epoch, &root, &recorded, &h.Note)
	}
	if err != nil {
		return driver.Head{}, fault("read", err)
	}
	if copy(h.Root[:], root) != driver.HashSize {
		return driver.Head{}, driver.ErrCorrupt
	}
	h.Size, h.Recorded = uint64(n&entryMask), time.UnixMicro(recorded).UTC()
	return h, nil
}

// Holds returns holds; see driver.Reader.
func (r *reader) Holds(kind, id string) ([]driver.Hold, error) {
	if err := r.check(); err != nil || r.tenant == 0 {
		return nil, err
	}
	query := `SELECT h.matter, h.released, s.kind, s.id FROM smp_hold h JOIN smp_hold_scope s ON s.tenant = h.tenant AND s.matter = h.matter
		WHERE h.tenant = ?1 ORDER BY h.matter, s.kind, s.id`
	args := []any{r.tenant}
	if kind != "" || id != "" {
		query = `SELECT h.matter, h.released, s.kind, s.id FROM smp_hold h JOIN smp_hold_scope s ON s.tenant = h.tenant AND s.matter = h.matter
			WHERE h.tenant = ?1 AND h.released = 0 AND EXISTS (SELECT 1 FROM smp_hold_scope c WHERE c.tenant = h.tenant AND c.matter = h.matter
				AND (c.kind = '' OR c.kind = ?2 AND (c.id = '' OR c.id = ?3)))
			ORDER BY h.matter, s.kind, s.id`
		args = append(args, kind, id)
	}
	rows, err := r.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []driver.Hold
	for rows.Next() {
		var h driver.Hold
		var s driver.Scope
		if err := rows.Scan(&h.Matter, &h.Released, &s.Kind, &s.ID); err != nil {
			return nil, fault("read", err)
		}
		if n := len(out); n == 0 || out[n-1].Matter != h.Matter {
			out = append(out, h)
		}
		if s.Kind != "" {
			last := &out[len(out)-1]
			last.Scope = append(last.Scope, s)
		}
	}
	return out, fault("read", rows.Err())
}

func micros(t time.Time) int64 { return t.UnixMicro() }

// dayNumber writes a day as a number such as 20321231.
func dayNumber(d hipaasmp.Date) int64 {
	return int64(d.Year())*10000 + int64(d.Month())*100 + int64(d.Day())
}

func dayOf(n int64) (hipaasmp.Date, error) {
	return hipaasmp.NewDate(int(n/10000), time.Month(n/100%100), int(n%100))
}
