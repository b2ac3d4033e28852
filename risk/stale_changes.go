package risk

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// assetChanges compares the assets in service with those that the analysis knew.
func (a Analysis) assetChanges(asOf hipaasmp.Date, now Inventory) []Change {
	var out []Change
	change := func(asset Asset, t Trigger, on hipaasmp.Date, format string, args ...any) {
		out = append(out, Change{Trigger: t, On: on, What: fmt.Sprintf(format, args...), Assets: []string{asset.ID}, Findings: a.touchedBy(now, []string{asset.ID})})
	}
	for _, asset := range now.Assets {
		if !asset.InServiceOn(asOf) {
			continue
		}
		old, was := a.Inventory.Asset(asset.ID)
		switch {
		case asset.InService.After(a.Approval.On) && !a.reached(asset.ID):
			change(asset, arrival(asset), asset.InService, "%s went into service on %s, after the analysis was approved on %s", asset.ID, asset.InService, a.Approval.On)
			continue
		case !was:
			change(asset, arrival(asset), hipaasmp.Date{}, "%s is in the inventory and was not in that of the analysis", asset.ID)
			continue
		}
		if old.Class != asset.Class || old.Entry() != asset.Entry() || !sameHandling(old.Handles, asset.Handles) {
			change(asset, TriggerWorkflow, hipaasmp.Date{}, "%s changed its class or what it does with ePHI since the analysis", asset.ID)
		}
		switch {
		case vendorName(old) != vendorName(asset) || old.Supplier != asset.Supplier:
			change(asset, TriggerVendor, hipaasmp.Date{}, "%s changed its vendor since the analysis", asset.ID)
		case !sameVendor(old.Vendor, asset.Vendor):
			change(asset, TriggerVendor, hipaasmp.Date{}, "the vendor of %s changed its standing, what it holds or its subcontractors since the analysis", asset.ID)
		}
		if old.Location != asset.Location || old.Site != asset.Site {
			change(asset, TriggerLocation, hipaasmp.Date{}, "%s changed its location since the analysis", asset.ID)
		}
	}
	for _, old := range a.Inventory.Assets {
		if _, is := now.Asset(old.ID); !is && old.InServiceOn(asOf) {
			t := arrival(old)
			if t == TriggerNewSystem {
				t = TriggerWorkflow
			}
			change(old, t, hipaasmp.Date{}, "%s was in the inventory of the analysis and is gone from it without a last day of use", old.ID)
		}
	}
	return out
}

// arrival is the trigger for a new entry.
func arrival(a Asset) Trigger {
	switch a.Entry() {
	case EntryKindVendor:
		return TriggerVendor
	case EntryKindLocation:
		return TriggerLocation
	}
	return TriggerNewSystem
}

// flowChanges lists the flows that the analysis did not know, or knew otherwise, and those that are gone between assets
// that are still in use.
func (a Analysis) flowChanges(asOf hipaasmp.Date, now Inventory) []Change {
	var out []Change
	change := func(flow Flow, word string) {
		assets := []string{flow.From}
		if flow.To != flow.From {
			assets = append(assets, flow.To)
		}
		touched := now.downstream(flow.To)
		touched[flow.From] = true
		out = append(out, Change{Trigger: TriggerWorkflow, What: fmt.Sprintf("the flow %s from %s to %s %s since the analysis", flow.ID, flow.From, flow.To, word),
			Assets: assets, Findings: a.naming(touched)})
	}
	for _, flow := range now.Flows {
		i := slices.IndexFunc(a.Inventory.Flows, func(f Flow) bool { return f.ID == flow.ID })
		switch {
		case i < 0:
			change(flow, "is new")
		case a.Inventory.Flows[i] != flow:
			change(flow, "changed")
		}
	}
	inUse := func(id string) bool {
		asset, ok := now.Asset(id)
		return ok && asset.InServiceOn(asOf)
	}
	for _, flow := range a.Inventory.Flows {
		if !slices.ContainsFunc(now.Flows, func(f Flow) bool { return f.ID == flow.ID }) && inUse(flow.From) && inUse(flow.To) {
			change(flow, "is gone")
		}
	}
	return out
}

// downstream returns the assets on which a change of the ones given bears, those themselves included: what stands at the
// site, what the vendor supplies, and where ePHI flows on to. Flows may form a cycle; each asset is visited once.
func (v Inventory) downstream(assets ...string) map[string]bool {
	next := map[string][]string{}
	for _, a := range v.Assets {
		for _, from := range []string{a.Site, a.Supplier} {
			if from != "" {
				next[from] = append(next[from], a.ID)
			}
		}
	}
	for _, f := range v.Flows {
		next[f.From] = append(next[f.From], f.To)
	}
	seen := map[string]bool{}
	for queue := slices.Clone(assets); len(queue) > 0; {
		id := queue[0]
		queue = queue[1:]
		if !seen[id] {
			seen[id] = true
			queue = append(queue, next[id]...)
		}
	}
	return seen
}

// touchedBy returns the findings that a change of the assets touches; without an asset nobody can say which, so all.
func (a Analysis) touchedBy(now Inventory, assets []string) []string {
	if len(assets) == 0 {
		return a.all()
	}
	return a.naming(now.downstream(assets...))
}

// naming returns the findings that name one of the assets, in the order of the analysis.
func (a Analysis) naming(assets map[string]bool) []string {
	var out []string
	for _, x := range a.Findings {
		if slices.ContainsFunc(x.Assets, func(id string) bool { return assets[id] }) {
			out = append(out, x.ID)
		}
	}
	return out
}

func (a Analysis) all() []string {
	var out []string
	for _, x := range a.Findings {
		out = append(out, x.ID)
	}
	return out
}

func (a Analysis) reached(asset string) bool {
	return slices.ContainsFunc(a.Findings, func(f Finding) bool { return f.Reaches(asset) })
}

// sameHandling compares without regard to order.
func sameHandling(a, b []Handling) bool {
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func vendorName(a Asset) string {
	if a.Vendor == nil {
		return ""
	}
	return a.Vendor.Name
}

// sameVendor compares what an analysis rests on. Agreements are left out: a renewed one changes no risk, and one that ran
// out is a gap of its own.
func sameVendor(a, b *Vendor) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Standing == b.Standing && slices.Equal(a.Holds, b.Holds) &&
		slices.EqualFunc(a.Subcontractors, b.Subcontractors, func(x, y Subcontractor) bool {
			return x.ID == y.ID && x.Name == y.Name && x.Of == y.Of && slices.Equal(x.Holds, y.Holds)
		})
}
