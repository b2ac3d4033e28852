package quant_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// drawSeverity draws any law of severity; its losses are between 10 and about a million.
func drawSeverity(t *rapid.T) quant.Severity {
	low := rapid.Float64Range(10, 1e4).Draw(t, "low")
	mode := low * rapid.Float64Range(1, 5).Draw(t, "mode")
	high := mode * rapid.Float64Range(1.2, 20).Draw(t, "high")
	switch rapid.IntRange(0, 6).Draw(t, "severity") {
	case 0:
		return quant.PERT{Low: quant.USD(low), Mode: quant.USD(mode), High: quant.USD(high), Gamma: quant.Number(rapid.Float64Range(1, 8).Draw(t, "gamma"))}
	case 1:
		return quant.Triangular{Low: quant.USD(low), Mode: quant.USD(mode), High: quant.USD(high)}
	case 2:
		return quant.Empirical{Losses: []quant.Weighted{{Loss: quant.USD(low), Weight: 3}, {Loss: quant.USD(high), Weight: 1}}}
	case 3:
		return quant.Fixed{Loss: quant.USD(mode)}
	case 4:
		return quant.Layer{Of: ci(low, high), Deductible: quant.USD(low), Limit: quant.USD(mode)}
	case 5:
		return quant.Lognormal{Mu: quant.Number(math.Log(mode)), Sigma: quant.Number(rapid.Float64Range(.1, 1.2).Draw(t, "sigma")), Currency: "USD"}
	}
	return ci(low, high)
}

func drawFrequency(t *rapid.T) quant.Frequency {
	rate := quant.Rate(rapid.Float64Range(.01, 4).Draw(t, "rate"))
	switch rapid.IntRange(0, 4).Draw(t, "frequency") {
	case 0:
		return quant.AtMostOnce{Probability: quant.Probability(rapid.Float64Range(.01, 1).Draw(t, "p"))}
	case 1:
		return quant.NegativeBinomial{MeanEvents: rate, VarianceEvents: quant.Number(float64(rate) * rapid.Float64Range(1.1, 4).Draw(t, "cluster"))}
	case 2:
		return quant.PoissonPERT{Low: rate / 2, Mode: rate, High: rate * 3}
	case 3:
		return quant.FixedCount{Events: rapid.IntRange(0, 4).Draw(t, "events")}
	}
	return quant.Poisson{Rate: rate}
}

func drawRegister(t *rapid.T) quant.Register {
	n := rapid.IntRange(1, 5).Draw(t, "rows")
	rows := make([]quant.Scenario, n)
	for i := range rows {
		rows[i] = row(drawFrequency(t), drawSeverity(t))
	}
	return register(rows...)
}

// registers calls f with random registers, the same in every run; more of them with the long counts.
func registers(t *testing.T, quick, many int, f func(t *testing.T, r quant.Register)) {
	t.Helper()
	t.Parallel()
	draw := rapid.Custom(drawRegister)
	for i := range long.Count(quick, many) {
		t.Run(strconv.Itoa(i), func(t *testing.T) { f(t, draw.Example(i)) })
	}
}

func TestInvariantsOfEveryRegister(t *testing.T) {
	registers(t, 30, 300, func(t *testing.T, r quant.Register) {
		o := quant.Options{Shares: true, Bracket: true, GridPoints: 1 << 13, Levels: []quant.Probability{.05, .25, .5, .75, .9, .95, .99}}
		res, err := quant.Quantify(r, o)
		require.NoError(t, err)
		previous := quant.Probability(2)
		for _, e := range res.Curve {
			require.LessOrEqual(t, e.Probability, previous, "the curve never rises")
			require.LessOrEqual(t, e.Low, e.Probability)
			require.GreaterOrEqual(t, e.High, e.Probability)
			previous = e.Probability
		}
		last := quant.Amount(0)
		for _, q := range res.Quantiles {
			require.GreaterOrEqual(t, q.Loss.Value, last, "quantiles rise")
			require.LessOrEqual(t, q.Loss.Low, q.Loss.Value)
			require.GreaterOrEqual(t, q.Loss.High, q.Loss.Value)
			last = q.Loss.Value
		}
		ale := 0.0
		for _, c := range res.Contributions {
			ale += float64(c.ALE)
		}
		near(t, float64(res.ALE.Value), ale, 1e-12, "ALE adds up")
		for i, tail := range res.Tails {
			require.GreaterOrEqual(t, tail.TVaR.Value, tail.VaR.Value)
			sum := 0.0
			for _, c := range res.Contributions {
				require.GreaterOrEqual(t, float64(c.TVaR[i].Amount), -1e-9)
				sum += float64(c.TVaR[i].Amount)
			}
			near(t, float64(tail.TVaR.Value), sum, 1e-12, "TVaR adds up")
		}
		none := 1.0
		for _, s := range r.Scenarios {
			if _, layered := s.Severity.(quant.Layer); layered {
				return
			}
			none *= float64(s.Frequency.None())
		}
		require.InDelta(t, none, float64(res.NoLoss), 1e-12)
	})
}

