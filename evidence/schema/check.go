package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
)

// Check returns every fault of shape that the document has, sorted by pointer, or nil. It reads strictly first (one
// value in UTF-8, within the limits of size and depth, no member named twice, numbers that can be kept), then finds
// the schema that the document's own schema member names, then checks the shape. A later stage runs only where the
// earlier one found a document to go on with.
//
// A document without a fault here can still break a rule: that is for the Validate method of its type, which
// [hipaasmp.Decode] calls. Package dossier, which sees every type, has a Check that asks both.
func Check(data []byte) []hipaasmp.Fault {
	if err := strictjson.Scan(data); err != nil {
		return []hipaasmp.Fault{hipaasmp.ReadFault(err)}
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return []hipaasmp.Fault{{Code: hipaasmp.FaultSyntax, Message: "is not JSON"}}
	}
	doc, faults := exact(doc, "", nil)
	c, fault := find(doc)
	if fault != nil {
		return settle(append(faults, *fault))
	}
	return settle(append(faults, c.check(doc)...))
}

// find returns the schema that the document names.
func find(doc any) (compiled, *hipaasmp.Fault) {
	refuse := func(code hipaasmp.FaultCode, pointer, format string, args ...any) (compiled, *hipaasmp.Fault) {
		return compiled{}, &hipaasmp.Fault{Code: code, Pointer: pointer, Message: fmt.Sprintf(format, args...)}
	}
	object, ok := doc.(map[string]any)
	if !ok {
		return refuse(hipaasmp.FaultType, "", "is no JSON object; a document is an object with a schema member")
	}
	member, ok := object["schema"]
	if !ok {
		return refuse(hipaasmp.FaultRequired, "/schema", "is missing; name the schema of the document's kind")
	}
	id, ok := member.(string)
	if !ok {
		return refuse(hipaasmp.FaultType, "/schema", "is no string; name the schema of the document's kind")
	}
	if id == "" {
		return refuse(hipaasmp.FaultRequired, "/schema", "is empty; name the schema of the document's kind")
	}
	all, err := library()
	if err != nil {
		return refuse(hipaasmp.FaultSchema, "/schema", "the embedded schemas do not compile: %v", err)
	}
	if c, ok := all[id]; ok {
		return c, nil
	}
	kind, major, err := hipaasmp.ParseSchemaID(id)
	if err != nil {
		return refuse(hipaasmp.FaultSchema, "/schema", "%q is no schema identifier of this module", clip(id))
	}
	if _, known := Source(kind); known {
		return refuse(hipaasmp.FaultSchema, "/schema", "is version %d of %s; this build knows version 1, a newer one may know more", major, kind)
	}
	return refuse(hipaasmp.FaultSchema, "/schema", "%q is no kind of document that this build knows; a newer one may", clip(string(kind)))
}

// exact finds the numbers that are not in canonical spelling. It returns the document with each of them made canonical
// or, where no exact one exists, zero, so that the shape of the rest can still be checked at bounded cost.
func exact(v any, pointer string, faults []hipaasmp.Fault) (any, []hipaasmp.Fault) {
	switch v := v.(type) {
	case json.Number:
		got, err := canon.Bytes([]byte(v))
		switch {
		case err != nil:
			return json.Number("0"), append(faults, hipaasmp.Fault{Code: hipaasmp.FaultLossy, Pointer: pointer,
				Message: "is a number that readers of JSON cannot keep exactly; write a decimal as a string"})
		case string(got) != string(v):
			return json.Number(got), append(faults, hipaasmp.Fault{Code: hipaasmp.FaultLossy, Pointer: pointer,
				Message: fmt.Sprintf("is not in canonical spelling; write %s", got)})
		}
	case []any:
		for i := range v {
			v[i], faults = exact(v[i], pointer+hipaasmp.Pointer(i), faults)
		}
	case map[string]any:
		for name, value := range v {
			v[name], faults = exact(value, pointer+hipaasmp.Pointer(name), faults)
		}
	}
	return v, faults
}

func (c compiled) check(doc any) []hipaasmp.Fault {
	err := c.schema.Validate(doc)
	if err == nil {
		return nil
	}
	var ve *jsonschema.ValidationError
	if !errors.As(err, &ve) {
		return []hipaasmp.Fault{{Code: hipaasmp.FaultType, Message: "cannot be checked against its schema"}}
	}
	return c.translate(ve, nil)
}

// rank orders the codes by how much they explain: a value of the wrong type has also the wrong format, and only the
// first of the two helps.
func rank(code hipaasmp.FaultCode) int {
	return slices.Index([]hipaasmp.FaultCode{
		hipaasmp.FaultLossy, hipaasmp.FaultType, hipaasmp.FaultUnknownMember, hipaasmp.FaultRequired, hipaasmp.FaultSchema,
		hipaasmp.FaultEnum, hipaasmp.FaultFormat, hipaasmp.FaultRange,
	}, code)
}

// settle sorts the faults and keeps at each place the one that explains the others.
func settle(faults []hipaasmp.Fault) []hipaasmp.Fault {
	slices.SortStableFunc(faults, func(a, b hipaasmp.Fault) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(rank(a.Code), rank(b.Code)), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(faults, func(a, b hipaasmp.Fault) bool { return a.Pointer == b.Pointer })
}

// clip keeps hostile input from filling a message.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
