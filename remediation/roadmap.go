package remediation

import (
	"slices"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// RoadmapScenario is one thing that may go wrong, by what it is expected to cost.
type RoadmapScenario struct {
	// ID is the identity of the scenario.
	ID string `json:"id"`
	// ALE is its expected loss in US dollars a year before any action.
	ALE decimal.Decimal `json:"ale"`
}

// RoadmapEffect is what an action does to a scenario.
type RoadmapEffect struct {
	// Scenario is the identity of the scenario.
	Scenario string `json:"scenario"`
	// Effectiveness is the share of its expected loss that the action takes off, from 0 to 1. What several actions leave
	// multiplies: two that each take off half leave a quarter.
	Effectiveness decimal.Decimal `json:"effectiveness"`
}

// RoadmapAction is one measure that money can buy, once. An action that lowers several scenarios is paid for once.
type RoadmapAction struct {
	// ID is the identity of the action.
	ID string `json:"id"`
	// Cost is its price in US dollars.
	Cost decimal.Decimal `json:"cost"`
	// Effects are what it does; an action that only makes others possible has none.
	Effects []RoadmapEffect `json:"effects,omitempty"`
	// Requires are the identities of the actions that must be done in the same year or before.
	Requires []string `json:"requires,omitempty"`
	// Mandatory actions are done whatever they take off: a Required specification does not lose to a cheaper measure.
	Mandatory bool `json:"mandatory,omitempty"`
}

// RoadmapProblem asks which actions to do in which year so that the least loss is left.
//
// An action is done once and works from its year on. What a year does not spend carries over. The objective is the sum
// over the years of the expected loss that is left at the year's end. Mandatory actions and whatever they require come
// first: nothing else is done before the first year whose money, with what carried over, pays for all of them.
type RoadmapProblem struct {
	// Scenarios are what may go wrong.
	Scenarios []RoadmapScenario `json:"scenarios"`
	// Actions are what may be done.
	Actions []RoadmapAction `json:"actions"`
	// Budgets are what each year adds to the money, in US dollars.
	Budgets []decimal.Decimal `json:"budgets"`
}

// RoadmapOptions bound the effort of [RoadmapProblem.Solve].
type RoadmapOptions struct {
	// Nodes is how many parts of the problem may be looked at; less than 1 means [DefaultRoadmapNodes]. It is a count and
	// not a time, so that the result does not depend on the machine. Up to 24 actions the optimum is found in any case.
	// A large problem also ends after a fixed amount of computing, which takes a second or two.
	Nodes int
}

// DefaultRoadmapNodes is the effort of a zero [RoadmapOptions].
const DefaultRoadmapNodes = 4000

// RoadmapStatus says what is proved about a roadmap.
type RoadmapStatus string

const (
	// RoadmapStatusOptimal: no plan leaves less loss.
	RoadmapStatusOptimal RoadmapStatus = "optimal"
	// RoadmapStatusWithinGap: no plan leaves less than the lower bound, and the plan leaves more.
	RoadmapStatusWithinGap RoadmapStatus = "within_gap"
)

// Values returns the members of the enumeration.
func (RoadmapStatus) Values() []RoadmapStatus {
	return []RoadmapStatus{RoadmapStatusOptimal, RoadmapStatusWithinGap}
}

// IsValid reports whether s is a member.
func (s RoadmapStatus) IsValid() bool {
	_, err := hipaasmp.ParseEnum("remediation.RoadmapStatus", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s RoadmapStatus) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("remediation.RoadmapStatus", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *RoadmapStatus) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("remediation.RoadmapStatus", text, s.Values())
	return err
}

// Roadmap is the answer to a [RoadmapProblem]: a plan, what it leaves, and how much less any other plan could leave at
// most. The same problem gives the same roadmap, whatever the order of its lists. JSON holds the answer; the explanation
// is for programs that show it.
type Roadmap struct {
	// Plan lists the actions of each year in the order of their identities.
	Plan [][]string `json:"plan"`
	// Residual is the expected loss left at each year's end, in US dollars a year, to a millionth.
	Residual []decimal.Decimal `json:"residual"`
	// Objective is the sum of the residuals.
	Objective decimal.Decimal `json:"objective"`
	// LowerBound is what no plan can go below. Objective less LowerBound is the most that can still be gained.
	LowerBound decimal.Decimal `json:"lower_bound"`
	// Gap is objective less lower bound, as a share of the objective, rounded up to a millionth.
	Gap decimal.Decimal `json:"gap"`
	// Status says whether the plan is proved to be the best.
	Status RoadmapStatus `json:"status"`
	// Years explains the plan by year.
	Years []RoadmapYear `json:"-"`
	// Steps explains it by action, in an order in which it can be carried out: within a year what is mandatory first,
	// then what takes off most per dollar.
	Steps []RoadmapStep `json:"-"`
	// LeftOut lists the actions that the plan leaves out, what would take off most per dollar first.
	LeftOut []RoadmapOmission `json:"-"`
}

// Solve returns the best plan that it finds, with a proof of how much better another could be. It refuses a problem that
// Validate refuses. Problems of up to 24 actions are solved to the optimum.
func (p RoadmapProblem) Solve(o RoadmapOptions) (Roadmap, error) {
	if err := p.Validate(); err != nil {
		return Roadmap{}, err
	}
	if o.Nodes < 1 {
		o.Nodes = DefaultRoadmapNodes
	}
	m := p.compile()
	s := newSearch(m, o.Nodes)
	bound := s.run()
	r := Roadmap{Status: RoadmapStatusWithinGap, Plan: make([][]string, m.years)}
	for t := range r.Plan {
		r.Plan[t] = []string{}
	}
	for a, year := range s.best.year {
		if year < m.years {
			r.Plan[year] = append(r.Plan[year], m.ids[a])
		}
	}
	r.Residual = p.residual(r.Plan)
	r.Objective = decimal.Sum(decimal.Zero, r.Residual...)
	if r.LowerBound = r.Objective; s.proved(bound) {
		r.Status = RoadmapStatusOptimal
	} else {
		// What the bound itself may have lost by rounding is a small part of the tolerance.
		r.LowerBound = decimal.Max(decimal.Zero, decimal.Min(r.Objective, decimal.NewFromFloat(bound-m.tolerance).RoundFloor(6)))
	}
	if r.Objective.IsPositive() {
		r.Gap = r.Objective.Sub(r.LowerBound).DivRound(r.Objective, 12).RoundCeil(6)
	}
	s.explain(&r)
	return r, nil
}

// Evaluate returns what a plan leaves at each year's end: the plan lists the actions of each year by identity. It refuses
// a plan that names an action twice or one that is not there, puts an action before one that it requires, overspends, or
// does not put what is mandatory first. The error is a [*hipaasmp.ValidationError] with pointers into the plan.
func (p RoadmapProblem) Evaluate(plan [][]string) ([]decimal.Decimal, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if err := p.checkPlan(plan); err != nil {
		return nil, err
	}
	return p.residual(plan), nil
}

// residual computes exactly, and rounds to a millionth, half to even.
func (p RoadmapProblem) residual(plan [][]string) []decimal.Decimal {
	effects := map[string][]RoadmapEffect{}
	for _, a := range p.Actions {
		effects[a.ID] = a.Effects
	}
	left := map[string]decimal.Decimal{}
	for _, s := range p.Scenarios {
		left[s.ID] = s.ALE
	}
	one := decimal.NewFromInt(1)
	out := make([]decimal.Decimal, len(p.Budgets))
	for t := range out {
		if t < len(plan) {
			for _, a := range slices.Sorted(slices.Values(plan[t])) {
				for _, e := range effects[a] {
					left[e.Scenario] = left[e.Scenario].Mul(one.Sub(e.Effectiveness))
				}
			}
		}
		for _, s := range p.Scenarios {
			out[t] = out[t].Add(left[s.ID])
		}
		out[t] = out[t].RoundBank(6)
	}
	return out
}
