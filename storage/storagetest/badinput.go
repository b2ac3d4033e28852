package storagetest

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

// theirs are the words of databases and their drivers: names, codes, statements and what they say of them.
var theirs = regexp.MustCompile(`(?i)sqlite|sqlstate|\b(postgres|sqlite) ?[0-9]|pgx|pgconn|libpq|\bpq:|modernc|database/sql|driver:|smp_[a-z]` +
	`|syntax error|constraint|violates|duplicate key|relation "|near "|no such (table|column)|datatype|tuple|deadlock|invalid byte sequence|disk i/o|malformed|\bfatal:|\berror:` +
	`|(?-i:\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA|CREATE|ALTER|DROP|TRUNCATE|VALUES|WHERE|FROM|INTO|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|COPY|LIMIT)\b)`)

// ForUsers fails a test where the text of an error is not fit for a user: where it holds words of a database or of a
// driver's library, or a thousand bytes and more, as one does that repeats what it was given. The name of the package at
// the beginning of a text is none of these words.
func ForUsers(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	text := err.Error()
	for _, own := range []string{"sqlite: ", "postgres: "} {
		text = strings.TrimPrefix(text, own)
	}
	require.NotRegexp(t, theirs, text, "the text of an error must not hold words of the database")
	require.Less(t, len(text), 1000, "an error does not repeat what it was given")
}

// badInputChecks give a store on the driver what nobody should give it, each by its name. Each is refused by an error that a
// program can tell apart, in words of the store's own. What cannot be opened is the driver's own to test.
func badInputChecks() []check {
	ctx := context.Background()
	return []check{
		{"refused by a typed error in words for users", func(t *testing.T, s *suite) {
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
			proof, beyond := new(*storage.ProofError), new(*storage.RangeError)
			nul, long := "a\x00b", strings.Repeat("a", 10_000)
			put := func(tenant, id string) error {
				_, err := store.Put(ctx, tenant, newNote(id, "text"))
				return err
			}
			putAs := func(kind string) error {
				x := newNote("n", "text")
				x.Header = hipaasmp.NewHeader(hipaasmp.Kind(kind), "n")
				_, err := store.Put(ctx, "one", x)
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
				{"a layout newer than the program knows", func() error {
					_, latest, err := b.Schema(ctx)
					require.NoError(t, err)
					return b.Migrate(ctx, latest+1)
				}(), storage.ErrSchemaNewer, nil},
				{"an id with NUL", put("one", nul), nil, invalid},
				{"an id of 10 kB", put("one", long), nil, invalid},
				{"an id that is no UTF-8", put("one", "a\xffb"), nil, invalid},
				{"an id that asks for more", put("one", "x'; drop table entry; --"), nil, invalid},
				{"a kind with NUL", putAs(nul), nil, invalid},
				{"a kind of 10 kB", putAs(long), nil, invalid},
				{"a reason with NUL", func() error { _, err := store.Put(ctx, "one", newNote("n", "text"), storage.Reason(nul)); return err }(), nil, invalid},
				{"a version that is not there", func() error {
					_, err := store.Put(ctx, "one", newNote("n0", "text"), storage.IfVersion(7))
					return err
				}(), storage.ErrConflict, nil},
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
				{"a cursor to which something was added", list("one", storage.Query{Kind: noteKind, After: page.Next + "AAAA"}), nil, cursor},
				{"a cursor of another tenant", list("two", storage.Query{Kind: noteKind, After: page.Next}), nil, cursor},
				{"a cursor of another kind", list("one", storage.Query{Kind: "storagetest.other", After: page.Next}), nil, cursor},
				{"a cursor of another instant", list("one", storage.Query{Kind: noteKind, AsOf: noon, After: page.Next}), nil, cursor},
				{"a checkpoint by another key", func() error { _, err := storage.ParseCheckpoint(foreign.Note, store.Verifiers()); return err }(), nil, checkpoint},
				{"a checkpoint that was changed", func() error {
					own, err := store.Checkpoint(ctx, "one")
					require.NoError(t, err)
					_, err = storage.ParseCheckpoint(bytes.Replace(own.Note, []byte("\n5\n"), []byte("\n6\n"), 1), store.Verifiers())
					return err
				}(), nil, checkpoint},
				{"a proof by another key", func() error {
					p, err := stranger.Prove(ctx, "one", 0)
					require.NoError(t, err)
					_, _, err = p.Verify(store.Verifiers())
					return err
				}(), nil, checkpoint},
				{"a proof of another entry", func() error {
					p, err := store.Prove(ctx, "one", 0)
					require.NoError(t, err)
					p.Index = 1
					_, _, err = p.Verify(store.Verifiers())
					return err
				}(), nil, proof},
				{"a proof of an entry that is not there", func() error { _, err := store.Prove(ctx, "one", 5); return err }(), nil, beyond},
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
				t.Run(x.about, func(t *testing.T) {
					ForUsers(t, x.err)
					require.True(t, x.is != nil || x.as != nil)
					if x.is != nil {
						require.ErrorIs(t, x.err, x.is)
					}
					if x.as != nil {
						require.ErrorAs(t, x.err, x.as)
					}
				})
			}
			t.Run("a body over the limit", func(t *testing.T) {
				most := b.Capabilities().MaxBody
				if most <= 0 || most > 16<<20 {
					most = 16 << 20 // the store's own limit
				}
				_, err := store.Put(ctx, "two", newNote("large", strings.Repeat("x", most)))
				ForUsers(t, err)
				require.ErrorIs(t, err, storage.ErrTooLarge)
			})
			v, err := store.VerifyTenant(ctx, "two")
			require.NoError(t, err)
			require.NoError(t, v.Err())
			require.Equal(t, uint64(5), v.Size, "nothing of it was kept")
		}},
	}
}
