package remediation

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Terms are the parts of an item that may change after it was proposed. In a [Change] the one part that changed is set,
// and a part that was not there before, or is not there any more, is absent on that side.
type Terms struct {
	// Owner is the identity of the workforce member who answers for the measure.
	Owner string `json:"owner,omitempty" validate:"omitempty,docid"`
	// Due is the last day for the measure to be in place.
	Due hipaasmp.Date `json:"due,omitzero"`
	// CostUSD is the expected cost in US dollars.
	CostUSD *decimal.Decimal `json:"cost_usd,omitempty" validate:"omitempty,decmin=0"`
	// DependsOn are the identities of the items that have to be in place before.
	DependsOn []string `json:"depends_on,omitempty" validate:"dive,docid"`
	// Milestone is one milestone, whole.
	Milestone *Milestone `json:"milestone,omitempty"`
}

// Change is one recorded change of an item: who changed what, when, and why. The list of an item is only ever appended
// to, and Validate replays it, so that a due date that was moved or a milestone that was dropped without a word is
// refused. What the item is about (its finding, title, treatment and specification) does not change: cancel the item and
// propose another.
type Change struct {
	// By is who changed it.
	By hipaasmp.Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// Why says why; for a milestone that was reached, what shows it.
	Why string `json:"why" validate:"required,text"`
	// From is what the part was before.
	From Terms `json:"from,omitzero" validate:"omitempty"`
	// To is what the part is after.
	To Terms `json:"to,omitzero" validate:"omitempty"`
}

// changeField is what a change is about.
type changeField int

const (
	fieldNone changeField = iota
	fieldOwner
	fieldDue
	fieldCost
	fieldDependsOn
	fieldMilestone
)

// field returns the one part that the change touches, and fieldNone where it touches none or several.
func (c Change) field() changeField {
	touched, parts := fieldNone, 0
	touch := func(f changeField, is bool) {
		if is {
			touched = f
			parts++
		}
	}
	touch(fieldOwner, c.From.Owner != "" || c.To.Owner != "")
	touch(fieldDue, !c.From.Due.IsZero() || !c.To.Due.IsZero())
	touch(fieldCost, c.From.CostUSD != nil || c.To.CostUSD != nil)
	touch(fieldDependsOn, len(c.From.DependsOn) > 0 || len(c.To.DependsOn) > 0)
	touch(fieldMilestone, c.From.Milestone != nil || c.To.Milestone != nil)
	if parts != 1 {
		return fieldNone
	}
	return touched
}

func (c Change) clone() Change {
	c.From, c.To = c.From.clone(), c.To.clone()
	return c
}

func (t Terms) clone() Terms {
	t.CostUSD, t.Milestone, t.DependsOn = clonePointer(t.CostUSD), clonePointer(t.Milestone), slices.Clone(t.DependsOn)
	return t
}

// Reassign gives the item another owner.
func (i Item) Reassign(owner string, by hipaasmp.Actor, at time.Time, why string) (Item, error) {
	return i.change(Change{By: by, At: at, Why: why, From: Terms{Owner: i.Owner}, To: Terms{Owner: owner}}, "/owner")
}

// Reschedule moves the due date of an item on which work is still to be done. A new date before the day of the change is
// refused. What the due date was at first stays on record, see [Item.FirstDue].
func (i Item) Reschedule(due hipaasmp.Date, by hipaasmp.Actor, at time.Time, why string) (Item, error) {
	return i.change(Change{By: by, At: at, Why: why, From: Terms{Due: i.Due}, To: Terms{Due: due}}, "/due")
}

// Reprice records another expected cost in US dollars; nil where nobody knows any more.
func (i Item) Reprice(usd *decimal.Decimal, by hipaasmp.Actor, at time.Time, why string) (Item, error) {
	return i.change(Change{By: by, At: at, Why: why, From: Terms{CostUSD: i.CostUSD}, To: Terms{CostUSD: usd}}, "/cost_usd")
}

// WaitFor sets which items have to be in place before this one, by identity; none takes all dependencies out. See
// [CheckDependencies].
func (i Item) WaitFor(items []string, by hipaasmp.Actor, at time.Time, why string) (Item, error) {
	return i.change(Change{By: by, At: at, Why: why, From: Terms{DependsOn: i.DependsOn}, To: Terms{DependsOn: items}}, "/depends_on")
}

// AddMilestone puts a further milestone at the end of the list.
func (i Item) AddMilestone(m Milestone, by hipaasmp.Actor, at time.Time, why string) (Item, error) {
	return i.change(Change{By: by, At: at, Why: why, To: Terms{Milestone: &m}}, "/milestones")
}

// ChangeMilestone puts the milestone in the place of the one that has its identity. One that was reached stays as it is.
func (i Item) ChangeMilestone(m Milestone, by hipaasmp.Actor, at time.Time, why string) (Item, error) {
	n := i.milestone(m.ID)
	if n < 0 {
		return i, i.noMilestone()
	}
	return i.change(Change{By: by, At: at, Why: why, From: Terms{Milestone: &i.Milestones[n]}, To: Terms{Milestone: &m}}, hipaasmp.Pointer("milestones", n))
}

