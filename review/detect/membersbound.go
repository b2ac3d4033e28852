package detect

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
)

// membersBound bounds the members of all sets together. Beyond it only some things of each subject are kept, those with
// the lowest hashes of both, as many as have most members at most. What is kept of a log is then a function of its events,
// and what was kept of its parts is enough to know it.
type membersBound struct {
	most     int      // members; 0 is no bound
	below    uint64   // only pairs of subject and thing with lower hashes are kept; 0 is all
	things   []uint64 // hashes by number; 0 is not known
	subjects []uint64
	owners   pages[uint32] // by cell: the subject
}

// hashOfPair is the hash of the subject of a cell and of a thing. It is the same in every state.
func (s *daySets) hashOfPair(c, thing uint32) uint64 {
	b := &s.bound
	owner := *b.owners.at(c)
	x, y := at(&b.subjects, int(owner)), at(&b.things, int(thing))
	if *x == 0 {
		*x = max(hashOf(s.subjects.text(owner)), 1)
	}
	if *y == 0 {
		t := keyOf(s.things.text(thing))
		*y = max(binary.BigEndian.Uint64(t[:]), 1)
	}
	return scattered(*x ^ bits.RotateLeft64(*y, 32))
}

// bounded makes room for one member more, and reports whether it is left out.
func (s *daySets) bounded(c, thing uint32) bool {
	if len(s.members.waiting) == 0 && s.members.atMost() > s.bound.most+s.bound.most/4 {
		s.trim()
	}
	return s.bound.below != 0 && s.hashOfPair(c, thing) >= s.bound.below
}

// trim leaves out what is beyond the bound: the lowest hash with which there are more than most members, and all above.
func (s *daySets) trim() {
	if s.bound.most == 0 || s.members.len() <= s.bound.most {
		return
	}
	const split = 48
	counts := make([]int, 1<<(64-split)) // by the upper bits of the hash
	for k := range s.members.all() {
		counts[s.hashOfPair(uint32(k>>32)-1, uint32(k)-1)>>split]++
	}
	sum, upper := 0, uint64(0)
	for sum+counts[upper] <= s.bound.most {
		sum += counts[upper]
		upper++
	}
	var close []uint64
	for k := range s.members.all() {
		if h := s.hashOfPair(uint32(k>>32)-1, uint32(k)-1); h>>split == upper {
			close = append(close, h)
		}
	}
	slices.Sort(close)
	s.leave(max(close[s.bound.most-sum], 1)) // the first that does not fit, and all that are like it
}

// leave leaves out what has hashes that are not lower; 0 leaves out nothing.
func (s *daySets) leave(below uint64) {
	if below == 0 || s.bound.below != 0 && s.bound.below <= below {
		return
	}
	s.bound.below = below
	var w packedWriter
	for k := range s.members.all() {
		if s.hashOfPair(uint32(k>>32)-1, uint32(k)-1) < below {
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
		return fmt.Sprintf("approximate: the memory was limited, and figures are estimated from about %s of what was touched", inHundred(1/scale))
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
