package evidence

import (
	"io"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hipaasmp/hipaasmp/storage"
)

// earlierCheckpoint is a checkpoint that the ledger must continue.
type earlierCheckpoint struct {
	storage.Checkpoint
	// fromPackage tells those of the package from those of the caller.
	fromPackage bool
	proof       tlog.TreeProof
}

// readConsistency reads the earlier checkpoints of the package and of the caller.
func (v *verification) readConsistency() error {
	add := func(file string, msg []byte, fromPackage bool, proof tlog.TreeProof) {
		v.begin(LevelConsistency)
		v.level(LevelConsistency).Checked++
		c, err := storage.ParseCheckpoint(msg, note.VerifierList(v.known...))
		if err != nil {
			v.find(LevelConsistency, FaultConsistency, file, "an earlier checkpoint is not usable: %s", err)
			return
		}
		v.earlier = append(v.earlier, earlierCheckpoint{c, fromPackage, proof})
	}
	for _, msg := range v.opts.Since {
		add("", msg, false, nil)
	}
	if !v.archive.has(fileConsistency) {
		return nil
	}
	err := v.archive.read(fileConsistency, func(r io.Reader) error {
		err := eachLine(r, func(_ int, l consistencyLine) error {
			add(fileConsistency, []byte(l.Checkpoint), true, l.Proof)
			return v.ctx.Err()
		})
		if err != nil && v.ctx.Err() == nil {
			v.begin(LevelConsistency)
			v.find(LevelConsistency, FaultLine, fileConsistency, "%s", err)
			return nil
		}
		return err
	})
	if err != nil {
		v.begin(LevelConsistency)
		return v.broken(LevelConsistency, err)
	}
	return nil
}

// judgeConsistency checks that the ledger continues each earlier checkpoint.
func (v *verification) judgeConsistency() error {
	l := v.level(LevelConsistency)
	if l.Outcome == OutcomeNotReached {
		l.Outcome = OutcomeNotClaimed
		l.Notes = append(l.Notes, "no earlier checkpoint was given; give the one of an earlier package to see that nothing was changed since")
		return nil
	}
	if v.head == nil {
		v.find(LevelConsistency, FaultConsistency, fileCheckpoint, "is not usable, so nothing can be compared with it")
		return nil
	}
	whole := v.report.Manifest.Complete && !v.ledger.holed && !v.ledger.unread
	for _, c := range v.earlier {
		file := ""
		if c.fromPackage {
			file = fileConsistency
		}
		product, tenant, _, ok := storage.SplitOrigin(c.Origin)
		ours, _, _, _ := storage.SplitOrigin(v.head.Origin)
		switch {
		case !ok || tenant != v.report.Manifest.Tenant || product != ours:
			v.find(LevelConsistency, FaultConsistency, file, "a checkpoint of %s is of another ledger than %s", clip(c.Origin), v.head.Origin)
		case c.Size == 0 || c.Size > v.head.Size:
			v.find(LevelConsistency, FaultConsistency, file, "the checkpoint at %d entries is newer than the package, which has %d, or the ledger was rolled back", c.Size, v.head.Size)
		case whole && v.ledger.roots[c.Size] != c.Root:
			v.find(LevelConsistency, FaultConsistency, file, "the ledger had another root at %d entries than the checkpoint says: something was changed since", c.Size)
		case c.fromPackage && tlog.CheckTree(c.proof, int64(v.head.Size), v.head.Root, int64(c.Size), c.Root) != nil:
			v.find(LevelConsistency, FaultConsistency, file, "the proof for the checkpoint at %d entries does not hold", c.Size)
		case !c.fromPackage && !whole && !v.proved(c):
			v.find(LevelConsistency, FaultConsistency, file, "the package has no proof for the checkpoint at %d entries; ask for one that was made since it", c.Size)
		}
	}
	return nil
}

// proved reports whether a checkpoint of the caller is one that the package proves, or its head.
func (v *verification) proved(c earlierCheckpoint) bool {
	if c.Size == v.head.Size {
		return c.Root == v.head.Root
	}
	return slices.ContainsFunc(v.earlier, func(p earlierCheckpoint) bool {
		return p.fromPackage && p.Size == c.Size && p.Root == c.Root && tlog.CheckTree(p.proof, int64(v.head.Size), v.head.Root, int64(p.Size), p.Root) == nil
	})
}
