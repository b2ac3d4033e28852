package evidence

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/storage"
)

// Write writes a package of one tenant's documents to w and returns its manifest. Records are streamed: memory holds
// about one kilobyte for each ledger entry, and one document at a time. The same store, options and release of Go
// give the same bytes; the digests in the manifest are the same under any release.
//
// The package is computed for the checkpoint that is newest when Write begins; what is stored meanwhile is not in it.
// The errors are [*OptionsError], [*PartError], [*KeyError], [*ExhibitError], [*ConsistencyError], those of a part's
// Write, and those of package storage: [storage.ErrNotFound] for a tenant without entries, [storage.ErrDisposed] if
// content was destroyed while the package was written, in which case it is to be written again. After an error what
// was written to w is no package.
func Write(ctx context.Context, w io.Writer, src *storage.Store, tenant string, opts Options) (Manifest, error) {
	p, err := newPlan(ctx, src, tenant, opts)
	if err != nil {
		return Manifest{}, err
	}
	files, err := p.files(ctx)
	if err != nil {
		return Manifest{}, err
	}
	a, err := newArchiveWriter(w)
	if err != nil {
		return Manifest{}, err
	}
	subjects := make([]subject, 0, len(files))
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return Manifest{}, err
		}
		digest, err := a.file(f.name, f.fill)
		if err != nil {
			return Manifest{}, err
		}
		subjects = append(subjects, subject{Name: f.name, Digest: digestSet{digest}, MediaType: f.mediaType, Annotations: f.index})
		p.opts.progress(StageFiles, uint64(i)+1, uint64(len(files))+1)
	}
	s := p.statement(subjects)
	if err := s.Predicate.Validate(); err != nil {
		return Manifest{}, err
	}
	sealed, err := seal(s, p.opts.Signer)
	if err != nil {
		return Manifest{}, err
	}
	if _, err := a.file(fileManifest, verbatim(sealed)); err != nil {
		return Manifest{}, err
	}
	if err := a.close(); err != nil {
		return Manifest{}, err
	}
	p.opts.progress(StageFiles, uint64(len(files))+1, uint64(len(files))+1)
	return s.Predicate, nil
}

// plannedFile is one file of the package with what writes it.
type plannedFile struct {
	name      string
	mediaType string
	index     *annotation
	fill      func(io.Writer) error
}

// files lists everything but the manifest, in byte order of the names.
func (p *plan) files(ctx context.Context) ([]plannedFile, error) {
	gaps := GapList{Header: hipaasmp.NewHeader(KindGaps, p.id()), AsOf: p.opts.AsOf, Gaps: p.opts.Gaps}
	gapsJSON, err := canon.Marshal(gaps)
	if err != nil {
		return nil, err
	}
	rules := Retention{Header: hipaasmp.NewHeader(KindRetention, p.id()), AsOf: p.opts.AsOf, Schedule: p.src.Schedule(), Holds: p.replay.allHolds()}
	rulesJSON, err := canon.Marshal(rules)
	if err != nil {
		return nil, err
	}
	files := []plannedFile{
		{name: fileReadme, mediaType: mediaText, fill: verbatim([]byte(p.readme()))},
		{name: fileGaps, mediaType: mediaJSON, fill: verbatim(gapsJSON)},
		{name: fileRules, mediaType: mediaJSON, fill: verbatim(rulesJSON)},
		{name: fileKept, mediaType: mediaLines, fill: func(w io.Writer) error { return p.writeKept(w, rules) }},
		{name: fileCheckpoint, mediaType: mediaText, fill: verbatim(p.head.Note)},
		{name: fileEntries, mediaType: mediaLines, fill: func(w io.Writer) error { return p.writeEntries(ctx, w) }},
	}
	if len(p.since) > 0 {
		files = append(files, plannedFile{name: fileConsistency, mediaType: mediaLines, fill: p.writeConsistency})
	}
	for _, kind := range p.schemas {
		source, _ := schema.Source(kind)
		files = append(files, plannedFile{name: schemaFile(kind), mediaType: "application/schema+json", fill: verbatim(source)})
	}
	for _, r := range p.records {
		files = append(files, plannedFile{
			name: r.file, mediaType: mediaJSON, index: &annotation{Final: r.final, Ref: r.ref},
			fill: func(w io.Writer) error { return p.writeRecord(ctx, w, r.ref) },
		})
	}
	for _, part := range p.opts.Parts {
		files = append(files, plannedFile{name: part.Name, mediaType: part.MediaType, fill: part.Write})
	}
	slices.SortFunc(files, func(a, b plannedFile) int { return cmp.Compare(a.name, b.name) })
	return files, nil
}

func verbatim(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// writeKept writes the terms, computed from the ledger as who verifies will compute them.
func (p *plan) writeKept(w io.Writer, rules Retention) error {
	included := map[hipaasmp.Ref]bool{}
	for _, r := range p.records {
		included[r.ref.Newest()] = true
	}
	for _, ref := range p.replay.records() {
		if p.opts.Sparse && !included[ref] {
			continue
		}
		k, err := p.replay.kept(rules.Schedule, ref, p.replay.documents[ref].floor, rules.Holds)
		if err != nil {
			return err
		}
		if err := writeLine(w, k); err != nil {
			return err
		}
	}
	return nil
}

// writeEntries writes the ledger part: one line for each entry, with what is needed to prove it.
func (p *plan) writeEntries(ctx context.Context, w io.Writer) error {
	for e, err := range p.src.Entries(ctx, p.tenant, 0, p.head.Size) {
		if err != nil {
			return err
		}
		line := entryLine{Content: p.states[e.Seq], Envelope: e.Bytes()}
		if line.Content == StateIncluded {
			if e.Disposed() {
				return goneMeanwhile(e.Ref())
			}
			line.File, line.Reason, line.Salt = recordFile(e.Ref()), e.Reason, hex.EncodeToString(e.Salt)
			proof, err := tlog.ProveRecord(p.tree.size, int64(e.Seq), &p.tree)
			if err != nil {
				return err
			}
			line.Proof = proof
		} else if p.opts.Sparse {
			continue
		}
		if err := writeLine(w, line); err != nil {
			return err
		}
	}
	return nil
}

// writeRecord writes the canonical bytes of one version.
func (p *plan) writeRecord(ctx context.Context, w io.Writer, ref hipaasmp.Ref) error {
	e, err := p.src.Get(ctx, p.tenant, ref)
	if errors.Is(err, storage.ErrDisposed) {
		return goneMeanwhile(ref)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(e.Body)
	return err
}

func goneMeanwhile(ref hipaasmp.Ref) error {
	return fmt.Errorf("evidence: %s was disposed of while the package was written; write it again: %w", ref, storage.ErrDisposed)
}

// writeConsistency writes the proofs that the ledger continues the checkpoints that were given.
func (p *plan) writeConsistency(w io.Writer) error {
	for _, c := range p.since {
		proof, err := tlog.ProveTree(p.tree.size, int64(c.Size), &p.tree)
		if err != nil {
			return err
		}
		if err := writeLine(w, consistencyLine{Checkpoint: string(c.Note), Proof: proof}); err != nil {
			return err
		}
	}
	return nil
}
