package remediation

import (
	"math"
	"slices"

	"github.com/shopspring/decimal"
)

// mostOrdered is the number of actions up to which Order weighs every order.
const mostOrdered = 20

// Sequence is an order in which to do actions one after the other.
type Sequence struct {
	// Actions are the identities, first things first.
	Actions []string
	// Exposure is the sum over the actions of what the action costs times the expected loss while it is under way, which
	// is what the actions before it leave. Where cost stands for time, it is the loss that the order lets happen.
	Exposure decimal.Decimal
	// Status is optimal where no order has less exposure. It is within_gap for more than 20 actions, for which Order
	// takes what takes off most per dollar first and proves nothing.
	Status RoadmapStatus
}

// Order puts all actions of a problem in the order that leaves the least exposure on the way, prerequisites first. It
// looks neither at budgets nor at what is mandatory. Without shared scenarios and prerequisites it is the rule of Smith:
// by what an action takes off per dollar. Several orders of the same exposure are decided by identity.
func (p RoadmapProblem) Order() (Sequence, error) {
	q := p
	q.Budgets = []decimal.Decimal{decimal.Zero}
	q.Actions = slices.Clone(p.Actions)
	for i := range q.Actions {
		q.Actions[i].Mandatory = false
	}
	if err := q.Validate(); err != nil {
		return Sequence{}, err
	}
	m := q.compile()
	out, order := Sequence{Status: RoadmapStatusOptimal}, []int(nil)
	if len(m.ids) <= mostOrdered {
		order = m.bestOrder()
	} else {
		out.Status, order = RoadmapStatusWithinGap, m.quickOrder()
	}
	one := decimal.NewFromInt(1)
	left, action := map[string]decimal.Decimal{}, map[string]RoadmapAction{}
	for _, s := range p.Scenarios {
		left[s.ID] = s.ALE
	}
	for _, a := range p.Actions {
		action[a.ID] = a
	}
	for _, i := range order {
		a := action[m.ids[i]]
		sum := decimal.Zero
		for _, s := range p.Scenarios {
			sum = sum.Add(left[s.ID])
		}
		out.Actions = append(out.Actions, a.ID)
		out.Exposure = out.Exposure.Add(a.Cost.Mul(sum))
		for _, e := range a.Effects {
			left[e.Scenario] = left[e.Scenario].Mul(one.Sub(e.Effectiveness))
		}
	}
	out.Exposure = out.Exposure.RoundBank(6)
	return out, nil
}

// bestOrder finds the best order of each set from the best orders of the sets with one action less.
func (m *roadmapModel) bestOrder() []int {
	n := len(m.ids)
	needs := make([]uint32, n)
	for a, list := range m.requires {
		for _, b := range list {
			needs[a] |= 1 << b
		}
	}
	// left is the loss that a set leaves; least is the least exposure with the set done, and final what it ends with.
	left, least, final := make([]float64, 1<<n), make([]float64, 1<<n), make([]int8, 1<<n)
	scratch := slices.Clone(m.loss)
	m.fillLeft(left, scratch, 0, 0)
	for set := 1; set < 1<<n; set++ {
		least[set], final[set] = math.Inf(1), -1
		for a := range n {
			before := set &^ (1 << a)
			if before == set || needs[a]&^uint32(before) != 0 || final[before] < 0 && before != 0 {
				continue
			}
			// Of several with the same exposure the last identity comes last.
			if v := least[before] + float64(float64(m.cost[a])*left[before]); v <= least[set] {
				least[set], final[set] = v, int8(a)
			}
		}
	}
	order := make([]int, 0, n)
	for set := 1<<n - 1; set > 0; set &^= 1 << final[set] {
		order = append(order, int(final[set]))
	}
	slices.Reverse(order)
	return order
}

// fillLeft sets the loss that each set of the actions from a on leaves, together with set.
func (m *roadmapModel) fillLeft(left, scenario []float64, a, set int) {
	if a == len(m.ids) {
		for _, v := range scenario {
			left[set] += v
		}
		return
	}
	m.fillLeft(left, scenario, a+1, set)
	effects := m.effectsOf(a)
	was := make([]float64, len(effects))
	for i, e := range effects {
		was[i] = scenario[e.scenario]
		scenario[e.scenario] = float64(was[i] * e.leaves)
	}
	m.fillLeft(left, scenario, a+1, set|1<<a)
	for i, e := range effects {
		scenario[e.scenario] = was[i]
	}
}

// quickOrder takes what takes off most per dollar first, each with what it requires.
func (m *roadmapModel) quickOrder() []int {
	d := m.newDraft()
	free := int64(0)
	for _, c := range m.cost {
		free += c
	}
	for t := range d.free {
		d.free[t] = free
	}
	var order []int
	d.fill(make([]window, len(m.ids)), func(actions []int, _ int) { order = append(order, actions...) })
	for _, a := range m.order { // what takes nothing off comes last
		if d.year[a] >= m.years {
			order = append(order, a)
		}
	}
	return order
}
