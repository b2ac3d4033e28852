package review

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Cell is what is known of one source in one month, or of one kind of activity in it.
type Cell struct {
	// Month is the calendar month, cut to the days that were asked about.
	Month hipaasmp.Period
	// Source and System are the source and its system, and Records the kind of record that it gives.
	Source, System string
	Records        RecordKind
	// Family is the kind of activity, or [activity.FamilyFailed] for what failed of any kind; empty for the source as a whole.
	Family activity.Family
	// Status is what is known.
	Status Status
	// Reason says why, in a sentence.
	Reason string
	// Expected and Covered are the days on which a review is expected, and of them those that a certified one covers.
	Expected, Covered int
	// Hours are the hours of the month in which the source was expected to give a sign of life, Observed those of them in
	// which it did, and Silent the days on which it did in none; all 0 where the reviews did not count.
	Hours, Observed, Silent int
	// Due is the last day on which the first review still to come is on time; zero where none is.
	Due hipaasmp.Date
	// Refs are the records that the cell rests on.
	Refs []hipaasmp.Ref
}

// Overdue is a period whose review is overdue by the entity's own procedure.
type Overdue struct {
	// Procedure and Version name the procedure that asks for it.
	Procedure hipaasmp.Ref
	Version   string
	// Round and Detectors name the round of the procedure that is overdue; empty for the review of everything.
	Round     string
	Detectors []detect.ID
	// Period is the review period.
	Period hipaasmp.Period
	// Sources are the sources without a certified review.
	Sources []Source
	// Due is the day by which the review was to be certified, and Days how many days ago that was.
	Due  hipaasmp.Date
	Days int
}

// String says what is overdue and by whose rule. It speaks of the entity's own policy, because the law names no interval.
func (o Overdue) String() string {
	if o.Round != "" {
		return fmt.Sprintf("The round %q of %s was due on %s by the entity's own procedure, version %s; it is overdue by policy by %d days.", o.Round, o.Period, o.Due, o.Version, o.Days)
	}
	return fmt.Sprintf("The review of %s was due on %s by the entity's own procedure, version %s; it is overdue by policy by %d days.", o.Period, o.Due, o.Version, o.Days)
}

// Coverage is the month by source table of a period, as seen on a day, with what is overdue.
type Coverage struct {
	// AsOf is the day.
	AsOf hipaasmp.Date
	// Asked is the period.
	Asked hipaasmp.Period
	// Cells are in order of month, source and family; the cell of the source comes before those of its families.
	Cells []Cell
	// Overdue is what is overdue by the entity's own procedure, in order of period.
	Overdue []Overdue
}

// Cell returns the cell of the month that holds the day.
func (c Coverage) Cell(on hipaasmp.Date, source string, family activity.Family) (Cell, bool) {
	for _, cell := range c.Cells {
		if cell.Month.Contains(on) && cell.Source == source && cell.Family == family {
			return cell, true
		}
	}
	return Cell{}, false
}

// Coverage returns the table for the asked period as seen on asOf: what had been certified until then. Without a first
// day the period begins with the first procedure, without a last day it ends on asOf. A record that a later one
// supersedes does not count. A period beyond a century is cut to its last hundred years.
func (r Records) Coverage(asked hipaasmp.Period, asOf hipaasmp.Date) Coverage {
	out := Coverage{AsOf: asOf, Asked: r.within(asked, asOf)}
	var ok bool
	if out.Asked, ok = bounded(out.Asked); !ok {
		return out
	}
	t := r.table(out.Asked, asOf)
	for month := range months(out.Asked) {
		for place := range t.sources {
			out.Cells = t.cells(out.Cells, month, place)
		}
	}
	out.Overdue = t.overdue()
	return out
}

// bounded cuts a period to its last hundred years. The result is false for one that has no end or ends before it begins.
func bounded(asked hipaasmp.Period) (hipaasmp.Period, bool) {
	if !asked.InOrder() || asked.Open() {
		return asked, false
	}
	if first := asked.To.AddYears(-100); asked.From.Before(first) {
		asked.From = first
	}
	return asked, true
}

// months yields the calendar months of a closed period, the first and the last cut to its days.
func months(asked hipaasmp.Period) iter.Seq[hipaasmp.Period] {
	return func(yield func(hipaasmp.Period) bool) {
		for month := hipaasmp.Month(asked.From); !month.From.After(asked.To); month = hipaasmp.Month(month.To.AddDays(1)) {
			cut := month
			if cut.From.Before(asked.From) {
				cut.From = asked.From
			}
			if cut.To.After(asked.To) {
				cut.To = asked.To
			}
			if !yield(cut) {
				return
			}
		}
	}
}

// sources lists the sources of all versions, each once, as the newest version has it, in order of identity.
func (r Records) sources() []Source {
	versions := slices.Clone(r.Procedures)
	slices.SortStableFunc(versions, func(a, b Procedure) int { return b.Effective.From.Compare(a.Effective.From) })
	var out []Source
	for _, p := range versions {
		for _, s := range p.Sources {
			if _, ok := sourceIn(out, s.ID); !ok {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b Source) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
