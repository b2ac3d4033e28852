package quant

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Version names the algorithms. It changes whenever the same inputs would give other figures.
const Version = "hipaasmp/quant 1"

// ErrorKind says what the Low and High of a result's figures mean.
type ErrorKind string

// The kinds of error.
const (
	// ErrorRounding: a closed form, or losses that all lie on the grid. Low and High equal Value, which is right but for
	// the rounding of floating point.
	ErrorRounding ErrorKind = "rounding"
	// ErrorGrid: the exact engine without a bracket. Low and High stand as far from Value as halving the grid moves it. That
	// is an estimate: three times the error where the distribution is smooth, and about the error where it jumps.
	ErrorGrid ErrorKind = "grid_estimate"
	// ErrorBracket: the exact engine with a bracket. The true figure lies between Low and High.
	ErrorBracket ErrorKind = "bracket"
	// ErrorConfidence: Monte Carlo. Low and High are a 95 % confidence interval.
	ErrorConfidence ErrorKind = "confidence_95"
)

// Values returns the members of the enumeration.
func (ErrorKind) Values() []ErrorKind {
	return []ErrorKind{ErrorRounding, ErrorGrid, ErrorBracket, ErrorConfidence}
}

// IsValid reports whether k is a member.
func (k ErrorKind) IsValid() bool {
	_, err := hipaasmp.ParseEnum("quant.ErrorKind", []byte(k), k.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (k ErrorKind) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("quant.ErrorKind", k, k.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (k *ErrorKind) UnmarshalText(text []byte) (err error) {
	*k, err = hipaasmp.ParseEnum("quant.ErrorKind", text, k.Values())
	return err
}

// Figure is an amount with its error; [Result.Error] says what Low and High mean.
type Figure struct {
	Value Amount `json:"value"`
	Low   Amount `json:"low"`
	High  Amount `json:"high"`
}

func exactly(x float64) Figure { return Figure{Amount(x), Amount(x), Amount(x)} }

func (f Figure) size() float64 {
	if f.Value == 0 {
		return 0
	}
	return float64(max(f.High-f.Value, f.Value-f.Low) / f.Value)
}

// Quantile is the annual loss that is not exceeded with the probability Level. It is also called value at risk.
type Quantile struct {
	Level Probability `json:"level"`
	Loss  Figure      `json:"loss"`
}

// Tail is the far end of the annual loss: VaR is the quantile at Level and TVaR the mean of the worst 1-Level of years.
type Tail struct {
	Level Probability `json:"level"`
	VaR   Figure      `json:"var"`
	TVaR  Figure      `json:"tvar"`
}

// Exceedance is one point of the loss exceedance curve: the probability of an annual loss above Loss.
type Exceedance struct {
	Loss        Amount      `json:"loss"`
	Probability Probability `json:"probability"`
	Low         Probability `json:"low"`
	High        Probability `json:"high"`
}

// Contribution is what one scenario adds to the expected loss and to the tail. The contributions of all scenarios add up
// to the register's figures; a contribution to TVaR is the scenario's mean loss in the worst years of the register
// (Euler's allocation).
type Contribution struct {
	Scenario string       `json:"scenario"`
	ALE      Amount       `json:"ale"`
	TVaR     []TailAmount `json:"tvar,omitempty"`
}

// TailAmount is a contribution to the TVaR at a level.
type TailAmount struct {
	Level  Probability `json:"level"`
	Amount Amount      `json:"amount"`
}

// Grid is the exact engine's grid.
type Grid struct {
	// Points is how many multiples of Step, from 0 on, carry probability.
	Points int    `json:"points"`
	Step   Amount `json:"step"`
	// BracketPoints and BracketStep are the grid of the bracket, where there is one.
	BracketPoints int    `json:"bracket_points,omitempty"`
	BracketStep   Amount `json:"bracket_step,omitempty"`
}

// ErrorBound says what the errors of a result's figures are.
type ErrorBound struct {
	Kind ErrorKind `json:"kind"`
	// Size is the largest distance of a Low or High from its Value among the quantiles and tails above zero, as a share of
	// the value.
	Size Number `json:"size"`
}

// Result is the distribution of a register's annual loss, and all that is needed to get it again.
type Result struct {
	// Engine is the engine that ran and Reason why it did.
	Engine Engine `json:"engine"`
	Reason string `json:"reason"`
	// Version names the algorithms, Input is the digest of the register.
	Version string          `json:"version"`
	Input   hipaasmp.Digest `json:"input"`
	// Trials and Seed are those of Monte Carlo, Grid that of the exact engine.
	Trials int    `json:"trials,omitempty"`
	Seed   uint64 `json:"seed,string,omitempty"`
	Grid   *Grid  `json:"grid,omitempty"`
	// Error says what Low and High of the figures mean.
	Error    ErrorBound `json:"error"`
	Currency Currency   `json:"currency"`
	// ALE is the annualised loss expectancy, the mean of the annual loss; SD is its standard deviation.
	ALE Figure `json:"ale"`
	SD  Figure `json:"sd"`
	// NoLoss is the probability of a year without any loss.
	NoLoss    Probability  `json:"no_loss"`
	Quantiles []Quantile   `json:"quantiles,omitempty"`
	Tails     []Tail       `json:"tails,omitempty"`
	Curve     []Exceedance `json:"curve,omitempty"`
	// Over are the probabilities of exceeding the thresholds that were asked for.
	Over []Exceedance `json:"over,omitempty"`
	// Contributions are in the order of the register's scenarios; empty unless Shares was asked for.
	Contributions []Contribution `json:"contributions,omitempty"`
	// Assumptions say, in sentences, what the figures rest on.
	Assumptions []string `json:"assumptions,omitempty"`
}

// Quantile returns the quantile at a level that was asked for.
func (r Result) Quantile(level Probability) (Figure, bool) {
	for _, q := range r.Quantiles {
		if q.Level == level {
			return q.Loss, true
		}
	}
	return Figure{}, false
}

// Tail returns VaR and TVaR at a level that was asked for.
func (r Result) Tail(level Probability) (Tail, bool) {
	for _, t := range r.Tails {
		if t.Level == level {
			return t, true
		}
	}
	return Tail{}, false
}

// Stale reports whether the register has changed since the result was computed, or the algorithms have.
func (r Result) Stale(register Register) (bool, error) {
	hash, err := register.Hash()
	if err != nil {
		return true, err
	}
	return hash != r.Input || r.Version != Version, nil
}

// measure sets the size of the error from the figures.
func (r *Result) measure() {
	size := 0.0
	for _, q := range r.Quantiles {
		size = max(size, q.Loss.size())
	}
	for _, t := range r.Tails {
		size = max(size, t.VaR.size(), t.TVaR.size())
	}
	r.Error.Size = Number(size)
}

// assumptions lists what the figures of a register rest on.
func (m *model) assumptions(r Register) []string {
	out := []string{"Given the shocks of a year, the scenarios are independent of each other.", "A year is taken on its own: no trend, no discounting, no memory of the year before."}
	if len(r.Shocks) == 0 {
		out[0] = "The scenarios are independent of each other."
	}
	trees, once, product := 0, 0, 0
	for _, s := range r.Scenarios {
		switch s.Frequency.(type) {
		case nil:
			trees++
		case AtMostOnce, *AtMostOnce:
			once++
		case RateTimesLoss, *RateTimesLoss:
			product++
		}
	}
	if trees > 0 {
		out = append(out, fmt.Sprintf("FAIR trees: %d of %d scenarios. Their events are Poisson given an uncertain rate, a law that FAIR leaves open.", trees, len(r.Scenarios)))
	}
	if once > 0 {
		out = append(out, fmt.Sprintf("At most one event in a year: %d of %d scenarios.", once, len(r.Scenarios)))
	}
	if product > 0 {
		out = append(out, fmt.Sprintf("A rate times one loss: %d of %d scenarios. The spread of the year is understated.", product, len(r.Scenarios)))
	}
	if len(r.Controls) > 0 {
		out = append(out, fmt.Sprintf("Controls applied: %d. Their effects multiply.", len(r.Controls)))
	}
	return out
}
