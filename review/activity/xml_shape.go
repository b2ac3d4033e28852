package activity

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// xmlShape is how the documents of a log look that a program writes: the same tags again and again, with other values
// between. It is learnt from a document that [readXML] has read. A document that has the shape need not be read again:
// its tags and the names of its attributes are those of that document, byte for byte, so only its values are new.
// Whatever differs in anything else is left to readXML. See [shape], which is the same for JSON.
type xmlShape struct {
	chunks []string // what stands before each value, with its quote, and behind the last
	values []xmlValue
}

// xmlValue is the value of an attribute or the text of an element.
type xmlValue struct {
	end  byte    // what ends it: its quote, or the bracket of the next tag
	last []byte  // as it was written the last time
	to   *string // what it fills, which then says what last does; nil if the event does not need it
}

// match reads a document, and reports whether it has the shape. If it has not, what the values fill means nothing until
// another document has.
func (s *xmlShape) match(b []byte) bool {
	if end := s.chunks[len(s.values)]; len(b) < len(end) || string(b[len(b)-len(end):]) != end {
		return false // many shapes differ at once
	}
	for i := range s.values {
		chunk, v := s.chunks[i], &s.values[i]
		if len(b) <= len(chunk) || string(b[:len(chunk)]) != chunk {
			return false
		}
		b = b[len(chunk):]
		if n := len(v.last); n < len(b) && b[n] == v.end && string(b[:n]) == string(v.last) {
			b = b[n:]
			continue
		}
		n, ok := v.read(b)
		if !ok {
			return false
		}
		b = b[n:]
	}
	return string(b) == s.chunks[len(s.values)]
}

// read takes the value that is next, and returns how many bytes it has.
func (v *xmlValue) read(b []byte) (n int, ok bool) {
	n = plainXMLText(b, v.end)
	plain := n < len(b) && b[n] == v.end
	if !plain {
		more := bytes.IndexByte(b[n:], v.end)
		if more < 0 {
			return 0, false
		}
		n += more
		for _, c := range b[:n] {
			if c < ' ' || c == '<' {
				return 0, false // damage, or a blank that stands for another
			}
		}
		if !utf8.Valid(b[:n]) || !wellEscaped(b[:n]) {
			return 0, false
		}
	}
	if v.end == '<' && bytes.Contains(b[:n], []byte("]]>")) {
		return 0, false
	}
	v.last = append(v.last[:0], b[:n]...)
	switch {
	case v.to == nil:
	case plain:
		*v.to = string(v.last)
	default:
		*v.to = unescape(v.last, v.end != '<')
	}
	return n, true
}

// plainXMLText returns how many bytes stand before the first that ends the value or needs a second look: a bracket, a
// reference, a control character, or one beyond ASCII.
func plainXMLText(b []byte, end byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	// A byte of zero in x sets the top of (x-ones)&^x; only bytes above the lowest that is so may be set wrongly.
	i := 0
	for ; len(b)-i >= 8; i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		e, r, a := x^ones*uint64(end), x^ones*'<', x^ones*'&'
		hit := (x-ones*' ')&^x | (e-ones)&^e | (r-ones)&^r | (a-ones)&^a | x
		if hit &= tops; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c < ' ' || c >= 0x80 || c == end || c == '<' || c == '&' {
			return i
		}
	}
	return i
}

// learnXML takes the shape of a document that readXML has read. The result is nil for one that is not worth it: with
// comments, sections, a document type, instructions other than an XML declaration at the beginning, or an encoding that is
// not UTF-8.
func learnXML(document []byte) *xmlShape {
	const most = 400 // values
	s := &xmlShape{}
	from := 0
	value := func(start, end int) bool {
		s.chunks = append(s.chunks, string(document[from:start]))
		s.values = append(s.values, xmlValue{end: document[end]})
		from = end
		return len(s.values) <= most
	}
	for i := 0; i < len(document); {
		next := bytes.IndexByte(document[i:], '<')
		if next < 0 {
			next = len(document) - i
		}
		if text := document[i : i+next]; len(blanks(text)) > 0 && !value(i, i+next) {
			return nil
		}
		if i += next; i == len(document) {
			break
		}
		switch {
		case bytes.HasPrefix(document[i:], []byte("<!")):
			return nil
		case bytes.HasPrefix(document[i:], []byte("<?")):
			end := bytes.Index(document, []byte("?>"))
			if i > 0 || end < 0 || !declaresUTF8(document[:end]) {
				return nil
			}
			i = end + 2
			continue
		}
		for i++; i < len(document) && document[i] != '>'; i++ {
			if quote := document[i]; quote == '"' || quote == '\'' {
				n := bytes.IndexByte(document[i+1:], quote)
				if n < 0 || !value(i+1, i+1+n) {
					return nil
				}
				i += n + 1
			}
		}
		i++
	}
	s.chunks = append(s.chunks, string(document[from:]))
	return s
}

