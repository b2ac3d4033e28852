package storage_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

func anchoring(a storage.Anchor, every uint64) func(*storage.Options) {
	return func(o *storage.Options) { o.Anchor, o.AnchorEvery = a, every }
}

func fileAnchor(t testing.TB) (*storage.FileAnchor, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "anchor")
	a, err := storage.NewFileAnchor(dir)
	require.NoError(t, err)
	return a, dir
}

func fill(t testing.TB, s *storage.Store, texts ...string) {
	t.Helper()
	for _, text := range texts {
		_, err := s.Put(ctx, "clinic", newDraft("d", text))
		require.NoError(t, err)
	}
}

func TestCheckpointsAreAnchoredEverySoOften(t *testing.T) {
	t.Parallel()
	a, _ := fileAnchor(t)
	s := open(t, memory.New(), anchoring(a, 3))
	fill(t, s, "1", "2", "3", "4", "5", "6", "7", "8")
	all, err := a.All(ctx, "clinic")
	require.NoError(t, err)
	var sizes []uint64
	for _, msg := range all {
		c, err := storage.ParseCheckpoint(msg, s.Verifiers())
		require.NoError(t, err)
		sizes = append(sizes, c.Size)
	}
	require.Equal(t, []uint64{1, 4, 7}, sizes)
	c, err := s.AnchorNow(ctx, "clinic")
	require.NoError(t, err)
	newest, err := a.Newest(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, c.Note, newest)
	none, err := a.Newest(ctx, "other")
	require.NoError(t, err)
	require.Nil(t, none)
	var oe *storage.OptionsError
	_, err = open(t, memory.New()).AnchorNow(ctx, "clinic")
	require.ErrorAs(t, err, &oe)
	_, err = s.AnchorNow(ctx, "nobody")
	require.ErrorIs(t, err, storage.ErrNotFound)
}

// What an anchor finds, for every size at which a ledger of nine entries may be cut, rolled back or rewritten.
func TestOneAnchorFindsRollbackTruncationAndRewriting(t *testing.T) {
	t.Parallel()
	const size = 9
	for cut := uint64(1); cut < size; cut++ {
		a, _ := fileAnchor(t)
		b := memory.New()
		texts := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}
		fill(t, open(t, b, anchoring(a, 1)), texts...)
		for name, x := range map[string]struct {
			b         driver.Backend
			rewritten bool
		}{
			"the end is cut off":             {cutBackend(b, cut), false},
			"an older copy":                  {func() driver.Backend { o := memory.New(); fill(t, open(t, o), texts[:cut]...); return o }(), false},
			"written anew":                   {func() driver.Backend { o := memory.New(); fill(t, open(t, o), texts...); return o }(), true},
			"written anew and longer":        {func() driver.Backend { o := memory.New(); fill(t, open(t, o), append(texts, "10")...); return o }(), true},
			"an empty database in its place": {memory.New(), false},
		} {
			s := open(t, x.b, anchoring(a, 1))
			var rb *storage.RolledBackError
			if name != "an empty database in its place" {
				_, err := s.Checkpoint(ctx, "clinic")
				require.ErrorAs(t, err, &rb, name)
				require.ErrorIs(t, err, storage.ErrRolledBack)
				require.Equal(t, x.rewritten, rb.Rewritten, name)
				require.Equal(t, uint64(size), rb.Anchored)
			}
			_, err := s.Put(ctx, "clinic", newDraft("d", "more"))
			require.ErrorAs(t, err, &rb, name)
			v, err := s.VerifyTenant(ctx, "clinic")
			require.NoError(t, err)
			require.True(t, v.Has(storage.FaultRolledBack) || v.Has(storage.FaultRewritten), name)
		}
	}
}

// cutBackend shows a ledger as it stood at a size, with the checkpoint of then.
func cutBackend(b driver.Backend, size uint64) driver.Backend { return older{b, size} }

type older struct {
	driver.Backend
	size uint64
}

func (o older) View(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	return o.Backend.View(ctx, tenant, func(r driver.Reader) error { return fn(olderReader{r, o.Backend, o.size}) })
}

func (o older) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	return o.Backend.Update(ctx, tenant, func(tx driver.Tx) error { return fn(olderTx{tx, olderReader{tx, o.Backend, o.size}}) })
}

type olderTx struct {
	driver.Tx
	r olderReader
}

func (t olderTx) Head(size uint64) (driver.Head, error) { return t.r.Head(size) }

