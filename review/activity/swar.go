package activity

import (
	"encoding/binary"
	"strings"
)

// Eight bytes at a time, the first of them lowest.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
	zeros = '0' * ones
)

// room is how many bytes behind a line may be looked at, though they mean nothing.
const room = 64

// roomy returns the line with at least so many bytes behind it, in place if there is memory behind it already.
func roomy(line []byte) []byte {
	if cap(line)-len(line) >= room {
		return line[:len(line)+room]
	}
	return append(line[:len(line):len(line)], make([]byte, room)...)
}

func load(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// stops has the high bit of the first of eight bytes that is a quote, a backslash, a control character or no ASCII, and
// none of a byte before it. It may have those of bytes behind it.
func stops(x uint64) uint64 {
	const below = ' ' + 1
	low, back := x^('"'^' ')*ones, x^'\\'*ones // the quote takes the place of the blank, behind the control characters
	return ((low-below*ones)&^low | (back-ones)&^back | x) & highs
}

// equal has the high bit of each of eight bytes that is c.
func equal(x uint64, c byte) uint64 {
	x ^= uint64(c) * ones
	return ^(x&^highs + 0x7f*ones | x) & highs
}

// notDigits has the high bit of each of eight bytes that is no digit.
func notDigits(x uint64) uint64 {
	x ^= zeros // turns the digits, and nothing else, into 0 to 9
	return (x&^highs + (0x7f-9)*ones | x) & highs
}

// arena makes texts of bytes. It takes memory for many at a time, so a text that is kept keeps its neighbours; they are few.
type arena struct{ b strings.Builder }

const arenaSize = 512

func (t *arena) of(b []byte) string {
	from := t.b.Len()
	if len(b) > t.b.Cap()-from {
		if len(b) > arenaSize/4 {
			return string(b)
		}
		t.b, from = strings.Builder{}, 0
		t.b.Grow(arenaSize)
	}
	t.b.Write(b)
	return t.b.String()[from:]
}
