package storage_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

func newRing(t testing.TB, dir string) *storage.KeyRing {
	t.Helper()
	ring, err := storage.NewKeyRing(dir, rand.Reader)
	require.NoError(t, err)
	return ring
}

func sealing(keys storage.KeyWrapper) func(*storage.Options) {
	return func(o *storage.Options) { o.Keys = keys }
}

// rowsOf reads what the database itself holds.
func rowsOf(t testing.TB, b driver.Backend) (rows []driver.Row) {
	t.Helper()
	require.NoError(t, b.View(ctx, "clinic", func(r driver.Reader) (err error) {
		rows, err = r.Entries(0, 1000)
		return err
	}))
	return rows
}

func TestSealedContentReadsAsItWasWritten(t *testing.T) {
	t.Parallel()
	b := memory.New()
	dir := filepath.Join(t.TempDir(), "keys")
	clear := open(t, b)
	_, err := clear.Put(ctx, "clinic", newDraft("d", "in the clear"), storage.Reason("before"))
	require.NoError(t, err)
	s := open(t, b, sealing(newRing(t, dir)))
	e, err := s.Put(ctx, "clinic", newDraft("d", "a secret word"), storage.Reason("another secret"))
	require.NoError(t, err)
	require.True(t, e.Sealed)
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		for e, err := range tx.List(storage.Query{}) {
			require.NoError(t, err)
			require.Contains(t, string(e.Body), "secret")
		}
		_, err := tx.Put(newDraft("e", "a third secret"))
		return err
	}))

	rows := rowsOf(t, b)
	require.Nil(t, rows[0].Key)
	for _, row := range rows[1:] {
		require.NotEmpty(t, row.Key)
		require.Empty(t, row.Reason)
		require.NotContains(t, string(row.Body), "secret")
		require.NotContains(t, string(row.Envelope), "secret")
	}
	require.NotEqual(t, rows[1].Key, rows[2].Key, "each version has a key of its own")

	again := open(t, b, sealing(newRing(t, dir))) // a new process
	d, got, err := storage.Get[Draft](ctx, again, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d"})
	require.NoError(t, err)
	require.Equal(t, "a secret word", d.Text)
	require.Equal(t, "another secret", got.Reason)
	_, err = again.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d", Version: 1})
	require.NoError(t, err, "what was kept in the clear stays readable")
	v, err := again.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

// The leaf is over the salted content, not over what is stored, so sealing or not makes the same ledger but for the salt.
func TestWithoutTheKeyNothingIsSaidOfTheContent(t *testing.T) {
	t.Parallel()
	b := memory.New()
	dir := filepath.Join(t.TempDir(), "keys")
	ring := newRing(t, dir)
	s := open(t, b, sealing(ring))
	_, err := s.Put(ctx, "clinic", newDraft("d", "text"))
	require.NoError(t, err)
	down := errors.New("the service is down")
	for name, x := range map[string]struct {
		store *storage.Store
		cause error
	}{
		"none was given":         {open(t, b), nil},
		"the service is down":    {open(t, b, sealing(failingKeys{down})), down},
		"another ring was given": {open(t, b, sealing(newRing(t, filepath.Join(t.TempDir(), "other")))), nil},
	} {
		_, err := x.store.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d"})
		var ke *storage.KeyUnavailableError
		require.ErrorAs(t, err, &ke, name)
		require.NotErrorIs(t, err, storage.ErrCorrupt, name)
		if x.cause != nil {
			require.ErrorIs(t, err, x.cause, name)
		}
		v, err := x.store.VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.Equal(t, 1, v.Unopened, name)
		require.True(t, v.Has(storage.FaultSealed), name)
		require.False(t, v.Has(storage.FaultEntry), name)
	}
	_, err = open(t, b, sealing(failingKeys{down})).Put(ctx, "clinic", newDraft("e", "text"))
	require.ErrorIs(t, err, down)
	require.Len(t, rowsOf(t, b), 1, "nothing is kept in the clear instead")
	require.NoError(t, ring.DestroyKeys(ctx, "clinic"))
	_, err = s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d"})
	require.Error(t, err)
}

type failingKeys struct{ err error }

func (f failingKeys) WrapKey(context.Context, string, []byte) ([]byte, error)   { return nil, f.err }
func (f failingKeys) UnwrapKey(context.Context, string, []byte) ([]byte, error) { return nil, f.err }

// Content under another document, version or tenant does not open; nor does content or a key that was changed.
func TestSealedContentIsBoundToItsPlace(t *testing.T) {
	t.Parallel()
	b := memory.New()
	ring := newRing(t, filepath.Join(t.TempDir(), "keys"))
	s := open(t, b, sealing(ring))
	for _, text := range []string{"one", "two"} {
		_, err := s.Put(ctx, "clinic", newDraft("a", text))
		require.NoError(t, err)
		_, err = s.Put(ctx, "clinic", newDraft("b", text))
		require.NoError(t, err)
	}
	rows := rowsOf(t, b)
	for name, change := range map[string]func(*driver.Row){
		"another document's content": func(r *driver.Row) { r.Body, r.Key, r.Salt = rows[0].Body, rows[0].Key, rows[0].Salt },
		"another version's content":  func(r *driver.Row) { r.Body, r.Key, r.Salt = rows[1].Body, rows[1].Key, rows[1].Salt },
		"another version's key":      func(r *driver.Row) { r.Key = rows[1].Key },
		"a bit of the content":       func(r *driver.Row) { r.Body[3] ^= 1 },
		"the end of the content":     func(r *driver.Row) { r.Body = r.Body[:len(r.Body)-1] },
		"a salt":                     func(r *driver.Row) { r.Salt[0] ^= 1 },
		"a reason beside it":         func(r *driver.Row) { r.Reason = "because" },
	} {
		a := altered{Backend: b, row: func(r *driver.Row) {
			if r.Seq == 3 {
				change(r)
			}
		}}
		x := open(t, a, sealing(ring))
		_, err := x.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "b"})
		require.ErrorIs(t, err, storage.ErrCorrupt, name)
		v, err := x.VerifyTenant(ctx, "clinic")
		require.NoError(t, err)
		require.True(t, v.Has(storage.FaultEntry), name)
	}
	for i := range len(rows[3].Key) {
		x := open(t, altered{Backend: b, row: func(r *driver.Row) { r.Key[i] ^= 1 }}, sealing(ring))
		_, err := x.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "b"})
		require.Error(t, err, "byte %d of the wrapped key", i)
	}
}

