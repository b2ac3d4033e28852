package sqlpush_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// inProcess gives all entries to a detector.
func inProcess(rows []row, d detect.Detector) []detect.Finding {
	p := d.New()
	for _, r := range rows {
		p.Add(r.event())
	}
	return p.Findings()
}

// named lists the events of findings, of each at most as many as a finding names.
func named(findings []detect.Finding) (ids []string, all bool) {
	seen := map[string]bool{}
	all = true
	for _, f := range findings {
		all = all && f.Count == int64(len(f.Events))
		for _, e := range f.Events {
			if !seen[e.ID] {
				seen[e.ID] = true
				ids = append(ids, e.ID)
			}
		}
	}
	slices.Sort(ids)
	return ids, all
}

func TestDatabasesFindWhatTheProcessFinds(t *testing.T) {
	t.Parallel()
	for _, e := range engines() {
		for _, clock := range e.clocks {
			t.Run(e.name+" "+string(clock), func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(long.Drill(2, 4, 4)) {
					rows, ends := generate(seed)
					about := table()
					about.Clock = clock
					list := detectors(ends, clock)
					var queries []sqlpush.Query
					for _, d := range list {
						q, err := sqlpush.Render(e.dialect, about, d)
						require.NoError(t, err)
						queries = append(queries, q)
					}
					answered := 0
					e.run(t, clock, rows, queries, func(i int, got sqlpush.Rows) {
						answered++
						compare(t, fmt.Sprintf("%s of seed %d", list[i].Describe().ID, seed), rows, list[i], queries[i], got)
					})
					require.Equal(t, len(list), answered)
				}
			})
		}
	}
}

func compare(t *testing.T, what string, rows []row, d detect.Detector, q sqlpush.Query, got sqlpush.Rows) {
	t.Helper()
	want := inProcess(rows, alike(d))
	require.NotEmpty(t, want, what)
	state := d.New()
	var ids, entries []string
	actors := map[string]bool{}
	for e, err := range sqlpush.Events(q, got) {
		require.NoError(t, err, what)
		state.Add(e)
		ids = append(ids, e.ID)
		entries = append(entries, e.ID)
		if _, each := d.(detect.NoRelation); each { // once for each patient
			entries[len(entries)-1] += fmt.Sprint(e.Patients)
		}
		actors[e.Actor.ID] = true
	}
	a, err := json.MarshalIndent(want, "", " ")
	require.NoError(t, err)
	b, err := json.MarshalIndent(state.Findings(), "", " ")
	require.NoError(t, err)
	require.Equal(t, string(a), string(b), what)
	// The database sends back what the findings are made of and little else: nothing else, but for the bursts that no
	// log-in followed of users and places that have one.
	if _, days := d.(detect.Dormant); !days {
		slices.Sort(entries)
		require.Len(t, slices.Compact(slices.Clone(entries)), len(entries), "%s: each entry once", what)
	}
	needed, all := named(want)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	switch d.(type) {
	case detect.Dormant:
		for _, f := range want {
			delete(actors, f.Actor)
		}
		require.Empty(t, actors, "%s: only those who paused", what)
	case detect.LoginAfterFailures, detect.BulkExport:
		require.Less(t, len(ids), len(rows)/2, what)
	default:
		if all {
			require.Equal(t, needed, ids, what)
		}
	}
}

func TestThePeriodBoundsWhatIsLookedAt(t *testing.T) {
	t.Parallel()
	rows, _ := generate(1)
	from, until := start.Add(90*60*1e9), start.Add(97*3600*1e9)
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			about := table()
			about.From, about.Until = from, until
			d := detect.Denials{Least: 1}
			q, err := sqlpush.Render(e.dialect, about, d)
			require.NoError(t, err)
			var in []row
			for _, r := range rows {
				if r.Stamp == nil || *r.Stamp >= from.UnixMicro() && *r.Stamp < until.UnixMicro() {
					in = append(in, r)
				}
			}
			require.Less(t, len(in), len(rows))
			e.run(t, sqlpush.ClockMicros, rows, []sqlpush.Query{q}, func(_ int, got sqlpush.Rows) {
				state, err := sqlpush.Collect(q, got)
				require.NoError(t, err)
				require.Equal(t, inProcess(in, d), state.Findings())
			})
		})
	}
}

