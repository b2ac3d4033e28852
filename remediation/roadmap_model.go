package remediation

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// The solver computes in whole micro-dollars where a budget is compared, so that no rounding lets a plan overspend, and
// in float64 where expected losses are compared. Products that are added are converted to float64 on their own, which
// keeps a compiler from fusing the two, so that every port takes the same decisions.

// roadmapModel is a problem as the solver sees it: actions by the order of their identities, whatever order they came in.
type roadmapModel struct {
	years   int
	ids     []string
	cost    []int64   // of each action, micro-dollars
	loss    []float64 // of each scenario, dollars a year
	effects []effect  // those of action a are effects[first[a]:first[a+1]]
	first   []int
	of      [][]int // the effects on each scenario, by place in effects
	// requires and dependents are the direct ones.
	requires, dependents [][]int
	order                []int   // actions, prerequisites first
	budget               []int64 // what may be spent by the end of each year, carried over
	required             []bool  // the actions that are mandatory themselves
	mandatory            []bool  // those and all that they require
	// mandatoryBy is the first year whose budget pays for everything mandatory; nothing else is done before it.
	mandatoryBy int
	tolerance   float64 // a difference of losses that means nothing
}

// effect is what an action leaves of a scenario's expected loss.
type effect struct {
	action, scenario int
	leaves           float64 // 1 less the effectiveness, and never 0
	weight           float64 // -ln leaves
}

// leastLeft stands for an effectiveness of 1. What it leaves is far below the tolerance.
const leastLeft = 1e-12

var microDollars = decimal.New(1, 6)

// compile assumes a problem without faults.
func (p RoadmapProblem) compile() *roadmapModel {
	m := &roadmapModel{years: len(p.Budgets), loss: make([]float64, len(p.Scenarios)), of: make([][]int, len(p.Scenarios))}
	actions := slices.SortedFunc(slices.Values(p.Actions), func(a, b RoadmapAction) int { return cmp.Compare(a.ID, b.ID) })
	scenarios := slices.SortedFunc(slices.Values(p.Scenarios), func(a, b RoadmapScenario) int { return cmp.Compare(a.ID, b.ID) })
	place, scenario := map[string]int{}, map[string]int{}
	total := 0.0
	for i, s := range scenarios {
		scenario[s.ID] = i
		m.loss[i] = s.ALE.InexactFloat64()
		total += m.loss[i]
	}
	m.tolerance = 1e-11 * total * float64(m.years)
	for i, a := range actions {
		place[a.ID] = i
		m.ids = append(m.ids, a.ID)
		m.cost = append(m.cost, micros(a.Cost))
		m.required = append(m.required, a.Mandatory)
	}
	m.requires, m.dependents = make([][]int, len(actions)), make([][]int, len(actions))
	for i, a := range actions {
		m.first = append(m.first, len(m.effects))
		for _, e := range slices.SortedFunc(slices.Values(a.Effects), func(x, y RoadmapEffect) int { return cmp.Compare(x.Scenario, y.Scenario) }) {
			s := scenario[e.Scenario]
			leaves := max(1-e.Effectiveness.InexactFloat64(), leastLeft)
			if leaves == 1 || m.loss[s] == 0 {
				continue
			}
			m.of[s] = append(m.of[s], len(m.effects))
			m.effects = append(m.effects, effect{action: i, scenario: s, leaves: leaves, weight: -ln(leaves)})
		}
		for _, id := range slices.Sorted(slices.Values(a.Requires)) {
			m.requires[i] = append(m.requires[i], place[id])
			m.dependents[place[id]] = append(m.dependents[place[id]], i)
		}
	}
	m.first = append(m.first, len(m.effects))
	m.order = inOrder(len(actions), m.requires)
	m.mandatory = slices.Clone(m.required)
	for _, a := range slices.Backward(m.order) {
		for _, b := range m.requires[a] {
			m.mandatory[b] = m.mandatory[b] || m.mandatory[a]
		}
	}
	sum := int64(0)
	for _, b := range p.Budgets {
		sum += micros(b)
		m.budget = append(m.budget, sum)
	}
	must := m.mandatoryCost()
	for m.mandatoryBy < m.years && m.budget[m.mandatoryBy] < must {
		m.mandatoryBy++
	}
	return m
}

func micros(d decimal.Decimal) int64 { return d.Mul(microDollars).IntPart() }

func (m *roadmapModel) mandatoryCost() int64 {
	sum := int64(0)
	for a, must := range m.mandatory {
		if must {
			sum += m.cost[a]
		}
	}
	return sum
}

// effectsOf returns the effects of an action.
func (m *roadmapModel) effectsOf(a int) []effect { return m.effects[m.first[a]:m.first[a+1]] }

// window is the years in which an action may still be done: from lo to hi, where the number of years means never.
type window struct{ lo, hi int }

// fixed reports whether there is nothing left to choose.
func (w window) fixed() bool { return w.lo == w.hi }

// windows returns what the problem itself leaves open, and false where nothing does.
func (m *roadmapModel) windows() ([]window, bool) {
	w := make([]window, len(m.ids))
	for a := range w {
		if m.mandatory[a] {
			w[a] = window{0, m.mandatoryBy}
		} else {
			w[a] = window{min(m.mandatoryBy, m.years), m.years}
		}
	}
	// What leads to no effect at all is never worth a cent, and dropping it keeps plans free of idle spending.
	useful := make([]bool, len(w))
	for _, a := range slices.Backward(m.order) {
		useful[a] = useful[a] || m.mandatory[a] || len(m.effectsOf(a)) > 0
		if !useful[a] {
			w[a].lo = m.years
		}
		for _, b := range m.requires[a] {
			useful[b] = useful[b] || useful[a]
		}
	}
	return w, m.narrow(w)
}

// narrow takes out of the windows what prerequisites and budgets forbid. It returns false where a window is empty.
func (m *roadmapModel) narrow(w []window) bool {
	for again := true; again; {
		again = false
		for _, a := range m.order {
			for _, b := range m.requires[a] {
				w[a].lo = max(w[a].lo, w[b].lo)
			}
		}
		for _, a := range slices.Backward(m.order) {
			for _, b := range m.requires[a] {
				w[b].hi = min(w[b].hi, w[a].hi)
			}
			if w[a].lo > w[a].hi {
				return false
			}
		}
		for t := range m.years {
			spent := int64(0)
			for a := range w {
				if w[a].hi <= t {
					spent += m.cost[a]
				}
			}
			if spent > m.budget[t] {
				return false
			}
			for a := range w {
				if w[a].lo <= t && w[a].hi > t && spent+m.cost[a] > m.budget[t] {
					w[a].lo = t + 1
					again = true
				}
			}
		}
	}
	return true
}

// ln is the natural logarithm of a positive number, the same to the bit on every port: what the standard library
// computes differs in its last bit between them.
func ln(x float64) float64 {
	const sqrtHalf = 0.70710678118654752440
	exponent := 0
	for x < sqrtHalf {
		x *= 2
		exponent--
	}
	for x >= 2*sqrtHalf {
		x /= 2
		exponent++
	}
	// ln x = 2 artanh((x-1)/(x+1)), whose argument is at most 0.172 here: eleven terms are exact to the last bits.
	z := (x - 1) / (x + 1)
	zz := float64(z * z)
	sum := 0.0
	for k := 21; k >= 1; k -= 2 {
		sum = float64(sum*zz) + 1/float64(k)
	}
	const ln2 = 0.69314718055994530942
	return float64(2*z*sum) + float64(float64(exponent)*ln2)
}
