package evidence_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestADraftGivenAsEvidenceDoesNotCompile builds a small package that cites a document. The same package with a record
// in its place builds, so it is the draft that fails.
func TestADraftGivenAsEvidenceDoesNotCompile(t *testing.T) {
	t.Parallel()
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("needs the go command")
	}
	build := func(t *testing.T, document string) (string, error) {
		here, err := os.Getwd()
		require.NoError(t, err)
		source := filepath.Join(t.TempDir(), "cite.go")
		require.NoError(t, os.WriteFile(source, []byte(`package cite

import (
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/risk"
)

func exhibits(d risk.`+document+`) ([]evidence.Exhibit, error) { return evidence.Cite(d) }

var _ = exhibits
`), 0o600))
		overlay, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(here, "cite", "cite.go"): source}})
		require.NoError(t, err)
		list := filepath.Join(t.TempDir(), "overlay.json")
		require.NoError(t, os.WriteFile(list, overlay, 0o600))
		out, err := exec.CommandContext(t.Context(), goTool, "build", "-overlay", list, "./cite").CombinedOutput()
		return string(out), err
	}
	out, err := build(t, "Analysis")
	require.NoError(t, err, "a record is accepted: %s", out)
	out, err = build(t, "Draft")
	require.Error(t, err)
	require.Contains(t, out, "does not implement hipaasmp.Record")
}
