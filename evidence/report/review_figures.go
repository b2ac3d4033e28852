package report

import (
	"fmt"
	"slices"
	"strconv"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// reviewFigure is one figure of the reviews with what it was counted from.
type reviewFigure struct {
	Figure, Value, From string
}

// reviewRecords are the records of reviews that the report has.
func reviewRecords(d Data) review.Records {
	return review.Records{Procedures: d.Procedures, Sessions: d.Sessions, Records: d.Reviews, Rules: d.Rules}
}

// askedOf is the period of the report, closed by its day.
func askedOf(d Data) hipaasmp.Period {
	asked := d.Period
	if asked.Open() || asked.To.After(d.AsOf) {
		asked.To = d.AsOf
	}
	return asked
}

// reviewFigures are the figures of the reviews of the period; none where there is no review.
func reviewFigures(d Data) []reviewFigure {
	if len(d.Reviews) == 0 && len(d.Sessions) == 0 {
		return nil
	}
	asked := askedOf(d)
	m := reviewRecords(d).Measure(asked, d.AsOf, review.MeasureOptions{UserMonths: review.UserMonths(d.Entity, asked), Decided: decidedCases(d)})
	perThousand := "unknown"
	if m.PerThousand != nil {
		perThousand = m.PerThousand.String()
	}
	out := []reviewFigure{
		{"Review periods certified in time, by the entity's own procedure", shareWords(m.OnTime), fmt.Sprintf("%d late, %d overdue", m.Late, m.Overdue)},
		{"Months of sources that are complete", shareWords(m.Complete), "months for which a review is expected and due"},
		{"Expected hours in which a source was seen recording", shareWords(m.Hours), "hours that were counted"},
		{"Median from the end of a period to the certification", m.ToReview.String(), "certified reviews"},
		{"Findings per 1,000 user-months", perThousand, fmt.Sprintf("%s, %s", count(m.Findings, "finding", "findings"), count(m.UserMonths, "user-month", "user-months"))},
		{"Findings of which somebody was asked", shareWords(m.Contacted), "median " + m.ToContact.String()},
	}
	if m.Rounds.Of > 0 {
		out = slices.Insert(out, 1, reviewFigure{"Periods of rounds certified in time, by the entity's own procedure", m.Rounds.String(), "periods of rounds that were due"})
	}
	for _, x := range m.Detectors {
		out = append(out, reviewFigure{"Confirmed of the closed findings of " + string(x.Detector), shareWords(x.Precision()),
			fmt.Sprintf("%d raised: %d explained, %d detector wrong, %d inconclusive, %d open", x.Raised, x.Explained, x.Wrong, x.Inconclusive, x.Open)})
	}
	out = append(out,
		reviewFigure{"Actors with confirmed findings in more than one review", shareWords(m.Repeated), "actors with a confirmed finding"},
		reviewFigure{"Confirmed findings with a decision in a sanction case", shareWords(m.Sanctioned), "confirmed findings"},
		reviewFigure{"Accesses that a relation explains", shareWords(m.Explained), "accesses that were counted"},
	)
	for _, s := range m.Unresolved {
		out = append(out, reviewFigure{"Events whose actor is not identified, of " + s.Source, shareWords(s.Unresolved), "events"})
	}
	oldest := reviewFigure{"Oldest item that is open", "none", "open items and exceptions"}
	if m.Oldest != nil {
		oldest.Value, oldest.From = count(m.Days, "day", "days"), m.Oldest.ID+" of "+m.Oldest.Document.String()+", since "+m.Oldest.Since.String()
	}
	return append(out, oldest)
}

// shareWords says a share, and that there was nothing to count.
func shareWords(s review.Share) string {
	if s.Of == 0 {
		return "nothing to count"
	}
	return s.String()
}

// decidedCases are the sanction cases in which something was decided by the day.
func decidedCases(d Data) []hipaasmp.Ref {
	var out []hipaasmp.Ref
	for _, c := range d.Cases {
		if s, ok := c.Standing(); ok && !hipaasmp.DateOf(s.At, zoneOf(c.Zone)).After(d.AsOf) {
			out = append(out, c.DocumentRef())
		}
	}
	for _, o := range d.Outcomes {
		if !o.Closed.After(d.AsOf) {
			out = append(out, o.Case.Newest())
		}
	}
	return out
}

// ruleRow is an explanation rule with where it was used.
type ruleRow struct {
	ID, Explains, Why, Valid, Approved, Ended string
	Used                                      []string
}

func ruleRows(d Data) []ruleRow {
	uses := reviewRecords(d).RuleUses(d.AsOf)
	var out []ruleRow
	for _, r := range d.Rules {
		row := ruleRow{ID: r.ID, Explains: string(r.Detector), Why: words(string(r.Reason)) + ": " + r.Words, Valid: r.Valid.String(), Approved: r.Approval.On.String() + " by " + r.Approval.By.ID}
		if r.Actor != "" {
			row.Explains += " about " + r.Actor
		}
		if r.Source != "" {
			row.Explains += " in " + r.Source
		}
		if r.Withdrawn != nil {
			row.Ended = "withdrawn on " + r.Withdrawn.On.String() + ": " + r.Withdrawn.Why
		}
		for _, u := range uses {
			if u.Rule == r.DocumentRef() {
				row.Used = append(row.Used, u.Used.String()+", "+strconv.Itoa(len(u.Exceptions))+" "+noun(len(u.Exceptions), "exception", "exceptions"))
			}
		}
		out = append(out, row)
	}
	return out
}

// familyView is the coverage by source and kind of activity.
type familyView struct {
	Months []string
	Rows   []coverageRow
}

// familiesOf takes the rows of kinds of activity out of the coverage.
func familiesOf(months []string, cells []review.Cell, name func(string) string) familyView {
	v := familyView{Months: months}
	rows := map[string]int{}
	for _, cell := range cells {
		if cell.Family == "" {
			continue
		}
		key := cell.Source + "\x00" + string(cell.Family)
		i, ok := rows[key]
		if !ok {
			i = len(v.Rows)
			rows[key] = i
			v.Rows = append(v.Rows, coverageRow{Source: name(cell.Source) + ": " + cell.Family.Words(), Cells: make([]coverageCell, len(months))})
		}
		month := cell.Month.From.String()[:len("2006-01")]
		for k := range months {
			if months[k] == month {
				v.Rows[i].Cells[k] = coverageCell{State: words(string(cell.Status)), Sign: sign(cell.Status), status: cell.Status}
			}
		}
	}
	for i := range v.Rows {
		for k := range v.Rows[i].Cells {
			if c := &v.Rows[i].Cells[k]; c.State == "" {
				*c = coverageCell{State: words(string(review.StatusNotExpected)), Sign: sign(review.StatusNotExpected), status: review.StatusNotExpected}
			}
		}
	}
	return v
}
