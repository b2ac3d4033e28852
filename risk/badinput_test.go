package risk_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

func TestNaNAndInfinityAreRefusedWhereverTheyReachRisk(t *testing.T) {
	t.Parallel()
	for _, scale := range []risk.Scale{risk.SP80030(), risk.ThreeLevel(), ownScale(t)} {
		for _, score := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -0.5, 100.5, math.MaxFloat64} {
			level, err := scale.LevelOf(score)
			var out *risk.ScoreRangeError
			require.True(t, errors.As(err, &out), "%v on %s", score, scale.ID())
			require.Equal(t, na, level)
		}
		_, err := scale.LevelOfDecimal(decimal.NewFromInt(-1))
		require.Error(t, err)
	}
	for _, word := range []string{"NaN", "Inf", "+Inf", "1e400", "0"} {
		_, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.Level(word), Adverse: l, Impact: l}, analyst, began)
		requireFault(t, err, hipaasmp.FaultEnum, "/initiation")
		_, err = risk.NewScoreInWords(ownScale(t), word, "Minor", analyst, began)
		requireFault(t, err, risk.FaultScale, "/words/likelihood")
		_, err = risk.ReadSheet(strings.NewReader(change(t, 2, "current_level", word)))
		require.Equal(t, "current_level", csvFaults(t, err)[0].Column)
		_, err = risk.ReadCISO(strings.NewReader(cisoHeader+"R.1;;;x;;;"+word+";Likely;Low;;--;--;--;open;\n"), profile(t))
		require.Equal(t, "current_impact", csvFaults(t, err)[0].Column)
	}
	for _, bad := range []string{`NaN`, `Infinity`, `1e400`, `5`, `null`} {
		_, err := hipaasmp.Decode[risk.Draft]([]byte(`{"schema":"` + hipaasmp.SchemaID(risk.KindDraft, 1) + `","id":"d","vulnerabilities":[{"id":"v","title":"v","severity":` + bad + `}]}`))
		require.NotEmpty(t, faults(t, err), bad)
	}
}

func TestALikelihoodWithoutAnImpactShowsNoRatingAnywhere(t *testing.T) {
	t.Parallel()
	d := draft(t)
	own := ownDraft(t)
	for _, c := range []struct {
		on    string
		draft risk.Draft
	}{{"five levels", d}, {"a scale of its own", own}} {
		x, ok := c.draft.Finding("F-3")
		require.True(t, ok)
		require.True(t, x.Current.Likelihood.Assessed(), c.on)
		require.Equal(t, na, x.CurrentLevel(), c.on)
		require.Equal(t, risk.ExposureNotAssessed, x.Exposure(vh), "%s: not even the highest level accepts it", c.on)
		r := c.draft.Register()
		require.Equal(t, "F-3", r.NotAssessed[len(r.NotAssessed)-1].Finding, c.on)
		require.Zero(t, r.NotAssessed[len(r.NotAssessed)-1].Rank, c.on)
		require.Contains(t, x.Current.String(), "not_assessed", c.on)
		sheet := c.draft.Sheet()
		require.Equal(t, na, sheet[len(sheet)-1].Row.Current, c.on)
		x.Current.Level = h // written by hand
		c.draft.Findings[2] = x
		require.Error(t, c.draft.Validate(), c.on)
	}
	three := onThree(t, h, h, na)
	require.Equal(t, na, three.Level)
	require.False(t, three.Assessed())
}

func TestACyclicFlowIsFine(t *testing.T) {
	t.Parallel()
	a := chained(t) // EHR and billing send to each other
	require.NoError(t, a.Validate())
	now := chain()
	now.Flows = append(now.Flows, risk.Flow{ID: "self", From: "ehr", To: "ehr", What: "x", Encryption: risk.EncryptionUnknown},
		risk.Flow{ID: "round", From: "archive", To: "intake", What: "x", Encryption: risk.EncryptionUnknown})
	changes := a.Stale(day("2026-06-01"), risk.Cadence{}, &now)
	require.Len(t, changes, 2, "it ends")
	require.Equal(t, []string{"F-intake", "F-ehr", "F-billing", "F-archive", "F-two"}, changes[1].Findings, "round and round, each once")
	require.NotPanics(t, func() {
		hipaasmp.FindGaps(day("2026-06-01"), risk.GapChecks(risk.GapInput{Analyses: []risk.Analysis{a}, Inventory: &now})...)
	})
}

func TestTwoAssetsOfOneIDAreRefused(t *testing.T) {
	t.Parallel()
	c := content(t)
	c.Inventory.Assets[1].ID = "ehr"
	_, err := risk.NewDraft("d", c, analyst, began)
	requireFault(t, err, hipaasmp.FaultIdentity, "/inventory/assets/1/id")
	d := draft(t)
	b, err := hipaasmp.Canonical(d)
	require.NoError(t, err)
	twice := strings.Replace(string(b), `"id":"laptop"`, `"id":"ehr"`, 1)
	require.NotEqual(t, string(b), twice)
	_, err = hipaasmp.Decode[risk.Draft]([]byte(twice))
	requireFault(t, err, hipaasmp.FaultIdentity, "/inventory/assets/1/id")
}
