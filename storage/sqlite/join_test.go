package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

// openProduct opens the database of a product as such a product would, with the table that is its own.
func openProduct(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?_txlock=immediate&_journal_mode=WAL&_busy_timeout=10000")
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(`CREATE TABLE IF NOT EXISTS entry (id TEXT PRIMARY KEY, text TEXT) STRICT`)
	return db, err
}

func product(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := openProduct(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestContractOnACallersDatabase(t *testing.T) {
	t.Parallel()
	dbs := func(t *testing.T, path string) *sqlite.Backend {
		b, err := sqlite.OpenDB(ctx, product(t, path), nil)
		require.NoError(t, err)
		return b
	}
	storagetest.Run(t, func(t *testing.T) driver.Backend { return dbs(t, newPath(t)) },
		storagetest.Again(func(t *testing.T, first driver.Backend) driver.Backend { return dbs(t, first.(*sqlite.Backend).Path()) }),
		storagetest.Join(func(t *testing.T, b driver.Backend) (driver.Joined, func(bool) error) {
			db := product(t, b.(*sqlite.Backend).Path())
			tx, err := db.Begin()
			require.NoError(t, err)
			j, err := b.(*sqlite.Backend).Join(ctx, tx)
			require.NoError(t, err)
			return j, func(commit bool) error {
				if commit {
					return tx.Commit()
				}
				return tx.Rollback()
			}
		}),
		storagetest.Tamper(func(t *testing.T, b driver.Backend) { tamper(product(t, b.(*sqlite.Backend).Path())) }),
		storagetest.Scripts(long.Count(8, 64), 50))
}

func productRows(t testing.TB, db *sql.DB) (n uint64) {
	t.Helper()
	require.NoError(t, db.QueryRow(`SELECT count(*) FROM entry`).Scan(&n))
	return n
}

func TestTheCallersTransactionDecides(t *testing.T) {
	t.Parallel()
	db := product(t, newPath(t))
	b, err := sqlite.OpenDB(ctx, db, nil)
	require.NoError(t, err)
	var told []storage.Commit
	s := storeOn(t, b, func(o *storage.Options) {
		o.After = append(o.After, func(_ context.Context, c storage.Commit) error { told = append(told, c); return nil })
	})
	write := func(id string, finish func(*sql.Tx) error) *storage.Joint {
		tx, err := db.Begin()
		require.NoError(t, err)
		defer func() { _ = tx.Rollback() }()
		_, err = tx.Exec(`INSERT INTO entry VALUES (?1, 'mine')`, id)
		require.NoError(t, err)
		j, err := b.Join(ctx, tx)
		require.NoError(t, err)
		joint := s.In(j)
		e, err := joint.Put(ctx, "clinic", newNote(id, "text"))
		require.NoError(t, err)
		got, err := joint.Get(ctx, "clinic", e.Ref())
		require.NoError(t, err)
		require.Equal(t, e.Seq, got.Seq)
		n := 0
		for _, err := range joint.List(ctx, "clinic", storage.Query{}) {
			require.NoError(t, err)
			n++
		}
		require.Positive(t, n)
		require.NoError(t, finish(tx))
		return joint
	}
	write("a", (*sql.Tx).Rollback)
	require.Zero(t, productRows(t, db))
	_, err = s.Checkpoint(ctx, "clinic")
	require.ErrorIs(t, err, storage.ErrNotFound)

	joint := write("a", (*sql.Tx).Commit)
	require.Empty(t, told, "the hooks wait for the word of the caller")
	joint.Committed(ctx)
	joint.Committed(ctx)
	require.Len(t, told, 1)
	write("b", (*sql.Tx).Rollback)
	write("c", (*sql.Tx).Commit).Committed(ctx)
	_, err = s.Put(ctx, "clinic", newNote("d", "text"))
	require.NoError(t, err)
	require.Equal(t, uint64(2), productRows(t, db))
	v, err := s.VerifyTenant(ctx, "clinic", told[0].Checkpoint.Note, told[1].Checkpoint.Note)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(3), v.Size)
}

// A connection on which the caller began by hand joins as a *sql.Tx does; one without a transaction does not.
func TestAConnectionIsJoinedInsideATransactionOnly(t *testing.T) {
	t.Parallel()
	db := product(t, newPath(t))
	db.SetMaxOpenConns(1) // many programs give SQLite one connection
	b, err := sqlite.OpenDB(ctx, db, nil)
	require.NoError(t, err)
	s := storeOn(t, b)
	_, err = s.Put(ctx, "clinic", newNote("a", "text"))
	require.NoError(t, err)
	c, err := db.Conn(ctx)
	require.NoError(t, err)
	_, err = b.Join(ctx, c)
	require.ErrorIs(t, err, storage.ErrNoTransaction)
	_, err = c.ExecContext(ctx, "BEGIN IMMEDIATE")
	require.NoError(t, err)
	j, err := b.Join(ctx, c)
	require.NoError(t, err)
	_, err = s.In(j).Put(ctx, "clinic", newNote("b", "text"))
	require.NoError(t, err)
	_, err = c.ExecContext(ctx, "COMMIT")
	require.NoError(t, err)
	require.NoError(t, c.Close())
	_, err = b.Join(ctx, c)
	require.ErrorIs(t, err, storage.ErrClosed)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(2), v.Size)
}

