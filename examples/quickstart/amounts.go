package main

import (
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// sampleAmounts is the clinic's register in amounts: what five of the findings may cost in a year. The rule asks for no
// amounts; a clinic that can estimate some sees which measure pays. One control is in place and two are planned. Nothing
// in it is drawn at random: the register has an exact answer.
func sampleAmounts(c calendar) (quant.Appraisal, error) {
	given := c.day(-2, 6)
	scenario := func(id, title, finding, basis string, f quant.Frequency, s quant.Severity) quant.Scenario {
		return quant.Scenario{ID: id, Title: title, Finding: finding, Frequency: f, Severity: s, Estimates: []quant.Estimate{
			{Field: "frequency", By: official.ID, On: given, Basis: basis}, {Field: "severity", By: manager.ID, On: given, Basis: basis},
		}}
	}
	register := quant.Register{
		Currency: "USD",
		Scenarios: []quant.Scenario{
			scenario("ransomware", "Ransomware stops the clinic", "f-01", "Interval of two people who were trained to give such intervals",
				quant.AtMostOnce{Probability: 0.06}, quant.LognormalInterval{Low: quant.USD(60_000), High: quant.USD(1_200_000)}),
			scenario("lost-tablet", "A tablet is lost with notes on it", "f-02", "Two tablets lost in three years; invoices",
				quant.Poisson{Rate: 0.7}, quant.PERT{Low: quant.USD(900), Mode: quant.USD(4_000), High: quant.USD(60_000)}),
			scenario("cart", "The ultrasound cart is out of use", "f-04", "Days without the cart, and what a day brings in",
				quant.PoissonPERT{Low: 0.05, Mode: 0.2, High: 1}, quant.Triangular{Low: quant.USD(2_000), Mode: quant.USD(9_000), High: quant.USD(45_000)}),
			scenario("portal", "A stolen password opens the claims portal", "f-05", "Interval of two people who were trained to give such intervals",
				quant.Poisson{Rate: 0.35}, quant.LognormalInterval{Low: quant.USD(4_000), High: quant.USD(180_000)}),
			scenario("dictations", "Dictations leak from the transcription firm", "f-06", "Interval of two people who were trained to give such intervals",
				quant.AtMostOnce{Probability: 0.04}, quant.LognormalInterval{Low: quant.USD(20_000), High: quant.USD(400_000)}),
		},
		Controls: []quant.Control{
			{ID: "tablets-managed", Title: "Tablets encrypted and managed", Effects: []quant.ControlEffect{{Scenario: "lost-tablet", SavesLoss: 0.7}}},
		},
	}
	planned := []quant.Control{
		{ID: "restores", Title: "Restores tested every quarter", Cost: quant.USD(6_000), Effects: []quant.ControlEffect{{Scenario: "ransomware", SavesLoss: 0.55}}},
		{ID: "second-factor", Title: "Second factor for the claims portal", Cost: quant.USD(1_800), Effects: []quant.ControlEffect{{Scenario: "portal", StopsEvents: 0.8}, {Scenario: "ransomware", StopsEvents: 0.2}}},
	}
	a, err := quant.Appraise(register, planned, quant.Options{Bracket: true})
	return a, errorf(err, "the register in amounts")
}

// inAmounts says in words what the register in amounts comes to.
func (t *telling) inAmounts(a quant.Appraisal) {
	t.p.heading("The same risks in amounts")
	var rows [][]string
	for _, s := range quant.Stage("").Values() {
		r := a.Of(s)
		row := []string{string(s), whole(r.ALE.Value)}
		for _, level := range []quant.Probability{0.9, 0.95, 0.99} {
			q, _ := r.Quantile(level)
			row = append(row, whole(q.Value))
		}
		rows = append(rows, row)
	}
	t.p.table([]string{"stage", "expected a year", "1 year in 10", "1 year in 20", "1 year in 100"}, rows)
	t.p.para(0, "%s, %d scenarios, engine %s; each figure lies within certified bounds. The loss exceedance curve is in index.html, all figures in quantified.json.",
		a.Current.Currency, len(a.Register.Scenarios), a.Current.Engine)
}

// whole writes an amount without its cents, in groups of three.
func whole(x quant.Amount) string {
	d, ok := x.Decimal()
	if !ok {
		return "–"
	}
	text := d.Round(0).String()
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
