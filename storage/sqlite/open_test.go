package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

var ctx = context.Background()

// Note is a small record.
type Note struct {
	hipaasmp.Header
	Text    string        `json:"text"`
	Created hipaasmp.Date `json:"created"`
}

const KindNote hipaasmp.Kind = "clinic.note"

func newNote(id, text string) Note {
	return Note{hipaasmp.NewHeader(KindNote, id), text, hipaasmp.Day(2018, 1, 1)}
}

func (n Note) Validate() error                { return nil }
func (n Note) Citations() []hipaasmp.Citation { return []hipaasmp.Citation{hipaasmp.CiteDocumentation} }
func (n Note) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: n.Created}
}

func signer(t testing.TB) *storage.Signer {
	t.Helper()
	s, err := storage.NewSigner(strings.NewReader(strings.Repeat("k", 64)), "clinic.example")
	require.NoError(t, err)
	return s
}

func openBackend(t testing.TB, path string, o *sqlite.Options) *sqlite.Backend {
	t.Helper()
	b, err := sqlite.Open(ctx, path, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func storeOn(t testing.TB, b driver.Backend, options ...func(*storage.Options)) *storage.Store {
	t.Helper()
	o := storage.Options{Signer: signer(t)}
	for _, f := range options {
		f(&o)
	}
	s, err := storage.New(b, o)
	require.NoError(t, err)
	return s
}

func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "store.db") }

// What cannot be opened; what a store refuses once it is open, storagetest gives to every driver under the same name.
func TestBadInput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	made := func(name, statement string) string {
		path := filepath.Join(dir, name)
		db, err := sql.Open("sqlite", path)
		require.NoError(t, err)
		_, err = db.Exec(statement)
		require.NoError(t, err)
		require.NoError(t, db.Close())
		return path
	}
	newer := filepath.Join(dir, "newer.db")
	b, err := sqlite.Open(ctx, newer, nil)
	require.NoError(t, err)
	require.NoError(t, b.Close())
	made("newer.db", "PRAGMA user_version = 99")

	for name, x := range map[string]struct {
		path string
		opts *sqlite.Options
		want error
		says string
	}{
		"a folder":                   {dir, nil, sqlite.ErrFolder, "name a file in it"},
		"a name that ends in /":      {filepath.Join(dir, "new.db") + "/", nil, sqlite.ErrFolder, "name a file in it"},
		"a name that ends in /.":     {filepath.Join(dir, "new.db") + "/.", nil, sqlite.ErrFolder, "name a file in it"},
		"no path":                    {"", nil, fs.ErrInvalid, "name a file"},
		"a NUL":                      {"a\x00b", nil, fs.ErrInvalid, "name a file"},
		"a folder that is not there": {filepath.Join(dir, "none", "store.db"), nil, fs.ErrNotExist, "make the folder first"},
		"a file that is not there":   {filepath.Join(dir, "none.db"), &sqlite.Options{ReadOnly: true}, fs.ErrNotExist, "must be there"},
		"a text":                     {write("text.db", bytes.Repeat([]byte("This is no database. "), 100)), nil, driver.ErrForeign, "another file"},
		"one byte":                   {write("1.db", []byte("x")), nil, driver.ErrForeign, "another file"},
		"99 bytes":                   {write("99.db", bytes.Repeat([]byte("x"), 99)), nil, driver.ErrForeign, "another file"},
		"511 bytes":                  {write("511.db", bytes.Repeat([]byte("x"), 511)), nil, driver.ErrForeign, "another file"},
		"512 bytes":                  {write("512.db", bytes.Repeat([]byte("x"), 512)), nil, driver.ErrForeign, "another file"},
		"600 bytes":                  {write("600.db", bytes.Repeat([]byte("x"), 600)), nil, driver.ErrForeign, "another file"},
		"somebody else's database":   {made("foreign.db", "CREATE TABLE patient (name TEXT)"), nil, driver.ErrForeign, "another file"},
		"a version of another's":     {made("version.db", "PRAGMA user_version = 1"), nil, driver.ErrForeign, "another file"},
		"an id of another's":         {made("id.db", "PRAGMA application_id = 7"), nil, driver.ErrForeign, "another file"},
		"a later layout":             {newer, nil, driver.ErrSchemaNewer, "upgrade"},
		"a later layout, to read":    {newer, &sqlite.Options{ReadOnly: true}, driver.ErrSchemaNewer, "upgrade"},
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := os.ReadFile(x.path)
			_, err := sqlite.Open(ctx, x.path, x.opts)
			require.ErrorIs(t, err, x.want)
			var oe *sqlite.OpenError
			require.ErrorAs(t, err, &oe)
			require.Equal(t, x.path, oe.Path)
			require.ErrorContains(t, err, x.says)
			forUsers(t, x.path, err)
			after, _ := os.ReadFile(x.path)
			require.Equal(t, before, after, "the file of somebody else is left as it was")
		})
	}
	_, err = os.Stat(filepath.Join(dir, "none.db"))
	require.ErrorIs(t, err, fs.ErrNotExist, "opening for reading makes no file")
}

