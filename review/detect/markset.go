package detect

import (
	"cmp"
	"hash/maphash"
	"slices"
)

// markSet is a set of marks by their keys. The zero value is ready.
type markSet[M mark] struct {
	list  []M
	slots []uint64 // by the hash of the key, as in [names]
	seed  maphash.Seed
}

// put keeps the first of several deliveries of one event in the order of references, so that it does not matter which
// of them came first.
func (s *markSet[M]) put(m M) {
	if 4*(len(s.list)+1) > 3*len(s.slots) {
		s.grow()
	}
	key := m.key()
	hash := maphash.Comparable(s.seed, key)
	mask, upper := uint64(len(s.slots)-1), hash>>32
	slot := hash & mask
	for ; s.slots[slot] != 0; slot = (slot + 1) & mask {
		x := s.slots[slot]
		if x>>32 != upper {
			continue
		}
		if have := &s.list[uint32(x)-1]; (*have).key() == key {
			if m.ref().compare((*have).ref()) < 0 {
				*have = m
			}
			return
		}
	}
	s.list = append(s.list, m)
	s.slots[slot] = hash&^(1<<32-1) | uint64(len(s.list))
}

func (s *markSet[M]) grow() {
	if s.slots == nil {
		s.seed = maphash.MakeSeed() // nothing that is written depends on it
	}
	s.slots = make([]uint64, max(64, 2*len(s.slots)))
	mask := uint64(len(s.slots) - 1)
	for i := range s.list {
		hash := maphash.Comparable(s.seed, s.list[i].key())
		slot := hash & mask
		for s.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		s.slots[slot] = hash&^(1<<32-1) | uint64(i+1)
	}
}

// sorted returns the marks in order of time and place.
func (s *markSet[M]) sorted() []M {
	out := slices.Clone(s.list)
	slices.SortFunc(out, func(a, b M) int {
		return cmp.Or(a.ref().compare(b.ref()), cmp.Compare(a.key().sub, b.key().sub))
	})
	return out
}
