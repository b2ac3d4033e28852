package storagetest

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func byteChecks() []check {
	return []check{
		{"bytes come back as they were given", func(t *testing.T, s *suite) {
			b := s.backend(t)
			all := make([]byte, 256)
			for i := range all {
				all[i] = byte(i)
			}
			var want batch
			update(t, b, "t", func(tx driver.Tx) (err error) {
				if want, err = prepare(tx, d("a").with(`{"b":1, "a" : 1.0}`), d("b").with(string(all)).because("wörtlich, 'quoted'\n"), d("c").with(strings.Repeat("x", 100_000))); err != nil {
					return err
				}
				want.rows[1].Envelope = append(want.rows[1].Envelope, all...)
				return tx.Append(want.rows, want.nodes, want.head)
			})
			view(t, b, "t", func(r driver.Reader) {
				rows, err := r.Entries(0, 10)
				require.NoError(t, err)
				require.Len(t, rows, 3)
				for i := range rows {
					want.rows[i].Tenant = "t"
					require.Equal(t, want.rows[i], rows[i])
				}
				head, err := r.Head(0)
				require.NoError(t, err)
				require.Equal(t, want.head, head)
			})
		}},
		{"instants keep their microseconds and are UTC", func(t *testing.T, s *suite) {
			b := s.backend(t)
			for i, at := range []time.Time{
				time.Date(1969, 12, 31, 23, 59, 59, 999999000, time.UTC), time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),
				noon, time.Date(2026, 12, 31, 23, 59, 59, 1000, time.UTC), time.Date(2226, 2, 28, 0, 0, 0, 999999000, time.UTC),
			} {
				update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").recorded(at)) })
				view(t, b, "t", func(r driver.Reader) {
					row, err := r.Get("test.thing", "a", 0)
					require.NoError(t, err)
					require.Equal(t, at, row.Recorded)
					head, err := r.Head(uint64(i + 1))
					require.NoError(t, err)
					require.Equal(t, at, head.Recorded)
				})
			}
		}},
		{"the day to keep comes back, and none comes back as none", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("a").keeping("2032-02-29"), d("b"), d("c").keeping("9999-12-31"))
			})
			view(t, b, "t", func(r driver.Reader) {
				rows, err := r.Entries(0, 10)
				require.NoError(t, err)
				require.Equal(t, hipaasmp.Day(2032, 2, 29), rows[0].KeepThrough)
				require.True(t, rows[1].KeepThrough.IsZero())
				require.Equal(t, hipaasmp.Day(9999, 12, 31), rows[2].KeepThrough)
			})
		}},
		{"what a caller passes in may be changed by the caller afterwards", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				p, err := prepare(tx, d("a"))
				if err != nil {
					return err
				}
				if err := tx.Append(p.rows, p.nodes, p.head); err != nil {
					return err
				}
				for _, x := range [][]byte{p.rows[0].Body, p.rows[0].Envelope, p.rows[0].Salt, p.head.Edge, p.head.Note} {
					clear(x)
				}
				return nil
			})
			view(t, b, "t", func(r driver.Reader) {
				row, err := r.Get("test.thing", "a", 0)
				require.NoError(t, err)
				require.Equal(t, `{"id":"a"}`, string(row.Body))
				require.NotZero(t, row.Envelope[0])
				require.False(t, bytes.Equal(make([]byte, 32), row.Salt))
				head, err := r.Head(0)
				require.NoError(t, err)
				require.Equal(t, "edge of 1", string(head.Edge))
				require.Contains(t, string(head.Note), "note of 1")
			})
		}},
		{"what a driver returns belongs to the caller", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a")) })
			view(t, b, "t", func(r driver.Reader) {
				for range 2 {
					row, err := r.Get("test.thing", "a", 0)
					require.NoError(t, err)
					require.Equal(t, `{"id":"a"}`, string(row.Body))
					clear(row.Body)
					clear(row.Envelope)
					clear(row.Salt)
					head, err := r.Head(0)
					require.NoError(t, err)
					require.Contains(t, string(head.Note), "note of 1")
					clear(head.Note)
					clear(head.Edge)
				}
			})
		}},
		{"a body over the limit is refused and one within is kept", func(t *testing.T, s *suite) {
			b := s.backend(t)
			limit := b.Capabilities().MaxBody
			require.Positive(t, limit, "Capabilities must name a MaxBody")
			refused(t, b, "t", driver.ErrTooLarge, func(tx driver.Tx) error { return put(tx, d("a").with(strings.Repeat("x", limit+1))) })
			size := limit
			if limit > 64<<20 {
				size = 1 << 20 // a test should not need that much memory
			}
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").with(strings.Repeat("x", size))) })
			view(t, b, "t", func(r driver.Reader) {
				row, err := r.Get("test.thing", "a", 0)
				require.NoError(t, err)
				require.Len(t, row.Body, size)
			})
		}},
	}
}
