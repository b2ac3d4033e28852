package num

import "math"

const (
	over128  = 184.6649652337873      // 128/ln 2
	step128h = 0.005415212333900854   // ln 2/128, the leading 29 bits
	step128l = 1.4223718738313642e-11 // and the rest
	rounder  = 6755399441055744.0     // 1.5 * 2^52: adding and taking it away rounds to a whole number
)

// Exp returns e^x.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 709.782712893384:
		return math.Inf(1)
	case x < -745.1332191019412:
		return 0
	}
	kf := float64(x*over128) + rounder
	kf -= rounder
	r := (x - float64(kf*step128h)) - float64(kf*step128l)
	r2 := float64(r * r)
	p := r + float64(r2*(0.5+float64(r*(1.0/6+float64(r*(1.0/24+float64(r*(1.0/120))))))))
	k := int32(kf)
	t := exp2over128[k&127]
	y := t + float64(t*p)
	e := int(k >> 7)
	if e > -1022 && e < 1023 {
		return y * math.Float64frombits(uint64(e+1023)<<52)
	}
	return math.Ldexp(y, e)
}

// Expm1 returns e^x - 1 without loss near zero.
func Expm1(x float64) float64 {
	if math.Abs(x) > 0.25 {
		return Exp(x) - 1
	}
	term, sum := x, x
	for n := 2.0; n < 20 && term != 0; n++ {
		term = float64(term * x / n)
		sum += term
	}
	return sum
}
