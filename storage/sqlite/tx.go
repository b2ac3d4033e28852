package sqlite

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// tx reads and writes inside a transaction that began with BEGIN IMMEDIATE.
type tx struct {
	reader
	disposed bool
	kinds    map[string]*kindState
	last     *driver.Head // the newest head, once it was read or written
	forms    map[noteForm]int64
}

// Head is that of a reader. Nobody else writes meanwhile, so it is read once.
func (t *tx) Head(size uint64) (driver.Head, error) {
	if size != 0 || !t.alive {
		return t.reader.Head(size)
	}
	if t.last == nil {
		h, err := t.reader.Head(0)
		if err != nil {
			return h, err
		}
		t.last = &h
	}
	h := *t.last
	h.Edge, h.Note = append([]byte{}, h.Edge...), append([]byte{}, h.Note...)
	return h, nil
}

// kindState is what a transaction knows of the documents of a kind. Who asks for one after the other that is not there is
// importing, often in the order of the identities: what comes after the greatest need not be asked for.
type kindState struct {
	misses   int
	asked    bool
	greatest string // "" where the kind has no documents
}

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
	if t.tenant > mostTenants {
		return &driver.Error{Kind: driver.ErrUnsupported, Op: "a file has at most 2,097,151 tenants"}
	}
	_, err := t.exec(`INSERT INTO smp_tenant (id, name) VALUES (?1, ?2)`, t.tenant, t.name)
	return err
}

// Get is that of a reader. A writer asks for the newest version of what is mostly new, so it looks into the index first:
// that costs a third of reading a row.
func (t *tx) Get(kind, id string, version uint64) (driver.Row, error) {
	if !t.alive {
		return driver.Row{}, driver.ErrClosed
	}
	if version == 0 {
		state, absent, err := t.absent(kind, id)
		if err != nil {
			return driver.Row{}, err
		}
		if absent {
			return driver.Row{}, driver.ErrNotFound
		}
		number, err := t.kindNumber(kind)
		if err != nil {
			return driver.Row{}, err
		}
		err = t.row(`SELECT version FROM smp_entry WHERE kind = ?1 AND id = ?2 ORDER BY version DESC LIMIT 1`, number, id).Scan(&version)
		if err != nil {
			state.misses++
			return driver.Row{}, fault("read", err)
		}
	}
	return t.reader.Get(kind, id, version)
}

// absent reports whether a document is not there as far as is known of its kind.
func (t *tx) absent(kind, id string) (*kindState, bool, error) {
	const patience = 3
	state := t.kinds[kind]
	if state == nil {
		state = &kindState{}
		if t.kinds == nil {
			t.kinds = map[string]*kindState{}
		}
		t.kinds[kind] = state
	}
	if state.misses < patience {
		return state, false, nil
	}
	if !state.asked {
		number, err := t.kindNumber(kind)
		if err != nil {
			return state, false, err
		}
		err = t.row(`SELECT id FROM smp_entry WHERE kind = ?1 ORDER BY id DESC LIMIT 1`, number).Scan(&state.greatest)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return state, false, fault("read", err)
		}
		state.asked = true
	}
	return state, id > state.greatest, nil
}

// Append adds rows, nodes and the head; see driver.Tx. The triggers refuse what is out of order; then this looks up
// what to say about it. What was written before a refusal goes with the transaction, which the error ends.
func (t *tx) Append(rows []driver.Row, nodes []driver.Node, head driver.Head) error {
	if err := t.begin(); err != nil {
		return err
	}
	before, err := t.Head(0)
	if err != nil && !errors.Is(err, driver.ErrNotFound) {
		return err
	}
	size, epoch := before.Size, before.Epoch
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
	}
	clear(t.kinds) // what was absent may be there now
	if !slices.IsSortedFunc(nodes, byID) {
		nodes = slices.Clone(nodes)
		slices.SortFunc(nodes, byID)
	}
	derived := derivesEdge(before, nodes, head)
	packed, err := t.packHead(head, &rows[len(rows)-1], derived)
	if err != nil {
		return err
	}
	if err := t.appendRows(rows, packed); err != nil {
		return err
	}
	if err := t.appendNodes(size, rows, nodes); err != nil {
		return err
	}
	head.Recorded = time.UnixMicro(micros(head.Recorded)).UTC()
	head.Edge, head.Note = append([]byte{}, head.Edge...), append([]byte{}, head.Note...)
	if derived {
		t.b.keepEdge(t.name, knownEdge{head.Size, head.Root, head.Edge})
	}
	t.last = &head
	return nil
}

