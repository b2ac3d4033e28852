package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

var (
	ctx     = context.Background()
	officer = hipaasmp.Actor{ID: "wf-7", Role: hipaasmp.RoleSecurityOfficial}
	manager = hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}
)

// newStore returns a store in memory with a clock in the test's hand.
func newStore(t testing.TB, alter ...func(*storage.Options)) (*storage.Store, *clock) {
	t.Helper()
	c := &clock{at("2026-02-03T09:00:00Z")}
	o := storage.Options{Signer: testSigner(t, "a"), Clock: c.Now}
	for _, f := range alter {
		f(&o)
	}
	s, err := storage.New(memory.New(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, c
}

// Draft is a document that is no record.
type Draft struct {
	hipaasmp.Header
	Text  string  `json:"text,omitempty"`
	Score float64 `json:"score"`
	Big   int64   `json:"big"`
}

const KindDraft hipaasmp.Kind = "clinic.draft"

func newDraft(id, text string) Draft {
	return Draft{Header: hipaasmp.NewHeader(KindDraft, id), Text: text}
}

func (d Draft) Validate() error { return nil }

// odd is a document whose header does not agree with what it says of itself.
type odd struct {
	Draft
	ref hipaasmp.Ref
}

func (o odd) DocumentRef() hipaasmp.Ref { return o.ref }

func TestPutKeepsCanonicalBytesAndWhoWroteThem(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	doc := newProcedure("p", "Title <&> ü", "2026-02-03")
	e, err := s.Put(ctx, "clinic", doc, storage.By(officer), storage.Reason("first"))
	require.NoError(t, err)
	want, err := canon.Marshal(doc)
	require.NoError(t, err)
	got, err := s.Get(ctx, "clinic", doc.DocumentRef())
	require.NoError(t, err)
	require.Equal(t, string(want), string(got.Body))
	require.Equal(t, e.Envelope, got.Envelope)
	require.Equal(t, officer, got.Actor)
	require.Equal(t, "first", got.Reason)
	require.Equal(t, storage.BodyDigest(got.Salt, got.Body), got.BodyDigest)
	require.Equal(t, at("2026-02-03T09:00:00Z"), got.Recorded)
	require.Equal(t, hipaasmp.ClassDocumentation, got.Basis.Class)

	e, err = s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	require.Nil(t, e.Basis, "a document that is no record starts no clock")
	require.Equal(t, hipaasmp.Actor{ID: "store", Role: hipaasmp.RoleSystem}, e.Actor)
}

func TestEqualBodiesHaveDifferentDigests(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	a, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	b, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	require.Equal(t, a.Body, b.Body)
	require.NotEqual(t, a.BodyDigest, b.BodyDigest)
}

func TestPutRefuses(t *testing.T) {
	t.Parallel()
	draft := newDraft("d", "x")
	ref := draft.DocumentRef()
	for name, x := range map[string]struct {
		doc  hipaasmp.Document
		opts []storage.PutOption
		code hipaasmp.FaultCode
	}{
		"nil":                       {nil, nil, hipaasmp.FaultRequired},
		"a document with a fault":   {newProcedure("p", "", "2026-02-03"), nil, hipaasmp.FaultRequired},
		"NaN":                       {Draft{Header: draft.Header, Score: math.NaN()}, nil, hipaasmp.FaultType},
		"an integer beyond 2^53":    {Draft{Header: draft.Header, Big: 1 << 60}, nil, hipaasmp.FaultLossy},
		"bad UTF-8":                 {newDraft("d", "\xff"), nil, hipaasmp.FaultType},
		"no header":                 {Draft{}, nil, hipaasmp.FaultSchema},
		"another id than its body":  {odd{draft, hipaasmp.Ref{Kind: KindDraft, ID: "other"}}, nil, hipaasmp.FaultFormat},
		"another kind than its":     {odd{draft, hipaasmp.Ref{Kind: KindProcedure, ID: "d"}}, nil, hipaasmp.FaultSchema},
		"an id with a NUL":          {newDraft("a\x00b", "x"), nil, hipaasmp.FaultFormat},
		"an id of 10 kB":            {newDraft(strings.Repeat("a", 10_000), "x"), nil, hipaasmp.FaultFormat},
		"a kind of the store's own": {odd{draft, hipaasmp.Ref{Kind: storage.KindHold, ID: "d"}}, nil, hipaasmp.FaultSchema},
		"nobody":                    {draft, []storage.PutOption{storage.By(hipaasmp.Actor{ID: "a b", Role: "x"})}, hipaasmp.FaultRequired},
		"a blank reason":            {draft, []storage.PutOption{storage.Reason(" ")}, hipaasmp.FaultFormat},
		"a reason of 5 kB":          {draft, []storage.PutOption{storage.Reason(strings.Repeat("a", 5000))}, hipaasmp.FaultFormat},
		"a record without a day":    {Procedure{Header: hipaasmp.NewHeader(KindProcedure, "p"), Title: "x"}, nil, hipaasmp.FaultType},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStore(t)
			_, err := s.Put(ctx, "clinic", x.doc, x.opts...)
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, err, &ve)
			require.True(t, ve.Has(x.code), "%v", err)
			_, err = s.Checkpoint(ctx, "clinic")
			require.ErrorIs(t, err, storage.ErrNotFound, "nothing was written")
			_, err = s.Get(ctx, "clinic", ref)
			require.ErrorIs(t, err, storage.ErrNotFound)
		})
	}
}

func TestPutRefusesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newDraft("d", strings.Repeat("x", 17<<20)))
	require.ErrorIs(t, err, storage.ErrTooLarge)
	require.NotContains(t, err.Error(), "xxx")
}

func TestTenantsAreCheckedEverywhere(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	ref := hipaasmp.Ref{Kind: KindDraft, ID: "d"}
	for _, tenant := range []string{"", "a/b", "a b", "a\x00", strings.Repeat("t", 129), "ä"} {
		_, put := s.Put(ctx, tenant, newDraft("d", "x"))
		_, get := s.Get(ctx, tenant, ref)
		_, checkpoint := s.Checkpoint(ctx, tenant)
		_, inclusion := s.Inclusion(ctx, tenant, 0, 1)
		_, term := s.Term(ctx, tenant, ref)
		_, verify := s.VerifyTenant(ctx, tenant)
		var list error
		for _, err := range s.List(ctx, tenant, storage.Query{}) {
			list = err
		}
		for _, err := range []error{put, get, checkpoint, inclusion, term, verify, list} {
			require.ErrorIs(t, err, storage.ErrTenant, "%q", tenant)
		}
	}
}

func TestNothingOfOneTenantShowsInAnother(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	e, err := s.Put(ctx, "one", newDraft("d", "x"))
	require.NoError(t, err)
	_, err = s.Get(ctx, "two", e.Ref())
	require.ErrorIs(t, err, storage.ErrNotFound)
	for range s.List(ctx, "two", storage.Query{}) {
		t.Fatal("a document of another tenant")
	}
	_, err = s.Inclusion(ctx, "two", 0, 1)
	var re *storage.RangeError
	require.ErrorAs(t, err, &re)
	var tenants []string
	for name, err := range s.Tenants(ctx) {
		require.NoError(t, err)
		tenants = append(tenants, name)
	}
	require.Equal(t, []string{"one"}, tenants)
}

