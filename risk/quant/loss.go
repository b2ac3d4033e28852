package quant

import (
	"math"
	"sort"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

var inf = math.Inf(1)

// loss is the compiled law of one loss, which is never negative.
type loss interface {
	// exceed is P(X > x), limited E[min(X,x)] and limited2 E[min(X,x)²]; at +Inf the last two are the moments.
	exceed(x float64) float64
	limited(x float64) float64
	limited2(x float64) float64
	// quantile is the x that X exceeds with probability q = 1-p; both are given so that neither tail loses digits.
	quantile(p, q float64) float64
	// scale multiplies the loss by f > 0.
	scale(f float64) loss
}

// lognormalLoss has a normal logarithm.
type lognormalLoss struct{ mu, sigma float64 }

func (l lognormalLoss) exceed(x float64) float64 {
	if x <= 0 {
		return 1
	}
	return l.exceedLog(num.Log(x))
}

// exceedLog and limitedLog are exceed and limited at e^t, for those who have the logarithm.
func (l lognormalLoss) exceedLog(t float64) float64 { return num.Phi((l.mu - t) / l.sigma) }

func (l lognormalLoss) limitedLog(x, t, mean float64) float64 {
	z := (t - l.mu) / l.sigma
	return float64(mean*num.Phi(z-l.sigma)) + float64(x*num.Phi(-z))
}

func (l lognormalLoss) moment(k float64) float64 {
	return num.Exp(float64(k*l.mu) + float64(float64(0.5*k*k)*float64(l.sigma*l.sigma)))
}

func (l lognormalLoss) limited(x float64) float64  { return l.limit(x, 1) }
func (l lognormalLoss) limited2(x float64) float64 { return l.limit(x, 2) }

func (l lognormalLoss) limit(x, k float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x == inf:
		return l.moment(k)
	}
	z := (num.Log(x) - l.mu) / l.sigma
	xk := x
	if k == 2 {
		xk = x * x
	}
	return float64(l.moment(k)*num.Phi(z-float64(k*l.sigma))) + float64(xk*num.Phi(-z))
}

func (l lognormalLoss) quantile(p, q float64) float64 {
	z := 0.0
	if p <= q {
		z = num.PhiInv(p)
	} else {
		z = num.PhiInvUpper(q)
	}
	return num.Exp(l.mu + float64(l.sigma*z))
}

func (l lognormalLoss) scale(f float64) loss { return lognormalLoss{l.mu + num.Log(f), l.sigma} }

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

// discreteLoss has finitely many values, in rising order, with P(X <= value) beside them.
type discreteLoss struct{ values, p, sum []float64 }

func newDiscreteLoss(values, weights []float64) loss {
	order := make([]int, len(values))
	total := 0.0
	for i := range order {
		order[i] = i
		total += weights[i]
	}
	sort.SliceStable(order, func(a, b int) bool { return values[order[a]] < values[order[b]] })
	l := discreteLoss{}
	acc := 0.0
	for _, i := range order {
		if weights[i] == 0 {
			continue
		}
		w := weights[i] / total
		acc += w
		if n := len(l.values); n > 0 && l.values[n-1] == values[i] {
			l.p[n-1] += w
			l.sum[n-1] = acc
			continue
		}
		l.values, l.p, l.sum = append(l.values, values[i]), append(l.p, w), append(l.sum, acc)
	}
	if n := len(l.sum); n > 0 {
		l.sum[n-1] = 1
	}
	return l
}

func (l discreteLoss) exceed(x float64) float64 {
	i := sort.Search(len(l.values), func(i int) bool { return l.values[i] > x })
	if i == 0 {
		return 1
	}
	return 1 - l.sum[i-1]
}

func (l discreteLoss) limited(x float64) float64 {
	sum := 0.0
	for i, v := range l.values {
		sum += float64(l.p[i] * math.Min(v, math.Max(x, 0)))
	}
	return sum
}

func (l discreteLoss) limited2(x float64) float64 {
	sum := 0.0
	for i, v := range l.values {
		v = math.Min(v, math.Max(x, 0))
		sum += float64(l.p[i] * float64(v*v))
	}
	return sum
}

func (l discreteLoss) quantile(p, _ float64) float64 {
	i := sort.Search(len(l.sum)-1, func(i int) bool { return l.sum[i] >= p })
	return l.values[i]
}

func (l discreteLoss) scale(f float64) loss {
	out := discreteLoss{p: l.p, sum: l.sum, values: make([]float64, len(l.values))}
	for i, v := range l.values {
		out.values[i] = v * f
	}
	return out
}

// layeredLoss is what of a loss lies above the deductible and within the limit over it.
type layeredLoss struct {
	base              loss
	deductible, limit float64
}

func (l layeredLoss) exceed(x float64) float64 {
	if x >= l.limit {
		return 0
	}
	if x < 0 {
		return 1
	}
	return l.base.exceed(x + l.deductible)
}

func (l layeredLoss) limited(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return l.base.limited(math.Min(x, l.limit)+l.deductible) - l.base.limited(l.deductible)
}

func (l layeredLoss) limited2(x float64) float64 {
	if x <= 0 {
		return 0
	}
	d, u := l.deductible, math.Min(x, l.limit)+l.deductible
	return l.base.limited2(u) - l.base.limited2(d) - float64(2*d*(l.base.limited(u)-l.base.limited(d)))
}

func (l layeredLoss) quantile(p, q float64) float64 {
	return l.cut(l.base.quantile(p, q))
}

func (l layeredLoss) cut(x float64) float64 {
	return math.Min(math.Max(x-l.deductible, 0), l.limit)
}

func (l layeredLoss) scale(f float64) loss {
	return layeredLoss{l.base.scale(f), l.deductible * f, l.limit * f}
}

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
