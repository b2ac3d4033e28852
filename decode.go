package hipaasmp

import (
	"errors"

	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
)

// Decode reads one document strictly and validates it. It refuses, with a [*ValidationError], bytes that are not one
// JSON value in UTF-8, members named twice or not known, values that reading and writing again would change, and
// whatever the document's own Validate refuses. On error it returns the zero T: nothing half-read leaves it.
func Decode[T Document](data []byte) (T, error) {
	var doc, zero T
	if err := strictjson.Decode(data, &doc); err != nil {
		return zero, Invalid(Ref{}, []Fault{ReadFault(err)})
	}
	if err := doc.Validate(); err != nil {
		return zero, err
	}
	return doc, nil
}

// Canonical validates a document and returns its canonical bytes (RFC 8785): what storage hashes and keeps, and what
// [Decode] reads back to an equal value.
func Canonical(doc Document) ([]byte, error) {
	if err := doc.Validate(); err != nil {
		return nil, err
	}
	return canon.Marshal(doc)
}

// ReadFault turns an error of reading JSON into a fault with a stable code.
func ReadFault(err error) Fault {
	var re *strictjson.Error
	if !errors.As(err, &re) {
		return Fault{Code: FaultSyntax, Message: clip(err.Error())}
	}
	f := Fault{Pointer: re.Pointer, Message: clip(err.Error())}
	switch re.Reason {
	case strictjson.Duplicate:
		f.Code, f.Message = FaultDuplicate, "names a member twice; keep one"
	case strictjson.Unknown:
		f.Code, f.Message = FaultUnknownMember, "is not a member that this document has; remove it or correct its spelling"
	case strictjson.Lossy:
		f.Code, f.Message = FaultLossy, "would change when it is read and written again; write it in canonical spelling and leave out what is null or empty"
	case strictjson.Type:
		f.Code = FaultType
		var unknown *UnknownValueError
		var format *FormatError
		var citation *UnknownCitationError
		switch {
		case errors.As(re.Cause, &unknown):
			f.Code, f.Message = FaultEnum, unknown.Error()
		case errors.As(re.Cause, &citation):
			f.Code, f.Message = FaultEnum, citation.Error()
		case errors.As(re.Cause, &format):
			f.Code, f.Message = FaultFormat, format.Error()
		default:
			f.Message = "has the wrong JSON type; decimals, dates and instants are strings"
		}
	default:
		f.Code = FaultSyntax
	}
	return f
}
