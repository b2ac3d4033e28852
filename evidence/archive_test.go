package evidence

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// rawFile is a file of an archive that is put together by hand, against every rule if need be.
type rawFile struct {
	name string
	data []byte
	// packed replaces the packed data, change the headers.
	packed []byte
	change func(h *fileHeader)
	local  func(b []byte)
	dir    func(b []byte)
}

func deflated(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, deflateLevel)
	require.NoError(t, err)
	_, err = w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// rawArchive writes files in the order given, without asking whether they may.
func rawArchive(t testing.TB, files ...rawFile) []byte {
	t.Helper()
	var b, dir bytes.Buffer
	for _, f := range files {
		packed := f.packed
		if packed == nil {
			packed = deflated(t, f.data)
		}
		h := fileHeader{name: f.name, offset: int64(b.Len()), packed: int64(len(packed)), size: int64(len(f.data)), crc: crc32.ChecksumIEEE(f.data)}
		if f.change != nil {
			f.change(&h)
		}
		local, central := h.local(), h.central()
		if f.local != nil {
			f.local(local)
		}
		if f.dir != nil {
			f.dir(central)
		}
		b.Write(local)
		b.Write(packed)
		b.Write(h.descriptor())
		dir.Write(central)
	}
	end := archiveEnd(int64(len(files)), int64(b.Len()), int64(dir.Len()))
	b.Write(dir.Bytes())
	b.Write(end)
	return b.Bytes()
}

func openRaw(data []byte, l Limits) (*archive, error) {
	return openArchive(bytes.NewReader(data), int64(len(data)), l.withDefaults())
}

// readAll opens an archive and reads all of it.
func readAll(data []byte, l Limits) error {
	a, err := openRaw(data, l)
	if err != nil {
		return err
	}
	for _, f := range a.files {
		if err := a.read(f.name, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }); err != nil {
			return err
		}
	}
	return nil
}

