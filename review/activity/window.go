package activity

import (
	"bytes"
	"errors"
	"io"
)

// space passes over blanks and reports whether a byte follows.
func (f *framer) space() bool {
	for f.more() {
		for ; f.pos < len(f.buf); f.pos++ {
			if c := f.buf[f.pos]; c != ' ' && c != '\n' && c != '\r' && c != '\t' {
				return true
			}
		}
	}
	return false
}

func (f *framer) offset() int64 { return f.base + int64(f.pos) }

// keep begins to keep bytes, from the next one on, and returns its offset.
func (f *framer) keep() int64 {
	f.mark, f.deep = f.pos, false
	f.hold(f.offset())
	return f.offset()
}

// fits reports whether what began at start is within the limit up to here; then all of it is in memory.
func (f *framer) fits(start int64) bool { return f.offset()-start <= int64(f.limit) }

// kept returns the bytes between two offsets, or nil if they are no longer in memory.
func (f *framer) kept(from, to int64) []byte {
	if from < f.base {
		return nil
	}
	return f.buf[from-f.base : to-f.base]
}

// more reports whether there is a byte to look at, and gets more from the file if need be.
func (f *framer) more() bool {
	for f.pos == len(f.buf) && !f.end {
		f.fill()
	}
	return f.pos < len(f.buf)
}

// fill drops what need not be kept and reads once.
func (f *framer) fill() {
	if f.end {
		return
	}
	if f.mark >= 0 && f.pos-f.mark > f.limit {
		f.mark = -1 // it will not fit, see [framer.fits]
	}
	keep := f.pos
	if f.mark >= 0 {
		keep = f.mark
	}
	if f.wide != nil {
		f.wide.base = f.place(f.base + int64(keep))
	}
	f.base += int64(keep)
	f.pos -= keep
	f.mark -= keep
	if f.mark < 0 {
		f.mark = -1
	}
	rest := f.buf[keep:]
	// The window is small for a small file, and grows as long as the file fills it.
	if free := cap(f.buf) - len(rest); free < chunk && (f.filled || free <= cap(f.buf)/2) {
		f.buf = append(make([]byte, 0, max(2*len(rest), min(2*chunk, 4*cap(f.buf)), chunk/8)), rest...)
	} else {
		f.buf = f.buf[:copy(f.buf[:cap(f.buf)], rest)]
	}
	n, err := f.src.Read(f.buf[len(f.buf):cap(f.buf)])
	f.buf = f.buf[:len(f.buf)+n]
	f.filled = len(f.buf) == cap(f.buf)
	if err != nil {
		f.end = true
		if !errors.Is(err, io.EOF) {
			f.err = err
		}
	}
}

// lineLength returns how many bytes stand before the next line end, and has them in memory; -1 if they are more than a
// record may have, or the file ends before. Nothing else may be kept.
func (f *framer) lineLength() int {
	for seen := 0; ; f.fill() {
		if i := bytes.IndexByte(f.buf[f.pos+seen:], '\n'); i >= 0 {
			return seen + i
		}
		if seen = len(f.buf) - f.pos; f.end || seen > f.limit {
			return -1
		}
	}
}

// lineStart passes over line ends, and the byte order marks of files that were put behind each other, and reports
// whether a byte follows.
func (f *framer) lineStart() bool {
	for f.more() {
		switch c := f.buf[f.pos]; {
		case c == '\n', c == '\r':
			f.pos++
		case c == bom[0] && f.follows(bom):
			f.pos += len(bom)
		default:
			return true
		}
	}
	return false
}

const bom = "\xef\xbb\xbf"

// follows reports whether the next bytes are these.
func (f *framer) follows(bytes string) bool {
	for len(f.buf)-f.pos < len(bytes) && !f.end {
		f.fill()
	}
	return len(f.buf)-f.pos >= len(bytes) && string(f.buf[f.pos:f.pos+len(bytes)]) == bytes
}

// line passes over bytes up to and with the next line end. It returns the number of quotes in them, and whether there
// was a line end.
func (f *framer) line() (quotes int, ended bool) {
	for f.more() {
		rest := f.buf[f.pos:]
		i := bytes.IndexByte(rest, '\n')
		if i >= 0 {
			rest = rest[:i+1]
		}
		quotes += bytes.Count(rest, []byte{'"'})
		f.pos += len(rest)
		if i >= 0 {
			return quotes, true
		}
	}
	return quotes, false
}

// broken reports whether the compression of the file broke in the line that was passed, which did not end: what looks like
// the whole of it may be half.
func (f *framer) broken(ended bool) bool { return !ended && f.in.damage != "" }
