package quant

import (
	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// z95 is the 95 % point of the standard normal law.
const z95 = 1.6448536269514722

// Severity is the law of the loss of one event. The laws are [LognormalInterval], [Lognormal], [PERT], [Triangular],
// [Empirical], [Fixed] and [Layer] over any of them; the interface is closed so that every law has an exact form, a sampler
// and a place in the input hash.
type Severity interface {
	// Law returns the distribution of one loss. It is only meaningful for a severity without faults.
	Law() Law

	check(checker)
	write(*severityJSON)
}

// Law is the distribution of one loss, in units of its currency.
type Law struct{ loss loss }

// Mean returns the expected loss.
func (l Law) Mean() Amount { return Amount(l.loss.limited(inf)) }

// SecondMoment returns the mean of the squared loss.
func (l Law) SecondMoment() float64 { return l.loss.limited2(inf) }

// Variance returns the variance of the loss.
func (l Law) Variance() float64 {
	m := l.loss.limited(inf)
	return l.loss.limited2(inf) - float64(m*m)
}

// Exceeds returns the probability that the loss is above x.
func (l Law) Exceeds(x Amount) Probability { return Probability(l.loss.exceed(float64(x))) }

// Limited returns the mean of the loss cut off at x: what a limit of x leaves of it.
func (l Law) Limited(x Amount) Amount { return Amount(l.loss.limited(float64(x))) }

// Quantile returns the loss that is exceeded with probability 1-p.
func (l Law) Quantile(p Probability) Amount {
	return Amount(l.loss.quantile(float64(p), 1-float64(p)))
}

// LognormalInterval is a lognormal loss given by the interval that holds 90 % of the losses: one in twenty is below Low
// and one in twenty above High.
type LognormalInterval struct{ Low, High Money }

// Law returns the distribution of one loss.
func (s LognormalInterval) Law() Law {
	a, b := num.Log(float64(s.Low.Amount)), num.Log(float64(s.High.Amount))
	return Law{lognormalLoss{mu: 0.5 * (a + b), sigma: (b - a) / (2 * z95)}}
}

func (s LognormalInterval) check(c checker) {
	low, high := c.money("low", s.Low), c.money("high", s.High)
	if !low || !high || !c.positive("low", float64(s.Low.Amount)) {
		return
	}
	if s.Low.Amount >= s.High.Amount {
		c.fault(FaultBounds, "low", "is %v, not below high %v; put the smaller number first, or use Fixed", float64(s.Low.Amount), float64(s.High.Amount))
	}
}

func (s LognormalInterval) write(j *severityJSON) {
	j.Law, j.Low, j.High = "lognormal_interval", &s.Low, &s.High
}

// Lognormal is a lognormal loss given by the mean and the standard deviation of the logarithm of its amount in Currency.
type Lognormal struct {
	Mu, Sigma Number
	Currency  Currency
}

// Law returns the distribution of one loss.
func (s Lognormal) Law() Law { return Law{lognormalLoss{float64(s.Mu), float64(s.Sigma)}} }

func (s Lognormal) check(c checker) {
	c.money("currency", Money{Currency: s.Currency})
	if c.number("mu", float64(s.Mu)) && (s.Mu > 100 || s.Mu < -100) {
		c.fault(FaultOverflow, "mu", "is %v; e to that power is no amount of money", float64(s.Mu))
	}
	if c.positive("sigma", float64(s.Sigma)) && s.Sigma > 10 {
		c.fault(FaultOverflow, "sigma", "is %v; above 10 the mean lies where no loss ever falls", float64(s.Sigma))
	}
}

func (s Lognormal) write(j *severityJSON) {
	j.Law, j.Mu, j.Sigma, j.Currency = "lognormal", &s.Mu, &s.Sigma, s.Currency
}

// PERT is a bounded loss with a most likely value: a beta law on [Low,High] with a = 1 + gamma (mode-low)/(high-low) and
// b = 1 + gamma (high-mode)/(high-low). This is the standard definition; its mean is (low + gamma mode + high)/(gamma+2).
// Another one in use fits a standard deviation of (high-low)/(gamma+2) instead and misses the mode; this is not that one.
type PERT struct {
	Low, Mode, High Money
	// Gamma is the weight of the mode; 0 stands for the customary 4.
	Gamma Number
}

// Law returns the distribution of one loss.
func (s PERT) Law() Law {
	return Law{pertShape(float64(s.Low.Amount), float64(s.Mode.Amount), float64(s.High.Amount), float64(s.Gamma))}
}

func (s PERT) check(c checker) {
	c.gamma(s.Gamma)
	checkThree(c, s.Low, s.Mode, s.High)
}

func checkThree(c checker, low, mode, high Money) {
	a, b, d := c.money("low", low), c.money("mode", mode), c.money("high", high)
	if a && b && d {
		c.three(float64(low.Amount), float64(mode.Amount), float64(high.Amount))
	}
}

func (s PERT) write(j *severityJSON) {
	j.Law, j.Low, j.Mode, j.High, j.Gamma = "pert", &s.Low, &s.Mode, &s.High, given(s.Gamma)
}

// Triangular is a bounded loss whose density is a triangle.
type Triangular struct{ Low, Mode, High Money }

// Law returns the distribution of one loss.
func (s Triangular) Law() Law {
	if s.Low.Amount == s.High.Amount {
		return Law{newDiscreteLoss([]float64{float64(s.Low.Amount)}, []float64{1})}
	}
	return Law{triangularLoss{float64(s.Low.Amount), float64(s.Mode.Amount), float64(s.High.Amount)}}
}

func (s Triangular) check(c checker) { checkThree(c, s.Low, s.Mode, s.High) }
func (s Triangular) write(j *severityJSON) {
	j.Law, j.Low, j.Mode, j.High = "triangular", &s.Low, &s.Mode, &s.High
}

// Weighted is a loss with its weight. Weights need not add up to 1.
type Weighted struct {
	Loss   Money  `json:"loss"`
	Weight Number `json:"weight"`
}

// Empirical is a loss that takes one of the given values: own history, claims data, or whole-number losses.
type Empirical struct{ Losses []Weighted }

// Law returns the distribution of one loss.
func (s Empirical) Law() Law {
	values, weights := make([]float64, len(s.Losses)), make([]float64, len(s.Losses))
	for i, l := range s.Losses {
		values[i], weights[i] = float64(l.Loss.Amount), float64(l.Weight)
	}
	return Law{newDiscreteLoss(values, weights)}
}

func (s Empirical) check(c checker) {
	total := 0.0
	for i, l := range s.Losses {
		at := c.in("losses").in(itoa(i))
		at.money("loss", l.Loss)
		if at.notNegative("weight", float64(l.Weight)) {
			total += float64(l.Weight)
		}
	}
	if !(total > 0) || !finite(total) {
		c.fault(FaultWeights, "losses", "have a total weight of %v; it must be above zero and finite", total)
	}
}

func (s Empirical) write(j *severityJSON) { j.Law, j.Losses = "empirical", s.Losses }

// Fixed is the same loss every time.
type Fixed struct{ Loss Money }

// Law returns the distribution of one loss.
func (s Fixed) Law() Law {
	return Law{newDiscreteLoss([]float64{float64(s.Loss.Amount)}, []float64{1})}
}

func (s Fixed) check(c checker)       { c.money("loss", s.Loss) }
func (s Fixed) write(j *severityJSON) { j.Law, j.Loss = "fixed", &s.Loss }

// Layer is the part of a loss above a deductible and within a limit over it: what an insurance layer takes, or, without a
// limit, what is kept beyond the deductible. Both apply to each event; a limit on the sum of a year is a [Cap].
type Layer struct {
	Of         Severity
	Deductible Money
	// Limit is the most that is paid for one event; not set, there is none.
	Limit Money
}

// Law returns the distribution of one loss.
func (s Layer) Law() Law {
	limit := inf
	if !s.Limit.IsZero() {
		limit = float64(s.Limit.Amount)
	}
	out := layeredLoss{s.Of.Law().loss, float64(s.Deductible.Amount), limit}
	if d, ok := out.base.(discreteLoss); ok {
		values := make([]float64, len(d.values))
		for i, v := range d.values {
			values[i] = out.cut(v)
		}
		return Law{newDiscreteLoss(values, d.p)}
	}
	return Law{out}
}

func (s Layer) check(c checker) {
	if s.Of == nil {
		c.fault(FaultLaw, "of", "is missing; a layer lies over a severity")
	} else {
		s.Of.check(c.in("of"))
	}
	if !s.Deductible.IsZero() {
		c.money("deductible", s.Deductible)
	}
	if !s.Limit.IsZero() && c.money("limit", s.Limit) {
		c.positive("limit", float64(s.Limit.Amount))
	}
}

func (s Layer) write(j *severityJSON) {
	j.Law, j.Deductible, j.Limit = "layer", given(s.Deductible), given(s.Limit)
	j.Of = &severityJSON{}
	s.Of.write(j.Of)
}
