package detect

import (
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Terminations says who had left the workforce when. It belongs to the product; [NewTerminations] builds one from
// workforce records.
type Terminations interface {
	// Ended reports whether the actor had left the workforce at the time, and from which instant on. An actor that is
	// not known has not left: the reader's tally and the review say how many actors are not resolved.
	Ended(actor activity.Actor, at time.Time) (since time.Time, ended bool)
	// Digest identifies what was known, so that states built on other knowledge are not merged and a review can say
	// what it was built on.
	Digest() hipaasmp.Digest
}

// TerminatedUser finds what somebody did, with success, after leaving the workforce: R8. One finding is one actor.
type TerminatedUser struct {
	// Context says who had left when. Without it nobody has, and nothing is found.
	Context Terminations
	// Grace is how long after the end an act does not count.
	Grace time.Duration
}

// Describe returns what a review records of the detector.
func (d TerminatedUser) Describe() Description {
	known := "none"
	if d.Context != nil {
		known = string(d.Context.Digest())
	}
	return Description{
		ID: IDTerminatedUser, Version: 1, Title: "Activity after the end of membership in the workforce",
		Parameters:     []Parameter{{"grace", d.Grace.String()}, {"workforce", known}},
		FalsePositives: "An end that was entered late or wrongly; an account taken over by a program.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteTermination},
	}
}

type endMark struct {
	EventRef
	Actor string    `json:"actor"`
	Since time.Time `json:"since"`
}

func (d TerminatedUser) rule() rule[endMark] {
	return rule[endMark]{
		desc: d.Describe(),
		keep: once(func(e *met) (endMark, bool) {
			if d.Context == nil || e.Outcome != activity.OutcomeSuccess || e.Recorded.IsZero() {
				return endMark{}, false
			}
			since, ended := e.ended(d.Context)
			if !ended || e.Recorded.Before(since.Add(d.Grace)) {
				return endMark{}, false
			}
			return endMark{EventRef: e.ref(), Actor: e.name(), Since: hipaasmp.Instant(since)}, true
		}),
		find: func(desc Description, marks []endMark) []Finding {
			var out []Finding
			keys, by := groups(marks, func(m endMark) string { return named(m.Actor, "-") })
			for _, k := range keys {
				run := by[k]
				out = append(out, desc.finding("actor", SeverityHigh, run[0].Actor, refs(run),
					fmt.Sprintf("%s after the actor had left the workforce", plural(len(run), "act succeeded", "acts succeeded")),
					fmt.Sprintf("membership ended before %s, the first act was %s later", run[0].Since.Format(time.RFC3339), run[0].At.Sub(run[0].Since))))
			}
			return out
		},
	}
}

// New returns the state of no events.
func (d TerminatedUser) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d TerminatedUser) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
