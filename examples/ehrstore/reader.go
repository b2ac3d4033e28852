package main

import (
	"context"
	"database/sql"
	"math"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// unit reads and writes one practice inside a transaction. It is the driver's Reader and its Tx.
type unit struct {
	ctx      context.Context
	q        querier
	tenant   string
	practice int64 // 0 where the vendor has no such practice yet
	alive    bool
}

// each calls row for every row until it returns false.
func (u *unit) each(query string, args []any, row func(scan func(...any) error) (bool, error)) error {
	if !u.alive {
		return driver.ErrClosed
	}
	rows, err := u.q.QueryContext(u.ctx, query, args...)
	if err != nil {
		return fault(u.ctx, "read", err)
	}
	defer rows.Close()
	for rows.Next() {
		if more, err := row(rows.Scan); err != nil {
			return fault(u.ctx, "read", err)
		} else if !more {
			return nil
		}
	}
	return fault(u.ctx, "read", rows.Err())
}

// one reads the first row; driver.ErrNotFound where there is none.
func (u *unit) one(query string, args []any, into ...any) error {
	found := false
	err := u.each(query, args, func(scan func(...any) error) (bool, error) { found = true; return false, scan(into...) })
	if err == nil && !found {
		return driver.ErrNotFound
	}
	return err
}

// The vendor's columns fold case, so every comparison says that it does not. What the vendor marks as deleted is kept all
// the same: a record is gone when its payload is.
const (
	rowsOf = `SELECT d.category, d.ref, d.revision, d.entered_us, d.payload, e.seq, e.keep, e.envelope, e.leaf, e.salt, e.wrapped_key, e.reason
		FROM chart_document d JOIN smp_entry e ON e.doc_no = d.doc_no WHERE d.module = 'smp' AND d.practice_no = ?1`
	ofOne  = ` AND d.category = ?2 COLLATE BINARY AND d.ref = ?3 COLLATE BINARY`
	newest = ` AND d.revision = (SELECT max(x.revision) FROM chart_document x WHERE x.module = 'smp' AND x.practice_no = d.practice_no
		AND x.category = d.category COLLATE BINARY AND x.ref = d.ref COLLATE BINARY AND x.entered_us <= ?5)`
	after   = ` AND (d.category > ?2 COLLATE BINARY OR d.category = ?2 COLLATE BINARY AND d.ref > ?3 COLLATE BINARY)`
	only    = ` AND (?4 = '' OR d.category = ?4 COLLATE BINARY)`
	due     = ` AND (?6 = '' OR d.payload IS NOT NULL AND e.keep <> '' AND e.keep < ?6)`
	inOrder = ` ORDER BY d.category COLLATE BINARY, d.ref COLLATE BINARY LIMIT ?7`
)

// heavy is how many bytes make a page full.
const heavy = 8 << 20

func (u *unit) rows(query string, args ...any) (out []driver.Row, err error) {
	weight := 0
	err = u.each(query, args, func(scan func(...any) error) (bool, error) {
		r := driver.Row{Tenant: u.tenant}
		var recorded int64
		var keep string
		var leaf []byte
		if err := scan(&r.Kind, &r.ID, &r.Version, &recorded, &r.Body, &r.Seq, &keep, &r.Envelope, &leaf, &r.Salt, &r.Key, &r.Reason); err != nil {
			return false, err
		}
		r.Recorded = time.UnixMicro(recorded).UTC()
		copy(r.Leaf[:], leaf)
		if keep != "" {
			if r.KeepThrough, err = hipaasmp.ParseDate(keep); err != nil {
				return false, err
			}
		}
		out = append(out, r)
		weight += len(r.Body) + len(r.Envelope)
		return weight < heavy, nil
	})
	return out, err
}

func (u *unit) Get(kind, id string, version uint64) (driver.Row, error) {
	query, args := rowsOf+ofOne+` ORDER BY d.revision DESC LIMIT 1`, []any{u.practice, kind, id}
	if version > 0 {
		query, args = rowsOf+ofOne+` AND d.revision = ?4`, append(args, int64(min(version, math.MaxInt64)))
	}
	rows, err := u.rows(query, args...)
	if err == nil && len(rows) == 0 {
		err = driver.ErrNotFound
	}
	if err != nil {
		return driver.Row{}, err
	}
	return rows[0], nil
}

func (u *unit) Scan(q driver.Query) ([]driver.Row, error) {
	if !q.DueBy.IsZero() && !q.AsOf.IsZero() {
		return nil, driver.ErrUnsupported
	}
	at, day := int64(math.MaxInt64), ""
	if !q.AsOf.IsZero() {
		at = q.AsOf.UnixMicro()
	}
	if !q.DueBy.IsZero() {
		day = q.DueBy.String()
	}
	return u.rows(rowsOf+newest+after+only+due+inOrder, u.practice, q.AfterKind, q.AfterID, q.Kind, at, day, min(max(q.Limit, 0), driver.MaxPage))
}

func (u *unit) History(kind, id string, after uint64, limit int) ([]driver.Row, error) {
	return u.rows(rowsOf+ofOne+` AND d.revision > ?4 ORDER BY d.revision LIMIT ?5`, u.practice, kind, id, int64(min(after, math.MaxInt64)), min(max(limit, 0), driver.MaxPage))
}

func (u *unit) Entries(from uint64, limit int) ([]driver.Row, error) {
	return u.rows(rowsOf+` AND e.practice_no = ?1 AND e.seq >= ?2 ORDER BY e.seq LIMIT ?3`, u.practice, int64(min(from, math.MaxInt64)), min(max(limit, 0), driver.MaxPage))
}

func (u *unit) Nodes(ids []uint64) ([][driver.HashSize]byte, error) {
	out := make([][driver.HashSize]byte, len(ids))
	for i, id := range ids {
		var hash []byte
		if err := u.one(`SELECT hash FROM smp_node WHERE practice_no = ?1 AND n = ?2`, []any{u.practice, int64(min(id, math.MaxInt64))}, &hash); err != nil {
			return nil, err
		}
		copy(out[i][:], hash)
	}
	return out, nil
}

func (u *unit) Head(size uint64) (h driver.Head, err error) {
	var root []byte
	var recorded int64
	err = u.one(`SELECT size, epoch, root, edge, recorded_us, note FROM smp_head WHERE practice_no = ?1 AND (?2 = 0 OR size = ?2) ORDER BY size DESC LIMIT 1`,
		[]any{u.practice, int64(min(size, math.MaxInt64))}, &h.Size, &h.Epoch, &root, &h.Edge, &recorded, &h.Note)
	if err != nil {
		return driver.Head{}, err
	}
	copy(h.Root[:], root)
	h.Recorded = time.UnixMicro(recorded).UTC()
	return h, nil
}

func (u *unit) Holds(kind, id string) (out []driver.Hold, err error) {
	var all []driver.Hold
	err = u.each(`SELECT h.matter, h.released, s.category, s.ref FROM smp_hold h LEFT JOIN smp_scope s ON s.practice_no = h.practice_no AND s.matter = h.matter
		WHERE h.practice_no = ?1 ORDER BY h.matter, s.n`, []any{u.practice}, func(scan func(...any) error) (bool, error) {
		var h driver.Hold
		var kind, id sql.NullString
		err := scan(&h.Matter, &h.Released, &kind, &id)
		if n := len(all); n == 0 || all[n-1].Matter != h.Matter {
			all = append(all, h)
		}
		if last := &all[len(all)-1]; kind.Valid {
			last.Scope = append(last.Scope, driver.Scope{Kind: kind.String, ID: id.String})
		}
		return true, err
	})
	for _, h := range all {
		if kind == "" && id == "" || !h.Released && h.Covers(kind, id) {
			out = append(out, h)
		}
	}
	return out, err
}
