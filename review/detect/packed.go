package detect

import (
	"encoding/binary"
	"iter"
	"slices"
)

// packed is a set of numbers above 0 that takes few bytes a number: they are kept in order as the differences from one to
// the next, in runs of which each is at least twice as large as the one after. Numbers that lie close together, such as
// pairs of one subject, take two or three bytes. The zero value is ready.
type packed struct {
	waiting []uint64 // in no order
	spare   []uint64 // room to order them in
	runs    []packedRun
}

// packedRun is numbers in order. It is never changed.
type packedRun struct {
	n    int // how many
	data []byte
}

// packedBatch is how many numbers wait until they are put in order.
const packedBatch = 1 << 13

// add takes a number.
func (p *packed) add(k uint64) {
	if p.waiting = append(p.waiting, k); len(p.waiting) >= packedBatch {
		p.settle()
	}
}

// settle puts what waits into a run.
func (p *packed) settle() {
	if len(p.waiting) == 0 {
		return
	}
	if len(p.waiting) < 256 {
		slices.Sort(p.waiting)
	} else {
		p.sort()
	}
	var w packedWriter
	for _, k := range p.waiting {
		w.put(k)
	}
	p.waiting = p.waiting[:0]
	p.runs = append(p.runs, w.run())
	for n := len(p.runs); n > 1 && 2*p.runs[n-1].n > p.runs[n-2].n; n = len(p.runs) {
		p.join()
	}
}

// join makes one of the last two runs.
func (p *packed) join() {
	n := len(p.runs)
	p.runs = append(p.runs[:n-2], joined(p.runs[n-2], p.runs[n-1]))
}

// all returns the numbers in order, each once. The set may be changed meanwhile; then those at the beginning count.
func (p *packed) all() iter.Seq[uint64] {
	p.compact()
	var data []byte
	if len(p.runs) > 0 {
		data = p.runs[0].data
	}
	return func(yield func(uint64) bool) {
		for r := (packedReader{data: data}); r.next(); {
			if !yield(r.at) {
				return
			}
		}
	}
}

// len returns how many numbers there are.
func (p *packed) len() int {
	p.compact()
	if len(p.runs) == 0 {
		return 0
	}
	return p.runs[0].n
}

// atMost returns how many numbers there are, those that stand in several runs counted several times.
func (p *packed) atMost() int {
	n := len(p.waiting)
	for _, r := range p.runs {
		n += r.n
	}
	return n
}

func (p *packed) compact() {
	p.settle()
	for len(p.runs) > 1 {
		p.join()
	}
}

// sort orders what waits by its bytes, the last first, where they differ.
func (p *packed) sort() {
	differ := uint64(0)
	for _, k := range p.waiting {
		differ |= k ^ p.waiting[0]
	}
	from, to := p.waiting, p.spare[:0]
	if cap(to) < len(from) {
		to = make([]uint64, len(from), cap(from))
	}
	to = to[:len(from)]
	for shift := 0; shift < 64 && differ>>shift != 0; shift += 8 {
		if differ>>shift&0xff == 0 {
			continue
		}
		var start [256]uint32
		for _, k := range from {
			start[byte(k>>shift)]++
		}
		sum := uint32(0)
		for i, n := range start {
			start[i] = sum
			sum += n
		}
		for _, k := range from {
			i := byte(k >> shift)
			to[start[i]] = k
			start[i]++
		}
		from, to = to, from
	}
	p.waiting, p.spare = from, to
}

// joined returns the numbers of both runs.
func joined(a, b packedRun) packedRun {
	w := packedWriter{data: make([]byte, 0, len(a.data)+len(b.data)+binary.MaxVarintLen64)}
	x, y := packedReader{data: a.data}, packedReader{data: b.data}
	moreX, moreY := x.next(), y.next()
	for moreX && moreY {
		if x.at <= y.at {
			w.put(x.at)
			moreX = x.next()
		} else {
			w.put(y.at)
			moreY = y.next()
		}
	}
	for ; moreX; moreX = x.next() {
		w.put(x.at)
	}
	for ; moreY; moreY = y.next() {
		w.put(y.at)
	}
	return w.run()
}

// packedWriter takes numbers in order; one that comes again is left out.
type packedWriter struct {
	data []byte
	last uint64
	n    int
}

func (w *packedWriter) put(k uint64) {
	if k == w.last {
		return
	}
	d := k - w.last
	for d >= 0x80 {
		w.data = append(w.data, byte(d)|0x80)
		d >>= 7
	}
	w.data = append(w.data, byte(d))
	w.last = k
	w.n++
}

// run returns what was taken. Room that is not used is given back where it is much.
func (w *packedWriter) run() packedRun {
	if cap(w.data) > len(w.data)+len(w.data)/16+64 {
		w.data = slices.Clone(w.data)
	}
	return packedRun{w.n, w.data}
}

type packedReader struct {
	data []byte
	at   uint64
}

func (r *packedReader) next() bool {
	if len(r.data) == 0 {
		return false
	}
	d, shift := uint64(0), 0
	for i, c := range r.data {
		if c < 0x80 {
			r.data = r.data[i+1:]
			r.at += d | uint64(c)<<shift
			return true
		}
		d |= uint64(c&0x7f) << shift
		shift += 7
	}
	return false
}
