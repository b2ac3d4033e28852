package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// tool returns a path below the folder of shared tools, and skips the test where it is missing.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", filepath.FromSlash(name)))
	require.NoError(t, err)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared/%s is not here; this test needs it", name)
	}
	return path
}

// generator builds the generator of synthetic months and returns what runs it.
func generator(t testing.TB) func(t testing.TB, n, inAll, seed int) (dir string) {
	t.Helper()
	src := tool(t, "tools/activitygen")
	program := filepath.Join(t.TempDir(), "activitygen")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = src
	said, err := build.CombinedOutput()
	require.NoError(t, err, "%s", said)
	return func(t testing.TB, n, inAll, seed int) string {
		dir := t.TempDir()
		said, err := exec.Command(program, "-n", strconv.Itoa(n), "-fhir", strconv.Itoa(inAll), "-atna", strconv.Itoa(inAll),
			"-users", "500", "-patients", "20000", "-seed", strconv.Itoa(seed), "-out", dir).CombinedOutput()
		require.NoError(t, err, "%s", said)
		return dir
	}
}

// oracle answers the questions in another language.
func oracle(t testing.TB, dir string) string {
	t.Helper()
	script := tool(t, "tools/activity_answers.py")
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here; this test needs it")
	}
	said, err := exec.Command(python, script, dir).Output()
	require.NoError(t, err)
	return string(said)
}

func run(t testing.TB, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	require.NoError(t, command(args, &o, &e, false), e.String())
	return o.String(), e.String()
}

func refused(t testing.TB, args ...string) (why, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	err := command(args, &o, &e, false)
	require.Error(t, err)
	require.Empty(t, o.String(), "nothing is answered")
	return err.Error(), e.String()
}

var shapes = map[string]string{"flat": "flat.ndjson", "csv": "access.csv", "fhir": "fhir.ndjson", "atna": "atna.log"}

func TestEveryShapeAndAnyNumberOfWorkersAnswerLikeTheOracle(t *testing.T) {
	t.Parallel()
	generate := generator(t)
	n := long.Count(2000, 8000)
	for seed := 1; seed <= 10; seed++ {
		dir := generate(t, n, n, seed)
		want := oracle(t, dir)
		require.Contains(t, want, fmt.Sprintf(`"events":%d`, n))
		for format, name := range shapes {
			for _, workers := range []string{"1", "2", "8"} {
				got, errs := run(t, "-format", format, "-in", filepath.Join(dir, name), "-users", filepath.Join(dir, "users.csv"),
					"-relations", filepath.Join(dir, "treat.csv"), "-answers", "-workers", workers)
				require.Equal(t, want, got, "%s of seed %d with %s workers", format, seed, workers)
				require.Empty(t, errs)
			}
		}
	}
}

func TestFindingsDoNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	dir := generator(t)(t, 20000, 0, 3)
	args := []string{"-format", "flat", "-in", filepath.Join(dir, "flat.ndjson"), "-users", filepath.Join(dir, "users.csv"), "-relations", filepath.Join(dir, "treat.csv"), "-workers"}
	one, _ := run(t, append(args, "1")...)
	require.Contains(t, one, "20000 events from 2026-03-01T")
	for _, id := range []string{"R1 (", "R10 (", "R14 (", "R16 ("} {
		require.Contains(t, one, "\n"+id)
	}
	for _, workers := range []string{"2", "8"} {
		many, _ := run(t, append(args, workers)...)
		require.Equal(t, one, many)
	}
}

