// Command activity reviews logs of access to electronic protected health information.
//
//	go run ./examples/activity -format flat|fhir|atna|csv|cloudtrail|... -in FILE... [-users users.csv] [-relations treat.csv]
//	                           [-answers] [-workers N] [-zone NAME] [-detectors all|ID,...] [-seed TEXT] [-memory SIZE] [-stats]
//
// Without -answers it runs the detectors of package detect, or those that -detectors names, and prints for a person: what
// was read and what could not be, with its place; then of each detector what ranks highest and some of the rest, drawn at
// random with the seed that is printed, with reasons. A detector whose context is not given finds nothing.
//
// With -answers it prints one line of JSON with seven figures over all files:
//
//	q1  events by user and UTC hour: groups, sum of their squares, the largest
//	q2  bursts of failed log-ins: failures whose fourth before is at most 600 s older, and users
//	q3  accesses to one's own record, and users
//	q4  successful events at or after the end of employment, and users
//	q5  accesses outside the shift
//	q6  pairs of user and patient, and the most of one user
//	q7  successful accesses without a relation that are not to one's own record
//
// An access is an event that is no log-in and no log-out. Patients are told apart by their number alone, whatever
// numbering it is of. Entries are counted as often as they stand in the files. Pieces that are no events are listed on
// the standard error stream.
//
// The users are a CSV file with the columns user, role, dept, own_mrn, terminated_at, shift_start and shift_hours; the
// relations one with user and patient. The times of reports, and others that name no zone, are unknown unless -zone gives
// theirs; those of reports are of RFC 3339. Files may be compressed with gzip or zstd. With -answers memory does not grow with
// the files, but with users, patients and pairs of them; members and columns that no question asks for are then only looked
// at as far as it takes to know that the line is whole.
//
// Without -answers it holds no line either, but what detectors need to be exact, which grows with what happened: two or
// three bytes for each patient, place and screen of every user and day (S1, S2, S4), some 70 for each session (R18), some 40
// for each export, print, log-in and search (R10, R11, R12, R19) and for each access that is found (R7, R14), and the
// identities that entries carry, by which a second delivery is recognised. With -memory 100MB the detectors that keep most
// take turns, a pass over the files for each, and findings are kept compressed. S1 to S4 and R18 then may fill a sixth of
// the memory each, and of the tables only those stay that a pass asks. What does not fit is drawn by digests, and the findings and the first lines of the result say what is
// approximate: figures are estimated (S1 to S4), or only the sessions of some accounts are looked at (R18). The other
// detectors stay exact, and what they keep is not limited: an export is not to be missed.
//
// Measured with -answers on a synthetic month, on two quiet cores of a virtual machine, by
//
//	go test -tags long -run - -bench Answers -benchtime 3x ./examples/activity    # a million events
//	go test -tags long -run - -bench Memory -benchtime 1x ./examples/activity     # and four million
//
//	       events a second of one core    the same loop by the standard decoder    with SHA-256    two workers
//	flat   3.0 million                    7.3 times as long (encoding/json)        1.45            1.15
//	csv    2.9 million                    1.8 times (encoding/csv)                 1.23            1.21
//	fhir   0.78 million                   8.7 times (encoding/json)                1.73            1.22
//	atna   1.06 million                   20 times (encoding/xml)                  1.62            1.13
//
// The last two columns are processor time against that of one worker without the digest of the files. The digest itself is what
// the processor's own instructions take, 0.15 microseconds for the 300 bytes of a flat event; with it encoding/json takes five
// times as long, without one of its own. While others kept the machine busy, flat came to 1.5 to 2.5 million events, and
// encoding/json took 6.1 to 7.4 times as long. At most 46 MB of memory are resident for a million events, 85 MB for four million.
//
// Without -answers, all detectors, as -stats tells it: at most 331 MB for a million events and 793 MB for four million, in
// which nearly each event has a session of its own. With -memory 100MB at most 82 and 94 MB, and for four million 2.6 times the
// processor time in up to thirteen passes; the sessions of 6.3 in 100 accounts were kept, and S4 looked at 24 in 100 of what was
// touched.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func main() {
	debug.SetGCPercent(25) // most of what is kept are tables without pointers, which are collected fast and should not be kept twice
	if o, err := parse(os.Args[1:], io.Discard); err == nil && o.memory > 0 {
		debug.SetMemoryLimit(o.memory * 3 / 4) // what is resident is a little more
	}
	if err := command(os.Args[1:], os.Stdout, os.Stderr, terminal(os.Stderr)); err != nil {
		if errors.Is(err, flag.ErrHelp) { // it has been given
			return
		}
		fmt.Fprintln(os.Stderr, "activity:", err)
		os.Exit(1)
	}
}

// rosterColumns are the names of the users' columns that are none of a roster's.
var rosterColumns = map[string]string{"dept": "department", "own_mrn": "patient", "terminated_at": "ended_at"}

// options are what the command line asks for.
type options struct {
	format, users, relations string
	detectors, seed, zone    string
	files                    []string
	answers, stats           bool
	workers                  int
	memory                   int64 // bytes; 0 is no limit
}

