package postgres

import (
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// copyFrom is the number of rows from which COPY is faster than INSERT.
const copyFrom = 64

// Append adds rows, nodes and the head; see driver.Tx. Everything is checked before anything is written.
func (t *tx) Append(rows []driver.Row, nodes []driver.Node, head driver.Head) error {
	if err := t.check(); err != nil {
		return err
	}
	if err := t.checkVersions(rows); err != nil {
		return err
	}
	size := t.head.Size
	if len(rows) == 0 || head.Size != size+uint64(len(rows)) || head.Epoch < max(t.head.Epoch, 1) || head.Epoch > math.MaxInt64 {
		return driver.ErrConflict
	}
	for i, r := range rows {
		switch {
		case r.Seq != size+uint64(i):
			return driver.ErrConflict
		case len(r.Body) > maxBody:
			return driver.ErrTooLarge
		case !storable(r.Kind, r.ID):
			return &driver.Error{Kind: driver.ErrUnsupported, Op: "append"}
		}
	}
	inner, err := t.checkNodes(rows, nodes)
	if err != nil {
		return err
	}
	if err := t.write(rows, inner, head, size); err != nil {
		return err
	}
	for _, r := range rows {
		t.sees[docKey{r.Kind, r.ID}] = docState{r.Version, r.Body != nil}
	}
	t.head = head
	t.head.Recorded = head.Recorded.UTC()
	t.head.Edge, t.head.Note = append([]byte{}, head.Edge...), append([]byte{}, head.Note...)
	return nil
}

// checkVersions wants each row to be the next version of its document, with content if the one before has it.
func (t *tx) checkVersions(rows []driver.Row) error {
	if err := t.lookUp(rows); err != nil {
		return err
	}
	next := map[docKey]docState{}
	for _, r := range rows {
		k := docKey{r.Kind, r.ID}
		last, ok := next[k]
		if !ok {
			last = t.sees[k]
		}
		whole := r.Body != nil
		switch {
		case last.version > 0 && !last.whole && whole:
			return driver.ErrDisposed
		case last.version > 0 && last.whole && !whole:
			return driver.ErrConflict
		case r.Version != last.version+1:
			return &driver.ConflictError{Kind: r.Kind, ID: r.ID, Want: r.Version - min(r.Version, 1), Have: last.version}
		}
		next[k] = docState{r.Version, whole}
	}
	return nil
}

// lookUp asks for the state of all documents that are not known yet. All versions of a document have their content or
// none has.
func (t *tx) lookUp(rows []driver.Row) error {
	var kinds, ids []string
	for _, r := range rows {
		k := docKey{r.Kind, r.ID}
		if _, ok := t.sees[k]; ok || !storable(r.Kind, r.ID) {
			continue
		}
		t.sees[k] = docState{}
		if !t.empty() {
			kinds, ids = append(kinds, r.Kind), append(ids, r.ID)
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	found, err := t.query(`SELECT q.kind, q.id, coalesce((SELECT max(e.version) FROM {s}.entry e WHERE e.tenant = $1 AND e.kind = q.kind AND e.id = q.id), 0),
		EXISTS (SELECT 1 FROM {s}.entry e JOIN {s}.content c ON c.tenant = e.tenant AND c.seq = e.seq WHERE e.tenant = $1 AND e.kind = q.kind AND e.id = q.id AND e.version = 1)
		FROM unnest($2::text[], $3::text[]) AS q (kind, id)`, t.name, kinds, ids)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var k docKey
		var version int64
		var whole bool
		if err := found.Scan(&k.kind, &k.id, &version, &whole); err != nil {
			return t.s.fault("read", err)
		}
		t.sees[k] = docState{uint64(version), whole}
	}
	return t.s.fault("read", found.Err())
}

func (t *tx) state(kind, id string) (docState, error) {
	if err := t.check(); err != nil || !storable(kind, id) {
		return docState{}, err
	}
	err := t.lookUp([]driver.Row{{Kind: kind, ID: id}})
	return t.sees[docKey{kind, id}], err
}

// checkNodes wants leaves to be those of the rows and the others to be new, and returns the others.
func (t *tx) checkNodes(rows []driver.Row, nodes []driver.Node) ([]driver.Node, error) {
	first := rows[0].Seq
	inner := make([]driver.Node, 0, len(nodes))
	seen := make(map[uint64]bool, len(nodes))
	var old []int64
	for _, n := range nodes {
		level, seq := driver.SplitNodeID(n.ID)
		switch {
		case seen[n.ID] || n.ID > math.MaxInt64:
			return nil, driver.ErrConflict
		case level == 0:
			if i := seq - first; seq < first || i >= uint64(len(rows)) || rows[i].Leaf != n.Hash {
				return nil, driver.ErrConflict
			}
		default:
			inner = append(inner, n)
			// Nodes that the first of the rows can complete are not there yet; one before them may be.
			if n.ID < driver.NodeID(0, first) {
				old = append(old, int64(n.ID))
			}
		}
		seen[n.ID] = true
	}
	if len(old) == 0 {
		return inner, nil
	}
	var n int64
	if err := t.one(`SELECT count(*) FROM {s}.node WHERE tenant = $1 AND n = ANY ($2)`, []any{t.name, old}, &n); err != nil {
		return nil, err
	}
	if n > 0 {
		return nil, driver.ErrConflict
	}
	return inner, nil
}

var (
	entryInto   = []string{"tenant", "kind", "id", "version", "seq", "recorded", "keep", "envelope", "leaf"}
	contentInto = []string{"tenant", "seq", "salt", "key", "body", "reason"}
	nodeInto    = []string{"tenant", "n", "hash"}
)

// write sends everything. The head moves on by compare-and-swap: if anybody got past the lock, no row is touched.
func (t *tx) write(rows []driver.Row, nodes []driver.Node, head driver.Head, size uint64) error {
	statements := []statement{
		{`INSERT INTO {s}.checkpoint (tenant, size, epoch, root, recorded, note) VALUES ($1, $2, $3, $4, $5, $6)`, 1,
			[]any{t.name, int64(head.Size), int64(head.Epoch), head.Root[:], head.Recorded.UnixMicro(), nonNil(head.Note)}},
		{`UPDATE {s}.head SET size = $2, edge = $3 WHERE tenant = $1 AND size = $4`, 1, []any{t.name, int64(head.Size), nonNil(head.Edge), int64(size)}},
	}
	if t.b.opts.NoCopy || len(rows) < copyFrom {
		return t.run(append(inserts(t.name, rows, nodes), statements...)...)
	}
	t.wrote = true
	whole := contentsOf(rows)
	for _, x := range []struct {
		table   string
		columns []string
		n       int
		row     func(i int) ([]any, error)
	}{
		{"entry", entryInto, len(rows), func(i int) ([]any, error) {
			r := &rows[i]
			return []any{t.name, r.Kind, r.ID, int64(r.Version), int64(r.Seq), r.Recorded.UnixMicro(), keepOf(r), nonNil(r.Envelope), r.Leaf[:]}, nil
		}},
		{"content", contentInto, len(whole), func(i int) ([]any, error) {
			r := whole[i]
			return []any{t.name, int64(r.Seq), nonNil(r.Salt), r.Key, r.Body, reasonOf(r)}, nil
		}},
		{"node", nodeInto, len(nodes), func(i int) ([]any, error) {
			return []any{t.name, int64(nodes[i].ID), nodes[i].Hash[:]}, nil
		}},
	} {
		if _, err := t.s.CopyFrom(t.ctx, pgx.Identifier{t.b.opts.Schema, x.table}, x.columns, pgx.CopyFromSlice(x.n, x.row)); err != nil {
			return t.s.fault("write", err)
		}
	}
	return t.run(statements...)
}

// contentsOf returns the rows that were not disposed of elsewhere.
func contentsOf(rows []driver.Row) []*driver.Row {
	out := make([]*driver.Row, 0, len(rows))
	for i := range rows {
		if rows[i].Body != nil {
			out = append(out, &rows[i])
		}
	}
	return out
}

// column collects one value of each row.
func column[R, T any](rows []R, value func(R) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = value(r)
	}
	return out
}

// inserts are the statements for a few rows: one for each table, whatever the number.
func inserts(tenant string, rows []driver.Row, nodes []driver.Node) []statement {
	all := make([]*driver.Row, len(rows))
	for i := range rows {
		all[i] = &rows[i]
	}
	out := []statement{{`INSERT INTO {s}.entry (tenant, kind, id, version, seq, recorded, keep, envelope, leaf) SELECT $1, * FROM
		unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[], $9::bytea[])`, int64(len(all)),
		[]any{tenant, column(all, func(r *driver.Row) string { return r.Kind }), column(all, func(r *driver.Row) string { return r.ID }),
			column(all, func(r *driver.Row) int64 { return int64(r.Version) }), column(all, func(r *driver.Row) int64 { return int64(r.Seq) }),
			column(all, func(r *driver.Row) int64 { return r.Recorded.UnixMicro() }), column(all, keepOf),
			column(all, func(r *driver.Row) []byte { return nonNil(r.Envelope) }), column(all, func(r *driver.Row) []byte { return r.Leaf[:] })}}}
	if whole := contentsOf(rows); len(whole) > 0 {
		out = append(out, statement{`INSERT INTO {s}.content (tenant, seq, salt, key, body, reason) SELECT $1, * FROM
			unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[])`, int64(len(whole)),
			[]any{tenant, column(whole, func(r *driver.Row) int64 { return int64(r.Seq) }), column(whole, func(r *driver.Row) []byte { return nonNil(r.Salt) }),
				column(whole, func(r *driver.Row) []byte { return r.Key }), column(whole, func(r *driver.Row) []byte { return r.Body }), column(whole, reasonOf)}})
	}
	if len(nodes) > 0 {
		out = append(out, statement{`INSERT INTO {s}.node (tenant, n, hash) SELECT $1, * FROM unnest($2::bigint[], $3::bytea[])`, int64(len(nodes)),
			[]any{tenant, column(nodes, func(n driver.Node) int64 { return int64(n.ID) }), column(nodes, func(n driver.Node) []byte { return n.Hash[:] })}})
	}
	return out
}

func keepOf(r *driver.Row) *int64 {
	if r.KeepThrough.IsZero() {
		return nil
	}
	n := dayNumber(r.KeepThrough)
	return &n
}

func reasonOf(r *driver.Row) []byte {
	if r.Reason == "" {
		return nil
	}
	return []byte(r.Reason)
}

// nonNil keeps an empty value from becoming NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
