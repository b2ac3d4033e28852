package storage_test

import (
	"context"
	"fmt"
	"math"
	"strings"
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
	o := storage.Options{Signer: testSigner(t, "a"), Clock: c.Now, ClockStep: -1, HoldGrace: -1}
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
