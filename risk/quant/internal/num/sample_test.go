package num_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

func TestSamplerMeetsItsToleranceAcrossKinksAndSteps(t *testing.T) {
	t.Parallel()
	s := num.NewSampler()
	for name, f := range map[string]func(float64) float64{
		"a normal tail in the logarithm": func(x float64) float64 { return 0.5 * num.Erfc((num.Log(x+1e-300)-3)/0.8) },
		"a narrow one":                   func(x float64) float64 { return 0.5 * num.Erfc((num.Log(x+1e-300)-5)/0.004) },
		"a step":                         func(x float64) float64 { return math.Floor(x / 333.3) },
		"a kink":                         func(x float64) float64 { return math.Min(x, 217.3) },
		"a constant":                     func(float64) float64 { return 2 },
	} {
		dst := make([]float64, 5000)
		s.Fill(dst, 0.1, 1e-14, f)
		for j, v := range dst {
			require.InDelta(t, f(float64(j)*0.1), v, 2e-13, "%s at %d", name, j)
		}
	}
	s.Fill(nil, 1, 1, nil)
}
