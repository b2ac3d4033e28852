package sqlite

import (
	"database/sql"
	"errors"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// tx reads and writes inside a transaction that began with BEGIN IMMEDIATE.
type tx struct{ reader }

func (t *tx) exec(query string, args ...any) (sql.Result, error) {
	if !t.alive {
		return nil, driver.ErrClosed
	}
	res, err := t.c.execResult(t.ctx, query, args...)
	return res, fault("write", err)
}

// begin gives the tenant a number if it has none.
func (t *tx) begin() error {
	if !t.alive {
		return driver.ErrClosed
	}
	if t.tenant != 0 {
		return nil
	}
	if err := t.row(`SELECT coalesce(max(id), 0) + 1 FROM smp_tenant`).Scan(&t.tenant); err != nil {
		return fault("write", err)
	}
	_, err := t.exec(`INSERT INTO smp_tenant (id, name) VALUES (?1, ?2)`, t.tenant, t.name)
	return err
}

// Append adds rows, nodes and the head; see driver.Tx. The triggers refuse what is out of order; then this looks up
// what to say about it. What was written before a refusal goes with the transaction, which the error ends.
func (t *tx) Append(rows []driver.Row, nodes []driver.Node, head driver.Head) error {
	if err := t.begin(); err != nil {
		return err
	}
	var size uint64
	var epoch uint64
	err := t.row(`SELECT h.size, c.epoch FROM smp_head h JOIN smp_checkpoint c ON c.n = h.tenant << 41 | h.size WHERE h.tenant = ?1`, t.tenant).Scan(&size, &epoch)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fault("write", err)
	}
	if len(rows) == 0 || head.Size != size+uint64(len(rows)) || head.Epoch < epoch || head.Epoch == 0 || head.Size > entryMask {
		return driver.ErrConflict
	}
	for i, r := range rows {
		if r.Seq != size+uint64(i) {
			return driver.ErrConflict
		}
		if len(r.Body) > maxBody {
			return driver.ErrTooLarge
		}
		if err := t.appendRow(r); err != nil {
			return err
		}
	}
	for _, n := range nodes {
		if err := t.appendNode(n, rows); err != nil {
			return err
		}
	}
	if _, err := t.exec(`INSERT INTO smp_checkpoint (n, epoch, root, recorded, note) VALUES (?1, ?2, ?3, ?4, ?5)`,
		t.tenant<<entryShift|int64(head.Size), int64(head.Epoch), head.Root[:], micros(head.Recorded), nonNil(head.Note)); err != nil {
		return err
	}
	if size == 0 {
		_, err = t.exec(`INSERT INTO smp_head (tenant, size, edge) VALUES (?1, ?2, ?3)`, t.tenant, int64(head.Size), nonNil(head.Edge))
		return err
	}
	_, err = t.exec(`UPDATE smp_head SET size = ?2, edge = ?3 WHERE tenant = ?1`, t.tenant, int64(head.Size), nonNil(head.Edge))
	return err
}

