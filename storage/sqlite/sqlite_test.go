package sqlite

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sqlite3 "modernc.org/sqlite"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

var ctx = context.Background()

func open(t testing.TB, options ...func(*Options)) *Backend {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "store.db"), options...)
}

func openAt(t testing.TB, path string, options ...func(*Options)) *Backend {
	t.Helper()
	var o Options
	for _, f := range options {
		f(&o)
	}
	b, err := Open(ctx, path, &o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// appendOne writes one document with its node and head; n is the size of the ledger before.
func appendOne(tx driver.Tx, n uint64, id string, version uint64, keep hipaasmp.Date) error {
	row := driver.Row{Kind: "test.thing", ID: id, Version: version, Seq: n, Recorded: time.UnixMicro(1770120000000000).UTC(),
		KeepThrough: keep, Envelope: []byte("envelope"), Body: []byte("body"), Salt: []byte("salt"), Key: []byte("key"), Reason: "why"}
	row.Leaf[0] = byte(n)
	nodes := []driver.Node{{ID: driver.NodeID(0, n), Hash: row.Leaf}}
	for level := 1; (n+1)%(1<<level) == 0; level++ {
		nodes = append(nodes, driver.Node{ID: driver.NodeID(level, n>>level)})
	}
	return tx.Append([]driver.Row{row}, nodes, driver.Head{Epoch: 1, Size: n + 1, Recorded: row.Recorded, Edge: []byte("edge"), Note: []byte("note")})
}

// filled is a store with a bit of everything.
func filled(t testing.TB, options ...func(*Options)) *Backend {
	t.Helper()
	b := open(t, options...)
	fill(t, b)
	return b
}

func fill(t testing.TB, b *Backend) {
	t.Helper()
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error {
		for n, id := range []string{"kept", "held", "old", "open"} {
			keep := map[string]string{"kept": "2999-01-01", "held": "2020-01-01", "old": "2020-01-01"}[id]
			var day hipaasmp.Date
			if keep != "" {
				day = civil.Date(keep)
			}
			if err := appendOne(tx, uint64(n), id, 1, day); err != nil {
				return err
			}
		}
		if err := tx.PlaceHold(driver.Hold{Matter: "m", Scope: []driver.Scope{{Kind: "test.thing", ID: "held"}}}); err != nil {
			return err
		}
		if err := tx.Dispose("test.thing", "old", hipaasmp.Day(2026, 2, 3)); err != nil {
			return err
		}
		return tx.ExtendRetention("test.thing", "kept", hipaasmp.Day(2999, 6, 1))
	}))
}

// Every setting is asked of a connection as the store uses it, without the authorizer that would forbid the question.
func TestSettings(t *testing.T) {
	t.Parallel()
	b := filled(t)
	db := sql.OpenDB(connector{dsn: dsn(b.path, b.opts)})
	defer db.Close()
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "recursive_triggers": "1", "trusted_schema": "0", "cell_size_check": "1",
		"foreign_keys": "1", "secure_delete": "1", "temp_store": "2", "busy_timeout": "10000", "fullfsync": "1", "checkpoint_fullfsync": "1",
		"application_id": "1213418832", "user_version": "1", "journal_size_limit": "67108864",
	} {
		var got string
		require.NoError(t, db.QueryRow("PRAGMA "+pragma).Scan(&got), pragma)
		require.Equal(t, want, got, pragma)
	}
	var s string
	require.Error(t, db.QueryRow(`SELECT "a string"`).Scan(&s), "double quotes make no strings")
	_, err := db.Exec("PRAGMA writable_schema=1")
	require.NoError(t, err)
	_, err = db.Exec("DELETE FROM sqlite_master WHERE name = 'smp_entry_update'")
	require.Error(t, err, "defensive mode")
	require.True(t, sqlite3.StrictPragmasEnabled())
	var tables, strict int
	require.NoError(t, db.QueryRow(`SELECT count(*), sum(strict) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`).Scan(&tables, &strict))
	require.Equal(t, tables, strict)
	require.Equal(t, 12, tables)
}

func TestTheFileIsReadableByItsOwnerOnly(t *testing.T) {
	t.Parallel()
	b := filled(t)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(b.path + suffix)
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "%s is %v", suffix, info.Mode())
	}
}

