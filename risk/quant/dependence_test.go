package quant_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// agreeing asks that Monte Carlo and the exact engine tell the same of a register.
func agreeing(t *testing.T, r quant.Register, trials int) (exactly, simulated quant.Result) {
	t.Helper()
	exactly = quantify(t, r, quant.Options{Engine: quant.EngineExact, Shares: true, Bracket: true, GridPoints: 1 << 14})
	simulated = quantify(t, r, quant.Options{Engine: quant.EngineMonteCarlo, Trials: trials, Seed: 12, Shares: true})
	near := func(want, got quant.Figure, what any) { // the truth is in the bracket, and in four standard errors
		half := math.Max(float64(got.High-got.Value), float64(got.Value-got.Low)) / 1.96
		require.GreaterOrEqual(t, float64(got.Value)+4*half, float64(want.Low)*(1-1e-12), "%v: %v, want %v", what, got, want)
		require.LessOrEqual(t, float64(got.Value)-4*half, float64(want.High)*(1+1e-12), "%v: %v, want %v", what, got, want)
	}
	near(exactly.ALE, simulated.ALE, "ALE")
	near(exactly.SD, simulated.SD, "SD")
	for i, q := range exactly.Quantiles {
		near(q.Loss, simulated.Quantiles[i].Loss, q.Level)
	}
	for i, q := range exactly.Tails {
		near(q.TVaR, simulated.Tails[i].TVaR, q.Level)
	}
	p := float64(exactly.NoLoss)
	require.InDelta(t, p, float64(simulated.NoLoss), 4*math.Sqrt(p*(1-p)/float64(trials))+1e-9)
	for i, c := range exactly.Contributions {
		for k, part := range c.TVaR {
			mine := float64(simulated.Contributions[i].TVaR[k].Amount)
			require.InDelta(t, float64(part.Amount), mine, .06*float64(exactly.Tails[k].TVaR.Value), "%s at %v", c.Scenario, part.Level)
		}
	}
	return exactly, simulated
}

func TestEnginesAgreeOnEveryLawWithShocksAndControls(t *testing.T) {
	t.Parallel()
	agreeing(t, mixed(), 200_000)
}

func TestShocksAreConditionedOnExactly(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: .5}, ci(1e3, 1e4)), row(quant.Poisson{Rate: .8}, pert(1e3, 2e3, 2e4)))
	alone := quantify(t, r, quant.Options{})
	r.Shocks = []quant.Shock{
		{ID: "worm", Probability: .2, Effects: []quant.ShockEffect{{Scenario: "row-1", RateTimes: 4}, {Scenario: "row-2", RateTimes: 3, LossTimes: 2}}},
		{ID: "flood", Probability: .01, Effects: []quant.ShockEffect{{Scenario: "row-2", LossTimes: 5}}},
	}
	both, _ := agreeing(t, r, 200_000)
	row1, row2 := float64(r.Scenarios[0].Severity.Law().Mean()), float64(r.Scenarios[1].Severity.Law().Mean())
	near(t, .5*row1*(.8+.2*4)+.8*row2*(.8+.2*6)*(.99+.01*5), float64(both.ALE.Value), 1e-12)
	near(t, .8*math.Exp(-1.3)+.2*math.Exp(-2-2.4), float64(both.NoLoss), 1e-12)
	require.Greater(t, both.Tails[1].TVaR.Value, alone.Tails[1].TVaR.Value)
	certain := r
	certain.Shocks = []quant.Shock{{ID: "always", Probability: 1, Effects: r.Shocks[0].Effects}, {ID: "never", Effects: r.Shocks[1].Effects}}
	same := register(row(quant.Poisson{Rate: 2}, ci(1e3, 1e4)), row(quant.Poisson{Rate: 2.4}, pert(2e3, 4e3, 4e4)))
	a, b := figures(quantify(t, certain, quant.Options{GridPoints: 1 << 13})), figures(quantify(t, same, quant.Options{GridPoints: 1 << 13}))
	for name, v := range a {
		near(t, v, b[name], 1e-9, name)
	}
}

