package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func open(t *testing.T) *Backend {
	t.Helper()
	b, err := Open(context.Background(), filepath.Join(t.TempDir(), "store.db"), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func TestOpens(t *testing.T) {
	b := open(t)
	cur, latest, err := b.Schema(context.Background())
	require.NoError(t, err)
	require.Equal(t, latest, cur)
	require.NoError(t, b.View(context.Background(), "t", func(r driver.Reader) error {
		_, err := r.Head(0)
		require.ErrorIs(t, err, driver.ErrNotFound)
		return nil
	}))
}
