package retention

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Version is what one version of a document says about its retention.
type Version struct {
	// Basis is nil for a version that is no record, such as a draft.
	Basis *hipaasmp.RetentionBasis
	// Recorded is when the version was written.
	Recorded time.Time
}

// latestZone is where a day begins first: the date there is the latest that an instant can have anywhere.
var latestZone = time.FixedZone("UTC+14", 14*60*60)

// Merge returns what the rule looks at for a document as a whole, one basis for each class that a version had, in the
// order in which they came; none for a document that is no record yet.
//
// The latest creation counts, and the effective periods of all versions. A period that an earlier version left open went
// on as a later version says that names the same first day; where none does, it ended on the day the version was
// superseded, counted where that day comes last.
func Merge(versions []Version) []hipaasmp.RetentionBasis {
	var merged hipaasmp.RetentionBasis
	var classes []hipaasmp.RetentionClass
	for i, v := range versions {
		if v.Basis == nil {
			continue
		}
		if !slices.Contains(classes, v.Basis.Class) {
			classes = append(classes, v.Basis.Class)
		}
		if v.Basis.Created.After(merged.Created) {
			merged.Created = v.Basis.Created
		}
		for _, p := range v.Basis.InEffect {
			if p.Open() && i+1 < len(versions) {
				if toldLater(p, versions[i+1:]) {
					continue
				}
				p.To = hipaasmp.DateOf(versions[i+1].Recorded, latestZone)
			}
			if p.InOrder() && !slices.Contains(merged.InEffect, p) {
				merged.InEffect = append(merged.InEffect, p)
			}
		}
	}
	out := make([]hipaasmp.RetentionBasis, len(classes))
	for i, c := range classes {
		out[i] = merged
		out[i].Class = c
	}
	return out
}

// toldLater reports whether a later version says how an open period went on: a period with the same first day.
func toldLater(p hipaasmp.Period, later []Version) bool {
	return slices.ContainsFunc(later, func(v Version) bool {
		return v.Basis != nil && slices.ContainsFunc(v.Basis.InEffect, func(q hipaasmp.Period) bool { return q.From == p.From })
	})
}

// TermOf computes how long a document with these versions is kept: the longest of the terms of its classes, and an open
// clock before any closed one. The second result is false for a document that is no record yet. The errors are those of
// [Schedule.Term].
func (s Schedule) TermOf(versions []Version) (Term, bool, error) {
	var best Term
	bases := Merge(versions)
	for i, b := range bases {
		t, err := s.Term(b)
		if err != nil {
			return Term{}, false, err
		}
		if i == 0 || best.Running && (!t.Running || t.KeepThrough.After(best.KeepThrough)) {
			best = t
		}
	}
	return best, len(bases) > 0, nil
}

// NotBefore returns the term with a floor: it is kept through the given day at least, for the reason given in words. A
// term that is not running, or longer, stays as it is.
func (t Term) NotBefore(floor hipaasmp.Date, why string) Term {
	if t.Running && floor.After(t.KeepThrough) {
		t.KeepThrough, t.FirstDisposal = floor, floor.AddDays(1)
		t.Trace = append(slices.Clone(t.Trace), "keep through "+floor.String()+": "+why)
	}
	return t
}
