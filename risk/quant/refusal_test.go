package quant_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

func TestRefusalsNameScenarioAndField(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	good := ci(1, 2)
	often := quant.Poisson{Rate: 1}
	for _, c := range []struct {
		rule    string
		s       quant.Scenario
		code    hipaasmp.FaultCode
		pointer string
		says    string
	}{
		{"low above high", row(often, ci(5, 2)), quant.FaultBounds, "/severity/low", "severity low: is 5, not below high 2"},
		{"low equal to high where a spread is needed", row(often, ci(5, 5)), quant.FaultBounds, "/severity/low", ""},
		{"a lognormal loss of zero", row(often, ci(0, 5)), quant.FaultSign, "/severity/low", "above zero"},
		{"a negative loss", row(often, pert(-1, 2, 3)), quant.FaultSign, "/severity/low", "must not be negative"},
		{"PERT bounds turned round", row(often, pert(9, 5, 1)), quant.FaultBounds, "/severity/low", ""},
		{"mode below low", row(often, pert(3, 2, 9)), quant.FaultMode, "/severity/mode", "outside 3 to 9"},
		{"mode above high", row(often, quant.Triangular{Low: quant.USD(1), Mode: quant.USD(10), High: quant.USD(9)}), quant.FaultMode, "/severity/mode", ""},
		{"a NaN amount", row(often, pert(1, nan, 3)), quant.FaultNotFinite, "/severity/mode", "NaN"},
		{"an infinite amount", row(often, ci(1, inf)), quant.FaultNotFinite, "/severity/high", "+Inf"},
		{"a NaN rate", row(quant.Poisson{Rate: quant.Rate(nan)}, good), quant.FaultNotFinite, "/frequency/rate", "frequency rate"},
		{"a negative rate", row(quant.Poisson{Rate: -1}, good), quant.FaultSign, "/frequency/rate", ""},
		{"a rate that overflows the grid", row(quant.Poisson{Rate: 2e6}, good), quant.FaultOverflow, "/frequency/rate", "the grid cannot carry it"},
		{"an uncertain rate that is wider than a year can tell", row(quant.PoissonPERT{Low: 1, Mode: 2, High: 20_000}, good), quant.FaultOverflow, "/frequency/high", "the grid cannot carry it"},
		{"an infinite gamma", row(often, quant.PERT{Low: quant.USD(1), Mode: quant.USD(2), High: quant.USD(3), Gamma: quant.Number(inf)}), quant.FaultNotFinite, "/severity/gamma", ""},
		{"a gamma beyond sense", row(often, quant.PERT{Low: quant.USD(1), Mode: quant.USD(2), High: quant.USD(3), Gamma: 1e5}), quant.FaultOverflow, "/severity/gamma", ""},
		{"a probability above 1", row(quant.AtMostOnce{Probability: 1.2}, good), quant.FaultProbability, "/frequency/probability", "events a year are a Rate"},
		{"a probability below 0", row(quant.AtMostOnce{Probability: -.1}, good), quant.FaultProbability, "/frequency/probability", ""},
		{"a variance not above the mean", row(quant.NegativeBinomial{MeanEvents: 2, VarianceEvents: 2}, good), quant.FaultVariance, "/frequency/variance", "use Poisson"},
		{"a negative number of events", row(quant.FixedCount{Events: -1}, good), quant.FaultSign, "/frequency/events", ""},
		{"too many fixed events", row(quant.FixedCount{Events: 1001}, good), quant.FaultOverflow, "/frequency/events", ""},
		{"a rate mode outside", row(quant.PoissonPERT{Low: 1, Mode: 5, High: 2}, good), quant.FaultMode, "/frequency/mode", ""},
		{"a product mode outside", row(quant.RateTimesLoss{Low: 1, Mode: 0, High: 2}, good), quant.FaultMode, "/frequency/mode", ""},
		{"a sigma of zero", row(often, quant.Lognormal{Mu: 1, Currency: "USD"}), quant.FaultSign, "/severity/sigma", ""},
		{"a sigma beyond sense", row(often, quant.Lognormal{Mu: 1, Sigma: 11, Currency: "USD"}), quant.FaultOverflow, "/severity/sigma", ""},
		{"a mu beyond money", row(often, quant.Lognormal{Mu: 200, Sigma: 1, Currency: "USD"}), quant.FaultOverflow, "/severity/mu", ""},
		{"another currency", row(often, quant.Fixed{Loss: quant.Money{Amount: 1, Currency: "EUR"}}), quant.FaultCurrency, "/severity/loss", `is in "EUR" and the register in USD`},
		{"no currency", row(often, quant.Fixed{Loss: quant.Money{Amount: 1}}), quant.FaultCurrency, "/severity/loss", "has no currency"},
		{"a lognormal without currency", row(often, quant.Lognormal{Mu: 1, Sigma: 1}), quant.FaultCurrency, "/severity/currency", ""},
		{"empirical without losses", row(often, quant.Empirical{}), quant.FaultWeights, "/severity/losses", ""},
		{"weights that are all zero", row(often, quant.Empirical{Losses: []quant.Weighted{{Loss: quant.USD(1)}}}), quant.FaultWeights, "/severity/losses", ""},
		{"a negative weight", row(often, quant.Empirical{Losses: []quant.Weighted{{Loss: quant.USD(1), Weight: -1}}}), quant.FaultSign, "/severity/losses/0/weight", ""},
		{"a layer over nothing", row(often, quant.Layer{}), quant.FaultLaw, "/severity/of", ""},
		{"a layer over a bad loss", row(often, quant.Layer{Of: ci(2, 1)}), quant.FaultBounds, "/severity/of/low", "severity of low"},
		{"a layer limit of zero", row(often, quant.Layer{Of: good, Limit: quant.USD(0)}), quant.FaultSign, "/severity/limit", ""},
		{"no frequency", quant.Scenario{Severity: good}, quant.FaultLaw, "/frequency", "how often"},
		{"no severity", quant.Scenario{Frequency: often}, quant.FaultLaw, "/severity", "what an event costs"},
		{"a tree beside a frequency", quant.Scenario{Frequency: often, FAIR: &quant.FAIR{LossEvents: rates(1, 2, 3), Loss: good}}, quant.FaultLaw, "/fair", ""},
		{"an empty tree", quant.Scenario{FAIR: &quant.FAIR{}}, quant.FaultTree, "/fair/loss", "is missing"},
		{"a node given twice", quant.Scenario{FAIR: &quant.FAIR{LossEvents: rates(1, 2, 3), ThreatEvents: rates(1, 2, 3), Vulnerability: shares(.1, .2, .3), Loss: good}}, quant.FaultTree, "/fair/loss_events", "directly and by its parts"},
		{"half of a node", quant.Scenario{FAIR: &quant.FAIR{ThreatEvents: rates(1, 2, 3), Capability: shares(.1, .2, .3), Loss: good}}, quant.FaultTree, "/fair/vulnerability", "all of them"},
		{"a secondary loss without its share", quant.Scenario{FAIR: &quant.FAIR{LossEvents: rates(1, 2, 3), PrimaryLoss: good, SecondaryLoss: good}}, quant.FaultTree, "/fair/loss", ""},
		{"a share above 1", quant.Scenario{FAIR: &quant.FAIR{ThreatEvents: rates(1, 2, 3), Vulnerability: shares(.1, .2, 1.3), Loss: good}}, quant.FaultProbability, "/fair/vulnerability/high", "fair vulnerability high"},
		{"an estimate of nothing", quant.Scenario{Frequency: often, Severity: good, Estimates: []quant.Estimate{{By: "wf-1"}}}, hipaasmp.FaultRequired, "/estimates/0/field", ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			c.s.ID = "phish"
			_, err := quant.Quantify(quant.Register{Currency: "USD", Scenarios: []quant.Scenario{c.s}}, quant.Options{})
			f := fault(t, err, c.code)
			require.Equal(t, "/scenarios/0"+c.pointer, f.Pointer)
			require.Contains(t, f.Message, `scenario "phish"`)
			require.Contains(t, f.Message, c.says)
		})
	}
}

