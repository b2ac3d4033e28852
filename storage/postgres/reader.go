package postgres

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// reader reads one tenant inside a transaction.
type reader struct {
	ctx   context.Context
	b     *Backend
	s     *session
	name  string
	alive bool
	known bool        // whether the tenant has a head
	head  driver.Head // the newest; Size 0 where there is none
}

func (r *reader) check() error {
	switch {
	case !r.alive:
		return driver.ErrClosed
	case r.s.failed != nil:
		return r.s.failed
	}
	return nil
}

func (r *reader) query(sql string, args ...any) (pgx.Rows, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	rows, err := r.s.Query(r.ctx, r.b.sql(sql), args...)
	return rows, r.s.fault("read", err)
}

// one reads at most one row; driver.ErrNotFound where there is none.
func (r *reader) one(sql string, args []any, into ...any) error {
	rows, err := r.query(sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return r.s.fault("read", err)
		}
		return driver.ErrNotFound
	}
	if err := rows.Scan(into...); err != nil {
		return r.s.fault("read", err)
	}
	rows.Close()
	return r.s.fault("read", rows.Err())
}

const readHead = `SELECT h.size, h.edge, c.epoch, c.root, c.recorded, c.note FROM {s}.head h
	LEFT JOIN {s}.checkpoint c ON c.tenant = h.tenant AND c.size = h.size WHERE h.tenant = $1`

// pin begins a snapshot. The first read fixes it, so it comes with the beginning.
func (r *reader) pin() error {
	var batch pgx.Batch
	batch.Queue(beginRead)
	batch.Queue(r.b.sql(readHead), r.name)
	results := r.s.SendBatch(r.ctx, &batch)
	err := r.began(results)
	if closing := results.Close(); err == nil {
		err = closing
	}
	return r.s.fault("begin", err)
}

// began reads what comes back of a BEGIN and of readHead.
func (r *reader) began(results pgx.BatchResults) error {
	if _, err := results.Exec(); err != nil {
		return err
	}
	return r.readHead(results)
}

func (r *reader) readHead(results pgx.BatchResults) error {
	var size int64
	var epoch, recorded *int64
	var root, edge, note []byte
	err := results.QueryRow().Scan(&size, &edge, &epoch, &root, &recorded, &note)
	if err == pgx.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	r.known = true
	if size == 0 {
		return nil
	}
	if epoch == nil || recorded == nil || len(root) != driver.HashSize {
		r.s.failed = driver.ErrCorrupt
		return driver.ErrCorrupt
	}
	r.head = driver.Head{Epoch: uint64(*epoch), Size: uint64(size), Root: [driver.HashSize]byte(root), Edge: edge, Recorded: time.UnixMicro(*recorded).UTC(), Note: note}
	return nil
}

// empty reports whether the tenant has no rows, which answers most questions.
func (r *reader) empty() bool { return r.head.Size == 0 }

// Get returns a version of a document; see driver.Reader.
func (r *reader) Get(kind, id string, version uint64) (driver.Row, error) {
	if err := r.check(); err != nil {
		return driver.Row{}, err
	}
	if r.empty() || version > math.MaxInt64 || !storable(kind, id) {
		return driver.Row{}, driver.ErrNotFound
	}
	sql, args := getNewest, []any{r.name, kind, id}
	if version > 0 {
		sql, args = getVersion, append(args, int64(version))
	}
	rows, err := r.rows(sql, args...)
	if err == nil && len(rows) == 0 {
		err = driver.ErrNotFound
	}
	if err != nil {
		return driver.Row{}, err
	}
	return rows[0], nil
}

const (
	entryColumns = `e.kind, e.id, e.version, e.seq, e.recorded, e.keep, e.envelope, e.leaf`
	// The newest of the keys is the one after which there is none.
	newestKey = `CASE WHEN c.key IS NULL THEN NULL ELSE coalesce((SELECT k.key FROM {s}.content_key k WHERE k.tenant = $1 AND k.seq = c.seq AND NOT EXISTS
		(SELECT 1 FROM {s}.content_key n WHERE n.tenant = $1 AND n.seq = k.seq AND n.generation = k.generation + 1)), c.key) END AS key`
	columns     = entryColumns + `, c.salt, c.body, c.reason, ` + newestKey
	fromEntry   = ` FROM {s}.entry e WHERE e.tenant = $1`
	withContent = ` LEFT JOIN {s}.content c ON c.tenant = $1 AND c.seq = e.seq`
	ofDocument  = ` WHERE e.tenant = $1 AND e.kind = $2 AND e.id = $3`

	getNewest  = `SELECT ` + columns + ` FROM {s}.entry e` + withContent + ofDocument + ` ORDER BY e.version DESC LIMIT 1`
	getVersion = `SELECT ` + columns + ` FROM {s}.entry e` + withContent + ofDocument + ` AND e.version = $4`
)

