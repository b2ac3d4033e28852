// Package validate checks the shape of a document by its validate tags and turns what go-playground/validator finds
// into faults with stable codes and JSON Pointers. The tags are the same that the schema generator copies into the
// JSON Schemas, so both refuse the same documents.
//
// Tags beyond the library's own: enum (IsValid), citation, docid, kind, role, schemaid, text, instant, digest, and
// decmin=N / decmax=N on decimals. Use required, min, max, dive and omitempty of the library; never required on a
// decimal and never gt or lt on one.
package validate

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// engine is built once and never changed: registrations are not safe beside use.
var engine = newEngine()

func newEngine() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(jsonName)
	for tag, fn := range map[string]validator.Func{
		"enum":     isValid,
		"citation": isValid,
		"digest":   isValid,
		"docid":    func(fl validator.FieldLevel) bool { return hipaasmp.ValidID(fl.Field().String()) },
		"kind":     func(fl validator.FieldLevel) bool { return hipaasmp.ValidKind(hipaasmp.Kind(fl.Field().String())) },
		"role":     func(fl validator.FieldLevel) bool { return hipaasmp.ValidRole(hipaasmp.Role(fl.Field().String())) },
		"text":     func(fl validator.FieldLevel) bool { return hipaasmp.ValidText(fl.Field().String()) },
		"schemaid": func(fl validator.FieldLevel) bool {
			_, _, err := hipaasmp.ParseSchemaID(fl.Field().String())
			return err == nil
		},
		"instant": func(fl validator.FieldLevel) bool {
			t, ok := fl.Field().Interface().(time.Time)
			return ok && hipaasmp.IsInstant(t)
		},
		"decmin": func(fl validator.FieldLevel) bool { return decimalAgainst(fl, false) },
		"decmax": func(fl validator.FieldLevel) bool { return decimalAgainst(fl, true) },
	} {
		if err := v.RegisterValidation(tag, fn); err != nil {
			panic(err) // a fixed table; the package's test would never have passed
		}
	}
	return v
}

// jsonName makes the library speak of fields as the JSON does. Embedded structs have no name of their own in JSON;
// they are marked so that the pointer leaves them out.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" || name == "-" {
		if f.Anonymous {
			return embedded
		}
		return f.Name
	}
	return name
}

const embedded = "\x00"

func isValid(fl validator.FieldLevel) bool {
	v, ok := fl.Field().Interface().(interface{ IsValid() bool })
	return ok && v.IsValid()
}

func decimalAgainst(fl validator.FieldLevel, upper bool) bool {
	d, ok := fl.Field().Interface().(decimal.Decimal)
	if !ok {
		return false
	}
	bound, err := decimal.NewFromString(fl.Param())
	if err != nil {
		return false
	}
	if upper {
		return d.LessThanOrEqual(bound)
	}
	return d.GreaterThanOrEqual(bound)
}

// Shape returns every fault of shape in v, which must be a struct or a pointer to one.
func Shape(v any) []hipaasmp.Fault {
	err := engine.Struct(v)
	if err == nil {
		return nil
	}
	var fields validator.ValidationErrors
	if !errors.As(err, &fields) {
		return []hipaasmp.Fault{{Code: hipaasmp.FaultType, Message: "is not a document"}}
	}
	out := make([]hipaasmp.Fault, 0, len(fields))
	for _, fe := range fields {
		code, msg := explain(fe)
		out = append(out, hipaasmp.Fault{Code: code, Pointer: pointer(fe.Namespace()), Message: msg})
	}
	return out
}

// Check is the body of most Validate methods: the shape of v, the schema its header must name, then the rules. The
// rules run on every document, also on one of the wrong shape, so all faults come back at once; they must therefore
// cope with zero values.
func Check(v hipaasmp.Document, kind hipaasmp.Kind, schema string, rules func(*Faults)) error {
	f := &Faults{list: Shape(v)}
	if schema != hipaasmp.SchemaID(kind, 1) && schema != "" {
		f.Add(hipaasmp.FaultSchema, "/schema", "is not %s; build the header with NewHeader", hipaasmp.SchemaID(kind, 1))
	}
	if rules != nil {
		rules(f)
	}
	return hipaasmp.Invalid(v.DocumentRef(), f.list)
}

// Faults collects faults of rules.
type Faults struct {
	list   []hipaasmp.Fault
	causes []error
}

