package remediation

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Limits of a roadmap problem. An amount beyond mostMoney is a slip of the keyboard.
const (
	mostMoney   = 1_000_000_000_000 // US dollars, and nine of them together
	mostYears   = 50
	mostEntries = 2_000_000 // actions, scenarios and effects, times years
)

// InfeasibleError says that the mandatory actions, with what they require, cost more than all years together give.
type InfeasibleError struct {
	// Mandatory are the actions by identity, those that they require included.
	Mandatory []string
	// Cost is what they cost together, and Budget what all years give, in US dollars.
	Cost, Budget decimal.Decimal
}

func (e *InfeasibleError) Error() string {
	return fmt.Sprintf("remediation: %d mandatory actions and prerequisites cost %s, more than the %s that all years give; raise a budget, or decide which of them is not mandatory", len(e.Mandatory), e.Cost, e.Budget)
}

// Validate returns every fault of the problem. Through a [*hipaasmp.ValidationError] errors.As also reaches the
// [*CycleError] of actions that require each other in a circle, and the [*InfeasibleError] of mandatory actions that no
// budget pays for.
func (p RoadmapProblem) Validate() error {
	var f validate.Faults
	required := func(n int, list string) {
		if n == 0 {
			f.Add(hipaasmp.FaultRequired, "/"+list, "is missing; a roadmap needs at least one")
		}
	}
	required(len(p.Scenarios), "scenarios")
	required(len(p.Budgets), "budgets")
	scenarios := validate.Unique(&f, "/scenarios", p.Scenarios, func(s RoadmapScenario) string { return s.ID })
	actions := validate.Unique(&f, "/actions", p.Actions, func(a RoadmapAction) string { return a.ID })
	var losses, costs, budgets total
	for i, s := range p.Scenarios {
		at := hipaasmp.Pointer("scenarios", i)
		checkID(&f, at+"/id", s.ID)
		losses.add(&f, at+"/ale", s.ALE)
	}
	effects := 0
	for i, a := range p.Actions {
		at := hipaasmp.Pointer("actions", i)
		checkID(&f, at+"/id", a.ID)
		costs.add(&f, at+"/cost", a.Cost)
		effects += len(a.Effects)
		a.check(&f, at, scenarios, actions)
	}
	for i, b := range p.Budgets {
		budgets.add(&f, hipaasmp.Pointer("budgets", i), b)
	}
	for name, t := range map[string]total{"scenarios": losses, "actions": costs, "budgets": budgets} {
		if t.sum.GreaterThan(decimal.NewFromInt(9 * mostMoney)) {
			f.Add(FaultMoney, "/"+name, "add up to more than %d; give amounts in US dollars", int64(9*mostMoney))
		}
	}
	if n := len(p.Budgets); n > mostYears || n*(len(p.Actions)+len(p.Scenarios)+effects) > mostEntries {
		f.Add(hipaasmp.FaultRange, "", "is too large: at most %d years, and %d actions, scenarios and effects times years; split it", mostYears, mostEntries)
	}
	p.checkCircle(&f, actions)
	if f.Err(hipaasmp.Ref{}) == nil {
		p.checkMandatory(&f)
	}
	return f.Err(hipaasmp.Ref{})
}

func checkID(f *validate.Faults, at, id string) {
	if !hipaasmp.ValidID(id) {
		f.Add(hipaasmp.FaultFormat, at, "%q is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit", clip(id))
	}
}

// clip keeps hostile input from filling a message.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

func (a RoadmapAction) check(f *validate.Faults, at string, scenarios, actions map[string]int) {
	seen := map[string]bool{}
	for j, e := range a.Effects {
		at := at + hipaasmp.Pointer("effects", j)
		switch _, known := scenarios[e.Scenario]; {
		case !known:
			f.Add(hipaasmp.FaultDangling, at+"/scenario", "%q is no scenario of the problem; correct the reference", clip(e.Scenario))
		case seen[e.Scenario]:
			f.Add(hipaasmp.FaultIdentity, at+"/scenario", "%q is named twice; an action has one effect on a scenario", e.Scenario)
		}
		seen[e.Scenario] = true
		checkShare(f, at+"/effectiveness", e.Effectiveness)
	}
	seen = map[string]bool{}
	for j, id := range a.Requires {
		at := at + hipaasmp.Pointer("requires", j)
		switch _, known := actions[id]; {
		case !known:
			f.Add(hipaasmp.FaultDangling, at, "%q is no action of the problem; correct the reference", clip(id))
		case seen[id]:
			f.Add(hipaasmp.FaultIdentity, at, "%q is named twice; name it once", id)
		}
		seen[id] = true
	}
}

// total adds amounts up, those that are in order.
type total struct{ sum decimal.Decimal }

func (t *total) add(f *validate.Faults, at string, d decimal.Decimal) {
	if checkMoney(f, at, d) {
		t.sum = t.sum.Add(d)
	}
}

