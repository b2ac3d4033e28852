package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func capabilityChecks() []check {
	return []check{
		{"the driver has a name and its capabilities do not change", func(t *testing.T, s *suite) {
			b := s.backend(t)
			require.NotEmpty(t, b.Capabilities().Name)
			require.Equal(t, b.Capabilities(), b.Capabilities())
		}},
		{"what is claimed as persistent is there after closing, and only then", func(t *testing.T, s *suite) {
			b := s.backend(t)
			if !b.Capabilities().Persistent {
				require.Nil(t, s.again, "the test can open the data again, so the driver should claim Persistent")
				return
			}
			require.NotNil(t, s.again, "the driver claims Persistent: give storagetest.Again, so that it can be checked")
			var was []driver.Row
			update(t, b, "t", func(tx driver.Tx) error {
				return errors.Join(put(tx, d("a").keeping("2020-01-01"), d("b").because("why"), d("a").keeping("2020-01-01")),
					tx.PlaceHold(driver.Hold{Matter: "m", Scope: []driver.Scope{{Kind: "test.thing", ID: "b"}}}),
					tx.ExtendRetention("test.thing", "b", hipaasmp.Day(2030, 1, 1)))
			})
			update(t, b, "t", dispose("a", "2020-01-02"))
			var head driver.Head
			view(t, b, "t", func(r driver.Reader) {
				var err error
				was, err = r.Entries(0, 10)
				require.NoError(t, err)
				head, err = r.Head(0)
				require.NoError(t, err)
			})
			require.NoError(t, b.Close())
			b = s.again(t, b)
			defer b.Close()
			view(t, b, "t", func(r driver.Reader) {
				is, err := r.Entries(0, 10)
				require.NoError(t, err)
				require.Equal(t, was, is)
				h, err := r.Head(0)
				require.NoError(t, err)
				require.Equal(t, head, h)
				held, err := r.Holds("test.thing", "b")
				require.NoError(t, err)
				require.Len(t, held, 1)
			})
			refused(t, b, "t", driver.ErrShortened, func(tx driver.Tx) error {
				return tx.ExtendRetention("test.thing", "b", hipaasmp.Day(2029, 12, 31))
			})
			refused(t, b, "t", driver.ErrDisposed, func(tx driver.Tx) error { return put(tx, d("a")) })
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("c")) })
		}},
		{"what is claimed for several processes is serialised between them", func(t *testing.T, s *suite) {
			b := s.backend(t)
			if !b.Capabilities().MultiProcess {
				return
			}
			require.NotNil(t, s.again, "the driver claims MultiProcess: give storagetest.Again, so that it can be checked")
			second := s.again(t, b)
			defer second.Close()
			var wg sync.WaitGroup
			const rounds = 15
			errs := make(chan error, 4*rounds)
			for i, from := range []driver.Backend{b, second, b, second} {
				wg.Go(func() {
					for range rounds {
						errs <- from.Update(context.Background(), "t", func(tx driver.Tx) error { return put(tx, d("counter"), d(fmt.Sprint("own", i))) })
					}
				})
			}
			wg.Wait()
			close(errs)
			for err := range errs {
				require.NoError(t, err)
			}
			for _, from := range []driver.Backend{b, second} {
				view(t, from, "t", func(r driver.Reader) {
					row, err := r.Get("test.thing", "counter", 0)
					require.NoError(t, err)
					require.Equal(t, uint64(4*rounds), row.Version)
					head, err := r.Head(0)
					require.NoError(t, err)
					require.Equal(t, uint64(8*rounds), head.Size)
				})
			}
		}},
		{"rows that are claimed to be guarded cannot be changed past the driver, and only those", func(t *testing.T, s *suite) {
			b := s.backend(t)
			c := b.Capabilities()
			claimed := c.EnforcesWORM || c.GuardsRows
			if s.tamper == nil {
				require.False(t, claimed, "the driver claims that rows are guarded: give storagetest.Tamper, so that it can be checked")
				return
			}
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("a").keeping("2020-01-01"), d("b").because("why"), d("c").sealed("key"))
			})
			everything := func() (all string) {
				view(t, b, "t", func(r driver.Reader) {
					rows, err := r.Entries(0, 10)
					all = fmt.Sprint(rows, err)
				})
				return all
			}
			was := everything()
			s.tamper(t, b)
			if claimed {
				require.Equal(t, was, everything())
			} else {
				require.NotEqual(t, was, everything(), "nothing got through, so the driver should claim GuardsRows")
			}
		}},
		{"a backup works where it is claimed and is refused where it is not", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a")) })
			var buf bytes.Buffer
			info, err := b.Backup(context.Background(), &buf)
			if !b.Capabilities().OnlineBackup {
				require.ErrorIs(t, err, driver.ErrUnsupported)
				require.Zero(t, buf.Len())
				return
			}
			require.NoError(t, err)
			require.Positive(t, buf.Len())
			require.Equal(t, int64(buf.Len()), info.Bytes)
			require.NotEmpty(t, info.Format)
		}},
		{"a backup can be taken while a transaction is open", func(t *testing.T, s *suite) {
			b := s.backend(t)
			if !b.Capabilities().OnlineBackup {
				return
			}
			update(t, b, "t", func(tx driver.Tx) error {
				if err := put(tx, d("a")); err != nil {
					return err
				}
				_, err := b.Backup(context.Background(), discard{})
				return err
			})
		}},
		{"a new backend has the newest layout, and layouts never go back", func(t *testing.T, s *suite) {
			b := s.backend(t)
			ctx := context.Background()
			current, latest, err := b.Schema(ctx)
			require.NoError(t, err)
			require.Equal(t, latest, current)
			require.Positive(t, latest)
			require.NoError(t, b.Migrate(ctx, latest))
			require.ErrorIs(t, b.Migrate(ctx, latest+1), driver.ErrSchemaNewer)
			require.ErrorIs(t, b.Migrate(ctx, latest-1), driver.ErrUnsupported)
		}},
	}
}
