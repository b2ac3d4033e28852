package activity

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf8"
)

// shape is how the lines of a log look that a program writes: the same bytes again and again, with other values between.
// It is learnt from a line that the exact decoder has read. A line that has the shape need not be decoded again: its
// names and brackets are those of that line, byte for byte, so only its values are new. Whatever differs in anything else
// is left to the exact decoder.
type shape struct {
	slots  []slot
	tail   string   // what stands behind the last value
	fills  []int    // for each value, what the reader makes of it
	filled []int    // the values that fill something
	names  []string // of the members of the outermost object
	texts  arena
}

// slot is a value, and what stands before it.
type slot struct {
	begin [2]uint64 // the first 16 bytes of what stands before it
	mask  [2]uint64 // those that there are
	size  uint8     // how many they are
	rest  string    // what follows them
	null  bool      // the value may only be null
	idle  bool      // the value fills nothing
	kind  byte      // the first byte of the value: '"', 't', 'f', 'n', or '-' or a digit
	from  int       // where its text lies in the line, without quotes
	to    int
	last  string // the text that was seen last, if it is not idle, or is long
}

// longText is from where on it pays to ask whether a text is the one that was seen last.
const longText = 24

// match reads a line and returns its length if it has the shape, or -1. Where more may follow, it returns the length of
// what the line begins with. Texts with escapes are not read. It is where the time goes, so what is usual stands here, and
// the rest in [slot.odd].
func (s *shape) match(line []byte, more bool) int {
	all := roomy(line)
	p := 0
	for i := range s.slots {
		at := &s.slots[i]
		w := (*[room]byte)(all[p:])
		if (load(w[:8])^at.begin[0])&at.mask[0]|(load(w[8:16])^at.begin[1])&at.mask[1] != 0 {
			return -1
		}
		size := int(at.size % 32)
		if at.rest != "" {
			if !bytes.HasPrefix(line[min(p+size, len(line)):], []byte(at.rest)) {
				return -1
			}
			p += len(at.rest)
			w = (*[room]byte)(all[p:])
		}
		p += size
		first, second := stops(load(w[size+1:size+9])), stops(load(w[size+9:size+17]))
		n, later := bits.TrailingZeros64(first), 64+bits.TrailingZeros64(second)
		if first == 0 { // without asking whether eight bytes are enough, which the processor would often guess wrong
			n = later
		}
		if n >>= 3; n == 16 {
			first, second = stops(load(w[size+17:size+25])), stops(load(w[size+25:size+33]))
			n, later = 128+bits.TrailingZeros64(first), 192+bits.TrailingZeros64(second)
			if first == 0 {
				n = later
			}
			n >>= 3
		}
		if n < 32 && w[size] == '"' && w[(size+1+n)%room] == '"' {
			at.kind, at.from, at.to = '"', p+1, p+1+n
			p += n + 2
		} else if p = at.odd(line, all, p); p < 0 {
			return -1
		}
		if p > len(line) || at.null && at.kind != 'n' {
			return -1
		}
	}
	end := p + len(s.tail)
	if end > len(line) || end < len(line) && !more || string(line[p:end]) != s.tail {
		return -1
	}
	return end
}

// odd reads the value that begins at p, and returns the place behind it, or -1 if there is none, or one of a form that is
// rare. All is the line with what lies behind it.
func (at *slot) odd(line, all []byte, p int) int {
	if p >= len(line) {
		return -1
	}
	at.kind, at.from = line[p], p
	if line[p] != '"' {
		n := bare(line[p:])
		if at.to = p + n; n == 0 {
			return -1
		}
		return at.to
	}
	at.from++
	n := at.long(all[at.from:], len(line)-at.from)
	if all[at.from+n] != '"' {
		if n = plainText(line[at.from:]); n < 0 {
			return -1
		}
	}
	at.to = at.from + n
	return at.to + 1
}

// long returns the length of a text: where the next byte stands that may not be in one that is plain, or within if there
// is none before. There is room behind.
func (at *slot) long(b []byte, within int) int {
	if n := len(at.last); n >= longText && n < within && b[n] == '"' && string(b[:n]) == at.last {
		return n
	}
	n := 0
	for n < within {
		more := bits.TrailingZeros64(stops(load(b[n:]))) >> 3
		if n += more; more < 8 {
			break
		}
	}
	if at.idle && n >= longText && n < within {
		at.last = string(b[:n])
	}
	return min(n, within)
}

// text returns the text of a value.
func (s *shape) text(line []byte, i int) string {
	at := &s.slots[i]
	text := line[at.from:at.to]
	if string(text) != at.last {
		at.last = s.texts.of(text)
	}
	return at.last
}

// bare returns the length of the value without quotes that b begins with: a word, or a whole number. It is 0 for what is
// no value, or one of a form that is rare.
func bare(b []byte) int {
	word := ""
	switch b[0] {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	default:
		n := 0
		if b[0] == '-' {
			n = 1
		}
		first := n
		for n < len(b) && b[n] >= '0' && b[n] <= '9' {
			n++
		}
		if n == first || b[first] == '0' && n > 1 {
			return 0
		}
		return n
	}
	if len(b) < len(word) || string(b[:len(word)]) != word {
		return 0
	}
	return len(word)
}

