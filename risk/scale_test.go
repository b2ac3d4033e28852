package risk_test

import (
	"errors"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/risk"
)

const (
	vl = risk.LevelVeryLow
	l  = risk.LevelLow
	m  = risk.LevelModerate
	h  = risk.LevelHigh
	vh = risk.LevelVeryHigh
	na = risk.LevelNotAssessed
)

var five = []risk.Level{vl, l, m, h, vh}

// tableG5 is table G-5 as printed: rows VH to VL of initiation, columns VL to VH of adverse impact.
var tableG5 = [5][5]risk.Level{
	{l, m, h, vh, vh},
	{l, m, m, h, vh},
	{l, l, m, m, h},
	{vl, l, l, m, m},
	{vl, vl, l, l, l},
}

// tableI2 is table I-2 as printed: rows VH to VL of likelihood, columns VL to VH of impact.
var tableI2 = [5][5]risk.Level{
	{vl, l, m, h, vh},
	{vl, l, m, h, vh},
	{vl, l, m, m, h},
	{vl, l, l, l, m},
	{vl, vl, vl, l, l},
}

func TestEveryCellOfG5(t *testing.T) {
	t.Parallel()
	for i, row := range tableG5 {
		for j, want := range row {
			require.Equal(t, want, risk.SP80030().Likelihood(five[4-i], five[j]), "G-5(%s, %s)", five[4-i], five[j])
		}
	}
}

func TestEveryCellOfI2(t *testing.T) {
	t.Parallel()
	for i, row := range tableI2 {
		for j, want := range row {
			require.Equal(t, want, risk.SP80030().Risk(five[4-i], five[j]), "I-2(%s, %s)", five[4-i], five[j])
		}
	}
}

func TestVectorsOfTheRiskTables(t *testing.T) {
	t.Parallel()
	s := risk.SP80030()
	count := func(table func(a, b risk.Level) risk.Level) []int {
		out := make([]int, 5)
		for _, a := range five {
			for _, b := range five {
				for i, level := range five {
					if table(a, b) == level {
						out[i]++
					}
				}
			}
		}
		return out
	}
	for _, v := range []struct {
		id   string
		got  any
		want any
	}{
		{"RISK-01 tornado", s.Likelihood(l, m), l},
		{"RISK-02 phishing", s.Likelihood(vh, m), h},
		{"RISK-04 likelihood very high, impact very low", s.Risk(vh, vl), vl},
		{"RISK-05 likelihood very low, impact very high", s.Risk(vl, vh), l},
		{"RISK-06 likelihood low, impact high", s.Risk(l, h), l},
		{"RISK-07 likelihood moderate, impact very high", s.Risk(m, vh), h},
		{"RISK-19 counts of G-5", count(s.Likelihood), []int{3, 9, 7, 3, 3}},
		{"RISK-19 counts of I-2", count(s.Risk), []int{7, 8, 5, 3, 2}},
	} {
		require.Equal(t, v.want, v.got, v.id)
	}
	for _, a := range five {
		require.Equal(t, s.Risk(h, a), s.Risk(vh, a), "RISK-08 rows very high and high are one")
		for _, b := range five {
			require.Equal(t, s.Likelihood(a, b), s.Likelihood(b, a), "RISK-03 G-5 is symmetric")
		}
	}
	require.NotEqual(t, s.Risk(vh, vl), s.Risk(vl, vh), "I-2 is not symmetric")
}

