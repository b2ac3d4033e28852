package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/invopop/jsonschema"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// generate returns the schema files by name. It reports every type that cannot be described, not only the first.
func generate(root string, docs []document) (map[string][]byte, error) {
	c := newComments(root, reflect.TypeFor[hipaasmp.Entity]().PkgPath())
	out := make(map[string][]byte, len(docs))
	var errs []error
	for _, d := range docs {
		data, err := describe(c, d, docs)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", d.kind, err))
			continue
		}
		out[string(d.kind)+".json"] = data
	}
	return out, errors.Join(errs...)
}

// generator describes one document.
type generator struct {
	comments *comments
	// named are the types that definitions stand for; two types under one name would silently merge.
	named map[string]reflect.Type
	// shared are the definitions that no struct stands for and that the document uses.
	shared map[string]*jsonschema.Schema
	errs   []error
}

func describe(c *comments, d document, docs []document) ([]byte, error) {
	g := &generator{comments: c, named: map[string]reflect.Type{}, shared: map[string]*jsonschema.Schema{}}
	r := jsonschema.Reflector{
		Anonymous:      true,
		ExpandedStruct: true,
		Namer:          g.name,
		Mapper:         g.mapped,
		LookupComment:  g.comment,
	}
	s := r.ReflectFromType(d.typ)
	if s.Properties == nil {
		return nil, fmt.Errorf("%s is no struct", d.typ)
	}

	// The second pass copies the validate tags into what reflection found. It walks the same types.
	g.structTags(s, d.typ)
	for _, def := range slices.Sorted(maps.Keys(s.Definitions)) {
		g.structTags(s.Definitions[def], g.named[def])
	}
	for def, shape := range g.shared {
		s.Definitions[def] = shape
	}

	s.ID = jsonschema.ID(hipaasmp.SchemaID(d.kind, 1))
	s.Title = string(d.kind)
	s.Comments = "Generated from " + d.typ.String() + " by internal/schemagen. Change the Go type, not this file."
	if !named(s, d.kind) {
		g.fault("%s has no schema member; embed hipaasmp.Header", d.typ)
	}
	for _, other := range docs {
		if def := s.Definitions[name(other.typ)]; def != nil {
			named(def, other.kind) // a document inside of another, such as the item of a completion
		}
	}
	if err := errors.Join(g.errs...); err != nil {
		return nil, err
	}
	if err := prune(s); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return format(raw)
}

// named makes a document's schema member name its own schema and nothing else.
func named(s *jsonschema.Schema, kind hipaasmp.Kind) bool {
	head, ok := s.Properties.Get("schema")
	if ok {
		*head = jsonschema.Schema{Const: hipaasmp.SchemaID(kind, 1), Description: head.Description}
	}
	return ok
}

// prune removes the definitions that nothing refers to any more.
func prune(s *jsonschema.Schema) error {
	for again := true; again; {
		raw, err := json.Marshal(s)
		if err != nil {
			return err
		}
		again = false
		for def := range s.Definitions {
			if !bytes.Contains(raw, []byte(`"`+ref(def)+`"`)) {
				delete(s.Definitions, def)
				again = true
			}
		}
	}
	return nil
}

func (g *generator) fault(format string, args ...any) {
	g.errs = append(g.errs, fmt.Errorf(format, args...))
}

// name is [name], and records which type a name stands for.
func (g *generator) name(t reflect.Type) string {
	n := name(t)
	if n == "" {
		return ""
	}
	if other, ok := g.named[n]; ok && other != t {
		g.fault("%s and %s would both be %s; rename one of them", other, t, n)
	}
	g.named[n] = t
	return n
}

// mapped describes the types whose JSON is not what their Go kind suggests.
func (g *generator) mapped(t reflect.Type) *jsonschema.Schema {
	if def, _, ok := shapeOf(t); ok {
		return g.use(def)
	}
	if members, ok := enumMembers(t); ok {
		def := g.name(t)
		if _, done := g.shared[def]; !done {
			g.shared[def] = g.enum(t, members)
		}
		return &jsonschema.Schema{Ref: ref(def)}
	}
	switch t.Kind() {
	case reflect.Float32, reflect.Float64:
		g.fault("%s: a JSON number is rounded by its readers; use decimal.Decimal", t)
	case reflect.Interface, reflect.Array:
		g.fault("%s has no one shape; use a type that has", t)
	}
	return nil
}

// use returns a reference to a shared definition and keeps the definition.
func (g *generator) use(def string) *jsonschema.Schema {
	if _, ok := g.shared[def]; !ok {
		g.shared[def] = shapes()[def]
	}
	return &jsonschema.Schema{Ref: ref(def)}
}

// enumMembers lists an enumeration: a string type with a Values method.
func enumMembers(t reflect.Type) ([]string, bool) {
	m, ok := t.MethodByName("Values")
	if !ok || t.Kind() != reflect.String || m.Type.NumIn() != 1 || m.Type.NumOut() != 1 || m.Type.Out(0) != reflect.SliceOf(t) {
		return nil, false
	}
	list := reflect.Zero(t).Method(m.Index).Call(nil)[0]
	out := make([]string, list.Len())
	for i := range out {
		out[i] = list.Index(i).String()
	}
	return out, true
}

// enum lists the members with their titles, as code generators like it.
func (g *generator) enum(t reflect.Type, members []string) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string", Description: g.comment(t, "")}
	for _, m := range members {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Const: m, Title: title(m), Description: g.lookup(t.PkgPath(), t.Name()+"="+m)})
	}
	return s
}

// comment answers the reflector's question for a type or one of its fields.
func (g *generator) comment(t reflect.Type, field string) string {
	key := t.Name()
	for i := range key {
		if key[i] == '[' {
			key = key[:i]
			break
		}
	}
	if field != "" {
		key += "." + field
	}
	return g.lookup(t.PkgPath(), key)
}

func (g *generator) lookup(pkg, key string) string {
	text, err := g.comments.of(pkg, key)
	if err != nil {
		g.errs = append(g.errs, err)
	}
	return text
}
