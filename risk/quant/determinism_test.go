package quant_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/risk/quant"
)

var update = flag.Bool("update", false, "write the golden files anew")

// mixed has every law, a shock and a control.
func mixed() quant.Register {
	r := register(
		row(quant.Poisson{Rate: 1.7}, ci(2e3, 9e4)),
		row(quant.AtMostOnce{Probability: .15}, quant.Triangular{Low: quant.USD(1e3), Mode: quant.USD(9e3), High: quant.USD(7e4)}),
		row(quant.NegativeBinomial{MeanEvents: .8, VarianceEvents: 1.9}, pert(500, 4e3, 6e4)),
		row(quant.PoissonPERT{Low: .1, Mode: .4, High: 2}, quant.Layer{Of: ci(5e3, 4e5), Deductible: quant.USD(1e4), Limit: quant.USD(2e5)}),
		row(quant.FixedCount{Events: 2}, quant.Empirical{Losses: []quant.Weighted{{Loss: quant.USD(120), Weight: 5}, {Loss: quant.USD(4800), Weight: 1}}}),
		quant.Scenario{FAIR: &quant.FAIR{
			Contacts: rates(20, 40, 90), Action: shares(.05, .1, .2), Capability: shares(.33, .5, .6), Resistance: shares(.4, .55, .9),
			PrimaryLoss: pert(500, 2e3, 1e4), SecondaryEvents: shares(.05, .1, .4), SecondaryLoss: pert(1e3, 1e4, 8e4),
		}},
		row(quant.Poisson{Rate: .02}, quant.Lognormal{Mu: 13, Sigma: .8, Currency: "USD"}),
	)
	r.Shocks = []quant.Shock{{ID: "vendor-outage", Probability: .1, Effects: []quant.ShockEffect{{Scenario: "row-1", RateTimes: 3}, {Scenario: "row-3", RateTimes: 2, LossTimes: 1.5}}}}
	r.Controls = []quant.Control{{ID: "mfa", Cost: quant.USD(9e3), Effects: []quant.ControlEffect{{Scenario: "row-1", StopsEvents: .6}, {Scenario: "row-6", StopsEvents: .3, SavesLoss: .2}}}}
	return r
}

func bytesOf(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	require.NoError(t, err)
	return append(b, '\n')
}

func TestWorkersChangeNoByte(t *testing.T) {
	t.Parallel()
	for _, o := range []quant.Options{
		{Bracket: true, Shares: true, GridPoints: 1 << 12},
		{Engine: quant.EngineMonteCarlo, Trials: 50_001, Seed: 42, Shares: true},
	} {
		want := bytesOf(t, quantify(t, mixed(), o))
		for _, workers := range []int{1, 2, 8} {
			o.Workers = workers
			require.True(t, bytes.Equal(want, bytesOf(t, quantify(t, mixed(), o))), "%d workers", workers)
		}
	}
	r := mixed()
	r.Caps = []quant.Cap{{ID: "policy", Scenarios: []string{"row-1", "row-4"}, Limit: quant.USD(1.5e5)}}
	o := quant.Options{Trials: 30_000, Seed: 9, Shares: true}
	one := bytesOf(t, quantify(t, r, o))
	o.Workers = 8
	require.True(t, bytes.Equal(one, bytesOf(t, quantify(t, r, o))))
}

func TestAFixedSeedGivesTheGoldenBytes(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]quant.Options{
		"exact":       {Bracket: true, Shares: true, GridPoints: 1 << 12, Thresholds: []quant.Money{quant.USD(1e5), quant.USD(2e6)}},
		"monte_carlo": {Engine: quant.EngineMonteCarlo, Trials: 30_000, Seed: 20260122, Shares: true},
	} {
		got := bytesOf(t, quantify(t, mixed(), o))
		path := filepath.Join("testdata", name+".golden.json")
		if *update {
			require.NoError(t, os.MkdirAll("testdata", 0o755))
			require.NoError(t, os.WriteFile(path, got, 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got), "%s differs; see what go test -update changes", path)
	}
}

