package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Denials counts what actors were not allowed to do. It finds the actors with Least denials or more; throttling and other
// failures are none. [Denials.Counts] gives the count of every actor.
type Denials struct {
	// Least is how many denials make a finding; 0 is 10.
	Least int
}

func (d Denials) least() int { return cmp.Or(d.Least, 10) }

// ActorCount is the number of denials of one actor.
type ActorCount struct {
	// Actor is the identity as the log has it; empty for all that the log does not name.
	Actor string
	// Count is the number of denials.
	Count int
	// First and Last are the earliest and the latest known time.
	First, Last time.Time
}

// Describe returns what a review records of the detector.
func (d Denials) Describe() Description {
	return Description{
		ID: IDDenials, Version: 1, Title: "Denials by actor",
		Parameters:     []Parameter{{"least", strconv.Itoa(d.least())}},
		FalsePositives: "A program with too few rights that tries again and again; a new role that was set up too narrowly.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAuditControls},
	}
}

type denialMark struct {
	EventRef
	Actor string `json:"actor,omitempty"`
}

func (d Denials) rule() rule[denialMark] {
	return rule[denialMark]{
		desc: d.Describe(),
		keep: once(func(e *met) (denialMark, bool) {
			if e.Outcome != activity.OutcomeDenied {
				return denialMark{}, false
			}
			return denialMark{EventRef: e.ref(), Actor: e.name()}, true
		}),
		find: func(desc Description, marks []denialMark) []Finding {
			var out []Finding
			for _, run := range byActor(marks) {
				if len(run) >= d.least() {
					out = append(out, desc.finding("actor", SeverityLow, run[0].Actor, refs(run),
						fmt.Sprintf("%d denials of %s", len(run), named(run[0].Actor, "actors that the log does not name")),
						fmt.Sprintf("the setting is %d", d.least())))
				}
			}
			return out
		},
	}
}

// byActor groups the marks, actors in order.
func byActor(marks []denialMark) [][]denialMark {
	keys, by := groups(marks, func(m denialMark) string { return "\x00" + m.Actor })
	out := make([][]denialMark, 0, len(keys))
	for _, k := range keys {
		out = append(out, by[k])
	}
	return out
}

// Counts returns the denials by actor in a state of this detector, the most first. The error is a [*StateError].
func (d Denials) Counts(p Partial) ([]ActorCount, error) {
	s, ok := p.(*state[denialMark])
	if !ok || s.rule.desc.ID != IDDenials {
		return nil, &StateError{Detector: IDDenials, Why: "it is of another detector"}
	}
	var out []ActorCount
	for _, run := range byActor(s.set.sorted()) {
		c := ActorCount{Actor: run[0].Actor, Count: len(run)}
		for _, m := range run {
			if m.At.IsZero() {
				continue
			}
			if c.First.IsZero() {
				c.First = m.At
			}
			c.Last = m.At
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b ActorCount) int { return cmp.Compare(b.Count, a.Count) })
	return out, nil
}

// New returns the state of no events.
func (d Denials) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Denials) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