func TestVersionsAndConflicts(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for want := uint64(1); want <= 3; want++ {
		e, err := s.Put(ctx, "clinic", newDraft("d", fmt.Sprint(want)), storage.IfVersion(want-1))
		require.NoError(t, err)
		require.Equal(t, want, e.Version)
	}
	for _, wrong := range []uint64{0, 1, 2, 4} {
		_, err := s.Put(ctx, "clinic", newDraft("d", "x"), storage.IfVersion(wrong))
		var conflict *storage.ConflictError
		require.ErrorAs(t, err, &conflict)
		require.ErrorIs(t, err, storage.ErrConflict)
		require.Equal(t, storage.ConflictError{Kind: string(KindDraft), ID: "d", Want: wrong, Have: 3}, *conflict)
	}
	_, err := s.Put(ctx, "clinic", newDraft("new", "x"), storage.IfVersion(1))
	require.ErrorIs(t, err, storage.ErrConflict)
	d, e, err := storage.Get[Draft](ctx, s, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d", Version: 2})
	require.NoError(t, err)
	require.Equal(t, "2", d.Text)
	require.Equal(t, uint64(2), e.Version)
	_, err = s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d", Version: 9})
	var nf *storage.NotFoundError
	require.ErrorAs(t, err, &nf)
	require.Equal(t, uint64(9), nf.Ref.Version)
}

func TestIfChangedRecognisesWhatIsThere(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	first, err := s.Put(ctx, "clinic", newDraft("d", "x"), storage.IfChanged(), storage.By(officer))
	require.NoError(t, err)
	require.False(t, first.Unchanged)
	c.now = c.now.Add(time.Hour)
	again, err := s.Put(ctx, "clinic", newDraft("d", "x"), storage.IfChanged(), storage.By(manager))
	require.NoError(t, err)
	require.True(t, again.Unchanged)
	require.Equal(t, first.Envelope, again.Envelope)
	cp, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, uint64(1), cp.Size, "nothing was added")
	changed, err := s.Put(ctx, "clinic", newDraft("d", "y"), storage.IfChanged())
	require.NoError(t, err)
	require.Equal(t, uint64(2), changed.Version)
	// Back to what it was is a change too: history tells it.
	back, err := s.Put(ctx, "clinic", newDraft("d", "x"), storage.IfChanged())
	require.NoError(t, err)
	require.Equal(t, uint64(3), back.Version)
}

func TestAsOf(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	start := c.now
	for i := range 3 {
		c.now = start.Add(time.Duration(i) * time.Hour)
		_, err := s.Put(ctx, "clinic", newDraft("d", fmt.Sprint(i)))
		require.NoError(t, err)
	}
	ref := hipaasmp.Ref{Kind: KindDraft, ID: "d"}
	_, err := s.GetAsOf(ctx, "clinic", ref, start.Add(-time.Microsecond))
	require.ErrorIs(t, err, storage.ErrNotFound)
	for i, when := range []time.Duration{0, time.Hour + 1, 9 * time.Hour} {
		e, err := s.GetAsOf(ctx, "clinic", ref, start.Add(when))
		require.NoError(t, err)
		require.Equal(t, uint64(i+1), e.Version)
		var listed []uint64
		for e, err := range s.List(ctx, "clinic", storage.Query{AsOf: start.Add(when)}) {
			require.NoError(t, err)
			listed = append(listed, e.Version)
		}
		require.Equal(t, []uint64{uint64(i + 1)}, listed)
	}
}

func TestListPagesAndFilters(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	const n = 600 // more than two pages
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		for i := range n {
			if _, err := tx.Put(newDraft(fmt.Sprintf("d%04d", i), "x")); err != nil {
				return err
			}
		}
		_, err := tx.Put(newProcedure("p", "Title", "2026-02-03"))
		return err
	}))
	count := func(q storage.Query) (n int) {
		last := ""
		for e, err := range s.List(ctx, "clinic", q) {
			require.NoError(t, err)
			require.Less(t, last, string(e.Kind)+"/"+e.ID)
			last = string(e.Kind) + "/" + e.ID
			n++
		}
		return n
	}
	require.Equal(t, n+1, count(storage.Query{}))
	require.Equal(t, n, count(storage.Query{Kind: KindDraft}))
	require.Equal(t, 1, count(storage.Query{Kind: KindProcedure}))
	require.Equal(t, 300, count(storage.Query{Limit: 300}))
	require.Equal(t, 0, count(storage.Query{Kind: "clinic.none"}))
	for range s.List(ctx, "clinic", storage.Query{}) {
		break // an abandoned iterator holds nothing open: Close in the cleanup returns
	}
	var docs int
	for d, err := range storage.List[Draft](ctx, s, "clinic", storage.Query{Kind: KindDraft}) {
		require.NoError(t, err)
		require.Equal(t, "x", d.Text)
		docs++
	}
	require.Equal(t, n, docs)
}

func TestListStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	calls := 0
	for _, err := range s.List(cancelled, "clinic", storage.Query{}) {
		require.ErrorIs(t, err, context.Canceled)
		calls++
	}
	require.Equal(t, 1, calls)
}

func TestPagesAndCursors(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	for i := range 7 {
		_, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i), "x"))
		require.NoError(t, err)
	}
	q := storage.Query{Kind: KindDraft, Limit: 3}
	var got []string
	var cursors []storage.Cursor
	for {
		p, err := s.Page(ctx, "clinic", q)
		require.NoError(t, err)
		for _, e := range p.Entries {
			got = append(got, e.ID)
		}
		if p.Next == "" {
			break
		}
		cursors = append(cursors, p.Next)
		q.After = p.Next
	}
	require.Equal(t, []string{"d0", "d1", "d2", "d3", "d4", "d5", "d6"}, got)
	require.Len(t, cursors, 2)
	p, err := s.Page(ctx, "clinic", storage.Query{Kind: KindDraft, Limit: 7})
	require.NoError(t, err)
	require.Empty(t, p.Next, "a full last page has no next")

	flipped := []byte(cursors[0])
	flipped[5] ^= 1
	for name, x := range map[string]struct {
		tenant string
		q      storage.Query
	}{
		"of another tenant":  {"other", storage.Query{Kind: KindDraft, After: cursors[0]}},
		"of another kind":    {"clinic", storage.Query{Kind: KindProcedure, After: cursors[0]}},
		"of all kinds":       {"clinic", storage.Query{After: cursors[0]}},
		"of another instant": {"clinic", storage.Query{Kind: KindDraft, AsOf: c.now, After: cursors[0]}},
		"changed":            {"clinic", storage.Query{Kind: KindDraft, After: storage.Cursor(flipped)}},
		"cut":                {"clinic", storage.Query{Kind: KindDraft, After: cursors[0][:8]}},
		"no cursor":          {"clinic", storage.Query{Kind: KindDraft, After: "d3"}},
		"endless":            {"clinic", storage.Query{Kind: KindDraft, After: storage.Cursor(strings.Repeat("A", 1<<20))}},
	} {
		_, err := s.Page(ctx, x.tenant, x.q)
		var ce *storage.CursorError
		require.ErrorAs(t, err, &ce, name)
	}
}

func FuzzCursor(f *testing.F) {
	s, _ := newStore(f)
	for i := range 3 {
		_, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i), "x"))
		require.NoError(f, err)
	}
	p, err := s.Page(ctx, "clinic", storage.Query{Limit: 1})
	require.NoError(f, err)
	f.Add(string(p.Next))
	f.Add("")
	f.Add("MQ")
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := s.Page(ctx, "clinic", storage.Query{After: storage.Cursor(cursor)})
		if err != nil {
			var ce *storage.CursorError
			require.ErrorAs(t, err, &ce)
			return
		}
		require.LessOrEqual(t, len(p.Entries), 3)
	})
}

