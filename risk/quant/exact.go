package quant

import (
	"math"
	"slices"
)

const (
	firstGrid   = 1 << 13
	aimGrid     = 3e-6 // what halving the grid may change before it is fine enough
	aimBracket  = 0.003
	worstGrid   = 0.01 // a grid that adds more than this to the variance cannot carry the register
	maxExactAll = 6    // shocks that the exact engine conditions on: 64 combinations
)

const whyExact = "Exact is possible for every scenario of this register."

// exactRun is one computation of the exact engine.
type exactRun struct {
	m              *model
	o              Options
	mean, variance float64
	none           float64
	rows           []float64
	reach          float64 // how far the grid goes
	lattice        float64 // the unit, where all losses lie on one
	fine, coarse   *year
	fineGrid       *grid
	masses         [][]float64 // of each combination of shocks on the fine grid
	down, up       *year
}

// whyNotExact says why the exact engine cannot compute a register, or "".
func (m *model) whyNotExact() string {
	switch {
	case len(m.caps) > 0:
		return "a cap on the sum of several scenarios ties their years together"
	case len(m.shocks) > maxExactAll:
		return "more than six shocks have too many combinations to condition on"
	}
	for _, r := range m.rows {
		if r.product != nil {
			return "scenario " + r.id + " multiplies a rate by one loss, which is no sum of events"
		}
	}
	return ""
}

// exact computes the register's year; ok is false where the finest grid is too coarse for it.
func (m *model) exact(o Options) (res Result, ok bool) {
	e := &exactRun{m: m, o: o}
	e.mean, e.variance, e.none, e.rows = m.moments()
	res = Result{Engine: EngineExact, Reason: whyExact, ALE: exactly(e.mean), SD: exactly(math.Sqrt(math.Max(e.variance, 0))), NoLoss: clampProbability(e.none)}
	if c, closed := m.closedForm(e.mean); closed {
		c.fill(e, &res)
		return res, true
	}
	e.reach = e.findReach()
	e.lattice, _ = m.lattice()
	if !e.refine() {
		return res, false
	}
	res.Grid = &Grid{Points: e.fineGrid.n, Step: Amount(e.fineGrid.h)}
	if o.Bracket && e.coarse != nil {
		if e.bracket() {
			res.Grid.BracketPoints, res.Grid.BracketStep = len(e.down.cdf), Amount(e.down.h)
		} else {
			res.Reason += " It has too many events for a bracket: rounding each of them up leads off the grid."
		}
	}
	e.fill(&res)
	return res, true
}

// farthest is the highest level asked for.
func (e *exactRun) farthest() float64 {
	p := Probability(0.999)
	for _, l := range append(slices.Clone(e.o.Levels), e.o.TailLevels...) {
		p = max(p, l)
	}
	return float64(p)
}

// findReach returns where the grid ends: well beyond the farthest quantile, so that neither what wraps around nor the
// rounding errors that the tilt magnifies towards the end are seen there. Cantelli's inequality bounds the quantile, and
// coarse years, each up to where the one before it says, find it.
func (e *exactRun) findReach() float64 {
	p := e.farthest()
	bound := e.mean + math.Sqrt(e.variance*p/(1-p))
	const n = 2048
	for range 60 {
		y := newGrid(n, bound/n).newYear(e.m, keepMean, nil)
		q := y.quantile(p)
		if q == 0 || q > 0.05*bound {
			return roundUpReach(float64(2.6*q) + 16*y.h)
		}
		bound = 4 * (q + y.h)
	}
	return roundUpReach(bound)
}

// roundUpReach keeps six leading bits, so that the step of the grid is the same on machines that round differently.
func roundUpReach(x float64) float64 {
	m, exp := math.Frexp(x)
	return math.Ldexp(math.Ceil(m*64)/64, exp)
}

// refine makes the grid finer until halving it changes no figure by more than the aim.
func (e *exactRun) refine() bool {
	if e.lattice > 0 && e.reach/e.lattice < maxGrid-1 {
		n := minGrid
		for float64(n-1)*e.lattice < e.reach {
			n *= 2
		}
		e.fineGrid = newGrid(n, e.lattice)
		e.fine = e.build(e.fineGrid)
		e.fine.lattice = true
		return true
	}
	n := e.o.GridPoints
	if n == 0 {
		n = firstGrid
	}
	for {
		e.twoGrids(n)
		err := e.gridError()
		switch {
		case e.o.GridPoints != 0 || err <= aimGrid:
			return true
		case n == maxGrid:
			return e.inflation() <= worstGrid
		}
		// The change shrinks with the square of the step: go straight to the grid that should do.
		for next := err; next > aimGrid && n < maxGrid; next /= 4 {
			n *= 2
		}
	}
}

