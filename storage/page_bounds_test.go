package storage_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// A page holds 8 MiB of content and a document more at most, and 1,000 rows, whatever is asked for: what a reader keeps in
// memory does not grow with a tenant. Going on behind a page finds the rest.
func TestAPageIsBoundedInBytesAndRows(t *testing.T) {
	t.Parallel()
	for name, opened := range drivers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := opened(t)
			s := open(t, b)
			t.Cleanup(func() { require.NoError(t, s.Close()) })
			large := strings.Repeat("x", 3<<20)
			for i := range 5 {
				_, err := s.Put(ctx, "large", newDraft(fmt.Sprint("d", i), large))
				require.NoError(t, err)
				_, err = s.Put(ctx, "versions", newDraft("d", large))
				require.NoError(t, err)
			}
			_, err := s.PutAll(ctx, "small", many(0, 1100, func(id string) hipaasmp.Document { return newDraft(id, "x") }))
			require.NoError(t, err)
			view := func(tenant string, read func(r driver.Reader, got int, last driver.Row) ([]driver.Row, error), each func(page []driver.Row)) (n int) {
				require.NoError(t, b.View(ctx, tenant, func(r driver.Reader) error {
					var last driver.Row
					for {
						page, err := read(r, n, last)
						if err != nil || len(page) == 0 {
							return err
						}
						each(page)
						n, last = n+len(page), page[len(page)-1]
					}
				}))
				return n
			}
			scan := func(limit int) func(driver.Reader, int, driver.Row) ([]driver.Row, error) {
				return func(r driver.Reader, n int, last driver.Row) ([]driver.Row, error) {
					q := driver.Query{Limit: limit}
					if n > 0 {
						q.AfterKind, q.AfterID = last.Kind, last.ID
					}
					return r.Scan(q)
				}
			}
			entries := func(r driver.Reader, n int, _ driver.Row) ([]driver.Row, error) { return r.Entries(uint64(n), 5000) }
			history := func(r driver.Reader, n int, last driver.Row) ([]driver.Row, error) {
				return r.History(string(KindDraft), "d", last.Version, 5000)
			}
			within := func(page []driver.Row) {
				size := 0
				for _, row := range page {
					size += len(row.Body)
				}
				require.Less(t, size, 8<<20+len(page[0].Body), "%d rows", len(page))
			}
			require.Equal(t, 5, view("large", scan(driver.MaxPage), within))
			require.Equal(t, 5, view("large", entries, within))
			require.Equal(t, 5, view("versions", history, within))
			short := func(page []driver.Row) { require.LessOrEqual(t, len(page), driver.MaxPage) }
			require.Equal(t, 1100, view("small", scan(5000), short))
			require.Equal(t, 1100, view("small", entries, short))
			n := 0
			for _, err := range s.List(ctx, "large", storage.Query{}) {
				require.NoError(t, err)
				n++
			}
			require.Equal(t, 5, n, "the store goes from page to page")
		})
	}
}
