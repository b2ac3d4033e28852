package activity_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

func gzipped(t testing.TB, data string) []byte {
	t.Helper()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, err := io.WriteString(w, data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return z.Bytes()
}

// What befalls compressed files, for every form of every format: what was read before the damage counts, and the last
// defect says what is wrong.
func TestBadInputCompressed(t *testing.T) {
	t.Parallel()
	zstdOf := func(t testing.TB, data string) []byte { return zstded(t, []byte(data)) }
	for _, k := range badInputKinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			const records = 2000
			var log strings.Builder
			log.WriteString(k.head)
			for i := range records { // more than one block of either compression, and texts that do not shrink to nothing
				log.WriteString(k.record(i%60, strings.Repeat("text ", i%7)+string(rune('a'+i*i%23))+string(rune('A'+i*i*i%25))) + "\n")
			}
			whole, none := readAll(t, k.format, []byte(log.String()))
			require.Empty(t, none)
			require.Len(t, whole, records)
			for name, pack := range map[string]func(t testing.TB, data string) []byte{"gzip": gzipped, "zstd": zstdOf} {
				packed := pack(t, log.String())
				read := func(data []byte) ([]activity.Event, []activity.Defect) {
					return readInput(t, k.format, activity.Input{Source: "s1", File: "log", Content: iotest.HalfReader(bytes.NewReader(data))})
				}
				events, defects := read(packed)
				require.Empty(t, defects, name)
				require.Equal(t, whole, events, "%s: the places are those of the file after decompression", name)

				behind, defects := read(append(bytes.Clone(packed), packed...))
				require.Empty(t, defects, "%s: members behind each other are one log", name)
				require.Len(t, behind, 2*records, name)

				for what, c := range map[string]struct {
					data []byte
					says string
				}{
					"cut":            {packed[:len(packed)*2/3], "ends in the middle"},
					"cut at the end": {packed[:len(packed)-2], "ends in the middle"},
					"a changed byte": {flip(packed, len(packed)*2/3), "the " + name},
					"rubbish behind": {append(bytes.Clone(packed), "this is rubbish"...), "what stands behind the " + name + " stream is none"},
				} {
					some, defects := read(c.data)
					require.NotEmpty(t, defects, "%s, %s", name, what)
					last := defects[len(defects)-1]
					require.Equal(t, activity.ReasonCompression, last.Reason, "%s, %s", name, what)
					require.Contains(t, last.Detail, c.says, "%s, %s", name, what)
					require.Positive(t, last.Raw.Offset, "%s, %s: the place is how far it was read", name, what)
					if what != "a changed byte" {
						require.NotEmpty(t, some, "%s, %s", name, what)
						require.Equal(t, whole[:len(some)], some, "%s, %s: what was read counts", name, what)
						require.LessOrEqual(t, len(defects), 2, "%s, %s: the line in which it ends, and the end", name, what)
					}
				}
			}
		})
	}
}

// Wherever a compressed file was cut, what it gave are events of the whole file: a line that the cut made shorter is none,
// though it may look like one.
func TestEventsOfACutStreamAreThoseOfTheWhole(t *testing.T) {
	t.Parallel()
	for _, k := range badInputKinds() {
		var log strings.Builder
		log.WriteString(k.head)
		for i := range 30 {
			log.WriteString(k.record(i, strings.Repeat("text ", i%7)+string(rune('a'+i*i%23))+string(rune('A'+i*i*i%25))) + "\n")
		}
		whole, none := readAll(t, k.format, []byte(log.String()))
		require.Empty(t, none)
		packed := gzipped(t, log.String())
		for n := 20; n < len(packed); n += long.Count(23, 11) {
			some, defects := readAll(t, k.format, packed[:n])
			require.LessOrEqual(t, len(some), len(whole), k.name)
			require.Equal(t, append([]activity.Event{}, whole[:len(some)]...), append([]activity.Event{}, some...), "%s cut at %d", k.name, n)
			require.NotEmpty(t, defects)
		}
	}
}

