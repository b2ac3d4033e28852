package review

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// rules finds exceptions that were explained by a rule that nobody approved, that was not approved yet, or that does not
// explain them.
func (r Records) rules(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	r.explainedBy(asOf, func(ref hipaasmp.Ref, c Content, e Exception, on hipaasmp.Date) {
		if !c.Period.Overlaps(asked) {
			return
		}
		name := e.Disposition.Rule.Newest()
		g := hipaasmp.Gap{Since: on, Refs: []hipaasmp.Ref{ref, name}, Closes: "Look at the exception by itself and correct the review, or have a rule approved for what comes."}
		i := slices.IndexFunc(r.Rules, func(x ExplanationRule) bool { return x.DocumentRef() == name })
		if i < 0 {
			g.Missing = fmt.Sprintf("Exception %s of %s is explained by %s, which is not on file, so that nobody is known to have approved it.", e.ID, c.Period, name)
			g.Closes = "File the rule with its approver and its days, or look at the exception by itself and correct the review."
			out = append(out, g)
			return
		}
		switch rule := r.Rules[i]; {
		case on.Before(rule.Approval.On):
			g.Missing = fmt.Sprintf("Exception %s of %s was explained on %s by %s, which had no approver before %s.", e.ID, c.Period, on, name, rule.Approval.On)
		case !rule.Explains(e.Finding, e.Source, c.Zone):
			g.Missing = fmt.Sprintf("Exception %s of %s is explained by %s outside of what the rule is for.", e.ID, c.Period, name)
			g.Counted = []string{fmt.Sprintf("the rule: %s in the days %s", rule.Detector, rule.InEffect()), fmt.Sprintf("the exception: %s in %s, from %s to %s", e.Detector, e.Source, e.First.Format("2006-01-02"), e.Last.Format("2006-01-02"))}
		case r.approvedOwn(ref, rule, e):
			g.Missing = fmt.Sprintf("Exception %s of %s is explained by %s, which its own actor approved.", e.ID, c.Period, name)
		default:
			return
		}
		out = append(out, g)
	})
	return out
}

// approvedOwn reports whether the record knows the approver of the rule as the actor of the exception.
func (r Records) approvedOwn(ref hipaasmp.Ref, rule ExplanationRule, e Exception) bool {
	return slices.ContainsFunc(r.Records, func(x Record) bool {
		return x.DocumentRef() == ref && x.Independence.goesBy(rule.Approval.By.ID, e.Actor)
	})
}

// repeated finds explanations that were given by hand in several reviews and are no rule with an approver and an end.
func (r Records) repeated(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	type kind struct {
		detector detect.ID
		actor    string
		source   string
		code     Explanation
	}
	var order []kind
	where := map[kind][]hipaasmp.Ref{}
	counted := map[kind][]string{}
	for _, x := range r.filed(asked, asOf) {
		for _, e := range x.Exceptions {
			d := e.Disposition
			if d == nil || d.Rule != nil || e.Actor == "" || !d.Explanation.recurs() {
				continue
			}
			k := kind{e.Detector, e.Actor, e.Source, d.Explanation}
			if where[k] == nil {
				order = append(order, k)
			}
			if ref := x.DocumentRef(); !slices.Contains(where[k], ref) {
				where[k] = append(where[k], ref)
			}
			counted[k] = append(counted[k], fmt.Sprintf("%s in %s", e.ID, x.Period))
		}
	}
	var out []hipaasmp.Gap
	for _, k := range order {
		ruled := slices.ContainsFunc(r.Rules, func(x ExplanationRule) bool {
			return !x.Approval.On.After(asOf) && x.InEffect().Contains(asOf) && x.Detector == k.detector && (x.Actor == "" || x.Actor == k.actor) && (x.Source == "" || x.Source == k.source)
		})
		if len(where[k]) < 2 || ruled {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("Findings of %s in %s about one actor were explained as %s in %d reviews, and no rule with an approver and an end says so.", k.detector, k.source, k.code, len(where[k])),
			Closes:  "Have an explanation rule approved for a time that is short enough to be looked at again, or correct the detector's tables.",
			Refs:    where[k],
			Counted: counted[k],
		})
	}
	return out
}

// openItems finds what a review left open and no later one carried or closed, and items that are past their day.
func (r Records) openItems(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	left, taken := r.left(asOf)
	var out []hipaasmp.Gap
	for _, x := range left {
		if !x.Period.Overlaps(asked) || taken[Origin{x.Document, x.From.Item}] {
			continue
		}
		line := fmt.Sprintf("%s, open since %s, answered for by %s", x.ID, x.Since, x.Owner)
		if next, ok := r.after(x.Document, x.Period, asOf); ok {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("%s of the review of %s is open, and the review of %s neither carries it nor closes it.", x.ID, x.Period, next.period),
				Since:   next.since,
				Closes:  "Carry it into the session, and close it there with what was done.",
				Refs:    []hipaasmp.Ref{x.Document, next.ref},
				Counted: []string{line},
			})
		}
		if asOf.After(x.Due) && !x.Due.IsZero() {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("%s of the review of %s was to be closed by %s and is open.", x.ID, x.Period, x.Due),
				Since:   x.Due.AddDays(1),
				Closes:  "Do what it says and close it, or set a new day in the next session and say why.",
				Refs:    []hipaasmp.Ref{x.Document},
				Counted: []string{line},
			})
		}
	}
	return out
}

// nextReview is the first review after another.
type nextReview struct {
	ref    hipaasmp.Ref
	period hipaasmp.Period
	since  hipaasmp.Date
}

// after returns the first review of a later period that was begun by the day.
func (r Records) after(from hipaasmp.Ref, period hipaasmp.Period, asOf hipaasmp.Date) (nextReview, bool) {
	var best nextReview
	found := false
	r.contents(asOf, func(ref hipaasmp.Ref, c Content) {
		if ref == from || c.Round != "" || !c.Period.From.After(period.From) || c.opened().After(asOf) {
			return
		}
		if !found || c.Period.From.Before(best.period.From) {
			best, found = nextReview{ref, c.Period, c.opened()}, true
		}
	})
	return best, found
}
