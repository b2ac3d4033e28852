package canon

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// encoding is encoding/json's, but it refuses what canonical form refuses and escapes no more than that does.
var encoding = json.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false),
	jsontext.AllowInvalidUTF8(false), jsontext.AllowDuplicateNames(false), jsontext.EscapeForHTML(false), jsontext.EscapeForJS(false))

// Marshal encodes v by the rules of encoding/json, refuses invalid UTF-8, and returns canonical bytes.
func Marshal(v any) ([]byte, error) {
	raw, err := json.Marshal(v, encoding)
	if err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	e := Encoder{out: make([]byte, 0, len(raw))}
	if e.whole(raw) {
		return e.out, nil
	}
	return Bytes(raw)
}

// Encoder keeps the memory that encoding needs from one value to the next. The zero Encoder is ready; it is for one
// goroutine.
type Encoder struct {
	raw     bytes.Buffer
	out     []byte
	scratch []byte
	members []member
}

// keepBytes bounds what an Encoder keeps.
const keepBytes = 64 << 10

// member is a member of an object: where its name begins and ends, quotes included, and where its value ends.
type member struct{ start, name, end int }

// Marshal is [Marshal] without its allocations. The bytes belong to the caller.
func (e *Encoder) Marshal(v any) ([]byte, error) {
	e.raw.Reset()
	if err := json.MarshalWrite(&e.raw, v, encoding); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	defer func() {
		if e.raw.Cap() > keepBytes {
			*e = Encoder{}
		}
	}()
	if raw := e.raw.Bytes(); !e.whole(raw) {
		return Bytes(raw)
	}
	return bytes.Clone(e.out), nil
}

// whole puts the canonical form of what the encoder wrote into e.out; false if it is not one that it can tell.
func (e *Encoder) whole(raw []byte) bool {
	e.out, e.members = e.out[:0], e.members[:0]
	end, ok := e.value(raw, 0)
	return ok && end == len(raw)
}

// value appends the canonical form of the value that begins at i in what the encoder wrote. It does the common case:
// what it is not sure of (numbers with a fraction or beyond 15 digits, escapes that could be shorter, names beyond
// U+D7FF, white space) it leaves to [Bytes], by saying false.
func (e *Encoder) value(raw []byte, i int) (end int, ok bool) {
	if i >= len(raw) {
		return i, false
	}
	switch c := raw[i]; {
	case c == '{':
		return e.object(raw, i+1)
	case c == '[':
		return e.array(raw, i+1)
	case c == '"':
		end, _, ok = text(raw, i)
	case c == '-' || c >= '0' && c <= '9':
		end, ok = integer(raw, i)
	default:
		for _, word := range []string{"true", "false", "null"} {
			if len(raw)-i >= len(word) && string(raw[i:i+len(word)]) == word {
				end, ok = i+len(word), true
			}
		}
	}
	if ok {
		e.out = append(e.out, raw[i:end]...)
	}
	return end, ok
}

func (e *Encoder) array(raw []byte, i int) (end int, ok bool) {
	e.out = append(e.out, '[')
	if i < len(raw) && raw[i] == ']' {
		e.out = append(e.out, ']')
		return i + 1, true
	}
	for {
		if i, ok = e.value(raw, i); !ok || i >= len(raw) {
			return i, false
		}
		switch raw[i] {
		case ',', ']':
			e.out = append(e.out, raw[i])
		default:
			return i, false
		}
		i++
		if raw[i-1] == ']' {
			return i, true
		}
	}
}

// object writes the members as they come and then puts them in order.
func (e *Encoder) object(raw []byte, i int) (end int, ok bool) {
	e.out = append(e.out, '{')
	if i < len(raw) && raw[i] == '}' {
		e.out = append(e.out, '}')
		return i + 1, true
	}
	first, begin := len(e.members), len(e.out)
	sorted := true
	for {
		var plain bool
		if i >= len(raw) || raw[i] != '"' {
			return i, false
		}
		m := member{start: len(e.out)}
		end, plain, ok := text(raw, i)
		if !ok || !plain || end >= len(raw) || raw[end] != ':' {
			return i, false
		}
		e.out = append(e.out, raw[i:end+1]...)
		m.name = len(e.out) - 1
		if i, ok = e.value(raw, end+1); !ok || i >= len(raw) {
			return i, false
		}
		m.end = len(e.out)
		if n := len(e.members); n > first {
			order := e.compare(e.members[n-1], m)
			if order == 0 {
				return i, false
			}
			sorted = sorted && order < 0
		}
		e.members = append(e.members, m)
		i++
		switch raw[i-1] {
		case ',':
			e.out = append(e.out, ',')
		case '}':
			members := e.members[first:]
			e.members = e.members[:first]
			if !sorted && !e.sort(members, begin) {
				return i, false
			}
			e.out = append(e.out, '}')
			return i, true
		default:
			return i, false
		}
	}
}

// sort puts the members that were written from begin on in the order of their names; false if a name comes twice.
func (e *Encoder) sort(members []member, begin int) bool {
	slices.SortFunc(members, e.compare)
	e.scratch = append(e.scratch[:0], e.out[begin:]...)
	out := e.out[:begin]
	for i, m := range members {
		if i > 0 {
			if string(e.scratch[members[i-1].start-begin:members[i-1].name-begin]) == string(e.scratch[m.start-begin:m.name-begin]) {
				return false
			}
			out = append(out, ',')
		}
		out = append(out, e.scratch[m.start-begin:m.end-begin]...)
	}
	e.out = out
	return true
}

// compare orders members by their names without the quotes, where one may begin another.
func (e *Encoder) compare(a, b member) int {
	return bytes.Compare(e.out[a.start+1:a.name-1], e.out[b.start+1:b.name-1])
}

// integer finds the end of an integer that canonical form writes as it stands.
func integer(raw []byte, i int) (end int, ok bool) {
	digits := i
	if raw[i] == '-' {
		digits++
	}
	for end = digits; end < len(raw) && raw[end] >= '0' && raw[end] <= '9'; end++ {
	}
	if end < len(raw) && (raw[end] == '.' || raw[end]|0x20 == 'e') {
		return end, false
	}
	return end, end > digits && end-digits <= 15 && (raw[digits] != '0' || end == i+1)
}

// text finds the end of a string that canonical form writes as it stands. It is plain if as a name it is ordered by its
// bytes: without escapes, and of code points before the surrogates, where UTF-16 goes another way than UTF-8.
func text(raw []byte, i int) (end int, plain, ok bool) {
	plain = true
	for i++; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			return i + 1, plain, true
		case c >= 0xee:
			plain = false
		case c < ' ':
			return i, false, false
		case c == '\\':
			plain = false
			if i++; i >= len(raw) {
				return i, false, false
			}
			switch raw[i] {
			case 'b', 't', 'n', 'f', 'r', '"', '\\':
			case 'u':
				if !shortest(raw[i+1:]) {
					return i, false, false
				}
				i += 4
			default:
				return i, false, false
			}
		}
	}
	return i, false, false
}

// shortest reports whether the four digits after \u stand for a control character that has no shorter escape.
func shortest(digits []byte) bool {
	if len(digits) < 4 || digits[0] != '0' || digits[1] != '0' {
		return false
	}
	switch digits[2] {
	case '0':
		return digits[3] >= '0' && digits[3] <= '7' || digits[3] == 'b' || digits[3] == 'e' || digits[3] == 'f'
	case '1':
		return digits[3] >= '0' && digits[3] <= '9' || digits[3] >= 'a' && digits[3] <= 'f'
	}
	return false
}
