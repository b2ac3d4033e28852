package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/hipaasmp/hipaasmp/remediation"
)

// print writes the plan as a table, year by year, with what it buys, what it unlocks, what was left out and what the next
// dollar would buy.
func print(out io.Writer, p remediation.RoadmapProblem, r remediation.Roadmap) error {
	w := &errWriter{w: out}
	ale := decimal.Zero
	for _, s := range p.Scenarios {
		ale = ale.Add(s.ALE)
	}
	w.f("Roadmap over %d %s: %d actions against %d scenarios. Amounts are US dollars.\n", len(p.Budgets), plural(len(p.Budgets), "year"), len(p.Actions), len(p.Scenarios))
	w.f("Expected loss of a year in which nothing is done: %s.\n", money(ale))
	step := 0
	for _, y := range r.Years {
		w.f("\nYear %d: budget %s, carried in %s, spent %s, carried out %s.\n", y.Year, money(y.Budget), money(y.CarriedIn), money(y.Spent), money(y.CarriedOut))
		t := table{head: []string{"step", "action", "why", ">cost", ">takes off a year", ">takes off in all", "unlocks"}}
		for step < len(r.Steps) && r.Steps[step].Year == y.Year {
			s := r.Steps[step]
			step++
			t.add(fmt.Sprint(step), s.Action, words(s.Reason), money(s.Cost), money(s.Buys), money(s.BuysInAll), strings.Join(s.Unlocks, ", "))
		}
		t.write(w)
		w.f("Expected loss left at the end of year %d: %s.\n", y.Year, money(y.Residual))
		switch n := y.Next; {
		case n == nil:
			w.f("More money in this year would buy nothing.\n")
		default:
			w.f("The next dollar: %s more would buy %s, which takes off %s in all.\n", money(n.Short), strings.Join(n.Actions, " + "), money(n.Buys))
			w.f("Each dollar more in this year lowers what is provable by at most %s.\n", y.Price)
		}
	}
	if len(r.LeftOut) > 0 {
		w.f("\nLeft out:\n")
		t := table{head: []string{"action", "why", ">cost", ">would take off a year", "with"}}
		for _, x := range r.LeftOut {
			t.add(x.Action, words(x.Reason), money(x.Cost), money(x.Buys), strings.Join(x.Needs, ", "))
		}
		t.write(w)
	}
	w.f("\nSum of the losses left at the %s: %s.\n", plural(len(p.Budgets), "year's end"), money(r.Objective))
	if r.Status == remediation.RoadmapStatusOptimal {
		w.f("Proved optimal: no plan leaves less.\n")
	} else {
		w.f("Proved within a gap: no plan leaves less than %s, so at most %s can still be gained (gap %s).\n", money(r.LowerBound), money(r.Objective.Sub(r.LowerBound)), r.Gap)
	}
	return w.err
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	if before, ok := strings.CutSuffix(word, "'s end"); ok {
		return before + "s' ends"
	}
	return word + "s"
}

// money writes an amount with cents and thousands apart.
func money(d decimal.Decimal) string {
	text := d.StringFixedBank(2)
	whole, fraction, _ := strings.Cut(text, ".")
	whole, negative := strings.CutPrefix(whole, "-")
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String() + "." + fraction
}

// errWriter keeps the first error of writing.
type errWriter struct {
	w   io.Writer
	err error
}

func (w *errWriter) f(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.w, format, args...)
	}
}

// table is a list of rows under a head. A head that begins with > stands over numbers.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w *errWriter) {
	width := make([]int, len(t.head))
	head := make([]string, len(t.head))
	for i, h := range t.head {
		head[i] = strings.TrimPrefix(h, ">")
		width[i] = len(head[i])
		for _, row := range t.rows {
			width[i] = max(width[i], len(row[i]))
		}
	}
	for _, row := range append([][]string{head}, t.rows...) {
		line := " "
		for i, cell := range row {
			if strings.HasPrefix(t.head[i], ">") {
				line += fmt.Sprintf(" %*s", width[i], cell)
			} else {
				line += fmt.Sprintf(" %-*s", width[i], cell)
			}
		}
		w.f("%s\n", strings.TrimRight(line, " "))
	}
}

// words writes a reason as a person reads it.
func words(r remediation.RoadmapReason) string { return strings.ReplaceAll(string(r), "_", " ") }
