package sanction

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// cell is one outcome of a group of like cases.
type cell struct {
	policy   hipaasmp.Ref
	category string
	factors  []string
	outcome  string
	cases    []hipaasmp.Ref
}

// fold is a row that stands for cells that are not shown: those of a category, of a policy version where the category is
// empty, or of all versions where the policy is empty, too.
type fold struct {
	policy   hipaasmp.Ref
	category string
	cases    int
}

// folding parts the cells of a comparison into those that are shown and those that are folded.
type folding struct {
	least int
	shown []cell // in the order of the comparison
	folds []fold
}

// folded folds the small cells, and as many others as it takes for each fold to have at least so many cases.
func (c Comparison) folded(least int) folding {
	f := folding{least: least}
	for _, g := range c.Groups {
		for _, t := range g.Outcomes {
			x := cell{g.Policy, g.Category, g.Factors, t.Outcome, t.Cases}
			if len(t.Cases) >= least {
				f.shown = append(f.shown, x)
				continue
			}
			i := slices.IndexFunc(f.folds, func(r fold) bool { return r.policy == x.policy && r.category == x.category })
			if i < 0 {
				i, f.folds = len(f.folds), append(f.folds, fold{policy: x.policy, category: x.category})
			}
			f.folds[i].cases += len(t.Cases)
		}
	}
	f.widen(func(r fold) (fold, bool) { return fold{policy: r.policy}, r.category != "" })
	f.widen(func(r fold) (fold, bool) { return fold{}, !r.policy.IsZero() && r.category == "" })
	f.fill(func(r fold) bool { return r.policy.IsZero() })
	f.folds = slices.DeleteFunc(f.folds, func(r fold) bool { return r.cases < f.least })
	return f
}

// widen fills the folds of one level, and merges those that stay too small into the next.
func (f *folding) widen(to func(fold) (fold, bool)) {
	at := func(r fold) bool { _, ok := to(r); return ok }
	f.fill(at)
	for i := 0; i < len(f.folds); {
		r := f.folds[i]
		if !at(r) || r.cases >= f.least {
			i++
			continue
		}
		wider, _ := to(r)
		f.folds = slices.Delete(f.folds, i, i+1)
		if j := slices.IndexFunc(f.folds, func(x fold) bool { return x.policy == wider.policy && x.category == wider.category }); j >= 0 {
			f.folds[j].cases += r.cases
			if j < i {
				continue
			}
		} else {
			wider.cases = r.cases
			f.folds = append(f.folds, wider)
		}
	}
}

// fill adds to each small fold of a level the smallest of what it could stand for: folds of the level below before cells
// that are shown.
func (f *folding) fill(at func(fold) bool) {
	for i := 0; i < len(f.folds); i++ {
		for at(f.folds[i]) && f.folds[i].cases < f.least {
			if j := f.smallestFold(f.folds[i]); j >= 0 {
				f.folds[i].cases += f.folds[j].cases
				f.folds = slices.Delete(f.folds, j, j+1)
				if j < i {
					i--
				}
				continue
			}
			j := f.smallestCell(f.folds[i])
			if j < 0 {
				break
			}
			f.folds[i].cases += len(f.shown[j].cases)
			f.shown = slices.Delete(f.shown, j, j+1)
		}
	}
}

// within reports whether a fold stands for the policy version and the category.
func (r fold) within(policy hipaasmp.Ref, category string) bool {
	return r.policy.IsZero() || r.policy == policy && (r.category == "" || r.category == category)
}

func (f *folding) smallestFold(of fold) int {
	best := -1
	for j, r := range f.folds {
		same := r.policy == of.policy && r.category == of.category
		if !same && of.within(r.policy, r.category) && (best < 0 || r.cases < f.folds[best].cases) {
			best = j
		}
	}
	return best
}

func (f *folding) smallestCell(of fold) int {
	best := -1
	for j, x := range f.shown {
		if of.within(x.policy, x.category) && (best < 0 || len(x.cases) < len(f.shown[best].cases)) {
			best = j
		}
	}
	return best
}
