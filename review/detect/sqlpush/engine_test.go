package sqlpush_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/hipaasmp/hipaasmp/internal/pgtest"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

var server pgtest.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	if err := server.Stop(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// engine is a database that the tests run.
type engine struct {
	name    string
	dialect sqlpush.Dialect
	clocks  []sqlpush.Clock
	// run puts the rows into a table as the clock has it, and gives each query's rows to the function.
	run func(t *testing.T, clock sqlpush.Clock, rows []row, queries []sqlpush.Query, take func(i int, rows sqlpush.Rows), more ...tables)
}

// tables are the statements that make further tables, with the type of instants and how one is written.
type tables func(kind string, stamp func(int64) string) []string

func engines() []engine {
	both := []sqlpush.Clock{sqlpush.ClockMicros, sqlpush.ClockInstant}
	return []engine{
		{"sqlite", sqlpush.SQLite(), []sqlpush.Clock{sqlpush.ClockMicros}, runSQLite},
		{"postgres", sqlpush.PostgreSQL(), both, runPostgres},
		{"duckdb", sqlpush.DuckDB(), both, runDuckDB},
	}
}

// fill creates the vendor's table and its rows. Empty texts of some columns become NULL.
func fill(t *testing.T, db *sql.DB, stamp, placeholder func(int) string, rows []row, kind string) {
	t.Helper()
	var types []string
	for _, c := range columns {
		if c == "stamp" {
			types = append(types, c+" "+kind)
			continue
		}
		types = append(types, c+" text")
	}
	ctx := t.Context()
	_, err := db.ExecContext(ctx, "CREATE TABLE access_log ("+strings.Join(types, ", ")+")")
	require.NoError(t, err)
	for n := 0; n < len(rows); n += 400 {
		var all []string
		var args []any
		for i, r := range rows[n:min(n+400, len(rows))] {
			var values []string
			for j, v := range r.values() {
				if v == "" && (i+j)%2 == 0 {
					v = nil
				}
				args = append(args, v)
				if columns[j] == "stamp" {
					values = append(values, stamp(len(args)))
				} else {
					values = append(values, placeholder(len(args)))
				}
			}
			all = append(all, "("+strings.Join(values, ", ")+")")
		}
		_, err := db.ExecContext(ctx, "INSERT INTO access_log VALUES "+strings.Join(all, ", "), args...)
		require.NoError(t, err)
	}
}

// made are the statements for all further tables.
func made(kind string, stamp func(int64) string, more []tables) []string {
	out := setup(kind, stamp)
	for _, m := range more {
		out = append(out, m(kind, stamp)...)
	}
	return out
}

func plainly(n int64) string { return strconv.FormatInt(n, 10) }

func execute(t *testing.T, db *sql.DB, statements []string) {
	t.Helper()
	for _, s := range statements {
		_, err := db.ExecContext(t.Context(), s)
		require.NoError(t, err, s)
	}
}

func ask(t *testing.T, db *sql.DB, queries []sqlpush.Query, take func(int, sqlpush.Rows)) {
	t.Helper()
	for i, q := range queries {
		rows, err := db.QueryContext(t.Context(), q.Text, q.Args...)
		require.NoError(t, err, q.Text)
		take(i, rows)
		require.NoError(t, rows.Close())
	}
}

func runSQLite(t *testing.T, _ sqlpush.Clock, rows []row, queries []sqlpush.Query, take func(int, sqlpush.Rows), more ...tables) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "log.db"))
	require.NoError(t, err)
	defer db.Close()
	number := func(i int) string { return "?" + strconv.Itoa(i) }
	fill(t, db, number, number, rows, "integer")
	execute(t, db, made("integer", plainly, more))
	ask(t, db, queries, take)
}

func runPostgres(t *testing.T, clock sqlpush.Clock, rows []row, queries []sqlpush.Query, take func(int, sqlpush.Rows), more ...tables) {
	db, err := sql.Open("pgx", server.Database(t))
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1) // so that what is set holds
	number := func(i int) string { return "$" + strconv.Itoa(i) }
	if clock == sqlpush.ClockInstant {
		fill(t, db, func(i int) string {
			return fmt.Sprintf("timestamptz 'epoch' + CAST($%d AS bigint) * interval '1 microsecond'", i)
		}, number, rows, "timestamptz")
		execute(t, db, made("timestamptz", func(n int64) string {
			return fmt.Sprintf("timestamptz 'epoch' + CAST(%d AS bigint) * interval '1 microsecond'", n)
		}, more))
	} else {
		fill(t, db, number, number, rows, "bigint")
		execute(t, db, made("bigint", plainly, more))
	}
	ask(t, db, queries, take)
}

