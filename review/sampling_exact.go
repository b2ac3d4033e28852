package review

import (
	"math"
	"math/big"
)

// The tails below are compared in integers, so that a size or a limit never depends on how a machine rounds.

// tail reports whether a probability, given as a numerator and a denominator, is at most alpha.
func tail(num, den *big.Int, alpha *big.Rat) bool {
	left := new(big.Int).Mul(num, alpha.Denom())
	return left.Cmp(new(big.Int).Mul(den, alpha.Num())) <= 0
}

// binomialTail reports whether k deviations or fewer in n independent entries, each deviating with probability p, have a
// probability of at most alpha.
func binomialTail(n, k int64, p, alpha *big.Rat) bool {
	if k >= n {
		return alpha.Cmp(big.NewRat(1, 1)) >= 0
	}
	bad, all := p.Num(), p.Denom()
	good := new(big.Int).Sub(all, bad)
	// The sum over i of C(n,i) bad^i good^(k-i), to be multiplied by good^(n-k).
	sum, term := new(big.Int), big.NewInt(1)
	for i := int64(0); i <= k; i++ {
		sum.Add(sum.Mul(sum, good), term) // term is C(n,i) bad^i
		term.Mul(term.Mul(term, big.NewInt(n-i)), bad)
		term.Quo(term, big.NewInt(i+1))
	}
	sum.Mul(sum, new(big.Int).Exp(good, big.NewInt(n-k), nil))
	return tail(sum, new(big.Int).Exp(all, big.NewInt(n), nil), alpha)
}

// hypergeometricTail reports whether k deviations or fewer in a sample of n out of population entries, of which bad
// deviate, have a probability of at most alpha.
func hypergeometricTail(population, bad, n, k int64, alpha *big.Rat) bool {
	if n < bad { // the probability is the same with the two exchanged, and the numbers are smaller
		n, bad = bad, n
	}
	if k >= bad {
		return alpha.Cmp(big.NewRat(1, 1)) >= 0
	}
	// Of the fewer, i are among the more; below least there is not enough room outside of them.
	least := max(0, bad-(population-n))
	sum := new(big.Int)
	if least <= k {
		term := choose(n, least)
		term.Mul(term, choose(population-n, bad-least))
		for i := least; ; i++ {
			sum.Add(sum, term)
			if i == k {
				break
			}
			term.Mul(term, big.NewInt(n-i))
			term.Mul(term, big.NewInt(bad-i))
			term.Quo(term, new(big.Int).Mul(big.NewInt(i+1), big.NewInt(population-n-bad+i+1)))
		}
	}
	return tail(sum, choose(population, bad), alpha)
}

// choose returns the number of ways to choose k of n.
func choose(n, k int64) *big.Int {
	if k < 0 || k > n {
		return new(big.Int)
	}
	k = min(k, n-k)
	top := new(big.Int).MulRange(n-k+1, n)
	return top.Quo(top, new(big.Int).MulRange(1, k))
}

// roughTail is the logarithm of the probability of [hypergeometricTail], as far as a machine computes it. It says where to
// look, and decides nothing.
func roughTail(population, bad, n, k int64) float64 {
	k = min(k, n, bad)
	least := max(0, n-(population-bad))
	if least > k {
		return math.Inf(-1)
	}
	last := logChoose(bad, k) + logChoose(population-bad, n-k) - logChoose(population, n)
	sum, ratio := 1.0, 1.0
	for i := k; i > least && ratio > 1e-18; i-- { // from the term of i to that of i-1
		ratio *= float64(i) * float64(population-bad-n+i) / (float64(bad-i+1) * float64(n-i+1))
		sum += ratio
	}
	return last + math.Log(sum)
}

func logChoose(n, k int64) float64 {
	lg := func(x int64) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	return lg(n) - lg(k) - lg(n-k)
}

// smallest returns the smallest number from lo to hi for which ok holds; ok must hold for hi, and for all above one for
// which it holds. Where rough finds the place, or one close by, ok is asked a few times only.
func smallest(lo, hi int64, rough, ok func(int64) bool) int64 {
	guess := bisect(lo, hi, rough)
	if ok(guess) {
		hi = guess
		for step := int64(1); hi > lo; step *= 2 {
			if at := max(lo, hi-step); ok(at) {
				hi = at
			} else {
				lo = at + 1
				break
			}
		}
	} else {
		lo = guess + 1
		for step := int64(1); lo+step-1 < hi; step *= 2 {
			if at := lo + step - 1; ok(at) {
				hi = at
				break
			} else {
				lo = at + 1
			}
		}
	}
	return bisect(lo, hi, ok)
}

// bisect is smallest without a guess.
func bisect(lo, hi int64, ok func(int64) bool) int64 {
	for lo < hi {
		mid := lo + (hi-lo)/2
		if ok(mid) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}
