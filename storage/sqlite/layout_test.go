package sqlite_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

var update = flag.Bool("update", false, "write the fixture of the newest layout anew; never after it was released")

// Every layout that was released has a fixture: a file with a bit of everything, and the checkpoint that was signed for
// it. Later versions bring it up to date with the same leaves and roots, read all of it, and go on.
func TestFixturesOfReleasedLayouts(t *testing.T) {
	t.Parallel()
	_, latest, err := openBackend(t, newPath(t), nil).Schema(ctx)
	require.NoError(t, err)
	if *update {
		writeFixture(t, latest)
	}
	for layout := 1; layout <= latest; layout++ {
		base := filepath.Join("testdata", fmt.Sprintf("layout_%04d", layout))
		packed, err := os.Open(base + ".db.gz")
		require.NoError(t, err, "each layout has a fixture; run with -update")
		defer packed.Close()
		plain, err := gzip.NewReader(packed)
		require.NoError(t, err)
		raw, err := io.ReadAll(plain)
		require.NoError(t, err)
		path := newPath(t)
		require.NoError(t, os.WriteFile(path, raw, 0o600))
		want, err := os.ReadFile(base + ".checkpoint")
		require.NoError(t, err)

		s := storeOn(t, openBackend(t, path, nil), func(o *storage.Options) { o.HoldGrace = -1 })
		c, err := s.Checkpoint(ctx, "clinic")
		require.NoError(t, err)
		require.Equal(t, string(want), string(c.Note), "no migration changes a root")
		v, err := s.VerifyTenant(ctx, "clinic", want)
		require.NoError(t, err)
		require.NoError(t, v.Err())
		require.Equal(t, 1, v.Disposed)
		n, e, err := storage.Get[Note](ctx, s, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "n7"})
		require.NoError(t, err)
		require.Equal(t, "text 7", n.Text)
		require.Equal(t, "why", e.Reason)
		_, err = destroy(s, "held", retention.MethodRowRemoved, storage.Witnessed(time.Now()))
		require.ErrorIs(t, err, retention.ErrHeld)
		_, err = s.Put(ctx, "clinic", newNote("n7", "another"), storage.IfVersion(1))
		require.NoError(t, err)
	}
}

func writeFixture(t *testing.T, layout int) {
	t.Helper()
	path := newPath(t)
	b, err := sqlite.Open(ctx, path, nil)
	require.NoError(t, err)
	s := storeOn(t, b, func(o *storage.Options) {
		o.Clock = func() time.Time { return time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC) }
		o.Random = strings.NewReader(strings.Repeat("salt", 1<<14))
	})
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		for i := range 300 {
			if _, err := tx.Put(newNote(fmt.Sprint("n", i), fmt.Sprint("text ", i)), storage.Reason("why")); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, id := range []string{"held", "gone"} {
		_, err := s.Put(ctx, "clinic", newNote(id, "text"))
		require.NoError(t, err)
	}
	by := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}
	_, err = s.PlaceHold(ctx, "clinic", retention.Hold{Matter: "m-1", Reason: "a letter", Refs: []hipaasmp.Ref{{Kind: KindNote, ID: "held"}}, PlacedBy: by})
	require.NoError(t, err)
	_, err = s.Extend(ctx, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "n7"}, hipaasmp.Day(2040, 1, 1), by, "a contract")
	require.NoError(t, err)
	_, err = destroy(s, "gone", retention.MethodRowRemoved)
	require.NoError(t, err)
	c, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, s.Close())
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	require.NoError(t, err)
	_, err = z.Write(raw)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	base := filepath.Join("testdata", fmt.Sprintf("layout_%04d", layout))
	require.NoError(t, os.MkdirAll("testdata", 0o755))
	require.NoError(t, os.WriteFile(base+".db.gz", packed.Bytes(), 0o644))
	require.NoError(t, os.WriteFile(base+".checkpoint", c.Note, 0o644))
}
