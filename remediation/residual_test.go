package remediation_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// verified is an item whose measure left the finding at the level of an impact, rated at the hour.
func verified(t testing.TB, id, of string, impact risk.Level, at int) remediation.Item {
	t.Helper()
	i := after(t, item(t, id, of), ways[remediation.StateImplemented]...)
	i, err := i.Verify(official, hour(at), chicago(t), may(), score(t, impact, official, hour(at)), evidence())
	require.NoError(t, err)
	return i
}

func levels(pairs []remediation.PairResidual) []risk.Level {
	var out []risk.Level
	for _, p := range pairs {
		out = append(out, p.Level())
	}
	return out
}

func TestAnUncoveredThreatDominates(t *testing.T) {
	t.Parallel()
	a := analysis(t)
	on := day("2026-06-01")
	pairs := remediation.Residuals(a, []remediation.Item{verified(t, "item-1", "F-1", risk.LevelLow, 5)}, on)
	require.Equal(t, []risk.Level{risk.LevelLow, risk.LevelModerate, risk.LevelLow, risk.LevelNotAssessed}, levels(pairs))
	require.Equal(t, "item-1", pairs[0].Item)
	worst, unknown, ok := remediation.WorstPair(pairs)
	require.True(t, ok)
	require.Equal(t, "F-2", worst.Finding, "no measure covers it")
	require.Equal(t, []string{"F-4"}, []string{unknown[0].Finding}, "not assessed stands at no level")
	require.Len(t, unknown, 1)

	assets := remediation.ByAsset(pairs)
	require.Len(t, assets, 1)
	require.Equal(t, "ehr", assets[0].Asset)
	require.Equal(t, "F-2", assets[0].Worst.Finding)
	require.Len(t, assets[0].Pairs, 4)
	require.Len(t, assets[0].NotAssessed, 1)

	_, unknown, ok = remediation.WorstPair(pairs[3:])
	require.False(t, ok, "nobody knows")
	require.Len(t, unknown, 1)
	_, _, ok = remediation.WorstPair(nil)
	require.False(t, ok)
}

func TestOnlyWhatAPersonRatedAfterTheMeasureCounts(t *testing.T) {
	t.Parallel()
	a := analysis(t)
	first := func(items []remediation.Item, on string) risk.Level {
		return remediation.Residuals(a, items, day(on))[0].Level()
	}
	for _, state := range []remediation.State{remediation.StateProposed, remediation.StateInProgress, remediation.StateImplemented, remediation.StateCancelled} {
		require.Equal(t, risk.LevelHigh, first([]remediation.Item{in(t, "item-1", "F-1", state)}, "2026-06-01"), "nobody verified: %s", state)
	}
	i := verified(t, "item-1", "F-1", risk.LevelLow, 48)
	require.Equal(t, risk.LevelHigh, first([]remediation.Item{i}, "2026-03-24"), "the day before it was verified")
	require.Equal(t, risk.LevelLow, first([]remediation.Item{i}, "2026-03-25"))
	again, err := i.Reopen(official, hour(96), "It stopped working.")
	require.NoError(t, err)
	require.Equal(t, risk.LevelLow, first([]remediation.Item{again}, "2026-03-25"), "then it still worked")
	require.Equal(t, risk.LevelHigh, first([]remediation.Item{again}, "2026-06-01"), "a measure that is open again lowers nothing")

	later := verified(t, "item-2", "F-1", risk.LevelModerate, 60)
	require.Equal(t, risk.LevelModerate, first([]remediation.Item{i, later}, "2026-06-01"), "the newest rating, also where it is higher")
	require.Equal(t, risk.LevelModerate, first([]remediation.Item{later, i}, "2026-06-01"))
	require.Equal(t, risk.LevelHigh, first([]remediation.Item{again, later}, "2026-06-01"), "it was judged with the other measure in place, which is gone")

	// An item that only accepts lowers nothing, whoever looked at it.
	p := proposal("F-1")
	p.Treatment, p.Acceptance = remediation.TreatmentAccept, &hipaasmp.Ref{Kind: remediation.KindAcceptance, ID: "acc-1"}
	accepting, err := remediation.NewItem("item-4", p, official, proposed, chicago(t))
	require.NoError(t, err)
	accepting = after(t, accepting, ways[remediation.StateClosed]...)
	require.Equal(t, risk.LevelHigh, first([]remediation.Item{accepting}, "2026-06-01"))

	// The treatment follows what is left.
	_, err = remediation.BuildPlan("plan-1", a, []remediation.Item{i, later, item(t, "item-3", "F-2")}, nil, manager, hour(200), chicago(t), may())
	require.Error(t, err)
	for _, f := range faults(t, err) {
		require.Contains(t, f.Message, "item-2 left it at moderate")
	}

	// An analysis that is newer than the verification has taken the measure into account.
	scored := score(t, risk.LevelHigh, official, hour(500))
	a.Findings[0].Current = &scored
	require.Equal(t, risk.LevelHigh, first([]remediation.Item{i}, "2026-06-01"))
}

// Covering one more pair never makes the worst worse, and never hides one that is not covered.
func TestWorstPairIsThatOfTheHighestLevelInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		impacts := rapid.SliceOfN(rapid.SampledFrom([]risk.Level{risk.LevelVeryLow, risk.LevelLow, risk.LevelModerate, risk.LevelHigh, risk.LevelVeryHigh, risk.LevelNotAssessed}), 1, 8).Draw(rt, "impacts")
		var pairs []remediation.PairResidual
		var all []risk.Level
		for _, impact := range impacts {
			s := score(t, impact, official, scoredAt)
			pairs = append(pairs, remediation.PairResidual{Score: &s})
			all = append(all, s.Level)
		}
		want, missing := risk.Worst(all...)
		worst, unknown, ok := remediation.WorstPair(rapid.Permutation(pairs).Draw(rt, "order"))
		require.Len(rt, unknown, missing)
		require.Equal(rt, missing < len(pairs), ok)
		if ok {
			require.Equal(rt, want, worst.Level())
		}
	})
}
