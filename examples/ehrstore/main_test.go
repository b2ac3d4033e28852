package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

// kept is a backend that remembers its file.
type kept struct {
	*backend
	path string
}

func openFile(t *testing.T, path string) (*sql.DB, kept) {
	t.Helper()
	db, err := openVendor(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	b, err := open(context.Background(), db)
	require.NoError(t, err)
	return db, kept{b, path}
}

func TestContract(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) driver.Backend {
		_, b := openFile(t, filepath.Join(t.TempDir(), "ehr.db"))
		return b
	}, storagetest.Again(func(t *testing.T, first driver.Backend) driver.Backend {
		_, b := openFile(t, first.(kept).path)
		return b
	}), storagetest.Join(func(t *testing.T, b driver.Backend) (driver.Joined, func(bool) error) {
		db, again := openFile(t, b.(kept).path)
		tx, err := db.Begin()
		require.NoError(t, err)
		return joined{again.backend, tx}, func(commit bool) error {
			if commit {
				return tx.Commit()
			}
			return tx.Rollback()
		}
	}), storagetest.Scripts(long.Count(16, 64), 50))
}

// A day of two practices.
func Example() {
	if err := run(context.Background(), nil, os.Stdout, os.Stderr); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Two practices keep their records; each sees its own.
	//   north: ehr.minutes/m-1@1 keep through 2025-05-01
	//   north: ehr.minutes/m-2@2 keep through 2032-03-02
	//   south: ehr.minutes/m-1@1 keep through 2032-03-02
	//   south: m-2 is not there
	// A chart and a record are written in one transaction of the vendor's.
	//   north: m-3 is there
	//   north: m-4 is not there
	// The practice north leaves, and the vendor marks all it has as deleted. Its records are kept.
	//   north: ehr.minutes/m-1@1 keep through 2025-05-01
	//   north: ehr.minutes/m-2@2 keep through 2032-03-02
	//   north: ehr.minutes/m-3@1 keep through 2032-03-02
	// What is older than six years may go, when a second person agrees.
	//   north: m-1 is disposed of
	//   north: m-2 is refused until 2032-03-03
	//   chart_document: 3 charts of the vendor's, 10 rows of the store, 1 of them emptied
	//   north: 9 entries verify, 1 disposed of
	//   south: 1 entries verify, 0 disposed of
}

func TestTheDriverIsShort(t *testing.T) {
	t.Parallel()
	lines := 0
	for _, name := range []string{"driver.go", "reader.go", "writer.go", "store.sql"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		lines += bytes.Count(text, []byte("\n"))
		for _, other := range []string{"storage/memory", "storage/sqlite", "storage/postgres", `hipaasmp/storage"`} {
			require.NotContains(t, string(text), other, "%s stands on the vendor's tables alone", name)
		}
	}
	require.Less(t, lines, 600)
}

func TestWhatIsTheVendorsIsNotTheStores(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, b := openFile(t, filepath.Join(t.TempDir(), "ehr.db"))
	_, err := db.Exec(`INSERT INTO practice (code) VALUES ('T')`)
	require.NoError(t, err)
	_, err = db.Exec(`INSERT INTO chart_document (practice_no, category, ref, revision, entered_us, payload) VALUES (1, 'k', 'a', 1, 0, 'chart'), (1, 'k', 'a', 1, 0, 'again')`)
	require.NoError(t, err)
	row := driver.Row{Kind: "k", ID: "a", Version: 1, Envelope: []byte("e"), Body: []byte("{}"), Salt: []byte("s"), Recorded: time.UnixMicro(0).UTC()}
	for _, tenant := range []string{"T", "t"} {
		require.NoError(t, b.Update(ctx, tenant, func(tx driver.Tx) error {
			_, err := tx.Get("k", "a", 0)
			require.ErrorIs(t, err, driver.ErrNotFound, "a chart is no record")
			return tx.Append([]driver.Row{row}, nil, driver.Head{Epoch: 1, Size: 1})
		}))
	}
	names, err := b.Tenants(ctx, "", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"T", "t"}, names, "practices whose codes differ in case are two tenants")
	_, err = db.Exec(`UPDATE chart_document SET deleted = 1`)
	require.NoError(t, err)
	require.NoError(t, b.View(ctx, "T", func(r driver.Reader) error {
		got, err := r.Get("k", "a", 0)
		require.Equal(t, "{}", string(got.Body), "a mark of the vendor's takes no record away")
		return err
	}))
	var charts int
	require.NoError(t, db.QueryRow(`SELECT count(*) FROM chart_document WHERE module = 'ehr' AND payload IS NOT NULL`).Scan(&charts))
	require.Equal(t, 2, charts)
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	used := filepath.Join(t.TempDir(), "ehr.db")
	require.NoError(t, run(ctx, []string{"-db", used}, io.Discard, io.Discard))
	for _, args := range [][]string{{"-db", used}, {"more"}, {"-nothing"}, {"-db", t.TempDir()}} {
		require.Error(t, run(ctx, args, io.Discard, io.Discard), args)
	}
}
