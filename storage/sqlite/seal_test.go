package sqlite_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// spy is a KeyWrapper that remembers what it wrapped into, so that a test can search for it.
type spy struct {
	*storage.KeyRing
	wrapped [][]byte
}

func (s *spy) WrapKey(ctx context.Context, tenant string, key []byte) ([]byte, error) {
	w, err := s.KeyRing.WrapKey(ctx, tenant, key)
	s.wrapped = append(s.wrapped, w, append([]byte(nil), key...))
	return w, err
}

func newSpy(t testing.TB) *spy {
	t.Helper()
	ring, err := storage.NewKeyRing(filepath.Join(t.TempDir(), "keys"), rand.Reader)
	require.NoError(t, err)
	return &spy{KeyRing: ring}
}

// destroy takes a disposal through all of its steps in one transaction, so that a refusal leaves nothing.
func destroy(s *storage.Store, id string, method retention.Method, opts ...storage.DisposeOption) (e storage.Entry, err error) {
	ref := hipaasmp.Ref{Kind: KindNote, ID: id}
	one, two := hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleWorkforce}, hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}
	err = s.Update(ctx, "clinic", func(tx *storage.Tx) (err error) {
		if _, err = tx.ProposeDisposal(ref, method, one, opts...); err != nil {
			return err
		}
		if _, err = tx.ReviewDisposal(ref, one, ""); err != nil {
			return err
		}
		if _, err = tx.ApproveDisposal(ref, two); err != nil {
			return err
		}
		e, err = tx.Dispose(ref, two, opts...)
		return err
	})
	return e, err
}

// After disposal neither the body nor its key is in the database file, in its log, in free pages or in a fresh backup;
// before, the body is nowhere in the clear and the wrapped key is there.
func TestDisposedContentAndKeysAreNowhere(t *testing.T) {
	t.Parallel()
	const secret = "a-word-that-stands-nowhere-else"
	long := func() string { // goes on in overflow pages
		return secret + fmt.Sprint(bytes.Repeat([]byte{7}, 9000)) + secret
	}()
	for name, open := range map[string]func(t *testing.T, path string) *sqlite.Backend{
		"a file of its own": func(t *testing.T, path string) *sqlite.Backend { return openBackend(t, path, nil) },
		"a caller's database": func(t *testing.T, path string) *sqlite.Backend {
			b, err := sqlite.OpenDB(ctx, product(t, path), nil)
			require.NoError(t, err)
			return b
		},
	} {
		for _, sealed := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, sealed %v", name, sealed), func(t *testing.T) {
				t.Parallel()
				path := newPath(t)
				b := open(t, path)
				keys := newSpy(t)
				method := retention.MethodRowRemoved
				s := storeOn(t, b, func(o *storage.Options) {
					if sealed {
						o.Keys, method = keys, retention.MethodKeyDestroyed
					}
				})
				everywhere := func() []byte {
					var all bytes.Buffer
					_, err := s.Backup(ctx, &all)
					require.NoError(t, err)
					for _, suffix := range []string{"", "-wal"} {
						raw, err := os.ReadFile(path + suffix)
						if err == nil {
							all.Write(raw)
						}
					}
					return all.Bytes()
				}
				for i := range 12 {
					text := secret + fmt.Sprint(i)
					if i%3 == 0 {
						text = long
					}
					for range 2 {
						_, err := s.Put(ctx, "clinic", newNote(fmt.Sprint("n", i), text), storage.Reason("reason "+secret))
						require.NoError(t, err)
					}
				}
				before := everywhere()
				require.Equal(t, !sealed, bytes.Contains(before, []byte(secret)))
				if sealed {
					_, err := s.Rekey(ctx, "clinic", hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleSecurityOfficial}, "yearly")
					require.NoError(t, err)
					before = everywhere()
					found := 0
					for i := 0; i < len(keys.wrapped); i += 2 {
						if bytes.Contains(before, keys.wrapped[i]) {
							found++
						}
						require.False(t, bytes.Contains(before, keys.wrapped[i+1]), "a data key stands in the clear")
					}
					require.GreaterOrEqual(t, found, 48, "the wrapped keys are there, old and new")
				}
				kept := len(keys.wrapped)
				for i := range 12 {
					_, err := destroy(s, fmt.Sprint("n", i), method)
					require.NoError(t, err)
				}
				after := everywhere()
				require.NotContains(t, string(after), secret)
				for i := 0; i < kept && sealed; i += 2 {
					if i < 48 { // those of the notes, not of the record of the rekeying
						require.False(t, bytes.Contains(after, keys.wrapped[i]), "a wrapped key is left")
					}
				}
				v, err := s.VerifyTenant(ctx, "clinic")
				require.NoError(t, err)
				require.NoError(t, v.Err())
				require.Equal(t, 24, v.Disposed)
			})
		}
	}
}

// While a snapshot needs the log it stays; the next commit cleans up.
func TestTheLogIsCleanedOnceNobodyReadsIt(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	b := openBackend(t, path, nil)
	s := storeOn(t, b)
	const secret = "a-word-that-stands-nowhere-else"
	_, err := s.Put(ctx, "clinic", newNote("n", secret))
	require.NoError(t, err)
	log := func() string {
		raw, err := os.ReadFile(path + "-wal")
		require.NoError(t, err)
		return string(raw)
	}
	require.NoError(t, b.View(ctx, "clinic", func(driver.Reader) error {
		_, err := destroy(s, "n", retention.MethodRowRemoved)
		require.NoError(t, err)
		clean, err := b.Scrub(ctx)
		require.NoError(t, err)
		require.False(t, clean)
		require.Contains(t, log(), secret)
		return nil
	}))
	_, err = s.Put(ctx, "clinic", newNote("m", "another"))
	require.NoError(t, err)
	require.NotContains(t, log(), secret)
	clean, err := b.Scrub(ctx)
	require.NoError(t, err)
	require.True(t, clean)
}
