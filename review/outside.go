package review

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// timed returns how many of the events have a known time.
func (r SourceReview) timed() int64 { return max(0, r.Events-r.UnknownTimes) }

// elsewhere reports whether there are events with a known time and all of them lie outside of the period: the files are those
// of another month.
func (r SourceReview) elsewhere() bool { return r.timed() > 0 && r.Outside >= r.timed() }

// checkOutside adds a fault where the number of events outside of the period contradicts the first and the last time. It does
// so where the source was scanned with the bounds of another period, or with none: then a log of another month would pass for
// one of this. Tickets are opened before the period that they are reviewed in.
func (c Content) checkOutside(f *validate.Faults) {
	from, until := c.Bounds()
	if from.IsZero() {
		return
	}
	before := func(at time.Time) bool { return at.Before(from) }
	after := func(at time.Time) bool { return !at.Before(until) }
	for i, r := range c.Sources {
		source, ok := c.Procedure.Source(r.Source)
		if !ok || source.Records == RecordIncidentTracking || r.First.IsZero() || r.Last.Before(r.First) {
			continue
		}
		at := hipaasmp.Pointer("sources", i, "outside")
		out := before(r.First) || after(r.Last)
		switch {
		case (before(r.Last) || after(r.First)) && r.Outside < r.timed():
			f.Add(FaultCounts, at, "is %d where all %d events with a time lie outside of %s; scan the source with the Bounds of the session, and look whether the files are those of the period", r.Outside, r.timed(), c.Period)
		case out && r.Outside == 0:
			f.Add(FaultCounts, at, "is 0 where the first or the last event lies outside of %s; scan the source with the Bounds of the session", c.Period)
		case !out && r.Outside > 0:
			f.Add(FaultCounts, at, "is %d where the first and the last event lie in %s; scan the source with the Bounds of the session", r.Outside, c.Period)
		}
	}
}

// elsewhere finds sources of which nothing that was read lies in the period under review.
func (r Records) elsewhere(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		for _, s := range x.Sources {
			source, ok := x.Procedure.Source(s.Source)
			if !ok || source.Records == RecordIncidentTracking || !s.elsewhere() {
				continue
			}
			g := hipaasmp.Gap{
				Missing: fmt.Sprintf("None of the %d events that were read of %s (system %s) lies in %s, the period under review.", s.Events, s.Source, source.System, x.Period),
				Since:   x.Period.From,
				Closes:  "Get the files of the period and correct the review, or say there that nothing happened and what shows it.",
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
			}
			for _, l := range s.Files {
				if !l.First.IsZero() && len(g.Counted) < maxCountedFiles {
					g.Counted = append(g.Counted, fmt.Sprintf("%s: from %s to %s", l.Name, l.First.Format(time.RFC3339), l.Last.Format(time.RFC3339)))
				}
			}
			out = append(out, g)
		}
	}
	return out
}

// maxCountedFiles is how many files such a gap lists.
const maxCountedFiles = 20

// dropped finds corrections that leave out what a record before them had sent on as an incident, or decide it otherwise.
func (r Records) dropped(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	byRef := map[hipaasmp.Ref]Record{}
	for _, x := range r.Records {
		byRef[x.DocumentRef()] = x
	}
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		var refs []hipaasmp.Ref
		var counted, seen []string
		for old, ok := x, x.Supersedes != nil; ok && len(refs) < len(r.Records); {
			ref := *old.Supersedes
			if old, ok = byRef[ref]; !ok {
				break
			}
			refs = append(refs, ref)
			for _, e := range old.Exceptions {
				now, kept := x.Exception(e.ID)
				if e.State != ExceptionIncident || kept && now.State == ExceptionIncident || slices.Contains(seen, e.ID) {
					continue
				}
				seen = append(seen, e.ID)
				became := "is not among its exceptions"
				if kept {
					became = "is " + string(now.State) + " in it"
				}
				counted = append(counted, fmt.Sprintf("%s of %s, an incident in %s, %s", e.ID, e.Source, ref, became))
			}
			ok = old.Supersedes != nil
		}
		if len(counted) > 0 {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("%s corrects the review of %s and no longer has as incidents %d of the exceptions that had become one.", x.DocumentRef(), x.Period, len(counted)),
				Since:   x.Timeliness.Certified,
				Closes:  "Correct the review once more with these exceptions and what became of each, or have at hand why they were no incidents.",
				Refs:    append([]hipaasmp.Ref{x.DocumentRef()}, refs...),
				Counted: append(counted, "stated correction: "+x.Correction),
			})
		}
	}
	return out
}
