package inquiry

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func violations(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	incidents, outcomes := until(r.IncidentRecords, asOf), until(r.Outcomes, asOf)
	closed := append(refs(incidents), refs(outcomes)...)
	var open []hipaasmp.Ref
	for _, i := range r.Incidents {
		if !i.Report.On.After(asOf) && !slices.ContainsFunc(incidents, func(x review.IncidentRecord) bool { return x.Incident.Newest() == i.DocumentRef() }) {
			open = append(open, i.DocumentRef())
		}
	}
	for _, c := range r.Cases {
		if !c.Report.On.After(asOf) && !slices.ContainsFunc(outcomes, func(o sanction.Outcome) bool { return o.Case.Newest() == c.DocumentRef() }) {
			open = append(open, c.DocumentRef())
		}
	}
	switch {
	case len(closed) > 0 && len(open) > 0:
		return append(closed, open...), fmt.Sprintf("Of these %d %s a final record and %d %s open.", len(closed), verb(len(closed), "has", "have"), len(open), verb(len(open), "is", "are"))
	case len(closed) > 0:
		return closed, ""
	case len(open) > 0:
		return open, "None of these has a final record yet."
	}
	if said := until(r.Attestations, asOf); len(said) > 0 {
		return refs(said), "No violation is on file; the attestations say that none came to notice."
	}
	return nil, ""
}

func riskProcedure(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	p, ok := risk.InForce(r.RiskProcedures, asOf)
	if !ok {
		return nil, ""
	}
	return []hipaasmp.Ref{p.DocumentRef()}, fmt.Sprintf("%s, version %s, in effect %s.", p.Title, p.Version, p.InEffect)
}

// cadence is the entity's own interval for its risk analysis, or that of its procedure.
func (r Records) cadence(asOf hipaasmp.Date) risk.Cadence {
	if p, ok := risk.InForce(r.RiskProcedures, asOf); ok && r.Cadence.Months <= 0 {
		return p.Cadence()
	}
	return r.Cadence
}

func currentAnalysis(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	a, ok := risk.InEffect(r.Analyses, asOf)
	begun := keep(r.Drafts, func(d risk.Draft) bool {
		on := hipaasmp.DateOf(d.CreatedAt, r.zone())
		return !on.After(asOf) && d.CreatedAt.After(a.Approval.At)
	})
	note := ""
	if len(begun) > 0 {
		note = fmt.Sprintf("In work, and no analysis yet: %s.", named(refs(begun)))
	}
	if !ok {
		return nil, note
	}
	return []hipaasmp.Ref{a.DocumentRef()}, strings.TrimSpace(fmt.Sprintf("Approved on %s with %s. %s", a.Approval.On, count(len(a.Findings), "finding", "findings"), note))
}

func precedingAnalysis(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	a, ok := risk.InEffect(r.Analyses, asOf)
	switch {
	case !ok:
		return nil, ""
	case a.Predecessor != nil:
		for _, b := range r.Analyses {
			if b.DocumentRef() == a.Predecessor.Newest() {
				return []hipaasmp.Ref{b.DocumentRef()}, fmt.Sprintf("In effect %s.", b.InEffect)
			}
		}
		return nil, fmt.Sprintf("%s names %s, which is not on file.", a.DocumentRef(), a.Predecessor)
	case a.Explanation != "":
		return []hipaasmp.Ref{a.DocumentRef()}, "There is none before it; the analysis explains why."
	}
	return nil, ""
}

func approvedPlan(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	if p, ok := remediation.InEffect(r.Plans, asOf); ok {
		return []hipaasmp.Ref{p.DocumentRef()}, fmt.Sprintf("Approved on %s with %s; the acceptable level of risk is %s.",
			p.Approval.On, count(len(p.Commitments), "commitment", "commitments"), strings.ReplaceAll(string(p.AcceptableLevel), "_", " "))
	}
	return nil, ""
}

// measures are what was completed or accepted, and what is under way or planned. Where no finding is above the
// acceptable level nothing has to be done, and the analysis itself shows it.
func measures(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	completed, accepted := until(r.Completions, asOf), until(r.Acceptances, asOf)
	out := append(refs(completed), refs(accepted)...)
	underWay, planned := 0, 0
	for _, i := range r.Items {
		if i.Created.After(asOf) {
			continue
		}
		switch i.State {
		case remediation.StatePlanned:
			planned++
		case remediation.StateInProgress, remediation.StateBlocked, remediation.StateImplemented, remediation.StateVerified:
			underWay++
		default:
			continue
		}
		out = append(out, i.DocumentRef())
	}
	if len(out) > 0 {
		return out, fmt.Sprintf("Completed: %d; under way: %d; planned: %d; accepted: %d.", len(completed), underWay, planned, len(accepted))
	}
	a, ok := risk.InEffect(r.Analyses, asOf)
	if !ok || slices.ContainsFunc(a.Findings, func(x risk.Finding) bool { return x.Exposure(a.AcceptableLevel) != risk.ExposureWithin }) {
		return nil, ""
	}
	return []hipaasmp.Ref{a.DocumentRef()}, "No finding of the analysis is above the acceptable level of risk."
}