// forUsers is storagetest.ForUsers for an error that names a path, which is the user's word.
func forUsers(t *testing.T, path string, err error) {
	t.Helper()
	text := err.Error()
	if path != "" {
		text = strings.ReplaceAll(text, path, "PATH")
	}
	storagetest.ForUsers(t, errors.New(text))
}

func TestReopenedStoreGoesOn(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	var anchor storage.Checkpoint
	for i := range 4 {
		b, err := sqlite.Open(ctx, path, nil)
		require.NoError(t, err)
		s := storeOn(t, b)
		_, err = s.Put(ctx, "clinic", newNote("n", fmt.Sprint(i)))
		require.NoError(t, err)
		if i == 1 {
			anchor, err = s.Checkpoint(ctx, "clinic")
			require.NoError(t, err)
		}
		require.NoError(t, s.Close())
	}
	s := storeOn(t, openBackend(t, path, nil))
	v, err := s.VerifyTenant(ctx, "clinic", anchor.Note)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(4), v.Size)
	same, err := s.CheckpointAt(ctx, "clinic", 2)
	require.NoError(t, err)
	require.Equal(t, anchor, same)
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	_, err := storeOn(t, openBackend(t, path, nil)).Put(ctx, "clinic", newNote("n", "x"))
	require.NoError(t, err)
	s := storeOn(t, openBackend(t, path, &sqlite.Options{ReadOnly: true}))
	_, err = s.Put(ctx, "clinic", newNote("n", "y"))
	require.ErrorIs(t, err, storage.ErrReadOnly)
	e, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "n"})
	require.NoError(t, err)
	require.Contains(t, string(e.Body), `"x"`)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

func TestBackupIsAStore(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := storeOn(t, openBackend(t, path, nil))
	for i := range 20 {
		_, err := s.Put(ctx, "clinic", newNote(fmt.Sprint("n", i), strings.Repeat("x", 2000)))
		require.NoError(t, err)
	}
	var buf bytes.Buffer
	info, err := s.Backup(ctx, &buf)
	require.NoError(t, err)
	require.Equal(t, int64(buf.Len()), info.Bytes)
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".backup-*"))
	require.NoError(t, err)
	require.Empty(t, left)
	head, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)

	restored := newPath(t)
	require.NoError(t, os.WriteFile(restored, buf.Bytes(), 0o600))
	r := storeOn(t, openBackend(t, restored, nil))
	v, err := r.VerifyTenant(ctx, "clinic", head.Note)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(20), v.Size)

	_, err = s.Put(ctx, "clinic", newNote("later", "x"))
	require.NoError(t, err)
	later, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	v, err = r.VerifyTenant(ctx, "clinic", later.Note)
	require.NoError(t, err)
	require.True(t, v.Has(storage.FaultRolledBack), "a restored copy is older than the newest anchor")
	_, err = r.NewEpoch(ctx, "clinic", hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleSecurityOfficial}, "restored")
	require.NoError(t, err)
	require.Error(t, func() error { _, err := s.Backup(ctx, failing{}); return err }())
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no tape") }

// tampering changes the file behind the store, by a connection without triggers.
func tampering(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	for _, trigger := range []string{"smp_entry_update", "smp_entry_delete", "smp_tile_update", "smp_tile_delete", "smp_node_update", "smp_node_delete"} {
		_, err := db.Exec("DROP TRIGGER " + trigger)
		require.NoError(t, err)
	}
	for _, s := range statements {
		res, err := db.Exec(s)
		require.NoError(t, err)
		n, err := res.RowsAffected()
		require.NoError(t, err)
		require.Positive(t, n, s)
	}
}

