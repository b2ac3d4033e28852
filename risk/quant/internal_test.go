package quant

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTableInvertsTheLaw(t *testing.T) {
	t.Parallel()
	maker := newTableMaker()
	for name, l := range map[string]loss{
		"lognormal":  lognormalLoss{10, 1.1},
		"wide":       lognormalLoss{2, 2.5},
		"narrow":     lognormalLoss{2, .01},
		"pert":       pertShape(10, 20, 100, 4),
		"mode low":   pertShape(10, 10, 100, 4),
		"mode high":  pertShape(0, 50, 50, 2),
		"peaked":     pertShape(1, 9, 10, 80),
		"triangular": triangularLoss{1, 4, 9},
	} {
		table := maker.make(l)
		rng := newStream(1, 2, 3)
		worst := 0.0
		for i := range uint64(20000) {
			r := rng.at(i)
			tail := math.Ldexp(float64(r<<1>>11), -54)
			if tail < math.Ldexp(1, -octaves-1) {
				continue
			}
			want := 0.0
			if r>>63 == 0 {
				want = l.quantile(tail, 1-tail)
			} else {
				want = l.quantile(1-tail, tail)
			}
			worst = math.Max(worst, math.Abs(table.draw(r)-want)/math.Max(math.Abs(want), 1e-9))
		}
		limit := 1e-7
		if name == "triangular" { // its quantile function has a kink, and a cubic runs through it
			limit = 1e-4
		}
		require.Less(t, worst, limit, name)
	}
}

func TestTableAnswersBeyondItsOctaves(t *testing.T) {
	t.Parallel()
	l := lognormalLoss{0, 1}
	table := newTableMaker().make(l)
	for _, r := range []uint64{0, 1, 1 << 63, 1<<63 | 1, 1 << 40, 1<<63 | 1<<40, math.MaxUint64, 1<<63 - 1} {
		x := table.draw(r)
		require.True(t, x > 0 && finite(x), "%x gives %v", r, x)
	}
	require.Less(t, table.draw(1<<40), table.draw(1<<46))
	require.Greater(t, table.draw(1<<63|1<<40), table.draw(1<<63|1<<46))
}

func TestPickerFollowsItsLaw(t *testing.T) {
	t.Parallel()
	first, p := poissonPMF(6.5)
	k := newPicker(first, p)
	st := newStream(9, 9, 9)
	const n = 200_000
	seen := make([]int, len(p))
	for i := range uint64(n) {
		seen[k.pick(st.at(i))-first]++
	}
	chi := 0.0
	cells := 0
	for j, v := range p {
		if v*n > 10 {
			d := float64(seen[j]) - v*n
			chi += d * d / (v * n)
			cells++
		}
	}
	require.Less(t, chi, float64(cells)+5*math.Sqrt(2*float64(cells)))
	require.Equal(t, first, k.pick(0))
	require.Equal(t, first+len(p)-1, k.pick(math.MaxUint64))
}

func TestCountLawsAgreeWithTheirProbabilities(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]count{
		"poisson": poissonCount{2.5}, "large": poissonCount{5000}, "none": poissonCount{}, "binomial": binomialCount{7, .3},
		"fixed": binomialCount{4, 1}, "negative": negativeCount{1.5, .3}, "mixed": mixture(estimate{.1, .5, 3, 4}),
		"wide mixture": mixture(estimate{10, 400, 900, 4}), "product": mixture(estimate{1, 2, 9, 4}, estimate{.1, .2, .9, 4}, estimate{.5, .6, .7, 4}),
	} {
		first, p := c.pmf()
		sum, mean, second := 0.0, 0.0, 0.0
		for j, v := range p {
			k := float64(first + j)
			sum += v
			mean += k * v
			second += k * k * v
		}
		require.InDelta(t, 1, sum, 1e-12, name)
		require.InDelta(t, c.mean(), mean, 1e-10*(1+mean), name)
		require.InDelta(t, c.variance(), second-mean*mean, 1e-7*(1+second), name)
		if first == 0 {
			require.InDelta(t, c.none(), p[0], 1e-12, name)
		}
		for _, z := range []complex128{complex(.3, .4), complex(-.9, .1), complex(.999, 0)} {
			want, slope := complex(0, 0), complex(0, 0)
			zk := complex(1, 0)
			for k := range first + len(p) {
				if k >= first {
					want += complex(p[k-first], 0) * zk
					slope += complex(p[k-first]*float64(k), 0) * zk / z
				}
				zk *= z
			}
			got := c.pgf(z)
			require.Less(t, magnitude(got-want), 1e-11, "%s at %v", name, z)
			if magnitude(want) > 1e-6 {
				require.Less(t, magnitude(c.ratio(z)-slope/want)/(1+magnitude(slope/want)), 1e-8, "%s at %v", name, z)
			}
		}
		half, ok := c.thin(.5)
		require.True(t, ok)
		require.InDelta(t, c.mean()/2, half.mean(), 1e-9*(1+c.mean()), name)
		got, want := half.pgf(complex(.2, .1)), c.pgf(complex(.6, .05)) // thinning by f turns z into 1-f+fz
		require.Less(t, magnitude(got-want), 1e-11, name)
	}
	_, ok := binomialCount{1, .6}.thin(2)
	require.False(t, ok)
}

func magnitude(z complex128) float64 { return math.Hypot(real(z), imag(z)) }

func TestSortAmountsSorts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOf(rapid.OneOf(rapid.Float64Range(0, 1e12), rapid.Float64Range(1000, 1000.0001), rapid.Just(0.0))).Draw(t, "x")
		want := slices.Clone(x)
		slices.Sort(want)
		sortAmounts(x)
		require.Equal(t, want, x)
	})
	alike := make([]float64, 50_000)
	for i := range alike {
		alike[i] = 1e6 + float64((i*7919)%50_000)*1e-9
	}
	sortAmounts(alike)
	require.True(t, slices.IsSorted(alike), "numbers that share their leading bits")
}

func TestStreamBitsAreEven(t *testing.T) {
	t.Parallel()
	const n = 1 << 16
	var ones [64]int
	previous, flips := uint64(0), 0
	for i := range uint64(n) {
		x := newStream(3, 7, int(i%64)).at(i)
		for b := range ones {
			ones[b] += int(x >> b & 1)
		}
		flips += bits.OnesCount64(x ^ previous)
		previous = x
	}
	for b, k := range ones {
		require.InDelta(t, n/2, k, 5*math.Sqrt(n/4), "bit %d", b)
	}
	require.InDelta(t, 32*n, flips, 6*math.Sqrt(16*n))
	a, k := streamKey(1, "row", forLoss)
	b, l := streamKey(1, "row", forCount)
	require.NotEqual(t, [2]uint64{a, k}, [2]uint64{b, l})
}

func TestLatticeFindsTheUnit(t *testing.T) {
	t.Parallel()
	unit := func(values ...float64) (float64, bool) {
		w := make([]float64, len(values))
		for i := range w {
			w[i] = 1
		}
		return (&model{rows: []row{{count: poissonCount{1}, loss: newDiscreteLoss(values, w)}}}).lattice()
	}
	for _, c := range []struct {
		want   float64
		values []float64
	}{{1, []float64{1, 2, 5}}, {.25, []float64{.5, .75, 3}}, {396.6390391, []float64{396.6390391}}, {.1, []float64{.3, .4}}, {50, []float64{0, 100, 250}}} {
		got, ok := unit(c.values...)
		require.True(t, ok, "%v", c.values)
		require.InEpsilon(t, c.want, got, 1e-9)
	}
	_, ok := unit(1, math.Pi)
	require.False(t, ok)
}
