package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/pgtest"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// The yardstick of each figure is the barest pgx statement that does the same work on a table of the same bodies,
// measured in the same run: "x-bare" is how many times longer the store takes.

var benchBody = []byte(`{"text":"` + strings.Repeat("0123456789abcdef", 55) + `"}`)

func benchStore(b *testing.B) (*storage.Store, opened, *pgx.Conn) {
	b.Helper()
	dsn := server.Database(b)
	pgtest.Exec(b, dsn, "CREATE TABLE bare (id bigint PRIMARY KEY, body bytea NOT NULL)")
	o := open(b, dsn, postgres.Options{})
	return newStore(b, o, newSigner(b)), o, connect(b, dsn)
}

func benchNote(id string) note {
	n := newNote(id)
	n.Text = string(benchBody)
	return n
}

func timed(b *testing.B, n int, f func(i int)) time.Duration {
	b.Helper()
	began := time.Now()
	for i := range n {
		f(i)
	}
	return time.Since(began) / time.Duration(max(n, 1))
}

func BenchmarkLoneDurableAppendWithProof(b *testing.B) {
	ctx := context.Background()
	store, _, conn := benchStore(b)
	bare := timed(b, b.N, func(i int) {
		_, err := conn.Exec(ctx, "INSERT INTO bare VALUES ($1, $2)", i, benchBody)
		require.NoError(b, err)
	})
	b.ResetTimer()
	per := timed(b, b.N, func(i int) {
		_, err := store.Put(ctx, "t", benchNote(fmt.Sprint("n", i)))
		require.NoError(b, err)
	})
	b.ReportMetric(float64(per)/float64(bare), "x-bare")
	b.ReportMetric(float64(time.Second)/float64(per), "appends/s")
}

func BenchmarkConcurrentDurableAppendsWithProof(b *testing.B) {
	ctx := context.Background()
	for _, writers := range []int{64, 1024} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			store, o, _ := benchStore(b)
			conns := make([]*pgx.Conn, 16)
			for i := range conns {
				conns[i] = connect(b, o.dsn)
			}
			n := max(b.N, writers)
			together := func(k int, f func(w, i int)) time.Duration {
				var wg sync.WaitGroup
				began := time.Now()
				for w := range k {
					wg.Go(func() {
						for i := w; i < n; i += k {
							f(w, i)
						}
					})
				}
				wg.Wait()
				return time.Since(began)
			}
			bare := together(len(conns), func(w, i int) {
				if _, err := conns[w].Exec(ctx, "INSERT INTO bare VALUES ($1, $2)", i, benchBody); err != nil {
					b.Error(err)
				}
			})
			b.ResetTimer()
			took := together(writers, func(_, i int) {
				if _, err := store.Put(ctx, "t", benchNote(fmt.Sprint("n", i))); err != nil {
					b.Error(err)
				}
			})
			b.ReportMetric(float64(took)/float64(bare), "x-bare-16-conns")
			b.ReportMetric(float64(n)/took.Seconds(), "appends/s")
		})
	}
}

// The ids are in order, as those of an import often are.
func BenchmarkBulkOfThousandInOneTransaction(b *testing.B) {
	ctx := context.Background()
	const size = 1000
	for _, noCopy := range []bool{false, true} {
		b.Run(map[bool]string{false: "copy", true: "insert"}[noCopy], func(b *testing.B) {
			_, o, conn := benchStore(b)
			o = open(b, o.dsn, postgres.Options{NoCopy: noCopy})
			store := newStore(b, o, newSigner(b))
			bare := timed(b, b.N, func(i int) {
				_, err := conn.CopyFrom(ctx, pgx.Identifier{"bare"}, []string{"id", "body"}, pgx.CopyFromSlice(size, func(k int) ([]any, error) {
					return []any{i*size + k, benchBody}, nil
				}))
				require.NoError(b, err)
			})
			b.ResetTimer()
			per := timed(b, b.N, func(i int) {
				require.NoError(b, store.Update(ctx, "t", func(tx *storage.Tx) error {
					for k := range size {
						if _, err := tx.Put(benchNote(fmt.Sprintf("n%08d", i*size+k))); err != nil {
							return err
						}
					}
					return nil
				}))
			})
			b.ReportMetric(float64(per)/float64(bare), "x-bare-copy")
			b.ReportMetric(size*float64(time.Second)/float64(per), "records/s")
		})
	}
}

func BenchmarkPointReadAndScan(b *testing.B) {
	ctx := context.Background()
	store, o, conn := benchStore(b)
	const size = 2000
	require.NoError(b, store.Update(ctx, "t", func(tx *storage.Tx) error {
		for k := range size {
			if _, err := tx.Put(benchNote(fmt.Sprint("n", k))); err != nil {
				return err
			}
		}
		return nil
	}))
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"bare"}, []string{"id", "body"}, pgx.CopyFromSlice(size, func(k int) ([]any, error) { return []any{k, benchBody}, nil }))
	require.NoError(b, err)
	require.NoError(b, tryExec(b, o.dsn, "ANALYZE"))
	b.Run("point", func(b *testing.B) {
		var body []byte
		bare := timed(b, b.N, func(i int) {
			require.NoError(b, conn.QueryRow(ctx, "SELECT body FROM bare WHERE id = $1", i%size).Scan(&body))
		})
		b.ResetTimer()
		per := timed(b, b.N, func(i int) {
			_, err := store.Get(ctx, "t", newNote(fmt.Sprint("n", i%size)).DocumentRef())
			require.NoError(b, err)
		})
		b.ReportMetric(float64(per)/float64(bare), "x-bare")
		b.ReportMetric(float64(time.Second)/float64(per), "reads/s")
	})
	b.Run("scan", func(b *testing.B) {
		bare := timed(b, b.N, func(int) {
			rows, err := conn.Query(ctx, "SELECT id, body FROM bare ORDER BY id")
			require.NoError(b, err)
			for rows.Next() {
				var id int64
				var body []byte
				require.NoError(b, rows.Scan(&id, &body))
			}
		})
		b.ResetTimer()
		per := timed(b, b.N, func(int) {
			require.NoError(b, o.View(ctx, "t", func(r driver.Reader) error {
				q := driver.Query{Limit: driver.MaxPage}
				for n := 0; ; {
					rows, err := r.Scan(q)
					if err != nil || len(rows) == 0 {
						require.Equal(b, size, n)
						return err
					}
					n += len(rows)
					q.AfterKind, q.AfterID = rows[len(rows)-1].Kind, rows[len(rows)-1].ID
				}
			}))
		})
		b.ReportMetric(float64(per)/float64(bare), "x-bare")
		b.ReportMetric(size*float64(time.Second)/float64(per), "rows/s")
	})
}