// Findings beyond the budget are drawn with a seed that is told: the same seed draws the same, another one others.
func TestFindingsBeyondTheBudgetAreDrawn(t *testing.T) {
	t.Parallel()
	dir := generator(t)(t, 20000, 0, 4)
	args := []string{"-format", "flat", "-in", filepath.Join(dir, "flat.ndjson"), "-users", filepath.Join(dir, "users.csv"), "-relations", filepath.Join(dir, "treat.csv")}
	section := func(out, id string) (ranked, drawn []string) {
		_, of, found := strings.Cut(out, "\n"+id+" (")
		require.True(t, found, id)
		of, _, _ = strings.Cut(of, "\n\n")
		first, rest, _ := strings.Cut(of, "\n  drawn at random:\n")
		lines := func(text string) (out []string) {
			for _, line := range strings.Split(text, "\n") {
				if strings.HasPrefix(line, "  low, ") || strings.HasPrefix(line, "  moderate, ") || strings.HasPrefix(line, "  high, ") {
					out = append(out, line)
				}
			}
			return out
		}
		return lines(first), lines(rest)
	}
	plain, _ := run(t, args...)
	all, _ := run(t, append(args, "-detectors", "all")...)
	require.Equal(t, plain, all, "all detectors run where none is asked for")
	one, _ := run(t, append(args, "-seed", "March")...)
	require.Contains(t, one, "70 % by rank and 30 % drawn from the rest, with the seed 4d61726368\n")
	again, _ := run(t, append(args, "-seed", "March")...)
	require.Equal(t, one, again)
	other, _ := run(t, append(args, "-seed", "April")...)
	ranked, drawn := section(one, "R14")
	require.Len(t, ranked, 7)
	require.Len(t, drawn, 3)
	alike, others := section(other, "R14")
	require.Equal(t, ranked, alike)
	require.NotEqual(t, drawn, others)
	_, few := section(one, "R1")
	require.Empty(t, few, "what the budget holds is not drawn")
}

// The detectors answer the questions that they define like the line does.
func TestDetectorsAgreeWithTheAnswers(t *testing.T) {
	t.Parallel()
	dir := generator(t)(t, 60000, 0, 6)
	people, err := table(filepath.Join(dir, "users.csv"), func(in io.Reader) (*detect.Roster, error) {
		return detect.ReadRoster(in, detect.TableOptions{Columns: rosterColumns})
	})
	require.NoError(t, err)
	relations, err := table(filepath.Join(dir, "treat.csv"), func(in io.Reader) (*detect.RelationTable, error) {
		return detect.ReadRelations(in, detect.TableOptions{})
	})
	require.NoError(t, err)
	known, err := table(filepath.Join(dir, "treat.csv"), readTies)
	require.NoError(t, err)
	reader, err := readerOf("flat", false)
	require.NoError(t, err)
	files, _, err := open([]string{filepath.Join(dir, "flat.ndjson")})
	require.NoError(t, err)
	source := detect.Source{ID: "flat", Reader: reader, Files: files}
	f, _, err := count(source, people, known)
	require.NoError(t, err)
	scanned, err := detect.Scan(t.Context(), source, detect.OwnRecord{People: people}, detect.TerminatedUser{Context: people},
		detect.AfterHours{People: people, Grace: -1}, detect.NoRelation{People: people, Tie: detect.Tie{Relations: relations}})
	require.NoError(t, err)
	found, actors := map[detect.ID]int64{}, map[detect.ID]map[string]bool{}
	for _, x := range scanned.Findings() {
		found[x.Detector] += x.Count
		if actors[x.Detector] == nil {
			actors[x.Detector] = map[string]bool{}
		}
		actors[x.Detector][x.Actor] = true
	}
	require.Positive(t, f.Own[0])
	require.Positive(t, f.Ended[0])
	require.Equal(t, f.Own, [2]int64{found["R1"], int64(len(actors["R1"]))})
	require.Equal(t, f.Ended, [2]int64{found["R8"], int64(len(actors["R8"]))})
	require.Equal(t, f.OffShift, found["R16"])
	require.Equal(t, f.Untied, found["R14"])
}

// tables are three users: one without anything, one with a record of their own, and one who left on 2 March.
const (
	users = "user,role,dept,own_mrn,terminated_at,shift_start,shift_hours\nu1,nurse,ICU,,,7,12\nu2,nurse,ICU,P2,,7,12\nu3,nurse,ICU,,2026-03-02T12:00:00Z,7,12\n"
	treat = "user,patient\nu1,P1\n"
)

