package evidence

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Limits bound what is read from a package, so that a hostile one costs little. The zero value of each field stands
// for the default.
type Limits struct {
	// Files is the most files in a package. Default 1,048,576.
	Files int
	// File is the most bytes of one file, unpacked. Default 4 GiB.
	File int64
	// Total is the most bytes of all files, unpacked. Default 64 GiB.
	Total int64
	// Ratio is the most bytes that a packed byte may become, for files of more than 1 MiB. Default 250.
	Ratio int64
	// Manifest is the most bytes of the manifest, which is read whole. Default 64 MiB, which
	// lists about three hundred thousand files.
	Manifest int64
	// Entries is the most ledger entries; each costs about four hundred bytes of memory. Default 2,097,152.
	Entries int
	// Findings is the most findings that each level reports. Default 100.
	Findings int
}

func (l Limits) withDefaults() Limits {
	set := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	if l.Files <= 0 {
		l.Files = 1 << 20
	}
	if l.Entries <= 0 {
		l.Entries = 1 << 21
	}
	if l.Findings <= 0 {
		l.Findings = 100
	}
	set(&l.File, 4<<30)
	set(&l.Total, 64<<30)
	set(&l.Ratio, 250)
	set(&l.Manifest, 64<<20)
	return l
}

// ratioFrom is the size above which a file must not be packed too well.
const ratioFrom = 1 << 20

// ArchiveError says why something is not read as a package: it is no archive of the exact form, holds an unsafe name,
// or goes beyond a limit.
type ArchiveError struct {
	// Code is FaultArchive, FaultName or FaultLimit.
	Code hipaasmp.FaultCode
	// File is the file in the archive, where one is concerned.
	File string
	// Reason says what is wrong.
	Reason string
}

func (e *ArchiveError) Error() string {
	if e.File == "" {
		return fmt.Sprintf("evidence: %s: the archive %s", e.Code, e.Reason)
	}
	return fmt.Sprintf("evidence: %s: %s %s", e.Code, clip(e.File), e.Reason)
}

// archive is a package that is open for reading.
type archive struct {
	r      io.ReaderAt
	limits Limits
	files  []fileHeader
	byName map[string]int
	// digests are those that the manifest lists, once it was read.
	digests map[string]hipaasmp.Digest
	// inflate is used again for each file; one file is read at a time.
	inflate io.ReadCloser
	buffer  *bufio.Reader
}

func archiveFault(format string, args ...any) *ArchiveError {
	return &ArchiveError{Code: FaultArchive, Reason: fmt.Sprintf(format, args...)}
}

// openArchive reads the directory and checks all of it. It reads no content yet.
func openArchive(r io.ReaderAt, size int64, limits Limits) (*archive, error) {
	n, dirOffset, dirSize, err := readEnd(r, size)
	if err != nil {
		return nil, err
	}
	switch {
	case n > int64(limits.Files):
		return nil, &ArchiveError{Code: FaultLimit, Reason: fmt.Sprintf("has %d files; the limit is %d", n, limits.Files)}
	case n == 0:
		return nil, archiveFault("is empty")
	case dirSize < n*centralSize || dirSize > n*(centralSize+longestName+extra64Size):
		return nil, archiveFault("has a directory of the wrong size")
	}
	a := &archive{r: r, limits: limits, byName: make(map[string]int, n), buffer: bufio.NewReader(nil)}
	dir := bufio.NewReaderSize(io.NewSectionReader(r, dirOffset, dirSize), 64<<10)
	names, end, total := newNameSet(), int64(0), int64(0)
	for i := range n {
		h, err := readCentral(dir, end)
		if err != nil {
			return nil, err
		}
		if why := badName(h.name); why != "" {
			return nil, &ArchiveError{Code: FaultName, File: h.name, Reason: "has an unsafe name: it " + why}
		}
		if why := names.add(h.name); why != "" {
			return nil, &ArchiveError{Code: FaultName, File: h.name, Reason: why}
		}
		if i > 0 && !inOrder(a.files[i-1].name, h.name) {
			return nil, &ArchiveError{Code: FaultArchive, File: h.name, Reason: "is out of order"}
		}
		if total += h.size; h.size > limits.File || total > limits.Total || h.size > ratioFrom && h.size/limits.Ratio > h.packed {
			return nil, &ArchiveError{Code: FaultLimit, File: h.name, Reason: fmt.Sprintf("would unpack %d bytes to %d, or the whole to more than is allowed", h.packed, h.size)}
		}
		end = h.end()
		a.byName[h.name] = len(a.files)
		a.files = append(a.files, h)
	}
	if _, err := dir.ReadByte(); err != io.EOF || end != dirOffset {
		return nil, archiveFault("has something between its files and its directory, or a directory that is too long")
	}
	return a, nil
}

