package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"hash"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// BenchmarkAnswers answers the seven questions of a synthetic month, in turns with a program that reads the same fields of
// the same file by the standard library's decoder and counts by the same code. The figures are of processor time: "ratio"
// is that of the plain program to ours, "sha256" that of ours with the digest of the file to ours without, "two-workers"
// that of ours with two workers to one. The tables are loaded before.
//
//	go test -tags long -run - -bench Answers -benchtime 3x ./examples/activity    # a million events
func BenchmarkAnswers(b *testing.B) {
	n, inAll := long.Count(100_000, 1_000_000), long.Count(50_000, 300_000)
	dir := b.TempDir()
	build := exec.Command("go", "run", ".", "-n", strconv.Itoa(n), "-fhir", strconv.Itoa(inAll), "-atna", strconv.Itoa(inAll), "-out", dir)
	build.Dir = tool(b, "tools/activitygen")
	said, err := build.CombinedOutput()
	require.NoError(b, err, "%s", said)
	people, err := table(filepath.Join(dir, "users.csv"), func(in io.Reader) (*detect.Roster, error) {
		return detect.ReadRoster(in, detect.TableOptions{Columns: rosterColumns})
	})
	require.NoError(b, err)
	known, err := table(filepath.Join(dir, "treat.csv"), readTies)
	require.NoError(b, err)
	for _, c := range []struct {
		format, yardstick string
		events            int
		plain             func(io.Reader, func(*activity.Event)) error
	}{
		{"flat", "encoding/json", n, plainFlat},
		{"csv", "encoding/csv", n, plainCSV},
		{"fhir", "encoding/json", inAll, plainFHIR},
		{"atna", "encoding/xml", inAll, plainATNA},
	} {
		b.Run(c.format+"/against "+c.yardstick, func(b *testing.B) {
			path := filepath.Join(dir, shapes[c.format])
			files, _, err := open([]string{path})
			require.NoError(b, err)
			reader, err := readerOf(c.format, true)
			require.NoError(b, err)
			var ours, theirs, two, digested float64
			var wall time.Duration
			for b.Loop() {
				source := detect.Source{Reader: reader, Files: files, Workers: 1}
				ties := known.clone()
				start, cpu := time.Now(), spent()
				f, _, err := count(source, people, ties)
				require.NoError(b, err)
				ours += spent() - cpu
				wall += time.Since(start)
				require.EqualValues(b, c.events, f.Events)

				ties = known.clone()
				cpu = spent()
				plain := newCounter(people, ties, 1)
				in, err := os.Open(path)
				require.NoError(b, err)
				require.NoError(b, c.plain(in, plain.event))
				g := plain.finish()
				theirs += spent() - cpu
				require.NoError(b, in.Close())
				require.Equal(b, f, g)

				summed := source
				summed.Files = []detect.File{{Name: files[0].Name, Open: func() (io.ReadCloser, error) { return openDigested(path) }}}
				ties = known.clone()
				cpu = spent()
				f, _, err = count(summed, people, ties)
				require.NoError(b, err)
				digested += spent() - cpu
				require.Equal(b, f, g)

				source.Workers = 2
				ties = known.clone()
				cpu = spent()
				f, _, err = count(source, people, ties)
				require.NoError(b, err)
				two += spent() - cpu
				require.Equal(b, f, g)
			}
			b.ReportMetric(theirs/ours, "ratio")
			b.ReportMetric(digested/ours, "sha256")
			b.ReportMetric(two/ours, "two-workers")
			b.ReportMetric(float64(c.events*b.N)/ours, "events/cpu-s")
			b.ReportMetric(float64(c.events*b.N)/wall.Seconds(), "events/wall-s")
		})
	}
}

// clone returns relations that a count may mark without a trace in these.
func (t *ties) clone() *ties {
	c := *t
	c.ids.forms, c.ids.others = slices.Clone(t.ids.forms), maps.Clone(t.ids.others)
	for i, table := range t.users.close {
		c.users.close[i] = slices.Clone(table)
	}
	c.users.slots, c.pairs.slots = slices.Clone(t.users.slots), slices.Clone(t.pairs.slots)
	return &c
}

