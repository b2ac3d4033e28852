package num

import "math"

const (
	chebyshevNodes = 18
	sampleDirect   = 24 // below this many points evaluation is cheaper than interpolation
)

// Sampler fills grids with the values of functions that are costly to evaluate and smooth but for a few points. It is
// read-only after [NewSampler] and may be shared.
type Sampler struct {
	at  [chebyshevNodes]float64                 // Chebyshev points on [-1,1], both ends among them
	dct [chebyshevNodes][chebyshevNodes]float64 // from values at the points to coefficients
}

// NewSampler returns a sampler.
func NewSampler() *Sampler {
	s := &Sampler{}
	const n = chebyshevNodes - 1
	for i := range chebyshevNodes {
		_, s.at[i] = Sincos(math.Pi * float64(i) / n)
		for k := range chebyshevNodes {
			_, c := Sincos(math.Pi * float64(i*k) / n)
			c *= 2.0 / n
			if i == 0 || i == n {
				c *= 0.5
			}
			if k == 0 || k == n {
				c *= 0.5
			}
			s.dct[k][i] = c
		}
	}
	return s
}

// Fill sets dst[j] to f(j*step), to about tol where it interpolates. It halves the range until the Chebyshev
// coefficients of a part have died away, so the kinks and steps of f end up in parts that are evaluated point by point.
// For a function that never turns, such as a distribution function or a limited mean, nothing can hide between the points:
// both ends of a part are among them.
func (s *Sampler) Fill(dst []float64, step, tol float64, f func(float64) float64) {
	if len(dst) == 0 {
		return
	}
	dst[0] = f(0)
	s.fill(dst, 1, len(dst), step, tol, f)
}

func (s *Sampler) fill(dst []float64, from, to int, step, tol float64, f func(float64) float64) {
	if to-from <= sampleDirect {
		for j := from; j < to; j++ {
			dst[j] = f(float64(j) * step)
		}
		return
	}
	var v, c [chebyshevNodes]float64
	mid, half := 0.5*float64(from+to-1), 0.5*float64(to-1-from)
	for i, x := range s.at {
		v[i] = f((mid + float64(half*x)) * step)
	}
	for k := chebyshevNodes - 1; k >= 0; k-- {
		sum := 0.0
		for i, w := range s.dct[k] {
			sum += float64(w * v[i])
		}
		c[k] = sum
		if k == chebyshevNodes-4 && math.Abs(c[k])+math.Abs(c[k+1])+math.Abs(c[k+2])+math.Abs(c[k+3]) > tol {
			m := (from + to) / 2
			s.fill(dst, from, m, step, tol, f)
			s.fill(dst, m, to, step, tol, f)
			return
		}
	}
	degree := chebyshevNodes - 1
	for rest := 0.0; degree > 0; degree-- {
		if rest += math.Abs(c[degree]); rest > 0.1*tol {
			break
		}
	}
	if degree == 0 {
		for j := from; j < to; j++ {
			dst[j] = c[0]
		}
		return
	}
	inv := 1 / half
	for j := from; j < to; j++ {
		x := (float64(j) - mid) * inv
		x2 := 2 * x
		b1, b2 := c[degree], 0.0
		for k := degree - 1; k > 0; k-- {
			b1, b2 = float64(x2*b1)+(c[k]-b2), b1
		}
		dst[j] = float64(x*b1) + (c[0] - b2)
	}
}
