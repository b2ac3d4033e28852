package remediation_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/remediation"
)

// Whatever the charges and prices, the relaxation is below every plan: that is what makes the certificate one.
func TestAnyChargesAndPricesGiveABound(t *testing.T) {
	t.Parallel()
	bounded := 0
	rapid.Check(t, func(rt *rapid.T) {
		p := anyProblem(rapid.IntRange(0, 1<<30).Draw(rt, "seed"), 6, 3)
		best, feasible := bruteForce(p)
		if !feasible {
			return
		}
		draw := rapid.Float64Range(-1, 1)
		for range 3 {
			require.LessOrEqual(rt, remediation.AnyBound(p, func() float64 { return draw.Draw(rt, "x") }), best)
		}
		bounded++
	})
	require.Greater(t, bounded, 20)
}

// Splitting and weighing are two programs for one answer.
func TestSplittingFindsWhatWeighingFinds(t *testing.T) {
	t.Parallel()
	for seed := range long.Count(25, 300) {
		p := anyProblem(seed, 16, 3)
		if p.Validate() != nil {
			continue
		}
		want := remediation.WeighEvery(p)
		objective, bound := remediation.SplitOnly(p, 100000)
		require.InDelta(t, want, objective, 1e-6*(1+want), "seed %d", seed)
		require.InDelta(t, want, bound, 1e-6*(1+want), "seed %d: nothing is left open", seed)
	}
}

// A search that has to stop says how far it got, and the best plan lies between its two figures.
func TestASearchThatStopsEarlyBoundsTheOptimum(t *testing.T) {
	t.Parallel()
	open := 0
	for seed := range long.Count(25, 300) {
		p := anyProblem(1000+seed, 17, 4)
		if p.Validate() != nil {
			continue
		}
		best := remediation.WeighEvery(p)
		objective, bound := remediation.SplitOnly(p, 1)
		require.LessOrEqual(t, bound, best*(1+1e-9)+1e-6, "seed %d", seed)
		require.GreaterOrEqual(t, objective, best*(1-1e-9)-1e-6, "seed %d", seed)
		if bound < best-1 {
			open++
		}
	}
	require.Positive(t, open, "no search stopped early, so the test shows nothing")
}
