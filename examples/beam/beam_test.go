package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/testing/ptest"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func TestMain(m *testing.M) {
	enrol()
	register.DoFn2x1[context.Context, Answer, error](&keep{})
	ptest.MainWithDefault(m, "prism")
}

// keep writes the bytes of the state, which the program does not.
type keep struct{ Name string }

func (k *keep) ProcessElement(_ context.Context, a Answer) error {
	return os.WriteFile(k.Name, a.State, 0o600)
}

// all are the detectors that need nothing but events and the two tables.
func all(t *testing.T) []detect.ID {
	var ids []detect.ID
	for _, d := range detect.All(detect.Context{}) {
		id := d.Describe().ID
		if (&Combine{Detectors: []detect.ID{id}}).open() == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) < 25 {
		t.Fatalf("only %v are run", ids)
	}
	return ids
}

// inProcess gives the events of the files to one run.
func inProcess(t *testing.T, files []string, read *Read, combine *Combine) (findings []detect.Finding, state []byte) {
	t.Helper()
	must(t, combine.open())
	run := detect.Start(combine.detectors...)
	reader, err := read.reader()
	must(t, err)
	for _, name := range files {
		f, err := os.Open(name)
		must(t, err)
		for e, err := range reader.Read(activity.Input{Source: read.Source, File: filepath.Base(name), Content: f}) {
			if err == nil {
				run.Add(e)
			}
		}
		must(t, f.Close())
	}
	state, err = run.Encode()
	must(t, err)
	return run.Findings(), state
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// compare runs the pipeline on prism and compares what comes out with one process, byte for byte.
func compare(t *testing.T, files []string, read *Read, combine *Combine) []detect.Finding {
	t.Helper()
	want, state := inProcess(t, files, read, &Combine{Detectors: combine.Detectors, Roster: combine.Roster, Relations: combine.Relations, Columns: combine.Columns})
	dir := t.TempDir()
	p, s := beam.NewPipelineWithRoot()
	answer, err := Review(s, files, read, combine)
	must(t, err)
	beam.ParDo0(s, &Write{Name: filepath.Join(dir, "findings.json")}, answer)
	beam.ParDo0(s, &keep{Name: filepath.Join(dir, "state.json")}, answer)
	must(t, ptest.Run(p))
	got, err := os.ReadFile(filepath.Join(dir, "findings.json"))
	must(t, err)
	expected, err := json.Marshal(want)
	must(t, err)
	if string(got) != string(expected)+"\n" {
		t.Fatalf("Beam found\n%.2000s\nand one process\n%.2000s", got, expected)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "state.json"))
	must(t, err)
	if string(kept) != string(state) {
		t.Fatal("the state that Beam put together has other bytes")
	}
	return want
}

// month writes a log in several files: entries in no order, some delivered to two files, lines that are no entries.
func month(t *testing.T, seed uint64) (files []string, roster, relations string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	shards := make([]strings.Builder, 7)
	for i := range shards {
		shards[i].WriteString("id,at,who,patient,what,how,addr\n")
	}
	for i := range 6000 {
		user := fmt.Sprintf("u%02d", rng.IntN(40))
		line := fmt.Sprintf("e%d,%s,%s,p%d,read,success,10.0.0.%d\n", i, start.Add(time.Duration(rng.IntN(31*24*3600))*time.Second).Format(time.RFC3339), user, rng.IntN(300), rng.IntN(9))
		switch rng.IntN(20) {
		case 0:
			line = fmt.Sprintf("e%d,%s,%s,,login,failure,10.0.0.1\n", i, start.Add(time.Duration(rng.IntN(40))*time.Hour).Format(time.RFC3339), user)
		case 1:
			line = fmt.Sprintf("e%d,%s,%s,,login,success,10.0.0.1\n", i, start.Add(time.Duration(rng.IntN(40))*time.Hour).Format(time.RFC3339), user)
		case 2:
			line = strings.ReplaceAll(line, ",read,success", ",override,denied")
		case 3:
			line = "torn\"" + line
		}
		shards[rng.IntN(7)].WriteString(line)
		if rng.IntN(50) == 0 {
			shards[rng.IntN(7)].WriteString(line)
		}
	}
	for i := range shards {
		files = append(files, filepath.Join(dir, fmt.Sprintf("log-%d.csv", i)))
		must(t, os.WriteFile(files[i], []byte(shards[i].String()), 0o600))
	}
	files = append(files, filepath.Join(dir, "empty.csv"))
	must(t, os.WriteFile(files[7], []byte("id,at,who,patient,what,how,addr\n"), 0o600))
	var people, ties strings.Builder
	people.WriteString("user,role,patient,ended_at,shift_start,shift_hours\n")
	ties.WriteString("user,patient\n")
	for i := range 40 {
		ended := ""
		if i%9 == 0 {
			ended = "2026-03-20T00:00:00Z"
		}
		fmt.Fprintf(&people, "u%02d,nurse,p%d,%s,%d,12\n", i, i, ended, i%24)
		for j := range 150 {
			fmt.Fprintf(&ties, "u%02d,p%d\n", i, (i+2*j)%300)
		}
	}
	roster, relations = filepath.Join(dir, "users.csv"), filepath.Join(dir, "treat.csv")
	must(t, os.WriteFile(roster, []byte(people.String()), 0o600))
	must(t, os.WriteFile(relations, []byte(ties.String()), 0o600))
	return files, roster, relations
}

