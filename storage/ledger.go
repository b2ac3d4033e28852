package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Checkpoint returns the newest checkpoint of a tenant's ledger. Its signature, its agreement with the stored head and
// the head's with the stored nodes are checked. A tenant without entries gives [ErrNotFound].
func (s *Store) Checkpoint(ctx context.Context, tenant string) (Checkpoint, error) {
	return s.checkpoint(ctx, tenant, 0)
}

// CheckpointAt returns the checkpoint that was signed when the ledger had the given size. Every checkpoint that was
// ever signed is kept; a size at which none was signed, between two entries of one transaction, gives [ErrNotFound].
func (s *Store) CheckpointAt(ctx context.Context, tenant string, size uint64) (Checkpoint, error) {
	if size == 0 {
		return Checkpoint{}, fmt.Errorf("%w: a ledger of size 0 has no checkpoint", ErrNotFound)
	}
	return s.checkpoint(ctx, tenant, size)
}

func (s *Store) checkpoint(ctx context.Context, tenant string, size uint64) (c Checkpoint, err error) {
	err = s.view(ctx, tenant, func(r driver.Reader) error {
		head, err := r.Head(size)
		if err != nil {
			return err
		}
		if c, err = s.openHead(tenant, head, s.verifiers); err != nil || size != 0 {
			return err
		}
		if err := checkEdge(tenant, head, r); err != nil {
			return err
		}
		return s.checkAnchor(ctx, tenant, head, r)
	})
	if err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

// Inclusion proves that the entry at position seq is in the tree of the given size, by the algorithm of RFC 6962.
// tlog.CheckRecord verifies the proof with the leaf hash and the root. A [*RangeError] tells that there is no such
// entry or size.
func (s *Store) Inclusion(ctx context.Context, tenant string, seq, size uint64) (tlog.RecordProof, error) {
	var proof tlog.RecordProof
	err := s.proving(ctx, tenant, size, func(r driver.Reader) (err error) {
		if seq >= size {
			return &RangeError{Tenant: tenant, What: "seq", Value: seq, Size: size}
		}
		proof, err = tlog.ProveRecord(int64(size), int64(seq), s.nodeReader(tenant, size, r))
		return err
	})
	return proof, err
}

// Consistency proves that the tree of size old is the beginning of the tree of size size: nothing was changed or taken
// away in between. tlog.CheckTree verifies the proof with both roots.
func (s *Store) Consistency(ctx context.Context, tenant string, old, size uint64) (tlog.TreeProof, error) {
	var proof tlog.TreeProof
	err := s.proving(ctx, tenant, size, func(r driver.Reader) (err error) {
		if old == 0 || old > size {
			return &RangeError{Tenant: tenant, What: "old size", Value: old, Size: size}
		}
		proof, err = tlog.ProveTree(int64(size), int64(old), s.nodeReader(tenant, size, r))
		return err
	})
	return proof, err
}

func (s *Store) proving(ctx context.Context, tenant string, size uint64, prove func(driver.Reader) error) error {
	known := s.nodes.size(tenant)
	return s.view(ctx, tenant, func(r driver.Reader) error {
		if size > 0 && size <= known {
			return prove(r) // a ledger only grows
		}
		head, err := r.Head(0)
		if err != nil && !errors.Is(err, driver.ErrNotFound) {
			return err
		}
		if size == 0 || size > head.Size {
			return &RangeError{Tenant: tenant, What: "size", Value: size, Size: head.Size}
		}
		s.nodes.grown(tenant, head.Size)
		return prove(r)
	})
}

// Entries yields the entries of a tenant's ledger from position from up to but not including to, in ledger order: what
// an exporter needs, with the store's own acts among the documents. Each is checked against its leaf.
func (s *Store) Entries(ctx context.Context, tenant string, from, to uint64) iter.Seq2[Entry, error] {
	return s.pages(ctx, tenant, s.view, func() pager {
		next := from
		return func(r driver.Reader) ([]driver.Row, error) {
			if next >= to {
				return nil, nil
			}
			rows, err := r.Entries(next, int(min(pageSize, to-next)))
			for _, row := range rows {
				if row.Seq < next {
					return nil, noProgress(row)
				}
				next = row.Seq + 1
			}
			return rows, err
		}
	})
}

// trusted is a head that this store has written or checked.
type trusted struct {
	epoch, size uint64
	root        [driver.HashSize]byte
}

// knownTenants bounds the memory for what is trusted; beyond it heads are checked again.
const knownTenants = 16 << 10

func (s *Store) trust(tenant string, head driver.Head) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= knownTenants {
		clear(s.known)
	}
	s.known[tenant] = trusted{head.Epoch, head.Size, head.Root}
}

