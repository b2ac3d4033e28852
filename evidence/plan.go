package evidence

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/storage"
)

// plan is what the first pass over the ledger finds: everything that must be known before the first byte is written,
// and no content.
type plan struct {
	src    *storage.Store
	tenant string
	opts   Options
	head   storage.Checkpoint
	since  []storage.Checkpoint
	tree   tree
	replay *replay
	// states holds for each entry what becomes of its content.
	states []State
	// records are the documents whose content goes in, in the order of their files.
	records []plannedRecord
	// schemas are the kinds of those documents that have a schema.
	schemas []hipaasmp.Kind
	counts  Counts
	// certified are the entries that a certificate of disposal names, in a package of a past instant; else nil.
	certified map[uint64]bool
	exhibits  []ExhibitRef
	withheld  bool
}

type plannedRecord struct {
	file  string
	ref   hipaasmp.Ref
	final bool
}

// newPlan reads the ledger once.
func newPlan(ctx context.Context, src *storage.Store, tenant string, opts Options) (*plan, error) {
	verifier, err := opts.check()
	if err != nil {
		return nil, err
	}
	p := &plan{src: src, tenant: tenant, opts: opts, replay: newReplay()}
	if p.head, err = src.Checkpoint(ctx, tenant); err != nil {
		return nil, err
	}
	if _, err := storage.ParseCheckpoint(p.head.Note, note.VerifierList(verifier)); err != nil {
		return nil, &KeyError{Key: keyID(verifier.Name(), verifier.KeyHash()), Reason: "did not sign the ledger's newest checkpoint; give the key that the store signs with (" + err.Error() + ")"}
	}
	if err := p.goBack(ctx); err != nil {
		return nil, err
	}
	if err := p.earlier(); err != nil {
		return nil, err
	}
	return p, p.read(ctx)
}

// goBack takes the head that the ledger had at the instant as of which the package reads.
func (p *plan) goBack(ctx context.Context) error {
	if p.opts.Recorded.IsZero() {
		return nil
	}
	head, err := p.src.CheckpointAsOf(ctx, p.tenant, p.opts.Recorded)
	if errors.Is(err, storage.ErrNotFound) {
		return &OptionsError{"Recorded", "is before the first entry of the ledger; nothing was on record then"}
	}
	if err != nil {
		return err
	}
	p.head, p.certified = head, map[uint64]bool{}
	for e, err := range p.src.Entries(ctx, p.tenant, 0, head.Size) {
		if err != nil {
			return err
		}
		if e.Kind != storage.KindCertificate || e.Disposed() {
			continue
		}
		c, err := storage.Decode[storage.Certificate](e)
		if err != nil {
			return &storage.CorruptError{Tenant: p.tenant, Ref: e.Ref(), Seq: e.Seq, What: "the certificate cannot be read"}
		}
		for _, d := range c.Versions {
			p.certified[d.Seq] = true
		}
	}
	return nil
}

// earlier reads the checkpoints that the ledger must continue.
func (p *plan) earlier() error {
	for _, msg := range p.opts.Since {
		c, err := storage.ParseCheckpoint(msg, p.src.Verifiers())
		if err != nil {
			return &ConsistencyError{Reason: err.Error()}
		}
		product, of, _, ok := storage.SplitOrigin(c.Origin)
		switch {
		case !ok || of != p.tenant || product != p.src.Product():
			return &ConsistencyError{Origin: c.Origin, Size: c.Size, Reason: "is of another ledger than " + p.head.Origin}
		case c.Size == 0 || c.Size > p.head.Size:
			return &ConsistencyError{Origin: c.Origin, Size: c.Size, Reason: fmt.Sprintf("has %d entries and the ledger only %d: the ledger was rolled back or restored; find the newer one", c.Size, p.head.Size)}
		}
		p.since = append(p.since, c)
	}
	slices.SortStableFunc(p.since, func(a, b storage.Checkpoint) int {
		return cmp.Or(cmp.Compare(a.Size, b.Size), cmp.Compare(a.Origin, b.Origin))
	})
	p.since = slices.CompactFunc(p.since, func(a, b storage.Checkpoint) bool {
		return a.Size == b.Size && a.Origin == b.Origin && a.Root == b.Root
	})
	return nil
}

