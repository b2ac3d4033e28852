package remediation

import (
	"math"
	"slices"
)

// weighAll finds the best plan within the windows by weighing every set of the undecided actions, at most mostWeighed of
// them. The sets of the years are nested: the best last set above each set gives the best last two years above each
// set, and so on down to the first.
func (s *search) weighAll(w []window) {
	m := s.m
	w = slices.Clone(w)
	for year := range m.years {
		x := &weighing{m: m, w: w, first: year}
		chosen, ok := x.run()
		if !ok {
			return // not reached: a plan within the windows is known
		}
		for i, a := range x.free {
			if chosen>>i&1 == 1 {
				w[a].hi = min(w[a].hi, year)
			} else {
				w[a].lo = max(w[a].lo, year+1)
			}
		}
	}
	for a := range w {
		s.trial.year[a] = w[a].lo
	}
	s.trial.recompute()
	if s.trial.affordable() && s.trial.objective() < s.goal {
		s.best.adopt(s.trial.year)
		s.goal = s.best.objective()
	}
}

// weighing finds the best set of the first year of a span that ends with the last.
type weighing struct {
	m     *roadmapModel
	w     []window
	first int
	free  []int     // the undecided actions, prerequisites first; bit i of a set is free[i]
	needs []uint32  // what each requires among them
	after []float64 // by set: the least loss of the years after the one gone through last, from that set on
	// of the year that is gone through
	year     int
	in, out  uint32
	left     []float64
	saved    []float64
	visit    func(set uint32, loss float64, spent int64)
	leastSum float64
	leastSet uint32
	cheapest int64
}

func (x *weighing) run() (uint32, bool) {
	m := x.m
	place := map[int]int{}
	for _, a := range m.order {
		if !x.w[a].fixed() {
			place[a] = len(x.free)
			x.free = append(x.free, a)
		}
	}
	x.needs = make([]uint32, len(x.free))
	for i, a := range x.free {
		for _, b := range m.requires[a] {
			if k, ok := place[b]; ok {
				x.needs[i] |= 1 << k
			}
		}
	}
	for year := m.years - 1; year > x.first; year-- {
		x.stage(year)
	}
	x.leastSum, x.cheapest = math.Inf(1), math.MaxInt64
	x.through(x.first, func(set uint32, loss float64, spent int64) {
		if x.after != nil {
			loss += x.after[set]
		}
		if loss < x.leastSum || loss == x.leastSum && spent < x.cheapest {
			x.leastSum, x.leastSet, x.cheapest = loss, set, spent
		}
	})
	return x.leastSet, !math.IsInf(x.leastSum, 1)
}

// stage turns after, the least loss of the years past year for each set that they may begin from, into the same for the
// years from year on. It does so in place: what was gone through is marked by its sign, and the rest cannot be.
func (x *weighing) stage(year int) {
	fresh := x.after == nil
	if fresh {
		x.after = make([]float64, 1<<len(x.free))
	}
	after := x.after
	x.through(year, func(set uint32, loss float64, _ int64) {
		after[set] = -(loss + after[set])
	})
	for i, v := range after {
		if math.Signbit(v) {
			after[i] = -v
		} else {
			after[i] = math.Inf(1)
		}
	}
	// The least over all sets above each set, one action at a time.
	for bit := 1; bit < len(after); bit *= 2 {
		for base := 0; base < len(after); base += 2 * bit {
			low, high := after[base:base+bit], after[base+bit:base+2*bit]
			for i, v := range high {
				if v < low[i] {
					low[i] = v
				}
			}
		}
	}
}

// through visits every set that may be done by the end of a year and that its budget pays for.
func (x *weighing) through(year int, visit func(set uint32, loss float64, spent int64)) {
	m := x.m
	x.year, x.visit, x.in, x.out = year, visit, 0, 0
	x.left = append(x.left[:0], m.loss...)
	spent := int64(0)
	for a, w := range x.w {
		if w.fixed() && w.lo <= year {
			spent += m.cost[a]
			for _, e := range m.effectsOf(a) {
				x.left[e.scenario] = float64(x.left[e.scenario] * e.leaves)
			}
		}
	}
	for i, a := range x.free {
		if x.w[a].hi <= year {
			x.in |= 1 << i
		}
		if x.w[a].lo > year {
			x.out |= 1 << i
		}
	}
	sum := 0.0
	for _, v := range x.left {
		sum += v
	}
	x.descend(0, 0, sum, spent)
}

func (x *weighing) descend(i int, set uint32, loss float64, spent int64) {
	if spent > x.m.budget[x.year] {
		return
	}
	if i == len(x.free) {
		x.visit(set, loss, spent)
		return
	}
	bit := uint32(1) << i
	if x.in&bit == 0 {
		x.descend(i+1, set, loss, spent)
	}
	if x.out&bit != 0 || x.needs[i]&^set != 0 {
		return
	}
	effects, mark := x.m.effectsOf(x.free[i]), len(x.saved)
	for _, e := range effects {
		was := x.left[e.scenario]
		x.saved = append(x.saved, was)
		x.left[e.scenario] = float64(was * e.leaves)
		loss -= was - x.left[e.scenario]
	}
	x.descend(i+1, set|bit, loss, spent+x.m.cost[x.free[i]])
	for k, e := range effects {
		x.left[e.scenario] = x.saved[mark+k]
	}
	x.saved = x.saved[:mark]
}
