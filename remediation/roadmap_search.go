package remediation

import (
	"cmp"
	"math"
	"slices"
)

// The effort of a search, in counts and never in seconds, so that a result does not depend on the machine.
const (
	rootSteps = 4000 // of ascent before the first split, at most
	nodeSteps = 60   // of ascent after a split, at most
	lookEvery = 25   // steps between looks at the windows and for a better plan
	warmUp    = 100  // steps before the choices of the relaxation mean something
	// stall is how many steps may pass without a better bound before the pace falls, and slowest ends the ascent.
	stall   = 20
	slowest = 0.005
	// astray is how many times further from the goal than the best bound an ascent may get before it turns back.
	astray = 4
	// mostWork ends the search, whatever nodes are left; it is a second or so.
	mostWork = 250_000_000

	// mostWeighed is the number of undecided actions up to which every plan can be weighed, and soonWeighed the number up
	// to which that is quicker than anything else. Between the two, splitting is tried first.
	mostWeighed  = 24
	soonWeighed  = 14
	nodesToWeigh = 200

	// With more undecided actions than few, splitting alone finds no better plans in time: groups of polished actions
	// are weighed, and the neighbours actions that are closest to being otherwise are searched with nearNodes splits.
	few        = 60
	neighbours = 120
	nearNodes  = 60
	polished   = 12
	polishings = 300
	idle       = 100
)

// search looks for the best plan and proves how good it is.
type search struct {
	m     *roadmapModel
	w     []window // what the problem leaves open
	r     *relaxation
	best  *draft
	goal  float64 // the objective of best, to be beaten
	trial *draft
	seen  map[float64]bool // the objectives of plans that were made from the relaxation
	nodes int
	limit int
}

// newSearch makes the first plan: what is mandatory, then what takes off most per dollar, then single moves and
// exchanges.
func newSearch(m *roadmapModel, nodes int) *search {
	s := &search{m: m, best: m.newDraft(), trial: m.newDraft(), seen: map[float64]bool{}, limit: nodes}
	s.w, _ = m.windows() // not empty: that the mandatory actions can be paid for was checked
	s.mandatory(s.best)
	s.best.fill(s.w, nil)
	s.best.improve(s.w, nil)
	s.goal = s.best.objective()
	return s
}

// run returns a lower bound on the objective of every plan, and leaves the best plan found in best.
func (s *search) run() float64 {
	m := s.m
	undecided := m.undecided(s.w)
	s.r = newRelaxation(m, s.w, s.best)
	if undecided <= soonWeighed {
		s.weighAll(s.w)
		s.ascend(warmUp) // for the prices
		return s.goal
	}
	bound, alive := s.ascend(rootSteps)
	if !alive {
		return s.goal
	}
	if m.undecided(s.r.w) > few {
		s.polish()
		s.near()
		s.polish()
	}
	if undecided <= mostWeighed {
		s.limit = min(s.limit, nodesToWeigh)
	}
	prices := slices.Clone(s.r.price)
	if bound = s.branch(bound); !s.proved(bound) && undecided <= mostWeighed {
		s.weighAll(s.w)
		bound = s.goal
	}
	copy(s.r.price, prices)
	return min(bound, s.goal)
}

// undecided counts the actions with a choice left.
func (m *roadmapModel) undecided(w []window) int {
	n := 0
	for _, x := range w {
		if !x.fixed() {
			n++
		}
	}
	return n
}

// mandatory puts what is mandatory into an empty plan: as much of the loss as early as the money allows, and all of it
// by mandatoryBy.
func (s *search) mandatory(d *draft) {
	m := s.m
	if m.mandatoryBy > 0 {
		only := slices.Clone(s.w)
		for a := range only {
			if !m.mandatory[a] {
				only[a] = window{m.years, m.years}
			}
		}
		d.fill(only, nil)
	}
	for _, a := range m.order {
		if m.mandatory[a] && d.year[a] > m.mandatoryBy {
			d.move(a, m.mandatoryBy)
		}
	}
}

// offer keeps a plan if it is the best so far.
func (s *search) offer(d *draft) {
	if d.objective() < s.goal-s.m.tolerance && d.affordable() {
		s.best.adopt(d.year)
		s.goal = s.best.objective()
	}
}

// proved reports whether a bound leaves nothing to gain.
func (s *search) proved(bound float64) bool { return bound >= s.goal-s.m.tolerance }

