package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNarrowingIsFoundAndWideningIsNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, before, after string
		found               string // empty where the change is harmless
	}{
		{"the same", `{"type":"string","minLength":1}`, `{"minLength":1,"type":"string"}`, ""},
		{"other words", `{"type":"string","description":"a"}`, `{"type":"string","description":"b","title":"c"}`, ""},
		{"a member more that may be left out", `{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}`, `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"additionalProperties":false}`, ""},
		{"a member more that is required", `{"type":"object","properties":{"a":{}}}`, `{"type":"object","properties":{"a":{},"b":{}},"required":["b"]}`, `k.json#: "b" is required, and was not`},
		{"a member less", `{"properties":{"a":{},"b":{}},"additionalProperties":false}`, `{"properties":{"a":{}},"additionalProperties":false}`, "k.json#/properties/b: is gone, and documents may have it"},
		{"no longer required", `{"required":["a","b"]}`, `{"required":["a"]}`, ""},
		{"closed", `{"properties":{"a":{}}}`, `{"properties":{"a":{}},"additionalProperties":false}`, "k.json#: refuses members that it does not name, and did not"},
		{"a value less", `{"oneOf":[{"const":"x"},{"const":"y"}]}`, `{"oneOf":[{"const":"x"}]}`, `k.json#: the value "y" is refused, and was allowed`},
		{"a value more", `{"oneOf":[{"const":"x"}]}`, `{"enum":["x","y"]}`, ""},
		{"values where any was allowed", `{"type":"string"}`, `{"type":"string","enum":["x"]}`, `k.json#: any value was allowed, and now only "x"`},
		{"another type", `{"type":"string"}`, `{"type":"integer"}`, "k.json#: the type string is refused, and was allowed"},
		{"numbers where integers were", `{"type":"integer"}`, `{"type":"number"}`, ""},
		{"a greater least length", `{"minLength":1}`, `{"minLength":2}`, "k.json#: minLength is 2, which refuses more than before"},
		{"a lesser least length", `{"minLength":2}`, `{"minLength":1}`, ""},
		{"a greatest count that was not", `{"items":{}}`, `{"items":{},"maxItems":3}`, "k.json#: maxItems is 3, which refuses more than before"},
		{"a lesser greatest", `{"maximum":10}`, `{"maximum":9.5}`, "k.json#: maximum is 9.5, which refuses more than before"},
		{"another pattern", `{"pattern":"^a$"}`, `{"pattern":"^[ab]$"}`, `k.json#: pattern "^[ab]$" was not demanded in these words before`},
		{"no pattern", `{"pattern":"^a$"}`, `{}`, ""},
		{"through references", `{"$ref":"#/$defs/x","$defs":{"x":{"items":{"minLength":1}}}}`, `{"$ref":"#/$defs/y","$defs":{"y":{"items":{"$ref":"#/$defs/z"}},"z":{"minLength":3}}}`, "k.json#/items: minLength is 3, which refuses more than before"},
		{"in one part of a conjunction", `{"allOf":[{"minLength":1},{"maxLength":9}]}`, `{"allOf":[{"minLength":1},{"maxLength":8}]}`, "k.json#: maxLength is 8, which refuses more than before"},
		{"a conjunction written as one", `{"allOf":[{"minLength":1},{"maxLength":9}]}`, `{"minLength":1,"maxLength":9}`, ""},
		{"a reference that leads back", `{"$ref":"#/$defs/x","$defs":{"x":{"$ref":"#/$defs/x"}}}`, `{"$ref":"#/$defs/x","$defs":{"x":{"$ref":"#/$defs/x"}}}`, ""},
		{"something forbidden", `{}`, `{"not":{"const":"x"}}`, `k.json#: not {"const":"x"} was not demanded in these words before`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			old, present := t.TempDir(), t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(old, "k.json"), []byte(c.before), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(present, "k.json"), []byte(c.after), 0o600))
			got, err := narrowed(old, present)
			require.NoError(t, err)
			if c.found == "" {
				require.Empty(t, got)
				return
			}
			require.Equal(t, []string{c.found}, got)
		})
	}
}

func TestSchemaThatIsGoneIsANarrowing(t *testing.T) {
	t.Parallel()
	old := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(old, "k.json"), []byte(`{}`), 0o600))
	got, err := narrowed(old, t.TempDir())
	require.NoError(t, err)
	require.Len(t, got, 1)
	_, err = narrowed(t.TempDir(), old)
	require.ErrorContains(t, err, "no schema")
	require.NoError(t, os.WriteFile(filepath.Join(old, "k.json"), []byte(`{`), 0o600))
	_, err = narrowed(old, old)
	require.Error(t, err)
}

// Every schema of the module goes through the comparison: against itself there is nothing, and with one member more that
// must be there, something.
func TestEverySchemaCanBeCompared(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "evidence", "schema", "v1")
	got, err := narrowed(dir, dir)
	require.NoError(t, err)
	require.Empty(t, got)
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		before, err := readSchema(path)
		require.NoError(t, err)
		after, err := readSchema(path)
		require.NoError(t, err)
		after["required"] = append(after["required"].([]any), "one_more")
		c := comparison{before: before, after: after}
		c.compare("", []any{before}, []any{after}, 0)
		require.Equal(t, []string{`#: "one_more" is required, and was not`}, c.found, path)
	}
}
