package sigma

import (
	"maps"
	"math/bits"
	"slices"
)

// waiting is which rules the values of one field wake.
type waiting struct {
	exact   map[string][]int32
	screen  screen     // for a look before the map
	few     []part     // literals that stand in the value, where they are few
	parts   *automaton // and where they are many
	present []int32
}

// screen tells of most texts that they are none of some literals, by length, first and last byte.
type screen struct {
	bits  []uint64
	shift uint8
}

func newScreen(literals map[string][]int32) screen {
	size := 512
	for size < 16*len(literals) && size < 1<<14 {
		size *= 2
	}
	s := screen{bits: make([]uint64, size/64), shift: uint8(64 - bits.Len(uint(size-1)))}
	for l := range literals {
		at := s.at(l)
		s.bits[at/64] |= 1 << (at % 64)
	}
	return s
}

func (s *screen) at(text string) uint64 {
	n := len(text)
	h := uint64(n) << 16
	if n > 0 {
		h |= uint64(text[0]|0x20)<<8 | uint64(text[n-1]|0x20)
	}
	return h * 0x9e3779b97f4a7c15 >> s.shift
}

// lets reports whether a text that is plain may be one of the literals.
func (s *screen) lets(text string) bool {
	at := s.at(text)
	i := at / 64
	return i < uint64(len(s.bits)) && s.bits[i]&(1<<(at%64)) != 0
}

// part is a literal that stands in a value, and what it wakes.
type part struct {
	needle
	rules []int32
}

// mostFew is up to how many literals it costs less to look for one after the other.
const mostFew = 6

// wake is what must be seen for a rule to be looked at.
type wake struct {
	slot    int32
	how     wakeKind
	literal string
}

type wakeKind uint8

const (
	wakeExact wakeKind = iota
	wakePart
	wakeHead
	wakeTail
	wakePresent
)

// maxPart bounds the literals of the automata. A rule that a shorter literal wakes is looked at in vain now and then.
const maxPart = 24

// index decides at which literals every rule waits: at those that are shared by the fewest rules, at as few fields as
// that allows.
func (s *Set) index() {
	c := chooser{set: s, shared: map[wake]int{}, optional: map[int32]bool{}}
	for _, r := range s.rules {
		mine := map[wake]bool{}
		r.expr.walk(func(a *atom) {
			if a.kind == atomNull {
				c.optional[s.slots[a.field]] = true
			}
			for _, w := range s.wakes(a) {
				mine[w] = true
			}
		})
		for w := range mine {
			c.shared[w]++
		}
	}
	s.wait = make([]waiting, len(s.fields))
	parts := make([]map[wake][]int32, len(s.fields))
	for i, best := range c.choices() {
		if !best.any {
			s.always = append(s.always, int32(i))
			continue
		}
		slices.SortFunc(best.wakes, compareWakes)
		for _, w := range slices.Compact(best.wakes) {
			at := &s.wait[w.slot]
			switch w.how {
			case wakePresent:
				at.present = append(at.present, int32(i))
			case wakeExact:
				if at.exact == nil {
					at.exact = map[string][]int32{}
				}
				at.exact[w.literal] = append(at.exact[w.literal], int32(i))
			default:
				if parts[w.slot] == nil {
					parts[w.slot] = map[wake][]int32{}
				}
				parts[w.slot][w] = append(parts[w.slot][w], int32(i))
			}
		}
	}
	for slot, p := range parts {
		w := &s.wait[slot]
		if p != nil || w.exact != nil || w.present != nil {
			s.waiting = append(s.waiting, int32(slot))
		}
		w.screen = newScreen(w.exact)
		if len(p) > mostFew {
			all := map[string][]int32{}
			for _, k := range slices.SortedFunc(maps.Keys(p), compareWakes) {
				all[k.literal] = append(all[k.literal], p[k]...)
			}
			w.parts = newAutomaton(all)
			continue
		}
		for _, k := range slices.SortedFunc(maps.Keys(p), compareWakes) {
			w.few = append(w.few, part{newNeedle(k.literal, k.how), p[k]})
		}
	}
}

func compareWakes(a, b wake) int {
	switch {
	case a.slot != b.slot:
		return int(a.slot - b.slot)
	case a.how != b.how:
		return int(a.how) - int(b.how)
	case a.literal < b.literal:
		return -1
	case a.literal > b.literal:
		return 1
	}
	return 0
}

// wakes returns what must be seen for the atom to be true: one of several, or nothing known.
func (s *Set) wakes(a *atom) []wake {
	slot := s.slots[a.field]
	part := func(literal string) []wake {
		if literal == "" {
			return []wake{{slot, wakePresent, ""}}
		}
		return []wake{{slot, wakePart, literal[:min(len(literal), maxPart)]}}
	}
	switch a.kind {
	case atomNull, atomKeyword:
		return nil
	case atomExact:
		return []wake{{slot, wakeExact, a.literal}}
	case atomPrefix:
		return []wake{{slot, wakeHead, a.literal[:min(len(a.literal), maxPart)]}}
	case atomSuffix:
		return []wake{{slot, wakeTail, a.literal[max(0, len(a.literal)-maxPart):]}}
	case atomContains, atomGlob:
		return part(a.pattern.longest())
	case atomRegexp:
		if literals, ok := needed(a.re.String()); ok {
			var out []wake
			for _, l := range literals {
				out = append(out, part(l)...)
			}
			return out
		}
	case atomEncoded:
		var out []wake
		for _, t := range a.texts {
			out = append(out, part(folded(t))...)
		}
		return out
	}
	return []wake{{slot, wakePresent, ""}}
}
