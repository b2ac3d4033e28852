package report

import (
	"fmt"
	"strconv"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
)

// burndown shows how many items were open at the end of each month, and how many of them overdue.
type burndown struct {
	Width, Height, Left, Right, Floor int
	Describe                          string
	Ticks                             []axisTick
	Bars                              []burnBar
	Rows                              []burnRow
	Opening                           int
}

// burnBar is one month: what is open, and hatched in it what is overdue.
type burnBar struct {
	X, Width, Center         string
	Y, Height                string
	LateY, LateHeight        string
	TextY, Text, Month, Year string
	Title                    string
}

// burnRow is one month in numbers.
type burnRow struct {
	Month                                                  string
	Proposed, Reopened, Closed, Cancelled, Open, OverdueBy int
}

const (
	burnLeft, burnRight, burnTop, burnFloor = 50, 740, 26, 210
	burnMonths                              = 24
)

// burndownOf counts from the month of the first item, or the last two years; nil where there is no item, or the items
// cannot be counted.
func burndownOf(d Data) *burndown {
	if len(d.Items) == 0 || d.AsOf.IsZero() {
		return nil
	}
	first := d.AsOf
	for _, i := range d.Items {
		first = earlier(first, i.Created)
	}
	first = hipaasmp.Month(later(first, d.AsOf.AddMonths(1-burnMonths))).From
	b, err := remediation.BurnDown(d.Items, hipaasmp.Period{From: first, To: d.AsOf})
	if err != nil {
		return nil
	}
	v := &burndown{Width: burnRight + 10, Height: burnFloor + 46, Left: burnLeft, Right: burnRight, Floor: burnFloor, Opening: b.OpeningCount}
	most := 1
	for _, m := range b.Months {
		most = max(most, m.OpenCount)
	}
	step := wholeStep(most)
	most = (most + step - 1) / step * step
	y := func(n int) float64 { return burnFloor - (burnFloor-burnTop)*float64(n)/float64(most) }
	for n := 0; n <= most; n += step {
		v.Ticks = append(v.Ticks, axisTick{at(y(n)), strconv.Itoa(n)})
	}
	width := float64(burnRight-burnLeft) / float64(len(b.Months))
	var told []string
	for k, m := range b.Months {
		left := burnLeft + width*float64(k) + width*0.12
		bar := burnBar{X: at(left), Width: at(min(width*0.76, 60)), Y: at(y(m.OpenCount)), Height: at(burnFloor - y(m.OpenCount)),
			LateY: at(y(m.OverdueCount)), LateHeight: at(burnFloor - y(m.OverdueCount)), TextY: at(y(m.OpenCount) - 6), Text: strconv.Itoa(m.OpenCount)}
		bar.Center = at(left + min(width*0.76, 60)/2)
		bar.Month = m.Month[len("2006-"):]
		if k == 0 || bar.Month == "01" {
			bar.Year = m.Month[:len("2006")]
		}
		if m.OverdueCount > 0 && m.OverdueCount < m.OpenCount {
			bar.Text = fmt.Sprintf("%d/%d", m.OpenCount, m.OverdueCount)
		}
		bar.Title = fmt.Sprintf("%s: %d open, %d of them overdue", m.Month, m.OpenCount, m.OverdueCount)
		told = append(told, bar.Title)
		v.Bars = append(v.Bars, bar)
		changed := len(m.Proposed)+len(m.Reopened)+len(m.Closed)+len(m.Cancelled) > 0 || k > 0 && m.OverdueCount != b.Months[k-1].OverdueCount
		if changed || k == 0 || k == len(b.Months)-1 {
			v.Rows = append(v.Rows, burnRow{m.Month, len(m.Proposed), len(m.Reopened), len(m.Closed), len(m.Cancelled), m.OpenCount, m.OverdueCount})
		}
	}
	v.Describe = strings.Join(told, "; ") + "."
	return v
}

// wholeStep is a round step that leaves an axis at most five lines above its first.
func wholeStep(most int) int {
	for decade := 1; ; decade *= 10 {
		for _, m := range []int{1, 2, 5} {
			if m*decade*5 >= most {
				return m * decade
			}
		}
	}
}
