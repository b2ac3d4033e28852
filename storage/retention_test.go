package storage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// asked is a disposal that goes through all of its steps.
type asked struct {
	Ref                           hipaasmp.Ref
	Requested, Reviewed, Approved hipaasmp.Actor
	Method                        retention.Method
}

func disposition(id string) asked {
	return asked{Ref: hipaasmp.Ref{Kind: KindProcedure, ID: id}, Requested: officer, Reviewed: officer, Approved: manager, Method: retention.MethodRowRemoved}
}

// destroy takes a disposal through all of its steps in one transaction, so that a refusal leaves nothing.
func destroy(s *storage.Store, tenant string, d asked, opts ...storage.DisposeOption) (e storage.Entry, err error) {
	err = s.Update(ctx, tenant, func(tx *storage.Tx) (err error) {
		e, err = destroyIn(tx, d, opts...)
		return err
	})
	return e, err
}

func destroyIn(tx *storage.Tx, d asked, opts ...storage.DisposeOption) (storage.Entry, error) {
	if _, err := tx.ProposeDisposal(d.Ref, d.Method, d.Requested, opts...); err != nil {
		return storage.Entry{}, err
	}
	if _, err := tx.ReviewDisposal(d.Ref, d.Reviewed, ""); err != nil {
		return storage.Entry{}, err
	}
	if _, err := tx.ApproveDisposal(d.Ref, d.Approved); err != nil {
		return storage.Entry{}, err
	}
	return tx.Dispose(d.Ref, d.Approved, opts...)
}

func period(from, to string) hipaasmp.Period {
	p := hipaasmp.Period{From: civil.Date(from)}
	if to != "" {
		p.To = civil.Date(to)
	}
	return p
}

// approve takes a disposal as far as its approval, in transactions of their own.
func approve(t *testing.T, s *storage.Store, ref hipaasmp.Ref) {
	t.Helper()
	_, err := s.ProposeDisposal(ctx, "clinic", ref, retention.MethodRowRemoved, officer)
	require.NoError(t, err)
	_, err = s.ReviewDisposal(ctx, "clinic", ref, officer, "looked at")
	require.NoError(t, err)
	_, err = s.ApproveDisposal(ctx, "clinic", ref, manager)
	require.NoError(t, err)
}

var refP = hipaasmp.Ref{Kind: KindProcedure, ID: "p"}

func TestTermFollowsTheWholeHistory(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		versions []Procedure
		want     string // the last day to keep; "" while the clock is not running
	}{
		"created only":                      {[]Procedure{newProcedure("p", "T", "2024-02-29")}, "2030-03-01"},
		"in effect":                         {[]Procedure{newProcedure("p", "T", "2020-01-01", period("2020-01-01", ""))}, ""},
		"closed":                            {[]Procedure{newProcedure("p", "T", "2020-01-01", period("2020-01-01", "2025-05-31"))}, "2031-05-31"},
		"closed by a later version":         {[]Procedure{newProcedure("p", "T", "2020-01-01", period("2020-01-01", "")), newProcedure("p", "T", "2020-01-01", period("2020-01-01", "2026-01-31"))}, "2032-01-31"},
		"an open period that is forgotten":  {[]Procedure{newProcedure("p", "T", "2020-01-01", period("2020-01-01", "")), newProcedure("p", "T", "2020-01-01", period("2019-01-01", "2019-12-31"))}, "2032-02-03"},
		"put back in force":                 {[]Procedure{newProcedure("p", "T", "2020-01-01", period("2020-01-01", "2021-01-01")), newProcedure("p", "T", "2020-01-01", period("2020-01-01", "2021-01-01"), period("2026-01-01", ""))}, ""},
		"a correction to an earlier day":    {[]Procedure{newProcedure("p", "T", "2020-01-01", period("2020-01-01", "2025-05-31")), newProcedure("p", "T", "2020-01-01", period("2020-01-01", "2023-01-01"))}, "2031-05-31"},
		"a correction of the creation":      {[]Procedure{newProcedure("p", "T", "2024-06-01"), newProcedure("p", "T", "2022-01-01")}, "2030-06-01"},
		"a later version is itself created": {[]Procedure{newProcedure("p", "T", "2020-01-01"), newProcedure("p", "T", "2026-02-01")}, "2032-02-01"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStore(t)
			var last storage.Entry
			for _, p := range x.versions {
				var err error
				last, err = s.Put(ctx, "clinic", p)
				require.NoError(t, err)
			}
			term, err := s.Term(ctx, "clinic", refP)
			require.NoError(t, err)
			require.NotEmpty(t, term.Trace)
			if x.want == "" {
				require.False(t, term.Running)
				require.True(t, last.KeepThrough.IsZero())
				return
			}
			require.Equal(t, civil.Date(x.want), term.KeepThrough)
			require.Equal(t, civil.Date(x.want).AddDays(1), term.FirstDisposal)
			require.Equal(t, civil.Date(x.want), last.KeepThrough, "what the driver guards is what the rule says")
		})
	}
}