func TestAddingARowChangesNoOtherRowsDraws(t *testing.T) {
	t.Parallel()
	r := mixed()
	o := quant.Options{Engine: quant.EngineMonteCarlo, Trials: 20_000, Seed: 3, Shares: true}
	before := quantify(t, r, o)
	more := row(quant.Poisson{Rate: 5}, ci(10, 1000))
	more.ID = "row-0"
	r.Scenarios = append([]quant.Scenario{more}, r.Scenarios...)
	after := quantify(t, r, o)
	require.Equal(t, "row-0", after.Contributions[0].Scenario)
	for i, c := range before.Contributions {
		require.Equal(t, c.Scenario, after.Contributions[i+1].Scenario)
		require.Equal(t, c.ALE, after.Contributions[i+1].ALE, "the mean of what %s cost", c.Scenario)
	}
}

func TestSeedsGiveOtherDraws(t *testing.T) {
	t.Parallel()
	o := quant.Options{Engine: quant.EngineMonteCarlo, Trials: 1000, Seed: 1}
	a := quantify(t, mixed(), o)
	o.Seed = 2
	require.NotEqual(t, a.ALE.Value, quantify(t, mixed(), o).ALE.Value)
}

func TestResultRoundTripsThroughJSON(t *testing.T) {
	t.Parallel()
	for _, o := range []quant.Options{{Shares: true, GridPoints: 1 << 11, Bracket: true}, {Engine: quant.EngineMonteCarlo, Trials: 500, Seed: 1<<63 + 1, Shares: true}} {
		res := quantify(t, mixed(), o)
		var back quant.Result
		require.NoError(t, json.Unmarshal(bytesOf(t, res), &back))
		require.Equal(t, res, back)
	}
}

func TestResultIsStaleWhenTheRegisterChanges(t *testing.T) {
	t.Parallel()
	r := mixed()
	res := quantify(t, r, quant.Options{GridPoints: 1 << 10})
	stale, err := res.Stale(r)
	require.NoError(t, err)
	require.False(t, stale)
	for name, change := range map[string]func(*quant.Register){
		"a rate":    func(r *quant.Register) { r.Scenarios[0].Frequency = quant.Poisson{Rate: 1.8} },
		"a control": func(r *quant.Register) { *r = r.With(quant.Control{ID: "edr"}) },
		"a shock":   func(r *quant.Register) { r.Shocks = nil },
		"a title":   func(r *quant.Register) { r.Scenarios[1].Title = "Lost laptop" },
	} {
		changed := mixed()
		change(&changed)
		stale, err := res.Stale(changed)
		require.NoError(t, err)
		require.True(t, stale, name)
	}
	res.Version = "an older one"
	stale, err = res.Stale(r)
	require.NoError(t, err)
	require.True(t, stale, "other algorithms")
}

func TestRegisterRoundTripsThroughJSON(t *testing.T) {
	t.Parallel()
	r := mixed()
	r.Caps = []quant.Cap{{ID: "policy", Scenarios: []string{"row-1"}, Limit: quant.USD(1.5e5)}}
	r.Scenarios[0].Title, r.Scenarios[0].Finding = "Phishing", "f-1"
	r.Scenarios[0].Estimates = []quant.Estimate{{Field: "severity.low", By: "wf-12", Basis: "claims of five years"}}
	var back quant.Register
	require.NoError(t, json.Unmarshal(bytesOf(t, r), &back))
	require.Equal(t, r, back)
	a, err := r.Hash()
	require.NoError(t, err)
	b, err := back.Hash()
	require.NoError(t, err)
	require.Equal(t, a, b)
}

func TestScenarioReaderRefusesWhatALawDoesNotHave(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"an unknown law":       `{"id":"a","frequency":{"law":"gaussian"}}`,
		"a missing law":        `{"id":"a","severity":{"loss":{"amount":"1","currency":"USD"}}}`,
		"a surplus member":     `{"id":"a","frequency":{"law":"poisson","rate":"1","events":2}}`,
		"a missing member":     `{"id":"a","frequency":{"law":"poisson"}}`,
		"an unknown member":    `{"id":"a","severty":{}}`,
		"a number for a text":  `{"id":"a","frequency":{"law":"poisson","rate":1}}`,
		"an exponent":          `{"id":"a","frequency":{"law":"poisson","rate":"1e3"}}`,
		"a NaN":                `{"id":"a","frequency":{"law":"poisson","rate":"NaN"}}`,
		"a layer over nothing": `{"id":"a","severity":{"law":"layer"}}`,
	} {
		var s quant.Scenario
		require.Error(t, json.Unmarshal([]byte(text), &s), name)
		require.Equal(t, quant.Scenario{}, s, "%s: nothing half-read", name)
	}
}
