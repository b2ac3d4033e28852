package report

import (
	"fmt"
	"slices"
)

// dueRow is one thing that falls due.
type dueRow struct {
	On, Left, Matter, What, Basis, Owner, Citation string
	Overdue                                        bool
	Refs                                           []string
}

// dueShown is how many of one matter that come by themselves again and again the page shows; the agenda's file has all.
const dueShown = 3

// dueRows shows what falls due by day, and says how many reviews of activity to come it leaves out.
func dueRows(d Data) (out []dueRow, more string) {
	list := slices.Clone(d.Due)
	slices.SortStableFunc(list, func(a, b Due) int { return a.On.Compare(b.On) })
	reviews, left, last := 0, 0, ""
	for _, e := range list {
		if e.Matter == "review" && !e.Overdue {
			if reviews++; reviews > dueShown {
				left, last = left+1, e.On.String()
				continue
			}
		}
		row := dueRow{On: e.On.String(), Matter: words(e.Matter), What: e.What, Basis: e.Basis, Owner: e.Owner, Citation: string(e.Citation), Overdue: e.Overdue, Refs: refsOf(e.Refs)}
		switch {
		case e.Overdue:
			row.Left = "overdue by " + count(-e.Days, "day", "days")
		case e.Days < 0:
			row.Left = "since " + count(-e.Days, "day", "days")
		case e.Days == 0:
			row.Left = "today"
		default:
			row.Left = "in " + count(e.Days, "day", "days")
		}
		out = append(out, row)
	}
	if left > 0 {
		more = fmt.Sprintf("%s of activity after these, to %s, %s only in the file for calendars.", count(left, "review", "reviews"), last, noun(left, "stands", "stand"))
	}
	return out, more
}
