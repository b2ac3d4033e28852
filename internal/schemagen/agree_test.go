package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// sink uses every form of field and every tag that a document may use.
type sink struct {
	hipaasmp.Header
	Title    string                     `json:"title" validate:"required,text,max=40"`
	Note     string                     `json:"note,omitempty" validate:"omitempty,text"`
	Loose    string                     `json:"loose"`
	Kind     hipaasmp.Kind              `json:"kind" validate:"required,kind"`
	Role     hipaasmp.Role              `json:"role,omitempty" validate:"omitempty,role"`
	Class    hipaasmp.RetentionClass    `json:"class" validate:"enum"`
	Cite     hipaasmp.Citation          `json:"cite" validate:"citation"`
	Cites    []hipaasmp.Citation        `json:"cites" validate:"min=1,dive,citation"`
	Sum      hipaasmp.Digest            `json:"sum,omitempty" validate:"omitempty,digest"`
	Day      hipaasmp.Date              `json:"day" validate:"required"`
	Later    hipaasmp.Date              `json:"later,omitzero"`
	At       time.Time                  `json:"at" validate:"instant"`
	Done     time.Time                  `json:"done,omitzero" validate:"omitempty,instant"`
	Weight   decimal.Decimal            `json:"weight" validate:"decmin=0,decmax=5"`
	Share    decimal.Decimal            `json:"share,omitzero" validate:"decmax=0.25"`
	Count    int                        `json:"count" validate:"min=0,max=10"`
	Size     int64                      `json:"size,omitempty" validate:"max=9007199254740991"`
	Version  uint64                     `json:"version,omitempty" validate:"max=9007199254740991"`
	Flag     bool                       `json:"flag"`
	Declared bool                       `json:"declared,omitempty"`
	Parts    []part                     `json:"parts,omitempty" validate:"max=3,dive"`
	Words    []string                   `json:"words" validate:"min=1,dive,text"`
	Other    *part                      `json:"other,omitempty"`
	By       hipaasmp.Actor             `json:"by"`
	Then     hipaasmp.Period            `json:"then,omitzero" validate:"omitempty"`
	Named    map[string]decimal.Decimal `json:"named,omitempty" validate:"dive,keys,docid,endkeys,decmin=1"`
}

type part struct {
	ID    string                  `json:"id" validate:"required,docid"`
	Class hipaasmp.RetentionClass `json:"class,omitempty" validate:"omitempty,enum"`
	Refs  []hipaasmp.Ref          `json:"refs,omitempty" validate:"dive"`
}

func whole() sink {
	return sink{
		Header: hipaasmp.NewHeader("test.sink", "s-1"), Title: "Title", Note: "n", Kind: "a.b", Role: "r", Class: hipaasmp.ClassRawLog,
		Cite: hipaasmp.CiteRiskAnalysis, Cites: []hipaasmp.Citation{hipaasmp.CiteRiskManagement}, Sum: hipaasmp.DigestOf(nil),
		Day: hipaasmp.Day(2026, 2, 28), Later: hipaasmp.Day(2028, 2, 29),
		At: time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC), Done: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Weight: decimal.New(15, -1), Share: decimal.New(-25, -2), Count: 3, Size: -5, Version: 7, Declared: true,
		Parts: []part{{ID: "p", Class: hipaasmp.ClassReviewRecord, Refs: []hipaasmp.Ref{{Kind: "c.d", ID: "x", Version: 2}}}, {ID: "q"}},
		Words: []string{"w"}, Other: &part{ID: "o"}, By: hipaasmp.Actor{ID: "wf-1", Role: "reviewer"},
		Then: hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1)}, Named: map[string]decimal.Decimal{"k": decimal.New(2, 0)},
	}
}

