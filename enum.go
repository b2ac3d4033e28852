package hipaasmp

import (
	"fmt"
	"slices"
	"strings"
)

// UnknownValueError says that a value is not in an enumeration. Empty is never a member: what is not known or not
// assessed has a value of its own.
type UnknownValueError struct {
	// Type names the enumeration, for example "risk.Level".
	Type string
	// Value is what was given.
	Value string
	// Allowed lists the members in their order of meaning.
	Allowed []string
}

func (e *UnknownValueError) Error() string {
	return fmt.Sprintf("hipaasmp: %q is not a %s; use one of: %s", clip(e.Value), e.Type, strings.Join(e.Allowed, ", "))
}

// FormatError says that a text is not written as its type demands.
type FormatError struct {
	// Type names the type, for example "Date".
	Type string
	// Value is what was given.
	Value string
	// Want says what is accepted.
	Want string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("hipaasmp: %q is not a %s; write %s", clip(e.Value), e.Type, e.Want)
}

// clip keeps hostile input from filling an error message.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// ParseEnum is the body of every enumeration's UnmarshalText: it returns the member of values that text spells and
// refuses everything else, the empty text included, with an [*UnknownValueError] that names typ.
func ParseEnum[E ~string](typ string, text []byte, values []E) (E, error) {
	if i := slices.Index(values, E(text)); i >= 0 {
		return values[i], nil
	}
	return "", &UnknownValueError{Type: typ, Value: string(text), Allowed: names(values)}
}

// FormatEnum is the body of every enumeration's MarshalText: it refuses to write a value that its own reader would
// not accept.
func FormatEnum[E ~string](typ string, v E, values []E) ([]byte, error) {
	if _, err := ParseEnum(typ, []byte(v), values); err != nil {
		return nil, err
	}
	return []byte(v), nil
}

func names[E ~string](values []E) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
