package sigma

import (
	"bytes"
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Set is rules compiled together. It is safe for use by several goroutines; each takes a [Matcher] of its own.
type Set struct {
	rules    []Rule
	tests    []test
	fields   []string
	slots    map[string]int32
	wait     []waiting // by slot
	waiting  []int32   // the slots at which a rule waits
	always   []int32   // rules that no value wakes
	keywords bool
	paths    *branch
}

// test tells whether an event meets a part of a rule.
type test func(*Matcher) bool

// CompileError says that rules cannot stand in one set.
type CompileError struct {
	// Rule is the identity of the rule.
	Rule string
	// Why says what is wrong and what to do.
	Why string
}

func (e *CompileError) Error() string {
	return fmt.Sprintf("sigma: rule %q: %s", e.Rule, e.Why)
}

// Compile puts rules into one set. The error is a [*CompileError] if a rule was not made by [Load] or two have one identity.
func Compile(rules ...Rule) (*Set, error) {
	s := &Set{rules: slices.Clone(rules), slots: map[string]int32{}}
	seen := map[string]bool{}
	for _, r := range rules {
		switch {
		case r.expr == nil:
			return nil, &CompileError{Rule: r.ID, Why: "it holds nothing; read it with Load"}
		case seen[r.ID]:
			return nil, &CompileError{Rule: r.ID, Why: "two rules have this id; take one of them out"}
		}
		seen[r.ID] = true
		s.keywords = s.keywords || r.Keywords()
		s.fields = append(s.fields, r.Fields()...)
	}
	slices.Sort(s.fields)
	s.fields = slices.Compact(s.fields)
	for i, f := range s.fields {
		s.slots[f] = int32(i)
	}
	s.paths = branches(s.fields)
	for _, r := range rules {
		made := map[*node]test{}
		s.tests = append(s.tests, s.test(r.expr, made))
	}
	s.index()
	return s, nil
}

// Rules returns the rules of the set in the order in which they were given.
func (s *Set) Rules() []Rule { return slices.Clone(s.rules) }

// Fields returns the names of the fields that the rules look at, in order.
func (s *Set) Fields() []string { return slices.Clone(s.fields) }

// Keywords reports whether a rule of the set looks for words anywhere in the event.
func (s *Set) Keywords() bool { return s.keywords }

// Digest identifies the rules of the set, whatever their order.
func (s *Set) Digest() hipaasmp.Digest {
	var all []string
	for _, r := range s.rules {
		all = append(all, r.ID+" "+string(r.Digest)+"\n")
	}
	slices.Sort(all)
	var b bytes.Buffer
	for _, line := range all {
		b.WriteString(line)
	}
	return hipaasmp.DigestOf(b.Bytes())
}

// test makes the closure of a node. Parts that are cheap and rule much out are looked at first.
func (s *Set) test(n *node, made map[*node]test) test {
	if t, ok := made[n]; ok {
		return t
	}
	var kids []test
	order := slices.Clone(n.kids)
	slices.SortStableFunc(order, func(a, b *node) int { return a.effort() - b.effort() })
	for _, k := range order {
		kids = append(kids, s.test(k, made))
	}
	var t test
	switch {
	case n.op == opAtom:
		t = s.atom(n.atom)
	case n.op == opNot:
		kid := kids[0]
		t = func(m *Matcher) bool { return !kid(m) }
	case len(kids) == 1:
		t = kids[0]
	case n.op == opAnd && len(kids) == 2:
		a, b := kids[0], kids[1]
		t = func(m *Matcher) bool { return a(m) && b(m) }
	case n.op == opAnd:
		t = func(m *Matcher) bool {
			for _, k := range kids {
				if !k(m) {
					return false
				}
			}
			return true
		}
	default:
		t = func(m *Matcher) bool {
			for _, k := range kids {
				if k(m) {
					return true
				}
			}
			return false
		}
	}
	made[n] = t
	return t
}

// effort ranks nodes: comparisons of fields before lists of them, expressions and keywords last.
func (n *node) effort() int {
	if n.op != opAtom {
		most := 0
		for _, k := range n.kids {
			most = max(most, k.effort())
		}
		return most + 1
	}
	switch n.atom.kind {
	case atomKeyword:
		return 200
	case atomRegexp, atomEncoded, atomCIDR:
		return 100
	}
	return 0
}

// some makes a test that is true if a value of the field is.
func some(slot int32, fits func(m *Matcher, v *value) bool) test {
	return func(m *Matcher) bool {
		for i := m.first(slot); i >= 0; i = m.values[i].next {
			if fits(m, &m.values[i]) {
				return true
			}
		}
		return false
	}
}

func (s *Set) atom(a *atom) test {
	slot := s.slots[a.field]
	literal := []byte(a.literal)
	switch a.kind {
	case atomExact:
		return some(slot, func(m *Matcher, v *value) bool { return string(m.folded(v)) == a.literal })
	case atomPrefix:
		return some(slot, func(m *Matcher, v *value) bool { return bytes.HasPrefix(m.folded(v), literal) })
	case atomSuffix:
		return some(slot, func(m *Matcher, v *value) bool { return bytes.HasSuffix(m.folded(v), literal) })
	case atomContains:
		return some(slot, func(m *Matcher, v *value) bool { return bytes.Contains(m.folded(v), literal) })
	case atomGlob:
		return some(slot, func(m *Matcher, v *value) bool { return a.pattern.match(m.folded(v)) })
	case atomPresent:
		return func(m *Matcher) bool { return m.first(slot) >= 0 }
	case atomNull:
		return func(m *Matcher) bool { return m.first(slot) < 0 }
	case atomRegexp:
		return some(slot, func(_ *Matcher, v *value) bool { return a.re.MatchString(v.raw) })
	case atomCIDR:
		return some(slot, func(_ *Matcher, v *value) bool { return inNet(a.net, v.raw) })
	case atomEncoded:
		return some(slot, func(_ *Matcher, v *value) bool { return hasOne(v.raw, a.texts) })
	case atomFieldRef:
		other := s.slots[a.other]
		return some(slot, func(m *Matcher, v *value) bool {
			for i := m.first(other); i >= 0; i = m.values[i].next {
				if bytes.Equal(m.folded(v), m.folded(&m.values[i])) {
					return true
				}
			}
			return false
		})
	}
	if kind, word, ok := a.pattern.simple(); ok && kind == atomContains {
		return func(m *Matcher) bool { return bytes.Contains(m.everything(), []byte(word)) }
	}
	return func(m *Matcher) bool {
		for part := range bytes.SplitSeq(m.everything(), []byte{one}) {
			if a.pattern.match(part) {
				return true
			}
		}
		return false
	}
}
