package activity

import (
	"bytes"
	"reflect"
	"slices"

	"github.com/go-json-experiment/json"
)

// auditShape is where the values of a shape go in a resource that is already decoded but for them.
type auditShape struct {
	a     *auditEvent
	texts []*string // for each value, nil for one that the event does not need
}

// quickAuditEvent makes what reads lines by their shapes.
func quickAuditEvent() quickRecord {
	var known shapes[auditShape]
	return func(line []byte, more bool, e *Event) int {
		if s, n := known.find(line, more); s != nil {
			for i, to := range s.with.texts {
				if s.slots[i].kind != '"' {
					return 0
				}
				if to != nil {
					*to = s.text(line, i)
				}
			}
			if s.with.a.event(e) != nil {
				return 0
			}
			return n
		}
		var scratch Event
		if more || !known.due() || !whole(line) || decodeAuditEvent(line, &scratch) != nil {
			return 0
		}
		s := learn(line, true, func([]string) (int, bool) { return 0, false })
		if s == nil || slices.Contains(s.names, "entry") || slices.Contains(s.names, "resource") {
			return 0
		}
		if with, ok := fillAuditEvent(s); ok {
			known.add(s, with)
		}
		return 0
	}
}

// fillAuditEvent decodes the shape with the number of each value in its place, and so learns where it goes.
func fillAuditEvent(s *shape) (auditShape, bool) {
	out := auditShape{a: &auditEvent{}, texts: make([]*string, len(s.slots))}
	if json.Unmarshal(s.marked(), out.a) != nil || out.a.Event != nil {
		return out, false
	}
	at := map[string]int{}
	for i := range s.slots {
		at[marker(i)] = i
	}
	eachText(reflect.ValueOf(out.a).Elem(), func(to *string) {
		if i, ok := at[*to]; ok {
			out.texts[i] = to
		}
	})
	if o := out.a.Outcome; len(o) > 0 {
		i, ok := at[string(bytes.Trim(o, `"`))]
		if !ok || o[0] != '"' {
			return out, false // an object, which is read again for its members
		}
		out.a.outcomeCode = new(string)
		out.texts[i] = out.a.outcomeCode
	}
	for i := range s.fills {
		if out.texts[i] == nil {
			s.fills[i] = -1
		}
	}
	return out, true
}

// eachText visits every text in a value.
func eachText(v reflect.Value, visit func(*string)) {
	switch v.Kind() {
	case reflect.String:
		if p, ok := v.Addr().Interface().(*string); ok {
			visit(p)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			eachText(v.Field(i), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), visit)
		}
	}
}