func TestWhatCannotBeJoined(t *testing.T) {
	t.Parallel()
	db := product(t, newPath(t))
	b, err := sqlite.OpenDB(ctx, db, &sqlite.Options{Patience: 50 * time.Millisecond})
	require.NoError(t, err)
	own := openBackend(t, newPath(t), nil)
	var last *sql.Tx
	begin := func(db *sql.DB) *sql.Tx {
		if last != nil {
			_ = last.Rollback()
		}
		var err error
		last, err = db.Begin()
		require.NoError(t, err)
		return last
	}
	t.Cleanup(func() { _ = last.Rollback() })
	other := product(t, newPath(t))
	_, err = sqlite.OpenDB(ctx, other, nil)
	require.NoError(t, err)
	plain := product(t, newPath(t))
	ended := begin(db)
	require.NoError(t, ended.Rollback())
	for name, x := range map[string]struct {
		join func() (driver.Joined, error)
		want error
	}{
		"nothing":                            {func() (driver.Joined, error) { return b.Join(ctx, nil) }, storage.ErrUnsupported},
		"a store with a file of its own":     {func() (driver.Joined, error) { return own.Join(ctx, begin(db)) }, storage.ErrUnsupported},
		"a transaction on another database":  {func() (driver.Joined, error) { return b.Join(ctx, begin(other)) }, storage.ErrForeign},
		"a transaction on one without store": {func() (driver.Joined, error) { return b.Join(ctx, begin(plain)) }, storage.ErrForeign},
		"a transaction that has ended":       {func() (driver.Joined, error) { return b.Join(ctx, ended) }, storage.ErrClosed},
	} {
		_, err := x.join()
		require.ErrorIs(t, err, x.want, name)
		require.NotContains(t, err.Error(), "sql", name)
	}
	// The store itself waits for the caller's transaction, and says so.
	tx := begin(db)
	s := storeOn(t, b)
	_, err = tx.Exec(`INSERT INTO entry VALUES ('x', 'mine')`)
	require.NoError(t, err)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err = s.Put(short, "clinic", newNote("a", "text"))
	require.True(t, errors.Is(err, context.DeadlineExceeded) || errors.Is(err, storage.ErrBusy), "%v", err)
	require.NoError(t, tx.Rollback())
	require.NoError(t, b.Close())
	_, err = b.Join(ctx, begin(db))
	require.ErrorIs(t, err, storage.ErrClosed)
	require.NoError(t, db.Ping(), "the database is the caller's and stays open")
}

