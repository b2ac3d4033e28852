package quant

import (
	"math"
	"slices"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// count is the compiled law of the number of events in a year.
type count interface {
	mean() float64
	variance() float64
	none() float64 // P(N = 0)
	// pgf is E[z^N] for |z| <= 1, and ratio its derivative over itself.
	pgf(z complex128) complex128
	ratio(z complex128) complex128
	// thin multiplies the rate by f, as if each event were kept with probability f. It is false where the law has no
	// room for f above 1.
	thin(f float64) (count, bool)
	// pmf returns P(N = first), P(N = first+1), ... until less than 1e-17 is left on either side.
	pmf() (first int, p []float64)
}

type poissonCount struct{ rate float64 }

func (c poissonCount) mean() float64     { return c.rate }
func (c poissonCount) variance() float64 { return c.rate }
func (c poissonCount) none() float64     { return num.Exp(-c.rate) }
func (c poissonCount) pgf(z complex128) complex128 {
	return num.Cexp(complex(c.rate*(real(z)-1), c.rate*imag(z)))
}

func (c poissonCount) ratio(complex128) complex128  { return complex(c.rate, 0) }
func (c poissonCount) thin(f float64) (count, bool) { return poissonCount{c.rate * f}, true }
func (c poissonCount) pmf() (int, []float64)        { return poissonPMF(c.rate) }

// poissonPMF starts at the mode and multiplies its way outwards, so nothing underflows on the way.
func poissonPMF(rate float64) (first int, p []float64) {
	mode := math.Floor(rate)
	top := num.Exp(float64(mode*num.Log(math.Max(rate, 1e-300))) - rate - num.Lgamma(mode+1))
	if rate == 0 {
		return 0, []float64{1}
	}
	var low, high []float64
	for k, v := mode, top; k >= 1 && v > 1e-18; k-- {
		v *= k / rate
		low = append(low, v)
	}
	for k, v := mode, top; v > 1e-18; k++ {
		high = append(high, v)
		v *= rate / (k + 1)
	}
	for i := len(low) - 1; i >= 0; i-- {
		p = append(p, low[i])
	}
	p = append(p, high...)
	sum := 0.0
	for _, v := range p {
		sum += v
	}
	for k := range p { // at large rates the value at the mode is only good to some digits
		p[k] /= sum
	}
	return int(mode) - len(low), p
}

// binomialCount is at most n events, each with probability p: at most once a year with n = 1, a fixed number with p = 1.
type binomialCount struct {
	n int
	p float64
}

func (c binomialCount) mean() float64     { return float64(c.n) * c.p }
func (c binomialCount) variance() float64 { return float64(c.n) * c.p * (1 - c.p) }
func (c binomialCount) none() float64     { return wholePower(1-c.p, c.n) }
func (c binomialCount) pgf(z complex128) complex128 {
	return complexPower(complex(1-c.p+float64(c.p*real(z)), c.p*imag(z)), c.n)
}

func (c binomialCount) ratio(z complex128) complex128 {
	b := complex(1-c.p+float64(c.p*real(z)), c.p*imag(z))
	if b == 0 {
		return 0
	}
	return num.Mul(complex(c.mean(), 0), num.Inv(b))
}

func (c binomialCount) thin(f float64) (count, bool) {
	p := c.p * f
	return binomialCount{c.n, math.Min(p, 1)}, p <= 1
}

func (c binomialCount) pmf() (int, []float64) {
	p := []float64{1}
	for range c.n {
		next := make([]float64, len(p)+1)
		for i, v := range p {
			next[i] += float64(v * (1 - c.p))
			next[i+1] += float64(v * c.p)
		}
		p = next
	}
	return 0, p
}

func wholePower(x float64, n int) float64 { return real(complexPower(complex(x, 0), n)) }

func complexPower(z complex128, n int) complex128 {
	out := complex(1, 0)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			out = num.Mul(out, z)
		}
		z = num.Mul(z, z)
	}
	return out
}

// negativeCount is negative binomial: P(N=0) = q^r, mean r(1-q)/q.
type negativeCount struct{ r, q float64 }

