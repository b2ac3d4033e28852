package quant_test

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

func TestV1LognormalFromANinetyPercentInterval(t *testing.T) {
	t.Parallel()
	l := ci(1e5, 1e6).Law()
	near(t, 404001.2827, float64(l.Mean()), closed)
	near(t, 316227.7660, float64(l.Quantile(0.5)), closed)
	near(t, 321217.9530, math.Sqrt(l.Variance()), closed)
	near(t, 1611237.428, float64(l.Quantile(0.99)), closed)
	near(t, 40400.128269457266, float64(quant.ALE(quant.Money{Amount: l.Mean(), Currency: "USD"}, 0.1).Amount), 1e-12)
	byParameters := quant.Lognormal{Mu: 12.66421801, Sigma: 0.6999361692, Currency: "USD"}.Law()
	near(t, 404001.2827, float64(byParameters.Mean()), 1e-8)
}

func TestV2ThreePublishedRows(t *testing.T) {
	t.Parallel()
	r := register(row(quant.Poisson{Rate: 0.01}, ci(1e6, 1e7)), row(quant.Poisson{Rate: 0.1}, ci(1e7, 1e9)), row(quant.Poisson{Rate: 0.05}, ci(5e6, 5e7)))
	res := quantify(t, r, quant.Options{Bracket: true, Shares: true})
	for i, want := range []float64{40400.12827, 26639800.98, 1010003.207} {
		near(t, want, float64(res.Contributions[i].ALE), closed)
	}
	agree(t, map[string]float64{
		"mean": 27690204.31, "sd": 224494975.2, "p_zero": 0.852143789, "p90": 20651461.6, "p95": 99040540.7, "p99": 612871516,
		"p99.9": 2.624456764e9, "tvar95": 495806010, "tvar99": 1476605919,
	}, res)
}

// agree compares with a vector: moments and P(no loss) are closed forms, the rest comes from the grid.
func agree(t *testing.T, want map[string]float64, res quant.Result) {
	t.Helper()
	got := figures(res)
	for name, w := range want {
		tol := exact
		if name == "mean" || name == "sd" || name == "p_zero" {
			tol = closed
		}
		require.Contains(t, got, name)
		near(t, w, got[name], tol, name)
	}
}

func TestV3StandardPERT(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pert quant.PERT
		want map[quant.Probability]float64
		mean float64
		vari float64
	}{
		{pert(10, 20, 100), map[quant.Probability]float64{0.05: 12.95158677, 0.5: 28.97759353, 0.95: 59.62536387, 0.99: 72.10107797}, 31.66666667, 211.5079365},
		{pert(2, 4, 9), map[quant.Probability]float64{0.05: 2.630158653, 0.5: 4.382588601, 0.95: 6.773921493, 0.99: 7.582713271}, 4.5, 1.607142857},
		{quant.PERT{Low: quant.USD(0), Mode: quant.USD(1), High: quant.USD(10), Gamma: 1}, map[quant.Probability]float64{0.05: 0.3571428498, 0.5: 3.34041158, 0.95: 8.066530931, 0.99: 9.174706177}, 3.666666667, 5.805555556},
	} {
		l := c.pert.Law()
		near(t, c.mean, float64(l.Mean()), closed)
		near(t, c.vari, l.Variance(), closed)
		for p, want := range c.want {
			near(t, want, float64(l.Quantile(p)), closed)
		}
	}
	l := pert(10, 20, 100).Law()
	require.Greater(t, math.Abs(l.Variance()-225), 1.0, "the fit by (high-low)/(gamma+2) is another law")
	require.Greater(t, math.Abs(float64(l.Quantile(0.95))-60.6570061), 0.5)
	require.InDelta(t, 0.8022014738, skewness(l), 1e-6)
}

// skewness integrates the third moment from the survival function.
func skewness(l quant.Law) float64 {
	const n = 200000
	top := float64(l.Quantile(1))
	third := 0.0
	for i := range n {
		x := top * (float64(i) + 0.5) / n
		third += 3 * x * x * float64(l.Exceeds(quant.Amount(x))) * top / n
	}
	m, v := float64(l.Mean()), l.Variance()
	return (third - 3*m*v - m*m*m) / math.Pow(v, 1.5)
}