func TestShockMakesScenariosCorrelate(t *testing.T) {
	t.Parallel()
	build := func(p quant.Probability) quant.Register {
		r := register(row(quant.Poisson{Rate: 1}, quant.Fixed{Loss: quant.USD(10)}), row(quant.Poisson{Rate: 1}, quant.Fixed{Loss: quant.USD(10)}))
		r.Shocks = []quant.Shock{{ID: "s", Probability: p, Effects: []quant.ShockEffect{{Scenario: "row-1", RateTimes: 9}, {Scenario: "row-2", RateTimes: 9}}}}
		return r
	}
	one := build(.1)
	one.Scenarios = one.Scenarios[:1]
	one.Shocks[0].Effects = one.Shocks[0].Effects[:1]
	sd1, sd2 := float64(quantify(t, one, quant.Options{}).SD.Value), float64(quantify(t, build(.1), quant.Options{}).SD.Value)
	require.Greater(t, sd2, 1.2*math.Sqrt2*sd1)
	// The rate is 1 or 9; its variance .1*.9*64 is common to both rows.
	near(t, 10*math.Sqrt(2*1.8+4*.1*.9*64), sd2, 1e-12)
}

func TestCapLimitsTheSumOfAYear(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: 2}, ci(1e3, 2e4)), row(quant.Poisson{Rate: 1}, ci(2e3, 9e3)), row(quant.Poisson{Rate: 1}, quant.Fixed{Loss: quant.USD(500)}))
	o := quant.Options{Trials: 50_000, Seed: 4, Shares: true, Thresholds: []quant.Money{quant.USD(1e5)}}
	free := quantify(t, r, quant.Options{Engine: quant.EngineMonteCarlo, Trials: 50_000, Seed: 4})
	r.Caps = []quant.Cap{{ID: "policy", Scenarios: []string{"row-1", "row-2"}, Limit: quant.USD(15_000)}}
	res := quantify(t, r, o)
	require.Equal(t, quant.EngineMonteCarlo, res.Engine)
	require.Less(t, res.ALE.Value, free.ALE.Value)
	require.Zero(t, res.Over[0].Probability)
	q, ok := res.Quantile(.999)
	require.True(t, ok)
	require.LessOrEqual(t, float64(q.Value), 15_000+500*10.0)
	ale, tail := 0.0, 0.0
	for _, c := range res.Contributions {
		ale += float64(c.ALE)
		tail += float64(c.TVaR[0].Amount)
	}
	near(t, float64(res.ALE.Value), ale, 1e-9)
	near(t, float64(res.Tails[0].TVaR.Value), tail, 1e-9)
	// A cap that nothing reaches changes no draw.
	r.Caps[0].Limit = quant.USD(1e12)
	require.Equal(t, free.Quantiles, quantify(t, r, o).Quantiles)
}

func TestLayerTakesItsPartOfEachLoss(t *testing.T) {
	t.Parallel()
	base := ci(1e4, 1e6)
	whole := base.Law()
	layer := quant.Layer{Of: base, Deductible: quant.USD(5e4), Limit: quant.USD(2e5)}.Law()
	near(t, float64(whole.Limited(2.5e5)-whole.Limited(5e4)), float64(layer.Mean()), 1e-12)
	near(t, float64(whole.Exceeds(1e5)), float64(layer.Exceeds(5e4)), 1e-12)
	require.Zero(t, layer.Exceeds(2e5))
	require.Equal(t, quant.Amount(2e5), layer.Quantile(.9999))
	require.Zero(t, layer.Quantile(.01))
	excess := quant.Layer{Of: base, Deductible: quant.USD(5e4)}.Law()
	kept := quant.Layer{Of: base, Limit: quant.USD(5e4)}.Law()
	near(t, float64(whole.Mean()), float64(excess.Mean()+kept.Mean()), 1e-12)
	m2 := 0.0
	const n = 400_000
	for i := range n {
		x := 2e5 * (float64(i) + .5) / n
		m2 += 2 * x * float64(layer.Exceeds(quant.Amount(x))) * 2e5 / n
	}
	near(t, m2, layer.SecondMoment(), 1e-8)
	agreeing(t, register(row(quant.Poisson{Rate: 2}, quant.Layer{Of: base, Deductible: quant.USD(5e4), Limit: quant.USD(2e5)})), 100_000)
	// Over whole-number losses the layer is a whole-number loss too.
	whole2 := quant.Layer{Of: quant.Empirical{Losses: []quant.Weighted{{Loss: quant.USD(1), Weight: 1}, {Loss: quant.USD(5), Weight: 1}}}, Deductible: quant.USD(2)}
	res := quantify(t, register(row(quant.Poisson{Rate: 2}, whole2)), quant.Options{})
	require.Equal(t, quant.ErrorRounding, res.Error.Kind)
	near(t, math.Exp(-1), float64(res.NoLoss), 1e-14)
}

