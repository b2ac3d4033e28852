package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// shown is how many findings of each detector are printed at most: seven by rank, and three that are drawn.
const shown = 10

// seedOf is the seed of the draw: what -seed says, or else the digests of the files, so that the same files give the same.
func seedOf(asked string, files []detect.ScannedFile) []byte {
	if asked != "" {
		return []byte(asked)
	}
	sum := sha256.New()
	for _, f := range files {
		fmt.Fprintln(sum, f.SHA256)
	}
	return sum.Sum(nil)[:16]
}

// tell prints what a review of the source begins with.
func tell(to io.Writer, s *reviewed, seed string) error {
	out := bufio.NewWriter(to)
	for _, f := range s.Files {
		fmt.Fprintf(out, "%s: %d bytes, SHA-256 %s\n", f.Name, f.Size, f.SHA256)
		if f.CopyOf != "" {
			fmt.Fprintf(out, "  has the same bytes as %s\n", f.CopyOf)
		}
	}
	t := &s.Tally
	fmt.Fprintf(out, "\n%s", counted(t.Events, "event", "events"))
	if !t.First.IsZero() {
		fmt.Fprintf(out, " from %s to %s", t.First.Format(time.RFC3339), t.Last.Format(time.RFC3339))
	}
	fmt.Fprintln(out)
	if s.zone != "" {
		fmt.Fprintf(out, "  times without an offset are taken for those of %s\n", s.zone)
	}
	for _, o := range (activity.Outcome("")).Values() {
		fmt.Fprintf(out, "  %-10s %d\n", o, t.Outcome(o))
	}
	for _, line := range []struct {
		n    int64
		what string
	}{
		{t.Duplicates, "delivered a second time and set aside"},
		{t.UnknownTimes, "without a time"},
		{t.UnresolvedActors, "without an identity of the actor"},
		{t.UnknownPatients, "accesses that name no patient"},
	} {
		if line.n > 0 {
			fmt.Fprintf(out, "  %d %s\n", line.n, line.what)
		}
	}
	tellDefects(out, t)
	if err := tellFindings(out, s, seedOf(seed, s.Files)); err != nil {
		return err
	}
	return out.Flush()
}

// tellDefects lists what was not read as an event.
func tellDefects(out io.Writer, t *activity.Tally) {
	if t.DefectCount() == 0 {
		return
	}
	fmt.Fprintf(out, "%s could not be read as events:\n", counted(t.DefectCount(), "piece", "pieces"))
	for _, r := range (activity.Reason("")).Values() {
		d := t.Defects(r)
		if d.Count == 0 {
			continue
		}
		fmt.Fprintf(out, "  %s: %d\n", r, d.Count)
		for _, p := range d.Places {
			fmt.Fprintf(out, "    %s, entry %d, %d bytes at byte %d: %s\n", p.Raw.File, p.Seq, p.Raw.Length, p.Raw.Offset, p.Detail)
		}
		if more := d.Count - int64(len(d.Places)); more > 0 {
			fmt.Fprintf(out, "    and %d more\n", more)
		}
	}
}

// tellFindings prints the findings by detector: those that rank highest, and some of the rest that are drawn at random, so
// that nobody learns what is never looked at.
func tellFindings(out io.Writer, s *reviewed, seed []byte) error {
	spent := s.spend(detect.Budget{Alerts: shown, Seed: seed, ByDetector: map[detect.ID]int{detect.IDAfterHours: shown}})
	s.findings = nil
	if s.shelf != nil {
		if err := s.shelf.fill(spent.Alerts); err != nil {
			return err
		}
	}
	for _, line := range s.rough {
		fmt.Fprintf(out, "\n%s", line)
	}
	if len(s.rough) > 0 {
		fmt.Fprintln(out)
	}
	if len(spent.Quotas) == 0 {
		fmt.Fprintln(out, "\nNo detector found anything. A detector without the table that it needs finds nothing.")
		return nil
	}
	fmt.Fprintf(out, "\nOf each detector at most %d findings are shown: 70 %% by rank and 30 %% drawn from the rest, with the seed %s\n", shown, spent.Seed)
	for _, q := range spent.Quotas {
		fmt.Fprintf(out, "\n%s (%s): %s\n", q.Detector, counted(int64(q.Findings), "finding", "findings"), s.titles[q.Detector])
		for _, pick := range []detect.Pick{detect.PickRank, detect.PickRandom} {
			told := false
			for _, a := range spent.Alerts {
				if a.Detector != q.Detector || a.Pick != pick {
					continue
				}
				if pick == detect.PickRandom && !told {
					fmt.Fprintln(out, "  drawn at random:")
				}
				told = true
				tellFinding(out, a.Finding)
			}
		}
		if q.Waiting > 0 {
			fmt.Fprintf(out, "  and %d more\n", q.Waiting)
		}
	}
	return nil
}

func tellFinding(out io.Writer, f detect.Finding) {
	who := f.Actor
	if who == "" {
		who = "no single actor"
	}
	fmt.Fprintf(out, "  %s, %s", f.Severity, who)
	if !f.First.IsZero() {
		fmt.Fprintf(out, ", %s", f.First.Format(time.RFC3339))
		if f.Last.After(f.First) {
			fmt.Fprintf(out, " to %s", f.Last.Format(time.RFC3339))
		}
	}
	fmt.Fprintf(out, ": %s\n", strings.Join(f.Reasons, "; "))
	if e := f.Events[0].Raw; e.Length > 0 {
		fmt.Fprintf(out, "    %s, first in %s at byte %d\n", counted(f.Count, "event", "events"), e.File, e.Offset)
	}
}

func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
