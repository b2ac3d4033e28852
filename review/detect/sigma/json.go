package sigma

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// RecordError says that the bytes of an event cannot be read.
type RecordError struct {
	// Offset is the place in the record, from 0.
	Offset int
	// Why says what is wrong.
	Why string
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("sigma: the record cannot be read at byte %d: %s", e.Offset, e.Why)
}

// branch is a part of the paths of fields.
type branch struct {
	slot int32 // of the field that ends here, or -1
	kids map[string]*branch
}

func branches(fields []string) *branch {
	root := &branch{slot: -1}
	for i, f := range fields {
		at := root
		for part := range strings.SplitSeq(f, ".") {
			next := at.kids[part]
			if next == nil {
				next = &branch{slot: -1}
				if at.kids == nil {
					at.kids = map[string]*branch{}
				}
				at.kids[part] = next
			}
			at = next
		}
		at.slot = int32(i)
	}
	return root
}

// down follows the name of a member, which may be several parts of a path with dots between them.
func (b *branch) down(name string) *branch {
	if b == nil {
		return nil
	}
	for {
		part, rest, more := strings.Cut(name, ".")
		if b = b.kids[part]; b == nil || !more {
			return b
		}
		name = rest
	}
}

// PutJSON gives the members of a JSON object. A field's name is the path of its member with dots; arrays on the way stand
// for each of their elements. An object that a rule names stands for its own text and for every text within; null stands
// for nothing. The error is a [*RecordError]; the event then has the members before it.
func (m *Matcher) PutJSON(record []byte) error {
	r := jsonReader{m: m, s: string(record)}
	r.space()
	if r.peek() != '{' {
		return r.fail("it is no JSON object")
	}
	if err := r.value(m.set.paths, 0); err != nil {
		return err
	}
	r.space()
	if r.i < len(r.s) {
		return r.fail("something follows the object")
	}
	return nil
}

// MatchJSON resets the matcher, gives it the members of a JSON object, and returns the positions of the rules that it
// meets, as [Matcher.Match] does. The error is a [*RecordError].
func (m *Matcher) MatchJSON(record []byte) ([]int, error) {
	m.Reset()
	if err := m.PutJSON(record); err != nil {
		return nil, err
	}
	return m.Match(), nil
}

type jsonReader struct {
	m      *Matcher
	s      string
	i      int
	covers []int32 // the fields whose objects surround the place
}

func (r *jsonReader) fail(why string) error { return &RecordError{Offset: r.i, Why: why} }

func (r *jsonReader) space() {
	for r.i < len(r.s) && (r.s[r.i] == ' ' || r.s[r.i] == '\n' || r.s[r.i] == '\t' || r.s[r.i] == '\r') {
		r.i++
	}
}

func (r *jsonReader) peek() byte {
	if r.i < len(r.s) {
		return r.s[r.i]
	}
	return 0
}

// maxRecordDepth is how deep a record may be nested.
const maxRecordDepth = 512

// value reads a value that stands at a branch, or at none.
func (r *jsonReader) value(b *branch, depth int) error {
	if depth > maxRecordDepth {
		return r.fail("it is nested too deep")
	}
	switch c := r.peek(); c {
	case '{':
		return r.object(b, depth)
	case '[':
		return r.array(b, depth)
	case '"':
		if !r.wanted(b) {
			return r.skipString()
		}
		text, err := r.text()
		if err == nil {
			r.put(b, text)
		}
		return err
	default:
		start := r.i
		for r.i < len(r.s) && strings.IndexByte(",]} \t\r\n", r.s[r.i]) < 0 {
			r.i++
		}
		switch word := r.s[start:r.i]; {
		case word == "null":
		case word == "true" || word == "false" || word != "" && (c == '-' || '0' <= c && c <= '9'):
			r.put(b, word)
		default:
			r.i = start
			return r.fail("a value is missing or is none of JSON")
		}
		return nil
	}
}

func (r *jsonReader) wanted(b *branch) bool {
	return b != nil && b.slot >= 0 || len(r.covers) > 0 || r.m.set.keywords
}

