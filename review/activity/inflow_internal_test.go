package activity

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

// A file may grow to 200 times its length and by what is free; one byte more and the rest is not read.
func TestExpansionIsMeasuredAgainstTheFile(t *testing.T) {
	t.Parallel()
	pack := func(data []byte) []byte {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, err := w.Write(data)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return z.Bytes()
	}
	read := func(packed []byte, free int64) (int, Reason) {
		f := newInflow(bytes.NewReader(packed))
		f.free = free
		out, err := io.ReadAll(f)
		require.NoError(t, err)
		require.Equal(t, f.damage == "", f.reason == "")
		return len(out), f.reason
	}
	zeros := make([]byte, 1<<20)
	packed := pack(zeros)
	require.Greater(t, len(zeros)/len(packed), expansionMost, "it shrinks to a thousandth")
	n, reason := read(packed, 1<<20)
	require.Equal(t, len(zeros), n)
	require.Empty(t, reason, "what is free is free")
	n, reason = read(packed, 1<<20-1)
	require.Equal(t, ReasonExpansion, reason)
	require.Equal(t, len(zeros), n, "what came out counts")
	n, reason = read(packed, 1<<10)
	require.Equal(t, ReasonExpansion, reason)
	require.Less(t, n, len(zeros), "and the rest is not read")

	var text bytes.Buffer
	for i := range 40_000 {
		text.WriteString("2026-03-01T10:00:00Z user ")
		text.WriteByte(byte('a' + i*i%23))
		text.WriteByte(byte('a' + i*i*i%25))
		text.WriteString(" views the record of a patient and a half\n")
	}
	n, reason = read(pack(text.Bytes()), 0)
	require.Equal(t, text.Len(), n)
	require.Empty(t, reason, "a log of few words is no bomb")

	enc, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	n, reason = read(enc.EncodeAll(zeros, nil), 1<<10)
	require.Equal(t, ReasonExpansion, reason)
	require.LessOrEqual(t, n, len(zeros))
	n, reason = read(zeros, 0)
	require.Equal(t, len(zeros), n)
	require.Empty(t, reason, "a file that is not compressed grows by nothing")
}
