package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

var update = flag.Bool("update", false, "rewrite the golden output")

const tenant = "clinic"

// folder is what a recipient has: the package, the key, and the checkpoint of an earlier package.
type folder struct {
	pack, key, earlier string
	line               string
}

// constant is a source of bytes that is the same each time.
type constant byte

func (c constant) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}

func entity(name string) hipaasmp.Entity {
	since := hipaasmp.Period{From: hipaasmp.Day(2024, 3, 1)}
	return hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, tenant), Name: name,
		Type: hipaasmp.EntityCoveredEntity, Size: hipaasmp.EntitySmall, Zone: "America/Chicago", Created: since.From, InEffect: since,
		Workforce:    []hipaasmp.WorkforceMember{{ID: "wf-001", Category: hipaasmp.WorkforceEmployee, Member: since}},
		Appointments: []hipaasmp.Appointment{{Role: hipaasmp.RoleSecurityOfficial, Member: "wf-001", Term: since}},
	}
}

// newFolder stores an entity twice, and packs after each time; the first package leaves its checkpoint.
func newFolder(t *testing.T, seed byte) folder {
	t.Helper()
	signer, err := storage.NewSigner(constant(seed), "clinic.example")
	require.NoError(t, err)
	now := time.Date(2026, 9, 5, 15, 0, 0, 0, time.UTC)
	store, err := storage.New(memory.New(), storage.Options{Signer: signer, Random: constant(seed), Clock: func() time.Time { return now }})
	require.NoError(t, err)
	dir := t.TempDir()
	f := folder{pack: filepath.Join(dir, "package.zip"), key: filepath.Join(dir, "verifier.key"), earlier: filepath.Join(dir, "checkpoint"), line: signer.VerifierKey()}
	put := func(e hipaasmp.Entity) storage.Checkpoint {
		_, err := store.Put(t.Context(), tenant, e)
		require.NoError(t, err)
		c, err := store.Checkpoint(t.Context(), tenant)
		require.NoError(t, err)
		return c
	}
	require.NoError(t, os.WriteFile(f.earlier, put(entity("Clinic")).Note, 0o600))
	now = now.Add(time.Hour)
	put(entity("Family Clinic"))
	var pack bytes.Buffer
	_, err = dossier.Write(t.Context(), &pack, store, tenant, dossier.Options{
		Period: hipaasmp.Period{From: hipaasmp.Day(2025, 9, 6), To: hipaasmp.Day(2026, 9, 5)},
		AsOf:   hipaasmp.Day(2026, 9, 5), Made: now, Signer: signer,
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(f.pack, pack.Bytes(), 0o600))
	require.NoError(t, os.WriteFile(f.key, []byte(f.line+"\n"), 0o600))
	return f
}

func ask(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = command(t.Context(), args, &o, &e)
	return status, o.String(), e.String()
}

// golden compares the output with a file, but for the folder and for the counts that grow with the module.
func golden(t *testing.T, name, out string, f folder) {
	t.Helper()
	out = strings.ReplaceAll(out, filepath.Dir(f.pack)+string(filepath.Separator), "")
	out = regexp.MustCompile(`\d+ files `).ReplaceAllString(out, " N files ")
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(out), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), out, "if the change is meant: go test ./examples/verify -update")
}

// A checkpoint by itself and a file with many are both what somebody kept.
func TestAnchorsAreReadFromBothKindsOfFile(t *testing.T) {
	t.Parallel()
	f := newFolder(t, 1)
	note, err := os.ReadFile(f.earlier)
	require.NoError(t, err)
	dir := t.TempDir()
	anchor, err := storage.NewFileAnchor(dir)
	require.NoError(t, err)
	require.NoError(t, anchor.Keep(t.Context(), tenant, note))
	kept, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
	status, out, errs := ask(t, f.pack, "-key", f.key, "-anchor", f.earlier, "-anchor", kept[0])
	require.Equal(t, statusVerified, status, out+errs)
	require.Regexp(t, `anchors +holds +2 checkpoints`, out)
}

func TestGoodPackageIsToldLevelByLevel(t *testing.T) {
	t.Parallel()
	f := newFolder(t, 1)
	status, out, errs := ask(t, f.pack, "-key", f.key, "-since", f.earlier)
	require.Equal(t, statusVerified, status, out+errs)
	require.Empty(t, errs)
	golden(t, "good.golden", out, f)
}

func TestFlagsStandBeforeOrAfterThePackage(t *testing.T) {
	t.Parallel()
	f := newFolder(t, 1)
	_, want, _ := ask(t, f.pack, "-key", f.key)
	for _, args := range [][]string{
		{"-key", f.key, f.pack}, {"-key", f.line, f.pack}, {f.pack, "-key=" + f.line}, {"-json=false", f.pack, "-key", f.key}, {"-key", f.key, "--", f.pack},
	} {
		status, out, errs := ask(t, args...)
		require.Equal(t, statusVerified, status, errs)
		require.Equal(t, want, out)
	}
	require.Contains(t, want, "consistency   not claimed")
}

