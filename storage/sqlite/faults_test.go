package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// A single bit of the file flips. Either a replay with one anchor finds it, or the file does not open, or nothing that
// anybody wrote has changed: the flip fell into free space or into a counter.
func TestEveryFlippedBitThatMattersIsFound(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	b, err := sqlite.Open(ctx, path, nil)
	require.NoError(t, err)
	s := storeOn(t, b)
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		for i := range 260 {
			if _, err := tx.Put(newNote(fmt.Sprint("m", i), "text "+strconv.Itoa(i)), storage.Reason("why")); err != nil {
				return err
			}
		}
		return nil
	}))
	for i := range 5 {
		_, err := s.Put(ctx, "clinic", newNote("n", strconv.Itoa(i)))
		require.NoError(t, err)
	}
	anchor, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	all := func(s *storage.Store) (out []string, err error) {
		for e, err := range s.Entries(ctx, "clinic", 0, anchor.Size) {
			if err != nil {
				return nil, err
			}
			out = append(out, e.Leaf().String()+string(e.Body)+e.Reason)
		}
		return out, nil
	}
	want, err := all(s)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	file, err := os.ReadFile(path)
	require.NoError(t, err)

	rng := rand.New(rand.NewPCG(9, 10))
	found, closed, silent := 0, 0, 0
	for range long.Drill(120, 400, 2000) {
		at, bit := rng.IntN(len(file)), byte(1)<<rng.IntN(8)
		changed := append([]byte(nil), file...)
		changed[at] ^= bit
		copied := newPath(t)
		require.NoError(t, os.WriteFile(copied, changed, 0o600))
		b, err := sqlite.Open(ctx, copied, nil)
		if err != nil {
			closed++
			continue
		}
		s := storeOn(t, b)
		v, err := s.VerifyTenant(ctx, "clinic", anchor.Note)
		if err != nil || v.Err() != nil {
			found++
		} else {
			got, err := all(s)
			require.NoError(t, err)
			require.Equal(t, want, got, "bit %d of byte %d changed something and nothing noticed", bit, at)
			silent++
		}
		require.NoError(t, b.Close())
	}
	t.Logf("%d found, %d did not open, %d changed nothing", found, closed, silent)
	require.Positive(t, found)
}

// The process may write no further than a limit, at every size the files have on the way: the write that does not fit is
// refused with a typed error, and what was acknowledged before is there.
func TestEveryWriteThatDoesNotFitIsRefusedCleanly(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs a limit on the size of files")
	}
	for k := 1; k <= long.Drill(12, 60, 60); k++ {
		path := newPath(t)
		limit := k * 12 << 10
		if long.On && !long.Race {
			limit = k * 3 << 10
		}
		cmd := child(t, "limited", path, strconv.Itoa(limit))
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		acknowledged, refusal := uint64(0), ""
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if n, err := strconv.ParseUint(lines.Text(), 10, 64); err == nil {
				acknowledged = n
			} else {
				refusal = lines.Text()
			}
		}
		_ = cmd.Wait()
		require.Contains(t, refusal, "refused: ", "limit %d", limit)
		b, err := sqlite.Open(ctx, path, nil)
		require.NoError(t, err, "limit %d: %s", limit, refusal)
		s := storeOn(t, b)
		v, err := s.VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.NoError(t, v.Err())
		require.GreaterOrEqual(t, v.Size, acknowledged, "limit %d", limit)
		require.LessOrEqual(t, v.Size, acknowledged+1)
		_, err = s.Put(ctx, "clinic", newNote("n", "after"))
		require.NoError(t, err, "it goes on where there is room")
		require.NoError(t, s.Close())
	}
}

// Ten thousand callers write one document each at the same moment.
func TestTenThousandWritersAtOnce(t *testing.T) {
	n := 10_000
	if long.Race {
		n = 1000
	}
	for range long.Drill(1, 2, 20) {
		manyWritersAtOnce(t, n)
	}
}

func manyWritersAtOnce(t *testing.T, n int) {
	s := storeOn(t, openBackend(t, newPath(t), nil))
	before := runtime.NumGoroutine()
	errs := make([]error, n)
	var wg sync.WaitGroup
	start := time.Now()
	for i := range n {
		wg.Go(func() { _, errs[i] = s.Put(ctx, "clinic", newNote(fmt.Sprint("n", i), "text")) })
	}
	wg.Wait()
	took := time.Since(start)
	for _, err := range errs {
		require.NoError(t, err)
	}
	t.Logf("%d writers in %v", n, took)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(n), v.Size)
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+2 }, 5*time.Second, 10*time.Millisecond, "no goroutine is left")
}

// Backups are taken while others write. Each restores to a checkpoint that was published, verifies, and goes on in a new
// epoch without a second root at any size.
func TestBackupsTakenDuringWritesRestore(t *testing.T) {
	t.Parallel()
	s := storeOn(t, openBackend(t, newPath(t), nil))
	_, err := s.Put(ctx, "clinic", newNote("n", "first"))
	require.NoError(t, err)
	stop, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; stop.Err() == nil; i++ {
			if _, err := s.Put(ctx, "clinic", newNote(fmt.Sprint("n", i%7), strconv.Itoa(i))); err != nil {
				t.Error(err)
				return
			}
		}
	})
	defer wg.Wait()
	defer cancel()
	for range long.Drill(5, 100, 100) {
		path := filepath.Join(t.TempDir(), "restored.db")
		f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
		require.NoError(t, err)
		_, err = s.Backup(ctx, f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		b, err := sqlite.Open(ctx, path, nil)
		require.NoError(t, err)
		r := storeOn(t, b)
		c, err := r.Checkpoint(ctx, "clinic")
		require.NoError(t, err)
		published, err := s.CheckpointAt(ctx, "clinic", c.Size)
		require.NoError(t, err)
		require.Equal(t, published, c)
		v, err := r.VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.NoError(t, v.Err())
		_, err = r.NewEpoch(ctx, "clinic", hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleSecurityOfficial}, "restored", storage.AfterRestore())
		require.NoError(t, err)
		after, err := r.Checkpoint(ctx, "clinic")
		require.NoError(t, err)
		require.NotEqual(t, c.Origin, after.Origin)
		require.NoError(t, b.Close())
	}
}
