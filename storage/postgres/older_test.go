package postgres_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// steps are the first n steps of a layout that was never released.
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

// layoutOf lists the columns and the constraints of a schema.
func layoutOf(t *testing.T, dsn, schema string) (out []string) {
	t.Helper()
	rows, err := connect(t, dsn).Query(context.Background(), `
		SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(collation_name, '')
		  FROM information_schema.columns WHERE table_schema = $1
		UNION ALL SELECT 'constraint ' || r.relname || ' ' || replace(pg_get_constraintdef(c.oid), $1 || '.', '')
		  FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace WHERE n.nspname = $1
		ORDER BY 1`, schema)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		out = append(out, line)
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, out)
	return out
}

// A migration that moves every row to another table changes no leaf, no root and no checkpoint; what is enforced is the
// same afterwards, and the tables are those of a new schema.
func TestAnOlderLayoutComesForwardWithTheSameLeavesAndRoots(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := server.Database(t)
	signer := newSigner(t)
	was := newStore(t, open(t, dsn, postgres.Options{Schema: "newest"}), signer)
	for i := range 20 {
		_, err := was.Put(ctx, "t", newNote(fmt.Sprint("n", i)), storage.Reason("why"))
		require.NoError(t, err)
	}
	hold := retention.Hold{Matter: "open", Reason: "why", Refs: []hipaasmp.Ref{newNote("n1").DocumentRef()}, PlacedBy: manager}
	_, err := was.PlaceHold(ctx, "t", hold)
	require.NoError(t, err)
	hold.Matter, hold.Refs = "closed", []hipaasmp.Ref{newNote("n2").DocumentRef()}
	_, err = was.PlaceHold(ctx, "t", hold)
	require.NoError(t, err)
	_, err = was.ReleaseHold(ctx, "t", "closed", manager, "closed")
	require.NoError(t, err)
	_, err = was.Extend(ctx, "t", newNote("n3").DocumentRef(), hipaasmp.Day(2040, 1, 1), manager, "contract")
	require.NoError(t, err)
	require.NoError(t, destroy(was, newNote("n4").DocumentRef()))
	checkpoint, err := was.Checkpoint(ctx, "t")
	require.NoError(t, err)

	older, newest := postgres.Options{Schema: "older"}, postgres.Options{Schema: "older"}
	older.SetLayouts(steps(t, 1))
	newest.SetLayouts(steps(t, 2))
	b, err := postgres.Open(ctx, dsn, &older)
	require.NoError(t, err)
	require.NoError(t, b.Close())
	fill, err := os.ReadFile(filepath.Join("testdata", "older", "fill.sql"))
	require.NoError(t, err)
	_, err = connect(t, dsn).Exec(ctx, string(fill))
	require.NoError(t, err)

	forward := open(t, dsn, newest)
	current, latest, err := forward.Schema(ctx)
	require.NoError(t, err)
	require.Equal(t, []int{2, 2}, []int{current, latest})
	s := newStore(t, forward, signer)
	c, err := s.Checkpoint(ctx, "t")
	require.NoError(t, err)
	require.Equal(t, string(checkpoint.Note), string(c.Note))
	v, err := s.VerifyTenant(ctx, "t", checkpoint.Note)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, 1, v.Disposed)
	e, err := s.Get(ctx, "t", newNote("n7").DocumentRef())
	require.NoError(t, err)
	require.Equal(t, "why", e.Reason)
	require.ErrorIs(t, destroy(s, newNote("n1").DocumentRef()), retention.ErrHeld)
	require.ErrorIs(t, destroy(s, newNote("n3").DocumentRef()), retention.ErrRetained)
	require.NoError(t, destroy(s, newNote("n2").DocumentRef()))
	require.NoError(t, s.RecordMigration(ctx, 1, 2, official, "version 2"))
	v, err = s.VerifyTenant(ctx, "t", checkpoint.Note)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, layoutOf(t, dsn, "newest"), layoutOf(t, dsn, "older"))

	// The program of before finds a later layout, and so does one that knows another history of it.
	_, err = postgres.Open(ctx, dsn, &older)
	require.ErrorIs(t, err, storage.ErrSchemaNewer)
	_, err = postgres.Open(ctx, dsn, &postgres.Options{Schema: "older"})
	require.ErrorIs(t, err, storage.ErrForeign, "the first step is another: the schema has a history of its own")
}

// destroy takes a disposal through all of its steps in one transaction.
func destroy(s *storage.Store, ref hipaasmp.Ref) error {
	return s.Update(context.Background(), "t", func(tx *storage.Tx) error {
		if _, err := tx.ProposeDisposal(ref, retention.MethodRowRemoved, official); err != nil {
			return err
		}
		if _, err := tx.ReviewDisposal(ref, official, ""); err != nil {
			return err
		}
		if _, err := tx.ApproveDisposal(ref, manager); err != nil {
			return err
		}
		_, err := tx.Dispose(ref, manager)
		return err
	})
}