// distrust makes the next write look at the head again, which finds that the ledger ended.
func (s *Store) distrust(tenant string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, tenant)
}

// maySign decides whether this store may write on top of a head: only on one that its own key signed, that says what
// the stored head says, and whose edge is that of the stored nodes.
func (s *Store) maySign(ctx context.Context, tenant string, head driver.Head, r driver.Reader, take takeOver) error {
	s.mu.Lock()
	last, seen := s.known[tenant]
	s.mu.Unlock()
	if seen && last == (trusted{head.Epoch, head.Size, head.Root}) {
		return nil
	}
	if err := checkEnded(r, tenant, head); err != nil {
		return err
	}
	verifiers := s.verifiers
	if take == takeNothing && !s.opts.Unsigned {
		own, err := s.verifiers.Verifier(s.opts.Signer.Name(), s.opts.Signer.KeyHash())
		if err != nil {
			return err
		}
		verifiers = note.VerifierList(own)
	}
	if take == takeCoSigned {
		co, err := s.coVerifiers()
		if err != nil {
			return err
		}
		verifiers = co
	}
	_, err := s.openHead(tenant, head, verifiers)
	var ce *CheckpointError
	switch {
	case errors.As(err, &ce) && take == takeUnsigned && len(ce.Keys) == 0 && !ce.Forged:
		if _, err := s.matchHead(tenant, head, string(head.Note)); err != nil {
			return err
		}
	case err != nil:
		return s.keyTrouble(err, tenant, head)
	}
	if seen {
		return nil
	}
	if err := checkEdge(tenant, head, r); err != nil || take == takeRestored {
		return err
	}
	return s.checkAnchor(ctx, tenant, head, r)
}

// takeOver says which heads a new epoch may build on that this store's own key did not sign.
type takeOver int

const (
	takeNothing  takeOver = iota // none: no new epoch begins
	takeKnown                    // those that a known key signed
	takeUnsigned                 // those that nobody signed, too
	takeRestored                 // those that a known key signed, even where the anchor knows a newer one
	takeCoSigned                 // those that a co-signer signed
)

// checkEdge compares the edge of a head with the stored nodes.
func checkEdge(tenant string, head driver.Head, r driver.Reader) error {
	e, ok := parseEdge(head.Size, head.Edge)
	if !ok || e.root() != tlog.Hash(head.Root) {
		return &CorruptError{Tenant: tenant, What: "the head's root does not follow from its edge"}
	}
	nodes, err := r.Nodes(edgeIDs(head.Size))
	if err != nil && !errors.Is(err, driver.ErrNotFound) {
		return err
	}
	for i := range e.roots {
		if len(nodes) != len(e.roots) || e.roots[i] != tlog.Hash(nodes[i]) {
			return &CorruptError{Tenant: tenant, What: "the head does not follow from the stored nodes"}
		}
	}
	return nil
}

// keyTrouble tells a key that is not ours from a signature that is wrong.
func (s *Store) keyTrouble(err error, tenant string, head driver.Head) error {
	var ce *CheckpointError
	if !errors.As(err, &ce) {
		return err
	}
	if ce.Forged {
		return &CorruptError{Tenant: tenant, What: "the checkpoint " + ce.Reason}
	}
	if len(ce.Keys) == 0 {
		// A store without a key writes the plain text of a checkpoint. What is neither that nor a note was altered.
		if _, err := parseCheckpointText(string(head.Note)); err != nil {
			return &CorruptError{Tenant: tenant, What: "the checkpoint " + ce.Reason}
		}
	}
	lost := &LostKeyError{Tenant: tenant, Keys: ce.Keys}
	if s.opts.Signer != nil {
		lost.Have = keyName(s.opts.Signer.Name(), s.opts.Signer.KeyHash())
	}
	return lost
}