func TestRekeyingChangesNoLeaf(t *testing.T) {
	t.Parallel()
	b := memory.New()
	dir := filepath.Join(t.TempDir(), "keys")
	ring := newRing(t, dir)
	s := open(t, b, sealing(ring))
	const n = 600 // more than two pages
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		for i := range n {
			if _, err := tx.Put(newDraft("d", string(rune('a'+i%26)))); err != nil {
				return err
			}
		}
		return nil
	}))
	was := rowsOf(t, b)
	anchor, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, ring.Rotate("clinic"))
	e, err := s.Rekey(ctx, "clinic", officer, "yearly")
	require.NoError(t, err)
	require.Equal(t, storage.OpRekeyed, e.Op)
	x, err := storage.Decode[storage.Act](e)
	require.NoError(t, err)
	require.Equal(t, uint64(n), x.Versions)
	is := rowsOf(t, b)
	for i := range was {
		require.NotEqual(t, was[i].Key, is[i].Key)
		was[i].Key, is[i].Key = nil, nil
		require.Equal(t, was[i], is[i])
	}
	require.NoError(t, ring.Retire("clinic"))
	again := open(t, b, sealing(newRing(t, dir)))
	v, err := again.VerifyTenant(ctx, "clinic", anchor.Note)
	require.NoError(t, err)
	require.NoError(t, v.Err(), "the retired key is needed no more")
	_, err = again.Rekey(ctx, "nobody", officer, "yearly")
	require.ErrorIs(t, err, storage.ErrNotFound)
	var oe *storage.OptionsError
	_, err = open(t, b).Rekey(ctx, "clinic", officer, "yearly")
	require.ErrorAs(t, err, &oe)
}

