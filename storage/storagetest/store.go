package storagetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// note is a small record for the checks of the store.
type note struct {
	hipaasmp.Header
	Text    string        `json:"text"`
	Created hipaasmp.Date `json:"created"`
}

const noteKind hipaasmp.Kind = "storagetest.note"

func newNote(id, text string) note {
	return note{hipaasmp.NewHeader(noteKind, id), text, hipaasmp.Day(2020, 2, 29)}
}

func (n note) Validate() error                { return nil }
func (n note) Citations() []hipaasmp.Citation { return []hipaasmp.Citation{hipaasmp.CiteDocumentation} }
func (n note) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: n.Created}
}

// stream gives the same bytes for the same seed, for keys and salts.
type stream struct {
	seed string
	n    int
}

func (s *stream) Read(p []byte) (int, error) {
	for i := 0; i < len(p); i += sha256.Size {
		sum := sha256.Sum256(fmt.Append(nil, s.seed, s.n))
		s.n++
		copy(p[i:], sum[:])
	}
	return len(p), nil
}

type hand struct{ now time.Time }

func (h *hand) Now() time.Time { return h.now }

// newStore returns a store whose clock is in the caller's hand and whose keys and salts follow from the seed.
func newStore(t *testing.T, b driver.Backend, clock *hand, seed string) *storage.Store {
	t.Helper()
	signer, err := storage.NewSigner(&stream{seed: seed}, "storagetest")
	require.NoError(t, err)
	s, err := storage.New(b, storage.Options{Signer: signer, Clock: clock.Now, ClockStep: -1, HoldGrace: -1, Random: &stream{seed: seed + "salt"}})
	require.NoError(t, err)
	return s
}

// The persons of these checks.
var (
	officer = hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleSecurityOfficial}
	manager = hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}
)

// destroy takes a disposal through all of its steps in one transaction, so that a refusal leaves nothing.
func destroy(s *storage.Store, tenant string, ref hipaasmp.Ref) (e storage.Entry, err error) {
	err = s.Update(context.Background(), tenant, func(tx *storage.Tx) (err error) {
		if err := approve(tx, ref); err != nil {
			return err
		}
		e, err = tx.Dispose(ref, manager)
		return err
	})
	return e, err
}

// approve takes a disposal as far as its approval.
func approve(tx *storage.Tx, ref hipaasmp.Ref) error {
	if _, err := tx.ProposeDisposal(ref, retention.MethodRowRemoved, officer); err != nil {
		return err
	}
	if _, err := tx.ReviewDisposal(ref, officer, ""); err != nil {
		return err
	}
	_, err := tx.ApproveDisposal(ref, manager)
	return err
}

