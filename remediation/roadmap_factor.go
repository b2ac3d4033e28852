package remediation

import (
	"cmp"
	"math"
	"slices"
)

// factor is one scenario at the end of one year: what is left of its expected loss, once the actions of which nothing
// is decided are chosen or not.
type factor struct {
	scenario, year int
	base           float64 // the loss left by the actions that are done by the year in any case
	items          []item  // the actions that may or may not be done by the year
}

// item is an action as a factor sees it: what it leaves of the loss, and what the relaxation charges for it here.
type item struct {
	effect         int
	leaves, weight float64
	charge         float64
	ratio          float64 // charge by weight
	distance       float64 // how far the charge is from the point at which the choice would turn
	chosen         bool
	rise           float64 // how much dearer the other choice is at least; only where asked for
}

// mostTogether is how many undecided items a factor tries in every combination. Items beyond it are bounded from below
// one by one, which stays valid and is a little looser.
const mostTogether = 12

// fewTogether is how many of them are tried where there are more than mostTogether: the bound is loose there anyway.
const fewTogether = 6

// workbench holds what a factor needs while it is solved.
type workbench struct {
	near         []int     // the items that are tried, of the last factor
	left, paid   []float64 // by combination of them
	combinations int
	loose        bool  // more items were near the turning point than were tried
	work         int64 // how much was computed, in steps that do not depend on the machine
}

func newWorkbench() *workbench {
	return &workbench{left: make([]float64, 1<<mostTogether), paid: make([]float64, 1<<mostTogether)}
}

// least returns a lower bound on base times what the chosen items leave, plus their charges, over every choice; it is
// exact but for rounding unless more than mostTogether items are close to the turning point. It sets chosen, and rise
// where rises is true.
//
// Without the whole numbers the problem is convex: items are taken by charge per weight until the next would cost more
// than it saves. That gives the turning point, and how much each item's other choice costs at least. Only the items for
// which that is less than what the best rounding still loses can be otherwise in the optimum.
func (f *factor) least(b *workbench, rises bool) float64 {
	items := f.items
	for i := 1; i < len(items); i++ {
		for j := i; j > 0 && items[j].ratio < items[j-1].ratio; j-- {
			items[j], items[j-1] = items[j-1], items[j]
		}
	}
	left, paid, rounded, slope := f.base, 0.0, 0.0, 0.0
	cut := 0
	for ; cut < len(items) && items[cut].ratio < left*items[cut].leaves; cut++ {
		left = float64(left * items[cut].leaves)
		paid += items[cut].charge
	}
	rounded, slope = left+paid, left
	if cut < len(items) && items[cut].ratio < left {
		slope = items[cut].ratio
		rounded = min(rounded, float64(left*items[cut].leaves)+paid+items[cut].charge)
	}
	slope = max(slope, 1e-300) // the bound holds for any slope
	relaxed := float64(slope * (1 + ln(f.base/slope)))
	for i := range items {
		d := items[i].charge - float64(slope*items[i].weight)
		items[i].chosen, items[i].distance = d < 0, math.Abs(d)
		relaxed += min(d, 0)
	}
	lost := rounded - relaxed + float64(1e-12*rounded)
	b.near = b.near[:0]
	left, paid = f.base, 0
	for i := range items {
		switch {
		case items[i].distance <= lost:
			b.near = append(b.near, i)
		case items[i].chosen:
			left = float64(left * items[i].leaves)
			paid += items[i].charge
		}
	}
	value := f.try(b, left, paid, slope)
	b.work += int64(4*len(items) + b.combinations)
	if rises {
		f.rises(b, value, relaxed)
	}
	return value
}

// try goes through the combinations of the items that are near the turning point.
func (f *factor) try(b *workbench, left, paid, slope float64) float64 {
	items := f.items
	below := 0.0
	b.loose = len(b.near) > mostTogether
	if b.loose {
		slices.SortStableFunc(b.near, func(i, j int) int { return cmp.Compare(items[i].distance, items[j].distance) })
		for _, i := range b.near[fewTogether:] {
			if items[i].chosen {
				below -= items[i].distance
			}
		}
		b.near = b.near[:fewTogether]
	}
	b.left[0], b.paid[0] = left, paid
	n := 1
	for _, i := range b.near {
		leaves, charge := items[i].leaves, items[i].charge
		for j := range n {
			b.left[n+j] = float64(b.left[j] * leaves)
			b.paid[n+j] = b.paid[j] + charge
		}
		n *= 2
	}
	if b.loose {
		for j := range n {
			b.left[j] = relaxedLoss(b.left[j], slope)
		}
	}
	least, at := math.Inf(1), 0
	for j := range n {
		if v := b.left[j] + b.paid[j]; v < least {
			least, at = v, j
		}
	}
	for k, i := range b.near {
		items[i].chosen = at>>k&1 == 1
	}
	b.combinations = n
	return least + below
}

// relaxedLoss is the least of left*exp(-z) + slope*z for z from 0 up.
func relaxedLoss(left, slope float64) float64 {
	if left <= slope {
		return left
	}
	return slope + float64(slope*ln(left/slope))
}

// rises says for every item how much its other choice would add to value at least.
func (f *factor) rises(b *workbench, value, relaxed float64) {
	for i := range f.items {
		f.items[i].rise = max(0, relaxed+f.items[i].distance-value)
	}
	// The items that were tried may have been chosen against the turning point.
	for k, i := range b.near {
		f.items[i].rise = 0
		if b.loose {
			continue
		}
		other, want := math.Inf(1), 1
		if f.items[i].chosen {
			want = 0
		}
		for j := range b.combinations {
			if j>>k&1 == want {
				other = min(other, b.left[j]+b.paid[j])
			}
		}
		f.items[i].rise = max(0, other-value)
	}
	b.work += int64(len(b.near) * b.combinations)
}
