package quant

import (
	"math"

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
