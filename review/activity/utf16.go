package activity

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// wideOrder returns the order of the bytes of a file that begins so and is in UTF-16, and how long its byte order mark
// is. Without a mark it is known by its first two characters, which are of ASCII in every log. It is nil for other files.
func wideOrder(b []byte) (order binary.ByteOrder, mark int) {
	switch {
	case wider(b):
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return binary.LittleEndian, 2
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return binary.BigEndian, 2
	case len(b) >= 4 && b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		return binary.LittleEndian, 0
	case len(b) >= 4 && b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		return binary.BigEndian, 0
	}
	return nil, 0
}

// wider reports whether a file begins with the byte order mark of UTF-32.
func wider(b []byte) bool {
	return bytes.HasPrefix(b, []byte{0xff, 0xfe, 0, 0}) || bytes.HasPrefix(b, []byte{0, 0, 0xfe, 0xff})
}

// marked passes over a byte order mark, and has a file in UTF-16 turned into UTF-8. It reports whether the file is in
// UTF-32, which is one defect: no program is known that writes logs so.
func (f *framer) marked() bool {
	for range 4 { // a short first read must not hide the mark
		f.fill()
	}
	if bytes.HasPrefix(f.buf, []byte(bom)) {
		f.pos = 3
		return false
	}
	if wider(f.buf) {
		for f.pos = len(f.buf); f.more(); f.pos = len(f.buf) {
		}
		f.emit(frame{length: f.offset(), reason: ReasonEncoding, detail: "the file is in UTF-32; convert it to UTF-8"})
		return true
	}
	if order, mark := wideOrder(f.buf); order != nil {
		u := &utf16Reader{in: f.in, order: order, raw: bytes.Clone(f.buf[mark:]), err: f.err}
		if f.end && f.err == nil {
			u.err = io.EOF
		}
		f.src, f.buf, f.end, f.err = u, f.buf[:0], false, nil
		f.wide = &widePlaces{base: int64(mark), held: [2]int64{0, int64(mark)}}
	}
	return false
}

// utf16Reader turns a file in UTF-16 into UTF-8. Half of a pair of surrogates becomes three bytes that are no UTF-8, so
// that the record in which it stands is a defect and no other.
type utf16Reader struct {
	in     *inflow
	order  binary.ByteOrder
	raw    []byte // what was read and not turned yet
	out    []byte // what was turned and not given yet
	store  []byte // in which it lies
	half   rune   // the first half of a pair
	err    error  // of the file, or its end
	buffer []byte
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		u.turn()
		if len(u.out) > 0 {
			break
		}
		if u.err != nil {
			return 0, u.err
		}
		if u.buffer == nil {
			u.buffer = make([]byte, chunk/2)
		}
		kept := copy(u.buffer, u.raw)
		n, err := u.in.Read(u.buffer[kept:])
		u.raw, u.err = u.buffer[:kept+n], err
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// turn empties raw but for half a unit. At the end of the file that is damage, unless something else is.
func (u *utf16Reader) turn() {
	out := u.store[:0]
	for ; len(u.raw) >= 2; u.raw = u.raw[2:] {
		r := rune(u.order.Uint16(u.raw))
		if u.half != 0 {
			if whole := utf16.DecodeRune(u.half, r); whole != utf8.RuneError {
				out, u.half = utf8.AppendRune(out, whole), 0
				continue
			}
			out, u.half = appendHalf(out, u.half), 0
		}
		switch {
		case r >= 0xd800 && r < 0xdc00:
			u.half = r
		case utf16.IsSurrogate(r):
			out = appendHalf(out, r)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	if u.err != nil {
		if u.half != 0 {
			out, u.half = appendHalf(out, u.half), 0
		}
		if len(u.raw) > 0 && u.err == io.EOF && u.in.damage == "" {
			u.in.damage, u.in.reason = "the file ends in the middle of a character of UTF-16", ReasonTruncated
		}
		u.raw = nil
	}
	u.out, u.store = out, out
}

func appendHalf(out []byte, r rune) []byte {
	return append(out, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0xbf, 0x80|byte(r)&0x3f)
}

// wideLength returns how many bytes of UTF-16 became these bytes.
func wideLength(b []byte) int64 {
	units := 0
	for _, c := range b {
		if c&0xc0 != 0x80 {
			units++
		}
		if c >= 0xf0 {
			units++
		}
	}
	return int64(2 * units)
}

// widePlaces tells where in a file in UTF-16 the bytes lie that a framer sees in UTF-8.
type widePlaces struct {
	base int64    // where the framer's buffer begins
	last [2]int64 // the place that was asked for last, in UTF-8 and in the file
	held [2]int64 // a place that may leave the buffer before it is asked for
}

// place returns where in the file a place lies, which is that of the framer unless the file is in UTF-16. It lies in the
// buffer, or is held, or nothing but ASCII lies between it and the buffer.
func (f *framer) place(at int64) int64 {
	w := f.wide
	switch {
	case w == nil:
		return at
	case at == w.held[0]:
		return w.held[1]
	case at < f.base:
		return w.base - 2*(f.base-at)
	}
	from := [2]int64{f.base, w.base}
	if w.last[0] > f.base && w.last[0] <= at {
		from = w.last
	}
	w.last = [2]int64{at, from[1] + wideLength(f.buf[from[0]-f.base:at-f.base])}
	return w.last[1]
}

// hold remembers where a place lies.
func (f *framer) hold(at int64) {
	if f.wide != nil {
		f.wide.held = [2]int64{at, f.place(at)}
	}
}

// inFile returns the frame with its place in the file.
func (f *framer) inFile(fr frame) frame {
	start := f.place(fr.offset)
	fr.offset, fr.length, fr.wide = start, f.place(fr.offset+fr.length)-start, true
	if fr.reason == ReasonEncoding {
		fr.detail = halfDetail
	}
	return fr
}

// span returns how many bytes of the file a part of the frame's record has.
func (fr *frame) span(part []byte) int64 {
	if fr.wide {
		return wideLength(part)
	}
	return int64(len(part))
}
