package postgres

import (
	"context"
	"sync"
	"time"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// queue lets the writers of one tenant in this process go one after the other. The database would do the same, at the
// price of a connection for each that waits.
type queue struct {
	mu      sync.Mutex
	tenants map[string]*waiters
}

type waiters struct {
	turn chan struct{} // holds a token while somebody writes
	n    int           // who writes or waits
}

// enter waits for the turn of the caller, who calls leave at the end.
func (q *queue) enter(ctx context.Context, tenant string, patience time.Duration) (leave func(), err error) {
	q.mu.Lock()
	w := q.tenants[tenant]
	if w == nil {
		w = &waiters{turn: make(chan struct{}, 1)}
		q.tenants[tenant] = w
	}
	w.n++
	q.mu.Unlock()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case w.turn <- struct{}{}:
		return func() { <-w.turn; q.forget(tenant, w) }, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = &driver.Error{Kind: driver.ErrBusy, Op: "begin"}
	}
	q.forget(tenant, w)
	return nil, err
}

func (q *queue) forget(tenant string, w *waiters) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if w.n--; w.n == 0 {
		delete(q.tenants, tenant)
	}
}
