package quant

import "math"

// exceedance is P(S > x) with its error.
func (e *exactRun) exceedance(x float64) Exceedance {
	p := 1 - e.fine.at(x)
	out := Exceedance{Loss: Amount(x), Probability: clampProbability(p)}
	low, high := p, p
	switch {
	case e.down != nil:
		k := min(int(x/e.down.h), len(e.down.cdf)-1)
		low, high = 1-e.down.cdf[k]-e.down.slack(k), 1-e.up.cdf[k]+e.up.slack(k)
		out.Probability = clampProbability(math.Min(math.Max(p, low), high))
	case e.coarse != nil:
		d := math.Abs(p - 1 + e.coarse.at(x))
		low, high = p-d, p+d
	}
	out.Low, out.High = clampProbability(low), clampProbability(high)
	return out
}

// curveLevels are the exceedance probabilities at which the curve is drawn.
var curveLevels = []float64{
	1, 0.99, 0.98, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.175, 0.15, 0.125,
	0.1, 0.08, 0.065, 0.05, 0.04, 0.03, 0.025, 0.02, 0.015, 0.0125, 0.01, 0.008, 0.0065, 0.005, 0.004, 0.003, 0.0025, 0.002,
	0.0015, 0.00125, 0.001,
}

// fillOver writes the probabilities of exceeding the thresholds. Thresholds beyond the grid get a grid of their own.
func (e *exactRun) fillOver(res *Result) {
	far := 0.0
	for _, t := range e.o.Thresholds {
		far = math.Max(far, float64(t.Amount))
	}
	near := e
	wide := e
	limit := 0.98 * e.fine.top()
	if e.down != nil {
		limit = math.Min(limit, 0.98*e.down.top())
	}
	if far > limit {
		w := *e
		w.reach = far * 1.05
		w.o.Shares = false
		n := e.fineGrid.n
		if e.lattice > 0 && e.coarse == nil {
			w.coarse = nil
			n = maxGrid
		} else {
			w.coarse = newGrid(n/2, w.reach/float64(n/2)).newYear(e.m, keepMean, nil)
			w.coarse.none = e.none
		}
		w.fineGrid = newGrid(n, w.reach/float64(n))
		w.fine = w.build(w.fineGrid)
		if e.down != nil {
			g := newGrid(len(e.down.cdf), w.reach/float64(len(e.down.cdf)))
			w.down, w.up = g.newYear(e.m, roundDown, nil), g.newYear(e.m, roundUp, nil)
		}
		wide = &w
	}
	for _, t := range e.o.Thresholds {
		run := near
		if float64(t.Amount) > limit {
			run = wide
		}
		res.Over = append(res.Over, run.exceedance(float64(t.Amount)))
	}
}
