package evidence

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/storage"
)

// ledgerState is what is collected while the ledger entries go by.
type ledgerState struct {
	// edge is the tree over the entries; it means something only while none is missing.
	edge  edge
	holed bool
	next  uint64
	// counts and files count what was listed.
	counts Counts
	// roots are the roots at the sizes of earlier checkpoints.
	roots map[uint64]tlog.Hash
	// disposed are the entries whose content was destroyed, certified those that certificates name, by position.
	disposed  map[uint64]destroyed
	certified map[uint64]destroyed
	// unknown counts documents of kinds that this build has no schema for.
	unknown map[hipaasmp.Kind]int
	// exhibits says of each document with content whether it is final.
	exhibits map[hipaasmp.Ref]bool
	// unread says that the ledger part could not be read to its end.
	unread bool
}

type destroyed struct {
	ref  hipaasmp.Ref
	leaf tlog.Hash
}

// readEntries goes through the ledger part once, with each document that it names.
func (v *verification) readEntries() error {
	v.ledger = ledgerState{
		roots: map[uint64]tlog.Hash{}, disposed: map[uint64]destroyed{}, certified: map[uint64]destroyed{},
		unknown: map[hipaasmp.Kind]int{}, exhibits: map[hipaasmp.Ref]bool{},
	}
	for _, c := range v.earlier {
		v.ledger.roots[c.Size] = tlog.Hash{}
	}
	for _, c := range v.anchors {
		v.ledger.roots[c.Size] = tlog.Hash{}
	}
	if !v.archive.has(fileEntries) {
		v.find(LevelLeaves, FaultLine, fileEntries, "is missing, so no document is proved")
		return errStop
	}
	// Documents are read from a second reader while the first is in the middle of the ledger file.
	documents := v.archive.fork()
	var inside error
	err := v.archive.read(fileEntries, func(r io.Reader) error {
		err := eachLine(r, func(n int, l entryLine) error {
			if inside = v.ctx.Err(); inside != nil {
				return inside
			}
			if n > v.limits.Entries {
				return fmt.Errorf("has more than %d lines; if the sender says that the ledger is this large, raise Limits.Entries", v.limits.Entries)
			}
			inside = v.entry(documents, n, l)
			return inside
		})
		if err != nil && inside == nil {
			v.find(LevelLeaves, FaultLine, fileEntries, "%s", err)
			v.ledger.unread = true
			return nil
		}
		return err
	})
	switch {
	case inside != nil:
		return inside
	case err != nil:
		v.ledger.unread = true
		return v.broken(LevelLeaves, err)
	}
	return nil
}

// entry checks one ledger entry and the document that it names.
func (v *verification) entry(documents *archive, n int, l entryLine) error {
	env, err := storage.ParseEnvelope(l.Envelope)
	if err != nil {
		v.find(LevelLeaves, FaultLine, fileEntries, "line %d: %s", n, err)
		v.ledger.holed = true
		return nil
	}
	m, ref := v.report.Manifest, env.Ref()
	leaf := tlog.RecordHash(l.Envelope)
	switch {
	case env.Tenant != m.Tenant:
		v.find(LevelLeaves, FaultLine, fileEntries, "line %d is an entry of tenant %s", n, env.Tenant)
	case env.Recorded.After(m.Made):
		v.find(LevelLeaves, FaultLine, fileEntries, "line %d was recorded at %s, after the package was made: one of the clocks was wrong", n, env.Recorded.Format(time.RFC3339))
	case env.Seq < v.ledger.next:
		v.find(LevelLeaves, FaultLine, fileEntries, "line %d is entry %d, which is out of order", n, env.Seq)
	}
	if env.Seq != v.ledger.next {
		v.ledger.holed = true
		if m.Complete && env.Seq > v.ledger.next {
			v.begin(LevelCompleteness)
			v.find(LevelCompleteness, FaultCompleteness, fileEntries, "entries %d to %d are missing before line %d", v.ledger.next, env.Seq-1, n)
		}
	}
	v.ledger.next = env.Seq + 1
	v.ledger.edge.add(leaf)
	if _, ok := v.ledger.roots[v.ledger.edge.size]; ok {
		v.ledger.roots[v.ledger.edge.size] = v.ledger.edge.root()
	}
	var body []byte
	switch l.Content {
	case StateIncluded:
		v.ledger.counts.Included++
		if body, err = v.content(documents, n, l, env); err != nil {
			return err
		}
		v.included(n, l, env, leaf)
	case StateWithheld:
		v.ledger.counts.Withheld++
	case StateDisposed:
		v.ledger.counts.Disposed++
		v.ledger.disposed[env.Seq] = destroyed{ref, leaf}
	}
	if l.Content != StateIncluded && (l.File != "" || l.Salt != "" || l.Reason != "" || len(l.Proof) > 0) {
		v.find(LevelLeaves, FaultLine, fileEntries, "line %d gives content that it says is %s", n, l.Content)
	}
	if err := v.replay.entry(env, l.Content, hipaasmp.Date{}, body); err != nil && m.Complete {
		v.begin(LevelCompleteness)
		v.find(LevelCompleteness, FaultCompleteness, fileEntries, "line %d %s", n, err)
	}
	v.certificate(env, body)
	return nil
}

