package storage_test

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

// third is another person.
var third = hipaasmp.Actor{ID: "wf-9", Role: hipaasmp.RolePrivacyOfficial}

func standing(t *testing.T, s *storage.Store, on string) storage.Standing {
	t.Helper()
	st, err := s.Standing(ctx, "clinic", refP, civil.Date(on))
	require.NoError(t, err)
	return st
}

func TestARecordGoesThroughEveryStateToItsDisposal(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	inForce := period("2014-01-01", "")
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2014-01-01", inForce))
	require.NoError(t, err)
	require.Equal(t, retention.StateInEffect, standing(t, s, "2026-02-03").State)
	_, err = s.Put(ctx, "clinic", newProcedure("p", "T", "2014-01-01", period("2014-01-01", "2019-12-31")))
	require.NoError(t, err)
	require.Equal(t, retention.StateRetaining, standing(t, s, "2025-12-31").State)
	require.Equal(t, retention.StateEligible, standing(t, s, "2026-01-01").State)

	d, err := s.ProposeDisposal(ctx, "clinic", refP, retention.MethodRowRemoved, officer)
	require.NoError(t, err)
	require.Equal(t, uint64(2), d.Ref.Version, "of the versions that there are")
	require.Equal(t, retention.StateEligible, standing(t, s, "2026-02-03").State)
	_, err = s.ReviewDisposal(ctx, "clinic", refP, third, "Superseded.")
	require.NoError(t, err)
	require.Equal(t, retention.StateInReview, standing(t, s, "2026-02-03").State)
	_, err = s.PlaceHold(ctx, "clinic", holdOn("m", refP))
	require.NoError(t, err)
	require.Equal(t, retention.StateInReview, standing(t, s, "2026-02-03").State)
	require.Equal(t, []string{"m"}, standing(t, s, "2026-02-03").Held, "a hold lies over the state")
	_, err = s.ApproveDisposal(ctx, "clinic", refP, manager)
	require.ErrorIs(t, err, retention.ErrHeld)
	_, err = s.ReleaseHold(ctx, "clinic", "m", manager, "closed")
	require.NoError(t, err)
	for _, who := range []hipaasmp.Actor{officer, third, {ID: "job", Role: hipaasmp.RoleSystem}} {
		_, err = s.ApproveDisposal(ctx, "clinic", refP, who)
		var ve *hipaasmp.ValidationError
		require.ErrorAs(t, err, &ve)
		require.True(t, ve.Has(retention.FaultApprover))
	}
	_, err = s.Dispose(ctx, "clinic", refP, manager)
	var te *hipaasmp.TransitionError
	require.ErrorAs(t, err, &te, "not approved")
	_, err = s.ApproveDisposal(ctx, "clinic", refP, manager)
	require.NoError(t, err)
	require.Equal(t, retention.StateApproved, standing(t, s, "2026-02-03").State)
	c.now = c.now.Add(time.Hour)
	e, err := s.Dispose(ctx, "clinic", refP, third)
	require.NoError(t, err)
	st := standing(t, s, "2026-02-03")
	require.Equal(t, retention.StateDisposed, st.State)
	require.Len(t, st.Disposition.History, 4)

	cert, err := storage.Decode[storage.Certificate](e)
	require.NoError(t, err)
	require.Equal(t, officer, cert.Requested)
	require.Equal(t, third, cert.Reviewed)
	require.Equal(t, manager, cert.Approved)
	require.Equal(t, third, cert.By)
	require.Equal(t, c.now.Add(-time.Hour), cert.ApprovedAt)
	require.Equal(t, c.now, cert.DestroyedAt)
	require.Equal(t, storage.CheckedHolds{OnFile: 1, Released: []storage.ReleasedHold{{Matter: "m", At: c.now.Add(-time.Hour)}}}, cert.Holds)
	require.Equal(t, uint64(2), cert.Counts.Versions)
	require.Zero(t, cert.Counts.Keys)
	approved, err := s.Get(ctx, "clinic", cert.Disposition)
	require.NoError(t, err)
	was, err := storage.Decode[retention.Disposition](approved)
	require.NoError(t, err)
	require.Equal(t, retention.StateApproved, was.State, "the certificate names the version that was approved")
	for i, v := range cert.Versions {
		for kept, err := range s.Entries(ctx, "clinic", v.Seq, v.Seq+1) {
			require.NoError(t, err)
			require.Equal(t, uint64(i+1), kept.Version)
			leaf := kept.Leaf()
			require.Equal(t, string(v.Leaf), hex.EncodeToString(leaf[:]))
		}
	}
	_, err = s.ProposeDisposal(ctx, "clinic", refP, retention.MethodRowRemoved, officer)
	require.ErrorIs(t, err, storage.ErrDisposed)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

func TestAnApprovalCoversTheVersionsThatWereLookedAt(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	approve(t, s, refP)
	_, err = s.Put(ctx, "clinic", newProcedure("p", "T2", "2018-01-01"))
	require.NoError(t, err)
	_, err = s.Dispose(ctx, "clinic", refP, manager)
	var ce *storage.ConflictError
	require.ErrorAs(t, err, &ce)
	require.Equal(t, []uint64{1, 2}, []uint64{ce.Want, ce.Have})
	_, err = s.DeclineDisposal(ctx, "clinic", refP, manager, "Another version was filed.")
	require.NoError(t, err)
	_, err = s.Dispose(ctx, "clinic", refP, manager)
	var te *hipaasmp.TransitionError
	require.ErrorAs(t, err, &te, "what is kept by decision is not destroyed")
	approve(t, s, refP)
	_, err = s.Dispose(ctx, "clinic", refP, manager)
	require.NoError(t, err)
}

func TestNobodyFilesADispositionByHand(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	approve(t, s, refP)
	d, err := s.Disposition(ctx, "clinic", refP)
	require.NoError(t, err)
	_, err = s.Put(ctx, "clinic", d)
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve)
	for _, doc := range []hipaasmp.Document{storage.ClockMark{}, storage.OffBoarding{}, storage.Certificate{}} {
		_, err = s.Put(ctx, "clinic", doc)
		require.ErrorAs(t, err, &ve)
	}
	_, err = s.Disposition(ctx, "other", refP)
	require.ErrorIs(t, err, storage.ErrNotFound, "a disposition is a tenant's own")
	_, err = s.Standing(ctx, "other", refP, hipaasmp.Day(2026, 1, 1))
	require.ErrorIs(t, err, storage.ErrNotFound)
	for _, err := range []error{
		func() error { _, err := s.ReviewDisposal(ctx, "other", refP, officer, ""); return err }(),
		func() error { _, err := s.ApproveDisposal(ctx, "other", refP, manager); return err }(),
		func() error { _, err := s.Dispose(ctx, "other", refP, manager); return err }(),
	} {
		require.ErrorIs(t, err, storage.ErrNotFound)
	}
	_, err = s.DeclineDisposal(ctx, "other", refP, manager, "why")
	var te *hipaasmp.TransitionError
	require.ErrorAs(t, err, &te)
	_, err = s.ProposeDisposal(ctx, "clinic", hipaasmp.Ref{Kind: retention.KindDisposition, ID: d.ID}, retention.MethodRowRemoved, officer)
	require.ErrorIs(t, err, retention.ErrRetained, "the ledger's own entries are never destroyed")
}