// page makes a statement that returns the entries of a question, with their content, until it becomes heavy: the server
// adds up what comes before each row, so that a page of great bodies is never sent.
func page(entries string, by ...string) string {
	order, inner := strings.Join(by, ", "), "e."+strings.Join(by, ", e.")
	return `SELECT kind, id, version, seq, recorded, keep, envelope, leaf, salt, body, reason, key FROM (
	SELECT ` + columns + `, sum(octet_length(e.envelope) + coalesce(octet_length(c.body), 0)) OVER (ORDER BY ` + inner + ` ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
	FROM (` + entries + `) e` + withContent + `) p WHERE coalesce(before, 0) < 8388608 ORDER BY ` + order
}

// The scans: the newest version of each document, or the newest by an instant.
const (
	ofNewest = ` AND e.version = (SELECT max(x.version) FROM {s}.entry x WHERE x.tenant = $1 AND x.kind = e.kind AND x.id = e.id)`
	ofAsOf   = ` AND e.version = (SELECT max(x.version) FROM {s}.entry x WHERE x.tenant = $1 AND x.kind = e.kind AND x.id = e.id AND x.recorded <= $5)`
	allAfter = ` AND (e.kind, e.id) > ($2, $3)`
	ofKind   = ` AND e.kind = $2 AND e.id > $3`
	// What is due is told from the entries alone: that content is there is asked of its key, and none of it is read.
	dueColumns = `SELECT e.kind, e.id, e.version, e.seq, e.keep`
	ofDue      = ` AND e.keep < $5 AND EXISTS (SELECT 1 FROM {s}.content c WHERE c.tenant = $1 AND c.seq = e.seq)`
	byKey      = ` ORDER BY e.kind, e.id LIMIT $4`
)

// texts are the statements that page builds, once.
var texts = struct{ all, allAt, allDue, kind, kindAt, kindDue, history, entries, expected string }{
	all:     page(`SELECT `+entryColumns+fromEntry+allAfter+ofNewest+byKey, "kind", "id"),
	allAt:   page(`SELECT `+entryColumns+fromEntry+allAfter+ofAsOf+byKey, "kind", "id"),
	allDue:  dueColumns + fromEntry + allAfter + ofNewest + ofDue + byKey,
	kind:    page(`SELECT `+entryColumns+fromEntry+ofKind+ofNewest+byKey, "kind", "id"),
	kindAt:  page(`SELECT `+entryColumns+fromEntry+ofKind+ofAsOf+byKey, "kind", "id"),
	kindDue: dueColumns + fromEntry + ofKind + ofNewest + ofDue + byKey,
	history: page(`SELECT `+entryColumns+` FROM {s}.entry e`+ofDocument+` AND e.version > $4 ORDER BY e.version LIMIT $5`, "version"),
	entries: page(`SELECT `+entryColumns+fromEntry+` AND e.seq >= $2 ORDER BY e.seq LIMIT $3`, "seq"),
	expected: page(`SELECT `+entryColumns+` FROM {s}.entry e JOIN unnest($2::text[], $3::text[], $4::bigint[]) AS q (kind, id, version)
		ON e.kind = q.kind AND e.id = q.id AND e.version = q.version WHERE e.tenant = $1`, "kind", "id"),
}

// Scan returns one row for each document; see driver.Reader.
func (r *reader) Scan(q driver.Query) ([]driver.Row, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if !q.DueBy.IsZero() && !q.AsOf.IsZero() {
		return nil, driver.ErrUnsupported
	}
	sql, at, due, kind, id := texts.all, texts.allAt, texts.allDue, q.AfterKind, q.AfterID
	if q.Kind != "" {
		sql, at, due, kind = texts.kind, texts.kindAt, texts.kindDue, q.Kind
		switch {
		case q.AfterKind > q.Kind:
			return nil, nil
		case q.AfterKind < q.Kind:
			id = "" // ids are never empty, so all of the kind follow
		}
	}
	switch {
	case r.empty() || q.Limit <= 0 || !storable(q.Kind):
		return nil, nil
	case !storable(kind, id):
		// A position need not be a document, but it must be a text that the database can compare.
		return nil, &driver.Error{Kind: driver.ErrUnsupported, Op: "scan"}
	}
	args := []any{r.name, kind, id, min(q.Limit, driver.MaxPage)}
	switch {
	case !q.AsOf.IsZero():
		sql, args = at, append(args, q.AsOf.UnixMicro())
	case !q.DueBy.IsZero():
		return r.due(due, append(args, dayNumber(q.DueBy))...)
	}
	return r.rows(sql, args...)
}

