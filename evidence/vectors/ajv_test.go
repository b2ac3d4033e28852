package vectors_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/evidence/vectors"
	"github.com/hipaasmp/hipaasmp/internal/long"
)

// ajvScript reads schemas and documents, and answers for each document whether the schema of its kind accepts it.
const ajvScript = `
const Ajv = require("ajv/dist/2020");
const ajv = new Ajv({ allErrors: true, strict: false });
require("ajv-formats")(ajv);
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
const check = {};
for (const [kind, schema] of Object.entries(input.schemas)) check[kind] = ajv.compile(schema);
const accepted = {};
for (const v of input.documents) accepted[v.file] = check[v.kind](JSON.parse(v.text));
process.stdout.write(JSON.stringify(accepted));
`

// TestAnotherValidatorAgrees asks ajv, a validator in another language, about every vector that is JSON.
func TestAnotherValidatorAgrees(t *testing.T) {
	t.Parallel()
	if long.Count(0, 1) == 0 {
		t.Skip("installs ajv from the npm registry: run with -tags long")
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("needs %s", program)
		}
	}
	dir := t.TempDir()
	install := exec.Command("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir, "ajv@8.17.1", "ajv-formats@3.0.1")
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("ajv cannot be installed here: %v: %.300s", err, out)
	}

	type document struct {
		File string        `json:"file"`
		Kind hipaasmp.Kind `json:"kind"`
		Text string        `json:"text"`
	}
	input := struct {
		Schemas   map[hipaasmp.Kind]json.RawMessage `json:"schemas"`
		Documents []document                        `json:"documents"`
	}{Schemas: map[hipaasmp.Kind]json.RawMessage{}}
	asked := map[string]vectors.Stage{}
	for _, v := range all(t) {
		if v.Stage == vectors.StageReading {
			continue
		}
		data, err := v.Data()
		require.NoError(t, err)
		source, ok := schema.Source(v.Kind)
		require.True(t, ok, v.Kind)
		input.Schemas[v.Kind] = source
		input.Documents = append(input.Documents, document{v.File, v.Kind, string(data)})
		asked[v.File] = v.Stage
	}
	payload, err := json.Marshal(input)
	require.NoError(t, err)
	script := filepath.Join(dir, "check.js")
	require.NoError(t, os.WriteFile(script, []byte(ajvScript), 0o600))
	var out, errs bytes.Buffer
	node := exec.Command("node", script)
	node.Dir, node.Stdin, node.Stdout, node.Stderr = dir, bytes.NewReader(payload), &out, &errs
	require.NoError(t, node.Run(), "%.2000s", &errs)
	var accepted map[string]bool
	require.NoError(t, json.Unmarshal(out.Bytes(), &accepted))
	require.Len(t, accepted, len(asked))
	for file, stage := range asked {
		require.Equal(t, stage != vectors.StageSchema, accepted[file], "%s: ajv and the index do not agree", file)
	}
}
