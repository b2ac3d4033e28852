package main

import (
	"cmp"
	"errors"
	"math"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func (u *unit) do(query string, args ...any) error {
	if !u.alive {
		return driver.ErrClosed
	}
	_, err := u.q.ExecContext(u.ctx, query, args...)
	return fault(u.ctx, "write", err)
}

// admit makes the practice, if the vendor has none of that code.
func (u *unit) admit() error {
	if u.practice != 0 {
		return nil
	}
	if err := u.do(`INSERT INTO practice (code) VALUES (?1)`, u.tenant); err != nil {
		return err
	}
	return u.one(`SELECT last_insert_rowid()`, nil, &u.practice)
}

func (u *unit) Append(rows []driver.Row, nodes []driver.Node, head driver.Head) error {
	last, err := u.Head(0)
	if err != nil && !errors.Is(err, driver.ErrNotFound) {
		return err
	}
	if err := u.admit(); err != nil {
		return err
	}
	for i, r := range rows {
		if err := u.appendRow(r, last.Size+uint64(i)); err != nil {
			return err
		}
	}
	if len(rows) == 0 || head.Size != last.Size+uint64(len(rows)) || head.Epoch < max(last.Epoch, 1) {
		return driver.ErrConflict
	}
	for _, n := range nodes {
		if level, seq := driver.SplitNodeID(n.ID); level == 0 && (seq < last.Size || seq >= head.Size || rows[seq-last.Size].Leaf != n.Hash) {
			return driver.ErrConflict
		}
		if err := u.do(`INSERT INTO smp_node (practice_no, n, hash) VALUES (?1, ?2, ?3)`, u.practice, int64(n.ID), n.Hash[:]); err != nil {
			return err
		}
	}
	return u.do(`INSERT INTO smp_head (practice_no, size, epoch, root, edge, recorded_us, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
		u.practice, int64(head.Size), int64(head.Epoch), head.Root[:], head.Edge, head.Recorded.UnixMicro(), head.Note)
}

func (u *unit) appendRow(r driver.Row, seq uint64) error {
	before, err := u.Get(r.Kind, r.ID, 0)
	first := errors.Is(err, driver.ErrNotFound)
	switch {
	case err != nil && !first:
		return err
	case !first && before.Body == nil && r.Body != nil:
		return driver.ErrDisposed
	case !first && before.Body != nil && r.Body == nil:
		return driver.ErrConflict
	case r.Version != before.Version+1:
		return &driver.ConflictError{Kind: r.Kind, ID: r.ID, Want: max(r.Version, 1) - 1, Have: before.Version}
	case r.Seq != seq || seq > math.MaxInt64:
		return driver.ErrConflict
	case len(r.Body) > 4<<20:
		return driver.ErrTooLarge
	}
	keep := ""
	if !r.KeepThrough.IsZero() {
		keep = r.KeepThrough.String()
	}
	if r.Body == nil {
		r.Salt, r.Key, r.Reason = nil, nil, ""
	}
	if err := u.do(`INSERT INTO chart_document (practice_no, module, category, ref, revision, entered_us, payload, deleted) VALUES (?1, 'smp', ?2, ?3, ?4, ?5, ?6, ?7)`,
		u.practice, r.Kind, r.ID, int64(r.Version), r.Recorded.UnixMicro(), r.Body, r.Body == nil); err != nil {
		return err
	}
	return u.do(`INSERT INTO smp_entry (doc_no, practice_no, seq, keep, envelope, leaf, salt, wrapped_key, reason) VALUES (last_insert_rowid(), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
		u.practice, int64(r.Seq), keep, r.Envelope, r.Leaf[:], r.Salt, r.Key, r.Reason)
}

func (u *unit) ExtendRetention(kind, id string, through hipaasmp.Date) error {
	if _, err := u.Get(kind, id, 0); err != nil {
		return err
	}
	floor, err := u.floor(kind, id)
	switch {
	case err != nil:
		return err
	case through.String() < floor:
		return driver.ErrShortened
	}
	return u.do(`INSERT OR REPLACE INTO smp_floor (practice_no, category, ref, through) VALUES (?1, ?2, ?3, ?4)`, u.practice, kind, id, through.String())
}

// floor returns the day below which nothing is disposed of, "" for none. Days in this form order as texts do.
func (u *unit) floor(kind, id string) (day string, err error) {
	err = u.one(`SELECT coalesce(max(through), '') FROM smp_floor WHERE practice_no = ?1 AND category = ?2 AND ref = ?3`, []any{u.practice, kind, id}, &day)
	return day, err
}

func (u *unit) PlaceHold(h driver.Hold) error {
	if err := u.admit(); err != nil {
		return err
	}
	if err := u.do(`INSERT INTO smp_hold (practice_no, matter, released) VALUES (?1, ?2, 0)`, u.practice, h.Matter); err != nil {
		return err // a matter that exists is a key that is taken
	}
	for i, s := range h.Scope {
		if err := u.do(`INSERT INTO smp_scope (practice_no, matter, n, category, ref) VALUES (?1, ?2, ?3, ?4, ?5)`, u.practice, h.Matter, i, s.Kind, s.ID); err != nil {
			return err
		}
	}
	return nil
}

func (u *unit) ReleaseHold(matter string) error {
	var found int
	if err := u.one(`SELECT 1 FROM smp_hold WHERE practice_no = ?1 AND matter = ?2 AND released = 0`, []any{u.practice, matter}, &found); err != nil {
		return err
	}
	return u.do(`UPDATE smp_hold SET released = 1 WHERE practice_no = ?1 AND matter = ?2`, u.practice, matter)
}

// document selects the vendor's numbers of a document's versions.
const document = ` doc_no IN (SELECT d.doc_no FROM chart_document d WHERE d.module = 'smp' AND d.practice_no = ?1` + ofOne

func (u *unit) Rekey(kind, id string, version uint64, key []byte) error {
	if version == 0 {
		return driver.ErrNotFound
	}
	row, err := u.Get(kind, id, version)
	switch {
	case err != nil:
		return err
	case row.Key == nil:
		return driver.ErrNotFound
	case len(key) == 0:
		return driver.ErrConflict
	}
	return u.do(`UPDATE smp_entry SET wrapped_key = ?5 WHERE`+document+` AND d.revision = ?4)`, u.practice, kind, id, int64(version), key)
}

func (u *unit) Dispose(kind, id string, on hipaasmp.Date) error {
	row, err := driver.Disposable(u, kind, id)
	floor, floorErr := u.floor(kind, id)
	head, headErr := u.Head(0)
	switch err := cmp.Or(err, floorErr, headErr); {
	case err != nil:
		return err
	case row.KeepThrough.IsZero() || !on.After(row.KeepThrough) || on.String() <= floor || on.After(hipaasmp.DateOf(head.Recorded, time.FixedZone("", 14*60*60))):
		return driver.ErrRetained
	}
	// The vendor's way of deleting is a mark. A disposal marks too, and empties the row besides.
	if err := u.do(`UPDATE chart_document SET payload = NULL, deleted = 1 WHERE`+document+`)`, u.practice, kind, id); err != nil {
		return err
	}
	return u.do(`UPDATE smp_entry SET salt = NULL, wrapped_key = NULL, reason = '' WHERE`+document+`)`, u.practice, kind, id)
}