func runDuckDB(t *testing.T, clock sqlpush.Clock, rows []row, queries []sqlpush.Query, take func(int, sqlpush.Rows), more ...tables) {
	lines := filepath.Join(t.TempDir(), "log.ndjson")
	var b bytes.Buffer
	for _, r := range rows {
		line, err := json.Marshal(r)
		require.NoError(t, err)
		b.Write(append(line, '\n'))
	}
	require.NoError(t, os.WriteFile(lines, b.Bytes(), 0o600))
	var types []string
	for _, c := range columns {
		kind := "VARCHAR"
		if c == "stamp" {
			kind = "BIGINT"
		}
		types = append(types, c+": '"+kind+"'")
	}
	stamp, second := "stamp AS stamp", made("bigint", plainly, more)
	if clock == sqlpush.ClockInstant {
		stamp = "make_timestamp(stamp) AS stamp"
		second = made("timestamp", func(n int64) string { return fmt.Sprintf("make_timestamp(%d)", n) }, more)
	}
	first := fmt.Sprintf("CREATE TABLE access_log AS SELECT * REPLACE (%s) FROM read_json('%s', format = 'newline_delimited', columns = {%s})",
		stamp, strings.ReplaceAll(lines, "'", "''"), strings.Join(types, ", "))
	for i, results := range duckDB(t, append(second, first), queries) {
		take(i, &jsonRows{rows: results})
	}
}

// duckDB runs statements through Node's binding, or skips. HIPAASMP_TEST_DUCKDB may name the folder in which
// node_modules/@duckdb/node-api is installed.
func duckDB(t *testing.T, setup []string, queries []sqlpush.Query) [][][]any {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed; DuckDB is run through its binding for Node")
	}
	type query struct {
		Text string `json:"text"`
		Args []any  `json:"args"`
	}
	job := struct {
		Setup   []string `json:"setup"`
		Queries []query  `json:"queries"`
	}{Setup: setup}
	for _, q := range queries {
		x := query{Text: q.Text}
		for _, a := range q.Args {
			if n, ok := a.(int64); ok {
				a = map[string]string{"int": strconv.FormatInt(n, 10)}
			}
			x.Args = append(x.Args, a)
		}
		job.Queries = append(job.Queries, x)
	}
	in, err := json.Marshal(job)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, filepath.Join("testdata", "duckdb.cjs"))
	cmd.Stdin = bytes.NewReader(in)
	path := []string{os.Getenv("NODE_PATH")}
	if folder := os.Getenv("HIPAASMP_TEST_DUCKDB"); folder != "" {
		path = append(path, filepath.Join(folder, "node_modules"))
	}
	cmd.Env = append(os.Environ(), "NODE_PATH="+strings.Join(path, string(os.PathListSeparator)))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	var answer struct {
		Missing, Error string
		Results        [][][]any
	}
	require.NoError(t, json.Unmarshal(out, &answer), string(out))
	if answer.Missing != "" {
		t.Skip("Node's binding of DuckDB is missing; npm install @duckdb/node-api and name the folder in HIPAASMP_TEST_DUCKDB")
	}
	require.Empty(t, answer.Error)
	require.Len(t, answer.Results, len(queries))
	return answer.Results
}

// jsonRows are rows that came as JSON: integers as texts, NULL as null.
type jsonRows struct {
	rows [][]any
	at   int
}

func (r *jsonRows) Next() bool { r.at++; return r.at <= len(r.rows) }
func (r *jsonRows) Err() error { return nil }

func (r *jsonRows) Scan(dest ...any) error {
	for i, v := range r.rows[r.at-1] {
		switch d := dest[i].(type) {
		case *string:
			s, ok := v.(string)
			if !ok {
				return fmt.Errorf("column %d is no text: %v", i, v)
			}
			*d = s
		case **string:
			*d = nil
			if s, ok := v.(string); ok {
				*d = &s
			}
		case **float64:
			*d = nil
			if f, ok := v.(float64); ok {
				*d = &f
			}
		case **int64:
			*d = nil
			if v == nil {
				continue
			}
			n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
			if err != nil {
				return err
			}
			*d = &n
		}
	}
	return nil
}

var _ detect.Terminations = (*sqlpush.Endings)(nil)
