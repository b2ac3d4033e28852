package evidence

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
)

func TestAStrangerWithAKeyOfTheirOwnIsCaught(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	files := contents(t, h.write(h.options()))
	stranger := newSigner(t, "stranger")
	r, err := verify(pack(t, files, stranger, nil), VerifyOptions{}, h.signer.VerifierKey())
	requireFinding(t, err, LevelArchive, FaultSignature, stranger.String())
	require.Equal(t, OutcomeNotReached, r.At(LevelShape).Outcome, "what nobody signed is not read")
	require.Zero(t, r.Manifest)

	var e dsse
	require.NoError(t, json.Unmarshal(files[fileManifest], &e))
	for _, c := range []struct {
		rule   string
		change func(*dsse)
		code   hipaasmp.FaultCode
	}{
		{"no signature", func(e *dsse) { e.Signatures = nil }, FaultSignature},
		{"a signature of something else", func(e *dsse) {
			sig, err := h.signer.Sign([]byte("something else"))
			require.NoError(t, err)
			e.Signatures = []dsseSignature{{KeyID: h.signer.String(), Sig: base64.StdEncoding.EncodeToString(sig)}}
		}, FaultSignature},
		{"a signature of the payload without its type", func(e *dsse) {
			payload, err := base64.StdEncoding.DecodeString(e.Payload)
			require.NoError(t, err)
			sig, err := h.signer.Sign(payload)
			require.NoError(t, err)
			e.Signatures = []dsseSignature{{KeyID: h.signer.String(), Sig: base64.StdEncoding.EncodeToString(sig)}}
		}, FaultSignature},
		{"a right signature beside a wrong one", func(e *dsse) {
			e.Signatures = append(e.Signatures, dsseSignature{KeyID: h.signer.String(), Sig: "AAAA"})
		}, FaultSignature},
		{"too many signatures", func(e *dsse) { e.Signatures = slices.Repeat(e.Signatures, 17) }, FaultSignature},
		{"a signature that is not base64", func(e *dsse) { e.Signatures[0].Sig = "?" }, FaultSignature},
		{"another payload type", func(e *dsse) { e.PayloadType = "application/json" }, FaultManifest},
		{"a payload that is not base64", func(e *dsse) { e.Payload = "?" }, FaultManifest},
		{"another payload", func(e *dsse) { e.Payload = base64.StdEncoding.EncodeToString([]byte("{}")) }, FaultSignature},
	} {
		changed := e
		changed.Signatures = slices.Clone(e.Signatures)
		c.change(&changed)
		files := maps.Clone(files)
		files[fileManifest] = bytes.TrimSuffix(jsonLine(t, changed), []byte("\n"))
		_, err := verify(pack(t, files, nil, nil), VerifyOptions{}, h.signer.VerifierKey())
		var ve *VerificationError
		require.ErrorAs(t, err, &ve, c.rule)
		require.True(t, ve.Has(c.code), "%s: %v", c.rule, err)
	}
	for _, raw := range []string{"", "{}", "null", "[]", `{"payload":"","payload":"","payloadType":"","signatures":[]}`, string(files[fileManifest]) + "\n"} {
		files := maps.Clone(files)
		files[fileManifest] = []byte(raw)
		_, err := verify(pack(t, files, nil, nil), VerifyOptions{}, h.signer.VerifierKey())
		requireFinding(t, err, LevelArchive, FaultManifest, fileManifest)
	}
	// A second signature by a key that is not known is passed over, as with checkpoints.
	cosigned := e
	cosigned.Signatures = append(slices.Clone(e.Signatures), dsseSignature{KeyID: "witness+00000000", Sig: "AAAA"})
	files[fileManifest] = bytes.TrimSuffix(jsonLine(t, cosigned), []byte("\n"))
	_, err = verify(pack(t, files, nil, nil), VerifyOptions{}, h.signer.VerifierKey())
	require.NoError(t, err)
}

func TestACheckpointIsNeverTakenForAManifest(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	o := h.options()
	payload, err := json.Marshal(manifestOf(t, contents(t, h.write(o))))
	require.NoError(t, err)
	signed := preAuth(payload)
	require.NotContains(t, string(signed), "\n", "a checkpoint has three lines")
	text := storage.FormatCheckpoint(storage.Origin(h.signer.Name(), tenant, 1), 1, [32]byte{})
	require.False(t, strings.HasPrefix(text, "DSSEv1 "))
}

func TestEveryFlippedByteIsCaughtOrMeansNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt")
	h.put(clinic(), storage.By(official()))
	h.put(newDraft("d1", "words"))
	o := h.options()
	pkg := h.write(o)
	whole := contents(t, pkg)
	key := h.signer.VerifierKey()
	silent := 0
	rapid.Check(t, func(t *rapid.T) {
		for range long.Count(3, 40) {
			at := rapid.IntRange(0, len(pkg)-1).Draw(t, "at")
			flipped := bytes.Clone(pkg)
			flipped[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
			if _, err := verify(flipped, VerifyOptions{}, key); err == nil {
				requireSameContents(t, whole, flipped)
				silent++
			}
		}
	})
	require.Less(t, silent, 10, "only the unused bits at the end of packed data mean nothing")
}

func requireSameContents(t require.TestingT, whole map[string][]byte, pkg []byte) {
	a, err := openArchive(bytes.NewReader(pkg), int64(len(pkg)), Limits{}.withDefaults())
	require.NoError(t, err)
	require.Len(t, a.files, len(whole))
	for name, want := range whole {
		got, err := a.bytes(name, 1<<30)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), name)
	}
}