func TestBracketsOfTwoGridsOverlap(t *testing.T) {
	registers(t, 30, 300, func(t *testing.T, r quant.Register) {
		coarse, err := quant.Quantify(r, quant.Options{Bracket: true, GridPoints: 1 << 10})
		require.NoError(t, err)
		fine, err := quant.Quantify(r, quant.Options{Bracket: true, GridPoints: 1 << 13})
		require.NoError(t, err)
		overlap := func(a, b quant.Figure, what any) { // both hold the truth
			require.LessOrEqual(t, a.Low, b.High*(1+1e-12), "%v", what)
			require.LessOrEqual(t, b.Low, a.High*(1+1e-12), "%v", what)
		}
		for i, q := range coarse.Quantiles {
			overlap(q.Loss, fine.Quantiles[i].Loss, q.Level)
		}
		for i, tail := range coarse.Tails {
			overlap(tail.TVaR, fine.Tails[i].TVaR, tail.Level)
		}
	})
}

func TestEnginesAgree(t *testing.T) {
	const trials = 20_000
	registers(t, 20, 200, func(t *testing.T, r quant.Register) {
		points, err := quant.Quantify(r, quant.Options{GridPoints: 1 << 12})
		require.NoError(t, err)
		o := quant.Options{GridPoints: 1 << 12, Bracket: true, Trials: trials, Seed: 11}
		for _, q := range points.Quantiles {
			o.Thresholds = append(o.Thresholds, quant.USD(float64(q.Loss.Value)*1.01+1))
		}
		truth, err := quant.Quantify(r, o)
		require.NoError(t, err)
		o.Engine = quant.EngineMonteCarlo
		mine, err := quant.Quantify(r, o)
		require.NoError(t, err)
		sd := float64(truth.SD.Value)
		require.InDelta(t, float64(truth.ALE.Value), float64(mine.ALE.Value), 5.5*sd/math.Sqrt(trials)+1e-7*sd+1e-9)
		for i, e := range truth.Over {
			p := math.Min(math.Max(.5, float64(e.Low)), float64(e.High))
			slack := 5.5*math.Sqrt(p*(1-p)/trials) + 2.0/trials
			require.GreaterOrEqual(t, float64(mine.Over[i].Probability), float64(e.Low)-slack, "P(loss > %v)", e.Loss)
			require.LessOrEqual(t, float64(mine.Over[i].Probability), float64(e.High)+slack, "P(loss > %v)", e.Loss)
		}
	})
}

