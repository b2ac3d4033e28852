package quant

import (
	"fmt"
	"math"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
)

// Estimate says where a number of a scenario comes from: who gave it, when, and on what basis.
type Estimate struct {
	// Field names the number, for example "severity.low".
	Field string `json:"field"`
	// By is the opaque identity of the person or the system that gave it.
	By string `json:"by"`
	// On is the day on which it was given.
	On hipaasmp.Date `json:"on,omitzero"`
	// Basis says what it rests on: own history, claims data, a calibrated judgement.
	Basis string `json:"basis,omitempty"`
}

// Scenario is one row of the register: how often an event comes and what it costs. It has a Frequency and a Severity, or a
// FAIR tree instead of both.
type Scenario struct {
	// ID is the row's identity. Random draws are keyed by it, so a row keeps its draws whatever stands beside it.
	ID string
	// Title says what happens, in words.
	Title string
	// Finding is the identity of the finding of the risk analysis that the row quantifies.
	Finding   string
	Frequency Frequency
	Severity  Severity
	FAIR      *FAIR
	// Estimates say where the numbers come from.
	Estimates []Estimate
}

// Shock is something that hits several scenarios in the same year: an outage of a shared vendor, a new worm. In a year
// with the shock the rates and losses of the scenarios are multiplied. Shocks are independent of each other; given the
// shocks of a year the scenarios are independent.
type Shock struct {
	ID          string        `json:"id"`
	Title       string        `json:"title,omitempty"`
	Probability Probability   `json:"probability"`
	Effects     []ShockEffect `json:"effects"`
}

// ShockEffect is what a shock does to one scenario.
type ShockEffect struct {
	Scenario string `json:"scenario"`
	// RateTimes multiplies the rate and LossTimes each loss; not set, they leave it as it is.
	RateTimes Number `json:"rate_times,omitempty"`
	LossTimes Number `json:"loss_times,omitempty"`
}

// Cap limits the sum that several scenarios can cost in one year, as an aggregate insurance limit does. It ties the
// scenarios of a year together, and only Monte Carlo computes it.
type Cap struct {
	ID        string   `json:"id"`
	Scenarios []string `json:"scenarios"`
	Limit     Money    `json:"limit"`
}

// Control is a measure in place or planned, and what it takes off the scenarios. Its cost is counted once, however many
// scenarios it serves.
type Control struct {
	ID    string `json:"id"`
	Title string `json:"title,omitempty"`
	// Cost is what the control costs in a year; not set, it is not known.
	Cost    Money           `json:"cost,omitzero"`
	Effects []ControlEffect `json:"effects"`
}

// ControlEffect is what a control does to one scenario. Effects of several controls multiply: two that each stop half
// leave a quarter.
type ControlEffect struct {
	Scenario string `json:"scenario"`
	// StopsEvents is the share of the events that do not happen any more, SavesLoss the share of each loss that is saved.
	StopsEvents Probability `json:"stops_events,omitempty"`
	SavesLoss   Probability `json:"saves_loss,omitempty"`
}

// maxShocks bounds the combinations of shocks of one register.
const maxShocks = 12

// Register is what is quantified: scenarios in one currency, what ties them together, and the controls already applied.
type Register struct {
	Currency  Currency   `json:"currency"`
	Scenarios []Scenario `json:"scenarios,omitempty"`
	Shocks    []Shock    `json:"shocks,omitempty"`
	Caps      []Cap      `json:"caps,omitempty"`
	Controls  []Control  `json:"controls,omitempty"`
}

// With returns the register with further controls applied. The receiver is not changed.
func (r Register) With(controls ...Control) Register {
	r.Controls = append(slices.Clone(r.Controls), controls...)
	return r
}

// Hash returns the digest of the register's canonical JSON: the input hash of its results.
func (r Register) Hash() (hipaasmp.Digest, error) {
	b, err := canon.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("quant: hash of the register: %w", err)
	}
	return hipaasmp.DigestOf(b), nil
}

// Validate returns nil or a [*hipaasmp.ValidationError] with every fault; each names the scenario and the field.
func (r Register) Validate() error { return hipaasmp.Invalid(hipaasmp.Ref{}, r.faults()) }

func (r Register) faults() []hipaasmp.Fault {
	var list []hipaasmp.Fault
	top := checker{list: &list, currency: r.Currency}
	if !r.Currency.IsValid() {
		top.fault(FaultCurrency, "currency", "%q is no currency; write three capital letters such as USD", string(r.Currency))
	}
	if len(r.Scenarios) == 0 {
		top.fault(FaultNoScenario, "scenarios", "the register is empty; add a scenario")
	}
	seen := map[string]bool{}
	for i, s := range r.Scenarios {
		c := top.entry("scenarios", i, "scenario", s.ID, seen)
		s.check(c)
	}
	r.checkShocks(top, seen)
	r.checkCaps(top, seen)
	r.checkControls(top, seen)
	if len(list) == 0 {
		r.checkFactors(top)
	}
	return list
}

// entry returns the checker of an entry of a list, having recorded an identity that is bad or already taken.
func (c checker) entry(list string, i int, noun, id string, seen map[string]bool) checker {
	c.base += hipaasmp.Pointer(list, i)
	c.owner = fmt.Sprintf("%s %q", noun, id)
	if !hipaasmp.ValidID(id) {
		c.fault(hipaasmp.FaultFormat, "id", "%q is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit", id)
	} else if seen[id] {
		c.fault(hipaasmp.FaultIdentity, "id", "is also the identity of an entry before it; give each one of its own")
	}
	seen[id] = true
	return c
}

