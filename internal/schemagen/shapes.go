package main

import (
	"reflect"
	"time"

	"github.com/invopop/jsonschema"
	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The names of the shared definitions. Those that begin with a lower-case word without a dot stand for a validate tag.
const (
	defDate     = "hipaasmp.Date"
	defInstant  = "hipaasmp.Instant"
	defDigest   = "hipaasmp.Digest"
	defCitation = "hipaasmp.Citation"
	defDecimal  = "decimal"
	defText     = "text"
	defID       = "docid"
	defKind     = "kind"
	defRole     = "role"
	defSchemaID = "schemaid"
)

// The patterns hold in ECMA-262 and in RE2, match whole strings, and need no backtracking.
const (
	year    = `(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})`
	date    = year + `-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`
	clock   = `([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]`
	kindTwo = `[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}`

	patternDate     = `^` + date + `$`
	patternInstant  = `^` + date + `T` + clock + `(\.[0-9]{0,5}[1-9])?Z$`
	patternDigest   = `^[0-9a-f]{64}$`
	patternText     = `^[ \t\n]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$`
	patternID       = `^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$`
	patternKind     = `^` + kindTwo + `$`
	patternRole     = `^[a-z][a-z0-9_]{0,63}$`
	patternSchemaID = `^https://github\.com/hipaasmp/hipaasmp/schemas/v[1-9][0-9]*/` + kindTwo + `\.json$`
	// patternDecimal is the one spelling that a decimal has when it is written: no exponent, no plus sign, no leading
	// or trailing zeros, no negative zero.
	patternDecimal = `^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]*[1-9])$`
)

// shapes returns the definitions that no Go struct stands for. The descriptions end a sentence that begins with "write",
// because evidence/schema quotes them in its faults.
func shapes() map[string]*jsonschema.Schema {
	str := func(pattern, description string) *jsonschema.Schema {
		return &jsonschema.Schema{Type: "string", Pattern: pattern, Description: description}
	}
	date := str(patternDate, "a calendar date, YYYY-MM-DD")
	date.Format = "date"
	instant := str(patternInstant, "an instant in UTC to the microsecond at most, YYYY-MM-DDTHH:MM:SS.ffffffZ without trailing zeros")
	instant.Format = "date-time"
	instant.Not = &jsonschema.Schema{Const: "0001-01-01T00:00:00Z"}
	kind := str(patternKind, "a kind of document: two to four lower-case words joined by dots, 64 characters at most")
	kind.MaxLength = ptr(64)
	citation := &jsonschema.Schema{Type: "string", Description: "a provision of the catalogue in its canonical spelling, for example 164.308(a)(1)(ii)(A)"}
	for _, c := range hipaasmp.Citation("").Values() {
		citation.Enum = append(citation.Enum, string(c))
	}
	return map[string]*jsonschema.Schema{
		defDate:     date,
		defInstant:  instant,
		defDigest:   str(patternDigest, "a SHA-256 digest, 64 lower-case hexadecimal characters"),
		defCitation: citation,
		defDecimal:  str(patternDecimal, "a decimal without exponent, plus sign, leading or trailing zeros"),
		defText:     str(patternText, "plain text: at least one character that is not blank, and no control characters but tab and line feed"),
		defID:       str(patternID, "an opaque identity: 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit"),
		defKind:     kind,
		defRole:     str(patternRole, "a role: 1 to 64 of a-z 0-9 _ beginning with a letter"),
		defSchemaID: str(patternSchemaID, "a schema identifier of this module"),
	}
}

// shapeOf names the shared definition of a type that is not what its fields or its kind suggest, with the validate tag
// that a field of the type must carry so that Validate refuses what the definition refuses; "" if its reader does.
func shapeOf(t reflect.Type) (def, tag string, ok bool) {
	switch t {
	case reflect.TypeFor[hipaasmp.Date]():
		return defDate, "", true
	case reflect.TypeFor[time.Time]():
		return defInstant, "instant", true
	case reflect.TypeFor[hipaasmp.Digest]():
		return defDigest, "digest", true
	case reflect.TypeFor[hipaasmp.Citation]():
		return defCitation, "", true
	case reflect.TypeFor[decimal.Decimal]():
		return defDecimal, "", true
	}
	return "", "", false
}

// tagShapes maps the validate tags that name a form of text to the definition of that form.
func tagShapes(tag string) (def string, ok bool) {
	switch tag {
	case "text":
		return defText, true
	case "docid":
		return defID, true
	case "kind":
		return defKind, true
	case "role":
		return defRole, true
	case "schemaid":
		return defSchemaID, true
	case "digest":
		return defDigest, true
	case "citation":
		return defCitation, true
	case "instant":
		return defInstant, true
	}
	return "", false
}

func ref(def string) string { return "#/$defs/" + def }

func ptr(n uint64) *uint64 { return &n }
