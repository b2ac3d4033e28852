package storagetest

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func versionChecks() []check {
	return []check{
		{"a new document is version 1 and the next is 2", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").with("one")) })
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").with("two")) })
			view(t, b, "t", func(r driver.Reader) {
				for _, x := range []struct {
					ask, version uint64
					body         string
				}{{0, 2, "two"}, {1, 1, "one"}, {2, 2, "two"}} {
					row, err := r.Get("test.thing", "a", x.ask)
					require.NoError(t, err)
					require.Equal(t, x.body, string(row.Body))
					require.Equal(t, x.version, row.Version)
					require.Equal(t, x.version-1, row.Seq)
					require.Equal(t, "t", row.Tenant)
				}
			})
		}},
		{"what does not exist is not found", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a")) })
			view(t, b, "t", func(r driver.Reader) {
				for _, x := range []struct {
					kind, id string
					version  uint64
				}{{"test.thing", "b", 0}, {"test.other", "a", 0}, {"test.thing", "a", 2}, {"test.thing", "a", math.MaxUint64}, {"", "", 0}, {"test.thing", "", 0}} {
					_, err := r.Get(x.kind, x.id, x.version)
					require.ErrorIs(t, err, driver.ErrNotFound)
				}
			})
		}},
		{"a version that is not the next is a conflict that says what is there", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a"), d("a"), d("b")) })
			for _, x := range []struct {
				id         string
				version    uint64
				want, have uint64
			}{{"a", 2, 1, 2}, {"a", 1, 0, 2}, {"a", 4, 3, 2}, {"b", 3, 2, 1}, {"c", 2, 1, 0}} {
				err := refused(t, b, "t", driver.ErrConflict, func(tx driver.Tx) error { return put(tx, d(x.id).numbered(x.version)) })
				var conflict *driver.ConflictError
				require.ErrorAs(t, err, &conflict)
				require.Equal(t, driver.ConflictError{Kind: "test.thing", ID: x.id, Want: x.want, Have: x.have}, *conflict)
			}
		}},
		{"several versions of one document may come in one append", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").with("1"), d("b").with("x"), d("a").with("2")) })
			view(t, b, "t", func(r driver.Reader) {
				rows, err := r.History("test.thing", "a", 0, 10)
				require.NoError(t, err)
				require.Len(t, rows, 2)
				require.Equal(t, []uint64{0, 2}, []uint64{rows[0].Seq, rows[1].Seq})
			})
		}},
		{"a conflict inside one append is found", func(t *testing.T, s *suite) {
			b := s.backend(t)
			refused(t, b, "t", driver.ErrConflict, func(tx driver.Tx) error { return put(tx, d("a").numbered(1), d("a").numbered(1)) })
		}},
		{"of two first versions written at once one wins and the other is a conflict", func(t *testing.T, s *suite) {
			b := s.backend(t)
			const writers = 6
			errs := make([]error, writers)
			var wg sync.WaitGroup
			for i := range writers {
				wg.Go(func() {
					errs[i] = b.Update(context.Background(), "t", func(tx driver.Tx) error { return put(tx, d("a").numbered(1)) })
				})
			}
			wg.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
					continue
				}
				require.ErrorIs(t, err, driver.ErrConflict)
			}
			require.Equal(t, 1, won)
		}},
		{"what one transaction read stays true until it commits", func(t *testing.T, s *suite) {
			b := s.backend(t)
			const writers, rounds = 4, 10
			var wg sync.WaitGroup
			errs := make(chan error, writers*rounds)
			for range writers {
				wg.Go(func() {
					for range rounds {
						errs <- b.Update(context.Background(), "t", func(tx driver.Tx) error { return put(tx, d("counter")) })
					}
				})
			}
			wg.Wait()
			close(errs)
			for err := range errs {
				require.NoError(t, err)
			}
			view(t, b, "t", func(r driver.Reader) {
				row, err := r.Get("test.thing", "counter", 0)
				require.NoError(t, err)
				require.Equal(t, uint64(writers*rounds), row.Version)
			})
		}},
		{"ids differ by case and by every character", func(t *testing.T, s *suite) {
			b := s.backend(t)
			// In byte order, which no collation but the plainest has.
			want := []string{"A", "Z", "a", "a-1", "a.1", "a1", "a:1", "aA", "a_1", "aa", "b"}
			update(t, b, "t", func(tx driver.Tx) error {
				for i := len(want) - 1; i >= 0; i-- {
					if err := put(tx, d(want[i]).with("body of "+want[i])); err != nil {
						return err
					}
				}
				return nil
			})
			view(t, b, "t", func(r driver.Reader) {
				rows, err := scanAll(r, driver.Query{Limit: 3})
				require.NoError(t, err)
				require.Equal(t, want, ids(rows))
				for _, id := range want {
					row, err := r.Get("test.thing", id, 0)
					require.NoError(t, err)
					require.Equal(t, "body of "+id, string(row.Body))
				}
				for _, id := range []string{"B", "A_1", "a%", "a 1", "a_"} {
					_, err := r.Get("test.thing", id, 0)
					require.ErrorIs(t, err, driver.ErrNotFound, id)
				}
			})
		}},
		{"kinds order before ids", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("b").of("test.x"), d("a").of("test.y"), d("c").of("test.x"), d("z").of("test.w"), d("a").of("test.x_y"))
			})
			view(t, b, "t", func(r driver.Reader) {
				rows, err := scanAll(r, driver.Query{Limit: 2})
				require.NoError(t, err)
				var got []string
				for _, row := range rows {
					got = append(got, row.Kind+"/"+row.ID)
				}
				require.Equal(t, []string{"test.w/z", "test.x/b", "test.x/c", "test.x_y/a", "test.y/a"}, got)
			})
		}},
		{"an error of the caller's own comes back as it is", func(t *testing.T, s *suite) {
			b := s.backend(t)
			mine := errors.New("mine")
			require.Same(t, mine, b.Update(context.Background(), "t", func(driver.Tx) error { return mine }))
			require.Same(t, mine, b.View(context.Background(), "t", func(driver.Reader) error { return mine }))
		}},
	}
}