// However few bytes stand behind a gzip stream, they are called what they are.
func TestBytesBehindACompressedStream(t *testing.T) {
	t.Parallel()
	packed := gzipped(t, entry("a")+"\n"+entry("b")+"\n")
	for behind, says := range map[string]string{
		"x": "stands behind the gzip stream", "\r\n": "stands behind the gzip stream", "123456789": "stands behind the gzip stream", "1234567890": "stands behind the gzip stream",
		strings.Repeat("\x00", 512): "stands behind the gzip stream", "\x1f": "ends in the middle", string(packed[:9]): "ends in the middle", string(packed[:len(packed)-1]): "ends in the middle",
	} {
		events, defects := readAll(t, activity.FormatCloudTrail, append(bytes.Clone(packed), behind...))
		require.Equal(t, "a b", strings.TrimSuffix(ids(events), " a b"))
		require.Len(t, defects, 1, "%q", behind)
		require.Equal(t, activity.ReasonCompression, defects[0].Reason)
		require.Contains(t, defects[0].Detail, says, "%q", behind)
	}
}

func flip(data []byte, at int) []byte {
	out := bytes.Clone(data)
	out[at] ^= 0x55
	return out
}

// A line of 20 MB (with long counts 100 MB) is one defect, memory does not grow with it, and reading goes on.
func TestBadInputLongLine(t *testing.T) {
	t.Parallel()
	size := long.Count(20, 100) << 20
	for _, k := range badInputKinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			before, after, _ := strings.Cut(k.record(2, "|"), "|")
			in := &largest{r: longLine(k.head+k.record(1, "x")+"\n"+before, size, after+"\n"+k.record(3, "x")+"\n")}
			events, defects := readInput(t, k.format, activity.Input{Content: in, MaxRecord: 1 << 20})
			require.Equal(t, "1 3", secondsOf(events))
			require.Len(t, defects, 1)
			require.Equal(t, activity.ReasonTooLong, defects[0].Reason)
			require.EqualValues(t, len(k.head+k.record(1, "x"))+1, defects[0].Raw.Offset)
			require.InDelta(t, len(before)+size+len(after), defects[0].Raw.Length, 1, "with the line end or without")
			require.Less(t, in.asked, 4<<20, "the buffer grew with the line")
		})
	}
}

// An entry that is delivered again is counted once and reported, by the identity that the source gave it.
func TestBadInputDeliveredTwice(t *testing.T) {
	t.Parallel()
	for _, k := range badInputKinds() {
		a, b := k.record(1, "x"), k.record(2, "x")
		file := k.head + a + "\n" + b + "\n" + a + "\n" + b + "\n" + a + "\n"
		if k.unnamed {
			requireDeduped(t, k.format, file, 5, 0)
			continue
		}
		requireDeduped(t, k.format, file, 2, 3)
	}
}

// A compressed file that grows beyond measure is left where it does so, in bounded memory and with a reason of its own. What
// was read before counts. The test does not run beside others, because it looks at what is allocated.
func TestBombsAreBounded(t *testing.T) {
	const grown = 600 << 20
	for name, pack := range map[string]func(t testing.TB, data string) []byte{"gzip": gzipped, "zstd": func(t testing.TB, data string) []byte { return zstded(t, []byte(data)) }} {
		block := pack(t, strings.Repeat("x", 4<<20))
		z := *bytes.NewBuffer(pack(t, entry("a")+"\n"+`{"eventID":"long","x":"`))
		for range grown / (4 << 20) {
			z.Write(block)
		}
		z.Write(pack(t, `"}`+"\n"+entry("b")+"\n"))
		require.Less(t, z.Len(), grown/200, name)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		events, defects := readInput(t, activity.FormatCloudTrail, activity.Input{Content: bytes.NewReader(z.Bytes()), MaxRecord: 1 << 20})
		runtime.ReadMemStats(&after)
		require.Equal(t, "a", ids(events), name)
		require.Len(t, defects, 2, name)
		require.Equal(t, []activity.Reason{activity.ReasonTooLong, activity.ReasonExpansion}, []activity.Reason{defects[0].Reason, defects[1].Reason}, name)
		require.GreaterOrEqual(t, defects[1].Raw.Offset, int64(256<<20), name)
		require.Less(t, defects[1].Raw.Offset, int64(grown), "%s: the rest is not read", name)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), "%s: all that was ever allocated on the way", name)
	}
}
