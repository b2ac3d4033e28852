package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// tx reads and writes one tenant whose head it has locked. So what it reads stays true, and what it is about to be
// refused it finds out by reading: an error of the database would end the transaction.
type tx struct {
	reader
	wrote bool
	sees  map[docKey]docState // what is known of documents, so that it is not asked twice
	kinds map[string]kindState
	rowOf map[docKey]driver.Row // newest versions that were read ahead; each is given out once
}

var _ driver.Expecter = (*tx)(nil)

// kindState is what is known of the documents of a kind. Who asks for one after the other that is not there is importing,
// often in the order of the ids: what comes after the greatest id need not be asked for.
type kindState struct {
	misses   int
	asked    bool
	greatest string // "" where the kind has no documents
}

type docKey struct{ kind, id string }

// docState is the newest version of a document, 0 for none, and whether it has its content.
type docState struct {
	version uint64
	whole   bool
}

const (
	lockHead = `SELECT size FROM {s}.head WHERE tenant = $1 FOR UPDATE`
	newHead  = `INSERT INTO {s}.head (tenant, size, edge) VALUES ($1, 0, '') ON CONFLICT (tenant) DO NOTHING`
)

// begin starts the transaction and waits for the tenant's other writers, in other processes.
func (t *tx) begin(patience time.Duration) error {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	err := t.lock(ctx, []statement{{sql: beginWrite}}, nil)
	if err != nil && ctx.Err() != nil && t.ctx.Err() == nil {
		t.s.failed, t.s.mayRepeat = &driver.Error{Kind: driver.ErrBusy, Op: "begin"}, false
		return t.s.failed
	}
	return err
}

// lock waits for the head of the tenant, between the statements first and last. A tenant without one gets one, so that
// there is something to lock; it goes again with a transaction that writes nothing.
func (t *tx) lock(ctx context.Context, first, last []statement) error {
	for range 2 {
		var batch pgx.Batch
		// The head is read in a statement of its own, because the one that locks sees the checkpoints of the time before
		// it waited.
		steps := slices.Concat(first, []statement{{sql: lockHead, args: []any{t.name}}})
		for _, x := range steps {
			batch.Queue(t.b.sql(x.sql), x.args...)
		}
		batch.Queue(t.b.sql(readHead), t.name)
		for _, x := range last {
			batch.Queue(t.b.sql(x.sql), x.args...)
		}
		results := t.s.SendBatch(ctx, &batch)
		err := t.locked(results, len(steps))
		if closing := results.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return t.s.fault("begin", err)
		}
		if t.known {
			return nil
		}
		first = slices.Concat(slices.DeleteFunc(slices.Clone(first), func(x statement) bool { return x.sql == beginWrite }),
			[]statement{{sql: newHead, args: []any{t.name}}})
	}
	return &driver.Error{Kind: driver.ErrIO, Op: "begin"} // a row that was just made is not there
}

// locked reads what comes back of n statements, the last of which is lockHead, and of readHead. A head that readHead sees
// and lockHead did not was committed between the two, and is as good as none: nothing is locked.
func (t *tx) locked(results pgx.BatchResults, n int) error {
	held := false
	for range n {
		tag, err := results.Exec()
		if err != nil {
			return err
		}
		held = tag.RowsAffected() == 1
	}
	err := t.readHead(results)
	t.known = t.known && held
	return err
}

// run sends statements in one go. The last argument of each says how many rows it must have touched, -1 for any.
func (t *tx) run(statements ...statement) error {
	if err := t.check(); err != nil {
		return err
	}
	t.wrote = true
	var batch pgx.Batch
	for _, x := range statements {
		batch.Queue(t.b.sql(x.sql), x.args...)
	}
	results := t.s.SendBatch(t.ctx, &batch)
	for _, x := range statements {
		tag, err := results.Exec()
		if err == nil && x.rows >= 0 && tag.RowsAffected() != x.rows {
			t.s.failed = driver.ErrConflict
			err = errOutOfStep
		}
		if err != nil {
			_ = results.Close() // says the same again
			return t.s.fault("write", err)
		}
	}
	return t.s.fault("write", results.Close())
}

// errOutOfStep ends a run whose statements did not do what they should; what it means is in session.failed.
var errOutOfStep = errors.New("postgres: out of step")

type statement struct {
	sql  string
	rows int64
	args []any
}

