package remediation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Waiting is an item that has to be in place first and is not.
type Waiting struct {
	// Item is its identity.
	Item string
	// State is where it stood; empty where it was not given.
	State State
}

// DependencyError says that an item cannot be started or implemented yet.
type DependencyError struct {
	// Item is the identity of the item.
	Item string
	// Event is the step that was refused.
	Event Event
	// Waits are the items it waits for, never empty.
	Waits []Waiting
}

func (e *DependencyError) Error() string {
	return fmt.Sprintf("remediation: cannot %s %s: %s", e.Event, e.Item, e.waits())
}

func (e *DependencyError) waits() string {
	var all []string
	for _, w := range e.Waits {
		if w.State == "" {
			all = append(all, w.Item+" was not given")
			continue
		}
		all = append(all, w.Item+" is "+say(w.State))
	}
	return strings.Join(all, ", ")
}

// InPlace reports whether the measure is said to be in place: implemented, verified or closed.
func (s State) InPlace() bool { return s == StateImplemented || s == StateVerified || s == StateClosed }

// waits returns what the item depends on and was not in place at the instant, as far as the items given tell.
func (i Item) waits(at time.Time, items []Item) []Waiting {
	var out []Waiting
	for _, id := range i.DependsOn {
		w := Waiting{Item: id}
		for _, other := range items {
			if other.ID == id {
				w.State = other.stateAt(at)
			}
		}
		if !w.State.InPlace() {
			out = append(out, w)
		}
	}
	return out
}

// ready refuses a step on an item before what it depends on is in place.
func (i Item) ready(event Event, at time.Time, before []Item) error {
	if _, err := machine.Next(i.DocumentRef(), i.State, event); err != nil {
		return err
	}
	waits := i.waits(hipaasmp.Instant(at), before)
	if len(waits) == 0 {
		return nil
	}
	err := &DependencyError{Item: i.ID, Event: event, Waits: waits}
	var f validate.Faults
	f.Cite(FaultDependency, hipaasmp.CiteRiskManagement, "/depends_on", "%s; put it in place first and give it with the step, or record with WaitFor that the item does not depend on it", err.waits())
	f.Because(err)
	return f.Err(i.DocumentRef())
}

// checkDependsOn adds the faults of the list by itself.
func checkDependsOn(f *validate.Faults, at, id string, dependsOn []string) {
	for n, other := range dependsOn {
		switch {
		case other == id:
			f.Cite(FaultCycle, hipaasmp.CiteRiskManagement, at+hipaasmp.Pointer(n), "is the item itself; nothing waits for itself")
		case slices.Contains(dependsOn[:n], other):
			f.Add(hipaasmp.FaultIdentity, at+hipaasmp.Pointer(n), "%q is named twice; name it once", other)
		}
	}
}

// CheckDependencies replays how items wait for each other, each in its newest version. It refuses items that wait in a
// circle, with the path; an item with work still to be done that waits for one which is not there, or is cancelled; an
// item that was started or implemented before what it depends on was in place, by the histories. Pointers go into the
// list of items. The error is a [*hipaasmp.ValidationError], through which errors.As also reaches a [*CycleError].
func CheckDependencies(items []Item) error {
	var f validate.Faults
	validate.Unique(&f, "", items, func(i Item) string { return i.ID })
	checkWaits(&f, items, func(n int, more ...any) string { return hipaasmp.Pointer(append([]any{n}, more...)...) })
	for n, i := range items {
		for _, early := range i.early(items) {
			f.Cite(FaultDependency, hipaasmp.CiteRiskManagement, hipaasmp.Pointer(n, "history", early.step, "at"), "%s", early.words)
		}
	}
	return f.Err(hipaasmp.Ref{})
}

// WarnDependencies lists items that are due before an item which they depend on. It is allowed, and one of the two dates is
// odd. Pointers go into the list of items.
func WarnDependencies(items []Item) []Warning {
	var out []Warning
	for n, i := range items {
		for d, id := range i.DependsOn {
			for _, other := range items {
				if other.ID == id && i.State.Live() && other.State.Live() && i.Due.Before(other.Due) {
					out = append(out, Warning{hipaasmp.Pointer(n, "depends_on", d), fmt.Sprintf("%s is due on %s, before %s, which it depends on, on %s", i.ID, i.Due, id, other.Due)})
				}
			}
		}
	}
	return out
}

// checkWaits adds the faults of how items wait for each other now.
func checkWaits(f *validate.Faults, items []Item, pointer func(n int, more ...any) string) {
	place := map[string]int{}
	for n, i := range items {
		place[i.ID] = n
	}
	waits := make([][]int, len(items))
	for n, i := range items {
		for d, id := range i.DependsOn {
			other, ok := place[id]
			switch {
			case !ok && i.State.Live():
				f.Add(hipaasmp.FaultDangling, pointer(n, "depends_on", d), "%s waits for %q, which is no item at hand; give that item too, or correct the reference", i.ID, id)
			case ok && items[other].State == StateCancelled && i.State.Live():
				f.Cite(FaultDependency, hipaasmp.CiteRiskManagement, pointer(n, "depends_on", d), "%s waits for %s, which is cancelled; record with WaitFor what it waits for now", i.ID, id)
			}
			if ok && other != n {
				waits[n] = append(waits[n], other)
			}
		}
	}
	addCycle(f, items, waits, func(n int) string { return pointer(n, "depends_on") })
}

// addCycle adds the fault of items that wait in a circle.
func addCycle(f *validate.Faults, items []Item, waits [][]int, pointer func(int) string) {
	circle := cycle(len(items), waits)
	if circle == nil {
		return
	}
	err := &CycleError{Of: "items"}
	for _, n := range circle {
		err.Path = append(err.Path, items[n].ID)
	}
	f.Cite(FaultCycle, hipaasmp.CiteRiskManagement, pointer(circle[0]), "closes a circle: %s; take one of the dependencies out", err.route())
	f.Because(err)
}

// early is a step that was taken before what the item depends on was in place.
type early struct {
	step  int
	at    time.Time
	words string
}

// early finds the steps that were taken before what the item depended on at that time was in place. What is not among the
// items is not judged.
func (i Item) early(items []Item) []early {
	var out []early
	for n, step := range i.History {
		if step.Event != EventStart && step.Event != EventImplement {
			continue
		}
		was := i.dependedOn(step.At)
		for _, w := range (Item{DependsOn: was}).waits(step.At, items) {
			if w.State == "" || i.since(w.Item, step.At) {
				continue
			}
			did := "started"
			if step.Event == EventImplement {
				did = "implemented"
			}
			out = append(out, early{n, step.At, fmt.Sprintf("%s was %s when %s, which it depends on, was %s", i.ID, did, w.Item, say(w.State))})
		}
	}
	return out
}

// dependedOn returns what the item depended on at the instant, by its recorded changes.
func (i Item) dependedOn(at time.Time) []string {
	on := i.DependsOn
	for _, c := range slices.Backward(i.Changes) {
		if !c.At.After(at) {
			break
		}
		if c.field() == fieldDependsOn {
			on = c.From.DependsOn
		}
	}
	return on
}

// since reports whether the dependency was recorded at that very instant, which leaves open whether the step came first.
func (i Item) since(id string, at time.Time) bool {
	return slices.ContainsFunc(i.Changes, func(c Change) bool {
		return c.At.Equal(at) && c.field() == fieldDependsOn && slices.Contains(c.To.DependsOn, id) && !slices.Contains(c.From.DependsOn, id)
	})
}
