package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// lossCurve is the loss exceedance curve as it is drawn, on two logarithmic axes: with what chance the loss of a year is
// larger than an amount. The band between the bounds of the points lies behind the line.
type lossCurve struct {
	Width, Height           int
	Left, Right, Top, Floor int
	MiddleX, MiddleY        int
	Line, Band              string
	XTicks, YTicks          []axisTick
	Marks                   []curveMark
	Describe                string
	Currency                string
}

// axisTick is a line of the grid with its label.
type axisTick struct {
	At, Text string
}

// curveMark is a point of the curve that has a name of its own.
type curveMark struct {
	X, Y, TextX, TextY, Anchor, Text string
}

// curveRow is a point of the curve in numbers.
type curveRow struct {
	Loss, Years, Chance, Low, High string
}

const (
	curveWidth, curveHeight = 720, 420
	curveLeft, curveRight   = 96, 690
	curveTop, curveFloor    = 20, 350
	// leastChance is the smallest chance that is drawn, and mostDecades how far left of the largest loss the picture goes.
	leastChance = 1e-6
	mostDecades = 5
)

// points returns what can be drawn of a result's curve, or nil where that is no curve: losses that rise, chances that do
// not rise and have their bounds around them.
func points(r quant.Result) []quant.Exceedance {
	var out []quant.Exceedance
	for _, p := range r.Curve {
		loss, chance, low, high := float64(p.Loss), float64(p.Probability), float64(p.Low), float64(p.High)
		if !usable(loss, chance, low, high) || loss < 0 || low < 0 || low > chance || chance > high || high > 1 {
			return nil
		}
		if n := len(out); n > 0 && (p.Loss <= out[n-1].Loss || p.Probability > out[n-1].Probability) {
			return nil
		}
		out = append(out, p)
	}
	if n := len(out); n == 0 || out[n-1].Loss == 0 || out[0].Probability < leastChance {
		return nil
	}
	return out
}

// axes turn losses and chances into places.
type axes struct {
	least, most float64 // the losses at the left and the right
	rare        float64 // the chance at the floor
}

func (a axes) x(loss float64) float64 {
	loss = math.Min(math.Max(loss, a.least), a.most)
	return curveLeft + (curveRight-curveLeft)*(math.Log10(loss)-math.Log10(a.least))/(math.Log10(a.most)-math.Log10(a.least))
}

func (a axes) y(p float64) float64 {
	return curveTop + (curveFloor-curveTop)*math.Log10(math.Max(p, a.rare))/math.Log10(a.rare)
}

// curveOf draws the curve of a result; nil where it has none that could be drawn.
func curveOf(r quant.Result) *lossCurve {
	list := points(r)
	if list == nil {
		return nil
	}
	a := axesOf(list)
	c := &lossCurve{
		Width: curveWidth, Height: curveHeight, Left: curveLeft, Right: curveRight, Top: curveTop, Floor: curveFloor,
		MiddleX: (curveLeft + curveRight) / 2, MiddleY: (curveTop + curveFloor) / 2, Currency: string(r.Currency),
	}
	value := func(p quant.Exceedance) float64 { return float64(p.Probability) }
	low := func(p quant.Exceedance) float64 { return float64(p.Low) }
	high := func(p quant.Exceedance) float64 { return float64(p.High) }
	jumps := r.Error.Kind == quant.ErrorRounding && (r.Grid != nil || len(list) < 8)
	c.Line = a.path(list, value, jumps)
	upper, lower := a.trace(list, high, jumps), a.trace(list, low, jumps)
	for i := len(lower) - 1; i >= 0; i-- {
		upper = append(upper, lower[i])
	}
	c.Band = strings.Join(upper, " ")
	c.XTicks, c.YTicks = a.losses(), a.chances()
	c.Marks = a.marks(r)
	c.Describe = describeCurve(r, list)
	return c
}

func axesOf(list []quant.Exceedance) axes {
	a := axes{most: float64(list[len(list)-1].Loss), rare: 1}
	for _, p := range list {
		if p.Probability >= leastChance {
			a.rare = math.Min(a.rare, float64(p.Probability))
		}
	}
	a.rare = math.Min(math.Pow(10, math.Floor(math.Log10(a.rare)+1e-9)), 0.1)
	a.least = a.most
	for _, p := range list {
		if p.Loss > 0 {
			a.least = float64(p.Loss)
			break
		}
	}
	a.least = math.Max(a.least, a.most*math.Pow(10, -mostDecades))
	a.least, a.most = math.Pow(10, math.Floor(math.Log10(a.least)+1e-9)), roundUp(a.most)
	if a.most <= a.least {
		a.most = 10 * a.least
	}
	return a
}

