package remediation_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// rows is a register of three rows with an expected loss of 20,000, 30,000 and 40,000 dollars a year.
func rows() quant.Register {
	r := quant.Register{Currency: "USD"}
	for n, ale := range []float64{20000, 30000, 40000} {
		r.Scenarios = append(r.Scenarios, quant.Scenario{ID: fmt.Sprintf("R-%d", n+1), Finding: fmt.Sprintf("F-%d", n+1),
			Frequency: quant.Poisson{Rate: 2}, Severity: quant.Fixed{Loss: quant.USD(ale / 2)}})
	}
	return r
}

func effectOn(row string, stops, saves quant.Probability) quant.ControlEffect {
	return quant.ControlEffect{Scenario: row, StopsEvents: stops, SavesLoss: saves}
}

func measure(id string, cost float64, standing remediation.MeasureStanding, effects ...quant.ControlEffect) remediation.Measure {
	return remediation.Measure{Control: quant.Control{ID: id, Cost: quant.USD(cost), Effects: effects}, Standing: standing}
}

const inPlace = remediation.MeasureStandingInPlace

// coarse keeps the tests quick; expected losses are closed forms whatever the grid.
var coarse = quant.Options{GridPoints: 1024}

func TestLayeredControlsMultiply(t *testing.T) {
	t.Parallel()
	got, err := remediation.QuantifyResidual(rows(), []remediation.Measure{
		measure("mfa", 100, inPlace, effectOn("R-1", 0.5, 0)), measure("backup", 200, inPlace, effectOn("R-1", 0.5, 0.4)),
	}, coarse)
	require.NoError(t, err)
	require.InDelta(t, 0.25, float64(got.Rows[0].EventsLeft), 1e-12, "two that each stop half leave a quarter")
	require.InDelta(t, 0.6, float64(got.Rows[0].LossLeft), 1e-12)
	require.InDelta(t, 20000, float64(got.Rows[0].Before), 1e-6)
	require.InDelta(t, 20000*0.25*0.6, float64(got.Rows[0].After), 1e-6)
	require.Equal(t, []string{"backup", "mfa"}, got.Rows[0].Controls)
	require.InDelta(t, 40000, float64(got.Rows[2].After), 1e-6, "no control, no change")
	require.InDelta(t, 17000, float64(got.Comparison.ALE.Value), 1e-6)
	require.InDelta(t, 300, float64(got.Comparison.Cost.Amount), 0)
}

func TestASharedControlCountsOnce(t *testing.T) {
	t.Parallel()
	apart := []remediation.Measure{ // one control, told by three items
		measure("mfa", 900, inPlace, effectOn("R-1", 0.5, 0)), measure("mfa", 900, inPlace, effectOn("R-2", 0.5, 0)), measure("mfa", 900, inPlace, effectOn("R-1", 0.5, 0)),
	}
	whole := []remediation.Measure{measure("mfa", 900, inPlace, effectOn("R-1", 0.5, 0), effectOn("R-2", 0.5, 0))}
	got, err := remediation.QuantifyResidual(rows(), apart, coarse)
	require.NoError(t, err)
	want, err := remediation.QuantifyResidual(rows(), whole, coarse)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.InDelta(t, 900, float64(got.Comparison.Cost.Amount), 0, "its cost once")
	require.InDelta(t, 0.5, float64(got.Rows[0].EventsLeft), 0, "its effect once on each row")
	require.InDelta(t, 0.5, float64(got.Rows[1].EventsLeft), 0)
	require.Len(t, got.Earning, 1)
}

