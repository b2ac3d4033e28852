package inquiry

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// items are measures that are not in place, with the milestones that are not reached.
func (b *agendaBuilder) items() {
	for _, i := range b.r.Items {
		if !i.State.Live() || i.Created.After(b.asOf) {
			continue
		}
		refs := []hipaasmp.Ref{i.DocumentRef()}
		b.add(AgendaEntry{ID: "item/" + i.ID, Matter: MatterItem, Due: i.Due, Owner: i.Owner, Citation: i.Specification, Refs: refs,
			What: "Have in place: " + i.Title, Basis: fmt.Sprintf("Due date of item %s, which treats finding %s.", i.ID, i.Finding.Finding)})
		for _, m := range i.Milestones {
			if !m.Done.IsZero() && !m.Done.After(b.asOf) {
				continue
			}
			b.add(AgendaEntry{ID: "milestone/" + i.ID + "/" + m.ID, Matter: MatterMilestone, Due: m.Due, Owner: i.Owner, Citation: i.Specification, Refs: refs,
				What: "Reach: " + m.Title, Basis: fmt.Sprintf("Milestone %s of item %s.", m.ID, i.ID)})
		}
	}
}

// acceptances are those in force that will end, and those that ended without another decision for a finding of the
// analysis in effect.
func (b *agendaBuilder) acceptances() {
	inForce := map[string]bool{}
	last := map[string]remediation.Acceptance{}
	for _, a := range b.r.Acceptances {
		if a.On.After(b.asOf) {
			continue
		}
		f := a.Finding.Finding
		inForce[f] = inForce[f] || a.InForce(b.asOf)
		if old, ok := last[f]; !ok || a.Expires.After(old.Expires) {
			last[f] = a
		}
	}
	current, _ := risk.InEffect(b.r.Analyses, b.asOf)
	for f, a := range last {
		_, stands := current.Finding(f)
		treated := slices.ContainsFunc(b.r.Items, func(i remediation.Item) bool {
			return i.Finding.Finding == f && i.State.Open() && !i.Created.After(b.asOf)
		})
		if !inForce[f] && (!stands || treated || a.Revocation != nil) {
			continue
		}
		b.add(AgendaEntry{ID: "acceptance/" + a.ID, Matter: MatterAcceptance, Due: a.Expires, Owner: a.Approver.ID, Citation: hipaasmp.CiteRiskManagement,
			Refs: []hipaasmp.Ref{a.DocumentRef()}, What: fmt.Sprintf("Decide again on the accepted risk of finding %s", f), Basis: "Last day of acceptance " + a.ID + "."})
	}
}

// analysis is the next one by the entity's own interval.
func (b *agendaBuilder) analysis() {
	a, ok := risk.InEffect(b.r.Analyses, b.asOf)
	if !ok {
		return
	}
	c := b.r.cadence(b.asOf)
	if due, ok := c.Due(a.Approval.On); ok {
		b.add(AgendaEntry{ID: "analysis/" + a.ID, Matter: MatterAnalysis, Due: due, Owner: a.Approval.SecurityOfficial.ID, Citation: hipaasmp.CiteRiskAnalysis,
			Refs: []hipaasmp.Ref{a.DocumentRef()}, What: "Review and renew the risk analysis",
			Basis: fmt.Sprintf("%s after the approval of %s, by the entity's own interval.", count(c.Months, "month", "months"), a.DocumentRef())})
	}
}

// agreements are those of the inventory as it is now.
func (b *agendaBuilder) agreements() {
	a, _ := risk.InEffect(b.r.Analyses, b.asOf)
	inventory, refs := a.Inventory, []hipaasmp.Ref{a.DocumentRef()}
	if b.r.Inventory != nil {
		inventory, refs = *b.r.Inventory, nil
	}
	for _, x := range inventory.Assets {
		v := x.Vendor
		if v == nil || !x.Retired.IsZero() && x.Retired.Before(b.asOf) {
			continue
		}
		if v.Agreement != nil {
			b.add(AgendaEntry{ID: "agreement/" + x.ID, Matter: MatterAgreement, Due: v.Agreement.Expires, Owner: x.Owner, Citation: hipaasmp.CiteWrittenContract, Refs: refs,
				What: "Renew the agreement with " + v.Name + ", or end the service", Basis: "Last day of the agreement behind " + x.Name + "."})
		}
		for _, s := range v.Subcontractors {
			if s.Agreement != nil {
				b.add(AgendaEntry{ID: "agreement/" + x.ID + "/" + s.ID, Matter: MatterAgreement, Due: s.Agreement.Expires, Owner: x.Owner, Citation: hipaasmp.CiteWrittenContract, Refs: refs,
					What: "Ask " + v.Name + " for the renewed agreement with " + s.Name, Basis: "Last day of the subcontractor's agreement, as far as the entity was told."})
			}
		}
	}
}

