// Package schema holds the JSON Schemas (draft 2020-12) of every document of the module and checks documents against
// them, without the Go types: what a harness in any language can check, this package checks in the same words.
//
// The schemas are generated from the Go types by internal/schemagen, committed, and embedded. Each is named by its
// $id, which [hipaasmp.SchemaID] composes from the kind and a major version. A later version of this module adds
// versions and keeps the old ones, so a document stays checkable under the $id it was written with. Nothing is ever
// fetched: an $id is a name, and a reference to anything outside the embedded files does not compile.
//
// The package serves 45 CFR 164.316(b)(1), the duty to keep a written record: a record that nobody can read
// is none. It refuses what is not strict JSON, what names no known schema, and what has not the shape of its kind. It
// does not judge content: the order of dates, segregation of duties and table look-ups are each document's Validate.
package schema

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

//go:generate go run ../../internal/schemagen -root ../..

// FS holds the schema files as v<major>/<kind>.json.
//
//go:embed v1/*.json
var FS embed.FS

// Codes is every fault code with its meaning and remedy, package by package, and every question with the code of the gaps
// that it finds, as JSON. CODES.md beside it is the same as a page.
//
//go:embed codes.json
var Codes []byte

// Kinds returns every kind that has a schema, sorted.
func Kinds() []hipaasmp.Kind {
	entries, err := fs.ReadDir(FS, "v1")
	if err != nil {
		return nil // the folder is embedded; it cannot be missing
	}
	out := make([]hipaasmp.Kind, len(entries))
	for i, e := range entries {
		out[i] = hipaasmp.Kind(strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.Sort(out)
	return out
}

// Source returns the newest schema of a kind as it is published, and false for a kind that has none.
func Source(kind hipaasmp.Kind) ([]byte, bool) {
	if !hipaasmp.ValidKind(kind) {
		return nil, false
	}
	data, err := FS.ReadFile(path.Join("v1", string(kind)+".json"))
	return data, err == nil
}