func TestUpdateKeepsAllOrNothing(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	mine := errors.New("mine")
	write := func(tx *storage.Tx) error {
		_, err := tx.Put(newDraft("a", "x"))
		require.NoError(t, err)
		_, err = tx.Put(newDraft("b", "x"))
		return err
	}
	require.Same(t, mine, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		require.NoError(t, write(tx))
		return mine
	}))
	require.Panics(t, func() {
		_ = s.Update(ctx, "clinic", func(tx *storage.Tx) error {
			require.NoError(t, write(tx))
			panic("in the middle")
		})
	})
	_, err := s.Checkpoint(ctx, "clinic")
	require.ErrorIs(t, err, storage.ErrNotFound)

	require.NoError(t, s.Update(ctx, "clinic", write))
	c, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, uint64(2), c.Size)
	_, err = s.CheckpointAt(ctx, "clinic", 1)
	require.ErrorIs(t, err, storage.ErrNotFound, "one checkpoint for one transaction")
}

func TestTxReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	before := c.now
	for _, id := range []string{"b", "d"} {
		_, err := s.Put(ctx, "clinic", newDraft(id, "old"))
		require.NoError(t, err)
	}
	c.now = c.now.Add(time.Hour)
	var kept *storage.Tx
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		kept = tx
		for _, id := range []string{"e", "b", "a", "b"} {
			_, err := tx.Put(newDraft(id, "new "+id))
			require.NoError(t, err)
		}
		e, err := tx.Get(hipaasmp.Ref{Kind: KindDraft, ID: "b"})
		require.NoError(t, err)
		require.Equal(t, uint64(3), e.Version)
		e, err = tx.Get(hipaasmp.Ref{Kind: KindDraft, ID: "b", Version: 2})
		require.NoError(t, err)
		require.Equal(t, uint64(2), e.Version)
		e, err = tx.Get(hipaasmp.Ref{Kind: KindDraft, ID: "b", Version: 1})
		require.NoError(t, err)
		require.Equal(t, uint64(1), e.Version)
		_, err = tx.Get(hipaasmp.Ref{Kind: KindDraft, ID: "c"})
		require.ErrorIs(t, err, storage.ErrNotFound)

		list := func(q storage.Query) (out []string) {
			for e, err := range tx.List(q) {
				require.NoError(t, err)
				out = append(out, fmt.Sprintf("%s@%d", e.ID, e.Version))
			}
			return out
		}
		require.Equal(t, []string{"a@1", "b@3", "d@1", "e@1"}, list(storage.Query{}))
		require.Equal(t, []string{"a@1", "b@3"}, list(storage.Query{Limit: 2}))
		require.Equal(t, []string{"b@1", "d@1"}, list(storage.Query{AsOf: before, Kind: KindDraft}), "an earlier instant shows what was then")
		require.Nil(t, list(storage.Query{Kind: KindProcedure}))
		var history []uint64
		for e, err := range tx.History(hipaasmp.Ref{Kind: KindDraft, ID: "b"}) {
			require.NoError(t, err)
			history = append(history, e.Version)
		}
		require.Equal(t, []uint64{1, 2, 3}, history)
		for range tx.History(hipaasmp.Ref{Kind: KindDraft, ID: "none"}) {
			t.Fatal("a version of nothing")
		}
		return nil
	}))
	_, err := kept.Put(newDraft("z", "x"))
	require.ErrorIs(t, err, storage.ErrClosed)
	_, err = kept.Get(hipaasmp.Ref{Kind: KindDraft, ID: "b"})
	require.ErrorIs(t, err, storage.ErrClosed)
}

func TestConcurrentWritersLoseNothing(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	const writers, rounds = 8, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for range rounds {
				for {
					e, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "counter"})
					if err != nil && !errors.Is(err, storage.ErrNotFound) {
						t.Error(err)
						return
					}
					_, err = s.Put(ctx, "clinic", newDraft("counter", fmt.Sprint(e.Version+1)), storage.IfVersion(e.Version))
					if err == nil {
						break
					}
					if !errors.Is(err, storage.ErrConflict) {
						t.Error(err)
						return
					}
				}
				if _, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("own", w), "x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	d, _, err := storage.Get[Draft](ctx, s, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "counter"})
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(writers*rounds), d.Text)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(2*writers*rounds), v.Size)
}

