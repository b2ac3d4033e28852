package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// reviewRow is one review: a certified record, or a session that is still open.
type reviewRow struct {
	ID, Period, Sources, Events, Defects, Reviewer, Certifier, Certified, Statement string
	Final                                                                           bool
	Exceptions                                                                      []exceptionRow
	Read                                                                            []sourceRow
	Tickets                                                                         []ticketRow
	Samples                                                                         []sampleRow
	Items                                                                           []itemLine
}

// exceptionRow is one exception and what became of it.
type exceptionRow struct {
	ID, Detector, Severity, Actor, What, Disposition string
}

// reviewRows shows certified reviews, newest period first, and before them the sessions that are still open.
func reviewRows(d Data) []reviewRow {
	var out []reviewRow
	for _, s := range d.Sessions {
		if s.State == review.StateOpen {
			out = append(out, contentRow(s.ID, s.Content, d.AsOf))
		}
	}
	records := slices.Clone(d.Reviews)
	slices.SortStableFunc(records, func(a, b review.Record) int {
		return cmp.Or(b.Period.From.Compare(a.Period.From), cmp.Compare(a.ID, b.ID))
	})
	for _, r := range records {
		row := contentRow(r.ID, r.Content, d.AsOf)
		row.Final, row.Reviewer, row.Certifier = true, r.Reviewer.ID, r.Certifier.ID
		row.Certified = r.Timeliness.Certified.String()
		if r.Timeliness.Late() {
			row.Certified += fmt.Sprintf(", %s after it was due by the entity's own procedure", count(r.Timeliness.DaysLate, "day", "days"))
		}
		row.Certified += "; kept through " + r.KeepThrough.String() + " at least"
		row.Statement = r.Statement.Words
		if x := r.Independence.Second; x != nil {
			row.Statement += " Signed from outside by " + x.By.ID + " (" + x.Outside + "): " + x.Words
		}
		if r.Supersedes != nil {
			row.Statement += " It corrects " + r.Supersedes.String() + ": " + r.Correction
		}
		out = append(out, row)
	}
	return out
}

func contentRow(id string, c review.Content, asOf hipaasmp.Date) reviewRow {
	row := reviewRow{ID: id, Period: c.Period.String()}
	if c.Round != "" {
		row.Period += ", round " + c.Round
	}
	names := make([]string, 0, len(c.Sources))
	var events, unread, unresolved, denials int64
	for _, s := range c.Sources {
		name := s.Source
		if src, ok := c.Procedure.Source(s.Source); ok {
			name = src.Name
		}
		how := words(string(s.Method))
		if len(s.Files) > 0 {
			how = count(len(s.Files), "file", "files")
		}
		names = append(names, fmt.Sprintf("%s (%s, logging %s)", name, how, words(string(s.Capability.State))))
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
	row.Events = fmt.Sprintf("%s, %d denied, %d by actors that the log does not name", count(events, "entry", "entries"), denials, unresolved)
	row.Defects = count(unread, "piece", "pieces") + " did not parse"
	for _, e := range c.Exceptions {
		row.Exceptions = append(row.Exceptions, exceptionOf(e))
	}
	row.Read, row.Tickets, row.Samples, row.Items = sourceRows(c), ticketRows(c), sampleRows(c), itemLines(c, asOf)
	return row
}

func exceptionOf(e review.Exception) exceptionRow {
	row := exceptionRow{ID: e.ID, Detector: string(e.Detector), Severity: words(string(e.Severity)), Actor: e.Actor}
	if row.Actor == "" {
		row.Actor = "not named"
	}
	if len(e.Reasons) > 0 {
		row.What = strings.Join(e.Reasons, "; ") + "."
	}
	if !e.First.IsZero() {
		row.What = strings.TrimSpace(row.What + " First at " + e.First.Format("2006-01-02 15:04:05 MST") + ".")
	}
	var more []string
	if !e.Seen.IsZero() {
		more = append(more, "Came to notice at "+e.Seen.Format("2006-01-02 15:04:05 MST")+".")
	}
	if e.Score != nil {
		more = append(more, "Weighed "+e.Score.String()+".")
	}
	if len(e.Patients) > 0 {
		more = append(more, count(e.PatientCount, "patient", "patients")+", by token: "+string(e.Patients[0]))
		if n := e.PatientCount - 1; n > 0 {
			more[len(more)-1] += fmt.Sprintf(" and %d more", n)
		}
		more[len(more)-1] += "."
	}
	for _, x := range e.Contacts {
		more = append(more, "Asked at "+x.At.Format("2006-01-02 15:04:05 MST")+": "+sentence(x.Whom))
	}
	row.What = strings.TrimSpace(row.What + " " + strings.Join(more, " "))
	row.Disposition = words(string(e.State))
	if x := e.Disposition; x != nil {
		row.Disposition += ": " + x.Words
		if x.Earlier != nil {
			row.Disposition += " As in " + x.Earlier.String() + "."
		}
		if x.Rule != nil {
			row.Disposition += " By the rule " + x.Rule.ID + "."
		}
		for _, r := range x.Refs {
			row.Disposition += " " + r.String()
		}
	}
	return row
}