// Get is the reader's, and remembers what it found.
func (t *tx) Get(kind, id string, version uint64) (driver.Row, error) {
	if version != 0 {
		return t.reader.Get(kind, id, version)
	}
	if err := t.check(); err != nil {
		return driver.Row{}, err
	}
	k := docKey{kind, id}
	if row, ok := t.rowOf[k]; ok {
		delete(t.rowOf, k) // it becomes the caller's
		if state := t.sees[k]; row.Version == state.version && (row.Body != nil) == state.whole {
			return row, nil
		}
	}
	if state, ok := t.sees[k]; ok && state.version == 0 {
		return driver.Row{}, driver.ErrNotFound
	}
	if absent, err := t.absent(k); err != nil {
		return driver.Row{}, err
	} else if absent {
		t.sees[k] = docState{}
		return driver.Row{}, driver.ErrNotFound
	}
	row, err := t.reader.Get(kind, id, 0)
	switch {
	case err == nil:
		t.sees[k] = docState{row.Version, row.Body != nil}
	case errors.Is(err, driver.ErrNotFound):
		t.sees[k] = docState{}
		state := t.kinds[kind]
		state.misses++
		t.kinds[kind] = state
	}
	return row, err
}

// Expect looks documents up with one question, and reads those that are there with another; see driver.Expecter.
func (t *tx) Expect(documents []driver.Scope) error {
	if err := t.check(); err != nil {
		return err
	}
	rows := make([]driver.Row, len(documents))
	for i, d := range documents {
		rows[i] = driver.Row{Kind: d.Kind, ID: d.ID}
	}
	if err := t.lookUp(rows); err != nil {
		return err
	}
	var kinds, ids []string
	var versions []int64
	asked := map[driver.Scope]bool{}
	for _, d := range documents {
		if state := t.sees[docKey{d.Kind, d.ID}]; state.version > 0 && len(kinds) < driver.MaxPage && !asked[d] {
			kinds, ids, versions = append(kinds, d.Kind), append(ids, d.ID), append(versions, int64(state.version))
			asked[d] = true
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	// A page ends before it becomes heavy; what is not on it is read when it is asked for.
	there, err := t.rows(texts.expected, t.name, kinds, ids, versions)
	if err != nil {
		return err
	}
	t.rowOf = make(map[docKey]driver.Row, len(there))
	for _, row := range there {
		t.rowOf[docKey{row.Kind, row.ID}] = row
	}
	return nil
}

// absent reports whether a document is not there as far as is known of its kind.
func (t *tx) absent(k docKey) (bool, error) {
	state := t.kinds[k.kind]
	if state.misses < 3 || !storable(k.kind) || t.sees[k].version > 0 {
		return false, nil
	}
	if !state.asked {
		err := t.one(`SELECT e.id FROM {s}.entry e WHERE e.tenant = $1 AND e.kind = $2 ORDER BY e.id DESC LIMIT 1`, []any{t.name, k.kind}, &state.greatest)
		if err != nil && !errors.Is(err, driver.ErrNotFound) {
			return false, err
		}
		state.asked = true
		t.kinds[k.kind] = state
	}
	return k.id > state.greatest, nil
}

// ExtendRetention raises a floor; see driver.Tx.
func (t *tx) ExtendRetention(kind, id string, through hipaasmp.Date) error {
	state, err := t.state(kind, id)
	switch {
	case err != nil:
		return err
	case state.version == 0:
		return driver.ErrNotFound
	}
	floor, err := t.floor(kind, id)
	switch {
	case err != nil:
		return err
	case floor > dayNumber(through):
		return driver.ErrShortened
	case floor == dayNumber(through):
		return nil
	}
	return t.run(statement{`INSERT INTO {s}.retention_floor (tenant, kind, id, through) VALUES ($1, $2, $3, $4)`, 1, []any{t.name, kind, id, dayNumber(through)}})
}

// floor returns the highest floor of a document, 0 where there is none.
func (t *tx) floor(kind, id string) (day int64, err error) {
	err = t.one(`SELECT coalesce(max(through), 0) FROM {s}.retention_floor WHERE tenant = $1 AND kind = $2 AND id = $3`, []any{t.name, kind, id}, &day)
	return day, err
}

// PlaceHold opens a hold; see driver.Tx.
func (t *tx) PlaceHold(h driver.Hold) error {
	if err := t.check(); err != nil {
		return err
	}
	kinds, ids, ns := make([]string, len(h.Scope)), make([]string, len(h.Scope)), make([]int64, len(h.Scope))
	for i, s := range h.Scope {
		kinds[i], ids[i], ns[i] = s.Kind, s.ID, int64(i)
	}
	if !storable(h.Matter) || !storable(kinds...) || !storable(ids...) {
		return &driver.Error{Kind: driver.ErrUnsupported, Op: "place hold"}
	}
	switch _, released, err := t.hold(h.Matter); {
	case err == nil || released:
		return driver.ErrConflict
	case !errors.Is(err, driver.ErrNotFound):
		return err
	}
	return t.run(
		statement{`INSERT INTO {s}.hold (tenant, matter) VALUES ($1, $2)`, 1, []any{t.name, h.Matter}},
		statement{`INSERT INTO {s}.hold_scope (tenant, matter, n, kind, id) SELECT $1, $2, n, kind, id FROM unnest($3::bigint[], $4::text[], $5::text[]) AS s (n, kind, id)`,
			int64(len(h.Scope)), []any{t.name, h.Matter, ns, kinds, ids}},
	)
}

// hold looks a matter up; driver.ErrNotFound where there is no such hold.
func (t *tx) hold(matter string) (found, released bool, err error) {
	err = t.one(`SELECT EXISTS (SELECT 1 FROM {s}.hold_release x WHERE x.tenant = h.tenant AND x.matter = h.matter) FROM {s}.hold h WHERE h.tenant = $1 AND h.matter = $2`,
		[]any{t.name, matter}, &released)
	return err == nil, released, err
}

// ReleaseHold marks a hold as released; see driver.Tx.
func (t *tx) ReleaseHold(matter string) error {
	if err := t.check(); err != nil {
		return err
	}
	if !storable(matter) {
		return driver.ErrNotFound
	}
	switch _, released, err := t.hold(matter); {
	case err != nil:
		return err
	case released:
		return driver.ErrNotFound
	}
	return t.run(statement{`INSERT INTO {s}.hold_release (tenant, matter) VALUES ($1, $2)`, 1, []any{t.name, matter}})
}

// Rekey replaces the wrapped key of one version; see driver.Tx.
func (t *tx) Rekey(kind, id string, version uint64, key []byte) error {
	if version == 0 {
		return cmp.Or(t.check(), driver.ErrNotFound)
	}
	row, err := t.reader.Get(kind, id, version)
	switch {
	case err != nil:
		return err
	case row.Key == nil:
		return driver.ErrNotFound
	case len(key) == 0:
		return driver.ErrConflict
	}
	delete(t.rowOf, docKey{kind, id})
	return t.run(statement{`INSERT INTO {s}.content_key (tenant, seq, generation, key)
		SELECT $1, $2, coalesce(max(k.generation), 0) + 1, $3 FROM {s}.content_key k WHERE k.tenant = $1 AND k.seq = $2`, 1, []any{t.name, int64(row.Seq), key}})
}

// latestZone is where a day begins first.
const latestZone = 14 * time.Hour

// Dispose destroys the content of a document; see driver.Tx.
func (t *tx) Dispose(kind, id string, on hipaasmp.Date) error {
	newest, err := driver.Disposable(t, kind, id)
	if err != nil {
		return err
	}
	floor, err := t.floor(kind, id)
	if err != nil {
		return err
	}
	begun := t.head.Recorded.Add(latestZone)
	latest := int64(begun.Year())*10000 + int64(begun.Month())*100 + int64(begun.Day())
	if day := dayNumber(on); newest.KeepThrough.IsZero() || !on.After(newest.KeepThrough) || day <= floor || day > latest {
		return driver.ErrRetained
	}
	err = t.run(
		statement{`INSERT INTO {s}.disposal (tenant, kind, id, day) VALUES ($1, $2, $3, $4)`, 1, []any{t.name, kind, id, dayNumber(on)}},
		statement{`DELETE FROM {s}.content WHERE tenant = $1 AND seq IN (SELECT e.seq FROM {s}.entry e WHERE e.tenant = $1 AND e.kind = $2 AND e.id = $3)`,
			int64(newest.Version), []any{t.name, kind, id}},
		statement{`DELETE FROM {s}.content_key WHERE tenant = $1 AND seq IN (SELECT e.seq FROM {s}.entry e WHERE e.tenant = $1 AND e.kind = $2 AND e.id = $3)`,
			-1, []any{t.name, kind, id}},
	)
	if err != nil {
		if errors.Is(err, driver.ErrReadOnly) { // the role is not the disposer's
			t.s.failed = &driver.Error{Kind: driver.ErrImmutable, Op: "dispose", Code: "postgres 42501"}
			return t.s.failed
		}
		return err
	}
	t.sees[docKey{kind, id}] = docState{newest.Version, false}
	return nil
}