// content reads the document of an entry and checks its form, its shape and that the entry commits to it. It returns
// the content only if all of that held.
func (v *verification) content(documents *archive, n int, l entryLine, env storage.Envelope) ([]byte, error) {
	shape, leaves := v.level(LevelShape), v.level(LevelLeaves)
	want := recordFile(env.Ref())
	if l.File != want {
		v.find(LevelLeaves, FaultLine, fileEntries, "line %d names the file %q, and %s stands in %s", n, clip(l.File), env.Ref(), want)
		return nil, nil
	}
	body, err := documents.bytes(want, strictjson.MaxBytes)
	if err != nil {
		return nil, v.broken(LevelLeaves, err)
	}
	leaves.Checked++
	shape.Checked++
	good := v.shape(want, body, env)
	salt, ok := l.saltOf()
	if !ok {
		v.find(LevelLeaves, FaultLine, fileEntries, "line %d has no usable salt", n)
		return nil, nil
	}
	if storage.BodyDigest(salt, body) != env.BodyDigest {
		v.find(LevelLeaves, FaultContent, want, "does not match the digest that entry %d of the ledger commits to", env.Seq)
		good = false
	}
	if (l.Reason == "") != (env.ReasonDigest == "") || l.Reason != "" && storage.ReasonDigest(salt, l.Reason) != env.ReasonDigest {
		v.find(LevelLeaves, FaultContent, fileEntries, "line %d has a reason that does not match the digest in its envelope", n)
		good = false
	}
	if !good {
		return nil, nil
	}
	return body, nil
}

// shape checks that a document is canonical JSON, is the one that its entry names, and has the shape of its schema.
func (v *verification) shape(file string, body []byte, env storage.Envelope) bool {
	same, err := canon.Bytes(body)
	if err != nil || !bytes.Equal(same, body) || strictjson.Scan(body) != nil {
		v.find(LevelShape, FaultRecord, file, "is not canonical JSON")
		return false
	}
	var head struct {
		Schema string `json:"schema"`
		ID     string `json:"id"`
	}
	if err := json.Unmarshal(body, &head); err != nil || head.Schema != env.Schema || head.ID != env.ID {
		v.find(LevelShape, FaultRecord, file, "is not the document that entry %d of the ledger names", env.Seq)
		return false
	}
	if _, known := schema.Source(env.Kind); !known {
		v.ledger.unknown[env.Kind]++
		return true
	}
	faults := schema.Check(body)
	for _, f := range faults {
		v.fault(LevelShape, file, hipaasmp.Fault{Code: FaultShape, Pointer: f.Pointer, Message: string(f.Code) + ": " + f.Message, Citation: f.Citation})
	}
	return len(faults) == 0
}

// included checks an entry with content against the manifest's index and the checkpoint.
func (v *verification) included(n int, l entryLine, env storage.Envelope, leaf tlog.Hash) {
	ref, final := env.Ref(), env.Basis != nil
	index, ok := v.indexed[l.File]
	switch {
	case !ok:
		v.find(LevelLeaves, FaultIndex, l.File, "is not in the manifest's index of documents")
	case index.Ref != ref || index.Final != final:
		v.find(LevelLeaves, FaultIndex, l.File, "is %s, final: %t, and the manifest says %s, final: %t", ref, final, index.Ref, index.Final)
	}
	delete(v.indexed, l.File)
	v.ledger.exhibits[ref] = final
	if v.head == nil {
		return
	}
	v.level(LevelInclusion).Checked++
	if env.Seq >= v.head.Size || tlog.CheckRecord(l.Proof, int64(v.head.Size), v.head.Root, int64(env.Seq), leaf) != nil {
		v.find(LevelInclusion, FaultInclusion, fileEntries, "line %d: %s is not proved to be entry %d of the ledger", n, ref, env.Seq)
	}
}

