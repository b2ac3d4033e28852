package vectors_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/vectors"
)

var update = flag.Bool("update", false, "write the generated vectors and the index anew")

// An edit changes a good document in place, or its text where no JSON value could say it.
type edit struct {
	at   string
	do   func(t *testing.T, parent any, key string) any
	text func(string) string
}

// set gives the value at a pointer, which need not be there yet.
func set(at string, value any) edit {
	return edit{at: at, do: func(_ *testing.T, parent any, key string) any {
		if list, ok := parent.([]any); ok {
			i, _ := strconv.Atoi(key)
			list[i] = value
			return list
		}
		parent.(map[string]any)[key] = value
		return parent
	}}
}

// del takes a member or an entry away.
func del(at string) edit {
	return edit{at: at, do: func(t *testing.T, parent any, key string) any {
		if list, ok := parent.([]any); ok {
			i, err := strconv.Atoi(key)
			require.NoError(t, err)
			return slices.Delete(list, i, i+1)
		}
		_, there := parent.(map[string]any)[key]
		require.True(t, there, "there is no %s to take away", key)
		delete(parent.(map[string]any), key)
		return parent
	}}
}

// dup adds the first entry of a list once more.
func dup(at string) edit {
	return edit{at: at, do: func(t *testing.T, parent any, key string) any {
		list, ok := parent.(map[string]any)[key].([]any)
		require.True(t, ok, at)
		parent.(map[string]any)[key] = append(list, list[0])
		return parent
	}}
}

// text changes the bytes of the document.
func text(change func(string) string) edit { return edit{text: change} }

// apply returns the document after the edit.
func (e edit) apply(t *testing.T, doc any) any {
	steps := strings.Split(e.at, "/")[1:]
	var walk func(v any, steps []string) any
	walk = func(v any, steps []string) any {
		if len(steps) == 1 {
			return e.do(t, v, steps[0])
		}
		switch v := v.(type) {
		case map[string]any:
			require.NotNil(t, v[steps[0]], e.at)
			v[steps[0]] = walk(v[steps[0]], steps[1:])
			return v
		case []any:
			i, err := strconv.Atoi(steps[0])
			require.NoError(t, err, e.at)
			v[i] = walk(v[i], steps[1:])
			return v
		}
		require.Fail(t, "the pointer leads nowhere", e.at)
		return nil
	}
	return walk(doc, steps)
}

// bad is one bad document: a good one and what is changed in it.
type bad struct {
	name, about string
	code        hipaasmp.FaultCode
	pointer     string
	edits       []edit
	// from is the good document, where it is not the first of the family.
	from string
}

func b(name, about string, code hipaasmp.FaultCode, pointer string, edits ...edit) bad {
	return bad{name: name, about: about, code: code, pointer: pointer, edits: edits}
}

// of is b over another good document of the kind.
func of(from, name, about string, code hipaasmp.FaultCode, pointer string, edits ...edit) bad {
	return bad{name: name, about: about, code: code, pointer: pointer, edits: edits, from: from}
}

// family is what is made of one kind: the good documents, by name with what they show, and the bad ones, which are
// made of the first good one unless they say otherwise.
type family struct {
	kind hipaasmp.Kind
	good [][2]string
	bad  []bad
}

// everyKind are the faults that every kind can have.
func everyKind(kind hipaasmp.Kind) []bad {
	return []bad{
		b("two-values", "A second value follows the document.", hipaasmp.FaultSyntax, "", text(func(s string) string { return s + "{}\n" })),
		b("member-twice", "The identity is named twice; readers disagree about which one wins.", hipaasmp.FaultDuplicate, "/id",
			text(func(s string) string { return "{\n  \"id\": \"another\"," + strings.TrimPrefix(s, "{") })),
		b("unknown-member", "A member that no document of the kind has.", hipaasmp.FaultUnknownMember, "/colour", set("/colour", "blue")),
		b("newer-schema", "The schema is of a major version that is not out yet.", hipaasmp.FaultSchema, "/schema", set("/schema", hipaasmp.SchemaID(kind, 999))),
		b("id-with-space", "The identity has a space.", hipaasmp.FaultFormat, "/id", set("/id", "not one word")),
	}
}

// stageOf says what finds a fault, which its code tells.
func stageOf(code hipaasmp.FaultCode) vectors.Stage {
	switch {
	case code == hipaasmp.FaultSyntax || code == hipaasmp.FaultDuplicate:
		return vectors.StageReading
	case code == hipaasmp.FaultLossy || strings.HasPrefix(string(code), "SMP-SHAPE-"):
		return vectors.StageSchema
	}
	return vectors.StageRule
}

func (f family) file(folder, name string) string {
	return path.Join(string(f.kind), folder, name+".json")
}

// vectors returns the entries of the index.
func (f family) vectors() []vectors.Vector {
	var out []vectors.Vector
	for _, g := range f.good {
		out = append(out, vectors.Vector{File: f.file("good", g[0]), Kind: f.kind, About: g[1]})
	}
	for _, x := range append(everyKind(f.kind), f.bad...) {
		out = append(out, vectors.Vector{File: f.file("bad", x.name), Kind: f.kind, About: x.about, Stage: stageOf(x.code),
			Faults: []vectors.Expected{{Code: x.code, Pointer: x.pointer}}})
	}
	return out
}

// document makes a bad document.
func (f family) document(t *testing.T, x bad) []byte {
	t.Helper()
	from := f.good[0][0]
	if x.from != "" {
		from = x.from
	}
	data, err := os.ReadFile(filepath.FromSlash(f.file("good", from)))
	require.NoError(t, err)
	require.NotEmpty(t, x.edits, x.name)
	for _, e := range x.edits {
		if e.text != nil {
			data = []byte(e.text(string(data)))
			continue
		}
		changed, err := json.Marshal(e.apply(t, parse(t, data)))
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, json.Indent(&out, changed, "", "  "))
		out.WriteByte('\n')
		data = out.Bytes()
	}
	return data
}

// TestGeneratedVectorsAreWhatTheEditsGive holds the files to the edits they were made by; with -update it writes them.
func TestGeneratedVectorsAreWhatTheEditsGive(t *testing.T) {
	generated := map[hipaasmp.Kind]bool{}
	var index []vectors.Vector
	for _, f := range families() {
		generated[f.kind] = true
		index = append(index, f.vectors()...)
		for _, x := range append(everyKind(f.kind), f.bad...) {
			file, data := filepath.FromSlash(f.file("bad", x.name)), f.document(t, x)
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
				require.NoError(t, os.WriteFile(file, data, 0o644))
			}
			got, err := os.ReadFile(file)
			require.NoError(t, err, "run go test ./evidence/vectors -run Generated -update")
			require.Equal(t, string(data), string(got), "%s is not what its edits give", file)
		}
	}
	var rest []vectors.Vector
	for _, v := range all(t) {
		if !generated[v.Kind] {
			rest = append(rest, v)
		}
	}
	index = append(rest, index...)
	if *update {
		var out bytes.Buffer
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		require.NoError(t, enc.Encode(map[string]any{"vectors": index}))
		require.NoError(t, os.WriteFile("index.json", out.Bytes(), 0o644))
		t.Skip("written; run the tests again")
	}
	require.Equal(t, index, all(t), "run go test ./evidence/vectors -run Generated -update")
}

func families() []family {
	return slices.Concat(riskFamilies(), remediationFamilies(), sanctionFamilies(), reviewFamilies(), storageFamilies(), evidenceFamilies())
}
