package quant

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The codes of this package's rules.
const (
	// FaultNoScenario: the register has no scenario.
	FaultNoScenario hipaasmp.FaultCode = "SMP-QNT-01"
	// FaultNotFinite: a number is NaN or infinite.
	FaultNotFinite hipaasmp.FaultCode = "SMP-QNT-02"
	// FaultBounds: the low bound is above the high one, or both are equal where a spread is needed.
	FaultBounds hipaasmp.FaultCode = "SMP-QNT-03"
	// FaultMode: the most likely value lies outside the bounds.
	FaultMode hipaasmp.FaultCode = "SMP-QNT-04"
	// FaultSign: a number that must be positive, or not negative, is not.
	FaultSign hipaasmp.FaultCode = "SMP-QNT-05"
	// FaultProbability: a probability is outside 0 to 1.
	FaultProbability hipaasmp.FaultCode = "SMP-QNT-06"
	// FaultCurrency: an amount has no currency, or another one than the register.
	FaultCurrency hipaasmp.FaultCode = "SMP-QNT-07"
	// FaultOverflow: a rate is too large for the grid.
	FaultOverflow hipaasmp.FaultCode = "SMP-QNT-08"
	// FaultLaw: a scenario lacks its frequency or its severity.
	FaultLaw hipaasmp.FaultCode = "SMP-QNT-09"
	// FaultVariance: the variance of a negative binomial is not above its mean.
	FaultVariance hipaasmp.FaultCode = "SMP-QNT-10"
	// FaultWeights: the weights of an empirical law do not add up to something positive.
	FaultWeights hipaasmp.FaultCode = "SMP-QNT-11"
	// FaultOption: an option is out of range.
	FaultOption hipaasmp.FaultCode = "SMP-QNT-12"
	// FaultEngine: the engine that was asked for cannot compute this register.
	FaultEngine hipaasmp.FaultCode = "SMP-QNT-13"
	// FaultFactor: a factor cannot be applied to a law.
	FaultFactor hipaasmp.FaultCode = "SMP-QNT-14"
	// FaultCSV: a CSV register cannot be read.
	FaultCSV hipaasmp.FaultCode = "SMP-QNT-15"
	// FaultTree: a FAIR tree is given too little, or one of its nodes twice.
	FaultTree hipaasmp.FaultCode = "SMP-QNT-16"
	// FaultShared: one scenario is under two caps.
	FaultShared hipaasmp.FaultCode = "SMP-QNT-17"
	// FaultShocks: a register has too many shocks.
	FaultShocks hipaasmp.FaultCode = "SMP-QNT-18"
	// FaultMagnitude: losses are too large or too small to be computed with.
	FaultMagnitude hipaasmp.FaultCode = "SMP-QNT-19"
)

// FaultDefs returns the catalogue of this package's fault codes.
func FaultDefs() []hipaasmp.FaultDef {
	const rule = hipaasmp.FaultRule
	return []hipaasmp.FaultDef{
		{Code: FaultNoScenario, Kind: rule, Meaning: "The register has no scenario.", Remedy: "Add a scenario; an empty register has no loss to speak of, which is not a loss of zero."},
		{Code: FaultNotFinite, Kind: rule, Meaning: "A number is NaN or infinite.", Remedy: "Supply a finite number."},
		{Code: FaultBounds, Kind: rule, Meaning: "The low bound is not below the high one.", Remedy: "Put the smaller number first; a single value has the laws Fixed and Poisson."},
		{Code: FaultMode, Kind: rule, Meaning: "The most likely value lies outside the bounds.", Remedy: "Bring it between low and high."},
		{Code: FaultSign, Kind: rule, Meaning: "A number that must be positive, or not negative, is not.", Remedy: "Correct the sign; a lognormal loss is above zero."},
		{Code: FaultProbability, Kind: rule, Meaning: "A probability is outside 0 to 1.", Remedy: "Give a number from 0 to 1; events a year are a Rate."},
		{Code: FaultCurrency, Kind: rule, Meaning: "An amount has no currency, or another one than the register.", Remedy: "Convert the amounts to one currency first; the package converts nothing."},
		{Code: FaultOverflow, Kind: rule, Meaning: "A rate is too large for the grid.", Remedy: "Model the events of a day or a month as one loss, or leave routine losses out of the register."},
		{Code: FaultLaw, Kind: rule, Meaning: "A scenario lacks its frequency or its severity, or has them twice.", Remedy: "Give one Frequency and one Severity, or a FAIR tree instead of both."},
		{Code: FaultVariance, Kind: rule, Meaning: "The variance of a negative binomial is not above its mean.", Remedy: "Give a larger variance; with variance equal to the mean the law is Poisson."},
		{Code: FaultWeights, Kind: rule, Meaning: "An empirical law has no loss, or its weights do not add up to something positive.", Remedy: "Give each loss a weight, at least one of them above zero."},
		{Code: FaultOption, Kind: rule, Meaning: "An option is out of range.", Remedy: "Bring it into the range that the message names."},
		{Code: FaultEngine, Kind: rule, Meaning: "The engine that was asked for cannot compute this register.", Remedy: "Leave the engine to choose, or take out what the message names."},
		{Code: FaultFactor, Kind: rule, Meaning: "A factor cannot be applied to a law.", Remedy: "Use a smaller factor, or a law that has room for it."},
		{Code: FaultCSV, Kind: rule, Meaning: "A CSV register cannot be read.", Remedy: "Correct the line and the column that the message names."},
		{Code: FaultTree, Kind: rule, Meaning: "A FAIR tree is given too little, or one of its nodes both directly and by its parts.", Remedy: "Give each node once: directly, or by all of its parts."},
		{Code: FaultShared, Kind: rule, Meaning: "One scenario is under two caps.", Remedy: "Put each scenario under at most one cap."},
		{Code: FaultShocks, Kind: rule, Meaning: "A register has too many shocks.", Remedy: "Join shocks that hit the same scenarios; their combinations double with each."},
		{Code: FaultMagnitude, Kind: rule, Meaning: "Losses are so large or so small that their powers are no numbers any more.", Remedy: "Give amounts in units of the currency; none of this world is beyond 1e60 or below 1e-60 of them."},
	}
}

