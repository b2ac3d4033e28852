package storage

import (
	"context"
	"fmt"
	"io"
	"iter"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Store keeps the documents of many tenants, each with a ledger of its own. It is safe for concurrent use.
type Store struct {
	backend   driver.Backend
	opts      Options
	verifiers note.Verifiers
	upcast    *upcasters

	groups   groups
	encoders sync.Pool // of *canon.Encoder
	nodes    nodeCache
	mu       sync.Mutex
	known    map[string]trusted
	// anchored is the size of the newest anchored checkpoint of each tenant.
	anchored map[string]uint64
}

// New returns a store over a backend. It reads nothing yet: a ledger is checked when it is first written to. The error
// is an [*OptionsError].
func New(backend driver.Backend, opts Options) (*Store, error) {
	if backend == nil {
		return nil, &OptionsError{"backend", "is missing; give memory.New() or what sqlite.Open returns"}
	}
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	up, err := newUpcasters(opts.Upcasters)
	if err != nil {
		return nil, err
	}
	s := &Store{backend: backend, opts: opts, upcast: up, known: map[string]trusted{}, anchored: map[string]uint64{}}
	if s.verifiers, err = verifiersOf(opts); err != nil {
		return nil, err
	}
	return s, nil
}

// Close closes the backend. Calls that come later give [ErrClosed].
func (s *Store) Close() error { return s.backend.Close() }

// Capabilities says what the backend can do.
func (s *Store) Capabilities() driver.Capabilities { return s.backend.Capabilities() }

// Product returns the word that begins the origin of every ledger of this store.
func (s *Store) Product() string { return s.opts.Product }

// Backup writes a consistent copy of the whole store to w while others read and write. The format is the backend's
// own. A backend that cannot gives [ErrUnsupported].
func (s *Store) Backup(ctx context.Context, w io.Writer) (driver.BackupInfo, error) {
	return s.backend.Backup(ctx, w)
}

// Tenants yields the names of all tenants in byte order.
func (s *Store) Tenants(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for after := ""; ; {
			page, err := s.backend.Tenants(ctx, after, pageSize)
			if err != nil {
				yield("", err)
				return
			}
			for _, t := range page {
				if !yield(t, nil) {
					return
				}
			}
			if len(page) == 0 {
				return
			}
			after = page[len(page)-1]
		}
	}
}

// Put validates the document and adds it as a new version; see [Tx.Put]. Writes that come at the same moment may share
// one transaction and one checkpoint; each succeeds or fails by itself.
func (s *Store) Put(ctx context.Context, tenant string, doc hipaasmp.Document, opts ...PutOption) (Entry, error) {
	p, err := s.prepare(doc, opts)
	if err != nil {
		return Entry{}, err
	}
	return s.together(ctx, tenant, p)
}

// Get returns the newest version of a document, or the one that ref names. The errors are [*NotFoundError],
// [*DisposedError] and [*CorruptError].
func (s *Store) Get(ctx context.Context, tenant string, ref hipaasmp.Ref) (e Entry, err error) {
	err = s.view(ctx, tenant, func(r driver.Reader) error {
		e, err = s.get(ctx, tenant, r, ref)
		return err
	})
	return e, err
}

// GetAsOf returns the version that was the newest at an instant. The errors are those of Get.
func (s *Store) GetAsOf(ctx context.Context, tenant string, ref hipaasmp.Ref, at time.Time) (Entry, error) {
	var found Entry
	for e, err := range s.History(ctx, tenant, ref) {
		if err != nil {
			return Entry{}, err
		}
		if e.Recorded.After(at) {
			break
		}
		found = e
	}
	switch {
	case found.Version == 0:
		return Entry{}, &NotFoundError{Tenant: tenant, Ref: ref.Newest()}
	case found.Disposed():
		return Entry{}, &DisposedError{Tenant: tenant, Ref: found.Ref()}
	}
	return found, nil
}

// Update runs fn in one transaction over one tenant: what it writes is kept together or not at all, with one
// checkpoint. When fn returns an error nothing is kept and Update returns that error.
//
// fn may run again when another process or the database asks for it, so it must have no effect beside its Tx. It must
// not use the Store for writing; it has the Tx for that.
func (s *Store) Update(ctx context.Context, tenant string, fn func(*Tx) error) error {
	done, err := s.transact(ctx, tenant, fn)
	if done != nil {
		s.committed(ctx, done)
	}
	return err
}

// transact is Update without what follows a commit. The Tx is nil if nothing was written.
func (s *Store) transact(ctx context.Context, tenant string, fn func(*Tx) error) (*Tx, error) {
	done, err := s.transactOn(ctx, s.backend, tenant, fn)
	switch {
	case done == nil:
	case done.ended:
		s.distrust(tenant)
	default:
		s.trust(tenant, done.head)
	}
	return done, err
}

// transactOn writes through the backend or through a transaction of the caller's. It trusts nothing yet: the caller of a
// joined transaction may still roll it back.
func (s *Store) transactOn(ctx context.Context, on interface {
	Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error
}, tenant string, fn func(*Tx) error) (*Tx, error) {
	if !hipaasmp.ValidID(tenant) {
		return nil, fmt.Errorf("%w: %q", ErrTenant, clip(tenant))
	}
	var done *Tx
	err := on.Update(ctx, tenant, func(dtx driver.Tx) error {
		done = nil
		tx, err := s.begin(ctx, tenant, dtx)
		if err != nil {
			return err
		}
		defer func() { tx.closed = true }()
		if err := fn(tx); err != nil {
			return err
		}
		if err := tx.flush(); err != nil {
			return err
		}
		if len(tx.rows) > 0 {
			done = tx
		}
		return nil
	})
	if err != nil || done == nil {
		return nil, err
	}
	return done, nil
}

// view runs fn over one snapshot of a tenant.
func (s *Store) view(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	if !hipaasmp.ValidID(tenant) {
		return fmt.Errorf("%w: %q", ErrTenant, clip(tenant))
	}
	return s.backend.View(ctx, tenant, fn)
}

func (s *Store) get(ctx context.Context, tenant string, r driver.Reader, ref hipaasmp.Ref) (Entry, error) {
	row, err := r.Get(string(ref.Kind), ref.ID, ref.Version)
	if err != nil {
		return Entry{}, named(err, tenant, ref)
	}
	e, err := s.entryOf(ctx, tenant, row)
	if err != nil {
		return Entry{}, err
	}
	if e.Disposed() {
		return Entry{}, &DisposedError{Tenant: tenant, Ref: e.Ref()}
	}
	return e, nil
}
