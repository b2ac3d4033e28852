package evidence

import (
	"encoding/binary"
	"strings"
)

// A package is a ZIP archive in one exact form, so that the same content gives the same bytes and no byte of it is
// without meaning: no comment, no extra field but ZIP64 where a number needs it, no times, no attributes, every file
// deflated and followed by a data descriptor, files in byte order of their names with the manifest last, and nothing
// before, between or behind. Any ZIP program reads it. The reader of this package accepts only that form: programs
// disagree about archives whose two directories differ, and an archive that shows one program something else than
// another is no evidence.

const (
	localSignature      = 0x04034b50
	descriptorSignature = 0x08074b50
	centralSignature    = 0x02014b50
	end64Signature      = 0x06064b50
	locatorSignature    = 0x07064b50
	endSignature        = 0x06054b50

	localSize        = 30
	descriptorSize   = 16
	descriptor64Size = 24
	centralSize      = 46
	extra64Size      = 4 + 3*8
	end64Size        = 56
	locatorSize      = 20
	endSize          = 22

	zipVersion   = 20
	zipVersion64 = 45
	// flagDescriptor says that sizes and checksum follow the data.
	flagDescriptor = 1 << 3
	methodDeflate  = 8
	// The date of every file is 1 January 1980, the first that the format has.
	zeroDate = 1<<5 | 1
	zeroTime = 0

	max16 = 1<<16 - 1
	max32 = 1<<32 - 1

	// deflateLevel is fixed: the bytes of an archive depend on it.
	deflateLevel = 6
	// longestName bounds a path in the archive, longestSegment one step of it.
	longestName    = 512
	longestSegment = 200
)

// fileHeader is one file of an archive, as its directory describes it.
type fileHeader struct {
	name   string
	offset int64
	packed int64
	size   int64
	crc    uint32
}

// large reports whether the sizes of the file need 64 bits.
func (h fileHeader) large() bool { return h.packed >= max32 || h.size >= max32 }

// local returns the header before the file's data.
func (h fileHeader) local() []byte {
	b := make([]byte, 0, localSize+len(h.name))
	le := binary.LittleEndian
	b = le.AppendUint32(b, localSignature)
	b = le.AppendUint16(b, zipVersion)
	b = le.AppendUint16(b, flagDescriptor)
	b = le.AppendUint16(b, methodDeflate)
	b = le.AppendUint16(b, zeroTime)
	b = le.AppendUint16(b, zeroDate)
	b = append(b, make([]byte, 12)...) // checksum and sizes come in the descriptor
	b = le.AppendUint16(b, uint16(len(h.name)))
	b = le.AppendUint16(b, 0)
	return append(b, h.name...)
}

// descriptor returns what follows the file's data.
func (h fileHeader) descriptor() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, descriptorSignature)
	b = le.AppendUint32(b, h.crc)
	if h.large() {
		b = le.AppendUint64(b, uint64(h.packed))
		return le.AppendUint64(b, uint64(h.size))
	}
	b = le.AppendUint32(b, uint32(h.packed))
	return le.AppendUint32(b, uint32(h.size))
}

// central returns the file's entry in the directory.
func (h fileHeader) central() []byte {
	le := binary.LittleEndian
	wide := h.large() || h.offset >= max32
	version, extra := uint16(zipVersion), uint16(0)
	packed, size, offset := uint32(h.packed), uint32(h.size), uint32(h.offset)
	if wide {
		version, extra = zipVersion64, extra64Size
		packed, size, offset = max32, max32, max32
	}
	b := make([]byte, 0, centralSize+len(h.name)+int(extra))
	b = le.AppendUint32(b, centralSignature)
	b = le.AppendUint16(b, version)
	b = le.AppendUint16(b, version)
	b = le.AppendUint16(b, flagDescriptor)
	b = le.AppendUint16(b, methodDeflate)
	b = le.AppendUint16(b, zeroTime)
	b = le.AppendUint16(b, zeroDate)
	b = le.AppendUint32(b, h.crc)
	b = le.AppendUint32(b, packed)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(h.name)))
	b = le.AppendUint16(b, extra)
	b = append(b, make([]byte, 10)...) // comment, disk, attributes
	b = le.AppendUint32(b, offset)
	b = append(b, h.name...)
	if wide {
		b = le.AppendUint16(b, 1)
		b = le.AppendUint16(b, extra64Size-4)
		b = le.AppendUint64(b, uint64(h.size))
		b = le.AppendUint64(b, uint64(h.packed))
		b = le.AppendUint64(b, uint64(h.offset))
	}
	return b
}

