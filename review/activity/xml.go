package activity

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlElement is the start of an element, valid until the next.
type xmlElement struct {
	name  []byte // without its prefix
	attrs []xmlAttr
}

type xmlAttr struct{ name, local, value []byte } // as they are written, and the name without its prefix

// attr returns the value of the first of the named attributes that is there, whatever its prefix.
func (e *xmlElement) attr(names ...string) string {
	for _, name := range names {
		for i := range e.attrs {
			if string(e.attrs[i].local) == name {
				return unescape(e.attrs[i].value, true)
			}
		}
	}
	return ""
}

// xmlVisitor is told what a document holds, in its order.
type xmlVisitor interface {
	// start begins an element. Its parent is that whose end has not come.
	start(e *xmlElement)
	// chars is text within the innermost element, as it is written if raw, otherwise from a CDATA section.
	chars(text []byte, raw bool)
	// end ends the innermost element.
	end()
}

var errXML = unreadable{ReasonSyntax, "the record is not XML"}

// readXML reads one document. It knows the parts of XML 1.0 that logs use: elements, attributes, text, comments,
// instructions, CDATA, the five entities and character references. Names are told apart without their prefixes.
func readXML(b []byte, v xmlVisitor) error {
	if !utf8.Valid(b) {
		return unreadable{ReasonEncoding, "the record is not UTF-8"}
	}
	el := xmlElement{attrs: make([]xmlAttr, 0, 8)}
	open := make([][]byte, 0, 8)
	rooted := false
	for len(b) > 0 {
		i := bytes.IndexByte(b, '<')
		text := b
		if i >= 0 {
			text = b[:i]
		}
		switch {
		case len(open) > 0:
			if !wellEscaped(text) || bytes.Contains(text, []byte("]]>")) {
				return errXML
			}
			if len(text) > 0 {
				v.chars(text, true)
			}
		case len(bytes.Trim(text, " \t\r\n")) > 0:
			return errXML
		}
		if i < 0 {
			break
		}
		b = b[i+1:]
		switch {
		case bytes.HasPrefix(b, []byte("?")):
			end := bytes.Index(b, []byte("?>"))
			if end < 1 || !printable(b[1:end]) {
				return errXML
			}
			b = b[end+2:]
		case bytes.HasPrefix(b, []byte("!--")):
			end := bytes.Index(b[3:], []byte("--"))
			if end < 0 || !bytes.HasPrefix(b[3+end:], []byte("-->")) || !printable(b[3:3+end]) {
				return errXML
			}
			b = b[end+6:]
		case bytes.HasPrefix(b, []byte("![CDATA[")) && len(open) > 0:
			end := bytes.Index(b, []byte("]]>"))
			if end < 0 || !printable(b[8:end]) {
				return errXML
			}
			v.chars(b[8:end], false)
			b = b[end+3:]
		case bytes.HasPrefix(b, []byte("/")):
			n := nameLength(b[1:])
			if len(open) == 0 || n == 0 || !bytes.Equal(b[1:1+n], open[len(open)-1]) {
				return errXML
			}
			b = blanks(b[1+n:])
			if len(b) == 0 || b[0] != '>' {
				return errXML
			}
			b, open = b[1:], open[:len(open)-1]
			v.end()
		default:
			name, rest, empty, err := el.read(b)
			if err != nil {
				return err
			}
			if len(open) == 0 && rooted {
				return errXML
			}
			if len(open) >= maxDepth {
				return unreadable{ReasonTooDeep, tooDeep}
			}
			rooted, b = true, rest
			v.start(&el)
			if empty {
				v.end()
			} else {
				open = append(open, name)
			}
		}
	}
	if len(open) > 0 || !rooted {
		return errXML
	}
	return nil
}

// read takes a tag apart, of which < has been passed.
func (e *xmlElement) read(b []byte) (name, rest []byte, empty bool, err error) {
	n := nameLength(b)
	if n == 0 {
		return nil, nil, false, errXML
	}
	name, rest = b[:n], b[n:]
	e.name, e.attrs = local(name), e.attrs[:0]
	for {
		after := blanks(rest)
		switch {
		case len(after) == 0:
			return nil, nil, false, errXML
		case after[0] == '>':
			return name, after[1:], false, nil
		case bytes.HasPrefix(after, []byte("/>")):
			return name, after[2:], true, nil
		}
		n := nameLength(after)
		if n == 0 || len(after) == len(rest) { // attributes are set apart by blanks
			return nil, nil, false, errXML
		}
		key := after[:n]
		after = blanks(after[n:])
		if len(after) == 0 || after[0] != '=' {
			return nil, nil, false, errXML
		}
		after = blanks(after[1:])
		if len(after) == 0 || after[0] != '"' && after[0] != '\'' {
			return nil, nil, false, errXML
		}
		end := plainXMLText(after[1:], after[0])
		if end == len(after)-1 || after[1+end] != after[0] {
			end = bytes.IndexByte(after[1:], after[0])
			if end < 0 || bytes.IndexByte(after[1:1+end], '<') >= 0 || !wellEscaped(after[1:1+end]) {
				return nil, nil, false, errXML
			}
		}
		if bytes.HasPrefix(key, []byte("xmlns")) {
			key = nil // it binds a prefix and says nothing else
		}
		for i := range e.attrs {
			if key != nil && bytes.Equal(e.attrs[i].name, key) {
				return nil, nil, false, unreadable{ReasonDuplicateMember, "an element names an attribute twice"}
			}
		}
		e.attrs = append(e.attrs, xmlAttr{key, local(key), after[1 : 1+end]})
		rest = after[end+2:]
	}
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

func nameLength(b []byte) int {
	if len(b) == 0 || !nameStart(b[0]) {
		return 0
	}
	n := 1
	for n < len(b) && (b[n] >= 'a' && b[n] <= 'z' || nameByte(b[n])) { // most are small letters
		n++
	}
	return n
}

func blanks(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	return b
}

// printable reports whether the text holds only characters that XML allows, as far as ASCII goes.
func printable(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// wellEscaped reports whether the text holds only characters that XML allows and only references that it knows.
func wellEscaped(text []byte) bool {
	if !printable(text) {
		return false
	}
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return true
		}
		text = text[i+1:]
		end := bytes.IndexByte(text, ';')
		if end < 0 {
			return false
		}
		if _, ok := entity(string(text[:end])); !ok {
			return false
		}
		text = text[end+1:]
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, base := strings.TrimPrefix(name, "#"), 10
	if digits == name {
		return 0, false
	}
	if rest, hex := strings.CutPrefix(digits, "x"); hex {
		digits, base = rest, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !utf8.ValidRune(rune(n)) || n < ' ' && n != '\t' && n != '\n' && n != '\r' {
		return 0, false
	}
	return rune(n), true
}

// unescape returns what the text says. In attributes every kind of blank is a blank.
func unescape(text []byte, attribute bool) string {
	i := 0
	for i < len(text) && text[i] != '&' && (text[i] >= ' ' || !attribute) {
		i++
	}
	if i == len(text) {
		return string(text)
	}
	var out strings.Builder
	out.Grow(len(text))
	out.Write(text[:i])
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == '&' && bytes.HasPrefix(text[i:], []byte("&amp;")): // in every number of a patient
			out.WriteByte('&')
			i += len("amp;")
		case c == '&':
			end := bytes.IndexByte(text[i:], ';')
			r, _ := entity(string(text[i+1 : i+end]))
			out.WriteRune(r)
			i += end
		case attribute && c == '\r' && i+1 < len(text) && text[i+1] == '\n': // together they are one line end
		case attribute && c < ' ':
			out.WriteByte(' ')
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}
