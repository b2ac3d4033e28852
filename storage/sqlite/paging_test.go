package sqlite_test

import (
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Whoever goes through a ledger slowly keeps no snapshot: the log is folded into the file while others write. The control
// keeps one, and the log grows.
func TestIteratorsDoNotKeepTheLogFromBeingFolded(t *testing.T) {
	t.Parallel()
	const documents, room = 600, 24 << 20 // the log is folded when it has a thousand pages of 16 KiB
	words := strings.Repeat("words ", 6000)
	filled := func(t *testing.T) (*storage.Store, driver.Backend, func() int64) {
		path := newPath(t)
		b := openBackend(t, path, nil)
		s := storeOn(t, b)
		require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
			for i := range documents {
				if _, err := tx.Put(newNote(fmt.Sprintf("n%04d", i), "x")); err != nil {
					return err
				}
			}
			return nil
		}))
		return s, b, func() int64 {
			info, err := os.Stat(path + "-wal")
			require.NoError(t, err)
			return info.Size()
		}
	}
	write := func(t *testing.T, s *storage.Store, i int) {
		_, err := s.Put(ctx, "clinic", newNote("written", fmt.Sprint(i, words)))
		require.NoError(t, err)
	}
	entries := func(s *storage.Store) iter.Seq2[storage.Entry, error] { return s.Entries(ctx, "clinic", 0, documents) }
	for name, all := range map[string]func(s *storage.Store, each func(error) bool){
		"list": func(s *storage.Store, each func(error) bool) {
			s.List(ctx, "clinic", storage.Query{Kind: KindNote})(func(e storage.Entry, err error) bool { return e.ID == "written" || each(err) })
		},
		"entries": func(s *storage.Store, each func(error) bool) {
			entries(s)(func(_ storage.Entry, err error) bool { return each(err) })
		},
		"due": func(s *storage.Store, each func(error) bool) {
			s.Due(ctx, "clinic", hipaasmp.Day(2026, 1, 1))(func(d storage.DueDocument, err error) bool { return d.Ref.ID == "written" || each(err) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, log := filled(t)
			n, most := 0, int64(0)
			all(s, func(err error) bool {
				require.NoError(t, err)
				write(t, s, n)
				n, most = n+1, max(most, log())
				return true
			})
			require.Equal(t, documents, n)
			require.Less(t, most, int64(room), "the log grew while somebody read")
		})
	}
	t.Run("a snapshot that is kept", func(t *testing.T) {
		t.Parallel()
		s, b, log := filled(t)
		require.NoError(t, b.View(ctx, "clinic", func(driver.Reader) error {
			for i := range documents {
				write(t, s, i)
			}
			require.Greater(t, log(), int64(room), "the control: what a kept snapshot does")
			return nil
		}))
	})
}
