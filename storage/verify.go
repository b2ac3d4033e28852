package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Verification is the result of replaying a ledger.
type Verification struct {
	// Tenant is whose ledger it is.
	Tenant string
	// Checkpoint is the newest one, as far as it could be read.
	Checkpoint Checkpoint
	// Size is the number of entries that were replayed, Root the root that they make.
	Size uint64
	Root tlog.Hash
	// Disposed counts the versions whose content was destroyed under a certificate.
	Disposed int
	// Unopened counts the versions whose sealed content could not be opened for lack of a key.
	Unopened int
	// Shredded counts those whose keys were destroyed with the off-boarding of the tenant. Their places in the tree are
	// checked; there is nothing left to open.
	Shredded int
	// Faults are the first faults found, at most 1,000; More counts the rest.
	Faults []LedgerFault
	More   int
}

// Err returns nil if nothing is wrong, and otherwise an error that matches [ErrCorrupt] and names the first fault.
func (v Verification) Err() error {
	if len(v.Faults) == 0 {
		return nil
	}
	return &CorruptError{Tenant: v.Tenant, What: fmt.Sprintf("%d faults, the first: %v", len(v.Faults)+v.More, v.Faults[0])}
}

// Has reports whether a fault with the code was found.
func (v Verification) Has(code hipaasmp.FaultCode) bool {
	for _, f := range v.Faults {
		if f.Code == code {
			return true
		}
	}
	return false
}

func (v *Verification) add(code hipaasmp.FaultCode, seq uint64, ref hipaasmp.Ref, format string, args ...any) {
	const most = 1000
	if len(v.Faults) >= most {
		v.More++
		return
	}
	v.Faults = append(v.Faults, LedgerFault{Code: code, Seq: seq, Ref: ref, Message: fmt.Sprintf(format, args...)})
}

