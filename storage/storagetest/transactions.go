package storagetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// everything does one of each thing that a transaction can do.
func everything(tx driver.Tx) error {
	return errors.Join(
		put(tx, d("new"), d("old")),
		tx.PlaceHold(driver.Hold{Matter: "m-new"}),
		tx.ReleaseHold("m-old"),
		tx.ExtendRetention("test.thing", "old", hipaasmp.Day(2050, 1, 1)),
	)
}

// untouched wants the state that before made and nothing of everything.
func untouched(t *testing.T, b driver.Backend) {
	t.Helper()
	view(t, b, "t", func(r driver.Reader) {
		_, err := r.Get("test.thing", "new", 0)
		require.ErrorIs(t, err, driver.ErrNotFound)
		row, err := r.Get("test.thing", "old", 0)
		require.NoError(t, err)
		require.Equal(t, uint64(1), row.Version)
		head, err := r.Head(0)
		require.NoError(t, err)
		require.Equal(t, uint64(1), head.Size)
		_, err = r.Nodes([]uint64{1})
		require.ErrorIs(t, err, driver.ErrNotFound)
		held, err := r.Holds("", "")
		require.NoError(t, err)
		require.Equal(t, []driver.Hold{{Matter: "m-old"}}, held)
		rows, err := r.Scan(driver.Query{Limit: 10})
		require.NoError(t, err)
		require.Equal(t, []string{"old"}, ids(rows))
	})
	// The floor is not there either: a lower one can be set.
	update(t, b, "t", func(tx driver.Tx) error {
		return tx.ExtendRetention("test.thing", "old", hipaasmp.Day(2040, 1, 1))
	})
}

func before(t *testing.T, b driver.Backend) {
	t.Helper()
	update(t, b, "t", func(tx driver.Tx) error {
		return errors.Join(put(tx, d("old")), tx.PlaceHold(driver.Hold{Matter: "m-old"}))
	})
}

