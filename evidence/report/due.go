package report

import "slices"

// dueRow is one thing that falls due.
type dueRow struct {
	On, Left, Matter, What, Basis, Owner, Citation string
	Overdue                                        bool
	Refs                                           []string
}

func dueRows(d Data) []dueRow {
	list := slices.Clone(d.Due)
	slices.SortStableFunc(list, func(a, b Due) int { return a.On.Compare(b.On) })
	out := make([]dueRow, 0, len(list))
	for _, e := range list {
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
	return out
}