// openHead checks the signature of a stored head and that its checkpoint says what the head says.
func (s *Store) openHead(tenant string, head driver.Head, verifiers note.Verifiers) (Checkpoint, error) {
	if s.opts.Unsigned {
		if keys := noteKeys(head.Note); len(keys) > 0 {
			return Checkpoint{}, &CheckpointError{Reason: "is signed, and this store is opened as unsigned", Keys: keys}
		}
		return s.matchHead(tenant, head, string(head.Note))
	}
	c, err := ParseCheckpoint(head.Note, verifiers)
	if err != nil {
		return Checkpoint{}, err
	}
	return s.matchHead(tenant, head, FormatCheckpoint(c.Origin, c.Size, c.Root))
}

// matchHead compares a checkpoint's text with the head that it belongs to.
func (s *Store) matchHead(tenant string, head driver.Head, text string) (Checkpoint, error) {
	c, err := parseCheckpointText(text)
	if err != nil {
		return Checkpoint{}, err
	}
	product, of, epoch, ok := SplitOrigin(c.Origin)
	switch {
	case !ok || of != tenant || epoch != head.Epoch || c.Size != head.Size || c.Root != tlog.Hash(head.Root):
		return Checkpoint{}, &CorruptError{Tenant: tenant, What: "the checkpoint says something else than the head"}
	case product != s.opts.Product:
		return Checkpoint{}, &OptionsError{"Product", fmt.Sprintf("is %q, but the ledger of tenant %s was begun as %q; a store keeps its name", s.opts.Product, tenant, product)}
	}
	c.Note = append([]byte(nil), head.Note...)
	return c, nil
}

// verifiersOf joins the signer's own verifier with those that the options know.
func verifiersOf(o Options) (note.Verifiers, error) {
	all := verifiers{more: o.Verifiers}
	if o.Unsigned {
		return all, nil
	}
	if own, ok := o.Signer.(interface{ Verifier() note.Verifier }); ok {
		all.own = own.Verifier()
	} else if v, err := all.Verifier(o.Signer.Name(), o.Signer.KeyHash()); err == nil {
		all.own = v
	}
	for _, co := range o.CoSigners {
		if with, ok := co.(interface{ Verifier() note.Verifier }); ok {
			all.co = append(all.co, with.Verifier())
		} else if v, err := all.Verifier(co.Name(), co.KeyHash()); err == nil {
			all.co = append(all.co, v)
		} else {
			return nil, &OptionsError{"Verifiers", "does not know a CoSigner's key; give its verifier so that the store can check what it signed"}
		}
	}
	if all.own == nil || all.own.Name() != o.Signer.Name() || all.own.KeyHash() != o.Signer.KeyHash() {
		return nil, &OptionsError{"Verifiers", "does not know the Signer's own key; give its verifier so that the store can check what it signed"}
	}
	return all, nil
}

type verifiers struct {
	own  note.Verifier
	co   []note.Verifier
	more note.Verifiers
}

func (v verifiers) Verifier(name string, hash uint32) (note.Verifier, error) {
	if v.own != nil && v.own.Name() == name && v.own.KeyHash() == hash {
		return v.own, nil
	}
	for _, co := range v.co {
		if co.Name() == name && co.KeyHash() == hash {
			return co, nil
		}
	}
	if v.more != nil {
		return v.more.Verifier(name, hash)
	}
	return nil, &note.UnknownVerifierError{Name: name, KeyHash: hash}
}

// Verifiers returns the keys that this store accepts: its own and those of Options.Verifiers.
func (s *Store) Verifiers() note.Verifiers { return s.verifiers }

// refOf names a row without reading its envelope.
func refOf(r driver.Row) hipaasmp.Ref {
	return hipaasmp.Ref{Kind: hipaasmp.Kind(r.Kind), ID: r.ID, Version: r.Version}
}
