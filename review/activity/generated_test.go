package activity_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// generated runs the generator of synthetic months and returns the folder that it wrote, with so many events in every
// shape. It skips the test where the generator is missing.
func generated(t testing.TB, n string) string {
	t.Helper()
	src, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "tools", "activitygen"))
	require.NoError(t, err)
	if _, err := os.Stat(src); err != nil {
		t.Skip("the generator of synthetic months is not here; this test needs it")
	}
	dir := t.TempDir()
	run := exec.Command("go", "run", ".", "-n", n, "-fhir", n, "-atna", n, "-seed", "7", "-out", dir)
	run.Dir = src
	out, err := run.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return dir
}

// The profiles of the generator's two reports.
func generatedProfile(f activity.Format) activity.Profile {
	p := activity.Profile{ID: "generated", Version: 1, Format: f, Words: map[activity.Field]map[string]string{
		activity.FieldAction: {"view": "read", "query": "search"}}}
	names := []string{"/ts", "/user", "/patient", "/action", "/outcome", "/src/ip", "/src/workstation", "/purpose", "/session", "/seq"}
	fields := []activity.Field{activity.FieldRecorded, activity.FieldActor, activity.FieldPatient, activity.FieldAction, activity.FieldOutcome,
		activity.FieldAddr, activity.FieldHost, activity.FieldPurpose, activity.FieldSession, activity.FieldID}
	if f == activity.FormatCSV {
		names = []string{"ts", "user", "role", "dept", "patient", "action", "outcome", "src", "workstation", "screen", "purpose", "session", "seq", "event"}
		fields = []activity.Field{activity.FieldRecorded, activity.FieldActor, activity.FieldIgnore, activity.FieldIgnore, activity.FieldPatient, activity.FieldAction,
			activity.FieldOutcome, activity.FieldAddr, activity.FieldHost, activity.FieldIgnore, activity.FieldPurpose, activity.FieldSession, activity.FieldID, activity.FieldIgnore}
	}
	for i, name := range names {
		p.Columns = append(p.Columns, activity.Column{Name: name, Field: fields[i]})
	}
	return p
}

// The same month in every shape gives the same events, as far as the shape carries the facts.
func TestAMonthInEveryShapeGivesTheSameEvents(t *testing.T) {
	t.Parallel()
	dir := generated(t, "2000")
	read := func(name string, r activity.Reader) []activity.Event {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		var out []activity.Event
		for e, err := range r.Read(activity.Input{File: name, Content: bytes.NewReader(data)}) {
			require.NoError(t, err)
			out = append(out, e)
		}
		require.Len(t, out, 2000)
		return out
	}
	profiled := func(f activity.Format) activity.Reader {
		r, err := activity.ReaderWith(generatedProfile(f))
		require.NoError(t, err)
		return r
	}
	flat := read("flat.ndjson", profiled(activity.FormatNDJSON))
	csv := read("access.csv", profiled(activity.FormatCSV))
	for i, e := range flat {
		e.Raw, csv[i].Raw = activity.Raw{}, activity.Raw{}
		require.Equal(t, e, csv[i])
		require.NotEqual(t, activity.ActionUnknown, e.Action)
	}
	other := map[string][]activity.Event{
		"fhir": read("fhir.ndjson", reader(t, activity.FormatFHIR)),
		"atna": read("atna.log", reader(t, activity.FormatATNA)),
	}
	type facts struct {
		at       time.Time
		actor    string
		addr     string
		patients string
		purpose  string
		login    bool
		done     bool
	}
	of := func(e activity.Event) facts {
		f := facts{at: e.Recorded, actor: e.Actor.ID, addr: e.From.Addr, login: e.Action == activity.ActionLogin, done: e.Outcome == activity.OutcomeSuccess}
		for _, p := range e.Patients {
			f.patients += p.ID
		}
		for _, p := range e.Purpose {
			f.purpose += p
		}
		return f
	}
	for name, events := range other {
		for i, e := range events {
			require.Equal(t, of(flat[i]), of(e), "%s, event %d", name, i)
		}
	}
}
