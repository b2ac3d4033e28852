package storage_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// layouts is a backend whose layout can be brought forward.
type layouts struct {
	driver.Backend
	current, latest int
}

func (l *layouts) Schema(context.Context) (int, int, error) { return l.current, l.latest, nil }
func (l *layouts) Migrate(_ context.Context, to int) error  { l.current = to; return nil }

func TestAMigrationIsALeafInEveryLedger(t *testing.T) {
	t.Parallel()
	b := &layouts{memory.New(), 1, 3}
	s := open(t, b)
	for _, tenant := range []string{"a", "b"} {
		_, err := s.Put(ctx, tenant, newDraft("d", "x"))
		require.NoError(t, err)
	}
	from, to, err := s.Migrate(ctx, officer, "version 3")
	require.NoError(t, err)
	require.Equal(t, []int{1, 3, 3}, []int{from, to, b.current})
	_, _, err = s.Migrate(ctx, officer, "again")
	require.NoError(t, err)
	for _, tenant := range []string{"a", "b"} {
		n := 0
		for e, err := range s.Entries(ctx, tenant, 1, 9) {
			require.NoError(t, err)
			require.Equal(t, storage.OpMigrated, e.Op)
			x, err := storage.Decode[storage.Act](e)
			require.NoError(t, err)
			require.Equal(t, []uint64{1, 3}, []uint64{x.FromLayout, x.ToLayout})
			n++
		}
		require.Equal(t, 1, n)
	}
	b.current = 4
	_, _, err = s.Migrate(ctx, officer, "x")
	require.ErrorIs(t, err, storage.ErrSchemaNewer)
	var re *storage.RangeError
	require.ErrorAs(t, s.RecordMigration(ctx, 2, 2, officer, "x"), &re)
	require.ErrorAs(t, s.RecordMigration(ctx, 0, 2, officer, "x"), &re)
}

// The sweep finds candidates; each is looked at by the schedule of today, extensions and holds, and says what is in the
// way.
func TestCandidatesSayWhatIsInTheWay(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for _, id := range []string{"due", "extended", "held", "gone"} {
		_, err := s.Put(ctx, "clinic", newProcedure(id, "T", "2018-01-01"))
		require.NoError(t, err)
	}
	_, err := s.Put(ctx, "clinic", newProcedure("young", "T", "2025-01-01"))
	require.NoError(t, err)
	_, err = s.Put(ctx, "clinic", newDraft("draft", "x"))
	require.NoError(t, err)
	ref := func(id string) hipaasmp.Ref { return hipaasmp.Ref{Kind: KindProcedure, ID: id} }
	_, err = s.Extend(ctx, "clinic", ref("extended"), hipaasmp.Day(2030, 1, 1), officer, "contract")
	require.NoError(t, err)
	_, err = s.PlaceHold(ctx, "clinic", holdOn("m", ref("held")))
	require.NoError(t, err)
	_, err = destroy(s, "clinic", disposition("gone"))
	require.NoError(t, err)
	got := map[string]error{}
	for x, err := range s.Candidates(ctx, "clinic", hipaasmp.Day(2026, 2, 3)) {
		require.NoError(t, err)
		require.NotEmpty(t, x.Term.Trace)
		got[x.Ref.ID] = x.Err
	}
	require.Len(t, got, 3)
	require.NoError(t, got["due"])
	require.ErrorIs(t, got["extended"], retention.ErrRetained)
	require.ErrorIs(t, got["held"], retention.ErrHeld)
	for x := range s.Candidates(ctx, "clinic", hipaasmp.Date{}) {
		t.Fatal(x.Ref, "no day is no day")
	}
}
