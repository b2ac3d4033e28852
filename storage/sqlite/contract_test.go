package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

// tamper tries what changes no schema, on a connection without the store's settings.
func tamper(db *sql.DB) {
	for _, statement := range []string{
		`UPDATE smp_entry SET body = x'00'`, `UPDATE OR REPLACE smp_entry SET n = n + 1`, `DELETE FROM smp_entry`,
		`REPLACE INTO smp_entry SELECT n, kind, id, version, recorded, keep, x'00', leaf, salt, key, reason, head, body FROM smp_entry`,
		`UPDATE smp_entry SET body = NULL, salt = NULL, key = NULL, reason = NULL`, `DELETE FROM smp_kind`,
	} {
		_, _ = db.Exec(statement)
	}
}

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
	}), storagetest.Tamper(func(t *testing.T, b driver.Backend) {
		db, err := sql.Open("sqlite", b.(*sqlite.Backend).Path())
		require.NoError(t, err)
		defer db.Close()
		tamper(db)
	}), storagetest.Scripts(long.Drill(64, 64, 10_000), 50), storagetest.Histories(long.Drill(2, 40, 200), long.Drill(200, 496, 504)))
}