func TestLawsAreConsistentInThemselves(t *testing.T) {
	t.Parallel()
	tree := quant.FAIR{LossEvents: rates(1, 2, 3), PrimaryLoss: ci(1e3, 1e4), SecondaryEvents: shares(.2, .3, .4), SecondaryLoss: pert(1e3, 5e3, 2e4)}
	laws := map[string]quant.Law{
		"lognormal": ci(1e3, 1e5).Law(), "pert": pert(10, 300, 5000).Law(), "point": pert(10, 10, 10).Law(),
		"triangular": quant.Triangular{Low: quant.USD(1), Mode: quant.USD(1), High: quant.USD(9)}.Law(),
		"right":      quant.Triangular{Low: quant.USD(1), Mode: quant.USD(9), High: quant.USD(9)}.Law(),
		"empirical":  quant.Empirical{Losses: []quant.Weighted{{Loss: quant.USD(3), Weight: 2}, {Loss: quant.USD(0), Weight: 1}, {Loss: quant.USD(8), Weight: 1}}}.Law(),
		"tree":       tree.Magnitude(),
	}
	for name, l := range laws {
		for _, p := range []quant.Probability{.01, .2, .5, .8, .99} {
			x := l.Quantile(p)
			require.LessOrEqual(t, float64(l.Exceeds(x)), float64(1-p)+1e-9, "%s at %v", name, p)
			require.GreaterOrEqual(t, float64(l.Exceeds(x*(1-1e-9)-1e-12)), float64(1-p)-1e-9, "%s at %v", name, p)
			require.LessOrEqual(t, float64(l.Limited(x)), float64(l.Mean())*(1+1e-12), name)
			if x == 0 {
				continue
			}
			const h = 1e-3
			slope := float64(l.Limited(x*(1+h))-l.Limited(x)) / (float64(x) * h)
			require.LessOrEqual(t, slope, float64(l.Exceeds(x))+1e-6, "%s: the slope of the limited mean is the survival function", name)
			require.GreaterOrEqual(t, slope, float64(l.Exceeds(x*(1+h)))-1e-6, name)
		}
	}
	require.InDelta(t, 10.0/3, float64(laws["triangular"].Mean())-1.0/3, 1e-12)
}

func TestFAIRTreesAtEveryLevel(t *testing.T) {
	t.Parallel()
	loss := pert(1e3, 5e3, 2e4)
	for name, tree := range map[string]quant.FAIR{
		"loss events":          {LossEvents: rates(1, 2, 5), Loss: loss},
		"threat and share":     {ThreatEvents: rates(2, 6, 12), Vulnerability: shares(.1, .2, .5), Loss: loss},
		"contact and action":   {Contacts: rates(10, 20, 40), Action: shares(.1, .3, .5), Vulnerability: shares(.05, .1, .2), Loss: loss},
		"single values":        {Contacts: rates(10, 10, 10), Action: shares(.3, .3, .3), Vulnerability: shares(.5, .5, .5), Loss: loss},
		"secondary loss":       {LossEvents: rates(1, 2, 5), PrimaryLoss: loss, SecondaryEvents: shares(.3, .5, .6), SecondaryLoss: ci(1e4, 1e5)},
		"layered parts":        {LossEvents: rates(1, 2, 5), PrimaryLoss: quant.Layer{Of: loss, Deductible: quant.USD(2e3)}, SecondaryEvents: shares(.3, .5, .6), SecondaryLoss: quant.Fixed{Loss: quant.USD(7e3)}},
		"fixed and fixed":      {LossEvents: rates(2, 2, 2), PrimaryLoss: quant.Fixed{Loss: quant.USD(1e3)}, SecondaryEvents: shares(.5, .5, .5), SecondaryLoss: quant.Fixed{Loss: quant.USD(3e3)}},
		"strength and a point": {ThreatEvents: rates(5, 6, 7), Capability: shares(.2, .5, .9), Resistance: shares(.4, .4, .4), Loss: loss},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, _ := agreeing(t, register(quant.Scenario{FAIR: &tree}), 60_000)
			near(t, float64(tree.ALE()), float64(res.ALE.Value), 1e-10)
			require.Contains(t, res.Assumptions[len(res.Assumptions)-1], "FAIR trees")
		})
	}
	single := quant.FAIR{Contacts: rates(10, 10, 10), Action: shares(.3, .3, .3), Vulnerability: shares(.5, .5, .5), Loss: loss}
	a := quantify(t, register(quant.Scenario{FAIR: &single}), quant.Options{GridPoints: 1 << 13})
	b := quantify(t, register(row(quant.Poisson{Rate: 1.5}, loss)), quant.Options{GridPoints: 1 << 13})
	require.Equal(t, figures(b), figures(a), "a tree of single values is a Poisson row")
}

