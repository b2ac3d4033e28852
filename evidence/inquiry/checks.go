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

// The gaps that show only where several lives are seen at once.
const (
	// GapIncidentWithoutCase: an exception of a review was called an incident and led to no sanction case.
	GapIncidentWithoutCase hipaasmp.GapCode = "GAP-INQ-01"
	// GapSystemInNoReview: a system with ePHI is reviewed by no procedure.
	GapSystemInNoReview hipaasmp.GapCode = "GAP-INQ-02"
	// GapDestroyedEarly: the content of a record is gone before the day through which it had to be kept.
	GapDestroyedEarly hipaasmp.GapCode = "GAP-INQ-03"
	// GapNothingKept: a policy is in effect and years of it have left no record.
	GapNothingKept hipaasmp.GapCode = "GAP-INQ-04"
	// GapUnknownSystem: a review covers a system that the inventory does not have.
	GapUnknownSystem hipaasmp.GapCode = "GAP-INQ-05"
)

// Checks returns every question: those of the domains about their own records, then those of this package.
func (r Records) Checks() []hipaasmp.GapCheck {
	out := risk.GapChecks(risk.GapInput{Analyses: r.Analyses, Policy: r.Cadence, Changes: r.changes()})
	out = append(out, remediation.GapChecks(remediation.GapInput{Analyses: r.Analyses, Plans: r.Plans, Items: r.Items, Acceptances: r.Acceptances})...)
	out = append(out, r.sanctions().GapChecks(r.Asked)...)
	out = append(out, r.reviews().GapChecks(r.Asked)...)
	return append(out,
		hipaasmp.GapCheck{Code: GapIncidentWithoutCase, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Did every incident that a review found in the workforce's activity lead to a sanction case, or to the finding that none was due?", Find: r.incidentWithoutCase},
		hipaasmp.GapCheck{Code: GapSystemInNoReview, Citation: hipaasmp.CiteActivityReview, Asks: "Is the activity of every system with ePHI reviewed?", Find: r.systemInNoReview},
		hipaasmp.GapCheck{Code: GapUnknownSystem, Citation: hipaasmp.CiteRiskAnalysis, Asks: "Does the inventory have every system whose activity is reviewed?", Find: r.unknownSystem},
		hipaasmp.GapCheck{Code: GapDestroyedEarly, Citation: hipaasmp.CiteTimeLimit, Asks: "Was every record kept until its time was over?", Find: r.destroyedEarly},
		hipaasmp.GapCheck{Code: GapNothingKept, Citation: hipaasmp.CiteTimeLimit, Asks: "Has each policy in effect left records of its being followed?", Find: r.nothingKept},
	)
}

// Gaps asks every question for a day.
func (r Records) Gaps(asOf hipaasmp.Date) []hipaasmp.Gap {
	return hipaasmp.FindGaps(asOf, r.Checks()...)
}

func (r Records) sanctions() sanction.Records {
	return sanction.Records{
		EntityType: r.Entity.Type, Policies: r.Policies, Cases: r.Cases, Outcomes: r.Outcomes,
		Acknowledgements: r.Acknowledgements, Attestations: r.Attestations, Workforce: r.Entity.Workforce,
	}
}

func (r Records) reviews() review.Records {
	return review.Records{
		Procedures: r.Procedures, Sessions: r.Sessions, Records: r.Reviews, Incidents: r.Incidents, IncidentRecords: r.IncidentRecords,
	}
}

// changes are what happened that an analysis approved before it did not know: incidents.
func (r Records) changes() []risk.Change {
	var out []risk.Change
	for _, i := range r.Incidents {
		ref := i.DocumentRef()
		out = append(out, risk.Change{Trigger: risk.TriggerIncident, On: i.Report.On, What: "Security incident " + ref.String(), Assets: i.Report.Systems, Source: &ref})
	}
	return out
}

// incidentWithoutCase looks at exceptions of certified reviews that went on to an incident: an exception that names a
// sanction case has one, and so has one whose incident is the source of a case or names a case in its outcome.
func (r Records) incidentWithoutCase(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, rec := range r.Reviews {
		for _, e := range rec.Exceptions {
			if e.Disposition == nil || len(e.Disposition.Refs) == 0 || !r.ofWorkforce(e.Actor) || r.hasCase(e.Disposition.Refs) {
				continue
			}
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("Exception %s of the review of %s, by %s, was called an incident and no sanction case speaks of it.", e.ID, rec.Period, e.Actor),
				Since:   hipaasmp.DateOf(rec.At, r.zone()), Closes: "File a case and take it to its outcome, which may be that no sanction is due, because.",
				Refs: append([]hipaasmp.Ref{rec.DocumentRef()}, e.Disposition.Refs...),
			})
		}
	}
	return out
}

// ofWorkforce reports whether the actor of a log is a member of the workforce: by the member's identity, or by an
// account name that ends in it, as in arn:aws:iam::111122223333:user/wf-104 or DOMAIN\wf-104. An actor that cannot be
// told is left to the reviewer's words.
func (r Records) ofWorkforce(actor string) bool {
	return slices.ContainsFunc(r.Entity.Workforce, func(m hipaasmp.WorkforceMember) bool {
		rest, ok := strings.CutSuffix(actor, m.ID)
		return ok && m.ID != "" && (rest == "" || strings.ContainsAny(rest[len(rest)-1:], "/:\\"))
	})
}