// read goes through the ledger once and decides what becomes of each entry.
func (p *plan) read(ctx context.Context) error {
	cited := map[hipaasmp.Ref][]int{}
	for i, x := range p.opts.Exhibits {
		cited[x.ref] = append(cited[x.ref], i)
	}
	p.exhibits = make([]ExhibitRef, len(p.opts.Exhibits))
	newest := map[hipaasmp.Ref]uint64{}
	if p.opts.Contents == NewestVersion {
		for e, err := range p.src.Entries(ctx, p.tenant, 0, p.head.Size) {
			if err != nil {
				return err
			}
			newest[e.Ref().Newest()] = e.Version
		}
	}
	kinds := map[hipaasmp.Kind]bool{}
	var edge edge
	for e, err := range p.src.Entries(ctx, p.tenant, 0, p.head.Size) {
		if err != nil {
			return err
		}
		if e.Recorded.After(p.opts.Made) {
			return &OptionsError{"Made", fmt.Sprintf("is %s, and %s was recorded at %s; a clock is wrong, or the time of making is", p.opts.Made.Format(time.RFC3339), e.Ref(), e.Recorded.Format(time.RFC3339))}
		}
		if e.Seq != uint64(len(p.states)) {
			return &storage.CorruptError{Tenant: p.tenant, Seq: e.Seq, What: "an entry of the ledger is missing"}
		}
		if err := p.tree.add(e.Leaf()); err != nil {
			return err
		}
		edge.add(e.Leaf())
		if err := p.follows(&edge); err != nil {
			return err
		}
		ref, own := e.Ref(), storage.OwnKind(e.Kind)
		state := StateIncluded
		switch {
		case e.Disposed() && p.certified != nil && !p.certified[e.Seq]:
			// The certificate is of a later day than the one that the package reads as of.
			state, p.withheld = StateWithheld, true
		case e.Disposed():
			state = StateDisposed
		case own:
		case p.opts.Contents == NewestVersion && newest[ref.Newest()] != e.Version:
			state = StateWithheld
		case p.opts.Include != nil && !p.opts.Include(e.Envelope):
			state, p.withheld = StateWithheld, true
		}
		if !e.Disposed() && len(cited[ref.Newest()]) > 0 {
			digest := hipaasmp.DigestOf(e.Body)
			for _, i := range cited[ref.Newest()] {
				if p.opts.Exhibits[i].digest == digest && e.Basis != nil {
					p.exhibits[i], state = ExhibitRef{Ref: ref, Citations: p.opts.Exhibits[i].citations}, StateIncluded
				}
			}
		}
		if err := p.replay.entry(e.Envelope, state, e.KeepThrough, e.Body); err != nil {
			return &storage.CorruptError{Tenant: p.tenant, Ref: ref, Seq: e.Seq, What: "the entry " + err.Error()}
		}
		p.states = append(p.states, state)
		p.opts.progress(StageLedger, uint64(len(p.states)), p.head.Size)
		switch state {
		case StateIncluded:
			p.counts.Included++
			p.records = append(p.records, plannedRecord{file: recordFile(ref), ref: ref, final: e.Basis != nil})
			kinds[e.Kind] = true
		case StateWithheld:
			p.counts.Withheld++
		case StateDisposed:
			p.counts.Disposed++
		}
	}
	if edge.size != p.head.Size {
		return &storage.CorruptError{Tenant: p.tenant, What: fmt.Sprintf("the ledger has %d entries where its checkpoint has %d", edge.size, p.head.Size)}
	}
	slices.SortFunc(p.records, func(a, b plannedRecord) int { return cmp.Compare(a.file, b.file) })
	for _, kind := range []hipaasmp.Kind{KindManifest, KindGaps, KindRetention} {
		kinds[kind] = true
	}
	for kind := range kinds {
		if _, ok := schema.Source(kind); ok {
			p.schemas = append(p.schemas, kind)
		}
	}
	slices.Sort(p.schemas)
	for i, x := range p.exhibits {
		if x.Ref.IsZero() {
			ref := p.opts.Exhibits[i].ref
			return &ExhibitError{Ref: ref, Known: p.replay.documents[ref] != nil}
		}
	}
	return nil
}

// follows checks the root at the present size of the tree against every checkpoint of that size.
func (p *plan) follows(e *edge) error {
	for _, c := range p.since {
		if c.Size == e.size && c.Root != e.root() {
			return &ConsistencyError{Origin: c.Origin, Size: c.Size, Reason: "has another root than the ledger had at that size: what it proved was changed since; keep both and find out when"}
		}
	}
	if e.size == p.head.Size && e.root() != p.head.Root {
		return &storage.CorruptError{Tenant: p.tenant, What: "the entries do not hash to the root of the checkpoint"}
	}
	return nil
}

// statement returns the manifest for what was written.
func (p *plan) statement(files []subject) statement {
	contents := p.opts.Contents
	if p.withheld {
		contents = SelectedVersions
	}
	counts := p.counts
	if p.opts.Sparse {
		counts.Withheld, counts.Disposed = 0, 0
	}
	m := Manifest{
		Tenant: p.tenant, Made: p.opts.Made, Recorded: p.opts.Recorded, AsOf: p.opts.AsOf, Period: p.opts.Period,
		Ledger:   Head{Origin: p.head.Origin, Size: p.head.Size, Root: hipaasmp.Digest(hex.EncodeToString(p.head.Root[:]))},
		Complete: !p.opts.Sparse, Contents: contents, Entries: counts, Exhibits: p.exhibits,
	}
	m.Header = hipaasmp.NewHeader(KindManifest, p.id())
	return statement{Type: statementType, Subject: files, PredicateType: m.Schema, Predicate: m}
}

// id names the package: the same ledger state at the same instant is the same package.
func (p *plan) id() string {
	return hipaasmp.NameID(string(KindManifest), fmt.Sprintf("%s@%d %s", p.head.Origin, p.head.Size, p.opts.Made.Format("2006-01-02T15:04:05.000000Z")))
}

// ConsistencyError says that the ledger is no continuation of a checkpoint that was given.
type ConsistencyError struct {
	// Origin and Size name the checkpoint, as far as it could be read.
	Origin string
	Size   uint64
	// Reason says what does not fit.
	Reason string
}

func (e *ConsistencyError) Error() string {
	if e.Origin == "" {
		return fmt.Sprintf("evidence: %s: an earlier checkpoint is not usable: %s", FaultConsistency, e.Reason)
	}
	return fmt.Sprintf("evidence: %s: the earlier checkpoint of %s at %d %s", FaultConsistency, e.Origin, e.Size, e.Reason)
}
