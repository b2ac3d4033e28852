package inquiry

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
)

func (r Records) destroyedEarly(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, d := range r.Destroyed {
		if d.On.After(asOf) || !d.On.IsZero() && !d.KeepThrough.IsZero() && d.On.After(d.KeepThrough) {
			continue
		}
		how := "was destroyed on " + d.On.String()
		if d.On.IsZero() {
			how = "is gone, and no certificate says since when"
		}
		until := "the clock of its retention had not started"
		if !d.KeepThrough.IsZero() {
			until = "it had to be kept through " + d.KeepThrough.String()
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("The content of %s %s; %s.", d.Ref, how, until), Since: d.On,
			Closes: "Restore it from a backup if there is one, and document what happened; where there is none, the gap stays.", Refs: []hipaasmp.Ref{d.Ref},
		})
	}
	return out
}

// keptAfter is for how many months procedures must have been in effect before the absence of any record speaks of what
// was kept, and not of what is not yet due.
const keptAfter = 12

// nothingKept finds a duty that is on paper only: review procedures in effect for more than a year without a single
// certified review on file. For the sanction policy the package sanction asks.
func (r Records) nothingKept(asOf hipaasmp.Date) []hipaasmp.Gap {
	inForce := review.InForce(r.Procedures, asOf)
	if len(inForce) == 0 || len(until(r.Reviews, asOf)) > 0 {
		return nil
	}
	first := inForce[0]
	for _, p := range r.Procedures {
		if from := p.Effective.From; !from.IsZero() && from.Before(first.Effective.From) {
			first = p
		}
	}
	from := first.Effective.From
	if !asOf.After(from.AddMonths(keptAfter)) {
		return nil
	}
	return []hipaasmp.Gap{{
		Missing: fmt.Sprintf("Activity is to be reviewed since %s, and no certified review is on file.", from),
		Since:   first.Cadence.Due(first.Cadence.Period(from)).AddDays(1),
		Closes:  "Find the records of past reviews and file them as they are; where there are none, say so, and review from now on.",
		Refs:    refs(inForce), Counted: []string{"0 certified reviews", count(len(r.Sessions), "session", "sessions")},
	}}
}

// notCompleted finds measures that were closed and whose final record is not on file. A measure that was taken up again
// and closed again has a record of each closing.
func (r Records) notCompleted(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, i := range r.Items {
		if i.State != remediation.StateClosed || len(i.History) == 0 {
			continue
		}
		closed := hipaasmp.DateOf(i.History[len(i.History)-1].At, r.zone())
		onFile := slices.ContainsFunc(r.Completions, func(c remediation.Completion) bool {
			return c.Item.ID == i.ID && len(c.Item.History) == len(i.History)
		})
		if onFile || closed.After(asOf) {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("Item %s was closed on %s, and its final record is not on file.", i.ID, closed),
			Since:   closed,
			Closes:  "File the completion that Item.Close gave.",
			Refs:    []hipaasmp.Ref{i.DocumentRef()},
		})
	}
	return out
}