// twoGrids computes the year on n points and on half as many.
func (e *exactRun) twoGrids(n int) {
	e.fineGrid = newGrid(n, e.reach/float64(n))
	e.fineGrid.keep = true
	e.fine = e.build(e.fineGrid)
	half := newGrid(n/2, e.reach/float64(n/2))
	half.finer = e.fineGrid
	e.coarse = half.newYear(e.m, keepMean, nil)
	e.coarse.none = e.none
	e.fineGrid.kept = nil
}

// inflation bounds, as a share of the variance, what the grid adds to it: splitting a loss between two points adds at
// most a quarter of a squared step, and at most a step times the loss.
func (e *exactRun) inflation() float64 {
	h, sum := e.fineGrid.h, 0.0
	for s := range e.m.states() {
		for _, r := range e.m.laws(s) {
			sum += float64(e.m.weight(s) * r.count.mean() * math.Min(0.25*h*h, h*r.loss.limited(inf)))
		}
	}
	return sum / math.Max(e.variance, 1e-300)
}

func (e *exactRun) build(g *grid) *year {
	e.masses = nil
	keep := &e.masses
	if !e.o.Shares {
		keep = nil
	}
	y := g.newYear(e.m, keepMean, keep)
	y.none = e.none
	return y
}

// gridError is the largest relative change of a figure from the coarse grid to the fine one. Where the distribution is
// smooth the error of the fine one is a third of it; where it jumps, for want of anything better, all of it.
func (e *exactRun) gridError() float64 {
	worst := 0.0
	compare := func(a, b float64) {
		if a > 0 {
			worst = math.Max(worst, math.Abs(a-b)/math.Max(a, 1e-3*e.mean))
		}
	}
	for _, p := range e.o.Levels {
		compare(e.fine.quantile(float64(p)), e.coarse.quantile(float64(p)))
	}
	for _, p := range e.o.TailLevels {
		v, w := e.fine.quantile(float64(p)), e.coarse.quantile(float64(p))
		compare(v, w)
		compare(e.fine.tvar(float64(p), v), e.coarse.tvar(float64(p), w))
	}
	return worst
}

func clampProbability(p float64) Probability { return Probability(math.Min(1, math.Max(0, p))) }

// figure gives a value its error: the bracket's, the difference of two grids, or none.
func (e *exactRun) figure(value, coarse func(*year) float64, low, high func() float64) Figure {
	v := value(e.fine)
	switch {
	case e.down != nil:
		lo, hi := low(), high()
		return Figure{Amount(math.Min(math.Max(v, lo), hi)), Amount(lo), Amount(hi)}
	case e.coarse != nil:
		d := math.Abs(v - coarse(e.coarse))
		return Figure{Amount(v), Amount(math.Max(v-d, 0)), Amount(v + d)}
	}
	return exactly(v)
}

func (e *exactRun) quantileFigure(p float64) Figure {
	if p <= e.none {
		return Figure{}
	}
	q := func(y *year) float64 { return y.quantile(p) }
	return e.figure(q, q, func() float64 { return e.down.below(p) }, func() float64 { v, _ := e.up.above(p); return v })
}

func (e *exactRun) tvarFigure(p float64) Figure {
	t := func(y *year) float64 { return y.tvar(p, y.quantile(p)) }
	bound := func(y *year, v, sign float64) float64 {
		best, k := y.tvarAround(p, v)
		return best + float64(sign*y.slack(k)*float64(k+1)*y.h)/(1-p)
	}
	return e.figure(t, t, func() float64 { return bound(e.down, e.down.below(p), -1) }, func() float64 {
		v, _ := e.up.above(p)
		return bound(e.up, v, +1)
	})
}

// fill writes the figures to the result.
func (e *exactRun) fill(res *Result) {
	switch {
	case e.down != nil:
		res.Error.Kind = ErrorBracket
	case e.coarse != nil:
		res.Error.Kind = ErrorGrid
	default:
		res.Error.Kind = ErrorRounding
	}
	for _, p := range e.o.Levels {
		res.Quantiles = append(res.Quantiles, Quantile{p, e.quantileFigure(float64(p))})
	}
	for _, p := range e.o.TailLevels {
		res.Tails = append(res.Tails, Tail{p, e.quantileFigure(float64(p)), e.tvarFigure(float64(p))})
	}
	for _, p := range curveLevels {
		x := e.fine.quantile(1 - p)
		if n := len(res.Curve); n > 0 && float64(res.Curve[n-1].Loss) >= x {
			continue
		}
		at := e.exceedance(x)
		if n := len(res.Curve); n > 0 {
			// A sum rounded in its last place must not make the curve rise.
			at.Probability = min(at.Probability, res.Curve[n-1].Probability)
			at.Low = min(at.Low, at.Probability)
		}
		res.Curve = append(res.Curve, at)
	}
	e.fillOver(res)
	if e.o.Shares {
		res.Contributions = e.contributions(res.Tails)
	}
	res.measure()
}
