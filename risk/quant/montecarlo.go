package quant

import (
	"math"
	"sort"
)

const z975 = 1.959963984540054 // the 97.5 % point of the standard normal law

// monteCarlo simulates the register's year.
func (m *model) monteCarlo(o Options, reason string) (Result, error) {
	if err := m.tooManyDraws(o); err != nil {
		return Result{}, err
	}
	s := newSimulator(m, o)
	return s.summarise(s.run(o.Workers), o, reason), nil
}

// tooManyDraws refuses a simulation that would not end.
func (m *model) tooManyDraws(o Options) error {
	events := 0.0
	for _, r := range m.rows {
		if r.count != nil {
			events += r.count.mean()
		}
	}
	if events *= float64(o.Trials); events <= maxEvents {
		return nil
	}
	id, rate := m.busiest()
	return refuse(FaultOverflow, "scenario %q, frequency: %g events a year make %.3g draws in %d trials, more than %.3g; lower the trials or take routine losses out", id, rate, events, o.Trials, float64(maxEvents))
}

// summarise reads the figures off the simulated years, which it sorts.
func (s *simulator) summarise(years []float64, o Options, reason string) Result {
	sum := newSummary(years)
	res := Result{
		Engine: EngineMonteCarlo, Reason: reason, Trials: o.Trials, Seed: o.Seed, Error: ErrorBound{Kind: ErrorConfidence},
		ALE: interval(sum.mean, z975*sum.sd/math.Sqrt(sum.n)), SD: interval(sum.sd, float64(z975*sum.sdError)),
	}
	sortAmounts(years)
	d := sample{sorted: years, mean: sum.mean}
	res.NoLoss = Probability(float64(d.atMost(0)) / sum.n)
	for _, p := range o.Levels {
		res.Quantiles = append(res.Quantiles, Quantile{p, d.quantile(p)})
	}
	for _, p := range o.TailLevels {
		res.Tails = append(res.Tails, Tail{p, d.quantile(p), d.tvar(p)})
	}
	for _, p := range curveLevels {
		x := float64(d.quantile(Probability(1 - p)).Value)
		if n := len(res.Curve); n == 0 || float64(res.Curve[n-1].Loss) < x {
			res.Curve = append(res.Curve, d.exceedance(x))
		}
	}
	for _, t := range o.Thresholds {
		res.Over = append(res.Over, d.exceedance(float64(t.Amount)))
	}
	if o.Shares {
		res.Contributions = s.contributions(o.Workers, d, res.Tails)
	}
	res.measure()
	return res
}

func interval(v, halfWidth float64) Figure {
	return Figure{Amount(v), Amount(math.Max(v-halfWidth, 0)), Amount(v + halfWidth)}
}

// summary holds the moments of the simulated years, summed block by block in their order.
type summary struct{ n, mean, sd, sdError float64 }

func newSummary(years []float64) summary {
	s := summary{n: float64(len(years))}
	s.mean = blockSum(years, func(x float64) float64 { return x }) / s.n
	m2 := blockSum(years, func(x float64) float64 { return float64((x - s.mean) * (x - s.mean)) })
	m4 := blockSum(years, func(x float64) float64 {
		d := float64((x - s.mean) * (x - s.mean))
		return float64(d * d)
	})
	variance := m2 / (s.n - 1)
	s.sd = math.Sqrt(variance)
	if variance > 0 {
		s.sdError = math.Sqrt(math.Max(m4/s.n-float64(variance*variance), 0)/s.n) / (2 * s.sd)
	}
	return s
}

func blockSum(x []float64, f func(float64) float64) float64 {
	total := 0.0
	for len(x) > 0 {
		n := min(blockYears, len(x))
		part := 0.0
		for _, v := range x[:n] {
			part += f(v)
		}
		total += part
		x = x[n:]
	}
	return total
}

// sample is the simulated years in rising order.
type sample struct {
	sorted []float64
	mean   float64
}

// rank returns the order statistic with the given rank, counted from 1.
func (d sample) rank(k int) float64 { return d.sorted[min(max(k, 1), len(d.sorted))-1] }

