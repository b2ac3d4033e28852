package remediation

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// RoadmapReason says why an action is in a plan, or why it is not.
type RoadmapReason string

const (
	// RoadmapReasonMandatory: it is mandatory.
	RoadmapReasonMandatory RoadmapReason = "mandatory"
	// RoadmapReasonPrerequisite: a mandatory action requires it, or it is worth its money only for what requires it.
	RoadmapReasonPrerequisite RoadmapReason = "prerequisite"
	// RoadmapReasonChosen: it takes off enough for what it costs.
	RoadmapReasonChosen RoadmapReason = "chosen"
	// RoadmapReasonNoEffect: neither it nor anything that requires it takes anything off.
	RoadmapReasonNoEffect RoadmapReason = "no_effect"
	// RoadmapReasonBeyondBudget: with what it requires it costs more than all years together give.
	RoadmapReasonBeyondBudget RoadmapReason = "beyond_budget"
	// RoadmapReasonOutbid: the money is spent on what takes off more.
	RoadmapReasonOutbid RoadmapReason = "outbid"
)

// Values returns the members of the enumeration.
func (RoadmapReason) Values() []RoadmapReason {
	return []RoadmapReason{RoadmapReasonMandatory, RoadmapReasonPrerequisite, RoadmapReasonChosen,
		RoadmapReasonNoEffect, RoadmapReasonBeyondBudget, RoadmapReasonOutbid}
}

