package quant_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

func TestV17QualitativeTables(t *testing.T) {
	t.Parallel()
	short := map[string]risk.Level{"VL": risk.LevelVeryLow, "L": risk.LevelLow, "M": risk.LevelModerate, "H": risk.LevelHigh, "VH": risk.LevelVeryHigh}
	words := []string{"VL", "L", "M", "H", "VH"}
	scale := risk.SP80030()
	for _, c := range []struct {
		name string
		rows string // from VH down, columns from VL up
		look func(row, column risk.Level) risk.Level
	}{
		{"G-5", "L M H VH VH|L M M H VH|L L M M H|VL L L M M|VL VL L L L", scale.Likelihood},
		{"I-2", "VL L M H VH|VL L M H VH|VL L M M H|VL L L L M|VL VL VL L L", scale.Risk},
	} {
		for i, cells := range strings.Split(c.rows, "|") {
			for k, want := range strings.Fields(cells) {
				got := c.look(short[words[4-i]], short[words[k]])
				require.Equal(t, short[want], got, "%s row %s column %s", c.name, words[4-i], words[k])
			}
		}
		for i := range words {
			for k := range words {
				if i > 0 {
					order, _ := c.look(short[words[i]], short[words[k]]).Compare(c.look(short[words[i-1]], short[words[k]]))
					require.GreaterOrEqual(t, order, 0, "%s rises with its row", c.name)
				}
				if k > 0 {
					order, _ := c.look(short[words[i]], short[words[k]]).Compare(c.look(short[words[i]], short[words[k-1]]))
					require.GreaterOrEqual(t, order, 0, "%s rises with its column", c.name)
				}
			}
		}
	}
	for word, want := range map[string]int{"VH": 10, "H": 8, "M": 5, "L": 2, "VL": 0} {
		v, ok := scale.Value(short[word])
		require.True(t, ok)
		require.Equal(t, want, v)
	}
}

func TestBridgeIsExplicitAndKnowsNoLoss(t *testing.T) {
	t.Parallel()
	b := quant.SP80030G3()
	for rate, want := range map[quant.Rate]risk.Level{
		0: risk.LevelVeryLow, .05: risk.LevelVeryLow, .1: risk.LevelLow, .99: risk.LevelLow, 1: risk.LevelModerate, 9: risk.LevelModerate,
		10: risk.LevelHigh, 99: risk.LevelHigh, 100: risk.LevelVeryHigh, 5000: risk.LevelVeryHigh, -1: risk.LevelNotAssessed,
	} {
		require.Equal(t, want, b.Level(rate), "%v", rate)
		band, ok := b.Band(want)
		require.Equal(t, want.Assessed(), ok)
		if ok {
			require.True(t, band.Holds(rate))
		}
	}
	text, err := json.Marshal(b)
	require.NoError(t, err)
	require.NotContains(t, string(text), "amount")
	own := quant.Bridge{ID: "clinic/2", Bands: []quant.Band{{Level: risk.LevelHigh, From: 2}}}
	require.Equal(t, risk.LevelNotAssessed, own.Level(1))
}

func TestCoverageCountsFindingsByLevel(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: 1}, ci(1, 2)), row(quant.Poisson{Rate: 1}, ci(1, 2)))
	r.Scenarios[0].Finding, r.Scenarios[1].Finding = "f-1", "f-3"
	require.Equal(t, []quant.Coverage{
		{Level: risk.LevelHigh, Findings: 2, Quantified: 1, Missing: []string{"f-2"}},
		{Level: risk.LevelLow, Findings: 1, Quantified: 1},
		{Level: risk.LevelNotAssessed, Findings: 1, Missing: []string{"f-4"}},
	}, r.Covered(map[string]risk.Level{"f-1": risk.LevelHigh, "f-2": risk.LevelHigh, "f-3": risk.LevelLow, "f-4": risk.LevelNotAssessed}))
}