// Add appends a fault without a citation.
func (f *Faults) Add(code hipaasmp.FaultCode, pointer, format string, args ...any) {
	f.list = append(f.list, hipaasmp.Fault{Code: code, Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

// Cite appends a fault with the provision it comes from.
func (f *Faults) Cite(code hipaasmp.FaultCode, c hipaasmp.Citation, pointer, format string, args ...any) {
	f.list = append(f.list, hipaasmp.Fault{Code: code, Pointer: pointer, Message: fmt.Sprintf(format, args...), Citation: c})
}

// Append adds faults that another check found.
func (f *Faults) Append(more ...hipaasmp.Fault) { f.list = append(f.list, more...) }

// List returns what was collected.
func (f *Faults) List() []hipaasmp.Fault { return f.list }

// Unique adds a [hipaasmp.FaultIdentity] for every identity that occurs a second time. The pointer of entry i is
// base/i/id.
func Unique[T any](f *Faults, base string, entries []T, id func(T) string) map[string]int {
	seen := make(map[string]int, len(entries))
	for i, e := range entries {
		k := id(e)
		if first, dup := seen[k]; dup && k != "" {
			f.Add(hipaasmp.FaultIdentity, base+hipaasmp.Pointer(i, "id"), "%q is also the identity of %s; give each entry one of its own", k, base+hipaasmp.Pointer(first))
			continue
		}
		seen[k] = i
	}
	return seen
}

// InOrder adds a [hipaasmp.FaultOrder] if the period ends before it begins.
func InOrder(f *Faults, pointer string, p hipaasmp.Period) {
	if !p.From.IsZero() && !p.InOrder() {
		f.Add(hipaasmp.FaultOrder, pointer+"/to", "%s is before the first day %s; correct one of them", p.To, p.From)
	}
}

func explain(fe validator.FieldError) (hipaasmp.FaultCode, string) {
	switch tag := fe.Tag(); tag {
	case "required":
		return hipaasmp.FaultRequired, "is missing; supply it"
	case "enum":
		if allowed := members(fe.Value()); allowed != "" {
			return hipaasmp.FaultEnum, fmt.Sprintf("%q is not a member; use one of: %s", clip(fmt.Sprint(fe.Value())), allowed)
		}
		return hipaasmp.FaultEnum, "is not a member of its enumeration"
	case "citation":
		return hipaasmp.FaultEnum, fmt.Sprintf("%q is not a provision of the catalogue in canonical spelling; see ParseCitation", clip(fmt.Sprint(fe.Value())))
	case "docid":
		return hipaasmp.FaultFormat, fmt.Sprintf("%q is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit", clip(fmt.Sprint(fe.Value())))
	case "kind":
		return hipaasmp.FaultFormat, "is no kind of document; write package.noun"
	case "role":
		return hipaasmp.FaultFormat, "is not written as a role; use lower-case letters, digits and _"
	case "schemaid":
		return hipaasmp.FaultSchema, "is no schema identifier; build the header with NewHeader"
	case "text":
		return hipaasmp.FaultFormat, "is blank, is not UTF-8 or holds control characters; write plain text"
	case "instant":
		return hipaasmp.FaultFormat, "is not an instant in UTC to the microsecond; normalise it with Instant"
	case "digest":
		return hipaasmp.FaultFormat, "is no SHA-256 digest; write 64 lower-case hexadecimal characters"
	case "decmin", "min", "gte":
		return hipaasmp.FaultRange, bounded(fe, "least", "is below the least allowed, %s")
	case "decmax", "max", "lte":
		return hipaasmp.FaultRange, bounded(fe, "most", "is above the most allowed, %s")
	default:
		return hipaasmp.FaultFormat, fmt.Sprintf("does not hold to %s %s", tag, fe.Param())
	}
}

// bounded says of a text or a list what it is measured in, and of anything else what number it is beyond.
func bounded(fe validator.FieldError, end, number string) string {
	of := ""
	switch kind := fe.Kind(); {
	case strings.HasPrefix(fe.Tag(), "dec"): // a number that is written as a text
	case kind == reflect.String:
		of = "character"
	case kind == reflect.Slice, kind == reflect.Map:
		of = "entry"
	}
	if of == "" {
		return fmt.Sprintf(number, fe.Param())
	}
	if fe.Param() != "1" {
		of = map[string]string{"character": "characters", "entry": "entries"}[of]
	}
	return fmt.Sprintf("is to have at %s %s %s", end, fe.Param(), of)
}

// members lists an enumeration through its Values method, whatever its type.
func members(v any) string {
	m := reflect.ValueOf(v).MethodByName("Values")
	if !m.IsValid() || m.Type().NumIn() != 0 || m.Type().NumOut() != 1 || m.Type().Out(0).Kind() != reflect.Slice {
		return ""
	}
	list := m.Call(nil)[0]
	out := make([]string, list.Len())
	for i := range out {
		out[i] = list.Index(i).String()
	}
	return strings.Join(out, ", ")
}

func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// pointer turns a namespace such as "Draft.findings[2].score.level" into "/findings/2/score/level". Map keys stand in
// brackets too and are escaped.
func pointer(ns string) string {
	_, ns, _ = strings.Cut(ns, ".")
	var b strings.Builder
	for len(ns) > 0 {
		i := strings.IndexAny(ns, ".[")
		if i < 0 {
			i = len(ns)
		}
		if name := ns[:i]; name != "" && name != embedded {
			b.WriteString(hipaasmp.Pointer(name))
		}
		ns = ns[i:]
		for strings.HasPrefix(ns, "[") {
			end := strings.IndexByte(ns, ']')
			if end < 0 {
				end = len(ns) - 1
			}
			key := ns[1:end]
			if n, err := strconv.Atoi(key); err == nil {
				b.WriteString(hipaasmp.Pointer(n))
			} else {
				b.WriteString(hipaasmp.Pointer(key))
			}
			ns = ns[min(end+1, len(ns)):]
		}
		ns = strings.TrimPrefix(ns, ".")
	}
	return b.String()
}