// policies are the sanction policy's own review, and who has still to acknowledge it and to be trained on it.
func (b *agendaBuilder) policies() {
	for _, p := range sanction.InForce(b.r.Policies, b.asOf) {
		refs := []hipaasmp.Ref{p.DocumentRef()}
		b.add(AgendaEntry{ID: "policy/" + p.ID, Matter: MatterPolicy, Due: p.ReviewDue(), Owner: p.Approval.By.ID, Citation: hipaasmp.CiteSanctionPolicy, Refs: refs,
			What: "Review the sanction policy", Basis: fmt.Sprintf("Every %s, by the policy's own interval.", count(p.ReviewMonths, "month", "months"))})
		for _, m := range sanction.Missing(p, b.r.Entity.Workforce, b.r.Acknowledgements, b.asOf) {
			b.add(AgendaEntry{ID: "policy/" + p.ID + "/acknowledge/" + m.Member, Matter: MatterPolicy, Due: m.Due, Owner: m.Member, Citation: hipaasmp.CiteSanctionPolicy, Refs: refs,
				What: "Acknowledge the sanction policy", Basis: fmt.Sprintf("Within the %s that the policy gives.", count(p.AcknowledgeDays, "day", "days"))})
		}
		for _, m := range sanction.MissingTraining(p, b.r.Entity.Workforce, b.r.Trainings, b.asOf) {
			b.add(AgendaEntry{ID: "policy/" + p.ID + "/train/" + m.Member, Matter: MatterPolicy, Due: m.Due, Owner: m.Member, Citation: hipaasmp.CiteSanctionPolicy, Refs: refs,
				What: "Be trained on the sanction policy", Basis: fmt.Sprintf("Within the %s that the policy gives.", count(p.TrainDays, "day", "days"))})
		}
	}
}

// procedures are the reviews of the review procedure itself.
func (b *agendaBuilder) procedures() {
	for _, p := range review.InForce(b.r.Procedures, b.asOf) {
		if p.Limits.ReviewMonths <= 0 {
			continue
		}
		last := p.Approval.On
		for _, v := range p.Reviews {
			if v.On.After(last) && !v.On.After(b.asOf) {
				last = v.On
			}
		}
		b.add(AgendaEntry{ID: "procedure/" + p.ID, Matter: MatterPolicy, Due: last.AddMonths(p.Limits.ReviewMonths), Owner: p.Approval.By.ID, Citation: hipaasmp.CiteActivityReview,
			Refs: []hipaasmp.Ref{p.DocumentRef()}, What: "Review the procedure for activity review",
			Basis: fmt.Sprintf("Every %s, by the procedure's own interval.", count(p.Limits.ReviewMonths, "month", "months"))})
	}
}

// reviews are the review periods of the procedure in force that no certified review covers: those that are overdue, the
// one that runs, and those to come until the end of the agenda.
func (b *agendaBuilder) reviews() {
	entry := func(p review.Procedure, period hipaasmp.Period, due hipaasmp.Date, sources []review.Source) AgendaEntry {
		names := make([]string, len(sources))
		for i, s := range sources {
			names[i] = s.Name
		}
		return AgendaEntry{ID: "review/" + p.ID + "/" + period.From.String(), Matter: MatterReview, Due: due, Citation: hipaasmp.CiteActivityReview,
			Refs: []hipaasmp.Ref{p.DocumentRef()}, What: fmt.Sprintf("Review the activity of %s and have the review certified", period),
			Basis: fmt.Sprintf("By procedure version %s. Sources: %s.", p.Version, strings.Join(names, "; "))}
	}
	versions := map[hipaasmp.Ref]review.Procedure{}
	first := b.asOf
	for _, p := range b.r.Procedures {
		versions[p.DocumentRef()] = p
		if !p.Effective.From.IsZero() && p.Effective.From.Before(first) {
			first = p.Effective.From
		}
	}
	for _, late := range b.r.reviews().Coverage(hipaasmp.Period{From: first, To: b.asOf}, b.asOf).Overdue {
		if late.Round != "" {
			continue // with the other periods of rounds
		}
		b.add(entry(versions[late.Procedure], late.Period, late.Due, late.Sources))
	}
	for _, p := range review.InForce(b.r.Procedures, b.asOf) {
		period := p.Cadence.Period(b.asOf)
		for back := p.Cadence.Period(period.From.AddDays(-1)); !back.Open() && !b.asOf.After(p.Cadence.Until(back)); back = p.Cadence.Period(back.From.AddDays(-1)) {
			period = back
		}
		for ; !period.Open() && !p.Cadence.Due(period).After(b.a.Through); period = p.Cadence.Period(period.To.AddDays(1)) {
			if !p.Effective.Contains(period.To) && !p.Effective.Contains(period.From) {
				continue
			}
			if open := b.uncertified(p, period); len(open) > 0 {
				b.addUntil(entry(p, period, p.Cadence.Due(period), open), p.Cadence.Until(period))
			}
		}
	}
	b.rounds(first)
}

