package main

// hours are the events of every user in every hour. The hours of a user's day lie beside each other, since most events
// come in about the order of their times. The zero value is ready.
type hours struct {
	slabs  [][]block
	n      uint32   // blocks, the unused block 0 among them
	places []uint64 // the blocks by user and day, with open addressing: half of the hash, and the block; 0 is free
	full   map[full]int64
}

// block is a day of a user. Its counts start again at 0 where they overflow, which is counted apart.
type block struct {
	day    int64
	user   uint32
	counts [24]uint16
}

// full is a count that has overflowed.
type full struct {
	block uint32
	hour  int
}

const (
	slabSize  = 1024
	overflown = 1 << 16
)

func (h *hours) of(b uint32) *block {
	if h.slabs == nil {
		h.slabs, h.n = append(h.slabs, make([]block, slabSize)), 1
	}
	return &h.slabs[b/slabSize][b%slabSize]
}

func (h *hours) count(b uint32, hour int) {
	n := &h.of(b).counts[hour]
	if *n++; *n == 0 {
		if h.full == nil {
			h.full = map[full]int64{}
		}
		h.full[full{b, hour}] += overflown
	}
}

// find returns the block of a user and day, and makes it if there is none.
func (h *hours) find(user uint32, day int64) uint32 {
	h.of(0)
	if 2*int(h.n) > len(h.places) {
		h.grow()
	}
	hash := scatter(uint64(user)^scatter(uint64(day))) >> 32
	mask := uint64(len(h.places) - 1)
	i := hash & mask
	for ; h.places[i] != 0; i = (i + 1) & mask {
		if have := h.places[i]; have>>32 == hash {
			if b := h.of(uint32(have)); b.user == user && b.day == day {
				return uint32(have)
			}
		}
	}
	if int(h.n) == len(h.slabs)*slabSize {
		h.slabs = append(h.slabs, make([]block, slabSize))
	}
	n := h.n
	h.n++
	h.places[i] = hash<<32 | uint64(n)
	b := h.of(n)
	b.user, b.day = user, day
	return n
}

func (h *hours) grow() {
	old := h.places
	h.places = make([]uint64, max(1024, 2*len(old)))
	mask := uint64(len(h.places) - 1)
	for _, have := range old {
		if have == 0 {
			continue
		}
		i := have >> 32 & mask
		for h.places[i] != 0 {
			i = (i + 1) & mask
		}
		h.places[i] = have
	}
}

// addTo adds up the hours.
func (h *hours) addTo(f *figures) {
	for at := uint32(1); at < h.n; at++ {
		for hour, count := range h.of(at).counts {
			n := int64(count)
			if h.full != nil {
				n += h.full[full{at, hour}]
			}
			if n > 0 {
				f.Hours[0]++
				f.Hours[1] += n * n
				f.Hours[2] = max(f.Hours[2], n)
			}
		}
	}
}
