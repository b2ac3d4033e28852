package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// lossView is the register in amounts.
type lossView struct {
	Currency string
	Stale    string
	Curve    *lossCurve
	Summary  string
	Figures  []figureRow
	Points   []curveRow
	Every    []curveRow
	Amounts  *amountChart
	Stages   []stageRow
	Covered  []coveredRow
	Loose    []string
	Error    string
	Engine   []engineRow
	Assumed  []string
}

// figureRow is one figure of the annual loss with its bounds.
type figureRow struct {
	Name, Value, Low, High string
}

// stageRow is the expected annual loss of one scenario at each stage.
type stageRow struct {
	ID, Title, Finding          string
	Inherent, Current, Residual string
}

// coveredRow says how many findings of a level have amounts.
type coveredRow struct {
	Level      string
	Findings   int
	Quantified int
	Missing    string
}

// engineRow says how one stage was computed.
type engineRow struct {
	Stage, Engine, Reason, Seed, Version, Input, Stale string
}

// rows of the curve that the page shows at once; all of them stand below.
const curveRowsShown = 12

// lossOf decides what the page says of the register in amounts; nil where there is none.
func lossOf(d Data) *lossView {
	if d.Quantified == nil {
		return nil
	}
	q := *d.Quantified
	r := q.Current
	v := &lossView{Currency: string(q.Register.Currency), Curve: curveOf(r), Figures: figures(r), Every: curveRows(r), Assumed: r.Assumptions}
	v.Points = thin(v.Every, curveRowsShown)
	v.Amounts, v.Stages = amountsOf(q)
	v.Stale = staleWords(q)
	v.Summary = fmt.Sprintf("%s in %s: %s in place, %s planned.", count(len(q.Register.Scenarios), "scenario", "scenarios"), q.Register.Currency,
		count(len(q.Register.Controls), "control", "controls"), count(len(q.Planned), "control", "controls"))
	v.Error = errorWords(r)
	for _, s := range quant.Stage("").Values() {
		v.Engine = append(v.Engine, engineOf(q, s))
	}
	if a, ok := risk.InEffect(d.Analyses, d.AsOf); ok {
		levels := map[string]risk.Level{}
		for _, f := range a.Findings {
			levels[f.ID] = f.CurrentLevel()
		}
		for _, c := range q.Register.Covered(levels) {
			v.Covered = append(v.Covered, coveredRow{Level: words(string(c.Level)), Findings: c.Findings, Quantified: c.Quantified, Missing: strings.Join(c.Missing, ", ")})
		}
		for _, s := range q.Register.Scenarios {
			if _, known := levels[s.Finding]; !known {
				v.Loose = append(v.Loose, s.ID)
			}
		}
	}
	return v
}

// figures are the mean, the spread, the quantiles and the tails.
func figures(r quant.Result) []figureRow {
	var out []figureRow
	add := func(name string, f quant.Figure) {
		if usable(float64(f.Value), float64(f.Low), float64(f.High)) {
			row := figureRow{Name: name}
			row.Value, row.Low, row.High = figure(f)
			out = append(out, row)
		}
	}
	add("Expected annual loss (ALE)", r.ALE)
	add("Standard deviation", r.SD)
	for _, q := range r.Quantiles {
		if p := float64(q.Level); p > 0 && p < 1 {
			add(fmt.Sprintf("Exceeded in %s (quantile %s)", years(1-p), chance(p, math.Round)), q.Loss)
		}
	}
	for _, t := range r.Tails {
		if p := float64(t.Level); p > 0 && p < 1 {
			add(fmt.Sprintf("Mean of the worst %s (TVaR %s)", years(1-p), chance(p, math.Round)), t.TVaR)
		}
	}
	return out
}

// thin keeps the first and the last of a list and what lies evenly between.
func thin[T any](list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	out := make([]T, most)
	for i := range out {
		out[i] = list[i*(len(list)-1)/(most-1)]
	}
	return out
}

// staleWords says which stages were computed from something else; empty where none was.
func staleWords(q quant.Appraisal) string {
	stale, err := q.Stale()
	switch {
	case err != nil:
		return "Whether the figures are stale cannot be told: the register has no digest, because it holds a number that cannot be written."
	case len(stale) == 0:
		return ""
	}
	names := make([]string, len(stale))
	for i, s := range stale {
		names[i] = string(s)
	}
	return "The figures are stale (" + strings.Join(names, ", ") + "): the register has changed since they were computed, or the algorithms have. They speak of another register than the one beside them; compute them again."
}