// command reads the flags and runs. It draws a progress bar on errs if that is a terminal.
func command(args []string, out, errs io.Writer, terminal bool) error {
	start := time.Now()
	o, err := parse(args, errs)
	if err != nil {
		return err
	}
	reader, err := readerOf(o.format, o.answers)
	if err != nil {
		return err
	}
	if o.zone != "" {
		zone, err := time.LoadLocation(o.zone)
		if err != nil || o.zone == "Local" {
			return fmt.Errorf("-zone %q: name a zone as the IANA does, for example America/Chicago", o.zone)
		}
		reader = activity.InZone(reader, zone)
	}
	files, size, err := open(o.files)
	if err != nil {
		return err
	}
	bar := &progress{out: errs, total: size, on: terminal}
	source := detect.Source{ID: o.format, Reader: reader, Files: bar.watch(files), Workers: o.workers}
	if o.answers {
		people, err := readPeople(o.users)
		if err != nil {
			return err
		}
		ties, err := table(o.relations, readTies)
		if err != nil {
			return err
		}
		err = answer(source, people, ties, out, errs, bar)
		if err != nil {
			return err
		}
	} else {
		found, err := review(o, source, bar)
		bar.clear()
		if err != nil {
			return err
		}
		if err := tell(out, found, o.seed); err != nil {
			return err
		}
		if found.Tally.Events == 0 && found.Tally.DefectCount() > 0 {
			return unread(o.format)
		}
	}
	if o.stats {
		cpu, rss := usage()
		fmt.Fprintf(errs, "%.2f s of processor time, %.2f s of wall time, at most %.0f MB of memory\n", cpu, time.Since(start).Seconds(), rss)
	}
	return nil
}

// unread is the error of files of which everything is a defect.
func unread(format string) error {
	return fmt.Errorf("nothing in the files was read as an event; are they of the format %s?", format)
}

func parse(args []string, errs io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("activity", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.StringVar(&o.format, "format", "", "the `format` of the files: flat, fhir, atna, csv, cloudtrail, auditd, windows, pgaudit, ocsf, okta or entra")
	flags.Func("in", "a `file` to read; more may follow", func(name string) error {
		o.files = append(o.files, name)
		return nil
	})
	flags.StringVar(&o.users, "users", "", "the users, a CSV `file`")
	flags.StringVar(&o.relations, "relations", "", "the relations of users to patients, a CSV `file`")
	flags.BoolVar(&o.answers, "answers", false, "print the seven figures on one line")
	flags.BoolVar(&o.stats, "stats", false, "say what it took, on the standard error stream")
	flags.StringVar(&o.detectors, "detectors", "", "all, or the identities of `detectors` with commas between")
	flags.StringVar(&o.seed, "seed", "", "a `text` on which the draw among findings depends; without it the files decide")
	flags.StringVar(&o.zone, "zone", "", "the time `zone` of times that name none, for example America/Chicago; without it they are unknown")
	flags.Func("memory", "the most memory to use, a `size` such as 100MB; the files are then read several times, and what does not fit is approximate", func(text string) (err error) {
		o.memory, err = bytesOf(text)
		return err
	})
	flags.IntVar(&o.workers, "workers", 1, "goroutines; they change no figure")
	for {
		if err := flags.Parse(args); err != nil {
			return o, err
		}
		args = flags.Args()
		if len(args) == 0 {
			break
		}
		if len(o.files) == 0 {
			return o, fmt.Errorf("%q is no flag", args[0])
		}
		for len(args) > 0 && !strings.HasPrefix(args[0], "-") { // further files behind -in
			o.files, args = append(o.files, args[0]), args[1:]
		}
	}
	switch {
	case o.format == "":
		return o, errors.New("name the format with -format flat, fhir, atna, csv or cloudtrail")
	case len(o.files) == 0:
		return o, errors.New("name the files with -in FILE, one or several")
	case o.workers < 1 || o.workers > 64:
		return o, fmt.Errorf("-workers %d: use 1 to 64", o.workers)
	case o.answers && o.memory > 0:
		return o, errors.New("-memory is for findings: the answers are exact, and take what they take")
	case o.answers && (o.users == "" || o.relations == ""):
		return o, errors.New("-answers asks about people and their patients: name both tables with -users FILE and -relations FILE")
	}
	return o, nil
}

// open looks at every file before any is read. A file is called by its own name, or by its path where two have one name.
func open(names []string) (files []detect.File, size int64, err error) {
	bases := map[string]int{}
	for _, name := range names {
		bases[filepath.Base(name)]++
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, 0, fmt.Errorf("-in: %w", err)
		}
		if info.IsDir() {
			return nil, 0, fmt.Errorf("-in %s: is a folder; name its files", name)
		}
		size += info.Size()
		called := filepath.Base(name)
		if bases[called] > 1 {
			called = filepath.ToSlash(name)
		}
		files = append(files, detect.File{Name: called, Modified: info.ModTime(), Open: func() (io.ReadCloser, error) { return os.Open(name) }})
	}
	return files, size, nil
}

// readPeople reads the users, or none where no file is named.
func readPeople(name string) (*detect.Roster, error) {
	return table(name, func(in io.Reader) (*detect.Roster, error) {
		return detect.ReadRoster(in, detect.TableOptions{Columns: rosterColumns})
	})
}

// readTables reads what is known beside the log.
func readTables(o options) (known detect.Context, err error) {
	people, err := readPeople(o.users)
	if err != nil {
		return known, err
	}
	if people != nil {
		known.People = people
	}
	relations, err := table(o.relations, func(in io.Reader) (*detect.RelationTable, error) {
		return detect.ReadRelations(in, detect.TableOptions{})
	})
	if relations != nil {
		known.Relations = relations
	}
	return known, err
}

// table reads a table of context, or none where no file is named.
func table[T any](name string, read func(io.Reader) (*T, error)) (*T, error) {
	if name == "" {
		return nil, nil
	}
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	t, err := read(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}
