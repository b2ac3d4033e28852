package num

import "math"

// Transform evaluates a real polynomial of n coefficients at n/2 of the points with x^n = -1, one of each conjugate pair,
// and gets the coefficients back. Multiplying values point by point multiplies polynomials modulo x^n + 1: what overflows
// the end comes back at the front with its sign turned.
//
// The values stand in an order of their own. Pointwise work does not need the order, and leaving it alone saves both the
// permutation and the split of even and odd frequencies that a transform of real numbers otherwise has. A Transform is
// read-only after [NewTransform] and may be shared.
type Transform struct {
	n      int
	twist  []complex128   // e^(i pi j/n)
	stages [][]complex128 // for each block length, largest first: w^j, w^2j, w^3j in turn
}

// NewTransform prepares transforms of n coefficients, a power of two and at least 4.
func NewTransform(n int) *Transform {
	m := n / 2
	t := &Transform{n: n, twist: make([]complex128, m)}
	for j := range t.twist {
		s, c := Sincos(math.Pi * float64(j) / float64(n))
		t.twist[j] = complex(c, s)
	}
	for length := m; length >= 4; length /= 4 {
		q := length / 4
		w := make([]complex128, 3*q)
		// The angle 2 pi k/length is the twist angle pi j/n at j = k n/(length/2); beyond the table it is a multiple
		// of a quarter turn away.
		stride := 2 * n / length
		for j := range q {
			for p := 1; p <= 3; p++ {
				at := p * j * stride
				v := t.twist[at%m]
				for range at / m {
					v = complex(-imag(v), real(v))
				}
				w[3*j+p-1] = v
			}
		}
		t.stages = append(t.stages, w)
	}
	return t
}

// Len returns the number of coefficients.
func (t *Transform) Len() int { return t.n }

// Forward writes the values of the polynomial with coefficients a to z, which has n/2 places.
func (t *Transform) Forward(a []float64, z []complex128) {
	m := t.n / 2
	lo, hi, tw := a[:m], a[m:t.n], t.twist[:m]
	z = z[:m]
	for j := range z {
		z[j] = Mul(complex(lo[j], hi[j]), tw[j])
	}
	t.down(z, 0)
}

// Inverse writes the coefficients to a. It uses z up.
func (t *Transform) Inverse(z []complex128, a []float64) {
	m := t.n / 2
	z = z[:m]
	t.up(z, 0)
	scale := 1 / float64(m)
	lo, hi, tw := a[:m], a[m:t.n], t.twist[:m]
	for j := range z {
		v := Mul(z[j], complex(real(tw[j]), -imag(tw[j])))
		lo[j], hi[j] = real(v)*scale, imag(v)*scale
	}
}

func (t *Transform) down(z []complex128, stage int) {
	switch len(z) {
	case 1:
		return
	case 2:
		z[0], z[1] = z[0]+z[1], z[0]-z[1]
		return
	}
	q := len(z) / 4
	a, b, c, d, w := z[:q], z[q:2*q], z[2*q:3*q], z[3*q:4*q], t.stages[stage][:3*q]
	for j := range a {
		t0, t1 := a[j]+c[j], a[j]-c[j]
		t2, t3 := b[j]+d[j], b[j]-d[j]
		t3 = complex(-imag(t3), real(t3))
		a[j] = t0 + t2
		b[j] = Mul(t1+t3, w[3*j])
		c[j] = Mul(t0-t2, w[3*j+1])
		d[j] = Mul(t1-t3, w[3*j+2])
	}
	if q > 1 {
		t.down(a, stage+1)
		t.down(b, stage+1)
		t.down(c, stage+1)
		t.down(d, stage+1)
	}
}

func (t *Transform) up(z []complex128, stage int) {
	switch len(z) {
	case 1:
		return
	case 2:
		z[0], z[1] = z[0]+z[1], z[0]-z[1]
		return
	}
	q := len(z) / 4
	a, b, c, d, w := z[:q], z[q:2*q], z[2*q:3*q], z[3*q:4*q], t.stages[stage][:3*q]
	if q > 1 {
		t.up(a, stage+1)
		t.up(b, stage+1)
		t.up(c, stage+1)
		t.up(d, stage+1)
	}
	for j := range a {
		y1, y2, y3 := mulConj(b[j], w[3*j]), mulConj(c[j], w[3*j+1]), mulConj(d[j], w[3*j+2])
		t0, t2 := a[j]+y2, a[j]-y2
		t1, t3 := y1+y3, y1-y3
		t3 = complex(imag(t3), -real(t3))
		a[j], c[j] = t0+t1, t0-t1
		b[j], d[j] = t2+t3, t2-t3
	}
}

// Mul multiplies two complex numbers, each product rounded.
func Mul(a, b complex128) complex128 {
	return complex(float64(real(a)*real(b))-float64(imag(a)*imag(b)), float64(real(a)*imag(b))+float64(imag(a)*real(b)))
}

func mulConj(a, b complex128) complex128 {
	return complex(float64(real(a)*real(b))+float64(imag(a)*imag(b)), float64(imag(a)*real(b))-float64(real(a)*imag(b)))
}

// Inv returns 1/a.
func Inv(a complex128) complex128 {
	n := float64(real(a)*real(a)) + float64(imag(a)*imag(a))
	return complex(real(a)/n, -imag(a)/n)
}

// Cexp returns e^a.
func Cexp(a complex128) complex128 {
	r := Exp(real(a))
	s, c := Sincos(imag(a))
	return complex(r*c, r*s)
}

// Clog returns the principal logarithm of a, whose real part must be positive.
func Clog(a complex128) complex128 {
	return complex(0.5*Log(float64(real(a)*real(a))+float64(imag(a)*imag(a))), Atan(imag(a)/real(a)))
}
