package sqlpush

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// builder writes one statement. The parts of a statement are named queries (WITH), each over those before it.
type builder struct {
	dialect Dialect
	table   Table
	args    []any
	parts   []string
	facts   []fact // the columns of an answer beside those of the entry
	hold    string // what parts from now on are marked with
}

// held has the parts from now on computed once and as they are written. A database that writes one part into another
// repeats its expressions, which doubles with each part, and has no keys left to look up by.
func (b *builder) held() { b.hold = "MATERIALIZED " }

// arg gives a value as a parameter.
func (b *builder) arg(v any) string {
	b.args = append(b.args, v)
	return b.dialect.Placeholder(len(b.args))
}

// number gives an integer as a parameter.
func (b *builder) number(n int64) string { return "CAST(" + b.arg(n) + " AS BIGINT)" }

// text gives a text as a parameter.
func (b *builder) text(s string) string { return "CAST(" + b.arg(s) + " AS TEXT)" }

// own is what the names of named queries begin with, so that none is that of a table.
const own = "smp_"

// from finds the names of named queries: a table stands in quotes.
var from = regexp.MustCompile(`\b(FROM|JOIN) ([a-z_]+)( |\)|$)`)

// with adds a named query.
func (b *builder) with(name, query string, args ...any) {
	b.parts = append(b.parts, own+name+" AS "+b.hold+"("+from.ReplaceAllString(fmt.Sprintf(query, args...), "$1 "+own+"$2$3")+")")
}

// query ends the statement.
func (b *builder) query(last string, args ...any) string {
	return "WITH " + strings.Join(b.parts, ",\n") + "\n" + from.ReplaceAllString(fmt.Sprintf(last, args...), "$1 "+own+"$2$3")
}

// names are the columns of a named query.
func names(prefix string) string {
	var out []string
	for _, c := range Column("").Values() {
		out = append(out, prefix+string(c))
	}
	return strings.Join(out, ", ")
}

// log adds the named query "log": the table with the columns that all statements use. Texts are never NULL; the time is
// microseconds, or NULL where it is unknown.
func (b *builder) log() error {
	from, err := quotedTable(b.table.Name)
	if err != nil {
		return err
	}
	for c := range b.table.Columns {
		if !c.IsValid() {
			return &RenderError{Why: fmt.Sprintf("%.80q is no part of an event; the parts are %v", string(c), Column("").Values())}
		}
	}
	for c := range b.table.Words {
		if _, ok := b.table.Columns[c]; !ok || c == ColumnRecorded || c == ColumnID {
			return &RenderError{Why: fmt.Sprintf("there are words for %.80q, for which the table has no column that words translate", string(c))}
		}
	}
	if err := b.table.sensible(); err != nil {
		return err
	}
	var list []string
	for _, c := range Column("").Values() {
		e, err := b.column(c)
		if err != nil {
			return err
		}
		list = append(list, e+" AS "+string(c))
	}
	where := ""
	if from, until := b.table.From, b.table.Until; !from.IsZero() || !until.IsZero() {
		where = " WHERE r.recorded IS NULL OR (" + b.within(from, until) + ")"
	}
	b.with("all_rows", "SELECT %s FROM %s AS t", strings.Join(list, ", "), from)
	b.with("log", "SELECT * FROM all_rows r%s", where)
	return nil
}

func (b *builder) within(from, until time.Time) string {
	var bounds []string
	if !from.IsZero() {
		bounds = append(bounds, "r.recorded >= "+b.number(ceilMicros(from)))
	}
	if !until.IsZero() {
		bounds = append(bounds, "r.recorded < "+b.number(ceilMicros(until)))
	}
	return strings.Join(bounds, " AND ")
}

// ceilMicros is the first microsecond that is not before an instant.
func ceilMicros(at time.Time) int64 {
	n := at.UnixMicro()
	if time.UnixMicro(n).Before(at) {
		n++
	}
	return n
}

// column writes the expression for a part of an event.
func (b *builder) column(c Column) (string, error) {
	name, ok := b.table.Columns[c]
	if !ok {
		switch c {
		case ColumnID, ColumnRecorded, ColumnActor:
			return "", &RenderError{Why: fmt.Sprintf("the table %.80q names no column for %q; every statement needs one", b.table.Name, c)}
		case ColumnAction, ColumnOutcome:
			return "'unknown'", nil
		}
		return "''", nil
	}
	q, err := quoted(name)
	if err != nil {
		return "", err
	}
	expression := "t." + q
	if c == ColumnRecorded {
		clock := b.table.Clock
		if clock == "" {
			clock = ClockMicros
		}
		micros, ok := b.dialect.Micros(expression, clock)
		if !ok {
			return "", &RenderError{Why: fmt.Sprintf("%s has no clock %.80q; give microseconds since 1970 in a view", b.dialect.Name(), string(clock))}
		}
		return micros, nil
	}
	expression = "CAST(" + expression + " AS TEXT)"
	switch c {
	case ColumnAction:
		return translated(b, c, expression, activity.Action("").Values()), nil
	case ColumnOutcome:
		return translated(b, c, expression, activity.Outcome("").Values()), nil
	}
	if words := b.table.Words[c]; len(words) > 0 {
		expression = b.cases(expression, words, expression)
	}
	return "COALESCE(" + expression + ", '')", nil
}

// cases translates words.
func (b *builder) cases(expression string, words map[string]string, otherwise string) string {
	var cases strings.Builder
	for _, word := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(&cases, " WHEN %s THEN %s", b.text(word), b.text(words[word]))
	}
	return "CASE " + expression + cases.String() + " ELSE " + otherwise + " END"
}

// translated turns the words of a column into those of an enumeration. A word of the enumeration stands for itself where it is
// not translated, as in a Profile of package activity, and whatever else is "unknown".
func translated[W interface {
	~string
	IsValid() bool
}](b *builder, c Column, expression string, values []W) string {
	list := make([]string, len(values))
	for i, w := range values {
		list[i] = "'" + string(w) + "'"
	}
	member := "CASE WHEN " + expression + " IN (" + strings.Join(list, ", ") + ") THEN " + expression + " ELSE 'unknown' END"
	if words := b.table.Words[c]; len(words) > 0 {
		return b.cases(expression, words, member)
	}
	return member
}

// marks adds a named query of the entries of another that meet a condition, each once: of several deliveries the
// earliest, one without a time before all. What tells entries apart is the identity, and the columns besides.
func (b *builder) marks(name, of, condition string, besides ...Column) {
	apart := "id"
	for _, c := range besides {
		apart += ", " + string(c)
	}
	b.with(name, "SELECT %s FROM (SELECT x.*, ROW_NUMBER() OVER (PARTITION BY %s ORDER BY CASE WHEN recorded IS NULL THEN 0 ELSE 1 END, recorded) AS copy FROM %s x WHERE %s) AS d WHERE copy = 1", names(""), apart, of, condition)
}

// order is the order of events: by time, unknown first, then by identity.
func (b *builder) order(prefix string) string {
	return fmt.Sprintf("CASE WHEN %[1]srecorded IS NULL THEN 0 ELSE 1 END, %[1]srecorded, %[2]s", prefix, b.dialect.Bytewise(prefix+"id"))
}
