package storage

import (
	"errors"
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
)

// Upcaster brings a document of an older schema to the next one in memory. What is stored, and its leaf, never change.
type Upcaster struct {
	// From and To are schema identifiers of one kind.
	From, To string
	// Up returns the document in the newer shape, its schema member included. It must not change body.
	Up func(body []byte) ([]byte, error)
}

// upcasters finds the way from an older shape to the newest.
type upcasters struct {
	from   map[string]Upcaster
	newest map[hipaasmp.Kind]int
}

func newUpcasters(list []Upcaster) (*upcasters, error) {
	u := &upcasters{from: map[string]Upcaster{}, newest: map[hipaasmp.Kind]int{}}
	for _, c := range list {
		fromKind, from, err1 := hipaasmp.ParseSchemaID(c.From)
		toKind, to, err2 := hipaasmp.ParseSchemaID(c.To)
		_, twice := u.from[c.From]
		if err1 != nil || err2 != nil || fromKind != toKind || to <= from || c.Up == nil || twice {
			return nil, &OptionsError{"Upcasters", fmt.Sprintf("has a step from %q to %q that is no step forward within one kind, lacks its function or comes twice", c.From, c.To)}
		}
		u.from[c.From] = c
		u.newest[toKind] = max(u.newest[toKind], to)
	}
	return u, nil
}

// raise returns the body in the newest shape that is known for its kind.
func (u *upcasters) raise(e Entry) ([]byte, error) {
	kind, major, err := hipaasmp.ParseSchemaID(e.Schema)
	newest := 1
	if u != nil {
		newest = max(1, u.newest[kind])
	}
	want := hipaasmp.SchemaID(e.Kind, newest)
	if err != nil || kind != e.Kind || major > newest {
		return nil, &SchemaError{Ref: e.Ref(), Schema: e.Schema, Want: want + " and older; upgrade the program"}
	}
	body, schema := e.Body, e.Schema
	for schema != want {
		step, ok := Upcaster{}, false
		if u != nil {
			step, ok = u.from[schema]
		}
		if !ok {
			return nil, &SchemaError{Ref: e.Ref(), Schema: e.Schema, Want: want + " and knows no way from " + schema}
		}
		if body, err = step.Up(body); err != nil {
			return nil, fmt.Errorf("storage: %s: bring it from %s to %s: %w", e.Ref(), step.From, step.To, err)
		}
		schema = step.To
	}
	return body, nil
}

// DecodeError says why a stored document could not be read as the type that was asked for.
type DecodeError struct {
	Ref hipaasmp.Ref
	// Pointer is the RFC 6901 pointer to the place, as far as it could be told.
	Pointer string
	// Reason is a word such as "unknown_member", "type" or "lossy".
	Reason string
}

func (e *DecodeError) Error() string {
	return fmt.Sprintf("storage: %s cannot be read as the type that was asked for: %s at %q", e.Ref, e.Reason, e.Pointer)
}

// Decode reads the content of an entry as a T, after bringing it up from an older schema. Reading is strict: a member
// that T does not know, or anything that writing T again would change, is a [*DecodeError]. The other errors are
// [*SchemaError] and [*DisposedError].
func Decode[T hipaasmp.Document](e Entry) (T, error) {
	var doc, none T
	if e.Disposed() {
		return none, &DisposedError{Tenant: e.Tenant, Ref: e.Ref()}
	}
	body, err := e.upcast.raise(e)
	if err != nil {
		return none, err
	}
	if err := strictjson.Decode(body, &doc); err != nil {
		var strict *strictjson.Error
		if errors.As(err, &strict) {
			return none, &DecodeError{Ref: e.Ref(), Pointer: strict.Pointer, Reason: string(strict.Reason)}
		}
		return none, &DecodeError{Ref: e.Ref(), Reason: "unreadable"}
	}
	if ref := doc.DocumentRef(); ref.Kind != e.Kind || ref.ID != e.ID {
		return none, &DecodeError{Ref: e.Ref(), Reason: "the document names itself " + ref.Newest().String()}
	}
	return doc, nil
}
