package sqlpush_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// A table of SQLite whose times are texts is an error. Cut to their year they would be times in 1970, and with a period in
// which no such time lies the log would look empty.
func TestTimesThatAreTextsAreAnErrorInSQLite(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", ":memory:")
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{"CREATE TABLE logons (n integer, at, who text, how text, verb text)",
		"INSERT INTO logons VALUES (1, 1767625200000000, 'u7', 'denied', 'login'), (2, 1767625200000000.0, 'u7', 'denied', 'login'), (3, NULL, 'u7', 'denied', 'login'), (4, '', 'u7', 'denied', 'login')"} {
		_, err := db.ExecContext(t.Context(), q)
		require.NoError(t, err)
	}
	about := sqlpush.Table{Source: "portal", Name: "logons", Columns: map[sqlpush.Column]string{sqlpush.ColumnID: "n", sqlpush.ColumnRecorded: "at",
		sqlpush.ColumnActor: "who", sqlpush.ColumnAction: "verb", sqlpush.ColumnOutcome: "how"}}
	look := func(table sqlpush.Table) (detect.Partial, error) {
		q, err := sqlpush.Render(sqlpush.SQLite(), table, detect.Denials{Least: 1})
		require.NoError(t, err)
		rows, err := db.QueryContext(t.Context(), q.Text, q.Args...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		return sqlpush.Collect(q, rows)
	}
	state, err := look(about)
	require.NoError(t, err)
	require.Len(t, state.Findings(), 1)
	require.EqualValues(t, 4, state.Findings()[0].Count)
	require.Equal(t, int64(1767625200000000), state.Findings()[0].First.UnixMicro())
	require.Equal(t, int64(1767625200000000), state.Findings()[0].Last.UnixMicro())

	_, err = db.ExecContext(t.Context(), "INSERT INTO logons VALUES (5, '2026-01-05T15:00:00Z', 'u7', 'denied', 'login')")
	require.NoError(t, err)
	_, err = look(about)
	require.ErrorContains(t, err, "give microseconds since 1970 in a view")
	about.From, about.Until = start, start.AddDate(1, 0, 0)
	_, err = look(about)
	require.ErrorContains(t, err, "give microseconds since 1970 in a view", "with a period, too")
}

// A word of the enumeration stands for itself beside those that are translated, as it does in a profile.
func TestWordsBesideThoseThatAreTranslated(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", ":memory:")
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{"CREATE TABLE logons (n integer, at integer, who text, how text)",
		"INSERT INTO logons VALUES (1, 1, 'u7', 'denied'), (2, 2, 'u7', 'NO'), (3, 3, 'u7', 'No'), (4, 4, 'u7', 'success')"} {
		_, err := db.ExecContext(t.Context(), q)
		require.NoError(t, err)
	}
	q, err := sqlpush.Render(sqlpush.SQLite(), sqlpush.Table{Source: "portal", Name: "logons", Words: map[sqlpush.Column]map[string]string{sqlpush.ColumnOutcome: {"NO": "denied"}},
		Columns: map[sqlpush.Column]string{sqlpush.ColumnID: "n", sqlpush.ColumnRecorded: "at", sqlpush.ColumnActor: "who", sqlpush.ColumnOutcome: "how"}}, detect.Denials{Least: 1})
	require.NoError(t, err)
	rows, err := db.QueryContext(t.Context(), q.Text, q.Args...)
	require.NoError(t, err)
	defer rows.Close()
	state, err := sqlpush.Collect(q, rows)
	require.NoError(t, err)
	require.Len(t, state.Findings(), 1)
	require.EqualValues(t, 2, state.Findings()[0].Count)
	_, err = sqlpush.Collect(q, nil)
	require.ErrorContains(t, err, "there are no rows")
}
