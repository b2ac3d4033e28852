package quant

import (
	"math"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// pertLoss is a beta law stretched from low to high.
type pertLoss struct {
	low, high float64
	beta      num.Beta
}

func pertParameters(low, mode, high, gamma float64) (a, b float64) {
	if gamma == 0 {
		gamma = 4
	}
	w := high - low
	return 1 + gamma*(mode-low)/w, 1 + gamma*(high-mode)/w
}

// pertShape returns the PERT law, or the single value where the bounds are equal.
func pertShape(low, mode, high, gamma float64) loss {
	if low == high {
		return newDiscreteLoss([]float64{low}, []float64{1})
	}
	return pertLoss{low: low, high: high, beta: num.NewBeta(pertParameters(low, mode, high, gamma))}
}

func (l pertLoss) unit(x float64) (u, v float64) {
	w := l.high - l.low
	return (x - l.low) / w, (l.high - x) / w
}

func (l pertLoss) exceed(x float64) float64 {
	u, v := l.unit(x)
	return l.beta.Upper(u, v)
}

func (l pertLoss) limited(x float64) float64 {
	w := l.high - l.low
	m, _ := l.partial(math.Min(x, l.high))
	if x <= l.low {
		return math.Max(x, 0)
	}
	return l.low + float64(w*m)
}

func (l pertLoss) limited2(x float64) float64 {
	if x <= l.low {
		return math.Max(x, 0) * math.Max(x, 0)
	}
	w := l.high - l.low
	m, m2 := l.partial(math.Min(x, l.high))
	return float64(l.low*l.low) + float64(float64(2*l.low*w)*m) + float64(float64(w*w)*m2)
}

// partial returns E[min(Y,u)] and E[min(Y,u)²] of the beta law at u = (x-low)/(high-low). The incomplete beta function of
// a+1 and a+2 follows from that of a by parts.
func (l pertLoss) partial(x float64) (m, m2 float64) {
	u, v := l.unit(x)
	if u <= 0 {
		return 0, 0
	}
	a, b := l.beta.A, l.beta.B
	s := a + b
	i0 := l.beta.CDF(u, v)
	edge := float64(l.beta.Density(u, v) * float64(u*v)) // u^a v^b / B(a,b)
	i1 := i0 - edge/a
	i2 := i1 - float64(edge*u)*s/(a*(a+1))
	upper := l.beta.Upper(u, v)
	m = float64(a/s*i1) + float64(u*upper)
	m2 = float64(a*(a+1)/(s*(s+1))*i2) + float64(float64(u*u)*upper)
	return m, m2
}

func (l pertLoss) quantile(p, q float64) float64 {
	u, v := l.beta.Quantile(p, q)
	if u <= v {
		return l.low + float64((l.high-l.low)*u)
	}
	return l.high - float64((l.high-l.low)*v)
}

func (l pertLoss) scale(f float64) loss { return pertLoss{l.low * f, l.high * f, l.beta} }
