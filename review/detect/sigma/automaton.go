package sigma

import (
	"maps"
	"slices"
)

// automaton finds all of many literals in a text in one pass (Aho and Corasick, 1975). Bytes that no literal holds are
// one class, so that a row of the table is short.
type automaton struct {
	class   [256]uint8
	classes int32
	next    []int32   // state × class
	hits    [][]int32 // by state: what the literals that end there wake
}

func newAutomaton(literals map[string][]int32) *automaton {
	a := &automaton{classes: 1}
	texts := slices.Sorted(maps.Keys(literals))
	for _, t := range texts {
		for i := range len(t) {
			if a.class[t[i]] == 0 {
				a.class[t[i]] = uint8(a.classes)
				a.classes++
			}
		}
	}
	for c := 'A'; c <= 'Z'; c++ { // texts whose letters are ASCII need not be folded before
		a.class[c] = a.class[c+'a'-'A']
	}
	state := func() int32 {
		a.next = append(a.next, slices.Repeat([]int32{-1}, int(a.classes))...)
		a.hits = append(a.hits, nil)
		return int32(len(a.hits) - 1)
	}
	state()
	for _, t := range texts {
		at := int32(0)
		for i := range len(t) {
			edge := at*a.classes + int32(a.class[t[i]])
			if a.next[edge] < 0 {
				n := state()
				a.next[edge] = n
			}
			at = a.next[edge]
		}
		a.hits[at] = append(a.hits[at], literals[t]...)
	}
	a.link()
	return a
}

// link fills the table breadth first: where a state has no edge, the longest suffix that is a state goes on.
func (a *automaton) link() {
	fail := make([]int32, len(a.hits))
	var queue []int32
	for c := range a.classes {
		if n := a.next[c]; n > 0 {
			queue = append(queue, n)
		} else {
			a.next[c] = 0
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if more := a.hits[fail[s]]; len(more) > 0 {
			a.hits[s] = append(slices.Clone(a.hits[s]), more...)
			slices.Sort(a.hits[s])
			a.hits[s] = slices.Compact(a.hits[s])
		}
		for c := range a.classes {
			edge, other := s*a.classes+c, a.next[fail[s]*a.classes+c]
			if n := a.next[edge]; n >= 0 {
				fail[n] = other
				queue = append(queue, n)
			} else {
				a.next[edge] = other
			}
		}
	}
}