// RemoveMilestone drops a milestone. One that was reached stays.
func (i Item) RemoveMilestone(id string, by hipaasmp.Actor, at time.Time, why string) (Item, error) {
	n := i.milestone(id)
	if n < 0 {
		return i, i.noMilestone()
	}
	return i.change(Change{By: by, At: at, Why: why, From: Terms{Milestone: &i.Milestones[n]}}, hipaasmp.Pointer("milestones", n))
}

// Reach records the day on which a milestone was reached, and what shows that its success criteria are met. It is no step
// of the lifecycle. A milestone that is not there, or that was reached before, is refused, and so is a day to come.
func (i Item) Reach(milestone string, on hipaasmp.Date, by hipaasmp.Actor, at time.Time, shownBy string) (Item, error) {
	n := i.milestone(milestone)
	if n < 0 {
		return i, i.noMilestone()
	}
	pointer := hipaasmp.Pointer("milestones", n, "done")
	if on.IsZero() {
		return i, hipaasmp.Invalid(i.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultRequired, Pointer: pointer, Message: "was reached on no day; say when"}})
	}
	reached := i.Milestones[n]
	reached.Done = on
	return i.change(Change{By: by, At: at, Why: shownBy, From: Terms{Milestone: &i.Milestones[n]}, To: Terms{Milestone: &reached}}, pointer)
}

// FirstDue is the due date that the item was proposed with, and moved how often it was changed since.
func (i Item) FirstDue() (due hipaasmp.Date, moved int) {
	due = i.Due
	for _, c := range slices.Backward(i.Changes) {
		if c.field() == fieldDue {
			due = c.From.Due
			moved++
		}
	}
	return due, moved
}

func (i Item) milestone(id string) int {
	return slices.IndexFunc(i.Milestones, func(m Milestone) bool { return m.ID == id })
}

func (i Item) noMilestone() error {
	return hipaasmp.Invalid(i.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultDangling, Pointer: "/milestones", Message: "holds no such milestone; name one by its identity"}})
}

// change appends a change and applies it; Validate judges the result. On an error, a [*hipaasmp.ValidationError], the
// item comes back as it was. pointer is where the changed part stands.
func (i Item) change(c Change, pointer string) (Item, error) {
	c.At = hipaasmp.Instant(c.At)
	c = c.clone()
	var f validate.Faults
	if c.field() == fieldNone || sameTerms(c.From, c.To) {
		f.Add(hipaasmp.FaultHistory, pointer, "is as it was; a change changes something")
	}
	if n := len(i.History); n > 0 && c.At.Before(i.History[n-1].At) {
		f.Add(hipaasmp.FaultOrder, hipaasmp.Pointer("changes", len(i.Changes), "at"), "is before the last step in the history; time runs forward")
	}
	if err := f.Err(i.DocumentRef()); err != nil {
		return i, err
	}
	next := i.clone()
	next.Changes = append(next.Changes, c)
	next.put(c.field(), c.From.Milestone, c.To.clone())
	if err := next.Validate(); err != nil {
		return i, err
	}
	return next, nil
}

// put sets a part of the item. For a milestone, was is the one whose place it takes; nil where it is new.
func (i *Item) put(p changeField, was *Milestone, to Terms) {
	switch p {
	case fieldOwner:
		i.Owner = to.Owner
	case fieldDue:
		i.Due = to.Due
	case fieldCost:
		i.CostUSD = to.CostUSD
	case fieldDependsOn:
		i.DependsOn = to.DependsOn
	case fieldMilestone:
		n := -1
		if was != nil {
			n = i.milestone(was.ID)
		}
		switch {
		case to.Milestone == nil && n >= 0:
			i.Milestones = slices.Delete(slices.Clone(i.Milestones), n, n+1)
		case to.Milestone == nil:
		case n >= 0:
			i.Milestones = slices.Clone(i.Milestones)
			i.Milestones[n] = *to.Milestone
		default:
			i.Milestones = append(slices.Clone(i.Milestones), *to.Milestone)
		}
	}
}

// holds reports whether the item is, in the part, as the terms say.
func (i Item) holds(p changeField, t, other Terms) bool {
	switch p {
	case fieldOwner:
		return i.Owner == t.Owner
	case fieldDue:
		return i.Due == t.Due
	case fieldCost:
		return sameCost(i.CostUSD, t.CostUSD)
	case fieldDependsOn:
		return slices.Equal(i.DependsOn, t.DependsOn)
	case fieldMilestone:
		if t.Milestone == nil {
			return other.Milestone != nil && i.milestone(other.Milestone.ID) < 0
		}
		n := i.milestone(t.Milestone.ID)
		return n >= 0 && i.Milestones[n] == *t.Milestone
	}
	return false
}

func sameTerms(a, b Terms) bool {
	return a.Owner == b.Owner && a.Due == b.Due && sameCost(a.CostUSD, b.CostUSD) && slices.Equal(a.DependsOn, b.DependsOn) &&
		(a.Milestone == nil) == (b.Milestone == nil) && (a.Milestone == nil || *a.Milestone == *b.Milestone)
}

func sameCost(a, b *decimal.Decimal) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Equal(*b))
}
