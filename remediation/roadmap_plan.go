package remediation

import (
	"slices"
)

// draft is a plan in the making: the year in which each action is done, counted from 0, and the number of years for an
// action that is left out.
type draft struct {
	m    *roadmapModel
	year []int
	left []float64 // the expected loss left of scenario s at the end of year t, at t*scenarios+s
	free []int64   // what is unspent at the end of each year
	// scratch
	in    []bool
	stack []int
	saved []float64
	// looked counts the pairs of moves that improve looked at, which ends it on a large problem.
	looked int
}

func (m *roadmapModel) newDraft() *draft {
	d := &draft{
		m: m, year: make([]int, len(m.ids)), left: make([]float64, m.years*len(m.loss)), free: make([]int64, m.years),
		in: make([]bool, len(m.ids)), saved: make([]float64, len(m.loss)),
	}
	for a := range d.year {
		d.year[a] = m.years
	}
	d.recompute()
	return d
}

// recompute sets the losses and the money from the years, and so clears what rounding has left behind.
func (d *draft) recompute() {
	n := len(d.m.loss)
	for t := range d.m.years {
		copy(d.left[t*n:], d.m.loss)
		d.free[t] = d.m.budget[t]
	}
	for a, y := range d.year {
		d.apply(a, y, d.m.years)
	}
}

// apply adds an action from year from up to, but not in, year to.
func (d *draft) apply(a, from, to int) {
	n := len(d.m.loss)
	for t := from; t < to; t++ {
		d.free[t] -= d.m.cost[a]
		for _, e := range d.m.effectsOf(a) {
			d.left[t*n+e.scenario] *= e.leaves
		}
	}
}

// move sets the year of an action, earlier or later.
func (d *draft) move(a, year int) {
	n, was := len(d.m.loss), d.year[a]
	d.apply(a, year, was)
	for t := was; t < year; t++ {
		d.free[t] += d.m.cost[a]
		for _, e := range d.m.effectsOf(a) {
			d.left[t*n+e.scenario] /= e.leaves
		}
	}
	d.year[a] = year
}

// change returns what moving an action would add to the objective; less than 0 is better.
func (d *draft) change(a, year int) float64 {
	n, was, sum := len(d.m.loss), d.year[a], 0.0
	for t := year; t < was; t++ {
		for _, e := range d.m.effectsOf(a) {
			sum -= float64(d.left[t*n+e.scenario] * (1 - e.leaves))
		}
	}
	for t := was; t < year; t++ {
		for _, e := range d.m.effectsOf(a) {
			sum += float64(d.left[t*n+e.scenario] * (1/e.leaves - 1))
		}
	}
	return sum
}

// objective is the sum of the expected losses left at each year's end.
func (d *draft) objective() float64 {
	sum := 0.0
	for _, x := range d.left {
		sum += x
	}
	return sum
}

// affordable reports whether no year is overspent.
func (d *draft) affordable() bool { return slices.Min(d.free) >= 0 }

// keepsOrder reports whether the action may stand in the year beside what it requires and what requires it.
func (d *draft) keepsOrder(a, year int) bool {
	for _, b := range d.m.requires[a] {
		if d.year[b] > year {
			return false
		}
	}
	for _, b := range d.m.dependents[a] {
		if d.year[b] < year {
			return false
		}
	}
	return true
}

// missing returns the action with whatever it requires and is not in the plan, prerequisites first. The result is good
// until the next call.
func (d *draft) missing(a int) []int {
	d.stack = d.stack[:0]
	d.collect(a)
	for _, b := range d.stack {
		d.in[b] = false
	}
	return d.stack
}

func (d *draft) collect(a int) {
	if d.in[a] || d.year[a] < d.m.years {
		return
	}
	d.in[a] = true
	for _, b := range d.m.requires[a] {
		d.collect(b)
	}
	d.stack = append(d.stack, a)
}

// buys returns what the actions together take off the expected loss at the end of a year.
func (d *draft) buys(actions []int, year int) float64 {
	left := d.left[year*len(d.m.loss):]
	sum := 0.0
	if len(actions) == 1 {
		for _, e := range d.m.effectsOf(actions[0]) {
			sum += float64(left[e.scenario] * (1 - e.leaves))
		}
		return sum
	}
	// Each effect is taken from what the ones before it leave.
	for _, a := range actions {
		for _, e := range d.m.effectsOf(a) {
			d.saved[e.scenario] = 1
		}
	}
	for _, a := range actions {
		for _, e := range d.m.effectsOf(a) {
			s := e.scenario
			sum += float64(float64(left[s]*d.saved[s]) * (1 - e.leaves))
			d.saved[s] *= e.leaves
		}
	}
	return sum
}

// nothing is added to every cost: it keeps the ratio of an action that costs nothing finite.
const nothing = 1e-3

// perDollar is the ratio by which actions are chosen.
func perDollar(buys float64, cost int64) float64 { return buys / (float64(cost) + nothing) }

