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
	chunks []string // what stands before each value, and behind the last
	last   []string // for each value, the text that was seen last
	values []shapeValue
	nulls  []bool   // for each value, whether it may only be null
	fills  []int    // for each value, what the reader makes of it
	names  []string // of the members of the outermost object
}

// shapeValue is one value of a line.
type shapeValue struct {
	kind byte   // '"', '0', 't', 'f' or 'n'
	text string // of a text or a number that fills something
}

// match reads a line, and reports whether it has the shape. Texts with escapes are not read.
func (s *shape) match(line []byte) bool {
	p := 0
	for i, chunk := range s.chunks {
		if len(line)-p < len(chunk) || string(line[p:p+len(chunk)]) != chunk {
			return false
		}
		if p += len(chunk); i == len(s.values) {
			return p == len(line)
		}
		if p == len(line) {
			return false
		}
		v := &s.values[i]
		switch c := line[p]; {
		case c == '"':
			if s.nulls[i] {
				return false
			}
			p++
			if last := s.last[i]; len(line)-p > len(last) && line[p+len(last)] == '"' && string(line[p:p+len(last)]) == last {
				*v = shapeValue{'"', last}
				p += len(last) + 1
				continue
			}
			end := plainText(line[p:])
			if end < 0 {
				return false
			}
			if *v = (shapeValue{kind: '"'}); s.fills[i] >= 0 || s.last[i] == "" {
				v.text = string(line[p : p+end])
				s.last[i] = v.text
			}
			p += end + 1
		case c == '-' || c >= '0' && c <= '9':
			end := p + 1
			for end < len(line) && line[end] >= '0' && line[end] <= '9' {
				end++
			}
			if s.nulls[i] || c == '-' && end == p+1 || end > p+1 && (c == '0' || c == '-' && line[p+1] == '0') {
				return false // what is no number, or a form that is rare
			}
			*v = shapeValue{'0', ""}
			if s.fills[i] >= 0 {
				v.text = string(line[p:end])
			}
			p = end
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
			*v = shapeValue{c, word}
			p += len(word)
		}
	}
	return false
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
		s.chunks = append(s.chunks, string(line[from:start]))
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
	s.chunks = append(s.chunks, string(line[from:]))
	s.last, s.values = make([]string, len(s.fills)), make([]shapeValue, len(s.fills))
	return s
}

// marked is the line with the number of each value in the place of its text.
func (s *shape) marked() []byte {
	var out []byte
	for i := range s.values {
		out = append(append(out, s.chunks[i]...), '"')
		out = append(append(out, marker(i)...), '"')
	}
	return append(out, s.chunks[len(s.values)]...)
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