// ascend raises the bound within the windows of the relaxation, and leaves the multipliers where it was highest. It
// returns false where no plan within the windows beats the best one.
func (s *search) ascend(steps int) (float64, bool) {
	r := s.r
	if s.m.undecided(r.w) == 0 {
		return s.goal, s.weighOne()
	}
	bound, pace, stalled := math.Inf(-1), 1.0, 0
	r.halt()
	r.keep()
	for k := range steps {
		now := r.evaluate(false)
		switch {
		case now > bound+1e-6*(s.goal-now):
			bound, stalled = now, 0
			r.keep()
		case s.goal-now > astray*(s.goal-bound):
			r.back()
			pace, stalled, now = pace/2, 0, r.evaluate(false)
		default:
			stalled++
		}
		if s.proved(bound) {
			return bound, false
		}
		if stalled > stall {
			pace, stalled = 0.9*pace, 0
		}
		if pace < slowest || r.bench.work > mostWork {
			break
		}
		if k%lookEvery == lookEvery-1 {
			narrowed, empty := r.exclude(s.goal - s.m.tolerance)
			switch {
			case empty:
				return s.goal, false
			case s.m.undecided(r.w) == 0:
				return s.goal, s.weighOne()
			}
			if k >= warmUp || steps <= nodeSteps {
				s.round()
			}
			if narrowed {
				now = r.evaluate(false)
			}
		}
		if !r.step(s.goal-now, pace) { // both sides agree on a plan, and no other is better
			s.trial.adopt(r.year)
			s.offer(s.trial)
			bound = max(bound, now)
			return bound, !s.proved(bound)
		}
	}
	r.back()
	return bound, true
}

// weighOne weighs the one plan that the windows leave. It returns false: nothing else is left.
func (s *search) weighOne() bool {
	for a, w := range s.r.w {
		s.trial.year[a] = w.lo
	}
	s.trial.recompute()
	s.offer(s.trial)
	return false
}

// round makes a plan from how often each action was done in the late steps, and improves it where they were in doubt.
func (s *search) round() {
	m, r, d := s.m, s.r, s.trial
	order, score, doubt := make([]int, len(m.ids)), make([]float64, len(m.ids)), make([]bool, len(m.ids))
	for a := range m.ids {
		order[a] = a
		for t := range m.years {
			x := r.average[a*m.years+t]
			score[a] += x
			doubt[a] = doubt[a] || x > 0.02 && x < 0.98
		}
		d.year[a] = m.years
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	d.recompute()
	s.mandatory(d)
	d.place(order, r.w)
	if o := d.objective(); s.seen[o] {
		return
	} else {
		s.seen[o] = true
	}
	for a, y := range d.year {
		doubt[a] = doubt[a] || math.Abs(score[a]-float64(m.years-y)) > 0.1
	}
	d.fill(s.w, nil)
	d.improve(s.w, doubt)
	s.offer(d)
}

// polish takes small groups of the actions in doubt and weighs every plan in which only they change.
func (s *search) polish() {
	m, r := s.m, s.r
	var doubt []int
	for a, y := range s.best.year {
		for t := range m.years {
			if !r.w[a].fixed() && math.Abs(r.average[a*m.years+t]-done(y, t)) > 0.02 {
				doubt = append(doubt, a)
				break
			}
		}
	}
	size, draw := min(len(doubt), polished), splitMix(1)
	for k, since := 0, 0; k < polishings && since < idle; k++ {
		for i := range size { // the beginning of a shuffle
			j := i + int(draw.next()%uint64(len(doubt)-i))
			doubt[i], doubt[j] = doubt[j], doubt[i]
		}
		w := s.settled()
		for _, a := range doubt[:size] {
			w[a] = s.w[a]
		}
		was := s.goal
		if m.narrow(w) {
			s.weighAll(w)
		}
		if since++; s.goal < was-m.tolerance {
			since = 0
		}
	}
}

// settled returns the windows of the best plan alone.
func (s *search) settled() []window {
	w := make([]window, len(s.best.year))
	for a, y := range s.best.year {
		w[a] = window{y, y}
	}
	return w
}

// done is 1 for an action of year y that is done by the end of year t, and otherwise 0.
func done(y, t int) float64 {
	if y <= t {
		return 1
	}
	return 0
}

// splitMix draws numbers that look random and are always the same.
type splitMix uint64

func (x *splitMix) next() uint64 {
	*x += 0x9E3779B97F4A7C15
	z := uint64(*x)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// near searches the plans that differ from the best one only in the actions that the relaxation would change for the
// least. What it proves about them is not used.
func (s *search) near() {
	m, r := s.m, s.r
	from := s.part(0)
	r.exclude(s.goal) // for what each change costs
	type change struct {
		action int
		costs  float64
	}
	var changes []change
	for a, y := range s.best.year {
		c := change{a, math.Inf(1)}
		for t := r.w[a].lo; t <= r.w[a].hi; t++ {
			if t != y {
				at := a*(m.years+1) + t
				c.costs = min(c.costs, r.rise[at]-r.around[at])
			}
		}
		changes = append(changes, c)
	}
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.costs, b.costs) })
	w := s.settled()
	for _, c := range changes[:min(neighbours, len(changes))] {
		w[c.action] = s.w[c.action]
	}
	if m.narrow(w) {
		nodes, limit := s.nodes, s.limit
		r.within(w)
		if bound, alive := s.ascend(nodeSteps); alive {
			s.nodes, s.limit = 0, nearNodes
			s.branch(bound)
		}
		s.nodes, s.limit = nodes, limit
	}
	s.resume(from)
}