// VerifyTenant replays a tenant's whole ledger: every entry against its leaf and its content, the order, the versions,
// the times, every stored node, the head and its signature, and that content is missing only under a certificate.
// Anchors are checkpoints that were kept elsewhere: given one, it also finds that the ledger was cut, rolled back or
// rewritten since.
//
// What is wrong stands in the Verification; the error says that the ledger could not be read at all.
func (s *Store) VerifyTenant(ctx context.Context, tenant string, anchors ...[]byte) (Verification, error) {
	v := &verifier{Verification: Verification{Tenant: tenant}, store: s,
		docs: map[docKey]docState{}, anchors: map[uint64][]Checkpoint{}, missing: map[docKey][]uint64{}, destroyed: map[docKey]bool{}}
	for _, a := range anchors {
		v.anchor(a)
	}
	if s.opts.Anchor != nil {
		newest, err := s.opts.Anchor.Newest(ctx, tenant)
		if err != nil {
			return v.Verification, fmt.Errorf("storage: ask the anchor of tenant %s: %w", tenant, err)
		}
		if newest != nil {
			v.anchor(newest)
		}
	}
	var head driver.Head
	err := s.view(ctx, tenant, func(r driver.Reader) (err error) {
		if head, err = r.Head(0); err != nil {
			return err
		}
		var ended *OffBoardedError
		v.ended = errors.As(checkEnded(r, tenant, head), &ended)
		return nil
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return v.Verification, err
	}
	for v.edge.size < head.Size {
		more := false
		err := s.view(ctx, tenant, func(r driver.Reader) error {
			rows, err := r.Entries(v.next, int(min(pageSize, head.Size-v.edge.size)))
			if err != nil || len(rows) == 0 {
				return err
			}
			more = true
			return v.page(ctx, r, rows)
		})
		if err != nil {
			return v.Verification, err
		}
		if !more {
			break
		}
	}
	v.finish(head)
	slices.SortStableFunc(v.Faults, func(a, b LedgerFault) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return v.Verification, nil
}

// verifier is a replay in progress.
type verifier struct {
	Verification
	store   *Store
	edge    edge
	next    uint64 // the sequence number to read next
	last    Entry
	broken  bool     // entries are missing, so positions in the tree no longer agree
	ended   bool     // the newest entry is an off-boarding
	off     []uint64 // where an off-boarding stands
	epochs  uint64
	anchors map[uint64][]Checkpoint

	docs      map[docKey]docState
	missing   map[docKey][]uint64 // where content is gone
	destroyed map[docKey]bool     // what a certificate names
}

// docState is what the replay remembers of a document.
type docState struct {
	version uint64
	content bool // some version has content
	seq     uint64
}

func (v *verifier) anchor(msg []byte) {
	c, err := ParseCheckpoint(msg, v.store.verifiers)
	if v.store.opts.Unsigned {
		c, err = parseCheckpointText(string(msg))
	}
	if err != nil {
		v.add(FaultSignature, c.Size, hipaasmp.Ref{}, "a checkpoint that was given cannot be used: %v", err)
		return
	}
	if _, tenant, _, ok := SplitOrigin(c.Origin); !ok || tenant != v.Tenant {
		v.add(FaultSignature, c.Size, hipaasmp.Ref{}, "a checkpoint that was given belongs to another ledger")
		return
	}
	v.anchors[c.Size] = append(v.anchors[c.Size], c)
}

func (v *verifier) page(ctx context.Context, r driver.Reader, rows []driver.Row) error {
	var nodes []driver.Node
	for _, row := range rows {
		if row.Seq != v.next {
			v.add(FaultGap, v.next, hipaasmp.Ref{}, "the next entry that is there is %d", row.Seq)
			v.broken = true
		}
		v.next = row.Seq + 1
		nodes = v.edge.add(v.entry(ctx, &row), nodes)
		v.compare(v.edge.size, v.edge.root)
	}
	if v.broken {
		return nil
	}
	ids := make([]uint64, len(nodes))
	for i, n := range nodes {
		ids[i] = n.ID
	}
	stored, err := nodesOneByOne(r, ids)
	if err != nil {
		return err
	}
	for i, n := range nodes {
		if stored[i] != n.Hash {
			level, at := tlog.SplitStoredHashIndex(int64(n.ID))
			v.add(FaultNode, uint64(at)<<level, hipaasmp.Ref{}, "node %d of level %d is missing or different", at, level)
		}
	}
	return nil
}

// nodesOneByOne reads nodes; those that are missing come back as zero.
func nodesOneByOne(r driver.Reader, ids []uint64) ([][driver.HashSize]byte, error) {
	all, err := r.Nodes(ids)
	if !errors.Is(err, driver.ErrNotFound) {
		return all, err
	}
	all = make([][driver.HashSize]byte, len(ids))
	for i := range ids {
		one, err := r.Nodes(ids[i : i+1])
		if err != nil && !errors.Is(err, driver.ErrNotFound) {
			return nil, err
		}
		if len(one) == 1 {
			all[i] = one[0]
		}
	}
	return all, nil
}

// entry checks a row and returns its leaf.
func (v *verifier) entry(ctx context.Context, row *driver.Row) tlog.Hash {
	ref := refOf(*row)
	sealed := v.store.open(ctx, v.Tenant, row)
	e, leaf, what := checkRow(v.Tenant, row)
	var unavailable *KeyUnavailableError
	switch {
	case errors.As(sealed, &unavailable):
		// Its place in the tree is checked; what it says cannot be.
		if v.ended {
			v.Shredded++
		} else {
			v.Unopened++
			v.add(FaultSealed, row.Seq, ref, "%v", sealed)
		}
		if leaf != row.Leaf {
			v.add(FaultEntry, row.Seq, ref, "%s", what)
		}
		what = "sealed"
	case sealed != nil:
		what = "the sealed content does not open under its key"
		v.add(FaultEntry, row.Seq, ref, "%s", what)
	case what != "":
		v.add(FaultEntry, row.Seq, ref, "%s", what)
	}
	k := docKey{row.Kind, row.ID}
	doc := v.docs[k]
	if row.Version != doc.version+1 {
		v.add(FaultVersion, row.Seq, ref, "follows version %d", doc.version)
	}
	v.docs[k] = docState{version: row.Version, content: doc.content || row.Body != nil, seq: row.Seq}
	if row.Recorded.Before(v.last.Recorded) {
		v.add(FaultClock, row.Seq, ref, "was recorded before the entry before it")
	}
	v.last.Recorded = row.Recorded
	if row.Body == nil {
		v.missing[k] = append(v.missing[k], row.Seq)
	}
	switch {
	case what != "" || e.Disposed():
	case e.Op == OpEpochStarted || e.Op == OpRestored:
		v.epochs++
		v.previous(e)
	case e.Op == OpOffBoarded:
		v.off = append(v.off, row.Seq)
	case e.Op == OpDisposed:
		if c, err := Decode[Certificate](e); err == nil {
			v.destroyed[keyOf(c.Ref)] = true
			if doc := v.docs[keyOf(c.Ref)]; doc.content {
				v.add(FaultContent, doc.seq, c.Ref, "has content although entry %d certifies its destruction", row.Seq)
			}
		} else {
			v.add(FaultEntry, row.Seq, ref, "is no certificate that can be read")
		}
	}
	return leaf
}

// previous checks that the checkpoint which an epoch names is the ledger as it stood before the epoch.
func (v *verifier) previous(e Entry) {
	x, err := Decode[EpochStart](e)
	if err == nil {
		text, _, _ := strings.Cut(x.Previous, "\n\n")
		var c Checkpoint
		if c, err = parseCheckpointText(strings.TrimSuffix(text, "\n") + "\n"); err == nil && c.Size == e.Seq && c.Root == v.edge.root() {
			return
		}
	}
	v.add(FaultRewritten, e.Seq, e.Ref(), "the epoch names another ledger than the one before it")
}

func (v *verifier) compare(size uint64, root func() tlog.Hash) {
	for _, c := range v.anchors[size] {
		if c.Root != root() {
			v.add(FaultRewritten, size, hipaasmp.Ref{}, "the ledger at this size is not the one that was signed")
		}
	}
	delete(v.anchors, size)
}

func (v *verifier) finish(head driver.Head) {
	v.Size, v.Root = v.edge.size, v.edge.root()
	var none hipaasmp.Ref
	for k, seqs := range v.missing {
		if v.destroyed[k] {
			v.Disposed += len(seqs)
			continue
		}
		for _, seq := range seqs {
			v.add(FaultContent, seq, hipaasmp.Ref{Kind: hipaasmp.Kind(k.kind), ID: k.id}, "the content is gone and no entry certifies its disposal")
		}
	}
	for _, seq := range v.off {
		if seq+1 != v.Size {
			v.add(FaultEntry, seq, hipaasmp.Ref{Kind: KindOffBoarding, ID: offBoardingID}, "is not the last entry; nothing follows an off-boarding")
		}
	}
	for size := range v.anchors {
		v.add(FaultRolledBack, size, none, "a checkpoint was signed at this size; the ledger has %d entries", v.Size)
	}
	if v.Size == 0 && head.Size == 0 {
		return
	}
	if v.Size != head.Size || v.Root != tlog.Hash(head.Root) {
		v.add(FaultHead, v.Size, none, "the head has %d entries with another root", head.Size)
	}
	if e, ok := parseEdge(head.Size, head.Edge); !ok || e.root() != tlog.Hash(head.Root) {
		v.add(FaultHead, head.Size, none, "the edge of the head does not make its root")
	}
	if head.Epoch != v.epochs+1 {
		v.add(FaultHead, head.Size, none, "the head is of epoch %d; the ledger began %d", head.Epoch, v.epochs+1)
	}
	if !head.Recorded.Equal(v.last.Recorded) {
		v.add(FaultHead, head.Size, none, "the head was recorded at another time than the newest entry")
	}
	c, err := v.store.openHead(v.Tenant, head, v.store.verifiers)
	if err != nil {
		v.add(FaultSignature, head.Size, none, "%v", err)
		return
	}
	v.Checkpoint = c
}
