package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

func TestCommittedCodesAreWhatThePackagesSay(t *testing.T) {
	t.Parallel()
	want, err := codeFiles()
	require.NoError(t, err)
	for name, data := range want {
		got, err := os.ReadFile(filepath.Join("..", "..", "evidence", "schema", name))
		require.NoError(t, err, "run go generate ./...")
		require.Equal(t, string(data), string(got), "%s is stale: run go generate ./...", name)
	}
}

// A package that gives codes and is not in the table would be missing on the page.
func TestEveryPackageWithCodesIsInTheTable(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	for _, r := range rooms() {
		listed[r.Package] = true
		require.NotEmpty(t, r.Faults, r.Package)
	}
	root := filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "FaultDefs" {
				pkg, err := filepath.Rel(root, filepath.Dir(path))
				require.NoError(t, err)
				pkg = filepath.ToSlash(pkg)
				if pkg == "." {
					pkg = "hipaasmp"
				}
				require.True(t, listed[pkg], "%s has codes; add it to rooms", pkg)
			}
		}
		return nil
	}))
}

func TestCodeGivenTwiceIsRefused(t *testing.T) {
	t.Parallel()
	def := hipaasmp.FaultDef{Code: "SMP-X-01", Kind: hipaasmp.FaultRule, Meaning: "m", Remedy: "r"}
	_, err := collect([]room{{"a", []hipaasmp.FaultDef{def}}, {"b", []hipaasmp.FaultDef{def}}}, nil)
	require.ErrorContains(t, err, "SMP-X-01")
	def.Remedy = ""
	_, err = collect([]room{{"a", []hipaasmp.FaultDef{def}}}, nil)
	require.ErrorContains(t, err, "no remedy")
}

func TestCellsCannotEndTheTable(t *testing.T) {
	t.Parallel()
	require.Equal(t, `a \| b &lt;script&gt;`, cell("a | b <script>"))
}
