package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

var leaving = storage.OffBoardRequest{Requested: officer, Approved: manager, Reason: "The practice has closed."}

func TestOffBoardingNamesEverythingThatStandsAgainstIt(t *testing.T) {
	t.Parallel()
	ring := newRing(t, filepath.Join(t.TempDir(), "keys"))
	s, c := newStore(t, sealing(ring))
	for id, created := range map[string]string{"due": "2018-01-01", "held": "2018-01-01", "young": "2025-01-01"} {
		_, err := s.Put(ctx, "clinic", newProcedure(id, "T", created))
		require.NoError(t, err)
	}
	_, err := s.Put(ctx, "clinic", newDraft("draft", "x"))
	require.NoError(t, err)
	_, err = s.PlaceHold(ctx, "clinic", holdOn("m", hipaasmp.Ref{Kind: KindProcedure, ID: "held"}))
	require.NoError(t, err)
	size := func() uint64 {
		cp, err := s.Checkpoint(ctx, "clinic")
		require.NoError(t, err)
		return cp.Size
	}
	before := size()
	_, err = s.OffBoard(ctx, "clinic", leaving)
	var oe *storage.OffBoardError
	require.ErrorAs(t, err, &oe)
	require.Equal(t, 4, oe.Count)
	require.Equal(t, hipaasmp.Day(2032, 2, 3), oe.Through, "six years after the draft was last changed")
	why := map[string]string{}
	for _, l := range oe.First {
		var re *retention.RetainedError
		var he *retention.HeldError
		var ue *storage.UndisposedError
		switch {
		case errors.As(l.Err, &re):
			why[l.Ref.ID] = "retained until " + re.Until.String()
		case errors.As(l.Err, &he):
			why[l.Ref.ID] = "held for " + he.Matters[0]
		case errors.As(l.Err, &ue):
			why[l.Ref.ID] = "undisposed"
		}
	}
	require.Equal(t, map[string]string{"due": "undisposed", "held": "held for m", "young": "retained until 2031-01-01", "draft": "retained until 2032-02-03"}, why)
	require.ErrorIs(t, err, retention.ErrHeld)
	require.ErrorIs(t, err, retention.ErrRetained)
	require.Equal(t, before, size(), "nothing was changed")
	_, err = s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindProcedure, ID: "due"})
	require.NoError(t, err, "and no key destroyed")
	n := 0
	for l, err := range s.Leftovers(ctx, "clinic", hipaasmp.Day(2026, 2, 3)) {
		require.NoError(t, err)
		require.Error(t, l.Err)
		n++
	}
	require.Equal(t, 4, n, "the list before says the same")
	_, err = s.OffBoard(ctx, "nobody", leaving)
	require.ErrorIs(t, err, storage.ErrNotFound)
	_, err = s.OffBoard(ctx, "no tenant", leaving)
	require.ErrorIs(t, err, storage.ErrTenant)
	_ = c
}

// breaking is a key ring whose destruction fails as often as is said: the program was killed before it, or a key service
// did not answer.
type breaking struct {
	*storage.KeyRing
	fails int
}

func (b *breaking) DestroyKeys(ctx context.Context, tenant string) error {
	if b.fails--; b.fails >= 0 {
		return errors.New("killed")
	}
	return b.KeyRing.DestroyKeys(ctx, tenant)
}