func (t *tx) appendRow(r driver.Row) error {
	n := t.tenant<<entryShift | int64(r.Seq)
	var keep, reason any
	if !r.KeepThrough.IsZero() {
		keep = dayNumber(r.KeepThrough)
	}
	if r.Reason != "" {
		reason = r.Reason
	}
	_, err := t.exec(`INSERT INTO smp_entry (n, tenant, kind, id, version, recorded, keep, envelope, leaf) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
		n, t.tenant, r.Kind, r.ID, int64(r.Version), micros(r.Recorded), keep, nonNil(r.Envelope), r.Leaf[:])
	if err != nil {
		return t.explain(r, err)
	}
	_, err = t.exec(`INSERT INTO smp_content (n, salt, body, reason) VALUES (?1, ?2, ?3, ?4)`, n, nonNil(r.Salt), nonNil(r.Body), reason)
	return err
}

// explain says why an entry was refused.
func (t *tx) explain(r driver.Row, err error) error {
	if !errors.Is(err, driver.ErrImmutable) {
		return err
	}
	newest, get := t.Get(r.Kind, r.ID, 0)
	switch {
	case get != nil && !errors.Is(get, driver.ErrNotFound):
		return get
	case newest.Version != 0 && newest.Body == nil:
		return driver.ErrDisposed
	case r.Version != newest.Version+1:
		return &driver.ConflictError{Kind: r.Kind, ID: r.ID, Want: r.Version - min(r.Version, 1), Have: newest.Version}
	}
	return driver.ErrConflict
}

// appendNode adds a node above the leaves; a leaf lies in its row already.
func (t *tx) appendNode(n driver.Node, rows []driver.Row) error {
	if n.ID >= 1<<nodeShift {
		return driver.ErrConflict
	}
	if level, seq := driver.SplitNodeID(n.ID); level == 0 {
		if i := seq - rows[0].Seq; seq < rows[0].Seq || i >= uint64(len(rows)) || rows[i].Leaf != n.Hash {
			return driver.ErrConflict
		}
		return nil
	}
	_, err := t.exec(`INSERT INTO smp_node (n, hash) VALUES (?1, ?2)`, t.tenant<<nodeShift|int64(n.ID), n.Hash[:])
	if errors.Is(err, driver.ErrImmutable) {
		return driver.ErrConflict
	}
	return err
}

// ExtendRetention raises a floor; see driver.Tx.
func (t *tx) ExtendRetention(kind, id string, through hipaasmp.Date) error {
	if _, err := t.Get(kind, id, 0); err != nil {
		return err
	}
	res, err := t.exec(`UPDATE smp_retention_floor SET through = ?4 WHERE tenant = ?1 AND kind = ?2 AND id = ?3`, t.tenant, kind, id, dayNumber(through))
	if errors.Is(err, driver.ErrImmutable) {
		return driver.ErrShortened
	}
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return fault("write", err)
	}
	_, err = t.exec(`INSERT INTO smp_retention_floor (tenant, kind, id, through) VALUES (?1, ?2, ?3, ?4)`, t.tenant, kind, id, dayNumber(through))
	return err
}

// PlaceHold opens a hold; see driver.Tx.
func (t *tx) PlaceHold(h driver.Hold) error {
	if err := t.begin(); err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO smp_hold (tenant, matter, released) VALUES (?1, ?2, 0)`, t.tenant, h.Matter); err != nil {
		if errors.Is(err, driver.ErrImmutable) {
			return driver.ErrConflict
		}
		return err
	}
	scope := h.Scope
	if len(scope) == 0 {
		scope = []driver.Scope{{}}
	}
	for _, s := range scope {
		_, err := t.exec(`INSERT INTO smp_hold_scope (tenant, matter, kind, id) VALUES (?1, ?2, ?3, ?4)`, t.tenant, h.Matter, s.Kind, s.ID)
		if err != nil && !errors.Is(err, driver.ErrImmutable) { // the same scope twice is the same scope
			return err
		}
	}
	return nil
}

// ReleaseHold marks a hold as released; see driver.Tx.
func (t *tx) ReleaseHold(matter string) error {
	res, err := t.exec(`UPDATE smp_hold SET released = 1 WHERE tenant = ?1 AND matter = ?2 AND released = 0`, t.tenant, matter)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return driver.ErrNotFound
	}
	return fault("write", err)
}

// Dispose destroys the content of a document; see driver.Tx. The trigger on disposal decides.
func (t *tx) Dispose(kind, id string, on hipaasmp.Date) error {
	newest, err := t.Get(kind, id, 0)
	switch {
	case err != nil:
		return err
	case newest.Body == nil:
		return driver.ErrNotFound
	}
	held, err := t.Holds(kind, id)
	switch {
	case err != nil:
		return err
	case len(held) > 0:
		return driver.ErrHeld
	}
	if _, err := t.exec(`INSERT INTO smp_disposal (tenant, kind, id, day) VALUES (?1, ?2, ?3, ?4)`, t.tenant, kind, id, dayNumber(on)); err != nil {
		if errors.Is(err, driver.ErrImmutable) {
			return driver.ErrRetained
		}
		return err
	}
	_, err = t.exec(`DELETE FROM smp_content WHERE n IN (SELECT n FROM smp_entry WHERE tenant = ?1 AND kind = ?2 AND id = ?3)`, t.tenant, kind, id)
	return err
}

// nonNil keeps an empty value from becoming NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