// checkMoney refuses an amount that is negative, beyond mostMoney, or finer than a millionth of a dollar. It looks at the
// exponent first: an exponent in the billions would take all memory to compare.
func checkMoney(f *validate.Faults, at string, d decimal.Decimal) bool {
	switch {
	case d.IsNegative():
		f.Add(FaultMoney, at, "is negative; give an amount of US dollars from 0 up")
	case d.IsZero():
		return true
	case d.Exponent() > 12 || d.NumDigits() > 40 || d.Exponent() >= -40 && d.GreaterThan(decimal.NewFromInt(mostMoney)):
		f.Add(FaultMoney, at, "is more than %d; give an amount of US dollars", int64(mostMoney))
	case d.Exponent() < -40 || !d.Equal(d.Truncate(6)):
		f.Add(FaultMoney, at, "is finer than a millionth of a dollar; round it")
	default:
		return true
	}
	return false
}

// checkShare refuses a share outside 0 to 1 or with more than nine decimal places.
func checkShare(f *validate.Faults, at string, d decimal.Decimal) {
	switch {
	case d.IsZero():
	case d.IsNegative() || d.Exponent() > 0 || d.NumDigits() > 40 || d.Exponent() >= -40 && d.GreaterThan(decimal.NewFromInt(1)):
		f.Add(FaultShare, at, "is no share; give a number from 0 to 1, such as 0.6")
	case d.Exponent() < -40 || !d.Equal(d.Truncate(9)):
		f.Add(FaultShare, at, "has more than nine decimal places; round it")
	}
}

// checkCircle looks for actions that require each other. References to nothing are passed over; they are faults already.
func (p RoadmapProblem) checkCircle(f *validate.Faults, place map[string]int) {
	requires := make([][]int, len(p.Actions))
	for i, a := range p.Actions {
		for _, id := range a.Requires {
			if n, known := place[id]; known {
				requires[i] = append(requires[i], n)
			}
		}
	}
	circle := cycle(len(p.Actions), requires)
	if circle == nil {
		return
	}
	err := &CycleError{Of: "actions"}
	for _, i := range circle {
		err.Path = append(err.Path, clip(p.Actions[i].ID))
	}
	f.Add(FaultCycle, hipaasmp.Pointer("actions", circle[0], "requires"), "closes a circle: %s; take one of the prerequisites out", err.route())
	f.Because(err)
}

// checkMandatory looks for mandatory actions beyond the money, in a problem without any other fault.
func (p RoadmapProblem) checkMandatory(f *validate.Faults) {
	m := p.compile()
	if m.mandatoryBy < m.years || m.mandatoryCost() == 0 {
		return
	}
	err := &InfeasibleError{Cost: decimal.New(m.mandatoryCost(), -6), Budget: decimal.New(m.budget[m.years-1], -6)}
	for a, must := range m.mandatory {
		if must {
			err.Mandatory = append(err.Mandatory, m.ids[a])
		}
	}
	f.Add(FaultInfeasible, "/budgets", "give %s, and the mandatory actions with what they require cost %s; raise a budget, or decide which of them is not mandatory", err.Budget, err.Cost)
	f.Because(err)
}

// checkPlan returns every fault of a plan for the problem, which has none itself.
func (p RoadmapProblem) checkPlan(plan [][]string) error {
	var f validate.Faults
	m := p.compile()
	if len(plan) > m.years {
		f.Add(hipaasmp.FaultRange, "", "has %d years; the problem has %d", len(plan), m.years)
		return f.Err(hipaasmp.Ref{})
	}
	d := m.newDraft()
	for t, ids := range plan {
		for i, id := range ids {
			at := hipaasmp.Pointer(t, i)
			switch a, known := slices.BinarySearch(m.ids, id); {
			case !known:
				f.Add(hipaasmp.FaultDangling, at, "%q is no action of the problem", clip(id))
			case d.year[a] < m.years:
				f.Add(hipaasmp.FaultIdentity, at, "%q is done twice; an action is done once", id)
			default:
				d.move(a, t)
				if !m.mandatory[a] && t < m.mandatoryBy {
					f.Cite(FaultPlan, hipaasmp.CiteRiskManagement, at, "%q comes before what is mandatory, which year %d pays for", id, m.mandatoryBy+1)
				}
			}
		}
	}
	for t, ids := range plan {
		for i, id := range ids {
			a, known := slices.BinarySearch(m.ids, id)
			if !known {
				continue
			}
			for _, b := range m.requires[a] {
				if d.year[b] > d.year[a] {
					f.Add(FaultPlan, hipaasmp.Pointer(t, i), "%q requires %q, which is not done by then", id, m.ids[b])
				}
			}
		}
	}
	for t, free := range d.free {
		if free < 0 {
			f.Add(FaultPlan, hipaasmp.Pointer(t), "spends %s more than there is by the end of the year", decimal.New(-free, -6))
		}
	}
	for a, must := range m.mandatory {
		if must && d.year[a] > m.mandatoryBy {
			f.Cite(FaultPlan, hipaasmp.CiteRiskManagement, "", "leaves mandatory action %q to a year after %d, which pays for it", m.ids[a], m.mandatoryBy+1)
		}
	}
	return f.Err(hipaasmp.Ref{})
}
