package quant

import "github.com/hipaasmp/hipaasmp/risk/quant/internal/num"

// MaxRate is the largest number of events in a year that one scenario may have. More of them are routine losses, not
// events: their sum is a budget line, and no grid holds both them and a breach.
const MaxRate Rate = 1e6

// maxFixed bounds a fixed number of events.
const maxFixed = 1000

// Frequency is the law of the number of events in a year. The laws are [Poisson], [AtMostOnce], [NegativeBinomial],
// [PoissonPERT], [FixedCount] and [RateTimesLoss]; the interface is closed so that every law has an exact form, a sampler
// and a place in the input hash.
type Frequency interface {
	// Mean is the expected number of events in a year.
	Mean() Rate
	// Variance is the variance of the number of events in a year.
	Variance() float64
	// None is the probability of a year without an event.
	None() Probability

	count() count
	check(checker)
	write(*frequencyJSON)
}

// Poisson is a number of independent events at a constant rate.
type Poisson struct{ Rate Rate }

// Mean returns the rate.
func (f Poisson) Mean() Rate { return f.Rate }

// Variance returns the rate.
func (f Poisson) Variance() float64 { return float64(f.Rate) }

// None returns e^-rate.
func (f Poisson) None() Probability { return Probability(f.count().none()) }

func (f Poisson) count() count           { return poissonCount{float64(f.Rate)} }
func (f Poisson) check(c checker)        { c.rate("rate", f.Rate) }
func (f Poisson) write(j *frequencyJSON) { j.Law, j.Rate = "poisson", &f.Rate }

// AtMostOnce is one event in a year, or none: the one-for-one model of Hubbard and Seiersen. It caps a scenario at one
// event a year; where the true rate is 2 it loses more than half of the expected loss.
type AtMostOnce struct{ Probability Probability }

// Mean returns the probability.
func (f AtMostOnce) Mean() Rate { return Rate(f.Probability) }

// Variance returns p(1-p).
func (f AtMostOnce) Variance() float64 { return f.count().variance() }

// None returns 1-p.
func (f AtMostOnce) None() Probability { return 1 - f.Probability }

func (f AtMostOnce) count() count           { return binomialCount{1, float64(f.Probability)} }
func (f AtMostOnce) check(c checker)        { c.probability("probability", f.Probability) }
func (f AtMostOnce) write(j *frequencyJSON) { j.Law, j.Probability = "at_most_once", &f.Probability }

// NegativeBinomial is a number of events that cluster: its variance exceeds its mean.
type NegativeBinomial struct {
	// MeanEvents is the expected number of events in a year.
	MeanEvents Rate
	// VarianceEvents is the variance of that number; above the mean.
	VarianceEvents Number
}

// Mean returns MeanEvents.
func (f NegativeBinomial) Mean() Rate { return f.MeanEvents }

// Variance returns VarianceEvents.
func (f NegativeBinomial) Variance() float64 { return float64(f.VarianceEvents) }

// None returns q^r with q = mean/variance and r = mean²/(variance-mean).
func (f NegativeBinomial) None() Probability { return Probability(f.count().none()) }

func (f NegativeBinomial) count() count {
	m, v := float64(f.MeanEvents), float64(f.VarianceEvents)
	return negativeCount{r: m * m / (v - m), q: m / v}
}

func (f NegativeBinomial) check(c checker) {
	if !c.rate("mean", f.MeanEvents) || !c.positive("mean", float64(f.MeanEvents)) || !c.number("variance", float64(f.VarianceEvents)) {
		return
	}
	switch m, v := float64(f.MeanEvents), float64(f.VarianceEvents); {
	case v <= m:
		c.fault(FaultVariance, "variance", "is %v, not above the mean %v; use Poisson for a variance equal to the mean", v, m)
	case v > maxClusters*m:
		c.fault(FaultOverflow, "variance", "is %v, more than %v times the mean %v; the grid cannot carry such clusters, model a cluster as one loss", v, float64(maxClusters), m)
	}
}

// maxClusters bounds the variance of a number of events as a multiple of its mean.
const maxClusters = 1e6

func (f NegativeBinomial) write(j *frequencyJSON) {
	j.Law, j.Mean, j.Variance = "negative_binomial", &f.MeanEvents, &f.VarianceEvents
}

// PoissonPERT is a number of events at a constant rate that is not known: the rate is PERT, which is our ignorance, and the
// events given the rate are Poisson, which is chance.
type PoissonPERT struct {
	Low, Mode, High Rate
	// Gamma is the weight of the mode; 0 stands for the customary 4.
	Gamma Number
}

// Mean returns (low + gamma*mode + high)/(gamma+2).
func (f PoissonPERT) Mean() Rate { return Rate(f.shape().limited(inf)) }

// Variance returns the mean plus the variance of the rate.
func (f PoissonPERT) Variance() float64 {
	m := f.shape().limited(inf)
	return m + (f.shape().limited2(inf) - float64(m*m))
}

