package quant

import "math"

// Comparison is what controls change: the same register before and after them, under the same rows. The exact engine
// takes the difference of two exact distributions; Monte Carlo uses the same draws for both, so that what the controls
// leave alone cancels.
type Comparison struct {
	Before Result `json:"before"`
	After  Result `json:"after"`
	// ALE is the expected loss that the controls save in a year, Quantiles and Tails what they take off those figures.
	// For Monte Carlo, Low and High of the ALE are a 95 % confidence interval from the differences year by year; those of
	// quantiles and tails combine the two intervals and are wider than 95 % asks for.
	ALE       Figure     `json:"ale"`
	Quantiles []Quantile `json:"quantiles,omitempty"`
	Tails     []Tail     `json:"tails,omitempty"`
	// Cost is what the controls cost together in a year, each counted once, and ROSI the return on it. Where one of the
	// costs is not known there is neither, and NoROSI says so.
	Cost   Money   `json:"cost,omitzero"`
	ROSI   *Number `json:"rosi,omitempty"`
	NoROSI string  `json:"no_rosi,omitempty"`
}

// Compare quantifies the register as it is and with the controls.
func Compare(r Register, controls []Control, o Options) (Comparison, error) {
	before, err := prepare(r, o)
	if err != nil {
		return Comparison{}, err
	}
	after, err := prepare(r.With(controls...), o)
	if err != nil {
		return Comparison{}, err
	}
	o = o.filled()
	var c Comparison
	if before.why == "" && after.why == "" {
		var ok1, ok2 bool
		c.Before, ok1 = before.model.exact(o)
		c.After, ok2 = after.model.exact(o)
		if ok1 && ok2 {
			c.ALE = exactly(float64(c.Before.ALE.Value - c.After.ALE.Value))
		} else {
			why, err := before.model.tooCoarse(o)
			if err != nil {
				return Comparison{}, err
			}
			before.why, after.why = why, why
		}
	}
	if before.why != "" || after.why != "" {
		if err := before.model.tooManyDraws(o); err != nil {
			return Comparison{}, err
		}
		c.simulate(before, after, o)
	}
	c.Before, c.After = before.sign(c.Before), after.sign(c.After)
	for i, q := range c.Before.Quantiles {
		c.Quantiles = append(c.Quantiles, Quantile{q.Level, difference(q.Loss, c.After.Quantiles[i].Loss)})
	}
	for i, t := range c.Before.Tails {
		a := c.After.Tails[i]
		c.Tails = append(c.Tails, Tail{t.Level, difference(t.VaR, a.VaR), difference(t.TVaR, a.TVaR)})
	}
	c.value(controls, r.Currency)
	return c, nil
}

// simulate runs both registers on the same draws.
func (c *Comparison) simulate(before, after *job, o Options) {
	b, a := newSimulator(before.model, o), newSimulator(after.model, o)
	x, y := b.run(o.Workers), a.run(o.Workers)
	saved := make([]float64, len(x))
	for i := range saved {
		saved[i] = x[i] - y[i]
	}
	s := newSummary(saved)
	half := z975 * s.sd / math.Sqrt(s.n)
	c.ALE = Figure{Amount(s.mean), Amount(s.mean - half), Amount(s.mean + half)}
	c.Before = b.summarise(x, o, before.why)
	c.After = a.summarise(y, o, after.why)
}

func difference(a, b Figure) Figure {
	return Figure{a.Value - b.Value, a.Low - b.High, a.High - b.Low}
}

// value fills in cost and return.
func (c *Comparison) value(controls []Control, currency Currency) {
	total := Money{Currency: currency}
	for _, ct := range controls {
		if ct.Cost.IsZero() {
			c.NoROSI = "The cost of control " + ct.ID + " is not known."
			return
		}
		total.Amount += ct.Cost.Amount
	}
	c.Cost = total
	if total.Amount == 0 {
		c.NoROSI = "The controls cost nothing; a return on nothing has no number."
		return
	}
	r := ROSI(c.ALE.Value, total.Amount)
	c.ROSI = &r
}
