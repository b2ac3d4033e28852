package sqlpush_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// What the tables of the database say of people and patients leads to the findings, and to the bytes of the states, that
// the same tables in memory lead to.
func TestTablesOfTheDatabaseSayWhatTablesInMemorySay(t *testing.T) {
	t.Parallel()
	for _, e := range engines() {
		for _, clock := range e.clocks {
			t.Run(e.name+" "+string(clock), func(t *testing.T) {
				t.Parallel()
				seeds := long.Drill(1, 4, 4)
				if e.name == "sqlite" {
					seeds = long.Drill(4, 16, 16)
				}
				found := map[detect.ID]int{}
				for seed := range uint64(seeds) {
					s := surround(seed)
					checkAnswers(t, e, clock, seed, s, plant(visits(seed, s, 500), s), found)
				}
				for _, p := range surround(0).detectors(t, clock) {
					require.Positive(t, found[p.here.Describe().ID], "%s finds nothing in any seed", p.here.Describe().ID)
				}
			})
		}
	}
}

func checkAnswers(t *testing.T, e engine, clock sqlpush.Clock, seed uint64, s surroundings, rows []row, found map[detect.ID]int) {
	t.Helper()
	about := table()
	about.Clock = clock
	list := s.detectors(t, clock)
	var queries []sqlpush.Query
	for _, p := range list {
		q, err := sqlpush.Render(e.dialect, about, p.there)
		require.NoError(t, err)
		queries = append(queries, q)
	}
	answered := 0
	e.run(t, clock, rows, queries, func(i int, got sqlpush.Rows) {
		answered++
		id := list[i].here.Describe().ID
		what := fmt.Sprintf("%s (%d) of seed %d\n%s", id, i, seed, queries[i].Text)
		here := list[i].here.New()
		for _, r := range rows {
			here.Add(r.event())
		}
		sent := &counted{Rows: got}
		there, err := sqlpush.Collect(queries[i], sent)
		require.NoError(t, err, what)
		a, err := json.MarshalIndent(here.Findings(), "", " ")
		require.NoError(t, err)
		b, err := json.MarshalIndent(there.Findings(), "", " ")
		require.NoError(t, err)
		require.Equal(t, string(a), string(b), what)
		marks := 0
		for _, f := range here.Findings() {
			marks += int(f.Count)
			found[id]++
		}
		switch id {
		case detect.IDSharedAccount, detect.IDFishing, detect.IDBulkExport, detect.IDTwoPlaces: // what is sent is what findings follow from
		case detect.IDSameSurname, detect.IDNeighbour, detect.IDLongAgo: // the detector looks closer
			require.LessOrEqual(t, sent.n, 2*marks+40, what)
		default:
			x, err := here.Encode()
			require.NoError(t, err)
			y, err := there.Encode()
			require.NoError(t, err)
			require.Equal(t, string(x), string(y), what)
			require.LessOrEqual(t, sent.n, marks+60, "%s: what is sent is what findings are made of, and second deliveries", what)
		}
	}, s.tables)
	require.Equal(t, len(list), answered)
}

// counted counts rows.
type counted struct {
	sqlpush.Rows
	n int
}

func (c *counted) Next() bool {
	ok := c.Rows.Next()
	if ok {
		c.n++
	}
	return ok
}

// Tables without a row answer as tables in memory without a row do.
func TestEmptyTables(t *testing.T) {
	t.Parallel()
	s := surround(0)
	rows := visits(3, s, 40)
	none := surroundings{zone: s.zone, aliases: map[string]string{}}
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			checkAnswers(t, e, sqlpush.ClockMicros, 0, none, rows, map[detect.ID]int{})
			checkAnswers(t, e, sqlpush.ClockMicros, 0, s, nil, map[detect.ID]int{})
		})
	}
}

// A NUL in an identity is a letter like others where the database can hold it; PostgreSQL cannot.
func TestIdentitiesWithNUL(t *testing.T) {
	t.Parallel()
	s := surround(0)
	rows := visits(5, s, 300)
	for i := range rows {
		switch i % 5 {
		case 0:
			rows[i].User = "w1\x00"
		case 1:
			rows[i].MRN += "\x00x"
		}
	}
	for _, e := range engines() {
		if e.name == "postgres" {
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			checkAnswers(t, e, sqlpush.ClockMicros, 0, s, rows, map[detect.ID]int{})
		})
	}
}
