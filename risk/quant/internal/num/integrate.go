package num

import "math"

// legendre holds the positive nodes and weights of the 10-point Gauss-Legendre rule on [-1,1].
var legendre = [5][2]float64{
	{0.14887433898163122, 0.29552422471475287}, {0.4333953941292472, 0.26926671930999635},
	{0.6794095682990244, 0.21908636251598204}, {0.8650633666889845, 0.1494513491505806},
	{0.9739065285171717, 0.06667134430868814},
}

// Integrate returns the integral of f from a to b by halving intervals until the 10-point Gauss rule on an interval and
// on its halves agree to tol, absolutely, or 40 halvings are spent.
func Integrate(f func(float64) float64, a, b, tol float64) float64 {
	if !(a < b) {
		return 0
	}
	return integrate(f, a, b, gaussRule(f, a, b), tol, 40)
}

func integrate(f func(float64) float64, a, b, whole, tol float64, depth int) float64 {
	m := 0.5 * (a + b)
	left, right := gaussRule(f, a, m), gaussRule(f, m, b)
	if depth == 0 || math.Abs(left+right-whole) <= tol {
		return left + right
	}
	return integrate(f, a, m, left, 0.5*tol, depth-1) + integrate(f, m, b, right, 0.5*tol, depth-1)
}

func gaussRule(f func(float64) float64, a, b float64) float64 {
	c, h := 0.5*(a+b), 0.5*(b-a)
	s := 0.0
	for _, nw := range legendre {
		d := float64(h * nw[0])
		s += float64(nw[1] * (f(c-d) + f(c+d)))
	}
	return float64(s * h)
}
