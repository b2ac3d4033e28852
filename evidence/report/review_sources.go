package report

import (
	"fmt"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// sourceRow is what was read of one source in a review.
type sourceRow struct {
	Name, ID, How, Entries, Hours, Recording, Fetch string
	Files, Tables, Detectors                        []string
}

func sourceRows(c review.Content) []sourceRow {
	zone := zoneOf(c.Zone)
	var out []sourceRow
	for _, s := range c.Sources {
		src, _ := c.Procedure.Source(s.Source)
		row := sourceRow{Name: src.Name, ID: s.Source, How: words(string(s.Method)), Entries: entriesOf(s, zone), Hours: hoursOf(s, src), Recording: recordingOf(s), Fetch: fetchOf(src, c)}
		if s.Program != "" {
			row.How += ", by " + s.Program
		}
		if s.Profile != nil {
			row.How += ", profile " + s.Profile.String()
		}
		if s.AssumedZone != "" {
			row.How += ", times without an offset taken as " + s.AssumedZone
		}
		if x := s.Read; x != nil {
			row.How += ", read from " + x.Began.In(zone).Format("2006-01-02 15:04") + " to " + x.Ended.In(zone).Format("2006-01-02 15:04")
		}
		for _, a := range s.Reviewers {
			row.How += ", reviewed by " + a.ID + " as well"
		}
		for _, x := range s.Context {
			row.Tables = append(row.Tables, "table "+x.String())
		}
		for i, f := range s.Files {
			if i == 5 && len(s.Files) > 6 {
				row.Files = append(row.Files, fmt.Sprintf("and %d more files", len(s.Files)-5))
				break
			}
			row.Files = append(row.Files, fmt.Sprintf("%s, %s, SHA-256 %s", f.Name, count(f.Size, "byte", "bytes"), f.SHA256))
		}
		for _, d := range s.Detectors {
			row.Detectors = append(row.Detectors, detectorOf(d))
		}
		out = append(out, row)
	}
	return out
}

// detectorOf says what a detector found and, where an alert budget was kept, what became of it.
func detectorOf(d review.DetectorRun) string {
	out := fmt.Sprintf("%s version %d: %d found", d.Detector, d.Version, d.Findings)
	if b := d.Budget; b != nil {
		out += fmt.Sprintf(" (%d explained by a rule, %d shown by rank, %d drawn, %d waiting that nobody looked at)", b.Explained, b.Ranked, b.Drawn, b.Waiting)
	}
	return out
}

func entriesOf(s review.SourceReview, zone *time.Location) string {
	parts := []string{count(s.Events, "entry", "entries")}
	if !s.First.IsZero() {
		parts[0] += " from " + s.First.In(zone).Format("2006-01-02 15:04") + " to " + s.Last.In(zone).Format("2006-01-02 15:04")
	}
	if s.Duplicates > 0 {
		parts = append(parts, count(s.Duplicates, "duplicate", "duplicates"))
	}
	if s.UnresolvedActors > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d by actors that the log does not name", s.UnresolvedActors, s.Events))
	}
	if s.UnresolvedPatients > 0 {
		parts = append(parts, count(s.UnresolvedPatients, "patient", "patients")+" whom the directory does not know")
	}
	for _, d := range s.Defects {
		parts = append(parts, fmt.Sprintf("not read: %d, %s", d.Count, words(string(d.Reason))))
	}
	if a := s.Access; a != nil {
		parts = append(parts, fmt.Sprintf("%d of %d accesses explained by a relation", a.Explained, a.Accesses))
	}
	return strings.Join(parts, "; ")
}

func hoursOf(s review.SourceReview, src review.Source) string {
	switch h := s.Hours; {
	case h == nil && src.Expected == nil:
		return "no schedule"
	case h == nil:
		return "not counted"
	default:
		out := fmt.Sprintf("seen in %d of %d", h.Observed, h.Expected)
		if h.Heartbeats > 0 {
			out += fmt.Sprintf(", %d by a heartbeat alone", h.Heartbeats)
		}
		if silent := len(h.Silent()); silent > 0 {
			out += fmt.Sprintf("; silent on %s", count(silent, "whole day", "whole days"))
		}
		return out
	}
}

func recordingOf(s review.SourceReview) string {
	out := words(string(s.Capability.State))
	if !s.Capability.Checked.IsZero() {
		out += " on " + s.Capability.Checked.String()
	}
	for _, p := range s.Capability.Gaps {
		out += "; off or incomplete " + p.String()
	}
	for _, f := range s.Capability.Families {
		out += "; " + f.Family.Words() + " " + words(string(f.State))
	}
	return out
}