func (r Records) hasCase(to []hipaasmp.Ref) bool {
	for _, ref := range to {
		if ref.Kind == sanction.KindCase && r.knowsCase(ref) {
			return true
		}
		for _, c := range r.Cases {
			if slices.ContainsFunc(c.Report.Sources, func(s hipaasmp.Ref) bool { return s.Newest() == ref.Newest() }) {
				return true
			}
		}
		for _, i := range r.IncidentRecords {
			if ref.Kind == review.KindIncident && i.Incident.Newest() == ref.Newest() && i.Ending != nil && i.Ending.Outcome != nil &&
				slices.ContainsFunc(i.Ending.Outcome.Refs, r.knowsCase) {
				return true
			}
		}
	}
	return false
}

func (r Records) knowsCase(ref hipaasmp.Ref) bool {
	return slices.ContainsFunc(r.Cases, func(c sanction.Case) bool { return c.DocumentRef() == ref.Newest() })
}

// systemInNoReview asks it of assets that are systems: a firm and a place of work keep no records of activity of the
// entity's own.
func (r Records) systemInNoReview(asOf hipaasmp.Date) []hipaasmp.Gap {
	a, ok := risk.InEffect(r.Analyses, asOf)
	procedures := review.InForce(r.Procedures, asOf)
	if !ok || len(procedures) == 0 {
		return nil // each is a gap of its own
	}
	covered := map[string]bool{}
	var counted []string
	for _, p := range procedures {
		for _, s := range p.Systems() {
			if !covered[s] {
				counted = append(counted, "reviewed: "+s)
			}
			covered[s] = true
		}
	}
	var out []hipaasmp.Gap
	for _, x := range a.Inventory.Assets {
		if x.Class == risk.AssetClassBusinessAssociate || x.Class == risk.AssetClassRemoteWork || x.Class == risk.AssetClassRemovableMedia {
			continue
		}
		if x.HandlesEPHI() && x.InServiceOn(asOf) && !covered[x.ID] {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("%s (%s) handles ePHI, and no procedure in effect reviews records of its activity.", x.Name, x.ID),
				Closes:  "Add the system's records to the review procedure, or document in the risk analysis why they are not reviewed.",
				Refs:    []hipaasmp.Ref{a.DocumentRef(), procedures[0].DocumentRef()}, Counted: counted,
			})
		}
	}
	return out
}

func (r Records) unknownSystem(asOf hipaasmp.Date) []hipaasmp.Gap {
	a, ok := risk.InEffect(r.Analyses, asOf)
	if !ok {
		return nil
	}
	var out []hipaasmp.Gap
	for _, p := range review.InForce(r.Procedures, asOf) {
		for _, s := range p.Systems() {
			if _, known := a.Inventory.Asset(s); !known {
				out = append(out, hipaasmp.Gap{
					Missing: fmt.Sprintf("Procedure %s reviews the activity of system %q, which the inventory of the risk analysis does not have.", p.ID, s),
					Closes:  "Add the system to the inventory and rate its risks, or correct the procedure.", Refs: []hipaasmp.Ref{a.DocumentRef(), p.DocumentRef()},
				})
			}
		}
	}
	return out
}

func (r Records) destroyedEarly(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, d := range r.Destroyed {
		if !d.On.IsZero() && !d.KeepThrough.IsZero() && d.On.After(d.KeepThrough) {
			continue
		}
		until := "its clock had not started"
		if !d.KeepThrough.IsZero() {
			until = "it had to be kept through " + d.KeepThrough.String()
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("The content of %s was destroyed, and %s.", d.Ref, until), Since: d.On,
			Closes: "Restore it from a backup if there is one, and document what happened; a gap of this kind may stay open.", Refs: []hipaasmp.Ref{d.Ref},
		})
	}
	return out
}

// keptAfter is how long a procedure may be in effect before an absence of records speaks: the longest interval that
// the domains' own checks allow by default.
const keptAfter = 12

// nothingKept finds duties that are on paper only: a review procedure in effect for more than a year without a single
// record of a review, on file or destroyed. For the sanction policy the package sanction asks.
func (r Records) nothingKept(asOf hipaasmp.Date) []hipaasmp.Gap {
	if len(r.Reviews) > 0 {
		return nil
	}
	var out []hipaasmp.Gap
	for _, p := range review.InForce(r.Procedures, asOf) {
		if p.Effective.From.AddMonths(keptAfter).After(asOf) {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("Procedure %s is in effect since %s, and no record of a review under it is kept.", p.ID, p.Effective.From),
			Since:   p.Effective.From, Closes: "Find the records of past reviews and file them as they are; where there are none, say so, and review from now on.",
			Refs: []hipaasmp.Ref{p.DocumentRef()}, Counted: []string{"0 certified reviews", fmt.Sprintf("%d sessions", len(r.Sessions))},
		})
	}
	return out
}
