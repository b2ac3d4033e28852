package storage_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// drivers opens what needs no server.
func drivers() map[string]func(t *testing.T) driver.Backend {
	return map[string]func(t *testing.T) driver.Backend{
		"memory": func(*testing.T) driver.Backend { return memory.New() },
		"sqlite": func(t *testing.T) driver.Backend {
			b, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "store.db"), nil)
			require.NoError(t, err)
			return b
		},
	}
}

// many makes documents with the numbers from and up to one.
func many(from, to int, of func(id string) hipaasmp.Document) (out []hipaasmp.Document) {
	for i := from; i < to; i++ {
		out = append(out, of(fmt.Sprintf("d%05d", i)))
	}
	return out
}

func leaver(t *testing.T, b driver.Backend, c *clock) *storage.Store {
	t.Helper()
	s := open(t, b, sealing(newRing(t, filepath.Join(t.TempDir(), "keys"))), func(o *storage.Options) { o.Clock, o.ClockStep, o.HoldGrace = c.Now, -1, -1 })
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// A refusal counts everything that stands against it and lists the first hundred, wherever a page of the tenant's
// documents ends: the last of 600 is the one that must be kept longest.
func TestARefusedOffBoardingListsAHundredAndCountsAll(t *testing.T) {
	t.Parallel()
	for name, opened := range drivers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &clock{at("2026-02-03T09:00:00Z")}
			s := leaver(t, opened(t), c)
			_, err := s.PutAll(ctx, "clinic", many(0, 599, func(id string) hipaasmp.Document { return newProcedure(id, "T", "2025-01-01") }))
			require.NoError(t, err)
			_, err = s.Put(ctx, "clinic", newProcedure("d00599", "T", "2025-06-01"))
			require.NoError(t, err)
			_, err = s.OffBoard(ctx, "clinic", leaving)
			var oe *storage.OffBoardError
			require.ErrorAs(t, err, &oe)
			require.Equal(t, 600, oe.Count)
			require.Len(t, oe.First, 100)
			for i, l := range oe.First {
				require.Equal(t, fmt.Sprintf("d%05d", i), l.Ref.ID, "in the order of the documents")
			}
			require.Len(t, oe.Unwrap(), 100)
			require.Equal(t, hipaasmp.Day(2031, 6, 1), oe.Through, "that of the last, which is not listed")
			require.ErrorIs(t, err, retention.ErrRetained)
			n := 0
			for l, err := range s.Leftovers(ctx, "clinic", hipaasmp.Day(2026, 2, 3)) {
				require.NoError(t, err)
				require.Equal(t, fmt.Sprintf("d%05d", n), l.Ref.ID)
				n++
			}
			require.Equal(t, 600, n, "the list before is not cut")
		})
	}
}

// An off-boarding names the documents that never became records: all of 10,000, and of more the first, with the number and
// the digest of all.
func TestAnOffBoardingNames10000UnfinishedDocumentsAtMost(t *testing.T) {
	t.Parallel()
	for name, opened := range drivers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &clock{at("2018-02-03T09:00:00Z")}
			s := leaver(t, opened(t), c)
			for tenant, n := range map[string]int{"exact": 10_000, "beyond": 10_001} {
				_, err := s.PutAll(ctx, tenant, many(0, n, func(id string) hipaasmp.Document { return newDraft(id, "x") }))
				require.NoError(t, err)
			}
			c.now = at("2026-02-03T09:00:00Z")
			for tenant, n := range map[string]int{"exact": 10_000, "beyond": 10_001} {
				e, err := s.OffBoard(ctx, tenant, leaving)
				require.NoError(t, err)
				x, err := storage.Decode[storage.OffBoarding](e)
				require.NoError(t, err)
				require.NoError(t, x.Validate())
				require.Len(t, x.Unfinished, 10_000)
				require.Equal(t, "d09999", x.Unfinished[9_999].ID)
				last := fmt.Sprintf("d%05d", n-1)
				_, err = s.Get(ctx, tenant, hipaasmp.Ref{Kind: KindDraft, ID: last})
				require.ErrorAs(t, err, new(*storage.KeyUnavailableError), "the content is gone with the keys")
				if n == 10_000 {
					require.Zero(t, x.UnfinishedCount)
					require.Zero(t, x.UnfinishedDigest)
					continue
				}
				require.EqualValues(t, n, x.UnfinishedCount)
				var all strings.Builder
				for _, ref := range x.Unfinished {
					fmt.Fprintln(&all, ref)
				}
				fmt.Fprintln(&all, hipaasmp.Ref{Kind: KindDraft, ID: last, Version: 1})
				require.Equal(t, hipaasmp.DigestOf([]byte(all.String())), x.UnfinishedDigest)
			}
		})
	}
}
