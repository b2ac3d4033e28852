package sanction

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// take makes one step: the table says whether it is allowed, fill leaves the entry, Validate judges the result. On an
// error the case comes back as it was.
func (c Case) take(event Event, by hipaasmp.Actor, at time.Time, note string, fill func(*Case, Signature)) (Case, error) {
	at = hipaasmp.Instant(at)
	state, history, err := machine.Apply(c.DocumentRef(), c.State, c.History, hipaasmp.Transition[State, Event]{Event: event, By: by, At: at, Note: note})
	if err != nil {
		return c, err
	}
	next := c
	next.State, next.History = state, history
	if fill != nil {
		fill(&next, Signature{By: by, At: at})
	}
	if err := next.Validate(); err != nil {
		return c, err
	}
	return next, nil
}

// allowed refuses an event that the state does not allow, before anything else is asked.
func (c Case) allowed(event Event) error {
	_, err := machine.Next(c.DocumentRef(), c.State, event)
	return err
}

// may asks whether the actor may decide sanctions on the day that at is in the entity's zone.
func (c Case) may(may hipaasmp.Authority, by hipaasmp.Actor, at time.Time) error {
	loc, err := c.location()
	if err != nil {
		return c.Validate()
	}
	return authorised(c.DocumentRef(), hipaasmp.Pointer("history", len(c.History), "by"), may, by, hipaasmp.PowerDecideSanction, hipaasmp.DateOf(at, loc))
}

// with appends without touching the list that the old value shares.
func with[T any](list []T, more T) []T { return append(slices.Clone(list), more) }

// Investigate takes up the case. by is who leads the investigation, never the subject.
func (c Case) Investigate(by hipaasmp.Actor, at time.Time) (Case, error) {
	return c.take(EventOpenInvestigation, by, at, "", nil)
}

// RecordStep adds a step of the investigation: one that the policy requires, or anything else that was done. A required
// step that was left out is recorded too, as omitted and with the reason.
func (c Case) RecordStep(by hipaasmp.Actor, at time.Time, step Inquiry) (Case, error) {
	step.Persons, step.Evidence = slices.Clone(step.Persons), slices.Clone(step.Evidence)
	return c.take(EventRecordStep, by, at, "", func(n *Case, s Signature) {
		n.Investigation = with(n.Investigation, StepTaken{Signature: s, Inquiry: step})
	})
}

// Determine finds a violation of the category, with its factors and the reason. It rests on the protected-act check: a
// question that is not answered, or answered unknown, and an act that is protected are refused with a
// [*ProtectedActError] that cites why; see [Case.DismissProtected] for the way on. Every step of the investigation that
// the policy requires must have been recorded. A factor's Effect is filled in from the policy.
func (c Case) Determine(by hipaasmp.Actor, at time.Time, check ProtectedActCheck, category string, factors []AppliedFactor, reason string) (Case, error) {
	if err := c.allowed(EventDetermine); err != nil {
		return c, err
	}
	if err := check.blocks(c.DocumentRef()); err != nil {
		return c, err
	}
	factors = c.effects(factors)
	return c.take(EventDetermine, by, at, "", func(n *Case, s Signature) {
		n.Determination = &Determination{Signature: s, Check: check, Category: category, Factors: factors, Reason: reason}
	})
}

// effects copies the factors with their directions filled in from the policy.
func (c Case) effects(factors []AppliedFactor) []AppliedFactor {
	out := slices.Clone(factors)
	for i, a := range out {
		if effect, ok := c.Policy.factor(a.ID); ok && a.Effect == "" {
			out[i].Effect = effect
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Decide decides the outcome: a rung of the ladder, or none and why; see [Impose] and [NoSanction]. It takes a person
// with [hipaasmp.PowerDecideSanction] on that day, never the subject, and not the reporter or the investigator where the
// policy keeps them apart. A rung outside the category's range takes a factor that carries it there.
func (c Case) Decide(by hipaasmp.Actor, at time.Time, may hipaasmp.Authority, ruling Ruling) (Case, error) {
	if err := c.allowed(EventDecide); err != nil {
		return c, err
	}
	ruling.Factors = c.effects(ruling.Factors)
	next, err := c.take(EventDecide, by, at, "", func(n *Case, s Signature) {
		n.Decisions = with(n.Decisions, Decision{Signature: s, Ruling: ruling})
	})
	if err != nil {
		return c, err
	}
	if err := c.may(may, by, at); err != nil {
		return c, err
	}
	return next, nil
}

// Notify records that somebody was told of the standing decision, or of the dismissal.
func (c Case) Notify(by hipaasmp.Actor, at time.Time, notice Notice) (Case, error) {
	return c.take(EventNotify, by, at, "", func(n *Case, s Signature) {
		n.Notifications = with(n.Notifications, Notification{Signature: s, Notice: notice, Decision: len(n.Decisions)})
	})
}

// Apply records that the standing sanction was carried out on the day, with at least one file that shows it.
func (c Case) Apply(by hipaasmp.Actor, at time.Time, on hipaasmp.Date, done string, proof hipaasmp.Artifact, more ...hipaasmp.Artifact) (Case, error) {
	return c.take(EventApply, by, at, "", func(n *Case, s Signature) {
		n.Applications = with(n.Applications, Application{Signature: s, Decision: len(n.Decisions), On: on, Done: done, Evidence: append([]hipaasmp.Artifact{proof}, more...)})
	})
}

// Close ends the case and returns it with its final record. A sanction must have been applied; an outcome none and a
// dismissal close as they are. ledTo names what followed beyond the sanction, such as a finding of the risk analysis or a
// training. A missing notification does not keep a case open: it is a gap, see [Records.GapChecks].
func (c Case) Close(by hipaasmp.Actor, at time.Time, conclusion string, ledTo ...Consequence) (Case, Outcome, error) {
	next, err := c.take(EventClose, by, at, "", func(n *Case, s Signature) {
		n.Closure = &Closure{Signature: s, Conclusion: conclusion, LedTo: slices.Clone(ledTo)}
	})
	if err != nil {
		return c, Outcome{}, err
	}
	o, err := next.Outcome()
	if err != nil {
		return c, Outcome{}, err
	}
	return next, o, nil
}

// Reopen takes a closed case up again, for a reason such as new evidence. What was found before is kept in Earlier, the
// protected-act check is asked anew, and the next closing writes a new version of the outcome.
func (c Case) Reopen(by hipaasmp.Actor, at time.Time, may hipaasmp.Authority, reason string) (Case, error) {
	if err := c.allowed(EventReopen); err != nil {
		return c, err
	}
	if !hipaasmp.ValidText(reason) {
		return c, hipaasmp.Invalid(c.DocumentRef(), []hipaasmp.Fault{{Code: FaultNoReason, Pointer: hipaasmp.Pointer("history", len(c.History), "note"),
			Message: "is missing; say why the case is reopened", Citation: hipaasmp.CiteSanctionPolicy}})
	}
	next, err := c.take(EventReopen, by, at, reason, func(n *Case, _ Signature) {
		n.Earlier = with(n.Earlier, n.Proceeding)
		n.Proceeding = Proceeding{}
	})
	if err != nil {
		return c, err
	}
	if err := c.may(may, by, at); err != nil {
		return c, err
	}
	return next, nil
}
