package quant

import (
	"math"
	"sort"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// year is the distribution of a register's annual loss on a grid.
type year struct {
	h       float64
	cdf     []float64 // P(S <= k h) of the loss on the grid, never falling
	none    float64   // P(S = 0), exactly
	mean    float64   // of the loss on the grid: exact, or the bound that its rounding gives
	lattice bool      // every loss lies on the grid, so the year does too
	norm    float64   // of the tilted masses, and
	rate    float64   // events a year: the rounding errors are in proportion
	limits  []float64 // E[min(S, k h)]
}

// newYear computes the year: one pass over the rows for each combination of shocks, mixed by its probability. With keep
// not nil, the masses of each combination are appended to it.
func (g *grid) newYear(m *model, how rounding, keep *[][]float64) *year {
	y := &year{h: g.h, cdf: make([]float64, g.n)}
	a := make([]float64, g.n)
	for s := range m.states() {
		w := m.weight(s)
		if w == 0 {
			if keep != nil {
				*keep = append(*keep, nil)
			}
			continue
		}
		laws := m.laws(s)
		z, mean := g.spectrum(laws, how)
		rate := 0.0
		for _, r := range laws {
			rate += r.count.mean()
		}
		y.rate = math.Max(y.rate, rate)
		y.norm += float64(w * g.inverse(z, a))
		y.mean += float64(w * mean)
		for j, v := range a {
			y.cdf[j] += float64(w * v)
		}
		if keep != nil {
			*keep = append(*keep, append([]float64(nil), a...))
		}
	}
	sum, top := 0.0, 0.0
	for j, v := range y.cdf {
		sum += v
		top = math.Min(1, math.Max(top, sum))
		y.cdf[j] = top
	}
	y.limits = make([]float64, g.n+1)
	for j, f := range y.cdf {
		y.limits[j+1] = y.limits[j] + float64(g.h*(1-f))
	}
	return y
}

// top is where the grid ends.
func (y *year) top() float64 { return float64(y.h * float64(len(y.cdf))) }

// noise is what rounding leaves of a step of a lattice.
const noise = 1e-12

// first returns the first k with P(S <= k h) >= p, or len(cdf).
func (y *year) first(p float64) int {
	return sort.Search(len(y.cdf), func(k int) bool { return y.cdf[k] >= p })
}

// at reads the distribution function between the points. The mass at k h stands for losses around it, so the function is
// known halfway between the points: cubic interpolation there, and a straight line from the exact P(S=0) in the first half
// step.
func (y *year) at(x float64) float64 {
	switch {
	case x < 0:
		return 0
	case y.lattice:
		return y.cdf[min(int(math.Floor(x/y.h+1e-9)), len(y.cdf)-1)]
	}
	s := x/y.h - 0.5
	if s < 0 {
		return y.none + float64((math.Max(y.cdf[0], y.none)-y.none)*(2*x/y.h))
	}
	k := int(s)
	if k >= len(y.cdf)-1 {
		return y.cdf[len(y.cdf)-1]
	}
	return y.between(k, s-float64(k))
}

// between reads the function a share t of the way from point k to point k+1, never outside the two.
func (y *year) between(k int, t float64) float64 {
	b, c := y.cdf[k], y.cdf[k+1]
	if k < 1 || k+2 >= len(y.cdf) {
		return b + float64(t*(c-b))
	}
	return math.Min(c, math.Max(b, cubic(y.cdf[k-1], b, c, y.cdf[k+2], t)))
}

// cubic is the cubic through values at -1, 0, 1 and 2, read at t.
func cubic(a, b, c, d, t float64) float64 {
	c1 := float64(-1.0/3*a) - 0.5*b + c - float64(1.0/6*d)
	c2 := 0.5*(a+c) - b
	c3 := float64(1.0/6*(d-a)) + 0.5*(b-c)
	return b + float64(t*(c1+float64(t*(c2+float64(t*c3)))))
}

// quantile is the smallest loss that is not exceeded with probability p.
func (y *year) quantile(p float64) float64 {
	if p <= y.none*(1+1e-15) {
		return 0
	}
	if y.lattice {
		return float64(y.first(p-noise)) * y.h
	}
	k := y.first(p)
	if k == 0 {
		return 0.5 * y.h * (p - y.none) / (y.cdf[0] - y.none)
	}
	if k == len(y.cdf) {
		return y.top()
	}
	lo, hi := 0.0, 1.0
	for range 60 {
		m := 0.5 * (lo + hi)
		if m == lo || m == hi {
			break
		}
		if y.between(k-1, m) < p {
			lo = m
		} else {
			hi = m
		}
	}
	return (float64(k) - 0.5 + hi) * y.h
}

// limited is E[min(S,x)], exact at the grid's points up to how the losses were rounded.
func (y *year) limited(x float64) float64 {
	s := x / y.h
	k := int(s)
	if k >= len(y.limits)-1 {
		return y.limits[len(y.limits)-1]
	}
	t := s - float64(k)
	if y.lattice || k < 1 || k+2 >= len(y.limits) {
		return y.limits[k] + float64(t*(y.limits[k+1]-y.limits[k]))
	}
	return cubic(y.limits[k-1], y.limits[k], y.limits[k+1], y.limits[k+2], t)
}

// tvar is the mean of the worst 1-p of years, where v is the quantile at p. It needs the mean and what lies below v, and
// nothing of the tail.
func (y *year) tvar(p, v float64) float64 {
	return v + math.Max(0, y.mean-y.limited(v))/(1-p)
}

// slack bounds the error of cdf[k]: what wraps around the end of the grid, what interpolating the losses' laws leaves, and
// the rounding of the transform, which the tilt magnifies towards the end.
func (y *year) slack(k int) float64 {
	n := float64(len(y.cdf))
	rounding := (1e-14 + float64(1e-15*y.rate)) * y.norm * math.Sqrt(n/(2*tilting)) * num.Exp(tilting*float64(k)/n)
	return 2.1e-9 + float64(10*sampleError*y.rate) + float64(rounding)
}

// below is a certified lower bound of the quantile at p, for a year whose losses were rounded down.
func (y *year) below(p float64) float64 {
	k := sort.Search(len(y.cdf), func(k int) bool { return y.cdf[k]+y.slack(k) >= p })
	return float64(k) * y.h
}

// above is a certified upper bound of the quantile at p, for a year whose losses were rounded up; false if it lies beyond
// the grid.
func (y *year) above(p float64) (float64, bool) {
	k := 0
	for k < len(y.cdf) && y.cdf[k]-y.slack(k) < p {
		k++
	}
	return float64(k) * y.h, k < len(y.cdf)
}

// tvarAround returns v + E[(S-v)+]/(1-p) at the grid point next to v that makes it least, which is the year's own TVaR.
func (y *year) tvarAround(p, v float64) (float64, int) {
	k := int(v/y.h + 0.5)
	best, at := inf, k
	for j := max(k-3, 0); j <= min(k+3, len(y.limits)-1); j++ {
		if t := float64(float64(j)*y.h) + (y.mean-y.limits[j])/(1-p); t < best {
			best, at = t, j
		}
	}
	return best, at
}
