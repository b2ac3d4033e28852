package quant

import (
	"math"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// triangularLoss rises in a straight line from low to mode and falls to high.
type triangularLoss struct{ low, mode, high float64 }

func (l triangularLoss) exceed(x float64) float64 {
	w := l.high - l.low
	switch {
	case x <= l.low:
		return 1
	case x >= l.high:
		return 0
	case x < l.mode:
		return 1 - (x-l.low)*(x-l.low)/(w*(l.mode-l.low))
	}
	return (l.high - x) * (l.high - x) / (w * (l.high - l.mode))
}

func (l triangularLoss) limited(x float64) float64 { return l.limit(x, 1) }

func (l triangularLoss) limited2(x float64) float64 { return l.limit(x, 2) }

// limit integrates k t^(k-1) P(X > t) from 0 to x. Each piece is a polynomial of low degree, for which the Gauss rule is exact.
func (l triangularLoss) limit(x, k float64) float64 {
	if x <= 0 {
		return 0
	}
	x = math.Min(x, l.high)
	power := func(x float64) float64 {
		if k == 2 {
			return x * x
		}
		return x
	}
	f := func(t float64) float64 {
		if k == 2 {
			return 2 * t * l.exceed(t)
		}
		return l.exceed(t)
	}
	sum := power(math.Min(x, l.low))
	sum += num.Integrate(f, l.low, math.Min(x, l.mode), inf)
	return sum + num.Integrate(f, l.mode, x, inf)
}

func (l triangularLoss) quantile(p, q float64) float64 {
	w := l.high - l.low
	if p*w <= l.mode-l.low {
		return l.low + math.Sqrt(p*w*(l.mode-l.low))
	}
	return l.high - math.Sqrt(q*w*(l.high-l.mode))
}

func (l triangularLoss) scale(f float64) loss {
	return triangularLoss{l.low * f, l.mode * f, l.high * f}
}
