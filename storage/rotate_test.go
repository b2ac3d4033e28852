package storage_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

func withKeys(signer note.Signer, co ...note.Signer) func(*storage.Options) {
	return func(o *storage.Options) { o.Signer, o.CoSigners, o.Product = signer, co, "clinic.example" }
}

func TestKeysRotateWithAnOverlap(t *testing.T) {
	t.Parallel()
	b := memory.New()
	older, newer := testSigner(t, "a"), testSigner(t, "b")
	s := open(t, b, withKeys(older))
	_, err := s.Put(ctx, "clinic", newDraft("d", "1"))
	require.NoError(t, err)
	before, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)

	both := open(t, b, withKeys(newer, older))
	var lost *storage.LostKeyError
	_, err = both.Put(ctx, "clinic", newDraft("d", "2"))
	require.ErrorAs(t, err, &lost, "nothing is written before the rotation is on record")
	e, err := both.RotateKey(ctx, "clinic", officer, "yearly")
	require.NoError(t, err)
	require.Equal(t, storage.OpKeyRotated, e.Op)
	x, err := storage.Decode[storage.Act](e)
	require.NoError(t, err)
	require.Equal(t, older.VerifierKey(), x.OldKey)
	require.Equal(t, newer.VerifierKey(), x.NewKey)
	_, err = both.RotateKey(ctx, "clinic", officer, "again")
	require.ErrorIs(t, err, storage.ErrConflict)
	_, err = both.Put(ctx, "clinic", newDraft("d", "2"))
	require.NoError(t, err)
	overlap, err := both.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	for _, key := range []*storage.Signer{older, newer} {
		c, err := storage.ParseCheckpoint(overlap.Note, note.VerifierList(key.Verifier()))
		require.NoError(t, err, "each key alone suffices")
		require.Equal(t, before.Origin, c.Origin, "a rotation begins no epoch")
	}

	after := open(t, b, withKeys(newer))
	_, err = after.Put(ctx, "clinic", newDraft("d", "3"))
	require.NoError(t, err)
	c, err := after.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	_, err = storage.ParseCheckpoint(c.Note, note.VerifierList(older.Verifier()))
	require.Error(t, err)
	known := open(t, b, withKeys(newer), func(o *storage.Options) { o.Verifiers = note.VerifierList(older.Verifier()) })
	v, err := known.VerifyTenant(ctx, "clinic", before.Note, overlap.Note, c.Note)
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

func TestWhatIsNoRotation(t *testing.T) {
	t.Parallel()
	b := memory.New()
	a, c, d := testSigner(t, "a"), testSigner(t, "c"), testSigner(t, "d")
	_, err := open(t, b, withKeys(a)).Put(ctx, "clinic", newDraft("d", "1"))
	require.NoError(t, err)
	var lost *storage.LostKeyError
	_, err = open(t, b, withKeys(c)).RotateKey(ctx, "clinic", officer, "x")
	require.ErrorAs(t, err, &lost, "without a co-signer")
	_, err = open(t, b, withKeys(c, d)).RotateKey(ctx, "clinic", officer, "x")
	require.ErrorAs(t, err, &lost, "with one that did not sign the ledger")
	require.Contains(t, err.Error(), a.String())
	_, err = open(t, b, withKeys(c, a)).RotateKey(ctx, "nobody", officer, "x")
	require.ErrorIs(t, err, storage.ErrNotFound)
	var oe *storage.OptionsError
	_, err = storage.New(b, storage.Options{Unsigned: true, CoSigners: []note.Signer{a}})
	require.ErrorAs(t, err, &oe)
	_, err = open(t, b, func(o *storage.Options) { o.Signer, o.Unsigned = nil, true }).RotateKey(ctx, "clinic", officer, "x")
	require.ErrorAs(t, err, &oe)
}

func TestAKeyServiceSigns(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	var fail error
	asked := 0
	signer, err := storage.NewExternalSigner("clinic.example", public, func(m []byte) ([]byte, error) {
		asked++
		if fail != nil {
			return nil, fail
		}
		return ed25519.Sign(private, m), nil
	})
	require.NoError(t, err)
	s := open(t, memory.New(), func(o *storage.Options) { o.Signer = signer })
	_, err = s.Put(ctx, "clinic", newDraft("d", "1"))
	require.NoError(t, err)
	c, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	v, err := note.NewVerifier(signer.VerifierKey())
	require.NoError(t, err)
	_, err = storage.ParseCheckpoint(c.Note, note.VerifierList(v))
	require.NoError(t, err, "the text of the key is all that a verifier needs")
	require.Equal(t, 1, asked)

	fail = errors.New("the service is down")
	_, err = s.Put(ctx, "clinic", newDraft("d", "2"))
	require.ErrorIs(t, err, fail)
	fail = nil
	_, other, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	private = other
	_, err = s.Put(ctx, "clinic", newDraft("d", "2"))
	require.ErrorContains(t, err, "another key")
	e, err := s.Get(ctx, "clinic", newDraft("d", "").DocumentRef())
	require.NoError(t, err)
	require.Equal(t, uint64(1), e.Version, "nothing was kept without a signature")
	for _, name := range []string{"", "a b", "a+b", strings.Repeat("x", 200)} {
		_, err := storage.NewExternalSigner(name, public, func([]byte) ([]byte, error) { return nil, nil })
		var ke *storage.KeyError
		require.ErrorAs(t, err, &ke, name)
	}
	_, err = storage.NewExternalSigner("a", public[:31], func([]byte) ([]byte, error) { return nil, nil })
	require.Error(t, err)
	_, err = storage.NewExternalSigner("a", public, nil)
	require.Error(t, err)
}
