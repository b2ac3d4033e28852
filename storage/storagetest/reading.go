package storagetest

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func readingChecks() []check {
	return []check{
		{"a scan returns the newest version of each document", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").with("1"), d("b").with("1"), d("a").with("2")) })
			view(t, b, "t", func(r driver.Reader) {
				rows, err := r.Scan(driver.Query{Limit: 10})
				require.NoError(t, err)
				require.Equal(t, []string{"a", "b"}, ids(rows))
				require.Equal(t, "2", string(rows[0].Body))
			})
		}},
		{"a scan of one kind returns nothing else", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a").of("k.a"), d("b").of("k.b"), d("c").of("k.c")) })
			view(t, b, "t", func(r driver.Reader) {
				for _, x := range []struct {
					q    driver.Query
					want []string
				}{
					{driver.Query{Kind: "k.b", Limit: 10}, []string{"b"}},
					{driver.Query{Kind: "k", Limit: 10}, []string{}},
					{driver.Query{Kind: "k.b", AfterKind: "k.a", AfterID: "z", Limit: 10}, []string{"b"}},
					{driver.Query{Kind: "k.b", AfterKind: "k.b", AfterID: "b", Limit: 10}, []string{}},
					{driver.Query{Kind: "k.b", AfterKind: "k.c", AfterID: "a", Limit: 10}, []string{}},
					{driver.Query{AfterKind: "k.b", AfterID: "a", Limit: 10}, []string{"b", "c"}},
				} {
					rows, err := r.Scan(x.q)
					require.NoError(t, err)
					require.Equal(t, x.want, ids(rows), "%+v", x.q)
				}
			})
		}},
		{"pages follow on each other without gap or repetition", func(t *testing.T, s *suite) {
			b := s.backend(t)
			var want []string
			update(t, b, "t", func(tx driver.Tx) error {
				var docs []doc
				for i := range 57 {
					id := fmt.Sprintf("d%03d", i)
					want = append(want, id)
					docs = append(docs, d(id))
				}
				return put(tx, docs...)
			})
			view(t, b, "t", func(r driver.Reader) {
				for _, limit := range []int{1, 2, 7, 57, 58, driver.MaxPage} {
					rows, err := scanAll(r, driver.Query{Limit: limit})
					require.NoError(t, err)
					require.Equal(t, want, ids(rows))
					page, err := r.Scan(driver.Query{Limit: limit})
					require.NoError(t, err)
					require.LessOrEqual(t, len(page), limit)
					require.NotEmpty(t, page)
				}
			})
		}},
		{"a page begins after its position though the document there was written again", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a"), d("c"), d("e")) })
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a"), d("b"), d("d")) })
			view(t, b, "t", func(r driver.Reader) {
				rows, err := r.Scan(driver.Query{AfterKind: "test.thing", AfterID: "b", Limit: 10})
				require.NoError(t, err)
				require.Equal(t, []string{"c", "d", "e"}, ids(rows))
				rows, err = r.Scan(driver.Query{AfterKind: "test.thing", AfterID: "bb", Limit: 10})
				require.NoError(t, err)
				require.Equal(t, []string{"c", "d", "e"}, ids(rows), "a position need not be a document")
			})
		}},
		{"as of an instant the version that was newest then is returned", func(t *testing.T, s *suite) {
			b := s.backend(t)
			for i, x := range []string{"a", "b", "a", "a"} {
				at := noon.Add(time.Duration(i) * time.Hour)
				update(t, b, "t", func(tx driver.Tx) error { return put(tx, d(x).with(fmt.Sprint(i)).recorded(at)) })
			}
			view(t, b, "t", func(r driver.Reader) {
				for _, x := range []struct {
					at   time.Time
					want []string
				}{
					{noon.Add(-time.Microsecond), nil},
					{noon, []string{"0"}},
					{noon.Add(time.Hour - time.Microsecond), []string{"0"}},
					{noon.Add(time.Hour), []string{"0", "1"}},
					{noon.Add(2 * time.Hour), []string{"2", "1"}},
					{noon.Add(99 * time.Hour), []string{"3", "1"}},
				} {
					for _, kind := range []string{"", "test.thing"} {
						rows, err := scanAll(r, driver.Query{AsOf: x.at, Limit: 1, Kind: kind})
						require.NoError(t, err)
						var got []string
						for _, row := range rows {
							got = append(got, string(row.Body))
						}
						require.Equal(t, x.want, got, x.at)
					}
				}
			})
		}},
		{"a history comes oldest first from after the version given", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a"), d("a"), d("a"), d("b"), d("a")) })
			view(t, b, "t", func(r driver.Reader) {
				for _, x := range []struct {
					after uint64
					limit int
					want  []uint64
				}{{0, 10, []uint64{1, 2, 3, 4}}, {2, 10, []uint64{3, 4}}, {0, 2, []uint64{1, 2}}, {4, 10, nil}, {math.MaxUint64, 10, nil}} {
					rows, err := r.History("test.thing", "a", x.after, x.limit)
					require.NoError(t, err)
					var got []uint64
					for _, row := range rows {
						got = append(got, row.Version)
					}
					require.Equal(t, x.want, got)
				}
				rows, err := r.History("test.thing", "none", 0, 10)
				require.NoError(t, err)
				require.Empty(t, rows)
			})
		}},
		{"entries come in ledger order whatever their kind", func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("b"), d("a").of("k.x"), d("b"), d("c")) })
			view(t, b, "t", func(r driver.Reader) {
				rows, err := r.Entries(1, 2)
				require.NoError(t, err)
				require.Equal(t, []string{"a", "b"}, ids(rows))
				require.Equal(t, uint64(1), rows[0].Seq)
				for _, from := range []uint64{4, math.MaxUint64, 1 << 41, 1 << 40} {
					rows, err = r.Entries(from, 10)
					require.NoError(t, err)
					require.Empty(t, rows)
				}
			})
		}},
		{"heavy rows come in pages that fit into memory", func(t *testing.T, s *suite) {
			b := s.backend(t)
			body := strings.Repeat("x", min(b.Capabilities().MaxBody, 2<<20))
			update(t, b, "t", func(tx driver.Tx) error {
				for i := range 12 {
					if err := put(tx, d(fmt.Sprintf("d%02d", i)).with(body)); err != nil {
						return err
					}
				}
				return nil
			})
			view(t, b, "t", func(r driver.Reader) {
				rows, err := scanAll(r, driver.Query{Limit: driver.MaxPage})
				require.NoError(t, err)
				require.Len(t, rows, 12)
			})
		}},
	}
}
