package remediation_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/remediation"
)

func usd(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func scenario(id, ale string) remediation.RoadmapScenario {
	return remediation.RoadmapScenario{ID: id, ALE: usd(ale)}
}

// action reads "A 18000 S1 .6 S2 .35; E": identity, cost, effects and, after the semicolon, what it requires.
func action(text string) remediation.RoadmapAction {
	what, requires, _ := strings.Cut(text, ";")
	words := strings.Fields(what)
	a := remediation.RoadmapAction{ID: words[0], Cost: usd(words[1]), Requires: strings.Fields(requires)}
	for i := 2; i < len(words); i += 2 {
		a.Effects = append(a.Effects, remediation.RoadmapEffect{Scenario: words[i], Effectiveness: usd(words[i+1])})
	}
	return a
}

// clinic is the register of eight actions of the reference vectors.
func clinic(budgets ...string) remediation.RoadmapProblem {
	p := remediation.RoadmapProblem{Scenarios: []remediation.RoadmapScenario{
		scenario("S1", "120000"), scenario("S2", "260000"), scenario("S3", "45000"), scenario("S4", "30000"), scenario("S5", "80000"),
	}}
	for _, text := range []string{
		"A 18000 S1 .6 S2 .35 S5 .1", "B 40000 S1 .2 S2 .5; E", "C 25000 S2 .4", "D 9000 S3 .9; E", "E 6000 S3 .02",
		"F 30000 S1 .15 S2 .1 S4 .5; E", "G 7000 S5 .35", "H 5000 S1 .25 S4 .1",
	} {
		p.Actions = append(p.Actions, action(text))
	}
	for _, b := range budgets {
		p.Budgets = append(p.Budgets, usd(b))
	}
	return p
}

func TestVectorV18(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		budgets   []string
		objective string
		plan      [][]string
	}{
		{[]string{"0"}, "535000", [][]string{{}}},
		{[]string{"30000"}, "323800", [][]string{{"A", "G", "H"}}},
		{[]string{"60000"}, "255810", [][]string{{"A", "C", "D", "E"}}},
		{[]string{"90000"}, "191510", [][]string{{"A", "B", "D", "E", "G", "H"}}},
		{[]string{"140000"}, "134820", [][]string{{"A", "B", "C", "D", "E", "F", "G", "H"}}},
		{[]string{"30000", "30000", "30000"}, "795610", [][]string{{"A", "G", "H"}, {"C"}, {"D", "E"}}},
	} {
		t.Run(strings.Join(v.budgets, "+"), func(t *testing.T) {
			t.Parallel()
			r, err := clinic(v.budgets...).Solve(remediation.RoadmapOptions{})
			require.NoError(t, err)
			require.Equal(t, v.objective, r.Objective.String())
			require.Equal(t, v.objective, r.LowerBound.String())
			require.Equal(t, "0", r.Gap.String())
			require.Equal(t, remediation.RoadmapStatusOptimal, r.Status)
			require.Equal(t, v.plan, r.Plan)
		})
	}
}

func TestVectorV18Order(t *testing.T) {
	t.Parallel()
	s, err := clinic("0").Order()
	require.NoError(t, err)
	require.Equal(t, "A G H E D C B F", strings.Join(s.Actions, " "))
	require.Equal(t, "39156850000", s.Exposure.String())
	require.Equal(t, remediation.RoadmapStatusOptimal, s.Status)
}

// jobs is a problem in which each action alone ends a loss: weight a time unit, gone after time.
func jobs(requires map[string]string, texts ...string) remediation.RoadmapProblem {
	var p remediation.RoadmapProblem
	for _, text := range texts {
		var id, weight, time string
		_, err := fmt.Sscan(text, &id, &weight, &time)
		if err != nil {
			panic(err)
		}
		p.Scenarios = append(p.Scenarios, scenario("S-"+id, weight))
		a := action(id + " " + time + " S-" + id + " 1")
		if r, ok := requires[id]; ok {
			a.Requires = []string{r}
		}
		p.Actions = append(p.Actions, a)
	}
	return p
}