func TestATableMayHaveFewColumns(t *testing.T) {
	t.Parallel()
	rows := []row{{Seq: "1", User: "u", Result: "denied"}, {Seq: "2", User: "u", Result: "success"}, {Seq: "3", User: "", Result: "nonsense"}}
	about := sqlpush.Table{Source: "s", Name: "access_log", Columns: map[sqlpush.Column]string{sqlpush.ColumnID: "seq", sqlpush.ColumnRecorded: "stamp", sqlpush.ColumnActor: "user_id", sqlpush.ColumnOutcome: "result"}}
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			q, err := sqlpush.Render(e.dialect, about, detect.Denials{Least: 1})
			require.NoError(t, err)
			e.run(t, sqlpush.ClockMicros, rows, []sqlpush.Query{q}, func(_ int, got sqlpush.Rows) {
				for event, err := range sqlpush.Events(q, got) {
					require.NoError(t, err)
					require.Equal(t, activity.Event{Source: "s", ID: "1", Actor: activity.Actor{ID: "u", Kind: activity.ActorUnknown}, Action: activity.ActionUnknown, Family: activity.FamilyUnknown, Outcome: activity.OutcomeDenied}, event)
				}
			})
		})
	}
}

func TestLongListsOfEndings(t *testing.T) {
	t.Parallel()
	var list []sqlpush.Ending
	for i := range sqlpush.MaxEndings {
		list = append(list, sqlpush.Ending{Actor: fmt.Sprintf("u%05d", i), Since: start, Until: start.Add(1e9)})
	}
	ends, err := sqlpush.NewEndings(list)
	require.NoError(t, err)
	inside := start.Add(5e8).UnixMicro()
	rows := []row{{Seq: "1", User: "u01999", Stamp: &inside, Result: "OK"}, {Seq: "2", User: "v", Stamp: &inside, Result: "OK"}}
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			q, err := sqlpush.Render(e.dialect, table(), detect.TerminatedUser{Context: ends})
			require.NoError(t, err)
			none, err := sqlpush.NewEndings(nil)
			require.NoError(t, err)
			nobody, err := sqlpush.Render(e.dialect, table(), detect.TerminatedUser{Context: none})
			require.NoError(t, err)
			e.run(t, sqlpush.ClockMicros, rows, []sqlpush.Query{q, nobody}, func(i int, got sqlpush.Rows) {
				state, err := sqlpush.Collect([]sqlpush.Query{q, nobody}[i], got)
				require.NoError(t, err)
				require.Len(t, state.Findings(), 1-i)
			})
		})
	}
}

// An attacker who fails a thousand times a second must not make the statement look at each failure against all others.
func TestAFloodOfFailuresFromOnePlace(t *testing.T) {
	t.Parallel()
	var rows []row
	for i := range 3_000 {
		at := start.Add(time.Duration(i) * time.Millisecond).UnixMicro()
		rows = append(rows, row{Seq: strconv.Itoa(i), Stamp: &at, User: fmt.Sprint("u", i%50), Addr: "10.0.0.1", Verb: "LOGON", Result: "FAIL"})
	}
	for i := range 150 {
		at := start.Add(time.Duration(i) * 20 * time.Millisecond).UnixMicro()
		rows = append(rows, row{Seq: "s" + strconv.Itoa(i), Stamp: &at, User: fmt.Sprint("v", i), Addr: "10.0.0.1", Verb: "LOGON", Result: "OK"})
	}
	list := []detect.Detector{detect.FailedLogins{}, detect.LoginAfterFailures{}}
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			var queries []sqlpush.Query
			for _, d := range list {
				q, err := sqlpush.Render(e.dialect, table(), d)
				require.NoError(t, err)
				queries = append(queries, q)
			}
			e.run(t, sqlpush.ClockMicros, rows, queries, func(i int, got sqlpush.Rows) {
				state, err := sqlpush.Collect(queries[i], got)
				require.NoError(t, err)
				require.Equal(t, inProcess(rows, list[i]), state.Findings())
			})
		})
	}
}