func TestJSONIsTheReport(t *testing.T) {
	t.Parallel()
	f := newFolder(t, 1)
	status, out, _ := ask(t, "-json", f.pack, "-key", f.key)
	require.Equal(t, statusVerified, status)
	var got struct {
		Package  string
		Verified bool
		Report   evidence.Report
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, f.pack, got.Package)
	require.True(t, got.Verified)
	require.True(t, got.Report.Passed())
	require.Equal(t, tenant, got.Report.Manifest.Tenant)

	require.NoError(t, os.WriteFile(f.pack, []byte("PK"), 0o600))
	status, out, _ = ask(t, "-json", f.pack, "-key", f.key)
	require.Equal(t, statusRefused, status)
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.False(t, got.Verified)
}

func TestWhatDoesNotHoldIsSaidAtItsLevel(t *testing.T) {
	t.Parallel()
	f, other := newFolder(t, 1), newFolder(t, 2)
	pack, err := os.ReadFile(f.pack)
	require.NoError(t, err)
	write := func(name string, data []byte) string {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
	altered := append(append(bytes.Clone(pack[:900]), pack[900]^1), pack[901:]...)
	for _, c := range []struct {
		rule, says string
		args       []string
	}{
		{"an altered file", "archive       FAILS", []string{write("a.zip", altered), "-key", f.key}},
		{"a cut archive", "SMP-EVD-01", []string{write("c.zip", pack[:len(pack)/2]), "-key", f.key}},
		{"an empty file", "SMP-EVD-01", []string{write("e.zip", nil), "-key", f.key}},
		{"a text", "SMP-EVD-01", []string{write("t.zip", bytes.Repeat([]byte("no archive\n"), 50)), "-key", f.key}},
		{"another's key", "SMP-EVD-05", []string{f.pack, "-key", other.key}},
		{"a checkpoint of another ledger", "consistency   FAILS", []string{f.pack, "-key", f.key, "-since", other.earlier}},
		{"an anchored checkpoint of another ledger", "anchors       FAILS", []string{f.pack, "-key", f.key, "-anchor", other.earlier}},
		{"a checkpoint that is a text", "consistency   FAILS", []string{f.pack, "-key", f.key, "-since", write("x", []byte("text"))}},
	} {
		status, out, errs := ask(t, c.args...)
		require.Equal(t, statusRefused, status, c.rule+errs)
		require.Contains(t, out, c.says, c.rule)
		require.Contains(t, out, "The package does not verify.", c.rule)
		require.NotContains(t, out, "panic", c.rule)
	}
}

func TestWhatCannotBeAskedSaysWhatToDo(t *testing.T) {
	t.Parallel()
	f := newFolder(t, 1)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for _, c := range []struct {
		rule, says string
		args       []string
	}{
		{"nothing", "the package: is missing", nil},
		{"no package", "the package: is missing", []string{"-key", f.key}},
		{"two packages", "one at a time", []string{f.pack, f.pack, "-key", f.key}},
		{"no key", "-key: is missing", []string{f.pack}},
		{"a key that is none", "is no verifier key", []string{f.pack, "-key", "a+b+c"}},
		{"a key file that is not there", "-key: ", []string{f.pack, "-key", filepath.Join(dir, "nowhere")}},
		{"an empty key file", "is empty", []string{f.pack, "-key", write("empty", "\n\n")}},
		{"a signing key", "holds a signing key", []string{f.pack, "-key", write("signer", "PRIVATE+KEY+clinic+00000000+AAAA")}},
		{"a signing key on the line", "is a signing key", []string{f.pack, "-key", "PRIVATE+KEY+clinic+00000000+AAAA"}},
		{"a key file of a megabyte", "larger than a megabyte", []string{f.pack, "-key", write("large", strings.Repeat("x", mostBytes+1))}},
		{"a package that is not there", "the package: ", []string{filepath.Join(dir, "nowhere.zip"), "-key", f.key}},
		{"a package that is a folder", "is no file", []string{dir, "-key", f.key}},
		{"a checkpoint that is not there", "-since: ", []string{f.pack, "-key", f.key, "-since", filepath.Join(dir, "nowhere")}},
		{"a package for a checkpoint", "unzip -p", []string{f.pack, "-key", f.key, "-since", f.pack}},
		{"a flag that does not exist", "-force", []string{f.pack, "-key", f.key, "-force"}},
	} {
		status, out, errs := ask(t, c.args...)
		require.Equal(t, statusUnasked, status, c.rule)
		require.Empty(t, out, c.rule)
		require.Contains(t, errs, c.says, c.rule)
		require.NotContains(t, errs, "PRIVATE", c.rule)
	}
}

func TestHelpIsNoFault(t *testing.T) {
	t.Parallel()
	status, _, errs := ask(t, "-help")
	require.Equal(t, statusVerified, status)
	require.Contains(t, errs, "usage: verify PACKAGE -key VKEY")
}

func TestWhatAPackageSaysCannotSteerTheTerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, tell(&out, "a\x1b[2J\u202e.zip", evidence.Report{}))
	require.NotContains(t, out.String(), "\x1b")
	require.NotContains(t, out.String(), "\u202e")
}
