package sqlite_test

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

func kindNote(n int) Note {
	x := newNote("n", "text")
	x.Header = hipaasmp.NewHeader(hipaasmp.Kind(fmt.Sprintf("clinic.k%04d", n)), "n")
	return x
}

func TestLimits(t *testing.T) {
	t.Parallel()
	t.Run("a tenant has at most 4,095 kinds", func(t *testing.T) {
		t.Parallel()
		const most = 4095
		b := openBackend(t, newPath(t), nil)
		s := storeOn(t, b)
		require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
			for n := range most {
				if _, err := tx.Put(kindNote(n)); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, again := range []*storage.Store{s, storeOn(t, openBackend(t, b.Path(), nil))} {
			_, err := again.Put(ctx, "clinic", kindNote(most))
			require.ErrorIs(t, err, storage.ErrUnsupported)
			require.ErrorContains(t, err, "at most 4,095 kinds")
			_, err = again.Get(ctx, "clinic", kindNote(most).DocumentRef())
			require.ErrorIs(t, err, storage.ErrNotFound)
			_, err = again.Put(ctx, "clinic", kindNote(most-1))
			require.NoError(t, err, "a kind that is there takes more")
		}
		_, err := s.Put(ctx, "other", kindNote(most))
		require.NoError(t, err, "another tenant has its own")
		n := 0
		for e, err := range s.List(ctx, "clinic", storage.Query{}) {
			require.NoError(t, err)
			require.Equal(t, hipaasmp.Kind(fmt.Sprintf("clinic.k%04d", n)), e.Kind)
			n++
		}
		require.Equal(t, most, n)
		v, err := s.VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.NoError(t, v.Err())
		require.Equal(t, uint64(most+2), v.Size)
	})
	t.Run("a file has at most 2,097,151 tenants", func(t *testing.T) {
		t.Parallel()
		path := newPath(t)
		require.NoError(t, openBackend(t, path, nil).Close())
		db, err := sql.Open("sqlite", path)
		require.NoError(t, err)
		_, err = db.Exec("INSERT INTO smp_tenant (id, name) VALUES (2097151, 'last')")
		require.NoError(t, err)
		require.NoError(t, db.Close())
		s := storeOn(t, openBackend(t, path, nil))
		_, err = s.Put(ctx, "next", newNote("n", "text"))
		require.ErrorIs(t, err, storage.ErrUnsupported)
		require.ErrorContains(t, err, "at most 2,097,151 tenants")
		for i := range 300 { // beyond a tile, so that every number that holds a tenant is written
			_, err = s.Put(ctx, "last", newNote(fmt.Sprint("n", i), "text"))
			require.NoError(t, err, "the last is a tenant as any other")
		}
		p, err := s.Prove(ctx, "last", 7)
		require.NoError(t, err)
		_, _, err = p.Verify(s.Verifiers())
		require.NoError(t, err)
		v, err := s.VerifyTenant(ctx, "last")
		require.NoError(t, err)
		require.NoError(t, v.Err())
	})
}