type olderReader struct {
	driver.Reader
	b    driver.Backend
	size uint64
}

func (r olderReader) Head(size uint64) (driver.Head, error) {
	if size == 0 {
		size = r.size
	}
	if size > r.size {
		return driver.Head{}, driver.ErrNotFound
	}
	return r.Reader.Head(size)
}

func (r olderReader) Entries(from uint64, limit int) ([]driver.Row, error) {
	if from >= r.size {
		return nil, nil
	}
	return r.Reader.Entries(from, int(min(uint64(limit), r.size-from)))
}

func TestARestoredBackupGoesOnInANewEpoch(t *testing.T) {
	t.Parallel()
	a, _ := fileAnchor(t)
	lost := memory.New()
	fill(t, open(t, lost, anchoring(a, 1)), "1", "2", "3")
	copied := memory.New() // what the backup holds
	fill(t, open(t, copied), "1")
	s := open(t, copied, anchoring(a, 1))
	_, err := s.NewEpoch(ctx, "clinic", officer, "restored")
	require.ErrorIs(t, err, storage.ErrRolledBack, "an epoch alone does not explain it")
	e, err := s.NewEpoch(ctx, "clinic", officer, "restored from tape 7", storage.AfterRestore())
	require.NoError(t, err)
	require.Equal(t, storage.OpRestored, e.Op)
	fill(t, s, "2")
	again := open(t, copied, anchoring(a, 1))
	fill(t, again, "3")
	v, err := again.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	_, err = open(t, lost, anchoring(a, 1)).Checkpoint(ctx, "clinic")
	require.ErrorIs(t, err, storage.ErrRolledBack, "the one that was given up is refused from now on")
}

func TestAFailingAnchorChangesNothing(t *testing.T) {
	t.Parallel()
	down := errors.New("the other medium is not there")
	f := &failingAnchor{err: down}
	s := open(t, memory.New(), anchoring(f, 1))
	f.err = nil
	fill(t, s, "1")
	f.err = down
	fill(t, s, "2") // the ledger was compared once in this process
	_, err := s.AnchorNow(ctx, "clinic")
	require.ErrorIs(t, err, down)
	f.err = nil
	fill(t, s, "3")
	c, err := storage.ParseCheckpoint(f.kept, s.Verifiers())
	require.NoError(t, err)
	require.Equal(t, uint64(3), c.Size)
}

type failingAnchor struct {
	err  error
	kept []byte
}

func (f *failingAnchor) Keep(_ context.Context, _ string, c []byte) error {
	if f.err == nil {
		f.kept = c
	}
	return f.err
}
func (f *failingAnchor) Newest(context.Context, string) ([]byte, error) { return f.kept, f.err }

func TestAnchorFilesThatWereCutOrForged(t *testing.T) {
	t.Parallel()
	a, dir := fileAnchor(t)
	b := memory.New()
	fill(t, open(t, b, anchoring(a, 1)), "1", "2")
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1)
	path := filepath.Join(dir, files[0].Name())
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for n := range text { // a crash may cut anywhere
		require.NoError(t, os.WriteFile(path, text[:n], 0o600))
		s := open(t, b, anchoring(a, 1))
		_, err := s.Checkpoint(ctx, "clinic")
		require.NoError(t, err, "cut at %d", n)
		_, err = s.AnchorNow(ctx, "clinic")
		require.NoError(t, err)
		c, err := a.Newest(ctx, "clinic")
		require.NoError(t, err)
		require.NotNil(t, c)
	}
	require.NoError(t, a.Keep(ctx, "clinic", []byte("nonsense\n")))
	_, err = open(t, b, anchoring(a, 1)).Checkpoint(ctx, "clinic")
	var ce *storage.CheckpointError
	require.ErrorAs(t, err, &ce)
	other := open(t, memory.New())
	_, err = other.Put(ctx, "other", newDraft("d", "1"))
	require.NoError(t, err)
	c, err := other.Checkpoint(ctx, "other")
	require.NoError(t, err)
	require.NoError(t, a.Keep(ctx, "clinic", c.Note))
	_, err = open(t, b, anchoring(a, 1)).Put(ctx, "clinic", newDraft("d", "3"))
	require.ErrorAs(t, err, &ce)
	_, err = storage.NewFileAnchor(path)
	require.Error(t, err)
	_, err = open(t, b).Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d"})
	require.NoError(t, err)
}