func rates(low, mode, high quant.Rate) *quant.RateEstimate {
	return &quant.RateEstimate{Low: low, Mode: mode, High: high}
}

func shares(low, mode, high quant.Probability) *quant.ShareEstimate {
	return &quant.ShareEstimate{Low: low, Mode: mode, High: high}
}

func TestV4FAIRTree(t *testing.T) {
	t.Parallel()
	tree := quant.FAIR{
		ThreatEvents: rates(2, 6, 12), Capability: shares(.33, .5, .6), Resistance: shares(.4, .55, .9),
		PrimaryLoss: pert(5e3, 2e4, 1e5), SecondaryEvents: shares(.05, .1, .4), SecondaryLoss: pert(1e4, 1e5, 8e5),
	}
	near(t, 0.1929125675, float64(quant.Overcome(*tree.Capability, *tree.Resistance)), closed)
	near(t, 6.333333333*0.1929125675, float64(tree.MeanLossEvents()), closed)
	near(t, 59402.77778, float64(tree.Magnitude().Mean()), closed)
	near(t, 72577.10173, float64(tree.ALE()), closed)
	res := quantify(t, register(quant.Scenario{FAIR: &tree}), quant.Options{Bracket: true})
	near(t, 72577.10173, float64(res.ALE.Value), closed)
}

func TestV5WholeNumberLossesAreExact(t *testing.T) {
	t.Parallel()
	losses := quant.Empirical{Losses: []quant.Weighted{{Loss: quant.USD(5), Weight: 0.2}, {Loss: quant.USD(1), Weight: 0.5}, {Loss: quant.USD(2), Weight: 0.3}}}
	var thresholds []quant.Money
	for k := range 11 {
		thresholds = append(thresholds, quant.USD(float64(k)))
	}
	res := quantify(t, register(row(quant.Poisson{Rate: 2}, losses)), quant.Options{
		Levels: []quant.Probability{.5, .95, .99, .999}, Thresholds: thresholds, Bracket: true,
	})
	require.Equal(t, quant.ErrorRounding, res.Error.Kind)
	near(t, 4.2, float64(res.ALE.Value), closed)
	near(t, math.Sqrt(13.4), float64(res.SD.Value), closed)
	near(t, .1353352832, float64(res.NoLoss), closed)
	for k, want := range []float64{
		.1353352832, .1353352832, .1488688116, .1037570505, .07059990609, .09315578663, .07475770673, .06918318197,
		.04580081638, .03000227188, .02712748248,
	} {
		above := 1.0
		if k > 0 {
			above = float64(res.Over[k-1].Probability)
		}
		near(t, want, above-float64(res.Over[k].Probability), closed, "P(%d)", k)
	}
	near(t, .9339235807, 1-float64(res.Over[10].Probability), closed)
	for i, want := range []quant.Amount{3, 11, 15, 21} {
		require.Equal(t, want, res.Quantiles[i].Loss.Value)
	}
}

func TestV6CompoundPoissonLognormal(t *testing.T) {
	t.Parallel()
	res := quantify(t, register(row(quant.Poisson{Rate: 3}, ci(1e4, 2e5))), quant.Options{
		Thresholds: []quant.Money{quant.USD(1e5), quant.USD(5e5), quant.USD(1e6)},
	})
	agree(t, map[string]float64{
		"mean": 203099.1447, "sd": 177508.5634, "p_zero": .04978706837, "p5": 2955.601861, "p50": 160808.7375, "p90": 427302.2754,
		"p95": 538457.7878, "p99": 813108.2183, "p99.9": 1293688.554, "tvar95": 714457.7847, "tvar99": 1020459.917,
		"lec@100000": .6788257636, "lec@500000": .06345246463, "lec@1e+06": .003770457621,
	}, res)
}

