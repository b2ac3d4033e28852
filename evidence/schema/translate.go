package schema

import (
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// mostMembers is how many members of an enumeration a message lists.
const mostMembers = 24

// translate turns the tree of what the validator found into faults with codes of this module.
func (c compiled) translate(e *jsonschema.ValidationError, out []hipaasmp.Fault) []hipaasmp.Fault {
	at := pointer(e.InstanceLocation)
	add := func(code hipaasmp.FaultCode, pointer, format string, args ...any) {
		out = append(out, hipaasmp.Fault{Code: code, Pointer: pointer, Message: fmt.Sprintf(format, args...)})
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			add(hipaasmp.FaultRequired, at+hipaasmp.Pointer(name), "is missing; supply it")
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			add(hipaasmp.FaultUnknownMember, at+hipaasmp.Pointer(name), "is not a member that this document has; remove it or correct its spelling")
		}
	case *kind.Type:
		add(hipaasmp.FaultType, at, "is a JSON %s; write %s", k.Got, withArticle(strings.Join(k.Want, " or ")))
	case *kind.OneOf:
		add(hipaasmp.FaultEnum, at, "%s", members(e))
	case *kind.Enum:
		add(hipaasmp.FaultEnum, at, "%q is not %s", clip(fmt.Sprint(k.Got)), c.meaningOf(e))
	case *kind.Const:
		switch want, ok := k.Want.(bool); {
		case ok:
			add(hipaasmp.FaultRange, at, "is %t; leave it out where it is not %t", !want, want)
		case strings.HasSuffix(at, "/schema"):
			add(hipaasmp.FaultSchema, at, "is not %v", k.Want) // of a document inside of another
		default:
			add(hipaasmp.FaultEnum, at, "is not %v", k.Want)
		}
	case *kind.PropertyNames:
		name := e.InstanceLocation
		if len(name) == 0 || name[len(name)-1] != k.Property {
			at += hipaasmp.Pointer(k.Property)
		}
		add(hipaasmp.FaultEnum, at, "is no name that a member may have here")
	case *kind.Pattern, *kind.Format, *kind.Not:
		code := hipaasmp.FaultFormat
		if c.isRange(e) {
			code = hipaasmp.FaultRange
		}
		add(code, at, "is not %s", c.meaningOf(e))
	case *kind.MinLength:
		if k.Got == 0 {
			add(hipaasmp.FaultRequired, at, "is empty; supply the text, or leave the member out where it may be missing")
		} else {
			add(hipaasmp.FaultRange, at, "has %d characters; write at least %d", k.Got, k.Want)
		}
	case *kind.MaxLength:
		add(hipaasmp.FaultRange, at, "has %d characters; write at most %d", k.Got, k.Want)
	case *kind.MinItems:
		add(hipaasmp.FaultRange, at, "has %d entries; give at least %d, or leave the member out where it may be missing", k.Got, k.Want)
	case *kind.MaxItems:
		add(hipaasmp.FaultRange, at, "has %d entries; give at most %d", k.Got, k.Want)
	case *kind.MinProperties:
		add(hipaasmp.FaultRange, at, "has %d members; give at least %d, or leave it out where it may be missing", k.Got, k.Want)
	case *kind.MaxProperties:
		add(hipaasmp.FaultRange, at, "has %d members; give at most %d", k.Got, k.Want)
	case *kind.Minimum:
		add(hipaasmp.FaultRange, at, "is below the least allowed, %s", k.Want.RatString())
	case *kind.Maximum:
		add(hipaasmp.FaultRange, at, "is above the most allowed, %s", k.Want.RatString())
	default:
		if len(e.Causes) == 0 {
			add(hipaasmp.FaultFormat, at, "does not hold to %s", strings.Join(k.KeywordPath(), "/"))
		}
		for _, cause := range e.Causes {
			out = c.translate(cause, out)
		}
	}
	return out
}

// members says which values the enumeration has that was missed.
func members(e *jsonschema.ValidationError) string {
	var allowed []string
	got := ""
	for _, cause := range e.Causes {
		if k, ok := cause.ErrorKind.(*kind.Const); ok {
			allowed = append(allowed, fmt.Sprint(k.Want))
			got = fmt.Sprint(k.Got)
		}
	}
	if len(allowed) == 0 || len(allowed) > mostMembers {
		return "is not a member of its enumeration"
	}
	return fmt.Sprintf("%q is not a member; use one of: %s", clip(got), strings.Join(allowed, ", "))
}

// definition returns the name of the shared definition in which a fault was found, and "" for a fault in a member that
// has a rule of its own.
func definition(e *jsonschema.ValidationError) string {
	_, rest, ok := strings.Cut(e.SchemaURL, "#/$defs/")
	if !ok {
		return ""
	}
	name, inside, _ := strings.Cut(rest, "/")
	if strings.HasPrefix(inside, "properties/") {
		return ""
	}
	return name
}

// isRange reports whether a pattern stands for a range: JSON Schema knows ranges of numbers only, and decimals are
// strings.
func (c compiled) isRange(e *jsonschema.ValidationError) bool {
	_, zero := e.ErrorKind.(*kind.Not)
	return strings.HasPrefix(definition(e), "decimal.") || zero && definition(e) == ""
}

func (c compiled) meaningOf(e *jsonschema.ValidationError) string {
	if m := c.meaning[definition(e)]; m != "" {
		return m
	}
	return "allowed to be zero; leave it out instead"
}

func withArticle(noun string) string {
	if strings.ContainsAny(noun[:1], "aeio") {
		return "an " + noun
	}
	return "a " + noun
}

func pointer(location []string) string {
	parts := make([]any, len(location))
	for i, p := range location {
		parts[i] = p
	}
	return hipaasmp.Pointer(parts...)
}