func TestHostileArchivesAreRefusedByType(t *testing.T) {
	t.Parallel()
	file := func(name string) rawFile { return rawFile{name: name, data: []byte("words")} }
	for _, c := range []struct {
		rule   string
		files  []rawFile
		limits Limits
		code   hipaasmp.FaultCode
		says   string
	}{
		{"a step up", []rawFile{file("../evil")}, Limits{}, FaultName, "dot"},
		{"a step up inside", []rawFile{file("a/../../evil")}, Limits{}, FaultName, "dot"},
		{"an absolute path", []rawFile{file("/etc/passwd")}, Limits{}, FaultName, "absolute"},
		{"a drive", []rawFile{file("C:/x")}, Limits{}, FaultName, "character"},
		{"a backslash", []rawFile{file(`a\..\b`)}, Limits{}, FaultName, "character"},
		{"a zero byte", []rawFile{file("a\x00.txt")}, Limits{}, FaultName, "character"},
		{"no name", []rawFile{file("")}, Limits{}, FaultName, "empty"},
		{"a folder as a file", []rawFile{file("a/")}, Limits{}, FaultName, "empty step"},
		{"a device", []rawFile{file("NUL.txt")}, Limits{}, FaultName, "device"},
		{"letters that look alike", []rawFile{file("m\u0430nifest.json")}, Limits{}, FaultName, "character"},
		{"a name twice", []rawFile{file("a"), file("a")}, Limits{}, FaultName, "twice"},
		{"twins by case", []rawFile{file("A"), file("a")}, Limits{}, FaultName, "case"},
		{"twins by the case of a folder", []rawFile{file("A/b"), file("a/b")}, Limits{}, FaultName, "case"},
		{"a file and a folder", []rawFile{file("a"), file("a/b")}, Limits{}, FaultName, "file for a folder"},
		{"a folder and a file", []rawFile{file("a/b"), file("b"), file("A")}, Limits{}, FaultName, "file and a folder"},
		{"out of order", []rawFile{file("b"), file("a")}, Limits{}, FaultArchive, "out of order"},
		{"something after the manifest", []rawFile{file(fileManifest), file("z")}, Limits{}, FaultArchive, "out of order"},
		{"encryption", []rawFile{{name: "a", data: []byte("x"), dir: func(b []byte) { b[8] |= 1 }, local: func(b []byte) { b[6] |= 1 }}}, Limits{}, FaultArchive, "encryption"},
		{"another method", []rawFile{{name: "a", data: []byte("x"), dir: func(b []byte) { b[10] = 12 }, local: func(b []byte) { b[8] = 12 }}}, Limits{}, FaultArchive, "method"},
		{"a file that is a link", []rawFile{{name: "a", data: []byte("x"), dir: func(b []byte) { b[41] = 0xa1 }}}, Limits{}, FaultArchive, "attribute"},
		{"a time", []rawFile{{name: "a", data: []byte("x"), dir: func(b []byte) { b[12] = 1 }}}, Limits{}, FaultArchive, "time"},
		{"another place", []rawFile{{name: "a", data: []byte("x"), dir: func(b []byte) { b[42] = 9 }}}, Limits{}, FaultArchive, "place"},
		{"two files in one place", []rawFile{file("a"), {name: "b", data: []byte("words"), change: func(h *fileHeader) { h.offset = 0 }}}, Limits{}, FaultArchive, "place"},
		{"two names for one file", []rawFile{{name: "a", data: []byte("x"), local: func(b []byte) { b[30] = 'b' }}}, Limits{}, FaultArchive, "two ways"},
		{"two sizes for one file", []rawFile{{name: "a", data: []byte("x"), local: func(b []byte) { b[22] = 1 }}}, Limits{}, FaultArchive, "two ways"},
		{"a wrong checksum", []rawFile{{name: "a", data: []byte("x"), change: func(h *fileHeader) { h.crc++ }}}, Limits{}, FaultArchive, "checksum"},
		{"more than it says", []rawFile{{name: "a", data: []byte("xyz"), change: func(h *fileHeader) { h.size = 2 }}}, Limits{}, FaultArchive, "size"},
		{"less than it says", []rawFile{{name: "a", data: []byte("xyz"), change: func(h *fileHeader) { h.size = 4 }}}, Limits{}, FaultArchive, "size"},
		{"packed data that is none", []rawFile{{name: "a", data: []byte("xyz"), packed: []byte{0xff, 0xff}}}, Limits{}, FaultArchive, "unpacked"},
		{"packed data that ends early", []rawFile{{name: "a", data: []byte("xyz"), packed: []byte{0x00}}}, Limits{}, FaultArchive, "unpacked"},
		{"something behind the packed data", []rawFile{{name: "a", data: []byte("xyz"), packed: append(deflated(t, []byte("xyz")), 0)}}, Limits{}, FaultArchive, "size"},
		{"a bomb", []rawFile{{name: "a", data: make([]byte, 2<<20)}}, Limits{}, FaultLimit, "unpack"},
		{"a bomb that denies it", []rawFile{{name: "a", data: make([]byte, 2<<20), change: func(h *fileHeader) { h.size = 10 }}}, Limits{}, FaultArchive, "size"},
		{"a file beyond the limit", []rawFile{file("a")}, Limits{File: 4}, FaultLimit, "5"},
		{"files beyond the limit", []rawFile{file("a"), file("b")}, Limits{Total: 9}, FaultLimit, "the whole"},
		{"more files than the limit", []rawFile{file("a"), file("b")}, Limits{Files: 1}, FaultLimit, "2 files"},
		{"no file", nil, Limits{}, FaultArchive, "empty"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			err := readAll(rawArchive(t, c.files...), c.limits)
			var ae *ArchiveError
			require.ErrorAs(t, err, &ae)
			require.Equal(t, c.code, ae.Code, "%v", err)
			require.Contains(t, err.Error(), c.says)
		})
	}
	require.NoError(t, readAll(rawArchive(t, file("a"), file("b/c"), file(fileManifest)), Limits{}), "the builder itself is sound")
}

// TestArchivesOfOtherProgramsAreRefused: the same content in another dress is not the bytes that were signed for.
func TestArchivesOfOtherProgramsAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	files := contents(t, h.write(h.options()))
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	_, err := verify(b.Bytes(), VerifyOptions{}, h.signer.VerifierKey())
	requireFinding(t, err, LevelArchive, FaultArchive, "directory entry that no package has")
}

func TestAHugeDirectoryIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, offset, size int64 }{
		{1 << 40, 0, 100}, {math.MaxInt64, 0, 0}, {1, math.MaxInt64, 1}, {1, 0, math.MaxInt64}, {max16 + 5, 0, 0}, {3, 0, 46},
	} {
		end := archiveEnd(c.n, c.offset, c.size)
		data := append(make([]byte, 200), end...)
		var ae *ArchiveError
		require.ErrorAs(t, readAll(data, Limits{}), &ae)
	}
}

