package storage_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hipaasmp/hipaasmp/storage"
)

func testSigner(t testing.TB, seed string) *storage.Signer {
	t.Helper()
	s, err := storage.NewSigner(strings.NewReader(strings.Repeat(seed, 64)), "clinic.example")
	require.NoError(t, err)
	return s
}

func signed(t testing.TB, text string, signers ...note.Signer) []byte {
	t.Helper()
	msg, err := note.Sign(&note.Note{Text: text}, signers...)
	require.NoError(t, err)
	return msg
}

func TestCheckpointTextIsTheC2SPForm(t *testing.T) {
	t.Parallel()
	text := storage.FormatCheckpoint(storage.Origin("clinic.example", "clinic", 1), 42, tlog.Hash{})
	require.Equal(t, "clinic.example/clinic/1\n42\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", text)
}

func TestCheckpointRoundTrip(t *testing.T) {
	t.Parallel()
	key, other := testSigner(t, "a"), testSigner(t, "b")
	text := storage.FormatCheckpoint("clinic.example/clinic/1", 42, tlog.RecordHash([]byte("x")))
	msg := signed(t, text, key, other)
	c, err := storage.ParseCheckpoint(msg, note.VerifierList(key.Verifier()))
	require.NoError(t, err, "a signature by an unknown key beside a known one is ignored")
	require.Equal(t, storage.Checkpoint{Origin: "clinic.example/clinic/1", Size: 42, Root: tlog.RecordHash([]byte("x")), Note: msg}, c)

	c, err = storage.ParseCheckpoint(signed(t, text+"an extension\n", key), note.VerifierList(key.Verifier()))
	require.NoError(t, err)
	require.Equal(t, uint64(42), c.Size)
}

func TestCheckpointRefusals(t *testing.T) {
	t.Parallel()
	key, other := testSigner(t, "a"), testSigner(t, "b")
	root := tlog.RecordHash([]byte("x")).String()
	good := "o/t/1\n42\n" + root + "\n"
	forged := strings.Replace(string(signed(t, good, key)), "\n42\n", "\n43\n", 1)
	for name, x := range map[string]struct {
		msg    string
		says   string
		forged bool
	}{
		"no signature":           {good, "not a signed note", false},
		"nothing":                {"", "not a signed note", false},
		"another key":            {string(signed(t, good, other)), "not signed by a known key", false},
		"an altered size":        {forged, "wrong signature", true},
		"no root":                {string(signed(t, "o/t/1\n42\n", key)), "three lines", false},
		"a size with a zero":     {string(signed(t, "o/t/1\n042\n"+root+"\n", key)), "size", false},
		"a negative size":        {string(signed(t, "o/t/1\n-1\n"+root+"\n", key)), "size", false},
		"a size beyond 2^53":     {string(signed(t, "o/t/1\n9007199254740993\n"+root+"\n", key)), "size", false},
		"a short root":           {string(signed(t, "o/t/1\n42\nAAAA\n", key)), "root", false},
		"a root with loose bits": {string(signed(t, "o/t/1\n42\n"+strings.Repeat("A", 42)+"B=\n", key)), "root", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := storage.ParseCheckpoint([]byte(x.msg), note.VerifierList(key.Verifier()))
			var ce *storage.CheckpointError
			require.ErrorAs(t, err, &ce)
			require.ErrorContains(t, err, x.says)
			require.Equal(t, x.forged, ce.Forged)
		})
	}
	_, err := storage.ParseCheckpoint(signed(t, good, other), note.VerifierList(key.Verifier()))
	require.ErrorContains(t, err, other.String(), "the error names who did sign")
	_, err = storage.ParseCheckpoint(signed(t, good, other), nil)
	require.Error(t, err, "no verifiers accept nothing")
}

func TestOriginComesApart(t *testing.T) {
	t.Parallel()
	product, tenant, epoch, ok := storage.SplitOrigin(storage.Origin("clinic.example/log", "t-1", 12))
	require.True(t, ok)
	require.Equal(t, "clinic.example/log", product)
	require.Equal(t, "t-1", tenant)
	require.Equal(t, uint64(12), epoch)
	for _, bad := range []string{"", "a", "a/b", "a/b/0", "a/b/01", "a/b/x", "/b/1", "a//1", "a b/c/1", "a+b/c/1", "a/b c/1", "a/b/1/", "a/b/-1"} {
		_, _, _, ok := storage.SplitOrigin(bad)
		require.False(t, ok, bad)
	}
}

func FuzzParseCheckpoint(f *testing.F) {
	key := testSigner(f, "a")
	text := storage.FormatCheckpoint("clinic.example/clinic/1", 42, tlog.RecordHash([]byte("x")))
	f.Add(signed(f, text, key))
	f.Add(signed(f, text+"extension\n", key))
	f.Add([]byte(text))
	f.Add([]byte("\n\n\n\n— a AAAA\n"))
	known := note.VerifierList(key.Verifier())
	f.Fuzz(func(t *testing.T, msg []byte) {
		c, err := storage.ParseCheckpoint(msg, known)
		if err != nil {
			return
		}
		// Only what the key signed is accepted, so only the two seeds are.
		require.Equal(t, "clinic.example/clinic/1", c.Origin)
		require.Equal(t, uint64(42), c.Size)
	})
}
