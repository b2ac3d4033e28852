package quant

import "math"

// lattice returns the largest unit of which every loss of the register is a whole multiple, where all losses are discrete.
func (m *model) lattice() (unit float64, ok bool) {
	const finest = 1e4
	g := int64(0)
	for s := range m.states() {
		for i, r := range m.rows {
			if r.product != nil {
				return 0, false
			}
			d, discrete := m.lossIn(i, s).(discreteLoss)
			if !discrete {
				return 0, false
			}
			for _, v := range d.values {
				k := math.Round(v * finest)
				if k > 1<<52 || math.Abs(k-v*finest) > 1e-9*math.Max(1, k) {
					return 0, false
				}
				g = divisor(g, int64(k))
			}
		}
	}
	if g == 0 {
		return 0, false
	}
	return float64(g) / finest, true
}

func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
