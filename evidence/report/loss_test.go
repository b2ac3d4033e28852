package report_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/evidence/report"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// places reads the points of the first element of a class.
func places(t *testing.T, page, class string) [][2]float64 {
	t.Helper()
	m := regexp.MustCompile(`class="` + class + `"[^>]* points="([^"]*)"`).FindStringSubmatch(page)
	require.NotNil(t, m, class)
	var out [][2]float64
	for _, p := range strings.Fields(m[1]) {
		x, y, ok := strings.Cut(p, ",")
		require.True(t, ok)
		a, err := strconv.ParseFloat(x, 64)
		require.NoError(t, err)
		b, err := strconv.ParseFloat(y, 64)
		require.NoError(t, err)
		out = append(out, [2]float64{a, b})
	}
	return out
}

func TestTheCurveIsDrawnFromThePointsOfTheResult(t *testing.T) {
	t.Parallel()
	d := sample(t)
	page := render(t, d)
	line := places(t, page, "curve")
	require.Len(t, line, len(d.Quantified.Current.Curve), "each point; a loss of nothing stands at the left edge")
	for i, p := range line {
		require.GreaterOrEqual(t, p[0], 96.0)
		require.LessOrEqual(t, p[0], 690.0)
		require.GreaterOrEqual(t, p[1], 20.0)
		require.LessOrEqual(t, p[1], 350.0)
		if i > 0 {
			require.GreaterOrEqual(t, p[0], line[i-1][0], "amounts grow")
			require.GreaterOrEqual(t, p[1], line[i-1][1], "and the curve never rises")
		}
	}
	// 100 to 5 million stand at 96 to 690, every year to 1 in 1,000 at 20 to 350.
	last := d.Quantified.Current.Curve[len(d.Quantified.Current.Curve)-1]
	end := line[len(line)-1]
	require.InDelta(t, 96+594*(math.Log10(float64(last.Loss))-2)/(math.Log10(5e6)-2), end[0], 0.06)
	require.InDelta(t, 20+330*math.Log10(float64(last.Probability))/-3, end[1], 0.06)

	text := section(t, d, "loss")
	for _, p := range d.Quantified.Current.Curve {
		if p.Loss >= 1000 {
			require.Contains(t, strings.ReplaceAll(text, ",", ""), fmt.Sprintf(" %.0f ", float64(p.Loss)), "every point that is drawn stands in a table")
		}
	}
	for _, says := range []string{
		"3 scenarios in USD: 1 control in place, 1 control planned.", "The rule asks for no amounts", "The bounds are certified", "Expected annual loss (ALE) 46,178",
		"Exceeded in 1 year in 100 (quantile 0.99) 932,101 932,094 932,115", "Mean of the worst 1 year in 100 (TVaR 0.99)",
		"exact, grid of", "bracket of 262144", "none: nothing is drawn", quant.Version, string(d.Quantified.Current.Input), string(d.Quantified.Inherent.Input),
		"The scenarios are independent of each other.", "At most one event in a year: 1 of 3 scenarios.", "These scenarios name no finding of the analysis in effect: outage .",
		"very high 1 1 none", "not assessed 1 0 f-4",
	} {
		require.Contains(t, text, says)
	}
	require.NotContains(t, text, "stale (")
	require.NotContains(t, text, "USD 46", "no amount among the levels")
}

// The band is what lies between the bounds: with a simulation it can be seen.
func TestTheBandLiesAroundTheCurve(t *testing.T) {
	t.Parallel()
	d := sample(t)
	q, err := quant.Appraise(d.Quantified.Register, d.Quantified.Planned, quant.Options{Engine: quant.EngineMonteCarlo, Trials: 2000, Seed: 11})
	require.NoError(t, err)
	d.Quantified = &q
	page := render(t, d)
	line, band := places(t, page, "curve"), places(t, page, "band")
	require.Zero(t, len(band)%2)
	upper, lower := band[:len(band)/2], slices.Clone(band[len(band)/2:])
	slices.Reverse(lower)
	height := func(list [][2]float64, x float64) float64 {
		for i := 1; i < len(list); i++ {
			if a, b := list[i-1], list[i]; x >= a[0] && x <= b[0] && b[0] > a[0] {
				return a[1] + (b[1]-a[1])*(x-a[0])/(b[0]-a[0])
			}
		}
		return list[len(list)-1][1]
	}
	widest := 0.0
	for _, p := range line {
		require.LessOrEqual(t, height(upper, p[0]), p[1]+0.2)
		require.GreaterOrEqual(t, height(lower, p[0]), p[1]-0.2)
		widest = math.Max(widest, height(lower, p[0])-height(upper, p[0]))
	}
	require.Greater(t, widest, 10.0)
	text := section(t, d, "loss")
	require.Contains(t, text, "11, 2000 years simulated")
	require.Contains(t, text, "Monte Carlo was asked for.")
	require.Contains(t, text, "confidence intervals of 95 in 100 simulations")
	require.NotContains(t, text, "certified: ")
}

