package detect

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
)

// membersBound bounds the members of all sets together. Beyond it only things whose hashes are lowest are kept, as many as
// have most members at most, in all sets alike. What is kept of a log is then a function of its events, and what was kept
// of its parts is enough to know it.
type membersBound struct {
	most   int      // members; 0 is no bound
	below  uint64   // only things with lower hashes are kept; 0 is all
	hashes []uint64 // by thing; 0 is not known
}

// hashOfThing is the beginning of the token of a thing, which is the same in every state.
func (s *daySets) hashOfThing(n uint32) uint64 {
	h := at(&s.bound.hashes, int(n))
	if *h == 0 {
		t := keyOf(s.things.text(n))
		*h = max(binary.BigEndian.Uint64(t[:]), 1)
	}
	return *h
}

// bounded makes room for one member more, and reports whether the thing is left out.
func (s *daySets) bounded(thing uint32) bool {
	if len(s.members.waiting) == 0 && s.members.atMost() > s.bound.most+s.bound.most/4 {
		s.trim()
	}
	return s.bound.below != 0 && s.hashOfThing(thing) >= s.bound.below
}

// trim leaves out what is beyond the bound.
func (s *daySets) trim() {
	if s.bound.most == 0 || s.members.len() <= s.bound.most {
		return
	}
	counts := make([]int, s.things.len())
	for k := range s.members.all() {
		counts[uint32(k)-1]++
	}
	var order []uint32
	for n := range uint32(len(counts)) {
		if counts[n] > 0 {
			order = append(order, n)
			s.hashOfThing(n)
		}
	}
	slices.SortFunc(order, func(a, b uint32) int {
		if s.bound.hashes[a] < s.bound.hashes[b] {
			return -1
		}
		return 1
	})
	sum := 0
	for _, n := range order {
		if sum += counts[n]; sum > s.bound.most {
			s.leave(s.bound.hashes[n])
			return
		}
	}
}

// leave leaves out the things whose hashes are not lower; 0 leaves out none.
func (s *daySets) leave(below uint64) {
	if below == 0 || s.bound.below != 0 && s.bound.below <= below {
		return
	}
	s.bound.below = below
	var w packedWriter
	for k := range s.members.all() {
		if s.hashOfThing(uint32(k)-1) < below {
			w.put(k)
		}
	}
	s.members.runs = append(s.members.runs[:0], w.run())
}

// scale is how many things each one that is kept stands for.
func (s *daySets) scale() float64 {
	s.trim()
	if s.bound.below == 0 {
		return 1
	}
	return 1 / shareOf(s.bound.below)
}

// approximate says what is left out, "" for nothing.
func (s *daySets) approximate() string {
	if scale := s.scale(); scale > 1 {
		return fmt.Sprintf("approximate: the memory was limited, and figures are estimated from about %s of the things that were touched", inHundred(1/scale))
	}
	return ""
}

// writtenBelow and readBelow are how the bound that was reached is written.
func (s *daySets) writtenBelow() string {
	s.trim()
	if s.bound.below == 0 {
		return ""
	}
	return fmt.Sprintf("%016x", s.bound.below)
}

func (s *daySets) readBelow(text string) bool {
	if text == "" {
		return true
	}
	below, err := strconv.ParseUint(text, 16, 64)
	if err != nil || below == 0 || s.bound.most == 0 {
		return false
	}
	s.leave(below)
	return true
}