// end is the position where the next file, or the directory, begins.
func (h fileHeader) end() int64 {
	tail := int64(descriptorSize)
	if h.large() {
		tail = descriptor64Size
	}
	return h.offset + localSize + int64(len(h.name)) + h.packed + tail
}

// archiveEnd returns the closing records for a directory of n files.
func archiveEnd(n, dirOffset, dirSize int64) []byte {
	le := binary.LittleEndian
	var b []byte
	files, size, offset := uint16(n), uint32(dirSize), uint32(dirOffset)
	if n >= max16 || dirSize >= max32 || dirOffset >= max32 {
		files, size, offset = max16, max32, max32
		b = le.AppendUint32(b, end64Signature)
		b = le.AppendUint64(b, end64Size-12)
		b = le.AppendUint16(b, zipVersion64)
		b = le.AppendUint16(b, zipVersion64)
		b = append(b, make([]byte, 8)...) // disks
		b = le.AppendUint64(b, uint64(n))
		b = le.AppendUint64(b, uint64(n))
		b = le.AppendUint64(b, uint64(dirSize))
		b = le.AppendUint64(b, uint64(dirOffset))
		b = le.AppendUint32(b, locatorSignature)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, uint64(dirOffset+dirSize))
		b = le.AppendUint32(b, 1)
	}
	b = le.AppendUint32(b, endSignature)
	b = append(b, make([]byte, 4)...) // disks
	b = le.AppendUint16(b, files)
	b = le.AppendUint16(b, files)
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, offset)
	return le.AppendUint16(b, 0)
}

// badName says why a path may not stand in a package, or "". What is refused are names that a file system somewhere
// would take for something else: another folder, another file, a device.
func badName(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > longestName:
		return "is longer than 512 bytes"
	}
	for segment := range strings.SplitSeq(name, "/") {
		switch {
		case segment == "":
			return "is absolute or has an empty step"
		case segment[0] == '.' || segment[len(segment)-1] == '.':
			return "has a step that begins or ends with a dot"
		case len(segment) > longestSegment:
			return "has a step of more than 200 bytes"
		case isDevice(segment):
			return "has a step that is the name of a device"
		}
		for i := range len(segment) {
			if !nameByte(segment[i]) {
				return "has a character other than A-Z a-z 0-9 . _ - %"
			}
		}
	}
	return ""
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-' || c == '%'
}

// isDevice reports whether Windows takes a name for a device, with or without an ending.
func isDevice(segment string) bool {
	base, _, _ := strings.Cut(strings.ToLower(segment), ".")
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(base) == 4 && (base[:3] == "com" || base[:3] == "lpt") && base[3] >= '0' && base[3] <= '9'
}

// nameSet finds names that a file system could not keep apart: twins that differ in case only, and a file that is also
// a folder.
type nameSet struct {
	files   map[string]bool
	folders map[string]bool
}

func newNameSet() nameSet { return nameSet{files: map[string]bool{}, folders: map[string]bool{}} }

// add says why the name collides with an earlier one, or "".
func (s nameSet) add(name string) string {
	folded := strings.ToLower(name)
	if s.files[folded] {
		return "is there twice, or differs from another name in case only"
	}
	if s.folders[folded] {
		return "is a file and a folder"
	}
	s.files[folded] = true
	for i := range len(folded) {
		if folded[i] != '/' {
			continue
		}
		if s.files[folded[:i]] {
			return "has a file for a folder"
		}
		s.folders[folded[:i]] = true
	}
	return ""
}