func TestWhatIsNotInPlaceEarnsNothing(t *testing.T) {
	t.Parallel()
	for _, standing := range remediation.MeasureStanding("").Values() {
		got, err := remediation.QuantifyResidual(rows(), []remediation.Measure{measure("mfa", 900, standing, effectOn("R-1", 1, 1))}, coarse)
		require.NoError(t, err)
		earns := standing == inPlace
		require.Equal(t, earns, got.Rows[0].After == 0, standing)
		require.Equal(t, earns, len(got.Earning) == 1)
		require.Equal(t, !earns, len(got.Idle) == 1)
		if !earns {
			require.Equal(t, got.Comparison.Before, got.Comparison.After)
			require.Zero(t, got.Comparison.Cost.Amount)
		}
	}
}

func TestQuantifyResidualRefuses(t *testing.T) {
	t.Parallel()
	mfa := measure("mfa", 900, inPlace, effectOn("R-1", 0.5, 0))
	for rule, c := range map[string]struct {
		measures []remediation.Measure
		code     hipaasmp.FaultCode
		pointer  string
	}{
		"two costs of one control":   {[]remediation.Measure{mfa, measure("mfa", 800, inPlace)}, remediation.FaultShared, "/1/control/cost"},
		"two effects of one control": {[]remediation.Measure{mfa, measure("mfa", 900, inPlace, effectOn("R-1", 0.6, 0))}, remediation.FaultShared, "/1/control/effects/0"},
		"a standing that is none":    {[]remediation.Measure{measure("mfa", 900, "probably")}, hipaasmp.FaultEnum, "/0/standing"},
	} {
		got, err := remediation.QuantifyResidual(rows(), c.measures, coarse)
		requireFault(t, err, c.code, c.pointer)
		require.Empty(t, got, rule)
	}
	for rule, m := range map[string]remediation.Measure{
		"an effect above all": measure("mfa", 900, inPlace, effectOn("R-1", 1.1, 0)), "an effect below none": measure("mfa", 900, inPlace, effectOn("R-1", -0.1, 0)),
		"a row that is not there": measure("mfa", 900, inPlace, effectOn("R-9", 0.5, 0)), "a negative cost": measure("mfa", -1, inPlace),
	} {
		_, err := remediation.QuantifyResidual(rows(), []remediation.Measure{m}, coarse)
		require.NotEmpty(t, faults(t, err), rule)
	}
	_, err := remediation.QuantifyResidual(rows().With(mfa.Control), []remediation.Measure{mfa}, coarse)
	require.Error(t, err, "the register has applied it already")
}

func TestMeasuresStandAsTheirItems(t *testing.T) {
	t.Parallel()
	controls := []quant.Control{{ID: "mfa", Cost: quant.USD(900), Effects: []quant.ControlEffect{effectOn("R-1", 0.5, 0), effectOn("R-2", 0.5, 0)}}}
	with := func(of string, state remediation.State) remediation.Item {
		i := in(t, "item-"+of, of, state)
		i.Control = "mfa"
		return i
	}
	want := map[remediation.State]remediation.MeasureStanding{
		remediation.StateVerified: inPlace, remediation.StateClosed: inPlace, remediation.StateCancelled: remediation.MeasureStandingWaived,
	}
	for _, state := range remediation.State("").Values() {
		got := remediation.Measures(rows(), controls, []remediation.Item{with("F-1", state), in(t, "item-9", "F-3", state)}, day("2026-06-01"))
		require.Len(t, got, 1, "an item without a control has no measure")
		require.Equal(t, []quant.ControlEffect{effectOn("R-1", 0.5, 0)}, got[0].Control.Effects, "on the rows of its own finding")
		standing, ok := want[state]
		if !ok {
			standing = remediation.MeasureStandingPlanned
		}
		require.Equal(t, standing, got[0].Standing, state)
	}
	closed := with("F-1", remediation.StateClosed)
	require.Equal(t, remediation.MeasureStandingPlanned, remediation.Measures(rows(), controls, []remediation.Item{closed}, day("2026-03-22"))[0].Standing, "before it was verified")
	again, err := closed.Reopen(official, hour(99), "It stopped working.")
	require.NoError(t, err)
	require.Equal(t, remediation.MeasureStandingPlanned, remediation.Measures(rows(), controls, []remediation.Item{again}, day("2026-06-01"))[0].Standing, "open again")

	got, err := remediation.QuantifyResidual(rows(), remediation.Measures(rows(), controls, []remediation.Item{closed, with("F-2", remediation.StateInProgress)}, day("2026-06-01")), coarse)
	require.NoError(t, err)
	require.InDelta(t, 10000, float64(got.Rows[0].After), 1e-6)
	require.InDelta(t, 30000, float64(got.Rows[1].After), 1e-6, "not yet on the second finding")
	require.InDelta(t, 900, float64(got.Comparison.Cost.Amount), 0)
}

