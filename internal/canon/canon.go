// Package canon writes the canonical bytes of a document: RFC 8785 JSON, the form in which documents are hashed,
// signed and compared. It refuses what RFC 8785 would have to bend: invalid UTF-8, duplicate names and integers
// that a double cannot hold.
package canon

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// ErrNumber says that a JSON number would not survive canonical form unchanged.
var ErrNumber = errors.New("number cannot be kept exactly; write it as a string")

// Marshal encodes v by the rules of encoding/json, refuses invalid UTF-8, and returns canonical bytes.
func Marshal(v any) ([]byte, error) {
	b, err := json.Marshal(v, jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false),
		jsontext.AllowInvalidUTF8(false), jsontext.AllowDuplicateNames(false))
	if err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return Bytes(b)
}

// Bytes returns the canonical form of one JSON value. data is not changed.
func Bytes(data []byte) ([]byte, error) {
	v := jsontext.Value(data).Clone()
	if err := checkNumbers(v); err != nil {
		return nil, err
	}
	if err := v.Canonicalize(); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return v, nil
}

// checkNumbers refuses integers beyond 2^53 and numbers that overflow a double: canonical form would rewrite the
// first and cannot write the second.
func checkNumbers(v jsontext.Value) error {
	dec := jsontext.NewDecoder(newReader(v))
	for {
		tok, err := dec.ReadToken()
		if err != nil {
			return nil // syntax and the end are Canonicalize's to judge
		}
		if tok.Kind() != '0' {
			continue
		}
		s := tok.String()
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			if n > 1<<53-1 || n < -(1<<53-1) {
				return fmt.Errorf("canonical JSON: %s at %s: %w", s, dec.StackPointer(), ErrNumber)
			}
			continue
		}
		if _, err := strconv.ParseFloat(s, 64); err != nil || len(s) > 32 {
			return fmt.Errorf("canonical JSON: number of %d characters at %s: %w", len(s), dec.StackPointer(), ErrNumber)
		}
	}
}
