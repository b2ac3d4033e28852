package remediation

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// checkChanges takes the recorded changes back one by one, the last first, and adds a fault wherever the item was not what
// a change says that it made of it. What is left is the item as it was proposed.
func (i Item) checkChanges(f *validate.Faults, base string) {
	for n, c := range i.Changes {
		i.checkChange(f, base+hipaasmp.Pointer("changes", n), c)
		before, of := i.ProposedAt, "the item was proposed"
		if n > 0 {
			before, of = i.Changes[n-1].At, "the change before it"
		}
		if c.At.Before(before) {
			f.Add(hipaasmp.FaultOrder, base+hipaasmp.Pointer("changes", n, "at"), "is before %s; time runs forward", of)
		}
	}
	was := i
	for n := len(i.Changes) - 1; n >= 0; n-- {
		c := i.Changes[n]
		p := c.field()
		if p == fieldNone {
			continue // a fault already
		}
		if !was.holds(p, c.To, c.From) {
			f.Cite(FaultChange, hipaasmp.CiteRiskManagement, base+hipaasmp.Pointer("changes", n, "to"), "is not what the item, or the change after it, says; change an item by its methods, which record it")
		}
		was.put(p, c.To.Milestone, c.From)
	}
	if len(i.Changes) > 0 && was.Due.Before(i.Created) && !was.Due.IsZero() {
		f.Add(hipaasmp.FaultOrder, base+"/changes", "say that the item was proposed with the due date %s, before it was created on %s", was.Due, i.Created)
	}
	for _, m := range was.Milestones {
		if n := i.milestone(m.ID); m.Done.After(i.Created) && n >= 0 {
			f.Cite(FaultChange, hipaasmp.CiteRiskManagement, base+hipaasmp.Pointer("milestones", n, "done"), "was recorded by nobody; record it with Reach")
		}
	}
}

// checkChange adds what is wrong with one change by itself.
func (i Item) checkChange(f *validate.Faults, at string, c Change) {
	p := c.field()
	if p == fieldNone {
		f.Cite(FaultChange, hipaasmp.CiteRiskManagement, at, "touches no part of the item, or several; record one change for each part")
		return
	}
	if sameTerms(c.From, c.To) {
		f.Cite(FaultChange, hipaasmp.CiteRiskManagement, at+"/to", "is what it was before; a change changes something")
	}
	live, ended := i.held(c.At, State.Live), !i.held(c.At, func(s State) bool { return s != StateClosed && s != StateCancelled })
	switch {
	case ended:
		f.Cite(FaultChange, hipaasmp.CiteRiskManagement, at+"/at", "is when the item was closed or cancelled; reopen it first")
	case p == fieldDue && !live:
		f.Cite(FaultChange, hipaasmp.CiteRiskManagement, at+"/at", "is when the measure was said to be in place; its due date does not move any more")
	}
	switch p {
	case fieldOwner:
		if c.From.Owner == "" || c.To.Owner == "" {
			f.Cite(FaultChange, hipaasmp.CiteRiskManagement, at, "leaves the item without an owner; name both")
		}
	case fieldDue:
		switch {
		case c.From.Due.IsZero() || c.To.Due.IsZero():
			f.Cite(FaultChange, hipaasmp.CiteRiskManagement, at, "leaves the item without a due date; give both")
		case hipaasmp.DateOf(c.At, time.UTC).DaysUntil(c.To.Due) < -1:
			f.Add(hipaasmp.FaultOrder, at+"/to/due", "%s was past when it was set; set a day to come", c.To.Due)
		}
	case fieldMilestone:
		i.checkMilestone(f, at, c)
	}
}

func (i Item) checkMilestone(f *validate.Faults, at string, c Change) {
	was, is := c.From.Milestone, c.To.Milestone
	if was != nil && is != nil && was.ID != is.ID {
		f.Cite(FaultChange, hipaasmp.CiteRiskManagement, at+"/to/milestone/id", "is another milestone; remove the one and add the other")
	}
	if was != nil && !was.Done.IsZero() {
		f.Add(hipaasmp.FaultHistory, at+"/from/milestone/done", "is %s already; a milestone that was reached stays as it was", was.Done)
	}
	if is == nil || is.Done.IsZero() {
		return
	}
	if was == nil || was.Title != is.Title || was.Due != is.Due || was.SuccessCriteria != is.SuccessCriteria {
		f.Cite(FaultChange, hipaasmp.CiteRiskManagement, at+"/to/milestone", "changes while it is reached; record the change and then, with Reach, that it was reached")
	}
	if is.Done.Before(i.Created) {
		f.Add(hipaasmp.FaultOrder, at+"/to/milestone/done", "%s is before the item was created on %s", is.Done, i.Created)
	}
	if hipaasmp.DateOf(c.At, time.UTC).DaysUntil(is.Done) > 1 {
		f.Add(hipaasmp.FaultOrder, at+"/to/milestone/done", "%s was to come when it was recorded; record it when the milestone is reached", is.Done)
	}
}

// stateAt returns the state in which the item was at the instant, after the steps of that very instant.
func (i Item) stateAt(at time.Time) State {
	s := machine.Initial()
	for _, step := range i.History {
		if step.At.After(at) {
			break
		}
		s = step.To
	}
	return s
}

// held reports whether one of the states that the item had at the instant is as asked: the steps of one instant leave it
// open which came first, a step or a change.
func (i Item) held(at time.Time, is func(State) bool) bool {
	s := machine.Initial()
	for _, step := range i.History {
		if step.At.Before(at) {
			s = step.To
			continue
		}
		if step.At.After(at) {
			break
		}
		if is(s) {
			return true
		}
		s = step.To
	}
	return is(s)
}
