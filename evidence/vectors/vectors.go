// Package vectors is a public corpus of good and bad documents for every kind, so that a reader or a checker in any
// language can be measured against this module. The corpus is plain files and an index; this package embeds them and
// holds a reader to them.
//
// A good vector is accepted by the schema of its kind and by the document's own rules. A bad vector has one fault, and
// the index names its code, its JSON Pointer and the [Stage] at which it is found. Vectors are never changed after a
// release; new ones are added.
//
// The files are facts about documents and cite no provision of their own; each document cites what it documents.
package vectors

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
)

// FS holds index.json and the documents as <kind>/good/<name>.json and <kind>/bad/<name>.json.
//
//go:embed index.json */good/*.json */bad/*.json
var FS embed.FS

// Stage says what finds the fault of a bad vector.
type Stage string

const (
	// StageReading is found by strict reading, before any schema: not one JSON value in UTF-8, or a member named twice.
	StageReading Stage = "reading"
	// StageSchema is found by any validator of JSON Schema 2020-12 that checks formats.
	StageSchema Stage = "schema"
	// StageRule is found only by the document's own rules.
	StageRule Stage = "rule"
)

// Values returns the members of the enumeration.
func (Stage) Values() []Stage { return []Stage{StageReading, StageSchema, StageRule} }

// IsValid reports whether s is a member.
func (s Stage) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s Stage) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("vectors.Stage", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Stage) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("vectors.Stage", text, s.Values())
	return err
}

// Expected is a fault that a bad vector has. The message is not part of the contract.
type Expected struct {
	Code    hipaasmp.FaultCode `json:"code"`
	Pointer string             `json:"pointer"`
}

// Vector is one document of the corpus.
type Vector struct {
	// File is the path in [FS].
	File string `json:"file"`
	// Kind is the kind that the document is, or pretends to be.
	Kind hipaasmp.Kind `json:"kind"`
	// About says what the vector shows.
	About string `json:"about"`
	// Stage says what finds the fault; empty for a good vector.
	Stage Stage `json:"stage,omitempty"`
	// Faults are exactly the faults to be found; empty for a good vector.
	Faults []Expected `json:"faults,omitempty"`
}

// Good reports whether the document is to be accepted.
func (v Vector) Good() bool { return v.Stage == "" }

// Name returns the name of the file without folder and ending.
func (v Vector) Name() string {
	name := path.Base(v.File)
	return name[:len(name)-len(path.Ext(name))]
}

// Data returns the document as it is in the corpus.
func (v Vector) Data() ([]byte, error) { return FS.ReadFile(v.File) }

// All returns the corpus in the order of its index.
func All() ([]Vector, error) {
	data, err := FS.ReadFile("index.json")
	if err != nil {
		return nil, err
	}
	var index struct {
		Vectors []Vector `json:"vectors"`
	}
	if err := json.Unmarshal(data, &index); err != nil {
		return nil, fmt.Errorf("vectors: index.json: %w", err)
	}
	return index.Vectors, nil
}

// Reader reads a document of one kind strictly and validates it, as [hipaasmp.Decode] does. Its error carries the
// faults in a [*hipaasmp.ValidationError].
type Reader func(data []byte) error

// ReaderOf is [hipaasmp.Decode] for one type.
func ReaderOf[T hipaasmp.Document]() Reader {
	return func(data []byte) error {
		_, err := hipaasmp.Decode[T](data)
		return err
	}
}

// Hold checks one vector against the embedded schemas and a reader of its kind, and returns an error that says what did
// not come out as the index has it. What the schema refuses, the reader must refuse too.
func (v Vector) Hold(read Reader) error {
	data, err := v.Data()
	if err != nil {
		return err
	}
	bySchema := expected(schema.Check(data))
	var invalid *hipaasmp.ValidationError
	err = read(data)
	if err != nil && !errors.As(err, &invalid) {
		return fmt.Errorf("vectors: %s: the reader gives no faults: %w", v.File, err)
	}
	var byReader []Expected
	if invalid != nil {
		byReader = expected(invalid.Faults)
	}
	switch v.Stage {
	case "":
		if len(bySchema)+len(byReader) > 0 {
			return fmt.Errorf("vectors: %s is good, but the schema finds %v and the reader %v", v.File, bySchema, byReader)
		}
	case StageReading, StageSchema:
		if !slices.Equal(bySchema, v.Faults) {
			return fmt.Errorf("vectors: %s: the schema finds %v, the index has %v", v.File, bySchema, v.Faults)
		}
		if len(byReader) == 0 {
			return fmt.Errorf("vectors: %s: the schema refuses it, the reader does not", v.File)
		}
	case StageRule:
		if len(bySchema) > 0 {
			return fmt.Errorf("vectors: %s: the schema finds %v, which only a rule should", v.File, bySchema)
		}
		if !slices.Equal(byReader, v.Faults) {
			return fmt.Errorf("vectors: %s: the reader finds %v, the index has %v", v.File, byReader, v.Faults)
		}
	default:
		return fmt.Errorf("vectors: %s: stage %q is none", v.File, v.Stage)
	}
	return nil
}

func expected(faults []hipaasmp.Fault) []Expected {
	var out []Expected
	for _, f := range faults {
		out = append(out, Expected{Code: f.Code, Pointer: f.Pointer})
	}
	return out
}