func TestVectorsOfTheBins(t *testing.T) {
	t.Parallel()
	s := risk.SP80030()
	t.Run("RISK-14 each edge", func(t *testing.T) {
		t.Parallel()
		for _, v := range []struct {
			score float64
			want  risk.Level
		}{
			{0, vl}, {4, vl}, {5, l}, {20, l}, {21, m}, {79, m}, {80, h}, {95, h}, {96, vh}, {100, vh},
			// NIST leaves these open; the bins here are half-open.
			{4.5, vl}, {4.999, vl}, {20.5, l}, {79.5, m}, {95.5, h}, {99.9, vh}, {math.Copysign(0, -1), vl},
		} {
			got, err := s.LevelOf(v.score)
			require.NoError(t, err)
			require.Equal(t, v.want, got, "%v", v.score)
			got, err = s.LevelOfDecimal(decimal.NewFromFloat(v.score))
			require.NoError(t, err)
			require.Equal(t, v.want, got, "decimal %v", v.score)
		}
	})
	t.Run("RISK-15 what is no score", func(t *testing.T) {
		t.Parallel()
		for _, score := range []float64{-1, -1e-9, 101, 100.0001, math.NaN(), math.Inf(1), math.Inf(-1)} {
			got, err := s.LevelOf(score)
			var out *risk.ScoreRangeError
			require.True(t, errors.As(err, &out), "%v", score)
			require.Equal(t, "nist-sp800-30r1/five-level/1", out.Scale)
			require.Contains(t, out.Error(), "from 0 to 100")
			require.Equal(t, na, got)
		}
		for _, score := range []decimal.Decimal{
			decimal.NewFromInt(-1), decimal.RequireFromString("100.0001"), decimal.New(1, math.MaxInt32), decimal.New(-1, math.MinInt32),
		} {
			_, err := s.LevelOfDecimal(score)
			var out *risk.ScoreRangeError
			require.True(t, errors.As(err, &out))
		}
	})
	t.Run("a decimal of any length is quick", func(t *testing.T) {
		t.Parallel()
		got, err := s.LevelOfDecimal(decimal.New(7, math.MinInt32))
		require.NoError(t, err)
		require.Equal(t, vl, got)
		got, err = s.LevelOfDecimal(decimal.New(0, math.MaxInt32))
		require.NoError(t, err)
		require.Equal(t, vl, got)
	})
	t.Run("RISK-17 values", func(t *testing.T) {
		t.Parallel()
		for i, want := range []int{0, 2, 5, 8, 10} {
			got, ok := s.Value(five[i])
			require.True(t, ok)
			require.Equal(t, want, got)
		}
		_, ok := s.Value(na)
		require.False(t, ok, "what is not assessed has no number")
	})
}

func TestDecimalAndFloatBinsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64Range(-2_000, 12_000).Draw(t, "hundredths"), -2)
		f, _ := d.Float64()
		byFloat, errFloat := risk.SP80030().LevelOf(f)
		byDecimal, errDecimal := risk.SP80030().LevelOfDecimal(d)
		require.Equal(t, errFloat == nil, errDecimal == nil, "%s", d)
		require.Equal(t, byFloat, byDecimal, "%s", d)
	})
}

func anyLevel() *rapid.Generator[risk.Level] { return rapid.SampledFrom(na.Values()) }

func TestTablesAreMonotone(t *testing.T) {
	t.Parallel()
	s := risk.SP80030()
	up := func(table func(a, b risk.Level) risk.Level) {
		for i, a := range five {
			for j, b := range five {
				if i > 0 {
					order, ok := table(a, b).Compare(table(five[i-1], b))
					require.True(t, ok && order >= 0)
				}
				if j > 0 {
					order, ok := table(a, b).Compare(table(a, five[j-1]))
					require.True(t, ok && order >= 0)
				}
			}
		}
	}
	up(s.Likelihood)
	up(s.Risk)
}

func TestNotAssessedStaysNotAssessed(t *testing.T) {
	t.Parallel()
	s := risk.SP80030()
	for _, other := range append(five, na, "", "critical") {
		for _, unknown := range []risk.Level{na, "", "critical"} {
			require.Equal(t, na, s.Likelihood(unknown, other))
			require.Equal(t, na, s.Likelihood(other, unknown))
			require.Equal(t, na, s.Risk(unknown, other))
			require.Equal(t, na, s.Risk(other, unknown))
		}
	}
	require.Equal(t, na, risk.Scale{}.Risk(vh, vh), "the zero scale knows nothing")
}

// The digest is a public contract: every score that was ever kept names it.
func TestScaleIsFrozen(t *testing.T) {
	t.Parallel()
	s := risk.SP80030()
	require.Equal(t, "nist-sp800-30r1/five-level/1", s.ID())
	require.Equal(t, hipaasmp.Digest("21cf9b3039969cc149c8d015f98045eb4285aad35576abed50939e9df85ffc5a"), s.Digest())
	b, err := canon.Marshal(s.Tables())
	require.NoError(t, err)
	require.Equal(t, hipaasmp.DigestOf(b), s.Digest(), "anybody can compute it from the tables")
	require.Equal(t, five, s.Levels())
	require.Contains(t, s.Source(), "SP 800-30")
	require.Equal(t, []risk.Scale{s, risk.ThreeLevel()}, risk.Scales())
}

func TestScaleCannotBeChangedThroughItsTables(t *testing.T) {
	t.Parallel()
	before := risk.SP80030().Tables()
	got := risk.SP80030().Tables()
	got.Risk[0][0], got.Likelihood[0][0], got.Levels[0], got.BinFrom[0], got.Values[0] = vh, vh, vh, 50, 50
	risk.SP80030().Levels()[0] = vh
	require.Equal(t, before, risk.SP80030().Tables())
}
