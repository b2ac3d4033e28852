package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

// VerifyOptions refines [Verify]. The zero value is usable.
type VerifyOptions struct {
	// Since are signed checkpoints that the caller holds, those of earlier packages for example. The package must prove
	// that its ledger continues each of them.
	Since [][]byte
	// Anchors are signed checkpoints of the ledger that were kept outside of the sender's reach, by a [storage.Anchor] for
	// example, before the package was made. One is enough to find that the ledger's end was cut off, or that it was put
	// back or written anew up to there.
	Anchors [][]byte
	// Limits bound what is read.
	Limits Limits
}

// Verify checks a package offline, level by level, with nothing but the file and the sender's verifier keys: the lines
// name+hash+data, one for each key that signed an epoch of the ledger. The keys must come by another way than the
// package.
//
// The error is nil only if every level that the package claims came out well. Otherwise it is a
// [*VerificationError], and the report says of each level what did not hold; levels go on after a finding where they
// can, except below a manifest that no known key signed. A [*KeyError] tells that a key is not readable; errors of ctx and of r are returned as they are. Memory is bounded by
// the limits, the number of files and documents, and the largest document; hostile archives are refused before
// anything of them is unpacked.
func Verify(ctx context.Context, r io.ReaderAt, size int64, keys []string, opts VerifyOptions) (Report, error) {
	known, err := parseKeys(keys)
	if err != nil {
		return Report{}, err
	}
	v := &verification{ctx: ctx, known: known, opts: opts, limits: opts.Limits.withDefaults(), replay: newReplay(), indexed: map[string]annotation{}}
	for _, level := range Level("").Values() {
		v.report.Levels = append(v.report.Levels, LevelReport{Level: level, Outcome: OutcomeNotReached})
	}
	if err := v.run(r, size); err != nil {
		return v.report, err
	}
	if v.head != nil {
		v.report.Checkpoint = v.head.Note
	}
	for _, c := range v.earlier {
		if c.fromPackage {
			v.report.Earlier = append(v.report.Earlier, c.Note)
		}
	}
	return v.report, v.verdict()
}

// verification is one run of Verify.
type verification struct {
	ctx    context.Context
	known  []note.Verifier
	opts   VerifyOptions
	limits Limits
	report Report
	causes []error

	archive *archive
	// indexed is what the manifest says of the files under records/.
	indexed map[string]annotation
	// head is the checkpoint, once a known key is seen to have signed it.
	head *storage.Checkpoint
	// earlier are the checkpoints that the ledger must continue.
	earlier []earlierCheckpoint
	// anchors are the checkpoints that were kept elsewhere.
	anchors []storage.Checkpoint
	ledger  ledgerState
	replay  *replay
}

// errStop ends a run whose findings are in the report already.
var errStop = errors.New("evidence: verification cannot go on")

