package sqlpush_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// hospital makes a log of n entries, with people, patients and relations in proportion, and one place that fails without
// end. Nothing about a single person or patient grows with it.
func hospital(n int) (surroundings, []row) {
	rng := rand.New(rand.NewPCG(uint64(n), 5))
	users, patients := n/10, n/4
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	s := surroundings{zone: zone, aliases: map[string]string{}}
	any := func(prefix string, n int) string { return fmt.Sprint(prefix, rng.IntN(max(n, 1))) }
	roles := []string{"nurse", "him", "billing", "guard", "physician"}
	today := hipaasmp.DateOf(start, time.UTC)
	for i := range users {
		p := detect.Person{ID: fmt.Sprint("w", i), Role: roles[i%5], Department: any("d", 9), Manager: any("w", users), Surname: any("s", users/2), Household: any("h", users), Street: any("street", users), Patients: []activity.Patient{{ID: fmt.Sprint("p", i)}},
			Position: detect.Position{Latitude: 42 + rng.Float64(), Longitude: -71 + rng.Float64(), Known: true}, Shift: detect.Shift{Start: 60 * rng.IntN(24), Length: 720, Days: []time.Weekday{time.Monday, time.Friday}}}
		p.Member.To = today.AddDays(3)
		s.people = append(s.people, p)
		p.Member.From, p.Member.To = today.AddDays(4), hipaasmp.Date{}
		s.people = append(s.people, p)
		s.aliases[fmt.Sprint("alias", i)] = p.ID
	}
	for i := range patients {
		s.patients = append(s.patients, detect.PatientFacts{ID: activity.Patient{ID: fmt.Sprint("p", i)}, Surname: any("s", patients), Household: any("h", patients), Street: any("street", patients),
			Position: detect.Position{Latitude: 42 + rng.Float64(), Longitude: -71 + rng.Float64(), Known: true}, Seen: today.AddDays(-rng.IntN(400))})
	}
	for range n / 20 {
		s.watch = append(s.watch, detect.Watched{Patient: activity.Patient{ID: any("p", patients)}, Why: "news"})
	}
	for _, r := range roles[:4] {
		s.matrix = append(s.matrix, [3]string{r, "read", "Chart"}, [3]string{r, "print", ""})
	}
	s.holidays = []detect.Holiday{{Day: today.AddDays(2)}}
	for range n / 2 {
		s.ties = append(s.ties, detect.Relation{Actor: any("w", users), Patient: activity.Patient{ID: any("p", patients)}})
		s.family = append(s.family, detect.Relation{Actor: any("w", users), Patient: activity.Patient{ID: any("p", patients)}, Kind: "spouse"})
	}
	var rows []row
	for i := range n {
		at := start.Add(time.Duration(rng.IntN(14*24*3600)) * time.Second).UnixMicro()
		r := row{Seq: fmt.Sprint("e", i), Stamp: &at, User: any("w", users), MRN: any("p", patients), Verb: "VIEW", Result: "OK", Screen: []string{"Chart", "Notes"}[i%2], Session: any("s", n), Station: any("ws", users)}
		switch i % 10 {
		case 0:
			r.User = any("alias", users)
		case 1:
			r.Verb, r.MRN, r.Result, r.User, r.Addr = "LOGON", "", "FAIL", "w1", "10.0.0.1"
		case 2:
			r.Verb, r.MRN, r.Thing = "QUERY", "", any("q", n)
		case 3:
			r.Verb = "PRINT"
		case 4:
			r.Service, r.Call = "cloudtrail.amazonaws.com", "StopLogging"
		}
		rows = append(rows, r)
	}
	return s, rows
}

// rendered are the statements of all detectors over a hospital.
func rendered(t *testing.T, e engine, s surroundings) (ids []string, queries []sqlpush.Query) {
	t.Helper()
	ends, err := sqlpush.NewEndings([]sqlpush.Ending{{Actor: "w1", Since: start.Add(time.Hour)}, {Actor: "w2", Since: start}})
	require.NoError(t, err)
	var list []detect.Detector
	for _, d := range detectors(ends, sqlpush.ClockMicros) {
		if _, few := d.(detect.NoRelation); !few { // its table has ten rows, with which everything may be compared
			list = append(list, d)
		}
	}
	for _, p := range s.detectors(t, sqlpush.ClockMicros) {
		list = append(list, p.there)
	}
	for i, d := range list {
		q, err := sqlpush.Render(e.dialect, table(), d)
		require.NoError(t, err)
		ids, queries = append(ids, fmt.Sprint(d.Describe().ID, " (", i, ")")), append(queries, q)
	}
	return ids, queries
}

// Four times as much of everything takes about four times the work, as the databases count it; looking up each entry
// among others would take sixteen times. The tables have no index.
const least, most, growth = 500, 2000, 5

func TestTheWorkOfSQLiteGrowsWithTheLog(t *testing.T) {
	t.Parallel()
	few, ids := sqliteSteps(t, least)
	many, _ := sqliteSteps(t, most)
	for i, id := range ids {
		require.Less(t, float64(many[i]), growth*float64(few[i]), "%s takes %d steps for %d entries and %d for %d", id, few[i], least, many[i], most)
	}
}

