package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) driver.Backend {
		b, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "store.db"), nil)
		require.NoError(t, err)
		return b
	}, storagetest.Again(func(t *testing.T, first driver.Backend) driver.Backend {
		b, err := sqlite.Open(context.Background(), first.(*sqlite.Backend).Path(), nil)
		require.NoError(t, err)
		return b
	}), storagetest.Scripts(long.Drill(64, 64, 10_000), 50), storagetest.Histories(long.Drill(2, 40, 200), long.Drill(200, 496, 504)))
}