func (s Scenario) check(c checker) {
	for i, e := range s.Estimates {
		at := c.in("estimates").in(itoa(i))
		if !hipaasmp.ValidText(e.Field) {
			at.fault(hipaasmp.FaultRequired, "field", "is missing; name the number that the estimate is of")
		}
		if !hipaasmp.ValidText(e.By) {
			at.fault(hipaasmp.FaultRequired, "by", "is missing; name who gave the number")
		}
	}
	if s.FAIR != nil {
		if s.Frequency != nil || s.Severity != nil {
			c.fault(FaultLaw, "fair", "stands beside a frequency or a severity; give the tree, or both of them")
		}
		s.FAIR.check(c.in("fair"))
		return
	}
	if s.Frequency == nil {
		c.fault(FaultLaw, "frequency", "is missing; say how often the event comes")
	} else {
		s.Frequency.check(c.in("frequency"))
	}
	if s.Severity == nil {
		c.fault(FaultLaw, "severity", "is missing; say what an event costs")
	} else {
		s.Severity.check(c.in("severity"))
	}
}

// known records a reference to a scenario that the register does not have, or that the list names twice.
func (c checker) known(field, id string, scenarios, named map[string]bool) {
	switch {
	case !scenarios[id]:
		c.fault(hipaasmp.FaultDangling, field, "%q is no scenario of the register", id)
	case named[id]:
		c.fault(hipaasmp.FaultIdentity, field, "%q is named twice; join the two", id)
	}
	named[id] = true
}

func (r Register) checkShocks(top checker, scenarios map[string]bool) {
	ids := map[string]bool{}
	if len(r.Shocks) > maxShocks {
		top.fault(FaultShocks, "shocks", "are %d; more than %d have too many combinations, join some of them", len(r.Shocks), maxShocks)
	}
	for i, s := range r.Shocks {
		c := top.entry("shocks", i, "shock", s.ID, ids)
		c.probability("probability", s.Probability)
		named := map[string]bool{}
		for k, e := range s.Effects {
			at := c.in("effects").in(itoa(k))
			at.known("scenario", e.Scenario, scenarios, named)
			at.notNegative("rate_times", float64(e.RateTimes))
			at.notNegative("loss_times", float64(e.LossTimes))
		}
	}
}

func (r Register) checkCaps(top checker, scenarios map[string]bool) {
	ids, under := map[string]bool{}, map[string]string{}
	for i, cp := range r.Caps {
		c := top.entry("caps", i, "cap", cp.ID, ids)
		if c.money("limit", cp.Limit) {
			c.positive("limit", float64(cp.Limit.Amount))
		}
		if len(cp.Scenarios) == 0 {
			c.fault(hipaasmp.FaultRequired, "scenarios", "are missing; say what the cap limits")
		}
		named := map[string]bool{}
		for k, id := range cp.Scenarios {
			at := c.in("scenarios")
			at.known(itoa(k), id, scenarios, named)
			if other, taken := under[id]; taken && other != cp.ID {
				at.fault(FaultShared, itoa(k), "%q is already under cap %q; a scenario has one cap", id, other)
			}
			under[id] = cp.ID
		}
	}
}

func (r Register) checkControls(top checker, scenarios map[string]bool) {
	ids := map[string]bool{}
	for i, ct := range r.Controls {
		c := top.entry("controls", i, "control", ct.ID, ids)
		if !ct.Cost.IsZero() {
			c.money("cost", ct.Cost)
		}
		named := map[string]bool{}
		for k, e := range ct.Effects {
			at := c.in("effects").in(itoa(k))
			at.known("scenario", e.Scenario, scenarios, named)
			at.probability("stops_events", e.StopsEvents)
			at.probability("saves_loss", e.SavesLoss)
		}
	}
}

// Losses are computed with as float64, and so are their fourth powers and the sums of these.
const (
	mostLoss  = 1e60
	leastLoss = 1e-60
)

// computable reports whether the losses of row i, by its worst shocks, have a size that can be computed with.
func (m *model) computable(i int) bool {
	l, most := m.rows[i].loss, 1.0
	for _, s := range m.shocks {
		most *= max(1, s.loss[i])
	}
	size := math.Sqrt(l.limited2(inf)) * most
	common := l.quantile(0.999, 0.001)
	return size <= mostLoss && (common == 0 || common >= leastLoss)
}

// checkFactors records shocks that would take a probability above 1 or a rate beyond the grid. The laws are whole by now.
func (r Register) checkFactors(top checker) {
	m := r.compile()
	all := 1<<len(m.shocks) - 1
	for i, s := range r.Scenarios {
		c := top
		c.base += hipaasmp.Pointer("scenarios", i)
		c.owner = fmt.Sprintf("scenario %q", s.ID)
		if !m.computable(i) {
			c.fault(FaultMagnitude, "severity", "has losses beyond %v or below %v of the currency's units, whose powers cannot be computed with; check the unit", mostLoss, leastLoss)
			continue
		}
		if m.rows[i].product != nil {
			continue
		}
		worst := 0
		for k := range m.shocks {
			if m.shocks[k].rate[i] > 1 {
				worst |= 1 << k
			}
		}
		law, ok := m.countIn(i, worst&all)
		if !ok {
			c.fault(FaultFactor, "frequency", "would exceed one event a chance in a year with its shocks; lower the probability or the factor")
		} else if law.mean() > float64(MaxRate) {
			c.fault(FaultOverflow, "frequency", "reaches %v events a year with its shocks, more than %v; the grid cannot carry it", law.mean(), float64(MaxRate))
		}
	}
}
