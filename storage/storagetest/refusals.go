package storagetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

// theirWords are what databases and their drivers say. None of it may reach a user.
var theirWords = []string{"SQLSTATE", "SQLITE", "sqlite3", "pgx", "pgconn", "syntax", "SELECT", "INSERT", "UPDATE ", "constraint", "invalid byte sequence", "driver:"}

// refusalChecks give a store on the driver what nobody should give it. Each is refused by an error that a program can tell
// apart, in words of the store's own.
func refusalChecks() []check {
	ctx := context.Background()
	return []check{
		{"bad input is refused by typed errors without words of the database", func(t *testing.T, s *suite) {
			b := s.backend(t)
			clock := &hand{noon}
			store := newStore(t, b, clock, "a")
			for _, tenant := range []string{"one", "two"} {
				for i := range 5 {
					_, err := store.Put(ctx, tenant, newNote(fmt.Sprint("n", i), "text"))
					require.NoError(t, err)
				}
			}
			page, err := store.Page(ctx, "one", storage.Query{Kind: noteKind, Limit: 2})
			require.NoError(t, err)
			require.NotEmpty(t, page.Next)
			stranger := newStore(t, s.backend(t), clock, "b")
			_, err = stranger.Put(ctx, "one", newNote("n0", "text"))
			require.NoError(t, err)
			foreign, err := stranger.Checkpoint(ctx, "one")
			require.NoError(t, err)

			invalid, cursor, late, checkpoint := new(*hipaasmp.ValidationError), new(*storage.CursorError), new(*storage.ClockError), new(*storage.CheckpointError)
			nul, long := "a\x00b", strings.Repeat("a", 10_000)
			put := func(tenant, id string) error {
				_, err := store.Put(ctx, tenant, newNote(id, "text"))
				return err
			}
			get := func(tenant, kind, id string) error {
				_, err := store.Get(ctx, tenant, hipaasmp.Ref{Kind: hipaasmp.Kind(kind), ID: id})
				return err
			}
			list := func(tenant string, q storage.Query) error {
				_, err := store.Page(ctx, tenant, q)
				return err
			}
			hold := func(matter string, refs ...hipaasmp.Ref) error {
				_, err := store.PlaceHold(ctx, "one", retention.Hold{Matter: matter, Reason: "why", Refs: refs, PlacedBy: manager})
				return err
			}
			dispose := func(tenant string, ref hipaasmp.Ref) error {
				_, err := destroy(store, tenant, ref)
				return err
			}
			at := func(now time.Time, do func() error) error {
				clock.now = now
				defer func() { clock.now = noon }()
				return do()
			}
			for _, x := range []struct {
				about string
				err   error
				is    error // one of the store's sentinels, or nil
				as    any   // a type of error, or nil
			}{
				{"no tenant", put("", "n"), storage.ErrTenant, nil},
				{"a tenant with NUL", put(nul, "n"), storage.ErrTenant, nil},
				{"a tenant of 10 kB", put(long, "n"), storage.ErrTenant, nil},
				{"reading a tenant with NUL", get(nul, string(noteKind), "n0"), storage.ErrTenant, nil},
				{"listing a tenant of 10 kB", list(long, storage.Query{}), storage.ErrTenant, nil},
				{"disposing for a tenant with NUL", dispose(nul, hipaasmp.Ref{Kind: noteKind, ID: "n0"}), storage.ErrTenant, nil},
				{"an id with NUL", put("one", nul), nil, invalid},
				{"an id of 10 kB", put("one", long), nil, invalid},
				{"an id that is no UTF-8", put("one", "a\xffb"), nil, invalid},
				{"an id that asks for more", put("one", "x'; DROP TABLE entry; --"), nil, invalid},
				{"reading an id with NUL", get("one", string(noteKind), nul), storage.ErrNotFound, nil},
				{"reading an id of 10 kB", get("one", string(noteKind), long), storage.ErrNotFound, nil},
				{"reading an id that is no UTF-8", get("one", string(noteKind), "a\xffb"), storage.ErrNotFound, nil},
				{"reading a kind with NUL", get("one", nul, "n0"), storage.ErrNotFound, nil},
				{"reading an id that asks for more", get("one", string(noteKind), "' OR '1'='1"), storage.ErrNotFound, nil},
				{"disposing of an id with NUL", dispose("one", hipaasmp.Ref{Kind: noteKind, ID: nul}), storage.ErrNotFound, nil},
				{"a hold for a matter with NUL", hold(nul), nil, invalid},
				{"a hold for a matter of 10 kB", hold(long), nil, invalid},
				{"a hold on an id with NUL", hold("m", hipaasmp.Ref{Kind: noteKind, ID: nul}), nil, invalid},
				{"a cursor that somebody made up", list("one", storage.Query{Kind: noteKind, After: "bm90IG9uZSBvZiBvdXJzIGF0IGFsbA"}), nil, cursor},
				{"a cursor that was changed", list("one", storage.Query{Kind: noteKind, After: "A" + page.Next[1:]}), nil, cursor},
				{"a cursor of 10 kB", list("one", storage.Query{Kind: noteKind, After: storage.Cursor(long)}), nil, cursor},
				{"a cursor with NUL", list("one", storage.Query{Kind: noteKind, After: storage.Cursor(nul)}), nil, cursor},
				{"a cursor of another tenant", list("two", storage.Query{Kind: noteKind, After: page.Next}), nil, cursor},
				{"a cursor of another kind", list("one", storage.Query{Kind: "storagetest.other", After: page.Next}), nil, cursor},
				{"a cursor of another instant", list("one", storage.Query{Kind: noteKind, AsOf: noon, After: page.Next}), nil, cursor},
				{"a checkpoint by another key", func() error { _, err := storage.ParseCheckpoint(foreign.Note, store.Verifiers()); return err }(), nil, checkpoint},
				{"a ledger held against a checkpoint by another key", func() error {
					v, err := store.VerifyTenant(ctx, "one", foreign.Note)
					require.NoError(t, err)
					return v.Err()
				}(), storage.ErrCorrupt, nil},
				{"writing with a clock before the last record", at(noon.Add(-time.Hour), func() error { return put("one", "n") }), nil, late},
				{"disposing with a clock a moment before the last record", at(time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC), func() error {
					if err := put("one", "last"); err != nil {
						return err
					}
					clock.now = clock.now.Add(-time.Microsecond)
					return dispose("one", hipaasmp.Ref{Kind: noteKind, ID: "n1"})
				}), nil, late},
			} {
				require.Error(t, x.err, x.about)
				if x.is != nil {
					require.ErrorIs(t, x.err, x.is, x.about)
				}
				if x.as != nil {
					require.ErrorAs(t, x.err, x.as, x.about)
				}
				for _, word := range theirWords {
					require.NotContains(t, x.err.Error(), word, x.about)
				}
				require.Less(t, len(x.err.Error()), 1000, "%s: an error does not repeat what it was given", x.about)
			}
			if most := b.Capabilities().MaxBody; most > 0 && most <= 64<<20 {
				_, err := store.Put(ctx, "two", newNote("large", strings.Repeat("x", most)))
				require.ErrorIs(t, err, storage.ErrTooLarge)
				require.Less(t, len(err.Error()), 1000)
			}
			v, err := store.VerifyTenant(ctx, "two")
			require.NoError(t, err)
			require.NoError(t, v.Err())
			require.Equal(t, uint64(5), v.Size, "nothing of it was kept")
		}},
	}
}
