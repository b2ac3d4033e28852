package risk_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/risk"
)

func TestRegisterRanksWorstFirstAndSetsApartWhatIsNotAssessed(t *testing.T) {
	t.Parallel()
	r := analysis(t).Register()
	require.Equal(t, []risk.Row{
		{Rank: 1, Finding: "F-2", Title: "Stolen password opens the EHR", Assets: []string{"EHR in the cloud", "Billing service"},
			Source: risk.ThreatSourceAdversarial, Threat: "Phishing for credentials", Vulnerability: "Log-in with a password only",
			Safeguards: []string{"Awareness training"}, Likelihood: vh, Impact: vh, Inherent: vh, Current: vh, Residual: h, Target: na,
			Exposure: risk.ExposureAbove, Measures: []string{"item-mfa"}},
		{Rank: 2, Finding: "F-1", Title: "Laptop stolen with readable ePHI", Assets: []string{"Laptops"},
			Source: risk.ThreatSourceAdversarial, Threat: "Theft of a device", Vulnerability: "Disk not encrypted",
			Safeguards: []string{"Locked rooms"}, Likelihood: m, Impact: m, Inherent: na, Current: m, Residual: na, Target: na,
			Exposure: risk.ExposureAbove},
	}, r.Rows)
	require.Len(t, r.NotAssessed, 1)
	require.Equal(t, "F-3", r.NotAssessed[0].Finding)
	require.Zero(t, r.NotAssessed[0].Rank, "it has no place in the order")
	require.Equal(t, na, r.NotAssessed[0].Current)
	require.Equal(t, h, r.NotAssessed[0].Likelihood, "what is known is shown")
	require.Equal(t, risk.ExposureNotAssessed, r.NotAssessed[0].Exposure)
	require.Equal(t, []risk.Count{{Level: vh, Rows: 1}, {Level: h}, {Level: m, Rows: 1}, {Level: l}, {Level: vl}, {Level: na, Rows: 1}}, r.Counts())
}

func TestNothingOfADraftIsWithinALevelThatNobodyApproved(t *testing.T) {
	t.Parallel()
	r := draft(t).Register()
	require.Equal(t, na, r.AcceptableLevel)
	for _, row := range slices.Concat(r.Rows, r.NotAssessed) {
		require.Equal(t, risk.ExposureNotAssessed, row.Exposure)
	}
}

func TestExposure(t *testing.T) {
	t.Parallel()
	f := risk.Finding{Current: scored(t, m, m, m)}
	for level, want := range map[risk.Level]risk.Exposure{
		vl: risk.ExposureAbove, l: risk.ExposureAbove, m: risk.ExposureWithin, h: risk.ExposureWithin, na: risk.ExposureNotAssessed,
	} {
		require.Equal(t, want, f.Exposure(level), "moderate against %s", level)
	}
	require.Equal(t, risk.ExposureNotAssessed, risk.Finding{}.Exposure(vh), "an unscored finding is within nothing")
}

func TestRegisterHoldsEveryFindingOnceInAStableOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a := anyAnalysis(t).Draw(rt, "analysis")
		r := a.Register()
		require.Len(t, slices.Concat(r.Rows, r.NotAssessed), len(a.Findings))
		total := 0
		for _, c := range r.Counts() {
			total += c.Rows
		}
		require.Equal(t, len(a.Findings), total)
		for i, row := range r.Rows {
			require.Equal(t, i+1, row.Rank)
			require.True(t, row.Current.Assessed())
			if i > 0 {
				order, ok := r.Rows[i-1].Current.Compare(row.Current)
				require.True(t, ok && order >= 0, "worst first")
			}
		}
		for _, row := range r.NotAssessed {
			require.False(t, row.Current.Assessed())
		}
		slices.Reverse(a.Findings)
		require.Equal(t, r, a.Register(), "the order in which findings were written does not matter")
	})
}
