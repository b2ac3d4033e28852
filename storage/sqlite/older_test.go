package sqlite_test

import (
	"compress/gzip"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// olderFile makes a file of a layout that was never released, in testdata/older, with all that the fixture of the first
// layout has, and returns its path and the checkpoint that was signed for it.
func olderFile(t *testing.T, older *sqlite.Options) (path string, checkpoint []byte) {
	t.Helper()
	base := filepath.Join("testdata", "layout_0001")
	packed, err := os.Open(base + ".db.gz")
	require.NoError(t, err)
	defer packed.Close()
	plain, err := gzip.NewReader(packed)
	require.NoError(t, err)
	raw, err := io.ReadAll(plain)
	require.NoError(t, err)
	newest := newPath(t)
	require.NoError(t, os.WriteFile(newest, raw, 0o600))
	checkpoint, err = os.ReadFile(base + ".checkpoint")
	require.NoError(t, err)

	path = filepath.Join(t.TempDir(), "older.db")
	b, err := sqlite.Open(ctx, path, older)
	require.NoError(t, err)
	require.NoError(t, b.Close())
	fill, err := os.ReadFile(filepath.Join("testdata", "older", "fill.sql"))
	require.NoError(t, err)
	db, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, "ATTACH ? AS newest", newest)
	require.NoError(t, err)
	_, err = db.ExecContext(ctx, string(fill))
	require.NoError(t, err)
	require.NoError(t, db.Close())
	return path, checkpoint
}

// layoutOf lists what the database says of its tables, indexes and guards.
func layoutOf(t *testing.T, path string) (out []string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		out = append(out, line)
	}
	require.NoError(t, rows.Err())
	return out
}

func steps(t *testing.T, n int) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	for _, name := range []string{"migrations/0001_older.sql", "migrations/0002_content.sql"}[:n] {
		text, err := os.ReadFile(filepath.Join("testdata", "older", filepath.FromSlash(name)))
		require.NoError(t, err)
		out[name] = &fstest.MapFile{Data: text}
	}
	return out
}

// A migration that moves every row to another table changes no leaf, no root and no checkpoint; what is enforced is the
// same afterwards, and the tables are those of a file that was made new.
func TestAnOlderLayoutComesForwardWithTheSameLeavesAndRoots(t *testing.T) {
	t.Parallel()
	var older, newest sqlite.Options
	older.SetLayouts(steps(t, 1))
	newest.SetLayouts(steps(t, 2))
	path, checkpoint := olderFile(t, &older)
	require.NotContains(t, fmt.Sprint(layoutOf(t, path)), "smp_entry_ref")

	b, err := sqlite.Open(ctx, path, &newest)
	require.NoError(t, err)
	current, latest, err := b.Schema(ctx)
	require.NoError(t, err)
	require.Equal(t, []int{2, 2}, []int{current, latest})
	s := storeOn(t, b, func(o *storage.Options) { o.HoldGrace, o.ClockStep = -1, -1 })
	c, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, string(checkpoint), string(c.Note))
	v, err := s.VerifyTenant(ctx, "clinic", checkpoint)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, 1, v.Disposed)
	n, e, err := storage.Get[Note](ctx, s, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "n7"})
	require.NoError(t, err)
	require.Equal(t, []string{"text 7", "why"}, []string{n.Text, e.Reason})
	_, err = destroy(s, "held", retention.MethodRowRemoved)
	require.ErrorIs(t, err, retention.ErrHeld)
	_, err = destroy(s, "n7", retention.MethodRowRemoved)
	require.ErrorIs(t, err, retention.ErrRetained, "the extension came along")
	_, err = destroy(s, "n8", retention.MethodRowRemoved)
	require.NoError(t, err)
	require.NoError(t, s.RecordMigration(ctx, 1, 2, hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleSecurityOfficial}, "version 2"))
	v, err = s.VerifyTenant(ctx, "clinic", checkpoint)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.NoError(t, s.Close())

	fresh := newPath(t)
	made, err := sqlite.Open(ctx, fresh, nil)
	require.NoError(t, err)
	require.NoError(t, made.Close())
	require.Equal(t, layoutOf(t, fresh), layoutOf(t, path), "the tables are those of a new file")

	// The program of before finds a later layout, and so does one that knows only the first.
	_, err = sqlite.Open(ctx, path, &older)
	require.ErrorIs(t, err, storage.ErrSchemaNewer)
	_, err = sqlite.Open(ctx, path, nil)
	require.ErrorIs(t, err, storage.ErrSchemaNewer)
}

// A migration that fails leaves the file as it was, so that the program of before goes on.
func TestAMigrationThatFailsLeavesTheLayoutOfBefore(t *testing.T) {
	t.Parallel()
	var older, broken, newest sqlite.Options
	older.SetLayouts(steps(t, 1))
	newest.SetLayouts(steps(t, 2))
	half := fstest.MapFS{}
	for _, name := range []string{"migrations/0001_older.sql", "migrations/0002_content.sql"} {
		text, err := fs.ReadFile(steps(t, 2), name)
		require.NoError(t, err)
		half[name] = &fstest.MapFile{Data: text}
	}
	half["migrations/0002_content.sql"].Data = append(half["migrations/0002_content.sql"].Data, "\nSELECT no_such_function();"...)
	broken.SetLayouts(half)
	path, checkpoint := olderFile(t, &older)
	before := layoutOf(t, path)
	_, err := sqlite.Open(ctx, path, &broken)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "no_such_function", "the database's own words stay inside")
	require.Equal(t, before, layoutOf(t, path))
	b, err := sqlite.Open(ctx, path, &newest)
	require.NoError(t, err)
	s := storeOn(t, b)
	v, err := s.VerifyTenant(ctx, "clinic", checkpoint)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.NoError(t, s.Close())
}
