package hipaasmp_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/hipaasmp/hipaasmp"

type goPackage struct {
	ImportPath string
	Name       string
	Imports    []string
}

// packages lists every package of the module with its direct imports, tests left out.
func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Name,Imports", "./...").Output()
	require.NoError(t, err)
	var pkgs []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		pkgs = append(pkgs, p)
	}
	require.Greater(t, len(pkgs), 15)
	return pkgs
}

// mayImport is the house: which packages of the module a package may import directly. Whatever has no row here may
// import nothing of the module. The examples and the schema generator stand at the top and may import everything.
var mayImport = map[string][]string{
	"":                      {"internal/canon", "internal/strictjson"},
	"internal/lifecycle":    {""},
	"internal/validate":     {""},
	"retention":             {"", "internal/lifecycle", "internal/validate"},
	"risk":                  {"", "internal/*"},
	"risk/quant":            {"", "internal/*", "risk", "risk/quant/internal/num"},
	"risk/penalty":          {"", "internal/*"},
	"sanction":              {"", "internal/*"},
	"review/activity":       {"", "internal/*"},
	"review/detect":         {"", "internal/*", "review/activity"},
	"review/detect/sigma":   {"", "review/activity", "review/detect"},
	"review/detect/sqlpush": {"", "review/activity", "review/detect"},
	"review":                {"", "internal/*", "review/activity", "review/detect"},
	"remediation":           {"", "internal/*", "risk", "risk/quant"},
	"storage/driver":        {"", "retention"},
	"storage":               {"", "internal/*", "retention", "storage/driver"},
	"storage/memory":        {"", "retention", "storage/driver"},
	"storage/sqlite":        {"", "retention", "storage/driver"},
	"storage/postgres":      {"", "retention", "storage/driver"},
	"storage/storagetest":   {"", "retention", "storage", "storage/driver", "storage/memory"},
	"evidence/schema":       {"", "internal/*"},
	"evidence/vectors":      {"", "evidence/schema"},
	"evidence":              {"", "internal/*", "retention", "storage", "storage/driver", "evidence/schema"},
	"evidence/report":       {"", "retention", "evidence", "risk", "risk/quant", "remediation", "sanction", "review", "review/activity", "review/detect"},
	"evidence/oscal":        {"", "internal/*", "risk", "remediation"},
	"evidence/inquiry":      {"", "retention", "evidence", "risk", "remediation", "sanction", "review", "review/activity", "review/detect"},
	"evidence/dossier":      {"*"},
	"internal/civil":        {""},
	"internal/clinic":       {"", "internal/civil", "risk", "remediation", "sanction", "review", "review/activity", "review/detect", "evidence/inquiry"},
	"internal/pgtest":       {},
	"internal/schemagen":    {"*"},
	"examples/activity":     {"*"},
	"examples/embed":        {"*"},
	"examples/ehrstore":     {"*"},
	"examples/harness":      {"*"},
	"examples/quickstart":   {"*"},
	"examples/roadmap":      {"*"},
	"examples/quantify":     {"*"},
	"examples/verify":       {"*"},
}

// only names the packages that alone may see a dependency.
var only = map[string][]string{
	"modernc.org/sqlite":                    {"storage/sqlite", "examples/ehrstore"},
	"github.com/santhosh-tekuri/jsonschema": {"evidence/schema"},
	"github.com/invopop/jsonschema":         {"internal/schemagen"},
	"github.com/go-playground/validator":    {"internal/validate"},
	"golang.org/x/mod":                      {"storage", "storage/storagetest", "evidence", "evidence/dossier"},
	"github.com/go-json-experiment/json":    {"internal/canon", "internal/strictjson", "review/activity"},
	"go.yaml.in/yaml/v3":                    {"review/detect/sigma"},
	"testing":                               {"storage/storagetest", "internal/pgtest"},
	"github.com/jackc/pgx":                  {"storage/postgres", "internal/pgtest"},
	"github.com/stretchr/testify":           {"storage/storagetest"},
	"pgregory.net/rapid":                    {"storage/storagetest"},
	"github.com/anishathalye/porcupine":     {"storage/storagetest"},
	"net/http":                              {"examples/embed"},
	"github.com/transparency-dev/merkle":    {},
}

func TestImportFences(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		allowed := mayImport[name]
		for _, imp := range p.Imports {
			if imp == module || strings.HasPrefix(imp, module+"/") {
				rel := strings.TrimPrefix(strings.TrimPrefix(imp, module), "/")
				ok := slices.Contains(allowed, "*") || slices.Contains(allowed, rel) ||
					strings.HasPrefix(rel, "internal/") && slices.Contains(allowed, "internal/*")
				require.True(t, ok, "%s must not import %s: the arrow is not in the house", p.ImportPath, imp)
				continue
			}
			for dep, rooms := range only {
				if imp == dep || strings.HasPrefix(imp, dep+"/") {
					require.Contains(t, rooms, name, "%s must not import %s", p.ImportPath, imp)
				}
			}
		}
	}
}

func TestNothingIsSetUpBehindTheUsersBack(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("git", "grep", "-nE", `^func init\(\)`, "--", "*.go", ":!*_test.go").Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Skip("needs git and a checkout")
	}
	require.Empty(t, string(out), "no package of this module has an init function")
}
