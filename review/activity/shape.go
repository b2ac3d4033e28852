package activity

import (
	"strconv"
	"unicode/utf8"
)

// shape is how the lines of a log look that a program writes: the same bytes again and again, with other values between.
// It is learnt from a line that the exact decoder has read. A line that has the shape need not be decoded again: its
// names and brackets are those of that line, byte for byte, so only its values are new. Whatever differs in anything else
// is left to the exact decoder.
type shape struct {
	slots  []slot
	tail   string // what stands behind the last value
	values []shapeValue
	fills  []int    // for each value, what the reader makes of it
	nulls  []bool   // for each value, whether it may only be null
	names  []string // of the members of the outermost object
	filled []int    // the values that fill something
	texts  arena
}

// slot is the place of a value.
type slot struct {
	begin  [2]uint64 // the first 16 bytes of what stands before it
	mask   [2]uint64 // those that there are
	before string
	last   string // the text that was seen last, if it is not idle, or is long
	idle   bool   // the value fills nothing
}

// shapeValue is one value of a line.
type shapeValue struct {
	from, to int  // where its text lies, without quotes
	kind     byte // its first byte: '"', 't', 'f', 'n', or '-' or a digit
}

// longText is from where on it pays to ask whether a text is the one that was seen last.
const longText = 24

// match reads a line, and reports whether it has the shape. Texts with escapes are not read.
func (s *shape) match(line []byte) bool {
	all := roomy(line)
	p := 0
	for i := range s.slots {
		at, v := &s.slots[i], &s.values[i]
		begin := all[p : p+room]
		if (load(begin)^at.begin[0])&at.mask[0]|(load(begin[8:])^at.begin[1])&at.mask[1] != 0 {
			return false
		}
		if n := len(at.before); n > room && (len(line)-p < n || string(line[p:p+n]) != at.before) {
			return false
		}
		if p += len(at.before); p >= len(line) {
			return false
		}
		c := all[p]
		if c == '"' {
			p++
			n := stop(load(all[p:]))
			if n == 8 {
				n = at.long(all[p:], len(line)-p)
			}
			if all[p+n] != '"' {
				if n = plainText(line[p:]); n < 0 {
					return false
				}
			}
			v.kind, v.from, v.to = '"', p, p+n
			p += n + 1
		} else {
			n := bare(line[p:])
			if n == 0 {
				return false
			}
			v.kind, v.from, v.to = c, p, p+n
			p += n
		}
		if p > len(line) || s.nulls[i] && c != 'n' {
			return false
		}
	}
	if string(line[p:]) != s.tail {
		return false
	}
	return true
}

// long returns the length of a text of eight bytes and more: where the next byte stands that may not be in one that is
// plain, or within if there is none before. There is room behind.
func (at *slot) long(b []byte, within int) int {
	if n := len(at.last); n >= longText && n < within && b[n] == '"' && string(b[:n]) == at.last {
		return n
	}
	n := 8
	for n < within {
		more := stop(load(b[n:]))
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
	v, at := &s.values[i], &s.slots[i]
	text := line[v.from:v.to]
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
		s.slots = append(s.slots, newSlot(string(line[from:start])))
		s.fills, s.nulls = append(s.fills, what), append(s.nulls, null)
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
			if len(arrays) > maxDepth {
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
	s.values = make([]shapeValue, len(s.fills))
	return s
}

func newSlot(before string) slot {
	at := slot{before: before}
	for i := range min(len(before), room) {
		at.begin[i/8] |= uint64(before[i]) << (i % 8 * 8)
		at.mask[i/8] |= 0xff << (i % 8 * 8)
	}
	return at
}

// marked is the line with the number of each value in the place of its text.
func (s *shape) marked() []byte {
	var out []byte
	for i := range s.values {
		out = append(append(out, s.slots[i].before...), '"')
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

// find returns the shape of the line, whose values it then holds.
func (ss *shapes[T]) find(line []byte) *knownShape[T] {
	for i := range ss.known {
		if ss.known[i].match(line) {
			if i > 0 {
				ss.known[i], ss.known[i-1] = ss.known[i-1], ss.known[i]
				i--
			}
			return &ss.known[i]
		}
	}
	return nil
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
