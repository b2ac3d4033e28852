package num

import "math"

const (
	twoOverPi = 0.6366197723675814
	pio2a     = 1.570796325802803 // pi/2 in three parts; the first two have 28 bits
	pio2b     = 9.920935739593517e-10
	pio2c     = 5.721188726109832e-18
)

// Sincos returns the sine and the cosine of x. Beyond a million radians it hands over to the standard library.
func Sincos(x float64) (sin, cos float64) {
	if !(math.Abs(x) < 1e6) {
		return math.Sincos(x)
	}
	n := float64(x*twoOverPi) + rounder
	n -= rounder
	r := ((x - float64(n*pio2a)) - float64(n*pio2b)) - float64(n*pio2c)
	z := float64(r * r)
	s := 1.0/6227020800 - float64(z*(1.0/1307674368000-float64(z*(1.0/355687428096000))))
	s = 1.0/362880 - float64(z*(1.0/39916800-float64(z*s)))
	s = 1.0/6 - float64(z*(1.0/120-float64(z*(1.0/5040-float64(z*s)))))
	s = r - float64(float64(r*z)*s)
	c := 1.0/479001600 - float64(z*(1.0/87178291200-float64(z*(1.0/20922789888000))))
	c = 1.0/40320 - float64(z*(1.0/3628800-float64(z*c)))
	c = 0.5 - float64(z*(1.0/24-float64(z*(1.0/720-float64(z*c)))))
	c = 1 - float64(z*c)
	switch int32(n) & 3 {
	case 1:
		return c, -s
	case 2:
		return -s, -c
	case 3:
		return -c, s
	}
	return s, c
}

// Atan returns the arctangent of x. It halves the angle three times and sums the series.
func Atan(x float64) float64 {
	if math.Abs(x) > 1e100 {
		return math.Copysign(math.Pi/2, x)
	}
	for range 3 {
		x /= 1 + math.Sqrt(1+float64(x*x))
	}
	z := float64(x * x)
	p := 0.0
	for n := 23; n >= 3; n -= 2 {
		p = float64(z * (1/float64(n) - p))
	}
	return 8 * (x - float64(x*p))
}
