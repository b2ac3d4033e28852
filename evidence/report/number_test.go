package report

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNumbersAreWritten(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{
		0: "0", 0.5: "0.50", 12.345: "12.35", 999.999: "1,000", 1000: "1,000", 46178.4: "46,178", 1234567.5: "1,234,568", 1e15: "1,000,000,000,000,000", -2500: "−2,500",
	} {
		require.Equal(t, want, amount(x, math.Round), x)
	}
	require.Equal(t, "46,178", amount(46178.9, math.Floor))
	require.Equal(t, "46,179", amount(46178.1, math.Ceil))
	for p, want := range map[float64]string{0: "0", 1: "1", 0.5: "0.5", 0.123456: "0.1235", 0.00123456: "0.001235", 1e-20: "1e-20"} {
		require.Equal(t, want, chance(p, math.Round), p)
	}
	require.Equal(t, "0.06499", chance(0.064999, math.Floor))
	require.Equal(t, "0.06501", chance(0.065001, math.Ceil))
	for p, want := range map[float64]string{0: "no year", 1: "every year", 0.5: "1 year in 2", 0.3: "1 year in 3.3", 1 - 0.9: "1 year in 10", 1 - 0.999: "1 year in 1,000", 0.065: "1 year in 15"} {
		require.Equal(t, want, years(p), p)
	}
	for x, want := range map[float64]string{100: "100", 5e4: "50,000", 2e6: "2 million", 5e9: "5 billion", 1e12: "1 trillion"} {
		require.Equal(t, want, short(x), x)
	}
	require.Equal(t, "1,000", amount(999.999, math.Ceil), "what rounds up to a thousand is written as a thousand")
}

func TestPicturesHaveRoundAxes(t *testing.T) {
	t.Parallel()
	for most, want := range map[int]int{0: 1, 1: 1, 5: 1, 6: 2, 10: 2, 11: 5, 62: 20, 1000: 200} {
		require.Equal(t, want, wholeStep(most), most)
	}
	require.InDelta(t, 5e6, roundUp(2.7e6), 1)
	require.InDelta(t, 2000, roundUp(2000), 1e-6)
	require.InDelta(t, 1000, roundUp(501), 1e-6)
	rapid.Check(t, func(t *rapid.T) {
		x := math.Pow(10, rapid.Float64Range(-3, 14).Draw(t, "decade"))
		up := roundUp(x)
		require.GreaterOrEqual(t, up, x*(1-1e-9))
		require.LessOrEqual(t, up, 2.5*x*(1+1e-9))
	})
}

func TestRowsThatDoNotFitAreCounted(t *testing.T) {
	t.Parallel()
	require.Empty(t, lines(nil, 0))
	require.Equal(t, []cellLine{{0, "#1 #2"}}, lines([]int{1, 2}, 0))
	require.Equal(t, []cellLine{{0, "#1 #2 #3"}, {18, "#4"}}, lines([]int{1, 2, 3, 4}, 0))
	require.Equal(t, []cellLine{{0, "#1 #2 #3"}, {18, "and 4 more"}}, lines([]int{1, 2, 3, 4, 5, 6, 7}, 0))
	require.Equal(t, []cellLine{{0, "#1234 #1235"}, {18, "#1236"}}, lines([]int{1234, 1235, 1236}, 0))
	require.Equal(t, []int{0, 4, 9}, thin([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 3))
	require.Equal(t, []int{1, 2}, thin([]int{1, 2}, 3))
}
