package storage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

func holdOn(matter string, refs ...hipaasmp.Ref) retention.Hold {
	return retention.Hold{Matter: matter, Reason: "Investigation under 160.310", Refs: refs, PlacedBy: manager}
}

func TestHoldsStopDisposalUntilAllAreReleased(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	byKind := holdOn("m-kind")
	byKind.Kinds = []hipaasmp.Kind{KindProcedure}
	for _, h := range []retention.Hold{holdOn("m-all"), byKind, holdOn("m-ref", refP), holdOn("m-other", hipaasmp.Ref{Kind: KindProcedure, ID: "q"})} {
		_, err := s.PlaceHold(ctx, "clinic", h)
		require.NoError(t, err)
	}
	_, err = s.PlaceHold(ctx, "clinic", holdOn("m-all"))
	require.ErrorIs(t, err, storage.ErrConflict)
	for _, want := range [][]string{{"m-all", "m-kind", "m-ref"}, {"m-kind", "m-ref"}, {"m-ref"}} {
		_, err = destroy(s, "clinic", disposition("p"))
		var he *retention.HeldError
		require.ErrorAs(t, err, &he)
		require.Equal(t, want, he.Matters)
		_, err = s.ReleaseHold(ctx, "clinic", want[0], manager, "closed")
		require.NoError(t, err)
	}
	_, err = s.ReleaseHold(ctx, "clinic", "m-all", manager, "again")
	require.ErrorIs(t, err, storage.ErrConflict)
	_, err = s.ReleaseHold(ctx, "clinic", "none", manager, "again")
	require.ErrorIs(t, err, storage.ErrNotFound)
	_, err = s.Get(ctx, "clinic", refP)
	require.NoError(t, err, "a release destroys nothing")
	open := map[string]bool{}
	for h, err := range s.Holds(ctx, "clinic") {
		require.NoError(t, err)
		open[h.Matter] = h.Open()
	}
	require.Equal(t, map[string]bool{"m-all": false, "m-kind": false, "m-ref": false, "m-other": true}, open)
	_, err = destroy(s, "clinic", disposition("p"))
	require.NoError(t, err)
}

func TestHoldsPlacedInTheSameTransaction(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "T", "2018-01-01"))
	require.NoError(t, err)
	require.ErrorIs(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		if _, err := tx.PlaceHold(holdOn("m")); err != nil {
			return err
		}
		_, err := destroyIn(tx, disposition("p"))
		return err
	}), retention.ErrHeld)
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		if _, err := tx.PlaceHold(holdOn("m")); err != nil {
			return err
		}
		if _, err := tx.ReleaseHold("m", manager, "at once"); err != nil {
			return err
		}
		if _, err := destroyIn(tx, disposition("p")); err != nil {
			return err
		}
		_, err := tx.Get(refP)
		require.ErrorIs(t, err, storage.ErrDisposed)
		_, err = tx.Put(newProcedure("p", "T", "2026-01-01"))
		require.ErrorIs(t, err, storage.ErrDisposed)
		for range tx.List(storage.Query{Kind: KindProcedure}) {
			t.Error("a disposed document is listed")
		}
		return nil
	}))
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

func TestHoldsAreChecked(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for name, alter := range map[string]func(*retention.Hold){
		"no matter":      func(h *retention.Hold) { h.Matter = "" },
		"a blank reason": func(h *retention.Hold) { h.Reason = " " },
		"nobody":         func(h *retention.Hold) { h.PlacedBy = hipaasmp.Actor{} },
		"released":       func(h *retention.Hold) { h.ReleasedAt = at("2026-01-01T00:00:00Z") },
		"a version":      func(h *retention.Hold) { h.Refs = []hipaasmp.Ref{{Kind: KindProcedure, ID: "p", Version: 1}} },
		"a bad kind":     func(h *retention.Hold) { h.Kinds = []hipaasmp.Kind{"x"} },
	} {
		h := holdOn("m")
		alter(&h)
		_, err := s.PlaceHold(ctx, "clinic", h)
		var ve *hipaasmp.ValidationError
		require.ErrorAs(t, err, &ve, name)
	}
}