// fetchOf says until when the whole period can be had from the source.
func fetchOf(s review.Source, c review.Content) string {
	last, known := s.LastFetch(c.Period)
	switch {
	case known && s.Archive != "":
		return last.String() + ", then " + s.Archive
	case s.Archive != "":
		return s.Archive
	case known:
		return last.String()
	}
	return "not known"
}

// ticketRow is what a tracking report shows.
type ticketRow struct {
	Source, AsOf, States, Outcomes string
	Open                           []string
}

// ticketsShown is how many open tickets a report lists.
const ticketsShown = 10

func ticketRows(c review.Content) []ticketRow {
	var out []ticketRow
	for _, s := range c.Sources {
		src, _ := c.Procedure.Source(s.Source)
		if src.Records != review.RecordIncidentTracking {
			continue
		}
		row := ticketRow{Source: s.Source, States: "not stated", Outcomes: "not stated"}
		if t := s.Tracking; t != nil {
			row.AsOf = t.AsOf.String()
			var states, outcomes []string
			for _, x := range t.States {
				states = append(states, fmt.Sprintf("%d %s", x.Count, words(string(x.State))))
			}
			for _, x := range t.Outcomes {
				outcomes = append(outcomes, fmt.Sprintf("%d %s", x.Count, words(string(x.Outcome))))
			}
			row.States, row.Outcomes = orNone(states), orNone(outcomes)
			for i, o := range t.Open {
				if i == ticketsShown {
					row.Open = append(row.Open, fmt.Sprintf("and %d more", len(t.Open)-ticketsShown))
					break
				}
				row.Open = append(row.Open, fmt.Sprintf("%s, %s since %s, %s", o.ID, words(string(o.State)), o.Opened, count(o.Days, "day", "days")))
			}
		}
		out = append(out, row)
	}
	return out
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// sampleRow is a sample from plan to result.
type sampleRow struct {
	ID, Source, Plan, Planned, Commitment, Drawn, Seed, Nonce, Result, Conclusion string
	Short                                                                         bool
}

func sampleRows(c review.Content) []sampleRow {
	zone := zoneOf(c.Zone)
	when := func(s review.Signature) string {
		return "by " + s.By.ID + " on " + s.At.In(zone).Format("2006-01-02 15:04")
	}
	var out []sampleRow
	for _, s := range c.Samples {
		row := sampleRow{ID: s.ID, Source: s.Source, Planned: when(s.Signature), Commitment: string(s.Commitment), Drawn: "not drawn", Conclusion: "not concluded", Short: true}
		if s.Stratum != "" {
			row.Source += ", stratum " + s.Stratum
		}
		row.Plan = fmt.Sprintf("%s To show with a confidence of %s that a share of no more than %s deviates; deviations allowed: %d.", sentence(s.Deviation), s.Rule.Confidence, s.Rule.Tolerable, s.Rule.Allowed)
		if d := s.Drawing; d != nil {
			row.Drawn, row.Seed, row.Nonce = fmt.Sprintf("%d of %d entries, %s", len(d.Items), d.Population, when(d.Signature)), string(d.Seed), d.Nonce
		}
		if r := s.Result; r != nil {
			row.Result, row.Conclusion, row.Short = s.Sentence(), words(string(r.Conclusion)), r.Conclusion != review.SampleWithin
		}
		out = append(out, row)
	}
	return out
}

// sentence ends a text with a full stop.
func sentence(s string) string {
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// itemLine is something that a review leaves open, or that it took over.
type itemLine struct {
	ID, What, Owner, Since, Due, From, State string
	Late                                     bool
}

func itemLines(c review.Content, asOf hipaasmp.Date) []itemLine {
	zone := zoneOf(c.Zone)
	var out []itemLine
	for _, i := range c.OpenItems {
		line := itemLine{ID: i.ID, What: sentence(i.What), Owner: i.Owner, Since: i.Since.String(), State: "open"}
		if i.Explanation != "" {
			line.What += " " + sentence(i.Explanation)
		}
		if !i.Due.IsZero() {
			line.Due, line.Late = i.Due.String(), i.Closed == nil && asOf.After(i.Due)
		}
		if i.From != nil {
			line.From = i.From.Document.String()
		}
		if x := i.Closed; x != nil {
			line.State = "closed on " + x.At.In(zone).Format("2006-01-02") + ": " + x.Words
		}
		out = append(out, line)
	}
	return out
}