// sqliteSteps counts the instructions of SQLite's machine for every statement.
func sqliteSteps(t *testing.T, n int) (steps []int, ids []string) {
	t.Helper()
	s, rows := hospital(n)
	file := filepath.Join(t.TempDir(), "log.db")
	db, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(t.Context(), "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF")
	require.NoError(t, err)
	number := func(i int) string { return "?" + strconv.Itoa(i) }
	fill(t, db, number, number, rows, "integer")
	execute(t, db, append([]string{"BEGIN"}, append(made("integer", plainly, []tables{s.tables}), "COMMIT")...))
	require.NoError(t, db.Close())
	ids, queries := rendered(t, engines()[0], s)

	tls := libc.NewTLS()
	defer tls.Close()
	text := func(s string) uintptr {
		p, err := libc.CString(s)
		require.NoError(t, err)
		return p
	}
	out := libc.Xmalloc(tls, 8)
	defer libc.Xfree(tls, out)
	name := text(file)
	defer libc.Xfree(tls, name)
	require.Zero(t, sqlite3.Xsqlite3_open_v2(tls, name, out, sqlite3.SQLITE_OPEN_READONLY, 0))
	handle := **(**uintptr)(unsafe.Pointer(&out))
	defer sqlite3.Xsqlite3_close(tls, handle)
	for i, q := range queries {
		statement := text(q.Text)
		require.Zero(t, sqlite3.Xsqlite3_prepare_v2(tls, handle, statement, -1, out, 0), ids[i])
		compiled := **(**uintptr)(unsafe.Pointer(&out))
		held := []uintptr{statement}
		for j, a := range q.Args {
			switch a := a.(type) {
			case int64:
				require.Zero(t, sqlite3.Xsqlite3_bind_int64(tls, compiled, int32(j+1), a))
			case string:
				held = append(held, text(a))
				require.Zero(t, sqlite3.Xsqlite3_bind_text(tls, compiled, int32(j+1), held[len(held)-1], int32(len(a)), 0))
			}
		}
		code := int32(sqlite3.SQLITE_ROW)
		for code == sqlite3.SQLITE_ROW {
			code = sqlite3.Xsqlite3_step(tls, compiled)
		}
		require.EqualValues(t, sqlite3.SQLITE_DONE, code, ids[i])
		steps = append(steps, int(sqlite3.Xsqlite3_stmt_status(tls, compiled, sqlite3.SQLITE_STMTSTATUS_VM_STEP, 0)))
		sqlite3.Xsqlite3_finalize(tls, compiled)
		for _, p := range held {
			libc.Xfree(tls, p)
		}
	}
	return steps, ids
}

func TestTheWorkOfPostgreSQLGrowsWithTheLog(t *testing.T) {
	t.Parallel()
	// It has no statistics of the tables at first, and guesses.
	for _, prepare := range [][]tables{nil, {analyze}}[:long.Drill(1, 2, 2)] {
		few, ids := postgresRows(t, least, prepare...)
		many, _ := postgresRows(t, most, prepare...)
		for i, id := range ids {
			require.Less(t, many[i], growth*few[i], "%s looks at %.0f rows for %d entries and %.0f for %d", id, few[i], least, many[i], most)
		}
	}
}

// plainPlans keeps PostgreSQL from compiling statements, which takes seconds each whatever there is to read.
func plainPlans(string, func(int64) string) []string { return []string{"SET jit = off"} }

func analyze(string, func(int64) string) []string { return []string{"ANALYZE"} }

// node is a step of PostgreSQL's plan, with what it did.
type node struct {
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Refused float64 `json:"Rows Removed by Filter"`
	Apart   float64 `json:"Rows Removed by Join Filter"`
	Plans   []node  `json:"Plans"`
}

// work is the number of rows that all steps looked at.
func (n node) work() float64 {
	sum := (n.Rows + n.Refused + n.Apart) * n.Loops
	for _, p := range n.Plans {
		sum += p.work()
	}
	return sum
}

func postgresRows(t *testing.T, n int, prepare ...tables) (work []float64, ids []string) {
	t.Helper()
	s, rows := hospital(n)
	e := engines()[1]
	ids, queries := rendered(t, e, s)
	for i := range queries {
		queries[i].Text = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + queries[i].Text
	}
	e.run(t, sqlpush.ClockMicros, rows, queries, func(_ int, got sqlpush.Rows) {
		require.True(t, got.Next())
		var said string
		require.NoError(t, got.Scan(&said))
		var plans []struct{ Plan node }
		require.NoError(t, json.Unmarshal([]byte(said), &plans))
		work = append(work, plans[0].Plan.work())
	}, append([]tables{s.tables, plainPlans}, prepare...)...)
	require.Len(t, work, len(queries))
	return work, ids
}

func TestDuckDBJoinsByKeysAlone(t *testing.T) {
	t.Parallel()
	s, rows := hospital(least)
	e := engines()[2]
	ids, queries := rendered(t, e, s)
	for i := range queries {
		queries[i].Text = "EXPLAIN " + queries[i].Text
	}
	seen := 0
	e.run(t, sqlpush.ClockMicros, rows, queries, func(i int, got sqlpush.Rows) {
		require.True(t, got.Next())
		var key, plan string
		require.NoError(t, got.Scan(&key, &plan))
		seen += strings.Count(plan, "HASH_JOIN")
		for _, word := range []string{"NESTED_LOOP", "BLOCKWISE_NL", "IE_JOIN", "PIECEWISE"} {
			require.NotContains(t, plan, word, ids[i])
		}
	}, s.tables)
	require.Greater(t, seen, 50, "the plans are read")
}
