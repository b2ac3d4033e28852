package schema_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/evidence/vectors"
)

func entity(members string) string {
	return `{"schema":"` + hipaasmp.SchemaID(hipaasmp.KindEntity, 1) + `"` + members + `}`
}

func TestEverySchemaNamesItselfAndRefersToNothingElse(t *testing.T) {
	t.Parallel()
	require.Contains(t, schema.Kinds(), hipaasmp.KindEntity)
	require.IsIncreasing(t, schema.Kinds())
	for _, kind := range schema.Kinds() {
		data, ok := schema.Source(kind)
		require.True(t, ok)
		var s struct {
			ID         string `json:"$id"`
			Dialect    string `json:"$schema"`
			Additional *bool  `json:"additionalProperties"`
			Properties struct {
				Schema struct {
					Const string `json:"const"`
				} `json:"schema"`
			} `json:"properties"`
		}
		require.NoError(t, json.Unmarshal(data, &s), "%s", kind)
		require.Equal(t, hipaasmp.SchemaID(kind, 1), s.ID)
		require.Equal(t, s.ID, s.Properties.Schema.Const)
		require.Equal(t, "https://json-schema.org/draft/2020-12/schema", s.Dialect)
		require.NotNil(t, s.Additional)
		require.False(t, *s.Additional)
		for i, part := range strings.Split(string(data), `"$ref": "`) {
			if i > 0 {
				require.True(t, strings.HasPrefix(part, "#/$defs/"), "%s refers to %.60s", kind, part)
			}
		}
	}
}

func TestSourceKnowsNoOtherKinds(t *testing.T) {
	t.Parallel()
	for _, kind := range []hipaasmp.Kind{"", "hipaasmp.other", "../v1/hipaasmp.entity", "hipaasmp/entity"} {
		data, ok := schema.Source(kind)
		require.False(t, ok, "%s", kind)
		require.Empty(t, data)
	}
}

func TestFilesAreThoseOfTheKinds(t *testing.T) {
	t.Parallel()
	n := 0
	require.NoError(t, fs.WalkDir(schema.FS, ".", func(_ string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			n++
		}
		return err
	}))
	require.Len(t, schema.Kinds(), n)
}

func TestCheckReportsEveryFaultSorted(t *testing.T) {
	t.Parallel()
	got := schema.Check([]byte(entity(`,"id":"a b","type":"x","size":3,"name":"","zone":" ","created":"2026-02-30","in_effect":{"from":"2026-01-01","x/y~":1},` +
		`"workforce":[],"appointments":[{"role":"A","member":"m"}]`)))
	var lines []string
	for _, f := range got {
		lines = append(lines, string(f.Code)+" "+f.Pointer)
		require.NotEmpty(t, f.Message)
	}
	require.Equal(t, []string{
		"SMP-SHAPE-03 /appointments/0/role",
		"SMP-SHAPE-01 /appointments/0/term",
		"SMP-SHAPE-03 /created",
		"SMP-SHAPE-03 /id",
		"SMP-SHAPE-05 /in_effect/x~1y~0",
		"SMP-SHAPE-01 /name",
		"SMP-SHAPE-06 /size",
		"SMP-SHAPE-02 /type",
		"SMP-SHAPE-04 /workforce",
		"SMP-SHAPE-03 /zone",
	}, lines)
}

func TestCheckIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	broken := []byte(entity(`,"type":1,"a":1,"b":2,"c":3,"workforce":[{"x":1,"y":2},{},{}],"size":"?"`))
	want := schema.Check(broken)
	require.Greater(t, len(want), 10)
	for range 20 {
		require.Equal(t, want, schema.Check(broken))
	}
}

