package sqlite_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// locksOn lists the kinds of locks that the kernel knows of a file.
func locksOn(t *testing.T, path string) (kinds []string) {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	inode := fmt.Sprint(":", info.Sys().(*syscall.Stat_t).Ino)
	all, err := os.ReadFile("/proc/locks")
	require.NoError(t, err)
	for line := range strings.Lines(string(all)) {
		if f := strings.Fields(line); len(f) > 5 && strings.HasSuffix(f[5], inode) {
			kinds = append(kinds, f[1])
		}
	}
	return kinds
}

// Whoever opens and closes the file in the same process, to hash it for example, takes no lock away: the locks are those of
// an open file description. The control shows what POSIX locks do.
func TestAFileThatIsOpenedAndClosedStaysLocked(t *testing.T) {
	t.Parallel()
	for _, locks := range []string{"ofd", "posix"} {
		t.Run(locks, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			cmd := child(t, "locked", path, locks)
			in, err := cmd.StdinPipe()
			require.NoError(t, err)
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			lines := bufio.NewScanner(out)
			require.True(t, lines.Scan())
			require.Equal(t, "closed", lines.Text())
			if locks == "posix" {
				require.Empty(t, locksOn(t, path), "the lock is gone")
			} else {
				require.Contains(t, locksOn(t, path), "OFDLCK")
			}
			_, err = in.Write([]byte("\n"))
			require.NoError(t, err)
			require.NoError(t, cmd.Wait())
			s := storeOn(t, openBackend(t, path, nil))
			e, err := s.Get(ctx, "clinic", newNote("n", "").DocumentRef())
			require.NoError(t, err)
			require.Equal(t, uint64(2), e.Version)
			v, err := s.VerifyTenant(ctx, "clinic")
			require.NoError(t, err)
			require.NoError(t, v.Err())
		})
	}
}