func TestRegisterRefusals(t *testing.T) {
	t.Parallel()
	base := func() quant.Register {
		return register(row(quant.Poisson{Rate: 1}, ci(1, 2)), row(quant.AtMostOnce{Probability: .6}, ci(1, 2)))
	}
	for _, c := range []struct {
		rule    string
		change  func(*quant.Register)
		code    hipaasmp.FaultCode
		pointer string
	}{
		{"an empty register", func(r *quant.Register) { r.Scenarios = nil }, quant.FaultNoScenario, "/scenarios"},
		{"no currency", func(r *quant.Register) { r.Currency = "dollars" }, quant.FaultCurrency, "/currency"},
		{"two scenarios of one id", func(r *quant.Register) { r.Scenarios[1].ID = r.Scenarios[0].ID }, hipaasmp.FaultIdentity, "/scenarios/1/id"},
		{"an id that is none", func(r *quant.Register) { r.Scenarios[0].ID = "a b" }, hipaasmp.FaultFormat, "/scenarios/0/id"},
		{"a shock on nothing", func(r *quant.Register) {
			r.Shocks = []quant.Shock{{ID: "s", Effects: []quant.ShockEffect{{Scenario: "x"}}}}
		}, hipaasmp.FaultDangling, "/shocks/0/effects/0/scenario"},
		{"a shock with a negative factor", func(r *quant.Register) {
			r.Shocks = []quant.Shock{{ID: "s", Effects: []quant.ShockEffect{{Scenario: "row-1", RateTimes: -1}}}}
		}, quant.FaultSign, "/shocks/0/effects/0/rate_times"},
		{"a shock that names a row twice", func(r *quant.Register) {
			r.Shocks = []quant.Shock{{ID: "s", Effects: []quant.ShockEffect{{Scenario: "row-1"}, {Scenario: "row-1"}}}}
		}, hipaasmp.FaultIdentity, "/shocks/0/effects/1/scenario"},
		{"a shock that lifts a probability above 1", func(r *quant.Register) {
			r.Shocks = []quant.Shock{{ID: "s", Probability: .1, Effects: []quant.ShockEffect{{Scenario: "row-2", RateTimes: 2}}}}
		}, quant.FaultFactor, "/scenarios/1/frequency"},
		{"shocks that lift a rate off the grid", func(r *quant.Register) {
			r.Shocks = []quant.Shock{{ID: "s", Probability: .1, Effects: []quant.ShockEffect{{Scenario: "row-1", RateTimes: 2e6}}}}
		}, quant.FaultOverflow, "/scenarios/0/frequency"},
		{"a shock more than certain", func(r *quant.Register) { r.Shocks = []quant.Shock{{ID: "s", Probability: 2}} }, quant.FaultProbability, "/shocks/0/probability"},
		{"shocks without end", func(r *quant.Register) {
			for i := range 13 {
				r.Shocks = append(r.Shocks, quant.Shock{ID: "s-" + strconv.Itoa(i)})
			}
		}, quant.FaultShocks, "/shocks"},
		{"a cap over nothing", func(r *quant.Register) { r.Caps = []quant.Cap{{ID: "c", Limit: quant.USD(1)}} }, hipaasmp.FaultRequired, "/caps/0/scenarios"},
		{"a cap of zero", func(r *quant.Register) {
			r.Caps = []quant.Cap{{ID: "c", Scenarios: []string{"row-1"}, Limit: quant.USD(0)}}
		}, quant.FaultSign, "/caps/0/limit"},
		{"a scenario under two caps", func(r *quant.Register) {
			r.Caps = []quant.Cap{{ID: "c", Scenarios: []string{"row-1"}, Limit: quant.USD(1)}, {ID: "d", Scenarios: []string{"row-1"}, Limit: quant.USD(1)}}
		}, quant.FaultShared, "/caps/1/scenarios/0"},
		{"a control on nothing", func(r *quant.Register) {
			*r = r.With(quant.Control{ID: "c", Effects: []quant.ControlEffect{{Scenario: "x"}}})
		}, hipaasmp.FaultDangling, "/controls/0/effects/0/scenario"},
		{"a control that stops more than all", func(r *quant.Register) {
			*r = r.With(quant.Control{ID: "c", Effects: []quant.ControlEffect{{Scenario: "row-1", StopsEvents: 1.5}}})
		}, quant.FaultProbability, "/controls/0/effects/0/stops_events"},
		{"two controls of one id", func(r *quant.Register) { *r = r.With(quant.Control{ID: "c"}, quant.Control{ID: "c"}) }, hipaasmp.FaultIdentity, "/controls/1/id"},
		{"clusters without end", func(r *quant.Register) {
			r.Scenarios[0].Frequency = quant.NegativeBinomial{MeanEvents: 0.5, VarianceEvents: 1e52}
		}, quant.FaultOverflow, "/scenarios/0/frequency/variance"},
		{"losses whose squares are no numbers", func(r *quant.Register) { r.Scenarios[1].Severity = ci(1, 1e308) }, quant.FaultMagnitude, "/scenarios/1/severity/high"},
		{"losses of more than all money", func(r *quant.Register) { r.Scenarios[1].Severity = quant.Fixed{Loss: quant.USD(1e299)} }, quant.FaultMagnitude, "/scenarios/1/severity/loss"},
		{"a law whose squares are no numbers", func(r *quant.Register) { r.Scenarios[1].Severity = ci(1e-59, 1e59) }, quant.FaultMagnitude, "/scenarios/1/severity"},
		{"losses of less than an atom of money", func(r *quant.Register) { r.Scenarios[1].Severity = ci(1e-300, 1) }, quant.FaultMagnitude, "/scenarios/1/severity/low"},
		{"a shock that lifts a loss beyond all money", func(r *quant.Register) {
			r.Shocks = []quant.Shock{{ID: "s", Probability: .1, Effects: []quant.ShockEffect{{Scenario: "row-1", LossTimes: 1e200}}}}
		}, quant.FaultMagnitude, "/scenarios/0/severity"},
		{"a cost in another currency", func(r *quant.Register) {
			*r = r.With(quant.Control{ID: "c", Cost: quant.Money{Amount: 1, Currency: "EUR"}})
		}, quant.FaultCurrency, "/controls/0/cost"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			r := base()
			c.change(&r)
			_, err := quant.Quantify(r, quant.Options{})
			require.Equal(t, c.pointer, fault(t, err, c.code).Pointer)
		})
	}
	require.NoError(t, base().Validate())
}

