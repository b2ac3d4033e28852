package storage_test

import (
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

func TestSignerFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "signer.key")
	s, err := storage.NewSigner(rand.Reader, "clinic.example")
	require.NoError(t, err)
	require.NoError(t, storage.SaveSigner(path, s))
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	}
	back, err := storage.LoadSigner(path)
	require.NoError(t, err)
	require.Equal(t, s.VerifierKey(), back.VerifierKey())

	msg, err := note.Sign(&note.Note{Text: "text\n"}, back)
	require.NoError(t, err)
	v, err := note.NewVerifier(s.VerifierKey())
	require.NoError(t, err)
	_, err = note.Open(msg, note.VerifierList(v))
	require.NoError(t, err)

	require.ErrorIs(t, storage.SaveSigner(path, s), fs.ErrExist, "a key is never overwritten")
}

// The base64 of a key may hold a plus sign, which also divides its parts.
func TestEverySignerReadsBack(t *testing.T) {
	t.Parallel()
	plus := 0
	for i := range 200 {
		s, err := storage.NewSigner(strings.NewReader(strings.Repeat(fmt.Sprintf("%03d|", i), 64)), "clinic.example")
		require.NoError(t, err)
		path := filepath.Join(t.TempDir(), "key")
		require.NoError(t, storage.SaveSigner(path, s))
		back, err := storage.LoadSigner(path)
		require.NoError(t, err)
		require.Equal(t, s.VerifierKey(), back.VerifierKey())
		if strings.Count(s.VerifierKey(), "+") > 2 {
			plus++
		}
	}
	require.Positive(t, plus, "the test must meet such a key")
}

func TestSignerNeverShowsItsKey(t *testing.T) {
	t.Parallel()
	s := testSigner(t, "a")
	path := filepath.Join(t.TempDir(), "key")
	require.NoError(t, storage.SaveSigner(path, s))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	secret := strings.TrimSpace(string(text))
	require.Contains(t, secret, "PRIVATE+KEY")
	data := secret[len(secret)-20:]
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		require.NotContains(t, fmt.Sprintf(format, s), data)
		require.NotContains(t, fmt.Sprintf(format, *s), data)
	}
}

func TestSignerRefusals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	require.NoError(t, storage.SaveSigner(good, testSigner(t, "a")))
	secret, err := os.ReadFile(good)
	require.NoError(t, err)
	write := func(name, text string, mode fs.FileMode) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), mode))
		require.NoError(t, os.Chmod(path, mode))
		return path
	}
	for name, x := range map[string]struct {
		path, says string
	}{
		"missing": {filepath.Join(dir, "none"), "cannot be opened"},
		"folder":  {dir, "is not a file"},
		"empty":   {write("empty", "", 0o600), "no signing key"},
		"cut":     {write("cut", string(secret[:len(secret)/2]), 0o600), "no signing key"},
		"public":  {write("public", testSigner(t, "a").VerifierKey(), 0o600), "no signing key"},
		"endless": {write("endless", strings.Repeat("x", 10_000), 0o600), "too long"},
	} {
		_, err := storage.LoadSigner(x.path)
		var ke *storage.KeyError
		require.ErrorAs(t, err, &ke, name)
		require.Equal(t, x.path, ke.Path)
		require.ErrorContains(t, err, x.says)
		require.NotContains(t, err.Error(), "PRIVATE")
	}
	if runtime.GOOS != "windows" {
		_, err = storage.LoadSigner(write("open", string(secret), 0o644))
		require.ErrorContains(t, err, "may be read by others")
	}
	_, err = storage.LoadSigner(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	for _, name := range []string{"", "a b", "a+b", "a\nb", strings.Repeat("a", 129)} {
		_, err := storage.NewSigner(rand.Reader, name)
		require.Error(t, err, name)
	}
}

func TestOpenSigner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "signer.key")
	b := memory.New()
	defer b.Close()

	first, err := storage.OpenSigner(ctx, b, path, "clinic.example", rand.Reader)
	require.NoError(t, err, "the first run makes the key")
	s, err := storage.New(b, storage.Options{Signer: first})
	require.NoError(t, err)
	_, err = s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)

	again, err := storage.OpenSigner(ctx, b, path, "clinic.example", rand.Reader)
	require.NoError(t, err, "the second run finds it")
	require.Equal(t, first.VerifierKey(), again.VerifierKey())

	_, err = storage.OpenSigner(ctx, b, path, "other.example", rand.Reader)
	var ke *storage.KeyError
	require.ErrorAs(t, err, &ke)
	require.ErrorContains(t, err, "other.example")

	lostPath := filepath.Join(dir, "lost", "signer.key")
	_, err = storage.OpenSigner(ctx, b, lostPath, "clinic.example", rand.Reader)
	var lost *storage.LostKeyError
	require.ErrorAs(t, err, &lost)
	require.Equal(t, "clinic", lost.Tenant)
	require.Equal(t, []string{first.String()}, lost.Keys)
	require.ErrorContains(t, err, "restore "+lostPath+" from a backup")
	require.NoFileExists(t, lostPath, "no new key is made behind a ledger's back")

	wrong := filepath.Join(dir, "wrong.key")
	require.NoError(t, storage.SaveSigner(wrong, testSigner(t, "b")))
	_, err = storage.OpenSigner(ctx, b, wrong, "clinic.example", rand.Reader)
	require.ErrorAs(t, err, &lost)
	require.Equal(t, testSigner(t, "b").String(), lost.Have)
}
