package sqlpush_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// syntheticMonth runs the generator of synthetic months and the program that answers the seven questions about one; it
// skips the test where either is missing.
func syntheticMonth(t *testing.T, n, seed int) (s surroundings, rows []row, answers map[string]json.RawMessage) {
	t.Helper()
	tools, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "shared", "tools"))
	require.NoError(t, err)
	python, noPython := exec.LookPath("python3")
	if _, err := os.Stat(tools); err != nil || noPython != nil {
		t.Skip("the generator of synthetic months or python3 is not here; this test needs both")
	}
	dir := t.TempDir()
	gen := exec.Command("go", "run", ".", "-n", fmt.Sprint(n), "-users", "300", "-patients", "3000", "-seed", fmt.Sprint(seed), "-out", dir)
	gen.Dir = filepath.Join(tools, "activitygen")
	out, err := gen.CombinedOutput()
	require.NoError(t, err, "%s", out)
	out, err = exec.Command(python, filepath.Join(tools, "activity_answers.py"), dir).Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(out, &answers))

	flat, err := os.Open(filepath.Join(dir, "flat.ndjson"))
	require.NoError(t, err)
	defer flat.Close()
	verbs := map[string]string{"view": "VIEW", "print": "PRINT", "query": "QUERY", "login": "LOGON"}
	results := map[string]string{"success": "OK", "failure": "FAIL", "denied": "DENY"}
	for lines := bufio.NewScanner(flat); lines.Scan(); {
		var e struct {
			TS                             time.Time
			User, Patient, Action, Outcome string
			Event                          string
			Src                            struct{ IP, Workstation string }
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
		at := e.TS.UnixMicro()
		verb := verbs[e.Action]
		if e.Event == "login" {
			verb = "LOGON"
		}
		rows = append(rows, row{Seq: strconv.Itoa(len(rows)), Stamp: &at, User: e.User, MRN: e.Patient, Verb: verb, Result: results[e.Outcome], Addr: e.Src.IP, Station: e.Src.Workstation})
	}
	s = surroundings{zone: time.UTC}
	for _, u := range records(t, filepath.Join(dir, "users.csv")) {
		hour, err := strconv.Atoi(u["shift_start"])
		require.NoError(t, err)
		p := detect.Person{ID: u["user"], Role: u["role"], Patients: []activity.Patient{{ID: u["own_mrn"]}}, Shift: detect.Shift{Start: 60 * hour, Length: 720}}
		if end := u["terminated_at"]; end != "" {
			p.Ended, err = time.Parse(time.RFC3339, end)
			require.NoError(t, err)
		}
		s.people = append(s.people, p)
	}
	for _, r := range records(t, filepath.Join(dir, "treat.csv")) {
		s.ties = append(s.ties, detect.Relation{Actor: r["user"], Patient: activity.Patient{ID: r["patient"]}})
	}
	return s, rows, answers
}

func records(t *testing.T, name string) (out []map[string]string) {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for _, line := range lines[1:] {
		r := map[string]string{}
		for i, cell := range line {
			r[lines[0][i]] = cell
		}
		out = append(out, r)
	}
	return out
}

// The rendered statements, and two that count, answer the seven questions as a plain program does.
func TestDatabasesAnswerAsThePlainProgramDoes(t *testing.T) {
	t.Parallel()
	for seed := 1; seed <= long.Drill(1, 5, 5); seed++ {
		s, rows, want := syntheticMonth(t, 8000, seed)
		for _, e := range engines() {
			t.Run(fmt.Sprint(e.name, " seed ", seed), func(t *testing.T) {
				t.Parallel()
				there := map[detect.ID]detect.Detector{}
				for _, p := range s.detectors(t, sqlpush.ClockMicros) {
					if id := p.there.Describe().ID; there[id] == nil {
						there[id] = p.there
					}
				}
				people := there[detect.IDOwnRecord].(detect.OwnRecord).People
				list := []detect.Detector{detect.FailedLogins{}, there[detect.IDOwnRecord], there[detect.IDTerminatedUser], detect.AfterHours{People: people, Grace: -1}, there[detect.IDNoRelation]}
				var queries []sqlpush.Query
				for _, d := range list {
					q, err := sqlpush.Render(e.dialect, table(), d)
					require.NoError(t, err)
					queries = append(queries, q)
				}
				queries = append(queries,
					sqlpush.Query{Text: "SELECT CAST(CAST(COUNT(*) AS BIGINT) AS TEXT), CAST(CAST(SUM(n * n) AS BIGINT) AS TEXT), CAST(MAX(n) AS TEXT) FROM (SELECT COUNT(*) AS n FROM access_log GROUP BY user_id, stamp - stamp % 3600000000) AS hours"},
					sqlpush.Query{Text: "SELECT CAST(CAST(SUM(n) AS BIGINT) AS TEXT), CAST(MAX(n) AS TEXT), '' FROM (SELECT COUNT(*) AS n FROM (SELECT DISTINCT user_id, mrn FROM access_log WHERE verb IS NULL OR verb <> 'LOGON') AS pairs GROUP BY user_id) AS users"})
				got := map[string]any{"events": len(rows)}
				e.run(t, sqlpush.ClockMicros, rows, queries, func(i int, rows sqlpush.Rows) {
					if i >= len(list) {
						require.True(t, rows.Next())
						var a, b, c string
						require.NoError(t, rows.Scan(&a, &b, &c))
						if i == len(list) {
							got["q1"] = json.RawMessage("[" + a + "," + b + "," + c + "]")
						} else {
							got["q6"] = json.RawMessage("[" + a + "," + b + "]")
						}
						return
					}
					state, err := sqlpush.Collect(queries[i], rows)
					require.NoError(t, err)
					n, users := 0, map[string]bool{}
					for _, f := range state.Findings() {
						n, users[f.Actor] = n+int(f.Count), true
					}
					switch i {
					case 0:
						points, users, err := detect.FailedLogins{}.Points(state)
						require.NoError(t, err)
						got["q2"] = []int{points, users}
					case 3:
						got["q5"] = n
					case 4:
						got["q7"] = n
					default:
						got[fmt.Sprint("q", i+2)] = []int{n, len(users)}
					}
				}, s.tables)
				require.Len(t, got, len(want))
				for q, answer := range want {
					b, err := json.Marshal(got[q])
					require.NoError(t, err)
					require.Equal(t, string(answer), string(b), q)
				}
			})
		}
	}
}