// certificate notes what a certificate of disposal says was destroyed.
func (v *verification) certificate(env storage.Envelope, body []byte) {
	if env.Op != storage.OpDisposed || body == nil {
		return
	}
	c, err := hipaasmp.Decode[storage.Certificate](body)
	if err != nil {
		v.find(LevelShape, FaultRecord, recordFile(env.Ref()), "is no certificate of disposal: %s", err)
		return
	}
	for _, d := range c.Versions {
		gone := destroyed{ref: hipaasmp.Ref{Kind: c.Ref.Kind, ID: c.Ref.ID, Version: d.Version}}
		if _, err := hex.Decode(gone.leaf[:], []byte(d.Leaf)); err == nil {
			v.ledger.certified[d.Seq] = gone
		}
	}
}

// judgeLedger looks at what the entries come to together.
func (v *verification) judgeLedger() error {
	m := v.report.Manifest
	if v.ledger.counts != m.Entries {
		v.find(LevelLeaves, FaultIndex, fileManifest, "counts %s, and the ledger part lists %s", m.Entries, v.ledger.counts)
	}
	if files := v.archive.under(folderRecords); uint64(len(files)) != v.ledger.counts.Included {
		v.find(LevelLeaves, FaultIndex, folderRecords, "has %d documents, and the ledger part names %d", len(files), v.ledger.counts.Included)
	}
	for _, h := range v.archive.files {
		if _, left := v.indexed[h.name]; left {
			v.find(LevelLeaves, FaultIndex, h.name, "is in the manifest's index of documents, and no ledger entry names it")
		}
	}
	for _, x := range m.Exhibits {
		if final, ok := v.ledger.exhibits[x.Ref]; !ok || !final {
			v.find(LevelLeaves, FaultIndex, fileManifest, "gives %s as an exhibit, which is no final document of this package", x.Ref)
		}
	}
	v.noteUnknownKinds()
	completeness := v.level(LevelCompleteness)
	if !m.Complete {
		completeness.Outcome = OutcomeNotClaimed
		return nil
	}
	v.begin(LevelCompleteness)
	completeness.Checked = v.ledger.counts.Total()
	switch {
	case v.head == nil:
		v.find(LevelCompleteness, FaultCompleteness, fileCheckpoint, "is not usable, so it cannot be told how many entries there are")
	case v.ledger.unread:
		v.find(LevelCompleteness, FaultCompleteness, fileEntries, "cannot be read to its end")
	case v.ledger.next < v.head.Size:
		v.find(LevelCompleteness, FaultCompleteness, fileEntries, "entries %d to %d are missing", v.ledger.next, v.head.Size-1)
	case !v.ledger.holed && (v.ledger.edge.size != v.head.Size || v.ledger.edge.root() != v.head.Root):
		v.find(LevelCompleteness, FaultCompleteness, fileEntries, "the entries do not hash to the root of the checkpoint")
	}
	v.judgeContents()
	return nil
}

// judgeContents checks that nothing is gone without a certificate, and that what is withheld is what is said.
func (v *verification) judgeContents() {
	for _, pair := range []struct {
		a, b map[uint64]destroyed
		says string
	}{
		{v.ledger.disposed, v.ledger.certified, "is without content, and no certificate of disposal names it"},
		{v.ledger.certified, v.ledger.disposed, "has content, although a certificate says that it was destroyed"},
	} {
		var seqs []uint64
		for seq, d := range pair.a {
			if pair.b[seq] != d {
				seqs = append(seqs, seq)
			}
		}
		slices.Sort(seqs)
		for _, seq := range seqs {
			v.find(LevelCompleteness, FaultCompleteness, fileEntries, "entry %d, %s, %s", seq, pair.a[seq].ref, pair.says)
		}
	}
	if v.report.Manifest.Contents == NewestVersion {
		var refs []hipaasmp.Ref
		for ref, d := range v.replay.documents {
			if d.withheld {
				refs = append(refs, ref)
			}
		}
		slices.SortFunc(refs, compareRefs)
		for _, ref := range refs {
			v.find(LevelCompleteness, FaultCompleteness, fileEntries, "the newest version of %s is withheld, and the manifest claims the newest version of every document", ref)
		}
	}
	if n := v.ledger.counts.Withheld; n > 0 {
		l := v.level(LevelCompleteness)
		l.Notes = append(l.Notes, plural(n, "entry is", "entries are")+" listed with content withheld by the sender")
	}
	if n := v.ledger.counts.Disposed; n > 0 {
		l := v.level(LevelCompleteness)
		l.Notes = append(l.Notes, plural(n, "entry is", "entries are")+" listed whose content was destroyed under a certificate")
	}
}

func (v *verification) noteUnknownKinds() {
	var kinds []string
	for kind := range v.ledger.unknown {
		kinds = append(kinds, string(kind))
	}
	if len(kinds) > 0 {
		slices.Sort(kinds)
		l := v.level(LevelShape)
		l.Notes = append(l.Notes, "this build has no schema for: "+strings.Join(kinds, ", ")+"; of those only canonical form was checked")
	}
}