// anyMeasures draws measures over the three rows, some of one control.
func anyMeasures(rt *rapid.T) []remediation.Measure {
	share := rapid.Map(rapid.IntRange(0, 100), func(n int) quant.Probability { return quant.Probability(n) / 100 })
	var out []remediation.Measure
	for n := range rapid.IntRange(0, 5).Draw(rt, "controls") {
		m := measure(fmt.Sprintf("C-%d", n), float64(n*100+1), rapid.SampledFrom(inPlace.Values()).Draw(rt, "standing"))
		for row := range 3 {
			if rapid.Bool().Draw(rt, "effect") {
				m.Control.Effects = append(m.Control.Effects, effectOn(fmt.Sprintf("R-%d", row+1), share.Draw(rt, "stops"), share.Draw(rt, "saves")))
			}
		}
		out = append(out, m)
		for _, e := range m.Control.Effects { // told again by another item
			if rapid.IntRange(0, 3).Draw(rt, "again") == 0 {
				again := m
				again.Control.Effects, again.Control.Title = []quant.ControlEffect{e}, rapid.SampledFrom([]string{"", "A", "B"}).Draw(rt, "title")
				out = append(out, again)
			}
		}
	}
	return out
}

func TestResidualsAreOrderlyMonotoneAndWithinBounds(t *testing.T) {
	t.Parallel()
	left := func(rt *rapid.T, measures []remediation.Measure) remediation.QuantifiedResidual {
		got, err := remediation.QuantifyResidual(rows(), measures, coarse)
		require.NoError(rt, err)
		got.Idle = nil
		return got
	}
	rapid.Check(t, func(rt *rapid.T) {
		measures := anyMeasures(rt)
		got := left(rt, measures)
		for _, row := range got.Rows {
			require.True(rt, row.EventsLeft >= 0 && row.EventsLeft <= 1 && row.LossLeft >= 0 && row.LossLeft <= 1, "%v", row)
			require.True(rt, row.After >= 0 && row.After <= row.Before)
			require.InDelta(rt, float64(row.Before)*float64(row.EventsLeft)*float64(row.LossLeft), float64(row.After), 1e-6)
		}
		if len(measures) == 0 {
			return
		}
		require.Equal(rt, got, left(rt, rapid.Permutation(measures).Draw(rt, "order")), "the order changes nothing")
		idle := slices.Clone(measures)
		for n := range idle { // a control that is waived or retired is as good as absent
			if idle[n].Control.ID == measures[0].Control.ID {
				idle[n].Standing = rapid.SampledFrom([]remediation.MeasureStanding{remediation.MeasureStandingWaived, remediation.MeasureStandingRetired}).Draw(rt, "standing")
			}
		}
		without := left(rt, idle)
		absent := slices.DeleteFunc(slices.Clone(measures), func(m remediation.Measure) bool { return m.Control.ID == measures[0].Control.ID })
		require.Equal(rt, left(rt, absent), without, "waived is absent")
		for n, row := range got.Rows {
			require.LessOrEqual(rt, row.EventsLeft, without.Rows[n].EventsLeft, "a control more never leaves more")
			require.LessOrEqual(rt, row.LossLeft, without.Rows[n].LossLeft)
		}
	})
}
