package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// order is how a person reads a schema: what it is, what it means, what it holds, and last what it refers to.
var order = [...]string{
	"$schema", "$id", "$comment", "title", "const", "description", "$ref", "type", "format", "pattern", "enum", "oneOf", "allOf", "not",
	"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
	"items", "propertyNames", "properties", "required", "additionalProperties", "$defs",
}

// member is one member of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// format brings the keywords of a schema into reading order and indents it. It refuses a keyword that it does not know,
// so that nothing gets into a published schema unseen.
func format(raw []byte) ([]byte, error) {
	v, err := reorder(raw)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, v, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// reorder is format for one schema without the indentation; true and false are schemas too.
func reorder(v json.RawMessage) (json.RawMessage, error) {
	if v[0] != '{' {
		return v, nil
	}
	members, err := split(v)
	if err != nil {
		return nil, err
	}
	for i, m := range members {
		switch m.name {
		case "properties", "$defs":
			m.value, err = each(m.value)
		case "items", "propertyNames", "additionalProperties", "not":
			m.value, err = reorder(m.value)
		case "oneOf", "allOf":
			m.value, err = all(m.value)
		default:
			if !slices.Contains(order[:], m.name) {
				err = fmt.Errorf("the keyword %s is not expected", m.name)
			}
		}
		if err != nil {
			return nil, err
		}
		members[i] = m
	}
	slices.SortStableFunc(members, func(a, b member) int {
		return slices.Index(order[:], a.name) - slices.Index(order[:], b.name)
	})
	return join(members)
}

// each reorders the schemas of an object whose names are free, and keeps the order of the names.
func each(v json.RawMessage) (json.RawMessage, error) {
	members, err := split(v)
	if err != nil {
		return nil, err
	}
	for i := range members {
		if members[i].value, err = reorder(members[i].value); err != nil {
			return nil, err
		}
	}
	return join(members)
}

// all reorders the schemas of a list.
func all(v json.RawMessage) (json.RawMessage, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(v, &items); err != nil {
		return nil, err
	}
	for i := range items {
		var err error
		if items[i], err = reorder(items[i]); err != nil {
			return nil, err
		}
	}
	return plain(items)
}

// split takes an object apart and keeps the order of its members.
func split(v json.RawMessage) ([]member, error) {
	dec := json.NewDecoder(bytes.NewReader(v))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var out []member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		m := member{name: fmt.Sprint(name)}
		if err := dec.Decode(&m.value); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func join(members []member) (json.RawMessage, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := plain(m.name)
		if err != nil {
			return nil, err
		}
		value := m.value
		if value[0] == '"' {
			var s string
			if err := json.Unmarshal(value, &s); err != nil {
				return nil, err
			}
			if value, err = plain(s); err != nil {
				return nil, err
			}
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// plain writes JSON without the escapes that guard against HTML: a schema is read by people.
func plain(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
