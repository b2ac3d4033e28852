package storage_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// Every kind of change leaves a leaf: each act that storage.Op names is done by itself, and what it leaves is an entry of
// that name with an actor and a time, under a signed checkpoint that proves it.
func TestEveryKindOfMutationIsALeaf(t *testing.T) {
	t.Parallel()
	ref := hipaasmp.Ref{Kind: KindProcedure, ID: "p"}
	note := func(s *storage.Store) error {
		_, err := s.Put(ctx, "clinic", newProcedure("p", "Title", "2010-01-01"), storage.By(officer))
		return err
	}
	hold := func(s *storage.Store) error { _, err := s.PlaceHold(ctx, "clinic", holdOn("m")); return err }
	signer := func(seed string) func(*storage.Options) {
		return func(o *storage.Options) { o.Signer = testSigner(t, seed) }
	}
	acts := map[storage.Op]struct {
		before []func(*storage.Store) error
		by     func(*storage.Options) // the store that acts differs in this from the one before
		do     func(s *storage.Store, c *clock) error
	}{
		storage.OpPut:        {do: func(s *storage.Store, _ *clock) error { return note(s) }},
		storage.OpHoldPlaced: {do: func(s *storage.Store, _ *clock) error { return hold(s) }},
		storage.OpHoldReleased: {before: []func(*storage.Store) error{hold}, do: func(s *storage.Store, _ *clock) error {
			_, err := s.ReleaseHold(ctx, "clinic", "m", manager, "closed")
			return err
		}},
		storage.OpRetentionExtended: {before: []func(*storage.Store) error{note}, do: func(s *storage.Store, _ *clock) error {
			_, err := s.Extend(ctx, "clinic", ref, hipaasmp.Day(2030, 6, 1), officer, "contract")
			return err
		}},
		storage.OpDisposed: {before: []func(*storage.Store) error{note}, do: func(s *storage.Store, _ *clock) error {
			_, err := destroy(s, "clinic", disposition("p"))
			return err
		}},
		storage.OpEpochStarted: {before: []func(*storage.Store) error{note}, do: func(s *storage.Store, _ *clock) error {
			_, err := s.NewEpoch(ctx, "clinic", officer, "rehearsal")
			return err
		}},
		storage.OpRestored: {before: []func(*storage.Store) error{note}, do: func(s *storage.Store, _ *clock) error {
			_, err := s.NewEpoch(ctx, "clinic", officer, "restored from tape 7", storage.AfterRestore())
			return err
		}},
		storage.OpKeyRotated: {before: []func(*storage.Store) error{note}, by: func(o *storage.Options) { withKeys(testSigner(t, "b"), testSigner(t, "a"))(o) }, do: func(s *storage.Store, _ *clock) error {
			_, err := s.RotateKey(ctx, "clinic", officer, "yearly")
			return err
		}},
		storage.OpRekeyed: {before: []func(*storage.Store) error{note}, by: sealing(newRing(t, filepath.Join(t.TempDir(), "keys"))), do: func(s *storage.Store, _ *clock) error {
			if err := note(s); err != nil {
				return err
			}
			_, err := s.Rekey(ctx, "clinic", officer, "yearly")
			return err
		}},
		storage.OpMigrated: {before: []func(*storage.Store) error{note}, do: func(s *storage.Store, _ *clock) error {
			return s.RecordMigration(ctx, 1, 2, officer, "version 2")
		}},
		storage.OpMoved: {do: func(s *storage.Store, _ *clock) error {
			from := open(t, memory.New(), signer("a"))
			if err := note(from); err != nil {
				return err
			}
			_, err := s.MoveIn(ctx, from, "clinic", officer, "to a database of its own")
			return err
		}},
		storage.OpBackedUp: {before: []func(*storage.Store) error{note}, do: func(s *storage.Store, _ *clock) error {
			_, err := s.RecordBackup(ctx, "clinic", storage.BackupCopy{Name: "tape-7", Taken: at("2026-02-03T09:00:00Z"), Lapses: hipaasmp.Day(2027, 2, 3)}, officer)
			return err
		}},
		storage.OpClockJumped: {before: []func(*storage.Store) error{note}, by: func(o *storage.Options) { o.ClockStep = 24 * time.Hour }, do: func(s *storage.Store, c *clock) error {
			c.now = c.now.AddDate(0, 1, 0)
			return note(s)
		}},
		storage.OpClockConfirmed: {before: []func(*storage.Store) error{note}, by: func(o *storage.Options) { o.ClockStep = 24 * time.Hour }, do: func(s *storage.Store, c *clock) error {
			c.now = c.now.AddDate(0, 1, 0)
			if err := note(s); err != nil {
				return err
			}
			_, err := s.ConfirmClock(ctx, "clinic", manager, "compared with the radio clock")
			return err
		}},
		storage.OpOffBoarded: {before: []func(*storage.Store) error{note}, do: func(s *storage.Store, _ *clock) error {
			if _, err := destroy(s, "clinic", disposition("p")); err != nil {
				return err
			}
			_, err := s.OffBoard(ctx, "clinic", storage.OffBoardRequest{Requested: officer, Approved: manager, Reason: "The practice has closed."})
			return err
		}},
	}
	for _, op := range storage.Op("").Values() {
		t.Run(string(op), func(t *testing.T) {
			t.Parallel()
			x, ok := acts[op]
			require.True(t, ok, "an act without a test")
			c := &clock{at("2026-02-03T09:00:00Z")}
			b := memory.New()
			timed := func(o *storage.Options) { o.Clock, o.ClockStep, o.HoldGrace = c.Now, -1, -1 }
			s := open(t, b, timed)
			for _, f := range x.before {
				require.NoError(t, f(s))
			}
			before := uint64(0)
			if len(x.before) > 0 {
				head, err := s.Checkpoint(ctx, "clinic")
				require.NoError(t, err)
				before = head.Size
			}
			if x.by != nil {
				s = open(t, b, timed, x.by)
			}
			require.NoError(t, x.do(s, c))
			head, err := s.Checkpoint(ctx, "clinic")
			require.NoError(t, err)
			found := 0
			for e, err := range s.Entries(ctx, "clinic", before, head.Size) {
				require.NoError(t, err)
				if e.Op != op {
					continue
				}
				found++
				require.False(t, e.Actor.IsZero())
				require.False(t, e.Recorded.IsZero())
				p, err := s.Prove(ctx, "clinic", e.Seq)
				require.NoError(t, err)
				env, _, err := p.Verify(s.Verifiers())
				require.NoError(t, err)
				require.Equal(t, op, env.Op)
			}
			require.Equal(t, 1, found)
			v, err := s.VerifyTenant(ctx, "clinic")
			require.NoError(t, err)
			require.NoError(t, v.Err())
		})
	}
}
