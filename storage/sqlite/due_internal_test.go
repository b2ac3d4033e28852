package sqlite

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A daily sweep of millions reads the index and nothing else, in its order: no row of an entry, which would be a page for
// each, and nothing that is sorted, which would hold all of them before the first is given.
func TestASweepReadsTheIndexAloneAndInOrder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	b, err := Open(t.Context(), path, nil)
	require.NoError(t, err)
	require.NoError(t, b.Close())
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.Query("EXPLAIN QUERY PLAN "+scanDue, 4097, "", 19000, 1, "k", 1000)
	require.NoError(t, err)
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	require.NoError(t, rows.Err())
	require.Len(t, steps, 2, "a step for each table and none that sorts: %q", steps)
	require.Contains(t, steps[0], "SEARCH e USING COVERING INDEX smp_entry_ref (kind=? AND id>?)")
	require.Contains(t, steps[1], "SEARCH d USING PRIMARY KEY (tenant=? AND kind=? AND id=?)")
}
