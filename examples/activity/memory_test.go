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

// BenchmarkMemory builds the program and answers the questions of a month and of one four times as busy. The figures are
// the most memory that was resident, in megabytes.
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
		for _, format := range []string{"flat", "csv"} {
			b.Run(format+"/"+strconv.Itoa(n), func(b *testing.B) {
				most := 0.0
				for b.Loop() {
					run := exec.Command(program, "-answers", "-stats", "-format", format, "-in", filepath.Join(dir, shapes[format]), "-users", filepath.Join(dir, "users.csv"), "-relations", filepath.Join(dir, "treat.csv"))
					out, err := run.CombinedOutput()
					require.NoError(b, err, "%s", out)
					require.Contains(b, string(out), `{"events":`+strconv.Itoa(n)+",")
					said := mostMemory.FindStringSubmatch(string(out))
					require.NotNil(b, said, "%s", out)
					mb, err := strconv.ParseFloat(said[1], 64)
					require.NoError(b, err)
					most = max(most, mb)
				}
				b.ReportMetric(most, "MB")
			})
		}
	}
}