// After the entry and before the keys the program may die. Called again, OffBoard goes on; the ledger and its certificates
// verify at every moment, and nothing is added any more.
func TestOffBoardingGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	keys := &breaking{KeyRing: newRing(t, dir), fails: 1}
	b := memory.New()
	defer b.Close()
	c := &clock{at("2026-02-03T09:00:00Z")}
	with := func(k storage.KeyWrapper) *storage.Store {
		return open(t, b, func(o *storage.Options) { o.Keys, o.Clock, o.ClockStep = k, c.Now, -1 })
	}
	s := with(keys)
	for _, id := range []string{"p", "q"} {
		_, err := s.Put(ctx, "clinic", newProcedure(id, "a title", "2018-01-01"))
		require.NoError(t, err)
	}
	_, err := s.Put(ctx, "clinic", newDraft("draft", "some words"))
	require.NoError(t, err)
	_, err = s.Put(ctx, "another", newDraft("draft", "some words"))
	require.NoError(t, err)
	var certified []storage.Entry
	for _, id := range []string{"p", "q"} {
		e, err := destroy(s, "clinic", disposition(id))
		require.NoError(t, err)
		certified = append(certified, e)
	}
	_, err = s.RecordBackup(ctx, "clinic", storage.BackupCopy{Name: "tape", Taken: c.now, Lapses: hipaasmp.Day(2040, 1, 1)}, officer)
	require.NoError(t, err)
	c.now = at("2032-02-05T12:00:00Z")
	_, err = s.OffBoard(ctx, "clinic", storage.OffBoardRequest{Requested: officer, Approved: officer, Reason: "x"})
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve, "one person")
	_, err = s.OffBoard(ctx, "clinic", storage.OffBoardRequest{Requested: officer, Approved: manager})
	require.ErrorAs(t, err, &ve, "no reason")

	_, err = s.OffBoard(ctx, "clinic", leaving)
	require.ErrorContains(t, err, "killed")
	ended := func(s *storage.Store) {
		t.Helper()
		_, err := s.Put(ctx, "clinic", newDraft("draft", "more"))
		var oe *storage.OffBoardedError
		require.ErrorAs(t, err, &oe)
		require.ErrorIs(t, err, storage.ErrOffBoarded)
		_, err = s.PlaceHold(ctx, "clinic", holdOn("late"))
		require.ErrorAs(t, err, &oe, "a hold comes too late")
	}
	ended(s)
	again := &breaking{KeyRing: newRing(t, dir)}
	s = with(again) // another process
	ended(s)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Zero(t, v.Shredded, "the keys are there yet")

	for range 2 { // and once more, for nothing
		e, err := s.OffBoard(ctx, "clinic", leaving)
		require.NoError(t, err)
		require.Equal(t, storage.OpOffBoarded, e.Op)
		x, err := storage.Decode[storage.OffBoarding](e)
		require.NoError(t, err)
		require.Equal(t, []hipaasmp.Ref{{Kind: KindDraft, ID: "draft", Version: 1}}, x.Unfinished)
		require.Equal(t, []uint64{2, 2}, []uint64{x.Disposed, x.Certificates})
		require.Equal(t, hipaasmp.Day(2038, 2, 5), x.CertificatesThrough)
		require.Equal(t, "tape", x.Backups[0].Name)
		require.Equal(t, e.Seq, x.Size)
	}
	ended(s)
	s = with(newRing(t, dir))
	v, err = s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, 1, v.Shredded)
	require.Equal(t, 2, v.Disposed)
	_, err = s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "draft"})
	var ku *storage.KeyUnavailableError
	require.ErrorAs(t, err, &ku, "the content is gone")
	head, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	for _, e := range certified {
		read, _, err := storage.Get[storage.Certificate](ctx, s, "clinic", e.Ref())
		require.NoError(t, err, "certificates can be read")
		require.NoError(t, read.Validate())
		proof, err := s.Inclusion(ctx, "clinic", e.Seq, head.Size)
		require.NoError(t, err)
		require.NoError(t, tlog.CheckRecord(proof, int64(head.Size), head.Root, int64(e.Seq), e.Leaf()))
	}
	_, err = s.Get(ctx, "another", hipaasmp.Ref{Kind: KindDraft, ID: "draft"})
	require.NoError(t, err, "another tenant is not touched")
	_, err = s.Put(ctx, "another", newDraft("draft", "more"))
	require.NoError(t, err)
}

func TestOffBoardingLooksAtTheClockAndAtTheKeys(t *testing.T) {
	t.Parallel()
	s, c := newStore(t, func(o *storage.Options) { o.ClockStep = 0 })
	_, err := s.Put(ctx, "clinic", newDraft("draft", "in the clear"))
	require.NoError(t, err)
	c.now = at("2040-01-01T12:00:00Z")
	_, err = s.OffBoard(ctx, "clinic", leaving)
	var ue *storage.UndisposedError
	require.ErrorAs(t, err, &ue, "nothing would destroy what is in the clear")

	s, c = newStore(t, func(o *storage.Options) { o.ClockStep = 0 })
	_, err = s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	_, err = destroy(s, "clinic", disposition("p"))
	require.NoError(t, err)
	c.now = at("2040-01-01T12:00:00Z")
	_, err = s.OffBoard(ctx, "clinic", leaving)
	var ce *storage.ClockError
	require.ErrorAs(t, err, &ce)
	c.now = at("2026-02-03T08:59:59Z")
	_, err = s.OffBoard(ctx, "clinic", leaving)
	require.ErrorAs(t, err, &ce)
	require.False(t, ce.Ahead)
	c.now = at("2040-01-01T12:00:00Z")
	e, err := s.OffBoard(ctx, "clinic", leaving, storage.Witnessed(c.now))
	require.NoError(t, err)
	x, err := storage.Decode[storage.OffBoarding](e)
	require.NoError(t, err)
	require.Equal(t, e.Seq, x.Size, "behind the confirmation of the clock")
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())

	wrapOnly := struct{ storage.KeyWrapper }{newRing(t, filepath.Join(t.TempDir(), "keys"))}
	s, c = newStore(t, sealing(wrapOnly))
	_, err = s.Put(ctx, "clinic", newDraft("draft", "sealed"))
	require.NoError(t, err)
	c.now = at("2040-01-01T12:00:00Z")
	_, err = s.OffBoard(ctx, "clinic", leaving)
	require.ErrorIs(t, err, storage.ErrUnsupported, "a key service that destroys no keys")
	refuse := func(who hipaasmp.Actor, p hipaasmp.Power, on hipaasmp.Date) error {
		return &hipaasmp.AuthorityError{Who: who, Power: p, On: on}
	}
	s, _ = newStore(t, func(o *storage.Options) { o.Authority = refuse })
	_, err = s.Extend(ctx, "clinic", refP, hipaasmp.Day(2030, 1, 1), officer, "x")
	require.ErrorIs(t, err, storage.ErrNotFound)
}
