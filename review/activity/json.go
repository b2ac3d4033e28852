package activity

import (
	"bytes"
	"errors"
	"iter"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// records is what tells the JSON formats apart: the members that frame the records, and how one is read.
type records struct {
	// container is the member of a framing object whose array holds the records.
	container string
	// also lists further members that may be the one.
	also []string
	// unwrap cuts the record out of an element of that array, and gives its place within. Without it the element is the record.
	unwrap func(element []byte) (record []byte, at int)
	// several cuts the records out of a delivery, see [entries].
	several func(frame []byte) (parts []placed, ok bool)
	// decode fills the event from one record. It need not set Source, Seq and Raw.
	decode func(record []byte, e *Event) error
	// within is the member of an element that holds the record, where it is not the element itself.
	within string
	// quick makes what reads the records of a file that look like those before. It may be nil.
	quick func() quickRecord
	// identity is that of [entries].
	identity func(record []byte, e *Event) []byte
}

// quickRecord reads a record that looks like one before and returns its length. It gives the event that the exact decoder
// would give, or returns 0. The bytes are the record, or where more is set they only begin with it. From a whole record
// that it does not know it learns.
type quickRecord func(b []byte, more bool, e *Event) int

func (rs records) read(in Input) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		var ready Event
		var quick quickRecord
		unwrap := rs.unwrap
		if rs.within != "" {
			unwrap = func(element []byte) ([]byte, int) { return member(element, rs.within) }
		}
		if rs.quick != nil {
			quick = rs.quick()
		}
		frames := func(yield func(frame) bool) error {
			f := newFramer(in, append([]string{rs.container}, rs.also...)...)
			if quick != nil {
				f.quick = func(line []byte) bool {
					ready = Event{}
					return quick(line, false, &ready) > 0
				}
				f.element = func(b []byte) (from, to int) {
					ready = Event{}
					from = max(memberAt(b, rs.within), 0)
					if n := quick(b[from:], true, &ready); n > 0 {
						return from, from + n
					}
					return 0, 0
				}
			}
			return f.run(yield)
		}
		entries{frames: frames, unwrap: unwrap, several: rs.several, decode: rs.decode, quick: quick, explain: explainJSON, ready: &ready, identity: rs.identity}.read(in)(yield)
	}
}

// explainJSON classifies what the decoder said, in words that hold nothing out of the log.
func explainJSON(raw []byte, err error) (Reason, string) {
	var semantic *json.SemanticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return ReasonDuplicateMember, "an object names a member twice"
	case !utf8.Valid(raw):
		return ReasonEncoding, "the record is not UTF-8"
	case errors.As(err, &semantic):
		return ReasonType, "a member that is needed has another type"
	}
	return ReasonSyntax, "the record is not JSON"
}

// member returns the raw value of a member of an object and its place, or nil.
func member(object []byte, name string) ([]byte, int) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(object), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '{' {
		return nil, 0
	}
	for dec.PeekKind() == '"' {
		tok, err := dec.ReadToken()
		if err != nil {
			return nil, 0
		}
		wanted := tok.String() == name
		value, err := dec.ReadValue()
		if err != nil {
			return nil, 0
		}
		if wanted {
			end := int(dec.InputOffset())
			return object[end-len(value) : end], end - len(value)
		}
	}
	return nil, 0
}

// memberAt returns where the object begins that is a member of the object that b begins with, or -1 where that is not
// plain to see: only texts, numbers and words may stand before it. Without a name it is -1.
func memberAt(b []byte, name string) int {
	at, blanks := 0, func(at int) int {
		for at < len(b) && (b[at] == ' ' || b[at] == '\n' || b[at] == '\r' || b[at] == '\t') {
			at++
		}
		return at
	}
	for first := true; name != "" && at < len(b) && (b[at] == '{' && first || b[at] == ',' && !first); first = false {
		if at = blanks(at + 1); at == len(b) || b[at] != '"' {
			return -1
		}
		n := plainText(b[at+1:])
		if n < 0 {
			return -1
		}
		found := string(b[at+1:at+1+n]) == name
		if at = blanks(at + n + 2); at == len(b) || b[at] != ':' {
			return -1
		}
		if at = blanks(at + 1); at == len(b) {
			return -1
		}
		switch c := b[at]; {
		case found && c == '{':
			return at
		case found:
			return -1
		case c == '"':
			if n = plainText(b[at+1:]); n < 0 {
				return -1
			}
			at += n + 2
		default:
			if n = bare(b[at:]); n == 0 {
				return -1
			}
			at += n
		}
		at = blanks(at)
	}
	return -1
}

// parts returns the elements of the array that lies at the end of a path of members, with their places. It reports false
// where there is none, where a member of the path is there twice, or where the object is no JSON.
func parts(object []byte, path ...string) ([]placed, bool) {
	array, at := object, 0
	for _, name := range path {
		next, n := member(array, name)
		if next == nil || bytes.Count(array, []byte(`"`+name+`"`)) > 1 && memberTwice(array, name) {
			return nil, false
		}
		array, at = next, at+n
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(array), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '[' {
		return nil, false
	}
	var out []placed
	for dec.PeekKind() != ']' {
		value, err := dec.ReadValue()
		if err != nil {
			return nil, false
		}
		end := int(dec.InputOffset())
		out = append(out, placed{array[end-len(value) : end], at + end - len(value)})
	}
	return out, true
}

// memberTwice reports whether an object names a member twice.
func memberTwice(object []byte, name string) bool {
	dec := jsontext.NewDecoder(bytes.NewBuffer(object), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '{' {
		return false
	}
	n := 0
	for dec.PeekKind() == '"' {
		tok, err := dec.ReadToken()
		if err != nil {
			return false
		}
		if tok.String() == name {
			n++
		}
		if dec.SkipValue() != nil {
			return false
		}
	}
	return n > 1
}

// firstText returns the first of the named members of an object that is a text, in the order of the names.
func firstText(object []byte, names ...string) (name, value string) {
	if len(object) == 0 || object[0] != '{' {
		return "", ""
	}
	best := len(names)
	dec := jsontext.NewDecoder(bytes.NewBuffer(object))
	if _, err := dec.ReadToken(); err != nil {
		return "", ""
	}
	for dec.PeekKind() == '"' {
		tok, err := dec.ReadToken()
		if err != nil {
			break
		}
		rank := 0
		for rank < best && names[rank] != tok.String() {
			rank++
		}
		if rank == best || dec.PeekKind() != '"' {
			if dec.SkipValue() != nil {
				break
			}
			continue
		}
		if tok, err = dec.ReadToken(); err != nil {
			break
		}
		if s := tok.String(); s != "" {
			best, name, value = rank, names[rank], s
		}
	}
	return name, value
}
