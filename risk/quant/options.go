package quant

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Engine says how a register is computed.
type Engine string

// The engines. EngineAuto computes exactly where that is possible, and the result says which engine ran and why.
const (
	EngineAuto       Engine = "auto"
	EngineExact      Engine = "exact"
	EngineMonteCarlo Engine = "monte_carlo"
)

// Values returns the members of the enumeration.
func (Engine) Values() []Engine { return []Engine{EngineAuto, EngineExact, EngineMonteCarlo} }

// IsValid reports whether e is a member.
func (e Engine) IsValid() bool {
	_, err := hipaasmp.ParseEnum("quant.Engine", []byte(e), e.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (e Engine) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("quant.Engine", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Engine) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("quant.Engine", text, e.Values())
	return err
}

// Options say what is computed and how. The zero value computes exactly where it can and gives the point figures.
type Options struct {
	// Engine forces an engine; empty is EngineAuto.
	Engine Engine
	// Levels are the probabilities whose quantiles are wanted; empty is 0.05, 0.5, 0.9, 0.95, 0.99 and 0.999.
	Levels []Probability
	// TailLevels are the probabilities whose VaR and TVaR are wanted; empty is 0.95 and 0.99.
	TailLevels []Probability
	// Thresholds are the amounts for which the probability of a larger annual loss is wanted.
	Thresholds []Money
	// Bracket makes the exact engine certify its figures: it computes the year with every loss rounded down to the grid
	// and again with every loss rounded up, and the truth lies between the two.
	Bracket bool
	// Shares computes what each scenario contributes to the ALE and to each TVaR.
	Shares bool
	// GridPoints fixes the number of points of the exact engine's grid, a power of two from 1,024 to 1,048,576. At 0 the
	// engine refines until halving the grid changes no figure by more than three millionths; a bracket takes 262,144, and
	// more where the bracket of a figure would be wider than 0.3 %. Losses that are all multiples of one unit have a grid
	// of that unit instead.
	GridPoints int
	// Trials is the number of simulated years; 0 is 1,000,000. The exact engine does not look at it.
	Trials int
	// Seed selects the random draws. The exact engine has none.
	Seed uint64
	// Workers is how many goroutines compute; 0 is 1. It never changes a byte of the result.
	Workers int
}

const (
	minTrials     = 100
	maxTrials     = 100_000_000
	defaultTrials = 1_000_000
	minGrid       = 1 << 10
	maxGrid       = 1 << 20
	bracketGrid   = 1 << 18
	maxWorkers    = 1024
)

func (o Options) faults(currency Currency) []hipaasmp.Fault {
	var list []hipaasmp.Fault
	c := checker{list: &list, currency: currency}.in("options")
	if o.Engine != "" && !o.Engine.IsValid() {
		c.fault(FaultOption, "engine", "%q is no engine; use auto, exact or monte_carlo", string(o.Engine))
	}
	levels := func(field string, ps []Probability) {
		for i, p := range ps {
			if at := c.in(field); at.probability(itoa(i), p) && (p <= 0 || p >= 1) {
				at.fault(FaultOption, itoa(i), "is %v; a quantile lies strictly between 0 and 1", float64(p))
			}
		}
	}
	levels("levels", o.Levels)
	levels("tail_levels", o.TailLevels)
	for i, m := range o.Thresholds {
		c.in("thresholds").money(itoa(i), m)
	}
	if g := o.GridPoints; g != 0 && (g < minGrid || g > maxGrid || g&(g-1) != 0) {
		c.fault(FaultOption, "grid_points", "is %d; use 0 or a power of two from %d to %d", g, minGrid, maxGrid)
	}
	if o.Trials != 0 && (o.Trials < minTrials || o.Trials > maxTrials) {
		c.fault(FaultOption, "trials", "is %d; use %d to %d", o.Trials, minTrials, maxTrials)
	}
	if o.Workers < 0 || o.Workers > maxWorkers {
		c.fault(FaultOption, "workers", "is %d; use 0 to %d", o.Workers, maxWorkers)
	}
	return list
}

// filled returns the options with the defaults in place.
func (o Options) filled() Options {
	if o.Engine == "" {
		o.Engine = EngineAuto
	}
	if len(o.Levels) == 0 {
		o.Levels = []Probability{0.05, 0.5, 0.9, 0.95, 0.99, 0.999}
	}
	if len(o.TailLevels) == 0 {
		o.TailLevels = []Probability{0.95, 0.99}
	}
	if o.Trials == 0 {
		o.Trials = defaultTrials
	}
	if o.Workers == 0 {
		o.Workers = 1
	}
	return o
}
