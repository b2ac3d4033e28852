package schema

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

func TestSchemasAreNeverFetched(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{"https://example.com/other.json", "file:///etc/passwd", "other.json"} {
		_, err := compile("https://example.com/a.json", []byte(`{"$ref":"`+ref+`"}`))
		require.ErrorContains(t, err, "never fetched", ref)
	}
}

func TestFaultsOfFormsThatFewDocumentsHave(t *testing.T) {
	t.Parallel()
	c, err := compile("urn:test", []byte(`{
		"type": "object",
		"properties": {
			"at": {"$ref": "#/$defs/hipaasmp.Instant"}, "score": {"$ref": "#/$defs/decimal.to.5"}, "count": {"type": "integer", "not": {"const": 0}, "minimum": -2, "maximum": 9},
			"yes": {"const": true}, "inner": {"properties": {"schema": {"const": "urn:x"}}}, "text": {"minLength": 3, "maxLength": 5}, "list": {"maxItems": 1}, "named": {"type": "object", "propertyNames": {"pattern": "^k"}, "minProperties": 1, "maxProperties": 2},
			"cite": {"$ref": "#/$defs/cite"}, "nest": {"$ref": "#/$defs/nest"}
		},
		"$defs": {
			"hipaasmp.Instant": {"description": "an instant", "type": "string", "format": "date-time", "not": {"const": "0001-01-01T00:00:00Z"}},
			"decimal": {"description": "a decimal", "type": "string", "pattern": "^[0-9.]+$"},
			"decimal.to.5": {"description": "a decimal to 5", "$ref": "#/$defs/decimal", "allOf": [{"pattern": "^[0-5]$"}]},
			"cite": {"description": "a provision", "enum": ["a", "b"]},
			"nest": {"type": "object", "properties": {"n": {"type": "integer", "not": {"const": 0}}}, "description": "a nest"}
		}}`))
	require.NoError(t, err)
	for _, x := range []struct{ doc, want string }{
		{`{"at":"0001-01-01T00:00:00Z"}`, "SMP-SHAPE-03 at /at: is not an instant"},
		{`{"at":"yesterday"}`, "SMP-SHAPE-03 at /at: is not an instant"},
		{`{"score":"6"}`, "SMP-SHAPE-04 at /score: is not a decimal to 5"},
		{`{"score":"x"}`, "SMP-SHAPE-03 at /score: is not a decimal"},
		{`{"count":0}`, "SMP-SHAPE-04 at /count: is not allowed to be zero; leave it out instead"},
		{`{"nest":{"n":0}}`, "SMP-SHAPE-04 at /nest/n: is not allowed to be zero; leave it out instead"},
		{`{"count":10}`, "SMP-SHAPE-04 at /count: is above the most allowed, 9"},
		{`{"count":-3}`, "SMP-SHAPE-04 at /count: is below the least allowed, -2"},
		{`{"count":1.5}`, "SMP-SHAPE-06 at /count: is a JSON number; write an integer"},
		{`{"yes":false}`, "SMP-SHAPE-04 at /yes: is false; leave it out where it is not true"},
		{`{"inner":{"schema":"urn:y"}}`, "SMP-SHAPE-07 at /inner/schema: is not urn:x"},
		{`{"text":"ab"}`, "SMP-SHAPE-04 at /text: has 2 characters; write at least 3"},
		{`{"text":"abcdef"}`, "SMP-SHAPE-04 at /text: has 6 characters; write at most 5"},
		{`{"list":[1,2]}`, "SMP-SHAPE-04 at /list: has 2 entries; give at most 1"},
		{`{"named":{}}`, "SMP-SHAPE-04 at /named: has 0 members; give at least 1, or leave it out where it may be missing"},
		{`{"named":{"k1":1,"k2":1,"k3":1}}`, "SMP-SHAPE-04 at /named: has 3 members; give at most 2"},
		{`{"named":{"a/b":1}}`, "SMP-SHAPE-02 at /named/a~1b: is no name that a member may have here"},
		{`{"cite":"c"}`, `SMP-SHAPE-02 at /cite: "c" is not a provision`},
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(x.doc))
		require.NoError(t, err)
		got := settle(c.check(doc))
		require.Len(t, got, 1, x.doc)
		require.Equal(t, x.want, got[0].Error())
	}
}
