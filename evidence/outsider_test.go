package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// TestAnOutsiderVerifiesWithToolsOfTheirOwn follows README.txt with nothing of this package: another ZIP reader, plain
// Ed25519, and another implementation of Merkle proofs.
func TestAnOutsiderVerifiesWithToolsOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	first, err := h.store.Checkpoint(context.Background(), tenant)
	require.NoError(t, err)
	h.put(newDraft("d2", "later"))
	o := h.options()
	o.Since = [][]byte{first.Note}
	pkg := h.write(o)

	z, err := zip.NewReader(bytes.NewReader(pkg), int64(len(pkg)))
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		files[f.Name], err = io.ReadAll(r)
		require.NoError(t, err)
	}
	// The verifier key is name+hash+base64(algorithm || public key).
	parts := strings.SplitN(h.signer.VerifierKey(), "+", 3)
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	require.NoError(t, err)
	key := ed25519.PublicKey(raw[1:])

	// 1. The manifest's signature and the digests.
	var envelope struct {
		Payload, PayloadType string
		Signatures           []struct{ Sig string }
	}
	require.NoError(t, json.Unmarshal(files["manifest.json"], &envelope))
	payload, err := base64.StdEncoding.DecodeString(envelope.Payload)
	require.NoError(t, err)
	sig, err := base64.StdEncoding.DecodeString(envelope.Signatures[0].Sig)
	require.NoError(t, err)
	pae := fmt.Sprintf("DSSEv1 %d %s %d %s", len(envelope.PayloadType), envelope.PayloadType, len(payload), payload)
	require.True(t, ed25519.Verify(key, []byte(pae), sig))
	var statement struct {
		Type    string `json:"_type"`
		Subject []struct {
			Name   string
			Digest map[string]string
		}
		Predicate map[string]any
	}
	require.NoError(t, json.Unmarshal(payload, &statement))
	require.Equal(t, "https://in-toto.io/Statement/v1", statement.Type)
	require.Len(t, statement.Subject, len(files)-1)
	for _, s := range statement.Subject {
		sum := sha256.Sum256(files[s.Name])
		require.Equal(t, hex.EncodeToString(sum[:]), s.Digest["sha256"], s.Name)
	}

	// 4. The checkpoint: three lines, an empty one, and a signature line with four bytes of key hash.
	root, size := checkpoint(t, key, files["ledger/checkpoint"])

	// 3 and 4. Every document is what its entry commits to, and every entry is in the ledger.
	var leaves [][]byte
	for line := range strings.Lines(string(files["ledger/entries.jsonl"])) {
		var entry struct {
			Content, File, Salt, Reason string
			Envelope                    json.RawMessage
			Proof                       [][]byte
		}
		require.NoError(t, json.Unmarshal([]byte(line), &entry))
		var env struct {
			Body, Reason string
			Seq          uint64
		}
		require.NoError(t, json.Unmarshal(entry.Envelope, &env))
		leaf := rfc6962.DefaultHasher.HashLeaf(entry.Envelope)
		leaves = append(leaves, leaf)
		if entry.Content != "included" {
			continue
		}
		salt, err := hex.DecodeString(entry.Salt)
		require.NoError(t, err)
		sum := sha256.Sum256(append(bytes.Clone(salt), files[entry.File]...))
		require.Equal(t, env.Body, hex.EncodeToString(sum[:]), entry.File)
		if entry.Reason != "" {
			sum := sha256.Sum256([]byte(string(salt) + "\x00" + entry.Reason))
			require.Equal(t, env.Reason, hex.EncodeToString(sum[:]))
		}
		require.NoError(t, proof.VerifyInclusion(rfc6962.DefaultHasher, env.Seq, size, leaf, entry.Proof, root))
	}
	require.Len(t, leaves, int(size))

	// 5. The ledger continues the earlier checkpoint.
	for line := range strings.Lines(string(files["ledger/consistency.jsonl"])) {
		var earlier struct {
			Checkpoint string
			Proof      [][]byte
		}
		require.NoError(t, json.Unmarshal([]byte(line), &earlier))
		oldRoot, oldSize := checkpoint(t, key, []byte(earlier.Checkpoint))
		require.Equal(t, first.Size, oldSize)
		require.NoError(t, proof.VerifyConsistency(rfc6962.DefaultHasher, oldSize, size, earlier.Proof, oldRoot, root))
	}

	// 6. The root of all leaves is that of the checkpoint.
	require.Equal(t, root, rootOf(leaves))
}

func checkpoint(t *testing.T, key ed25519.PublicKey, msg []byte) (root []byte, size uint64) {
	t.Helper()
	text, sigs, ok := strings.Cut(string(msg), "\n\n")
	require.True(t, ok)
	text += "\n"
	fields := strings.Fields(sigs)
	sig, err := base64.StdEncoding.DecodeString(fields[len(fields)-1])
	require.NoError(t, err)
	require.True(t, ed25519.Verify(key, []byte(text), sig[4:]))
	var origin, root64 string
	_, err = fmt.Sscan(text, &origin, &size, &root64)
	require.NoError(t, err)
	root, err = base64.StdEncoding.DecodeString(root64)
	require.NoError(t, err)
	return root, size
}

// rootOf is RFC 6962 section 2.1, word for word.
func rootOf(leaves [][]byte) []byte {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return rfc6962.DefaultHasher.HashChildren(rootOf(leaves[:k]), rootOf(leaves[k:]))
}
