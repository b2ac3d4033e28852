package activity

import (
	"errors"
	"time"
)

// Tally counts what a reader yields: the figures that a review states of a source. The zero Tally is ready. Tallies of
// several files add up with [Tally.Merge] in any order, but for the places of defects, which keep the order of merging.
type Tally struct {
	// Events is the number of entries read.
	Events int64
	// Duplicates is the number of entries that had been counted before, by the identity that the source gave them. They
	// are among neither Events nor any other figure.
	Duplicates int64
	// UnknownTimes is the number of events without a time.
	UnknownTimes int64
	// UnresolvedActors is the number of events without an identity of the actor.
	UnresolvedActors int64
	// UnknownPatients is the number of events of viewing, editing, printing, exporting, searching and overriding that
	// name no patient: a blind spot of the log.
	UnknownPatients int64
	// First and Last are the earliest and the latest known time.
	First, Last time.Time

	outcomes map[Outcome]int64
	families map[Family]int64
	defects  map[Reason]*Defects
}

// MaxPlaces is how many places of defects of one reason a [Tally] keeps. All of them are counted.
const MaxPlaces = 20

// Defects are the defects of one reason.
type Defects struct {
	// Count is how many there are.
	Count int64
	// Places are the first of them, at most [MaxPlaces].
	Places []Defect
}

// Count takes what a reader yielded. It returns nil for an event and for a defect, and otherwise the error, which is the
// file's own.
func (t *Tally) Count(e Event, err error) error {
	var d *Defect
	switch {
	case err == nil:
		t.event(e)
	case errors.As(err, &d):
		t.defect(*d)
	default:
		return err
	}
	return nil
}

// Duplicate counts an entry that had been counted before; see [Seen].
func (t *Tally) Duplicate() { t.Duplicates++ }

func (t *Tally) event(e Event) {
	t.Events++
	if t.outcomes == nil {
		t.outcomes, t.families = map[Outcome]int64{}, map[Family]int64{}
	}
	t.outcomes[e.Outcome]++
	if e.Family == FamilyFailed { // a reader of one's own says how the act ended and not what it was
		e.Family = FamilyUnknown
	}
	t.families[e.Family]++
	if !e.Actor.Resolved() {
		t.UnresolvedActors++
	}
	switch e.Family {
	case FamilyView, FamilyEdit, FamilyPrintExport, FamilySearch, FamilyOverride:
		if len(e.Patients) == 0 {
			t.UnknownPatients++
		}
	}
	if e.Recorded.IsZero() {
		t.UnknownTimes++
		return
	}
	t.span(e.Recorded)
}

func (t *Tally) span(at time.Time) {
	if at.IsZero() {
		return
	}
	if t.First.IsZero() || at.Before(t.First) {
		t.First = at
	}
	if at.After(t.Last) {
		t.Last = at
	}
}

func (t *Tally) defect(d Defect) {
	if t.defects == nil {
		t.defects = map[Reason]*Defects{}
	}
	all := t.defects[d.Reason]
	if all == nil {
		all = &Defects{}
		t.defects[d.Reason] = all
	}
	all.Count++
	if len(all.Places) < MaxPlaces {
		all.Places = append(all.Places, d)
	}
}

// Merge adds the figures of another tally.
func (t *Tally) Merge(other *Tally) {
	t.Events += other.Events
	t.Duplicates += other.Duplicates
	t.UnknownTimes += other.UnknownTimes
	t.UnresolvedActors += other.UnresolvedActors
	t.UnknownPatients += other.UnknownPatients
	t.span(other.First)
	t.span(other.Last)
	if t.outcomes == nil {
		t.outcomes, t.families = map[Outcome]int64{}, map[Family]int64{}
	}
	for o, n := range other.outcomes {
		t.outcomes[o] += n
	}
	for f, n := range other.families {
		t.families[f] += n
	}
	if t.defects == nil {
		t.defects = map[Reason]*Defects{}
	}
	for r, theirs := range other.defects {
		all := t.defects[r]
		if all == nil {
			all = &Defects{}
			t.defects[r] = all
		}
		all.Count += theirs.Count
		all.Places = append(all.Places, theirs.Places[:min(len(theirs.Places), MaxPlaces-len(all.Places))]...)
	}
}

// Outcome returns the number of events with the outcome.
func (t *Tally) Outcome(o Outcome) int64 { return t.outcomes[o] }

// Family returns the number of events of the family. Those of the [EventFamilies] add up to Events; those of [FamilyFailed]
// are counted by their outcome, and are in their own families as well.
func (t *Tally) Family(f Family) int64 {
	if f != FamilyFailed {
		return t.families[f]
	}
	var n int64
	for o, count := range t.outcomes {
		if o.Failed() {
			n += count
		}
	}
	return n
}

// Defects returns the defects of a reason.
func (t *Tally) Defects(r Reason) Defects {
	if d := t.defects[r]; d != nil {
		return *d
	}
	return Defects{}
}

// DefectCount returns the number of defects of all reasons.
func (t *Tally) DefectCount() int64 {
	var n int64
	for _, d := range t.defects {
		n += d.Count
	}
	return n
}
