// Package canon writes the canonical bytes of a document: RFC 8785 JSON, the form in which documents are hashed,
// signed and compared. It refuses what RFC 8785 would have to bend: invalid UTF-8, duplicate names and integers
// that a double cannot hold.
package canon

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// ErrNumber says that a JSON number would not survive canonical form unchanged.
var ErrNumber = errors.New("number cannot be kept exactly; write it as a string")

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

const (
	// maxInteger is the last integer before doubles begin to skip some.
	maxInteger = 1<<53 - 1
	// integerBelow is where RFC 8785 begins to write numbers with an exponent.
	integerBelow = 1e21
)

// checkNumbers refuses numbers that overflow a double, and those that are written as an integer beyond 2^53, or would be
// in canonical form (12e20 is): readers that take the digits at their word would hold another number.
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
		f, err := strconv.ParseFloat(s, 64)
		switch {
		case err != nil || len(s) > 32:
			return fmt.Errorf("canonical JSON: number of %d characters at %s: %w", len(s), dec.StackPointer(), ErrNumber)
		case math.Abs(f) <= maxInteger:
		case math.Abs(f) < integerBelow || !strings.ContainsAny(s, ".eE"):
			return fmt.Errorf("canonical JSON: %s at %s: %w", s, dec.StackPointer(), ErrNumber)
		}
	}
}
