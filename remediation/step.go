package remediation

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/risk"
)

// step takes one step: the table says whether it is allowed, fill adds what belongs to it, Validate judges the result.
// On an error the item comes back as it was. The error is a [*hipaasmp.TransitionError] where the state does not allow
// the step, otherwise a [*hipaasmp.ValidationError].
func (i Item) step(event Event, by hipaasmp.Actor, at time.Time, note string, fill func(*Item)) (Item, error) {
	next := i.clone()
	var err error
	next.State, next.History, err = machine.Apply(i.DocumentRef(), i.State, i.History,
		hipaasmp.Transition[State, Event]{Event: event, By: by, At: at, Note: note})
	if err != nil {
		return i, err
	}
	if n := len(i.Changes); n > 0 && hipaasmp.Instant(at).Before(i.Changes[n-1].At) {
		return i, hipaasmp.Invalid(i.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultOrder, Pointer: hipaasmp.Pointer("history", len(i.History), "at"),
			Message: "is before the last recorded change; time runs forward"}})
	}
	if fill != nil {
		fill(&next)
	}
	if err := next.Validate(); err != nil {
		return i, err
	}
	return next, nil
}

// Plan takes the proposal into the plan: it will be done, by the owner, by the due date.
func (i Item) Plan(by hipaasmp.Actor, at time.Time) (Item, error) {
	return i.step(EventPlan, by, at, "", nil)
}

// Start begins the work. before are the items that this one depends on, as they stand: work does not begin before each of
// them is in place, that is implemented, verified or closed. The error then also carries a [*DependencyError].
func (i Item) Start(by hipaasmp.Actor, at time.Time, before ...Item) (Item, error) {
	if err := i.ready(EventStart, at, before); err != nil {
		return i, err
	}
	return i.step(EventStart, by, at, "", nil)
}

// Block records that the work cannot go on, and why.
func (i Item) Block(by hipaasmp.Actor, at time.Time, reason string) (Item, error) {
	return i.step(EventBlock, by, at, reason, nil)
}

// Unblock records that the work goes on.
func (i Item) Unblock(by hipaasmp.Actor, at time.Time) (Item, error) {
	return i.step(EventUnblock, by, at, "", nil)
}

// Implement records that the measure is in place, and what was done. Whoever takes this step is the implementer and
// does not verify the measure, now or after a later reopening. before are the items that this one depends on, as for
// [Item.Start]: one of them may have been reopened since.
func (i Item) Implement(by hipaasmp.Actor, at time.Time, what string, before ...Item) (Item, error) {
	if err := i.ready(EventImplement, at, before); err != nil {
		return i, err
	}
	return i.step(EventImplement, by, at, what, nil)
}

// Verify records that somebody other than the implementer found the measure in place and working. The authority is
// asked whether the verifier may, on the day that at has in the zone, which is the item's own. residual is what is
// left of the risk, rated after the implementation by a person who did not implement. The evidence is at least one
// artifact.
func (i Item) Verify(by hipaasmp.Actor, at time.Time, zone *time.Location, may hipaasmp.Authority, residual risk.Score, evidence hipaasmp.Artifact, more ...hipaasmp.Artifact) (Item, error) {
	if _, err := machine.Next(i.DocumentRef(), i.State, EventVerify); err != nil {
		return i, err
	}
	if err := i.sameZone(zone); err != nil {
		return i, err
	}
	at = hipaasmp.Instant(at)
	on := hipaasmp.DateOf(at, zone)
	var f validate.Faults
	f.May(may, hipaasmp.Pointer("history", len(i.History), "by"), by, hipaasmp.PowerVerifyMeasure, on)
	next, err := i.step(EventVerify, by, at, "", func(next *Item) {
		v := Verification{By: by, At: at, On: on, Residual: residual, Evidence: append([]hipaasmp.Artifact{evidence}, more...)}
		next.Verifications = append(next.Verifications, v.clone())
	})
	f.Append(faultsOf(err)...)
	if err := f.Err(i.DocumentRef()); err != nil {
		return i, err
	}
	return next, nil
}

// Close freezes a verified item in a [Completion] with the identity given, and returns the closed item with it. Store
// both. An item that regresses is reopened and closed again under a further completion.
func (i Item) Close(id string, by hipaasmp.Actor, at time.Time, zone *time.Location) (Item, Completion, error) {
	if _, err := machine.Next(i.DocumentRef(), i.State, EventClose); err != nil {
		return i, Completion{}, err
	}
	if err := i.sameZone(zone); err != nil {
		return i, Completion{}, err
	}
	next, err := i.step(EventClose, by, at, "", nil)
	if err != nil {
		return i, Completion{}, err
	}
	done, err := newCompletion(id, next, zone)
	if err != nil {
		return i, Completion{}, err
	}
	return next, done, nil
}

// Reopen takes an item up again, and says why: a verification that failed, a measure that no longer works, a
// cancellation that was a mistake. Earlier verifications stay on record and no longer hold.
func (i Item) Reopen(by hipaasmp.Actor, at time.Time, reason string) (Item, error) {
	return i.step(EventReopen, by, at, reason, nil)
}

// Cancel records that the measure will not be done, and why. The finding is then without it.
func (i Item) Cancel(by hipaasmp.Actor, at time.Time, reason string) (Item, error) {
	return i.step(EventCancel, by, at, reason, nil)
}

// sameZone refuses a zone other than the item's own, in which its other days are counted.
func (i Item) sameZone(zone *time.Location) error {
	if zone == nil {
		return noZone(i.DocumentRef())
	}
	if zone.String() != i.Zone {
		return otherZone(i.DocumentRef())
	}
	return nil
}

func otherZone(ref hipaasmp.Ref) error {
	return hipaasmp.Invalid(ref, []hipaasmp.Fault{{Code: hipaasmp.FaultZone, Pointer: "/zone",
		Message: "is not the zone given; count all days of a document in the entity's zone"}})
}
