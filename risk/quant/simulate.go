package quant

import (
	"sync"
	"sync/atomic"
)

// blockYears is how many years are simulated together. Their sums stay in the processor's nearest cache. The size belongs
// to the draws: another one would give other figures.
const blockYears = 4096

// simulator holds a register ready to draw from. It is read-only after [newSimulator].
type simulator struct {
	m      *model
	trials int
	seed   uint64
	rows   []simRow
	shocks []simShock
	capOf  []int // the cap over each row, or -1
}

type simRow struct {
	keys [5][2]uint64 // by purpose
	// Rows that no shock touches and whose events are Poisson are thrown: the events of a block are one Poisson number, and
	// each falls on a year of its own. The law of every year is the same as if it were drawn by itself.
	thrown     bool
	full, rest *picker // events in a full block and in the last one
	loss       sampler
	rate       sampler // of the product model
	// Under shocks, by combination: the events of a year, and by what they multiply each loss (of the product model: the
	// product). One entry where no shock touches the row.
	years []*picker
	times []float64
}

type simShock struct {
	a, b uint64
	p    *picker
}

func newSimulator(m *model, o Options) *simulator {
	s := &simulator{m: m, trials: o.Trials, seed: o.Seed, rows: make([]simRow, len(m.rows)), capOf: make([]int, len(m.rows))}
	for i := range s.capOf {
		s.capOf[i] = -1
	}
	for c, cr := range m.caps {
		for _, i := range cr.rows {
			s.capOf[i] = c
		}
	}
	for _, sh := range m.shocks {
		x := simShock{p: newPicker(0, []float64{1 - sh.p, sh.p})}
		x.a, x.b = streamKey(o.Seed, sh.id, forShock)
		s.shocks = append(s.shocks, x)
	}
	maker := newTableMaker()
	inParallel(o.Workers, len(m.rows), func(i int) { s.rows[i] = s.newRow(i, maker) })
	return s
}

func (s *simulator) newRow(i int, maker *tableMaker) simRow {
	m := s.m
	var r simRow
	for what := forCount; what < forShock; what++ {
		a, b := streamKey(s.seed, m.rows[i].id, what)
		r.keys[what-1] = [2]uint64{a, b}
	}
	r.loss = maker.sampler(m.rows[i].loss)
	if m.rows[i].product != nil {
		r.rate = maker.sampler(m.rows[i].product)
	}
	states := 1
	for _, sh := range m.shocks {
		if sh.rate[i] != 1 || sh.loss[i] != 1 {
			states = m.states()
		}
	}
	if c, ok := m.rows[i].count.(poissonCount); ok && states == 1 {
		r.thrown = true
		r.full = newPicker(poissonPMF(c.rate * blockYears))
		if rest := s.trials % blockYears; rest > 0 {
			r.rest = newPicker(poissonPMF(c.rate * float64(rest)))
		}
		return r
	}
	pickers := map[float64]*picker{}
	for state := range states {
		rate, loss := m.factors(i, state)
		if r.rate != nil {
			r.times = append(r.times, rate*loss)
			continue
		}
		if pickers[rate] == nil {
			law, _ := m.countIn(i, state)
			pickers[rate] = newPicker(law.pmf())
		}
		r.years, r.times = append(r.years, pickers[rate]), append(r.times, loss)
	}
	return r
}

// blocks returns the number of blocks of years.
func (s *simulator) blocks() int { return (s.trials + blockYears - 1) / blockYears }

// scratch is one goroutine's room.
type scratch struct {
	states []int
	groups [][]float64 // per cap: the years' sums of its rows
	row    []float64
}

func (s *simulator) newScratch() *scratch {
	w := &scratch{states: make([]int, blockYears), row: make([]float64, blockYears)}
	for range s.m.caps {
		w.groups = append(w.groups, make([]float64, blockYears))
	}
	return w
}

// block simulates the years of block b into out, which has a place for each.
func (s *simulator) block(b int, out []float64, w *scratch) {
	clear(out)
	s.drawShocks(b, w.states[:len(out)])
	for c := range w.groups {
		clear(w.groups[c])
	}
	for i := range s.rows {
		dst := out
		if c := s.capOf[i]; c >= 0 {
			dst = w.groups[c][:len(out)]
		}
		s.rows[i].add(b, dst, w.states)
	}
	for c, g := range w.groups {
		limit := s.m.caps[c].limit
		for y := range out {
			out[y] += min(g[y], limit)
		}
	}
}

func (s *simulator) drawShocks(b int, states []int) {
	clear(states)
	for k, sh := range s.shocks {
		st := newStream(sh.a, sh.b, b)
		for y := range states {
			states[y] |= sh.p.pick(st.at(uint64(y))) << k
		}
	}
}

