package quant

import (
	"math"
	"slices"
)

// sortAmounts sorts numbers that are not negative. Three passes over the leading bits of their representation leave them
// almost in order, and insertion puts right what shares those bits; where that is too much work, a comparison sort takes
// over. The result is the sorted slice whichever way it came about.
func sortAmounts(x []float64) {
	const digits = 11
	room := make([]float64, len(x))
	var counts [3][1 << digits]int
	for _, v := range x {
		b := math.Float64bits(v)
		counts[0][b>>31&(1<<digits-1)]++
		counts[1][b>>42&(1<<digits-1)]++
		counts[2][b>>53]++
	}
	from, to := x, room
	for pass := range counts {
		c := &counts[pass]
		at := 0
		for d, n := range c {
			c[d] = at
			at += n
		}
		shift := uint(31 + digits*pass)
		for _, v := range from {
			d := math.Float64bits(v) >> shift & (1<<digits - 1)
			to[c[d]] = v
			c[d]++
		}
		from, to = to, from
	}
	copy(x, from)
	moves := 0
	for i := 1; i < len(x); i++ {
		v := x[i]
		j := i
		for ; j > 0 && x[j-1] > v; j-- {
			x[j] = x[j-1]
			moves++
		}
		x[j] = v
		if moves > 8*len(x)+64 {
			slices.Sort(x)
			return
		}
	}
}
