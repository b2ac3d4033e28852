package activity

import (
	"bytes"
	"errors"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonReader reads reports of JSON objects: one a line, an array, or an object around an array.
type jsonReader struct {
	m     *mapping
	exact bool // without the quick reading of lines
}

func (jsonReader) Format() Format { return FormatNDJSON }

func (jsonReader) Version() int { return 3 }

func (j jsonReader) Read(in Input) iter.Seq2[Event, error] {
	tree, r := j.m.tree(), j.m.row()
	rs := records{container: j.m.profile.Container, decode: func(record []byte, e *Event) error {
		r.reset()
		dec := jsontext.NewDecoder(bytes.NewBuffer(record))
		if dec.PeekKind() != '{' {
			return unreadable{ReasonType, "the entry is no object"}
		}
		if err := r.object(dec, tree); err != nil {
			return r.twice(err, tree)
		}
		return r.event(e)
	}}
	if !j.exact {
		rs.quick = func() quickRecord { return r.quick(tree, rs.decode) }
	}
	return rs.read(in)
}

// quick makes what reads lines by their shapes.
func (r *row) quick(tree members, decode func([]byte, *Event) error) quickRecord {
	var known shapes[struct{}]
	return func(line []byte, more bool, e *Event) int {
		if s, n := known.find(line, more); s != nil {
			r.reset()
			for _, i := range s.filled {
				switch v := &s.slots[i]; {
				case v.kind == 'n':
				case r.noName(v.kind, s.fills[i]):
					return 0
				default:
					r.see(s.fills[i], line[v.from:v.to])
				}
			}
			if r.event(e) != nil {
				return 0
			}
			return n
		}
		var scratch Event
		if more || !known.due() || !whole(line) || decode(line, &scratch) != nil {
			return 0
		}
		s := learn(line, false, func(path []string) (int, bool) { return tree.find(path, r.mapping) })
		if s != nil && !slices.Contains(s.names, r.profile.Container) {
			known.add(s, struct{}{})
		}
		return 0
	}
}

// find returns the column that the value at a path fills, or -1, and whether it may only be null, because an object is
// wanted there.
func (ms members) find(path []string, m *mapping) (column int, onlyNull bool) {
	for i, name := range path {
		w, ok := ms[name]
		switch {
		case !ok, w.column >= 0 && m.fields[w.column] == atIgnore:
			return -1, false
		case w.column >= 0:
			return w.column, false
		case i == len(path)-1:
			return -1, true
		}
		ms = w.within
	}
	return -1, false
}

// members are the wanted members of an object.
type members map[string]wanted

// wanted is a value that fills a column, or an object of which members do.
type wanted struct {
	column int // -1 for an object
	within members
}

// tree arranges the columns by their paths.
func (m *mapping) tree() members {
	root := members{}
	for i, c := range m.profile.Columns {
		at, path := root, c.path()
		for _, name := range path[:len(path)-1] {
			if at[name].within == nil {
				at[name] = wanted{column: -1, within: members{}}
			}
			at = at[name].within
		}
		at[path[len(path)-1]] = wanted{column: i}
	}
	return root
}

// object reads the wanted members of an object.
func (r *row) object(dec *jsontext.Decoder, want members) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		w, ok := want[name.String()]
		kind := dec.PeekKind()
		switch {
		case !ok, w.column >= 0 && r.fields[w.column] == atIgnore, kind == 'n':
			err = dec.SkipValue()
		case w.within != nil && kind == '{':
			err = r.object(dec, w.within)
		case w.within != nil:
			r.refuseAll(w, "lies in a value that is no object")
			err = dec.SkipValue()
		case kind == '[':
			err = r.array(dec, w.column)
		default:
			err = r.value(dec, w.column)
		}
		if err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// array reads several patients or purposes.
func (r *row) array(dec *jsontext.Decoder, column int) error {
	if at := r.fields[column]; at != atPatient && at != atPurpose {
		r.refuseColumn(column, "is an array")
		return dec.SkipValue()
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != ']' {
		if err := r.value(dec, column); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// value reads a text, a number or a boolean. A null is an empty cell.
func (r *row) value(dec *jsontext.Decoder, column int) error {
	switch kind := byte(dec.PeekKind()); {
	case kind == 'n':
		return dec.SkipValue()
	case kind == '{':
		r.refuseColumn(column, "is an object")
		return dec.SkipValue()
	case kind == '[':
		r.refuseColumn(column, "is an array within an array")
		return dec.SkipValue()
	case r.noName(kind, column):
		r.refuseColumn(column, "is true or false, which identifies nothing")
		return dec.SkipValue()
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	r.put(column, tok.String())
	return nil
}

// noName reports whether a value is true or false where an identity is wanted: entries that share such a one would pass
// for one entry that was delivered again.
func (r *row) noName(kind byte, column int) bool {
	return (kind == 't' || kind == 'f') && r.fields[column] == atID
}

// refuseAll says what is wrong with every column that lies within a value.
func (r *row) refuseAll(w wanted, why string) {
	if w.column >= 0 && r.fields[w.column] != atIgnore {
		r.refuseColumn(w.column, why)
	}
	for _, inner := range w.within {
		r.refuseAll(inner, why)
	}
}

// twice names the column of the profile that an object names twice, where it is one.
func (r *row) twice(err error, tree members) error {
	var syntax *jsontext.SyntacticError
	if !errors.Is(err, jsontext.ErrDuplicateName) || !errors.As(err, &syntax) {
		return err
	}
	at := wanted{column: -1, within: tree}
	for name := range syntax.JSONPointer.Tokens() {
		inner, ok := at.within[name]
		if !ok {
			return err
		}
		at = inner
	}
	had := len(r.faults)
	r.refuseAll(at, "is named twice by an object")
	if len(r.faults) == had {
		return err
	}
	return r.misfit(ReasonDuplicateMember)
}
