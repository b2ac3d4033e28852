package activity

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
)

// inflow is a file's bytes after decompression. It tells apart what went wrong: an error of the file itself, which
// ends the reading, and damage in the compressed stream, which is a defect like any other.
type inflow struct {
	file   watched
	r      io.Reader
	damage string // what is wrong with the compression, if anything
	reason Reason // of the damage

	explain func(error) string // what is wrong with a compression that is not gzip
	packed  bool               // the file is compressed
	out     int64              // how many bytes came out of it
	free    int64              // how many may before their number is compared with that of the file
}

const (
	// expansionFree is how much may come out of a compressed file whatever its length: 256 MiB, which is read in seconds.
	expansionFree = 256 << 20
	// expansionMost is how many times its length may come out of a longer one. Logs shrink to between a fifth and a
	// fiftieth; what shrinks to less than a two-hundredth was made to.
	expansionMost = 200
)

// watched remembers the error of a reader, because a decompressor above it may pass on its own instead.
type watched struct {
	r   io.Reader
	n   int64
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// newInflow looks at the first bytes and puts the decompressor between that they ask for.
func newInflow(r io.Reader) *inflow {
	f := &inflow{file: watched{r: r}, free: expansionFree}
	head := bufio.NewReader(&f.file) // long reads go past its buffer
	f.r = head
	if gzipped(head) {
		f.packed = true
		z, err := newGunzip(head)
		if err != nil {
			f.damaged(err)
			f.r = spent{f.file.err}
			return f
		}
		f.r = z
	} else if z, err := zstdReader(head); z != nil || err != nil {
		f.packed, f.explain, f.r = true, zstdDamage, z
		if err != nil {
			f.damaged(err)
			f.r = spent{f.file.err}
		}
	}
	return f
}

// spent is the rest of a file of which nothing can be read: its own error, or the end.
type spent struct{ err error }

func (s spent) Read([]byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	return 0, io.EOF
}

// damaged says what is wrong with the compression. Where the file itself failed, its error goes before.
func (f *inflow) damaged(err error) {
	f.reason = ReasonCompression
	switch {
	case f.explain != nil:
		f.damage = f.explain(err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		f.damage = "the gzip stream ends in the middle"
	case errors.Is(err, errBehind):
		f.damage = "what stands behind the gzip stream is none; all of the stream was read"
	case errors.Is(err, gzip.ErrChecksum):
		f.damage = "the gzip checksum does not match"
	default:
		f.damage = "the gzip stream is damaged"
	}
}

// Read returns io.EOF where the bytes end, also where damage ends them.
func (f *inflow) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if f.packed {
		if f.out += int64(n); f.out > f.free && f.out/expansionMost > f.file.n {
			f.damage, f.reason = "the compressed file grows to more than 200 times its length, as it would if it were made to do harm; if it is a log, decompress it first", ReasonExpansion
			f.r, f.packed = spent{}, false
			return n, io.EOF
		}
	}
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	f.damaged(err)
	if f.file.err != nil {
		return n, f.file.err
	}
	return n, io.EOF
}