func sanctionPolicy(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	inForce := sanction.InForce(r.Policies, asOf)
	if len(inForce) == 0 {
		return nil, ""
	}
	known := keep(until(r.Acknowledgements, asOf), func(a sanction.Acknowledgement) bool { return names(refs(inForce), a.Policy) })
	return append(refs(inForce), refs(known)...), fmt.Sprintf("In effect since %s, with %s.", inForce[0].Effective.From, count(len(known), "acknowledgement", "acknowledgements"))
}

func sanctionsApplied(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	final, said := until(r.Outcomes, asOf), until(r.Attestations, asOf)
	out := append(refs(final), refs(said)...)
	if len(out) == 0 {
		return nil, ""
	}
	return out, fmt.Sprintf("%s of a case, %s of a period without a violation.", count(len(final), "final record", "final records"), count(len(said), "attestation", "attestations"))
}

func reviewProcedure(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	inForce := review.InForce(r.Procedures, asOf)
	if len(inForce) == 0 {
		return nil, ""
	}
	return refs(inForce), fmt.Sprintf("In effect since %s, over %s.", inForce[0].Effective.From, count(len(inForce[0].Sources), "source", "sources"))
}

func certifiedReviews(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	certified := until(r.Reviews, asOf)
	if len(certified) == 0 {
		return nil, ""
	}
	note := count(len(certified), "certified review", "certified reviews") + " on file"
	if !r.Asked.From.IsZero() {
		about := keep(certified, func(x review.Record) bool { return x.Period.Overlaps(r.Asked) })
		note += fmt.Sprintf(", %d about days of the period asked", len(about))
	}
	return refs(certified), note + "."
}

func canLog(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	shows := keep(until(r.Reviews, asOf), func(x review.Record) bool {
		return slices.ContainsFunc(x.Sources, func(s review.SourceReview) bool { return s.Capability.State == review.CapabilityEnabled })
	})
	if len(shows) == 0 {
		return nil, ""
	}
	return refs(shows), "Each says on which day recording was found on."
}

func securityOfficial(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	var who []string
	for _, a := range r.Entity.Appointments {
		if a.Role == hipaasmp.RoleSecurityOfficial && a.Term.Contains(asOf) {
			who = append(who, fmt.Sprintf("%s, %s", a.Member, a.Term))
		}
	}
	if len(who) == 0 {
		return nil, ""
	}
	return []hipaasmp.Ref{r.Entity.DocumentRef()}, strings.Join(who, "; ") + "."
}

func written(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	all := until(r.finals(), asOf)
	if len(all) == 0 {
		return nil, ""
	}
	said := len(until(r.RiskProcedures, asOf)) + len(until(r.Policies, asOf)) + len(until(r.Procedures, asOf))
	return refs(all), fmt.Sprintf("%s of a policy or procedure, and %s of what was done.", count(said, "version", "versions"), count(len(all)-said, "record", "records"))
}

func kept(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	all := until(r.finals(), asOf)
	if len(all) == 0 {
		return nil, ""
	}
	var oldest hipaasmp.Date
	for _, f := range all {
		oldest = earlier(oldest, f.RetentionBasis().Created)
	}
	return refs(all), fmt.Sprintf("The oldest is of %s. Until when each is kept, and the proof that none was changed, are in the package.", oldest)
}

func available(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	known := until(r.Acknowledgements, asOf)
	taught := keep(until(r.Trainings, asOf), func(t sanction.Training) bool { return t.Policy != nil })
	out := append(refs(known), refs(taught)...)
	if len(out) == 0 {
		return nil, ""
	}
	return out, fmt.Sprintf("%s and %s.", count(len(known), "acknowledgement", "acknowledgements"), count(len(taught), "training on a policy", "trainings on a policy"))
}

// reviewedPeriodically are the documents in effect that were reviewed, that took the place of others, or whose first
// review by the entity's own interval is still to come.
func reviewedPeriodically(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	var out []hipaasmp.Ref
	recorded := 0
	if a, ok := risk.InEffect(r.Analyses, asOf); ok {
		due, set := r.cadence(asOf).Due(a.Approval.On)
		if a.Predecessor != nil || set && !asOf.After(due) {
			out = append(out, a.DocumentRef())
		}
	}
	for _, p := range sanction.InForce(r.Policies, asOf) {
		n := len(keep(p.Reviews, func(v sanction.PolicyReview) bool { return !v.On.After(asOf) }))
		recorded += n
		if n > 0 || p.Replaces != nil || p.ReviewMonths > 0 && !asOf.After(p.Approval.On.AddMonths(p.ReviewMonths)) {
			out = append(out, p.DocumentRef())
		}
	}
	for _, p := range review.InForce(r.Procedures, asOf) {
		n := len(keep(p.Reviews, func(v review.ProcedureReview) bool { return !v.On.After(asOf) }))
		recorded += n
		if months := p.Limits.ReviewMonths; n > 0 || p.Replaces != nil || months > 0 && !asOf.After(p.Approval.On.AddMonths(months)) {
			out = append(out, p.DocumentRef())
		}
	}
	if len(out) == 0 {
		return nil, ""
	}
	return out, count(recorded, "review of a policy or procedure", "reviews of policies and procedures") + " recorded in them."
}
