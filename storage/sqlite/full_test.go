package sqlite

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// A file that may not grow stands for a full disk where none can be mounted.
func TestAFileThatCannotGrowIsFull(t *testing.T) {
	t.Parallel()
	b := open(t, func(o *Options) { o.maxPages = 40 })
	var n uint64
	var err error
	for ; n < 10_000; n++ {
		if err = b.Update(ctx, "t", func(tx driver.Tx) error { return appendOne(tx, n, "a", n+1, hipaasmp.Date{}) }); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, driver.ErrFull)
	require.Positive(t, n)
	require.NoError(t, b.View(ctx, "t", func(r driver.Reader) error {
		head, err := r.Head(0)
		require.NoError(t, err)
		require.Equal(t, n, head.Size)
		rows, err := r.Entries(n-1, 10)
		require.NoError(t, err)
		require.Len(t, rows, 1)
		return nil
	}))
}
