package sanction

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Deadline is one time limit of the policy as it falls on a case.
type Deadline struct {
	// Step is the procedural step of the policy.
	Step string
	// Stage is what the step leads up to.
	Stage Stage
	// Due is the last day within the limit.
	Due hipaasmp.Date
	// Done is the day on which the step was taken; zero while it is not.
	Done hipaasmp.Date
}

// Overdue reports whether the step was not taken by its due day, as seen on asOf.
func (d Deadline) Overdue(asOf hipaasmp.Date) bool {
	if !d.Done.IsZero() && !d.Done.After(asOf) {
		return false
	}
	return asOf.After(d.Due)
}

// Deadlines returns the time limits of the current proceeding in the order of the policy, counted from the day of the
// report or of the reopening. Steps without a limit, and stages that a dismissal or an outcome none leaves out, are not
// listed, nor is the time to appeal, which is a right of the person and no duty: see [Case.AppealBy]. The limit for
// deciding an appeal counts from the last one. The limits are the entity's policy, not law.
func (c Case) Deadlines() []Deadline {
	loc, _ := c.location()
	start := c.Report.On
	for _, h := range c.History {
		if h.Event == EventReopen {
			start = hipaasmp.DateOf(h.At, loc)
		}
	}
	on := func(s Signature) hipaasmp.Date { return hipaasmp.DateOf(s.At, loc) }
	done := map[Stage]hipaasmp.Date{}
	skipped := map[Stage]bool{}
	if d := c.Determination; d != nil {
		done[StageDetermination] = on(d.Signature)
	}
	if len(c.Decisions) > 0 {
		done[StageDecision] = on(c.Decisions[0].Signature)
		standing, _ := c.Standing()
		skipped[StageApplication] = standing.Disposition == DispositionNone
	}
	if i := slices.IndexFunc(c.Notifications, func(n Notification) bool { return n.To == c.Subject.ID && n.Decision == len(c.Decisions) }); i >= 0 {
		done[StageNotification] = c.Notifications[i].On
	}
	if i := slices.IndexFunc(c.Applications, func(a Application) bool { return a.Decision == len(c.Decisions) }); i >= 0 {
		done[StageApplication] = c.Applications[i].On
	}
	if d := c.Dismissal; d != nil {
		done[StageDetermination] = on(d.Signature)
		for _, s := range []Stage{StageInvestigation, StageDecision, StageNotification, StageApplication} {
			skipped[s] = true
		}
	}
	if d := c.Closure; d != nil {
		done[StageClosure] = on(d.Signature)
	}
	var out []Deadline
	for _, l := range c.Policy.Procedure {
		if l.Days <= 0 || start.IsZero() || skipped[l.Stage] || l.Stage == StageAppeal {
			continue
		}
		d := Deadline{Step: l.Step, Stage: l.Stage, Due: start.AddDays(l.Days), Done: done[l.Stage]}
		switch l.Stage {
		case StageInvestigation:
			d.Done = c.stepDone(l.Step)
		case StageAppealDecision:
			if len(c.Appeals) == 0 {
				continue
			}
			last := c.Appeals[len(c.Appeals)-1]
			d.Due = on(last.Signature).AddDays(l.Days)
			if last.Resolution != nil {
				d.Done = on(last.Resolution.Signature)
			}
		}
		out = append(out, d)
	}
	return out
}

// stepDone returns the day on which a required step was first recorded as taken or omitted, in this proceeding or before.
func (c Case) stepDone(step string) hipaasmp.Date {
	for _, p := range c.proceedings() {
		for _, s := range p.Investigation {
			if s.Step == step {
				return s.On
			}
		}
	}
	return hipaasmp.Date{}
}

// OpenOn reports whether the case had been reported and not yet closed on the day, as far as the current proceeding tells.
func (c Case) OpenOn(asOf hipaasmp.Date) bool {
	if c.Report.On.IsZero() || c.Report.On.After(asOf) {
		return false
	}
	if c.Closure == nil {
		return true
	}
	loc, _ := c.location()
	return hipaasmp.DateOf(c.Closure.At, loc).After(asOf)
}
