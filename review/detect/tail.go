package detect

import (
	"math"
	"slices"
)

// The products below are rounded one by one, float64(a*b), so that no processor fuses them and a count at the edge of a
// setting falls on the same side everywhere.

// overdispersed is a negative binomial distribution of counts: a Poisson distribution whose mean itself varies.
type overdispersed struct {
	mean float64
	size float64 // mean²/(variance-mean); +Inf is a Poisson distribution
}

// fit fits a negative binomial by moments to a sum and a sum of squares of n counts. The variance is taken to be half a
// count above the mean at least, so that a calm history does not make the next busy day impossible.
func fit(n int, sum, squares float64) overdispersed {
	if n == 0 {
		return overdispersed{}
	}
	mean := (sum + 0.5) / (float64(n) + 0.5)
	variance := mean + 0.5
	if n > 1 {
		variance = max(variance, (squares-sum/float64(n)*sum)/float64(n-1))
	}
	return overdispersed{mean: mean, size: float64(mean*mean) / (variance - mean)}
}

// logOf is the logarithm of the probability of k.
func (d overdispersed) logOf(k float64) float64 {
	a, _ := math.Lgamma(k + d.size)
	b, _ := math.Lgamma(d.size)
	c, _ := math.Lgamma(k + 1)
	return a - b - c + float64(d.size*math.Log(d.size/(d.size+d.mean))) + float64(k*math.Log(d.mean/(d.size+d.mean)))
}

// upper is the probability of k or more.
func (d overdispersed) upper(k int) float64 {
	if k <= 0 {
		return 1
	}
	if float64(k) <= d.mean {
		return 1 - d.sum(0, k)
	}
	return d.sum(k, math.MaxInt)
}

// lower is the probability of k or fewer.
func (d overdispersed) lower(k int) float64 {
	if float64(k) >= d.mean {
		return 1 - d.sum(k+1, math.MaxInt)
	}
	return d.sum(0, k+1)
}

// sum adds the probabilities from k to before end, away from the mean, until what is left adds nothing.
func (d overdispersed) sum(from, end int) float64 {
	if d.mean <= 0 || from >= end {
		return 0
	}
	odds := d.mean / (d.size + d.mean)
	if end != math.MaxInt { // downwards from the largest term
		term := math.Exp(d.logOf(float64(end - 1)))
		total := 0.0
		for k := end - 1; k >= from && k > end-10_000_000 && term > 0; k-- {
			total += term
			if k == 0 || term < float64(total*1e-17) {
				break
			}
			term = float64(term*float64(k)) / float64((float64(k-1)+d.size)*odds)
		}
		return min(total, 1)
	}
	term := math.Exp(d.logOf(float64(from)))
	total := 0.0
	for k, steps := float64(from), 0; steps < 10_000_000; k, steps = k+1, steps+1 {
		total += term
		if term <= float64(total*1e-17) {
			break
		}
		term = float64(term*float64((k+d.size)*odds)) / (k + 1)
	}
	return min(total, 1)
}

// betaBinomial is the probability of k or more of n where the share of each day varies like a beta distribution with
// these parameters.
func betaBinomial(k, n int, alpha, beta float64) float64 {
	lb := func(a, b float64) float64 {
		x, _ := math.Lgamma(a)
		y, _ := math.Lgamma(b)
		z, _ := math.Lgamma(a + b)
		return x + y - z
	}
	total, base := 0.0, lb(alpha, beta)
	for i := n; i >= k; i-- {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		total += math.Exp(a - b - c + lb(float64(i)+alpha, float64(n-i)+beta) - base)
	}
	return min(total, 1)
}

// binomialUpper is the probability of k or more of n with probability p each.
func binomialUpper(k, n int64, p float64) float64 {
	if k <= 0 || p >= 1 {
		return 1
	}
	if p <= 0 || k > n {
		return 0
	}
	if float64(k) <= float64(float64(n)*p) {
		return 1 // it is not beyond what is expected, which is all that is asked
	}
	a, _ := math.Lgamma(float64(n) + 1)
	b, _ := math.Lgamma(float64(k) + 1)
	c, _ := math.Lgamma(float64(n-k) + 1)
	term := math.Exp(a - b - c + float64(float64(k)*math.Log(p)) + float64(float64(n-k)*math.Log1p(-p)))
	total, odds := 0.0, p/(1-p)
	for i := k; i <= n; i++ {
		total += term
		if term <= float64(total*1e-17) {
			break
		}
		term = float64(float64(term*float64(n-i))*odds) / float64(i+1)
	}
	return min(total, 1)
}

// oneIn writes a small probability as one in a power of ten that it does not exceed: figures that differ between
// processors in the last place are the same words.
func oneIn(p float64) string {
	power, words := 1e-1, "1 in 10"
	for range 12 {
		if p > power/10 {
			break
		}
		power /= 10
		words += "0"
	}
	if p > 1e-1 {
		return "1 in 1"
	}
	return words
}

// median of values, which it puts in order; 0 for none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