func TestCheckRefusesByStage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, doc string
		code      hipaasmp.FaultCode
		pointer   string
	}{
		{"nothing is no document", "", hipaasmp.FaultSyntax, ""},
		{"a document is an object", "[]", hipaasmp.FaultType, ""},
		{"null is no document", "null", hipaasmp.FaultType, ""},
		{"one value only", "{}{}", hipaasmp.FaultSyntax, ""},
		{"no comments", "{/**/}", hipaasmp.FaultSyntax, ""},
		{"names once", `{"schema":"a","schema":"b"}`, hipaasmp.FaultDuplicate, "/schema"},
		{"names once, escaped", `{"schema":"a","\u0073chema":"b"}`, hipaasmp.FaultDuplicate, "/schema"},
		{"no lone surrogate", `{"schema":"\ud800"}`, hipaasmp.FaultSyntax, "/schema"},
		{"a schema is named", "{}", hipaasmp.FaultRequired, "/schema"},
		{"a schema is a text", `{"schema":1}`, hipaasmp.FaultType, "/schema"},
		{"a schema is not empty", `{"schema":""}`, hipaasmp.FaultRequired, "/schema"},
		{"a schema is of this module", `{"schema":"https://json-schema.org/draft/2020-12/schema"}`, hipaasmp.FaultSchema, "/schema"},
		{"a schema is not a file", `{"schema":"file:///etc/passwd"}`, hipaasmp.FaultSchema, "/schema"},
		{"a schema is known", `{"schema":"` + hipaasmp.SchemaID("no.kind", 1) + `"}`, hipaasmp.FaultSchema, "/schema"},
		{"a schema is not newer", `{"schema":"` + hipaasmp.SchemaID(hipaasmp.KindEntity, 2) + `"}`, hipaasmp.FaultSchema, "/schema"},
		{"depth is bounded", strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000), hipaasmp.FaultSyntax, strings.Repeat("/a", 64)},
		{"size is bounded", `"` + strings.Repeat("a", 17<<20) + `"`, hipaasmp.FaultSyntax, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			got := schema.Check([]byte(c.doc))
			require.Len(t, got, 1)
			require.Equal(t, c.code, got[0].Code)
			if c.pointer != "" && len(c.pointer) < 60 {
				require.Equal(t, c.pointer, got[0].Pointer)
			}
			require.Less(t, len(got[0].Message), 400)
		})
	}
}

func TestNumbersThatReadersWouldBendAreRefused(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"1.0", "1e0", "-0", "9007199254740993", "1e999999999", "1e-999999999", "0." + strings.Repeat("1", 400), strings.Repeat("9", 400)} {
		got := schema.Check([]byte(entity(`,"id":` + n)))
		require.Contains(t, faultsAt(got, "/id"), hipaasmp.FaultLossy, "%.20s", n)
	}
	require.NotContains(t, faultsAt(schema.Check([]byte(entity(`,"id":12`))), "/id"), hipaasmp.FaultLossy)
}

func faultsAt(faults []hipaasmp.Fault, pointer string) []hipaasmp.FaultCode {
	var out []hipaasmp.FaultCode
	for _, f := range faults {
		if f.Pointer == pointer {
			out = append(out, f.Code)
		}
	}
	return out
}

func FuzzCheck(f *testing.F) {
	list, err := vectors.All()
	require.NoError(f, err)
	for _, v := range list {
		data, err := v.Data()
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := schema.Check(data)
		for i, g := range got {
			require.NotEmpty(t, g.Code)
			if i > 0 {
				require.Less(t, got[i-1].Pointer, g.Pointer, "sorted, one fault at a place")
			}
		}
		if len(got) > 0 {
			return
		}
		// What the schema of the entity accepts, its reader can only refuse by a rule.
		var head hipaasmp.Header
		if json.Unmarshal(data, &head) != nil || head.DocumentRef().Kind != hipaasmp.KindEntity {
			return
		}
		_, err := hipaasmp.Decode[hipaasmp.Entity](data)
		var invalid *hipaasmp.ValidationError
		if !errors.As(err, &invalid) {
			require.NoError(t, err)
			return
		}
		for _, f := range invalid.Faults {
			i := slices.IndexFunc(hipaasmp.FaultDefs(), func(d hipaasmp.FaultDef) bool { return d.Code == f.Code })
			require.Equal(t, hipaasmp.FaultRule, hipaasmp.FaultDefs()[i].Kind, "%v", f)
		}
	})
}
