package sigma

import (
	"math"
	"slices"
)

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
	set      *Set
	shared   map[wake]int
	optional map[int32]bool // fields that some rule wants absent: many events will be without them
	closed   map[int32]bool // fields at which no rule is to wait
	done     map[choiceKey]choice
}

// fieldCost is what it costs to look at one field more, as a cost of wakes.
const fieldCost = 30

// choices returns where every rule waits. The best place of each rule by itself is where it begins; then fields are
// given up, those of the fewest rules first, as long as what their rules find elsewhere costs less than the look at the
// field.
func (c *chooser) choices() []choice {
	best := make([]choice, len(c.set.rules))
	at := make([][]int32, len(c.set.fields)) // by slot: the rules that wait there
	enter := func(rule int32) {
		for _, w := range best[rule].wakes {
			if n := len(at[w.slot]); n == 0 || at[w.slot][n-1] != rule {
				at[w.slot] = append(at[w.slot], rule)
			}
		}
	}
	for i, r := range c.set.rules {
		c.done = map[choiceKey]choice{}
		best[i] = c.choose(r.expr, false)
		enter(int32(i))
	}
	c.closed = map[int32]bool{}
	order := make([]int32, len(at))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return len(at[a]) - len(at[b]) })
	for _, slot := range order {
		if len(at[slot]) == 0 {
			continue
		}
		c.closed[slot] = true
		more := -float64(fieldCost)
		other := map[int32]choice{}
		opened := map[int32]bool{}
		for _, rule := range at[slot] {
			c.done = map[choiceKey]choice{}
			x := c.choose(c.set.rules[rule].expr, false)
			if !x.any {
				more = math.Inf(1)
				break
			}
			for _, w := range x.wakes {
				if len(at[w.slot]) == 0 && !opened[w.slot] {
					opened[w.slot] = true
					more += fieldCost
				}
			}
			other[rule] = x
			more += x.cost - best[rule].cost
		}
		if more >= 0 {
			delete(c.closed, slot)
			continue
		}
		for _, rule := range at[slot] {
			best[rule] = other[rule]
			enter(rule)
		}
		at[slot] = nil
	}
	return best
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
			if c.closed[w.slot] {
				return choice{}
			}
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

// cost guesses how often a literal is seen in logs: what many rules name, such as a type of record, is seen often, and
// what stands in a field that need not be there is seen less.
func (c *chooser) cost(w wake) float64 {
	n := float64(c.shared[w])
	size := float64(len(w.literal) * len(w.literal))
	cost := n * n
	switch w.how {
	case wakePresent:
		return 1000
	case wakePart:
		cost = 2*n*n + 200/size
	case wakeHead, wakeTail:
		cost = n*n + 50/size
	}
	if c.optional[w.slot] {
		cost /= 4
	}
	return cost
}