func TestV7OneForOneRowHasAClosedForm(t *testing.T) {
	t.Parallel()
	res := quantify(t, register(row(quant.AtMostOnce{Probability: .4}, ci(1e4, 1e5))), quant.Options{
		Thresholds: []quant.Money{quant.USD(5e4), quant.USD(1e5)},
	})
	require.Equal(t, quant.ErrorRounding, res.Error.Kind)
	got := figures(res)
	for name, want := range map[string]float64{
		"mean": 16160.05131, "sd": 28362.73578, "p50": 0, "p90": 50702.61116, "p95": 70742.65947, "p99": 124677.1159,
		"p99.9": 225568.0984, "tvar95": 105430.1981, "tvar99": 167789.2699, "lec@50000": .10255111, "lec@100000": .02,
	} {
		tol := closed
		if name == "lec@50000" {
			tol = 5e-8 // the vector is printed to eight digits
		}
		near(t, want, got[name], tol, name)
	}
}

func TestV8OneForOneRegister(t *testing.T) {
	t.Parallel()
	r := register(row(quant.AtMostOnce{Probability: .15}, ci(2e6, 7e6)), row(quant.AtMostOnce{Probability: .05}, ci(1e6, 2e7)), row(quant.AtMostOnce{Probability: .3}, ci(2e5, 3e6)))
	agree(t, map[string]float64{
		"mean": 1268049.880, "sd": 2858510.672, "p_zero": .56525, "p5": 0, "p50": 0, "p90": 4235135.712, "p95": 5832512.45,
		"p99": 11405154.0, "p99.9": 30181096.44, "tvar95": 9880921.976, "tvar99": 19265108.01, "lec@5e+06": .07171151618,
		"lec@1e+07": .01331535121,
	}, quantify(t, r, quant.Options{Thresholds: []quant.Money{quant.USD(5e6), quant.USD(1e7)}, Shares: true, Bracket: true}))
}

var v9 = map[string]float64{
	"mean": 3013374.875, "sd": 1964697.489, "p_zero": 1.00018076e-08, "p5": 966715.6475, "p50": 2575566.181, "p90": 5230764.492,
	"p95": 6456825.893, "p99": 9933461.927, "p99.9": 17718697.25, "tvar95": 8783219.102, "tvar99": 13267475.37,
	"lec@5e+06": .114714617, "lec@1e+07": .009741849775,
}

func TestV9RegisterOfFifty(t *testing.T) {
	t.Parallel()
	r := register50(t, quant.ModelPoissonLognormal)
	o := quant.Options{Thresholds: []quant.Money{quant.USD(5e6), quant.USD(1e7)}}
	agree(t, v9, quantify(t, r, o))
	o.Bracket, o.Shares = true, true
	res := quantify(t, r, o)
	agree(t, v9, res)
	require.Equal(t, quant.ErrorBracket, res.Error.Kind)
	for _, q := range res.Quantiles {
		within(t, v9["p"+percent(q.Level)], q.Loss, 0)
		require.LessOrEqual(t, float64(q.Loss.High-q.Loss.Low), 0.003*float64(q.Loss.Value), "the bracket at %v", q.Level)
	}
	for _, q := range res.Tails {
		within(t, v9["tvar"+percent(q.Level)], q.TVaR, 0)
	}
}

func TestV9mAndV10bPERTRates(t *testing.T) {
	t.Parallel()
	r := register50(t, quant.ModelPERTEvents)
	events := quantify(t, r, quant.Options{})
	agree(t, map[string]float64{
		"mean": 3133768.236, "sd": 1358867.341, "p5": 1247878.152, "p50": 2953567.761, "p90": 4958462.832, "p95": 5635955.217,
		"p99": 7035418.188, "p99.9": 8801048.836, "tvar95": 6498931.176, "tvar99": 7810260.794,
	}, events)
	for i, s := range register50(t, quant.ModelPoissonLognormal).Scenarios {
		r.Scenarios[i].Severity = s.Severity
	}
	agree(t, map[string]float64{
		"mean": 3013374.875, "sd": 2000308.33, "p5": 923421.58, "p50": 2565586.27, "p90": 5286626.32, "p95": 6536460.04,
		"p99": 10050463.1, "p99.9": 17836946.0, "tvar95": 8883935.3, "tvar99": 13387740.9,
	}, quantify(t, r, quant.Options{}))
}

