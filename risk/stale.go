package risk

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Trigger is what makes an analysis stale. The rule sets no interval: an analysis is reviewed periodically and when
// the environment or the operations change (45 CFR 164.306(e), 164.316(b)(2)(iii)).
type Trigger string

const (
	// TriggerNewSystem: an asset came that the analysis does not reach.
	TriggerNewSystem Trigger = "new_system"
	// TriggerVendor: a firm came, or took the place of another.
	TriggerVendor Trigger = "vendor"
	// TriggerWorkflow: what is done with ePHI, or the way it takes, changed.
	TriggerWorkflow Trigger = "workflow"
	// TriggerLocation: an asset or the entity moved.
	TriggerLocation Trigger = "location"
	// TriggerIncident: a security incident happened.
	TriggerIncident Trigger = "incident"
	// TriggerLaw: the law changed.
	TriggerLaw Trigger = "law"
	// TriggerCadence: the interval of the entity's own policy has run out.
	TriggerCadence Trigger = "cadence"
)

// Values returns the members of the enumeration.
func (Trigger) Values() []Trigger {
	return []Trigger{TriggerNewSystem, TriggerVendor, TriggerWorkflow, TriggerLocation, TriggerIncident, TriggerLaw, TriggerCadence}
}

// IsValid reports whether t is a member.
func (t Trigger) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.Trigger", []byte(t), t.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (t Trigger) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.Trigger", t, t.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (t *Trigger) UnmarshalText(text []byte) (err error) {
	*t, err = hipaasmp.ParseEnum("risk.Trigger", text, t.Values())
	return err
}

// Change is something that happened and that an analysis approved before it cannot know.
type Change struct {
	// Trigger is the kind of change.
	Trigger Trigger `json:"trigger"`
	// On is the day it happened; absent where the inventory shows a change without a date.
	On hipaasmp.Date `json:"on,omitzero"`
	// What says what happened.
	What string `json:"what"`
	// Assets are the identities of the assets that it touches.
	Assets []string `json:"assets,omitempty"`
	// Source is the document that tells of it, such as an incident.
	Source *hipaasmp.Ref `json:"source,omitempty"`
}

// Cadence is the entity's own policy on how often an analysis is reviewed. It is policy and never law.
type Cadence struct {
	// Months is the interval; 0 means that the entity sets none.
	Months int
	// Policy names the document that sets it.
	Policy string
}

// Due returns the last day of the interval that begins on the day, and false where there is no interval.
func (c Cadence) Due(from hipaasmp.Date) (hipaasmp.Date, bool) {
	if c.Months <= 0 || from.IsZero() {
		return hipaasmp.Date{}, false
	}
	return from.AddMonths(c.Months), true
}

// Stale lists what makes the analysis stale on the day, oldest first and undated at the end; empty means that nothing
// known does. It looks at the interval of the policy, at the inventory as it is now, and at the changes given. A nil
// inventory means that only the analysis's own is known. A change counts if it happened after the approval; a new
// asset counts if it went into service after the approval and no finding reaches it, so a system that was analysed
// before it went live makes nothing stale.
func (a Analysis) Stale(asOf hipaasmp.Date, policy Cadence, now *Inventory, changes ...Change) []Change {
	var out []Change
	if due, ok := policy.Due(a.Approval.On); ok && asOf.After(due) {
		out = append(out, Change{Trigger: TriggerCadence, On: due.AddDays(1),
			What: fmt.Sprintf("the analysis of %s was due for review by %s under the entity's own interval of %d months (policy, not law)", a.Approval.On, due, policy.Months)})
	}
	if now == nil {
		now = &a.Inventory
	}
	out = append(out, a.assetChanges(asOf, *now)...)
	out = append(out, a.flowChanges(*now)...)
	for _, c := range changes {
		if c.On.IsZero() || c.On.After(a.Approval.On) && !c.On.After(asOf) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(x, y Change) int {
		if x.On.IsZero() != y.On.IsZero() {
			if x.On.IsZero() {
				return +1
			}
			return -1
		}
		return x.On.Compare(y.On)
	})
	return out
}

// assetChanges compares the assets in service with those that the analysis knew.
func (a Analysis) assetChanges(asOf hipaasmp.Date, now Inventory) []Change {
	var out []Change
	for _, asset := range now.Assets {
		if !asset.InServiceOn(asOf) {
			continue
		}
		change := func(t Trigger, on hipaasmp.Date, format string, args ...any) {
			out = append(out, Change{Trigger: t, On: on, What: fmt.Sprintf(format, args...), Assets: []string{asset.ID}})
		}
		old, was := a.Inventory.Asset(asset.ID)
		arrived := TriggerNewSystem
		if asset.Class == AssetClassBusinessAssociate {
			arrived = TriggerVendor
		}
		switch {
		case asset.InService.After(a.Approval.On) && !a.reached(asset.ID):
			change(arrived, asset.InService, "%s went into service on %s, after the analysis was approved on %s", asset.ID, asset.InService, a.Approval.On)
			continue
		case !was:
			change(arrived, hipaasmp.Date{}, "%s is in the inventory and was not in that of the analysis", asset.ID)
			continue
		}
		if old.Class != asset.Class || !sameHandling(old.Handles, asset.Handles) {
			change(TriggerWorkflow, hipaasmp.Date{}, "%s changed its class or what it does with ePHI since the analysis", asset.ID)
		}
		if vendorName(old) != vendorName(asset) {
			change(TriggerVendor, hipaasmp.Date{}, "%s changed its vendor since the analysis", asset.ID)
		}
		if old.Location != asset.Location {
			change(TriggerLocation, hipaasmp.Date{}, "%s changed its location since the analysis", asset.ID)
		}
	}
	return out
}

// flowChanges lists the flows that the analysis did not know, or knew otherwise.
func (a Analysis) flowChanges(now Inventory) []Change {
	var out []Change
	for _, flow := range now.Flows {
		i := slices.IndexFunc(a.Inventory.Flows, func(f Flow) bool { return f.ID == flow.ID })
		if i >= 0 && a.Inventory.Flows[i] == flow {
			continue
		}
		word := "is new"
		if i >= 0 {
			word = "changed"
		}
		assets := []string{flow.From}
		if flow.To != flow.From {
			assets = append(assets, flow.To)
		}
		out = append(out, Change{Trigger: TriggerWorkflow, What: fmt.Sprintf("the flow %s from %s to %s %s since the analysis", flow.ID, flow.From, flow.To, word), Assets: assets})
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
