package storage

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// reserved begins the kinds of this package's own documents; nobody else writes them.
const reserved = "storage."

// OwnKind reports whether a kind is one that the store itself writes: its holds, extensions, dispositions, certificates and
// other acts. Nobody else writes them, and they hold no content of a tenant's records.
func OwnKind(kind hipaasmp.Kind) bool { return ownKind(string(kind)) }

// ownKind reports whether a kind is one of this package's own.
func ownKind(kind string) bool {
	return strings.HasPrefix(kind, reserved) || kind == string(retention.KindDisposition)
}

// prepared is a document that is ready to be written: everything that needs no transaction is done.
type prepared struct {
	ref    hipaasmp.Ref
	schema string
	body   []byte
	basis  *hipaasmp.RetentionBasis
	keep   hipaasmp.Date // the last day to keep by the basis alone; zero while the clock is not running
	opts   putOptions
}

func (s *Store) prepare(doc hipaasmp.Document, opts []PutOption) (prepared, error) {
	if doc == nil {
		return prepared{}, hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{{Code: hipaasmp.FaultRequired, Message: "is nil; give a document"}})
	}
	if ref := doc.DocumentRef(); ownKind(string(ref.Kind)) {
		return prepared{}, hipaasmp.Invalid(ref.Newest(), []hipaasmp.Fault{{Code: hipaasmp.FaultSchema, Pointer: "/schema",
			Message: "names a kind that the store itself writes; use PlaceHold, ReleaseHold, Extend, ProposeDisposal, Dispose or NewEpoch"}})
	}
	return s.prepareAny(doc, opts)
}

// prepareAny prepares a document of any kind, the store's own included.
func (s *Store) prepareAny(doc hipaasmp.Document, opts []PutOption) (prepared, error) {
	p := prepared{opts: putOptions{actor: s.opts.Actor}}
	for _, o := range opts {
		o(&p.opts)
	}
	p.ref = doc.DocumentRef().Newest()
	if err := doc.Validate(); err != nil {
		return p, err
	}
	body, err := s.encode(doc)
	if err != nil {
		f := hipaasmp.Fault{Code: hipaasmp.FaultLossy, Message: "cannot be written as canonical JSON; check for NaN, bad UTF-8 and integers beyond 2^53"}
		if !errors.Is(err, canon.ErrNumber) {
			f.Code = hipaasmp.FaultType
		}
		return p, hipaasmp.Invalid(p.ref, []hipaasmp.Fault{f})
	}
	limit := strictjson.MaxBytes
	if m := s.backend.Capabilities().MaxBody; m > 0 {
		limit = min(limit, m)
		if s.opts.Keys != nil {
			limit = min(limit, m-maxReason-sealOverhead)
		}
	}
	if len(body) > limit {
		return p, fmt.Errorf("%w: %s has %d bytes, the limit is %d", ErrTooLarge, p.ref, len(body), limit)
	}
	p.body = body
	p.schema, _ = topLevelString(body, "schema")
	var faults []hipaasmp.Fault
	add := func(code hipaasmp.FaultCode, pointer, message string) {
		faults = append(faults, hipaasmp.Fault{Code: code, Pointer: pointer, Message: message})
	}
	if kind, _, err := hipaasmp.ParseSchemaID(p.schema); err != nil || kind != p.ref.Kind || !hipaasmp.ValidKind(kind) {
		add(hipaasmp.FaultSchema, "/schema", "does not name the document's kind; build the header with NewHeader")
	}
	if id, ok := topLevelString(body, "id"); !ok || id != p.ref.ID || !hipaasmp.ValidID(id) {
		add(hipaasmp.FaultFormat, "/id", "is not the document's identity; build the header with NewHeader")
	}
	if !hipaasmp.ValidID(p.opts.actor.ID) || !hipaasmp.ValidRole(p.opts.actor.Role) {
		add(hipaasmp.FaultRequired, "", "is written by nobody; name an opaque identity and a role with By")
	}
	if p.opts.reason != "" && (!hipaasmp.ValidText(p.opts.reason) || len(p.opts.reason) > maxReason) {
		add(hipaasmp.FaultFormat, "", "has a reason that is blank, holds control characters or is longer than 4096 bytes")
	}
	if r, ok := doc.(hipaasmp.Record); ok {
		basis := r.RetentionBasis()
		p.basis = &basis
		var ve *hipaasmp.ValidationError
		keep, running, err := s.opts.Schedule.KeepThrough(basis)
		switch {
		case err == nil && running:
			p.keep = keep
		case errors.As(err, &ve):
			faults = append(faults, ve.Faults...)
		case err != nil:
			return p, err
		}
	}
	return p, hipaasmp.Invalid(p.ref, faults)
}

// encode brings a document to canonical bytes.
func (s *Store) encode(doc hipaasmp.Document) ([]byte, error) {
	e, _ := s.encoders.Get().(*canon.Encoder)
	if e == nil {
		e = new(canon.Encoder)
	}
	defer s.encoders.Put(e)
	return e.Marshal(doc)
}

// maxReason is the longest reason in bytes.
const maxReason = 4096

// named puts the document into an error of the driver that only says what happened.
func named(err error, tenant string, ref hipaasmp.Ref) error {
	switch {
	case errors.Is(err, driver.ErrNotFound):
		return &NotFoundError{Tenant: tenant, Ref: ref}
	case errors.Is(err, driver.ErrDisposed):
		return &DisposedError{Tenant: tenant, Ref: ref}
	}
	return err
}

// topLevelString finds a member of the outermost object in canonical JSON whose value is a string without escapes.
func topLevelString(body []byte, name string) (string, bool) {
	depth, i := 0, 0
	key := true // whether the next string at depth 1 is a name
	match := false
	for i < len(body) {
		switch body[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',':
			key = depth == 1
		case ':':
			if depth == 1 {
				key = false
			}
		case '"':
			end, escaped := i+1, false
			for {
				n := bytes.IndexByte(body[end:], '"')
				if n < 0 {
					return "", false
				}
				back := 0 // how many backslashes stand before the quote
				for ; back < n && body[end+n-1-back] == '\\'; back++ {
				}
				escaped = escaped || bytes.IndexByte(body[end:end+n], '\\') >= 0
				if end += n; back%2 == 0 {
					break
				}
				end++
			}
			if depth == 1 {
				if key {
					match = string(body[i+1:end]) == name
				} else if match {
					return string(body[i+1 : end]), !escaped
				}
			}
			i = end
		}
		i++
	}
	return "", false
}
