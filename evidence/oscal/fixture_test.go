package oscal_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/risk"
)

var made = time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC)

// source is the plan of the sample clinic.
func source(t testing.TB) oscal.Source {
	t.Helper()
	r, err := clinic.New(hipaasmp.EntityCoveredEntity)
	require.NoError(t, err)
	a, ok := risk.InEffect(r.Analyses, clinic.Today())
	require.True(t, ok)
	return oscal.Source{
		Entity: r.Entity, Analysis: a, Items: r.Items, Acceptances: r.Acceptances, AsOf: clinic.Today(), Made: made, Attach: true,
	}
}

func plan(t testing.TB) oscal.POAM {
	t.Helper()
	p, err := oscal.NewPOAM(source(t))
	require.NoError(t, err)
	return p
}

func catalog(t testing.TB) oscal.Catalog {
	t.Helper()
	e, ok := hipaasmp.Catalogue{}.Edition(hipaasmp.EditionInForce)
	require.True(t, ok)
	c, err := oscal.NewCatalog(e, made)
	require.NoError(t, err)
	return c
}

// schema is the JSON Schema that NIST publishes, where it lies beside the module.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "oscal", "oscal_complete_schema-1-1-3.json")
	if _, err := os.Stat(path); err != nil {
		t.Skip("OSCAL's JSON Schema 1.1.3 is not beside the module")
	}
	s, err := jsonschema.NewCompiler().Compile(path)
	require.NoError(t, err)
	return s
}

// accepts asks the published schema about a document of one member.
func accepts(t *testing.T, s *jsonschema.Schema, name string, v any) error {
	t.Helper()
	data, err := json.Marshal(map[string]any{name: v})
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	return s.Validate(doc)
}

func codes(t *testing.T, err error) []hipaasmp.FaultCode {
	t.Helper()
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve)
	var out []hipaasmp.FaultCode
	for _, f := range ve.Faults {
		require.NotEmpty(t, f.Message)
		out = append(out, f.Code)
	}
	return out
}
