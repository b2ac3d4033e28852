package detect

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Digests says what was recorded of the files of a source when it was reviewed. It belongs to the product; a review's
// record holds it, and [ReadDigests] builds one.
type Digests interface {
	// Recorded returns the digest and the size of a file, and false if none was recorded.
	Recorded(source, file string) (sum hipaasmp.Digest, size int64, recorded bool)
	// Digest identifies what was recorded, see [Terminations].
	Digest() hipaasmp.Digest
}

// DigestList answers from a list. It is built once and not changed.
type DigestList struct {
	files  map[clockKey]fileDigest
	digest hipaasmp.Digest
}

type fileDigest struct {
	Size   int64           `json:"size"`
	SHA256 hipaasmp.Digest `json:"sha256"`
}

var _ Digests = (*DigestList)(nil)

// ReadDigests reads a list from CSV with the columns source, file, sha256 and size (all required). The error is a
// [*TableError] with every fault, or the reader's own.
func ReadDigests(in io.Reader, o TableOptions) (*DigestList, error) {
	l := &DigestList{files: map[clockKey]fileDigest{}}
	digest, err := readTable("digests", in, o, []string{"source", "file", "sha256", "size"}, 4, func(t *table) {
		size, _ := t.number(3, 0, 1<<53)
		d := fileDigest{Size: int64(size), SHA256: hipaasmp.Digest(t.text(2))}
		if !isDigest(d.SHA256) {
			t.fault(2, "is %q; write 64 lower-case hexadecimal digits", plain(string(d.SHA256)))
		}
		l.files[clockKey{t.text(0), t.text(1)}] = d
	})
	if err != nil {
		return nil, err
	}
	l.digest = digest
	return l, nil
}

func isDigest(d hipaasmp.Digest) bool {
	for i := range len(d) {
		if c := d[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(d) == 64
}

// Recorded returns what was recorded of a file.
func (l *DigestList) Recorded(source, file string) (sum hipaasmp.Digest, size int64, recorded bool) {
	d, ok := l.files[clockKey{source, file}]
	return d.SHA256, d.Size, ok
}

// Digest identifies the list.
func (l *DigestList) Digest() hipaasmp.Digest { return l.digest }

// DigestMismatch finds files whose bytes are no longer those that were reviewed: C6. It needs what [Scan] gives it of every
// file. One finding is one file.
type DigestMismatch struct {
	// Digests says what was recorded. Without it nothing is found.
	Digests Digests
}

// Describe returns what a review records of the detector.
func (d DigestMismatch) Describe() Description {
	return Description{
		ID: IDDigestMismatch, Version: 1, Title: "File whose bytes are no longer those that were reviewed",
		Parameters:     known("digests", d.Digests),
		FalsePositives: "A file that was restored from a backup, packed anew, or cut at another place.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAuditControls},
	}
}

// digestState keeps the files that were read, each with all the bytes that it was read with.
type digestState struct {
	DigestMismatch
	files map[clockKey]map[fileDigest]bool
}

func (s *digestState) add(*met) {}

func (s *digestState) file(source string, f ScannedFile) {
	s.put(clockKey{plain(source), plain(f.Name)}, fileDigest{f.Size, f.SHA256})
}

func (s *digestState) put(k clockKey, d fileDigest) {
	if s.files[k] == nil {
		s.files[k] = map[fileDigest]bool{}
	}
	s.files[k][d] = true
}

func (s *digestState) merge(other *digestState) {
	for k, set := range other.files {
		for d := range set {
			s.put(k, d)
		}
	}
}

type digestWritten struct {
	Source string       `json:"source"`
	File   string       `json:"file"`
	Read   []fileDigest `json:"read"`
}

func (s *digestState) written() any {
	out := []digestWritten{}
	for k, set := range s.files {
		out = append(out, digestWritten{k.source, k.file, slices.SortedFunc(maps.Keys(set), func(a, b fileDigest) int {
			return cmp.Or(cmp.Compare(a.SHA256, b.SHA256), cmp.Compare(a.Size, b.Size))
		})})
	}
	slices.SortFunc(out, func(a, b digestWritten) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.File, b.File))
	})
	return out
}

func (s *digestState) read(data []byte) bool {
	var in []digestWritten
	if !strict(data, &in) || in == nil {
		return false
	}
	for _, w := range in {
		if !isPlain(w.Source) || !isPlain(w.File) || len(w.Read) == 0 {
			return false
		}
		for _, d := range w.Read {
			if d.Size < 0 || !isDigest(d.SHA256) {
				return false
			}
			s.put(clockKey{w.Source, w.File}, d)
		}
	}
	return true
}

func (s *digestState) find(desc Description) []Finding {
	if s.Digests == nil {
		return nil
	}
	var out []Finding
	for _, w := range s.written().([]digestWritten) {
		sum, size, recorded := s.Digests.Recorded(w.Source, w.File)
		if !recorded {
			continue
		}
		for _, d := range w.Read {
			if d.SHA256 == sum && d.Size == size {
				continue
			}
			out = append(out, desc.finding("file "+string(d.SHA256), SeverityHigh, "", []EventRef{{Source: w.Source, Raw: activity.Raw{File: w.File, Length: d.Size}}},
				fmt.Sprintf("%s has %d bytes with SHA-256 %s", w.File, d.Size, d.SHA256),
				fmt.Sprintf("when it was reviewed it had %d bytes with SHA-256 %s", size, sum)))
		}
	}
	return out
}

func (d DigestMismatch) rule() summarise[*digestState] {
	return summarise[*digestState]{d.Describe(), func() *digestState { return &digestState{DigestMismatch: d, files: map[clockKey]map[fileDigest]bool{}} }}
}

// New returns the state of no events.
func (d DigestMismatch) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d DigestMismatch) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
