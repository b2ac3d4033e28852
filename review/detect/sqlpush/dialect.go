package sqlpush

import (
	"fmt"
	"strconv"
)

// Clock says how a column holds the time.
type Clock string

const (
	// ClockMicros is an integer: microseconds since 1970-01-01 00:00 UTC.
	ClockMicros Clock = "micros"
	// ClockInstant is the database's own type for instants; one without a zone is taken for UTC.
	ClockInstant Clock = "instant"
)

// Dialect is what differs between databases. Statements otherwise use common table expressions, materialized where a
// part is looked up by key, window functions and casts, which all of them have.
type Dialect interface {
	// Name names the dialect in errors.
	Name() string
	// Placeholder returns the n-th parameter, from 1.
	Placeholder(n int) string
	// Micros turns an expression for a time into microseconds since 1970 in UTC, NULL where it is NULL or no time. It
	// returns false for a clock that the database does not have.
	Micros(expression string, clock Clock) (string, bool)
	// Bytewise makes a text order by its bytes.
	Bytewise(expression string) string
	// Floor is the greatest whole number that is not greater than a number.
	Floor(expression string) string
}

// PostgreSQL is the dialect of PostgreSQL 12 and later, tested with version 15.
func PostgreSQL() Dialect { return postgres{} }

// SQLite is the dialect of SQLite 3.35 and later. It has no type for instants.
func SQLite() Dialect { return sqlite{} }

// DuckDB is the dialect of DuckDB, tested with version 1.5.
func DuckDB() Dialect { return duckdb{} }

type postgres struct{}

func (postgres) Name() string             { return "PostgreSQL" }
func (postgres) Placeholder(n int) string { return "$" + strconv.Itoa(n) }
func (postgres) Floor(e string) string    { return "CAST(FLOOR(" + e + ") AS BIGINT)" }

func (postgres) Bytewise(e string) string { return e + ` COLLATE "C"` }

func (postgres) Micros(e string, clock Clock) (string, bool) {
	switch clock {
	case ClockMicros:
		return "CAST(" + e + " AS BIGINT)", true
	case ClockInstant:
		return fmt.Sprintf("CASE WHEN isfinite(%[1]s) THEN CAST(EXTRACT(EPOCH FROM %[1]s) * 1000000 AS BIGINT) END", e), true
	}
	return "", false
}

type sqlite struct{}

func (sqlite) Name() string             { return "SQLite" }
func (sqlite) Placeholder(n int) string { return "?" + strconv.Itoa(n) }
func (sqlite) Floor(e string) string {
	return fmt.Sprintf("(CAST(%[1]s AS BIGINT) - (%[1]s < CAST(%[1]s AS BIGINT)))", e)
}

func (sqlite) Bytewise(e string) string { return e + " COLLATE BINARY" }

// sqliteNoTime is what SQLite says of a time that is no number.
const sqliteNoTime = "a time is no integer, give microseconds since 1970 in a view"

func (sqlite) Micros(e string, clock Clock) (string, bool) {
	// A column of SQLite may hold anything, and CAST makes the year of a text such as 2026-03-01T09:00:00Z, which would pass
	// for a time in 1970. A path that is none is how a statement ends with an error of its own.
	return "CASE typeof(" + e + ") WHEN 'integer' THEN " + e + " WHEN 'real' THEN CAST(" + e + " AS BIGINT) WHEN 'null' THEN NULL " +
		"ELSE CASE WHEN " + e + " = '' THEN NULL ELSE json_extract('{}', '" + sqliteNoTime + "') END END", clock == ClockMicros
}

type duckdb struct{}

func (duckdb) Name() string             { return "DuckDB" }
func (duckdb) Placeholder(n int) string { return "$" + strconv.Itoa(n) }
func (duckdb) Floor(e string) string    { return "CAST(FLOOR(" + e + ") AS BIGINT)" }

func (duckdb) Bytewise(e string) string { return e }

func (duckdb) Micros(e string, clock Clock) (string, bool) {
	switch clock {
	case ClockMicros:
		return "CAST(" + e + " AS BIGINT)", true
	case ClockInstant:
		return fmt.Sprintf("CASE WHEN isfinite(%[1]s) THEN epoch_us(%[1]s) END", e), true
	}
	return "", false
}
