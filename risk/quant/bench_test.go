package quant_test

import (
	"fmt"
	"testing"

	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// measure runs a quantification and reports the processor seconds of each.
func measure(b *testing.B, r quant.Register, o quant.Options) {
	b.Helper()
	b.ReportAllocs()
	start := processorSeconds()
	for b.Loop() {
		if _, err := quant.Quantify(r, o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((processorSeconds()-start)/float64(b.N), "cpu-s/op")
}

// tenfold repeats the rows of a register ten times under other names.
func tenfold(r quant.Register) quant.Register {
	out := quant.Register{Currency: r.Currency}
	for k := range 10 {
		for _, s := range r.Scenarios {
			s.ID = fmt.Sprintf("%s-%d", s.ID, k)
			out.Scenarios = append(out.Scenarios, s)
		}
	}
	return out
}

func BenchmarkExactPointOf50PoissonLognormalRows(b *testing.B) {
	measure(b, register50(b, quant.ModelPoissonLognormal), quant.Options{})
}

func BenchmarkExactPointOf500PoissonLognormalRows(b *testing.B) {
	measure(b, tenfold(register50(b, quant.ModelPoissonLognormal)), quant.Options{})
}

func BenchmarkExactBracketAndSharesOf50PoissonLognormalRows(b *testing.B) {
	measure(b, register50(b, quant.ModelPoissonLognormal), quant.Options{Bracket: true, Shares: true})
}

func BenchmarkExactPointOf50PERTRateRows(b *testing.B) {
	measure(b, register50(b, quant.ModelPERTEvents), quant.Options{})
}

func BenchmarkMonteCarloMillionYearsOf50PoissonLognormalRows(b *testing.B) {
	measure(b, register50(b, quant.ModelPoissonLognormal), quant.Options{Engine: quant.EngineMonteCarlo})
}

func BenchmarkMonteCarloMillionYearsOf50PERTProductRows(b *testing.B) {
	measure(b, register50(b, quant.ModelPERTProduct), quant.Options{})
}

func BenchmarkMonteCarloMillionYearsOf50PERTEventRows(b *testing.B) {
	measure(b, register50(b, quant.ModelPERTEvents), quant.Options{Engine: quant.EngineMonteCarlo})
}
