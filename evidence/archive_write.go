package evidence

import (
	"bufio"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// archiveWriter writes a package file by file. It keeps what the directory needs and no content.
type archiveWriter struct {
	out     *bufio.Writer
	offset  int64
	files   []fileHeader
	names   nameSet
	deflate *flate.Writer
	err     error
}

func newArchiveWriter(w io.Writer) (*archiveWriter, error) {
	fw, err := flate.NewWriter(io.Discard, deflateLevel)
	if err != nil {
		return nil, err
	}
	return &archiveWriter{out: bufio.NewWriterSize(w, 64<<10), names: newNameSet(), deflate: fw}, nil
}

// Write puts bytes into the archive and counts them.
func (a *archiveWriter) Write(p []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	n, err := a.out.Write(p)
	a.offset += int64(n)
	a.err = err
	return n, err
}

// content receives what a file holds, before compression.
type content struct {
	to     io.Writer
	crc    hash.Hash32
	digest hash.Hash
	size   int64
}

func (c *content) Write(p []byte) (int, error) {
	c.crc.Write(p)
	c.digest.Write(p)
	c.size += int64(len(p))
	return c.to.Write(p)
}

// file adds one file whose content fill writes, and returns the digest of the content. Names come in byte order, the
// manifest last.
func (a *archiveWriter) file(name string, fill func(io.Writer) error) (hipaasmp.Digest, error) {
	if a.err != nil {
		return "", a.err
	}
	if why := badName(name); why != "" {
		return "", fmt.Errorf("evidence: file name %q %s", name, why)
	}
	if why := a.names.add(name); why != "" {
		return "", fmt.Errorf("evidence: file name %q %s", name, why)
	}
	h := fileHeader{name: name, offset: a.offset}
	if _, err := a.Write(h.local()); err != nil {
		return "", err
	}
	began := a.offset
	a.deflate.Reset(a)
	c := &content{to: a.deflate, crc: crc32.NewIEEE(), digest: sha256.New()}
	if err := fill(c); err != nil {
		a.err = err // what was begun cannot be taken back
		return "", err
	}
	if err := a.deflate.Close(); err != nil {
		return "", err
	}
	h.packed, h.size, h.crc = a.offset-began, c.size, c.crc.Sum32()
	if _, err := a.Write(h.descriptor()); err != nil {
		return "", err
	}
	a.files = append(a.files, h)
	return hipaasmp.Digest(hex.EncodeToString(c.digest.Sum(nil))), nil
}

// close writes the directory. The writer underneath stays open.
func (a *archiveWriter) close() error {
	dirOffset := a.offset
	for _, h := range a.files {
		if _, err := a.Write(h.central()); err != nil {
			return err
		}
	}
	if _, err := a.Write(archiveEnd(int64(len(a.files)), dirOffset, a.offset-dirOffset)); err != nil {
		return err
	}
	return a.out.Flush()
}
