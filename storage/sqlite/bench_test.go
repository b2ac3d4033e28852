package sqlite_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// The benchmarks write a document of about 0.9 KB. Each that can be slowed by the disk or the machine measures its
// yardstick in the same run, turn by turn, and reports the ratio: that is the figure to compare.

var benchText = strings.Repeat("The review found nothing unusual. ", 23)

func benchStore(b *testing.B, options ...func(*storage.Options)) *storage.Store {
	b.Helper()
	backend, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "store.db"), nil)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, backend.Close()) })
	return storeOn(b, backend, options...)
}

// rawTable is modernc's SQLite with the same settings and one plain table: the yardstick.
func rawTable(b *testing.B) *sql.DB {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(b.TempDir(), "raw.db"))+"?_txlock=immediate&_journal_mode=WAL&_synchronous=FULL")
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	_, err = db.Exec(`CREATE TABLE doc (id TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT`)
	require.NoError(b, err)
	return db
}

// filledStore holds n documents of one tenant, written in bulk.
func filledStore(b *testing.B, n int) *storage.Store {
	b.Helper()
	s := benchStore(b)
	for from := 0; from < n; from += 1000 {
		putMany(b, s, from, min(1000, n-from))
	}
	return s
}

func putMany(b *testing.B, s *storage.Store, from, n int) {
	b.Helper()
	require.NoError(b, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		for i := range n {
			if _, err := tx.Put(newNote(fmt.Sprintf("n%08d", from+i), benchText)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// A thousand documents a transaction, for each document; against the same into a plain table.
func BenchmarkAppendBulk(b *testing.B) {
	s, raw := benchStore(b), rawTable(b)
	const batch = 1000
	var own, plain time.Duration
	n := 0
	b.ResetTimer()
	for b.Loop() {
		start := time.Now()
		putMany(b, s, n, batch)
		own += time.Since(start)
		b.StopTimer()
		start = time.Now()
		tx, err := raw.Begin()
		require.NoError(b, err)
		insert, err := tx.Prepare(`INSERT INTO doc (id, body) VALUES (?1, ?2)`)
		require.NoError(b, err)
		for i := range batch {
			_, err := insert.Exec(fmt.Sprintf("n%08d", n+i), []byte(benchText))
			require.NoError(b, err)
		}
		require.NoError(b, tx.Commit())
		plain += time.Since(start)
		n += batch
		b.StartTimer()
	}
	b.ReportMetric(float64(own.Microseconds())/float64(n), "us/document")
	b.ReportMetric(float64(own)/float64(plain), "x-raw-insert")
}

func BenchmarkGet(b *testing.B) {
	s := filledStore(b, 10_000)
	ref := func(i int) hipaasmp.Ref {
		return hipaasmp.Ref{Kind: KindNote, ID: fmt.Sprintf("n%08d", i*7919%10_000)}
	}
	b.Run("entry", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			_, err := s.Get(ctx, "clinic", ref(i))
			require.NoError(b, err)
		}
	})
	b.Run("typed", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			_, _, err := storage.Get[Note](ctx, s, "clinic", ref(i))
			require.NoError(b, err)
		}
	})
	raw := rawTable(b)
	for i := range 10_000 {
		_, err := raw.Exec(`INSERT INTO doc (id, body) VALUES (?1, ?2)`, fmt.Sprintf("n%08d", i), []byte(benchText))
		require.NoError(b, err)
	}
	get, err := raw.Prepare(`SELECT body FROM doc WHERE id = ?1`)
	require.NoError(b, err)
	b.Run("raw", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			var body []byte
			require.NoError(b, get.QueryRow(ref(i).ID).Scan(&body))
		}
	})
}

func BenchmarkScan(b *testing.B) {
	const n = 20_000
	s := filledStore(b, n)
	rows := 0
	start := time.Now()
	for b.Loop() {
		for _, err := range s.List(ctx, "clinic", storage.Query{Kind: KindNote}) {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
	}
	b.ReportMetric(float64(rows)/time.Since(start).Seconds(), "rows/s")
}

func BenchmarkInclusion(b *testing.B) {
	const n = 50_000
	s := filledStore(b, n)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		_, err := s.Inclusion(ctx, "clinic", uint64(i*7919%n), n)
		require.NoError(b, err)
	}
}

func BenchmarkVerifyTenant(b *testing.B) {
	const n = 20_000
	s := filledStore(b, n)
	entries := 0
	start := time.Now()
	for b.Loop() {
		v, err := s.VerifyTenant(ctx, "clinic")
		require.NoError(b, err)
		require.NoError(b, v.Err())
		entries += n
	}
	b.ReportMetric(float64(entries)/time.Since(start).Seconds(), "entries/s")
}
