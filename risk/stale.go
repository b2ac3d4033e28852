package risk

import (
	"cmp"
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
	// Findings are the identities of the findings that it touches, in the order of the analysis. [Analysis.Stale] sets
	// them; what a caller puts here is not looked at.
	Findings []string `json:"findings,omitempty"`
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

// Stale lists what makes the analysis stale on the day, oldest first and undated at the end, each with the findings that
// it touches; empty means that nothing known makes it stale. It looks at the interval of the policy, at the inventory as
// it is now, and at the changes given. A nil inventory means that only the analysis's own is known. A change counts if it
// happened after the approval; a new asset counts if it went into service after the approval and no finding reaches it,
// so a system that was analysed before it went live makes nothing stale.
//
// A change of an asset touches the findings that name it, and those of every asset that it bears on: what stands at the
// site, what the vendor supplies, and from each of them on wherever ePHI flows, over any number of flows. A change of a
// flow touches the sender, the receiver, and what the receiver bears on. The interval of the policy, and a change that
// names no asset, touch every finding.
func (a Analysis) Stale(asOf hipaasmp.Date, policy Cadence, now *Inventory, changes ...Change) []Change {
	var out []Change
	if due, ok := policy.Due(a.Approval.On); ok && asOf.After(due) {
		out = append(out, Change{Trigger: TriggerCadence, On: due.AddDays(1), Findings: a.all(),
			What: fmt.Sprintf("the analysis of %s was due for review by %s under the entity's own interval of %d months (policy, not law)", a.Approval.On, due, policy.Months)})
	}
	if now == nil {
		now = &a.Inventory
	}
	out = append(out, a.assetChanges(asOf, *now)...)
	out = append(out, a.flowChanges(asOf, *now)...)
	for _, c := range changes {
		if c.On.IsZero() || c.On.After(a.Approval.On) && !c.On.After(asOf) {
			c.Findings = a.touchedBy(*now, c.Assets)
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

// StaleFinding is one finding that changes touch.
type StaleFinding struct {
	// Finding is the identity of the finding.
	Finding string `json:"finding"`
	// Since is the day of the oldest change that touches it; absent where none of them has a day.
	Since hipaasmp.Date `json:"since,omitzero"`
	// Triggers are the kinds of change that touch it, in the order of [Trigger.Values], each once.
	Triggers []Trigger `json:"triggers,omitempty"`
}

// StaleFindings turns what [Analysis.Stale] returns around: the findings that the changes touch, since when and by what,
// in the order of their identities.
func StaleFindings(changes []Change) []StaleFinding {
	var out []StaleFinding
	for _, c := range changes {
		for _, id := range c.Findings {
			i, ok := slices.BinarySearchFunc(out, id, func(f StaleFinding, id string) int { return cmp.Compare(f.Finding, id) })
			if !ok {
				out = slices.Insert(out, i, StaleFinding{Finding: id})
			}
			f := &out[i]
			if !c.On.IsZero() && (f.Since.IsZero() || c.On.Before(f.Since)) {
				f.Since = c.On
			}
			if !slices.Contains(f.Triggers, c.Trigger) {
				f.Triggers = append(f.Triggers, c.Trigger)
			}
		}
	}
	order := Trigger("").Values()
	for _, f := range out {
		slices.SortFunc(f.Triggers, func(a, b Trigger) int { return slices.Index(order, a) - slices.Index(order, b) })
	}
	return out
}
