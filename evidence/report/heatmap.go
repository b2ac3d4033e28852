package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hipaasmp/hipaasmp/risk"
)

// heatMap is the table of likelihood and impact with the rows of the register in each cell, as it is drawn. The level
// stands in every cell as a word and the rows by their numbers, so the picture reads without colour.
type heatMap struct {
	Width, Height int
	Describe      string
	Cells         []heatCell
	Rows, Columns []heatLabel
	// MiddleX and MiddleY are where the names of the axes stand, BottomY the line of the lower one.
	MiddleX, MiddleY, BottomY int
}

// heatCell is one cell. Rank, 0 to 4, is the colour.
type heatCell struct {
	X, Y, CenterX, WordY, Rank int
	Word, Title                string
	Lines                      []cellLine
}

// cellLine is a line of numbers in a cell.
type cellLine struct {
	Y    int
	Text string
}

type heatLabel struct {
	X, Y        int
	Text, Whole string
}

// The measures of the picture in its own units.
const (
	cellWidth, cellHeight = 96, 64
	heatLeft, heatTop     = 140, 14
	labelRunes, wordRunes = 15, 15
)

// grid is a scale as a table: the words of its axes, lowest first, the word and the level of each cell, and the place
// of a finding.
type grid struct {
	likelihood, impact []string
	cell               func(row, column int) (word string, filed risk.Level)
	place              func(r risk.Row) (row, column int)
}

// gridOf returns the table of the scale on which the register is ranked, and false for a scale that neither this version
// knows nor the analysis brings.
func gridOf(a risk.Analysis, reg risk.Register) (grid, bool) {
	for _, s := range risk.Scales() {
		if s.Ref() == reg.Scale {
			levels := s.Levels()
			names := make([]string, len(levels))
			for i, l := range levels {
				names[i] = words(string(l))
			}
			return grid{likelihood: names, impact: names,
				cell: func(row, column int) (string, risk.Level) {
					l := s.Risk(levels[row], levels[column])
					return words(string(l)), l
				},
				place: func(r risk.Row) (int, int) { return slices.Index(levels, r.Likelihood), slices.Index(levels, r.Impact) },
			}, true
		}
	}
	for _, o := range a.Scales {
		if o.Ref() == reg.Scale {
			likelihood, impact := steps(o.Likelihood), steps(o.Impact)
			return grid{likelihood: likelihood, impact: impact,
				cell: func(row, column int) (string, risk.Level) {
					word := o.Rows[row].Risk[column]
					for _, s := range o.Risk {
						if s.Word == word {
							return word, s.Level
						}
					}
					return word, risk.LevelNotAssessed
				},
				place: func(r risk.Row) (int, int) {
					return slices.Index(likelihood, r.Words.Likelihood), slices.Index(impact, r.Words.Impact)
				},
			}, len(o.Rows) == len(likelihood) && !slices.ContainsFunc(o.Rows, func(r risk.ScaleRow) bool { return len(r.Risk) != len(impact) })
		}
	}
	return grid{}, false
}

func steps(list []risk.Step) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.Word
	}
	return out
}

// heatMapOf draws the register; nil where nothing is rated, or on a scale whose table is not at hand.
func heatMapOf(a risk.Analysis, reg risk.Register) *heatMap {
	g, ok := gridOf(a, reg)
	if !ok || len(reg.Rows) == 0 {
		return nil
	}
	rows, columns := len(g.likelihood), len(g.impact)
	m := &heatMap{
		Width: heatLeft + columns*cellWidth + 10, Height: heatTop + rows*cellHeight + 46, Describe: describe(reg.Rows),
		MiddleX: heatLeft + columns*cellWidth/2, MiddleY: heatTop + rows*cellHeight/2, BottomY: heatTop + rows*cellHeight + 40,
	}
	ids, numbers := map[[2]int][]string{}, map[[2]int][]int{}
	for _, r := range reg.Rows {
		i, j := g.place(r)
		ids[[2]int{i, j}] = append(ids[[2]int{i, j}], r.Finding)
		numbers[[2]int{i, j}] = append(numbers[[2]int{i, j}], r.Rank)
	}
	for i := rows - 1; i >= 0; i-- {
		y := heatTop + (rows-1-i)*cellHeight
		m.Rows = append(m.Rows, heatLabel{X: heatLeft - 10, Y: y + 37, Text: clip(g.likelihood[i], labelRunes), Whole: g.likelihood[i]})
		for j := range columns {
			word, level := g.cell(i, j)
			x, here := heatLeft+j*cellWidth, ids[[2]int{i, j}]
			c := heatCell{X: x, Y: y, CenterX: x + cellWidth/2, WordY: y + 16, Rank: rank(level), Word: clip(word, wordRunes),
				Lines: lines(numbers[[2]int{i, j}], y+36)}
			if c.Title = word; len(here) > 0 {
				c.Title += ": " + strings.Join(here, ", ")
			}
			m.Cells = append(m.Cells, c)
		}
	}
	for j := range columns {
		m.Columns = append(m.Columns, heatLabel{X: heatLeft + j*cellWidth + cellWidth/2, Y: heatTop + rows*cellHeight + 20, Text: clip(g.impact[j], labelRunes-2), Whole: g.impact[j]})
	}
	return m
}

// lines writes the numbers of rows in two lines, and how many do not fit.
func lines(numbers []int, y int) []cellLine {
	var out []cellLine
	for len(numbers) > 0 && len(out) < 2 {
		text, n := "", 0
		for n < len(numbers) && (n == 0 || len(text) < 9) {
			text += fmt.Sprintf(" #%d", numbers[n])
			n++
		}
		if len(out) == 1 && n < len(numbers) {
			text, n = fmt.Sprintf("and %d more", len(numbers)), len(numbers)
		}
		out = append(out, cellLine{Y: y + 18*len(out), Text: strings.TrimSpace(text)})
		numbers = numbers[n:]
	}
	return out
}

// rank orders the levels for their colour.
func rank(l risk.Level) int {
	return max(0, slices.Index([]risk.Level{risk.LevelVeryLow, risk.LevelLow, risk.LevelModerate, risk.LevelHigh, risk.LevelVeryHigh}, l))
}

// describe says in a sentence what the picture shows, for a reader who hears it.
func describe(rows []risk.Row) string {
	parts := make([]string, 0, len(rows))
	for _, r := range rows {
		likelihood, impact, level := words(string(r.Likelihood)), words(string(r.Impact)), words(string(r.Current))
		if r.Words != (risk.ScoreWords{}) {
			likelihood, impact, level = r.Words.Likelihood, r.Words.Impact, r.Words.Risk
		}
		parts = append(parts, fmt.Sprintf("%s: likelihood %s, impact %s, risk %s", r.Finding, likelihood, impact, level))
	}
	return strings.Join(parts, "; ") + "."
}
