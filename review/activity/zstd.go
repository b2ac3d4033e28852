package activity

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

// zstdWindow is the most memory that a stream may ask for to look back on: what level 20 of the reference program asks
// for. A stream that asks for more is refused, because memory is bounded whatever the file holds.
const zstdWindow = 32 << 20

// zstdReader returns the decompressor of a zstd stream, or nil where the first bytes are not those of one. It starts no
// goroutine, so it need not be closed.
func zstdReader(head *bufio.Reader) (io.Reader, error) {
	magic, _ := head.Peek(4)
	frame := bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd})
	skipped := len(magic) == 4 && magic[0]&0xf0 == 0x50 && bytes.Equal(magic[1:], []byte{0x2a, 0x4d, 0x18}) // a frame of something else before it
	if !frame && !skipped {
		return nil, nil
	}
	return zstd.NewReader(head, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow))
}

// zstdDamage says what is wrong with a zstd stream.
func zstdDamage(err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the zstd stream ends in the middle, or up to three bytes that are none stand behind it"
	case errors.Is(err, zstd.ErrMagicMismatch): // of the first frame it was looked at before
		return "what stands behind the zstd stream is none; all of the stream was read"
	case errors.Is(err, zstd.ErrCRCMismatch):
		return "the zstd checksum does not match"
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return "the zstd stream asks for more than 32 MiB to look back on; compress it again without --long or --ultra"
	}
	return "the zstd stream is damaged"
}
