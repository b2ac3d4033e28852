package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hipaasmp/hipaasmp/review"
)

// coverageMatrix is the table of sources and months as it is drawn: a sign in each cell, on a colour.
type coverageMatrix struct {
	Width, Height int
	Describe      string
	Columns       []keptColumn
	Rows          []matrixRow
	Legend        []matrixCell
}

type matrixRow struct {
	TextY       int
	Name, Whole string
	Cells       []matrixCell
}

// matrixCell is a source and a month. On is true where the sign stands on a colour.
type matrixCell struct {
	X, Y, CenterX, TextY int
	Text, Class, Title   string
	On                   bool
}

const (
	matrixLeft, matrixTop, matrixCellWidth, matrixCellHeight = 260, 34, 52, 30
	matrixMost                                               = 40
)

// shade is the class of a state: what is covered, late or in part, missing, and what nobody knows apart from all.
func shade(s review.Status) (class string, on bool) {
	switch s {
	case review.StatusComplete:
		return "c1 step", true
	case review.StatusLate, review.StatusPartial:
		return "c2 step", true
	case review.StatusMissing:
		return "c4 step", true
	case review.StatusUnknown:
		return "apart", false
	}
	return "lane step", false
}

// matrixOf draws the coverage; nil where there is none.
func matrixOf(v coverageView) *coverageMatrix {
	if len(v.Rows) == 0 || len(v.Months) == 0 {
		return nil
	}
	m := &coverageMatrix{Width: matrixLeft + len(v.Months)*matrixCellWidth + 6}
	for k, month := range v.Months {
		m.Columns = append(m.Columns, keptColumn{matrixLeft + k*matrixCellWidth + matrixCellWidth/2, month})
	}
	var told []string
	for n, row := range v.Rows[:min(len(v.Rows), matrixMost)] {
		y := matrixTop + n*matrixCellHeight
		line := matrixRow{TextY: y + 20, Name: clip(row.Source, 34), Whole: row.Source}
		var states []string
		for k, c := range row.Cells {
			cell := matrixCell{X: matrixLeft + k*matrixCellWidth, Y: y, TextY: y + 21, Text: c.Sign}
			cell.CenterX = cell.X + matrixCellWidth/2
			cell.Class, cell.On = shade(c.status)
			if k < len(v.Months) {
				cell.Title = fmt.Sprintf("%s, %s: %s", row.Source, v.Months[k], c.State)
				states = append(states, v.Months[k]+" "+c.State)
			}
			line.Cells = append(line.Cells, cell)
			if !slices.ContainsFunc(m.Legend, func(x matrixCell) bool { return x.Title == c.State }) {
				m.Legend = append(m.Legend, matrixCell{Text: c.Sign, Title: c.State})
			}
		}
		m.Rows = append(m.Rows, line)
		told = append(told, row.Source+": "+strings.Join(states, ", "))
	}
	m.Height = matrixTop + len(m.Rows)*matrixCellHeight + 6
	m.Describe = strings.Join(told, "; ") + "."
	return m
}
