package remediation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// The gaps of risk management. All are asked under 45 CFR 164.308(a)(1)(ii)(B) and in the OCR audit protocol.
const (
	// GapUntreated: a finding above the acceptable level has no treatment that is enough.
	GapUntreated hipaasmp.GapCode = "GAP-REM-01"
	// GapOverdue: an item is past its due date and not in place.
	GapOverdue hipaasmp.GapCode = "GAP-REM-02"
	// GapNotVerified: a measure is said to be in place, and no verification with evidence shows it.
	GapNotVerified hipaasmp.GapCode = "GAP-REM-03"
	// GapNoPlan: no approved plan answers the risk analysis in effect.
	GapNoPlan hipaasmp.GapCode = "GAP-REM-04"
	// GapAcceptanceExpired: the acceptance of a risk ran out or was revoked, and nothing took its place.
	GapAcceptanceExpired hipaasmp.GapCode = "GAP-REM-05"
	// GapDependency: an item was started or implemented before what it depends on, or waits for what will not come.
	GapDependency hipaasmp.GapCode = "GAP-REM-06"
)

// GapInput is what the gap checks of this package look at: everything that is known, in effect or not.
type GapInput struct {
	// Analyses are the risk analyses; the one in effect on the day is asked about.
	Analyses []risk.Analysis
	// Plans are the approved plans.
	Plans []Plan
	// Items are the measures, each in its newest version.
	Items []Item
	// Acceptances are the decisions to accept risks.
	Acceptances []Acceptance
}

// InEffect returns the plan that governs on the day: of several the one approved last. The second result is false
// where none does. Of several versions of one plan the closed one counts.
func InEffect(plans []Plan, on hipaasmp.Date) (Plan, bool) {
	var found Plan
	ok := false
	for n, p := range plans {
		closed := slices.ContainsFunc(plans, func(q Plan) bool { return q.ID == p.ID && !q.InEffect.Open() })
		if closed && p.InEffect.Open() || slices.ContainsFunc(plans[:n], func(q Plan) bool { return q.ID == p.ID && q.InEffect == p.InEffect }) {
			continue
		}
		if p.InEffect.Contains(on) && (!ok || cmp.Or(p.Approval.At.Compare(found.Approval.At), cmp.Compare(p.ID, found.ID)) > 0) {
			found, ok = p, true
		}
	}
	return found, ok
}

// GapChecks returns the questions about risk management with the records bound to them. Findings that are not assessed
// are asked about by the package risk.
func GapChecks(in GapInput) []hipaasmp.GapCheck {
	const cite = hipaasmp.CiteRiskManagement
	return []hipaasmp.GapCheck{
		{Code: GapUntreated, Citation: cite, Asks: "Does something treat every finding above the acceptable level of risk?", Find: in.untreated},
		{Code: GapOverdue, Citation: cite, Asks: "Is every measure in place by its due date?", Find: in.overdue},
		{Code: GapNotVerified, Citation: cite, Asks: "Does evidence show that each implemented measure is in place and works?", Find: in.notVerified},
		{Code: GapNoPlan, Citation: cite, Asks: "Does a plan approved by management answer the risk analysis in effect?", Find: in.noPlan},
		{Code: GapAcceptanceExpired, Citation: cite, Asks: "Is every acceptance of a risk still in force?", Find: in.expired},
		{Code: GapDependency, Citation: cite, Asks: "Does every measure wait for what it depends on, and will that come?", Find: in.dependencies},
	}
}

// above calls visit for every finding above the acceptable level of the analysis in effect.
func (in GapInput) above(asOf hipaasmp.Date, visit func(a risk.Analysis, x risk.Finding, t treated)) {
	a, ok := risk.InEffect(in.Analyses, asOf)
	if !ok {
		return // the package risk says so
	}
	for _, x := range a.Findings {
		if x.Exposure(a.AcceptableLevel) == risk.ExposureAbove {
			visit(a, x, treat(a, x, in.Items, in.Acceptances, asOf))
		}
	}
}

func (in GapInput) untreated(asOf hipaasmp.Date) []hipaasmp.Gap {
	var gaps []hipaasmp.Gap
	in.above(asOf, func(a risk.Analysis, x risk.Finding, t treated) {
		if t.enough || len(t.lapsed) > 0 {
			return
		}
		gap := hipaasmp.Gap{
			Missing: fmt.Sprintf("Finding %s is %s, above the acceptable level %s, and %s.", x.ID, say(x.CurrentLevel()), say(a.AcceptableLevel), t.why),
			Since:   a.Approval.On,
			Closes:  sentence(t.closes),
			Refs:    []hipaasmp.Ref{a.DocumentRef()},
		}
		for _, i := range in.Items {
			if i.Finding.Finding == x.ID {
				gap.Counted = append(gap.Counted, fmt.Sprintf("%s: %s", i.ID, say(i.State)))
			}
		}
		for _, c := range in.Acceptances {
			if c.Finding.Finding == x.ID {
				gap.Counted = append(gap.Counted, c.counted())
			}
		}
		gaps = append(gaps, gap)
	})
	return gaps
}

func (in GapInput) overdue(asOf hipaasmp.Date) []hipaasmp.Gap {
	var gaps []hipaasmp.Gap
	for _, i := range in.Items {
		if !i.Overdue(asOf) {
			continue
		}
		gaps = append(gaps, hipaasmp.Gap{
			Missing: fmt.Sprintf("Item %s was due on %s and is %s; days overdue: %d.", i.ID, i.Due, say(i.State), i.Due.DaysUntil(asOf)),
			Since:   i.Due.AddDays(1),
			Closes:  "Put the measure in place, or cancel the item and treat the finding otherwise.",
			Refs:    []hipaasmp.Ref{i.DocumentRef()},
			Counted: []string{fmt.Sprintf("%s: %s, due %s", i.ID, say(i.State), i.Due)},
		})
	}
	return gaps
}

