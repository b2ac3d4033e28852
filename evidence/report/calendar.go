package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// keptCalendar shows how many records of each kind are kept through which year. What is in effect has no year yet.
type keptCalendar struct {
	Width, Height int
	Describe      string
	Columns       []keptColumn
	Rows          []keptLine
}

type keptColumn struct {
	X    int
	Text string
}

type keptLine struct {
	TextY int
	Name  string
	Cells []keptCell
}

// keptCell is a kind and a year.
type keptCell struct {
	X, Y, CenterX, TextY int
	Text, Class, Title   string
}

const (
	keptLeft, keptTop, keptCellWidth, keptCellHeight = 240, 34, 58, 30
	keptYears                                        = 9
)

// calendarOf draws the records by kind and year; nil where there is none. Years beyond the ninth stand together.
func calendarOf(kept []Kept) *keptCalendar {
	if len(kept) == 0 {
		return nil
	}
	counts := map[string]map[int]int{}
	var kinds []string
	first := 0
	for _, k := range kept {
		name := words(strings.ReplaceAll(string(k.Ref.Kind), ".", ": "))
		year := 0 // no date yet
		if k.Term.Running {
			year = k.Term.KeepThrough.Year()
			if first == 0 || year < first {
				first = year
			}
		}
		if counts[name] == nil {
			counts[name] = map[int]int{}
			kinds = append(kinds, name)
		}
		counts[name][year]++
	}
	slices.Sort(kinds)
	c := &keptCalendar{}
	last := first
	for _, of := range counts {
		for year := range of {
			last = max(last, year)
		}
	}
	years := []int{0}
	for year := first; first > 0 && year <= last && len(years) <= keptYears; year++ {
		years = append(years, year)
	}
	for k, year := range years {
		text := strconv.Itoa(year)
		switch {
		case year == 0:
			text = "no date"
		case k == keptYears && last > year:
			text += "+"
		}
		c.Columns = append(c.Columns, keptColumn{keptLeft + k*keptCellWidth + keptCellWidth/2, text})
	}
	var told []string
	for row, name := range kinds {
		line := keptLine{TextY: keptTop + row*keptCellHeight + 20, Name: clip(name, 30)}
		for k, year := range years {
			n := counts[name][year]
			if k == keptYears {
				for beyond, more := range counts[name] {
					if beyond > year {
						n += more
					}
				}
			}
			cell := keptCell{X: keptLeft + k*keptCellWidth, Y: keptTop + row*keptCellHeight, Class: "lane step"}
			cell.CenterX, cell.TextY = cell.X+keptCellWidth/2, cell.Y+20
			through := "kept through " + c.Columns[k].Text
			if year == 0 {
				through = "in effect, no date yet"
			}
			if cell.Title = fmt.Sprintf("%s, %s: %d", name, through, n); n > 0 {
				cell.Text, cell.Class = strconv.Itoa(n), "c1 step"
				if year == 0 {
					cell.Class = "c0 step"
				}
				told = append(told, cell.Title)
			}
			line.Cells = append(line.Cells, cell)
		}
		c.Rows = append(c.Rows, line)
	}
	c.Width, c.Height = keptLeft+len(years)*keptCellWidth+6, keptTop+len(kinds)*keptCellHeight+6
	c.Describe = strings.Join(told, "; ") + "."
	return c
}
