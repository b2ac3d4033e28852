package quant

import (
	"math"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// QuantileRanks returns the ranks, counted from 1, of the two order statistics among n independent draws between which the
// quantile at q lies with a probability of at least 95 %, whatever the law: exact, from the binomial law of how many draws
// fall below it. Where the sample is too small for a bound, the rank is 0 or n+1.
func QuantileRanks(n int, q Probability) (low, high int) {
	p := float64(q)
	atMost := func(k int) float64 { // P(at most k of n draws fall below the quantile)
		switch {
		case k < 0:
			return 0
		case k >= n:
			return 1
		}
		return num.NewBeta(float64(n-k), float64(k+1)).CDF(1-p, p)
	}
	mid := float64(n) * p
	width := int(6*math.Sqrt(float64(n)*p*(1-p))) + 10
	search := func(above float64) int { // the smallest k with atMost(k) > above
		lo, hi := max(-1, int(mid)-width), min(n, int(mid)+width)
		for hi-lo > 1 {
			if m := (lo + hi) / 2; atMost(m) > above {
				hi = m
			} else {
				lo = m
			}
		}
		return hi
	}
	low = search(0.025)
	high = search(0.975)
	if atMost(high-1) >= 0.975 {
		high--
	}
	return low, high + 1
}

// proportion returns the exact 95 % confidence interval of a probability of which k of n draws were seen (Clopper and
// Pearson, 1934).
func proportion(k, n int) (low, high float64) {
	high = 1
	if k > 0 {
		low, _ = num.NewBeta(float64(k), float64(n-k+1)).Quantile(0.025, 0.975)
	}
	if k < n {
		high, _ = num.NewBeta(float64(k+1), float64(n-k)).Quantile(0.975, 0.025)
	}
	return low, high
}
