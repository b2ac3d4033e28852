package num

import "math"

// gauss4 holds exp(-n*n/4) for n from 1 on.
var gauss4 = [13]float64{
	0.7788007830714049, 0.36787944117144233, 0.10539922456186433, 0.01831563888873418, 0.0019304541362277093,
	0.00012340980408667956, 4.785117392129009e-06, 1.1253517471925912e-07, 1.6052280551856116e-09,
	1.3887943864964021e-11, 7.287724095819692e-14, 2.3195228302435696e-16, 4.4777324417183015e-19,
}

// Erfc returns the complementary error function of x with full relative accuracy in the right tail.
//
// Below 1 it sums the all-positive series of erf. Above, it applies the trapezoidal rule with step 1/2 to
// erfc(x) = (x/pi) e^(-x*x) times the integral of e^(-t*t)/(t*t+x*x) and takes the residue of the pole away; the rule
// converges so fast for this integrand that thirteen terms are exact to 1e-17.
func Erfc(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < 0:
		return 2 - Erfc(-x)
	case x < 1:
		return 1 - erfSeries(x)
	case x > 27.3:
		return 0
	}
	x2 := float64(x * x)
	sum := 0.5 / x2
	for n := len(gauss4); n >= 1; n-- {
		sum += gauss4[n-1] / (float64(float64(n*n)*0.25) + x2)
	}
	y := float64(float64(float64(x*expMinusSquare(x))*sum) * (1 / math.Pi))
	if x < 6.5 {
		y -= 2 / Expm1(float64(4*math.Pi*x))
	}
	return y
}

// overHalves holds 1/(n+1/2).
var overHalves = [30]float64{
	1 / 0.5, 1 / 1.5, 1 / 2.5, 1 / 3.5, 1 / 4.5, 1 / 5.5, 1 / 6.5, 1 / 7.5, 1 / 8.5, 1 / 9.5,
	1 / 10.5, 1 / 11.5, 1 / 12.5, 1 / 13.5, 1 / 14.5, 1 / 15.5, 1 / 16.5, 1 / 17.5, 1 / 18.5, 1 / 19.5,
	1 / 20.5, 1 / 21.5, 1 / 22.5, 1 / 23.5, 1 / 24.5, 1 / 25.5, 1 / 26.5, 1 / 27.5, 1 / 28.5, 1 / 29.5,
}

// erfSeries is erf(x) for 0 <= x < 1.
func erfSeries(x float64) float64 {
	x2 := float64(x * x)
	term, sum := x, x
	for n := 1; n < len(overHalves) && term > sum*1e-18; n++ {
		term = float64(float64(term*x2) * overHalves[n])
		sum += term
	}
	return float64(1.1283791670955126*Exp(-x2)) * sum
}

// expMinusSquare is e^(-x*x), the square split so that its rounding does not grow in the exponent.
func expMinusSquare(x float64) float64 {
	h := math.Float64frombits(math.Float64bits(x) &^ (1<<27 - 1))
	return Exp(-float64(h*h)) * Exp(-float64((x-h)*(x+h)))
}

// Phi returns the standard normal distribution function at z.
func Phi(z float64) float64 { return 0.5 * Erfc(-z*(1/math.Sqrt2)) }

// PhiInv returns the standard normal quantile of p: -Inf at 0 and +Inf at 1. For p close to 1 give 1-p to
// [PhiInvUpper] instead.
func PhiInv(p float64) float64 {
	switch {
	case p != p || p < 0 || p > 1:
		return math.NaN()
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	case p > 0.5:
		return -phiInvLower(1 - p)
	}
	return phiInvLower(p)
}

// PhiInvUpper returns the z that a standard normal exceeds with probability p.
func PhiInvUpper(p float64) float64 { return -PhiInv(p) }

// phiInvLower solves Phi(z) = p for 0 < p <= 1/2 by Halley steps from a rational start.
func phiInvLower(p float64) float64 {
	t := math.Sqrt(-2 * Log(p))
	z := -(t - (2.30753+float64(0.27061*t))/(1+float64(t*(0.99229+float64(0.04481*t)))))
	for range 4 {
		density := 0.3989422804014327 * expMinusSquare(z*(1/math.Sqrt2))
		if density == 0 {
			break
		}
		u := (Phi(z) - p) / density
		step := u / (1 + float64(0.5*float64(z*u)))
		z -= step
		if math.Abs(step) < 1e-16*math.Abs(z) {
			break
		}
	}
	return z
}