// due reads rows of what is due, which hold no more than driver.Query asks for.
func (r *reader) due(sql string, args ...any) ([]driver.Row, error) {
	rows, err := r.query(sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []driver.Row
	for rows.Next() {
		row := driver.Row{Tenant: r.name}
		var version, seq, keep int64
		if err := rows.Scan(&row.Kind, &row.ID, &version, &seq, &keep); err != nil {
			return nil, r.s.fault("read", err)
		}
		if row.KeepThrough, err = dayOf(keep); err != nil {
			return nil, driver.ErrCorrupt
		}
		row.Version, row.Seq = uint64(version), uint64(seq)
		out = append(out, row)
	}
	return out, r.s.fault("read", rows.Err())
}

// History returns the versions of a document; see driver.Reader.
func (r *reader) History(kind, id string, after uint64, limit int) ([]driver.Row, error) {
	if err := r.check(); err != nil || r.empty() || limit <= 0 || after > math.MaxInt64 || !storable(kind, id) {
		return nil, err
	}
	return r.rows(texts.history, r.name, kind, id, int64(after), min(limit, driver.MaxPage))
}

// Entries returns rows in ledger order; see driver.Reader.
func (r *reader) Entries(from uint64, limit int) ([]driver.Row, error) {
	if err := r.check(); err != nil || limit <= 0 || from >= r.head.Size {
		return nil, err
	}
	return r.rows(texts.entries, r.name, int64(from), min(limit, driver.MaxPage))
}

// rows reads rows with the columns of columns.
func (r *reader) rows(sql string, args ...any) ([]driver.Row, error) {
	rows, err := r.query(sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []driver.Row
	for rows.Next() {
		row := driver.Row{Tenant: r.name}
		var version, seq, recorded int64
		var keep *int64
		var leaf, reason []byte
		if err := rows.Scan(&row.Kind, &row.ID, &version, &seq, &recorded, &keep, &row.Envelope, &leaf, &row.Salt, &row.Body, &reason, &row.Key); err != nil {
			return nil, r.s.fault("read", err)
		}
		if len(leaf) != driver.HashSize {
			return nil, driver.ErrCorrupt
		}
		row.Version, row.Seq, row.Recorded = uint64(version), uint64(seq), time.UnixMicro(recorded).UTC()
		row.Leaf, row.Reason = [driver.HashSize]byte(leaf), string(reason)
		if keep != nil {
			if row.KeepThrough, err = dayOf(*keep); err != nil {
				return nil, driver.ErrCorrupt
			}
		}
		out = append(out, row)
	}
	return out, r.s.fault("read", rows.Err())
}

// Head returns a head of the ledger; see driver.Reader.
func (r *reader) Head(size uint64) (driver.Head, error) {
	if err := r.check(); err != nil {
		return driver.Head{}, err
	}
	if r.empty() || size > r.head.Size {
		return driver.Head{}, driver.ErrNotFound
	}
	if size == 0 || size == r.head.Size {
		h := r.head
		h.Edge, h.Note = append([]byte{}, h.Edge...), append([]byte{}, h.Note...)
		return h, nil
	}
	h := driver.Head{Size: size}
	var epoch, recorded int64
	var root []byte
	err := r.one(`SELECT epoch, root, recorded, note FROM {s}.checkpoint WHERE tenant = $1 AND size = $2`, []any{r.name, int64(size)}, &epoch, &root, &recorded, &h.Note)
	if err != nil {
		return driver.Head{}, err
	}
	if len(root) != driver.HashSize {
		return driver.Head{}, driver.ErrCorrupt
	}
	h.Epoch, h.Root, h.Recorded = uint64(epoch), [driver.HashSize]byte(root), time.UnixMicro(recorded).UTC()
	return h, nil
}

// dayNumber writes a day as a number such as 20321231.
func dayNumber(d hipaasmp.Date) int64 {
	return int64(d.Year())*10000 + int64(d.Month())*100 + int64(d.Day())
}

func dayOf(n int64) (hipaasmp.Date, error) {
	return hipaasmp.NewDate(int(n/10000), time.Month(n/100%100), int(n%100))
}
