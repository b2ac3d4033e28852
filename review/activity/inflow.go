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

	explain func(error) string // what is wrong with a compression that is not gzip
}

// watched remembers the error of a reader, because a decompressor above it may pass on its own instead.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// newInflow looks at the first bytes and puts the decompressor between that they ask for.
func newInflow(r io.Reader) *inflow {
	f := &inflow{file: watched{r: r}}
	head := bufio.NewReaderSize(&f.file, 64<<10)
	f.r = head
	if magic, _ := head.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(head)
		if err != nil {
			f.damaged(err)
			f.r = spent{f.file.err}
			return f
		}
		f.r = z
	} else if z, err := zstdReader(head); z != nil || err != nil {
		f.explain, f.r = zstdDamage, z
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
	switch {
	case f.explain != nil:
		f.damage = f.explain(err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		f.damage = "the gzip stream ends in the middle"
	case errors.Is(err, gzip.ErrChecksum):
		f.damage = "the gzip checksum does not match"
	default:
		f.damage = "the gzip stream is damaged"
	}
}

// Read returns io.EOF where the bytes end, also where damage ends them.
func (f *inflow) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	f.damaged(err)
	if f.file.err != nil {
		return n, f.file.err
	}
	return n, io.EOF
}
