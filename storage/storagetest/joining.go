package storagetest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// joiningChecks are about the caller's own transaction.
func joiningChecks() []check {
	ctx := context.Background()
	boom := errors.New("boom")
	sizes := func(t *testing.T, b driver.Backend, want uint64) {
		t.Helper()
		view(t, b, "t", func(r driver.Reader) {
			head, err := r.Head(0)
			if want == 0 {
				require.ErrorIs(t, err, driver.ErrNotFound)
				return
			}
			require.NoError(t, err)
			require.Equal(t, want, head.Size)
		})
	}
	checks := []check{
		{"what is joined is there after the commit", func(t *testing.T, s *suite) {
			b := s.backend(t)
			j, end := s.join(t, b)
			require.NoError(t, j.Update(ctx, "t", func(tx driver.Tx) error { return put(tx, d("a"), d("b")) }))
			require.NoError(t, j.Update(ctx, "t", func(tx driver.Tx) error { return put(tx, d("a")) }))
			require.NoError(t, j.View(ctx, "t", func(r driver.Reader) error {
				row, err := r.Get("test.thing", "a", 0)
				require.Equal(t, uint64(2), row.Version, "the transaction sees what it wrote")
				return err
			}))
			require.NoError(t, end(true))
			sizes(t, b, 3)
		}},
		{"a rollback leaves nothing", func(t *testing.T, s *suite) {
			b := s.backend(t)
			j, end := s.join(t, b)
			require.NoError(t, j.Update(ctx, "t", func(tx driver.Tx) error { return put(tx, d("a")) }))
			require.NoError(t, end(false))
			sizes(t, b, 0)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a")) })
			sizes(t, b, 1)
		}},
		{"nobody sees what is joined before the commit", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a")) })
			j, end := s.join(t, b)
			require.NoError(t, j.Update(ctx, "t", func(tx driver.Tx) error { return put(tx, d("b")) }))
			sizes(t, b, 1)
			require.NoError(t, end(true))
			sizes(t, b, 2)
		}},
		{"a function that fails leaves nothing and the transaction goes on", func(t *testing.T, s *suite) {
			b := s.backend(t)
			j, end := s.join(t, b)
			require.NoError(t, j.Update(ctx, "t", func(tx driver.Tx) error { return put(tx, d("a")) }))
			require.Equal(t, boom, j.Update(ctx, "t", func(tx driver.Tx) error {
				require.NoError(t, put(tx, d("b")))
				return boom
			}))
			require.ErrorIs(t, j.Update(ctx, "t", func(tx driver.Tx) error { return put(tx, d("c"), d("a").numbered(1)) }), driver.ErrConflict)
			require.Panics(t, func() {
				_ = j.Update(ctx, "t", func(tx driver.Tx) error {
					_ = put(tx, d("d"))
					panic(boom)
				})
			})
			require.NoError(t, j.Update(ctx, "t", func(tx driver.Tx) error { return put(tx, d("e")) }))
			require.NoError(t, end(true))
			view(t, b, "t", func(r driver.Reader) {
				rows, err := r.Entries(0, 10)
				require.NoError(t, err)
				require.Equal(t, []string{"a", "e"}, ids(rows))
			})
		}},
		{"a joined transaction that has ended is closed", func(t *testing.T, s *suite) {
			b := s.backend(t)
			j, end := s.join(t, b)
			var kept driver.Tx
			require.NoError(t, j.Update(ctx, "t", func(tx driver.Tx) error { kept = tx; return put(tx, d("a")) }))
			_, err := kept.Get("test.thing", "a", 0)
			require.ErrorIs(t, err, driver.ErrClosed)
			require.NoError(t, end(true))
			require.ErrorIs(t, j.Update(ctx, "t", func(tx driver.Tx) error { return put(tx, d("b")) }), driver.ErrClosed)
			require.ErrorIs(t, j.View(ctx, "t", func(r driver.Reader) error { return nil }), driver.ErrClosed)
			sizes(t, b, 1)
		}},
		{"a joined transaction belongs to one tenant at a time and to no empty one", func(t *testing.T, s *suite) {
			b := s.backend(t)
			j, end := s.join(t, b)
			require.ErrorIs(t, j.Update(ctx, "", func(driver.Tx) error { return nil }), driver.ErrTenant)
			require.NoError(t, j.Update(ctx, "t", func(tx driver.Tx) error { return put(tx, d("a")) }))
			require.NoError(t, j.Update(ctx, "u", func(tx driver.Tx) error { return put(tx, d("a")) }))
			require.ErrorIs(t, j.View(ctx, "v", func(r driver.Reader) error { _, err := r.Get("test.thing", "a", 0); return err }), driver.ErrNotFound)
			require.NoError(t, end(true))
			for _, tenant := range []string{"t", "u"} {
				view(t, b, tenant, func(r driver.Reader) {
					rows, err := r.Entries(0, 10)
					require.NoError(t, err)
					require.Len(t, rows, 1)
				})
			}
		}},
	}
	for i, c := range checks {
		checks[i].run = func(t *testing.T, s *suite) {
			b := s.backend(t)
			if !b.Capabilities().Joins {
				require.Nil(t, s.join, "the test can join a transaction, so the driver should claim Joins")
				return
			}
			require.NotNil(t, s.join, "the driver claims Joins: give storagetest.Join, so that it can be checked")
			c.run(t, s)
		}
	}
	return checks
}
