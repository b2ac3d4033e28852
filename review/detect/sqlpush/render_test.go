package sqlpush_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// hostile are names that are no names.
var hostile = []string{
	"", " ", "a b", `a"`, `a"; DROP TABLE access_log; --`, "a'b", "a;b", "a--", "a/*", "a)", "1a", "a\x00b", "a\nb", "á", "a.b.c.d", "a..b", ".a", "a.",
	`access_log" AS t; DELETE FROM access_log; --`, "(SELECT 1)", "$1", "?", "[a]", "`a`", "a\u200b", strings.Repeat("a", 64),
}

func TestNamesThatAreNoNamesAreRefused(t *testing.T) {
	t.Parallel()
	for _, e := range engines() {
		for _, name := range hostile {
			bad := table()
			bad.Name = name
			_, err := sqlpush.Render(e.dialect, bad, detect.Denials{})
			var re *sqlpush.RenderError
			require.ErrorAs(t, err, &re, name)
			require.Equal(t, "denials", re.Detector)
			for c := range table().Columns {
				bad = table()
				bad.Columns[c] = name
				if c == sqlpush.ColumnID && strings.Count(name, ".") == 1 {
					continue
				}
				_, err = sqlpush.Render(e.dialect, bad, detect.FailedLogins{})
				require.ErrorAs(t, err, &re, "%s as %s", name, c)
			}
		}
		bad := table()
		bad.Columns["seq; --"] = "seq"
		_, err := sqlpush.Render(e.dialect, bad, detect.Denials{})
		require.ErrorContains(t, err, "no part of an event")
		bad = table()
		bad.Columns[sqlpush.ColumnActor] = "audit.user_id"
		_, err = sqlpush.Render(e.dialect, bad, detect.Denials{})
		require.Error(t, err, "a column has no schema")
	}
}

func TestValuesAreParametersAndNothingElse(t *testing.T) {
	t.Parallel()
	const evil = `'; DROP TABLE access_log; --`
	about := table()
	about.Words = map[sqlpush.Column]map[string]string{sqlpush.ColumnAction: {evil: "login"}, sqlpush.ColumnOutcome: {evil: "success"}, sqlpush.ColumnObject: {evil: evil}}
	ends, err := sqlpush.NewEndings([]sqlpush.Ending{{Actor: evil, Since: start}})
	require.NoError(t, err)
	at := start.Add(time.Hour).UnixMicro()
	rows := []row{{Seq: "1", Stamp: &at, User: evil, Verb: evil, Result: evil, Service: evil, Call: evil, Thing: evil}}
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			var queries []sqlpush.Query
			for _, d := range []detect.Detector{detect.LogControl{Calls: []detect.Call{{Act: activity.Act{System: evil, Name: evil}, Means: evil}}}, detect.TerminatedUser{Context: ends}, detect.FailedLogins{}} {
				q, err := sqlpush.Render(e.dialect, about, d)
				require.NoError(t, err)
				require.NotContains(t, q.Text, "DROP")
				require.NotContains(t, q.Text, ";")
				require.Equal(t, strings.Count(q.Text, e.dialect.Placeholder(1)[:1]), len(q.Args), "each parameter stands once")
				for _, a := range q.Args {
					switch a.(type) {
					case string, int64:
					default:
						require.Fail(t, "another type of parameter", "%T", a)
					}
				}
				queries = append(queries, q)
			}
			e.run(t, sqlpush.ClockMicros, rows, queries, func(i int, got sqlpush.Rows) {
				state, err := sqlpush.Collect(queries[i], got)
				require.NoError(t, err)
				if i == 0 {
					require.Len(t, state.Findings(), 1)
					require.Equal(t, evil, state.Findings()[0].Actor)
				}
			})
		})
	}
}

// mine is a detector of one's own.
type mine struct{ detect.Denials }

