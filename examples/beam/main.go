package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// enrol enters types and functions into the registry of the program by which Beam finds them. It is called before
// [beam.Init], on the machine that builds the pipeline and on every worker.
func enrol() {
	register.Combiner3[State, activity.Event, Answer](&Combine{})
	register.DoFn3x1[context.Context, string, func(activity.Event), error](&Read{})
	register.Emitter1[activity.Event]()
	register.DoFn2x1[context.Context, Answer, error](&Write{})
	beam.RegisterCoder(reflect.TypeFor[State](), encodeState, decodeState)
	beam.RegisterCoder(reflect.TypeFor[activity.Event](), encodeEvent, decodeEvent)
}

func main() {
	format := flag.String("format", "", "the `format` of the files: fhir, atna, cloudtrail or another that needs no profile")
	names := flag.String("detectors", "", "the identities of `detectors` with commas between")
	users := flag.String("users", "", "the roster, a CSV `file`")
	relations := flag.String("relations", "", "the relations of users to patients, a CSV `file`")
	out := flag.String("out", "", "the `file` for the findings, JSON")
	flag.Parse()
	enrol()
	beam.Init()
	if err := command(*format, *names, *users, *relations, *out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "beam:", err)
		os.Exit(1)
	}
}

func command(format, names, users, relations, out string, files []string) error {
	f := activity.Format(format)
	if !f.IsValid() {
		return fmt.Errorf("-format %q: use one of %v", format, f.Values())
	}
	if out == "" || len(files) == 0 {
		return errors.New("name the files, and with -out where the findings go")
	}
	combine := &Combine{Roster: users, Relations: relations}
	for _, id := range strings.FieldsFunc(names, func(r rune) bool { return r == ',' }) {
		combine.Detectors = append(combine.Detectors, detect.ID(id))
	}
	if err := combine.open(); err != nil {
		return err // here rather than on a worker
	}
	p, s := beam.NewPipelineWithRoot()
	answer, err := Review(s, files, &Read{Source: format, Format: f}, combine)
	if err != nil {
		return err
	}
	beam.ParDo0(s, &Write{Name: out}, answer)
	return beamx.Run(context.Background(), p)
}

// Review builds the pipeline: the files are read on whatever machines the runner has, and their states are merged. The
// error says that two files have the same name.
func Review(s beam.Scope, files []string, read *Read, combine *Combine) (beam.PCollection, error) {
	seen := map[string]bool{}
	for _, f := range files {
		if seen[filepath.Base(f)] {
			return beam.PCollection{}, fmt.Errorf("beam: two files are called %q; give each a name of its own", filepath.Base(f))
		}
		seen[filepath.Base(f)] = true
	}
	s = s.Scope("review")
	names := beam.Reshuffle(s, beam.CreateList(s, files)) // so that several machines have files
	return beam.Combine(s, combine, beam.ParDo(s, read, names)), nil
}

// Write is Beam's DoFn that writes the findings.
type Write struct {
	// Name is the file.
	Name string
}

// ProcessElement writes the file.
func (w *Write) ProcessElement(_ context.Context, a Answer) error {
	return os.WriteFile(w.Name, append(a.Findings, '\n'), 0o600)
}
