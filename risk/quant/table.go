package quant

import (
	"math"

	"github.com/hipaasmp/hipaasmp/risk/quant/internal/num"
)

// table inverts a smooth distribution function quickly. Each half of the law is cut into octaves of its tail probability,
// [1/4,1/2), [1/8,1/4) and so on, each octave into 32 cells, and each cell holds a cubic; a draw's leading zeros are its
// octave. Relative errors are below 1e-7, and
// below 1e-4 in the one cell that holds the mode of a triangular law: less than any number of trials can see. Beyond the last octave the law's own
// quantile function answers.
type table struct {
	cells [cellsAll]cell // lower half first, then the upper half
	loss  loss
}

type cell [4]float64

const (
	octaves   = 16
	cellBits  = 5
	cellCount = 1 << cellBits
	cellsAll  = 2 * octaves * cellCount
	nodeCount = 12 // exact quantiles per octave; the cubics are laid through their interpolation
)

// tableMaker holds what all tables share.
type tableMaker struct {
	at   [nodeCount]float64                  // nodes within an octave, from 1 to 2
	z    [octaves][nodeCount]float64         // the normal quantile at each node's tail probability
	read [3*cellCount + 1][nodeCount]float64 // weights that read the interpolation at thirds of cells
}

func newTableMaker() *tableMaker {
	t := &tableMaker{}
	const n = nodeCount - 1
	for i := range nodeCount {
		_, c := num.Sincos(math.Pi * float64(i) / n)
		t.at[i] = 1.5 - 0.5*c
	}
	for o := range octaves {
		for i, a := range t.at {
			t.z[o][i] = num.PhiInv(tailOf(o, a))
		}
	}
	for r := range t.read { // barycentric interpolation in Chebyshev points
		x := 1 + float64(r)/(3*cellCount)
		sum, exact := 0.0, -1
		for i, a := range t.at {
			if math.Abs(x-a) < 1e-14 {
				exact = i
				break
			}
			w := 1 - 2*float64(i&1)
			if i == 0 || i == n {
				w *= 0.5
			}
			t.read[r][i] = w / (x - a)
			sum += t.read[r][i]
		}
		for i := range t.read[r] {
			if exact >= 0 {
				t.read[r][i] = 0
			} else {
				t.read[r][i] /= sum
			}
		}
		if exact >= 0 {
			t.read[r][exact] = 1
		}
	}
	return t
}

// tailOf is the tail probability at position a in [1,2] of octave o.
func tailOf(o int, a float64) float64 { return math.Ldexp(a, -o-2) }

// make builds the table of a law.
func (t *tableMaker) make(l loss) *table {
	out := &table{loss: l}
	var nodes [nodeCount]float64
	var line [3*cellCount + 1]float64
	for side := range 2 {
		for o := range octaves {
			t.quantiles(l, side, o, &nodes)
			for r := range line {
				sum := 0.0
				for i, w := range t.read[r] {
					sum += float64(w * nodes[i])
				}
				line[r] = sum
			}
			for c := range cellCount {
				out.cells[(side*octaves+octaves-1-o)*cellCount+c] = cubicThrough(line[3*c], line[3*c+1], line[3*c+2], line[3*c+3])
			}
		}
	}
	return out
}

// quantiles fills the nodes of an octave, side 0 being the lower half.
func (t *tableMaker) quantiles(l loss, side, o int, nodes *[nodeCount]float64) {
	if ln, ok := l.(lognormalLoss); ok {
		sign := 1 - 2*float64(side)
		for i, z := range t.z[o] {
			nodes[i] = num.Exp(ln.mu + float64(ln.sigma*(sign*z)))
		}
		return
	}
	for i, a := range t.at {
		p := tailOf(o, a)
		if side == 0 {
			nodes[i] = l.quantile(p, 1-p)
		} else {
			nodes[i] = l.quantile(1-p, p)
		}
	}
}

// cubicThrough returns the coefficients of the cubic through values at 0, 1/3, 2/3 and 1.
func cubicThrough(a, b, c, d float64) cell {
	return cell{
		a,
		float64(-5.5*a) + float64(9*b) - float64(4.5*c) + d,
		float64(9*a) - float64(22.5*b) + float64(18*c) - float64(4.5*d),
		float64(-4.5*a) + float64(13.5*b) - float64(13.5*c) + float64(4.5*d),
	}
}

// draw turns 64 random bits, of which the lowest may be in use elsewhere, into a loss.
func (t *table) draw(r uint64) float64 {
	i, x := place(r)
	if i < 0 {
		return t.far(r)
	}
	c := &t.cells[int(r>>63)*(cellsAll/2)+i]
	return c[0] + float64(x*(c[1]+float64(x*(c[2]+float64(x*c[3])))))
}

// place returns the cell of a draw within its half of the law, counted from the last octave, and where in the cell it lies.
// The bits after the leading one become a floating-point number: its exponent is the octave, the next bits of its mantissa
// are the cell, and the rest is the place. It is negative beyond the last octave.
func place(r uint64) (cell int, x float64) {
	const (
		mantissa = 52
		lowest   = (1023 + mantissa - octaves) << cellBits // the exponent of the last octave
	)
	b := math.Float64bits(float64(int64(r << 1 >> 12)))
	x = math.Float64frombits(b<<cellBits&(1<<mantissa-1)|1023<<mantissa) - 1
	return int(b>>(mantissa-cellBits)) - lowest, x
}

// far answers for the one draw in 2^16 that lies beyond the table.
func (t *table) far(r uint64) float64 {
	p := math.Ldexp(float64(r<<1>>12|1), -53)
	if r>>63 == 0 {
		return t.loss.quantile(p, 1-p)
	}
	return t.loss.quantile(1-p, p)
}