func TestVectorV19(t *testing.T) {
	t.Parallel()
	list := []string{"a 3 5", "b 1 4", "c 6 9", "d 2 2", "e 5 5"}
	s, err := jobs(nil, list...).Order()
	require.NoError(t, err)
	require.Equal(t, "223", s.Exposure.String())
	require.Equal(t, "d e c a b", strings.Join(s.Actions, " "))
	s, err = jobs(map[string]string{"e": "c", "d": "b"}, list...).Order()
	require.NoError(t, err)
	require.Equal(t, "254", s.Exposure.String())
	require.Equal(t, "c e a b d", strings.Join(s.Actions, " "))
}

// draws is a small generator, the same on every machine.
type draws uint64

func (x *draws) next() uint64 {
	*x += 0x9E3779B97F4A7C15
	z := uint64(*x)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (x *draws) below(n int) int { return int(x.next() % uint64(n)) }

// anyProblem draws a small problem: shared scenarios, prerequisites that need not form a tree, mandatory and idle
// actions, costs in cents and of nothing, years without money.
func anyProblem(seed, most, mostYears int) remediation.RoadmapProblem {
	x := draws(seed)
	var p remediation.RoadmapProblem
	for i := range 1 + x.below(4) {
		p.Scenarios = append(p.Scenarios, scenario(fmt.Sprint("S", i), fmt.Sprint(x.below(5)*x.below(100000))))
	}
	total := 0
	for i := range 1 + x.below(most) {
		cost := x.below(6) * x.below(2000000)
		total += cost
		a := remediation.RoadmapAction{ID: fmt.Sprint("A", i), Cost: decimal.New(int64(cost), -2), Mandatory: x.below(12) == 0}
		for _, s := range p.Scenarios {
			if x.below(5) < 2 {
				a.Effects = append(a.Effects, remediation.RoadmapEffect{Scenario: s.ID, Effectiveness: decimal.New(int64(x.below(11)*x.below(101)), -3)})
			}
		}
		for j := range i {
			if x.below(2*i) == 0 {
				a.Requires = append(a.Requires, fmt.Sprint("A", j))
			}
		}
		p.Actions = append(p.Actions, a)
	}
	for range 1 + x.below(mostYears) {
		p.Budgets = append(p.Budgets, decimal.New(int64(x.below(total+2)/(1+x.below(4))), -2))
	}
	return p
}

// bruteForce tries every year for every action, by the words of the problem alone.
func bruteForce(p remediation.RoadmapProblem) (best float64, found bool) {
	n, years := len(p.Actions), len(p.Budgets)
	place := map[string]int{}
	for i, a := range p.Actions {
		place[a.ID] = i
	}
	must := make([]bool, n)
	for i := n - 1; i >= 0; i-- { // prerequisites have lower numbers
		must[i] = must[i] || p.Actions[i].Mandatory
		for _, id := range p.Actions[i].Requires {
			must[place[id]] = must[place[id]] || must[i]
		}
	}
	best = math.Inf(1)
	year := make([]int, n)
	for {
		if loss, ok := weigh(p, place, must, year); ok && loss < best {
			best, found = loss, true
		}
		i := 0
		for i < n && year[i] == years {
			year[i] = 0
			i++
		}
		if i == n {
			return best, found
		}
		year[i]++
	}
}

func weigh(p remediation.RoadmapProblem, place map[string]int, must []bool, year []int) (float64, bool) {
	years := len(p.Budgets)
	lastMust, firstOther := -1, years
	for i, y := range year {
		if must[i] {
			if y == years {
				return 0, false
			}
			lastMust = max(lastMust, y)
		} else {
			firstOther = min(firstOther, y)
		}
		for _, id := range p.Actions[i].Requires {
			if year[place[id]] > y {
				return 0, false
			}
		}
	}
	if firstOther < lastMust {
		return 0, false // something came before what is mandatory
	}
	loss, money := 0.0, decimal.Zero
	for t := range years {
		money = money.Add(p.Budgets[t])
		left := map[string]float64{}
		for _, s := range p.Scenarios {
			left[s.ID] = s.ALE.InexactFloat64()
		}
		spent := decimal.Zero
		for i, y := range year {
			if y <= t {
				spent = spent.Add(p.Actions[i].Cost)
				for _, e := range p.Actions[i].Effects {
					left[e.Scenario] *= 1 - e.Effectiveness.InexactFloat64()
				}
			}
		}
		if spent.GreaterThan(money) {
			return 0, false
		}
		for _, s := range p.Scenarios {
			loss += left[s.ID]
		}
	}
	return loss, true
}

func TestRoadmapEqualsBruteForce(t *testing.T) {
	t.Parallel()
	solved, refused := 0, 0
	exercised := map[string]int{}
	for seed := range long.Count(60, 1000) {
		p := anyProblem(seed, 6, 3)
		want, feasible := bruteForce(p)
		r, err := p.Solve(remediation.RoadmapOptions{})
		if !feasible {
			var infeasible *remediation.InfeasibleError
			require.ErrorAs(t, err, &infeasible, "seed %d", seed)
			refused++
			continue
		}
		require.NoError(t, err, "seed %d", seed)
		solved++
		require.InDelta(t, want, r.Objective.InexactFloat64(), 1e-6*(1+want), "seed %d", seed)
		require.Equal(t, remediation.RoadmapStatusOptimal, r.Status)
		left, err := p.Evaluate(r.Plan)
		require.NoError(t, err, "seed %d", seed)
		require.Equal(t, r.Residual, left)
		exercise(p, r, exercised)
	}
	for _, what := range []string{"carry-over", "prerequisite", "mandatory", "shared effect", "left out", "several years"} {
		require.GreaterOrEqual(t, exercised[what], solved/20, what)
	}
	require.Greater(t, solved, 30)
	require.Positive(t, refused)
}

// exercise counts what the best plan of a problem makes use of.
func exercise(p remediation.RoadmapProblem, r remediation.Roadmap, count map[string]int) {
	year := map[string]int{}
	for t, ids := range r.Plan {
		for _, id := range ids {
			year[id] = t + 1
		}
	}
	seen := map[string]bool{}
	for _, y := range r.Years {
		seen["carry-over"] = seen["carry-over"] || y.Spent.GreaterThan(y.Budget)
		seen["several years"] = seen["several years"] || y.Year > 1 && y.Spent.IsPositive()
	}
	hit := map[string]int{}
	for _, a := range p.Actions {
		if year[a.ID] == 0 {
			seen["left out"] = true
			continue
		}
		seen["mandatory"] = seen["mandatory"] || a.Mandatory
		seen["prerequisite"] = seen["prerequisite"] || len(a.Requires) > 0
		for _, e := range a.Effects {
			if hit[e.Scenario]++; hit[e.Scenario] > 1 {
				seen["shared effect"] = true
			}
		}
	}
	for what := range seen {
		if seen[what] {
			count[what]++
		}
	}
}

func TestRoadmapDoesNotDependOnTheOrderOfItsLists(t *testing.T) {
	t.Parallel()
	for seed := range 40 {
		p := anyProblem(seed, 30, 3)
		first, err := p.Solve(remediation.RoadmapOptions{Nodes: 20})
		if err != nil {
			continue
		}
		slices.Reverse(p.Actions)
		slices.Reverse(p.Scenarios)
		for i := range p.Actions {
			slices.Reverse(p.Actions[i].Effects)
			slices.Reverse(p.Actions[i].Requires)
		}
		second, err := p.Solve(remediation.RoadmapOptions{Nodes: 20})
		require.NoError(t, err)
		require.Equal(t, first, second, "seed %d", seed)
	}
}
