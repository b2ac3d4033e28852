package storage

import (
	"context"
	"errors"
	"sync"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// mostTogether bounds how many writes share one transaction.
const mostTogether = 512

// groups lets writers of one tenant that come at the same time share a transaction: one of them leads and writes for
// all that wait, so that sixty-four callers cost one fsync and one signature. A lone caller leads a group of one. No
// goroutine is started: the leader is a caller.
type groups struct {
	mu      sync.Mutex
	tenants map[string][]*waiting // a key is there while somebody leads; the value is who waits
}

// waiting is one write and what came of it.
type waiting struct {
	p    prepared
	e    Entry
	err  error
	done chan struct{} // closed when e and err are set
	lead chan struct{} // closed when this caller is to lead
}

// errLeaderLeft tells a follower that the leader's context ended before the commit, and that it should try by itself.
var errLeaderLeft = errors.New("storage: the leading writer left")

// enter joins the writers of a tenant; true means that the caller leads.
func (g *groups) enter(tenant string, w *waiting) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.tenants == nil {
		g.tenants = map[string][]*waiting{}
	}
	queue, led := g.tenants[tenant]
	if led {
		g.tenants[tenant] = append(queue, w)
		return false
	}
	g.tenants[tenant] = nil
	return true
}

// gather takes those who wait, for the leader to write.
func (g *groups) gather(tenant string, leader *waiting) []*waiting {
	g.mu.Lock()
	defer g.mu.Unlock()
	queue := g.tenants[tenant]
	n := min(len(queue), mostTogether-1)
	g.tenants[tenant] = queue[n:]
	return append([]*waiting{leader}, queue[:n]...)
}

// leave ends a leadership and begins the next one, if anybody waits.
func (g *groups) leave(tenant string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	queue := g.tenants[tenant]
	if len(queue) == 0 {
		delete(g.tenants, tenant)
		return
	}
	g.tenants[tenant] = queue[1:]
	close(queue[0].lead)
}

// abandon takes a writer whose context ended out of the queue; false means that it is no longer in it.
func (g *groups) abandon(tenant string, w *waiting) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	queue := g.tenants[tenant]
	for i, other := range queue {
		if other == w {
			g.tenants[tenant] = append(queue[:i:i], queue[i+1:]...)
			return true
		}
	}
	return false
}

// together writes a prepared document, in one transaction with those that others write at this moment.
func (s *Store) together(ctx context.Context, tenant string, p prepared) (Entry, error) {
	for {
		w := &waiting{p: p, done: make(chan struct{}), lead: make(chan struct{})}
		if !s.groups.enter(tenant, w) {
			select {
			case <-w.done:
			case <-w.lead:
			case <-ctx.Done():
				if s.groups.abandon(tenant, w) {
					return Entry{}, ctx.Err()
				}
				// It is being written, or it is its turn to lead; either comes at once.
				select {
				case <-w.done:
				case <-w.lead:
				}
			}
			select {
			case <-w.done:
				if errors.Is(w.err, errLeaderLeft) {
					continue
				}
				return w.e, w.err
			default:
			}
		}
		tx := s.leads(ctx, tenant, w)
		if tx != nil {
			s.committed(ctx, tx)
		}
		return w.e, w.err
	}
}

// leads writes for all that wait and hands the lead on before it returns, so that a hook may write again.
func (s *Store) leads(ctx context.Context, tenant string, w *waiting) (done *Tx) {
	defer s.groups.leave(tenant)
	batch := s.groups.gather(tenant, w)
	err := errLeaderLeft // what the others get if a clock or a signer panics
	defer func() {
		for _, other := range batch {
			if err != nil {
				other.e, other.err = Entry{}, err
			}
			if other != w {
				close(other.done)
			}
		}
	}()
	done, err = s.transact(ctx, tenant, func(tx *Tx) error {
		if err := tx.expect(len(batch), func(i int) hipaasmp.Ref { return batch[i].p.ref }); err != nil {
			return err
		}
		for _, other := range batch {
			other.e, other.err = tx.put(other.p)
		}
		return nil
	})
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		w.err, err = err, nil
		for _, other := range batch[1:] {
			other.e, other.err = Entry{}, errLeaderLeft
		}
		w.e = Entry{}
	}
	return done
}
