package sanction

import (
	"reflect"
	"regexp"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// identifiers are the shapes that a text of a sanction record must not have. They catch what people paste; they do not
// find names and prove nothing about a text that passes.
var identifiers = []struct {
	what  string
	shape *regexp.Regexp
}{
	{"a social security number", regexp.MustCompile(`\b\d{3}-\d{2}-\d{4}\b`)},
	{"a telephone number", regexp.MustCompile(`(?:\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b`)},
	{"an e-mail address", regexp.MustCompile(`[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}`)},
}

// checkTexts adds a fault for every free text in v, however deep, that looks as if it held an identifier. A free text is
// a field with the validate tag "text".
func checkTexts(f *validate.Faults, v any) { walkTexts(f, reflect.ValueOf(v), "", false) }

func walkTexts(f *validate.Faults, v reflect.Value, pointer string, free bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walkTexts(f, v.Elem(), pointer, free)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkTexts(f, v.Index(i), pointer+hipaasmp.Pointer(i), free)
		}
	case reflect.String:
		if !free {
			return
		}
		for _, id := range identifiers {
			if id.shape.MatchString(v.String()) {
				f.Add(FaultIdentifying, pointer, "looks as if it held %s; name persons by opaque identity and leave the rest out", id.what)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() {
				continue
			}
			at := pointer
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); !field.Anonymous || name != "" {
				at += hipaasmp.Pointer(name)
			}
			walkTexts(f, v.Field(i), at, hasTag(field.Tag.Get("validate"), "text"))
		}
	}
}

func hasTag(tags, want string) bool {
	for tag := range strings.SplitSeq(tags, ",") {
		if tag == want {
			return true
		}
	}
	return false
}
