package sigma

import (
	"maps"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// waiting is which rules the values of one field wake.
type waiting struct {
	exact   map[string][]int32
	lengths [4]uint64  // of the literals of exact, for a look before the map; longer ones share the last bit
	few     []part     // literals that stand somewhere in the value, where they are few
	parts   *automaton // and where they are many
	present []int32
}

// part is a literal that stands somewhere in a value, and what it wakes.
type part struct {
	literal []byte
	rules   []int32
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
	wakePresent
)

// maxPart bounds the literals of the automata. A rule that a shorter literal wakes is looked at in vain now and then.
const maxPart = 24

// index decides at which literals every rule waits: at those that are shared by the fewest rules.
func (s *Set) index() {
	shared := map[wake]int{}
	for _, r := range s.rules {
		mine := map[wake]bool{}
		r.expr.walk(func(a *atom) {
			for _, w := range s.wakes(a) {
				mine[w] = true
			}
		})
		for w := range mine {
			shared[w]++
		}
	}
	s.wait = make([]waiting, len(s.fields))
	parts := make([]map[string][]int32, len(s.fields))
	for i, r := range s.rules {
		c := chooser{set: s, shared: shared, done: map[choiceKey]choice{}}
		best := c.choose(r.expr, false)
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
			case wakePart:
				if parts[w.slot] == nil {
					parts[w.slot] = map[string][]int32{}
				}
				parts[w.slot][w.literal] = append(parts[w.slot][w.literal], int32(i))
			default:
				if at.exact == nil {
					at.exact = map[string][]int32{}
				}
				n := min(len(w.literal), 255)
				at.lengths[n/64] |= 1 << (n % 64)
				at.exact[w.literal] = append(at.exact[w.literal], int32(i))
			}
		}
	}
	for slot, p := range parts {
		if w := &s.wait[slot]; p != nil || w.exact != nil || w.present != nil {
			s.waiting = append(s.waiting, int32(slot))
		}
		switch {
		case len(p) > mostFew:
			s.wait[slot].parts = newAutomaton(p)
		case p != nil:
			for _, literal := range slices.Sorted(maps.Keys(p)) {
				s.wait[slot].few = append(s.wait[slot].few, part{[]byte(literal), p[literal]})
			}
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
	case atomPrefix, atomSuffix, atomContains, atomGlob:
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

// choice is a set of wakes of which one is seen whenever a node is true, and how often that may be.
type choice struct {
	any   bool
	wakes []wake
	cost  float64
}

type choiceKey struct {
	n       *node
	negated bool
}

type chooser struct {
	set    *Set
	shared map[wake]int
	done   map[choiceKey]choice
}

func (c *chooser) choose(n *node, negated bool) choice {
	key := choiceKey{n, negated}
	if have, ok := c.done[key]; ok {
		return have
	}
	out := c.best(n, negated)
	c.done[key] = out
	return out
}

func (c *chooser) best(n *node, negated bool) choice {
	if n.op == opNot {
		return c.choose(n.kids[0], !negated)
	}
	if n.op == opAtom {
		if negated {
			return choice{}
		}
		out := choice{wakes: c.set.wakes(n.atom)}
		out.any = len(out.wakes) > 0
		for _, w := range out.wakes {
			out.cost += c.cost(w)
		}
		return out
	}
	var best choice
	if (n.op == opAnd) != negated { // all must be: one of them will do
		for _, k := range n.kids {
			if x := c.choose(k, negated); x.any && (!best.any || x.cost < best.cost) {
				best = x
			}
		}
		return best
	}
	best.any = len(n.kids) > 0
	for _, k := range n.kids {
		x := c.choose(k, negated)
		if !x.any {
			return choice{}
		}
		best.wakes = append(best.wakes, x.wakes...)
		best.cost += x.cost
	}
	return best
}

// cost guesses how often a literal is seen in logs: what many rules name, such as a type of record, is seen often.
func (c *chooser) cost(w wake) float64 {
	n := float64(c.shared[w])
	switch w.how {
	case wakePresent:
		return 1000
	case wakePart:
		return 2*n*n + 200/float64(len(w.literal)*len(w.literal))
	}
	return n * n
}

// needed returns folded literals of which one stands in every text that the expression fits, and false where there are
// none.
func needed(expr string) ([]string, bool) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, false
	}
	out := literals(re.Simplify(), 0)
	return out, len(out) > 0
}

func literals(re *syntax.Regexp, depth int) []string {
	if depth > maxNesting {
		return nil
	}
	switch re.Op {
	case syntax.OpLiteral:
		if slices.Contains(re.Rune, utf8.RuneError) { // stands for bytes that are no UTF-8, too
			return nil
		}
		return []string{folded(string(re.Rune))}
	case syntax.OpCapture, syntax.OpPlus:
		return literals(re.Sub[0], depth+1)
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literals(re.Sub[0], depth+1)
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if l := literals(sub, depth+1); len(l) > 0 && (best == nil || shortest(l) > shortest(best)) {
				best = l
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			l := literals(sub, depth+1)
			if len(l) == 0 || len(all) > 64 {
				return nil
			}
			all = append(all, l...)
		}
		return all
	}
	return nil
}

func shortest(texts []string) int {
	n := len(texts[0])
	for _, t := range texts {
		n = min(n, len(t))
	}
	return n
}
