package memory

import (
	"context"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// tenant holds everything of one tenant. Each thing carries the number of the commit that bore it, so that a snapshot is
// a number: what was born later is not there yet. A transaction writes with the number of the commit to come.
type tenant struct {
	name    string
	writer  chan struct{} // holds one token while nobody writes
	commits uint64

	rows   []row
	docs   map[key]*document
	sorted []key // the keys of docs; in order unless unsorted
	order  bool  // whether sorted is in order
	nodes  map[uint64]node
	heads  []head
	holds  []hold
	undo   []func() // takes back what the running transaction did, last first
	burn   []int    // the rows whose content the running transaction destroys
}

type key struct{ kind, id string }

func (k key) compare(o key) int {
	if k.kind != o.kind {
		if k.kind < o.kind {
			return -1
		}
		return 1
	}
	switch {
	case k.id < o.id:
		return -1
	case k.id > o.id:
		return 1
	}
	return 0
}

type row struct {
	driver.Row
	born uint64
	gone uint64 // the commit that destroyed the content, 0 for none
	keys []rekey
}

// rekey is a key that replaced the row's.
type rekey struct {
	born uint64
	key  []byte
}

// key returns the wrapped key that a snapshot has.
func (r *row) key(at uint64) []byte {
	for _, k := range slices.Backward(r.keys) {
		if k.born <= at {
			return k.key
		}
	}
	return r.Key
}

type document struct {
	versions []int // positions in rows
	floors   []floor
}

type floor struct {
	born    uint64
	through hipaasmp.Date
}

type node struct {
	born uint64
	hash [driver.HashSize]byte
}

type head struct {
	driver.Head
	born uint64
}

type hold struct {
	driver.Hold
	born, released uint64
}

func newTenant(name string) *tenant {
	t := &tenant{name: name, writer: make(chan struct{}, 1), docs: map[key]*document{}, nodes: map[uint64]node{}, order: true}
	t.writer <- struct{}{}
	return t
}

// lock waits to be the only writer.
func (t *tenant) lock(ctx context.Context) error {
	select {
	case <-t.writer:
		return nil
	default:
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-t.writer:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return driver.ErrBusy
	}
}

func (t *tenant) unlock() { t.writer <- struct{}{} }

func (t *tenant) rollback() {
	for _, f := range slices.Backward(t.undo) {
		f()
	}
	t.undo, t.burn = nil, nil
}

// commit makes what the transaction wrote visible, and forgets the content that it destroyed.
func (t *tenant) commit() {
	t.commits++
	for _, i := range t.burn {
		r := &t.rows[i]
		r.Body, r.Salt, r.Key, r.Reason, r.keys = nil, nil, nil, "", nil
	}
	t.undo, t.burn = nil, nil
}

// size is the number of rows that a snapshot has. Rows are born in order.
func (t *tenant) size(at uint64) int {
	n, _ := slices.BinarySearchFunc(t.rows, at, func(r row, at uint64) int {
		if r.born <= at {
			return -1
		}
		return 1
	})
	return n
}

// keys returns the keys of all documents in order.
func (t *tenant) keys() []key {
	if !t.order {
		slices.SortFunc(t.sorted, key.compare)
		t.order = true
	}
	return t.sorted
}

func (t *tenant) addKey(k key) {
	if n := len(t.sorted); t.order && n > 0 && t.sorted[n-1].compare(k) > 0 {
		t.order = false
	}
	t.sorted = append(t.sorted, k)
}

func (t *tenant) dropKey(k key) {
	t.sorted = slices.DeleteFunc(t.sorted, func(o key) bool { return o == k })
}

// floor is the newest floor that a snapshot has.
func (d *document) floor(at uint64) hipaasmp.Date {
	for _, f := range slices.Backward(d.floors) {
		if f.born <= at {
			return f.through
		}
	}
	return hipaasmp.Date{}
}
