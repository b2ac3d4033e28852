package sqlite_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage"
)

// cpuTime is the processor time of this process.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bareC compiles the yardstick: SQLite in C, the same kind of rows into one plain table.
func bareC(b *testing.B) func(n int) (usPerRow float64) {
	b.Helper()
	source, err := filepath.Abs("../../../shared/tools/csqlite_insert.c")
	require.NoError(b, err)
	if _, err := os.Stat(source); err != nil {
		b.Skip("needs the source of the yardstick in C, which stands beside the repository")
	}
	binary := filepath.Join(b.TempDir(), "csqlite")
	if out, err := exec.Command("gcc", "-O2", "-o", binary, source, "-lsqlite3").CombinedOutput(); err != nil {
		b.Skipf("needs gcc and the headers of SQLite: %.200s", out)
	}
	line := regexp.MustCompile(`batch insert.*cpu=([0-9.]+)us`)
	return func(n int) float64 {
		out, err := exec.Command(binary, b.TempDir(), strconv.Itoa(n), "0.01").Output()
		require.NoError(b, err)
		found := line.FindSubmatch(out)
		require.NotNil(b, found, "%s", out)
		us, err := strconv.ParseFloat(string(found[1]), 64)
		require.NoError(b, err)
		return us
	}
}

// Processor time for each document in bulk, a thousand a transaction, validated, canonical, hashed, in the tree and with
// a signed checkpoint, against SQLite in C inserting a row of the same length and nothing else. Both take turns.
func BenchmarkBulkCPUAgainstBareC(b *testing.B) {
	c := bareC(b)
	for _, sealed := range []bool{false, true} {
		b.Run(fmt.Sprintf("sealed=%v", sealed), func(b *testing.B) {
			s := benchStore(b, func(o *storage.Options) {
				if sealed {
					o.Keys = newSpy(b).KeyRing
				}
			})
			const batch, turn = 1000, 20
			var own time.Duration
			var bare, turns float64
			n := 0
			for b.Loop() {
				start := cpuTime()
				for range turn {
					putMany(b, s, n, batch)
					n += batch
				}
				own += cpuTime() - start
				b.StopTimer()
				bare += c(200_000)
				turns++
				b.StartTimer()
			}
			us := float64(own.Nanoseconds()) / 1000 / float64(n)
			b.ReportMetric(us, "cpu-us/document")
			b.ReportMetric(bare/turns, "cpu-us/row-in-C")
			b.ReportMetric(us/(bare/turns), "x-C")
		})
	}
}

// Bytes of the file for each byte of body, after the log was folded in: documents of 0.9 KB, in bulk and one a
// transaction, with identities in order and at random.
func BenchmarkStoreBytes(b *testing.B) {
	for _, x := range []struct {
		name   string
		batch  int
		random bool
	}{{"bulk", 1000, false}, {"bulk-random-ids", 1000, true}, {"alone", 1, false}} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				path := newPath(b)
				s := storeOn(b, openBackend(b, path, nil))
				const n = 20_000
				bodies := 0
				for from := 0; from < n; from += x.batch {
					require.NoError(b, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
						for i := from; i < from+x.batch; i++ {
							id := fmt.Sprintf("n%08d", i)
							if x.random {
								id = fmt.Sprintf("n%016x", uint64(i)*0x9E3779B97F4A7C15)
							}
							e, err := tx.Put(newNote(id, benchText))
							if err != nil {
								return err
							}
							bodies += len(e.Body)
						}
						return nil
					}))
				}
				require.NoError(b, s.Close())
				info, err := os.Stat(path)
				require.NoError(b, err)
				b.ReportMetric(float64(info.Size())/float64(bodies), "x-body")
				b.ReportMetric(float64(info.Size())/n, "bytes/document")
				b.ReportMetric(float64(bodies)/n, "body-bytes")
			}
		})
	}
}
