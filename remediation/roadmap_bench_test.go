package remediation_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/hipaasmp/hipaasmp/remediation"
)

// synthetic draws a register the size of a large entity's: costs from 500 to 63,000 dollars, even in the logarithm, one
// to six scenarios an action at 5 to 70 per cent, a third of the actions behind another, every seventh good for little
// but what it makes possible, every fiftieth mandatory, and a tenth of what everything costs for each year.
func synthetic(actions, scenarios, years, seed int) remediation.RoadmapProblem {
	x := draws(seed)
	unit := func() float64 { return float64(x.next()>>11) / (1 << 53) }
	var p remediation.RoadmapProblem
	for i := range scenarios {
		ale := math.Round(1000 * math.Pow(500, unit()))
		p.Scenarios = append(p.Scenarios, remediation.RoadmapScenario{ID: fmt.Sprintf("S%03d", i), ALE: decimal.NewFromFloat(ale)})
	}
	total := 0.0
	for i := range actions {
		cost := math.Round(500 * math.Pow(126, unit()))
		total += cost
		a := remediation.RoadmapAction{ID: fmt.Sprintf("A%03d", i), Cost: decimal.NewFromFloat(cost), Mandatory: i%50 == 49}
		hit := map[int]bool{}
		for range 1 + x.below(6) {
			hit[x.below(scenarios)] = true
		}
		for s := range scenarios {
			if hit[s] {
				share := 0.01
				if i%7 != 6 {
					share = 0.05 + 0.65*unit()
				}
				a.Effects = append(a.Effects, remediation.RoadmapEffect{Scenario: p.Scenarios[s].ID, Effectiveness: decimal.NewFromFloat(share).Round(3)})
			}
		}
		if i > 0 && unit() < 0.35 {
			a.Requires = []string{p.Actions[x.below(i)].ID}
		}
		p.Actions = append(p.Actions, a)
	}
	for range years {
		p.Budgets = append(p.Budgets, decimal.NewFromFloat(math.Floor(total/10)))
	}
	return p
}

// reportGap adds the gap in parts of a million: of the objective, and of what the plan takes off.
func reportGap(b *testing.B, p remediation.RoadmapProblem, objective, bound float64) {
	nothing := 0.0
	for _, s := range p.Scenarios {
		nothing += s.ALE.InexactFloat64() * float64(len(p.Budgets))
	}
	b.ReportMetric(1e6*(objective-bound)/objective, "gap-ppm")
	b.ReportMetric(1e6*(objective-bound)/(nothing-objective), "gap-of-gain-ppm")
}

// A plan without a proof: mandatory first, then most per dollar, then exchanges.
func BenchmarkRoadmapPlan500Actions100Scenarios3Years(b *testing.B) {
	p := synthetic(500, 100, 3, 1)
	for b.Loop() {
		remediation.FirstPlan(p)
	}
}

// What the proof takes on top, better plans found on the way included.
func BenchmarkRoadmapCertificate500Actions100Scenarios3Years(b *testing.B) {
	p := synthetic(500, 100, 3, 1)
	var objective, bound float64
	for b.Loop() {
		b.StopTimer()
		certify := remediation.FirstPlan(p)
		b.StartTimer()
		objective, bound = certify()
	}
	reportGap(b, p, objective, bound)
}

func BenchmarkRoadmapOptimum20Actions8Scenarios3Years(b *testing.B)  { benchmarkSolve(b, 20, 8, 3) }
func BenchmarkRoadmapOptimum24Actions10Scenarios3Years(b *testing.B) { benchmarkSolve(b, 24, 10, 3) }
func BenchmarkRoadmapOptimum40Actions15Scenarios3Years(b *testing.B) { benchmarkSolve(b, 40, 15, 3) }
func BenchmarkRoadmapSolve500Actions100Scenarios1Year(b *testing.B)  { benchmarkSolve(b, 500, 100, 1) }

// benchmarkSolve solves eight problems of a size in turn, from the problem to the explanation.
func benchmarkSolve(b *testing.B, actions, scenarios, years int) {
	var list []remediation.RoadmapProblem
	for seed := range 8 {
		list = append(list, synthetic(actions, scenarios, years, seed+1))
	}
	optimal, n := 0, 0
	for b.Loop() {
		r, err := list[n%len(list)].Solve(remediation.RoadmapOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if n++; r.Status == remediation.RoadmapStatusOptimal {
			optimal++
		}
	}
	b.ReportMetric(float64(optimal)/float64(n), "proved-optimal/op")
}
