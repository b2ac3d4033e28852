package sanction

import (
	"cmp"
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The codes of the gaps that this package finds.
const (
	// GapNoPolicy: no policy is in effect on the day.
	GapNoPolicy hipaasmp.GapCode = "GAP-SAN-01"
	// GapNeverApplied: a policy is in effect with neither a case nor an attestation.
	GapNeverApplied hipaasmp.GapCode = "GAP-SAN-02"
	// GapOverLimit: a case is past a time limit of the policy, or kept to one only afterwards.
	GapOverLimit hipaasmp.GapCode = "GAP-SAN-03"
	// GapNotNotified: an outcome records no notice of the decision that stands.
	GapNotNotified hipaasmp.GapCode = "GAP-SAN-04"
	// GapUnacknowledged: members of the workforce have not acknowledged the policy in time.
	GapUnacknowledged hipaasmp.GapCode = "GAP-SAN-05"
	// GapNotReviewed: the policy was not reviewed within the entity's own interval.
	GapNotReviewed hipaasmp.GapCode = "GAP-SAN-06"
	// GapNotRecorded: a closed case has no final record.
	GapNotRecorded hipaasmp.GapCode = "GAP-SAN-07"
	// GapUneven: like cases ended differently and nothing on file explains it.
	GapUneven hipaasmp.GapCode = "GAP-SAN-08"
	// GapContradicted: a found violation lies in a period attested as free of any.
	GapContradicted hipaasmp.GapCode = "GAP-SAN-09"
	// GapOtherTerms: a case was handled under terms that the policy on file does not have.
	GapOtherTerms hipaasmp.GapCode = "GAP-SAN-10"
	// GapUntrained: members of the workforce have not been trained on the policy in time.
	GapUntrained hipaasmp.GapCode = "GAP-SAN-11"
	// GapTrainingNotGiven: the sanction of a case includes a training that is not on file.
	GapTrainingNotGiven hipaasmp.GapCode = "GAP-SAN-12"
	// GapSeveralPolicies: several versions are in effect on the day, so that it cannot be told which one governs an act.
	GapSeveralPolicies hipaasmp.GapCode = "GAP-SAN-13"
	// GapUngoverned: on days of the asked period no version of the policy was in effect.
	GapUngoverned hipaasmp.GapCode = "GAP-SAN-14"
)

// Records is everything of this package that a tenant has; the gap checks are asked of it.
type Records struct {
	// EntityType decides whether the duties of 164.530(e) are named.
	EntityType hipaasmp.EntityType
	// Policies are all versions of the policy, each once.
	Policies []Policy
	// Cases are the cases, open and closed.
	Cases []Case
	// Outcomes are the final records, the newest version of each.
	Outcomes []Outcome
	// Acknowledgements are those of any version.
	Acknowledgements []Acknowledgement
	// Trainings are those of any version, and those that were the sanction of a case.
	Trainings []Training
	// Attestations are those of any period.
	Attestations []Attestation
	// Workforce lists the members who are asked for acknowledgements and trainings.
	Workforce []hipaasmp.WorkforceMember
}

// GapChecks returns the checks bound to the records. asked is the period that an inquiry is about; unset, the check for
// a policy that is never applied uses the interval that the policy itself sets.
func (r Records) GapChecks(asked hipaasmp.Period) []hipaasmp.GapCheck {
	applied := func(asOf hipaasmp.Date) []hipaasmp.Gap { return r.neverApplied(asked, asOf) }
	ungoverned := func(asOf hipaasmp.Date) []hipaasmp.Gap { return r.ungoverned(asked, asOf) }
	recorded := hipaasmp.CiteSanctionPolicy
	if r.EntityType == hipaasmp.EntityCoveredEntity {
		recorded = hipaasmp.CiteDocumentSanctions
	}
	return []hipaasmp.GapCheck{
		{Code: GapNoPolicy, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Is a sanction policy in effect?", Find: r.noPolicy},
		{Code: GapNeverApplied, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Was the policy applied, or is it attested that nothing had to be?", Find: applied},
		{Code: GapOverLimit, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Do the cases keep to the policy's own time limits?", Find: r.overLimit},
		{Code: GapNotNotified, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Was the person notified of the outcome?", Find: r.notNotified},
		{Code: GapUnacknowledged, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Has everybody in the workforce acknowledged the policy?", Find: r.unacknowledged},
		{Code: GapNotReviewed, Citation: hipaasmp.CiteUpdates, Asks: "Was the policy reviewed within the entity's own interval?", Find: r.notReviewed},
		{Code: GapNotRecorded, Citation: recorded, Asks: "Does every closed case have its final record?", Find: r.notRecorded},
		{Code: GapUneven, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Were like cases treated alike?", Find: r.uneven},
		{Code: GapContradicted, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Does a case contradict an attestation?", Find: r.contradicted},
		{Code: GapOtherTerms, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Was each case handled under the policy version on file that was in force on the day of the act?", Find: r.otherTerms},
		{Code: GapUntrained, Citation: hipaasmp.CiteAwarenessTraining, Asks: "Has everybody in the workforce been trained on the policy?", Find: r.untrained},
		{Code: GapTrainingNotGiven, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Did every training that was a sanction take place?", Find: r.trainingNotGiven},
		{Code: GapSeveralPolicies, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Is it clear which version of the policy governs?", Find: r.severalPolicies},
		{Code: GapUngoverned, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Was a version of the policy in effect on every day of the period?", Find: ungoverned},
	}
}

func (r Records) noPolicy(asOf hipaasmp.Date) []hipaasmp.Gap {
	if len(InForce(r.Policies, asOf)) > 0 {
		return nil
	}
	g := hipaasmp.Gap{
		Missing: fmt.Sprintf("No sanction policy is in effect on %s.", asOf),
		Closes:  "Approve a policy and put it in effect.",
	}
	for _, p := range r.Policies {
		g.Counted = append(g.Counted, fmt.Sprintf("%s, in effect %s", p.DocumentRef(), p.Effective))
		if to := p.Effective.To; to.Before(asOf) && !to.IsZero() && to.AddDays(1).After(g.Since) {
			g.Since = to.AddDays(1)
		}
	}
	return []hipaasmp.Gap{g}
}

func (r Records) severalPolicies(asOf hipaasmp.Date) []hipaasmp.Gap {
	current := InForce(r.Policies, asOf)
	if len(current) < 2 {
		return nil
	}
	g := hipaasmp.Gap{
		Missing: fmt.Sprintf("The versions of the sanction policy in effect on %s are %d, so that it cannot be told which one governs an act of that day.", asOf, len(current)),
		Since:   current[1].Effective.From,
		Closes:  "Set the last day in effect of the versions that were replaced.",
	}
	if from := current[0].Effective.From; from.After(g.Since) {
		g.Since = from
	}
	for _, p := range current {
		g.Refs = append(g.Refs, p.DocumentRef())
		g.Counted = append(g.Counted, fmt.Sprintf("%s, version %s, in effect %s", p.DocumentRef(), p.Version, p.Effective))
	}
	return []hipaasmp.Gap{g}
}

func (r Records) overLimit(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, c := range r.Cases {
		if c.Report.On.IsZero() || c.Report.On.After(asOf) {
			continue
		}
		for _, d := range c.Deadlines() {
			switch taken := !d.Done.IsZero() && !d.Done.After(asOf); {
			case taken && d.Done.After(d.Due):
				out = append(out, hipaasmp.Gap{
					Missing: fmt.Sprintf("In %s the step %q was taken on %s, %s after it was due by the entity's own policy.", c.DocumentRef(), d.Step, d.Done, days(d.Due.DaysUntil(d.Done))),
					Since:   d.Due.AddDays(1),
					Closes:  "It cannot be undone; keep to the limits from here, or set such as can be kept.",
					Refs:    []hipaasmp.Ref{c.DocumentRef(), c.Policy.Policy},
				})
			case d.Overdue(asOf) && c.OpenOn(asOf):
				out = append(out, hipaasmp.Gap{
					Missing: fmt.Sprintf("%s is open and the step %q was due on %s by the entity's own policy, %d days ago.", c.DocumentRef(), d.Step, d.Due, d.Due.DaysUntil(asOf)),
					Since:   d.Due.AddDays(1),
					Closes:  "Take the step and record it.",
					Refs:    []hipaasmp.Ref{c.DocumentRef(), c.Policy.Policy},
				})
			}
		}
	}
	return out
}

func (r Records) notNotified(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, o := range r.Outcomes {
		if o.Result == ResultDismissed || o.Closed.IsZero() || o.Closed.After(asOf) || o.Notified() {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("%s records no notification of the person of the decision that stands.", o.DocumentRef()),
			Since:   o.Closed,
			Closes:  "Reopen the case, notify the person, and close it again.",
			Refs:    []hipaasmp.Ref{o.DocumentRef(), o.Case},
		})
	}
	return out
}

func (r Records) notReviewed(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, p := range InForce(r.Policies, asOf) {
		due := p.reviewDueAt(asOf)
		if due.IsZero() || !asOf.After(due) {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("Policy version %s was to be reviewed by %s by the entity's own interval of %d months; the rule asks for periodic review and names no interval.", p.Version, due, p.ReviewMonths),
			Since:   due.AddDays(1),
			Closes:  "Review the policy and record the result.",
			Refs:    []hipaasmp.Ref{p.DocumentRef()},
		})
	}
	return out
}

func (r Records) notRecorded(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, c := range r.Cases {
		if c.Closure == nil || c.OpenOn(asOf) || c.Report.On.After(asOf) {
			continue
		}
		ok := slices.ContainsFunc(r.Outcomes, func(o Outcome) bool {
			return o.Case.Newest() == c.DocumentRef() && o.Round == len(c.Earlier)+1
		})
		if ok {
			continue
		}
		loc, _ := c.location()
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("%s is closed and its final record is not on file.", c.DocumentRef()),
			Since:   hipaasmp.DateOf(c.Closure.At, loc),
			Closes:  "File the outcome; Case.Outcome gives it again.",
			Refs:    []hipaasmp.Ref{c.DocumentRef()},
		})
	}
	return out
}

func (r Records) uneven(asOf hipaasmp.Date) []hipaasmp.Gap {
	var outcomes []Outcome
	for _, o := range r.Outcomes {
		if !o.Closed.IsZero() && !o.Closed.After(asOf) {
			outcomes = append(outcomes, o)
		}
	}
	var out []hipaasmp.Gap
	for _, f := range Consistency(nil, outcomes).Findings {
		out = append(out, hipaasmp.Gap{
			Missing: "What explains this is not on file: " + f.Text + ".",
			Closes:  "Reopen the case and record the factor or the reason, or change the outcome.",
			Refs:    f.Cases,
		})
	}
	return out
}

func (r Records) contradicted(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, a := range r.Attestations {
		if a.On.After(asOf) {
			continue
		}
		g := hipaasmp.Gap{
			Since:  a.On,
			Closes: "Say on what the statement rests in the light of the cases, or attest the days that had none.",
			Refs:   []hipaasmp.Ref{a.DocumentRef()},
		}
		for _, o := range r.Outcomes {
			if o.Result != ResultDismissed && a.Period.Contains(o.Report.On) && !o.Report.On.After(asOf) {
				g.Refs = append(g.Refs, o.Case.Newest())
			}
		}
		for _, c := range r.Cases {
			if c.Determination != nil && c.Dismissal == nil && a.Period.Contains(c.Report.On) && !c.Report.On.After(asOf) && !slices.Contains(g.Refs, c.DocumentRef()) {
				g.Refs = append(g.Refs, c.DocumentRef())
			}
		}
		if n := len(g.Refs) - 1; n > 0 {
			slices.SortFunc(g.Refs[1:], func(a, b hipaasmp.Ref) int { return cmp.Compare(a.String(), b.String()) })
			g.Missing = fmt.Sprintf("%s says that no violation came to notice in %s, in which %d found violations were reported.", a.DocumentRef(), a.Period, n)
			out = append(out, g)
		}
	}
	return out
}

func (r Records) otherTerms(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, c := range r.Cases {
		if c.Report.On.IsZero() || c.Report.On.After(asOf) {
			continue
		}
		why := "is not on file"
		if i := slices.IndexFunc(r.Policies, func(p Policy) bool { return p.DocumentRef() == c.Policy.Policy.Newest() }); i >= 0 {
			why = c.Policy.differs(r.Policies[i], c.Report.Act)
		}
		if why == "" {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("%s was handled under policy version %s, which %s.", c.DocumentRef(), c.Policy.Version, why),
			Since:   c.Report.On,
			Closes:  "File the version that governed on the day of the act, or take the case up again under it.",
			Refs:    []hipaasmp.Ref{c.DocumentRef(), c.Policy.Policy},
		})
	}
	return out
}

// days says "1 day" and "2 days".
func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
