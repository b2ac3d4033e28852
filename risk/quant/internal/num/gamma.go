package num

import "math"

// Lgamma returns ln Gamma(x) for x > 0.
func Lgamma(x float64) float64 {
	if !(x > 0) {
		return math.NaN()
	}
	shift := 1.0
	for x < 12 {
		shift = float64(shift * x)
		x++
	}
	i := 1 / x
	i2 := float64(i * i)
	s := 1.0/12 - float64(i2*(1.0/360-float64(i2*(1.0/1260-float64(i2*(1.0/1680-float64(i2*(1.0/1188-float64(i2*(691.0/360360-float64(i2*(1.0/156))))))))))))
	y := (float64((x-0.5)*Log(x)) - x) + (0.9189385332046728 + float64(i*s))
	return y - Log(shift)
}

// LogBeta returns ln B(a,b) for a, b > 0.
func LogBeta(a, b float64) float64 { return Lgamma(a) + Lgamma(b) - Lgamma(a+b) }

// Beta is the regularised incomplete beta function for fixed parameters.
type Beta struct{ A, B, logB float64 }

// NewBeta prepares the function for the parameters a, b > 0.
func NewBeta(a, b float64) Beta { return Beta{A: a, B: b, logB: LogBeta(a, b)} }

// CDF returns I_x(a,b). The complement y = 1-x is a parameter of its own, so that it keeps its digits near x = 1.
func (d Beta) CDF(x, y float64) float64 {
	switch {
	case x <= 0:
		return 0
	case y <= 0:
		return 1
	case x > (d.A+1)/(d.A+d.B+2):
		return 1 - d.tail(d.B, d.A, y, x)
	}
	return d.tail(d.A, d.B, x, y)
}

// Upper returns 1 - I_x(a,b) without loss near x = 1.
func (d Beta) Upper(x, y float64) float64 {
	return Beta{A: d.B, B: d.A, logB: d.logB}.CDF(y, x)
}

// Density returns the density at x.
func (d Beta) Density(x, y float64) float64 {
	if x <= 0 || y <= 0 {
		return 0
	}
	return Exp(float64((d.A-1)*Log(x)) + float64((d.B-1)*Log(y)) - d.logB)
}

// tail is I_x(a,b) by its continued fraction, which converges fast for x <= (a+1)/(a+b+2).
func (d Beta) tail(a, b, x, y float64) float64 {
	return d.fraction(Exp(float64(a*Log(x))+float64(b*Log(y))-d.logB), a, b, x, y)
}

// fraction multiplies the continued fraction by front = x^a y^b / B(a,b).
func (d Beta) fraction(front, a, b, x, y float64) float64 {
	if front == 0 {
		return 0
	}
	const tiny = 1e-300
	c := 1.0
	h := 1 - float64((a+b)*x)/(a+1)
	if math.Abs(h) < tiny {
		h = tiny
	}
	h = 1 / h
	f := h
	for m := 1.0; m < 100000; m++ {
		am := a + 2*m
		n := float64(m*(b-m)) * x / ((am - 1) * am)
		h = 1 + float64(n*h)
		c = 1 + n/c
		if math.Abs(h) < tiny {
			h = tiny
		}
		if math.Abs(c) < tiny {
			c = tiny
		}
		h = 1 / h
		f = float64(f * float64(h*c))
		n = -float64(float64((a+m)*(a+b+m))*x) / (am * (am + 1))
		h = 1 + float64(n*h)
		c = 1 + n/c
		if math.Abs(h) < tiny {
			h = tiny
		}
		if math.Abs(c) < tiny {
			c = tiny
		}
		h = 1 / h
		step := float64(h * c)
		f = float64(f * step)
		if math.Abs(step-1) < 1e-16 {
			break
		}
	}
	return float64(front*f) / a
}

// Quantile returns the x with I_x(a,b) = p and its complement 1-x; each keeps its digits where the other is close to 1.
// The tail probability q = 1-p is a parameter of its own for the same reason.
func (d Beta) Quantile(p, q float64) (x, y float64) {
	switch {
	case p <= 0:
		return 0, 1
	case q <= 0:
		return 1, 0
	}
	if mean := d.A / (d.A + d.B); q < d.Upper(mean, 1-mean) {
		y, x = Beta{A: d.B, B: d.A, logB: d.logB}.lower(q)
		return x, y
	}
	return d.lower(p)
}

// lower solves I_x(a,b) = p from the left in t = ln x, where ln I is close to a straight line near zero: Halley steps on
// ln I, kept in a bracket.
func (d Beta) lower(p float64) (x, y float64) {
	lo, hi := math.Inf(-1), 0.0
	t := (Log(p*d.A) + d.logB) / d.A // the leading term of I near zero
	if bound := Log(d.A / (d.A + d.B)); !(t < bound) {
		t = bound
	}
	for range 200 {
		x = Exp(t)
		y = -Expm1(t)
		front := Exp(float64(d.A*t) + float64(d.B*Log(y)) - d.logB) // x times the density, times y
		f := 0.0
		if x > (d.A+1)/(d.A+d.B+2) {
			f = 1 - d.fraction(front, d.B, d.A, y, x)
		} else {
			f = d.fraction(front, d.A, d.B, x, y)
		}
		if f < p {
			lo = t
		} else {
			hi = t
		}
		slope := front / (y * f)
		g := Log(f / p)
		bend := 1 + (d.A - 1) - float64((d.B-1)*x)/y - slope
		step := g / slope
		step /= math.Max(0.5, 1-float64(0.5*float64(step*bend)))
		next := t - step
		if !(next > lo && next < hi) {
			if math.IsInf(lo, -1) {
				next = 2*t - 1
			} else {
				next = 0.5 * (lo + hi)
			}
		}
		done := math.Abs(next-t) < 1e-6 && next == t-step // the third power of it is what is left
		t = next
		if done || hi-lo < 1e-17 {
			break
		}
	}
	return Exp(t), -Expm1(t)
}
