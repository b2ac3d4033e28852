package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/evidence/vectors"
)

func ask(args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = command(args, &o, &e)
	return status, o.String(), e.String()
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func vector(t *testing.T, name string) []byte {
	t.Helper()
	data, err := vectors.FS.ReadFile(name)
	require.NoError(t, err)
	return data
}

// pack writes files as an archive, in the order given.
func pack(t *testing.T, files ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i].(string))
		require.NoError(t, err)
		_, err = f.Write(files[i+1].([]byte))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestEveryVectorComesOutAsItsIndexHasIt(t *testing.T) {
	t.Parallel()
	list, err := vectors.All()
	require.NoError(t, err)
	for _, v := range list {
		data, err := v.Data()
		require.NoError(t, err)
		_, faults := dossier.Check(data, nil)
		var got []vectors.Expected
		for _, f := range faults {
			got = append(got, vectors.Expected{Code: f.Code, Pointer: f.Pointer})
		}
		for _, want := range v.Faults {
			require.Contains(t, got, want, v.File)
		}
		if v.Good() || v.Stage == vectors.StageReading || v.Stage == vectors.StageRule {
			require.Equal(t, v.Faults, got, v.File)
		}
	}
}

func TestGoodDocumentsExitWithZero(t *testing.T) {
	t.Parallel()
	entity := write(t, "entity.json", vector(t, "hipaasmp.entity/good/clinic.json"))
	draft := write(t, "draft.json", vector(t, "risk.draft/good/draft.json"))
	status, out, errs := ask(entity, draft)
	require.Equal(t, statusClean, status, out+errs)
	require.Equal(t, "2 documents checked, 0 faults\n", out)
	require.Empty(t, errs)
}

func TestEveryFaultIsPrintedSorted(t *testing.T) {
	t.Parallel()
	var doc map[string]any
	require.NoError(t, json.Unmarshal(vector(t, "hipaasmp.entity/good/clinic.json"), &doc))
	doc["zone"], doc["size"], doc["colour"] = "Mars/Olympus", "huge", "blue"
	delete(doc, "name")
	data, err := json.Marshal(doc)
	require.NoError(t, err)
	file := write(t, "bad.json", data)
	status, out, errs := ask(file)
	require.Equal(t, statusFaulty, status)
	require.Empty(t, errs)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 4, out)
	for i, want := range []string{"SMP-SHAPE-05 at /colour: ", "SMP-SHAPE-01 at /name: ", "SMP-SHAPE-02 at /size: ", "1 document checked, 3 faults"} {
		require.Contains(t, lines[i], want)
	}

	// Once the shape is right, the rules speak, with the provision they come from.
	file = write(t, "rule.json", vector(t, "hipaasmp.entity/bad/ends-before-it-begins.json"))
	status, out, _ = ask(file)
	require.Equal(t, statusFaulty, status)
	require.Contains(t, out, "SMP-TIME-01 at /")
	require.Contains(t, out, "(164.316(b)(2)(i))")
}

func TestJSONListsEveryDocument(t *testing.T) {
	t.Parallel()
	good := write(t, "good.json", vector(t, "hipaasmp.entity/good/clinic.json"))
	bad := write(t, "bad.json", vector(t, "hipaasmp.entity/bad/own-manager.json"))
	status, out, _ := ask(good, "-json", bad)
	require.Equal(t, statusFaulty, status)
	var got struct {
		Documents []result
		Checked   int
		Faults    int
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, 2, got.Checked)
	require.Equal(t, 1, got.Faults)
	require.Equal(t, result{File: good, Kind: hipaasmp.KindEntity}, got.Documents[0])
	require.Equal(t, bad, got.Documents[1].File)
	require.Len(t, got.Documents[1].Faults, 1)
	require.NotEmpty(t, got.Documents[1].Faults[0].Code)

	_, out, _ = ask("-json", filepath.Join(t.TempDir(), "nowhere"))
	require.Contains(t, out, `"documents": []`)
}

