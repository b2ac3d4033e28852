package num

import "math"

const (
	ln2h = 0.6931471787393093 // ln 2, the leading 29 bits
	ln2l = 1.8206359985041462e-09
)

// Log returns the natural logarithm of x.
func Log(x float64) float64 {
	switch {
	case x != x || x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case math.IsInf(x, 1):
		return x
	}
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	f := m - 1
	k := float64(e)
	return float64(k*ln2h) + (atanhSeries(f/(2+f)) + float64(k*ln2l))
}

// Log1p returns ln(1+x) without loss near zero.
func Log1p(x float64) float64 {
	if math.Abs(x) > 0.25 {
		return Log(1 + x)
	}
	return atanhSeries(x / (2 + x))
}

// atanhSeries is 2 atanh(s) = ln((1+s)/(1-s)) for |s| below 0.18.
func atanhSeries(s float64) float64 {
	z := float64(s * s)
	p := 0.0
	for n := 23; n >= 3; n -= 2 {
		p = float64(z * (p + 1/float64(n)))
	}
	return float64(2*s) + float64(float64(2*s)*p)
}

// Pow returns x^y for x >= 0.
func Pow(x, y float64) float64 {
	switch {
	case y == 0:
		return 1
	case x == 0 && y > 0:
		return 0
	}
	return Exp(float64(y * Log(x)))
}