// declaresUTF8 reports whether an instruction is an XML declaration of a document in UTF-8 or ASCII, as far as it says.
func declaresUTF8(instruction []byte) bool {
	if !bytes.HasPrefix(instruction, []byte("<?xml")) || len(instruction) < 6 || instruction[5] > ' ' {
		return false
	}
	return isUTF8(declaredEncoding(instruction))
}

// isUTF8 reports whether a document that names the encoding is in UTF-8 here. One that says UTF-16 was, before the file was
// turned into UTF-8, or it says what is not so: otherwise its declaration could not be read.
func isUTF8(encoding string) bool {
	switch strings.ToLower(encoding) {
	case "", "utf-8", "us-ascii", "utf-16":
		return true
	}
	return false
}

// decodedXML returns a document in UTF-8: as it is, or from ISO-8859-1 where it declares that. Of another encoding only
// ASCII is read.
func decodedXML(document []byte) ([]byte, error) {
	if !bytes.HasPrefix(document, []byte("<?xml")) {
		return document, nil
	}
	end := bytes.Index(document, []byte("?>"))
	if end < 0 {
		return document, nil
	}
	encoding := declaredEncoding(document[:end])
	if isUTF8(encoding) || !bytes.ContainsFunc(document, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return document, nil
	}
	if !strings.EqualFold(encoding, "iso-8859-1") {
		return nil, unreadable{ReasonEncoding, "the record is in an encoding that is not read; convert it to UTF-8"}
	}
	out := make([]byte, 0, len(document)+len(document)/8)
	for _, c := range document {
		out = utf8.AppendRune(out, rune(c))
	}
	return out, nil
}

// declaredEncoding returns the encoding that an XML declaration names.
func declaredEncoding(declaration []byte) string {
	_, rest, ok := bytes.Cut(declaration, []byte("encoding"))
	rest = blanks(rest)
	if !ok || len(rest) == 0 || rest[0] != '=' {
		return ""
	}
	rest = blanks(rest[1:])
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	name, _, _ := bytes.Cut(rest[1:], rest[:1])
	return string(name)
}

// marked is the document with the number of each value in the place of its text.
func (s *xmlShape) marked() []byte {
	var out []byte
	for i := range s.values {
		out = append(append(out, s.chunks[i]...), marker(i)...)
	}
	return append(out, s.chunks[len(s.values)]...)
}

// xmlShapes are those that a file has shown so far, with the message of each, whose texts the shape fills.
type xmlShapes[T any] struct {
	known  []xmlKnown[T]
	misses int
	next   int
}

type xmlKnown[T any] struct {
	*xmlShape
	message T
}

const mostXMLShapes = 64

// find returns the message of a document, if it has one of the shapes. It is overwritten by the next that has.
func (ss *xmlShapes[T]) find(document []byte) (message T, ok bool) {
	for i := range ss.known {
		if ss.known[i].match(document) {
			if i > 0 {
				ss.known[i], ss.known[i-1] = ss.known[i-1], ss.known[i]
				i--
			}
			return ss.known[i].message, true
		}
	}
	return message, false
}

// learn takes the shape of a document that none of the shapes has, if it is due: ever more rarely, so that a log without
// shapes costs no more than reading it. Fill makes an empty message of a document with markers, and returns its texts.
func (ss *xmlShapes[T]) learn(document []byte, fill func(marked []byte) (message T, texts []*string, ok bool)) {
	ss.misses++
	if ss.misses&(ss.misses-1) != 0 && (len(ss.known) == mostXMLShapes || ss.misses%16 != 0) {
		return
	}
	s := learnXML(document)
	if s == nil {
		return
	}
	message, texts, ok := fill(s.marked())
	if !ok || !s.fills(texts) {
		return
	}
	if len(ss.known) < mostXMLShapes {
		ss.known = append(ss.known, xmlKnown[T]{s, message})
		return
	}
	ss.known[ss.next] = xmlKnown[T]{s, message}
	ss.next = (ss.next + 1) % mostXMLShapes
}

// fills finds out which text each value fills, and empties them. It reports whether every text that is not empty is one
// value and no more.
func (s *xmlShape) fills(texts []*string) bool {
	at := map[string]int{}
	for i := range s.values {
		at[marker(i)] = i
	}
	for _, text := range texts {
		if *text == "" {
			continue
		}
		i, ok := at[*text]
		if !ok || s.values[i].to != nil {
			return false
		}
		s.values[i].to = text
		*text = ""
	}
	return true
}