// rounds are the periods of rounds that have begun and that no certified review covers.
func (b *agendaBuilder) rounds(first hipaasmp.Date) {
	for _, x := range b.r.reviews().Rounds(hipaasmp.Period{From: first, To: b.asOf}, b.asOf) {
		if len(x.Missing) == 0 {
			continue
		}
		names := make([]string, len(x.Missing))
		for i, s := range x.Missing {
			names[i] = s.Name
		}
		b.addUntil(AgendaEntry{ID: "review/" + x.Procedure.ID + "/" + x.Round.ID + "/" + x.Period.From.String(), Matter: MatterReview, Due: x.Due, Citation: hipaasmp.CiteActivityReview,
			Refs: []hipaasmp.Ref{x.Procedure}, What: fmt.Sprintf("Hold the round %q of %s and have it certified", x.Round.ID, x.Period),
			Basis: fmt.Sprintf("By procedure version %s: %s. Sources: %s.", x.Version, count(len(x.Detectors), "detector", "detectors"), strings.Join(names, "; "))}, x.Until)
	}
}

// openItems are what reviews left open and gave a day, the rules for explaining findings that end, and what must be fetched
// before its source drops it.
func (b *agendaBuilder) openItems() {
	reviews := b.r.reviews()
	for _, x := range reviews.Open(b.asOf) {
		b.add(AgendaEntry{ID: "open-item/" + x.Document.ID + "/" + x.ID, Matter: MatterReview, Due: x.Due, Owner: x.Owner, Citation: hipaasmp.CiteActivityReview,
			Refs: []hipaasmp.Ref{x.Document}, What: "Close what the review left open: " + x.What, Basis: fmt.Sprintf("The day that the review of %s gave.", x.Period)})
	}
	for _, rule := range b.r.Rules {
		if last := rule.InEffect().To; rule.Withdrawn == nil && !last.Before(b.asOf) && !rule.Approval.On.After(b.asOf) {
			b.add(AgendaEntry{ID: "rule/" + rule.ID, Matter: MatterReview, Due: last, Owner: rule.Approval.By.ID, Citation: hipaasmp.CiteActivityReview,
				Refs: []hipaasmp.Ref{rule.DocumentRef()}, What: "Decide whether findings of " + string(rule.Detector) + " still explain themselves by the rule " + rule.ID, Basis: "Last day of the rule."})
		}
	}
	for _, f := range reviews.Fetches(hipaasmp.Period{}, b.asOf) {
		if !f.Lost {
			b.add(AgendaEntry{ID: "fetch/" + f.Source.ID + "/" + f.Period.From.String(), Matter: MatterReview, Due: f.By, Citation: hipaasmp.CiteAuditControls,
				Refs: []hipaasmp.Ref{f.Procedure}, What: fmt.Sprintf("Fetch the records of %s for %s", f.Source.Name, f.Period), Basis: fmt.Sprintf("The source keeps an entry %s and no archive is named.", count(f.Source.HorizonDays, "day", "days"))})
		}
	}
}

// uncertified lists the sources of the procedure that no certified review of the whole period speaks of.
func (b *agendaBuilder) uncertified(p review.Procedure, period hipaasmp.Period) []review.Source {
	return keep(p.Sources, func(s review.Source) bool {
		return !slices.ContainsFunc(b.r.Reviews, func(x review.Record) bool {
			return x.Round == "" && !x.Timeliness.Certified.After(b.asOf) && !x.Period.From.After(period.From) && !x.Period.To.Before(period.To) &&
				(slices.ContainsFunc(x.Sources, func(y review.SourceReview) bool { return y.Source == s.ID }) ||
					slices.ContainsFunc(x.NotReviewed, func(y review.NotReviewed) bool { return y.Source == s.ID }))
		})
	})
}