func TestExtremesGiveFiniteFigures(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]quant.Scenario{
		"a wide lognormal":       row(quant.Poisson{Rate: 2}, quant.Lognormal{Mu: 3, Sigma: 6, Currency: "USD"}),
		"a narrow lognormal":     row(quant.Poisson{Rate: 2}, quant.Lognormal{Mu: 3, Sigma: 1e-6, Currency: "USD"}),
		"tiny losses":            row(quant.Poisson{Rate: 2}, ci(1e-55, 1e-54)),
		"huge losses":            row(quant.Poisson{Rate: 2}, ci(1e54, 1e55)),
		"a tiny rate":            row(quant.Poisson{Rate: 1e-300}, ci(1, 2)),
		"a rare event":           row(quant.AtMostOnce{Probability: 1e-9}, pert(1, 2, 3)),
		"a sure event":           row(quant.AtMostOnce{Probability: 1}, pert(1, 2, 3)),
		"many events":            row(quant.Poisson{Rate: 20_000}, pert(1, 2, 3)),
		"strong clusters":        row(quant.NegativeBinomial{MeanEvents: 1, VarianceEvents: 500}, pert(1, 2, 3)),
		"hardly clusters":        row(quant.NegativeBinomial{MeanEvents: 1, VarianceEvents: 1.000001}, pert(1, 2, 3)),
		"a wide rate":            row(quant.PoissonPERT{Low: 0, Mode: 0, High: 400}, pert(1, 2, 3)),
		"a peaked loss":          row(quant.Poisson{Rate: 2}, quant.PERT{Low: quant.USD(1), Mode: quant.USD(2), High: quant.USD(3), Gamma: 1e4}),
		"a mode at the bound":    row(quant.Poisson{Rate: 2}, pert(0, 0, 3)),
		"a bound that is a hair": row(quant.Poisson{Rate: 2}, pert(1, 1+1e-12, 1+2e-12)),
		"a layer out of reach":   row(quant.Poisson{Rate: 2}, quant.Layer{Of: pert(1, 2, 3), Deductible: quant.USD(50)}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, o := range []quant.Options{{Shares: true}, {Bracket: true, GridPoints: 1 << 14}, {Engine: quant.EngineMonteCarlo, Trials: 5000, Shares: true}} {
				res := quantify(t, register(s, row(quant.Poisson{Rate: 1e-12}, ci(1, 2))), o)
				last := quant.Amount(0)
				for _, q := range res.Quantiles {
					_, err := q.Loss.Value.MarshalText()
					require.NoError(t, err)
					require.GreaterOrEqual(t, q.Loss.Value, last)
					last = q.Loss.Value
				}
				for _, q := range res.Tails {
					require.GreaterOrEqual(t, float64(q.TVaR.Value), float64(q.VaR.Value)*(1-1e-12))
					require.False(t, math.IsInf(float64(q.TVaR.Value), 0))
				}
				_, err := res.Error.Size.MarshalText()
				require.NoError(t, err)
			}
		})
	}
}

func TestABracketThatRunsOffTheGridIsNotClaimed(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: 20_000}, pert(1, 2, 3)))
	res := quantify(t, r, quant.Options{Bracket: true, GridPoints: 1 << 14})
	require.Equal(t, quant.ErrorGrid, res.Error.Kind)
	require.Contains(t, res.Reason, "too many events for a bracket")
	require.Zero(t, res.Grid.BracketPoints)
}

func TestThresholdsBeyondTheGridHaveAGridOfTheirOwn(t *testing.T) {
	t.Parallel()
	heavy := register(row(quant.AtMostOnce{Probability: .5}, ci(1e3, 1e5)), row(quant.Poisson{}, ci(1, 2)))
	alone := register(heavy.Scenarios[0])
	far := []quant.Money{quant.USD(1e5), quant.USD(3e6)}
	truth := quantify(t, alone, quant.Options{Thresholds: far}).Over
	for _, o := range []quant.Options{{Thresholds: far}, {Thresholds: far, Bracket: true, Shares: true}} {
		got := quantify(t, heavy, o).Over
		for i := range far {
			near(t, float64(truth[i].Probability), float64(got[i].Probability), 1e-3, "P(over %v)", far[i])
			if o.Bracket {
				require.LessOrEqual(t, got[i].Low, truth[i].Probability)
				require.GreaterOrEqual(t, got[i].High, truth[i].Probability)
			}
		}
	}
	whole := register(row(quant.Poisson{Rate: 2}, quant.Empirical{Losses: []quant.Weighted{{Loss: quant.USD(1), Weight: 1}, {Loss: quant.USD(3), Weight: 1}}}))
	over := quantify(t, whole, quant.Options{Thresholds: []quant.Money{quant.USD(2), quant.USD(1e9)}}).Over
	require.Positive(t, over[0].Probability)
	require.Less(t, float64(over[1].Probability), 1e-8)
}

