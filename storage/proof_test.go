package storage_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

// provable is a store with five entries of tenant clinic.
func provable(t testing.TB) *storage.Store {
	t.Helper()
	s, _ := newStore(t, func(o *storage.Options) {
		o.Random = rand.NewChaCha8([32]byte{1}) // the same salts in every process of a fuzz run
	})
	for i := range 5 {
		_, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i), "x"), storage.By(officer))
		require.NoError(t, err)
	}
	return s
}

func TestProofIsTheC2SPForm(t *testing.T) {
	t.Parallel()
	key := testSigner(t, "a")
	leaves := []tlog.Hash{tlog.RecordHash([]byte("a")), tlog.RecordHash([]byte("b")), tlog.RecordHash([]byte("c"))}
	ab := tlog.NodeHash(leaves[0], leaves[1])
	checkpoint := signed(t, storage.FormatCheckpoint("clinic.example/clinic/1", 3, tlog.NodeHash(ab, leaves[2])), key)
	for _, x := range []struct {
		p    storage.Proof
		text string
	}{
		{storage.Proof{Index: 1, Hashes: tlog.RecordProof{leaves[0], leaves[2]}, Checkpoint: checkpoint},
			"c2sp.org/tlog-proof@v1\nindex 1\n" + leaves[0].String() + "\n" + leaves[2].String() + "\n\n" + string(checkpoint)},
		{storage.Proof{Index: 1, Hashes: tlog.RecordProof{leaves[0], leaves[2]}, Checkpoint: checkpoint, Extra: []byte("context")},
			"c2sp.org/tlog-proof@v1\nextra Y29udGV4dA==\nindex 1\n" + leaves[0].String() + "\n" + leaves[2].String() + "\n\n" + string(checkpoint)},
	} {
		require.Equal(t, x.text, string(x.p.Text()))
		back, err := storage.ParseProof([]byte(x.text))
		require.NoError(t, err)
		require.Equal(t, x.p, back)
		c, err := back.Check(leaves[1], note.VerifierList(key.Verifier()))
		require.NoError(t, err, "from the leaf's sibling up to the root's child")
		require.Equal(t, uint64(3), c.Size)
	}
	one := signed(t, storage.FormatCheckpoint("clinic.example/clinic/1", 1, leaves[0]), key)
	p, err := storage.ParseProof([]byte("c2sp.org/tlog-proof@v1\nindex 0\n\n" + string(one)))
	require.NoError(t, err, "a ledger of one has a path of none")
	_, err = p.Check(leaves[0], note.VerifierList(key.Verifier()))
	require.NoError(t, err)
}

// What the store proves is proved to whoever has the text and the public key, and to another library.
func TestAProofIsVerifiedFromItsTextAlone(t *testing.T) {
	t.Parallel()
	s := provable(t)
	for seq := range uint64(5) {
		p, err := s.Prove(ctx, "clinic", seq)
		require.NoError(t, err)
		p, err = storage.ParseProof(p.Text())
		require.NoError(t, err)
		env, c, err := p.Verify(note.VerifierList(testSigner(t, "a").Verifier()))
		require.NoError(t, err)
		require.Equal(t, hipaasmp.Ref{Kind: KindDraft, ID: fmt.Sprint("d", seq), Version: 1}, env.Ref())
		require.Equal(t, uint64(5), c.Size)
		e, err := s.Get(ctx, "clinic", env.Ref())
		require.NoError(t, err)
		require.Equal(t, env.BodyDigest, storage.BodyDigest(e.Salt, e.Body))

		leaf := env.Leaf()
		path := make([][]byte, len(p.Hashes))
		for i, h := range p.Hashes {
			path[i] = h[:]
		}
		require.NoError(t, proof.VerifyInclusion(rfc6962.DefaultHasher, p.Index, c.Size, leaf[:], path, c.Root[:]))
	}
}

func TestAProofOutlivesTheContent(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "Title", "2020-01-01"), storage.By(officer))
	require.NoError(t, err)
	before, err := s.Prove(ctx, "clinic", 0)
	require.NoError(t, err)
	c.now = at("2027-01-01T00:00:00Z")
	_, err = destroy(s, "clinic", disposition("p"))
	require.NoError(t, err)
	after, err := s.Prove(ctx, "clinic", 0)
	require.NoError(t, err)
	require.Equal(t, before.Extra, after.Extra)
	for _, p := range []storage.Proof{before, after} {
		_, _, err := p.Verify(s.Verifiers())
		require.NoError(t, err)
	}
}

func TestProofsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := provable(t)
	_, err := s.Prove(ctx, "clinic", 5)
	var re *storage.RangeError
	require.ErrorAs(t, err, &re)
	_, err = s.Prove(ctx, "nobody", 0)
	require.ErrorIs(t, err, storage.ErrNotFound)
	plain, _ := newStore(t, func(o *storage.Options) { o.Signer, o.Unsigned = nil, true })
	_, err = plain.Put(ctx, "clinic", newDraft("d", "x"), storage.By(officer))
	require.NoError(t, err)
	_, err = plain.Prove(ctx, "clinic", 0)
	var ce *storage.CheckpointError
	require.ErrorAs(t, err, &ce)

	p, err := s.Prove(ctx, "clinic", 2)
	require.NoError(t, err)
	good := string(p.Text())
	hash := p.Hashes[0].String()
	for name, x := range map[string]struct{ text, says string }{
		"nothing":                   {"", "does not begin"},
		"another format":            {strings.Replace(good, "@v1", "@v2", 1), "does not begin"},
		"lines that end twice":      {strings.ReplaceAll(good, "\n", "\r\n"), "does not begin"},
		"no checkpoint":             {strings.SplitAfter(good, "\n\n")[0][:len(strings.SplitAfter(good, "\n\n")[0])-1], "no empty line"},
		"no index":                  {strings.Replace(good, "index 2\n", "", 1), "index"},
		"an index with a zero":      {strings.Replace(good, "index 2", "index 02", 1), "index"},
		"an index with a sign":      {strings.Replace(good, "index 2", "index +2", 1), "index"},
		"an index beyond 2^53":      {strings.Replace(good, "index 2", "index 9007199254740993", 1), "index"},
		"empty extra data":          {"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nx", "extra"},
		"extra data twice":          {"c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0\n\nx", "index"},
		"extra data that is loose":  {"c2sp.org/tlog-proof@v1\nextra AAB=\nindex 0\n\nx", "extra"},
		"extra data with a return":  {"c2sp.org/tlog-proof@v1\nextra AAAA\r\nindex 0\n\nx", "extra"},
		"a short hash":              {strings.Replace(good, hash, hash[4:], 1), "no hash"},
		"a hash with a loose bit":   {"c2sp.org/tlog-proof@v1\nindex 0\n" + strings.Repeat("A", 42) + "B=\n\nx", "no hash"},
		"a path without end":        {"c2sp.org/tlog-proof@v1\nindex 0\n" + strings.Repeat(hash+"\n", 65) + "\nx", "more hashes"},
		"a text without end":        {good + strings.Repeat("x", 2<<20), "longer than"},
		"an extra without envelope": {strings.Replace(good, base64.StdEncoding.EncodeToString(p.Extra), "AAAA", 1), "not an envelope"},
		"another index":             {strings.Replace(good, "index 2", "index 3", 1), "does not lead"},
		"an index beyond the end":   {strings.Replace(good, "index 2", "index 5", 1), "beyond the end"},
		"a hash left out":           {strings.Replace(good, hash+"\n", "", 1), "does not lead"},
		"a hash too many":           {strings.Replace(good, hash+"\n", hash+"\n"+hash+"\n", 1), "does not lead"},
		"another checkpoint":        {strings.Replace(good, "\n5\n", "\n6\n", 1), "wrong signature"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := storage.ParseProof([]byte(x.text))
			if err == nil {
				_, _, err = p.Verify(s.Verifiers())
			}
			require.ErrorContains(t, err, x.says)
			require.True(t, errors.As(err, new(*storage.ProofError)) || errors.As(err, new(*storage.CheckpointError)) || errors.As(err, new(*storage.EnvelopeError)), "%T", err)
			require.Less(t, len(err.Error()), 200, "the error does not repeat the proof")
		})
	}
	_, _, err = p.Verify(note.VerifierList(testSigner(t, "b").Verifier()))
	require.ErrorAs(t, err, &ce, "a checkpoint by another key")
	_, _, err = p.Verify(nil)
	require.ErrorAs(t, err, &ce)
}

// A ledger whose key signs for another tenant does not prove what this tenant's entry says.
func TestAProofInAnotherLedgerIsRefused(t *testing.T) {
	t.Parallel()
	s := provable(t)
	p, err := s.Prove(ctx, "clinic", 0)
	require.NoError(t, err)
	env, err := storage.ParseEnvelope(p.Extra)
	require.NoError(t, err)
	for origin, extra := range map[string][]byte{
		"clinic.example/other/1":  p.Extra,
		"no origin":               p.Extra,
		"clinic.example/clinic/1": func() []byte { e := env; e.Seq = 1; return e.Bytes() }(),
	} {
		moved := storage.Proof{Extra: extra, Checkpoint: signed(t, storage.FormatCheckpoint(origin, 1, tlog.RecordHash(extra)), testSigner(t, "a"))}
		_, _, err := moved.Verify(s.Verifiers())
		var pe *storage.ProofError
		require.ErrorAs(t, err, &pe, origin)
		require.ErrorContains(t, err, "another ledger or another position")
	}
}

// FuzzParseProof gives the reader of proofs anything. There is one text for each proof, and only what the key signed is
// proved: one of the five entries at its place.
func FuzzParseProof(f *testing.F) {
	s := provable(f)
	envelopes := map[uint64][]byte{}
	for seq := range uint64(5) {
		p, err := s.Prove(ctx, "clinic", seq)
		require.NoError(f, err)
		envelopes[seq] = p.Extra
		f.Add(p.Text())
		p.Extra = nil
		f.Add(p.Text())
	}
	f.Add([]byte("c2sp.org/tlog-proof@v1\nindex 0\n\n"))
	f.Add([]byte("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nx"))
	known := note.VerifierList(testSigner(f, "a").Verifier())
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := storage.ParseProof(text)
		if err != nil {
			var pe *storage.ProofError
			require.ErrorAs(t, err, &pe)
			return
		}
		require.True(t, bytes.Equal(text, p.Text()), "one text for each proof")
		if env, c, err := p.Verify(known); err == nil {
			require.Equal(t, envelopes[p.Index], env.Bytes())
			require.Equal(t, uint64(5), c.Size)
		}
	})
}
