package sqlite_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// mediumKinds are the errors by which a broken or full medium may show itself to a caller.
var mediumKinds = []error{storage.ErrIO, storage.ErrFull, storage.ErrOutcomeUnknown}

// The k-th operation that changes the medium fails, for every k that fifty acts and the making of their file take: a
// write, a sync or a cut, on a broken medium or a full one, once or from then on. The caller is told by a typed error in
// words of this module, nothing that was acknowledged is lost, the file opens clean and goes on.
func TestEveryOperationOfTheMediumMayFail(t *testing.T) {
	t.Parallel()
	disk := newFaultyDisk(t)
	open := func(path string) (*sqlite.Backend, error) {
		var o sqlite.Options
		o.SetVFS(disk.name)
		return sqlite.Open(ctx, path, &o)
	}
	run := func(path string) (acknowledged []storage.Entry, errs []error) {
		b, err := open(path)
		if err != nil {
			return nil, []error{err}
		}
		errs = fiftyActs(b, storeOn(t, b), func(e storage.Entry) { acknowledged = append(acknowledged, e) })
		require.NoError(t, b.Close())
		return acknowledged, errs
	}
	acknowledged, errs := run(newPath(t))
	require.Empty(t, errs)
	require.Len(t, acknowledged, 48)
	operations := disk.seen.Load()
	require.Greater(t, operations, int64(150))

	step := int64(long.Drill(23, 3, 1))
	for _, how := range []struct {
		name          string
		full, forever bool
	}{{"broken once", false, false}, {"broken from then on", false, true}, {"full once", true, false}, {"full from then on", true, true}} {
		refused := 0
		for k := int64(1); k <= operations; k += step {
			at := fmt.Sprintf("%s at operation %d of %d", how.name, k, operations)
			path := newPath(t)
			disk.seen.Store(0)
			disk.failed.Store(0)
			disk.full, disk.forever = how.full, how.forever
			disk.failAt.Store(k)
			acknowledged, errs := run(path)
			require.Positive(t, disk.failed.Load(), at)
			disk.failAt.Store(0)
			for i, err := range errs {
				known := false
				for _, kind := range mediumKinds {
					known = known || errors.Is(err, kind)
				}
				require.True(t, known || i > 0, "%s: %v", at, err)
				forUsers(t, path, err)
			}
			if len(errs) > 0 {
				refused++
			}

			b, err := open(path)
			require.NoError(t, err, at)
			s := storeOn(t, b)
			if len(acknowledged) > 0 {
				v, err := s.VerifyTenant(ctx, "clinic")
				require.NoError(t, err, at)
				require.NoError(t, v.Err(), at)
				require.GreaterOrEqual(t, v.Size, uint64(len(acknowledged)), at)
				most := 5 * len(errs) // a disposal is five entries in one transaction, any other act one
				for _, e := range acknowledged {
					if most++; e.Op == storage.OpDisposed {
						most += 4
					}
				}
				require.LessOrEqual(t, v.Size, uint64(most), at)
				leaves := map[uint64]string{}
				for e, err := range s.Entries(ctx, "clinic", 0, v.Size) {
					require.NoError(t, err, at)
					leaves[e.Seq] = e.Leaf().String()
				}
				for _, e := range acknowledged {
					require.Equal(t, e.Leaf().String(), leaves[e.Seq], "%s: entry %d was acknowledged", at, e.Seq)
				}
			}
			_, err = s.Put(ctx, "clinic", newNote("after", "x"))
			require.NoError(t, err, "%s: it goes on", at)
			require.NoError(t, b.Close(), at)
		}
		t.Logf("%s: %d of %d faults reached the caller", how.name, refused, (operations+step-1)/step)
		require.Positive(t, refused)
	}
}
