package storage

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// MoveError says why a tenant could not be moved.
type MoveError struct {
	// Tenant is who was to be moved.
	Tenant string
	// Reason says what is in the way and what to do.
	Reason string
}

func (e *MoveError) Error() string {
	return fmt.Sprintf("storage: tenant %s cannot be moved: %s", e.Tenant, e.Reason)
}

// MoveIn copies a tenant from another store into this one with everything: every version, every checkpoint as it was
// signed, holds, extensions, and the proofs that follow. Each entry is checked on the way, sealed content is wrapped anew
// where the stores have different keys, and an [Act] records the move. Positions, leaves and roots stay as they were, so
// every proof and every anchor of before holds.
//
// Nothing may write to the source meanwhile; a source that grew gives a [*MoveError]. The tenant must not exist here, or
// be the beginning of what the source has, as an interrupted move leaves it: then the move goes on. Both stores must
// have one Product. Where this store signs with another key, know the source's in Options.Verifiers; a new epoch begins
// then.
func (s *Store) MoveIn(ctx context.Context, from *Store, tenant string, by hipaasmp.Actor, reason string) (e Entry, err error) {
	if from == nil || from == s {
		return Entry{}, &MoveError{tenant, "the source is missing or is this very store"}
	}
	if from.opts.Product != s.opts.Product {
		return Entry{}, &MoveError{tenant, fmt.Sprintf("its ledger was begun as %q, and this store is %q; open both under one Product", from.opts.Product, s.opts.Product)}
	}
	v, err := from.VerifyTenant(ctx, tenant)
	if err != nil {
		return Entry{}, err
	}
	if err := v.Err(); err != nil {
		return Entry{}, err
	}
	if v.Size == 0 {
		return Entry{}, &NotFoundError{Tenant: tenant, Ref: hipaasmp.Ref{Kind: KindAct, ID: actID(0)}}
	}
	m := move{from: from, to: s, tenant: tenant, size: v.Size}
	if err := m.begin(ctx); err != nil {
		return Entry{}, err
	}
	for m.edge.size < m.size {
		if err := m.copyOne(ctx); err != nil {
			return Entry{}, err
		}
	}
	if m.edge.root() != v.Root {
		return Entry{}, &CorruptError{Tenant: tenant, What: "the copy has another root than the source"}
	}
	if err := m.copyGuards(ctx); err != nil {
		return Entry{}, err
	}
	now, err := from.Checkpoint(ctx, tenant)
	if err != nil {
		return Entry{}, err
	}
	if now.Size != m.size {
		return Entry{}, &MoveError{tenant, "somebody wrote to the source meanwhile; stop them and move again"}
	}
	var lost *LostKeyError
	record := func() error {
		return s.Update(ctx, tenant, func(tx *Tx) (err error) {
			e, err = tx.act(Act{Op: OpMoved, Previous: string(now.Note)}, by, reason)
			return err
		})
	}
	if err = record(); errors.As(err, &lost) {
		if _, err = s.NewEpoch(ctx, tenant, by, reason); err == nil {
			err = record()
		}
	}
	return e, err
}

// move is a move in progress.
type move struct {
	from, to *Store
	tenant   string
	size     uint64
	edge     edge
}

