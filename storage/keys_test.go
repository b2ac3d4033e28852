package storage_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

func withSigner(s *storage.Signer, old ...*storage.Signer) func(*storage.Options) {
	return func(o *storage.Options) {
		o.Signer = s
		var known []note.Verifier
		for _, k := range old {
			known = append(known, k.Verifier())
		}
		o.Verifiers = note.VerifierList(known...)
	}
}

func TestNothingIsWrittenOnAnotherKeysHead(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	_, err := open(t, b).Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)

	stranger := open(t, b, withSigner(testSigner(t, "b")))
	_, err = stranger.Put(ctx, "clinic", newDraft("d", "y"))
	var lost *storage.LostKeyError
	require.ErrorAs(t, err, &lost)
	require.Equal(t, []string{testSigner(t, "a").String()}, lost.Keys)
	require.Equal(t, testSigner(t, "b").String(), lost.Have)
	require.ErrorContains(t, err, "restore signer.key")
	require.ErrorContains(t, err, "NewEpoch")
	_, err = stranger.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d"})
	require.NoError(t, err, "reading needs no key")
	_, err = stranger.Checkpoint(ctx, "clinic")
	var ce *storage.CheckpointError
	require.ErrorAs(t, err, &ce)
	_, err = stranger.NewEpoch(ctx, "clinic", officer, "taking over")
	require.ErrorAs(t, err, &lost, "a ledger is not taken over without the old verifier key")

	heir := open(t, b, withSigner(testSigner(t, "b"), testSigner(t, "a")))
	_, err = heir.Put(ctx, "clinic", newDraft("d", "y"))
	require.ErrorAs(t, err, &lost, "knowing the old key is not having it")
	_, err = heir.Checkpoint(ctx, "clinic")
	require.NoError(t, err)

	unsigned := open(t, b, func(o *storage.Options) { o.Signer, o.Unsigned, o.Product = nil, true, "clinic.example" })
	_, err = unsigned.Put(ctx, "clinic", newDraft("d", "y"))
	require.ErrorAs(t, err, &lost)
	v, err := unsigned.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.True(t, v.Has(storage.FaultSignature))
}

func TestNewEpochGoesOnUnderAnotherKey(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	first := open(t, b)
	for _, id := range []string{"a", "b", "c"} {
		_, err := first.Put(ctx, "clinic", newDraft(id, "x"))
		require.NoError(t, err)
	}
	old, err := first.Checkpoint(ctx, "clinic")
	require.NoError(t, err)

	second := open(t, b, withSigner(testSigner(t, "b"), testSigner(t, "a")))
	e, err := second.NewEpoch(ctx, "clinic", officer, "the key was lost")
	require.NoError(t, err)
	require.Equal(t, storage.OpEpochStarted, e.Op)
	start, err := storage.Decode[storage.EpochStart](e)
	require.NoError(t, err)
	require.Equal(t, string(old.Note), start.Previous, "the epoch's first leaf names the old checkpoint")
	_, err = second.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)

	now, err := second.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, "clinic.example/clinic/2", now.Origin)
	require.Equal(t, uint64(5), now.Size)
	proof, err := second.Consistency(ctx, "clinic", old.Size, now.Size)
	require.NoError(t, err)
	require.NoError(t, tlog.CheckTree(proof, int64(now.Size), now.Root, int64(old.Size), old.Root))
	earlier, err := second.CheckpointAt(ctx, "clinic", old.Size)
	require.NoError(t, err)
	require.Equal(t, old, earlier)

	v, err := second.VerifyTenant(ctx, "clinic", old.Note)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	_, err = first.Put(ctx, "clinic", newDraft("e", "x"))
	var lost *storage.LostKeyError
	require.ErrorAs(t, err, &lost, "the old key signs no more")
	_, err = second.NewEpoch(ctx, "nobody", officer, "x")
	require.ErrorIs(t, err, storage.ErrNotFound)
}

func TestUnsignedLedgerCanBeTakenOverBySigning(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	unsigned := open(t, b, func(o *storage.Options) { o.Signer, o.Unsigned, o.Product = nil, true, "clinic.example" })
	_, err := unsigned.Put(ctx, "clinic", newDraft("a", "x"))
	require.NoError(t, err)
	_, err = unsigned.Put(ctx, "clinic", newDraft("a", "y"))
	require.NoError(t, err)
	c, err := unsigned.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.NotContains(t, string(c.Note), "—")

	s := open(t, b)
	_, err = s.Put(ctx, "clinic", newDraft("a", "z"))
	var lost *storage.LostKeyError
	require.ErrorAs(t, err, &lost)
	require.ErrorContains(t, err, "signed by nobody")
	_, err = s.NewEpoch(ctx, "clinic", officer, "begin to sign")
	require.ErrorAs(t, err, &lost, "a ledger whose signatures were taken away looks the same")
	_, err = s.NewEpoch(ctx, "clinic", officer, "begin to sign", storage.FromUnsigned())
	require.NoError(t, err)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

func TestAStoreKeepsItsProduct(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	_, err := open(t, b).Put(ctx, "clinic", newDraft("a", "x"))
	require.NoError(t, err)
	renamed := open(t, b, func(o *storage.Options) { o.Product = "another" })
	_, err = renamed.Put(ctx, "clinic", newDraft("a", "y"))
	var oe *storage.OptionsError
	require.ErrorAs(t, err, &oe)
	require.Equal(t, "Product", oe.Option)
}

type kms struct{ s *storage.Signer }

func (k kms) Name() string { return k.s.Name() }

func (k kms) KeyHash() uint32 { return k.s.KeyHash() }

func (k kms) Sign(msg []byte) ([]byte, error) { return k.s.Sign(msg) }

func TestSignerOfAnotherMakeNeedsItsVerifier(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	key := testSigner(t, "a")
	s := open(t, b, func(o *storage.Options) { o.Signer, o.Verifiers = kms{key}, note.VerifierList(key.Verifier()) })
	for range 2 {
		_, err := s.Put(ctx, "clinic", newDraft("a", "x"))
		require.NoError(t, err)
	}
	s = open(t, b)
	_, err := s.Put(ctx, "clinic", newDraft("a", "x"))
	require.NoError(t, err, "it is the same key")
}
