package num_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

func TestTransformComesBack(t *testing.T) {
	t.Parallel()
	for n := 4; n <= 1<<12; n *= 2 {
		tr := num.NewTransform(n)
		a, b := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i] = math.Sin(float64(i * i))
		}
		z := make([]complex128, n/2)
		tr.Forward(a, z)
		tr.Inverse(z, b)
		require.InDeltaSlice(t, a, b, 1e-14, "n %d", n)
		require.Equal(t, n, tr.Len())
	}
}

func TestTransformMultipliesPolynomialsModuloXToTheNPlusOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := 1 << rapid.IntRange(2, 7).Draw(t, "bits")
		num1 := rapid.SliceOfN(rapid.Float64Range(-1, 1), n, n)
		a, b := num1.Draw(t, "a"), num1.Draw(t, "b")
		want := make([]float64, n)
		for i := range a {
			for j := range b {
				if i+j < n {
					want[i+j] += a[i] * b[j]
				} else {
					want[i+j-n] -= a[i] * b[j]
				}
			}
		}
		tr := num.NewTransform(n)
		za, zb := make([]complex128, n/2), make([]complex128, n/2)
		tr.Forward(a, za)
		tr.Forward(b, zb)
		for i := range za {
			za[i] = num.Mul(za[i], zb[i])
		}
		got := make([]float64, n)
		tr.Inverse(za, got)
		require.InDeltaSlice(t, want, got, 1e-12)
	})
}

func TestComplexHelpers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(-3, 3)
		a := complex(f.Draw(t, "re")+3.01, f.Draw(t, "im"))
		// A few units in the last place, relative to the size of the answer.
		require.Less(t, cmplx.Abs(num.Inv(a)-1/a), 2e-15*cmplx.Abs(1/a))
		require.Less(t, cmplx.Abs(num.Cexp(a)-cmplx.Exp(a)), 2e-15*cmplx.Abs(cmplx.Exp(a)))
		require.Less(t, cmplx.Abs(num.Clog(a)-cmplx.Log(a)), 1e-14)
	})
}

func BenchmarkTransformForwardAndInverse262144Coefficients(b *testing.B) {
	const n = 1 << 18
	tr := num.NewTransform(n)
	a, z := make([]float64, n), make([]complex128, n/2)
	for i := range a {
		a[i] = 1 / float64(i+1)
	}
	for b.Loop() {
		tr.Forward(a, z)
		tr.Inverse(z, a)
	}
}

func BenchmarkNewTransform262144Coefficients(b *testing.B) {
	for b.Loop() {
		num.NewTransform(1 << 18)
	}
}
