package activity_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func zstded(t testing.TB, data []byte, options ...zstd.EOption) []byte {
	t.Helper()
	var z bytes.Buffer
	w, err := zstd.NewWriter(&z, append([]zstd.EOption{zstd.WithEncoderConcurrency(1)}, options...)...)
	require.NoError(t, err)
	_, err = w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return z.Bytes()
}

// A bomb is read through in the memory of a record and a window. The test does not run beside others, because it looks
// at what is allocated.
func TestZstdBombIsBounded(t *testing.T) {
	size := 128 << 20
	var z bytes.Buffer
	w, err := zstd.NewWriter(&z, zstd.WithEncoderConcurrency(1))
	require.NoError(t, err)
	_, err = io.Copy(w, longLine(entry("a")+"\n"+`{"eventID":"long","x":"`, size, `"}`+"\n"+entry("b")+"\n"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.Less(t, z.Len(), size/2000, "it is a bomb")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	events, defects := readInput(t, activity.FormatCloudTrail, activity.Input{Content: bytes.NewReader(z.Bytes()), MaxRecord: 1 << 20})
	runtime.ReadMemStats(&after)
	require.Equal(t, "a b", ids(events))
	require.Len(t, defects, 1)
	require.Equal(t, activity.ReasonTooLong, defects[0].Reason)
	require.Greater(t, defects[0].Raw.Length, int64(size))
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), "all that was ever allocated on the way")
}

func TestZstdIsTransparentForEveryFormat(t *testing.T) {
	t.Parallel()
	for _, f := range activity.Format("").Values() {
		for _, data := range seeds(f) {
			want, wantDefects := readAll(t, f, data)
			got, defects := readAll(t, f, zstded(t, data))
			require.Equal(t, want, got, "with the offsets of the uncompressed file")
			require.Equal(t, wantDefects, defects)
			got, _ = readInput(t, f, activity.Input{Source: "s1", File: "log", Content: iotest.OneByteReader(bytes.NewReader(zstded(t, data)))})
			require.Equal(t, want, got)
		}
	}
}

func TestDamagedZstdIsADefect(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	for i := range 20_000 {
		log.WriteString(entry(strings.Repeat("e", i%7)+string(rune('a'+i*i%23))) + "\n")
	}
	whole := zstded(t, []byte(log.String()))
	for name, c := range map[string]struct {
		damage func([]byte) []byte
		says   string
	}{
		"cut":             {func(b []byte) []byte { return b[:len(b)/2] }, "ends in the middle"},
		"the checksum":    {func(b []byte) []byte { b[len(b)-1] ^= 1; return b }, "checksum does not match"},
		"the header":      {func(b []byte) []byte { return b[:5] }, "ends in the middle"},
		"the blocks":      {func(b []byte) []byte { b[len(b)/2] ^= 0x55; b[len(b)/3] ^= 0xff; return b }, "the zstd"},
		"rubbish behind":  {func(b []byte) []byte { return append(b, "rubbish"...) }, "stands behind"},
		"a window of 1TB": {func([]byte) []byte { return []byte{0x28, 0xb5, 0x2f, 0xfd, 0x04, 0xf0, 0x01, 0x00, 0x00, 0, 0, 0, 0} }, "more than 32 MiB"},
	} {
		_, defects := readAll(t, activity.FormatCloudTrail, c.damage(bytes.Clone(whole)))
		require.NotEmpty(t, defects, name)
		last := defects[len(defects)-1]
		require.Equal(t, activity.ReasonCompression, last.Reason, name)
		require.Contains(t, last.Detail, c.says, name)
	}
	twice, defects := readAll(t, activity.FormatCloudTrail, append(bytes.Clone(whole), whole...))
	require.Empty(t, defects, "rotated logs are often several streams behind each other")
	require.Len(t, twice, 40_000)
	skippable := binary.LittleEndian.AppendUint32([]byte{0x5a, 0x2a, 0x4d, 0x18}, 3)
	behind, defects := readAll(t, activity.FormatCloudTrail, append(append(skippable, "abc"...), whole...))
	require.Empty(t, defects, "a frame of something else is passed over")
	require.Len(t, behind, 20_000)
}

func TestAnErrorOfAZstdFileIsTheFiles(t *testing.T) {
	t.Parallel()
	broken := errors.New("the network is gone")
	whole := zstded(t, []byte(strings.Repeat(entry("a")+"\n", 5000)))
	for _, n := range []int{3, 4, 5, len(whole) - 20} {
		var last error
		for _, err := range reader(t, activity.FormatCloudTrail).Read(activity.Input{File: "f", Content: io.MultiReader(bytes.NewReader(whole[:n]), iotest.ErrReader(broken))}) {
			last = err
		}
		require.ErrorIs(t, last, broken, "after %d bytes", n)
	}
}

// FuzzZstd holds that no compressed bytes make the reader fail or go on without end, and that the pieces do not matter.
func FuzzZstd(f *testing.F) {
	for _, data := range seeds(activity.FormatCloudTrail) {
		f.Add(zstded(f, data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		e1, d1 := readInput(t, activity.FormatCloudTrail, activity.Input{Content: bytes.NewReader(data), MaxRecord: 1000})
		e2, d2 := readInput(t, activity.FormatCloudTrail, activity.Input{Content: iotest.HalfReader(bytes.NewReader(data)), MaxRecord: 1000})
		require.Equal(t, e1, e2)
		require.Equal(t, d1, d2)
	})
}