// rowColumns is the number of columns of an entry, rowBatch the number of rows that one statement adds.
const (
	rowColumns = 13
	rowBatch   = 32
)

var (
	insertRow  = insertRows(1)
	insertMany = insertRows(rowBatch)
)

func insertRows(n int) string {
	one := "(?" + strings.Repeat(",?", rowColumns-1) + ")"
	return `INSERT INTO smp_entry (n, kind, id, version, recorded, keep, envelope, leaf, salt, key, reason, head, body) VALUES ` +
		one + strings.Repeat(","+one, n-1)
}

// appendRows adds the rows, many with one statement, and the head to the last. Each statement adds all of its rows or
// none.
func (t *tx) appendRows(rows []driver.Row, head []byte) error {
	args := make([]any, 0, min(len(rows), rowBatch)*rowColumns)
	for len(rows) > 0 {
		n, query := 1, insertRow
		if len(rows) >= rowBatch {
			n, query = rowBatch, insertMany
		}
		args = args[:0]
		for i := range n {
			kind, err := t.kind(rows[i].Kind)
			if err != nil {
				return err
			}
			args = t.rowArgs(args, &rows[i], kind)
		}
		if n == len(rows) {
			args[len(args)-2] = head
		}
		if _, err := t.exec(query, args...); err != nil {
			return t.explain(rows[:n], err)
		}
		for i := range n {
			if rows[i].Body == nil && rows[i].Version == 1 {
				if _, err := t.exec(`INSERT INTO smp_disposal (tenant, kind, id, day) VALUES (?1, ?2, ?3, 0)`, t.tenant, rows[i].Kind, rows[i].ID); err != nil {
					return err
				}
			}
		}
		rows = rows[n:]
	}
	return nil
}

func (t *tx) rowArgs(args []any, r *driver.Row, kind int64) []any {
	var keep, reason, salt, key, body any
	if !r.KeepThrough.IsZero() {
		keep = keepNumber(r.KeepThrough)
	}
	if r.Body != nil {
		salt, body = nonNil(r.Salt), r.Body
		if r.Key != nil {
			key = r.Key
		}
		if r.Reason != "" {
			reason = r.Reason
		}
	}
	return append(args, t.tenant<<entryShift|int64(r.Seq), kind, r.ID, int64(r.Version), micros(r.Recorded), keep,
		nonNil(r.Envelope), r.Leaf[:], salt, key, reason, nil, body)
}

// explain says why one of the rows was refused: the first that does not follow on what is there and on those before it.
func (t *tx) explain(rows []driver.Row, err error) error {
	if !errors.Is(err, driver.ErrImmutable) {
		return err
	}
	type key struct{ kind, id string }
	last := map[key]driver.Row{}
	for _, r := range rows {
		k := key{r.Kind, r.ID}
		newest, seen := last[k]
		if !seen {
			var get error
			if newest, get = t.Get(r.Kind, r.ID, 0); get != nil && !errors.Is(get, driver.ErrNotFound) {
				return get
			}
		}
		switch {
		case newest.Version != 0 && newest.Body == nil && r.Body != nil:
			return driver.ErrDisposed
		case r.Version != newest.Version+1:
			return &driver.ConflictError{Kind: r.Kind, ID: r.ID, Want: r.Version - min(r.Version, 1), Have: newest.Version}
		}
		last[k] = r
	}
	return driver.ErrConflict
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

// nonNil keeps an empty value from becoming NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