func TestAStaleResultIsCalledStale(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Quantified.Register.Scenarios[1].Frequency = quant.Poisson{Rate: 0.5}
	text := section(t, d, "loss")
	require.Contains(t, text, "The figures are stale (inherent, current, residual): the register has changed since they were computed")
	require.Equal(t, 3, strings.Count(text, " stale ")-1, "each stage, and the sentence")
	require.NotContains(t, render(t, d), "<td>holds</td>")

	d = sample(t)
	d.Quantified.Planned = nil
	text = section(t, d, "loss")
	require.Contains(t, text, "The figures are stale (residual)")
	require.Equal(t, 2, strings.Count(render(t, d), "<td>holds</td>"))

	d.Quantified.Register.Scenarios[1].Frequency = quant.Poisson{Rate: quant.Rate(math.NaN())}
	text = section(t, d, "loss")
	require.Contains(t, text, "Whether the figures are stale cannot be told")
	require.Contains(t, text, "cannot be told")
}

func TestWhatCannotBeDrawnIsSaid(t *testing.T) {
	t.Parallel()
	nan := quant.Probability(math.NaN())
	for name, spoil := range map[string]func(*quant.Result){
		"no points":            func(r *quant.Result) { r.Curve = nil },
		"not a number":         func(r *quant.Result) { r.Curve[3].Probability = nan },
		"an infinite loss":     func(r *quant.Result) { r.Curve[3].Loss = quant.Amount(math.Inf(1)) },
		"a negative loss":      func(r *quant.Result) { r.Curve[0].Loss = -5 },
		"a chance above one":   func(r *quant.Result) { r.Curve[0].Probability, r.Curve[0].High = 1.5, 1.5 },
		"a curve that rises":   func(r *quant.Result) { r.Curve[4].Probability = 0.999; r.Curve[4].High = 1 },
		"losses out of order":  func(r *quant.Result) { r.Curve[4].Loss = r.Curve[3].Loss },
		"bounds the other way": func(r *quant.Result) { r.Curve[4].Low, r.Curve[4].High = r.Curve[4].High, r.Curve[4].Low },
		"no loss at all":       func(r *quant.Result) { r.Curve = r.Curve[:1] },
	} {
		d := sample(t)
		d.Quantified.Current.Curve = slices.Clone(d.Quantified.Current.Curve)
		spoil(&d.Quantified.Current)
		page := render(t, d)
		require.Contains(t, page, "There is no curve:", name)
		require.NotContains(t, page, `id="curve-title"`, name)
		require.NotRegexp(t, `NaN|Inf`, page, name)
	}
	d := sample(t)
	d.Quantified.Current.Contributions = nil
	text := section(t, d, "loss")
	require.Contains(t, text, "There is no picture: the results beside the register hold no contributions of its scenarios.")
	d = sample(t)
	d.Quantified.Residual = quant.Result{}
	text = section(t, d, "loss")
	require.Contains(t, text, "38,735 not computed")
	require.Contains(t, text, "residual not computed none stale")
	d.Quantified.Current.ALE.Value = quant.Amount(math.NaN())
	d.Quantified.Current.Error.Size = quant.Number(math.Inf(1))
	require.NotRegexp(t, `NaN|Inf`, render(t, d))

	d = report.Data{Quantified: new(quant.Appraisal)}
	text = section(t, d, "loss")
	require.Contains(t, text, "0 scenarios")
	require.Contains(t, text, "There is no curve")
}

