package quant_test

import (
	"fmt"
	"strings"

	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// clinic is the register of the examples.
func clinic() quant.Register {
	return quant.Register{Currency: "USD", Scenarios: []quant.Scenario{
		{ID: "phishing", Frequency: quant.Poisson{Rate: 0.8}, Severity: quant.LognormalInterval{Low: quant.USD(5_000), High: quant.USD(250_000)}},
		{ID: "lost-laptop", Frequency: quant.Poisson{Rate: 0.3}, Severity: quant.PERT{Low: quant.USD(2_000), Mode: quant.USD(15_000), High: quant.USD(90_000)}},
		{ID: "ransomware", Frequency: quant.AtMostOnce{Probability: 0.04}, Severity: quant.LognormalInterval{Low: quant.USD(200_000), High: quant.USD(3_000_000)}},
	}}
}

// A register in, the distribution of its annual loss out.
func ExampleQuantify() {
	res, err := quant.Quantify(clinic(), quant.Options{Thresholds: []quant.Money{quant.USD(1_000_000)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	p95, _ := res.Quantile(0.95)
	tail, _ := res.Tail(0.99)
	fmt.Printf("engine %s\n", res.Engine)
	fmt.Printf("expected loss  %9.0f\n", res.ALE.Value)
	fmt.Printf("1 year in 20   %9.0f\n", p95.Value)
	fmt.Printf("worst 1 in 100 %9.0f on average\n", tail.TVaR.Value)
	fmt.Printf("P(over a million) %.4f\n", res.Over[0].Probability)
	// Output:
	// engine exact
	// expected loss     108441
	// 1 year in 20      439899
	// worst 1 in 100   2560628 on average
	// P(over a million) 0.0189
}

// With a bracket the true figure is certain to lie between low and high.
func ExampleQuantify_bracket() {
	res, err := quant.Quantify(clinic(), quant.Options{Bracket: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	p99, _ := res.Quantile(0.99)
	fmt.Println(res.Error.Kind)
	fmt.Println(p99.Low <= p99.Value && p99.Value <= p99.High, float64(p99.High-p99.Low) < 0.003*float64(p99.Value))
	// Output:
	// bracket
	// true true
}

// What each scenario adds to the expected loss, and to the worst one in a hundred years.
func ExampleQuantify_shares() {
	res, err := quant.Quantify(clinic(), quant.Options{Shares: true, TailLevels: []quant.Probability{0.99}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range res.Contributions {
		fmt.Printf("%-12s %7.0f %9.0f\n", c.Scenario, c.ALE, c.TVaR[0].Amount)
	}
	// Output:
	// phishing       57361    237302
	// lost-laptop     7600      7915
	// ransomware     43479   2315412
}

// A control takes a share off rates and losses. Its effect is a difference under the same rows.
func ExampleCompare() {
	mfa := quant.Control{ID: "mfa", Cost: quant.USD(12_000), Effects: []quant.ControlEffect{
		{Scenario: "phishing", StopsEvents: 0.7}, {Scenario: "ransomware", StopsEvents: 0.4},
	}}
	c, err := quant.Compare(clinic(), []quant.Control{mfa}, quant.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("saves %.0f a year for %.0f: return %.2f\n", c.ALE.Value, c.Cost.Amount, *c.ROSI)
	// Output:
	// saves 57545 a year for 12000: return 3.80
}

// FAIR estimates may be given at any level of the tree.
func ExampleFAIR() {
	tree := quant.FAIR{
		ThreatEvents:    &quant.RateEstimate{Low: 2, Mode: 6, High: 12},
		Capability:      &quant.ShareEstimate{Low: .33, Mode: .5, High: .6},
		Resistance:      &quant.ShareEstimate{Low: .4, Mode: .55, High: .9},
		PrimaryLoss:     quant.PERT{Low: quant.USD(5e3), Mode: quant.USD(2e4), High: quant.USD(1e5)},
		SecondaryEvents: &quant.ShareEstimate{Low: .05, Mode: .1, High: .4},
		SecondaryLoss:   quant.PERT{Low: quant.USD(1e4), Mode: quant.USD(1e5), High: quant.USD(8e5)},
	}
	fmt.Printf("vulnerability %.10f\n", quant.Overcome(*tree.Capability, *tree.Resistance))
	fmt.Printf("ALE %.2f\n", tree.ALE())
	// Output:
	// vulnerability 0.1929125675
	// ALE 72577.10
}

// A shock hits several scenarios in the same year; the register is computed with and without it, exactly.
func ExampleShock() {
	r := clinic()
	r.Shocks = []quant.Shock{{ID: "vendor-outage", Probability: 0.05, Effects: []quant.ShockEffect{
		{Scenario: "phishing", RateTimes: 3}, {Scenario: "ransomware", RateTimes: 5},
	}}}
	res, err := quant.Quantify(r, quant.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	p99, _ := res.Quantile(0.99)
	fmt.Printf("%s, 1 year in 100: %.0f\n", res.Engine, p99.Value)
	// Output:
	// exact, 1 year in 100: 1674630
}

// A register in CSV, one scenario a line.
func ExampleReadCSV() {
	text := `id,lam,lo90,hi90
phishing,0.8,5000,250000
laptop,0.3,2000,90000
`
	r, err := quant.ReadCSV(strings.NewReader(text), quant.ModelPoissonLognormal, "USD")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(r.Scenarios), "scenarios in", r.Currency)
	_, err = quant.ReadCSV(strings.NewReader("id,lam,lo90,hi90\nphishing,0.8,9000,250\n"), quant.ModelPoissonLognormal, "USD")
	fmt.Println(err)
	// Output:
	// 2 scenarios in USD
	// hipaasmp: SMP-QNT-03 at /scenarios/0/severity/low: scenario "phishing", severity low: is 9000, not below high 250; put the smaller number first, or use Fixed
}

// The stock question of every textbook.
func ExampleROSI() {
	sle := quant.SLE(quant.USD(100_000), 0.25)
	fmt.Println(sle.Amount, quant.ALE(sle, 3).Amount)
	fmt.Println(quant.ROSI(5*15_000*0.8, 25_000))
	// Output:
	// 25000 75000
	// 1.4
}
