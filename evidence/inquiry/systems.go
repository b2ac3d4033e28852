package inquiry

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
)

// inventory returns the inventory as it is now, or that of the analysis in effect where no other is known, with that
// analysis.
func (r Records) inventory(asOf hipaasmp.Date) (risk.Inventory, risk.Analysis, bool) {
	a, ok := risk.InEffect(r.Analyses, asOf)
	if ok && r.Inventory != nil {
		return *r.Inventory, a, true
	}
	return a.Inventory, a, ok
}

// keepsRecords reports whether records of activity are to be expected of the asset: of a system, but of a firm, a place
// of work and a medium that is carried about there are none of the entity's own.
func keepsRecords(x risk.Asset) bool {
	return x.Entry() == risk.EntryKindSystem && x.Class != risk.AssetClassRemoteWork && x.Class != risk.AssetClassRemovableMedia
}

func (r Records) systemInNoReview(asOf hipaasmp.Date) []hipaasmp.Gap {
	inventory, a, ok := r.inventory(asOf)
	procedures := review.InForce(r.Procedures, asOf)
	if !ok || len(procedures) == 0 {
		return nil // each is a gap of its own
	}
	covered := r.reviews().CoveredSystems(asOf)
	counted := make([]string, 0, len(covered))
	for _, s := range covered {
		counted = append(counted, "reviewed: "+s)
	}
	var out []hipaasmp.Gap
	for _, x := range inventory.Assets {
		if !keepsRecords(x) || !x.HandlesEPHI() || !x.InServiceOn(asOf) || slices.Contains(covered, x.ID) {
			continue
		}
		does := "handles ePHI"
		if slices.Contains(x.Handles, risk.HandlingUnknown) {
			does = "may handle ePHI, because nobody looked"
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("System %s (%s) %s, and no procedure in effect reviews records of its activity.", x.ID, x.Name, does),
			Since:   r.unreviewedSince(x, asOf),
			Closes:  "Make the system a source of the review procedure; where it cannot record activity, let each review say so.",
			Refs:    append([]hipaasmp.Ref{a.DocumentRef()}, refs(procedures)...), Counted: counted,
		})
	}
	return out
}

// unreviewedSince returns the first day of the time, up to asOf, in which the system was in service and no procedure
// reviewed it. That changes only where a procedure or a source begins or ends.
func (r Records) unreviewedSince(x risk.Asset, asOf hipaasmp.Date) hipaasmp.Date {
	days := []hipaasmp.Date{x.InService}
	for _, p := range r.Procedures {
		days = append(days, p.Effective.From, p.Effective.To.AddDays(1))
		for _, s := range p.Sources {
			days = append(days, s.InUse.From, s.InUse.To.AddDays(1))
		}
	}
	slices.SortFunc(days, func(a, b hipaasmp.Date) int { return b.Compare(a) })
	var since hipaasmp.Date
	for _, day := range days {
		if day.IsZero() || day.After(asOf) {
			continue
		}
		if day.Before(x.InService) || slices.Contains(r.reviews().CoveredSystems(day), x.ID) {
			break
		}
		since = day
	}
	return since
}

func (r Records) unknownSystem(asOf hipaasmp.Date) []hipaasmp.Gap {
	inventory, a, ok := r.inventory(asOf)
	if !ok {
		return nil
	}
	type mention struct {
		system string
		first  hipaasmp.Date
		by     []hipaasmp.Ref
	}
	var unknown []mention
	add := func(system string, on hipaasmp.Date, by hipaasmp.Ref) {
		if _, known := inventory.Asset(system); known || system == "" {
			return
		}
		i := slices.IndexFunc(unknown, func(m mention) bool { return m.system == system })
		if i < 0 {
			i = len(unknown)
			unknown = append(unknown, mention{system: system})
		}
		unknown[i].first = earlier(unknown[i].first, on)
		if !slices.Contains(unknown[i].by, by) {
			unknown[i].by = append(unknown[i].by, by)
		}
	}
	for _, p := range review.InForce(r.Procedures, asOf) {
		for _, s := range p.Sources {
			if s.InUse.IsZero() || s.InUse.Contains(asOf) {
				add(s.System, later(p.Effective.From, s.InUse.From), p.DocumentRef())
			}
		}
	}
	for _, i := range r.incidents() {
		if i.dismissed() || i.report.On.After(asOf) {
			continue
		}
		for _, s := range i.report.Systems {
			add(s, i.report.On, i.ref)
		}
	}
	var out []hipaasmp.Gap
	for _, m := range unknown {
		since := m.first
		if r.Inventory == nil {
			since = later(since, a.Approval.On)
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("The inventory has no system %q, of which %s %s.", m.system, named(m.by), verb(len(m.by), "speaks", "speak")),
			Since:   since,
			Closes:  "Add the system to the inventory and rate its risks, or correct what names it.",
			Refs:    append([]hipaasmp.Ref{a.DocumentRef()}, m.by...),
		})
	}
	return out
}