func TestClockThatGoesBack(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	start := c.now
	_, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	c.now = start.Add(-storage.ClockSlack)
	e, err := s.Put(ctx, "clinic", newDraft("d", "y"))
	require.NoError(t, err)
	require.Equal(t, start, e.Recorded, "a little back counts as no time")
	c.now = start.Add(-storage.ClockSlack - time.Microsecond)
	_, err = s.Put(ctx, "clinic", newDraft("d", "z"))
	var ce *storage.ClockError
	require.ErrorAs(t, err, &ce)
	require.Equal(t, start, ce.Newest)
	_, err = s.Put(ctx, "other", newDraft("d", "z"))
	require.NoError(t, err, "each ledger has its own time")
}

func TestHooksRunAfterTheCommitAndChangeNothing(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var seen []storage.Commit
	var s *storage.Store
	s, _ = newStore(t, func(o *storage.Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.After = []storage.Hook{
			func(context.Context, storage.Commit) error { return errors.New("the mail server is down") },
			func(context.Context, storage.Commit) error { panic("at the worst moment") },
			func(ctx context.Context, c storage.Commit) error {
				seen = append(seen, c)
				_, err := s.Get(ctx, c.Tenant, c.Entries[0].Ref())
				return err
			},
		}
	})
	_, err := s.Put(ctx, "clinic", newDraft("d", "SECRET"))
	require.NoError(t, err)
	require.Len(t, seen, 1)
	require.Equal(t, uint64(1), seen[0].Checkpoint.Size)
	cp, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, cp, seen[0].Checkpoint)
	require.Contains(t, log.String(), "the mail server is down")
	require.Contains(t, log.String(), "at the worst moment")
	require.Contains(t, log.String(), "clinic.draft/d@1")
	require.NotContains(t, log.String(), "SECRET")

	_, err = s.Put(ctx, "clinic", newDraft("d", "x"), storage.IfVersion(9))
	require.Error(t, err)
	_, err = s.Put(ctx, "clinic", newDraft("d", "SECRET"), storage.IfChanged())
	require.NoError(t, err)
	require.Len(t, seen, 1, "no commit, no hook")
}

func TestReadingIsStrict(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	_, _, err = storage.Get[narrowDraft](ctx, s, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d"})
	var de *storage.DecodeError
	require.ErrorAs(t, err, &de)
	require.Equal(t, "unknown_member", de.Reason)
}

type narrowDraft struct{ hipaasmp.Header }

func (narrowDraft) Validate() error { return nil }

func TestCollectionRefusesAnotherKind(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	c := storage.NewCollection[Draft](s, "clinic", KindDraft)
	require.NoError(t, c.Put(ctx, newDraft("d", "x")))
	other := storage.NewCollection[Draft](s, "clinic", "clinic.other")
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, other.Put(ctx, newDraft("d", "x")), &ve)
	_, err := other.Get(ctx, "d")
	require.ErrorIs(t, err, storage.ErrNotFound)
}

func TestOptionsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	signer := testSigner(t, "a")
	for option, o := range map[string]storage.Options{
		"Signer":    {},
		"Unsigned":  {Signer: signer, Unsigned: true},
		"Product":   {Signer: signer, Product: "a b"},
		"Actor":     {Signer: signer, Actor: hipaasmp.Actor{ID: "a"}},
		"Verifiers": {Signer: signer.Signer},
		"Upcasters": {Signer: signer, Upcasters: []storage.Upcaster{{From: "x", To: "y"}}},
	} {
		_, err := storage.New(memory.New(), o)
		var oe *storage.OptionsError
		require.ErrorAs(t, err, &oe, option)
		require.Equal(t, option, oe.Option)
	}
	_, err := storage.New(nil, storage.Options{Signer: signer})
	require.Error(t, err)
}

func TestClosedStore(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	require.NoError(t, s.Close())
	_, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.ErrorIs(t, err, storage.ErrClosed)
	_, err = s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d"})
	require.ErrorIs(t, err, storage.ErrClosed)
}
