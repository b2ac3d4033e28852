package main

// What is known of a pair.
const (
	tied  uint64 = 1 << iota // there is a relation
	met                      // there was an access
	marks = tied | met
)

// pair makes a key of two numbers: 30 bits of the user and 32 of the patient, with room for the marks. It is not 0, as
// users are numbered from 1.
func pair(user, patient uint32) uint64 { return uint64(user)<<34 | uint64(patient)<<2 }

// mostUsers is how many users a pair tells apart.
const mostUsers = 1<<30 - 1

// pairs is a set of pairs with what is known of each: one word each, with open addressing.
type pairs struct {
	slots []uint64 // 0 is free
	n     int
}

// mark adds what is known of a pair, and returns what was known before. There must be room.
func (p *pairs) mark(key, what uint64) (before uint64) {
	mask := uint64(len(p.slots) - 1)
	for i := scatter(key) & mask; ; i = (i + 1) & mask {
		switch have := p.slots[i]; {
		case have&^marks == key:
			if have|what != have { // what is not written need not be written back to memory
				p.slots[i] = have | what
			}
			return have & marks
		case have == 0:
			p.slots[i] = key | what
			p.n++
			return 0
		}
	}
}

// room makes room for further pairs.
func (p *pairs) room(more int) {
	size := max(1024, len(p.slots))
	for 4*(p.n+more) > 3*size {
		size *= 2
	}
	if size == len(p.slots) {
		return
	}
	old := p.slots
	p.slots = make([]uint64, size)
	mask := uint64(size - 1)
	for _, have := range old {
		if have == 0 {
			continue
		}
		i := scatter(have&^marks) & mask
		for p.slots[i] != 0 {
			i = (i + 1) & mask
		}
		p.slots[i] = have
	}
}

func scatter(k uint64) uint64 {
	k = (k ^ k>>32) * 0x9e3779b97f4a7c15
	return k ^ k>>29
}

// split takes the pairs apart by user into so many sets.
func (p *pairs) split(n int) []pairs {
	if n == 1 {
		return []pairs{*p}
	}
	out := make([]pairs, n)
	for _, have := range p.slots {
		if have != 0 {
			to := &out[int(have>>34)%n]
			to.room(1)
			to.mark(have&^marks, have&marks)
		}
	}
	*p = pairs{}
	return out
}