// plainText returns how many bytes stand before the quote that ends a text, or -1 if the text has escapes or is damaged.
func plainText(b []byte) int {
	high := byte(0)
	for i, c := range b {
		if c < ' ' || c == '\\' {
			return -1
		}
		if c == '"' {
			if high >= 0x80 && !utf8.Valid(b[:i]) {
				return -1
			}
			return i
		}
		high |= c
	}
	return -1
}

// learn takes the shape of a line that is known to be one JSON object. Fill says of the value at a path what it is for:
// less than 0 for nothing, and whether it may only be null. With texts only, other values belong to the shape. The result
// is nil for a line that is not worth it.
func learn(line []byte, textsOnly bool, fill func(path []string) (what int, onlyNull bool)) *shape {
	const most = 400 // values
	s := &shape{}
	var path []string
	var arrays []bool // for each open bracket, whether it is an array
	from := 0
	value := func(start, end int) bool {
		what, null := fill(path)
		at := newSlot(string(line[from:start]))
		at.null = null
		s.slots, s.fills = append(s.slots, at), append(s.fills, what)
		from = end
		return len(s.fills) <= most
	}
	pop := func() {
		if n := len(arrays); n > 0 && !arrays[n-1] && len(path) > 0 {
			path = path[:len(path)-1]
		}
	}
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == '"':
			n := plainText(line[i+1:])
			if n < 0 {
				return nil
			}
			end := i + n + 2
			next := end
			for next < len(line) && line[next] <= ' ' {
				next++
			}
			if next < len(line) && line[next] == ':' {
				path = append(path, string(line[i+1:end-1]))
				if len(arrays) == 1 {
					s.names = append(s.names, path[len(path)-1])
				}
				i = next + 1
				continue
			}
			if !value(i, end) {
				return nil
			}
			pop()
			i = end
		case c == '{', c == '[':
			arrays = append(arrays, c == '[')
			if len(arrays) >= maxDepth { // what frames the record counts too
				return nil
			}
			i++
		case c == '}', c == ']':
			if len(arrays) == 0 {
				return nil
			}
			arrays = arrays[:len(arrays)-1]
			pop()
			i++
		case punctuation(c):
			i++
		default:
			end := i
			for end < len(line) && !punctuation(line[end]) {
				end++
			}
			if !textsOnly && !value(i, end) {
				return nil
			}
			pop()
			i = end
		}
	}
	s.tail = string(line[from:])
	return s
}

func newSlot(before string) slot {
	n := min(len(before), 16)
	at := slot{size: uint8(n), rest: before[n:]}
	for i := range n {
		at.begin[i/8] |= uint64(before[i]) << (i % 8 * 8)
		at.mask[i/8] |= 0xff << (i % 8 * 8)
	}
	return at
}

// marked is the line with the number of each value in the place of its text.
func (s *shape) marked() []byte {
	var out []byte
	for i := range s.slots {
		at := &s.slots[i]
		begin := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, at.begin[0]), at.begin[1])
		out = append(append(append(out, begin[:at.size]...), at.rest...), '"')
		out = append(append(out, marker(i)...), '"')
	}
	return append(out, s.tail...)
}

func marker(i int) string { return "value " + strconv.Itoa(i) }

// shapes are those that a file has shown so far.
type shapes[T any] struct {
	known  []knownShape[T]
	misses int
	next   int
}

type knownShape[T any] struct {
	*shape
	with T
}

const mostShapes = 8

// find returns the shape of the line, whose values it then holds, and the length of what has the shape, see [shape.match].
func (ss *shapes[T]) find(line []byte, more bool) (*knownShape[T], int) {
	for i := range ss.known {
		if n := ss.known[i].match(line, more); n > 0 {
			if i > 0 {
				ss.known[i], ss.known[i-1] = ss.known[i-1], ss.known[i]
				i--
			}
			return &ss.known[i], n
		}
	}
	return nil, 0
}

// due reports whether to learn from a line that has none of the shapes: ever more rarely, so that a log without shapes
// costs no more than reading it.
func (ss *shapes[T]) due() bool {
	ss.misses++
	return ss.misses&(ss.misses-1) == 0 || len(ss.known) < mostShapes && ss.misses%16 == 0
}

func (ss *shapes[T]) add(s *shape, with T) {
	for i, what := range s.fills {
		if s.slots[i].idle = what < 0; what >= 0 {
			s.filled = append(s.filled, i)
		}
	}
	if len(ss.known) < mostShapes {
		ss.known = append(ss.known, knownShape[T]{s, with})
		return
	}
	ss.known[ss.next] = knownShape[T]{s, with}
	ss.next = (ss.next + 1) % mostShapes
}

// whole reports whether the line is one JSON object as far as a framer looks, and none that frames others.
func whole(line []byte) bool {
	var s scanner
	n, v := s.feed(line)
	return n == len(line) && v == verdictDone && !s.deep && line[0] == '{'
}