func TestEveryTruncationAndEveryAppendedByteIsCaught(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt")
	h.put(clinic(), storage.By(official()))
	pkg := h.write(h.options())
	for n := 0; n < len(pkg); n += 1 + n%long.Count(97, 3) {
		_, err := verify(pkg[:n], VerifyOptions{}, h.signer.VerifierKey())
		requireFinding(t, err, LevelArchive, FaultArchive, "archive")
		var ae *ArchiveError
		require.ErrorAs(t, err, &ae, "cut to %d bytes", n)
	}
	for _, extra := range []string{"\x00", "x", "PK\x05\x06", strings.Repeat("\x00", 22), string(pkg)} {
		_, err := verify(append(bytes.Clone(pkg), extra...), VerifyOptions{}, h.signer.VerifierKey())
		require.Error(t, err)
		_, err = verify(append([]byte(extra), pkg...), VerifyOptions{}, h.signer.VerifierKey())
		require.Error(t, err, "something before the archive")
	}
}

func TestCallersCheckpointsMustBeContinued(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, "salt").furnish()
	pkg := h.write(h.options())
	at := func(h *house, size uint64) []byte {
		c, err := h.store.CheckpointAt(ctx, tenant, size)
		require.NoError(t, err)
		return c.Note
	}
	for _, size := range []uint64{1, 5, 17} {
		_, err := verify(pkg, VerifyOptions{Since: [][]byte{at(h, size)}}, h.signer.VerifierKey())
		require.NoError(t, err, "a complete package proves each earlier size, here %d", size)
	}
	rewritten := newHouse(t, "another salt").furnish()
	_, err := verify(pkg, VerifyOptions{Since: [][]byte{at(rewritten, 5)}}, h.signer.VerifierKey())
	requireFinding(t, err, LevelConsistency, FaultConsistency, "another root at 5 entries")
	h.put(newDraft("d3", "later"))
	_, err = verify(pkg, VerifyOptions{Since: [][]byte{at(h, 18)}}, h.signer.VerifierKey())
	requireFinding(t, err, LevelConsistency, FaultConsistency, "newer than the package")
	other, err := h.store.Checkpoint(ctx, "other-tenant")
	require.NoError(t, err)
	_, err = verify(pkg, VerifyOptions{Since: [][]byte{other.Note}}, h.signer.VerifierKey())
	requireFinding(t, err, LevelConsistency, FaultConsistency, "another ledger")
	_, err = verify(pkg, VerifyOptions{Since: [][]byte{[]byte("x")}}, h.signer.VerifierKey())
	requireFinding(t, err, LevelConsistency, FaultConsistency, "not usable")
}

func TestKeysThatAreNoneAreTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	pkg := h.write(h.options())
	var ke *KeyError
	_, err := verify(pkg, VerifyOptions{})
	require.ErrorAs(t, err, &ke)
	require.ErrorContains(t, err, "missing")
	_, err = verify(pkg, VerifyOptions{}, "hello")
	require.ErrorAs(t, err, &ke)
	_, err = verify(pkg, VerifyOptions{}, newSigner(t, "stranger").VerifierKey())
	requireFinding(t, err, LevelArchive, FaultSignature, "no signature by a known key")
	_, err = verify(pkg, VerifyOptions{}, newSigner(t, "stranger").VerifierKey(), " "+h.signer.VerifierKey()+"\n")
	require.NoError(t, err, "white space around the line does not matter")
}

func TestFailuresOfTheMediumAreNotThePackages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	pkg := h.write(h.options())
	broken := errors.New("bad sector")
	for _, after := range []int{0, 1, 5, 20, 60} {
		_, err := Verify(context.Background(), &failing{data: pkg, after: after, err: broken}, int64(len(pkg)), []string{h.signer.VerifierKey()}, VerifyOptions{})
		require.ErrorIs(t, err, broken, "after %d reads", after)
		var ve *VerificationError
		require.False(t, errors.As(err, &ve))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Verify(ctx, bytes.NewReader(pkg), int64(len(pkg)), []string{h.signer.VerifierKey()}, VerifyOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

type failing struct {
	data  []byte
	after int
	err   error
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if f.after--; f.after < 0 {
		return 0, f.err
	}
	n := copy(p, f.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func TestFindingsAreBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	files := contents(t, h.write(h.options()))
	for name := range files {
		if strings.HasPrefix(name, folderRecords) {
			files[name] = []byte("{}")
		}
	}
	r, err := verify(pack(t, files, h.signer, nil), VerifyOptions{Limits: Limits{Findings: 3}}, h.signer.VerifierKey())
	require.Error(t, err)
	require.Len(t, r.At(LevelShape).Findings, 3)
	require.Equal(t, uint64(13), r.At(LevelShape).More)
	require.Contains(t, r.String(), "and 13 more")
}

func TestReportTravelsAsJSON(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	files := contents(t, h.write(h.options()))
	files["records/test.draft/d1/1.json"] = []byte("{}")
	r, err := verify(pack(t, files, h.signer, nil), VerifyOptions{}, h.signer.VerifierKey())
	require.Error(t, err)
	data, err := json.Marshal(r)
	require.NoError(t, err)
	var back Report
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, r, back)
	require.Equal(t, OutcomeNotReached, Report{}.At(LevelShape).Outcome)
	require.False(t, Report{}.Passed())
}
