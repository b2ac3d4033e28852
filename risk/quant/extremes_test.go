package quant_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// number draws numbers of any size, some of them no numbers.
func number(t *rapid.T, name string) float64 {
	switch rapid.IntRange(0, 20).Draw(t, name+" kind") {
	case 0:
		return rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), -1, 1e300, 1e-300, math.MaxFloat64, math.SmallestNonzeroFloat64, 1e60, 1e-60}).Draw(t, name)
	case 1, 2:
		return rapid.SampledFrom([]float64{0, 1, 1}).Draw(t, name)
	case 3, 4:
		return math.Pow(10, rapid.Float64Range(-70, 70).Draw(t, name))
	}
	return math.Pow(10, rapid.Float64Range(-3, 4).Draw(t, name))
}

// inOrder draws three numbers, nearly always the least first.
func inOrder(t *rapid.T, name string) (a, b, c float64) {
	a, b, c = number(t, name+" a"), number(t, name+" b"), number(t, name+" c")
	if rapid.IntRange(0, 15).Draw(t, name+" order") > 0 {
		a, b = min(a, b), max(a, b)
		b, c = min(b, c), max(b, c)
		a, b = min(a, b), max(a, b)
	}
	return a, b, c
}

func anySeverity(t *rapid.T, name string, deep int) quant.Severity {
	a, b, c := inOrder(t, name)
	switch rapid.IntRange(0, 6).Draw(t, name+" law") {
	case 0:
		return quant.LognormalInterval{Low: quant.USD(a), High: quant.USD(c)}
	case 1:
		return quant.PERT{Low: quant.USD(a), Mode: quant.USD(b), High: quant.USD(c)}
	case 2:
		return quant.Triangular{Low: quant.USD(a), Mode: quant.USD(b), High: quant.USD(c)}
	case 3:
		return quant.Lognormal{Mu: quant.Number(rapid.Float64Range(-110, 110).Draw(t, name+" mu")), Sigma: quant.Number(rapid.Float64Range(0, 11).Draw(t, name+" sigma")), Currency: "USD"}
	case 4:
		return quant.Empirical{Losses: []quant.Weighted{{Loss: quant.USD(a), Weight: 1}, {Loss: quant.USD(b), Weight: quant.Number(number(t, name+" weight"))}, {Loss: quant.USD(c), Weight: 2}}}
	case 5:
		if deep < 2 {
			return quant.Layer{Of: anySeverity(t, name+" of", deep+1), Deductible: quant.USD(a), Limit: quant.USD(c)}
		}
	}
	return quant.Fixed{Loss: quant.USD(b)}
}

func anyFrequency(t *rapid.T, name string) quant.Frequency {
	a, b, c := inOrder(t, name)
	switch rapid.IntRange(0, 5).Draw(t, name+" law") {
	case 0:
		return quant.Poisson{Rate: quant.Rate(b)}
	case 1:
		return quant.AtMostOnce{Probability: quant.Probability(b)}
	case 2:
		return quant.NegativeBinomial{MeanEvents: quant.Rate(a), VarianceEvents: quant.Number(c)}
	case 3:
		return quant.PoissonPERT{Low: quant.Rate(a), Mode: quant.Rate(b), High: quant.Rate(c)}
	case 4:
		return quant.FixedCount{Events: rapid.IntRange(-1, 30).Draw(t, name+" events")}
	}
	return quant.RateTimesLoss{Low: quant.Rate(a), Mode: quant.Rate(b), High: quant.Rate(c)}
}

// extreme is a register with the options to quantify it.
type extreme struct {
	register quant.Register
	options  quant.Options
}

// anyRegister draws a register with numbers of any size, and options to quantify it with.
func anyRegister(t *rapid.T) extreme {
	r := quant.Register{Currency: "USD"}
	for i := range rapid.IntRange(1, 3).Draw(t, "rows") {
		id := fmt.Sprint("row-", i)
		r.Scenarios = append(r.Scenarios, quant.Scenario{ID: id, Frequency: anyFrequency(t, id+" frequency"), Severity: anySeverity(t, id, 0)})
	}
	if rapid.IntRange(0, 3).Draw(t, "shock") == 0 {
		r.Shocks = []quant.Shock{{ID: "shock", Probability: 0.3, Effects: []quant.ShockEffect{{Scenario: "row-0", RateTimes: quant.Number(number(t, "shock rate")), LossTimes: quant.Number(number(t, "shock loss"))}}}}
	}
	if rapid.IntRange(0, 5).Draw(t, "cap") == 0 {
		r.Caps = []quant.Cap{{ID: "cap", Scenarios: []string{"row-0"}, Limit: quant.USD(number(t, "limit"))}}
	}
	if rapid.IntRange(0, 3).Draw(t, "control") == 0 {
		r = r.With(quant.Control{ID: "control", Effects: []quant.ControlEffect{{Scenario: "row-0", StopsEvents: quant.Probability(rapid.Float64Range(0, 1).Draw(t, "stops")), SavesLoss: quant.Probability(rapid.Float64Range(0, 1).Draw(t, "saves"))}}})
	}
	o := quant.Options{Trials: 200, Bracket: rapid.Bool().Draw(t, "bracket"), Shares: rapid.Bool().Draw(t, "shares"), GridPoints: 1 << 11}
	if rapid.Bool().Draw(t, "threshold") {
		o.Thresholds = []quant.Money{quant.USD(number(t, "threshold"))}
	}
	return extreme{r, o}
}

// Whatever the numbers are, they are refused with the scenario and the field, or every figure is a number between its
// bounds. Nothing panics or shows NaN. The registers are the same each time.
func TestAnyNumbersAreRefusedOrGiveFigures(t *testing.T) {
	t.Parallel()
	registers := rapid.Custom(anyRegister)
	for seed := range long.Count(60, 200) {
		x := registers.Example(seed)
		res, err := quant.Quantify(x.register, x.options)
		if err != nil {
			var invalid *hipaasmp.ValidationError
			require.ErrorAs(t, err, &invalid, "register %d", seed)
			continue
		}
		figures := []quant.Figure{res.ALE, res.SD}
		for _, q := range res.Quantiles {
			figures = append(figures, q.Loss)
		}
		for _, q := range res.Tails {
			figures = append(figures, q.VaR, q.TVaR)
		}
		for _, f := range figures {
			require.True(t, 0 <= f.Low && f.Low <= f.Value && f.Value <= f.High && !math.IsInf(float64(f.High), 0), "%v", f)
		}
		for _, p := range append(res.Curve, res.Over...) {
			require.True(t, 0 <= p.Low && p.Low <= p.Probability && p.Probability <= p.High && p.High <= 1, "%v", p)
		}
	}
}
