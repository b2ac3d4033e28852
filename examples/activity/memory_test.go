package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
)

var mostMemory = regexp.MustCompile(`at most ([0-9]+) MB of memory`)

// BenchmarkMemory builds the program, answers the questions of a month and of one four times as busy, and lets all
// detectors review them under a limit. The figures are the most memory that was resident, in megabytes.
//
//	go test -tags long -run - -bench Memory -benchtime 1x ./examples/activity    # a million and four million events
func BenchmarkMemory(b *testing.B) {
	program := filepath.Join(b.TempDir(), "activity")
	said, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(b, err, "%s", said)
	generator := exec.Command("go", "build", "-o", program+"gen", ".")
	generator.Dir = tool(b, "tools/activitygen")
	said, err = generator.CombinedOutput()
	require.NoError(b, err, "%s", said)
	for _, n := range []int{long.Count(50_000, 1_000_000), long.Count(200_000, 4_000_000)} {
		dir := b.TempDir()
		said, err := exec.Command(program+"gen", "-n", strconv.Itoa(n), "-out", dir).CombinedOutput()
		require.NoError(b, err, "%s", said)
		users, relations := filepath.Join(dir, "users.csv"), filepath.Join(dir, "treat.csv")
		measured := func(format string, more ...string) func(*testing.B) {
			return func(b *testing.B) {
				most := 0.0
				for b.Loop() {
					run := exec.Command(program, append([]string{"-stats", "-format", format, "-in", filepath.Join(dir, shapes[format]), "-users", users, "-relations", relations}, more...)...)
					out, err := run.CombinedOutput()
					require.NoError(b, err, "%s", out)
					require.Regexp(b, `(?m)^(\{"events":)?`+strconv.Itoa(n)+`(,| events )`, string(out))
					said := mostMemory.FindStringSubmatch(string(out))
					require.NotNil(b, said, "%s", out)
					mb, err := strconv.ParseFloat(said[1], 64)
					require.NoError(b, err)
					most = max(most, mb)
				}
				b.ReportMetric(most, "MB")
			}
		}
		b.Run("answers/flat/"+strconv.Itoa(n), measured("flat", "-answers"))
		b.Run("answers/csv/"+strconv.Itoa(n), measured("csv", "-answers"))
		b.Run("findings in 100MB/flat/"+strconv.Itoa(n), measured("flat", "-memory", "100MB"))
	}
}