func (in GapInput) notVerified(asOf hipaasmp.Date) []hipaasmp.Gap {
	var gaps []hipaasmp.Gap
	for _, i := range in.Items {
		v, holds := i.Verification()
		shown := holds && len(v.Evidence) > 0
		if i.State.Live() || i.State == StateCancelled || shown {
			continue
		}
		since := i.day(i.last(EventImplement))
		if since.After(asOf) {
			continue
		}
		gaps = append(gaps, hipaasmp.Gap{
			Missing: fmt.Sprintf("Item %s is %s, and no verification with evidence shows that the measure is in place.", i.ID, say(i.State)),
			Since:   since,
			Closes:  "Have somebody other than the implementer verify the measure, with evidence and a re-rated residual.",
			Refs:    []hipaasmp.Ref{i.DocumentRef()},
			Counted: []string{fmt.Sprintf("%s: %s, verifications on record: %d", i.ID, say(i.State), len(i.Verifications))},
		})
	}
	return gaps
}

// day is the civil day of an instant in the item's zone; unset where this machine does not know the zone.
func (i Item) day(at time.Time) hipaasmp.Date {
	if i.Zone == "" || i.Zone == "Local" {
		return hipaasmp.Date{}
	}
	zone, err := time.LoadLocation(i.Zone)
	if err != nil {
		return hipaasmp.Date{}
	}
	return hipaasmp.DateOf(at, zone)
}

func (in GapInput) noPlan(asOf hipaasmp.Date) []hipaasmp.Gap {
	a, ok := risk.InEffect(in.Analyses, asOf)
	if !ok {
		return nil // the package risk says so
	}
	gap := hipaasmp.Gap{
		Missing: fmt.Sprintf("No approved plan answers the risk analysis %s.", a.ID),
		Since:   a.Approval.On,
		Closes:  "Build the plan from the analysis and have management approve it.",
		Refs:    []hipaasmp.Ref{a.DocumentRef()},
	}
	if p, ok := InEffect(in.Plans, asOf); ok {
		if p.Analysis.Newest() == a.DocumentRef() {
			return nil
		}
		gap.Missing = fmt.Sprintf("The plan in effect, %s, answers %s and not the risk analysis in effect, %s.", p.ID, p.Analysis, a.ID)
		gap.Refs = append(gap.Refs, p.DocumentRef())
	}
	for _, p := range in.Plans {
		gap.Counted = append(gap.Counted, fmt.Sprintf("%s: answers %s, in effect %s", p.ID, p.Analysis, p.InEffect))
	}
	return []hipaasmp.Gap{gap}
}

func (in GapInput) expired(asOf hipaasmp.Date) []hipaasmp.Gap {
	var gaps []hipaasmp.Gap
	in.above(asOf, func(a risk.Analysis, x risk.Finding, t treated) {
		for _, c := range t.lapsed {
			ended := fmt.Sprintf("expired on %s", c.Expires)
			if c.Revocation != nil {
				ended = fmt.Sprintf("was revoked on %s", c.Revocation.On)
			}
			gaps = append(gaps, hipaasmp.Gap{
				Missing: fmt.Sprintf("The acceptance %s of finding %s %s, and nothing treats the finding.", c.ID, x.ID, ended),
				Since:   c.lastDay().AddDays(1),
				Closes:  "Decide again whether the risk is accepted, or propose an item.",
				Refs:    []hipaasmp.Ref{a.DocumentRef(), c.DocumentRef()},
				Counted: []string{c.counted()},
			})
		}
	})
	return gaps
}

// counted is one line of what a gap was counted from.
func (a Acceptance) counted() string {
	line := fmt.Sprintf("%s: accepted %s to %s", a.ID, a.On, a.Expires)
	if a.Revocation != nil {
		line += fmt.Sprintf(", revoked on %s", a.Revocation.On)
	}
	return line
}

func (in GapInput) dependencies(asOf hipaasmp.Date) []hipaasmp.Gap {
	var gaps []hipaasmp.Gap
	for _, i := range in.Items {
		add := func(since hipaasmp.Date, format string, args ...any) {
			gaps = append(gaps, hipaasmp.Gap{
				Missing: fmt.Sprintf(format, args...), Since: since,
				Closes:  "Put in place first what the item depends on, or record that it depends on something else.",
				Refs:    []hipaasmp.Ref{i.DocumentRef()},
				Counted: []string{fmt.Sprintf("%s: %s, depends on %s", i.ID, say(i.State), strings.Join(i.DependsOn, ", "))},
			})
		}
		if i.State.Live() {
			for _, id := range i.DependsOn {
				n := slices.IndexFunc(in.Items, func(o Item) bool { return o.ID == id })
				switch {
				case n < 0:
					add(i.Created, "Item %s waits for %s, which is not on record.", i.ID, id)
				case in.Items[n].State == StateCancelled:
					add(i.Created, "Item %s waits for %s, which is cancelled.", i.ID, id)
				}
			}
		}
		for _, e := range i.early(in.Items) {
			if on := i.day(e.at); !on.After(asOf) {
				add(on, "Item %s.", e.words)
			}
		}
	}
	return gaps
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s + "."
	}
	return string(s[0]-'a'+'A') + s[1:] + "."
}