func TestV10ProductModelWithinFourStandardErrors(t *testing.T) {
	t.Parallel()
	res := quantify(t, register50(t, quant.ModelPERTProduct), quant.Options{Trials: 400_000, Seed: 7})
	require.Equal(t, quant.EngineMonteCarlo, res.Engine)
	require.Contains(t, res.Reason, "multiplies a rate by one loss")
	fourErrors(t, map[string]float64{
		"mean": 3133768.236, "sd": 668384.2134, "p5": 2163124.0, "p50": 3065118.4, "p90": 4023825.5, "p95": 4339856.7,
		"p99": 4981161.0, "p99.9": 5759637.7,
	}, res)
}

// fourErrors asks that Monte Carlo figures lie within four standard errors, twice the half width of their interval.
func fourErrors(t *testing.T, want map[string]float64, res quant.Result) {
	t.Helper()
	check := func(name string, f quant.Figure) {
		w, ok := want[name]
		if !ok {
			return
		}
		half := math.Max(float64(f.High-f.Value), float64(f.Value-f.Low)) / 1.96
		require.LessOrEqual(t, math.Abs(float64(f.Value)-w), 4*half, "%s: %v, want %v", name, f, w)
	}
	check("mean", res.ALE)
	check("sd", res.SD)
	for _, q := range res.Quantiles {
		check("p"+percent(q.Level), q.Loss)
	}
	for _, q := range res.Tails {
		check("tvar"+percent(q.Level), q.TVaR)
	}
}

func TestMonteCarloReachesV9AndV10b(t *testing.T) {
	t.Parallel()
	fourErrors(t, v9, quantify(t, register50(t, quant.ModelPoissonLognormal), quant.Options{Engine: quant.EngineMonteCarlo, Trials: 400_000, Seed: 3}))
	fourErrors(t, map[string]float64{"mean": 3133768.236, "sd": 1358867.341, "p5": 1247878.152, "p50": 2953567.761, "p99": 7035418.188, "tvar99": 7810260.794},
		quantify(t, register50(t, quant.ModelPERTEvents), quant.Options{Engine: quant.EngineMonteCarlo, Trials: 200_000, Seed: 3}))
}

func TestV11PoissonWithPERTRate(t *testing.T) {
	t.Parallel()
	f := quant.PoissonPERT{Low: .1, Mode: .5, High: 3}
	near(t, .85, float64(f.Mean()), closed)
	near(t, 1.080357143, f.Variance(), closed)
	near(t, .4733738164, float64(f.None()), closed)
	agree(t, map[string]float64{
		"mean": 115089.5153, "sd": 199834.100, "p_zero": .4733738164, "p5": 0, "p50": 25656.59865, "p90": 342382.2185,
		"p95": 497506.4388, "p99": 909255.8668, "p99.9": 1674620.394, "tvar95": 762992.7056, "tvar99": 1238301.065,
	}, quantify(t, register(row(f, ci(2e4, 4e5))), quant.Options{}))
}

func TestV12CapabilityOverResistance(t *testing.T) {
	t.Parallel()
	near(t, .1929125675, float64(quant.Overcome(*shares(.33, .5, .6), *shares(.4, .55, .9))), closed)
	near(t, .969240451, float64(quant.Overcome(*shares(.5, .7, .95), *shares(.3, .5, .7))), closed)
	require.Zero(t, quant.Overcome(*shares(.1, .2, .3), *shares(.4, .5, .6)))
	require.Equal(t, quant.Probability(1), quant.Overcome(*shares(.5, .5, .5), *shares(.4, .4, .4)))
	require.Zero(t, quant.Overcome(*shares(.4, .4, .4), *shares(.4, .4, .4)), "a tie overcomes nothing")
	near(t, 1, float64(quant.Overcome(*shares(.7, .8, .9), *shares(.1, .2, .3))), 1e-12)
	near(t, float64(1-pertAt(.5)), float64(quant.Overcome(*shares(.3, .4, .8), *shares(.5, .5, .5))), 1e-12)
}

func pertAt(x quant.Amount) quant.Probability {
	l := quant.PERT{Low: quant.USD(.3), Mode: quant.USD(.4), High: quant.USD(.8)}.Law()
	return 1 - l.Exceeds(x)
}