func TestEveryDocumentOfAPackageIsChecked(t *testing.T) {
	t.Parallel()
	good, bad := vector(t, "hipaasmp.entity/good/clinic.json"), vector(t, "hipaasmp.entity/bad/own-manager.json")
	file := write(t, "package.zip", pack(t,
		"README.txt", []byte("text"), "records/hipaasmp.entity/b/1.json", bad, "records/hipaasmp.entity/a/1.json", good, "oscal/poam.json", []byte("{}")))
	status, out, errs := ask(file)
	require.Equal(t, statusFaulty, status, errs)
	require.Contains(t, out, "package.zip!records/hipaasmp.entity/b/1.json: SMP-")
	require.Contains(t, out, "2 documents checked, 1 fault\n")

	file = write(t, "clean.zip", pack(t, "records/hipaasmp.entity/a/1.json", good))
	status, out, _ = ask(file)
	require.Equal(t, statusClean, status, out)

	file = write(t, "twice.zip", pack(t, "records/hipaasmp.entity/a/1.json", good, "records/hipaasmp.entity/a/1.json", good))
	status, out, _ = ask(file)
	require.Equal(t, statusFaulty, status)
	require.Contains(t, out, string(evidence.FaultName))
}

func TestHostileDocumentsAreFaultsNotCrashes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule string
		data []byte
		code hipaasmp.FaultCode
	}{
		{"an empty file", nil, hipaasmp.FaultSyntax},
		{"not JSON", []byte("<xml/>"), hipaasmp.FaultSyntax},
		{"nested ten thousand deep", bytes.Repeat([]byte("["), 10_000), hipaasmp.FaultSyntax},
		{"fifty megabytes", bytes.Repeat([]byte(" "), 50<<20), hipaasmp.FaultSyntax},
		{"a list", []byte("[]"), hipaasmp.FaultType},
		{"a number of four hundred digits", []byte(`{"schema":"x","n":` + strings.Repeat("9", 400) + `}`), hipaasmp.FaultLossy},
		{"a kind that nobody knows", []byte(`{"schema":"https://github.com/hipaasmp/hipaasmp/schemas/v1/risk.nothing.json"}`), hipaasmp.FaultSchema},
		{"a newer version", []byte(`{"schema":"https://github.com/hipaasmp/hipaasmp/schemas/v9/risk.draft.json"}`), hipaasmp.FaultSchema},
		{"a schema that is a number", []byte(`{"schema":1}`), hipaasmp.FaultType},
	} {
		file := write(t, "x.json", c.data)
		status, out, errs := ask(file)
		require.Equal(t, statusFaulty, status, c.rule+errs)
		require.Contains(t, out, string(c.code), c.rule)
	}
}

func TestWhatCannotBeReadSaysWhatToDo(t *testing.T) {
	t.Parallel()
	good := vector(t, "hipaasmp.entity/good/clinic.json")
	whole := pack(t, "records/hipaasmp.entity/a/1.json", good)
	damaged := bytes.Clone(whole)
	damaged[120] ^= 0xff
	for _, c := range []struct {
		rule, says string
		args       []string
	}{
		{"nothing", "name at least one file", nil},
		{"a file that is not there", "nowhere.json: ", []string{filepath.Join(t.TempDir(), "nowhere.json")}},
		{"a folder", "is no file", []string{t.TempDir()}},
		{"a cut archive", "is no whole archive", []string{write(t, "cut.zip", whole[:len(whole)/2])}},
		{"an archive of something else", "no evidence package", []string{write(t, "other.zip", pack(t, "a.txt", good))}},
		{"a damaged archive", "is damaged", []string{write(t, "damaged.zip", damaged)}},
		{"a flag that does not exist", "-force", []string{"-force"}},
	} {
		status, _, errs := ask(c.args...)
		require.Equal(t, statusUnread, status, c.rule)
		require.Contains(t, errs, c.says, c.rule)
	}
	// The files beside it are checked all the same.
	status, out, _ := ask(filepath.Join(t.TempDir(), "nowhere"), write(t, "good.json", good))
	require.Equal(t, statusUnread, status)
	require.Contains(t, out, "1 document checked, 0 faults")
	status, _, errs := ask("-help")
	require.Equal(t, statusClean, status)
	require.Contains(t, errs, "usage: harness")
}
