package storagetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func dispose(id, on string) func(driver.Tx) error {
	return func(tx driver.Tx) error { return tx.Dispose("test.thing", id, dayOf(on)) }
}

func disposalChecks() []check {
	return []check{
		{"disposal destroys the content of every version and leaves everything else", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("a").because("why").sealed("k1"), d("b"), d("a").keeping("2020-01-01").sealed("k2"), d("a").of("other.kind"))
			})
			var was []driver.Row
			view(t, b, "t", func(r driver.Reader) {
				var err error
				was, err = r.Entries(0, 10)
				require.NoError(t, err)
			})
			update(t, b, "t", dispose("a", "2020-01-02"))
			for _, i := range []int{0, 2} {
				was[i].Body, was[i].Salt, was[i].Key, was[i].Reason = nil, nil, nil, ""
			}
			view(t, b, "t", func(r driver.Reader) {
				is, err := r.Entries(0, 10)
				require.NoError(t, err)
				require.Equal(t, was, is)
				rows, err := r.Scan(driver.Query{Kind: "test.thing", Limit: 10})
				require.NoError(t, err)
				require.Equal(t, []string{"a", "b"}, ids(rows), "a scan shows disposed documents too")
				_, err = r.Nodes([]uint64{0, 1, 2, 3})
				require.NoError(t, err)
			})
		}},
		{"a document that must still be kept is refused", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("dated").keeping("2025-12-31"), d("open").keeping("2020-01-01"), d("open"), d("never"))
			})
			refused(t, b, "t", driver.ErrRetained, dispose("dated", "2025-12-31"))
			refused(t, b, "t", driver.ErrRetained, dispose("dated", "2020-01-01"))
			refused(t, b, "t", driver.ErrRetained, dispose("open", "2026-01-01"))
			refused(t, b, "t", driver.ErrRetained, dispose("never", "2026-01-01"))
			update(t, b, "t", dispose("dated", "2026-01-01"))
		}},
		{"the newest version decides", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a"), d("a").keeping("2020-01-01")) })
			update(t, b, "t", dispose("a", "2020-01-02"))
		}},
		{"a day that has begun nowhere yet is refused", func(t *testing.T, s *suite) {
			b := s.backend(t)
			// 2026-02-03 in UTC is still the third in UTC+14 at 09:59 and the fourth at 10:00.
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("a").keeping("2020-01-01").recorded(time.Date(2026, 2, 3, 9, 59, 59, 999999000, time.UTC)))
			})
			refused(t, b, "t", driver.ErrRetained, dispose("a", "2026-02-04"))
			refused(t, b, "t", driver.ErrRetained, dispose("a", "2099-01-01"))
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("b").recorded(time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)))
			})
			refused(t, b, "t", driver.ErrRetained, dispose("a", "2026-02-05"))
			update(t, b, "t", dispose("a", "2026-02-04"))
		}},
		{"a document under an open hold is refused", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").keeping("2020-01-01")) })
			for _, h := range []driver.Hold{
				{Matter: "m1"}, {Matter: "m2", Scope: []driver.Scope{{Kind: "test.thing"}}}, {Matter: "m3", Scope: []driver.Scope{{Kind: "test.thing", ID: "a"}}},
			} {
				update(t, b, "t", func(tx driver.Tx) error { return tx.PlaceHold(h) })
				refused(t, b, "t", driver.ErrHeld, dispose("a", "2020-01-02"))
				update(t, b, "t", func(tx driver.Tx) error { return tx.ReleaseHold(h.Matter) })
			}
			update(t, b, "t", func(tx driver.Tx) error {
				return tx.PlaceHold(driver.Hold{Matter: "other", Scope: []driver.Scope{{Kind: "test.thing", ID: "b"}, {Kind: "test.other"}}})
			})
			update(t, b, "t", dispose("a", "2020-01-02"))
		}},
		{"a hold placed in the same transaction holds", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").keeping("2020-01-01")) })
			refused(t, b, "t", driver.ErrHeld, func(tx driver.Tx) error {
				if err := tx.PlaceHold(driver.Hold{Matter: "m"}); err != nil {
					return err
				}
				return tx.Dispose("test.thing", "a", hipaasmp.Day(2020, 1, 2))
			})
		}},
		{"what is not there cannot be disposed of", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").keeping("2020-01-01")) })
			refused(t, b, "t", driver.ErrNotFound, dispose("b", "2020-01-02"))
			update(t, b, "t", dispose("a", "2020-01-02"))
			refused(t, b, "t", driver.ErrNotFound, dispose("a", "2020-01-02"))
		}},
		{"a disposed document gets no further version", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").keeping("2020-01-01")) })
			update(t, b, "t", dispose("a", "2020-01-02"))
			refused(t, b, "t", driver.ErrDisposed, func(tx driver.Tx) error { return put(tx, d("a")) })
		}},
		{"destroyed content is gone for an older snapshot or still whole, never half", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").keeping("2020-01-01").because("why")) })
			view(t, b, "t", func(r driver.Reader) {
				_, err := r.Head(0)
				require.NoError(t, err)
				update(t, b, "t", dispose("a", "2020-01-02"))
				row, err := r.Get("test.thing", "a", 0)
				require.NoError(t, err)
				if row.Body == nil {
					require.Nil(t, row.Salt)
					require.Empty(t, row.Reason)
				} else {
					require.NotNil(t, row.Salt)
					require.Equal(t, "why", row.Reason)
				}
			})
		}},
	}
}
