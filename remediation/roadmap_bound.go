package remediation

import "slices"

// relaxation bounds the objective of every plan within some windows from below.
//
// Three things tie the choices together: the budgets, the prerequisites, and the scenarios that several actions lower.
// Each scenario at the end of each year becomes a problem of its own (see [factor]) that pays a charge for each action it
// uses, and the actions become a problem of their own that earns those charges and pays a price for the money it spends.
// For any charges, and any prices that are not negative, the sum of the two is a lower bound: an action that both sides
// agree on cancels out. ascend looks for charges and prices that make it high.
//
// The problem of the actions is solved by dynamic programming along a forest of prerequisites. A prerequisite that would
// close a ring in the forest is priced as well: link is what an action pays to one that it requires.
type relaxation struct {
	m       *roadmapModel
	w       []window
	factors []factor
	bench   *workbench

	parent []int  // in the forest; -1 for a root
	needs  []bool // whether the action requires its parent, or its parent it
	upward []int  // children before parents
	extra  []arc  // prerequisites that are not in the forest

	multipliers             // as they are
	kept        multipliers // as they were where the bound was highest
	towards     multipliers // the direction of ascent, averaged over the steps

	dollars []float64 // the actions' costs
	unit    float64   // a typical cost, which brings prices to the scale of charges
	profit  []float64 // by action and year
	value   []float64 // by action and year of choice: the best of its subtree
	around  []float64 // by action and year of choice: how much the actions' problem loses by it, at most 0
	year    []int     // the choice of the actions' problem
	average []float64 // by action and year: how often it was done by then in the late steps
	rise    []float64 // by action and year of choice: how much the factors' problems lose by it at least
}

// arc is a prerequisite: action requires need.
type arc struct{ action, need int }

// newRelaxation starts with the charges that the plan gives: what each action would take off a scenario as the plan
// leaves it.
func newRelaxation(m *roadmapModel, w []window, d *draft) *relaxation {
	n, years := len(m.ids), m.years
	r := &relaxation{
		m: m, bench: newWorkbench(), parent: make([]int, n), needs: make([]bool, n),
		dollars: make([]float64, n), profit: make([]float64, n*years), value: make([]float64, n*(years+1)),
		around: make([]float64, n*(years+1)), rise: make([]float64, n*(years+1)), year: make([]int, n), average: make([]float64, n*years),
	}
	for t := range years {
		for s := range m.loss {
			r.factors = append(r.factors, factor{scenario: s, year: t})
		}
	}
	r.plantForest()
	for _, x := range []*multipliers{&r.multipliers, &r.towards} {
		*x = multipliers{make([]float64, years), make([]float64, len(m.effects)*years), make([]float64, len(r.extra)*years)}
	}
	for a, c := range m.cost {
		r.dollars[a] = float64(c) / 1e6
		r.unit += r.dollars[a]
		for t := range years {
			if d.year[a] <= t {
				r.average[a*years+t] = 1
			}
		}
	}
	r.unit = max(r.unit/float64(max(n, 1)), 1e-6)
	for t := range years {
		var ratios []float64
		for a := range m.ids {
			sum := 0.0
			for k, e := range m.effectsOf(a) {
				c := float64(d.left[t*len(m.loss)+e.scenario] * e.weight)
				r.charge[(m.first[a]+k)*years+t] = c
				sum += c
			}
			if d.year[a] <= t && r.dollars[a] > 0 && !m.mandatory[a] {
				ratios = append(ratios, sum/r.dollars[a])
			}
		}
		if len(ratios) > 0 {
			slices.Sort(ratios)
			r.price[t] = ratios[len(ratios)/10]
		}
	}
	r.within(w)
	return r
}

// within sets the windows. Charges and prices stay: any are good, and those of a neighbour are a good start.
func (r *relaxation) within(w []window) {
	m, years := r.m, r.m.years
	r.w = append(r.w[:0], w...)
	for i := range r.factors {
		f := &r.factors[i]
		f.base, f.items = m.loss[f.scenario], f.items[:0]
		for _, k := range m.of[f.scenario] {
			e := m.effects[k]
			switch w := r.w[e.action]; {
			case w.hi <= f.year:
				f.base = float64(f.base * e.leaves)
			case w.lo <= f.year:
				f.items = append(f.items, item{effect: k, leaves: e.leaves, weight: e.weight})
			}
		}
	}
	for a, w := range r.w {
		for t := range years {
			switch {
			case w.hi <= t:
				r.average[a*years+t] = 1
			case w.lo > t:
				r.average[a*years+t] = 0
			}
		}
	}
}

