package sqlite

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzPath opens a store at any name within a folder. The name is a name and nothing else: no part of it becomes a setting
// of the connection, another file or another folder. What cannot be a file is refused with an OpenError and leaves
// nothing but what was made for the attempt.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{
		"store.db", "a b", "a?mode=memory", "a&_synchronous=OFF", "a#b", "a%00b", "%2e%2e%2fout", ":memory:", "file:x", "file::memory:?cache=shared",
		"a;b", "a'b", "a\"b", "\xff", "é", "", ".", "folder/x", "a\x00b", "-wal", "store.db-wal", "store.db-journal", "a\nb", "a\\b", " ",
		strings.Repeat("n", 255), strings.Repeat("n", 256), "?_pragma=journal_mode(OFF)", "a?vfs=none",
		"0/", "0/.", "0/../y", "./x", "x//y",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		dir := t.TempDir()
		path := dir + "/" + name
		if abs, err := filepath.Abs(path); err != nil || filepath.Clean(abs) != dir && !strings.HasPrefix(abs, dir+string(filepath.Separator)) {
			t.Skip("outside of the test's folder")
		}
		if runtime.GOOS != "windows" {
			u, err := url.Parse(dsn(path, Options{}))
			require.NoError(t, err)
			require.Equal(t, path, u.Path)
			require.Equal(t, strings.TrimPrefix(dsn("", Options{}), "file://?"), u.RawQuery, "the settings are ours alone")
		}
		b, err := Open(t.Context(), path, nil)
		if err != nil {
			var oe *OpenError
			require.ErrorAs(t, err, &oe)
			require.Equal(t, path, oe.Path)
			require.NotEmpty(t, oe.Reason)
			return
		}
		require.Equal(t, filepath.Clean(path), b.Path())
		require.NoError(t, b.Close())
		head := make([]byte, 16)
		file, err := os.Open(b.Path()) // which a path through folders that are not there names all the same
		require.NoError(t, err)
		_, err = file.Read(head)
		require.NoError(t, err)
		require.NoError(t, file.Close())
		require.Equal(t, "SQLite format 3\x00", string(head), "the store is at that path")
		require.NoError(t, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			require.NoError(t, err)
			if !d.IsDir() {
				require.True(t, strings.HasPrefix(p, b.Path()), "%q is not of the store", p)
			}
			return nil
		}))
		again, err := Open(t.Context(), path, &Options{ReadOnly: true})
		require.NoError(t, err)
		require.NoError(t, again.Close())
	})
}
