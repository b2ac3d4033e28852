package num

import "math"

// GaussBeta returns n nodes in (0,1) and their weights, which add up to 1, such that the weighted sum of a function over
// the nodes is its mean under the beta distribution with parameters a and b: exact for polynomials up to degree 2n-1.
// It diagonalises the Jacobi matrix (Golub and Welsch, 1969) by implicit QL steps.
func GaussBeta(n int, a, b float64) (nodes, weights []float64) {
	diag, off := jacobiMatrix(n, b-1, a-1)
	first := make([]float64, n)
	first[0] = 1
	implicitQL(diag, off, first)
	for i := 1; i < n; i++ { // insertion sort: n is small and the order must not depend on a library
		for j := i; j > 0 && diag[j] < diag[j-1]; j-- {
			diag[j], diag[j-1] = diag[j-1], diag[j]
			first[j], first[j-1] = first[j-1], first[j]
		}
	}
	total := 0.0
	for i := range first {
		first[i] = float64(first[i] * first[i])
		total += first[i]
	}
	for i := range diag {
		diag[i] = math.Min(1, math.Max(0, 0.5*(1+diag[i])))
		first[i] /= total
	}
	return diag, first
}

// jacobiMatrix returns the diagonal and the off-diagonal of the symmetric tridiagonal matrix of the orthonormal Jacobi
// polynomials for the weight (1-t)^p (1+t)^q on [-1,1].
func jacobiMatrix(n int, p, q float64) (diag, off []float64) {
	diag, off = make([]float64, n), make([]float64, n)
	s := p + q
	for i := range n {
		k := float64(i)
		if i == 0 {
			diag[0] = (q - p) / (s + 2)
			continue
		}
		t := 2*k + s
		diag[i] = (q - p) * s / (t * (t + 2))
		if i == 1 {
			off[0] = math.Sqrt(4 * (1 + p) * (1 + q) / ((s + 2) * (s + 2) * (s + 3)))
		} else {
			off[i-1] = math.Sqrt(4 * k * (k + p) * (k + q) * (k + s) / (t * t * (t + 1) * (t - 1)))
		}
	}
	return diag, off
}

// implicitQL turns diag into the eigenvalues of the matrix and first into the first components of its eigenvectors.
func implicitQL(diag, off, first []float64) {
	n := len(diag)
	for l := range n {
		for range 200 {
			m := l
			for ; m < n-1; m++ {
				if scale := math.Abs(diag[m]) + math.Abs(diag[m+1]); math.Abs(off[m]) <= 1e-17*scale {
					break
				}
			}
			if m == l {
				break
			}
			g := (diag[l+1] - diag[l]) / (2 * off[l])
			r := math.Sqrt(float64(g*g) + 1)
			g = diag[m] - diag[l] + off[l]/(g+math.Copysign(r, g))
			s, c, shift := 1.0, 1.0, 0.0
			i := m - 1
			for ; i >= l; i-- {
				f, b := float64(s*off[i]), float64(c*off[i])
				r = math.Sqrt(float64(f*f) + float64(g*g))
				off[i+1] = r
				if r == 0 {
					diag[i+1] -= shift
					off[m] = 0
					break
				}
				s, c = f/r, g/r
				g = diag[i+1] - shift
				r = float64((diag[i]-g)*s) + float64(2*float64(c*b))
				shift = float64(s * r)
				diag[i+1] = g + shift
				g = float64(c*r) - b
				z := first[i+1]
				first[i+1] = float64(s*first[i]) + float64(c*z)
				first[i] = float64(c*first[i]) - float64(s*z)
			}
			if r == 0 && i >= l {
				continue
			}
			diag[l] -= shift
			off[l] = g
			off[m] = 0
		}
	}
}
