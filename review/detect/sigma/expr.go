package sigma

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

type op uint8

const (
	opAtom op = iota
	opAnd
	opOr
	opNot
)

// node is a part of a rule. Selections that a condition names several times are shared, so nodes form a graph without
// cycles; nodes are never changed once a rule is read.
type node struct {
	op   op
	kids []*node
	atom *atom
	name string // the selection, where the node is one
}

// walk calls f for every atom.
func (n *node) walk(f func(*atom)) {
	seen := map[*node]bool{}
	var down func(*node)
	down = func(n *node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		if n.op == opAtom {
			f(n.atom)
		}
		for _, k := range n.kids {
			down(k)
		}
	}
	down(n)
}

// join makes one node of several.
func join(o op, kids []*node) *node {
	if len(kids) == 1 && kids[0].name == "" {
		return kids[0]
	}
	return &node{op: o, kids: kids}
}

type atomKind uint8

const (
	atomExact atomKind = iota
	atomPrefix
	atomSuffix
	atomContains
	atomGlob
	atomPresent
	atomNull
	atomRegexp
	atomCIDR
	atomFieldRef
	atomEncoded // one of several texts with their case, as base64offset makes them
	atomKeyword // a pattern that is looked for in every value and name
)

// atom is one comparison.
type atom struct {
	kind    atomKind
	field   string
	other   string // of atomFieldRef
	literal string // folded
	pattern pattern
	re      *regexp.Regexp
	net     netip.Prefix
	texts   []string
	words   string // the comparison in words
}

// say writes the comparison in words. What it quotes is out of the rule, never out of the log.
func (a *atom) say(value string) *atom {
	verb := map[atomKind]string{
		atomExact: "is", atomPrefix: "begins with", atomSuffix: "ends with", atomContains: "contains", atomGlob: "is like",
		atomRegexp: "fits the expression", atomCIDR: "lies in", atomFieldRef: "equals the field", atomEncoded: "contains, in base64,",
	}[a.kind]
	const most = 120
	if r := []rune(value); len(r) > most {
		value = string(r[:most]) + "…"
	}
	switch a.kind {
	case atomPresent:
		a.words = a.field + " is there"
	case atomNull:
		a.words = a.field + " is absent"
	case atomKeyword:
		a.words = fmt.Sprintf("the word %q stands in it", value)
	default:
		a.words = fmt.Sprintf("%s %s %q", a.field, verb, value)
	}
	return a
}

// textAtom makes the comparison of a field with a text of a rule.
func textAtom(field, value string, before, behind bool) *atom {
	a := &atom{field: field, pattern: parsePattern(value, before, behind), kind: atomGlob}
	if kind, literal, ok := a.pattern.simple(); ok {
		a.kind, a.literal = kind, literal
	}
	switch a.kind {
	case atomExact, atomPrefix, atomSuffix, atomContains:
		return a.say(unescaped(value))
	}
	return a.say(value)
}

// unescaped is a text without wildcards as it is meant.
func unescaped(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`*?\`, s[i+1]) >= 0 {
			i++
		} else if s[i] == '*' {
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
