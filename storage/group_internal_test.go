package storage

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// held is a backend whose first Update waits until the test lets it go.
type held struct {
	driver.Backend
	once    sync.Once
	entered chan struct{}
	release chan struct{}
}

func (h *held) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	h.once.Do(func() {
		close(h.entered)
		<-h.release
	})
	return h.Backend.Update(ctx, tenant, fn)
}

// However many writers wait, a transaction writes for 512 of them at most: what it holds in memory, and what one error
// takes along, is bounded. Those behind are written by the next, and every write is kept.
func TestATransactionHas512WritesAtMost(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) driver.Backend{
		"memory": func(*testing.T) driver.Backend { return memory.New() },
		"sqlite": func(t *testing.T) driver.Backend {
			b, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), nil)
			require.NoError(t, err)
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signer, err := NewSigner(strings.NewReader(strings.Repeat("a", 64)), "clinic.example")
			require.NoError(t, err)
			h := &held{Backend: open(t), entered: make(chan struct{}), release: make(chan struct{})}
			var mu sync.Mutex
			var sizes []int
			s, err := New(h, Options{Signer: signer, After: []Hook{func(_ context.Context, c Commit) error {
				mu.Lock()
				defer mu.Unlock()
				sizes = append(sizes, len(c.Entries))
				return nil
			}}})
			require.NoError(t, err)
			defer s.Close()
			const behind = 2*mostTogether + 75
			errs := make([]error, 1+behind)
			var wg sync.WaitGroup
			put := func(i int) {
				wg.Go(func() {
					_, errs[i] = s.Put(context.Background(), "clinic", leafDoc{hipaasmp.NewHeader("clinic.leaf", fmt.Sprint("d", i))})
				})
			}
			put(0)
			<-h.entered
			for i := range behind {
				put(1 + i)
			}
			waiting := func() int {
				s.groups.mu.Lock()
				defer s.groups.mu.Unlock()
				return len(s.groups.tenants["clinic"])
			}
			for deadline := time.Now().Add(time.Minute); waiting() < behind && time.Now().Before(deadline); {
				time.Sleep(time.Millisecond)
			}
			require.Equal(t, behind, waiting(), "all wait behind the first")
			close(h.release)
			wg.Wait()
			for _, err := range errs {
				require.NoError(t, err)
			}
			require.ElementsMatch(t, []int{1, 512, 512, 75}, sizes)
			v, err := s.VerifyTenant(context.Background(), "clinic")
			require.NoError(t, err)
			require.NoError(t, v.Err())
			require.EqualValues(t, 1+behind, v.Size)
			require.Empty(t, s.groups.tenants, "nobody leads when nobody waits")
		})
	}
}
