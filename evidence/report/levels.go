package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// levelChart shows, finding by finding, the level of risk without safeguards, as it is, and as the measures leave it. A
// level that nobody judged has a place of its own, apart from the scale, and no line leads to it.
type levelChart struct {
	Width, Height, Top, Floor int
	Describe                  string
	Columns                   []levelColumn
	Rows                      []levelRow
	Apart                     int // where the scale begins
	More                      int
	Of                        int
}

// levelColumn is one level of the scale; Rank, 0 to 4, is the colour, and -1 the place of what is not assessed.
type levelColumn struct {
	X, Left, Rank int
	Text, Whole   string
}

// levelRow is one finding; Inherent, Current and Residual are its levels in the words of the scale.
type levelRow struct {
	Y, TextY                    int
	ID, Label, Whole            string
	Line                        string
	Marks                       []levelMark
	Inherent, Current, Residual string
}

// levelMark is one level: a ring with I, a square with C, a diamond with R.
type levelMark struct {
	Shape, Letter string
	X, Y, LetterY int
	Diamond       string
}

const (
	levelLeft, levelColumnWidth, levelRowHeight = 310, 96, 34
	levelTop                                    = 36
	levelsMost                                  = 30
)

// ladder is the words of risk of a scale, lowest first, with the level under which each is filed, and the place of a score
// on them; -1 where it has none.
func ladder(a risk.Analysis, on risk.ScaleRef) (list []risk.Step, place func(*risk.Score) int, ok bool) {
	for _, s := range risk.Scales() {
		if s.Ref() != on {
			continue
		}
		levels := s.Levels()
		for _, l := range levels {
			list = append(list, risk.Step{Word: words(string(l)), Level: l})
		}
		return list, func(x *risk.Score) int {
			if x == nil || x.Scale != on {
				return -1
			}
			return slices.Index(levels, x.Level)
		}, true
	}
	for _, o := range a.Scales {
		if o.Ref() == on {
			names := steps(o.Risk)
			return o.Risk, func(x *risk.Score) int {
				if x == nil || x.Scale != on {
					return -1
				}
				return slices.Index(names, x.Words.Risk)
			}, true
		}
	}
	return nil, nil, false
}

// levelsOf draws the findings of the analysis in the order of its register; nil where its scale is not at hand, or no
// finding has a level at any stage.
func levelsOf(a risk.Analysis, reg risk.Register, items []remediation.Item) *levelChart {
	scale, place, ok := ladder(a, reg.Scale)
	if !ok {
		return nil
	}
	c := &levelChart{Top: levelTop, Apart: levelLeft + levelColumnWidth}
	for i, s := range append([]risk.Step{{Word: "not assessed", Level: risk.LevelNotAssessed}}, scale...) {
		col := levelColumn{Left: levelLeft + i*levelColumnWidth, Rank: rank(s.Level), Text: clip(s.Word, wordRunes-1), Whole: s.Word}
		if col.X = col.Left + levelColumnWidth/2; !s.Level.Assessed() {
			col.Rank = -1
		}
		c.Columns = append(c.Columns, col)
	}
	any := false
	var told []string
	for _, r := range slices.Concat(reg.Rows, reg.NotAssessed) {
		f, ok := a.Finding(r.Finding)
		if !ok {
			continue
		}
		residual := f.Residual
		if v, ok := verified(f.ID, a, items); ok {
			residual = &v.Residual
		}
		row := levelRow{ID: f.ID, Label: clip(f.ID+" "+f.Title, 40), Whole: f.ID + " " + f.Title}
		var line []string
		n := len(c.Rows)
		row.Y = levelTop + n*levelRowHeight
		row.TextY = row.Y + levelRowHeight/2 + 5
		for k, s := range []struct {
			word  *string
			score *risk.Score
		}{{&row.Inherent, f.Inherent}, {&row.Current, f.Current}, {&row.Residual, residual}} {
			at := place(s.score)
			*s.word = "not assessed"
			if at >= 0 {
				*s.word, any = scale[at].Word, true
			} else if s.score != nil && s.score.Scale != reg.Scale {
				*s.word = "on another scale"
			}
			m := levelMark{Shape: []string{"ring", "square", "diamond"}[k], Letter: []string{"I", "C", "R"}[k],
				X: c.Columns[at+1].X + (k-1)*26, Y: row.Y + levelRowHeight/2}
			m.LetterY = m.Y + 4
			m.Diamond = fmt.Sprintf("%d,%d %d,%d %d,%d %d,%d", m.X, m.Y-12, m.X+12, m.Y, m.X, m.Y+12, m.X-12, m.Y)
			if at >= 0 {
				line = append(line, fmt.Sprintf("%d,%d", m.X, m.Y))
			}
			row.Marks = append(row.Marks, m)
		}
		if len(line) > 1 {
			row.Line = strings.Join(line, " ")
		}
		c.Rows = append(c.Rows, row)
		told = append(told, fmt.Sprintf("%s: inherent %s, current %s, residual %s", row.ID, row.Inherent, row.Current, row.Residual))
	}
	if !any {
		return nil
	}
	c.Of = len(c.Rows)
	if c.Of > levelsMost {
		c.More, c.Rows, told = c.Of-levelsMost, c.Rows[:levelsMost], told[:levelsMost]
	}
	c.Describe = strings.Join(told, "; ") + "."
	c.Width, c.Floor = levelLeft+len(c.Columns)*levelColumnWidth+6, levelTop+len(c.Rows)*levelRowHeight
	c.Height = c.Floor + 8
	return c
}