// inOrder reports whether b may follow a.
func inOrder(a, b string) bool { return a != fileManifest && (b == fileManifest || a < b) }

// readEnd finds the directory from the closing records, which must be the last bytes.
func readEnd(r io.ReaderAt, size int64) (n, dirOffset, dirSize int64, err error) {
	if size < endSize {
		return 0, 0, 0, archiveFault("is too short to be one")
	}
	tail := make([]byte, min(size, endSize+locatorSize+end64Size))
	if err := readAt(r, tail, size-int64(len(tail))); err != nil {
		return 0, 0, 0, err
	}
	le := binary.LittleEndian
	end := tail[len(tail)-endSize:]
	if le.Uint32(end) != endSignature {
		return 0, 0, 0, archiveFault("does not end as a package does; it is cut off, or something was appended")
	}
	n, dirSize, dirOffset = int64(le.Uint16(end[10:])), int64(le.Uint32(end[12:])), int64(le.Uint32(end[16:]))
	records := int64(endSize)
	if n == max16 && dirSize == max32 && dirOffset == max32 {
		records = endSize + locatorSize + end64Size
		if int64(len(tail)) < records {
			return 0, 0, 0, archiveFault("is cut off before its end")
		}
		n, dirSize, dirOffset = int64(le.Uint64(tail[32:])), int64(le.Uint64(tail[40:])), int64(le.Uint64(tail[48:]))
	}
	if n < 0 || dirSize < 0 || dirOffset < 0 || dirSize > size || dirOffset > size || dirOffset+dirSize != size-records {
		return 0, 0, 0, archiveFault("has a directory that is not where it says")
	}
	// Whatever else the closing records say, they must say it as this module writes it.
	if want := archiveEnd(n, dirOffset, dirSize); !bytes.Equal(want, tail[len(tail)-int(records):]) {
		return 0, 0, 0, archiveFault("has closing records that no package has")
	}
	return n, dirOffset, dirSize, nil
}

// readCentral reads the next entry of the directory, of a file that must begin at the given offset.
func readCentral(dir *bufio.Reader, offset int64) (fileHeader, error) {
	fixed := make([]byte, centralSize, centralSize+longestName+extra64Size)
	if _, err := io.ReadFull(dir, fixed); err != nil {
		return fileHeader{}, unreadable(err, "has a directory that is cut off")
	}
	le := binary.LittleEndian
	nameLen, extraLen := int(le.Uint16(fixed[28:])), int(le.Uint16(fixed[30:]))
	if nameLen > longestName || extraLen > extra64Size {
		return fileHeader{}, archiveFault("has a directory entry that no package has")
	}
	full := fixed[:centralSize+nameLen+extraLen]
	if _, err := io.ReadFull(dir, full[centralSize:]); err != nil {
		return fileHeader{}, unreadable(err, "has a directory that is cut off")
	}
	h := fileHeader{
		name: string(full[centralSize : centralSize+nameLen]), offset: offset, crc: le.Uint32(full[16:]),
		packed: int64(le.Uint32(full[20:])), size: int64(le.Uint32(full[24:])),
	}
	if extraLen == extra64Size {
		extra := full[centralSize+nameLen:]
		h.size, h.packed = int64(le.Uint64(extra[4:])), int64(le.Uint64(extra[12:]))
	}
	if h.size < 0 || h.packed < 0 || h.packed > 1<<56 || !bytes.Equal(full, h.central()) {
		return fileHeader{}, &ArchiveError{Code: FaultArchive, File: h.name, Reason: "has a directory entry that no package has: another place, method, time, attribute or an encryption"}
	}
	return h, nil
}

