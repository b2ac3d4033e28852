package hipaasmp_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the blocks of README.md from the tested files")

// block matches a marked code block of README.md: <!-- from FILE REGION --> and the fence behind it.
var block = regexp.MustCompile("(?s)<!-- from (\\S+) (\\S+) -->\n```(\\w*)\n(.*?)```\n")

// Every marked block of the README is a region of a file that go test compiles and runs, so the README cannot drift.
func TestREADMEShowsTestedCode(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	seen := 0
	rewritten := block.ReplaceAllStringFunc(string(readme), func(m string) string {
		seen++
		p := block.FindStringSubmatch(m)
		want := region(t, p[1], p[2])
		if !*update {
			require.Equal(t, want, p[4], "README.md shows %s of %s as it was; run go test -run README . -update", p[2], p[1])
		}
		return "<!-- from " + p[1] + " " + p[2] + " -->\n```" + p[3] + "\n" + want + "```\n"
	})
	require.GreaterOrEqual(t, seen, 3, "one block for each kind of user")
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(rewritten), 0o644))
	}
}

// region returns the lines between "// region NAME" and "// endregion", without their common indentation.
func region(t *testing.T, file, name string) string {
	t.Helper()
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(src), "// region "+name+"\n")
	require.True(t, ok, "%s has no region %s", file, name)
	body, _, ok := strings.Cut(rest, "// endregion")
	require.True(t, ok)
	lines := strings.Split(strings.TrimRight(body, "\t \n"), "\n")
	indent := len(lines[0]) - len(strings.TrimLeft(lines[0], "\t"))
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, strings.Repeat("\t", indent))
	}
	return strings.Join(lines, "\n") + "\n"
}
