package review

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Failed returns the number of events that failed or were denied. Each counts in its own family as well, so that it is to be
// added to no other figure. counted is false where the review does not say how its events ended: none is then not known.
func (r SourceReview) Failed() (n int64, counted bool) {
	if len(r.Outcomes) == 0 {
		return r.Denials, r.Denials > 0 || r.Events == 0
	}
	for _, c := range r.Outcomes {
		if c.Outcome.Failed() {
			n += c.Count
		}
	}
	return n, true
}

// failures is what the reviews of a source in a month say of what failed.
type failures struct {
	failed, events, logins, unsaid int64
	// uncounted are the reviews that do not say how their events ended.
	uncounted int
	// period is that of the reviews: what they count cannot be told apart by day.
	period hipaasmp.Period
	refs   []hipaasmp.Ref
	// before is the last earlier review of the source in which something failed; nil where there is none, and where
	// something failed in these.
	before *tableRecord
	place  int
}

// failed adds up the reviews of the source in a month.
func (t *table) failed(d days, place int) failures {
	out := failures{place: place}
	for _, x := range d.records {
		r := x.reviewed[place]
		if r == nil {
			continue
		}
		n, counted := r.Failed()
		if !counted {
			out.uncounted++
		}
		out.failed += n
		out.events += r.Events
		out.logins += r.Family(activity.FamilyLogin)
		for _, c := range r.Outcomes {
			if c.Outcome == activity.OutcomeUnknown {
				out.unsaid += c.Count
			}
		}
		if out.period.IsZero() || x.Period.From.Before(out.period.From) {
			out.period.From = x.Period.From
		}
		if x.Period.To.After(out.period.To) {
			out.period.To = x.Period.To
		}
		out.refs = append(out.refs, x.DocumentRef())
	}
	if out.failed > 0 {
		return out
	}
	for _, x := range t.filed {
		if r := x.reviewed[place]; r == nil || r.Family(activity.FamilyFailed) == 0 || !x.Period.To.Before(out.period.From) {
			continue
		}
		if out.before == nil || out.before.Period.To.Before(x.Period.To) {
			out.before = x
		}
	}
	return out
}

// manyLogins is from how many log-ins on a time without a failure is hard to believe: were one in 33 mistyped, a hundred
// without one would come about once in twenty times. The number is this module's, and of no rule.
const manyLogins = 100

// words says what it means that nothing failed.
func (x failures) words() string {
	does := "does not record"
	if x.before != nil {
		does = "no longer records"
	}
	switch {
	case x.events == 0:
		return "there is no entry at all, so that nothing shows whether it records what fails"
	case x.silent():
		return fmt.Sprintf("none of %d entries says how it ended, so that nothing shows whether it records what fails", x.events)
	case x.logins >= manyLogins:
		return fmt.Sprintf("none of %d entries failed or was denied: either nothing failed, which a source with %d log-ins hardly has, or it %s what fails", x.events, x.logins, does)
	}
	return fmt.Sprintf("none of %d entries failed or was denied, %d log-ins among them: either nothing failed, or it %s what fails", x.events, x.logins, does)
}

// silent reports whether there are entries, and none says how it ended: whatever was recorded, no failure can be seen.
func (x failures) silent() bool { return x.events > 0 && x.unsaid == x.events }

// failed returns the cell of what failed in a source, whatever it was. That nothing did is unknown, unless somebody found the
// recording of it on, on the day.
func (c Cell) failed(x failures, on hipaasmp.Date) Cell {
	if x.failed > 0 || c.Status != StatusComplete && c.Status != StatusLate && c.Status != StatusUnknown {
		return c
	}
	switch {
	case x.uncounted > 0:
		c.Status, c.Reason = StatusUnknown, "It was not counted how the entries ended."
	case on.IsZero() || x.silent():
		c.Status, c.Reason = StatusUnknown, "In the reviews "+x.words()+"."
	case c.Status != StatusUnknown:
		c.Reason += fmt.Sprintf(" No entry is known to have failed; the recording of what fails was found on on %s.", on)
	}
	return c
}

// recording returns what the reviews of a source found of the recording of a kind of activity, and when: off, if any of them
// found it off, and on, if another did. The day is zero where nobody looked.
func (d days) recording(family activity.Family, place int) (CapabilityState, hipaasmp.Date) {
	state, on := CapabilityUnknown, hipaasmp.Date{}
	for _, x := range d.records {
		if r := x.reviewed[place]; r != nil {
			switch found, _ := r.Capability.family(family); found.State {
			case CapabilityDisabled:
				return CapabilityDisabled, found.Checked
			case CapabilityEnabled:
				state, on = CapabilityEnabled, found.Checked
			}
		}
	}
	return state, on
}

// failures finds the months in which nothing failed in a source that is expected to record what fails. A source of which that
// is switched off, and the rest is not, looks covered without being it. Weeks of a month are taken
// together; of a review that is longer than a month there is one gap.
func (r Records) failures(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	expects := func(s Source) bool { return slices.Contains(s.Families, activity.FamilyFailed) }
	asked, ok := bounded(asked)
	if !ok || !slices.ContainsFunc(r.Procedures, func(p Procedure) bool { return slices.ContainsFunc(p.Sources, expects) }) {
		return nil
	}
	t := r.table(asked, asOf)
	var out []hipaasmp.Gap
	told := map[string][]hipaasmp.Ref{}
	for month := range months(asked) {
		for place, s := range t.sources {
			d := t.count(month, place)
			if d.covered == 0 || d.open > 0 || d.missing > 0 || !slices.Contains(d.families, activity.FamilyFailed) {
				continue // what is overdue is a gap of its own, and in what is to come something may fail
			}
			x := t.failed(d, place)
			state, found := d.recording(activity.FamilyFailed, place)
			known := state == CapabilityEnabled && x.uncounted == 0 && !x.silent()
			if x.failed > 0 || known || slices.Equal(told[s.ID], x.refs) {
				continue
			}
			told[s.ID] = x.refs
			out = append(out, x.gap(s, state, found))
		}
	}
	return out
}

// gap says what it means that nothing failed in the source.
func (x failures) gap(s Source, state CapabilityState, found hipaasmp.Date) hipaasmp.Gap {
	g := hipaasmp.Gap{
		Missing: fmt.Sprintf("%s (system %s) should record what fails, and in %s %s.", s.ID, s.System, x.period, x.words()),
		Since:   x.period.From,
		Closes:  "Fail on purpose, such as by a wrong password, see whether the source records it, and say in the next review what was found.",
		Refs:    x.refs,
	}
	switch {
	case x.uncounted > 0:
		g.Missing = fmt.Sprintf("%s (system %s) should record what fails, and in %s it was not counted how its entries ended.", s.ID, s.System, x.period)
		g.Closes = "Count the entries by outcome, and correct the review."
	case x.silent():
		g.Closes = "Have the source record how each act ended, and say in the next review since when it does."
	case x.unsaid > 0:
		g.Counted = append(g.Counted, fmt.Sprintf("entries that do not say how they ended: %d of %d", x.unsaid, x.events))
	}
	if b := x.before; b != nil {
		r := b.reviewed[x.place]
		g.Counted = append(g.Counted, fmt.Sprintf("the last before in which something failed: %s, %s, %d of %d entries", b.DocumentRef(), b.Period, r.Family(activity.FamilyFailed), r.Events))
	}
	if state == CapabilityDisabled {
		g.Counted = append(g.Counted, fmt.Sprintf("recording of what fails: found off on %s", found))
	}
	return g
}
