package sigma_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sigma"
)

const rulesAt = "../../../../shared/data/sigma/rules"

// sharedFiles returns the shared rules by their paths, or skips.
func sharedFiles(t testing.TB) []detect.File {
	t.Helper()
	var out []detect.File
	err := filepath.WalkDir(filepath.FromSlash(rulesAt), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".yml") {
			out = append(out, detect.File{Name: filepath.ToSlash(path), Open: func() (io.ReadCloser, error) { return os.Open(path) }})
		}
		return err
	})
	if os.IsNotExist(err) {
		t.Skip("the shared Sigma rules are not here; this test needs them")
	}
	require.NoError(t, err)
	return out
}

// sharedRules loads the shared rules, or skips.
func sharedRules(t testing.TB) []sigma.Rule {
	t.Helper()
	rules, err := sigma.LoadAll(sharedFiles(t)...)
	require.NoError(t, err)
	return rules
}

// rule is a small rule around a detection, each line of which is indented by two blanks.
func rule(detection string) string {
	return "title: A test\nid: 5f7f4e1c-0001-4000-8000-000000000001\nlogsource:\n  product: aws\n  service: cloudtrail\ndetection:\n" +
		"  " + strings.ReplaceAll(strings.TrimSpace(detection), "\n", "\n  ") + "\n"
}

func load(t testing.TB, text string) sigma.Rule {
	t.Helper()
	r, err := sigma.Load("test.yml", strings.NewReader(text))
	require.NoError(t, err)
	return r
}

// matcher compiles one rule.
func matcher(t testing.TB, text string) *sigma.Matcher {
	t.Helper()
	set, err := sigma.Compile(load(t, text))
	require.NoError(t, err)
	return set.Matcher()
}

// What follows walks records as encoding/json reads them.

func countMembers(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			n += 1 + countMembers(x)
		}
	case []any:
		for _, x := range v {
			n += countMembers(x)
		}
	}
	return n
}

func hasPath(v any, path string) bool { return len(leaves(v, path)) > 0 }

// leaves returns the texts that a path stands for: scalars, objects as some text, and every scalar within them.
func leaves(v any, path string) (out []string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			out = append(out, leaves(x, path)...)
		}
	case map[string]any:
		if path == "" {
			out = append(out, "{object}")
			for _, x := range v {
				out = append(out, leaves(x, "")...)
			}
			return out
		}
		for name, x := range v {
			if name == path {
				out = append(out, leaves(x, "")...)
			} else if rest, ok := strings.CutPrefix(path, name+"."); ok {
				out = append(out, leaves(x, rest)...)
			}
		}
	case string:
		if path == "" {
			return []string{v}
		}
	case float64:
		if path == "" {
			return []string{"number"}
		}
	case bool:
		if path == "" {
			return []string{"boolean"}
		}
	}
	return out
}

// words reports whether a word stands in a text or a name.
func words(v any, word string) bool {
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), word) }
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return words(x, word) })
	case map[string]any:
		for name, x := range v {
			if has(name) || words(x, word) {
				return true
			}
		}
	case string:
		return has(v)
	}
	return false
}