// checker collects the faults of a register. A checker for a part of it knows where it stands.
type checker struct {
	list     *[]hipaasmp.Fault
	base     string // JSON Pointer to the part
	owner    string // how messages name it, for example `scenario "phish"`
	part     string // the field within the owner, for example "severity"
	currency Currency
}

// in returns a checker for a part of the part.
func (c checker) in(field string) checker {
	c.base += hipaasmp.Pointer(field)
	if c.part != "" {
		c.part += " "
	}
	c.part += field
	return c
}

// fault records that a field of the part is wrong.
func (c checker) fault(code hipaasmp.FaultCode, field, format string, args ...any) {
	where, pointer := c.part, c.base
	if field != "" {
		pointer += hipaasmp.Pointer(field)
		if where != "" {
			where += " "
		}
		where += field
	}
	message := fmt.Sprintf(format, args...)
	switch {
	case c.owner != "" && where != "":
		message = c.owner + ", " + where + ": " + message
	case c.owner != "" || where != "":
		message = c.owner + where + ": " + message
	}
	*c.list = append(*c.list, hipaasmp.Fault{Code: code, Pointer: pointer, Message: message})
}

// number records a number that is not finite, and reports whether it is.
func (c checker) number(field string, x float64) bool {
	if !finite(x) {
		c.fault(FaultNotFinite, field, "is %v; supply a finite number", x)
		return false
	}
	return true
}

// notNegative records a number that is not finite or is below zero.
func (c checker) notNegative(field string, x float64) bool {
	if !c.number(field, x) {
		return false
	}
	if x < 0 {
		c.fault(FaultSign, field, "is %v; it must not be negative", x)
		return false
	}
	return true
}

// positive records a number that is not finite or not above zero.
func (c checker) positive(field string, x float64) bool {
	if !c.number(field, x) {
		return false
	}
	if x <= 0 {
		c.fault(FaultSign, field, "is %v; it must be above zero", x)
		return false
	}
	return true
}

// probability records a number outside 0 to 1.
func (c checker) probability(field string, p Probability) bool {
	if !c.number(field, float64(p)) {
		return false
	}
	if p < 0 || p > 1 {
		c.fault(FaultProbability, field, "is %v; a probability lies between 0 and 1, and events a year are a Rate", float64(p))
		return false
	}
	return true
}

// rate records a rate that is negative, not finite or beyond [MaxRate].
func (c checker) rate(field string, r Rate) bool {
	if !c.notNegative(field, float64(r)) {
		return false
	}
	if r > MaxRate {
		c.fault(FaultOverflow, field, "is %v events a year, more than %v; the grid cannot carry it", float64(r), float64(MaxRate))
		return false
	}
	return true
}

// money records an amount that is negative, not finite or in another currency.
func (c checker) money(field string, m Money) bool {
	ok := true
	switch {
	case m.Currency == "":
		c.fault(FaultCurrency, field, "has no currency; the register is in %s", c.currency)
		ok = false
	case c.currency != "" && m.Currency != c.currency:
		c.fault(FaultCurrency, field, "is in %q and the register in %s; convert it first", string(m.Currency), c.currency)
		ok = false
	}
	if !c.notNegative(field, float64(m.Amount)) {
		return false
	}
	if m.Amount > mostLoss || m.Amount > 0 && m.Amount < leastLoss {
		c.fault(FaultMagnitude, field, "is %v; an amount lies between %v and %v of the currency's units, or is zero", float64(m.Amount), float64(leastLoss), float64(mostLoss))
		return false
	}
	return ok
}

// three records faults in the order of low, mode and high. Equal bounds are a single value.
func (c checker) three(low, mode, high float64) bool {
	if low > high {
		c.fault(FaultBounds, "low", "is %v, above high %v; put the smaller number first", low, high)
		return false
	}
	if mode < low || mode > high {
		c.fault(FaultMode, "mode", "is %v, outside %v to %v", mode, low, high)
		return false
	}
	return true
}

// gamma records a PERT weight that is not finite, negative or beyond sense.
func (c checker) gamma(g Number) {
	const most = 10_000
	if c.notNegative("gamma", float64(g)) && g > most {
		c.fault(FaultOverflow, "gamma", "is %v; above %d the law is its mode, use a single value", float64(g), most)
	}
}
