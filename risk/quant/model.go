package quant

// model is a register ready to compute with.
type model struct {
	currency Currency
	rows     []row
	shocks   []shockRow
	caps     []capRow
}

// row is a compiled scenario with its controls applied.
type row struct {
	id      string
	count   count // nil for the product model
	product loss  // the rate of the product model
	loss    loss
}

// shockRow holds a shock's factor for every row.
type shockRow struct {
	id         string
	p          float64
	rate, loss []float64
}

type capRow struct {
	limit float64
	rows  []int
}

// compile assumes a register without faults.
func (r Register) compile() *model {
	m := &model{currency: r.Currency, rows: make([]row, len(r.Scenarios))}
	at := make(map[string]int, len(r.Scenarios))
	stops, saves := make([]float64, len(r.Scenarios)), make([]float64, len(r.Scenarios))
	for i, s := range r.Scenarios {
		at[s.ID] = i
		stops[i], saves[i] = 1, 1
	}
	for _, c := range r.Controls {
		for _, e := range c.Effects {
			stops[at[e.Scenario]] *= 1 - float64(e.StopsEvents)
			saves[at[e.Scenario]] *= 1 - float64(e.SavesLoss)
		}
	}
	for i, s := range r.Scenarios {
		m.rows[i] = s.compile(stops[i], saves[i])
	}
	for _, s := range r.Shocks {
		sr := shockRow{id: s.ID, p: float64(s.Probability), rate: ones(len(m.rows)), loss: ones(len(m.rows))}
		for _, e := range s.Effects {
			if e.RateTimes != 0 {
				sr.rate[at[e.Scenario]] = float64(e.RateTimes)
			}
			if e.LossTimes != 0 {
				sr.loss[at[e.Scenario]] = float64(e.LossTimes)
			}
		}
		m.shocks = append(m.shocks, sr)
	}
	for _, c := range r.Caps {
		cr := capRow{limit: float64(c.Limit.Amount)}
		for _, id := range c.Scenarios {
			cr.rows = append(cr.rows, at[id])
		}
		m.caps = append(m.caps, cr)
	}
	return m
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// compile leaves the share stops of the events and the share saves of each loss.
func (s Scenario) compile(stops, saves float64) row {
	out := row{id: s.ID}
	switch f := s.Frequency.(type) {
	case nil:
		out.count, out.loss = s.FAIR.count(), s.FAIR.loss()
	case RateTimesLoss:
		out.product, out.loss = f.shape(), s.Severity.Law().loss
	case *RateTimesLoss:
		out.product, out.loss = f.shape(), s.Severity.Law().loss
	default:
		out.count, out.loss = s.Frequency.count(), s.Severity.Law().loss
	}
	if saves == 0 {
		stops, saves = 0, 1
	}
	if saves != 1 {
		out.loss = out.loss.scale(saves)
	}
	switch {
	case stops == 1:
	case out.product != nil:
		out.product = out.product.scale(stops)
	default:
		out.count, _ = out.count.thin(stops)
	}
	return out
}

// states returns the number of combinations of shocks.
func (m *model) states() int { return 1 << len(m.shocks) }

// weight is the probability of a combination of shocks; bit k of the state is shock k.
func (m *model) weight(state int) float64 {
	w := 1.0
	for k, s := range m.shocks {
		if state>>k&1 == 1 {
			w *= s.p
		} else {
			w *= 1 - s.p
		}
	}
	return w
}

// factors returns by what a combination of shocks multiplies row i's rate and losses.
func (m *model) factors(i, state int) (rate, loss float64) {
	rate, loss = 1, 1
	for k, s := range m.shocks {
		if state>>k&1 == 1 {
			rate *= s.rate[i]
			loss *= s.loss[i]
		}
	}
	return rate, loss
}

// countIn returns the law of row i's events under a combination of shocks; false if the law has no room for it.
func (m *model) countIn(i, state int) (count, bool) {
	f, _ := m.factors(i, state)
	if f == 1 {
		return m.rows[i].count, true
	}
	return m.rows[i].count.thin(f)
}

// lossIn returns the law of row i's losses under a combination of shocks.
func (m *model) lossIn(i, state int) loss {
	_, f := m.factors(i, state)
	if f == 1 {
		return m.rows[i].loss
	}
	return m.rows[i].loss.scale(f)
}

// laws returns the laws of every row under a combination of shocks. No row may be of the product model.
func (m *model) laws(state int) []row {
	out := make([]row, len(m.rows))
	for i, r := range m.rows {
		r.count, _ = m.countIn(i, state)
		r.loss = m.lossIn(i, state)
		out[i] = r
	}
	return out
}

// moments returns mean, variance and P(no loss) of a row's year.
func (r row) moments() (mean, variance, none float64) {
	m1, m2 := r.loss.limited(inf), r.loss.limited2(inf)
	n := r.count.mean()
	mean = n * m1
	variance = float64(n*(m2-float64(m1*m1))) + float64(r.count.variance()*m1*m1)
	if zero := 1 - r.loss.exceed(0); zero > 0 {
		none = real(r.count.pgf(complex(zero, 0)))
	} else {
		none = r.count.none()
	}
	return mean, variance, none
}

// moments returns mean, variance and P(no loss) of the register's year, caps left out, and each row's mean.
func (m *model) moments() (mean, variance, none float64, rows []float64) {
	rows = make([]float64, len(m.rows))
	second := 0.0
	for s := range m.states() {
		w := m.weight(s)
		if w == 0 {
			continue
		}
		sm, sv, sn := 0.0, 0.0, 1.0
		for i, r := range m.laws(s) {
			a, b, c := r.moments()
			sm, sv, sn = sm+a, sv+b, sn*c
			rows[i] += float64(w * a)
		}
		mean += float64(w * sm)
		second += float64(w * (sv + float64(sm*sm)))
		none += float64(w * sn)
		variance += float64(w * sv)
	}
	if m.states() > 1 {
		variance = second - float64(mean*mean)
	}
	return mean, variance, none, rows
}
