package report

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// coverageView is the table of sources and months.
type coverageView struct {
	Months []string
	Rows   []coverageRow
}

type coverageRow struct {
	Source string
	Cells  []coverageCell
}

// coverageCell carries its state as a word and a sign, so that it reads without colour.
type coverageCell struct {
	State, Sign string
	status      review.Status
}

// sign lets the coverage table read at a glance and without colour; the word stands beside it.
func sign(s review.Status) string {
	switch s {
	case review.StatusComplete:
		return "●"
	case review.StatusLate:
		return "◐"
	case review.StatusPartial:
		return "◑"
	case review.StatusMissing:
		return "○"
	case review.StatusUnknown:
		return "?"
	case review.StatusNotDue:
		return "·"
	}
	return "–"
}

// coverageMonths is how many months the table shows: the latest of the period that lie before the day.
const coverageMonths = 12

func coverageOf(d Data) (coverageView, familyView) {
	asked := askedOf(d)
	if first := hipaasmp.Month(asked.To).From.AddMonths(1 - coverageMonths); asked.From.Before(first) {
		asked.From = first
	}
	var v coverageView
	rows := map[string]int{}
	names := map[string]string{}
	name := func(source string) string {
		if names[source] == "" {
			names[source] = sourceName(d.Procedures, source)
		}
		return names[source]
	}
	cells := reviewRecords(d).Coverage(asked, d.AsOf).Cells
	for _, cell := range cells {
		if cell.Family != "" {
			continue
		}
		if month := cell.Month.From.String()[:len("2006-01")]; !slices.Contains(v.Months, month) {
			v.Months = append(v.Months, month)
		}
		i, ok := rows[cell.Source]
		if !ok {
			i = len(v.Rows)
			rows[cell.Source] = i
			v.Rows = append(v.Rows, coverageRow{Source: name(cell.Source)})
		}
		v.Rows[i].Cells = append(v.Rows[i].Cells, coverageCell{State: words(string(cell.Status)), Sign: sign(cell.Status), status: cell.Status})
	}
	return v, familiesOf(v.Months, cells, name)
}

// sourceName is what the version that took effect last calls the source.
func sourceName(procedures []review.Procedure, id string) string {
	name, since := id, hipaasmp.Date{}
	for _, p := range procedures {
		if s, ok := p.Source(id); ok && !p.Effective.From.Before(since) {
			name, since = s.Name, p.Effective.From
		}
	}
	return name
}