// roundUp takes an amount up to the next 1, 2 or 5 of its decade.
func roundUp(x float64) float64 {
	decade := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if x <= m*decade*(1+1e-12) {
			return m * decade
		}
	}
	return 10 * decade
}

// trace lists the places of the points, from the left edge on: below its first loss the curve is level. A law of steps is
// drawn in steps.
func (a axes) trace(list []quant.Exceedance, of func(quant.Exceedance) float64, jumps bool) []string {
	var out []string
	before := a.y(of(list[0]))
	add := func(x, y float64) {
		if s := at(x) + "," + at(y); len(out) == 0 || out[len(out)-1] != s {
			out = append(out, s)
		}
	}
	add(curveLeft, before)
	for _, p := range list {
		x, y := a.x(float64(p.Loss)), a.y(of(p))
		if jumps {
			add(x, before)
		}
		add(x, y)
		before = y
	}
	return out
}

func (a axes) path(list []quant.Exceedance, of func(quant.Exceedance) float64, jumps bool) string {
	return strings.Join(a.trace(list, of, jumps), " ")
}

// losses are the lines of the grid over the amounts: the decades, and where those are few, what lies between.
func (a axes) losses() []axisTick {
	steps := []float64{1}
	if a.most/a.least < 1e4 {
		steps = []float64{1, 3}
	}
	if a.most/a.least < 150 {
		steps = []float64{1, 2, 5}
	}
	var out []axisTick
	for decade := a.least; decade <= a.most*(1+1e-9); decade *= 10 {
		for _, s := range steps {
			if x := s * decade; x <= a.most*(1+1e-9) {
				out = append(out, axisTick{at(a.x(x)), short(clean(x))})
			}
		}
	}
	return out
}

// clean takes off what multiplying by ten again and again leaves in the last places.
func clean(x float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x)+1e-9)-3)
	if unit < 1 {
		return math.Round(x*1000) / 1000
	}
	return math.Round(x/unit) * unit
}

// chances are the lines of the grid over the years.
func (a axes) chances() []axisTick {
	steps := []float64{1, 2, 5}
	if a.rare < 0.9e-3 {
		steps = []float64{1}
	}
	var out []axisTick
	for decade := 1.0; decade <= 1/a.rare*(1+1e-9); decade *= 10 {
		for _, s := range steps {
			n := s * decade
			if n > 1/a.rare*(1+1e-9) {
				break
			}
			text := "every year"
			if n > 1 {
				text = "1 in " + short(n)
			}
			out = append(out, axisTick{at(a.y(1 / n)), text})
		}
	}
	return out
}

// marks are the expected loss and the quantiles of one year in ten and in a hundred, where they were asked for.
func (a axes) marks(r quant.Result) []curveMark {
	var out []curveMark
	for _, q := range r.Quantiles {
		loss, p := float64(q.Loss.Value), 1-float64(q.Level)
		if (q.Level != 0.9 && q.Level != 0.99) || !usable(loss) || loss < a.least || loss > a.most {
			continue
		}
		m := curveMark{X: at(a.x(loss)), Y: at(a.y(p)), TextX: at(a.x(loss) + 10), TextY: at(a.y(p) - 8), Anchor: "start",
			Text: years(p) + ": over " + amount(loss, math.Round)}
		if a.x(loss) > curveRight-200 {
			m.TextX, m.TextY, m.Anchor = at(a.x(loss)-10), at(a.y(p)+16), "end"
		}
		out = append(out, m)
	}
	return out
}

// curveRows are the points of the curve in numbers.
func curveRows(r quant.Result) []curveRow {
	var out []curveRow
	for _, p := range points(r) {
		out = append(out, curveRow{Loss: amount(float64(p.Loss), math.Round), Years: years(float64(p.Probability)),
			Chance: chance(float64(p.Probability), math.Round), Low: chance(float64(p.Low), math.Floor), High: chance(float64(p.High), math.Ceil)})
	}
	return out
}

// describeCurve says in sentences what the picture shows, for a reader who hears it.
func describeCurve(r quant.Result, list []quant.Exceedance) string {
	first, last := list[0], list[len(list)-1]
	out := []string{fmt.Sprintf("From left to right the amount grows from %s to %s %s and the chance of a larger annual loss falls from %s to %s.",
		amount(float64(first.Loss), math.Round), amount(float64(last.Loss), math.Round), r.Currency, chance(float64(first.Probability), math.Round), chance(float64(last.Probability), math.Round))}
	for _, q := range r.Quantiles {
		if usable(float64(q.Loss.Value), float64(q.Level)) && q.Level > 0 && q.Level < 1 {
			out = append(out, fmt.Sprintf("In %s it is over %s.", years(1-float64(q.Level)), amount(float64(q.Loss.Value), math.Round)))
		}
	}
	return strings.Join(out, " ")
}
