package quant

import (
	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// summedLoss is a primary loss and, with probability share, a secondary one on top.
type summedLoss struct {
	primary, secondary loss
	share              float64
}

// newSummedLoss keeps sums of few discrete losses discrete.
func newSummedLoss(primary, secondary loss, share float64) loss {
	a, ok1 := primary.(discreteLoss)
	b, ok2 := secondary.(discreteLoss)
	if !ok1 || !ok2 || len(a.values)*len(b.values) > 10_000 {
		return summedLoss{primary, secondary, share}
	}
	var values, weights []float64
	for i, v := range a.values {
		values, weights = append(values, v), append(weights, a.p[i]*(1-share))
		for k, w := range b.values {
			values, weights = append(values, v+w), append(weights, a.p[i]*share*b.p[k])
		}
	}
	return newDiscreteLoss(values, weights)
}

// over averages a function of the secondary loss.
func (l summedLoss) over(scale float64, f func(y float64) float64) float64 {
	return num.Integrate(func(u float64) float64 { return f(l.secondary.quantile(u, 1-u)) }, 0, 1, 1e-13*scale)
}

func (l summedLoss) exceed(x float64) float64 {
	return float64((1-l.share)*l.primary.exceed(x)) +
		float64(l.share*l.over(1, func(y float64) float64 { return l.primary.exceed(x - y) }))
}

func (l summedLoss) limited(x float64) float64 {
	if x <= 0 {
		return 0
	}
	if x == inf {
		return l.primary.limited(inf) + float64(l.share*l.secondary.limited(inf))
	}
	return float64((1-l.share)*l.primary.limited(x)) + float64(l.share*l.over(x, func(y float64) float64 {
		if y >= x {
			return x
		}
		return y + l.primary.limited(x-y)
	}))
}

func (l summedLoss) limited2(x float64) float64 {
	if x <= 0 {
		return 0
	}
	if x == inf {
		return l.primary.limited2(inf) + float64(l.share*(float64(2*l.primary.limited(inf)*l.secondary.limited(inf))+l.secondary.limited2(inf)))
	}
	return float64((1-l.share)*l.primary.limited2(x)) + float64(l.share*l.over(x*x, func(y float64) float64 {
		if y >= x {
			return x * x
		}
		return float64(y*y) + float64(2*y*l.primary.limited(x-y)) + l.primary.limited2(x-y)
	}))
}

func (l summedLoss) quantile(p, q float64) float64 {
	hi := l.primary.quantile(p, q) + l.secondary.quantile(p, q) + 1
	for l.exceed(hi) > q {
		hi *= 2
	}
	lo := 0.0
	for range 200 {
		m := 0.5 * (lo + hi)
		if m == lo || m == hi {
			break
		}
		if l.exceed(m) > q {
			lo = m
		} else {
			hi = m
		}
	}
	return hi
}

func (l summedLoss) scale(f float64) loss {
	return summedLoss{l.primary.scale(f), l.secondary.scale(f), l.share}
}
