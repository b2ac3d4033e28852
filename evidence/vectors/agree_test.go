package vectors_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/evidence/vectors"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
	"github.com/hipaasmp/hipaasmp/storage"
)

// catalogue lists every fault code that a document of the table can have.
func catalogue() []hipaasmp.FaultDef {
	return slices.Concat(hipaasmp.FaultDefs(), retention.FaultDefs(), risk.FaultDefs(), remediation.FaultDefs(), sanction.FaultDefs(), review.FaultDefs(), storage.FaultDefs(), evidence.FaultDefs())
}

// requireOnlyRules requires that no fault of err is one that a schema could have found.
func requireOnlyRules(t require.TestingT, err error, about ...any) {
	for _, f := range faults(t, err) {
		i := slices.IndexFunc(catalogue(), func(d hipaasmp.FaultDef) bool { return d.Code == f.Code })
		require.GreaterOrEqual(t, i, 0, "the code of %v is in no catalogue", f)
		require.Equal(t, hipaasmp.FaultRule, catalogue()[i].Kind, "only Validate refuses this, so the code must be a rule's: %v %v", f, about)
	}
}

func faults(t require.TestingT, err error) []hipaasmp.Fault {
	var invalid *hipaasmp.ValidationError
	require.True(t, errors.As(err, &invalid), "%v", err)
	return invalid.Faults
}

// TestSchemaAndRulesAgree takes the good documents of the corpus, changes one place of each, and asks both sides.
func TestSchemaAndRulesAgree(t *testing.T) {
	t.Parallel()
	list, err := vectors.All()
	require.NoError(t, err)
	for _, v := range list {
		if !v.Good() {
			continue
		}
		t.Run(string(v.Kind)+"/"+v.Name(), func(t *testing.T) {
			t.Parallel()
			read := readers()[v.Kind]
			require.NotNil(t, read, "no reader for %s", v.Kind)
			data, err := v.Data()
			require.NoError(t, err)
			seen := map[string]int{}
			rapid.Check(t, func(t *rapid.T) {
				for range rounds() {
					seen[agree(t, read, mutate(t, parse(t, data)))]++
				}
			})
			require.Positive(t, seen["refused by the schema"])
		})
	}
}

// agree holds one document and says how it came out.
func agree(t *rapid.T, read vectors.Reader, v any) string {
	data, err := canon.Marshal(v)
	require.NoError(t, err)
	byShape, byType := schema.Check(data), read(data)
	switch {
	case byType == nil:
		require.Empty(t, byShape, "what Validate accepts the schema accepts: %s", data)
		return "accepted"
	case len(byShape) == 0:
		requireOnlyRules(t, byType, string(data))
		return "refused by a rule"
	case byShape[0].Pointer == "/schema":
		return "refused by the schema" // which looks no further, while the reader does
	}
	// A reader that stops at the first value of the wrong type points there; otherwise both name the place. Either may
	// name the object around it, or the member that is missing inside.
	require.True(t, slices.ContainsFunc(faults(t, byType), func(f hipaasmp.Fault) bool {
		return slices.ContainsFunc(byShape, func(g hipaasmp.Fault) bool { return near(f.Pointer, g.Pointer) })
	}), "the schema says %v, the reader %v: %s", byShape, byType, data)
	return "refused by the schema"
}

func near(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

func parse(t require.TestingT, data []byte) any {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	require.NoError(t, dec.Decode(&v))
	return v
}

// odd are values that tend to tell two readers apart.
func odd() []any {
	return []any{
		nil, true, false, "", " ", "a", "a b", "A", "é", "x\x01", strings.Repeat("a", 128), strings.Repeat("a", 129),
		json.Number("0"), json.Number("1"), json.Number("-1"), json.Number("1.5"), json.Number("9007199254740991"),
		"0", "1", "-1", "1.50", "1.5", "1e1", "2026-02-28", "2026-02-29", "2026-13-01", "0000-01-01", "1999-12-31",
		"2026-01-01T00:00:00Z", "2026-01-01T00:00:00.100Z", "2026-01-01T00:00:00+01:00", "0001-01-01T00:00:00Z",
		"security_official", "164.308(a)(1)(ii)(A)", "164.308 (a)(1)", string(hipaasmp.DigestOf(nil)),
		[]any{}, []any{nil}, []any{""}, map[string]any{}, map[string]any{"id": "p"},
	}
}

// mutate changes one place of the document: another value, a member or an entry less, one more, or one twice.
func mutate(t *rapid.T, v any) any {
	replace := func() any { return rapid.SampledFrom(odd()).Draw(t, "value") }
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		switch at := rapid.IntRange(0, len(names)+1).Draw(t, "member"); {
		case at == len(names):
			v[rapid.SampledFrom([]string{"extra", "ID", "to", "note", "title", "version"}).Draw(t, "name")] = replace()
		case at > len(names):
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
		case rapid.IntRange(0, 7).Draw(t, "remove") == 0:
			return slices.Delete(v, at, at+1)
		case rapid.IntRange(0, 7).Draw(t, "twice") == 0:
			return append(v, v[at])
		default:
			v[at] = mutate(t, v[at])
		}
		return v
	}
	return replace()
}

// rounds is how often each good document is bent at random.
func rounds() int {
	if long.Race {
		return long.Count(2, 5)
	}
	return long.Count(2, 15)
}
