package sigma

import (
	"fmt"
	"slices"
	"strings"
)

// parser reads a condition by recursive descent: not binds closer than and, and closer than or.
type parser struct {
	tokens []token
	at     int
	depth  int
	names  []string // of the selections, in the order of the rule
	nodes  map[string]*node
	used   map[string]bool
}

type token struct {
	text string
	at   int // from 1
}

// conditionError is a fault of a condition.
type conditionError struct {
	kind    Kind
	message string
}

func (e conditionError) Error() string { return e.message }

func (p *parser) fail(format string, args ...any) error {
	return conditionError{KindCondition, fmt.Sprintf(format, args...)}
}

// lex cuts a condition into words, brackets and bars.
func lex(s string) []token {
	var out []token
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			i++
		case strings.IndexByte("()|", c) >= 0:
			out = append(out, token{s[i : i+1], i + 1})
			i++
		default:
			n := strings.IndexAny(s[i:], " \t\r\n()|")
			if n < 0 {
				n = len(s) - i
			}
			out = append(out, token{s[i : i+n], i + 1})
			i += n
		}
	}
	return out
}

func (p *parser) peek() string {
	if p.at < len(p.tokens) {
		return strings.ToLower(p.tokens[p.at].text)
	}
	return ""
}

func (p *parser) parse() (*node, error) {
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.at < len(p.tokens) {
		t := p.tokens[p.at]
		if t.text == "|" {
			return nil, conditionError{KindUnsupported, fmt.Sprintf("the condition has an aggregation at character %d; take it out, or count with a detector of package detect", t.at)}
		}
		return nil, p.fail("the condition has %q at character %d where it should end, or go on with and or or", t.text, t.at)
	}
	return n, nil
}

func (p *parser) or() (*node, error) { return p.chain("or", opOr, p.and) }

func (p *parser) and() (*node, error) { return p.chain("and", opAnd, p.not) }

func (p *parser) chain(word string, o op, next func() (*node, error)) (*node, error) {
	var kids []*node
	for {
		n, err := next()
		if err != nil {
			return nil, err
		}
		kids = append(kids, n)
		if p.peek() != word {
			return join(o, kids), nil
		}
		p.at++
	}
}

// maxDepth is how deep brackets and negations of a condition may be nested.
const maxDepth = 32

func (p *parser) not() (*node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, conditionError{KindLimit, fmt.Sprintf("the condition is nested more than %d deep; simplify it", maxDepth)}
	}
	defer func() { p.depth-- }()
	if p.peek() == "not" {
		p.at++
		n, err := p.not()
		if err != nil {
			return nil, err
		}
		return &node{op: opNot, kids: []*node{n}}, nil
	}
	return p.term()
}

func (p *parser) term() (*node, error) {
	if p.at == len(p.tokens) {
		return nil, p.fail("the condition ends where a selection should stand")
	}
	t := p.tokens[p.at]
	p.at++
	switch word := strings.ToLower(t.text); {
	case word == "(":
		n, err := p.or()
		if err != nil {
			return nil, err
		}
		if p.peek() != ")" {
			return nil, p.fail("the bracket at character %d is not closed", t.at)
		}
		p.at++
		return n, nil
	case p.peek() == "of" && p.nodes[t.text] == nil:
		p.at++
		return p.several(t)
	case word == "and" || word == "or" || word == ")" || word == "|":
		return nil, p.fail("the condition has %q at character %d where a selection should stand", t.text, t.at)
	}
	n := p.nodes[t.text]
	if n == nil {
		return nil, p.fail("the condition names %q at character %d, which is no selection of the rule", t.text, t.at)
	}
	p.used[t.text] = true
	return n, nil
}

// several reads what follows "1 of" or "all of".
func (p *parser) several(count token) (*node, error) {
	o := opOr
	switch strings.ToLower(count.text) {
	case "1":
	case "all":
		o = opAnd
	default:
		return nil, conditionError{KindUnsupported, fmt.Sprintf("the condition counts %q at character %d; only 1 of and all of are read", count.text, count.at)}
	}
	if p.at == len(p.tokens) {
		return nil, p.fail("the condition ends where a pattern of selections should stand")
	}
	what := p.tokens[p.at]
	p.at++
	var kids []*node
	for _, name := range p.names {
		if nameFits(what.text, name) {
			kids = append(kids, p.nodes[name])
			p.used[name] = true
		}
	}
	if len(kids) == 0 {
		return nil, p.fail("no selection fits %q at character %d", what.text, what.at)
	}
	return join(o, kids), nil
}

// nameFits reports whether a selection is one of "them", all but those that begin with an underscore, or fits a pattern
// with stars.
func nameFits(pattern, name string) bool {
	if strings.EqualFold(pattern, "them") {
		return !strings.HasPrefix(name, "_")
	}
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return name == pattern
	}
	rest, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// unused lists the selections that the condition does not name.
func (p *parser) unused() []string {
	var out []string
	for _, name := range p.names {
		if !p.used[name] && !strings.HasPrefix(name, "_") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