func storeChecks() []check {
	ctx := context.Background()
	return []check{
		{"a store on it keeps, finds and lists documents", func(t *testing.T, s *suite) {
			clock := &hand{noon}
			store := newStore(t, s.backend(t), clock, "a")
			for i, id := range []string{"b", "a", "b", "c"} {
				clock.now = noon.Add(time.Duration(i) * time.Hour)
				_, err := store.Put(ctx, "t", newNote(id, fmt.Sprint("text ", i)), storage.By(officer), storage.Reason("why"))
				require.NoError(t, err)
			}
			got, entry, err := storage.Get[note](ctx, store, "t", hipaasmp.Ref{Kind: noteKind, ID: "b"})
			require.NoError(t, err)
			require.Equal(t, newNote("b", "text 2"), got)
			require.Equal(t, uint64(2), entry.Version)
			require.Equal(t, hipaasmp.Day(2026, 3, 1), entry.KeepThrough)
			var listed []string
			for e, err := range store.List(ctx, "t", storage.Query{Kind: noteKind, AsOf: noon.Add(time.Hour)}) {
				require.NoError(t, err)
				listed = append(listed, e.Ref().String())
			}
			require.Equal(t, []string{"storagetest.note/a@1", "storagetest.note/b@1"}, listed)
		}},
		{"every proof of a store on it verifies", func(t *testing.T, s *suite) {
			clock := &hand{noon}
			store := newStore(t, s.backend(t), clock, "a")
			const size = 21
			roots := []tlog.Hash{{}}
			var leaves []tlog.Hash
			for i := range size {
				e, err := store.Put(ctx, "t", newNote(fmt.Sprint("n", i), "text"))
				require.NoError(t, err)
				c, err := store.Checkpoint(ctx, "t")
				require.NoError(t, err)
				roots, leaves = append(roots, c.Root), append(leaves, e.Leaf())
			}
			for n := uint64(1); n <= size; n++ {
				for i := range n {
					p, err := store.Inclusion(ctx, "t", i, n)
					require.NoError(t, err)
					require.NoError(t, tlog.CheckRecord(p, int64(n), roots[n], int64(i), leaves[i]))
					q, err := store.Consistency(ctx, "t", i+1, n)
					require.NoError(t, err)
					require.NoError(t, tlog.CheckTree(q, int64(n), roots[n], int64(i+1), roots[i+1]))
				}
			}
			v, err := store.VerifyTenant(ctx, "t")
			require.NoError(t, err)
			require.NoError(t, v.Err())
			require.Equal(t, roots[size], v.Root)
		}},
		{"a store on it refuses to destroy early and proves what it destroyed", func(t *testing.T, s *suite) {
			clock := &hand{time.Date(2026, 3, 2, 11, 59, 0, 0, time.UTC)}
			store := newStore(t, s.backend(t), clock, "a")
			n := newNote("a", "text")
			_, err := store.Put(ctx, "t", n)
			require.NoError(t, err)
			_, err = destroy(store, "t", n.DocumentRef())
			var retained *retention.RetainedError
			require.ErrorAs(t, err, &retained, "the second has not begun in UTC-12")
			require.Equal(t, hipaasmp.Day(2026, 3, 2), retained.FirstDisposal)
			clock.now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
			hold := retention.Hold{Matter: "m", Reason: "why", PlacedBy: manager}
			_, err = store.PlaceHold(ctx, "t", hold)
			require.NoError(t, err)
			_, err = destroy(store, "t", n.DocumentRef())
			require.ErrorIs(t, err, retention.ErrHeld)
			_, err = store.ReleaseHold(ctx, "t", "m", manager, "closed")
			require.NoError(t, err)
			_, err = destroy(store, "t", n.DocumentRef())
			require.NoError(t, err)
			_, err = store.Get(ctx, "t", n.DocumentRef())
			require.ErrorIs(t, err, storage.ErrDisposed)
			v, err := store.VerifyTenant(ctx, "t")
			require.NoError(t, err)
			require.NoError(t, v.Err())
			require.Equal(t, 1, v.Disposed)
		}},
		{"a store on it runs a closure again without keeping anything of the first run", func(t *testing.T, s *suite) {
			clock := &hand{noon}
			store := newStore(t, again{s.backend(t)}, clock, "a")
			runs := 0
			require.NoError(t, store.Update(ctx, "t", func(tx *storage.Tx) error {
				runs++
				e, err := tx.Put(newNote("a", "text"))
				require.Equal(t, uint64(1), e.Version)
				return err
			}))
			require.Equal(t, 2, runs)
			v, err := store.VerifyTenant(ctx, "t")
			require.NoError(t, err)
			require.NoError(t, v.Err())
			require.Equal(t, uint64(1), v.Size)
		}},
		{"the same calls make the same checkpoint as on storage/memory", func(t *testing.T, s *suite) {
			var notes [][]byte
			for _, b := range []driver.Backend{s.backend(t), memory.New()} {
				clock := &hand{noon}
				store := newStore(t, b, clock, "same")
				for i := range 7 {
					clock.now = clock.now.Add(time.Minute)
					_, err := store.Put(ctx, "t", newNote(fmt.Sprint("n", i%3), fmt.Sprint(i)), storage.By(officer), storage.Reason("why"))
					require.NoError(t, err)
				}
				_, err := store.PlaceHold(ctx, "t", retention.Hold{Matter: "m", Reason: "why", PlacedBy: manager})
				require.NoError(t, err)
				c, err := store.Checkpoint(ctx, "t")
				require.NoError(t, err)
				notes = append(notes, c.Note)
			}
			require.Equal(t, string(notes[1]), string(notes[0]))
		}},
		{"a store on it does not write on what another key signed", func(t *testing.T, s *suite) {
			b := s.backend(t)
			clock := &hand{noon}
			_, err := newStore(t, b, clock, "a").Put(ctx, "t", newNote("a", "text"))
			require.NoError(t, err)
			_, err = newStore(t, b, clock, "b").Put(ctx, "t", newNote("b", "text"))
			var lost *storage.LostKeyError
			require.ErrorAs(t, err, &lost)
			require.Equal(t, "t", lost.Tenant)
		}},
	}
}

// again runs every closure twice, as a database does that asks for a retry.
type again struct{ driver.Backend }

var errAgain = errors.New("again")

func (a again) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	err := a.Backend.Update(ctx, tenant, func(tx driver.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errAgain
	})
	if err != errAgain {
		return err
	}
	return a.Backend.Update(ctx, tenant, fn)
}

var _ io.Reader = (*stream)(nil)
