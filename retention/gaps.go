package retention

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The gaps in the disposal of records.
const (
	// GapReviewOverdue: a disposal was proposed or reviewed long ago, and nobody took the next step.
	GapReviewOverdue hipaasmp.GapCode = "GAP-RET-01"
	// GapNotDisposed: a disposal was approved long ago and not carried out.
	GapNotDisposed hipaasmp.GapCode = "GAP-RET-02"
	// GapNoCertificate: a record was destroyed, and no certificate says so.
	GapNoCertificate hipaasmp.GapCode = "GAP-RET-03"
)

// DecideDays is after how many days a proposal without a decision, and an approval that was not carried out, is a gap
// where the entity sets no other number. It is a choice of this module; no rule names a number.
const DecideDays = 30

// GapInput is what the checks of this package look at.
type GapInput struct {
	// Dispositions are all of them.
	Dispositions []Disposition
	// Certified are the documents that a certificate of disposal names, without version.
	Certified []hipaasmp.Ref
	// Days is after how many days a step is overdue; 0 is [DecideDays].
	Days int
	// Zone is where days are counted, the entity's own; nil is UTC.
	Zone *time.Location
}

// GapChecks returns the questions of this package.
func GapChecks(in GapInput) []hipaasmp.GapCheck {
	if in.Days <= 0 {
		in.Days = DecideDays
	}
	if in.Zone == nil {
		in.Zone = time.UTC
	}
	return []hipaasmp.GapCheck{
		{Code: GapReviewOverdue, Citation: hipaasmp.CiteTimeLimit, Asks: "Was every proposal to dispose of a record decided?", Find: in.overdue},
		{Code: GapNotDisposed, Citation: hipaasmp.CiteTimeLimit, Asks: "Was every approved disposal carried out?", Find: in.notDisposed},
		{Code: GapNoCertificate, Citation: hipaasmp.CiteWrittenRecord, Asks: "Is there a certificate of every disposal?", Find: in.noCertificate},
	}
}

// at returns the state of a disposition on a day, and the day of the step that led to it.
func (in GapInput) at(d Disposition, asOf hipaasmp.Date) (State, hipaasmp.Date) {
	state, since := machine.Initial(), hipaasmp.Date{}
	for _, t := range d.History {
		if on := hipaasmp.DateOf(t.At, in.Zone); !on.After(asOf) {
			state, since = t.To, on
		}
	}
	return state, since
}

func (in GapInput) overdue(asOf hipaasmp.Date) []hipaasmp.Gap {
	return in.waiting(asOf, []State{StateEligible, StateInReview}, func(d Disposition, s State) (string, string) {
		if s == StateEligible {
			return "The disposal of " + d.Ref.Newest().String() + " was proposed and has not been reviewed", "Review it, or decide to keep the record and say why."
		}
		return "The disposal of " + d.Ref.Newest().String() + " was reviewed and has not been approved", "Have a second person approve it, or decide to keep the record and say why."
	})
}

func (in GapInput) notDisposed(asOf hipaasmp.Date) []hipaasmp.Gap {
	return in.waiting(asOf, []State{StateApproved}, func(d Disposition, _ State) (string, string) {
		return "The disposal of " + d.Ref.Newest().String() + " was approved and has not been carried out", "Carry it out, or decide to keep the record and say why."
	})
}

// waiting finds the dispositions that stand in one of the states for longer than the limit.
func (in GapInput) waiting(asOf hipaasmp.Date, states []State, words func(Disposition, State) (missing, closes string)) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, d := range in.Dispositions {
		state, since := in.at(d, asOf)
		if !slices.Contains(states, state) || since.AddDays(in.Days).After(asOf) {
			continue
		}
		missing, closes := words(d, state)
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("%s since %s.", missing, since), Since: since.AddDays(in.Days), Closes: closes,
			Refs: []hipaasmp.Ref{d.DocumentRef(), d.Ref.Newest()}, Counted: []string{fmt.Sprintf("limit of %d days", in.Days)},
		})
	}
	return out
}

func (in GapInput) noCertificate(asOf hipaasmp.Date) []hipaasmp.Gap {
	certified := make(map[hipaasmp.Ref]bool, len(in.Certified))
	for _, r := range in.Certified {
		certified[r.Newest()] = true
	}
	var out []hipaasmp.Gap
	for _, d := range in.Dispositions {
		if state, since := in.at(d, asOf); state == StateDisposed && !certified[d.Ref.Newest()] {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("%s was destroyed on %s, and no certificate of disposal names it.", d.Ref.Newest(), since), Since: since,
				Closes: "Find the certificate, or document what was destroyed, when, why and by whom.", Refs: []hipaasmp.Ref{d.DocumentRef(), d.Ref.Newest()},
			})
		}
	}
	return out
}
