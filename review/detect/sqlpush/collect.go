package sqlpush

import (
	"fmt"
	"iter"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Rows is what a database gives back: *sql.Rows and pgx.Rows are Rows. Closing them is the caller's.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
}

// Events reads the rows of a query. They are what [Collect] gives to the detector, but for what the database has looked up
// beside them. A row that cannot be read, or has no identity, ends it with an error; so does an error
// of the rows, which is last.
func Events(q Query, rows Rows) iter.Seq2[activity.Event, error] {
	return events(q, rows, answers{})
}

func events(q Query, rows Rows, row answers) iter.Seq2[activity.Event, error] {
	return func(yield func(activity.Event, error) bool) {
		for n := 1; rows.Next(); n++ {
			e, err := event(q, rows, row)
			if err != nil {
				err = fmt.Errorf("sqlpush: row %d: %w", n, err)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(activity.Event{}, fmt.Errorf("sqlpush: the rows ended: %w", err))
		}
	}
}

// Collect gives the rows of a query to its detector and returns the state: the findings of the whole table, ready to be
// merged with the states of other sources. The state lacks what no finding needs.
func Collect(q Query, rows Rows) (detect.Partial, error) {
	if q.detector == nil {
		return nil, &RenderError{Why: "the query was not made by Render"}
	}
	if rows == nil {
		return nil, &RenderError{Detector: string(q.detector.Describe().ID), Why: "there are no rows; give those that the database returned without an error"}
	}
	row := answers{}
	state := judge(q.detector, row).New()
	for e, err := range events(q, rows, row) {
		if err != nil {
			return nil, err
		}
		state.Add(e)
	}
	return state, nil
}

// event reads a row. What the database has looked up goes into row.
func event(q Query, rows Rows, row answers) (activity.Event, error) {
	var at *int64
	texts := make([]string, len(Column("").Values()))
	dest := make([]any, len(texts))
	where := map[Column]int{}
	for i, c := range Column("").Values() {
		dest[i], where[c] = &texts[i], i
	}
	dest[where[ColumnRecorded]] = &at
	cells := make([]cell, len(q.facts))
	for i, f := range q.facts {
		dest = append(dest, cells[i].dest(f))
	}
	if err := rows.Scan(dest...); err != nil {
		return activity.Event{}, err
	}
	for i, f := range q.facts {
		row[f] = cells[i]
	}
	get := func(c Column) string { return texts[where[c]] }
	e := activity.Event{
		Source: q.source, ID: get(ColumnID),
		Actor:   activity.Actor{ID: get(ColumnActor), AltID: get(ColumnActorAlt), Kind: activity.ActorUnknown},
		Action:  activity.Action(get(ColumnAction)),
		Family:  activity.FamilyUnknown,
		Act:     activity.Act{System: get(ColumnActSystem), Name: get(ColumnAct)},
		Object:  activity.Object{ID: get(ColumnObject), Type: get(ColumnObjectType)},
		Session: get(ColumnSession),
		Outcome: activity.Outcome(get(ColumnOutcome)), Code: get(ColumnCode),
		From: activity.Origin{Addr: get(ColumnAddr), Host: get(ColumnHost)},
	}
	if e.ID == "" {
		return activity.Event{}, &RenderError{Why: "the entry has no identity; a finding could not name it"}
	}
	if at != nil {
		e.Recorded = time.UnixMicro(*at).UTC()
	}
	if !e.Action.IsValid() {
		e.Action = activity.ActionUnknown
	}
	if !e.Outcome.IsValid() {
		e.Outcome = activity.OutcomeUnknown
	}
	if id := get(ColumnPatient); id != "" {
		e.Patients = []activity.Patient{{System: get(ColumnPatientSystem), ID: id}}
	}
	if p := get(ColumnPurpose); p != "" {
		e.Purpose = []string{p}
	}
	return e, nil
}