func TestWhichDatabasesAStoreGoesInto(t *testing.T) {
	t.Parallel()
	_, err := sqlite.OpenDB(ctx, nil, nil)
	require.ErrorIs(t, err, storage.ErrUnsupported)
	// What would lose acknowledged writes.
	db, err := sql.Open("sqlite", newPath(t)+"?_pragma=synchronous(normal)")
	require.NoError(t, err)
	defer db.Close()
	_, err = sqlite.OpenDB(ctx, db, nil)
	require.ErrorIs(t, err, storage.ErrUnsupported)
	require.ErrorContains(t, err, "AllowLoss")
	_, err = sqlite.OpenDB(ctx, db, &sqlite.Options{AllowLoss: true})
	require.NoError(t, err)
	// Tables of these names that somebody else made.
	taken := product(t, newPath(t))
	_, err = taken.Exec(`CREATE TABLE smp_entry (a)`)
	require.NoError(t, err)
	_, err = sqlite.OpenDB(ctx, taken, nil)
	require.ErrorIs(t, err, storage.ErrForeign)
	// A later version.
	newer := product(t, newPath(t))
	_, err = sqlite.OpenDB(ctx, newer, nil)
	require.NoError(t, err)
	_, err = newer.Exec(`INSERT INTO smp_migration VALUES (99, 'later', '')`)
	require.NoError(t, err)
	_, err = sqlite.OpenDB(ctx, newer, nil)
	require.ErrorIs(t, err, storage.ErrSchemaNewer)
	// A backup of the caller's database holds the caller's rows too.
	b, err := sqlite.OpenDB(ctx, product(t, newPath(t)), nil)
	require.NoError(t, err)
	c := b.Capabilities()
	require.False(t, c.EnforcesWORM)
	require.True(t, c.GuardsRows)
	require.True(t, c.Joins)
	require.True(t, openBackend(t, newPath(t), nil).Capabilities().EnforcesWORM)
}

// joinAndWrite is the other process: it writes a row of the product's, joins, writes a document, commits, and says so.
func joinAndWrite(path string) error {
	db, err := openProduct(path)
	if err != nil {
		return err
	}
	b, err := sqlite.OpenDB(ctx, db, nil)
	if err != nil {
		return err
	}
	s, err := childStore(b)
	if err != nil {
		return err
	}
	for {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(`SELECT count(*) FROM entry`).Scan(&n); err != nil {
			return err
		}
		id := fmt.Sprint("n", n)
		if _, err := tx.Exec(`INSERT INTO entry VALUES (?1, 'mine')`, id); err != nil {
			return err
		}
		fmt.Println("between")
		j, err := b.Join(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := s.In(j).Put(ctx, "clinic", newNote(id, "text")); err != nil {
			return err
		}
		fmt.Println("written")
		if err := tx.Commit(); err != nil {
			return err
		}
		fmt.Println("committed", id)
	}
}

// The process is killed between its own write and the commit, and at random moments: the row and the document are both
// there or neither is.
func TestAKillLeavesTheCallersRowAndTheDocumentOrNeither(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	db := product(t, path)
	b, err := sqlite.OpenDB(ctx, db, nil)
	require.NoError(t, err)
	s := storeOn(t, b)
	rng := rand.New(rand.NewPCG(3, 4))
	stops := map[string]int{}
	for range long.Drill(12, 120, 120) {
		cmd := child(t, "join", path, "")
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		last, acknowledged := "", ""
		for left := 1 + rng.IntN(40); left > 0 && lines.Scan(); left-- {
			last = lines.Text()
			if _, err := fmt.Sscanf(last, "committed %s", &acknowledged); err == nil {
				last = "committed"
			}
		}
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		stops[last]++
		v, err := s.VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.NoError(t, v.Err())
		require.Equal(t, productRows(t, db), v.Size, "one document for each row")
		if acknowledged != "" {
			_, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindNote, ID: acknowledged})
			require.NoError(t, err)
		}
	}
	require.Positive(t, stops["between"]+stops["written"], "no kill fell inside a transaction: %v", stops)
}