// A law of steps is drawn in steps: a straight line between two points would show losses that cannot be.
func TestALawOfStepsIsDrawnInSteps(t *testing.T) {
	t.Parallel()
	d := sample(t)
	q, err := quant.Appraise(quant.Register{Currency: "EUR", Scenarios: []quant.Scenario{
		{ID: "fee", Frequency: quant.Poisson{Rate: 0.7}, Severity: quant.Fixed{Loss: quant.Money{Amount: 1000, Currency: "EUR"}}},
	}}, nil, quant.Options{})
	require.NoError(t, err)
	d.Quantified = &q
	line := places(t, render(t, d), "curve")
	for i := 1; i < len(line); i++ {
		require.True(t, line[i][0] == line[i-1][0] || line[i][1] == line[i-1][1], "level or upright: %v %v", line[i-1], line[i])
	}
	text := section(t, d, "loss")
	require.Contains(t, text, "annual loss in EUR")
	require.Contains(t, text, "0 controls in place, 0 controls planned")
}

func TestLevelsAreDrawnAsLevels(t *testing.T) {
	t.Parallel()
	d := sample(t)
	page := render(t, d)
	require.Contains(t, page, "<title>f-3 Audit logging is switched off unseen: inherent very high, current moderate, residual low</title>")
	require.Contains(t, page, "f-4: inherent very high, current not assessed, residual not assessed")
	rows := regexp.MustCompile(`<g><title>f-\d [^<]*</title>.*?</g>`).FindAllString(page[strings.Index(page, `id="levels-title"`):], -1)
	require.Len(t, rows, 4)
	for _, row := range rows {
		require.Equal(t, 1, strings.Count(row, "<circle"))
		require.Equal(t, 1, strings.Count(row, "<rect"))
		require.Equal(t, 1, strings.Count(row, "<polygon"))
		require.Equal(t, strings.Contains(row, "f-3"), strings.Contains(row, "<polyline"), "a line joins what is assessed and nothing else")
	}
	for i := range 40 {
		f := d.Analyses[1].Findings[0]
		f.ID = fmt.Sprintf("g-%02d", i)
		d.Analyses[1].Findings = append(d.Analyses[1].Findings, f)
	}
	text := section(t, d, "register")
	require.Contains(t, text, "14 of 44 findings stand in the table only.")
	require.Contains(t, text, "and 38 more", "the cell of the heat map says what does not fit")
	for i := range d.Analyses[1].Findings {
		f := &d.Analyses[1].Findings[i]
		f.Inherent, f.Current, f.Residual = nil, nil, nil
	}
	require.NotContains(t, render(t, d), `id="levels-title"`, "no empty chart")
	d.Analyses[1].Findings[0].Inherent = sample(t).Analyses[1].Findings[0].Current
	d.Analyses[1].Findings[0].Inherent.Scale = risk.ScaleRef{ID: "lost/1", Digest: "x"}
	require.NotContains(t, render(t, d), `id="levels-title"`, "the tables of the scale are not at hand")
}

func TestManyScenariosStandInTheTable(t *testing.T) {
	t.Parallel()
	d := sample(t)
	for i := range 30 {
		id := fmt.Sprintf("s-%02d", i)
		d.Quantified.Register.Scenarios = append(d.Quantified.Register.Scenarios, quant.Scenario{ID: id})
		for _, s := range quant.Stage("").Values() {
			r := map[quant.Stage]*quant.Result{quant.StageInherent: &d.Quantified.Inherent, quant.StageCurrent: &d.Quantified.Current, quant.StageResidual: &d.Quantified.Residual}[s]
			r.Contributions = append(r.Contributions, quant.Contribution{Scenario: id, ALE: quant.Amount(1 + i)})
		}
	}
	page := render(t, d)
	require.Equal(t, 20, strings.Count(page, `class="bar-inherent"`))
	text := section(t, d, "loss")
	require.Contains(t, text, "13 of 33 scenarios stand in the table only.")
	require.Contains(t, text, "s-00 none named 1 1 1")
	require.Contains(t, text, "The figures are stale", "the register changed, so this is said")
}
