package storage

import (
	"cmp"
	"errors"
	"iter"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

func (k docKey) compare(o docKey) int {
	return cmp.Or(cmp.Compare(k.kind, o.kind), cmp.Compare(k.id, o.id))
}

// List is [Store.List] as this transaction sees it, what it wrote included.
func (tx *Tx) List(q Query) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		at, err := q.position(tx.tenant)
		if err == nil && tx.closed {
			err = ErrClosed
		}
		if err != nil {
			yield(Entry{}, err)
			return
		}
		left := q.Limit
		emit := func(e Entry) bool {
			if tx.gone[docKey{string(e.Kind), e.ID}] {
				e.Body, e.Salt, e.Reason = nil, nil, ""
			}
			if !q.shows(e) {
				return true
			}
			left--
			return yield(e, nil) && left != 0
		}
		mine := tx.written(q, at)
		for next := q.scanner(at); ; {
			rows, err := next(tx.driver)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, row := range rows {
				k := docKey{row.Kind, row.ID}
				for len(mine) > 0 && mine[0].compare(k) < 0 {
					if !emit(tx.entries[tx.newest[mine[0]]]) {
						return
					}
					mine = mine[1:]
				}
				var e Entry
				if len(mine) > 0 && mine[0] == k {
					e, mine = tx.entries[tx.newest[k]], mine[1:]
				} else if e, err = tx.store.entryOf(tx.ctx, tx.tenant, row); err != nil {
					yield(Entry{}, err)
					return
				}
				if !emit(e) {
					return
				}
			}
			if len(rows) == 0 {
				break
			}
		}
		for _, k := range mine {
			if !emit(tx.entries[tx.newest[k]]) {
				return
			}
		}
	}
}

// written returns in order which documents of the query this transaction has written.
func (tx *Tx) written(q Query, after docKey) []docKey {
	if !q.AsOf.IsZero() && tx.at.After(q.AsOf) {
		return nil
	}
	var out []docKey
	for k := range tx.newest {
		if (q.Kind == "" || k.kind == string(q.Kind)) && k.compare(after) > 0 {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, docKey.compare)
	return out
}

// History is [Store.History] as this transaction sees it, what it wrote included.
func (tx *Tx) History(ref hipaasmp.Ref) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		versions, err := tx.history(ref)
		if err != nil && !errors.Is(err, ErrNotFound) {
			yield(Entry{}, err)
			return
		}
		for _, e := range versions {
			if tx.gone[keyOf(ref)] {
				e.Body, e.Salt, e.Reason = nil, nil, ""
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}