// An entry that is written on the wrong clock moves the newest entry there; the mark that it leaves stops the disposal.
func TestAnEntryOnAClockThatJumpedHidesNothing(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		settle func(t *testing.T, s *storage.Store, c *clock) []storage.DisposeOption
		ok     bool
	}{
		"nobody says anything": {func(*testing.T, *storage.Store, *clock) []storage.DisposeOption { return nil }, false},
		"more entries": {func(t *testing.T, s *storage.Store, c *clock) []storage.DisposeOption {
			for range 3 {
				c.now = c.now.Add(20 * time.Hour)
				_, err := s.Put(ctx, "clinic", newDraft("d", c.now.String()))
				require.NoError(t, err)
			}
			return nil
		}, false},
		"a second jump": {func(t *testing.T, s *storage.Store, c *clock) []storage.DisposeOption {
			c.now = c.now.AddDate(0, 1, 0)
			_, err := s.Put(ctx, "clinic", newDraft("d", "z"))
			require.NoError(t, err)
			return nil
		}, false},
		"another store over the same ledger": {func(t *testing.T, s *storage.Store, c *clock) []storage.DisposeOption { return nil }, false},
		"a witness of the old time": {func(t *testing.T, s *storage.Store, c *clock) []storage.DisposeOption {
			return []storage.DisposeOption{storage.Witnessed(at("2026-02-03T10:00:00Z"))}
		}, false},
		"a witness": {func(t *testing.T, s *storage.Store, c *clock) []storage.DisposeOption {
			return []storage.DisposeOption{storage.Witnessed(c.now.Add(-time.Hour))}
		}, true},
		"a program": {func(t *testing.T, s *storage.Store, c *clock) []storage.DisposeOption {
			_, err := s.ConfirmClock(ctx, "clinic", hipaasmp.Actor{ID: "job", Role: hipaasmp.RoleSystem}, "It says so.")
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, err, &ve)
			return nil
		}, false},
		"a person without a reason": {func(t *testing.T, s *storage.Store, c *clock) []storage.DisposeOption {
			_, err := s.ConfirmClock(ctx, "clinic", officer, "")
			require.Error(t, err)
			return nil
		}, false},
		"a person": {func(t *testing.T, s *storage.Store, c *clock) []storage.DisposeOption {
			e, err := s.ConfirmClock(ctx, "clinic", officer, "Compared with a telephone.")
			require.NoError(t, err)
			require.Equal(t, storage.OpClockConfirmed, e.Op)
			e, err = s.ConfirmClock(ctx, "clinic", officer, "again")
			require.NoError(t, err)
			require.Zero(t, e.Version, "there is nothing to confirm")
			return nil
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newStore(t, func(o *storage.Options) { o.ClockStep = 0 }) // the default
			_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2024-01-01"))
			require.NoError(t, err)
			_, err = s.Put(ctx, "clinic", newProcedure("q", "T", "2024-01-01"))
			require.NoError(t, err)
			c.now = at("2033-01-01T12:00:00Z")
			_, err = s.Put(ctx, "clinic", newDraft("d", "on the wrong clock"))
			require.NoError(t, err)
			c.now = c.now.Add(time.Minute)
			opts := x.settle(t, s, c)
			approve(t, s, refP)
			_, err = s.Dispose(ctx, "clinic", refP, manager, opts...)
			if !x.ok {
				var ce *storage.ClockError
				require.ErrorAs(t, err, &ce)
				require.True(t, ce.Ahead)
				require.Equal(t, at("2026-02-03T09:00:00Z"), ce.Newest, "from where it went ahead")
				_, err = s.Get(ctx, "clinic", refP)
				require.NoError(t, err)
				return
			}
			require.NoError(t, err)
			c.now = c.now.Add(time.Hour)
			_, err = destroy(s, "clinic", disposition("q"))
			require.NoError(t, err, "once it is settled the sweep goes on")
			c.now = c.now.Add(25 * time.Hour)
			_, err = s.Put(ctx, "clinic", newProcedure("p2", "T", "2024-01-01"))
			require.NoError(t, err)
			_, err = destroy(s, "clinic", disposition("p2"))
			var ce *storage.ClockError
			require.ErrorAs(t, err, &ce, "the next jump is looked at anew")
			v, err := s.VerifyTenant(ctx, "clinic")
			require.NoError(t, err)
			require.NoError(t, v.Err())
		})
	}
}

// However many gaps there are, an open mark is one entry; what a small step leaves is none.
func TestMarksOfTheClockAreFew(t *testing.T) {
	t.Parallel()
	ops := func(s *storage.Store) (n int) {
		for e, err := range s.Entries(ctx, "clinic", 0, 100) {
			require.NoError(t, err)
			if e.Op == storage.OpClockJumped {
				n++
			}
		}
		return n
	}
	s, c := newStore(t, func(o *storage.Options) { o.ClockStep = 0 })
	for i := range 10 {
		_, err := s.Put(ctx, "clinic", newDraft("d", c.now.String()))
		require.NoError(t, err)
		c.now = c.now.Add(24 * time.Hour)
		if i > 5 {
			c.now = c.now.AddDate(0, 0, 7)
		}
	}
	require.Equal(t, 1, ops(s))
	watched, c := newStore(t) // a program that watches its clock by itself
	for range 3 {
		_, err := watched.Put(ctx, "clinic", newDraft("d", c.now.String()))
		require.NoError(t, err)
		c.now = c.now.AddDate(0, 0, 7)
	}
	require.Zero(t, ops(watched))
	_, err := watched.ConfirmClock(ctx, "clinic", officer, "nothing to say")
	require.NoError(t, err)
}
