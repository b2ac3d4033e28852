package quant

import (
	"math"
	"sort"
)

// picker draws from a discrete law: 64 random bits are compared with the distribution function as whole numbers, from the
// place that the leading eight bits point to.
type picker struct {
	first int
	upTo  []uint64 // P(N <= first+j) in units of 2^-64
	guide [256]int32
}

func newPicker(first int, p []float64) *picker {
	k := &picker{first: first, upTo: make([]uint64, len(p))}
	sum := 0.0
	for j, v := range p {
		sum += v
		if x := math.Ldexp(sum, 64); x < math.Ldexp(1, 64) {
			k.upTo[j] = uint64(x)
		} else {
			k.upTo[j] = math.MaxUint64
		}
	}
	k.upTo[len(p)-1] = math.MaxUint64
	for g := range k.guide {
		k.guide[g] = int32(sort.Search(len(p)-1, func(j int) bool { return k.upTo[j] > uint64(g)<<56 }))
	}
	return k
}

func (k *picker) pick(u uint64) int {
	j := int(k.guide[u>>56])
	for u >= k.upTo[j] && j < len(k.upTo)-1 {
		j++
	}
	return k.first + j
}

// sampler draws losses. It is given the draw r for event i of a block, and the block's further streams for what needs more
// than one draw.
type sampler interface {
	sample(r, i uint64, more *blockStreams) float64
}

// blockStreams are the streams of a row in one block of years.
type blockStreams struct{ count, loss, rate, share, second stream }

func (t *table) sample(r, _ uint64, _ *blockStreams) float64 { return t.draw(r) }

type discreteSampler struct {
	picker *picker
	values []float64
}

func (d discreteSampler) sample(r, _ uint64, _ *blockStreams) float64 {
	return d.values[d.picker.pick(r)]
}

type layeredSampler struct {
	of    sampler
	layer layeredLoss
}

func (l layeredSampler) sample(r, i uint64, more *blockStreams) float64 {
	return l.layer.cut(l.of.sample(r, i, more))
}

type summedSampler struct {
	primary, secondary sampler
	share              *picker
}

func (s summedSampler) sample(r, i uint64, more *blockStreams) float64 {
	x := s.primary.sample(r, i, more)
	if s.share.pick(more.share.at(i)) == 1 {
		x += s.secondary.sample(more.second.at(i), i, more)
	}
	return x
}

// sampler builds the sampler of a loss.
func (t *tableMaker) sampler(l loss) sampler {
	switch l := l.(type) {
	case discreteLoss:
		return discreteSampler{newPicker(0, l.p), l.values}
	case layeredLoss:
		return layeredSampler{t.sampler(l.base), l}
	case summedLoss:
		return summedSampler{t.sampler(l.primary), t.sampler(l.secondary), newPicker(0, []float64{1 - l.share, l.share})}
	}
	return t.make(l)
}
