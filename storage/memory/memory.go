package memory

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// maxBody is the longest body that is kept, 16 MiB.
const maxBody = 16 << 20

// patience is how long a writer waits for another before [driver.ErrBusy].
const patience = 10 * time.Second

// Backend is a driver.Backend in memory. Make one with [New].
type Backend struct {
	mu      sync.Mutex // guards everything below and all that tenants hold
	tenants map[string]*tenant
	closed  bool
	// running counts Updates and Views, so that Close can wait for them.
	running sync.WaitGroup
}

var _ driver.Backend = (*Backend)(nil)

// New returns an empty backend.
func New() *Backend { return &Backend{tenants: map[string]*tenant{}} }

// enter returns the tenant and counts the caller in. A tenant that is new is kept only for a writer.
func (b *Backend) enter(ctx context.Context, name string, writes bool) (*tenant, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if name == "" {
		return nil, driver.ErrTenant
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, driver.ErrClosed
	}
	t := b.tenants[name]
	if t == nil {
		t = newTenant(name)
		if writes {
			b.tenants[name] = t
		}
	}
	b.running.Add(1)
	return t, nil
}

// Update runs fn in one transaction; see driver.Backend.
func (b *Backend) Update(ctx context.Context, name string, fn func(driver.Tx) error) error {
	t, err := b.enter(ctx, name, true)
	if err != nil {
		return err
	}
	defer b.running.Done()
	if err := t.lock(ctx); err != nil {
		return err
	}
	defer t.unlock()

	b.mu.Lock()
	tx := &tx{reader{b: b, t: t, at: t.commits + 1, alive: true}}
	b.mu.Unlock()
	done := false
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		tx.alive = false
		if !done {
			t.rollback()
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	t.commit()
	done = true
	return nil
}

// View runs fn over one snapshot; see driver.Backend.
func (b *Backend) View(ctx context.Context, name string, fn func(driver.Reader) error) error {
	t, err := b.enter(ctx, name, false)
	if err != nil {
		return err
	}
	defer b.running.Done()
	b.mu.Lock()
	r := &reader{b: b, t: t, at: t.commits, alive: true}
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		r.alive = false
	}()
	return fn(r)
}

// Tenants returns the names of tenants that have rows; see driver.Backend.
func (b *Backend) Tenants(ctx context.Context, after string, limit int) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, driver.ErrClosed
	}
	var names []string
	for name, t := range b.tenants {
		if name > after && t.size(t.commits) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names[:min(len(names), max(limit, 0))], nil
}

// Backup returns driver.ErrUnsupported: there is no file to write.
func (b *Backend) Backup(context.Context, io.Writer) (driver.BackupInfo, error) {
	if err := b.open(); err != nil {
		return driver.BackupInfo{}, err
	}
	return driver.BackupInfo{}, driver.ErrUnsupported
}

// Schema returns 1, 1: there are no numbered layouts.
func (b *Backend) Schema(context.Context) (current, latest int, err error) {
	return 1, 1, b.open()
}

// Migrate accepts the one layout there is.
func (b *Backend) Migrate(_ context.Context, to int) error {
	if err := b.open(); err != nil {
		return err
	}
	switch {
	case to > 1:
		return driver.ErrSchemaNewer
	case to < 1:
		return driver.ErrUnsupported
	}
	return nil
}

// Capabilities says what the driver can do; see driver.Backend.
func (b *Backend) Capabilities() driver.Capabilities {
	return driver.Capabilities{Name: "memory", MaxBody: maxBody}
}

// Close ends the use of the backend and forgets everything.
func (b *Backend) Close() error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.running.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tenants = nil
	return nil
}

func (b *Backend) open() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return driver.ErrClosed
	}
	return nil
}