func TestV13NegativeBinomial(t *testing.T) {
	t.Parallel()
	agree(t, map[string]float64{
		"mean": 67699.71491, "sd": 93214.73539, "p_zero": .2947225199, "p5": 0, "p50": 33596.36519, "p90": 184578.9146,
		"p95": 253588.3198, "p99": 421291.0456, "p99.9": 685197.5647, "tvar95": 359157.8248, "tvar99": 535810.001,
	}, quantify(t, register(row(quant.NegativeBinomial{MeanEvents: 2, VarianceEvents: 5}, ci(5e3, 1e5))), quant.Options{}))
}

func TestV14TextbookExpectancyAndReturn(t *testing.T) {
	t.Parallel()
	sle := quant.SLE(quant.USD(100000), .25)
	require.Equal(t, quant.USD(25000), sle)
	require.Equal(t, quant.USD(75000), quant.ALE(sle, 3))
	require.Equal(t, quant.USD(10000), quant.ALE(quant.SLE(quant.USD(100000), .4), .25))
	near(t, 1.40, float64(quant.ROSI(5*15000*.8, 25000)), 1e-12)
	near(t, 2.00, float64(quant.ROSI(100000*.75, 25000)), 1e-12)
}

func TestV15GordonLoeb(t *testing.T) {
	t.Parallel()
	g := quant.GordonLoeb{Vulnerability: .65, Loss: quant.USD(4e5), Alpha: 2.7e-5, Beta: 1}
	best, err := g.Optimum()
	require.NoError(t, err)
	near(t, 61093.63926, float64(best.Amount.Amount), closed)
	near(t, .2453266907, float64(best.Left), closed)
	near(t, 100775.6845, float64(best.NetBenefit.Amount), closed)
	share := float64(best.Amount.Amount) / (.65 * 4e5)
	near(t, .2349755, share, 1e-6)
	require.Less(t, share, 1/math.E)
	idle, err := quant.GordonLoeb{Vulnerability: .01, Loss: quant.USD(10), Alpha: 1e-6, Beta: 1}.Optimum()
	require.NoError(t, err)
	require.Zero(t, idle.Amount.Amount, "where nothing pays, invest nothing")
	_, err = quant.GordonLoeb{Vulnerability: 2, Loss: quant.USD(math.NaN()), Beta: .5}.Optimum()
	for _, code := range []hipaasmp.FaultCode{quant.FaultProbability, quant.FaultNotFinite, quant.FaultSign, quant.FaultBounds} {
		fault(t, err, code)
	}
}

func TestV16RanksOfOrderStatistics(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n         int
		q         quant.Probability
		low, high int
	}{
		{1e4, .95, 9457, 9543}, {1e5, .99, 98938, 99062}, {1e6, .99, 989805, 990196}, {1e6, .999, 998938, 999062},
	} {
		low, high := quant.QuantileRanks(c.n, c.q)
		require.Equal(t, [2]int{c.low, c.high}, [2]int{low, high}, "n %d q %v", c.n, c.q)
	}
	low, high := quant.QuantileRanks(100, .999)
	require.Equal(t, 101, high, "a sample too small for an upper bound says so")
	require.Positive(t, low)
}

func TestVectorsForMachines(t *testing.T) {
	t.Parallel()
	var vectors []struct {
		ID    string `json:"id"`
		Input struct {
			Rows []struct {
				Lambda, P    float64
				Low5, High95 float64
				Rate         float64 `json:"lambda_"`
			} `json:"rows"`
			File string `json:"file"`
		} `json:"input"`
		Expect map[string]float64 `json:"expect"`
		Rel    float64            `json:"rel_tol"`
	}
	require.NoError(t, json.NewDecoder(shared(t, "vectors.json")).Decode(&vectors))
	models := map[string]quant.Model{"V9": quant.ModelPoissonLognormal, "V10b": quant.ModelPERTEvents}
	seen := 0
	for _, v := range vectors {
		model, ok := models[v.ID]
		if !ok {
			continue
		}
		seen++
		o := quant.Options{}
		for name := range v.Expect {
			if at, found := strings.CutPrefix(name, "lec@"); found {
				x, err := strconv.ParseFloat(at, 64)
				require.NoError(t, err)
				o.Thresholds = append(o.Thresholds, quant.USD(x))
			}
		}
		got := figures(quantify(t, register50(t, model), o))
		for name, want := range v.Expect {
			near(t, want, got[name], v.Rel, v.ID+" "+name)
		}
	}
	require.Equal(t, len(models), seen)
}
