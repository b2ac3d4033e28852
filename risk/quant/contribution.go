package quant

import (
	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// contributions allocates the ALE and each TVaR to the rows: a row's share of TVaR is its mean loss over the worst years.
// They are computed from E[S_i; S <= VaR] on the fine grid and scaled, by a factor that differs from 1 by the grid's error,
// to add up to the figure reported.
func (e *exactRun) contributions(tails []Tail) []Contribution {
	out := make([]Contribution, len(e.rows))
	for i := range out {
		out[i] = Contribution{Scenario: e.m.rows[i].id, ALE: Amount(e.rows[i])}
	}
	cuts := make([]cut, len(tails))
	highest := 0
	for t, tail := range tails {
		cuts[t] = e.fine.cut(float64(tail.Level))
		highest = max(highest, cuts[t].k)
	}
	below := make([][]float64, len(out)) // E[S_i; S <= VaR] of each row and tail
	inParallel(e.o.Workers, len(out), func(i int) {
		below[i] = make([]float64, len(tails))
		for s, masses := range e.masses {
			if w := e.m.weight(s); w > 0 {
				e.addBelow(below[i], i, s, w, masses, cuts, highest)
			}
		}
	})
	for t, tail := range tails {
		sum := 0.0
		raw := make([]float64, len(out))
		for i := range out {
			raw[i] = max(e.rows[i]-below[i][t], 0) / (1 - float64(tail.Level))
			sum += raw[i]
		}
		if sum == 0 {
			continue
		}
		for i := range out {
			out[i].TVaR = append(out[i].TVaR, TailAmount{tail.Level, Amount(raw[i] / sum * float64(tail.TVaR.Value))})
		}
	}
	return out
}

// cut is where a quantile falls: all of the masses before k and the share t of the mass at k lie below it.
type cut struct {
	k int
	t float64
}

func (y *year) cut(p float64) cut {
	k := y.first(p)
	if k == len(y.cdf) {
		return cut{k - 1, 1}
	}
	before := 0.0
	if k > 0 {
		before = y.cdf[k-1]
	}
	if y.cdf[k] == before {
		return cut{k, 1}
	}
	return cut{k, (p - before) / (y.cdf[k] - before)}
}

// addBelow adds w times E[S_i; S below each cut] under a combination of shocks.
func (e *exactRun) addBelow(dst []float64, i, state int, w float64, masses []float64, cuts []cut, highest int) {
	g := e.fineGrid
	law, _ := e.m.countIn(i, state)
	if law.mean() == 0 {
		return
	}
	l := e.m.lossIn(i, state)
	if c, ok := law.(poissonCount); ok && g.simple(l) {
		// For a Poisson row, E[S_i; S = k] is rate times the sum over j of j h P(X = j) P(S = k-j): one event taken out of
		// the year leaves a year of the same law.
		a := make([]float64, highest+1)
		g.spread(a, l, 1, keepMean)
		for t, c0 := range cuts {
			sum, cum := 0.0, 0.0
			for s := 0; s <= c0.k; s++ {
				// cum is P(S <= the cut less j h) for j = k - s, the mass at the cut itself counted by its share.
				here := cum + float64(c0.t*masses[s])
				cum += masses[s]
				j := c0.k - s
				sum += float64(float64(j) * float64(a[j]*here))
			}
			dst[t] += float64(w * c.rate * g.h * sum)
		}
		return
	}
	// In general the generating function of E[S_i; S = k] is that of the year times P'/P of the row's count at the loss,
	// times that of the loss weighted by its size.
	z, _ := g.transformed(l, keepMean)
	a := make([]float64, g.n)
	sized := append([]complex128(nil), z...)
	g.inverse(sized, a)
	for j := range a {
		a[j] *= float64(j) * g.h
	}
	g.forward(a, sized)
	copy(a, masses)
	total := make([]complex128, g.n/2)
	g.forward(a, total)
	for k := range total {
		total[k] = num.Mul(num.Mul(total[k], law.ratio(z[k])), sized[k])
	}
	g.inverse(total, a)
	for t, c0 := range cuts {
		sum := 0.0
		for _, v := range a[:c0.k] {
			sum += v
		}
		dst[t] += float64(w * (sum + float64(c0.t*a[c0.k])))
	}
}

// simple reports whether a loss can be spread without a transform.
func (g *grid) simple(l loss) bool {
	switch l := l.(type) {
	case summedLoss:
		return false
	case layeredLoss:
		return g.simple(l.base)
	}
	return true
}