// quantile is the smallest year that at least the share p of years does not exceed, between its exact order statistics.
func (d sample) quantile(p Probability) Figure {
	n := len(d.sorted)
	lo, hi := QuantileRanks(n, p)
	f := Figure{Amount(d.rank(int(math.Ceil(float64(n) * float64(p) * (1 - 1e-15))))), 0, Amount(d.rank(hi))}
	if lo >= 1 {
		f.Low = Amount(d.rank(lo))
	}
	return f
}

// tvar is v + the mean of (S-v)+ over 1-p; its error is that of the mean, the quantile's own being of second order.
func (d sample) tvar(p Probability) Figure {
	v := float64(d.quantile(p).Value)
	n := float64(len(d.sorted))
	sum, squares := 0.0, 0.0
	for _, x := range d.sorted[sort.SearchFloat64s(d.sorted, v):] {
		sum += x - v
		squares += float64((x - v) * (x - v))
	}
	mean := sum / n
	se := math.Sqrt(math.Max(squares/n-float64(mean*mean), 0)/n) / (1 - float64(p))
	return interval(v+mean/(1-float64(p)), float64(z975*se))
}

// atMost counts the years that do not exceed x.
func (d sample) atMost(x float64) int {
	return sort.Search(len(d.sorted), func(i int) bool { return d.sorted[i] > x })
}

func (d sample) exceedance(x float64) Exceedance {
	n := len(d.sorted)
	k := n - d.atMost(x)
	lo, hi := proportion(k, n)
	return Exceedance{Amount(x), Probability(float64(k) / float64(n)), Probability(lo), Probability(hi)}
}

// contributions simulates the years again, row by row, and adds up what each row costs over all years and over the worst
// ones. Under a cap, a row has its share of what the cap leaves.
func (s *simulator) contributions(workers int, d sample, tails []Tail) []Contribution {
	type sums struct{ all, tail []float64 }
	rows := len(s.rows)
	limits := make([]float64, len(tails))
	ties := make([]float64, len(tails)) // the weight of a year that equals the VaR
	for t, tail := range tails {
		v := float64(tail.VaR.Value)
		limits[t] = v
		above, at := len(d.sorted)-d.atMost(v), d.atMost(v)-sort.SearchFloat64s(d.sorted, v)
		if at > 0 {
			ties[t] = math.Max(0, (float64(float64(len(d.sorted))*(1-float64(tail.Level)))-float64(above))/float64(at))
		}
	}
	parts := make([]sums, s.blocks())
	s.eachBlock(workers, func(b int, w *scratch) {
		out := make([]float64, min(blockYears, s.trials-b*blockYears))
		s.block(b, out, w)
		p := sums{make([]float64, rows), make([]float64, rows*len(tails))}
		row := w.row[:len(out)]
		for i := range s.rows {
			clear(row)
			s.rows[i].add(b, row, w.states)
			for y, x := range row {
				if x == 0 {
					continue
				}
				if c := s.capOf[i]; c >= 0 {
					if g := w.groups[c][y]; g > s.m.caps[c].limit {
						x *= s.m.caps[c].limit / g
					}
				}
				p.all[i] += x
				for t, v := range limits {
					switch {
					case out[y] > v:
						p.tail[i*len(tails)+t] += x
					case out[y] == v:
						p.tail[i*len(tails)+t] += float64(ties[t] * x)
					}
				}
			}
		}
		parts[b] = p
	})
	out := make([]Contribution, rows)
	for i := range out {
		all := 0.0
		for _, p := range parts {
			all += p.all[i]
		}
		out[i] = Contribution{Scenario: s.m.rows[i].id, ALE: Amount(all / float64(s.trials))}
		for t, tail := range tails {
			sum := 0.0
			for _, p := range parts {
				sum += p.tail[i*len(tails)+t]
			}
			out[i].TVaR = append(out[i].TVaR, TailAmount{tail.Level, Amount(sum / (float64(s.trials) * (1 - float64(tail.Level))))})
		}
	}
	return out
}
