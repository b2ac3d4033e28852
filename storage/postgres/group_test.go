package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// firstWaits is a backend whose first Update waits until the test lets it go.
type firstWaits struct {
	driver.Backend
	once             sync.Once
	entered, release chan struct{}
}

func (f *firstWaits) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	f.once.Do(func() {
		close(f.entered)
		<-f.release
	})
	return f.Backend.Update(ctx, tenant, fn)
}

// ready is a note that tells when it is about to be put.
type ready struct {
	note
	n *atomic.Int64
}

func (r ready) Validate() error {
	r.n.Add(1)
	return nil
}

// More than a thousand writers that wait are written in transactions of 512 at most. A writer that comes late is in a later
// one, and those that are in time fill the first.
func TestATransactionHas512WritesAtMost(t *testing.T) {
	t.Parallel()
	f := &firstWaits{Backend: open(t, server.Database(t), postgres.Options{}), entered: make(chan struct{}), release: make(chan struct{})}
	var mu sync.Mutex
	most, all := 0, 0
	s, err := storage.New(f, storage.Options{Signer: newSigner(t), Clock: func() time.Time { return march }, After: []storage.Hook{func(_ context.Context, c storage.Commit) error {
		mu.Lock()
		defer mu.Unlock()
		most, all = max(most, len(c.Entries)), all+len(c.Entries)
		return nil
	}}})
	require.NoError(t, err)
	const writers = 1200
	var prepared atomic.Int64
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() { _, errs[i] = s.Put(context.Background(), "t", ready{newNote(fmt.Sprint("n", i)), &prepared}) })
		if i == 0 {
			<-f.entered
		}
	}
	for deadline := time.Now().Add(time.Minute); prepared.Load() < writers && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond) // from there to the queue it is a few steps
	close(f.release)
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, writers, all)
	require.Equal(t, 512, most)
	v, err := s.VerifyTenant(context.Background(), "t")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}