func TestKeyFilesAreChecked(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	ring := newRing(t, dir)
	key := bytes.Repeat([]byte{1}, storage.DataKeySize)
	w, err := ring.WrapKey(ctx, "clinic", key)
	require.NoError(t, err)
	_, err = ring.UnwrapKey(ctx, "other", w)
	require.Error(t, err)
	_, err = ring.WrapKey(ctx, "other", key)
	require.NoError(t, err)
	_, err = ring.UnwrapKey(ctx, "other", w)
	var ke *storage.KeyError
	require.ErrorAs(t, err, &ke, "a key is the tenant's own")
	_, err = ring.WrapKey(ctx, "../x", key)
	require.ErrorIs(t, err, storage.ErrTenant)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 2)
	for _, f := range files {
		path := filepath.Join(dir, f.Name())
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077)
		for _, text := range []string{"", "hipaasmp tenant keys 1 clinic\n", "hipaasmp tenant keys 1 clinic\nx y\n", "hipaasmp tenant keys 1 clinic\n1 AAAA\n", "hipaasmp tenant keys 1 third\n1 " + "AAAA\n"} {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
			_, err := newRing(t, dir).UnwrapKey(ctx, "clinic", w)
			require.Error(t, err)
			require.NotContains(t, err.Error(), "AAAA")
			_, err = newRing(t, dir).WrapKey(ctx, "clinic", key)
			if err == nil {
				break // the other tenant's file
			}
		}
	}
	require.NoError(t, os.Chmod(dir, 0o755))
	_, err = storage.NewKeyRing(dir, rand.Reader)
	require.ErrorAs(t, err, &ke)
	_, err = storage.NewKeyRing(filepath.Join(dir, files[0].Name()), rand.Reader)
	require.Error(t, err)
}

// A certificate lists the copies in which the content is still to be found, and until when.
func TestCertificatesListTheBackupsThatStillHoldTheContent(t *testing.T) {
	t.Parallel()
	s, c := newStore(t, sealing(newRing(t, filepath.Join(t.TempDir(), "keys"))))
	_, err := s.Put(ctx, "clinic", newProcedure("m", "Title", "2026-02-03"))
	require.NoError(t, err)
	for _, x := range []struct{ name, lapses string }{{"tape-2", "2032-03-01"}, {"tape-1", "2030-01-01"}, {"tape-3", "2040-01-01"}} {
		_, err := s.RecordBackup(ctx, "clinic", storage.BackupCopy{Name: x.name, Taken: c.now, Lapses: civil.Date(x.lapses)}, officer)
		require.NoError(t, err)
	}
	_, err = s.RecordBackup(ctx, "nobody", storage.BackupCopy{Name: "x", Taken: c.now, Lapses: hipaasmp.Day(2040, 1, 1)}, officer)
	require.ErrorIs(t, err, storage.ErrNotFound)
	_, err = s.RecordBackup(ctx, "clinic", storage.BackupCopy{Taken: c.now}, officer)
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve)
	c.now = at("2032-03-01T12:00:00Z")
	e, err := destroy(s, "clinic", asked{Ref: hipaasmp.Ref{Kind: KindProcedure, ID: "m"}, Method: retention.MethodKeyDestroyed, Requested: officer, Reviewed: officer, Approved: manager})
	require.NoError(t, err)
	cert, err := storage.Decode[storage.Certificate](e)
	require.NoError(t, err)
	require.Equal(t, retention.MethodKeyDestroyed, cert.Method)
	var names []string
	for _, b := range cert.Backups {
		names = append(names, b.Name+" "+b.Lapses.String())
	}
	require.Equal(t, []string{"tape-2 2032-03-01", "tape-3 2040-01-01"}, names)
	left, err := s.Backups(ctx, "clinic", hipaasmp.Day(2032, 3, 2))
	require.NoError(t, err)
	require.Len(t, left, 1)
}