// evaluate returns the bound for the charges and prices as they are, and sets the choices of both sides.
func (r *relaxation) evaluate(rises bool) float64 {
	m, years := r.m, r.m.years
	sum := 0.0
	for a := range m.ids {
		for t := range years {
			r.profit[a*years+t] = -float64(r.price[t] * r.dollars[a])
		}
	}
	for i := range r.factors {
		f := &r.factors[i]
		if f.base == 0 {
			continue
		}
		for k := range f.items {
			it := &f.items[k]
			it.charge = r.charge[it.effect*years+f.year]
			it.ratio = it.charge / it.weight
			r.profit[m.effects[it.effect].action*years+f.year] += it.charge
		}
		sum += f.least(r.bench, rises)
	}
	for i, x := range r.extra {
		for t := range years {
			r.profit[x.action*years+t] -= r.link[i*years+t]
			r.profit[x.need*years+t] += r.link[i*years+t]
		}
	}
	for t, b := range m.budget {
		sum -= float64(r.price[t] * (float64(b) / 1e6))
	}
	return sum - r.choose()
}

// exclude narrows the windows by every year whose bound is not below the objective to beat, and reports whether it
// narrowed any and whether a window is left empty.
func (r *relaxation) exclude(beat float64) (narrowed, empty bool) {
	m, years := r.m, r.m.years
	span := years + 1
	slack := beat - r.evaluate(true)
	r.surround()
	clear(r.rise)
	for i := range r.factors {
		f := &r.factors[i]
		for _, it := range f.items {
			rise := r.rise[m.effects[it.effect].action*span:]
			for t := range span {
				if (t <= f.year) != it.chosen {
					rise[t] += it.rise
				}
			}
		}
	}
	w := slices.Clone(r.w)
	for a := range w {
		hopeless := func(t int) bool { return r.rise[a*span+t]-r.around[a*span+t] > slack }
		for w[a].lo <= w[a].hi && hopeless(w[a].lo) {
			w[a].lo++
			narrowed = true
		}
		for w[a].hi > w[a].lo && hopeless(w[a].hi) {
			w[a].hi--
			narrowed = true
		}
		if w[a].lo > w[a].hi {
			return true, true
		}
	}
	if narrowed {
		if !m.narrow(w) {
			return true, true
		}
		r.within(w)
	}
	return narrowed, false
}

// multipliers are what a relaxation may choose.
type multipliers struct {
	price  []float64 // of a dollar by the end of each year
	charge []float64 // by effect and year
	link   []float64 // by extra and year
}

func (x *multipliers) set(y multipliers) {
	x.price = append(x.price[:0], y.price...)
	x.charge = append(x.charge[:0], y.charge...)
	x.link = append(x.link[:0], y.link...)
}

// keep remembers the charges and prices, and back returns to them.
func (r *relaxation) keep() { r.kept.set(r.multipliers) }

func (r *relaxation) back() {
	r.multipliers.set(r.kept)
	r.halt()
}

// halt forgets the direction.
func (r *relaxation) halt() {
	clear(r.towards.price)
	clear(r.towards.charge)
	clear(r.towards.link)
}

// follow is how much of the direction of the step before a step keeps: the choices jump from step to step, and their
// average does not.
const follow = 0.7

// leastNorm keeps a step short where the averaged direction has all but vanished.
const leastNorm = 1e-2

// step moves charges and prices along the averaged direction. far is the distance to the objective to beat, pace the
// part of it to go. It returns false where both sides agree, and there is nowhere to go.
func (r *relaxation) step(far, pace float64) bool {
	m, years := r.m, r.m.years
	norm, agree := 0.0, true
	turn := func(direction *float64, to, at float64) {
		agree = agree && (to == 0 || to < 0 && at == 0)
		*direction += float64((1 - follow) * (to - *direction))
		if *direction >= 0 || at > 0 {
			norm += float64(*direction * *direction)
		}
	}
	for t := range years {
		over := -float64(m.budget[t]) / 1e6
		for a := range m.ids {
			if r.year[a] <= t {
				over += r.dollars[a]
			}
		}
		turn(&r.towards.price[t], over/r.unit, r.price[t])
	}
	for i := range r.factors {
		f := &r.factors[i]
		for _, it := range f.items {
			to := -done(r.year[m.effects[it.effect].action], f.year)
			if it.chosen {
				to++
			}
			turn(&r.towards.charge[it.effect*years+f.year], to, 1)
		}
	}
	for i, x := range r.extra {
		for t := range years {
			to := done(r.year[x.action], t) - done(r.year[x.need], t)
			turn(&r.towards.link[i*years+t], to, r.link[i*years+t])
		}
	}
	if agree {
		return false
	}
	pace *= far / max(norm, leastNorm)
	for t := range years {
		r.price[t] = max(0, r.price[t]+float64(pace*r.towards.price[t])/r.unit)
	}
	for i := range r.factors {
		f := &r.factors[i]
		for _, it := range f.items {
			k := it.effect*years + f.year
			r.charge[k] = max(0, r.charge[k]+float64(pace*r.towards.charge[k]))
		}
	}
	for k := range r.link {
		r.link[k] = max(0, r.link[k]+float64(pace*r.towards.link[k]))
	}
	for a := range m.ids {
		for t := range years {
			x := &r.average[a*years+t]
			*x += float64(0.05 * (done(r.year[a], t) - *x))
		}
	}
	return true
}