func put(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func entry(at, user, patient, action, outcome string) string {
	quoted := "null"
	if patient != "" {
		quoted = `"` + patient + `"`
	}
	return `{"ts":"` + at + `","user":"` + user + `","patient":` + quoted + `,"action":"` + action + `","outcome":"` + outcome + `"}` + "\n"
}

func TestEachQuestionCountsItsOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tables := []string{"-format", "flat", "-answers", "-users", put(t, dir, "users.csv", []byte(users)), "-relations", put(t, dir, "treat.csv", []byte(treat))}
	for name, c := range map[string]struct{ log, want string }{
		"hours": {entry("2026-03-01T09:59:59.999Z", "u1", "P1", "view", "success") + entry("2026-03-01T09:00:00Z", "u1", "P1", "view", "success") + entry("2026-03-01T10:00:00Z", "u1", "P1", "view", "success"),
			`{"events":3,"q1":[2,5,2],"q2":[0,0],"q3":[0,0],"q4":[0,0],"q5":0,"q6":[1,1],"q7":0}`},
		"burst of five in ten minutes": {strings.Repeat(entry("2026-03-01T09:00:00Z", "u1", "", "login", "failure"), 4) + entry("2026-03-01T09:10:00Z", "u1", "", "login", "failure"),
			`{"events":5,"q1":[1,25,5],"q2":[1,1],"q3":[0,0],"q4":[0,0],"q5":0,"q6":[0,0],"q7":0}`},
		"burst a millisecond too long": {strings.Repeat(entry("2026-03-01T09:00:00Z", "u1", "", "login", "failure"), 4) + entry("2026-03-01T09:10:00.001Z", "u1", "", "login", "failure"),
			`{"events":5,"q1":[1,25,5],"q2":[0,0],"q3":[0,0],"q4":[0,0],"q5":0,"q6":[0,0],"q7":0}`},
		"own record": {entry("2026-03-01T09:00:00Z", "u2", "P2", "view", "denied") + entry("2026-03-01T09:00:00Z", "u2", "P1", "view", "denied"),
			`{"events":2,"q1":[1,4,2],"q2":[0,0],"q3":[1,1],"q4":[0,0],"q5":0,"q6":[2,2],"q7":0}`},
		"at the end of employment": {entry("2026-03-02T11:59:59.999Z", "u3", "", "login", "success") + entry("2026-03-02T12:00:00Z", "u3", "", "login", "success") + entry("2026-03-02T12:00:00Z", "u3", "", "login", "failure"),
			`{"events":3,"q1":[2,5,2],"q2":[0,0],"q3":[0,0],"q4":[1,1],"q5":0,"q6":[0,0],"q7":0}`},
		"edges of the shift": {entry("2026-03-01T06:59:59Z", "u1", "P1", "view", "success") + entry("2026-03-01T07:00:00Z", "u1", "P1", "view", "success") +
			entry("2026-03-01T18:59:59Z", "u1", "P1", "view", "success") + entry("2026-03-01T19:00:00Z", "u1", "P1", "view", "success"),
			`{"events":4,"q1":[4,4,1],"q2":[0,0],"q3":[0,0],"q4":[0,0],"q5":2,"q6":[1,1],"q7":0}`},
		"no relation": {strings.Repeat(entry("2026-03-01T09:00:00Z", "u1", "P9", "view", "success"), 2) + entry("2026-03-01T09:00:00Z", "stranger", "P1", "view", "success"),
			`{"events":3,"q1":[2,5,2],"q2":[0,0],"q3":[0,0],"q4":[0,0],"q5":0,"q6":[2,1],"q7":3}`},
		"long numbers of patients": {entry("2026-03-01T09:00:00Z", "u1", "a patient 12345", "view", "success") + entry("2026-03-01T09:00:00Z", "u1", "a patient 123456", "view", "success") + entry("2026-03-01T09:00:00Z", "u1", "a patient 123457", "view", "success"),
			`{"events":3,"q1":[1,9,3],"q2":[0,0],"q3":[0,0],"q4":[0,0],"q5":0,"q6":[3,3],"q7":3}`},
		"before 1970": {entry("1969-12-31T23:00:00Z", "u1", "P1", "view", "success") + entry("1969-12-31T23:59:59.5Z", "u1", "P1", "view", "success") + entry("1970-01-01T00:00:00Z", "u1", "P1", "view", "success"),
			`{"events":3,"q1":[2,5,2],"q2":[0,0],"q3":[0,0],"q4":[0,0],"q5":3,"q6":[1,1],"q7":0}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, errs := run(t, append(tables, "-in", put(t, t.TempDir(), "log", []byte(c.log)))...)
			require.Equal(t, c.want+"\n", out)
			require.Empty(t, errs)
		})
	}
}

func TestBadInputIsSaid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	u, r := put(t, dir, "users.csv", []byte(users)), put(t, dir, "treat.csv", []byte(treat))
	good := entry("2026-03-01T09:00:00Z", "u1", "P1", "view", "success")
	log := put(t, dir, "good", []byte(good))
	tables := []string{"-answers", "-users", u, "-relations", r, "-format"}
	with := func(args ...string) []string { return append(append([]string{}, tables...), args...) }

	why, _ := refused(t, with("flat", "-in", filepath.Join(dir, "nowhere"))...)
	require.Contains(t, why, "nowhere")
	why, _ = refused(t, with("flat", "-in", dir)...)
	require.Contains(t, why, "is a folder")
	why, _ = refused(t, with("xml", "-in", log)...)
	require.Contains(t, why, `-format "xml": use one of atna, auditd, cloudtrail, csv, entra, fhir, flat,`)
	why, _ = refused(t, with("flat")...)
	require.Contains(t, why, "-in FILE")
	why, _ = refused(t, "-format", "flat", "-in", log, "-answers", "-users", u)
	require.Contains(t, why, "-relations FILE")
	why, _ = refused(t, "-format", "flat", "-in", log, "-detectors", "R1,R99")
	require.Contains(t, why, `"R99" is none`)
	why, _ = refused(t, with("flat", "-in", log, "-workers", "0")...)
	require.Contains(t, why, "1 to 64")
	why, _ = refused(t, with("flat", "-in", log, "-users", put(t, dir, "bad-users", []byte("name\nu1\n")))...)
	require.Contains(t, why, "the column user is missing")
	why, _ = refused(t, with("flat", "-in", log, "-relations", put(t, dir, "bad-treat", []byte("user,mrn\nu1,P1\n")))...)
	require.Contains(t, why, "the column patient is missing")
	why, _ = refused(t, with("flat", "-in", log, "-relations", put(t, dir, "cut-treat", []byte("user,patient\nu1,P1\nu1,\n")))...)
	require.Contains(t, why, "line 3")

	why, _ = refused(t, with("atna", "-in", log, "-zone", "Chicago")...)
	require.Contains(t, why, `-zone "Chicago": name a zone as the IANA does`)
	t.Run("malformed lines are counted and located", func(t *testing.T) {
		t.Parallel()
		bad := good + "{\"ts\":\"2026-03-01\n" + good + "\x00\x00\n" + good
		path := put(t, t.TempDir(), "damaged", []byte(bad))
		out, errs := run(t, with("flat", "-in", path)...)
		require.Contains(t, out, `{"events":3,`)
		require.Contains(t, errs, "2 pieces could not be read as events:\n  syntax: 2\n    damaged, entry 2, 17 bytes at byte "+strconv.Itoa(len(good)))
		out, _ = run(t, "-format", "flat", "-in", path)
		require.Contains(t, out, "2 pieces could not be read as events")
	})
	t.Run("missing columns are named", func(t *testing.T) {
		t.Parallel()
		why, errs := refused(t, with("csv", "-in", put(t, t.TempDir(), "renamed.csv", []byte("time,user,role,dept,mrn,action,outcome,src,workstation,screen,purpose,session,seq,event\n2026-03-01T09:00:00Z,u1,,,P1,view,success,,,,,,,\n")))...)
		require.Contains(t, why, "nothing in the files was read")
		require.Contains(t, errs, `the header lacks columns of the profile: "ts", "patient"`)
	})
	t.Run("another format", func(t *testing.T) {
		t.Parallel()
		why, errs := refused(t, with("atna", "-in", log)...)
		require.Contains(t, why, "are they of the format atna?")
		require.Contains(t, errs, "1 piece could not be read")
		var out, none bytes.Buffer
		require.ErrorContains(t, command([]string{"-format", "atna", "-in", log}, &out, &none, false), "are they of the format atna?")
		require.Contains(t, out.String(), "1 piece could not be read", "it is told all the same")
	})
	t.Run("UTF-16", func(t *testing.T) {
		t.Parallel()
		var wide bytes.Buffer
		wide.WriteString("\xff\xfe")
		for _, c := range []byte(good + "{\n" + good) {
			wide.Write([]byte{c, 0})
		}
		out, errs := run(t, with("flat", "-in", put(t, t.TempDir(), "wide", wide.Bytes()))...)
		require.Contains(t, out, `{"events":2,`)
		require.Contains(t, errs, "1 piece could not be read as events:\n  syntax: 1\n    wide, entry 2, 2 bytes at byte "+strconv.Itoa(2+2*len(good)), "the place is that of its own bytes")
	})
	t.Run("a cut gzip stream", func(t *testing.T) {
		t.Parallel()
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, err := z.Write([]byte(strings.Repeat(good, 20000)))
		require.NoError(t, err)
		require.NoError(t, z.Close())
		folder := t.TempDir()
		whole, errs := run(t, with("flat", "-in", put(t, folder, "whole.gz", zipped.Bytes()))...)
		require.Contains(t, whole, `{"events":20000,`)
		require.Empty(t, errs)
		cut, errs := run(t, with("flat", "-in", put(t, folder, "cut.gz", zipped.Bytes()[:zipped.Len()/2]))...)
		require.NotEqual(t, whole, cut)
		require.Contains(t, errs, "compression: 1\n    cut.gz, entry ")
		require.Contains(t, errs, "the gzip stream ends in the middle")
	})
}

func TestTheBarIsOnlyForATerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log := put(t, dir, "log", []byte(strings.Repeat(entry("2026-03-01T09:00:00Z", "u1", "P1", "view", "success"), 5000)))
	args := []string{"-format", "flat", "-in", log, "-users", put(t, dir, "users.csv", []byte(users)), "-relations", put(t, dir, "treat.csv", []byte(treat)), "-answers"}
	var out, errs bytes.Buffer
	require.NoError(t, command(args, &out, &errs, true))
	require.Contains(t, errs.String(), "] 100 % of the bytes read")
	require.True(t, strings.HasSuffix(errs.String(), " \r"), "the bar is taken away")
	plain, quiet := run(t, args...)
	require.Equal(t, plain, out.String())
	require.Empty(t, quiet)
}

// An entry that comes again, in another file or behind a damaged line, is set aside and reported, and its findings are not
// doubled.
func TestASecondDeliveryIsSetAside(t *testing.T) {
	t.Parallel()
	const stop = `{"eventVersion":"1.08","eventID":"e-1","eventTime":"2026-03-01T02:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/u"}}` + "\n"
	dir := t.TempDir()
	out, _ := run(t, "-format", "cloudtrail", "-detectors", "R20", "-in", put(t, dir, "a.json", []byte(stop)), put(t, dir, "b.json", []byte("{\n"+stop)))
	require.Contains(t, out, "\n1 event from 2026-03-01T02:00:00Z")
	require.Contains(t, out, "\n  1 delivered a second time and set aside\n")
	require.Contains(t, out, "1 piece could not be read as events:\n")
	require.Contains(t, out, "\nR20 (1 finding)")
}

// NXLog writes times without a zone unless it is told otherwise.
func TestTheZoneOfTimesThatNameNone(t *testing.T) {
	t.Parallel()
	log := put(t, t.TempDir(), "nxlog.json", []byte(`{"EventTime":"2026-03-01 04:00:00","Hostname":"PC1","Keywords":"9232379236109516800","EventType":"AUDIT_SUCCESS","EventID":4624,"SourceName":"Microsoft-Windows-Security-Auditing","RecordNumber":7,"Channel":"Security","TargetUserName":"u1"}`+"\n"))
	out, _ := run(t, "-format", "windows", "-in", log)
	require.Contains(t, out, "\n  1 without a time")
	require.NotContains(t, out, "taken for those of")
	out, _ = run(t, "-format", "windows", "-in", log, "-zone", "America/Chicago")
	require.Contains(t, out, "\n1 event from 2026-03-01T10:00:00Z")
	require.Contains(t, out, "\n  times without an offset are taken for those of America/Chicago\n")
}
