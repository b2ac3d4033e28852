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
	texts  arena
}

// slot is the place of a value.
type slot struct {
	before string    // what stands before it
	begin  [2]uint64 // the first 16 bytes of that
	mask   [2]uint64 // those that there are
	last   string    // the text that was seen last, if it fills something or is long
}

// shapeValue is one value of a line.
type shapeValue struct {
	kind byte   // '"', '0', 't', 'f' or 'n'
	text string // of a text or a number that fills something
}

// longText is from where on it pays to ask whether a text is the one that was seen last.
const longText = 24

// match reads a line, and reports whether it has the shape. Texts with escapes are not read.
func (s *shape) match(line []byte) bool {
	all := roomy(line)
	p := 0
	for i := range s.slots {
		at := &s.slots[i]
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
		switch c := all[p]; {
		case c == '"':
			n := s.text(i, all[p+1:], len(line)-p-1)
			if n < 0 || s.nulls[i] {
				return false
			}
			p += n + 2
		case c == '-' || c >= '0' && c <= '9':
			n := wholeNumber(line[p:])
			if n < 0 || s.nulls[i] {
				return false
			}
			s.values[i] = shapeValue{'0', ""}
			if s.fills[i] >= 0 {
				s.values[i].text = s.texts.of(line[p : p+n])
			}
			p += n
		default:
			word := ""
			switch c {
			case 't':
				word = "true"
			case 'f':
				word = "false"
			case 'n':
				word = "null"
			}
			if word == "" || len(line)-p < len(word) || string(line[p:p+len(word)]) != word || s.nulls[i] && c != 'n' {
				return false
			}
			s.values[i] = shapeValue{c, word}
			p += len(word)
		}
		if p > len(line) {
			return false
		}
	}
	return string(line[p:]) == s.tail
}

// text reads the text that stands before the next quote, and returns its length, or -1 if it has escapes, is damaged or
// does not end within so many bytes. There is room behind them.
func (s *shape) text(i int, b []byte, within int) int {
	at, v := &s.slots[i], &s.values[i]
	if n := len(at.last); n >= longText && n < within && b[n] == '"' && string(b[:n]) == at.last {
		*v = shapeValue{'"', at.last}
		return n
	}
	n := 0
	for n < within {
		more := stop(load(b[n:]))
		if n += more; more < 8 {
			break
		}
	}
	if n >= within {
		return -1
	}
	if b[n] != '"' {
		if n = plainText(b[:within]); n < 0 {
			return -1
		}
	}
	v.kind = '"'
	switch {
	case s.fills[i] < 0:
		v.text = ""
		if n >= longText {
			at.last = s.texts.of(b[:n])
		}
	case string(b[:n]) == at.last:
		v.text = at.last
	default:
		v.text = s.texts.of(b[:n])
		at.last = v.text
	}
	return n
}

// wholeNumber returns the length of the whole number that b begins with, or -1 for what is no number, or a form that is rare.
func wholeNumber(b []byte) int {
	n := 1
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	if b[0] == '-' && n == 1 || n > 1 && (b[0] == '0' || b[0] == '-' && b[1] == '0') {
		return -1
	}
	return n
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