// unreadable tells an archive that ends early from a medium that fails.
func unreadable(err error, reason string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return archiveFault("%s", reason)
	}
	return fmt.Errorf("evidence: read the package: %w", err)
}

func readAt(r io.ReaderAt, p []byte, offset int64) error {
	if n, err := r.ReadAt(p, offset); n < len(p) {
		return unreadable(err, "is shorter than it says")
	}
	return nil
}

// fork returns a reader of the same archive that may read a file while a reads another.
func (a *archive) fork() *archive {
	f := *a
	f.inflate, f.buffer = nil, bufio.NewReader(nil)
	return &f
}

// has reports whether the archive has the file.
func (a *archive) has(name string) bool { _, ok := a.byName[name]; return ok }

// read calls use with the content of a file. Whatever use leaves unread is read and checked too: size, checksum, and
// that the packed data ends where it should. One file is read at a time.
func (a *archive) read(name string, use func(io.Reader) error) error {
	i, ok := a.byName[name]
	if !ok {
		return &ArchiveError{Code: FaultArchive, File: name, Reason: "is missing"}
	}
	h := a.files[i]
	damaged := func(reason string) error { return &ArchiveError{Code: FaultArchive, File: name, Reason: reason} }
	local := make([]byte, localSize+len(h.name))
	if err := readAt(a.r, local, h.offset); err != nil {
		return err
	}
	if !bytes.Equal(local, h.local()) {
		return damaged("is described in two ways; programs would disagree about it")
	}
	start := h.offset + int64(len(local))
	a.buffer.Reset(io.NewSectionReader(a.r, start, h.packed))
	if a.inflate == nil {
		a.inflate = flate.NewReader(a.buffer)
	} else if err := a.inflate.(flate.Resetter).Reset(a.buffer, nil); err != nil {
		return err
	}
	c := &checked{from: io.LimitReader(a.inflate, h.size+1), sum: crc32.NewIEEE()}
	if err := use(c); err != nil && c.err == nil {
		return err
	}
	if _, err := io.Copy(io.Discard, c); err != nil {
		var corrupt flate.CorruptInputError
		if errors.As(err, &corrupt) || errors.Is(err, io.ErrUnexpectedEOF) {
			return damaged("cannot be unpacked")
		}
		return fmt.Errorf("evidence: read the package: %w", err)
	}
	if _, err := a.buffer.ReadByte(); err != io.EOF || c.n != h.size || c.sum.Sum32() != h.crc {
		return damaged("does not have the size or the checksum that the archive gives")
	}
	tail := h.descriptor()
	got := make([]byte, len(tail))
	if err := readAt(a.r, got, start+h.packed); err != nil {
		return err
	}
	if !bytes.Equal(got, tail) {
		return damaged("is described in two ways; programs would disagree about it")
	}
	return nil
}

// checked counts and sums what is read through it, and remembers why reading ended.
type checked struct {
	from io.Reader
	sum  interface {
		io.Writer
		Sum32() uint32
	}
	n   int64
	err error
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.sum.Write(p[:n])
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// bytes returns a whole file of at most limit bytes.
func (a *archive) bytes(name string, limit int64) ([]byte, error) {
	i, ok := a.byName[name]
	if !ok {
		return nil, &ArchiveError{Code: FaultArchive, File: name, Reason: "is missing"}
	}
	if size := a.files[i].size; size > limit {
		return nil, &ArchiveError{Code: FaultLimit, File: name, Reason: fmt.Sprintf("has %d bytes; the limit is %d", size, limit)}
	}
	var b bytes.Buffer
	err := a.read(name, func(r io.Reader) error {
		_, err := b.ReadFrom(r)
		return err
	})
	return b.Bytes(), err
}

// under lists the files in a folder, in order.
func (a *archive) under(folder string) []string {
	var out []string
	for _, h := range a.files {
		if len(h.name) > len(folder) && h.name[:len(folder)] == folder {
			out = append(out, h.name)
		}
	}
	return slices.Clip(out)
}
