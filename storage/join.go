package storage

import (
	"context"
	"fmt"
	"iter"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Joint is the store inside a transaction that the caller began, so that documents and the caller's own rows are kept
// together or not at all. Make one with [Store.In]. One goroutine uses it at a time.
//
// Entry, head and checkpoint stand in the caller's transaction: a rollback leaves nothing of them. Until the caller has
// committed, hand no entry or checkpoint to anybody.
type Joint struct {
	store  *Store
	joined driver.Joined
	done   []*Tx
}

// In returns the store inside a caller's transaction, which a driver's Join method gives:
//
//	tx, err := db.BeginTx(ctx, nil)
//	joined, err := backend.Join(ctx, tx)
//	joint := store.In(joined)
//	entry, err := joint.Put(ctx, tenant, document)
//	err = tx.Commit()
//	joint.Committed(ctx)
//
// Between the begin and the commit, write through the Joint alone: the Store itself would wait for the transaction.
func (s *Store) In(joined driver.Joined) *Joint { return &Joint{store: s, joined: joined} }

// Update is [Store.Update] inside the caller's transaction. When it fails, nothing that fn wrote remains and the caller's
// transaction goes on.
func (j *Joint) Update(ctx context.Context, tenant string, fn func(*Tx) error) error {
	if j.joined == nil {
		return driver.ErrNoTransaction
	}
	done, err := j.store.transactOn(ctx, j.joined, tenant, fn)
	if done != nil {
		j.done = append(j.done, done)
	}
	return err
}

// Put is [Store.Put] inside the caller's transaction.
func (j *Joint) Put(ctx context.Context, tenant string, doc hipaasmp.Document, opts ...PutOption) (e Entry, err error) {
	err = j.Update(ctx, tenant, func(tx *Tx) (err error) {
		e, err = tx.Put(doc, opts...)
		return err
	})
	if err != nil {
		return Entry{}, err
	}
	return e, nil
}

// Get is [Store.Get] inside the caller's transaction: it sees what was written through the Joint.
func (j *Joint) Get(ctx context.Context, tenant string, ref hipaasmp.Ref) (e Entry, err error) {
	err = j.view(ctx, tenant, func(r driver.Reader) error {
		e, err = j.store.get(ctx, tenant, r, ref)
		return err
	})
	return e, err
}

// List is [Store.List] inside the caller's transaction.
func (j *Joint) List(ctx context.Context, tenant string, q Query) iter.Seq2[Entry, error] {
	return j.store.list(ctx, tenant, q, j.view)
}

func (j *Joint) view(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	switch {
	case !hipaasmp.ValidID(tenant):
		return fmt.Errorf("%w: %q", ErrTenant, clip(tenant))
	case j.joined == nil:
		return driver.ErrNoTransaction
	}
	return j.joined.View(ctx, tenant, fn)
}

// Committed says that the caller's transaction was committed: the log and the hooks are told now. Without it the
// documents are kept all the same. After a rollback, do not call it.
func (j *Joint) Committed(ctx context.Context) {
	done := j.done
	j.done = nil
	for _, tx := range done {
		j.store.trust(tx.tenant, tx.head)
	}
	for _, tx := range done {
		j.store.committed(ctx, tx)
	}
}