func TestAShorterRuleShortensNothing(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	ten := retention.Rule{ID: "contract", Title: "Contract", Start: retention.StartCreation, Years: 10, Authority: "contract 12"}
	long := open(t, b, func(o *storage.Options) { o.Schedule.Overlays = []retention.Rule{ten} })
	_, err := long.Put(ctx, "clinic", newProcedure("p", "T", "2024-01-01"))
	require.NoError(t, err)
	short := open(t, b)
	term, err := short.Term(ctx, "clinic", refP)
	require.NoError(t, err)
	require.Equal(t, hipaasmp.Day(2034, 1, 1), term.KeepThrough)
	require.Contains(t, term.Trace[len(term.Trace)-1], "nothing shortens it")

	twenty := ten
	twenty.Years = 20
	longer := open(t, b, func(o *storage.Options) { o.Schedule.Overlays = []retention.Rule{twenty} })
	term, err = longer.Term(ctx, "clinic", refP)
	require.NoError(t, err)
	require.Equal(t, hipaasmp.Day(2044, 1, 1), term.KeepThrough, "a longer rule lengthens")
}

func TestARuleThatWaitsForItsEventKeeps(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	waiting := retention.Rule{ID: "contract", Title: "Contract", Start: retention.StartEvent, Years: 2, Authority: "contract 12"}
	now := at("2026-02-03T09:00:00Z")
	clocked := func(o *storage.Options) { o.Clock = func() time.Time { return now } }
	s := open(t, b, clocked, func(o *storage.Options) { o.Schedule.Overlays = []retention.Rule{waiting} })
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2010-01-01"))
	require.NoError(t, err)
	_, err = destroy(s, "clinic", disposition("p"))
	var re *retention.RetainedError
	require.ErrorAs(t, err, &re)
	require.Equal(t, "contract", re.Rule)
	waiting.Event = hipaasmp.Day(2023, 1, 1)
	s = open(t, b, clocked, func(o *storage.Options) { o.Schedule.Overlays = []retention.Rule{waiting} })
	_, err = destroy(s, "clinic", disposition("p"))
	require.NoError(t, err)
}

func TestDraftsHaveNoClock(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	_, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	ref := hipaasmp.Ref{Kind: KindDraft, ID: "d"}
	term, err := s.Term(ctx, "clinic", ref)
	require.NoError(t, err)
	require.False(t, term.Running)
	c.now = c.now.AddDate(50, 0, 0)
	d := disposition("d")
	d.Ref = ref
	_, err = destroy(s, "clinic", d)
	require.ErrorIs(t, err, retention.ErrRetained)
	require.ErrorContains(t, err, "no record yet")
}

func TestExtensionsOnlyLengthen(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	_, err = s.Extend(ctx, "clinic", refP, hipaasmp.Day(2030, 12, 31), officer, "state law")
	require.NoError(t, err)
	term, err := s.Term(ctx, "clinic", refP)
	require.NoError(t, err)
	require.Equal(t, hipaasmp.Day(2030, 12, 31), term.KeepThrough)
	require.Contains(t, term.Trace[len(term.Trace)-1], "extended on 2026-02-03")
	_, err = s.Extend(ctx, "clinic", refP, hipaasmp.Day(2030, 12, 30), officer, "a mistake")
	require.ErrorIs(t, err, storage.ErrShortened)
	_, err = s.Extend(ctx, "clinic", hipaasmp.Ref{Kind: KindProcedure, ID: "none"}, hipaasmp.Day(2030, 12, 30), officer, "x")
	require.ErrorIs(t, err, storage.ErrNotFound)
	c.now = at("2030-12-31T23:00:00Z")
	_, err = destroy(s, "clinic", disposition("p"))
	require.ErrorIs(t, err, retention.ErrRetained)
	c.now = at("2031-01-01T12:00:00Z")
	_, err = destroy(s, "clinic", disposition("p"))
	require.NoError(t, err)
	_, err = s.Extend(ctx, "clinic", refP, hipaasmp.Day(2040, 12, 31), officer, "too late")
	require.ErrorIs(t, err, storage.ErrDisposed)
}

