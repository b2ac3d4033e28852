package storagetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func tenantChecks() []check {
	return []check{
		{"nothing of one tenant is reachable through another", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "one", func(tx driver.Tx) error {
				return errors.Join(
					put(tx, d("a").keeping("2020-01-01"), d("a").keeping("2020-01-01"), d("b")),
					tx.PlaceHold(driver.Hold{Matter: "m"}),
				)
			})
			nothing := func(r driver.Reader) {
				_, err := r.Get("test.thing", "a", 0)
				require.ErrorIs(t, err, driver.ErrNotFound)
				_, err = r.Get("test.thing", "a", 1)
				require.ErrorIs(t, err, driver.ErrNotFound)
				for _, q := range []driver.Query{{Limit: 10}, {Kind: "test.thing", Limit: 10}, {AsOf: noon, Limit: 10}, {AfterKind: "test.thing", AfterID: "a", Limit: 10}, {DueBy: hipaasmp.Day(2030, 1, 1), Limit: 10}} {
					rows, err := r.Scan(q)
					require.NoError(t, err)
					require.Empty(t, rows)
				}
				rows, err := r.History("test.thing", "a", 0, 10)
				require.NoError(t, err)
				require.Empty(t, rows)
				rows, err = r.Entries(0, 10)
				require.NoError(t, err)
				require.Empty(t, rows)
				_, err = r.Nodes([]uint64{0})
				require.ErrorIs(t, err, driver.ErrNotFound)
				_, err = r.Head(0)
				require.ErrorIs(t, err, driver.ErrNotFound)
				_, err = r.Head(3)
				require.ErrorIs(t, err, driver.ErrNotFound)
				for _, x := range [][2]string{{"", ""}, {"test.thing", "a"}} {
					held, err := r.Holds(x[0], x[1])
					require.NoError(t, err)
					require.Empty(t, held)
				}
			}
			for _, other := range append(foreign(94), "two", "One", "one2", "on", "one_", "one%") {
				view(t, b, other, nothing)
				refused(t, b, other, driver.ErrNotFound, func(tx driver.Tx) error { nothing(tx); return tx.ReleaseHold("m") })
				refused(t, b, other, driver.ErrNotFound, func(tx driver.Tx) error {
					return tx.ExtendRetention("test.thing", "a", hipaasmp.Day(2050, 1, 1))
				})
				refused(t, b, other, driver.ErrNotFound, func(tx driver.Tx) error {
					return tx.Dispose("test.thing", "a", hipaasmp.Day(2026, 1, 1))
				})
				refused(t, b, other, driver.ErrNotFound, func(tx driver.Tx) error { return tx.Rekey("test.thing", "a", 1, []byte("key")) })
			}
		}},
		{"a hold of one tenant does not hold another's documents", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "one", func(tx driver.Tx) error {
				return errors.Join(put(tx, d("a").keeping("2020-01-01")), tx.PlaceHold(driver.Hold{Matter: "m"}))
			})
			update(t, b, "two", func(tx driver.Tx) error { return put(tx, d("a").keeping("2020-01-01")) })
			update(t, b, "two", func(tx driver.Tx) error { return tx.Dispose("test.thing", "a", hipaasmp.Day(2020, 1, 2)) })
			view(t, b, "one", func(r driver.Reader) {
				row, err := r.Get("test.thing", "a", 0)
				require.NoError(t, err)
				require.NotNil(t, row.Body)
			})
		}},
		{"each tenant counts its own ledger", func(t *testing.T, s *suite) {
			b := s.backend(t)
			for i := range 5 {
				for _, tenant := range []string{"one", "two"} {
					update(t, b, tenant, func(tx driver.Tx) error { return put(tx, d(fmt.Sprint("d", i)).with(tenant)) })
				}
			}
			for _, tenant := range []string{"one", "two"} {
				view(t, b, tenant, func(r driver.Reader) {
					rows, err := r.Entries(0, 10)
					require.NoError(t, err)
					require.Len(t, rows, 5)
					for i, row := range rows {
						require.Equal(t, uint64(i), row.Seq)
						require.Equal(t, tenant, string(row.Body))
						require.Equal(t, tenant, row.Tenant)
					}
				})
			}
		}},
		{"tenants are listed in byte order and in pages", func(t *testing.T, s *suite) {
			b := s.backend(t)
			want := []string{"A", "Z", "a", "a-b", "a.b", "a:b", "a_b", "b"}
			for i := len(want) - 1; i >= 0; i-- {
				update(t, b, want[i], func(tx driver.Tx) error { return put(tx, d("x")) })
			}
			view(t, b, "looked-at", func(driver.Reader) {})
			var got []string
			for after := ""; ; {
				page, err := b.Tenants(context.Background(), after, 3)
				require.NoError(t, err)
				if len(page) == 0 {
					break
				}
				require.LessOrEqual(t, len(page), 3)
				got = append(got, page...)
				after = page[len(page)-1]
			}
			require.Equal(t, want, got)
		}},
		{"an empty tenant is refused", func(t *testing.T, s *suite) {
			b := s.backend(t)
			refused(t, b, "", driver.ErrTenant, func(driver.Tx) error { return nil })
			require.ErrorIs(t, b.View(context.Background(), "", func(driver.Reader) error { return nil }), driver.ErrTenant)
		}},
		{"a tenant whose first transaction failed begins anew", func(t *testing.T, s *suite) {
			b := s.backend(t)
			mine := errors.New("mine")
			require.Same(t, mine, b.Update(context.Background(), "t", func(tx driver.Tx) error {
				return errors.Join(put(tx, d("a")), mine).(interface{ Unwrap() []error }).Unwrap()[0]
			}))
			update(t, b, "u", func(tx driver.Tx) error { return put(tx, d("u")) })
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("t")) })
			for _, tenant := range []string{"t", "u"} {
				view(t, b, tenant, func(r driver.Reader) {
					rows, err := r.Entries(0, 10)
					require.NoError(t, err)
					require.Equal(t, []string{tenant}, ids(rows))
				})
			}
		}},
	}
}

// foreign returns names of tenants that are near the tenant "one" and not it.
func foreign(n int) (names []string) {
	rng := rand.New(rand.NewPCG(17, 18))
	for len(names) < n {
		name := []byte("one")
		for range 1 + rng.IntN(3) {
			at := rng.IntN(len(name))
			switch c := "onE_%-.1"[rng.IntN(8)]; rng.IntN(3) {
			case 0:
				name[at] = c
			case 1:
				name = slices.Insert(name, at, c)
			case 2:
				name = append(name, c)
			}
		}
		if string(name) != "one" {
			names = append(names, string(name))
		}
	}
	return names
}
