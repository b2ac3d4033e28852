package remediation

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// BurndownMonth is one month of a burndown. What was open before, with what was proposed and reopened, less what was
// closed and cancelled, is what is open at its end.
type BurndownMonth struct {
	// Month is the month as 2026-03, Last the last day counted: that of the month, or the end of the burndown.
	Month string        `json:"month"`
	Last  hipaasmp.Date `json:"last"`
	// Proposed, Reopened, Closed and Cancelled are the identities of the items to which it happened, once for each time.
	// Reopened are those that were closed or cancelled before; a measure that failed its verification was open all along.
	Proposed  []string `json:"proposed,omitempty"`
	Reopened  []string `json:"reopened,omitempty"`
	Closed    []string `json:"closed,omitempty"`
	Cancelled []string `json:"cancelled,omitempty"`
	// Open are the items that are open at the end, OpenCount how many.
	Open      []string `json:"open,omitempty"`
	OpenCount int      `json:"open_count"`
	// Overdue are those of Open whose measure was overdue at the end, by the due date of then.
	Overdue      []string `json:"overdue,omitempty"`
	OverdueCount int      `json:"overdue_count"`
}

// Burndown is how many items were open, month by month, from their histories.
type Burndown struct {
	// Period is what is counted.
	Period hipaasmp.Period `json:"period"`
	// Opening are the items that were open at the end of the day before, OpeningCount how many.
	Opening      []string `json:"opening,omitempty"`
	OpeningCount int      `json:"opening_count"`
	// Months are the months of the period; the first and the last may be counted in part.
	Months []BurndownMonth `json:"months"`
}

// maxBurndownMonths bounds a burndown to a hundred years.
const maxBurndownMonths = 1200

// BurnDown counts the open items month by month over the period, both days included. Every item counts, also one that is
// closed or cancelled today. The order of the items changes nothing. It refuses a period without both ends, one that runs
// backward or over more than a hundred years, and an identity that stands twice.
func BurnDown(items []Item, period hipaasmp.Period) (Burndown, error) {
	var f validate.Faults
	switch {
	case period.From.IsZero() || period.To.IsZero():
		f.Add(hipaasmp.FaultRequired, "/period", "has no beginning or no end; give both days")
	case period.To.Before(period.From):
		f.Add(hipaasmp.FaultOrder, "/period", "ends on %s, before it begins on %s", period.To, period.From)
	case (period.To.Year()-period.From.Year())*12 > maxBurndownMonths:
		f.Add(hipaasmp.FaultRange, "/period", "is longer than a hundred years; count a part of it")
	}
	validate.Unique(&f, "/items", items, func(i Item) string { return i.ID })
	if err := f.Err(hipaasmp.Ref{}); err != nil {
		return Burndown{}, err
	}
	b, known := Burndown{Period: period}, zones{}
	b.Opening, _ = openOn(items, period.From.AddDays(-1), known)
	b.OpeningCount = len(b.Opening)
	for from := period.From; !from.After(period.To); {
		m := BurndownMonth{Month: fmt.Sprintf("%04d-%02d", from.Year(), int(from.Month())), Last: hipaasmp.Month(from).To}
		next := m.Last.AddDays(1)
		if m.Last.After(period.To) {
			m.Last = period.To
		}
		m.count(items, hipaasmp.Period{From: from, To: m.Last}, known)
		b.Months = append(b.Months, m)
		if !next.After(from) {
			break // the end of the calendar
		}
		from = next
	}
	return b, nil
}

func (m *BurndownMonth) count(items []Item, days hipaasmp.Period, known zones) {
	for _, i := range items {
		first, end := known.endOf(i, days.From.AddDays(-1)), known.endOf(i, days.To)
		happened := func(at time.Time) bool { return !at.Before(first) && at.Before(end) }
		if happened(i.ProposedAt) {
			m.Proposed = append(m.Proposed, i.ID)
		}
		for _, step := range i.History {
			switch {
			case !happened(step.At):
			case !step.From.Open() && step.To.Open():
				m.Reopened = append(m.Reopened, i.ID)
			case step.To == StateClosed:
				m.Closed = append(m.Closed, i.ID)
			case step.To == StateCancelled:
				m.Cancelled = append(m.Cancelled, i.ID)
			}
		}
	}
	for _, list := range [][]string{m.Proposed, m.Reopened, m.Closed, m.Cancelled} {
		slices.Sort(list)
	}
	m.Open, m.Overdue = openOn(items, days.To, known)
	m.OpenCount, m.OverdueCount = len(m.Open), len(m.Overdue)
}

// openOn lists the items that are open at the end of the day, and those of them that are overdue.
func openOn(items []Item, on hipaasmp.Date, known zones) (open, overdue []string) {
	for _, i := range items {
		was, ok := i.before(known.endOf(i, on))
		if !ok || !was.State.Open() {
			continue
		}
		open = append(open, i.ID)
		if was.Overdue(on) {
			overdue = append(overdue, i.ID)
		}
	}
	slices.Sort(open)
	slices.Sort(overdue)
	return open, overdue
}