func TestPoissonYearWithoutLoss(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: .3}, ci(1e3, 1e5)), row(quant.Poisson{Rate: .9}, pert(1, 2, 30)))
	res := quantify(t, r, quant.Options{Thresholds: []quant.Money{quant.USD(0)}})
	near(t, math.Exp(-1.2), float64(res.NoLoss), 1e-14)
	near(t, 1-math.Exp(-1.2), float64(res.Over[0].Probability), 1e-12)
}

func TestIntegralOfTheCurveIsTheALE(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: 2}, pert(1e3, 4e3, 2e4)), row(quant.AtMostOnce{Probability: .2}, ci(1e4, 5e4)))
	const n, top = 4000, 400_000.0
	var o quant.Options
	for i := range n {
		o.Thresholds = append(o.Thresholds, quant.USD(top*(float64(i)+.5)/n))
	}
	res := quantify(t, r, o)
	sum := 0.0
	for _, e := range res.Over {
		sum += float64(e.Probability) * top / n
	}
	near(t, float64(res.ALE.Value), sum, 1e-5)
}

func TestScalingMoneyScalesEveryFigure(t *testing.T) {
	t.Parallel()
	build := func(k float64) quant.Register {
		return register(row(quant.Poisson{Rate: 2}, ci(1e3*k, 1e5*k)), row(quant.NegativeBinomial{MeanEvents: 1, VarianceEvents: 2}, pert(10*k, 4e3*k, 2e4*k)))
	}
	one, seven := quantify(t, build(1), quant.Options{}), quantify(t, build(7), quant.Options{})
	for name, v := range figures(one) {
		if name != "p_zero" {
			v *= 7
		}
		near(t, v, figures(seven)[name], 1e-7, name)
	}
}

func TestSplittingAPoissonRowChangesNothing(t *testing.T) {
	t.Parallel()
	whole := register(row(quant.Poisson{Rate: 2}, ci(1e3, 1e5)), row(quant.Poisson{Rate: .5}, pert(1, 500, 9000)))
	split := register(row(quant.Poisson{Rate: 1}, ci(1e3, 1e5)), row(quant.Poisson{Rate: 1}, ci(1e3, 1e5)), row(quant.Poisson{Rate: .5}, pert(1, 500, 9000)))
	a, b := figures(quantify(t, whole, quant.Options{})), figures(quantify(t, split, quant.Options{}))
	for name, v := range a {
		near(t, v, b[name], 1e-11, name)
	}
	probe := quant.Options{GridPoints: 1 << 14}
	for x := 1e3; x < 5e5; x *= 1.7 {
		probe.Thresholds = append(probe.Thresholds, quant.USD(x))
	}
	p, q := quantify(t, whole, probe).Over, quantify(t, split, probe).Over
	for i := range p {
		require.InDelta(t, float64(p[i].Probability), float64(q[i].Probability), 1e-12)
	}
}

func TestARowThatNeverHappensChangesNothing(t *testing.T) {
	t.Parallel()
	with := register(row(quant.Poisson{Rate: 2}, ci(1e3, 1e5)), row(quant.Poisson{}, ci(1e3, 1e5)), row(quant.AtMostOnce{}, ci(1, 2)), row(quant.FixedCount{}, pert(1, 2, 3)))
	without := register(with.Scenarios[0])
	for _, o := range []quant.Options{{}, {Engine: quant.EngineMonteCarlo, Trials: 20_000}} {
		require.Equal(t, figures(quantify(t, without, o)), figures(quantify(t, with, o)))
	}
}

func TestARegisterThatCostsNothing(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{}, ci(1, 2)), row(quant.Poisson{Rate: 3}, quant.Fixed{Loss: quant.USD(0)}))
	for _, o := range []quant.Options{{Bracket: true, Shares: true}, {Engine: quant.EngineMonteCarlo, Trials: 1000, Shares: true}} {
		res := quantify(t, r, o)
		require.Zero(t, res.ALE.Value)
		require.Equal(t, quant.Probability(1), res.NoLoss)
		require.Len(t, res.Contributions, 2)
		for _, q := range res.Quantiles {
			require.Zero(t, q.Loss)
		}
	}
}