func (c negativeCount) mean() float64     { return c.r * (1 - c.q) / c.q }
func (c negativeCount) variance() float64 { return c.mean() / c.q }
func (c negativeCount) none() float64     { return num.Pow(c.q, c.r) }
func (c negativeCount) pgf(z complex128) complex128 {
	l := num.Clog(complex(1-float64((1-c.q)*real(z)), -(1-c.q)*imag(z)))
	return num.Cexp(complex(c.r*(num.Log(c.q)-real(l)), -c.r*imag(l)))
}

func (c negativeCount) ratio(z complex128) complex128 {
	return num.Mul(complex(c.r*(1-c.q), 0), num.Inv(complex(1-float64((1-c.q)*real(z)), -(1-c.q)*imag(z))))
}

// thin keeps r: a thinned negative binomial is one with the same r and the smaller mean.
func (c negativeCount) thin(f float64) (count, bool) {
	if f == 0 {
		return poissonCount{}, true
	}
	return negativeCount{c.r, c.r / (c.r + float64(c.mean()*f))}, true
}

func (c negativeCount) pmf() (int, []float64) {
	var p []float64
	v, left := c.none(), 1.0
	for k := 0.0; left > 1e-17 && k < 1e7; k++ {
		p = append(p, v)
		left -= v
		if v < 1e-18 && k > c.mean() {
			break
		}
		v *= (k + c.r) / (k + 1) * (1 - c.q)
	}
	return 0, p
}

// mixedCount is Poisson with a rate that is itself uncertain: rates with weights that add up to 1.
type mixedCount struct {
	rates, weights []float64
	p              []float64 // its probabilities from 0 on, where there are few enough to sum
}

// hornerTerms is up to how many terms the generating function is summed as a polynomial.
const hornerTerms = 200

func newMixedCount(rates, weights []float64) mixedCount {
	c := mixedCount{rates: rates, weights: weights}
	if slices.Max(rates) >= hornerTerms { // then its law reaches beyond, and is long to compute
		return c
	}
	first, p := c.pmf()
	if first+len(p) <= hornerTerms {
		c.p = append(make([]float64, first), p...)
	}
	return c
}

func (c mixedCount) mean() float64 { return c.expect(func(l float64) float64 { return l }) }
func (c mixedCount) none() float64 { return c.expect(func(l float64) float64 { return num.Exp(-l) }) }
func (c mixedCount) variance() float64 {
	m := c.mean()
	return m + c.expect(func(l float64) float64 { return (l - m) * (l - m) })
}

func (c mixedCount) expect(f func(float64) float64) float64 {
	sum := 0.0
	for i, l := range c.rates {
		sum += float64(c.weights[i] * f(l))
	}
	return sum
}

func (c mixedCount) pgf(z complex128) complex128 {
	if c.p != nil {
		s := complex(0, 0)
		for k := len(c.p) - 1; k >= 0; k-- {
			s = num.Mul(s, z) + complex(c.p[k], 0)
		}
		return s
	}
	return c.sum(z, func(float64) float64 { return 1 })
}

func (c mixedCount) ratio(z complex128) complex128 {
	s := complex(0, 0)
	if c.p == nil {
		s = c.sum(z, func(l float64) float64 { return l })
	}
	for k := len(c.p) - 1; k >= 1; k-- {
		s = num.Mul(s, z) + complex(float64(float64(k)*c.p[k]), 0)
	}
	return num.Mul(s, num.Inv(c.pgf(z)))
}

func (c mixedCount) sum(z complex128, factor func(float64) float64) complex128 {
	s := complex(0, 0)
	for i, l := range c.rates {
		w := c.weights[i] * factor(l)
		s += num.Mul(complex(w, 0), poissonCount{l}.pgf(z))
	}
	return s
}

func (c mixedCount) thin(f float64) (count, bool) {
	rates := make([]float64, len(c.rates))
	for i, l := range c.rates {
		rates[i] = l * f
	}
	return newMixedCount(rates, c.weights), true
}

func (c mixedCount) pmf() (int, []float64) {
	// One law after the other, so that no more than one is in memory beside the sum.
	from := math.MaxInt
	var p []float64
	for i, l := range c.rates {
		first, part := poissonPMF(l)
		from = min(from, first)
		if n := first + len(part) - len(p); n > 0 {
			p = append(p, make([]float64, n)...)
		}
		for k, v := range part {
			p[first+k] += float64(c.weights[i] * v)
		}
	}
	return from, p[from:]
}
