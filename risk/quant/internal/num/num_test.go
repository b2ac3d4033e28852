package num_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// near asks for relative agreement, down to the least numbers.
func near(t require.TestingT, want, got, rel float64, msg ...any) {
	if want == got {
		return
	}
	require.LessOrEqual(t, math.Abs(got-want), rel*math.Abs(want)+1e-300, msg...)
}

func TestElementaryFunctionsAgreeWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-740, 709).Draw(t, "x")
		if x > -700 {
			near(t, math.Exp(x), num.Exp(x), 1e-15, "exp")
		}
		y := rapid.Float64Range(1e-300, 1e300).Draw(t, "y")
		near(t, math.Log(y), num.Log(y), 1e-15, "log")
		z := rapid.Float64Range(-0.9, 3).Draw(t, "z")
		near(t, math.Log1p(z), num.Log1p(z), 1e-14, "log1p")
		near(t, math.Expm1(z), num.Expm1(z), 1e-14, "expm1")
		a := rapid.Float64Range(-9e5, 9e5).Draw(t, "a")
		s, c := num.Sincos(a)
		ws, wc := math.Sincos(a)
		require.InDelta(t, ws, s, 5e-16+5e-16*math.Abs(ws))
		require.InDelta(t, wc, c, 5e-16+5e-16*math.Abs(wc))
		require.InDelta(t, math.Atan(a), num.Atan(a), 1e-14, "atan")
		e := rapid.Float64Range(-6, 26).Draw(t, "e")
		near(t, math.Erfc(e), num.Erfc(e), 1e-14, "erfc %v", e)
		g := rapid.Float64Range(0.01, 1e6).Draw(t, "g")
		want, _ := math.Lgamma(g)
		require.InDelta(t, want, num.Lgamma(g), 1e-14*(1+math.Abs(want)), "lgamma %v", g)
	})
}

func TestEdgesOfTheDomain(t *testing.T) {
	t.Parallel()
	require.Equal(t, 1.0, num.Exp(0))
	require.True(t, math.IsInf(num.Exp(710), 1))
	require.Zero(t, num.Exp(-746))
	require.Greater(t, num.Exp(-745), 0.0)
	require.True(t, math.IsNaN(num.Exp(math.NaN())))
	require.True(t, math.IsNaN(num.Log(-1)))
	require.True(t, math.IsInf(num.Log(0), -1))
	near(t, -744.4400719213812, num.Log(5e-324), 1e-15)
	require.Equal(t, 1.0, num.Erfc(0))
	require.Equal(t, 2.0, num.Erfc(-30))
	require.Zero(t, num.Erfc(30))
	require.True(t, math.IsInf(num.PhiInv(0), -1))
	require.True(t, math.IsInf(num.PhiInv(1), 1))
	require.True(t, math.IsNaN(num.PhiInv(1.5)))
	require.Zero(t, num.Pow(0, 2))
	require.Equal(t, 1.0, num.Pow(0, 0))
	require.True(t, math.IsNaN(num.Lgamma(0)))
	s, c := num.Sincos(1e9)
	ws, wc := math.Sincos(1e9)
	require.Equal(t, [2]float64{ws, wc}, [2]float64{s, c})
}

func TestTableOfPowersIsRoundedToNearest(t *testing.T) {
	t.Parallel()
	root := big.NewFloat(2).SetPrec(200)
	for range 7 {
		root.Sqrt(root)
	}
	p := big.NewFloat(1).SetPrec(200)
	for j := range 128 {
		want, _ := p.Float64()
		near(t, want, num.Exp(float64(j)*math.Ln2/128), 3e-16)
		p.Mul(p, root)
	}
}

func TestNormalQuantileInvertsTheNormal(t *testing.T) {
	t.Parallel()
	near(t, -1.6448536269514722, num.PhiInv(0.05), 1e-15)
	near(t, 2.3263478740408408, num.PhiInv(0.99), 1e-15)
	near(t, 4.753424308822899, num.PhiInvUpper(1e-6), 1e-15)
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Float64Range(-37, 0).Draw(t, "z")
		require.InDelta(t, z, num.PhiInv(num.Phi(z)), 1e-14*(1+math.Abs(z)))
	})
}

func TestBetaQuantileInvertsTheBeta(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := num.NewBeta(rapid.Float64Range(1, 9).Draw(t, "a"), rapid.Float64Range(1, 9).Draw(t, "b"))
		p := rapid.Float64Range(1e-12, 1-1e-12).Draw(t, "p")
		x, y := d.Quantile(p, 1-p)
		require.InDelta(t, 1, x+y, 4e-15)
		near(t, p, d.CDF(x, y), 1e-11)
		near(t, 1-p, d.Upper(x, y), 1e-11+1e-15/(1-p))
		lo := rapid.Float64Range(0, x).Draw(t, "lo")
		require.LessOrEqual(t, d.CDF(lo, 1-lo), d.CDF(x, y)+1e-12)
	})
}

func TestGaussNodesIntegrateTheirMoments(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 8, 40, 120} {
		for _, ab := range [][2]float64{{1, 5}, {1.8, 4.2}, {3, 3}, {5, 1}, {1.1, 1.9}} {
			nodes, weights := num.GaussBeta(n, ab[0], ab[1])
			sum, m1, m2 := 0.0, 0.0, 0.0
			for i := range nodes {
				sum += weights[i]
				m1 += weights[i] * nodes[i]
				m2 += weights[i] * nodes[i] * nodes[i]
			}
			s := ab[0] + ab[1]
			require.InDelta(t, 1, sum, 1e-13)
			require.InDelta(t, ab[0]/s, m1, 1e-13, "n %d %v", n, ab)
			if n > 1 {
				require.InDelta(t, ab[0]*(ab[0]+1)/(s*(s+1)), m2, 1e-13, "n %d %v", n, ab)
			}
		}
	}
}

func TestIntegrateMeetsItsTolerance(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 2, num.Integrate(func(x float64) float64 { s, _ := num.Sincos(x); return s }, 0, math.Pi, 1e-13), 1e-13)
	require.InDelta(t, 0.625, num.Integrate(func(x float64) float64 { return math.Abs(x - 0.5) }, 0, 1.5, 1e-13), 1e-12)
	require.Zero(t, num.Integrate(math.Sqrt, 1, 1, 1e-9))
}
