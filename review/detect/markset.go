package detect

import (
	"cmp"
	"hash/maphash"
	"iter"
	"maps"
	"slices"
)

// markSet is a set of marks by their keys. The zero value is ready.
type markSet[M mark] struct {
	packer *markPacker[M]
	chunks chunks // the marks
	n      int
	slots  []uint64 // by the hash of the key: its upper bits, and the place of the mark plus 1
	seed   maphash.Seed
}

const placeBits = 44

// put keeps the first of several deliveries of one event in the order of references, so that it does not matter which
// of them came first.
func (s *markSet[M]) put(m M) {
	if 4*(s.n+1) > 3*len(s.slots) {
		s.grow()
	}
	key := m.key()
	hash := maphash.Comparable(s.seed, key)
	mask, upper := uint64(len(s.slots)-1), hash>>placeBits
	slot := hash & mask
	for ; s.slots[slot] != 0; slot = (slot + 1) & mask {
		x := s.slots[slot]
		if x>>placeBits != upper {
			continue
		}
		if have := s.at(x); have.key() == key {
			if m.ref().compare(have.ref()) < 0 {
				s.slots[slot] = s.write(m) | upper<<placeBits
			}
			return
		}
	}
	s.slots[slot] = s.write(m) | upper<<placeBits
	s.n++
}

// at returns the mark of a slot.
func (s *markSet[M]) at(slot uint64) M {
	place := slot&(1<<placeBits-1) - 1
	m, _ := s.packer.unpack(s.chunks.from(place))
	return m
}

// write keeps the bytes of a mark and returns their place plus 1.
func (s *markSet[M]) write(m M) uint64 { return s.chunks.put(s.packer.pack(m)) + 1 }

func (s *markSet[M]) grow() {
	if s.slots == nil {
		s.seed = maphash.MakeSeed() // nothing that is written depends on it
		s.packer = newMarkPacker[M]()
	}
	old := s.slots
	s.slots = make([]uint64, max(64, 2*len(old)))
	mask := uint64(len(s.slots) - 1)
	for _, x := range old {
		if x == 0 {
			continue
		}
		slot := maphash.Comparable(s.seed, s.at(x).key()) & mask
		for s.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		s.slots[slot] = x
	}
}

// all returns the marks in no order. Marks that are put meanwhile may be among them or not.
func (s *markSet[M]) all() iter.Seq[M] {
	slots := s.slots
	return func(yield func(M) bool) {
		for _, x := range slots {
			if x != 0 && !yield(s.at(x)) {
				return
			}
		}
	}
}

// sorted returns the marks in order of time and place.
func (s *markSet[M]) sorted() []M {
	out := slices.AppendSeq(make([]M, 0, s.n), s.all())
	slices.SortFunc(out, compareMarks)
	return out
}

// by returns the marks with the same key together, in order of time and place, and the keys in order. No more than those
// of one key are taken out at a time.
func (s *markSet[M]) by(key func(M) string) iter.Seq2[string, []M] {
	places := map[string][]uint64{}
	for _, x := range s.slots {
		if x != 0 {
			k := key(s.at(x))
			places[k] = append(places[k], x)
		}
	}
	return func(yield func(string, []M) bool) {
		for _, k := range slices.Sorted(maps.Keys(places)) {
			run := make([]M, len(places[k]))
			for i, x := range places[k] {
				run[i] = s.at(x)
			}
			slices.SortFunc(run, compareMarks)
			if !yield(k, run) {
				return
			}
		}
	}
}

func compareMarks[M mark](a, b M) int {
	return cmp.Or(a.ref().compare(b.ref()), cmp.Compare(a.key().sub, b.key().sub))
}