func TestClosingIsClean(t *testing.T) {
	t.Parallel()
	b := filled(t)
	require.NoError(t, b.Close())
	entries, err := os.ReadDir(filepath.Dir(b.path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "the write-ahead log is folded into the file")
	again := openAt(t, b.path)
	require.NoError(t, again.View(ctx, "t", func(r driver.Reader) error {
		rows, err := r.Entries(0, 10)
		require.Len(t, rows, 4)
		return err
	}))
}

func TestPathsAreTakenAsTheyAre(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a b.db", "a?mode=memory.db", "a#b.db", "100%25.db", "ä&_pragma=user_version(7).db", "'; DROP TABLE smp_entry; --"} {
		b, err := Open(ctx, filepath.Join(dir, name), nil)
		require.NoError(t, err, name)
		require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error { return appendOne(tx, 0, "a", 1, hipaasmp.Date{}) }))
		require.NoError(t, b.Close())
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err, name)
		require.NotZero(t, info.Size())
	}
}

func TestMigrationsAreNumberedAndRecorded(t *testing.T) {
	t.Parallel()
	steps, err := Options{}.migrations()
	require.NoError(t, err)
	require.NotEmpty(t, steps)
	b := open(t)
	require.NoError(t, b.View(ctx, "x", func(r driver.Reader) error {
		for i, m := range steps {
			require.Equal(t, i+1, m.number)
			var name, sum string
			require.NoError(t, r.(*reader).row(`SELECT name, checksum FROM smp_migration WHERE number = ?1`, m.number).Scan(&name, &sum))
			require.Equal(t, m.name, name)
			require.Equal(t, m.checksum, sum)
		}
		return nil
	}))
}

// The first layout is released with the first version; from then on a change is a new file.
func TestReleasedMigrationsDoNotChange(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"0001_initial"} {
		_, err := migrationFiles.ReadFile("migrations/" + name + ".sql")
		require.NoError(t, err)
	}
}

func TestTextsOfErrorsHoldNoSQL(t *testing.T) {
	t.Parallel()
	b := filled(t)
	err := b.Update(ctx, "t", func(tx driver.Tx) error {
		_, err := tx.(*txType).exec(`DELETE FROM smp_entry`)
		return err
	})
	require.Error(t, err)
	for _, word := range []string{"DELETE", "entry", "RAISE", "never"} {
		require.NotContains(t, strings.TrimPrefix(err.Error(), driver.ErrImmutable.Error()), word)
	}
	var de *driver.Error
	require.ErrorAs(t, err, &de)
}

type txType = tx

func TestAWriterThatWaitsTooLongIsTold(t *testing.T) {
	t.Parallel()
	impatient := func(o *Options) { o.Patience = 30 * time.Millisecond }
	b := open(t, impatient)
	second := openAt(t, b.path, impatient)
	require.NoError(t, b.Update(ctx, "t", func(driver.Tx) error {
		for _, other := range []*Backend{b, second} { // the same handle, as a closure that writes again; another process
			err := other.Update(ctx, "t", func(driver.Tx) error { return nil })
			require.ErrorIs(t, err, driver.ErrBusy)
			require.ErrorContains(t, err, "try again")
		}
		return nil
	}))
	require.NoError(t, b.Update(ctx, "t", func(driver.Tx) error { return nil }), "nothing is left locked")
	require.NoError(t, second.Update(ctx, "t", func(driver.Tx) error { return nil }))
}

func TestSnapshotsAreBounded(t *testing.T) {
	t.Parallel()
	b := open(t, func(o *Options) { o.Readers, o.Patience = 2, 30*time.Millisecond })
	none := func(driver.Reader) error { return nil }
	require.NoError(t, b.View(ctx, "t", func(driver.Reader) error {
		return b.View(ctx, "t", func(driver.Reader) error {
			require.ErrorIs(t, b.View(ctx, "t", none), driver.ErrBusy)
			return nil
		})
	}))
	require.NoError(t, b.View(ctx, "t", none))
}

// A connection that is left inside a transaction cannot begin another; the store must not be stuck with it.
func TestABrokenConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	b := filled(t)
	for _, pool := range []chan *conn{b.writer, b.readers} {
		for range cap(pool) {
			c := <-pool
			if c != nil {
				require.NoError(t, c.exec(ctx, "BEGIN"))
			}
			pool <- c
		}
	}
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error { return appendOne(tx, 4, "new", 1, hipaasmp.Date{}) }))
	for range cap(b.readers) {
		require.NoError(t, b.View(ctx, "t", func(r driver.Reader) error {
			_, err := r.Get("test.thing", "new", 0)
			return err
		}))
	}
}