// run goes through the levels. The error is one that is not the package's fault.
func (v *verification) run(r io.ReaderAt, size int64) error {
	for _, step := range []func() error{
		func() error { return v.open(r, size) },
		v.readManifest,
		v.compareDigests,
		v.readCheckpoint,
		v.readConsistency,
		v.readAnchors,
		v.readEntries,
		v.judgeLedger,
		v.judgeConsistency,
		v.judgeGaps,
		v.judgeRetention,
		v.judgeAnchors,
	} {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		if err := step(); errors.Is(err, errStop) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// level returns the report of a level for writing.
func (v *verification) level(level Level) *LevelReport {
	for i := range v.report.Levels {
		if v.report.Levels[i].Level == level {
			return &v.report.Levels[i]
		}
	}
	return &LevelReport{}
}

// begin says that a level was reached; it has passed until a finding says otherwise.
func (v *verification) begin(levels ...Level) {
	for _, level := range levels {
		if l := v.level(level); l.Outcome == OutcomeNotReached {
			l.Outcome = OutcomePassed
		}
	}
}

// find adds a finding.
func (v *verification) find(level Level, code hipaasmp.FaultCode, file, format string, args ...any) {
	v.fault(level, file, hipaasmp.Fault{Code: code, Message: fmt.Sprintf(format, args...)})
}

func (v *verification) fault(level Level, file string, f hipaasmp.Fault) {
	l := v.level(level)
	l.Outcome = OutcomeFailed
	if len(l.Findings) >= v.limits.Findings {
		l.More++
		return
	}
	for _, d := range FaultDefs() {
		if d.Code == f.Code && f.Citation == "" {
			f.Citation = d.Citation
		}
	}
	l.Findings = append(l.Findings, Finding{File: clip(file), Fault: f})
}

// broken turns an error of reading the archive into a finding. Another error, of the medium for example, is returned.
func (v *verification) broken(level Level, err error) error {
	var ae *ArchiveError
	if !errors.As(err, &ae) {
		return err
	}
	if len(v.causes) < v.limits.Findings {
		v.causes = append(v.causes, ae)
	}
	reason := ae.Reason
	if ae.File == "" {
		reason = "the archive " + reason
	}
	v.find(level, ae.Code, ae.File, "%s", reason)
	return nil
}

// verdict sums the report up.
func (v *verification) verdict() error {
	if v.report.Passed() {
		return nil
	}
	e := &VerificationError{causes: v.causes}
	for _, l := range v.report.Levels {
		if l.Outcome == OutcomeFailed && e.Level == "" {
			e.Level = l.Level
		}
		e.Findings = append(e.Findings, l.Findings...)
	}
	return e
}

// open reads the directory of the archive.
func (v *verification) open(r io.ReaderAt, size int64) error {
	v.begin(LevelArchive)
	a, err := openArchive(r, size, v.limits)
	if err != nil {
		if err := v.broken(LevelArchive, err); err != nil {
			return err
		}
		return errStop
	}
	v.archive = a
	if a.has(fileView) {
		v.find(LevelArchive, FaultArchive, fileView, "says that this is a pseudonymised view, in which nothing is proved; ask the sender for a package")
		return errStop
	}
	for _, name := range []string{fileManifest, fileReadme, fileGaps, fileCheckpoint, fileEntries, fileKept, fileRules} {
		if !a.has(name) {
			v.find(LevelArchive, FaultArchive, name, "is missing; every package has it")
		}
	}
	if !a.has(fileManifest) {
		return errStop
	}
	return nil
}

// readManifest checks the signature and reads what the package claims.
func (v *verification) readManifest() error {
	data, err := v.archive.bytes(fileManifest, v.limits.Manifest)
	if err != nil {
		if err := v.broken(LevelArchive, err); err != nil {
			return err
		}
		return errStop
	}
	payload, key, err := unseal(data, v.known)
	switch {
	case errors.Is(err, errSignature):
		// Nothing below an unsigned manifest is worth the cost of reading it.
		v.find(LevelArchive, FaultSignature, fileManifest, "%s", err)
		return errStop
	case err != nil:
		v.find(LevelArchive, FaultManifest, fileManifest, "%s", err)
		return errStop
	}
	s, why := parseStatement(payload)
	if why != "" {
		v.find(LevelArchive, FaultManifest, fileManifest, "%s", why)
		return errStop
	}
	v.report.Manifest, v.report.Key = s.Predicate, key
	return v.listed(s.Subject)
}

// listed compares the files of the archive with those that the manifest lists.
func (v *verification) listed(subjects []subject) error {
	digests := make(map[string]hipaasmp.Digest, len(subjects))
	for i, s := range subjects {
		switch {
		case i > 0 && subjects[i-1].Name >= s.Name:
			v.find(LevelArchive, FaultManifest, fileManifest, "does not list the files in order, each once")
			return errStop
		case !s.Digest.SHA256.IsValid():
			v.find(LevelArchive, FaultManifest, fileManifest, "lists %q without a digest", clip(s.Name))
			return errStop
		case !v.archive.has(s.Name) || s.Name == fileManifest:
			v.find(LevelArchive, FaultDigest, s.Name, "is listed in the manifest and is not in the archive")
		}
		digests[s.Name] = s.Digest.SHA256
		if s.Annotations != nil {
			v.indexed[s.Name] = *s.Annotations
		}
	}
	for _, h := range v.archive.files {
		if _, ok := digests[h.name]; !ok && h.name != fileManifest {
			v.find(LevelArchive, FaultDigest, h.name, "is in the archive and is not listed in the manifest")
		}
	}
	v.archive.digests = digests
	return nil
}

// compareDigests reads every file and compares it with the manifest.
func (v *verification) compareDigests() error {
	l := v.level(LevelArchive)
	for _, h := range v.archive.files {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		l.Checked++
		if h.name == fileManifest {
			continue
		}
		sum := sha256.New()
		err := v.archive.read(h.name, func(r io.Reader) error {
			_, err := io.Copy(sum, r)
			return err
		})
		if err != nil {
			if err := v.broken(LevelArchive, err); err != nil {
				return err
			}
			continue
		}
		want, ok := v.archive.digests[h.name]
		if got := hipaasmp.Digest(hex.EncodeToString(sum.Sum(nil))); ok && got != want {
			v.find(LevelArchive, FaultDigest, h.name, "has the digest %s, and the manifest lists %s", got, want)
		}
	}
	return nil
}

// readCheckpoint checks the head under which everything is proved.
func (v *verification) readCheckpoint() error {
	v.begin(LevelShape, LevelLeaves, LevelInclusion)
	if !v.archive.has(fileCheckpoint) {
		v.find(LevelInclusion, FaultCheckpoint, fileCheckpoint, "is missing, so nothing is proved")
		return nil
	}
	const longest = 64 << 10
	msg, err := v.archive.bytes(fileCheckpoint, longest)
	if err != nil {
		return v.broken(LevelInclusion, err)
	}
	c, err := storage.ParseCheckpoint(msg, note.VerifierList(v.known...))
	if err != nil {
		v.find(LevelInclusion, FaultCheckpoint, fileCheckpoint, "%s", err)
		return nil
	}
	m := v.report.Manifest
	product, tenant, _, ok := storage.SplitOrigin(c.Origin)
	root := hipaasmp.Digest(hex.EncodeToString(c.Root[:]))
	switch {
	case !ok || product == "" || tenant != m.Tenant:
		v.find(LevelInclusion, FaultCheckpoint, fileCheckpoint, "is of the ledger %s, and the package is of tenant %s", clip(c.Origin), m.Tenant)
	case m.Ledger != Head{Origin: c.Origin, Size: c.Size, Root: root}:
		v.find(LevelInclusion, FaultCheckpoint, fileCheckpoint, "is not the one that the manifest names")
	default:
		v.head = &c
	}
	return nil
}
