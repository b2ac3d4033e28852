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

// RecordedTerminations is a [Terminations] that also knows when an end was entered in the personnel records. Feeds of
// them run late: until the end is entered, nobody who closes accounts could know of it.
type RecordedTerminations interface {
	Terminations
	// EndRecorded returns when the end that Ended returns for the actor and the time was entered, and false where that is
	// not known.
	EndRecorded(actor activity.Actor, at time.Time) (recorded time.Time, known bool)
}

// TerminatedUser finds what somebody did, with success, after leaving the workforce: R8. What counts is when the end took
// effect. One finding is one actor and one of three: the acts after the end was entered in the personnel records, or of
// which that is not known, are high; those before it was entered are moderate, because the feed was late and the account
// could not have been closed; and those of an account that the log calls a program are moderate, because the person is gone
// and somebody else runs it.
type TerminatedUser struct {
	// Context says who had left when. Without it nobody has, and nothing is found. A [RecordedTerminations] also says since
	// when that was recorded.
	Context Terminations
	// Grace is how long after the end took effect an act does not count.
	Grace time.Duration
}

// Describe returns what a review records of the detector.
func (d TerminatedUser) Describe() Description {
	known := "none"
	if d.Context != nil {
		known = string(d.Context.Digest())
	}
	return Description{
		ID: IDTerminatedUser, Version: 2, Title: "Activity after the end of membership in the workforce",
		Parameters:     []Parameter{{"grace", d.Grace.String()}, {"workforce", known}},
		FalsePositives: "An end that was entered late or wrongly: acts before it was entered are told apart. An account taken over by a program, which is told apart where the log says so.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteTermination},
	}
}

type endMark struct {
	EventRef
	Actor string    `json:"actor"`
	Since time.Time `json:"since"`
	// Entered is when the end was entered in the personnel records; zero where that is not known.
	Entered time.Time `json:"entered,omitzero"`
	Program bool      `json:"program,omitempty"`
}

// kind tells apart what one actor's acts are: those of a program, and those before the end was entered.
func (m endMark) kind() string {
	switch {
	case m.Program:
		return "program"
	case !m.Entered.IsZero() && m.At.Before(m.Entered):
		return "late"
	}
	return "actor"
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
			m := endMark{EventRef: e.ref(), Actor: e.name(), Since: hipaasmp.Instant(since), Program: e.Actor.Kind == activity.ActorService}
			if recorded, known := e.endRecorded(d.Context); known {
				m.Entered = hipaasmp.Instant(recorded)
			}
			return m, true
		}),
		find: func(desc Description, marks []endMark) []Finding {
			var out []Finding
			keys, by := groups(marks, func(m endMark) string { return m.kind() + "\x00" + m.Actor })
			for _, k := range keys {
				run := by[k]
				severity, kind := SeverityHigh, run[0].kind()
				reasons := []string{
					fmt.Sprintf("%s after the actor had left the workforce", plural(len(run), "act succeeded", "acts succeeded")),
					fmt.Sprintf("membership ended before %s, the first act was %s later", run[0].Since.Format(time.RFC3339), run[0].At.Sub(run[0].Since)),
				}
				entered := run[0].Entered
				switch {
				case kind == "program":
					severity = SeverityModerate
					reasons = append(reasons, "the log calls the actor a program: somebody else runs it, or its credentials outlived the person")
				case kind == "late":
					severity = SeverityModerate
					reasons = append(reasons, fmt.Sprintf("all before the end was entered in the personnel records, at %s: the feed was %s late", entered.Format(time.RFC3339), entered.Sub(run[0].Since)))
				case !entered.IsZero():
					reasons = append(reasons, fmt.Sprintf("the end was in the personnel records since %s", entered.Format(time.RFC3339)))
				default:
					reasons = append(reasons, "it is not known when the end was entered in the personnel records")
				}
				out = append(out, desc.finding(kind, severity, run[0].Actor, refs(run), reasons...))
			}
			return out
		},
	}
}

// New returns the state of no events.
func (d TerminatedUser) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d TerminatedUser) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
