package memory

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// latestZone is where a day begins first.
var latestZone = time.FixedZone("UTC+14", 14*60*60)

// tx reads and writes with the number of the commit to come.
type tx struct{ reader }

// Append adds rows, nodes and the head; see driver.Tx. Everything is checked before anything is added.
func (x *tx) Append(rows []driver.Row, nodes []driver.Node, h driver.Head) error {
	unlock, err := x.use()
	defer unlock()
	if err != nil {
		return err
	}
	t := x.t
	type state struct {
		version uint64
		whole   bool
	}
	next := map[key]state{}
	for i, r := range rows {
		k := key{r.Kind, r.ID}
		last, seen := next[k]
		if !seen {
			if vs := x.versions(r.Kind, r.ID); len(vs) > 0 {
				last = state{uint64(len(vs)), t.rows[vs[len(vs)-1]].gone == 0}
			}
		}
		have := last.version
		switch {
		case have > 0 && !last.whole && r.Body != nil:
			return driver.ErrDisposed
		case have > 0 && last.whole && r.Body == nil:
			return driver.ErrConflict
		case r.Version != have+1:
			return &driver.ConflictError{Kind: r.Kind, ID: r.ID, Want: r.Version - min(r.Version, 1), Have: have}
		case r.Seq != uint64(len(t.rows)+i):
			return driver.ErrConflict
		case len(r.Body) > maxBody:
			return driver.ErrTooLarge
		}
		next[k] = state{r.Version, r.Body != nil}
	}
	last, ok := x.head(0)
	if h.Size != uint64(len(t.rows)+len(rows)) || len(rows) == 0 || ok && (h.Epoch < last.Epoch || h.Size <= last.Size) {
		return driver.ErrConflict
	}
	seen := map[uint64]bool{}
	for _, n := range nodes {
		if _, exists := t.nodes[n.ID]; exists || seen[n.ID] {
			return driver.ErrConflict
		}
		if level, seq := driver.SplitNodeID(n.ID); level == 0 {
			if i := seq - rows[0].Seq; seq < rows[0].Seq || i >= uint64(len(rows)) || rows[i].Leaf != n.Hash {
				return driver.ErrConflict
			}
		}
		seen[n.ID] = true
	}
	for _, r := range rows {
		x.add(r)
	}
	for _, n := range nodes {
		t.nodes[n.ID] = node{x.at, n.Hash}
	}
	h.Edge, h.Note = slices.Clone(h.Edge), slices.Clone(h.Note)
	t.heads = append(t.heads, head{h, x.at})
	t.undo = append(t.undo, func() {
		for _, n := range nodes {
			delete(t.nodes, n.ID)
		}
		t.heads = t.heads[:len(t.heads)-1]
	})
	return nil
}

func (x *tx) add(r driver.Row) {
	t := x.t
	r.Tenant = ""
	r.Envelope, r.Body, r.Salt, r.Key = slices.Clone(r.Envelope), slices.Clone(r.Body), slices.Clone(r.Salt), slices.Clone(r.Key)
	added := row{Row: r, born: x.at}
	if r.Body == nil {
		added.Salt, added.Key, added.Reason, added.gone = nil, nil, "", x.at
	}
	k := key{r.Kind, r.ID}
	d := t.docs[k]
	if d == nil {
		d = &document{}
		t.docs[k] = d
		t.addKey(k)
		t.undo = append(t.undo, func() {
			delete(t.docs, k)
			t.dropKey(k)
		})
	}
	d.versions = append(d.versions, len(t.rows))
	t.rows = append(t.rows, added)
	t.undo = append(t.undo, func() {
		d.versions = d.versions[:len(d.versions)-1]
		t.rows = t.rows[:len(t.rows)-1]
	})
}

// ExtendRetention raises a floor; see driver.Tx.
func (x *tx) ExtendRetention(kind, id string, through hipaasmp.Date) error {
	unlock, err := x.use()
	defer unlock()
	if err != nil {
		return err
	}
	d := x.t.docs[key{kind, id}]
	switch {
	case d == nil || len(x.visible(d)) == 0:
		return driver.ErrNotFound
	case through.Before(d.floor(x.at)):
		return driver.ErrShortened
	}
	d.floors = append(d.floors, floor{x.at, through})
	x.t.undo = append(x.t.undo, func() { d.floors = d.floors[:len(d.floors)-1] })
	return nil
}

// PlaceHold opens a hold; see driver.Tx.
func (x *tx) PlaceHold(h driver.Hold) error {
	unlock, err := x.use()
	defer unlock()
	if err != nil {
		return err
	}
	t := x.t
	if slices.ContainsFunc(t.holds, func(o hold) bool { return o.Matter == h.Matter }) {
		return driver.ErrConflict
	}
	h.Released, h.Scope = false, slices.Clone(h.Scope)
	t.holds = append(t.holds, hold{Hold: h, born: x.at})
	t.undo = append(t.undo, func() { t.holds = t.holds[:len(t.holds)-1] })
	return nil
}

// ReleaseHold marks a hold as released; see driver.Tx.
func (x *tx) ReleaseHold(matter string) error {
	unlock, err := x.use()
	defer unlock()
	if err != nil {
		return err
	}
	t := x.t
	i := slices.IndexFunc(t.holds, func(h hold) bool { return h.Matter == matter && h.released == 0 })
	if i < 0 {
		return driver.ErrNotFound
	}
	t.holds[i].released = x.at
	t.undo = append(t.undo, func() { t.holds[i].released = 0 })
	return nil
}

// Rekey replaces the wrapped key of one version; see driver.Tx.
func (x *tx) Rekey(kind, id string, version uint64, wrapped []byte) error {
	unlock, err := x.use()
	defer unlock()
	if err != nil {
		return err
	}
	vs := x.versions(kind, id)
	if version == 0 || version > uint64(len(vs)) {
		return driver.ErrNotFound
	}
	i := vs[version-1]
	r := &x.t.rows[i]
	switch {
	case r.gone != 0 || r.Key == nil:
		return driver.ErrNotFound
	case len(wrapped) == 0:
		return driver.ErrConflict
	}
	r.keys = append(r.keys, rekey{x.at, slices.Clone(wrapped)})
	x.t.undo = append(x.t.undo, func() {
		r := &x.t.rows[i]
		r.keys = r.keys[:len(r.keys)-1]
	})
	return nil
}

// Dispose destroys the content of a document; see driver.Tx.
func (x *tx) Dispose(kind, id string, on hipaasmp.Date) error {
	unlock, err := x.use()
	defer unlock()
	if err != nil {
		return err
	}
	t := x.t
	vs := x.versions(kind, id)
	if len(vs) == 0 || t.rows[vs[len(vs)-1]].gone != 0 {
		return driver.ErrNotFound
	}
	if len(x.covering(kind, id)) > 0 {
		return driver.ErrHeld
	}
	keep := t.rows[vs[len(vs)-1]].KeepThrough
	floor := t.docs[key{kind, id}].floor(x.at)
	h, _ := x.head(0)
	if keep.IsZero() || !on.After(keep) || !on.After(floor) || on.After(hipaasmp.DateOf(h.Recorded, latestZone)) {
		return driver.ErrRetained
	}
	for _, i := range vs {
		t.rows[i].gone = x.at
	}
	t.burn = append(t.burn, vs...)
	t.undo = append(t.undo, func() {
		for _, i := range vs {
			t.rows[i].gone = 0
		}
	})
	return nil
}
