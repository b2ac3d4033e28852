package dossier_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/evidence/vectors"
)

// Every vector of the corpus: the good ones have no fault, the bad ones exactly those of the index.
func TestCheckFindsExactlyWhatTheVectorsSay(t *testing.T) {
	t.Parallel()
	all, err := vectors.All()
	require.NoError(t, err)
	for _, v := range all {
		data, err := vectors.FS.ReadFile(v.File)
		require.NoError(t, err)
		kind, faults := dossier.Check(data, nil)
		var got []vectors.Expected
		for _, f := range faults {
			require.NotEmpty(t, f.Message, v.File)
			got = append(got, vectors.Expected{Code: f.Code, Pointer: f.Pointer})
		}
		if v.Stage == vectors.StageSchema {
			// Beside what the schema says, a rule may speak of what follows from it.
			require.Subset(t, got, v.Faults, v.File)
			for _, g := range got {
				require.True(t, slices.Contains(v.Faults, g) || !strings.HasPrefix(string(g.Code), "SMP-SHAPE-"), v.File)
			}
			continue
		}
		require.Equal(t, v.Faults, got, v.File)
		if v.Good() {
			require.Equal(t, v.Kind, kind, v.File)
		}
	}
}

func TestEveryKindWithASchemaHasAReader(t *testing.T) {
	t.Parallel()
	for _, kind := range schema.Kinds() {
		require.NotNil(t, dossier.ReaderFor(kind), kind)
	}
	require.Nil(t, dossier.ReaderFor("vendor.note"))
}

func TestKindOfACallersOwnIsReadByItsReader(t *testing.T) {
	t.Parallel()
	document := []byte(`{"schema":"` + hipaasmp.SchemaID("vendor.note", 1) + `","id":"n-1","text":""}`)
	kind, faults := dossier.Check(document, nil)
	require.Equal(t, hipaasmp.Kind("vendor.note"), kind)
	require.Len(t, faults, 1)
	require.Equal(t, hipaasmp.FaultSchema, faults[0].Code)

	own := map[hipaasmp.Kind]dossier.Reader{"vendor.note": func([]byte) error {
		return hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{{Code: hipaasmp.FaultRequired, Pointer: "/text", Message: "is missing; write it"}})
	}}
	kind, faults = dossier.Check(document, own)
	require.Equal(t, hipaasmp.Kind("vendor.note"), kind)
	require.Len(t, faults, 1)
	require.Equal(t, "/text", faults[0].Pointer)
}

func TestCheckIsNotBroughtDownByBytes(t *testing.T) {
	t.Parallel()
	for rule, data := range map[string]string{
		"nothing":                   "",
		"nested ten thousand deep":  strings.Repeat("[", 10_000),
		"a number of 400 digits":    `{"schema":"` + hipaasmp.SchemaID("risk.draft", 1) + `","id":"x","months":1` + strings.Repeat("0", 400) + `}`,
		"fifty megabytes":           `{"schema":"` + strings.Repeat("x", 50<<20) + `"}`,
		"a schema that is a number": `{"schema":7}`,
		"a newer schema":            `{"schema":"` + hipaasmp.SchemaID("risk.draft", 7) + `"}`,
	} {
		_, faults := dossier.Check([]byte(data), nil)
		require.NotEmpty(t, faults, rule)
		require.True(t, slices.IsSortedFunc(faults, func(a, b hipaasmp.Fault) int { return strings.Compare(a.Pointer, b.Pointer) }), rule)
		for _, f := range faults {
			require.NotEmpty(t, f.Code, rule)
			require.Less(t, len(f.Message), 1000, rule)
		}
	}
}

func FuzzCheck(f *testing.F) {
	all, err := vectors.All()
	require.NoError(f, err)
	for _, v := range all {
		if v.Good() {
			data, err := vectors.FS.ReadFile(v.File)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, faults := dossier.Check(data, nil)
		if len(faults) == 0 {
			require.NoError(t, dossier.ReaderFor(kind)(data), "what has no fault is accepted")
		}
	})
}

// A document is checked as a harness in any language could, and then by the rules that only the types know.
func ExampleCheck() {
	kind, faults := dossier.Check([]byte(`{
		"schema": "https://github.com/hipaasmp/hipaasmp/schemas/v1/storage.extension.json",
		"id": "371ff513-dade-5734-92f6-f72bf6cd19ba",
		"ref": {"kind": "remediation.acceptance", "id": "ac-1", "version": 3},
		"through": "2040-06-30", "at": "2034-07-20T15:00:08Z"
	}`), nil)
	fmt.Println(kind)
	for _, f := range faults {
		fmt.Println(f.Code, f.Pointer, f.Message)
	}
	// Output:
	// storage.extension
	// SMP-STORE-12 /ref/version is given; an extension is of every version, so leave it out
}