func TestOptionRefusals(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: 1}, ci(1, 2)))
	for rule, o := range map[string]quant.Options{
		"an unknown engine":     {Engine: "panjer"},
		"a level of 1":          {Levels: []quant.Probability{1}},
		"a tail level of 0":     {TailLevels: []quant.Probability{0}},
		"a grid that is odd":    {GridPoints: 1000},
		"a grid too small":      {GridPoints: 512},
		"too few trials":        {Trials: 10},
		"a number of workers":   {Workers: -1},
		"too many trials":       {Trials: 1_000_000_000},
		"a grid beyond the end": {GridPoints: 1 << 21},
	} {
		_, err := quant.Quantify(r, o)
		fault(t, err, quant.FaultOption)
		require.Contains(t, err.Error(), "options", rule)
	}
	_, err := quant.Quantify(r, quant.Options{Thresholds: []quant.Money{{Amount: 5, Currency: "EUR"}}})
	require.Equal(t, "/options/thresholds/0", fault(t, err, quant.FaultCurrency).Pointer)
}

func TestAllFaultsComeBackAtOnce(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: -1}, ci(5, 2)), row(nil, pert(1, 9, 3)), row(quant.AtMostOnce{Probability: 7}, nil))
	_, err := quant.Quantify(r, quant.Options{Trials: 1, GridPoints: 3})
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve)
	require.Len(t, ve.Faults, 8)
	require.True(t, strings.HasPrefix(err.Error(), "hipaasmp: 8 faults"))
}

