package quant

import "math"

// lattice returns the largest unit of which every loss of the register is a whole multiple, where all losses are discrete
// and there is such a unit but for the rounding of floating point.
func (m *model) lattice() (unit float64, ok bool) {
	var all []float64
	most := 0.0
	for s := range m.states() {
		for i, r := range m.rows {
			d, discrete := m.lossIn(i, s).(discreteLoss)
			if !discrete || r.product != nil {
				return 0, false
			}
			all = append(all, d.values...)
			most = math.Max(most, d.values[len(d.values)-1])
		}
	}
	for _, v := range all {
		if v == 0 {
			continue
		}
		if unit = divisor(v, unit, 1e-9*most); unit < most/maxGrid {
			return 0, false
		}
	}
	for _, v := range all {
		if k := math.Round(v / unit); math.Abs(v-k*unit) > 1e-11*most {
			return 0, false
		}
	}
	return unit, unit > 0
}

// divisor is Euclid's algorithm on numbers whose remainders are zero up to tol.
func divisor(a, b, tol float64) float64 {
	for b > tol {
		a, b = b, math.Abs(a-b*math.Round(a/b))
	}
	return a
}
