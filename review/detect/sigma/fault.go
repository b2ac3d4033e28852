package sigma

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Kind says what kind of fault a rule has.
type Kind string

const (
	// KindSyntax: the file is not YAML.
	KindSyntax Kind = "syntax"
	// KindShape: something that a rule needs is missing, or has another form.
	KindShape Kind = "shape"
	// KindUnsupported: Sigma or YAML knows it, this package does not.
	KindUnsupported Kind = "unsupported"
	// KindCondition: the condition cannot be read, or does not fit the selections.
	KindCondition Kind = "condition"
	// KindPattern: a regular expression or a network cannot be read.
	KindPattern Kind = "pattern"
	// KindLimit: it is larger than this package takes.
	KindLimit Kind = "limit"
)

// Values returns the members of the enumeration.
func (Kind) Values() []Kind {
	return []Kind{KindSyntax, KindShape, KindUnsupported, KindCondition, KindPattern, KindLimit}
}

// IsValid reports whether k is a member.
func (k Kind) IsValid() bool { return slices.Contains(k.Values(), k) }

// MarshalText refuses a value that is no member.
func (k Kind) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sigma.Kind", k, k.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (k *Kind) UnmarshalText(text []byte) (err error) {
	*k, err = hipaasmp.ParseEnum("sigma.Kind", text, k.Values())
	return err
}

// Fault is one reason why a rule was not taken.
type Fault struct {
	// Line and Column are where it stands, from 1; 0 where that is unknown, as the column is where a file is no YAML.
	Line, Column int
	// Kind says what kind of fault it is.
	Kind Kind
	// Message says what is wrong and what to do.
	Message string
}

func (f Fault) Error() string {
	switch {
	case f.Line == 0:
		return fmt.Sprintf("%s: %s", f.Kind, f.Message)
	case f.Column == 0:
		return fmt.Sprintf("line %d: %s: %s", f.Line, f.Kind, f.Message)
	}
	return fmt.Sprintf("line %d, column %d: %s: %s", f.Line, f.Column, f.Kind, f.Message)
}

// LoadError carries every fault of one file, in the order of the file.
type LoadError struct {
	// File is the name under which the file was given.
	File string
	// Faults is never empty.
	Faults []Fault
}

func (e *LoadError) Error() string {
	const most = 3
	var b strings.Builder
	fmt.Fprintf(&b, "sigma: %q is not taken: ", e.File)
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
func (e *LoadError) Unwrap() []error {
	out := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		out[i] = f
	}
	return out
}
