package sqlpush

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Column is a part of an event that a column of a table can fill.
type Column string

const (
	// ColumnID is the identity of the entry. Every table needs it.
	ColumnID Column = "id"
	// ColumnRecorded is when the entry was recorded, as [Table.Clock] says. Every table needs it.
	ColumnRecorded Column = "recorded"
	// ColumnActor is the identity of who did it. Every table needs it.
	ColumnActor Column = "actor"
	// ColumnActorAlt is a second identity of the same actor.
	ColumnActorAlt Column = "actor_alt"
	// ColumnPatient is the patient.
	ColumnPatient Column = "patient"
	// ColumnPatientSystem is the numbering of the patient.
	ColumnPatientSystem Column = "patient_system"
	// ColumnAction is what was done, a word of activity.Action or one that [Table.Words] translates.
	ColumnAction Column = "action"
	// ColumnOutcome is how it ended, a word of activity.Outcome or one that [Table.Words] translates.
	ColumnOutcome Column = "outcome"
	// ColumnActSystem is the vocabulary of the act.
	ColumnActSystem Column = "act_system"
	// ColumnAct is what was done in the source's own word.
	ColumnAct Column = "act"
	// ColumnObject is what it was done to.
	ColumnObject Column = "object"
	// ColumnCode is the source's own word for the outcome.
	ColumnCode Column = "code"
	// ColumnAddr is an IP address.
	ColumnAddr Column = "addr"
	// ColumnHost is the name of a machine.
	ColumnHost Column = "host"
	// ColumnPurpose is the stated purpose of use, one code.
	ColumnPurpose Column = "purpose"
	// ColumnObjectType is what the source calls the type of the object, such as the name of a screen.
	ColumnObjectType Column = "object_type"
	// ColumnSession is the session.
	ColumnSession Column = "session"
)

// Values returns the members of the enumeration, in the order in which statements return them.
func (Column) Values() []Column {
	return []Column{ColumnID, ColumnRecorded, ColumnActor, ColumnActorAlt, ColumnPatient, ColumnPatientSystem, ColumnAction, ColumnOutcome,
		ColumnActSystem, ColumnAct, ColumnObject, ColumnCode, ColumnAddr, ColumnHost, ColumnPurpose, ColumnObjectType, ColumnSession}
}

// IsValid reports whether c is a member.
func (c Column) IsValid() bool { return slices.Contains(c.Values(), c) }

// Table says where entries are kept and what the columns mean.
type Table struct {
	// Source is the identity of the source under review; every event carries it.
	Source string
	// Name is the table or view, with its schema before a dot where it needs one. Names are matched with their case.
	Name string
	// Columns gives the name of the column for each part of an event that the table has.
	Columns map[Column]string
	// Clock says how the time is held; "" is [ClockMicros].
	Clock Clock
	// Words translates the table's own words for actions and outcomes, and whatever else differs, for example
	// {ColumnAction: {"VIEW": "read"}}. Words for actions and outcomes lead to members of activity.Action and
	// activity.Outcome; one that is neither translated nor a member becomes "unknown". Others stay as they are.
	Words map[Column]map[string]string
	// From and Until bound the period: the first instant in it and the first after it. A zero time is no bound. Entries
	// without a time are always in it. What began before the period is not seen: a burst that straddles its start is
	// seen from there on.
	From, Until time.Time
}

// sensible refuses what would find nothing without an error: a period without an instant in it, words that lead to no word,
// and events that belong to no source.
func (t Table) sensible() error {
	if t.Source == "" {
		return &RenderError{Why: "the table has no source; give the identity that the review knows the log by"}
	}
	if !t.From.IsZero() && !t.Until.IsZero() && !t.From.Before(t.Until) {
		return &RenderError{Why: "the period of the table ends before it begins; set From to the first instant and Until to the first after it"}
	}
	for c, known := range map[Column]func(string) bool{
		ColumnAction:  func(w string) bool { return activity.Action(w).IsValid() },
		ColumnOutcome: func(w string) bool { return activity.Outcome(w).IsValid() },
	} {
		for _, word := range slices.Sorted(maps.Keys(t.Words[c])) {
			if to := t.Words[c][word]; !known(to) {
				return &RenderError{Why: fmt.Sprintf("the words for %q lead from %.80q to %.80q, which is none of those of the package activity", string(c), word, to)}
			}
		}
	}
	return nil
}

// RenderError says that a detector cannot be rendered for a table.
type RenderError struct {
	// Detector is the identity of the detector, where it was told.
	Detector string
	// Why says what is wrong and what to do.
	Why string
}

func (e *RenderError) Error() string {
	if e.Detector == "" {
		return "sqlpush: " + e.Why
	}
	return fmt.Sprintf("sqlpush: detector %s: %s", e.Detector, e.Why)
}

// maxName is how long the name of a table or column may be. PostgreSQL cuts longer ones off.
const maxName = 63

// quoted returns an identifier in quotes. What is no plain identifier is refused: a name with a quote, a blank or a
// semicolon is a mistake or an attack far more often than it is a name.
func quoted(name string) (string, error) {
	plain := name != "" && len(name) <= maxName && (name[0] < '0' || name[0] > '9')
	for i := 0; plain && i < len(name); i++ {
		c := name[i]
		plain = c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
	}
	if !plain {
		return "", &RenderError{Why: fmt.Sprintf("%.80q is no plain name of a table or column: letters, digits and _ up to %d, no digit first; give the log a view with plain names", name, maxName)}
	}
	return `"` + name + `"`, nil
}

// quotedTable quotes the name of a table with its schema.
func quotedTable(name string) (string, error) {
	parts := strings.Split(name, ".")
	if len(parts) == 1 && len(name) >= len(own) && strings.EqualFold(name[:len(own)], own) {
		return "", &RenderError{Why: fmt.Sprintf("%.80q begins as parts of statements do; give it with its schema, or a view with another name", name)}
	}
	if len(parts) > 3 {
		return "", &RenderError{Why: fmt.Sprintf("%.80q has too many dots for the name of a table", name)}
	}
	for i, p := range parts {
		q, err := quoted(p)
		if err != nil {
			return "", err
		}
		parts[i] = q
	}
	return strings.Join(parts, "."), nil
}
