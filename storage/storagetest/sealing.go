package storagetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// sealingChecks are about the keys of sealed content, about rows that come without content, and about what is due.
func sealingChecks() []check {
	return []check{
		{"a key comes back with its row and is replaced alone", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("a").sealed("k1").because("why"), d("a").sealed("k2"), d("b"))
			})
			var was []driver.Row
			view(t, b, "t", func(r driver.Reader) {
				var err error
				was, err = r.Entries(0, 10)
				require.NoError(t, err)
				require.Equal(t, "k1", string(was[0].Key))
				require.Equal(t, "k2", string(was[1].Key))
				require.Nil(t, was[2].Key)
			})
			update(t, b, "t", func(tx driver.Tx) error {
				if err := tx.Rekey("test.thing", "a", 1, []byte("k3")); err != nil {
					return err
				}
				row, err := tx.Get("test.thing", "a", 1)
				require.Equal(t, "k3", string(row.Key), "the transaction reads what it wrote")
				return err
			})
			update(t, b, "t", func(tx driver.Tx) error { return tx.Rekey("test.thing", "a", 1, []byte("k4")) })
			was[0].Key = []byte("k4")
			view(t, b, "t", func(r driver.Reader) {
				is, err := r.Entries(0, 10)
				require.NoError(t, err)
				require.Equal(t, was, is)
				rows, err := r.History("test.thing", "a", 0, 10)
				require.NoError(t, err)
				require.Equal(t, was[:2], rows)
				rows, err = r.Scan(driver.Query{Limit: 10})
				require.NoError(t, err)
				require.Equal(t, was[1:], rows)
			})
		}},
		{"a key that is replaced in a transaction that fails stays", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").sealed("k1")) })
			refused(t, b, "t", driver.ErrConflict, func(tx driver.Tx) error {
				if err := tx.Rekey("test.thing", "a", 1, []byte("k2")); err != nil {
					return err
				}
				return tx.Rekey("test.thing", "a", 1, nil)
			})
			view(t, b, "t", func(r driver.Reader) {
				row, err := r.Get("test.thing", "a", 0)
				require.NoError(t, err)
				require.Equal(t, "k1", string(row.Key))
			})
		}},
		{"only a version that is sealed gets another key", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("a").sealed("k1").keeping("2020-01-01"), d("clear"))
			})
			update(t, b, "t", dispose("a", "2020-01-02"))
			for _, x := range []struct {
				tenant, id string
				version    uint64
			}{{"t", "a", 1}, {"t", "a", 2}, {"t", "a", 0}, {"t", "clear", 1}, {"t", "none", 1}, {"u", "a", 1}} {
				refused(t, b, x.tenant, driver.ErrNotFound, func(tx driver.Tx) error {
					return tx.Rekey("test.thing", x.id, x.version, []byte("k"))
				})
			}
		}},
		{"a row without content is kept as one whose content was destroyed", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("a").without().because("why").sealed("k"), d("b"), d("a").without())
			})
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").without()) })
			view(t, b, "t", func(r driver.Reader) {
				rows, err := r.History("test.thing", "a", 0, 10)
				require.NoError(t, err)
				require.Len(t, rows, 3)
				for _, row := range rows {
					require.Nil(t, row.Body)
					require.Nil(t, row.Salt)
					require.Nil(t, row.Key)
					require.Empty(t, row.Reason)
					require.NotEmpty(t, row.Envelope)
				}
			})
			refused(t, b, "t", driver.ErrDisposed, func(tx driver.Tx) error { return put(tx, d("a")) })
			refused(t, b, "t", driver.ErrDisposed, func(tx driver.Tx) error { return put(tx, d("c").without(), d("c")) })
			refused(t, b, "t", driver.ErrConflict, func(tx driver.Tx) error { return put(tx, d("b").without()) })
			refused(t, b, "t", driver.ErrNotFound, dispose("a", "2026-02-03"))
		}},
		{"a scan for what is due finds content whose last day is over, and nothing else", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				return put(tx, d("due").keeping("2020-01-01"), d("gone").keeping("2020-01-01"), d("later").keeping("2020-01-02"),
					d("running"), d("again").keeping("2019-01-01"), d("again").keeping("2030-01-01"),
					d("late").keeping("2030-01-01"), d("late").keeping("2019-01-01"), d("open").keeping("2019-01-01"), d("open"),
					d("closed"), d("closed"), d("closed").keeping("2020-01-01"), d("thrice").keeping("2019-01-01"),
					d("thrice").keeping("2018-01-01"), d("thrice").keeping("2030-01-01"), d("due").of("other.kind").keeping("2000-01-01"),
					d("moved").keeping("2000-01-01").without())
			})
			update(t, b, "t", dispose("gone", "2020-01-02"))
			view(t, b, "t", func(r driver.Reader) {
				q := driver.Query{Kind: "test.thing", DueBy: hipaasmp.Day(2020, 1, 2), Limit: 1}
				rows, err := scanAll(r, q)
				require.NoError(t, err)
				require.Equal(t, []string{"closed", "due", "late"}, ids(rows), "a newer version that is not due stands against those before it")
				require.Equal(t, []uint64{3, 1, 2}, []uint64{rows[0].Version, rows[1].Version, rows[2].Version})
				require.Equal(t, hipaasmp.Day(2019, 1, 1), rows[2].KeepThrough, "the newest version's day, though an older one has a later day")
				q.Kind = ""
				rows, err = scanAll(r, q)
				require.NoError(t, err)
				require.Equal(t, []string{"due", "closed", "due", "late"}, ids(rows))
				q.DueBy = hipaasmp.Day(2020, 1, 1)
				rows, err = scanAll(r, q)
				require.NoError(t, err)
				require.Equal(t, []string{"due", "late"}, ids(rows))
				q.AsOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
				_, err = r.Scan(q)
				require.ErrorIs(t, err, driver.ErrUnsupported)
			})
		}},
	}
}
