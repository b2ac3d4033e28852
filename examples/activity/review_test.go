package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// A memory limit that nothing exceeds changes no byte of what is printed, though the files are read several times and
// findings are kept compressed; one that is exceeded says what is approximate.
func TestFindingsUnderAMemoryLimit(t *testing.T) {
	t.Parallel()
	dir := generator(t)(t, 8000, 0, 6)
	args := []string{"-format", "flat", "-in", filepath.Join(dir, "flat.ndjson"), "-users", filepath.Join(dir, "users.csv"), "-relations", filepath.Join(dir, "treat.csv")}
	want, _ := run(t, args...)
	for _, more := range [][]string{nil, {"-workers", "3"}} {
		got, _ := run(t, append(append(args, "-memory", "1GB"), more...)...)
		require.Equal(t, want, got)
	}
	require.NotContains(t, want, "approximate")
}

// Sessions beyond the limit are left out by accounts, and the result says so.
func TestWhatDoesNotFitIsSaidToBeApproximate(t *testing.T) {
	t.Parallel()
	dir := generator(t)(t, 120_000, 0, 6) // nearly each event has a session of its own
	out, _ := run(t, "-format", "flat", "-in", filepath.Join(dir, "flat.ndjson"), "-users", filepath.Join(dir, "users.csv"), "-detectors", "R18,S1", "-memory", "32MB")
	require.Contains(t, out, "R18 is approximate: the memory was limited, and of the sessions only those of about ")
	require.Equal(t, 1, strings.Count(out, "is approximate: "), "what fits is exact")
}

// A table that changes between two passes ends the review: findings would be told of tables that nobody can show.
func TestATableThatChangesMeanwhileIsRefused(t *testing.T) {
	t.Parallel()
	dir := generator(t)(t, 2000, 0, 6)
	users := filepath.Join(dir, "users.csv")
	reader, err := readerOf("flat", false)
	require.NoError(t, err)
	files, _, err := open([]string{filepath.Join(dir, "flat.ndjson")})
	require.NoError(t, err)
	for _, changes := range []bool{false, true} {
		opener := files[0].Open
		files[0].Open = func() (io.ReadCloser, error) {
			if changes {
				f, err := os.OpenFile(users, os.O_APPEND|os.O_WRONLY, 0)
				require.NoError(t, err)
				_, err = f.WriteString("u99999,NURSE,EMER,,,7,12\n")
				require.NoError(t, err)
				require.NoError(t, f.Close())
			}
			return opener()
		}
		found, err := review(options{users: users, memory: 1e9, detectors: "R8,R16"}, detect.Source{ID: "flat", Reader: reader, Files: files}, &progress{})
		if !changes {
			require.NoError(t, err)
			require.Len(t, found.titles, 2)
			continue
		}
		require.ErrorContains(t, err, "a table changed while the files were read")
	}
}

func TestMemorySizes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"100MB": 100e6, "32mb": 32e6, "2GB": 2e9, "40000KB": 40e6, "1000GB": 1e12} {
		n, err := bytesOf(text)
		require.NoError(t, err, text)
		require.Equal(t, want, n, text)
	}
	for _, text := range []string{"", "MB", "100", "-5GB", "0MB", "31MB", "1001GB", "99999999999999999999MB", "1.5GB", "100 MB", "100MiB"} {
		_, err := bytesOf(text)
		require.Error(t, err, text)
	}
	why, _ := refused(t, "-format", "flat", "-in", "x", "-memory", "lots")
	require.Contains(t, why, "write a size as 100MB")
	why, _ = refused(t, "-format", "flat", "-in", "x", "-answers", "-users", "u", "-relations", "r", "-memory", "1GB")
	require.Contains(t, why, "-memory is for findings")
}
