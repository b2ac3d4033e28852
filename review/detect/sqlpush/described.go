package sqlpush

import (
	"cmp"
	"fmt"
)

// described writes the expressions for the columns of a described table. It keeps the first error.
type described struct {
	b     *builder
	clock Clock
	from  string
	err   error
}

// name is the table.
func (t *described) name() string {
	q, err := quotedTable(t.from)
	t.err = cmp.Or(t.err, err)
	return q
}

func (t *described) column(name string) string {
	q, err := quoted(name)
	t.err = cmp.Or(t.err, err)
	return "t." + q
}

// needed is a text that is never NULL, of a column that must be there.
func (t *described) needed(name string) string {
	return "COALESCE(CAST(" + t.column(name) + " AS TEXT), '')"
}

// text is a text that is never NULL.
func (t *described) text(name string) string {
	if name == "" {
		return "''"
	}
	return t.needed(name)
}

// whole is a whole number, or NULL.
func (t *described) whole(name string) string {
	if name == "" {
		return "CAST(NULL AS BIGINT)"
	}
	return "CAST(" + t.column(name) + " AS BIGINT)"
}

// degrees is a number, or NULL.
func (t *described) degrees(name string) string {
	if name == "" {
		return "CAST(NULL AS DOUBLE PRECISION)"
	}
	return "CAST(" + t.column(name) + " AS DOUBLE PRECISION)"
}

// instant is in microseconds, or NULL.
func (t *described) instant(name string) string {
	if name == "" {
		return "CAST(NULL AS BIGINT)"
	}
	clock := cmp.Or(t.clock, ClockMicros)
	micros, ok := t.b.dialect.Micros(t.column(name), clock)
	if !ok {
		t.err = cmp.Or[error](t.err, &RenderError{Why: fmt.Sprintf("%s has no clock %.80q; give microseconds since 1970 in a view", t.b.dialect.Name(), string(clock))})
	}
	return micros
}
