package storage

import (
	"context"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// PutAll is [Tx.Put] for many documents, with the same options for each, in the order in which they are given. A driver
// for which each look-up is a round trip looks all of them up at once, so this is how an import writes.
//
// The first document that is refused ends it with the error of Put, and its entries are not returned. What was put before
// it stands in the transaction: return the error from the function of [Store.Update] and nothing is kept.
func (tx *Tx) PutAll(documents []hipaasmp.Document, opts ...PutOption) ([]Entry, error) {
	if tx.closed {
		return nil, ErrClosed
	}
	ready := make([]prepared, len(documents))
	for i, doc := range documents {
		var err error
		if ready[i], err = tx.store.prepare(doc, opts); err != nil {
			return nil, err
		}
	}
	if err := tx.expect(len(ready), func(i int) hipaasmp.Ref { return ready[i].ref }); err != nil {
		return nil, err
	}
	entries := make([]Entry, len(ready))
	for i := range ready {
		var err error
		if entries[i], err = tx.put(ready[i]); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// PutAll is [Tx.PutAll] in a transaction of its own: all documents are kept, with one checkpoint, or none is.
func (s *Store) PutAll(ctx context.Context, tenant string, documents []hipaasmp.Document, opts ...PutOption) (entries []Entry, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		entries, err = tx.PutAll(documents, opts...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}

// expect tells the driver which documents come.
func (tx *Tx) expect(n int, ref func(i int) hipaasmp.Ref) error {
	e, ok := tx.driver.(driver.Expecter)
	if !ok || n < 2 {
		return nil
	}
	documents := make([]driver.Scope, 0, n)
	for i := range n {
		k := keyOf(ref(i))
		if _, wrote := tx.newest[k]; !wrote {
			documents = append(documents, driver.Scope{Kind: k.kind, ID: k.id})
		}
	}
	return e.Expect(documents)
}
