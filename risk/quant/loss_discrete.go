package quant

import (
	"math"
	"sort"
)

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