// incidents are those without an outcome, by the limit of the procedure in force.
func (b *agendaBuilder) incidents() {
	procedures := review.InForce(b.r.Procedures, b.asOf)
	if len(procedures) == 0 || procedures[0].Limits.IncidentDays <= 0 {
		return
	}
	limit := procedures[0].Limits.IncidentDays
	for _, i := range b.r.Incidents {
		if i.Ending != nil || i.Report.On.IsZero() || i.Report.On.After(b.asOf) {
			continue
		}
		b.add(AgendaEntry{ID: "incident/" + i.ID, Matter: MatterIncident, Due: i.Report.On.AddDays(limit), Citation: hipaasmp.CiteActivityReview,
			Refs: []hipaasmp.Ref{i.DocumentRef()}, What: "Document the outcome of incident " + i.ID,
			Basis: fmt.Sprintf("Within the %s that the procedure gives.", count(limit, "day", "days"))})
	}
}

// cases are the time limits of open cases.
func (b *agendaBuilder) cases() {
	for _, c := range b.r.Cases {
		if !c.OpenOn(b.asOf) {
			continue
		}
		for _, d := range c.Deadlines() {
			if !d.Done.IsZero() && !d.Done.After(b.asOf) {
				continue
			}
			b.add(AgendaEntry{ID: "case/" + c.ID + "/" + d.Step, Matter: MatterCase, Due: d.Due, Citation: hipaasmp.CiteSanctionPolicy,
				Refs: []hipaasmp.Ref{c.DocumentRef()}, What: fmt.Sprintf("Take the step %q of case %s", d.Step, c.ID), Basis: "Time limit of the policy of the case; it is the entity's own."})
		}
	}
}

// attestations ask for the next statement where the policy sets an interval: counted from the first policy, the last
// report of a case and the last day that an attestation speaks of.
func (b *agendaBuilder) attestations() {
	current := sanction.InForce(b.r.Policies, b.asOf)
	if len(current) == 0 || current[0].AttestMonths <= 0 {
		return
	}
	p := current[0]
	mark := p.Effective.From
	for _, x := range b.r.Policies {
		if from := x.Effective.From; !from.IsZero() && from.Before(mark) {
			mark = from
		}
	}
	later := func(on hipaasmp.Date) {
		if on.After(mark) && !on.After(b.asOf) {
			mark = on
		}
	}
	for _, c := range b.r.Cases {
		later(c.Report.On)
	}
	for _, o := range b.r.Outcomes {
		later(o.Report.On)
	}
	for _, a := range b.r.Attestations {
		if !a.On.After(b.asOf) && !a.Period.Open() {
			later(a.Period.To)
		}
	}
	b.add(AgendaEntry{ID: "attestation/" + p.ID, Matter: MatterAttestation, Due: mark.AddMonths(p.AttestMonths), Owner: p.Approval.By.ID, Citation: hipaasmp.CiteSanctionPolicy,
		Refs: []hipaasmp.Ref{p.DocumentRef()}, What: "File the cases of the period, or attest that no violation came to notice",
		Basis: fmt.Sprintf("%s after %s, by the policy's own interval.", count(p.AttestMonths, "month", "months"), mark)})
}

// disposals are the first days on which the destruction of a record may be proposed, and for those that were proposed the
// step that is next.
func (b *agendaBuilder) disposals(kept []Keeping) {
	if kept == nil {
		kept = b.r.keepings()
	}
	begun := map[hipaasmp.Ref]retention.Disposition{}
	for _, d := range b.r.Dispositions {
		begun[d.Ref.Newest()] = d
	}
	for _, k := range kept {
		if !k.Term.Running {
			continue
		}
		e := AgendaEntry{ID: "disposal/" + k.Ref.String(), Matter: MatterDisposal, Due: k.Term.FirstDisposal, Citation: hipaasmp.CiteTimeLimit, Refs: []hipaasmp.Ref{k.Ref}, Held: k.Held,
			What: "The disposal of " + k.Ref.String() + " may be proposed", Basis: fmt.Sprintf("Kept through %s. That the date has passed destroys nothing.", k.Term.KeepThrough)}
		d, ok := begun[k.Ref.Newest()]
		if ok && d.State != retention.StateRetaining && d.State != retention.StateDisposed {
			e.Refs = append(e.Refs, d.DocumentRef())
			switch d.State {
			case retention.StateInReview:
				e.What = "Approve the disposal of " + k.Ref.String() + ", or keep it"
			case retention.StateApproved:
				e.What = "Carry out the disposal of " + k.Ref.String()
			default:
				e.What = "Review the disposal of " + k.Ref.String()
			}
		}
		if len(k.Held) > 0 {
			e.What = k.Ref.String() + " is under hold and may not be disposed of"
			e.Basis = fmt.Sprintf("Held for %s; its term ends with %s. Release every hold before its disposal is proposed.", strings.Join(k.Held, ", "), k.Term.KeepThrough)
		}
		b.add(e)
	}
}