func TestExactRefusesWhatOnlySimulationCanDo(t *testing.T) {
	t.Parallel()
	capped := register(row(quant.Poisson{Rate: 1}, ci(1, 2)))
	capped.Caps = []quant.Cap{{ID: "c", Scenarios: []string{"row-1"}, Limit: quant.USD(3)}}
	product := register(row(quant.RateTimesLoss{Low: 1, Mode: 2, High: 3}, ci(1, 2)))
	shocked := register(row(quant.Poisson{Rate: 1}, ci(1, 2)))
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		shocked.Shocks = append(shocked.Shocks, quant.Shock{ID: id, Probability: .1, Effects: []quant.ShockEffect{{Scenario: "row-1", RateTimes: 2}}})
	}
	for says, r := range map[string]quant.Register{"a cap": capped, "multiplies a rate": product, "more than six shocks": shocked} {
		_, err := quant.Quantify(r, quant.Options{Engine: quant.EngineExact})
		require.Contains(t, fault(t, err, quant.FaultEngine).Message, says)
		res := quantify(t, r, quant.Options{Trials: 2000})
		require.Equal(t, quant.EngineMonteCarlo, res.Engine)
		require.Contains(t, res.Reason, says)
	}
	res := quantify(t, register(row(quant.Poisson{Rate: 1}, ci(1, 2))), quant.Options{})
	require.Equal(t, quant.EngineExact, res.Engine)
	require.NotEmpty(t, res.Reason)
}

