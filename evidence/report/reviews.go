package report

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// reviewRows shows certified reviews, newest period first, and before them the sessions that are still open.
func reviewRows(d Data) []reviewRow {
	var out []reviewRow
	for _, s := range d.Sessions {
		if s.State == review.StateOpen {
			out = append(out, contentRow(s.ID, s.Content))
		}
	}
	records := slices.Clone(d.Reviews)
	slices.SortStableFunc(records, func(a, b review.Record) int {
		if c := b.Period.From.Compare(a.Period.From); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	for _, r := range records {
		row := contentRow(r.ID, r.Content)
		row.Final, row.Reviewer, row.Certifier = true, r.Reviewer.ID, r.Certifier.ID
		row.Certified = r.Timeliness.Certified.String()
		if r.Timeliness.Late() {
			row.Certified += fmt.Sprintf(", %d days after it was due by the entity's own procedure", r.Timeliness.DaysLate)
		}
		row.Statement = r.Statement.Words
		if r.Supersedes != nil {
			row.Statement += " It corrects " + r.Supersedes.String() + ": " + r.Correction
		}
		out = append(out, row)
	}
	return out
}

func contentRow(id string, c review.Content) reviewRow {
	row := reviewRow{ID: id, Period: c.Period.String()}
	names := make([]string, 0, len(c.Sources))
	var events, unread, unresolved, denials int64
	for _, s := range c.Sources {
		name := s.Source
		if src, ok := c.Procedure.Source(s.Source); ok {
			name = src.Name
		}
		names = append(names, fmt.Sprintf("%s (%d file(s), logging %s)", name, len(s.Files), words(string(s.Capability.State))))
		events, unread = events+s.Events, unread+s.DefectCount()
		unresolved, denials = unresolved+s.UnresolvedActors, denials+s.Denials
	}
	row.Sources = "Reviewed: " + strings.Join(names, "; ")
	if len(names) == 0 {
		row.Sources = "Reviewed: nothing"
	}
	for _, n := range c.NotReviewed {
		row.Sources += fmt.Sprintf("; not reviewed: %s (%s)", n.Source, strings.TrimSuffix(n.Reason, "."))
	}
	row.Events = fmt.Sprintf("%d entries, %d denied, %d by actors that the log does not name", events, denials, unresolved)
	row.Defects = fmt.Sprintf("%d pieces did not parse", unread)
	for _, e := range c.Exceptions {
		row.Exceptions = append(row.Exceptions, exceptionOf(e))
	}
	return row
}

func exceptionOf(e review.Exception) exceptionRow {
	row := exceptionRow{ID: e.ID, Detector: string(e.Detector), Severity: string(e.Severity), Actor: e.Actor, What: strings.Join(e.Reasons, "; ") + "."}
	if row.Actor == "" {
		row.Actor = "not named"
	}
	if !e.First.IsZero() {
		row.What += " First at " + e.First.Format("2006-01-02 15:04:05 MST") + "."
	}
	row.Disposition = words(string(e.State))
	if x := e.Disposition; x != nil {
		row.Disposition += ": " + x.Words
		for _, r := range x.Refs {
			row.Disposition += " " + r.String()
		}
	}
	return row
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

// coverageMonths is how many months the table shows, the latest of the period.
const coverageMonths = 12

func coverageOf(d Data) coverageView {
	records := review.Records{Procedures: d.Procedures, Sessions: d.Sessions, Records: d.Reviews}
	asked := d.Period
	if first := hipaasmp.Month(d.AsOf).From.AddMonths(1 - coverageMonths); asked.From.Before(first) {
		asked.From = first
	}
	var v coverageView
	rows := map[string]int{}
	for _, cell := range records.Coverage(asked, d.AsOf).Cells {
		if cell.Family != "" {
			continue
		}
		month := cell.Month.From.String()[:len("2006-01")]
		column := slices.Index(v.Months, month)
		if column < 0 {
			column = len(v.Months)
			v.Months = append(v.Months, month)
		}
		i, ok := rows[cell.Source]
		if !ok {
			i = len(v.Rows)
			rows[cell.Source] = i
			v.Rows = append(v.Rows, coverageRow{Source: sourceName(d.Procedures, cell.Source)})
		}
		for len(v.Rows[i].Cells) < column {
			v.Rows[i].Cells = append(v.Rows[i].Cells, coverageCell{State: string(review.StatusNotExpected), Sign: sign(review.StatusNotExpected)})
		}
		v.Rows[i].Cells = append(v.Rows[i].Cells, coverageCell{State: string(cell.Status), Sign: sign(cell.Status)})
	}
	return v
}

func sourceName(procedures []review.Procedure, id string) string {
	for _, p := range slices.Backward(procedures) {
		if s, ok := p.Source(id); ok {
			return s.Name
		}
	}
	return id
}
