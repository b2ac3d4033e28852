package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// narrowed compares the schemas in the folder released with those in the folder present, and lists every change by which
// a document that was accepted could be refused. Documents live six years and longer, so such a change needs a new
// major version in the $id, which is a new folder beside the old one.
//
// What it cannot prove harmless it lists: another pattern, for example, is a narrowing even where it allows more.
func narrowed(released, present string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(released, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no schema in %s", released)
	}
	var out []string
	for _, path := range paths {
		name := filepath.Base(path)
		before, err := readSchema(path)
		if err != nil {
			return nil, err
		}
		after, err := readSchema(filepath.Join(present, name))
		if errors.Is(err, fs.ErrNotExist) {
			out = append(out, name+": the schema is gone, and documents that name it can no longer be checked")
			continue
		}
		if err != nil {
			return nil, err
		}
		c := comparison{before: before, after: after}
		c.compare("", []any{before}, []any{after}, 0)
		for _, why := range c.found {
			out = append(out, name+why)
		}
	}
	return out, nil
}

func readSchema(path string) (map[string]any, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return out, nil
}

// comparison is one run over a schema before and after.
type comparison struct {
	before, after map[string]any
	found         []string
}

func (c *comparison) add(at, format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf("#%s: %s", at, fmt.Sprintf(format, args...)))
}

// bounds are the keywords whose value limits something, with +1 where a greater value refuses more.
func bounds() map[string]int {
	return map[string]int{"minLength": 1, "minItems": 1, "minimum": 1, "minProperties": 1, "maxLength": -1, "maxItems": -1, "maximum": -1, "maxProperties": -1}
}

// annotations are the keywords that refuse nothing, or that are followed and not compared.
func annotations() []string {
	return []string{"$ref", "$defs", "$schema", "$id", "$comment", "title", "description", "examples", "default", "deprecated"}
}

// flat is what a conjunction of schemas demands, references followed.
type flat struct {
	types, members map[string]bool // nil allows all
	required       map[string]bool
	properties     map[string][]any
	closed         bool
	items          []any
	limits         map[string]float64
	// others are the keywords that are only compared for being the same, as keyword and value.
	others map[string]bool
}

func flatten(document map[string]any, schemas []any) flat {
	f := flat{required: map[string]bool{}, properties: map[string][]any{}, limits: map[string]float64{}, others: map[string]bool{}}
	pending := slices.Clone(schemas)
	// A reference that leads back to itself adds nothing; the count ends the walk.
	for n := 0; len(pending) > 0 && n < 1000; n++ {
		s, ok := pending[0].(map[string]any)
		pending = pending[1:]
		if !ok {
			continue
		}
		if ref, ok := s["$ref"].(string); ok {
			if target, ok := resolve(document, ref); ok {
				pending = append(pending, target)
			} else {
				f.others["$ref "+ref] = true
			}
		}
		if all, ok := s["allOf"].([]any); ok {
			pending = append(pending, all...)
		}
		for keyword, value := range s {
			f.keyword(keyword, value)
		}
	}
	return f
}

func (f *flat) keyword(keyword string, value any) {
	_, bounded := bounds()[keyword]
	switch {
	case slices.Contains(annotations(), keyword) || keyword == "allOf":
	case keyword == "type":
		f.types = both(f.types, texts(value))
	case keyword == "const":
		f.members = both(f.members, map[string]bool{text(value): true})
	case keyword == "enum":
		list, _ := value.([]any)
		f.members = both(f.members, valuesOf(list))
	case keyword == "oneOf" && constants(value) != nil:
		f.members = both(f.members, constants(value))
	case keyword == "required":
		maps.Copy(f.required, texts(value))
	case keyword == "properties":
		props, _ := value.(map[string]any)
		for name, s := range props {
			f.properties[name] = append(f.properties[name], s)
		}
	case keyword == "additionalProperties" && value == false:
		f.closed = true
	case keyword == "items":
		f.items = append(f.items, value)
	case bounded:
		v, _ := value.(float64)
		if old, ok := f.limits[keyword]; !ok || (v-old)*float64(bounds()[keyword]) > 0 {
			f.limits[keyword] = v
		}
	default:
		f.others[keyword+" "+text(value)] = true
	}
}

func resolve(document map[string]any, ref string) (any, bool) {
	name, ok := strings.CutPrefix(ref, "#/$defs/")
	defs, _ := document["$defs"].(map[string]any)
	target, found := defs[name]
	return target, ok && found
}

// compare lists what the schemas after demand and those before did not.
func (c *comparison) compare(at string, before, after []any, depth int) {
	const deepest = 64
	if depth > deepest {
		c.add(at, "is nested too deep to be compared")
		return
	}
	was, is := flatten(c.before, before), flatten(c.after, after)
	c.narrower(at, "type", was.types, is.types)
	c.narrower(at, "value", was.members, is.members)
	for _, name := range slices.Sorted(maps.Keys(is.required)) {
		if !was.required[name] {
			c.add(at, "%q is required, and was not", name)
		}
	}
	for _, keyword := range slices.Sorted(maps.Keys(is.limits)) {
		old, had := was.limits[keyword]
		if now := is.limits[keyword]; !had || (now-old)*float64(bounds()[keyword]) > 0 {
			c.add(at, "%s is %v, which refuses more than before", keyword, now)
		}
	}
	for _, other := range slices.Sorted(maps.Keys(is.others)) {
		if !was.others[other] {
			c.add(at, "%s was not demanded in these words before", other)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was.properties)) {
		there := at + hipaasmp.Pointer("properties", name)
		now, ok := is.properties[name]
		switch {
		case ok:
			c.compare(there, was.properties[name], now, depth+1)
		case is.closed:
			c.add(there, "is gone, and documents may have it")
		}
	}
	if is.closed && !was.closed {
		c.add(at, "refuses members that it does not name, and did not")
	}
	if len(is.items) > 0 {
		c.compare(at+"/items", was.items, is.items, depth+1)
	}
}

// narrower lists what is no longer among the values allowed.
func (c *comparison) narrower(at, what string, was, is map[string]bool) {
	switch {
	case is == nil:
	case was == nil:
		c.add(at, "any %s was allowed, and now only %s", what, strings.Join(slices.Sorted(maps.Keys(is)), ", "))
	default:
		for _, v := range slices.Sorted(maps.Keys(was)) {
			if !is[v] && !(what == "type" && v == "integer" && is["number"]) {
				c.add(at, "the %s %s is refused, and was allowed", what, v)
			}
		}
	}
}

// both intersects, where nil is everything.
func both(a, b map[string]bool) map[string]bool {
	if a == nil {
		return b
	}
	out := map[string]bool{}
	for v := range a {
		if b[v] {
			out[v] = true
		}
	}
	return out
}

// constants returns the values of a oneOf whose every branch is one value, and nil for any other.
func constants(v any) map[string]bool {
	list, _ := v.([]any)
	out := map[string]bool{}
	for _, branch := range list {
		s, _ := branch.(map[string]any)
		value, ok := s["const"]
		if !ok {
			return nil
		}
		out[text(value)] = true
	}
	return out
}

func texts(v any) map[string]bool {
	if list, ok := v.([]any); ok {
		out := map[string]bool{}
		for _, x := range list {
			s, _ := x.(string)
			out[s] = true
		}
		return out
	}
	s, _ := v.(string)
	return map[string]bool{s: true}
}

func valuesOf(list []any) map[string]bool {
	out := map[string]bool{}
	for _, x := range list {
		out[text(x)] = true
	}
	return out
}

// text writes a JSON value; members are sorted by the encoder.
func text(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}