func TestControlsScaleRatesAndLosses(t *testing.T) {
	t.Parallel()
	r := mixed()
	r.Controls = nil
	controls := []quant.Control{
		{ID: "mfa", Cost: quant.USD(10_000), Effects: []quant.ControlEffect{{Scenario: "row-1", StopsEvents: .5}, {Scenario: "row-2", StopsEvents: .3}}},
		{ID: "dlp", Cost: quant.USD(5_000), Effects: []quant.ControlEffect{{Scenario: "row-1", StopsEvents: .5, SavesLoss: .1}, {Scenario: "row-5", StopsEvents: .4}}},
	}
	c, err := quant.Compare(r, controls, quant.Options{Shares: true, GridPoints: 1 << 13})
	require.NoError(t, err)
	require.Equal(t, quant.EngineExact, c.After.Engine)
	for i, before := range c.Before.Contributions {
		left := map[string]float64{"row-1": .5 * .5 * .9, "row-2": .7, "row-5": .6}[before.Scenario]
		if left == 0 {
			left = 1
		}
		near(t, float64(before.ALE)*left, float64(c.After.Contributions[i].ALE), 1e-12, before.Scenario)
	}
	saved := float64(c.Before.ALE.Value - c.After.ALE.Value)
	near(t, saved, float64(c.ALE.Value), 1e-12)
	require.Equal(t, quant.USD(15_000), c.Cost)
	near(t, (saved-15_000)/15_000, float64(*c.ROSI), 1e-12)
	require.Empty(t, c.NoROSI)
	for i, q := range c.Quantiles {
		require.Equal(t, c.Before.Quantiles[i].Loss.Value-c.After.Quantiles[i].Loss.Value, q.Loss.Value)
		require.GreaterOrEqual(t, q.Loss.Value, -quant.Amount(1e-6), "controls raise no quantile")
		require.LessOrEqual(t, q.Loss.Low, q.Loss.Value)
		require.GreaterOrEqual(t, q.Loss.High, q.Loss.Value)
	}
	require.NotEqual(t, c.Before.Input, c.After.Input)
	agreeing(t, r.With(controls...), 150_000)
	all, err := quant.Compare(r, []quant.Control{{ID: "shutdown", Effects: []quant.ControlEffect{{Scenario: "row-1", SavesLoss: 1}, {Scenario: "row-2", StopsEvents: 1}, {Scenario: "row-3", StopsEvents: 1}}}}, quant.Options{Shares: true, GridPoints: 1 << 12})
	require.NoError(t, err)
	for _, i := range []int{0, 1, 2} {
		require.Zero(t, all.After.Contributions[i].ALE)
	}
	require.Nil(t, all.ROSI)
	require.Contains(t, all.NoROSI, "shutdown")
	free, err := quant.Compare(r, nil, quant.Options{GridPoints: 1 << 10})
	require.NoError(t, err)
	require.Contains(t, free.NoROSI, "cost nothing")
	_, err = quant.Compare(r, []quant.Control{{ID: "x", Effects: []quant.ControlEffect{{Scenario: "nowhere"}}}}, quant.Options{})
	require.Error(t, err)
}

func TestSimulatedComparisonUsesTheSameDraws(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: 3}, ci(1e4, 4e5)), row(quant.Poisson{Rate: 1}, ci(1e3, 2e4)), row(quant.Poisson{Rate: 2}, pert(1e3, 2e3, 9e3)))
	control := []quant.Control{{ID: "edr", Cost: quant.USD(1000), Effects: []quant.ControlEffect{{Scenario: "row-2", SavesLoss: .3}}}}
	o := quant.Options{Engine: quant.EngineMonteCarlo, Trials: 40_000, Seed: 8}
	c, err := quant.Compare(r, control, o)
	require.NoError(t, err)
	truth := .3 * float64(r.Scenarios[1].Severity.Law().Mean())
	within(t, truth, c.ALE, .02)
	apart := c.Before.ALE.High - c.Before.ALE.Low
	require.Less(t, c.ALE.High-c.ALE.Low, apart/10, "what the control leaves alone cancels")
	o.Engine = quant.EngineAuto
	exactly, err := quant.Compare(r, control, o)
	require.NoError(t, err)
	near(t, truth, float64(exactly.ALE.Value), 1e-9)
}
