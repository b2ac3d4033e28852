package quant

import "math"

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