func TestWhatCannotBeRenderedIsRefused(t *testing.T) {
	t.Parallel()
	without := func(c ...sqlpush.Column) sqlpush.Table {
		x := table()
		x.Words = nil
		for _, c := range c {
			delete(x.Columns, c)
		}
		return x
	}
	odd := table()
	odd.Clock = "sundial"
	words := table()
	words.Words = map[sqlpush.Column]map[string]string{"colour": {"a": "b"}}
	stamps := table()
	stamps.Words = map[sqlpush.Column]map[string]string{sqlpush.ColumnRecorded: {"a": "b"}}
	nonsense := table()
	nonsense.Words = map[sqlpush.Column]map[string]string{sqlpush.ColumnAction: {"LOGIN": "signin"}}
	nowhere := table()
	nowhere.Source = ""
	backwards := table()
	backwards.From, backwards.Until = start, start
	native := table()
	native.Clock = sqlpush.ClockInstant
	for says, c := range map[string]struct {
		dialect  sqlpush.Dialect
		table    sqlpush.Table
		detector detect.Detector
	}{
		`from "LOGIN" to "signin"`:          {sqlpush.SQLite(), nonsense, detect.Denials{}},
		"the table has no source":           {sqlpush.SQLite(), nowhere, detect.Denials{}},
		"ends before it begins":             {sqlpush.SQLite(), backwards, detect.Denials{}},
		"a dialect and a detector":          {nil, table(), detect.Denials{}},
		"a detector are needed":             {sqlpush.SQLite(), table(), nil},
		"not one of the detectors":          {sqlpush.SQLite(), table(), mine{}},
		`names no column for "id"`:          {sqlpush.SQLite(), without(sqlpush.ColumnID), detect.Denials{}},
		`names no column for "recorded"`:    {sqlpush.SQLite(), without(sqlpush.ColumnRecorded), detect.Denials{}},
		`names no column for "actor"`:       {sqlpush.SQLite(), without(sqlpush.ColumnActor), detect.Denials{}},
		`no column for "outcome", without`:  {sqlpush.SQLite(), without(sqlpush.ColumnOutcome), detect.Denials{}},
		`"action" and "outcome", without`:   {sqlpush.SQLite(), without(sqlpush.ColumnAction, sqlpush.ColumnOutcome), detect.FailedLogins{}},
		`no column for "act", without`:      {sqlpush.SQLite(), without(sqlpush.ColumnAct), detect.LogControl{}},
		`no column for "action", without`:   {sqlpush.SQLite(), without(sqlpush.ColumnAction, sqlpush.ColumnPurpose), detect.BreakGlass{}},
		"no list of endings":                {sqlpush.SQLite(), table(), detect.TerminatedUser{}},
		"has no clock \"sundial\"":          {sqlpush.PostgreSQL(), odd, detect.Denials{}},
		"SQLite has no clock \"instant\"":   {sqlpush.SQLite(), native, detect.Denials{}},
		"words for \"colour\"":              {sqlpush.DuckDB(), words, detect.Denials{}},
		"words for \"recorded\", for which": {sqlpush.DuckDB(), stamps, detect.Denials{}},
	} {
		_, err := sqlpush.Render(c.dialect, c.table, c.detector)
		var re *sqlpush.RenderError
		require.ErrorAs(t, err, &re, says)
		require.ErrorContains(t, err, says)
	}
	_, err := sqlpush.Collect(sqlpush.Query{}, &jsonRows{})
	require.Error(t, err)
}

func TestEndingsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	later := start.Add(time.Hour)
	for name, list := range map[string][]sqlpush.Ending{
		"no actor":      {{Since: start}},
		"no start":      {{Actor: "a"}},
		"ends at once":  {{Actor: "a", Since: start, Until: start}},
		"overlap":       {{Actor: "a", Since: start, Until: later}, {Actor: "a", Since: start.Add(time.Minute)}},
		"for good once": {{Actor: "a", Since: start}, {Actor: "a", Since: later}},
		"too many":      make([]sqlpush.Ending, sqlpush.MaxEndings+1),
	} {
		_, err := sqlpush.NewEndings(list)
		var re *sqlpush.RenderError
		require.ErrorAs(t, err, &re, name)
	}
	a, err := sqlpush.NewEndings([]sqlpush.Ending{{Actor: "a", Since: start, Until: later}, {Actor: "a", Since: later}, {Actor: "b", Since: start}})
	require.NoError(t, err)
	b, err := sqlpush.NewEndings([]sqlpush.Ending{{Actor: "b", Since: start}, {Actor: "a", Since: later}, {Actor: "a", Since: start, Until: later}})
	require.NoError(t, err)
	require.Equal(t, a.Digest(), b.Digest())
	since, ended := a.Ended(activity.Actor{ID: "a"}, later)
	require.True(t, ended)
	require.Equal(t, later, since)
	_, ended = a.Ended(activity.Actor{ID: "a", AltID: "b"}, start.Add(-1))
	require.False(t, ended, "who is known by the first identity is not looked up by the second")
	_, ended = a.Ended(activity.Actor{ID: "x", AltID: "b"}, later)
	require.True(t, ended)
}

func TestRowsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	q, err := sqlpush.Render(sqlpush.SQLite(), table(), detect.Denials{})
	require.NoError(t, err)
	good := []any{"1", "5", "u", "", "", "", "odd", "nonsense", "", "", "", "", "", "", "", "", ""}
	state, err := sqlpush.Collect(q, &jsonRows{rows: [][]any{good}})
	require.NoError(t, err)
	require.Empty(t, state.Findings())
	nameless := append([]any{""}, good[1:]...)
	_, err = sqlpush.Collect(q, &jsonRows{rows: [][]any{good, nameless}})
	require.ErrorContains(t, err, "row 2")
	var re *sqlpush.RenderError
	require.ErrorAs(t, err, &re)
	_, err = sqlpush.Collect(q, &jsonRows{rows: [][]any{{1}}})
	require.ErrorContains(t, err, "row 1")
	_, err = sqlpush.Collect(q, torn{})
	require.ErrorIs(t, err, errTorn)
}

var errTorn = errors.New("connection lost")

// torn are rows whose connection is lost.
type torn struct{}

func (torn) Next() bool        { return false }
func (torn) Scan(...any) error { return nil }
func (torn) Err() error        { return errTorn }

// Whatever the names are: a statement holds them in quotes, or there is none.
func TestNoNameEscapesItsQuotes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.StringMatching(`[a-zA-Z_][a-zA-Z0-9_]{0,10}`), rapid.StringOfN(rapid.SampledFrom([]rune("ab1_.\"'; -\x00é")), 0, 12, -1)).Draw(t, "name")
		about := table()
		about.Columns = maps.Clone(about.Columns)
		about.Columns[sqlpush.ColumnActor] = name
		q, err := sqlpush.Render(sqlpush.PostgreSQL(), about, detect.Denials{})
		plain := name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && (name[0] < '0' || name[0] > '9')
		require.Equal(t, plain, err == nil, name)
		if err == nil {
			require.Equal(t, 1, strings.Count(q.Text, fmt.Sprintf("t.%q", name)))
		}
	})
}

func TestRelationsAreDescribedAsStrictlyAsTheLog(t *testing.T) {
	t.Parallel()
	good := inDatabase(sqlpush.ClockMicros)
	render := func(d sqlpush.Dialect, r detect.Relations) error {
		_, err := sqlpush.Render(d, table(), detect.NoRelation{Tie: detect.Tie{Relations: r}})
		return err
	}
	for _, e := range engines() {
		require.NoError(t, render(e.dialect, good))
		few := sqlpush.Relations{Name: "treatment", Actor: "doc", Patient: "mrn"}
		require.NoError(t, render(e.dialect, few))
		for _, name := range hostile {
			for i, to := range []func(*sqlpush.Relations){
				func(r *sqlpush.Relations) { r.Name = name }, func(r *sqlpush.Relations) { r.Actor = name }, func(r *sqlpush.Relations) { r.Patient = name },
				func(r *sqlpush.Relations) { r.System = name }, func(r *sqlpush.Relations) { r.From = name }, func(r *sqlpush.Relations) { r.Until = name },
			} {
				if name == "" && i > 2 {
					continue // no such column
				}
				bad := good
				to(&bad)
				var re *sqlpush.RenderError
				require.ErrorAs(t, render(e.dialect, bad), &re, "%q as %d", name, i)
				require.Equal(t, "R14", re.Detector)
			}
		}
	}
	require.ErrorContains(t, render(sqlpush.SQLite(), inMemory()), "no table of the database")
	require.ErrorContains(t, render(sqlpush.SQLite(), nil), "no table of the database")
	require.ErrorContains(t, render(sqlpush.SQLite(), inDatabase(sqlpush.ClockInstant)), "has no clock")
	require.NotEqual(t, good.Digest(), inDatabase(sqlpush.ClockInstant).Digest())
	good.Known = "0123"
	require.EqualValues(t, "0123", good.Digest())
}