// 2032-04-30 is the last day to keep. In a zone the day after begins when it begins there; without one it has begun
// everywhere on earth.
func TestTheCivilDayIsCountedWhereItIsSaid(t *testing.T) {
	t.Parallel()
	zone := func(name string) *time.Location {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Skipf("the time zone database is missing: %v", err)
		}
		return loc
	}
	for name, x := range map[string]struct {
		opts  []storage.DisposeOption
		first string // the first instant at which it may be destroyed
	}{
		"unknown":     {nil, "2032-05-01T12:00:00Z"},
		"Chicago":     {[]storage.DisposeOption{storage.In(zone("America/Chicago"))}, "2032-05-01T05:00:00Z"},
		"Cairo":       {[]storage.DisposeOption{storage.In(zone("Africa/Cairo"))}, "2032-04-30T21:00:00Z"},
		"Apia":        {[]storage.DisposeOption{storage.In(zone("Pacific/Apia"))}, "2032-04-30T11:00:00Z"},
		"no location": {[]storage.DisposeOption{storage.In(nil)}, "2032-05-01T12:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newStore(t)
			_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2024-01-01", period("2024-01-01", "2026-04-30")))
			require.NoError(t, err)
			c.now = at(x.first).Add(-time.Microsecond)
			_, err = destroy(s, "clinic", disposition("p"), x.opts...)
			require.ErrorIs(t, err, retention.ErrRetained)
			c.now = at(x.first)
			_, err = destroy(s, "clinic", disposition("p"), x.opts...)
			require.NoError(t, err)
		})
	}
}

func TestDisposalLeavesTheProof(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	var first storage.Entry
	for i, title := range []string{"first title", "second title"} {
		e, err := s.Put(ctx, "clinic", newProcedure("p", title, "2018-01-01"), storage.Reason("why"))
		require.NoError(t, err)
		if i == 0 {
			first = e
		}
	}
	_, err := s.Put(ctx, "clinic", newProcedure("q", "T", "2018-01-01"))
	require.NoError(t, err)
	c.now = at("2026-03-01T12:00:00Z")
	e, err := destroy(s, "clinic", disposition("p"))
	require.NoError(t, err)
	require.Equal(t, storage.OpDisposed, e.Op)
	require.Equal(t, manager, e.Actor)

	cert, err := storage.Decode[storage.Certificate](e)
	require.NoError(t, err)
	require.NoError(t, cert.Validate())
	require.Equal(t, hipaasmp.Ref{Kind: KindProcedure, ID: "p", Version: 2}, cert.Ref)
	require.Len(t, cert.Versions, 2)
	require.Equal(t, hipaasmp.Day(2024, 1, 1), cert.Term.KeepThrough)
	require.Equal(t, hipaasmp.Day(2026, 3, 1), cert.On)
	require.Equal(t, officer, cert.Requested)
	require.NotContains(t, string(e.Body), "first title")
	require.Equal(t, hipaasmp.Day(2032, 3, 1), e.KeepThrough, "the certificate is a record of its own")

	for i, v := range func() (out []storage.Entry) {
		for v, err := range s.History(ctx, "clinic", refP) {
			require.NoError(t, err)
			out = append(out, v)
		}
		return out
	}() {
		require.True(t, v.Disposed())
		require.Nil(t, v.Salt)
		require.Empty(t, v.Reason)
		require.Equal(t, uint64(i+1), v.Version)
	}
	gone, err := s.Inclusion(ctx, "clinic", 0, 3)
	require.NoError(t, err)
	require.NotNil(t, gone)
	for v, err := range s.Entries(ctx, "clinic", 0, 1) {
		require.NoError(t, err)
		require.Equal(t, first.Leaf(), v.Leaf(), "the leaf outlives the content")
	}
	_, err = s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindProcedure, ID: "p", Version: 1})
	require.ErrorIs(t, err, storage.ErrDisposed)
	_, err = s.Put(ctx, "clinic", newProcedure("p", "T3", "2026-01-01"))
	require.ErrorIs(t, err, storage.ErrDisposed, "an identity is not used again")
	_, err = destroy(s, "clinic", disposition("p"))
	require.ErrorIs(t, err, storage.ErrDisposed)
	var listed []string
	for e, err := range s.List(ctx, "clinic", storage.Query{}) {
		require.NoError(t, err)
		listed = append(listed, e.ID)
	}
	require.Equal(t, []string{"q"}, listed)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, 2, v.Disposed)
}

