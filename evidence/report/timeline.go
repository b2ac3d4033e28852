package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
)

// timeline shows the plan's items over the months: from the day an item was proposed to its due date, or to the day it
// was closed. What is overdue goes on, hatched, to the day of the report.
type timeline struct {
	Width, Height, Left, Right, Top, Floor int
	Describe                               string
	Ticks                                  []axisTick
	Today                                  string
	TodayText                              string
	TodayAnchor                            string
	Rows                                   []timelineRow
	More, Of                               int
}

type timelineRow struct {
	Y, TextY               int
	Label, Whole           string
	Class, X, Width        string
	LateX, LateWidth       string
	State, StateX          string
	Stones                 []timelineStone
	From, Due, Description string
}

// timelineStone is a milestone: a diamond, filled where it is reached.
type timelineStone struct {
	Points, Title, Class string
	x                    float64
}

const (
	timelineLeft, timelineRight, timelineRowHeight = 310, 800, 32
	timelineTop                                    = 34
	timelineMost                                   = 30
	// monthsBefore and monthsAfter bound what is drawn around the day of the report.
	monthsBefore, monthsAfter = 24, 36
)

// timelineOf draws the items by due date; nil where there is none, or no day to draw them around.
func timelineOf(d Data) *timeline {
	if len(d.Items) == 0 || d.AsOf.IsZero() {
		return nil
	}
	items := slices.Clone(d.Items)
	byDue := func(a, b remediation.Item) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) }
	all := len(items)
	if all > timelineMost { // what is open goes first
		slices.SortStableFunc(items, func(a, b remediation.Item) int { return cmp.Or(ended(a)-ended(b), byDue(a, b)) })
		items = items[:timelineMost]
	}
	slices.SortStableFunc(items, byDue)
	first, last := d.AsOf, d.AsOf
	for _, i := range items {
		first, last = earlier(first, i.Created), later(last, i.Due)
		for _, m := range i.Milestones {
			last = later(last, m.Due)
		}
	}
	first = hipaasmp.Month(later(first, d.AsOf.AddMonths(-monthsBefore))).From
	last = hipaasmp.Month(earlier(last, d.AsOf.AddMonths(monthsAfter))).To.AddDays(1)
	t := &timeline{Width: timelineRight + 130, Left: timelineLeft, Right: timelineRight, Top: timelineTop, Of: all}
	days := float64(first.DaysUntil(last))
	x := func(on hipaasmp.Date) float64 {
		n := min(max(float64(first.DaysUntil(on)), 0), days)
		return timelineLeft + (timelineRight-timelineLeft)*n/days
	}
	t.Ticks = monthTicks(first, last, x)
	t.Today, t.TodayText = at(x(d.AsOf)), d.AsOf.String()
	if t.TodayAnchor = "middle"; x(d.AsOf) > timelineRight-30 {
		t.TodayAnchor = "end"
	}
	var told []string
	for _, i := range items {
		row := timelineRowOf(i, d.AsOf, x)
		row.Y = timelineTop + 8 + len(t.Rows)*timelineRowHeight
		row.TextY = row.Y + 12
		for n := range row.Stones {
			row.Stones[n].Points = diamond(row.Stones[n].x, row.Y+8)
		}
		t.Rows = append(t.Rows, row)
		told = append(told, row.Description)
	}
	t.More = t.Of - len(t.Rows)
	t.Floor = timelineTop + len(t.Rows)*timelineRowHeight + 4
	t.Height, t.Describe = t.Floor+6, strings.Join(told, "; ")+"."
	return t
}

// ended is 1 for an item that is closed or cancelled, and 0 for one that is open.
func ended(i remediation.Item) int {
	if i.State.Open() {
		return 0
	}
	return 1
}

func timelineRowOf(i remediation.Item, asOf hipaasmp.Date, x func(hipaasmp.Date) float64) timelineRow {
	row := timelineRow{Label: clip(i.ID+" "+i.Title, 40), Whole: i.ID + " " + i.Title, State: words(string(i.State)), From: i.Created.String(), Due: i.Due.String()}
	end := i.Due
	row.Class = "span"
	if !i.State.Open() {
		row.Class = "span-done"
		if n := len(i.History); n > 0 {
			end = hipaasmp.DateOf(i.History[n-1].At, zoneOf(i.Zone))
		}
		if i.State == remediation.StateCancelled {
			row.Class = "span-gone"
		}
	}
	from, to := x(i.Created), x(end)
	row.X, row.Width = at(from), at(max(to-from, 3))
	tip := max(to, from+3)
	row.Description = fmt.Sprintf("%s: from %s, due %s, %s", i.ID, i.Created, i.Due, row.State)
	if i.Overdue(asOf) {
		row.LateX, row.LateWidth = at(to), at(max(x(asOf)-to, 3))
		tip = max(x(asOf), to+3)
		row.State += ", overdue"
		row.Description += ", overdue"
	}
	row.StateX = at(tip + 6)
	for _, m := range i.Milestones {
		s := timelineStone{x: x(m.Due), Title: m.ID + " " + m.Title + ", due " + m.Due.String(), Class: "mark"}
		if !m.Done.IsZero() && !m.Done.After(asOf) {
			s.Class, s.Title = "reached", s.Title+", reached "+m.Done.String()
		}
		row.Stones = append(row.Stones, s)
	}
	return row
}

// diamond is a diamond around a place.
func diamond(x float64, y int) string {
	return fmt.Sprintf("%s,%d %s,%d %s,%d %s,%d", at(x), y-6, at(x+6), y, at(x), y+6, at(x-6), y)
}

// monthTicks are the first days of months, not more than fit.
func monthTicks(first, last hipaasmp.Date, x func(hipaasmp.Date) float64) []axisTick {
	months := (last.Year()-first.Year())*12 + int(last.Month()) - int(first.Month())
	step := 1
	for _, s := range []int{1, 2, 3, 6, 12} {
		if step = s; months <= 8*s {
			break
		}
	}
	var out []axisTick
	for on := first; !on.After(last); on = on.AddMonths(1) {
		if (on.Year()*12+int(on.Month())-1)%step == 0 {
			out = append(out, axisTick{at(x(on)), on.String()[:len("2006-01")]})
		}
	}
	return out
}

func earlier(a, b hipaasmp.Date) hipaasmp.Date {
	if b.IsZero() || a.Before(b) {
		return a
	}
	return b
}

func later(a, b hipaasmp.Date) hipaasmp.Date {
	if b.IsZero() || a.After(b) {
		return a
	}
	return b
}
