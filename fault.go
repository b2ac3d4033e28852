package hipaasmp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// FaultCode is the stable name of one thing that can be wrong with a document, for example "SMP-RISK-07". A code is
// a public contract: it may be retired, but it is never given another meaning.
type FaultCode string

// FaultKind says who can find a fault.
type FaultKind string

const (
	// FaultShape is a fault that a JSON Schema can express; any validator in any language finds it.
	FaultShape FaultKind = "shape"
	// FaultRule is a fault that only this module finds: order of dates, segregation of duties, table look-ups.
	FaultRule FaultKind = "rule"
)

// FaultDef is the catalogue entry of a fault code. Every package that has codes exports its list as FaultDefs.
type FaultDef struct {
	Code     FaultCode `json:"code"`
	Kind     FaultKind `json:"kind"`
	Meaning  string    `json:"meaning"`
	Remedy   string    `json:"remedy"`
	Citation Citation  `json:"citation,omitempty"`
}

// Fault is one thing that is wrong with a document.
type Fault struct {
	// Code is the stable name of the fault.
	Code FaultCode `json:"code"`
	// Pointer is the RFC 6901 JSON Pointer to the faulty value; "" is the whole document.
	Pointer string `json:"pointer"`
	// Message says what is wrong and what to do. It quotes no body beyond the offending short value.
	Message string `json:"message"`
	// Citation is the provision the rule comes from, where there is one.
	Citation Citation `json:"citation,omitempty"`
}

func (f Fault) Error() string {
	at := f.Pointer
	if at == "" {
		at = "document"
	}
	s := fmt.Sprintf("%s at %s: %s", f.Code, at, f.Message)
	if f.Citation != "" {
		s += " (" + string(f.Citation) + ")"
	}
	return s
}

// ValidationError carries every fault of one document, sorted by pointer and code.
type ValidationError struct {
	// Ref is the document, as far as it could be told.
	Ref Ref
	// Faults is never empty.
	Faults []Fault
}

func (e *ValidationError) Error() string {
	var b strings.Builder
	if e.Ref.IsZero() {
		b.WriteString("hipaasmp: ")
	} else {
		fmt.Fprintf(&b, "hipaasmp: %s: ", e.Ref.Brief())
	}
	if n := len(e.Faults); n > 1 {
		fmt.Fprintf(&b, "%d faults: ", n)
	}
	const most = 3
	for i, f := range e.Faults {
		if i == most {
			fmt.Fprintf(&b, "; and %d more", len(e.Faults)-most)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(f.Error())
	}
	return b.String()
}

// Unwrap gives errors.As access to each [Fault].
func (e *ValidationError) Unwrap() []error {
	out := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		out[i] = f
	}
	return out
}

// Has reports whether one of the faults has the code.
func (e *ValidationError) Has(code FaultCode) bool {
	return slices.ContainsFunc(e.Faults, func(f Fault) bool { return f.Code == code })
}

// Invalid returns nil when there is no fault, and otherwise a [*ValidationError] over the sorted faults.
func Invalid(ref Ref, faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	sorted := slices.Clone(faults)
	slices.SortStableFunc(sorted, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return &ValidationError{Ref: ref, Faults: slices.Compact(sorted)}
}

// Pointer builds an RFC 6901 JSON Pointer from unescaped parts; integers are array positions.
func Pointer(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		s := fmt.Sprint(p)
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1"))
	}
	return b.String()
}