// fill adds actions with what they require, year by year, the most loss taken off per dollar first, until nothing more
// fits. It keeps to the windows. taken, where it is not nil, is told of each group in turn.
func (d *draft) fill(w []window, taken func(actions []int, year int)) {
	m := d.m
	ratio, cost, floor := make([]float64, len(m.ids)), make([]int64, len(m.ids)), make([]int, len(m.ids))
	stale := make([]bool, len(m.ids))
	for a := range stale {
		stale[a] = true
	}
	for year := range m.years {
		for {
			room := slices.Min(d.free[year:])
			best := -1
			for a := range m.ids {
				if d.year[a] < m.years {
					continue
				}
				if stale[a] {
					stale[a] = false
					group := d.missing(a)
					ratio[a], cost[a], floor[a] = 0, 0, 0
					for _, b := range group {
						cost[a] += m.cost[b]
						floor[a] = max(floor[a], w[b].lo)
					}
					ratio[a] = perDollar(d.buys(group, year), cost[a])
				}
				if floor[a] <= year && cost[a] <= room && ratio[a] > 0 && (best < 0 || ratio[a] > ratio[best]) {
					best = a
				}
			}
			if best < 0 {
				break
			}
			group := slices.Clone(d.missing(best))
			for _, b := range group {
				d.move(b, year)
			}
			if taken != nil {
				taken(group, year)
			}
			for _, b := range group {
				for _, e := range m.effectsOf(b) {
					for _, k := range m.of[e.scenario] {
						d.spoil(stale, m.effects[k].action)
					}
				}
				d.spoil(stale, b)
			}
		}
	}
}

// spoil marks an action and all that require it as to be valued again.
func (d *draft) spoil(stale []bool, a int) {
	if stale[a] {
		return
	}
	stale[a] = true
	for _, b := range d.m.dependents[a] {
		d.spoil(stale, b)
	}
}

// place puts actions into the plan in the order given, each with what it requires, in the first year from its window's
// on in which the money lasts to the end. What does not fit is left out.
func (d *draft) place(order []int, w []window) {
	m := d.m
	for _, a := range order {
		if d.year[a] < m.years || w[a].lo >= m.years {
			continue
		}
		group := d.missing(a)
		cost, from := int64(0), 0
		for _, b := range group {
			cost += m.cost[b]
			from = max(from, w[b].lo)
			for _, r := range m.requires[b] {
				if d.year[r] < m.years {
					from = max(from, d.year[r])
				}
			}
		}
		year := m.years
		for t := m.years - 1; t >= from && d.free[t] >= cost; t-- {
			year = t
		}
		if year < m.years {
			for _, b := range group {
				d.move(b, year)
			}
		}
	}
}

// improve moves one action, or two at once, for as long as that lowers the objective, and leaves a plan that keeps every
// rule. Only the actions in some are moved; nil means all.
func (d *draft) improve(w []window, some []bool) {
	m := d.m
	var movable []int
	for a := range m.ids {
		if (some == nil || some[a]) && !w[a].fixed() {
			movable = append(movable, a)
		}
	}
	const passes, pairs = 12, 30_000_000
	d.looked = 0
	for range passes {
		before := d.objective()
		for _, a := range movable {
			for d.looked < pairs && d.better(w, movable, a) {
			}
		}
		d.recompute()
		if d.objective() > before-m.tolerance {
			return
		}
	}
}

// better makes the best change that begins with moving the action, and reports whether there was one.
func (d *draft) better(w []window, movable []int, a int) bool {
	was := d.year[a]
	least := -max(d.m.tolerance, 1e-9)
	for year := w[a].lo; year <= w[a].hi; year++ {
		if year == was || !d.keepsOrder(a, year) {
			continue
		}
		first := d.change(a, year)
		d.move(a, year)
		if first < least && d.affordable() {
			return true
		}
		with, to, gain := -1, 0, least
		d.looked += len(movable)
		for _, b := range movable {
			if b == a {
				continue
			}
			for z := w[b].lo; z <= w[b].hi; z++ {
				if z == d.year[b] || !d.pays(b, z) {
					continue
				}
				if c := first + d.change(b, z); c < gain && d.keepsOrder(b, z) {
					with, to, gain = b, z, c
				}
			}
		}
		if with >= 0 {
			d.move(with, to)
			return true
		}
		d.move(a, was)
	}
	return false
}

// pays reports whether the money lasts once an action has moved.
func (d *draft) pays(a, year int) bool {
	was, cost := d.year[a], d.m.cost[a]
	for t, free := range d.free {
		if year <= t {
			free -= cost
		}
		if was <= t {
			free += cost
		}
		if free < 0 {
			return false
		}
	}
	return true
}

// adopt copies the years of another plan.
func (d *draft) adopt(years []int) {
	copy(d.year, years)
	d.recompute()
}
