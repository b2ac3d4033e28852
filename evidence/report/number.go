package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// rounding says to which side a number is rounded, so that a lower bound never rises and an upper one never falls.
type rounding func(float64) float64

// amount writes a number of currency units with groups of three: whole from a thousand on, else with two places.
func amount(x float64, round rounding) string {
	places, scale := 0, 1.0
	if math.Abs(x) < 1000 {
		places, scale = 2, 100
	}
	if scaled := x * scale; math.Abs(scaled) < 1<<52 {
		x = round(scaled) / scale
	}
	if math.Abs(x) >= 1000 {
		places = 0
	}
	text := strconv.FormatFloat(math.Abs(x), 'f', places, 64)
	whole, rest, _ := strings.Cut(text, ".")
	rest = strings.TrimRight(rest, "0")
	var b strings.Builder
	if x < 0 {
		b.WriteString("−")
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if rest != "" {
		b.WriteString("." + (rest + "0")[:2])
	}
	return b.String()
}

// chance writes a probability with four digits that count.
func chance(p float64, round rounding) string {
	if p <= 0 || p >= 1 {
		return strconv.FormatFloat(p, 'f', -1, 64)
	}
	digits := 4 - 1 - int(math.Floor(math.Log10(p)))
	if digits > 15 {
		return strconv.FormatFloat(p, 'g', 4, 64)
	}
	scale := math.Pow(10, float64(digits))
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(round(p*scale)/scale, 'f', digits, 64), "0"), ".")
}

// years says a chance of a year as one year in so many.
func years(p float64) string {
	switch n := 1 / p; {
	case p <= 0:
		return "no year"
	case p >= 1:
		return "every year"
	case n < 10:
		return "1 year in " + strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0")
	default:
		return "1 year in " + amount(math.Round(n), math.Round)
	}
}

// figure writes a figure and its bounds, the bounds rounded away from it.
func figure(f quant.Figure) (value, low, high string) {
	return amount(float64(f.Value), math.Round), amount(float64(f.Low), math.Floor), amount(float64(f.High), math.Ceil)
}

// short writes a round number of currency units for an axis.
func short(x float64) string {
	for _, u := range []struct {
		size float64
		word string
	}{{1e12, " trillion"}, {1e9, " billion"}, {1e6, " million"}} {
		if x >= u.size {
			return strconv.FormatFloat(x/u.size, 'f', -1, 64) + u.word
		}
	}
	return amount(x, math.Round)
}

// usable reports whether a number can be drawn.
func usable(list ...float64) bool {
	for _, x := range list {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// at writes a place in a picture, to a tenth of its unit.
func at(x float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(math.Round(x*10)/10, 'f', 1, 64), ".0")
}