// The codes of shape, which are the same for every document.
const (
	// FaultRequired: a required value is missing or empty.
	FaultRequired FaultCode = "SMP-SHAPE-01"
	// FaultEnum: a value is not a member of its enumeration.
	FaultEnum FaultCode = "SMP-SHAPE-02"
	// FaultFormat: a text is not written as its type demands.
	FaultFormat FaultCode = "SMP-SHAPE-03"
	// FaultRange: a number, a length or a count is out of range.
	FaultRange FaultCode = "SMP-SHAPE-04"
	// FaultUnknownMember: a JSON object has a member that the schema does not know.
	FaultUnknownMember FaultCode = "SMP-SHAPE-05"
	// FaultType: a JSON value has the wrong type.
	FaultType FaultCode = "SMP-SHAPE-06"
	// FaultSchema: the document names a schema that is unknown or belongs to another kind.
	FaultSchema FaultCode = "SMP-SHAPE-07"
	// FaultSyntax: the bytes are not one JSON value in UTF-8 within the limits of size and depth.
	FaultSyntax FaultCode = "SMP-JSON-01"
	// FaultDuplicate: a JSON object names a member twice.
	FaultDuplicate FaultCode = "SMP-JSON-02"
	// FaultLossy: reading and writing again would change the document.
	FaultLossy FaultCode = "SMP-JSON-03"
	// FaultOrder: dates or times are out of order.
	FaultOrder FaultCode = "SMP-TIME-01"
	// FaultIdentity: two entries share one identity.
	FaultIdentity FaultCode = "SMP-REF-01"
	// FaultDangling: a reference inside the document points to nothing.
	FaultDangling FaultCode = "SMP-REF-02"
	// FaultHistory: the state does not follow from the recorded history.
	FaultHistory FaultCode = "SMP-STATE-01"
	// FaultAuthority: the person may not take this step.
	FaultAuthority FaultCode = "SMP-AUTH-01"
	// FaultSegregation: one person acts in two roles that must be apart.
	FaultSegregation FaultCode = "SMP-AUTH-02"
	// FaultZone: the time zone is not in the IANA database.
	FaultZone FaultCode = "SMP-TIME-02"
)

// FaultDefs returns the catalogue of the codes that every document shares, and of those of [Mapping].
func FaultDefs() []FaultDef {
	return append([]FaultDef{
		{FaultRequired, FaultShape, "A required value is missing or empty.", "Supply the value; where it is truly unknown, use the member of the enumeration that says so.", ""},
		{FaultEnum, FaultShape, "A value is not a member of its enumeration.", "Use one of the values that the message lists.", ""},
		{FaultFormat, FaultShape, "A text is not written as its type demands.", "Write it as the message says.", ""},
		{FaultRange, FaultShape, "A number, a length or a count is out of range.", "Bring it into the range that the message names.", ""},
		{FaultUnknownMember, FaultShape, "An object has a member that the schema does not know.", "Remove the member or correct its spelling; names are case-sensitive.", ""},
		{FaultType, FaultShape, "A JSON value has the wrong type.", "Write the type that the message names; decimals and dates are strings.", ""},
		{FaultSchema, FaultShape, "The document names a schema that is unknown or belongs to another kind.", "Set schema to the identifier of the document's kind.", ""},
		{FaultSyntax, FaultRule, "The bytes are not one JSON value in UTF-8 within the limits of size and depth.", "Repair the file at the offset that the message names.", ""},
		{FaultDuplicate, FaultRule, "An object names a member twice.", "Keep one; readers disagree about which of two would win.", ""},
		{FaultLossy, FaultRule, "Reading the document and writing it again would change it.", "Write the value in its canonical spelling.", ""},
		{FaultOrder, FaultRule, "Dates or times are out of order.", "Correct the dates; history runs forward.", CiteTimeLimit},
		{FaultIdentity, FaultRule, "Two entries share one identity.", "Give each entry an identity of its own.", ""},
		{FaultDangling, FaultRule, "A reference inside the document points to nothing.", "Add the entry or correct the reference.", ""},
		{FaultHistory, FaultRule, "The state does not follow from the recorded history.", "Change state only by the transition methods.", CiteDocumentation},
		{FaultAuthority, FaultRule, "The person may not take this step.", "Have it done by someone whose appointment covers it on that day.", CiteAssignedSecurityResponsibility},
		{FaultSegregation, FaultRule, "One person acts in two roles that must be apart.", "Have another person take one of the two steps.", ""},
		{FaultZone, FaultRule, "The time zone is not in the IANA database.", "Use a name such as America/Chicago.", ""},
	}, mappingFaultDefs()...)
}