// TestABombCostsLittle: a package that would unpack to gigabytes is refused from its directory.
func TestABombCostsLittle(t *testing.T) {
	bomb := rawArchive(t, rawFile{name: "a", data: make([]byte, 32<<20)})
	lying := rawArchive(t, rawFile{name: "a", data: make([]byte, 32<<20), change: func(h *fileHeader) { h.size = 100 }})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 10 {
		require.Error(t, readAll(bomb, Limits{}))
		require.Error(t, readAll(lying, Limits{}))
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
}

// TestLargeArchivesUse64Bits checks the records for sizes that no test can write.
func TestLargeArchivesUse64Bits(t *testing.T) {
	t.Parallel()
	for _, h := range []fileHeader{
		{name: "a", offset: 5 << 32, packed: 10, size: 20, crc: 7},
		{name: "a", offset: 1, packed: 5 << 32, size: 6 << 32, crc: 7},
		{name: "a", offset: max32, packed: max32, size: max32},
		{name: "a", offset: max32 - 1, packed: max32 - 1, size: max32 - 1},
	} {
		got, err := readCentral(newReader(h.central()), h.offset)
		require.NoError(t, err)
		require.Equal(t, h, got)
	}
	// More files than 16 bits can count: our writer, our reader and another program's agree.
	var b bytes.Buffer
	a, err := newArchiveWriter(&b)
	require.NoError(t, err)
	const n = max16 + 10
	for i := range n {
		_, err := a.file(fmt.Sprintf("f%06d", i), verbatim(nil))
		require.NoError(t, err)
	}
	require.NoError(t, a.close())
	ours, err := openRaw(b.Bytes(), Limits{})
	require.NoError(t, err)
	require.Len(t, ours.files, n)
	theirs, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.NoError(t, err)
	require.Len(t, theirs.File, n)
	for _, flip := range []int{b.Len() - 30, b.Len() - 50, b.Len() - 90, b.Len() - 10} {
		broken := bytes.Clone(b.Bytes())
		broken[flip] ^= 4
		_, err := openRaw(broken, Limits{})
		require.Error(t, err)
	}
}

func TestWriterRefusesWhatTheReaderWould(t *testing.T) {
	t.Parallel()
	a, err := newArchiveWriter(io.Discard)
	require.NoError(t, err)
	for _, name := range []string{"", "../x", "con"} {
		_, err := a.file(name, verbatim(nil))
		require.Error(t, err)
	}
	_, err = a.file("a", verbatim(nil))
	require.NoError(t, err)
	_, err = a.file("A", verbatim(nil))
	require.Error(t, err)
	broken := errors.New("broken")
	_, err = a.file("b", func(io.Writer) error { return broken })
	require.ErrorIs(t, err, broken)
	_, err = a.file("c", verbatim(nil))
	require.ErrorIs(t, err, broken, "what was begun cannot be taken back")
	require.ErrorIs(t, a.close(), broken)
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		files := rapid.MapOfN(rapid.StringMatching(`[a-z]{1,6}[0-9]`), rapid.SliceOf(rapid.Byte()), 1, 8).Draw(t, "files")
		var b bytes.Buffer
		a, err := newArchiveWriter(&b)
		require.NoError(t, err)
		digests := map[string]hipaasmp.Digest{}
		for _, name := range sortedNames(files) {
			digests[name], err = a.file(name, verbatim(files[name]))
			require.NoError(t, err)
		}
		require.NoError(t, a.close())
		requireSameContents(t, files, b.Bytes())
		for name, data := range files {
			require.Equal(t, hipaasmp.DigestOf(data), digests[name])
		}
	})
}

func TestLinesAreRead(t *testing.T) {
	t.Parallel()
	read := func(s string) (n int, err error) {
		err = eachLine(strings.NewReader(s), func(_ int, l consistencyLine) error { n++; return nil })
		return n, err
	}
	n, err := read("")
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = read(`{"checkpoint":"a"}` + "\n" + `{"checkpoint":"b"}` + "\n")
	require.NoError(t, err)
	require.Equal(t, 2, n)
	for _, c := range []struct{ text, says string }{
		{`{"checkpoint":"a"}`, "line 1 has no end"}, {"\n", "line 1 is not"}, {`{"checkpoint": "a"}` + "\n", "canonical"}, {`{"checkpoint":"a","checkpoint":"b"}` + "\n", "canonical"},
		{`{"checkpoint":"a","more":1}` + "\n", "line 1"}, {`{"checkpoint":"a","proof":[]}` + "\n", "line 1"}, {"[]\n", "line 1"},
		{`{"checkpoint":"` + strings.Repeat("a", longestLine) + `"}` + "\n", "longer than any line"},
	} {
		_, err := read(c.text)
		require.ErrorContains(t, err, c.says)
	}
}