func TestTamperingWithTheFileIsFound(t *testing.T) {
	t.Parallel()
	const n = 7
	for name, x := range map[string]struct {
		statements []string
		code       hipaasmp.FaultCode
	}{
		"a body":           {[]string{`UPDATE smp_entry SET body = CAST(replace(body, 'text', 'lies') AS BLOB) WHERE n & 4095 = 259`}, storage.FaultEntry},
		"a salt":           {[]string{`UPDATE smp_entry SET salt = zeroblob(32) WHERE n & 4095 = 259`}, storage.FaultEntry},
		"a reason":         {[]string{`UPDATE smp_entry SET reason = 'another' WHERE n & 4095 = 259`}, storage.FaultEntry},
		"an envelope":      {[]string{`UPDATE smp_entry SET envelope = CAST(replace(envelope, 'wf-1', 'wf-2') AS BLOB) WHERE n & 4095 = 259`}, storage.FaultEntry},
		"a leaf":           {[]string{`UPDATE smp_entry SET leaf = zeroblob(32) WHERE n & 4095 = 259`}, storage.FaultEntry},
		"a time":           {[]string{`UPDATE smp_entry SET recorded = recorded - 1 WHERE n & 4095 = 259`}, storage.FaultEntry},
		"a node":           {[]string{`UPDATE smp_node SET hash = zeroblob(32)`}, storage.FaultNode},
		"a node removed":   {[]string{`DELETE FROM smp_node`}, storage.FaultNode},
		"a tile":           {[]string{`UPDATE smp_tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB)`}, storage.FaultNode},
		"an entry removed": {[]string{`DELETE FROM smp_entry WHERE n & 4095 = 259`}, storage.FaultGap},
		"content removed":  {[]string{`UPDATE smp_entry SET body = NULL, salt = NULL, key = NULL, reason = NULL WHERE n & 4095 = 259`}, storage.FaultContent},
		// A head is a byte of flags, the epoch, the root, and what the signature is made of.
		"the root":          {[]string{`UPDATE smp_entry SET head = CAST(substr(head, 1, 2) || zeroblob(32) || substr(head, 35) AS BLOB) WHERE head IS NOT NULL`}, storage.FaultHead},
		"a signature":       {[]string{`UPDATE smp_entry SET head = CAST(substr(head, 1, length(head) - 1) || x'55' AS BLOB) WHERE n & 4095 = 262`}, storage.FaultSignature},
		"another head":      {[]string{`UPDATE smp_entry SET head = (SELECT head FROM smp_entry WHERE n & 4095 = 261) WHERE n & 4095 = 262`}, storage.FaultHead},
		"the last cut away": {[]string{`DELETE FROM smp_entry WHERE n & 4095 = 262`}, storage.FaultRolledBack},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			b, err := sqlite.Open(ctx, path, nil)
			require.NoError(t, err)
			s := storeOn(t, b)
			require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
				for i := range 256 { // enough for a tile and a node above it
					if _, err := tx.Put(newNote(fmt.Sprint("m", i), "text")); err != nil {
						return err
					}
				}
				return nil
			}))
			for i := range n {
				_, err := s.Put(ctx, "clinic", newNote(fmt.Sprint("n", i), "text"), storage.By(hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleReviewer}), storage.Reason("why"))
				require.NoError(t, err)
			}
			anchor, err := s.Checkpoint(ctx, "clinic")
			require.NoError(t, err)
			require.NoError(t, s.Close())
			tampering(t, path, x.statements...)

			s = storeOn(t, openBackend(t, path, nil))
			v, err := s.VerifyTenant(ctx, "clinic", anchor.Note)
			require.NoError(t, err)
			require.True(t, v.Has(x.code), "%v", v.Faults)
			if x.code == storage.FaultEntry {
				_, err = s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "n3"})
				require.ErrorIs(t, err, storage.ErrCorrupt)
			}
		})
	}
}

// A row that is swapped with another tenant's or another document's does not pass for it.
func TestSwappedContentIsFound(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	b, err := sqlite.Open(ctx, path, nil)
	require.NoError(t, err)
	s := storeOn(t, b)
	for _, id := range []string{"a", "b"} {
		_, err := s.Put(ctx, "clinic", newNote(id, "text of "+id))
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())
	tampering(t, path,
		`UPDATE smp_entry SET body = (SELECT c.body FROM smp_entry c WHERE c.n & 255 = 1), salt = (SELECT c.salt FROM smp_entry c WHERE c.n & 255 = 1) WHERE n & 255 = 0`)
	s = storeOn(t, openBackend(t, path, nil))
	_, err = s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindNote, ID: "a"})
	require.ErrorIs(t, err, storage.ErrCorrupt)
}

func TestDisposedContentIsNotInTheFile(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	b, err := sqlite.Open(ctx, path, nil)
	require.NoError(t, err)
	s := storeOn(t, b)
	const secret = "a-word-that-stands-nowhere-else"
	for i := range 30 {
		_, err := s.Put(ctx, "clinic", newNote(fmt.Sprint("n", i), secret+fmt.Sprint(i)), storage.Reason("reason "+secret))
		require.NoError(t, err)
	}
	for i := range 30 {
		_, err = destroy(s, fmt.Sprint("n", i), retention.MethodRowRemoved)
		require.NoError(t, err)
	}
	require.NoError(t, s.Close()) // folds the log into the file
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(raw), secret)
	s = storeOn(t, openBackend(t, path, nil))
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, 30, v.Disposed)
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs a small tmpfs, which only Linux has")
	}
	dir := t.TempDir()
	if err := mountTmpfs(dir, "1m"); err != nil {
		t.Skipf("needs the right to mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, unmount(dir)) })
	b, err := sqlite.Open(ctx, filepath.Join(dir, "store.db"), nil)
	require.NoError(t, err)
	s := storeOn(t, b)
	kept := 0
	for ; kept < 10_000; kept++ {
		if _, err = s.Put(ctx, "clinic", newNote(fmt.Sprint("n", kept), strings.Repeat("x", 3000))); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, storage.ErrFull)
	require.ErrorContains(t, err, "free or add space")
	require.Positive(t, kept)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(kept), v.Size, "what was acknowledged is there, and nothing by halves")
	require.NoError(t, s.Close())
}
