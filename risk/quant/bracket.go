package quant

import (
	"math"
	"slices"
)

// bracket computes the year with all losses rounded down and with all rounded up, on grids fine enough for the aim. It is
// false where the upper year runs off every grid.
func (e *exactRun) bracket() bool {
	n := e.o.GridPoints
	if n == 0 {
		n = bracketGrid
	}
	reach := e.reach / 2 // finer steps matter more here than the last digits of the tail, which the slack covers
	for tries := 0; ; {
		g := newGrid(n, reach/float64(n))
		jobs := []func(){
			func() { e.down = g.newYear(e.m, roundDown, nil) },
			func() { e.up = g.newYear(e.m, roundUp, nil) },
		}
		inParallel(e.o.Workers, len(jobs), func(i int) { jobs[i]() })
		width, inside := 0.0, true
		for _, p := range append(slices.Clone(e.o.Levels), e.o.TailLevels...) {
			high, ok := e.up.above(float64(p))
			inside = inside && ok
			if low := e.down.below(float64(p)); high > 0 {
				width = math.Max(width, (high-low)/math.Max(high, 1e-3*e.mean))
			}
		}
		switch {
		case !inside && tries < 6:
			reach *= 1.5
			tries++
		case !inside && n < maxGrid && e.o.GridPoints == 0:
			n, reach, tries = maxGrid, e.reach/2, 0
		case !inside:
			e.down, e.up = nil, nil
			return false
		case width > aimBracket && n < maxGrid && e.o.GridPoints == 0:
			n *= 2
		default:
			return true
		}
	}
}
