package memory

import (
	"slices"
	"strings"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// pageBytes bounds the content of one page.
const pageBytes = 8 << 20

// reader reads a snapshot: everything born by commit at.
type reader struct {
	b     *Backend
	t     *tenant
	at    uint64
	alive bool
}

// use takes the lock for one call; the caller defers what it returns.
func (r *reader) use() (func(), error) {
	r.b.mu.Lock()
	if !r.alive {
		r.b.mu.Unlock()
		return func() {}, driver.ErrClosed
	}
	return r.b.mu.Unlock, nil
}

// row copies a row out, without the content if that is destroyed. Content is gone for older snapshots too.
func (r *reader) row(i int) driver.Row {
	src := &r.t.rows[i]
	out := src.Row
	out.Tenant = r.t.name
	out.Envelope = slices.Clone(out.Envelope)
	if !r.whole(src) {
		out.Body, out.Salt, out.Key, out.Reason = nil, nil, nil, ""
	} else {
		out.Body, out.Salt, out.Key = slices.Clone(out.Body), slices.Clone(out.Salt), slices.Clone(src.key(r.at))
	}
	return out
}

// whole reports whether a row has its content.
func (r *reader) whole(src *row) bool { return src.gone == 0 || src.gone > max(r.at, r.t.commits) }

// visible returns the positions of a document's versions that the snapshot has.
func (r *reader) visible(d *document) []int {
	n := len(d.versions)
	for n > 0 && r.t.rows[d.versions[n-1]].born > r.at {
		n--
	}
	return d.versions[:n]
}

func (r *reader) versions(kind, id string) []int {
	d := r.t.docs[key{kind, id}]
	if d == nil {
		return nil
	}
	return r.visible(d)
}

// Get returns a version of a document; see driver.Reader.
func (r *reader) Get(kind, id string, version uint64) (driver.Row, error) {
	unlock, err := r.use()
	defer unlock()
	if err != nil {
		return driver.Row{}, err
	}
	vs := r.versions(kind, id)
	if version == 0 {
		version = uint64(len(vs))
	}
	if version == 0 || version > uint64(len(vs)) {
		return driver.Row{}, driver.ErrNotFound
	}
	return r.row(vs[version-1]), nil
}

// Scan returns one row for each document; see driver.Reader.
func (r *reader) Scan(q driver.Query) ([]driver.Row, error) {
	unlock, err := r.use()
	defer unlock()
	if err != nil {
		return nil, err
	}
	if !q.DueBy.IsZero() && !q.AsOf.IsZero() {
		return nil, driver.ErrUnsupported
	}
	after := key{q.AfterKind, q.AfterID}
	keys := r.t.keys()
	start, found := slices.BinarySearchFunc(keys, after, key.compare)
	if found {
		start++
	}
	if q.Kind != "" {
		first, _ := slices.BinarySearchFunc(keys, key{kind: q.Kind}, key.compare)
		start = max(start, first)
	}
	var p page
	for _, k := range keys[start:] {
		if q.Kind != "" && k.kind != q.Kind {
			break
		}
		vs := r.visible(r.t.docs[k])
		if !q.AsOf.IsZero() {
			for len(vs) > 0 && r.t.rows[vs[len(vs)-1]].Recorded.After(q.AsOf) {
				vs = vs[:len(vs)-1]
			}
		}
		if len(vs) == 0 {
			continue
		}
		if newest := &r.t.rows[vs[len(vs)-1]]; !q.DueBy.IsZero() && (!r.whole(newest) || newest.KeepThrough.IsZero() || !newest.KeepThrough.Before(q.DueBy)) {
			continue
		}
		if p.full(q.Limit) {
			break
		}
		p.add(r.row(vs[len(vs)-1]))
	}
	return p.rows, nil
}

// History returns the versions of a document; see driver.Reader.
func (r *reader) History(kind, id string, after uint64, limit int) ([]driver.Row, error) {
	unlock, err := r.use()
	defer unlock()
	if err != nil {
		return nil, err
	}
	var p page
	vs := r.versions(kind, id)
	for _, i := range vs[min(after, uint64(len(vs))):] {
		if p.full(limit) {
			break
		}
		p.add(r.row(i))
	}
	return p.rows, nil
}

// Entries returns rows in ledger order; see driver.Reader.
func (r *reader) Entries(from uint64, limit int) ([]driver.Row, error) {
	unlock, err := r.use()
	defer unlock()
	if err != nil {
		return nil, err
	}
	var p page
	for size := uint64(r.t.size(r.at)); from < size && !p.full(limit); from++ {
		p.add(r.row(int(from)))
	}
	return p.rows, nil
}

// Nodes returns hashes of the tree; see driver.Reader.
func (r *reader) Nodes(ids []uint64) ([][driver.HashSize]byte, error) {
	unlock, err := r.use()
	defer unlock()
	if err != nil {
		return nil, err
	}
	out := make([][driver.HashSize]byte, len(ids))
	for i, id := range ids {
		n, ok := r.t.nodes[id]
		if !ok || n.born > r.at {
			return nil, driver.ErrNotFound
		}
		out[i] = n.hash
	}
	return out, nil
}

// Head returns a head of the ledger; see driver.Reader.
func (r *reader) Head(size uint64) (driver.Head, error) {
	unlock, err := r.use()
	defer unlock()
	if err != nil {
		return driver.Head{}, err
	}
	h, ok := r.head(size)
	if !ok {
		return driver.Head{}, driver.ErrNotFound
	}
	out := h.Head
	out.Edge, out.Note = slices.Clone(out.Edge), slices.Clone(out.Note)
	return out, nil
}

func (r *reader) head(size uint64) (head, bool) {
	for _, h := range slices.Backward(r.t.heads) {
		if h.born <= r.at && (size == 0 || h.Size == size) {
			return h, true
		}
		if size > h.Size {
			break
		}
	}
	return head{}, false
}

// Holds returns holds; see driver.Reader.
func (r *reader) Holds(kind, id string) ([]driver.Hold, error) {
	unlock, err := r.use()
	defer unlock()
	if err != nil {
		return nil, err
	}
	return r.covering(kind, id), nil
}

func (r *reader) covering(kind, id string) []driver.Hold {
	var out []driver.Hold
	for _, h := range r.t.holds {
		if h.born > r.at {
			continue
		}
		hold := h.Hold
		hold.Released = h.released != 0 && h.released <= r.at
		if kind == "" && id == "" || !hold.Released && hold.Covers(kind, id) {
			hold.Scope = slices.Clone(hold.Scope)
			out = append(out, hold)
		}
	}
	slices.SortFunc(out, func(a, b driver.Hold) int { return strings.Compare(a.Matter, b.Matter) })
	return out
}

// page collects rows up to a number and a weight.
type page struct {
	rows  []driver.Row
	bytes int
}

func (p *page) full(limit int) bool {
	return len(p.rows) >= min(limit, driver.MaxPage) || p.bytes >= pageBytes
}

func (p *page) add(r driver.Row) {
	p.rows = append(p.rows, r)
	p.bytes += len(r.Body) + len(r.Envelope)
}
