package main

import (
	"archive/zip"
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/storage"
)

var update = flag.Bool("update", false, "rewrite the golden output")

// start runs the command and returns what it printed.
func start(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, errs bytes.Buffer
	err := command(context.Background(), args, &out, &errs)
	return out.String(), err
}

func mustStart(t *testing.T, args ...string) string {
	t.Helper()
	out, err := start(t, args...)
	require.NoError(t, err)
	return out
}

// verify checks the package in the folder with nothing but the package and the verifier key.
func verify(t *testing.T, dir string, since ...[]byte) (evidence.Report, error) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(dir, fileVerifier))
	require.NoError(t, err)
	pack, err := os.ReadFile(filepath.Join(dir, filePackage))
	require.NoError(t, err)
	return evidence.Verify(t.Context(), bytes.NewReader(pack), int64(len(pack)), []string{strings.TrimSpace(string(key))}, evidence.VerifyOptions{Since: since})
}

func TestFirstRunTellsTheMonth(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := mustStart(t, "-dir", dir)
	compareGolden(t, "first.golden", out, dir)

	report, err := verify(t, dir)
	require.NoError(t, err)
	require.True(t, report.Passed())
	require.Equal(t, evidence.OutcomePassed, report.At(evidence.LevelCompleteness).Outcome)
}

func TestSecondRunAddsTheNextMonthAndContinuesTheFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustStart(t, "-dir", dir)
	first, err := verify(t, dir)
	require.NoError(t, err)

	out := mustStart(t, "-dir", dir)
	compareGolden(t, "second.golden", out, dir)
	second, err := verify(t, dir, first.Checkpoint)
	require.NoError(t, err)
	require.Equal(t, evidence.OutcomePassed, second.At(evidence.LevelConsistency).Outcome)
	require.Greater(t, second.Manifest.Ledger.Size, first.Manifest.Ledger.Size)

	mustStart(t, "-dir", dir)
	third, err := verify(t, dir, first.Checkpoint, second.Checkpoint)
	require.NoError(t, err)
	require.Len(t, third.Earlier, 2, "the package names every checkpoint that was handed over before")
}

func TestSameDayAddsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := mustStart(t, "-dir", dir, "-as-of", "2027-03-15")
	require.Contains(t, first, "the month under review is 2027-02")
	again := mustStart(t, "-dir", dir, "-as-of", "2027-03-15")
	require.Contains(t, again, "nothing was added")
}

func TestMonthsThatNobodyReviewedAreGaps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustStart(t, "-dir", dir, "-as-of", "2026-10-05")
	out := mustStart(t, "-dir", dir, "-as-of", "2027-02-05")
	require.Contains(t, out, "the month under review is 2027-01")
	require.Contains(t, strings.Join(strings.Fields(out), " "), "The review of 2026-11-01 to 2026-11-30 was due on 2026-12-14 by the entity's own procedure")
}

// compareGolden compares the output with the golden file, apart from the folder, the key and the size of the package.
func compareGolden(t *testing.T, name, out, dir string) {
	t.Helper()
	out = strings.ReplaceAll(out, dir+string(filepath.Separator), "DIR/")
	// Where the folder's name made a paragraph wrap, the wrap goes with it.
	out = regexp.MustCompile(`DIR/package\.zip: \d+ KiB,\s+`).ReplaceAllString(out, "DIR/package.zip: N KiB, ")
	out = regexp.MustCompile(`signed\s+by\s+hipaasmp-quickstart\+[0-9a-f]{8}`).ReplaceAllString(out, "signed by hipaasmp-quickstart+KEY")
	out = regexp.MustCompile(`needs\s+the\s+package\s+and\s+DIR/verifier\.key,\s+and\s+nothing\s+else`).ReplaceAllString(out, "needs the package and DIR/verifier.key, and nothing else")
	out = regexp.MustCompile(`(\d+) of (\d+)\s+ledger\s+entries\s+with\s+their\s+content,\s+`).ReplaceAllString(out, "$1 of $2 ledger entries with their content, ")
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(out), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), out, "if the change is meant: go test ./examples/quickstart -update")
}

func TestSignerKeyStaysPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustStart(t, "-dir", dir)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(dir, fileSigner))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	secret, err := os.ReadFile(filepath.Join(dir, fileSigner))
	require.NoError(t, err)
	public, err := os.ReadFile(filepath.Join(dir, fileVerifier))
	require.NoError(t, err)
	needle := bytes.TrimSpace(secret)[len("PRIVATE+KEY+hipaasmp-quickstart+"):]
	require.NotContains(t, string(public), string(needle))
	pack, err := zip.OpenReader(filepath.Join(dir, filePackage))
	require.NoError(t, err)
	defer pack.Close()
	names := map[string]bool{}
	for _, f := range pack.File {
		names[f.Name] = true
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NotContains(t, string(content), string(needle), f.Name)
	}
	for _, want := range []string{"index.html", "register.csv", "quantified.json", "agenda.json", "agenda.ics", "manifest.json", "gaps.json", "README.txt", "ledger/checkpoint", "records/risk.analysis/ra-1/1.json"} {
		require.True(t, names[want], want)
	}
}

func TestLostSignerKeyNamesTheRemedy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustStart(t, "-dir", dir)
	before, err := os.ReadFile(filepath.Join(dir, filePackage))
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(dir, fileSigner)))
	_, err = start(t, "-dir", dir)
	var lost *storage.LostKeyError
	require.ErrorAs(t, err, &lost)
	require.Contains(t, err.Error(), "backup")
	after, err := os.ReadFile(filepath.Join(dir, filePackage))
	require.NoError(t, err)
	require.Equal(t, before, after)
	_, err = os.Stat(filepath.Join(dir, fileSigner))
	require.ErrorIs(t, err, os.ErrNotExist, "no new key is slipped in")
}

func TestAlteredPackageIsNotWrittenOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustStart(t, "-dir", dir)
	path := filepath.Join(dir, filePackage)
	pack, err := os.ReadFile(path)
	require.NoError(t, err)
	for rule, bad := range map[string][]byte{
		"truncated": pack[:len(pack)/2],
		"altered":   append(append(bytes.Clone(pack[:5000]), pack[5000]^1), pack[5001:]...),
		"empty":     {},
	} {
		require.NoError(t, os.WriteFile(path, bad, 0o644))
		_, err = start(t, "-dir", dir)
		var ve *evidence.VerificationError
		require.ErrorAs(t, err, &ve, rule)
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, bad, got, rule)
	}
}

func TestBadFlagsSayWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("x"), 0o600))
	empty := filepath.Join(dir, "empty")
	require.NoError(t, os.Mkdir(empty, 0o700))
	for _, c := range []struct {
		rule, says string
		args       []string
	}{
		{"a day that is none", "2026-02-30", []string{"-as-of", "2026-02-30"}},
		{"a log without a format", "go together", []string{"-log", file}},
		{"a format without a log", "go together", []string{"-format", "fhir"}},
		{"an unknown format", "cloudtrail", []string{"-log", file, "-format", "syslog"}},
		{"a log that is not there", "nowhere", []string{"-dir", filepath.Join(dir, "a"), "-log", filepath.Join(dir, "nowhere"), "-format", "fhir"}},
		{"a folder without files", "no file", []string{"-dir", filepath.Join(dir, "b"), "-log", empty, "-format", "fhir"}},
		{"a file that is no log", "is -format right?", []string{"-dir", filepath.Join(dir, "c"), "-log", file, "-format", "cloudtrail"}},
		{"a folder that is a file", "file", []string{"-dir", file}},
		{"an argument too many", "unexpected", []string{"now"}},
	} {
		_, err := start(t, c.args...)
		require.Error(t, err, c.rule)
		require.Contains(t, err.Error(), c.says, c.rule)
	}
}

func TestDayBeforeTheStoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustStart(t, "-dir", dir)
	_, err := start(t, "-dir", dir, "-as-of", "2025-01-10")
	require.ErrorContains(t, err, "another -dir")
}

func TestForeignDatabaseIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, fileStore)
	require.NoError(t, os.WriteFile(path, []byte("this is no database, and it is somebody's"), 0o600))
	_, err := start(t, "-dir", dir)
	require.ErrorIs(t, err, storage.ErrForeign)
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "this is no database, and it is somebody's", string(got))
}

func TestOwnCloudTrailLog(t *testing.T) {
	t.Parallel()
	logs := filepath.Join("..", "..", "..", "shared", "data", "review", "cloudtrail")
	if _, err := os.Stat(logs); err != nil {
		t.Skip("the shared CloudTrail files are not here")
	}
	dir := t.TempDir()
	out := mustStart(t, "-dir", dir, "-log", logs, "-format", "cloudtrail")
	_, own, ok := strings.Cut(out, "Your log\n")
	require.True(t, ok)
	own, _, _ = strings.Cut(own, "What is missing")
	flat := strings.Join(strings.Fields(own), " ")
	require.Contains(t, flat, "34 file(s), 2261 events")
	require.Contains(t, flat, "60 denied, 102 throttled")
	require.Equal(t, 10, strings.Count(own, "R20"))
	require.Equal(t, 5, strings.Count(flat, "it succeeded"))
	again := mustStart(t, "-dir", dir, "-as-of", "2026-10-05", "-log", logs, "-format", "cloudtrail")
	require.Contains(t, again, "nothing was added", "the same log is recognised")
	_, err := verify(t, dir)
	require.NoError(t, err)
}

func TestOwnFHIRLog(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "review", "fhir-*.json"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("the shared FHIR AuditEvent files are not here")
	}
	for _, f := range files {
		out := mustStart(t, "-dir", t.TempDir(), "-log", f, "-format", "fhir")
		require.Contains(t, out, "1 file(s), 1 events, 0 delivered twice, 0 pieces that do not parse", f)
	}
}

// A log of which a part does not parse is reviewed, and the part is counted and shown.
func TestDamagedLogIsCountedNotDropped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, log := sampleLog(hipaasmp.Day(2026, 9, 1), true)
	damaged := bytes.Replace(log, []byte(`"eventName":"StopLogging"`), []byte(`"eventName":StopLogging`), 1)
	require.NotEqual(t, log, damaged)
	path := filepath.Join(dir, "damaged.json")
	require.NoError(t, os.WriteFile(path, damaged, 0o600))
	out := mustStart(t, "-dir", filepath.Join(dir, "out"), "-log", path, "-format", "cloudtrail")
	_, own, ok := strings.Cut(out, "Your log\n")
	require.True(t, ok)
	require.NotContains(t, own, " 0 pieces that do not parse")
	require.Contains(t, own, "not read:")
}

func TestOutputFitsATerminal(t *testing.T) {
	t.Parallel()
	for _, line := range strings.Split(mustStart(t, "-dir", filepath.Join(t.TempDir(), "q")), "\n") {
		require.LessOrEqual(t, len([]rune(line)), lineWidth, line)
	}
}