// errorWords says what the bounds of the figures are, and how wide they are.
func errorWords(r quant.Result) string {
	size := float64(r.Error.Size)
	if !usable(size) {
		return ""
	}
	wide := "The farthest bound among quantiles and tails lies " + chance(size, math.Ceil) + " of its figure away."
	switch r.Error.Kind {
	case quant.ErrorBracket:
		return "The bounds are certified: the year was computed with every loss rounded down and again with every loss rounded up, and the true figure for these inputs lies between. " + wide
	case quant.ErrorGrid:
		return "The bounds are an estimate, from halving the grid; they are not certified. " + wide
	case quant.ErrorConfidence:
		return "The bounds are confidence intervals of 95 in 100 simulations. " + wide
	case quant.ErrorRounding:
		return "The figures are closed forms or lie on the grid: they are right but for the rounding of floating point."
	}
	return ""
}

func engineOf(q quant.Appraisal, s quant.Stage) engineRow {
	r := q.Of(s)
	row := engineRow{Stage: string(s), Engine: words(string(r.Engine)), Reason: r.Reason, Version: r.Version, Input: string(r.Input), Stale: "holds", Seed: "none: nothing is drawn"}
	if r.Engine == quant.EngineMonteCarlo {
		row.Seed = strconv.FormatUint(r.Seed, 10) + ", " + count(r.Trials, "year", "years") + " simulated"
	}
	if r.Engine == "" {
		row.Engine, row.Seed = "not computed", "none"
	}
	if g := r.Grid; g != nil {
		row.Engine += fmt.Sprintf(", grid of %d points", g.Points)
		if g.BracketPoints > 0 {
			row.Engine += fmt.Sprintf(", bracket of %d", g.BracketPoints)
		}
	}
	switch stale, err := r.Stale(q.At(s)); {
	case err != nil:
		row.Stale = "cannot be told"
	case stale:
		row.Stale = "stale"
	}
	return row
}

// amountChart shows the expected annual loss of each scenario at each stage, in amounts.
type amountChart struct {
	Width, Height, Left, Floor int
	Describe                   string
	Rows                       []amountRow
	More, Of                   int
}

type amountRow struct {
	TextY        int
	Label, Whole string
	Bars         []amountBar
}

// amountBar is one stage: an outline, hatched, or filled.
type amountBar struct {
	Class, Letter string
	Y, TextY      int
	Width, TextX  string
	Text          string
}

const (
	amountLeft, amountRight, amountRowHeight, barHeight = 320, 700, 62, 15
	amountWidth, amountTop                              = 860, 8
	amountsMost                                         = 20
)

// amountsOf draws what the scenarios contribute at each stage, the largest inherent loss first; nil where the results have
// no contributions.
func amountsOf(q quant.Appraisal) (*amountChart, []stageRow) {
	losses := map[quant.Stage]map[string]float64{}
	most := 0.0
	for _, s := range quant.Stage("").Values() {
		of := map[string]float64{}
		for _, c := range q.Of(s).Contributions {
			if x := float64(c.ALE); usable(x) && x >= 0 {
				of[c.Scenario], most = x, math.Max(most, x)
			}
		}
		losses[s] = of
	}
	if len(losses[quant.StageCurrent]) == 0 {
		return nil, nil
	}
	list := slices.Clone(q.Register.Scenarios)
	slices.SortStableFunc(list, func(a, b quant.Scenario) int {
		return cmp.Or(cmp.Compare(losses[quant.StageInherent][b.ID], losses[quant.StageInherent][a.ID]), cmp.Compare(a.ID, b.ID))
	})
	c := &amountChart{Width: amountWidth, Left: amountLeft, Of: len(list)}
	var rows []stageRow
	var told []string
	for _, s := range list {
		row := stageRow{ID: s.ID, Title: s.Title, Finding: s.Finding}
		whole := strings.TrimSpace(s.ID + " " + s.Title)
		y := amountTop + len(c.Rows)*amountRowHeight
		drawn := amountRow{TextY: y + 28, Label: clip(whole, 38), Whole: whole}
		for k, stage := range quant.Stage("").Values() {
			word := []*string{&row.Inherent, &row.Current, &row.Residual}[k]
			x, ok := losses[stage][s.ID]
			if *word = "not computed"; ok {
				*word = amount(x, math.Round)
			}
			width := 0.0
			if most > 0 {
				width = (amountRight - amountLeft) * x / most
			}
			drawn.Bars = append(drawn.Bars, amountBar{Class: "bar-" + string(stage), Letter: []string{"I", "C", "R"}[k], Y: y + k*(barHeight+2), TextY: y + k*(barHeight+2) + 12,
				Width: at(width), TextX: at(amountLeft + width + 6), Text: *word})
		}
		rows = append(rows, row)
		if len(c.Rows) < amountsMost {
			c.Rows = append(c.Rows, drawn)
			told = append(told, fmt.Sprintf("%s: inherent %s, current %s, residual %s", s.ID, row.Inherent, row.Current, row.Residual))
		}
	}
	c.More = c.Of - len(c.Rows)
	c.Floor = amountTop + len(c.Rows)*amountRowHeight
	c.Height, c.Describe = c.Floor+4, strings.Join(told, "; ")+"."
	return c, rows
}