// begin finds where to go on and refuses a tenant that is something else here.
func (m *move) begin(ctx context.Context) error {
	return m.to.view(ctx, m.tenant, func(r driver.Reader) error {
		head, err := r.Head(0)
		if errors.Is(err, driver.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		var ok bool
		if m.edge, ok = parseEdge(head.Size, head.Edge); !ok {
			return &CorruptError{Tenant: m.tenant, What: "the head's root does not follow from its edge"}
		}
		return m.from.view(ctx, m.tenant, func(r driver.Reader) error {
			if head.Size > m.size {
				return &MoveError{m.tenant, "it is here already and longer than in the source"}
			}
			root, err := treeRoot(r, head.Size)
			if err != nil {
				return err
			}
			if root != m.edge.root() {
				return &MoveError{m.tenant, "a tenant of this name is here already and has another ledger"}
			}
			return nil
		})
	})
}

// copyOne copies what the source appended in one transaction, with the checkpoint that it signed.
func (m *move) copyOne(ctx context.Context) error {
	var rows []driver.Row
	var head driver.Head
	err := m.from.view(ctx, m.tenant, func(r driver.Reader) error {
		for size := m.edge.size + 1; ; size++ {
			var err error
			if head, err = r.Head(size); err == nil {
				break
			} else if !errors.Is(err, driver.ErrNotFound) || size >= m.size {
				return err
			}
		}
		for next := m.edge.size; next < head.Size; {
			page, err := r.Entries(next, int(min(driver.MaxPage, head.Size-next)))
			if err != nil {
				return err
			}
			if len(page) == 0 || page[0].Seq != next {
				return &CorruptError{Tenant: m.tenant, What: "entries are missing in the source"}
			}
			rows = append(rows, page...)
			next += uint64(len(page))
		}
		return nil
	})
	if err != nil {
		return err
	}
	var nodes []driver.Node
	for i := range rows {
		nodes = m.edge.add(rows[i].Leaf, nodes)
		if rows[i].Key != nil {
			if rows[i].Key, err = m.rewrap(ctx, rows[i]); err != nil {
				return err
			}
		}
	}
	if m.edge.root() != tlog.Hash(head.Root) {
		return &CorruptError{Tenant: m.tenant, What: "a checkpoint of the source does not follow from its entries"}
	}
	head.Edge = m.edge.bytes()
	return m.to.backend.Update(ctx, m.tenant, func(dtx driver.Tx) error { return dtx.Append(rows, nodes, head) })
}

func (m *move) rewrap(ctx context.Context, row driver.Row) ([]byte, error) {
	if m.from.opts.Keys == nil || m.to.opts.Keys == nil {
		return nil, &KeyUnavailableError{Tenant: m.tenant, Ref: refOf(row)}
	}
	data, err := m.from.opts.Keys.UnwrapKey(ctx, m.tenant, row.Key)
	if err != nil {
		return nil, &KeyUnavailableError{Tenant: m.tenant, Ref: refOf(row), cause: err}
	}
	defer clear(data)
	key, err := m.to.opts.Keys.WrapKey(ctx, m.tenant, data)
	if err != nil {
		return nil, &KeyUnavailableError{Tenant: m.tenant, Ref: refOf(row), cause: err}
	}
	return key, nil
}

// copyGuards brings over what the driver keeps beside the rows: holds and the floors of extensions.
func (m *move) copyGuards(ctx context.Context) error {
	var holds []driver.Hold
	err := m.from.view(ctx, m.tenant, func(r driver.Reader) (err error) {
		holds, err = r.Holds("", "")
		return err
	})
	if err != nil {
		return err
	}
	var extensions []Extension
	for x, err := range List[Extension](ctx, m.from, m.tenant, Query{Kind: KindExtension}) {
		if err != nil {
			return err
		}
		extensions = append(extensions, x)
	}
	return m.to.backend.Update(ctx, m.tenant, func(dtx driver.Tx) error {
		there, err := dtx.Holds("", "")
		if err != nil {
			return err
		}
		known := map[string]driver.Hold{}
		for _, h := range there {
			known[h.Matter] = h
		}
		for _, h := range holds {
			was, ok := known[h.Matter]
			if !ok {
				if err := dtx.PlaceHold(h); err != nil {
					return err
				}
			}
			if h.Released && !was.Released {
				if err := dtx.ReleaseHold(h.Matter); err != nil {
					return err
				}
			}
		}
		for _, x := range extensions {
			if err := dtx.ExtendRetention(string(x.Ref.Kind), x.Ref.ID, x.Through); err != nil {
				return err
			}
		}
		return nil
	})
}
