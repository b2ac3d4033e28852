package evidence

import (
	"bytes"
	"fmt"
	"io"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// judgeGaps checks that the list of gaps is one.
func (v *verification) judgeGaps() error {
	if !v.archive.has(fileGaps) {
		return nil // which the archive level says already
	}
	data, err := v.archive.bytes(fileGaps, strictjson.MaxBytes)
	if err != nil {
		return v.broken(LevelShape, err)
	}
	gaps, err := hipaasmp.Decode[GapList](data)
	switch {
	case err != nil:
		v.find(LevelShape, FaultShape, fileGaps, "cannot be read: %s", err)
	case gaps.AsOf != v.report.Manifest.AsOf:
		v.find(LevelShape, FaultIndex, fileGaps, "is told for %s, and the manifest says %s", gaps.AsOf, v.report.Manifest.AsOf)
	}
	return nil
}

// judgeRetention computes every term and every hold again from the ledger entries and compares.
func (v *verification) judgeRetention() error {
	l := v.level(LevelRetention)
	if !v.report.Manifest.Complete {
		l.Outcome = OutcomeNotClaimed
		l.Notes = append(l.Notes, "terms and holds follow from all ledger entries, and this package lists a part of them")
		return nil
	}
	v.begin(LevelRetention)
	for _, name := range []string{fileRules, fileKept} {
		if !v.archive.has(name) {
			v.find(LevelRetention, FaultRetention, name, "is missing")
			return nil
		}
	}
	data, err := v.archive.bytes(fileRules, strictjson.MaxBytes)
	if err != nil {
		return v.broken(LevelRetention, err)
	}
	rules, err := hipaasmp.Decode[Retention](data)
	if err != nil {
		v.find(LevelRetention, FaultRetention, fileRules, "cannot be read: %s", err)
		return nil
	}
	if rules.AsOf != v.report.Manifest.AsOf {
		v.find(LevelRetention, FaultRetention, fileRules, "is told for %s, and the manifest says %s", rules.AsOf, v.report.Manifest.AsOf)
	}
	v.judgeHolds(rules)
	return v.judgeTerms(rules)
}

// judgeHolds compares the holds with those of the ledger.
func (v *verification) judgeHolds(rules Retention) {
	want, err1 := canon.Marshal(v.replay.allHolds())
	got, err2 := canon.Marshal(rules.Holds)
	if len(v.replay.holds) == 0 && len(rules.Holds) == 0 {
		return
	}
	if err1 != nil || err2 != nil || !bytes.Equal(want, got) {
		v.find(LevelRetention, FaultHold, fileRules, "lists holds that are not those of the ledger")
	}
}

// judgeTerms compares the terms, line by line, with those that follow from the ledger.
func (v *verification) judgeTerms(rules Retention) error {
	l := v.level(LevelRetention)
	refs := v.replay.records()
	holds := v.replay.allHolds()
	err := v.archive.read(fileKept, func(r io.Reader) error {
		err := eachLine(r, func(n int, k Kept) error {
			if err := v.ctx.Err(); err != nil {
				return err
			}
			if faults := validate.Shape(k); len(faults) > 0 {
				return fmt.Errorf("line %d: %w", n, faults[0])
			}
			for len(refs) > 0 && compareRefs(refs[0], k.Ref.Newest()) < 0 {
				v.find(LevelRetention, FaultRetention, fileKept, "%s is not listed", refs[0])
				refs = refs[1:]
			}
			if len(refs) == 0 || refs[0] != k.Ref.Newest() {
				v.find(LevelRetention, FaultRetention, fileKept, "line %d: %s is no record whose content exists, or is out of order", n, k.Ref)
				return nil
			}
			refs = refs[1:]
			l.Checked++
			want, err := v.replay.kept(rules.Schedule, k.Ref.Newest(), k.Floor, holds)
			if err != nil {
				v.find(LevelRetention, FaultRetention, fileKept, "line %d: %s", n, err)
			} else if what := k.differs(want); what != "" {
				v.find(LevelRetention, FaultRetention, fileKept, "line %d: %s differs from what follows from the ledger in: %s", n, k.Ref, what)
			}
			return nil
		})
		if err != nil && v.ctx.Err() == nil {
			v.find(LevelRetention, FaultRetention, fileKept, "%s", err)
			return nil
		}
		return err
	})
	if err != nil {
		return v.broken(LevelRetention, err)
	}
	for _, ref := range refs {
		v.find(LevelRetention, FaultRetention, fileKept, "%s is not listed", ref)
	}
	return nil
}

// plural writes a count with its words.
func plural(n uint64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
