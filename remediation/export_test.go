package remediation

// Edges gives the tests the table behind the lifecycle of an item.
var Edges = machine.Edges

// WeighEvery solves a problem by weighing every plan, whatever its size.
func WeighEvery(p RoadmapProblem) float64 {
	s := newSearch(p.compile(), 0)
	s.weighAll(s.w)
	return s.goal
}

// SplitOnly solves a problem by splitting alone, and returns the objective and the bound.
func SplitOnly(p RoadmapProblem, nodes int) (objective, bound float64) {
	s := newSearch(p.compile(), nodes)
	s.r = newRelaxation(s.m, s.w, s.best)
	bound, alive := s.ascend(rootSteps)
	if alive {
		bound = s.branch(bound)
	} else {
		bound = s.goal
	}
	return s.goal, min(bound, s.goal)
}

// AnyBound evaluates the relaxation at charges and prices of the caller's, from -1 to 1, and returns the bound with the
// least objective that the plan it was drawn beside has.
func AnyBound(p RoadmapProblem, draw func() float64) float64 {
	m := p.compile()
	w, _ := m.windows()
	r := newRelaxation(m, w, m.newDraft())
	scale := 1.0
	for _, x := range m.loss {
		scale += x
	}
	for i := range r.price {
		r.price[i] = max(0, draw()) * scale / r.unit / 10
	}
	for i := range r.charge {
		r.charge[i] = max(0, draw()*scale)
	}
	for i := range r.link {
		r.link[i] = max(0, draw()*scale)
	}
	return r.evaluate(true) - m.tolerance
}

// FirstPlan is the plan that a search begins with, and Certify what it proves from there.
func FirstPlan(p RoadmapProblem) func() (objective, bound float64) {
	s := newSearch(p.compile(), DefaultRoadmapNodes)
	return func() (float64, float64) {
		bound := s.run()
		return s.goal, bound
	}
}