// IsValid reports whether r is a member.
func (r RoadmapReason) IsValid() bool {
	_, err := hipaasmp.ParseEnum("remediation.RoadmapReason", []byte(r), r.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (r RoadmapReason) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("remediation.RoadmapReason", r, r.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (r *RoadmapReason) UnmarshalText(text []byte) (err error) {
	*r, err = hipaasmp.ParseEnum("remediation.RoadmapReason", text, r.Values())
	return err
}

// RoadmapYear is one year of a plan. Amounts are US dollars.
type RoadmapYear struct {
	// Year counts from 1.
	Year int
	// Budget is what the year adds, CarriedIn what the years before left, Spent what the year spends, and CarriedOut what
	// it leaves.
	Budget, CarriedIn, Spent, CarriedOut decimal.Decimal
	// Residual is the expected loss left at the year's end.
	Residual decimal.Decimal
	// Price is what the proof pays for one dollar more in this year: the lower bound falls by at most so much for each
	// dollar. It is 0 where money is not what is short.
	Price decimal.Decimal
	// Next is what more money in this year would buy first; nil where nothing is left to buy.
	Next *RoadmapNext
}

// RoadmapNext is what comes next in a year: the actions of which a dollar more would take off most.
type RoadmapNext struct {
	// Actions are the action that is meant, last, and before it what it requires and the plan has not by then.
	Actions []string
	// Short is how many dollars are missing for it.
	Short decimal.Decimal
	// Buys is by how much the objective would fall.
	Buys decimal.Decimal
}

// RoadmapStep is one action of a plan.
type RoadmapStep struct {
	// Year counts from 1.
	Year int
	// Action is the identity of the action.
	Action string
	// Reason says why it is there.
	Reason RoadmapReason
	// Cost is its price in US dollars.
	Cost decimal.Decimal
	// Buys is what it takes off the expected loss of its year, after the steps before it, and BuysInAll what it takes off
	// the objective. The latter add up over all steps to the loss without a plan, less the objective.
	Buys, BuysInAll decimal.Decimal
	// Unlocks are the actions of the plan that require it.
	Unlocks []string
}

// RoadmapOmission is one action that a plan leaves out.
type RoadmapOmission struct {
	// Action is the identity of the action.
	Action string
	// Reason says why it is left out.
	Reason RoadmapReason
	// Needs are the actions that it requires and the plan leaves out too.
	Needs []string
	// Cost is its price with that of Needs, in US dollars.
	Cost decimal.Decimal
	// Buys is what it would take off the expected loss of the last year, with Needs.
	Buys decimal.Decimal
}

// cents turns a float of dollars into a decimal of cents.
func cents(x float64) decimal.Decimal { return decimal.NewFromFloat(x).RoundBank(2) }

func dollars(micros int64) decimal.Decimal { return decimal.New(micros, -6) }

// explain says why the plan is as it is.
func (s *search) explain(r *Roadmap) {
	m := s.m
	s.steps(r)
	s.omissions(r)
	carried := int64(0)
	for t := range m.years {
		y := RoadmapYear{Year: t + 1, Residual: r.Residual[t], CarriedIn: dollars(carried), CarriedOut: dollars(s.best.free[t])}
		added := m.budget[t]
		if t > 0 {
			added -= m.budget[t-1]
		}
		y.Budget, y.Spent = dollars(added), dollars(carried+added-s.best.free[t])
		carried = s.best.free[t]
		price := 0.0
		for u := t; u < m.years; u++ {
			price += s.r.price[u]
		}
		y.Price = decimal.NewFromFloat(price).RoundCeil(4)
		y.Next = s.next(t)
		r.Years = append(r.Years, y)
	}
}

// steps puts the actions of each year in order: what is mandatory, then what takes off most per dollar.
func (s *search) steps(r *Roadmap) {
	m, d := s.m, s.m.newDraft()
	add := func(a, year int, reason RoadmapReason) {
		step := RoadmapStep{Year: year + 1, Action: m.ids[a], Reason: reason, Cost: dollars(m.cost[a])}
		all := 0.0
		for t := year; t < m.years; t++ {
			buys := d.buys([]int{a}, t)
			if t == year {
				step.Buys = cents(buys)
			}
			all += buys
		}
		step.BuysInAll = cents(all)
		for _, b := range m.dependents[a] {
			if s.best.year[b] < m.years {
				step.Unlocks = append(step.Unlocks, m.ids[b])
			}
		}
		r.Steps = append(r.Steps, step)
		d.move(a, year)
	}
	for year := range m.years {
		for _, a := range m.order {
			if s.best.year[a] == year && m.mandatory[a] {
				reason := RoadmapReasonPrerequisite
				if m.required[a] {
					reason = RoadmapReasonMandatory
				}
				add(a, year, reason)
			}
		}
		for {
			best, ratio := []int(nil), -1.0
			for a := range m.ids {
				if s.best.year[a] != year || d.year[a] < m.years {
					continue
				}
				group := d.missing(a)
				cost := int64(0)
				for _, b := range group {
					cost += m.cost[b]
				}
				if x := perDollar(d.buys(group, year), cost); x > ratio {
					best, ratio = slices.Clone(group), x
				}
			}
			if best == nil {
				break
			}
			for i, a := range best {
				reason := RoadmapReasonPrerequisite
				if i == len(best)-1 {
					reason = RoadmapReasonChosen
				}
				add(a, year, reason)
			}
		}
	}
}

// omissions lists what the plan leaves out.
func (s *search) omissions(r *Roadmap) {
	m, d := s.m, s.best
	last := m.years - 1
	ratio := map[string]float64{}
	for a, y := range d.year {
		if y < m.years {
			continue
		}
		group := slices.Clone(d.missing(a))
		x := RoadmapOmission{Action: m.ids[a], Reason: RoadmapReasonOutbid}
		cost := int64(0)
		for _, b := range group {
			cost += m.cost[b]
			if b != a {
				x.Needs = append(x.Needs, m.ids[b])
			}
		}
		buys := d.buys(group, last)
		x.Cost, x.Buys = dollars(cost), cents(buys)
		switch {
		case s.w[a].lo >= m.years && cost <= m.budget[last]:
			x.Reason = RoadmapReasonNoEffect
		case cost > m.budget[last]:
			x.Reason = RoadmapReasonBeyondBudget
		}
		ratio[x.Action] = perDollar(buys, cost)
		r.LeftOut = append(r.LeftOut, x)
	}
	slices.SortStableFunc(r.LeftOut, func(a, b RoadmapOmission) int {
		return cmp.Or(cmp.Compare(ratio[b.Action], ratio[a.Action]), cmp.Compare(a.Action, b.Action))
	})
}

// next finds what more money in a year would buy first: an action that is left out, or one that comes later.
func (s *search) next(year int) *RoadmapNext {
	m, d := s.m, s.trial
	d.adopt(s.best.year)
	var out *RoadmapNext
	best := 0.0
	for a := range m.ids {
		if d.year[a] <= year || !m.mandatory[a] && year < m.mandatoryBy {
			continue
		}
		group, buys := d.pull(nil, a, year)
		short := max(0, -slices.Min(d.free[year:]))
		for _, b := range slices.Backward(group) {
			d.move(b, s.best.year[b])
		}
		if buys <= m.tolerance || short == 0 {
			continue // nothing to buy, or no money needed: a plan within a gap may leave such a thing
		}
		if ratio := perDollar(buys, short); ratio > best {
			best = ratio
			out = &RoadmapNext{Short: dollars(short), Buys: cents(buys)}
			for _, b := range group {
				out.Actions = append(out.Actions, m.ids[b])
			}
		}
	}
	return out
}

// pull moves an action to an earlier year, and before it what it requires. It returns group with what moved, and by how
// much the objective falls.
func (d *draft) pull(group []int, a, year int) (moved []int, buys float64) {
	if d.year[a] <= year {
		return group, 0
	}
	for _, b := range d.m.requires[a] {
		var more float64
		group, more = d.pull(group, b, year)
		buys += more
	}
	buys -= d.change(a, year)
	d.move(a, year)
	return append(group, a), buys
}
