package main

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
	"github.com/shopspring/decimal"
)

// mostExact is the largest whole number that every JSON reader keeps.
const mostExact = 1<<53 - 1

// field is one member of a JSON object with everything that its tags say.
type field struct {
	owner    reflect.Type
	typ      reflect.Type
	goName   string
	jsonName string
	// optional says that a zero value is left out, so that a zero value that is there is not canonical.
	optional bool
	rules    []string
}

func (f field) String() string { return f.owner.String() + "." + f.goName }

// structTags copies the tags of a struct's fields into its definition.
func (g *generator) structTags(s *jsonschema.Schema, t reflect.Type) {
	if t == nil || t.Kind() != reflect.Struct || s.Properties == nil {
		return
	}
	for _, f := range fields(t) {
		p, ok := s.Properties.Get(f.jsonName)
		if !ok {
			continue
		}
		own, _ := cutDive(f.rules)
		if f.optional && slices.Contains(own, "required") {
			g.fault("%s is left out when zero, yet required", f)
		}
		if !f.optional {
			switch f.typ.Kind() {
			case reflect.Slice, reflect.Map:
				if !slices.ContainsFunc(own, func(r string) bool { return r == "required" || strings.HasPrefix(r, "min=") }) {
					g.fault("%s is written as null when it is nil; tag it omitempty, or min=1 where it must not be empty", f)
				}
			case reflect.Pointer:
				g.fault("%s is written as null when it is nil; tag it omitempty", f)
			}
		}
		g.rules(p, f, f.typ, f.rules, f.optional)
	}
}

// fields lists the members of t's JSON object, those of embedded structs among them.
func fields(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		sf := t.Field(i)
		name, opts, _ := strings.Cut(sf.Tag.Get("json"), ",")
		switch {
		case name == "-" || !sf.IsExported() && !sf.Anonymous:
			continue
		case sf.Anonymous && name == "" && sf.Type.Kind() == reflect.Struct:
			out = append(out, fields(sf.Type)...)
			continue
		case name == "":
			name = sf.Name
		}
		var rules []string
		if tag := sf.Tag.Get("validate"); tag != "" {
			rules = strings.Split(tag, ",")
		}
		options := strings.Split(opts, ",")
		out = append(out, field{
			owner: t, typ: sf.Type, goName: sf.Name, jsonName: name, rules: rules,
			optional: slices.Contains(options, "omitempty") || slices.Contains(options, "omitzero"),
		})
	}
	return out
}

// rules copies the validate rules of one value, and after dive those of its elements, into p.
func (g *generator) rules(p *jsonschema.Schema, f field, t reflect.Type, rules []string, optional bool) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
		optional = false // a pointer that is there may point to zero
	}
	own, elements := cutDive(rules)
	if _, tag, ok := shapeOf(t); ok && tag != "" && !slices.Contains(own, tag) {
		g.fault("%s is a %s without the tag %s; Validate would let pass what the schema refuses", f, t, tag)
	}
	g.element(p, f, t, own, elements)
	g.kind(p, f, t, optional)
	var lo, hi string
	for _, rule := range own {
		word, param, _ := strings.Cut(rule, "=")
		switch word {
		case "omitempty", "enum", "":
			if word == "enum" {
				if _, ok := enumMembers(t); !ok {
					g.fault("%s is tagged enum, but %s has no Values", f, t)
				}
			}
		case "required":
			g.required(p, f, t)
		case "min", "gte", "max", "lte":
			g.bound(p, f, t, word == "min" || word == "gte", param)
		case "decmin":
			lo = param
		case "decmax":
			hi = param
		default:
			def, ok := tagShapes(word)
			if !ok || param != "" {
				g.fault("%s: the rule %q has no counterpart in a schema", f, rule)
				continue
			}
			if p.Ref == "" {
				was := *p
				*p = *g.use(def)
				p.Description = was.Description
				p.MinLength, p.MaxLength = was.MinLength, was.MaxLength
			} else if p.Ref != ref(def) {
				g.fault("%s: the rule %q does not fit %s", f, rule, p.Ref)
			}
		}
	}
	if lo != "" || hi != "" {
		g.decimalRange(p, f, t, lo, hi)
	}
}

// element descends into slices and maps. Elements with rules of their own must be dived into, or Validate skips them.
func (g *generator) element(p *jsonschema.Schema, f field, t reflect.Type, own, elements []string) {
	if t.Kind() != reflect.Slice && t.Kind() != reflect.Map {
		if elements != nil {
			g.fault("%s: dive into %s, which has no elements", f, t)
		}
		return
	}
	if elements == nil {
		if hasRules(t.Elem()) {
			g.fault("%s: the elements have rules, but Validate does not dive into them; tag it dive", f)
		}
		elements = []string{}
	}
	if t.Kind() == reflect.Slice {
		if t.Elem().Kind() == reflect.Uint8 {
			g.fault("%s: bytes have many spellings in base64; use hipaasmp.Digest or a text", f)
			return
		}
		g.rules(p.Items, f, t.Elem(), elements, false)
		return
	}
	if p.AdditionalProperties == nil {
		p.AdditionalProperties = &jsonschema.Schema{}
	}
	var keyRules []string
	if len(elements) > 0 && elements[0] == "keys" {
		end := slices.Index(elements, "endkeys")
		keyRules, elements = elements[1:max(end, 1)], elements[end+1:]
	}
	p.PropertyNames = &jsonschema.Schema{}
	if s := g.mapped(t.Key()); s != nil {
		p.PropertyNames = s
	}
	g.rules(p.PropertyNames, f, t.Key(), keyRules, false)
	g.rules(p.AdditionalProperties, f, t.Elem(), elements, false)
}

