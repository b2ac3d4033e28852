package review

import "math/big"

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
	sum, term := new(big.Int), new(big.Int).Exp(good, big.NewInt(k), nil)
	choose, power := big.NewInt(1), big.NewInt(1)
	for i := int64(0); i <= k; i++ {
		term.Exp(good, big.NewInt(k-i), nil)
		term.Mul(term, choose)
		sum.Add(sum, term.Mul(term, power))
		choose.Mul(choose, big.NewInt(n-i))
		choose.Quo(choose, big.NewInt(i+1))
		power.Mul(power, bad)
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

// smallest returns the smallest number from lo to hi for which ok holds; ok must hold for hi, and for all above one for
// which it holds. It looks near lo first.
func smallest(lo, hi int64, ok func(int64) bool) int64 {
	for step := int64(1); lo+step < hi && step > 0; step *= 2 {
		if ok(lo + step - 1) {
			hi = lo + step - 1
			break
		}
		lo += step
	}
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