// odd are values that tend to tell two readers apart.
func odd() []any {
	return []any{
		nil, true, false, "", " ", "\t\n", "a", "a b", "A", "a.b", "a.b.c.d.e", "é", "x\x01", "x\x7f", "x\u0085", "\u00a0", "x\ny",
		strings.Repeat("é", 40), strings.Repeat("é", 41), strings.Repeat("a", 128), strings.Repeat("a", 129), strings.Repeat("a", 63) + ".b",
		json.Number("0"), json.Number("1"), json.Number("-1"), json.Number("10"), json.Number("11"), json.Number("1.5"),
		json.Number("9007199254740991"), "0", "1", "5", "5.01", "-0", "-1", "1.50", "1e1", "0.25", "0.26", "0.3", "-0.1", "NaN",
		"2026-02-28", "2026-02-29", "2028-02-29", "2026-13-01", "0000-01-01", "0001-01-01", "2026-2-1", "2026-02-28\n",
		"2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1Z", "2026-01-01T00:00:00.100Z", "2026-01-01T00:00:00.1234567Z",
		"2026-01-01T00:00:00+00:00", "2026-01-01T00:00:60Z", "2026-01-01T24:00:00Z", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z",
		"raw_log", "review_record", "164.308(a)(1)(ii)(A)", "164.308 (a)(1)", "security_official",
		string(hipaasmp.DigestOf(nil)), strings.ToUpper(string(hipaasmp.DigestOf(nil))),
		[]any{}, []any{"w"}, []any{nil}, []any{""}, map[string]any{}, map[string]any{"": "1"}, map[string]any{"k": "0"},
		map[string]any{"from": "2026-01-01"}, map[string]any{"id": "p"}, map[string]any{"ID": "p"},
	}
}

// TestSchemaAndValidatorAgree draws documents, most of them broken in one place, and asks both sides.
func TestSchemaAndValidatorAgree(t *testing.T) {
	t.Parallel()
	files, err := generate(filepath.Join("..", ".."), []document{of[sink]("test.sink")})
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(files["test.sink.json"]))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("urn:sink", doc))
	schema, err := c.Compile("urn:sink")
	require.NoError(t, err)

	base, err := json.Marshal(whole())
	require.NoError(t, err)
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for range long.Count(20, 200) {
			v := decode(t, base)
			if rapid.IntRange(0, 9).Draw(t, "whole") > 0 {
				v = mutate(t, v)
			}
			data, err := json.Marshal(v)
			require.NoError(t, err)

			bySchema := schema.Validate(decode(t, data))
			var s sink
			byType := error(nil)
			if err := strictjson.Decode(data, &s); err != nil {
				byType = err
			} else if faults := validate.Shape(s); faults != nil || s.Schema != hipaasmp.SchemaID("test.sink", 1) {
				byType = hipaasmp.Invalid(hipaasmp.Ref{}, append(faults, hipaasmp.Fault{Pointer: "/schema"}))
			}
			require.Equal(t, bySchema == nil, byType == nil, "document: %s\nschema: %v\ntype: %v", data, bySchema, byType)
			if byType == nil {
				accepted++
			} else {
				refused++
			}
		}
	})
	require.Positive(t, accepted, "the test must see documents that both accept")
	require.Positive(t, refused, "the test must see documents that both refuse")
}

func decode(t require.TestingT, data []byte) any {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	return v
}

// mutate changes one place of the document: another value, a member less, or a member more.
func mutate(t *rapid.T, v any) any {
	replace := func() any { return rapid.SampledFrom(odd()).Draw(t, "value") }
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		switch at := rapid.IntRange(0, len(names)+1).Draw(t, "member"); {
		case at == len(names):
			v[rapid.SampledFrom([]string{"extra", "ID", "Title", "refs", "class", "to", "version"}).Draw(t, "name")] = replace()
		case at == len(names)+1:
			return replace()
		case rapid.IntRange(0, 5).Draw(t, "remove") == 0:
			delete(v, names[at])
		default:
			v[names[at]] = mutate(t, v[names[at]])
		}
		return v
	case []any:
		switch at := rapid.IntRange(0, len(v)+1).Draw(t, "entry"); {
		case at == len(v):
			return append(v, replace())
		case at > len(v):
			return replace()
		default:
			v[at] = mutate(t, v[at])
		}
		return v
	}
	return replace()
}
