package activity

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
)

// errBehind says that something else stands behind a compressed stream.
var errBehind = errors.New("bytes behind the stream")

// gzipped reports whether the next bytes are the first of a gzip stream.
func gzipped(head *bufio.Reader) bool {
	magic, _ := head.Peek(2)
	return len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b
}

// gunzip reads gzip streams behind each other, as [gzip.Reader] does. Other than it, it tells bytes that are none from a
// stream that ends in the middle, however few they are.
type gunzip struct {
	head *bufio.Reader
	z    *gzip.Reader
}

func newGunzip(head *bufio.Reader) (*gunzip, error) {
	head = bufio.NewReaderSize(head, 64<<10)
	z, err := gzip.NewReader(head)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &gunzip{head, z}, nil
}

func (g *gunzip) Read(p []byte) (int, error) {
	for {
		n, err := g.z.Read(p)
		if n > 0 && err == io.EOF {
			err = nil // it comes again
		}
		if n > 0 || err != io.EOF {
			return n, err
		}
		switch _, err := g.head.Peek(1); {
		case errors.Is(err, io.EOF):
			return 0, io.EOF
		case err != nil:
			return 0, err
		case !gzipped(g.head):
			if b, _ := g.head.Peek(2); len(b) == 1 && b[0] == 0x1f {
				return 0, io.ErrUnexpectedEOF
			}
			return 0, errBehind
		}
		if err := g.z.Reset(g.head); err != nil {
			return 0, err
		}
		g.z.Multistream(false)
	}
}