// put gives a text to the field that ends here and to those that surround it.
func (r *jsonReader) put(b *branch, text string) {
	if b != nil && b.slot >= 0 {
		r.m.put(b.slot, text)
	} else if len(r.covers) == 0 && r.m.set.keywords {
		r.m.put(-1, text)
	}
	for _, slot := range r.covers {
		r.m.put(slot, text)
	}
}

func (r *jsonReader) object(b *branch, depth int) error {
	start := r.i
	own := b != nil && b.slot >= 0
	if own {
		r.covers = append(r.covers, b.slot)
	}
	r.i++
	for first := true; ; first = false {
		r.space()
		if r.peek() == '}' {
			r.i++
			break
		}
		if !first {
			if r.peek() != ',' {
				return r.fail("an object is not closed")
			}
			r.i++
			r.space()
		}
		if r.peek() != '"' {
			return r.fail("the name of a member is missing")
		}
		name, err := r.text()
		if err != nil {
			return err
		}
		if r.m.set.keywords {
			r.m.names = append(r.m.names, name)
		}
		r.space()
		if r.peek() != ':' {
			return r.fail("a colon is missing")
		}
		r.i++
		r.space()
		if err := r.value(b.down(name), depth+1); err != nil {
			return err
		}
	}
	if own {
		r.covers = r.covers[:len(r.covers)-1]
		r.m.put(b.slot, r.s[start:r.i])
	}
	return nil
}

func (r *jsonReader) array(b *branch, depth int) error {
	r.i++
	for first := true; ; first = false {
		r.space()
		if r.peek() == ']' {
			r.i++
			return nil
		}
		if !first {
			if r.peek() != ',' {
				return r.fail("an array is not closed")
			}
			r.i++
			r.space()
		}
		if err := r.value(b, depth+1); err != nil {
			return err
		}
	}
}

func (r *jsonReader) skipString() error {
	for i := r.i + 1; i < len(r.s); i++ {
		switch r.s[i] {
		case '"':
			r.i = i + 1
			return nil
		case '\\':
			i++
		}
	}
	return r.fail("a text is not closed")
}

// text reads a string. Without escapes it is a part of the record, not a copy.
func (r *jsonReader) text() (string, error) {
	start := r.i + 1
	for i := start; i < len(r.s); i++ {
		switch r.s[i] {
		case '"':
			r.i = i + 1
			return r.s[start:i], nil
		case '\\':
			return r.escaped(start, i)
		}
	}
	return "", r.fail("a text is not closed")
}

func (r *jsonReader) escaped(start, i int) (string, error) {
	out := append(make([]byte, 0, 2*(i-start)+16), r.s[start:i]...)
	for i < len(r.s) {
		c := r.s[i]
		switch {
		case c == '"':
			r.i = i + 1
			return string(out), nil
		case c != '\\':
			out = append(out, c)
			i++
			continue
		case i+1 >= len(r.s):
			return "", r.fail("a text is not closed")
		}
		i += 2
		switch e := r.s[i-1]; e {
		case '"', '\\', '/':
			out = append(out, e)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			char, ok := hex4(r.s, i)
			if !ok {
				return "", r.fail("an escape in a text is damaged")
			}
			i += 4
			if utf16.IsSurrogate(char) {
				low, ok := rune(0), false
				if strings.HasPrefix(r.s[i:], `\u`) {
					low, ok = hex4(r.s, i+2)
				}
				if pair := utf16.DecodeRune(char, low); ok && pair != utf8.RuneError {
					char, i = pair, i+6
				} else {
					char = utf8.RuneError
				}
			}
			out = utf8.AppendRune(out, char)
		default:
			return "", r.fail("an escape in a text is damaged")
		}
	}
	return "", r.fail("a text is not closed")
}

func hex4(s string, i int) (rune, bool) {
	if i+4 > len(s) {
		return 0, false
	}
	n, err := strconv.ParseUint(s[i:i+4], 16, 16)
	return rune(n), err == nil && s[i] != '+'
}
