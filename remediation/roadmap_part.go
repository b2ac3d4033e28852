package remediation

import (
	"cmp"
	"container/heap"
	"slices"
)

// part is a part of the plans that may still hold a better one.
type part struct {
	bound float64
	made  int // its place in the order of making
	w     []window
	multipliers
	average []float64
}

// part returns the part that the relaxation stands at, and resume takes the relaxation back to it.
func (s *search) part(bound float64) *part {
	p := &part{bound: bound, made: s.nodes, w: slices.Clone(s.r.w), average: slices.Clone(s.r.average)}
	p.multipliers.set(s.r.multipliers)
	return p
}

func (s *search) resume(p *part) {
	s.r.multipliers.set(p.multipliers)
	copy(s.r.average, p.average)
	s.r.within(p.w)
}

// parts is a heap, the lowest bound first.
type parts []*part

func (p parts) Len() int { return len(p) }

func (p parts) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(p[i].bound, p[j].bound), cmp.Compare(p[j].made, p[i].made)) < 0
}

func (p parts) Swap(i, j int) { p[i], p[j] = p[j], p[i] }

func (p *parts) Push(x any) { *p = append(*p, x.(*part)) }

func (p *parts) Pop() any {
	last := len(*p) - 1
	x := (*p)[last]
	*p = (*p)[:last]
	return x
}

// branch splits the part with the lowest bound in two, for as long as the limit of nodes allows, and returns the lowest
// bound that is left. It begins with the part that the relaxation stands at.
func (s *search) branch(bound float64) float64 {
	open := parts{s.part(bound)}
	for len(open) > 0 && !s.proved(open[0].bound) {
		if s.nodes >= s.limit || s.r.bench.work > mostWork {
			return open[0].bound
		}
		p := heap.Pop(&open).(*part)
		a, t := s.split(p)
		for _, half := range [2]window{{p.w[a].lo, t}, {t + 1, p.w[a].hi}} {
			w := slices.Clone(p.w)
			w[a] = half
			if !s.m.narrow(w) {
				continue
			}
			s.nodes++
			s.resume(p)
			s.r.within(w)
			if b, alive := s.ascend(nodeSteps); alive {
				heap.Push(&open, s.part(max(b, p.bound)))
			}
		}
	}
	return s.goal
}

// split chooses the action and the year to split at: the choice that is the least settled, the dearer action first.
func (s *search) split(p *part) (action, year int) {
	most := -1.0
	for a, w := range p.w {
		for t := w.lo; t < w.hi; t++ {
			x := p.average[a*s.m.years+t]
			if v := (min(x, 1-x) + 1e-3) * (s.r.dollars[a] + 1e-3*s.r.unit); v > most {
				most, action, year = v, a, t
			}
		}
	}
	return action, year
}
