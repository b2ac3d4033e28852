package evidence

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

func TestProgressEndsWhereItSaidAndChangesNoByte(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	want := h.write(h.options())
	var seen []Progress
	o := h.options()
	o.Progress = func(p Progress) { seen = append(seen, p) }
	require.Equal(t, want, h.write(o))
	require.NotEmpty(t, seen)
	last := map[Stage]Progress{}
	for _, p := range seen {
		require.True(t, p.Stage.IsValid())
		require.LessOrEqual(t, p.Done, p.Total)
		require.GreaterOrEqual(t, p.Done, last[p.Stage].Done, "it never goes back")
		last[p.Stage] = p
	}
	for _, stage := range Stage("").Values() {
		require.Equal(t, last[stage].Total, last[stage].Done, stage)
	}
	require.Equal(t, uint64(len(contents(t, want))), last[StageFiles].Total)
}

// The bodies together are many times what memory may hold.
func TestManyRecordsGoThroughLittleMemory(t *testing.T) {
	records := long.Count(3000, 100_000)
	if long.Race {
		records = 3000 // memory is what is asked about, and the detector needs its own
	}
	const body = 4 << 10
	limit := uint64(24<<20) + uint64(records)*2048
	signer := newSigner(t, "key")
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	backend, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "many.db"), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, backend.Close()) }()
	s, err := storage.New(backend, storage.Options{Signer: signer, Random: &stream{seed: "salt"}, Clock: func() time.Time { now = now.Add(time.Millisecond); return now }})
	require.NoError(t, err)
	text := strings.Repeat("x", body)
	const batch = 500
	for i := 0; i < records; i += batch {
		require.NoError(t, s.Update(t.Context(), tenant, func(tx *storage.Tx) error {
			for j := i; j < min(i+batch, records); j++ {
				if _, err := tx.Put(newDraft(fmt.Sprintf("d%06d", j), text)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	base, most, calls := m.HeapAlloc, uint64(0), 0
	_, err = Write(t.Context(), io.Discard, s, tenant, Options{
		Period: hipaasmp.Period{From: date("2026-01-01"), To: date("2026-01-31")}, AsOf: date("2026-01-31"), Made: now, Signer: signer,
		Progress: func(Progress) {
			if calls++; calls%1000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc-min(base, m.HeapAlloc))
			}
		},
	})
	require.NoError(t, err)
	require.Positive(t, most)
	t.Logf("%d records of %d bytes: at most %d KiB of live heap", records, body, most>>10)
	require.Less(t, most, limit)
}
