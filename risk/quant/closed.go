package quant

import "math"

// closedForm is a register of one scenario that happens at most once, or of scenarios that cost nothing: its year is zero
// with probability 1-p and one loss otherwise, and every figure has a formula.
type closedForm struct {
	p    float64
	loss loss
}

func (m *model) closedForm(mean float64) (closedForm, bool) {
	if mean == 0 {
		return closedForm{0, m.rows[0].loss}, true
	}
	if len(m.rows) != 1 || len(m.shocks) > 0 {
		return closedForm{}, false
	}
	r := m.rows[0]
	c, ok := r.count.(binomialCount)
	if _, tree := r.loss.(summedLoss); !ok || c.n != 1 || c.p == 0 || tree {
		return closedForm{}, false
	}
	return closedForm{c.p, r.loss}, true
}

func (c closedForm) exceed(x float64) float64 { return c.p * c.loss.exceed(x) }

func (c closedForm) quantile(q float64) float64 {
	above := (1 - q) / c.p // the share of the losses that lie above the quantile
	if above >= 1 {
		return 0
	}
	return c.loss.quantile(1-above, above)
}

func (c closedForm) tvar(q float64) float64 {
	v := c.quantile(q)
	return v + c.p*math.Max(0, c.loss.limited(inf)-c.loss.limited(v))/(1-q)
}

func (c closedForm) fill(e *exactRun, res *Result) {
	res.Error.Kind = ErrorRounding
	for _, p := range e.o.Levels {
		res.Quantiles = append(res.Quantiles, Quantile{p, exactly(c.quantile(float64(p)))})
	}
	point := func(x float64) Exceedance {
		p := clampProbability(c.exceed(x))
		return Exceedance{Amount(x), p, p, p}
	}
	for _, p := range curveLevels {
		x := c.quantile(1 - p)
		if n := len(res.Curve); n == 0 || float64(res.Curve[n-1].Loss) < x {
			res.Curve = append(res.Curve, point(x))
		}
	}
	for _, t := range e.o.Thresholds {
		res.Over = append(res.Over, point(float64(t.Amount)))
	}
	var tails []TailAmount
	for _, p := range e.o.TailLevels {
		t := c.tvar(float64(p))
		res.Tails = append(res.Tails, Tail{p, exactly(c.quantile(float64(p))), exactly(t)})
		tails = append(tails, TailAmount{p, Amount(t)})
	}
	for i, r := range e.m.rows {
		if e.o.Shares {
			res.Contributions = append(res.Contributions, Contribution{r.id, Amount(e.rows[i]), tails})
		}
	}
}