func TestDisposalNeedsTwoPersonsAndAnAuthority(t *testing.T) {
	t.Parallel()
	mayNot := func(who hipaasmp.Actor, power hipaasmp.Power, on hipaasmp.Date) error {
		return &hipaasmp.AuthorityError{Who: who, Power: power, On: on}
	}
	for name, x := range map[string]struct {
		alter func(*asked)
		may   hipaasmp.Authority
		want  any
	}{
		"one person":   {func(d *asked) { d.Approved = d.Requested }, nil, new(*hipaasmp.ValidationError)},
		"no approver":  {func(d *asked) { d.Approved = hipaasmp.Actor{} }, nil, new(*hipaasmp.ValidationError)},
		"no requester": {func(d *asked) { d.Requested = hipaasmp.Actor{} }, nil, new(*hipaasmp.ValidationError)},
		"no method":    {func(d *asked) { d.Method = "" }, nil, new(*hipaasmp.ValidationError)},
		"no power":     {func(*asked) {}, mayNot, new(*hipaasmp.AuthorityError)},
		"the reviewer": {func(d *asked) { d.Reviewed = d.Approved }, nil, new(*hipaasmp.ValidationError)},
		"a program":    {func(d *asked) { d.Approved = hipaasmp.Actor{ID: "job", Role: hipaasmp.RoleSystem} }, nil, new(*hipaasmp.ValidationError)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStore(t, func(o *storage.Options) { o.Authority = x.may })
			_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
			require.NoError(t, err)
			d := disposition("p")
			x.alter(&d)
			_, err = destroy(s, "clinic", d)
			require.ErrorAs(t, err, x.want)
			_, err = s.Get(ctx, "clinic", refP)
			require.NoError(t, err, "nothing was destroyed")
		})
	}
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	d := disposition("p")
	d.Method = retention.MethodKeyDestroyed
	_, err = destroy(s, "clinic", d)
	require.ErrorIs(t, err, storage.ErrUnsupported)
	d = disposition("none")
	_, err = destroy(s, "clinic", d)
	require.ErrorIs(t, err, storage.ErrNotFound)
	d.Ref = hipaasmp.Ref{Kind: storage.KindCertificate, ID: "x"}
	_, err = destroy(s, "clinic", d)
	require.ErrorIs(t, err, retention.ErrRetained, "the ledger's own entries are never destroyed")
}

// A disposition that was approved earlier does not carry over what was true then.
func TestDisposalIsCheckedAnewInsideTheTransaction(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	approve(t, s, refP)
	_, err = s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01", period("2018-01-01", "")))
	require.NoError(t, err)
	_, err = s.Dispose(ctx, "clinic", refP, manager)
	require.ErrorIs(t, err, retention.ErrRetained)
	require.ErrorContains(t, err, "in effect since 2018-01-01")
}

func TestDisposalRefusesAClockThatWentBack(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	c.now = c.now.Add(-time.Microsecond)
	_, err = destroy(s, "clinic", disposition("p"))
	var ce *storage.ClockError
	require.ErrorAs(t, err, &ce)
}

func TestCertificateOfATenantIsItsOwn(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for _, tenant := range []string{"one", "two"} {
		_, err := s.Put(ctx, tenant, newProcedure("p", "T", "2018-01-01"))
		require.NoError(t, err)
	}
	_, err := destroy(s, "one", disposition("p"))
	require.NoError(t, err)
	_, err = s.Get(ctx, "two", refP)
	require.NoError(t, err)
}