func TestTVaRIsSubadditive(t *testing.T) {
	t.Parallel()
	a, b := row(quant.AtMostOnce{Probability: .04}, ci(1e5, 1e6)), row(quant.AtMostOnce{Probability: .04}, ci(2e5, 9e5))
	a.ID, b.ID = "a", "b"
	both := quantify(t, register(a, b), quant.Options{Shares: true})
	alone := quantify(t, register(a), quant.Options{}).Tails[0].TVaR.Value + quantify(t, register(b), quant.Options{}).Tails[0].TVaR.Value
	require.LessOrEqual(t, both.Tails[0].TVaR.Value, alone)
	require.Zero(t, quantify(t, register(a), quant.Options{}).Tails[0].VaR.Value, "VaR misses what happens once in 25 years")
	require.Positive(t, both.Tails[0].VaR.Value)
}

func TestTwinRowsAreIndependent(t *testing.T) {
	t.Parallel()
	const trials = 200_000
	one := func(id string) []quant.Scenario {
		s := row(quant.Poisson{Rate: 2}, ci(1e3, 2e4))
		s.ID = id
		return []quant.Scenario{s}
	}
	o := quant.Options{Engine: quant.EngineMonteCarlo, Trials: trials, Seed: 5}
	sd := func(rows ...quant.Scenario) float64 { return float64(quantify(t, register(rows...), o).SD.Value) }
	a, b, sum := sd(one("a")...), sd(one("b")...), sd(append(one("a"), one("b")...)...)
	correlation := (sum*sum - a*a - b*b) / (2 * a * b)
	require.Less(t, math.Abs(correlation), 4/math.Sqrt(trials))
	require.NotEqual(t, a, b, "twins share no draw")
	var twins []quant.Scenario
	for i := range 9 {
		twins = append(twins, one("t"+strconv.Itoa(i))...)
	}
	near(t, 3*a, sd(twins...), .02, "the spread of nine twins grows with the root, not ninefold")
}

func TestConfidenceIntervalsCoverTheTruth(t *testing.T) {
	t.Parallel()
	covered(t, register(row(quant.Poisson{Rate: 2}, ci(1e3, 2e4)), row(quant.Poisson{Rate: .3}, pert(1e3, 3e4, 9e4)),
		row(quant.AtMostOnce{Probability: .1}, quant.Triangular{Low: quant.USD(1e4), Mode: quant.USD(2e4), High: quant.USD(1e5)})))
}

func TestConfidenceIntervalsCoverTheTruthOfTheRegisterOfFifty(t *testing.T) {
	t.Parallel()
	covered(t, register50(t, quant.ModelPoissonLognormal))
}

// covered counts over seeds how often an interval holds what the exact engine says.
func covered(t *testing.T, r quant.Register) {
	t.Helper()
	truth := quantify(t, r, quant.Options{})
	seeds := long.Count(200, 1000)
	hits := map[string]int{}
	for seed := range seeds {
		res := quantify(t, r, quant.Options{Engine: quant.EngineMonteCarlo, Trials: 10_000, Seed: uint64(seed)})
		hit := func(name string, want quant.Amount, f quant.Figure) {
			if f.Low <= want && want <= f.High {
				hits[name]++
			}
		}
		hit("mean", truth.ALE.Value, res.ALE)
		hit("sd", truth.SD.Value, res.SD)
		for i, q := range truth.Quantiles {
			if q.Level >= .5 && q.Level <= .99 {
				hit("p"+percent(q.Level), q.Loss.Value, res.Quantiles[i].Loss)
			}
		}
		for i, q := range truth.Tails {
			hit("tvar"+percent(q.Level), q.TVaR.Value, res.Tails[i].TVaR)
		}
	}
	require.Len(t, hits, 8)
	for name, n := range hits {
		share := float64(n) / float64(seeds)
		least := .91
		if name == "sd" {
			least = .88 // the normal law is short for it where the tail is heavy, as the package says
		}
		require.GreaterOrEqual(t, share, least, "%s %v", name, hits)
		require.LessOrEqual(t, share, .98, "%s %v", name, hits)
	}
}
