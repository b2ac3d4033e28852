package quant

import (
	"math"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// rounding says how a loss is brought onto the grid.
type rounding int

const (
	// keepMean splits a loss between its two neighbours so that the mean of every loss stays what it is.
	keepMean rounding = iota
	roundDown
	roundUp
)

// tilting is the exponent by which masses at the end of the grid are damped before the transform. What wraps around the
// end is damped by e^-20 = 2e-9; rounding errors at the end grow by the inverse.
const tilting = 20.0

// grid carries the masses at 0, h, 2h, ... (n-1)h.
type grid struct {
	n    int
	h    float64
	tr   *num.Transform
	smp  *num.Sampler
	tilt []float64

	keep  bool        // keep the limited means of bundles,
	kept  [][]float64 // one for each combination of shocks,
	finer *grid       // for a grid of half as many points over the same range
}

func newGrid(n int, h float64) *grid {
	g := &grid{n: n, h: h, tr: num.NewTransform(n), smp: num.NewSampler(), tilt: make([]float64, n)}
	for j := range g.tilt {
		g.tilt[j] = num.Exp(-tilting * float64(j) / float64(n))
	}
	return g
}

// top is where the grid ends.
func (g *grid) top() float64 { return float64(g.h * float64(g.n)) }

// bundle is the weighted sum of lognormal laws. They are smooth on one scale, so they are sampled together.
type bundle struct {
	laws           []lognormalLoss
	weights, means []float64
}

func (b *bundle) add(l lognormalLoss, weight float64) {
	b.laws, b.weights, b.means = append(b.laws, l), append(b.weights, weight), append(b.means, l.moment(1))
}

func (b *bundle) exceed(x float64) float64 {
	sum, t := 0.0, num.Log(x)
	for i, l := range b.laws {
		sum += float64(b.weights[i] * l.exceedLog(t))
	}
	return sum
}

func (b *bundle) limited(x float64) float64 {
	sum := 0.0
	switch x {
	case 0:
		return 0
	case inf:
		for i, m := range b.means {
			sum += float64(b.weights[i] * m)
		}
		return sum
	}
	t := num.Log(x)
	for i, l := range b.laws {
		sum += float64(b.weights[i] * l.limitedLog(x, t, b.means[i]))
	}
	return sum
}

// spread adds weight times the masses of a loss to dst, and returns weight times the mean of the loss on the grid: for
// roundDown a lower bound and for roundUp an upper bound of it, as close as what lies beyond the grid allows.
func (g *grid) spread(dst []float64, l loss, weight float64, how rounding) float64 {
	if d, ok := l.(discreteLoss); ok {
		sum := 0.0
		for i, v := range d.values {
			sum += g.deposit(dst, v, float64(weight*d.p[i]), how)
		}
		return sum
	}
	return g.spreadSmooth(dst, l.exceed, l.limited, weight, 1, how)
}

// spreadBundle is spread for a bundle. Its limited means are kept for the grid of half as many points, which needs every
// second of them.
func (g *grid) spreadBundle(dst []float64, b *bundle, how rounding) float64 {
	total := 0.0
	for _, w := range b.weights {
		total += w
	}
	if how != keepMean {
		return g.spreadSmooth(dst, b.exceed, b.limited, 1, total, how)
	}
	t := make([]float64, g.n+1)
	if g.finer != nil && len(g.finer.kept) > 0 {
		for j := range t {
			t[j] = g.finer.kept[0][2*j]
		}
		g.finer.kept = g.finer.kept[1:]
	} else {
		g.smp.Fill(t, g.h, sampleError*b.limited(inf), b.limited)
	}
	if g.keep {
		g.kept = append(g.kept, t)
	}
	secondDifferences(dst, t, 1/g.h, total)
	return b.limited(inf)
}

// sampleError is the relative error up to which functions are interpolated.
const sampleError = 4e-15

// secondDifferences adds the masses that keep the mean, given the limited means at the points.
func secondDifferences(dst, t []float64, per, whole float64) {
	dst[0] += whole - float64(per*t[1])
	for j := 1; j < len(dst); j++ {
		dst[j] += float64(per * ((t[j] - t[j-1]) - (t[j+1] - t[j])))
	}
}

// deposit puts a single loss onto the grid and returns weight times the value it has there.
func (g *grid) deposit(dst []float64, v, weight float64, how rounding) float64 {
	x := v / g.h
	k := math.Round(x)
	if math.Abs(x-k) > 1e-9*math.Max(1, x) {
		k = math.Floor(x)
	}
	rest := math.Max(x-k, 0)
	if math.Abs(x-k) <= 1e-9*math.Max(1, x) {
		rest = 0
	}
	put := func(k, w float64) {
		if k < float64(len(dst)) {
			dst[int(k)] += w
		}
	}
	switch {
	case rest == 0 || how == roundDown:
		put(k, weight)
		return float64(weight * k * g.h)
	case how == roundUp:
		put(k+1, weight)
		return float64(weight * (k + 1) * g.h)
	}
	put(k, float64(weight*(1-rest)))
	put(k+1, float64(weight*rest))
	return float64(weight * v)
}

// spreadSmooth is spread for a law given by its survival function and its limited mean, both at most scale times those of
// a single loss.
func (g *grid) spreadSmooth(dst []float64, exceed, limited func(float64) float64, weight, scale float64, how rounding) float64 {
	n := len(dst)
	t := make([]float64, n+1)
	mean := limited(inf)
	if how == keepMean {
		g.smp.Fill(t, g.h, sampleError*mean, limited)
		secondDifferences(dst, t, weight/g.h, float64(weight*scale))
		return weight * mean
	}
	g.smp.Fill(t, g.h, sampleError*scale, exceed)
	sum := 0.0
	if how == roundDown {
		dst[0] += float64(weight * (scale - t[1]))
		for j := 1; j < n; j++ {
			dst[j] += float64(weight * (t[j] - t[j+1]))
			sum += t[j]
		}
		return weight * (float64(g.h*sum) + mean - limited(g.h*float64(n)))
	}
	dst[0] += float64(weight * (scale - t[0]))
	for j := 1; j < n; j++ {
		dst[j] += float64(weight * (t[j-1] - t[j]))
		sum += t[j-1]
	}
	return weight * (float64(g.h*(sum+t[n-1])) + mean - limited(g.h*float64(n-1)))
}

// transformed returns the values of a loss's tilted generating function and its mean on the grid.
func (g *grid) transformed(l loss, how rounding) (z []complex128, mean float64) {
	switch l := l.(type) {
	case summedLoss:
		z, mean = g.transformed(l.primary, how)
		second, more := g.transformed(l.secondary, how)
		for k := range z {
			z[k] = num.Mul(z[k], complex(1-l.share+float64(l.share*real(second[k])), l.share*imag(second[k])))
		}
		return z, mean + float64(l.share*more)
	case layeredLoss:
		if _, ok := l.base.(summedLoss); ok {
			return g.layered(l, how)
		}
	}
	a := make([]float64, g.n)
	mean = g.spread(a, l, 1, how)
	z = make([]complex128, g.n/2)
	g.forward(a, z)
	return z, mean
}

// layered cuts a layer out of a loss that is only known on the grid.
func (g *grid) layered(l layeredLoss, how rounding) ([]complex128, float64) {
	z, _ := g.transformed(l.base, how)
	a, b := make([]float64, g.n), make([]float64, g.n)
	g.inverse(z, a)
	left, mean := 1.0, 0.0
	for j, m := range a {
		left -= m
		mean += g.deposit(b, l.cut(float64(j)*g.h), m, how)
	}
	if l.limit < inf {
		mean += g.deposit(b, l.limit, left, how)
	} else {
		mean += l.limited(inf) - l.limited(math.Max(g.top()-l.deductible, 0))
	}
	if how == keepMean {
		mean = l.limited(inf)
	}
	z = make([]complex128, g.n/2)
	g.forward(b, z)
	return z, mean
}

// forward tilts masses, uses them up and transforms them.
func (g *grid) forward(a []float64, z []complex128) {
	for j, t := range g.tilt {
		a[j] *= t
	}
	g.tr.Forward(a, z)
}

// inverse transforms back and takes the tilt away; it returns the norm of the tilted masses.
func (g *grid) inverse(z []complex128, a []float64) float64 {
	g.tr.Inverse(z, a)
	norm := 0.0
	for j, t := range g.tilt {
		norm += float64(a[j] * a[j])
		a[j] /= t
	}
	return math.Sqrt(norm)
}

// spectrum returns the values of the tilted generating function of a year's loss, and the mean of the year on the grid.
func (g *grid) spectrum(rows []row, how rounding) (total []complex128, mean float64) {
	a := make([]float64, g.n)
	z := make([]complex128, g.n/2)
	var smooth bundle
	var composite []row
	rate := 0.0
	for _, r := range rows {
		c, ok := r.count.(poissonCount)
		if !ok || c.rate == 0 {
			continue
		}
		rate += c.rate
		switch l := r.loss.(type) {
		case lognormalLoss:
			smooth.add(l, c.rate)
		case summedLoss:
			composite = append(composite, r)
		case layeredLoss:
			if _, ok := l.base.(summedLoss); ok {
				composite = append(composite, r)
				continue
			}
			mean += g.spread(a, l, c.rate, how)
		default:
			mean += g.spread(a, l, c.rate, how)
		}
	}
	if len(smooth.laws) > 0 {
		mean += g.spreadBundle(a, &smooth, how)
	}
	g.forward(a, z)
	for _, r := range composite {
		part, m := g.transformed(r.loss, how)
		c := r.count.mean()
		mean += float64(c * m)
		for k := range z {
			z[k] += complex(float64(c*real(part[k])), float64(c*imag(part[k])))
		}
	}
	for k := range z {
		z[k] = num.Cexp(complex(real(z[k])-rate, imag(z[k])))
	}
	for _, r := range rows {
		if _, ok := r.count.(poissonCount); ok {
			continue
		}
		part, m := g.transformed(r.loss, how)
		mean += float64(r.count.mean() * m)
		for k := range z {
			z[k] = num.Mul(z[k], r.count.pgf(part[k]))
		}
	}
	return z, mean
}
