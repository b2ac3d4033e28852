package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// medium is the yardstick of what is durable: a file of 4 KB blocks that are there already, each written over and made
// durable by fdatasync, as fio does it.
type medium struct {
	f     *os.File
	block []byte
	took  []time.Duration
}

func newMedium(b *testing.B) *medium {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "medium"))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, f.Close()) })
	m := &medium{f: f, block: make([]byte, 4096)}
	for range 256 {
		_, err := f.Write(m.block)
		require.NoError(b, err)
	}
	require.NoError(b, f.Sync())
	return m
}

func (m *medium) write(b *testing.B) {
	start := time.Now()
	_, err := m.f.WriteAt(m.block, int64(len(m.took)%256)*4096)
	require.NoError(b, err)
	require.NoError(b, datasync(m.f))
	m.took = append(m.took, time.Since(start))
}

// rate is how many blocks a second one writer makes durable.
func (m *medium) rate() float64 {
	var sum time.Duration
	for _, d := range m.took {
		sum += d
	}
	return float64(len(m.took)) / sum.Seconds()
}

func median(took []time.Duration) time.Duration {
	took = slices.Sorted(slices.Values(took))
	return took[len(took)/2]
}

// One writer, one document a transaction, durable, with its leaf and a signed checkpoint; in turns with a durable insert
// into a plain table and with fdatasync. Every iteration writes 200 documents; the medians of all are compared.
func BenchmarkAppendAlone(b *testing.B) {
	s, raw, disk := benchStore(b), rawTable(b), newMedium(b)
	insert, err := raw.Prepare(`INSERT INTO doc (id, body) VALUES (?1, ?2)`)
	require.NoError(b, err)
	var own, plain []time.Duration
	for b.Loop() {
		for range 200 {
			id := fmt.Sprintf("n%08d", len(own))
			start := time.Now()
			_, err := s.Put(ctx, "clinic", newNote(id, benchText))
			own = append(own, time.Since(start))
			require.NoError(b, err)
			start = time.Now()
			_, err = insert.Exec(id, []byte(benchText))
			plain = append(plain, time.Since(start))
			require.NoError(b, err)
			disk.write(b)
		}
	}
	b.ReportMetric(float64(median(own).Microseconds()), "p50-us/append")
	b.ReportMetric(float64(median(disk.took).Microseconds()), "p50-us/fdatasync")
	b.ReportMetric(float64(median(own))/float64(median(disk.took)), "x-fdatasync-p50")
	b.ReportMetric(float64(median(own))/float64(median(plain)), "x-raw-insert-p50")
}

// Many callers, one document each, all durable with proof. Every iteration writes 8,192 documents, whatever the number
// of callers; between them fdatasync is measured, so that the rate can be held against what the medium gives a lone
// writer at that time.
func BenchmarkAppendTogether(b *testing.B) {
	for _, callers := range []int{16, 64, 256, 1024} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			const documents = 8192
			s, disk := benchStore(b), newMedium(b)
			var next atomic.Int64
			var own, cpu time.Duration
			for b.Loop() {
				for range 300 {
					disk.write(b)
				}
				last := next.Load() + documents
				start, used := time.Now(), cpuTime()
				var wg sync.WaitGroup
				for range callers {
					wg.Go(func() {
						for i := next.Add(1); i <= last; i = next.Add(1) {
							if _, err := s.Put(ctx, "clinic", newNote(fmt.Sprintf("n%08d", i), benchText)); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				wg.Wait()
				own += time.Since(start)
				cpu += cpuTime() - used
				next.Store(last)
			}
			rate := float64(b.N*documents) / own.Seconds()
			b.ReportMetric(rate, "documents/s")
			b.ReportMetric(float64(cpu.Microseconds())/float64(b.N*documents), "cpu-us/document")
			b.ReportMetric(disk.rate(), "fdatasync/s")
			b.ReportMetric(rate/disk.rate(), "documents/fdatasync")
		})
	}
}
