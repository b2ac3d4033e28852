// Package strictjson reads JSON that will be evidence: one value, valid UTF-8, no member named twice, no unknown or
// case-folded member, bounded in size and depth, and nothing that reading and writing again would change.
package strictjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Limits on what is read. A record is a few kilobytes; these only stop abuse.
const (
	MaxBytes = 16 << 20
	MaxDepth = 64
)

// Reason classifies why a document was not read.
type Reason string

const (
	Syntax    Reason = "syntax"
	Duplicate Reason = "duplicate"
	Unknown   Reason = "unknown_member"
	Type      Reason = "type"
	Lossy     Reason = "lossy"
	TooLarge  Reason = "too_large"
	TooDeep   Reason = "too_deep"
)

// Error says why and where a document was not read.
type Error struct {
	Reason Reason
	// Pointer is the RFC 6901 pointer to the place, as far as it could be told.
	Pointer string
	// Offset is the byte offset for faults of syntax.
	Offset int64
	// Cause is what the decoder or the value's own reader said.
	Cause error
}

func (e *Error) Error() string {
	if e.Cause == nil {
		return fmt.Sprintf("%s at %q", e.Reason, e.Pointer)
	}
	return fmt.Sprintf("%s at %q: %v", e.Reason, e.Pointer, e.Cause)
}

func (e *Error) Unwrap() error { return e.Cause }

// Scan checks that data is one JSON value in UTF-8 within the limits and without duplicate names. It builds nothing,
// so its memory does not grow with hostile input.
func Scan(data []byte) error {
	if len(data) > MaxBytes {
		return &Error{Reason: TooLarge, Cause: fmt.Errorf("%d bytes; the limit is %d", len(data), MaxBytes)}
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(data))
	values := 0
	for {
		tok, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			if values == 0 {
				return &Error{Reason: Syntax, Cause: io.ErrUnexpectedEOF}
			}
			return nil
		}
		if err != nil {
			return syntax(err)
		}
		if dec.StackDepth() > MaxDepth {
			return &Error{Reason: TooDeep, Offset: dec.InputOffset(), Cause: fmt.Errorf("nested deeper than %d", MaxDepth)}
		}
		if dec.StackDepth() == 0 && tok.Kind() != 0 {
			if values++; values > 1 {
				return &Error{Reason: Syntax, Offset: dec.InputOffset(), Cause: errors.New("data after the value")}
			}
		}
	}
}

func syntax(err error) *Error {
	out := &Error{Reason: Syntax, Cause: err}
	var se *jsontext.SyntacticError
	if errors.As(err, &se) {
		out.Pointer, out.Offset = string(se.JSONPointer), se.ByteOffset
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		out.Reason = Duplicate
	}
	return out
}

// Decode reads data into v, which must be a pointer, and refuses whatever would be lost on the way: it writes v again
// and compares the two with members sorted and white space gone.
func Decode(data []byte, v any) error {
	if err := Scan(data); err != nil {
		return err
	}
	err := json.Unmarshal(data, v, jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false),
		jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(false),
		json.MatchCaseInsensitiveNames(false), json.RejectUnknownMembers(true))
	if err != nil {
		return semantic(err)
	}
	want, got := jsontext.Value(data).Clone(), jsontext.Value(nil)
	if got, err = json.Marshal(v, jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false),
		jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(false)); err != nil {
		out := semantic(err)
		out.Reason = Lossy
		return out
	}
	for _, side := range []*jsontext.Value{&want, &got} {
		// Numbers stay as they are written: 1.0 for 1, or an integer that a double would round, is a difference too.
		if err := side.Canonicalize(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false)); err != nil {
			return &Error{Reason: Lossy, Cause: err}
		}
	}
	if !bytes.Equal(want, got) {
		return &Error{Reason: Lossy, Pointer: firstDifference(want, got), Cause: errors.New("the value is not in canonical spelling, or null or empty where it must be left out")}
	}
	return nil
}

func semantic(err error) *Error {
	out := &Error{Reason: Type, Cause: err}
	var se *json.SemanticError
	if errors.As(err, &se) {
		out.Pointer, out.Offset = string(se.JSONPointer), se.ByteOffset
		if se.Err != nil {
			out.Cause = se.Err
		}
	}
	if errors.Is(err, json.ErrUnknownName) {
		out.Reason = Unknown
	}
	return out
}

// firstDifference walks two canonical documents side by side and returns the pointer to the first place where they
// part. Members are sorted, so where the names differ the lesser one is the member that the other side lacks.
func firstDifference(a, b []byte) string {
	da, db := jsontext.NewDecoder(bytes.NewBuffer(a)), jsontext.NewDecoder(bytes.NewBuffer(b))
	for {
		ta, err := da.ReadToken()
		if err != nil {
			return string(da.StackPointer())
		}
		ka, sa, pa := ta.Kind(), ta.String(), string(da.StackPointer())
		tb, err := db.ReadToken()
		if err != nil {
			return pa
		}
		kb, sb, pb := tb.Kind(), tb.String(), string(db.StackPointer())
		if ka == kb && sa == sb {
			continue
		}
		switch {
		case ka == '}' || ka == ']':
			return pb
		case kb == '}' || kb == ']':
			return pa
		}
		return min(pa, pb)
	}
}