func access() *Read {
	return &Read{Source: "ehr", Format: activity.FormatCSV, Profile: &activity.Profile{ID: "report", Version: 1, Format: activity.FormatCSV, Columns: []activity.Column{
		{Name: "id", Field: activity.FieldID}, {Name: "at", Field: activity.FieldRecorded}, {Name: "who", Field: activity.FieldActor}, {Name: "patient", Field: activity.FieldPatient},
		{Name: "what", Field: activity.FieldAction}, {Name: "how", Field: activity.FieldOutcome}, {Name: "addr", Field: activity.FieldAddr}}}}
}

func TestPrismFindsWhatOneProcessFinds(t *testing.T) {
	for seed := range uint64(3) {
		files, roster, relations := month(t, seed)
		found := map[detect.ID]bool{}
		for _, f := range compare(t, files, access(), &Combine{Detectors: all(t), Roster: roster, Relations: relations}) {
			found[f.Detector] = true
		}
		for _, id := range []detect.ID{detect.IDOwnRecord, detect.IDBreakGlass, detect.IDTerminatedUser, detect.IDFailedLogins, detect.IDNoRelation, detect.IDAfterHours, detect.IDDenials} {
			if !found[id] {
				t.Errorf("%s finds nothing in seed %d, so that nothing was compared", id, seed)
			}
		}
	}
}

func TestPrismFindsWhatOneProcessFindsInTheSyntheticMonth(t *testing.T) {
	tool, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "tools", "activitygen"))
	must(t, err)
	if _, err := os.Stat(tool); err != nil {
		t.Skip("the generator of synthetic months is not here")
	}
	dir := t.TempDir()
	gen := exec.Command("go", "run", ".", "-n", "20000", "-fhir", "20000", "-users", "300", "-patients", "5000", "-out", dir)
	gen.Dir = tool
	out, err := gen.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole, err := os.ReadFile(filepath.Join(dir, "fhir.ndjson"))
	must(t, err)
	var files []string
	for i, lines := 0, strings.SplitAfter(string(whole), "\n"); i < 5; i++ {
		files = append(files, filepath.Join(dir, fmt.Sprintf("part-%d.ndjson", i)))
		must(t, os.WriteFile(files[i], []byte(strings.Join(lines[i*len(lines)/5:(i+1)*len(lines)/5], "")), 0o600))
	}
	compare(t, files, &Read{Source: "ehr", Format: activity.FormatFHIR}, &Combine{Detectors: all(t), Roster: filepath.Join(dir, "users.csv"), Relations: filepath.Join(dir, "treat.csv"),
		Columns: map[string]string{"dept": "department", "own_mrn": "patient", "terminated_at": "ended_at"}})
}

func TestWhatCannotBeRunIsRefused(t *testing.T) {
	files, _, _ := month(t, 1)
	for says, err := range map[string]error{
		"no detector \"R99\"":    (&Combine{Detectors: []detect.ID{"R99"}}).open(),
		"no detectors are named": (&Combine{}).open(),
		"beside their events":    (&Combine{Detectors: []detect.ID{detect.IDDigestMismatch}}).open(),
		"no such file":           (&Combine{Detectors: []detect.ID{detect.IDOwnRecord}, Roster: filepath.Join(t.TempDir(), "none.csv")}).open(),
		"is missing":             (&Combine{Detectors: []detect.ID{detect.IDOwnRecord}, Roster: files[0]}).open(),
		"use one of":             command("tape", "R8", "", "", "x", files),
		"with -out":              command("fhir", "R8", "", "", "", files),
		"two files are called":   command("fhir", "R8", "", "", "x", []string{"a/x", "b/x"}),
		"was not read to its end": func() error {
			p, s := beam.NewPipelineWithRoot()
			answer, err := Review(s, []string{t.TempDir()}, access(), &Combine{Detectors: []detect.ID{detect.IDDenials}})
			must(t, err)
			beam.ParDo0(s, &keep{Name: filepath.Join(t.TempDir(), "state")}, answer)
			return ptest.Run(p)
		}(),
	} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v does not say %q", err, says)
		}
	}
}

func TestAnEventComesBackAsItWas(t *testing.T) {
	e := activity.Event{Source: "s", ID: "bad \xff text\x00", Recorded: time.Unix(0, 1000).UTC(), Patients: []activity.Patient{{System: "a", ID: "\xfe"}}, Purpose: []string{"TREAT"}, Action: activity.ActionRead}
	data, err := encodeEvent(e)
	must(t, err)
	back, err := decodeEvent(data)
	must(t, err)
	if fmt.Sprintf("%#v", e) != fmt.Sprintf("%#v", back) {
		t.Fatalf("%#v became %#v", e, back)
	}
	if _, err := decodeEvent(data[:len(data)/2]); err == nil {
		t.Fatal("half an event was read")
	}
	c := &Combine{Detectors: []detect.ID{detect.IDDenials}}
	if _, err := c.MergeAccumulators(State{data: []byte("[]")}, State{data: []byte("{")}); err == nil {
		t.Fatal("a state that is none was read")
	}
}