// None returns the mean of e^-rate.
func (f PoissonPERT) None() Probability { return Probability(f.count().none()) }

func (f PoissonPERT) shape() loss {
	return pertShape(float64(f.Low), float64(f.Mode), float64(f.High), float64(f.Gamma))
}

func (f PoissonPERT) count() count {
	return mixture(estimate{float64(f.Low), float64(f.Mode), float64(f.High), float64(f.Gamma)})
}

func (f PoissonPERT) check(c checker) {
	c.gamma(f.Gamma)
	if c.rate("low", f.Low) && c.rate("mode", f.Mode) && c.rate("high", f.High) {
		c.three(float64(f.Low), float64(f.Mode), float64(f.High))
		if f.High-f.Low > maxSpread {
			c.fault(FaultOverflow, "high", "is more than %v events a year above the low one; so wide an estimate says nothing of the year, and the grid cannot carry it", float64(maxSpread))
		}
	}
}

// maxSpread is how far apart the bounds of an uncertain rate may lie: beyond it the exact engine runs for minutes.
const maxSpread Rate = 10_000

func (f PoissonPERT) write(j *frequencyJSON) {
	j.Law, j.Low, j.Mode, j.High, j.Gamma = "poisson_pert", &f.Low, &f.Mode, &f.High, given(f.Gamma)
}

// FixedCount is the same number of events every year.
type FixedCount struct{ Events int }

// Mean returns the number.
func (f FixedCount) Mean() Rate { return Rate(f.Events) }

// Variance returns 0.
func (f FixedCount) Variance() float64 { return 0 }

// None returns 1 if the number is 0, and otherwise 0.
func (f FixedCount) None() Probability { return Probability(f.count().none()) }

func (f FixedCount) count() count { return binomialCount{f.Events, 1} }
func (f FixedCount) check(c checker) {
	switch {
	case f.Events < 0:
		c.fault(FaultSign, "events", "is %d; it must not be negative", f.Events)
	case f.Events > maxFixed:
		c.fault(FaultOverflow, "events", "is %d, more than %d; use Poisson", f.Events, maxFixed)
	}
}
func (f FixedCount) write(j *frequencyJSON) { j.Law, j.Events = "fixed", &f.Events }

// RateTimesLoss is no law of events: the loss of a year is a PERT rate times one loss. Some tools compute so. Every event
// of a year then costs the same and no year is without loss, so the spread comes out too small; the law is here to
// reproduce such figures, and only Monte Carlo computes it.
type RateTimesLoss struct {
	Low, Mode, High Rate
	// Gamma is the weight of the mode; 0 stands for the customary 4.
	Gamma Number
}

// Mean returns (low + gamma*mode + high)/(gamma+2).
func (f RateTimesLoss) Mean() Rate { return Rate(f.shape().limited(inf)) }

// Variance returns the variance of the rate.
func (f RateTimesLoss) Variance() float64 {
	m := f.shape().limited(inf)
	return f.shape().limited2(inf) - float64(m*m)
}

// None returns 0 unless the rate is always 0.
func (f RateTimesLoss) None() Probability {
	if f.High == 0 {
		return 1
	}
	return 0
}

func (f RateTimesLoss) shape() loss {
	return pertShape(float64(f.Low), float64(f.Mode), float64(f.High), float64(f.Gamma))
}
func (f RateTimesLoss) count() count    { return nil }
func (f RateTimesLoss) check(c checker) { PoissonPERT(f).check(c) }
func (f RateTimesLoss) write(j *frequencyJSON) {
	j.Law, j.Low, j.Mode, j.High, j.Gamma = "rate_times_loss", &f.Low, &f.Mode, &f.High, given(f.Gamma)
}

// given is nil for the zero value.
func given[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// estimate is a compiled PERT estimate; low = high is a single value.
type estimate struct{ low, mode, high, gamma float64 }

// mixture returns the law of a Poisson number of events whose rate is the product of independent estimates.
func mixture(factors ...estimate) count {
	rates, weights := []float64{1}, []float64{1}
	spread := 0
	for _, e := range factors {
		if e.low < e.high {
			spread++
		}
	}
	for _, e := range factors {
		n := []int{0, 40, 24, 16}[min(spread, 3)]
		if e.low == e.high {
			for i := range rates {
				rates[i] *= e.low
			}
			continue
		}
		if spread == 1 {
			// The nodes must stand closer together than a Poisson law of that rate is wide.
			for r := e.high - e.low; float64(n-40)*float64(n-40) < 64*r; {
				n += 8
			}
		}
		a, b := pertParameters(e.low, e.mode, e.high, e.gamma)
		x, w := num.GaussBeta(n, a, b)
		var nr, nw []float64
		for i, r := range rates {
			for k := range x {
				nr = append(nr, r*(e.low+float64((e.high-e.low)*x[k])))
				nw = append(nw, weights[i]*w[k])
			}
		}
		rates, weights = nr, nw
	}
	if len(rates) == 1 {
		return poissonCount{rates[0]}
	}
	return newMixedCount(rates, weights)
}
