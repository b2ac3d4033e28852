package sqlpush

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Ending says that an actor was not in the workforce for a time.
type Ending struct {
	// Actor is the identity as the log has it.
	Actor string
	// Since is the first instant out of the workforce; Until is the first instant back in it, or the zero time.
	Since, Until time.Time
	// Recorded is when the end was entered in the personnel records; the zero time where that is not known.
	Recorded time.Time
}

// MaxEndings is how many endings a list may have: each takes three of the parameters of a statement, and the work of
// some databases on a statement grows with the square of them.
const MaxEndings = 2_000

// Endings is a list of who had left when, by identities in the log, that a statement can carry. It is a
// [detect.RecordedTerminations], so that the same list decides in the database and outside of it.
type Endings struct {
	list []Ending // by actor, then by time
}

var _ detect.RecordedTerminations = (*Endings)(nil)

// NewEndings returns the list. The error is a [*RenderError] if it is too long, or if an ending has no actor or no start,
// ends before it begins, or overlaps another of the actor.
func NewEndings(list []Ending) (*Endings, error) {
	if len(list) > MaxEndings {
		return nil, &RenderError{Detector: string(detect.IDTerminatedUser), Why: fmt.Sprintf("there are more than %d endings; keep those of the period", MaxEndings)}
	}
	e := &Endings{list: slices.Clone(list)}
	for i := range e.list {
		x := &e.list[i]
		x.Since = hipaasmp.Instant(x.Since)
		if !x.Until.IsZero() {
			x.Until = hipaasmp.Instant(x.Until)
		}
		if !x.Recorded.IsZero() {
			x.Recorded = hipaasmp.Instant(x.Recorded)
		}
		if x.Actor == "" || list[i].Since.IsZero() || !x.Until.IsZero() && !x.Until.After(x.Since) {
			return nil, &RenderError{Detector: string(detect.IDTerminatedUser), Why: fmt.Sprintf("ending %d has no actor or no start, or ends before it begins", i+1)}
		}
	}
	slices.SortFunc(e.list, func(a, b Ending) int { return cmp.Or(cmp.Compare(a.Actor, b.Actor), a.Since.Compare(b.Since)) })
	for i := 1; i < len(e.list); i++ {
		if a, b := e.list[i-1], e.list[i]; a.Actor == b.Actor && (a.Until.IsZero() || a.Until.After(b.Since)) {
			return nil, &RenderError{Detector: string(detect.IDTerminatedUser), Why: "two endings of one actor overlap; make one of them"}
		}
	}
	return e, nil
}

// Ended reports whether the actor was out of the workforce at the time, by its identity, or by its second one if the list
// does not know the first.
func (e *Endings) Ended(actor activity.Actor, at time.Time) (since time.Time, ended bool) {
	x := e.of(actor, at)
	return x.Since, x.Actor != ""
}

// EndRecorded returns when the end that Ended returns was entered in the personnel records.
func (e *Endings) EndRecorded(actor activity.Actor, at time.Time) (recorded time.Time, known bool) {
	x := e.of(actor, at)
	return x.Recorded, !x.Recorded.IsZero()
}

// of returns the ending of the actor that holds at the time, or the zero value.
func (e *Endings) of(actor activity.Actor, at time.Time) Ending {
	for _, id := range []string{actor.ID, actor.AltID} {
		known := false
		for i, _ := slices.BinarySearchFunc(e.list, id, func(x Ending, id string) int { return cmp.Compare(x.Actor, id) }); i < len(e.list) && e.list[i].Actor == id; i++ {
			known = true
			if x := e.list[i]; !at.Before(x.Since) && (x.Until.IsZero() || at.Before(x.Until)) {
				return x
			}
		}
		if known {
			break
		}
	}
	return Ending{}
}

// Digest identifies the list.
func (e *Endings) Digest() hipaasmp.Digest {
	var b strings.Builder
	for _, x := range e.list {
		fmt.Fprintf(&b, "%q %d", x.Actor, x.Since.UnixMicro())
		if !x.Until.IsZero() {
			fmt.Fprintf(&b, " %d", x.Until.UnixMicro())
		}
		if !x.Recorded.IsZero() {
			fmt.Fprintf(&b, " recorded %d", x.Recorded.UnixMicro())
		}
		b.WriteByte('\n')
	}
	return hipaasmp.DigestOf([]byte(b.String()))
}