// digested is a file whose SHA-256 is taken while it is read.
type digested struct {
	*os.File
	sum hash.Hash
}

func openDigested(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	return &digested{f, sha256.New()}, err
}

func (d *digested) Read(b []byte) (int, error) {
	n, err := d.File.Read(b)
	d.sum.Write(b[:n])
	return n, err
}

func spent() float64 {
	cpu, _ := usage()
	return cpu
}

// accessed makes an event of what a plain program has read.
func accessed(at, user, patient, outcome string, login bool) (*activity.Event, error) {
	recorded, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return nil, err
	}
	e := &activity.Event{Recorded: recorded, Actor: activity.Actor{ID: user}, Action: activity.ActionRead, Outcome: activity.OutcomeFailure}
	if login {
		e.Action = activity.ActionLogin
	}
	if outcome == "success" || outcome == "0" {
		e.Outcome = activity.OutcomeSuccess
	}
	if patient != "" {
		e.Patients = []activity.Patient{{ID: patient}}
	}
	return e, nil
}

func plainLines(in io.Reader, line func([]byte) (*activity.Event, error), yield func(*activity.Event)) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), 1<<20)
	for lines.Scan() {
		e, err := line(lines.Bytes())
		if err != nil {
			return err
		}
		yield(e)
	}
	return lines.Err()
}

func plainFlat(in io.Reader, yield func(*activity.Event)) error {
	return plainLines(in, func(line []byte) (*activity.Event, error) {
		var r struct{ TS, Event, User, Patient, Action, Outcome string }
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, err
		}
		return accessed(r.TS, r.User, r.Patient, r.Outcome, r.Event == "login")
	}, yield)
}

func plainCSV(in io.Reader, yield func(*activity.Event)) error {
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	if _, err := rows.Read(); err != nil {
		return err
	}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		e, err := accessed(row[0], row[1], row[4], row[6], row[13] == "login")
		if err != nil {
			return err
		}
		yield(e)
	}
}

func plainFHIR(in io.Reader, yield func(*activity.Event)) error {
	type code struct{ Code string }
	return plainLines(in, func(line []byte) (*activity.Event, error) {
		var r struct {
			Type              code
			Subtype           []code
			Recorded, Outcome string
			Agent             []struct {
				Who       struct{ Identifier struct{ Value string } }
				Requestor bool
			}
			Entity []struct{ What struct{ Reference string } }
		}
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, err
		}
		user, patient := "", ""
		for _, a := range r.Agent {
			if a.Requestor {
				user = a.Who.Identifier.Value
			}
		}
		for _, e := range r.Entity {
			if id, ok := strings.CutPrefix(e.What.Reference, "Patient/"); ok {
				patient = id
			}
		}
		return accessed(r.Recorded, user, patient, r.Outcome, r.Type.Code == "110114")
	}, yield)
}

func plainATNA(in io.Reader, yield func(*activity.Event)) error {
	return plainLines(in, func(line []byte) (*activity.Event, error) {
		var r struct {
			EventIdentification struct {
				EventDateTime         string `xml:",attr"`
				EventOutcomeIndicator string `xml:",attr"`
				EventID               struct {
					Code string `xml:"csd-code,attr"`
				}
			}
			ActiveParticipant []struct {
				UserID          string `xml:",attr"`
				UserIsRequestor bool   `xml:",attr"`
			}
			ParticipantObjectIdentification []struct {
				ParticipantObjectID string `xml:",attr"`
			}
		}
		_, document, _ := strings.Cut(string(line), "?>")
		if err := xml.Unmarshal([]byte(document), &r); err != nil {
			return nil, err
		}
		user, patient := "", ""
		for _, a := range r.ActiveParticipant {
			if a.UserIsRequestor {
				user = a.UserID
			}
		}
		for _, o := range r.ParticipantObjectIdentification {
			patient, _, _ = strings.Cut(o.ParticipantObjectID, "^")
		}
		return accessed(r.EventIdentification.EventDateTime, user, patient, r.EventIdentification.EventOutcomeIndicator, r.EventIdentification.EventID.Code == "110114")
	}, yield)
}
