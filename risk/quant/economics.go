package quant

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// SLE returns the single loss expectancy: the value of an asset times the share of it that one event destroys.
func SLE(value Money, exposure Probability) Money {
	return Money{value.Amount * Amount(exposure), value.Currency}
}

// ALE returns the annualised loss expectancy: the loss of one event times the events of a year.
func ALE(single Money, rate Rate) Money {
	return Money{single.Amount * Amount(rate), single.Currency}
}

// ROSI returns the return on a security investment: what it saves in a year, less what it costs, over what it costs. The
// cost must not be zero.
func ROSI(saved, cost Amount) Number { return Number((saved - cost) / cost) }

// GordonLoeb is the model of Gordon and Loeb (2002), class I: an investment z leaves a vulnerability of
// v/(alpha z + 1)^beta.
type GordonLoeb struct {
	// Vulnerability is the probability of a loss without the investment, and Loss its amount.
	Vulnerability Probability
	Loss          Money
	// Alpha is the productivity of one currency unit, Beta its power; Beta is at least 1.
	Alpha, Beta Number
}

// Investment is the optimum of the model of Gordon and Loeb.
type Investment struct {
	// Amount is the investment with the largest expected net benefit; it never exceeds 1/e of the expected loss.
	Amount Money `json:"amount"`
	// Left is the vulnerability that it leaves, and NetBenefit the expected saving less the investment.
	Left       Probability `json:"left"`
	NetBenefit Money       `json:"net_benefit"`
}

// Optimum returns the best investment, or every fault of the parameters.
func (g GordonLoeb) Optimum() (Investment, error) {
	var list []hipaasmp.Fault
	c := checker{list: &list}
	c.probability("vulnerability", g.Vulnerability)
	c.money("loss", g.Loss)
	c.positive("alpha", float64(g.Alpha))
	if c.number("beta", float64(g.Beta)) && g.Beta < 1 {
		c.fault(FaultBounds, "beta", "is %v; the model asks for at least 1", float64(g.Beta))
	}
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, list); err != nil {
		return Investment{}, err
	}
	v, l, a, b := float64(g.Vulnerability), float64(g.Loss.Amount), float64(g.Alpha), float64(g.Beta)
	z := max(0, (num.Pow(v*a*b*l, 1/(b+1))-1)/a)
	left := v * num.Pow(float64(a*z)+1, -b)
	return Investment{
		Amount: Money{Amount(z), g.Loss.Currency}, Left: Probability(left),
		NetBenefit: Money{Amount(float64((v-left)*l) - z), g.Loss.Currency},
	}, nil
}
