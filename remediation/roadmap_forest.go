package remediation

import (
	"math"
	"slices"
)

// plantForest takes prerequisites into the forest, breadth first from the first action on.
func (r *relaxation) plantForest() {
	m := r.m
	seen := make([]bool, len(m.ids))
	inForest := map[arc]bool{}
	var down []int
	for root := range m.ids {
		if seen[root] {
			continue
		}
		seen[root], r.parent[root] = true, -1
		for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
			a := queue[0]
			down = append(down, a)
			grow := func(b int, needs bool, prerequisite arc) {
				if !seen[b] {
					seen[b], r.parent[b], r.needs[b] = true, a, needs
					inForest[prerequisite] = true
					queue = append(queue, b)
				}
			}
			for _, b := range m.requires[a] {
				grow(b, false, arc{a, b})
			}
			for _, b := range m.dependents[a] {
				grow(b, true, arc{b, a})
			}
		}
	}
	r.upward = slices.Clone(down)
	slices.Reverse(r.upward)
	for a := range m.ids {
		for _, b := range m.requires[a] {
			if !inForest[arc{a, b}] {
				r.extra = append(r.extra, arc{a, b})
			}
		}
	}
}

// choose solves the problem of the actions: the year of each within its window, none before what it requires along the
// forest, for the most profit. It returns the profit.
func (r *relaxation) choose() float64 {
	n, years := len(r.m.ids), r.m.years
	span := years + 1
	r.bench.work += int64(4 * n * span)
	for a := range n {
		v, own := 0.0, r.value[a*span:(a+1)*span]
		own[years] = 0
		for t := years - 1; t >= 0; t-- {
			v += r.profit[a*years+t]
			own[t] = v
		}
		for t := range own {
			if t < r.w[a].lo || t > r.w[a].hi {
				own[t] = math.Inf(-1)
			}
		}
	}
	total := 0.0
	for _, a := range r.upward {
		own := r.value[a*span : (a+1)*span]
		if r.parent[a] < 0 {
			total += slices.Max(own)
			continue
		}
		parent := r.value[r.parent[a]*span : (r.parent[a]+1)*span]
		best := math.Inf(-1)
		if r.needs[a] { // it is not done before its parent
			for t := years; t >= 0; t-- {
				best = max(best, own[t])
				parent[t] += best
			}
		} else {
			for t := range span {
				best = max(best, own[t])
				parent[t] += best
			}
		}
	}
	for _, a := range slices.Backward(r.upward) {
		own, from, to := r.value[a*span:(a+1)*span], 0, years
		if p := r.parent[a]; p >= 0 {
			if r.needs[a] {
				from = r.year[p]
			} else {
				to = r.year[p]
			}
		}
		r.year[a] = to
		for t := to - 1; t >= from; t-- {
			if own[t] > own[r.year[a]] {
				r.year[a] = t
			}
		}
	}
	return total
}

// surround finds for each action and year how much the actions' problem loses when the action is done in it. It follows
// choose.
func (r *relaxation) surround() {
	span := r.m.years + 1
	up := make([]float64, span)
	for _, a := range slices.Backward(r.upward) {
		own, out := r.value[a*span:(a+1)*span], r.around[a*span:(a+1)*span]
		p := r.parent[a]
		if p < 0 {
			best := slices.Max(own)
			for t := range out {
				out[t] = own[t] - best
			}
			continue
		}
		parent := r.around[p*span : (p+1)*span]
		// up is what the action's subtree gave to its parent; the rest of the parent comes back down.
		best, down := math.Inf(-1), math.Inf(-1)
		bring := func(t int) {
			if !math.IsInf(parent[t], -1) {
				down = max(down, parent[t]-up[t])
			}
			out[t] = own[t] + down
		}
		if r.needs[a] {
			for t := span - 1; t >= 0; t-- {
				best = max(best, own[t])
				up[t] = best
			}
			for t := range span {
				bring(t)
			}
		} else {
			for t := range span {
				best = max(best, own[t])
				up[t] = best
			}
			for t := span - 1; t >= 0; t-- {
				bring(t)
			}
		}
	}
}