// kind adds what the Go kind says beyond the JSON type, and for an optional value that zero is left out.
func (g *generator) kind(p *jsonschema.Schema, f field, t reflect.Type, optional bool) {
	switch k := t.Kind(); k {
	case reflect.String:
		if optional {
			notEmpty(p, t)
		}
		if _, ok := enumMembers(t); ok && !reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
			g.fault("%s: %s reads any text; give it UnmarshalText", f, t)
		}
	case reflect.Bool:
		if optional {
			p.Const = true
		}
	case reflect.Slice:
		if optional {
			p.MinItems = ptr(1)
		}
	case reflect.Map:
		if optional {
			p.MinProperties = ptr(1)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		most := uint64(mostExact)
		if bits := t.Bits(); bits < 54 {
			most = 1<<(bits-1) - 1
		}
		p.Minimum, p.Maximum = number(-int64(most)), number(int64(most))
		if t.Bits() < 54 {
			p.Minimum = number(-int64(most) - 1)
		}
		if optional {
			p.Not = &jsonschema.Schema{Const: 0}
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		most := int64(mostExact)
		if bits := t.Bits(); bits < 54 {
			most = 1<<bits - 1
		}
		p.Minimum, p.Maximum = number(0), number(most)
		if optional {
			p.Minimum = number(1)
		}
	case reflect.Struct:
		if optional && t == reflect.TypeFor[decimal.Decimal]() {
			p.Not = &jsonschema.Schema{Const: "0"}
		}
	}
}

// required adds that the value is not zero; that the member is there, reflection has said already.
func (g *generator) required(p *jsonschema.Schema, f field, t reflect.Type) {
	switch t.Kind() {
	case reflect.String:
		notEmpty(p, t)
	case reflect.Slice:
		p.MinItems = ptr(1)
	case reflect.Map:
		p.MinProperties = ptr(1)
	case reflect.Struct:
		if t == reflect.TypeFor[decimal.Decimal]() {
			g.fault("%s: required on a decimal refuses zero in one spelling and takes it in another; use decmin", f)
		}
	default:
		g.fault("%s: required on a %s refuses zero; say min=1, or nothing", f, t.Kind())
	}
}

// notEmpty refuses the empty text. An enumeration and a citation have no empty member anyway.
func notEmpty(p *jsonschema.Schema, t reflect.Type) {
	if _, ok := enumMembers(t); !ok {
		p.MinLength = ptr(1)
	}
}

// bound adds min or max: of a number its value, of a text its length in characters, of a list its length.
func (g *generator) bound(p *jsonschema.Schema, f field, t reflect.Type, lower bool, param string) {
	n, err := strconv.ParseInt(param, 10, 64)
	if err != nil {
		g.fault("%s: %q is no whole number", f, param)
		return
	}
	set := func(lo, hi **uint64) {
		if n < 0 {
			g.fault("%s: a length is at least 0", f)
			return
		}
		if lower {
			*lo = ptr(uint64(n))
		} else {
			*hi = ptr(uint64(n))
		}
	}
	switch k := t.Kind(); {
	case k == reflect.String:
		set(&p.MinLength, &p.MaxLength)
	case k == reflect.Slice:
		set(&p.MinItems, &p.MaxItems)
	case k == reflect.Map:
		set(&p.MinProperties, &p.MaxProperties)
	case k >= reflect.Int && k <= reflect.Uint64 && lower:
		p.Minimum = number(n)
	case k >= reflect.Int && k <= reflect.Uint64:
		p.Maximum = number(n)
	default:
		g.fault("%s: min and max do not fit a %s", f, t)
	}
}

func (g *generator) decimalRange(p *jsonschema.Schema, f field, t reflect.Type, lo, hi string) {
	if t != reflect.TypeFor[decimal.Decimal]() {
		g.fault("%s: decmin and decmax fit decimals only", f)
		return
	}
	name, s, err := decimalRange(lo, hi)
	if err != nil {
		g.fault("%s: %v", f, err)
		return
	}
	g.shared[name] = s
	p.Ref = ref(name)
}

// cutDive splits rules at dive. elements is nil where there is none.
func cutDive(rules []string) (own, elements []string) {
	if i := slices.Index(rules, "dive"); i >= 0 {
		return rules[:i], append([]string{}, rules[i+1:]...)
	}
	return rules, nil
}

// hasRules reports whether a value of the type can break a rule that only a dive would find.
func hasRules(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return false
	}
	if _, _, ok := shapeOf(t); ok {
		return false
	}
	return slices.ContainsFunc(fields(t), func(f field) bool { return len(f.rules) > 0 || hasRules(f.typ) })
}

func number(n int64) json.Number { return json.Number(fmt.Sprint(n)) }
