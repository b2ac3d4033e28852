package evidence

import (
	"golang.org/x/mod/sumdb/note"

	"github.com/hipaasmp/hipaasmp/storage"
)

// readAnchors reads the checkpoints that were kept elsewhere.
func (v *verification) readAnchors() error {
	for _, msg := range v.opts.Anchors {
		v.begin(LevelAnchors)
		v.level(LevelAnchors).Checked++
		c, err := storage.ParseCheckpoint(msg, note.VerifierList(v.known...))
		if err != nil {
			v.find(LevelAnchors, FaultAnchor, "", "an anchored checkpoint is not usable: %s", err)
			continue
		}
		v.anchors = append(v.anchors, c)
	}
	return nil
}

// judgeAnchors compares the ledger with each anchored checkpoint. Without any the level is not claimed: nothing in a
// package can take the place of what the sender could not change.
func (v *verification) judgeAnchors() error {
	l := v.level(LevelAnchors)
	if l.Outcome == OutcomeNotReached {
		l.Outcome = OutcomeNotClaimed
		l.Notes = append(l.Notes, "no anchored checkpoint was given; give one that was kept where the sender cannot change it")
		return nil
	}
	if v.head == nil {
		v.find(LevelAnchors, FaultAnchor, fileCheckpoint, "is not usable, so nothing can be compared with it")
		return nil
	}
	whole := v.report.Manifest.Complete && !v.ledger.holed && !v.ledger.unread
	for _, c := range v.anchors {
		product, tenant, _, ok := storage.SplitOrigin(c.Origin)
		ours, _, _, _ := storage.SplitOrigin(v.head.Origin)
		switch {
		case !ok || tenant != v.report.Manifest.Tenant || product != ours:
			v.find(LevelAnchors, FaultAnchor, "", "a checkpoint of %s is of another ledger than %s", clip(c.Origin), v.head.Origin)
		case c.Size == 0 || c.Size > v.head.Size:
			v.find(LevelAnchors, FaultAnchor, "", "the anchor knows %d entries and the package has %d: it was made before, or reads as of a day before, or the ledger's end was cut off", c.Size, v.head.Size)
		case whole && v.ledger.roots[c.Size] != c.Root:
			v.find(LevelAnchors, FaultAnchor, "", "the ledger had another root at %d entries than its anchor says: something was changed since, or it was restored from another copy", c.Size)
		case !whole && !v.proved(earlierCheckpoint{Checkpoint: c}):
			v.find(LevelAnchors, FaultAnchor, "", "the package has no proof for the anchored checkpoint at %d entries; ask for one that lists the whole ledger, or names that checkpoint", c.Size)
		}
	}
	return nil
}