func TestRoutineLossesOverflowTheGrid(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: 9e5}, ci(1, 40)))
	_, err := quant.Quantify(r, quant.Options{Engine: quant.EngineExact})
	f := fault(t, err, quant.FaultOverflow)
	require.Contains(t, f.Message, `scenario "row-1", frequency`)
	_, err = quant.Quantify(r, quant.Options{})
	require.Contains(t, fault(t, err, quant.FaultOverflow).Message, "draws", "a million years of it would not end either")
	res := quantify(t, r, quant.Options{Trials: 100})
	require.Equal(t, quant.EngineMonteCarlo, res.Engine)
	require.Contains(t, res.Reason, "too coarse")
}

func TestFaultCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	seen := map[hipaasmp.FaultCode]bool{}
	for i, d := range quant.FaultDefs() {
		require.Regexp(t, `^SMP-QNT-\d\d$`, d.Code)
		require.False(t, seen[d.Code])
		seen[d.Code] = true
		require.Equal(t, hipaasmp.FaultRule, d.Kind)
		require.NotEmpty(t, d.Meaning)
		require.NotEmpty(t, d.Remedy)
		require.Equal(t, i+1, len(seen))
	}
	require.Len(t, seen, 19)
}

func TestEnumerations(t *testing.T) {
	t.Parallel()
	for _, e := range []quant.Engine{quant.EngineAuto, quant.EngineExact, quant.EngineMonteCarlo} {
		text, err := e.MarshalText()
		require.NoError(t, err)
		var back quant.Engine
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, e, back)
	}
	var k quant.ErrorKind
	require.Error(t, k.UnmarshalText(nil))
	_, err := k.MarshalText()
	require.Error(t, err)
	require.False(t, k.IsValid())
	for _, k := range k.Values() {
		require.True(t, k.IsValid())
	}
	var m quant.Model
	require.NoError(t, m.UnmarshalText([]byte("pert-events")))
	require.Error(t, m.UnmarshalText([]byte("pert")))
	_, err = quant.Model("").MarshalText()
	require.Error(t, err)
	require.Error(t, new(quant.Engine).UnmarshalText([]byte("")))
}