func transactionChecks() []check {
	return []check{
		{"an error leaves nothing of the transaction", func(t *testing.T, s *suite) {
			b := s.backend(t)
			before(t, b)
			mine := errors.New("mine")
			require.Same(t, mine, b.Update(context.Background(), "t", func(tx driver.Tx) error {
				require.NoError(t, everything(tx))
				return mine
			}))
			untouched(t, b)
		}},
		{"a panic leaves nothing of the transaction and goes on", func(t *testing.T, s *suite) {
			b := s.backend(t)
			before(t, b)
			require.PanicsWithValue(t, "mine", func() {
				_ = b.Update(context.Background(), "t", func(tx driver.Tx) error {
					require.NoError(t, everything(tx))
					panic("mine")
				})
			})
			untouched(t, b)
		}},
		{"a context that ends inside leaves nothing of the transaction", func(t *testing.T, s *suite) {
			b := s.backend(t)
			before(t, b)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			require.ErrorIs(t, b.Update(ctx, "t", func(tx driver.Tx) error {
				cancel()
				return everything(tx)
			}), context.Canceled)
			untouched(t, b)
		}},
		{"a refusal inside one append leaves nothing of it once the transaction has ended", func(t *testing.T, s *suite) {
			b := s.backend(t)
			before(t, b)
			refused(t, b, "t", driver.ErrConflict, func(tx driver.Tx) error { return put(tx, d("new"), d("old").numbered(7)) })
			untouched(t, b)
		}},
		{"a disposal that is rolled back destroys nothing", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").keeping("2020-01-01")) })
			mine := errors.New("mine")
			require.Same(t, mine, b.Update(context.Background(), "t", func(tx driver.Tx) error {
				require.NoError(t, tx.Dispose("test.thing", "a", hipaasmp.Day(2020, 1, 2)))
				row, err := tx.Get("test.thing", "a", 0)
				require.NoError(t, err)
				require.Nil(t, row.Body)
				return mine
			}))
			view(t, b, "t", func(r driver.Reader) {
				row, err := r.Get("test.thing", "a", 0)
				require.NoError(t, err)
				require.Equal(t, `{"id":"a"}`, string(row.Body))
				require.Len(t, row.Salt, 32)
			})
		}},
		{"a transaction sees what it wrote and others do not until it commits", func(t *testing.T, s *suite) {
			b := s.backend(t)
			before(t, b)
			update(t, b, "t", func(tx driver.Tx) error {
				require.NoError(t, everything(tx))
				row, err := tx.Get("test.thing", "old", 0)
				require.NoError(t, err)
				require.Equal(t, uint64(2), row.Version)
				rows, err := tx.Scan(driver.Query{Limit: 10})
				require.NoError(t, err)
				require.Equal(t, []string{"new", "old"}, ids(rows))
				rows, err = tx.Entries(0, 10)
				require.NoError(t, err)
				require.Len(t, rows, 3)
				held, err := tx.Holds("", "")
				require.NoError(t, err)
				require.Equal(t, []driver.Hold{{Matter: "m-new"}, {Matter: "m-old", Released: true}}, held)
				head, err := tx.Head(0)
				require.NoError(t, err)
				require.Equal(t, uint64(3), head.Size)
				view(t, b, "t", func(r driver.Reader) {
					head, err := r.Head(0)
					require.NoError(t, err)
					require.Equal(t, uint64(1), head.Size)
					_, err = r.Get("test.thing", "new", 0)
					require.ErrorIs(t, err, driver.ErrNotFound)
					held, err := r.Holds("test.thing", "old")
					require.NoError(t, err)
					require.Equal(t, []driver.Hold{{Matter: "m-old"}}, held)
				})
				return nil
			})
			view(t, b, "t", func(r driver.Reader) {
				head, err := r.Head(0)
				require.NoError(t, err)
				require.Equal(t, uint64(3), head.Size)
			})
		}},
		{"two appends in one transaction follow on each other", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return errors.Join(put(tx, d("a")), put(tx, d("a"), d("b"))) })
			view(t, b, "t", func(r driver.Reader) {
				head, err := r.Head(0)
				require.NoError(t, err)
				require.Equal(t, uint64(3), head.Size)
			})
		}},
		{"a snapshot does not see what commits after it began", func(t *testing.T, s *suite) {
			b := s.backend(t)
			before(t, b)
			view(t, b, "t", func(r driver.Reader) {
				update(t, b, "t", everything)
				row, err := r.Get("test.thing", "old", 0)
				require.NoError(t, err)
				require.Equal(t, uint64(1), row.Version)
				rows, err := r.Scan(driver.Query{Limit: 10})
				require.NoError(t, err)
				require.Equal(t, []string{"old"}, ids(rows))
				rows, err = r.Entries(0, 10)
				require.NoError(t, err)
				require.Len(t, rows, 1)
				rows, err = r.History("test.thing", "old", 0, 10)
				require.NoError(t, err)
				require.Len(t, rows, 1)
				head, err := r.Head(0)
				require.NoError(t, err)
				require.Equal(t, uint64(1), head.Size)
				_, err = r.Head(3)
				require.ErrorIs(t, err, driver.ErrNotFound)
				_, err = r.Nodes([]uint64{1})
				require.ErrorIs(t, err, driver.ErrNotFound)
				held, err := r.Holds("", "")
				require.NoError(t, err)
				require.Equal(t, []driver.Hold{{Matter: "m-old"}}, held)
			})
		}},
		{"a snapshot of a tenant that begins later stays empty", func(t *testing.T, s *suite) {
			b := s.backend(t)
			view(t, b, "t", func(r driver.Reader) {
				update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a")) })
				_, err := r.Get("test.thing", "a", 0)
				require.ErrorIs(t, err, driver.ErrNotFound)
			})
		}},
		{"a transaction that has ended is closed", func(t *testing.T, s *suite) {
			b := s.backend(t)
			var kept driver.Tx
			update(t, b, "t", func(tx driver.Tx) error {
				kept = tx
				return put(tx, d("a").keeping("2020-01-01"))
			})
			for _, err := range readErrors(kept) {
				require.ErrorIs(t, err, driver.ErrClosed)
			}
			require.ErrorIs(t, kept.Append([]driver.Row{{}}, nil, driver.Head{}), driver.ErrClosed)
			require.ErrorIs(t, kept.ExtendRetention("test.thing", "a", hipaasmp.Day(2050, 1, 1)), driver.ErrClosed)
			require.ErrorIs(t, kept.PlaceHold(driver.Hold{Matter: "m"}), driver.ErrClosed)
			require.ErrorIs(t, kept.ReleaseHold("m"), driver.ErrClosed)
			require.ErrorIs(t, kept.Dispose("test.thing", "a", hipaasmp.Day(2020, 1, 2)), driver.ErrClosed)
		}},
		{"a snapshot that has ended is closed", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a")) })
			var kept driver.Reader
			view(t, b, "t", func(r driver.Reader) { kept = r })
			for _, err := range readErrors(kept) {
				require.ErrorIs(t, err, driver.ErrClosed)
			}
		}},
		{"a context that has ended is refused", func(t *testing.T, s *suite) {
			b := s.backend(t)
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			ran := false
			require.ErrorIs(t, b.Update(ctx, "t", func(driver.Tx) error { ran = true; return nil }), context.Canceled)
			require.ErrorIs(t, b.View(ctx, "t", func(driver.Reader) error { ran = true; return nil }), context.Canceled)
			_, err := b.Tenants(ctx, "", 10)
			require.ErrorIs(t, err, context.Canceled)
			require.False(t, ran)
		}},
		{"a context that ends while a writer waits ends the wait", func(t *testing.T, s *suite) {
			b := s.backend(t)
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			defer cancel()
			update(t, b, "t", func(tx driver.Tx) error {
				var wg sync.WaitGroup
				var err error
				wg.Go(func() { err = b.Update(ctx, "t", func(driver.Tx) error { return nil }) })
				wg.Wait()
				require.ErrorIs(t, err, context.DeadlineExceeded)
				return nil
			})
		}},
		{"a transaction that writes nothing changes nothing", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(driver.Tx) error { return nil })
			names, err := b.Tenants(context.Background(), "", 10)
			require.NoError(t, err)
			require.Empty(t, names)
		}},
		{"after Close everything is closed, and Close may be called again", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a")) })
			require.NoError(t, b.Close())
			require.NoError(t, b.Close())
			ctx := context.Background()
			require.ErrorIs(t, b.Update(ctx, "t", func(driver.Tx) error { return nil }), driver.ErrClosed)
			require.ErrorIs(t, b.View(ctx, "t", func(driver.Reader) error { return nil }), driver.ErrClosed)
			_, err := b.Tenants(ctx, "", 1)
			require.ErrorIs(t, err, driver.ErrClosed)
			_, _, err = b.Schema(ctx)
			require.ErrorIs(t, err, driver.ErrClosed)
			require.ErrorIs(t, b.Migrate(ctx, 1), driver.ErrClosed)
			_, err = b.Backup(ctx, discard{})
			require.ErrorIs(t, err, driver.ErrClosed)
			require.NotEmpty(t, b.Capabilities().Name)
		}},
	}
}

// readErrors calls every method of a reader and returns the errors.
func readErrors(r driver.Reader) []error {
	_, get := r.Get("test.thing", "a", 0)
	_, scan := r.Scan(driver.Query{Limit: 1})
	_, history := r.History("test.thing", "a", 0, 1)
	_, entries := r.Entries(0, 1)
	_, nodes := r.Nodes([]uint64{0})
	_, head := r.Head(0)
	_, holds := r.Holds("", "")
	return []error{get, scan, history, entries, nodes, head, holds}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