// add adds the row's losses of a block to its years.
func (r *simRow) add(b int, dst []float64, states []int) {
	var st blockStreams
	for k, to := range []*stream{&st.count, &st.loss, &st.rate, &st.share, &st.second} {
		*to = newStream(r.keys[k][0], r.keys[k][1], b)
	}
	switch {
	case r.rate != nil:
		r.addProduct(dst, states, &st)
	case r.thrown:
		p := r.full
		if len(dst) < blockYears {
			p = r.rest
		}
		r.throw(p.pick(st.count.at(0)), dst, &st)
	default:
		r.addYears(dst, states, &st)
	}
}

// throw draws n losses and lets each fall on a year that the lowest bits of its own draw name.
func (r *simRow) throw(n int, dst []float64, st *blockStreams) {
	t, plain := r.loss.(*table)
	if plain && len(dst) == blockYears {
		throwTable(t, n, (*[blockYears]float64)(dst), st.loss)
		return
	}
	for i := range uint64(n) {
		u := st.loss.at(i)
		y := u % blockYears
		if len(dst) < blockYears {
			y = (st.rate.at(i) >> 32) * uint64(len(dst)) >> 32
		}
		dst[y] += r.loss.sample(u, i, st)
	}
}

// throwTable is throw for a full block and a table, the inner loop of most simulations.
func throwTable(t *table, n int, dst *[blockYears]float64, st stream) {
	next := st.start
	for range n {
		u := mix(next, st.key)
		next += golden
		if i, x := place(u); i >= 0 {
			c := &t.cells[(int(u>>63)*(cellsAll/2)+i)&(cellsAll-1)]
			dst[u%blockYears] += c[0] + float64(x*(c[1]+float64(x*(c[2]+float64(x*c[3])))))
			continue
		}
		dst[u%blockYears] += t.far(u)
	}
}

// multiplyTables adds to each year the product of a draw from each table.
func multiplyTables(f, l *table, dst []float64, rate, loss stream) {
	a, b := rate.start, loss.start
	for y := range dst {
		u, v := mix(a, rate.key), mix(b, loss.key)
		a += golden
		b += golden
		i, x := place(u)
		k, z := place(v)
		if i >= 0 && k >= 0 {
			c := &f.cells[(int(u>>63)*(cellsAll/2)+i)&(cellsAll-1)]
			d := &l.cells[(int(v>>63)*(cellsAll/2)+k)&(cellsAll-1)]
			g := c[0] + float64(x*(c[1]+float64(x*(c[2]+float64(x*c[3])))))
			dst[y] += float64(g * (d[0] + float64(z*(d[1]+float64(z*(d[2]+float64(z*d[3])))))))
			continue
		}
		dst[y] += float64(f.draw(u) * l.draw(v))
	}
}

func (r *simRow) addYears(dst []float64, states []int, st *blockStreams) {
	event := uint64(0)
	for y := range dst {
		state := 0
		if len(r.years) > 1 {
			state = states[y]
		}
		for n := r.years[state].pick(st.count.at(uint64(y))); n > 0; n-- {
			dst[y] += float64(r.times[state] * r.loss.sample(st.loss.at(event), event, st))
			event++
		}
	}
}

func (r *simRow) addProduct(dst []float64, states []int, st *blockStreams) {
	f, ok1 := r.rate.(*table)
	l, ok2 := r.loss.(*table)
	if ok1 && ok2 && len(r.times) == 1 {
		multiplyTables(f, l, dst, st.rate, st.loss)
		return
	}
	for y := range dst {
		times := r.times[0]
		if len(r.times) > 1 {
			times = r.times[states[y]]
		}
		i := uint64(y)
		dst[y] += float64(times * r.rate.sample(st.rate.at(i), i, st) * r.loss.sample(st.loss.at(i), i, st))
	}
}

// run simulates all years. Blocks are independent of each other and each has its own part of the slice, so the number of
// goroutines changes nothing.
func (s *simulator) run(workers int) []float64 {
	years := make([]float64, s.trials)
	s.eachBlock(workers, func(b int, w *scratch) { s.block(b, s.part(years, b), w) })
	return years
}

func (s *simulator) part(years []float64, b int) []float64 {
	return years[b*blockYears : min((b+1)*blockYears, s.trials)]
}

func (s *simulator) eachBlock(workers int, do func(b int, w *scratch)) {
	n := s.blocks()
	if workers = min(workers, n); workers <= 1 {
		w := s.newScratch()
		for b := range n {
			do(b, w)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			w := s.newScratch()
			for b := int(next.Add(1)) - 1; b < n; b = int(next.Add(1)) - 1 {
				do(b, w)
			}
		})
	}
	wg.Wait()
}
