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

	mostTenants = 1<<(62-entryShift) - 1
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
	joined bool // the caller may yet roll back what it reads

	numbers  map[kindKey]int64 // kinds that this reader came across
	lastKind int64
	lastName string
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
		bytes += weight(&row)
	}
	return out, fault("read", rows.Err())
}

func weight(r *driver.Row) int { return len(r.Body) + len(r.Envelope) }

func (r *reader) scan(s interface{ Scan(...any) error }) (driver.Row, error) {
	out := driver.Row{Tenant: r.name}
	var n, kind, recorded int64
	var keep sql.NullInt64
	var leaf []byte
	var reason sql.NullString
	if err := s.Scan(&n, &kind, &out.ID, &out.Version, &recorded, &keep, &out.Envelope, &leaf, &out.Body, &out.Salt, &reason, &out.Key); err != nil {
		return driver.Row{}, fault("read", err)
	}
	if copy(out.Leaf[:], leaf) != driver.HashSize {
		return driver.Row{}, driver.ErrCorrupt
	}
	name, err := r.kindName(kind)
	if err != nil {
		return driver.Row{}, err
	}
	out.Kind = name
	out.Seq, out.Recorded, out.Reason = uint64(n&entryMask), time.UnixMicro(recorded).UTC(), reason.String
	if keep.Valid {
		day, err := keepDay(keep.Int64)
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
	number, err := r.kindNumber(kind)
	switch {
	case err != nil:
		return driver.Row{}, err
	case number == 0:
		return driver.Row{}, driver.ErrNotFound
	case version == 0:
		return r.scan(r.row(`SELECT `+columns+` FROM smp_entry e WHERE e.kind = ?1 AND e.id = ?2 ORDER BY e.version DESC LIMIT 1`, number, id))
	}
	return r.scan(r.row(`SELECT `+columns+` FROM smp_entry e WHERE e.kind = ?1 AND e.id = ?2 AND e.version = ?3`, number, id, int64(version)))
}

// The scans of a kind: the newest version of each document, or the newest by an instant.
const (
	scan       = `SELECT ` + columns + ` FROM smp_entry e WHERE e.kind = ?1 AND e.id > ?2`
	scanNewest = scan + ` AND e.version = (SELECT max(x.version) FROM smp_entry x WHERE x.kind = e.kind AND x.id = e.id) ORDER BY e.id LIMIT ?3`
	scanAsOf   = scan + ` AND e.version = (SELECT max(x.version) FROM smp_entry x WHERE x.kind = e.kind AND x.id = e.id AND x.recorded <= ?3) ORDER BY e.id LIMIT ?4`

	// What is due is found in the index alone, which holds the last day to keep, in one pass over it: the columns beside
	// max(e.version) are those of the newest row. First versions that are not due are left out before anything else is
	// asked; later ones are not, because they stand against the ones before them. What was disposed of is joined, because
	// a subquery would open its table for each row, which with a full cache is a read of the file.
	scanDue = `SELECT e.n, e.id, max(e.version), e.keep FROM smp_entry e INDEXED BY smp_entry_ref
		LEFT JOIN smp_disposal d ON d.tenant = ?4 AND d.kind = ?5 AND d.id = e.id
		WHERE e.kind = ?1 AND e.id > ?2 AND (e.keep < ?3 OR e.version > 1) AND d.id IS NULL
		GROUP BY e.id HAVING e.keep < ?3 ORDER BY e.id LIMIT ?6`
)

// Scan returns one row for each document; see driver.Reader. All kinds are scanned one after the other.
func (r *reader) Scan(q driver.Query) ([]driver.Row, error) {
	if !q.DueBy.IsZero() && !q.AsOf.IsZero() {
		return nil, driver.ErrUnsupported
	}
	limit := min(q.Limit, driver.MaxPage)
	if err := r.check(); err != nil || r.tenant == 0 || limit <= 0 {
		return nil, err
	}
	kinds := []string{q.Kind}
	switch {
	case q.Kind == "":
		var err error
		if kinds, err = r.kindsFrom(q.AfterKind); err != nil {
			return nil, err
		}
	case q.AfterKind > q.Kind:
		return nil, nil
	}
	var out []driver.Row
	for _, kind := range kinds {
		after := ""
		if kind == q.AfterKind {
			after = q.AfterID
		}
		number, err := r.kindNumber(kind)
		if err != nil {
			return nil, err
		}
		if number == 0 {
			continue
		}
		var rows []driver.Row
		switch {
		case !q.DueBy.IsZero():
			rows, err = r.due(kind, limit-len(out), number, after, keepNumber(q.DueBy), r.tenant, kind)
		case q.AsOf.IsZero():
			rows, err = r.rows(limit-len(out), scanNewest, number, after)
		default:
			rows, err = r.rows(limit-len(out), scanAsOf, number, after, micros(q.AsOf))
		}
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = rows
		} else {
			out = append(out, rows...)
		}
		if len(out) >= limit || heavy(rows) {
			break
		}
	}
	return out, nil
}

// heavy reports whether rows may have been cut short because they are heavy.
func heavy(rows []driver.Row) bool {
	bytes := 0
	for i := range rows {
		bytes += weight(&rows[i])
	}
	return bytes >= pageBytes
}

func (r *reader) due(kind string, limit int, args ...any) ([]driver.Row, error) {
	rows, err := r.query(scanDue, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []driver.Row
	var last int64
	var day hipaasmp.Date
	for rows.Next() {
		if out == nil {
			out = make([]driver.Row, 0, limit) // whole pages are usual where anything is due
		}
		row := driver.Row{Tenant: r.name, Kind: kind}
		var n, keep int64
		if err := rows.Scan(&n, &row.ID, &row.Version, &keep); err != nil {
			return nil, fault("read", err)
		}
		if keep != last || day.IsZero() {
			if day, err = keepDay(keep); err != nil {
				return nil, driver.ErrCorrupt
			}
			last = keep
		}
		row.KeepThrough, row.Seq = day, uint64(n&entryMask)
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
	if err := r.check(); err != nil || r.tenant == 0 {
		return nil, err
	}
	number, err := r.kindNumber(kind)
	if err != nil || number == 0 {
		return nil, err
	}
	return r.rows(limit, `SELECT `+columns+` FROM smp_entry e
		WHERE e.kind = ?1 AND e.id = ?2 AND e.version > ?3 ORDER BY e.version LIMIT ?4`, number, id, int64(min(after, 1<<62)))
}

// Entries returns rows in ledger order; see driver.Reader.
func (r *reader) Entries(from uint64, limit int) ([]driver.Row, error) {
	if from > entryMask {
		return nil, r.check()
	}
	return r.rows(limit, `SELECT `+columns+` FROM smp_entry e
		WHERE e.n BETWEEN ?1 AND ?2 ORDER BY e.n LIMIT ?3`, r.tenant<<entryShift|int64(from), r.tenant<<entryShift|entryMask)
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

const daySeconds = 24 * 60 * 60

// keepNumber counts the days from 1970-01-01: two bytes until 2059, where dayNumber takes four in every row and index.
func keepNumber(d hipaasmp.Date) int64 {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC).Unix() / daySeconds
}

func keepDay(n int64) (hipaasmp.Date, error) {
	if n < -1<<32 || n > 1<<32 {
		return hipaasmp.Date{}, driver.ErrCorrupt
	}
	t := time.Unix(n*daySeconds, 0).UTC()
	return hipaasmp.NewDate(t.Year(), t.Month(), t.Day())
}
