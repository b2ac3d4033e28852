package sigma

import (
	"encoding/base64"
	"net/netip"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// selection reads what stands under a name: a mapping, or a list of which one must match. It never returns nil.
func (l *loader) selection(name, n *yaml.Node) *node {
	switch n.Kind {
	case yaml.MappingNode:
		return l.fields(n)
	case yaml.SequenceNode:
		var kids []*node
		for _, item := range n.Content {
			switch item.Kind {
			case yaml.MappingNode:
				kids = append(kids, l.fields(item))
			case yaml.ScalarNode:
				kids = append(kids, l.comparison(item, comparison{}, item))
			default:
				l.fault(item, KindShape, "a list within a list; write mappings or keywords")
			}
		}
		if len(n.Content) == 0 {
			l.fault(n, KindShape, "the selection %s is empty", short(name.Value))
		}
		return &node{op: opOr, kids: kids}
	case yaml.ScalarNode:
		if !null(n) {
			return l.comparison(n, comparison{}, n)
		}
	}
	l.fault(n, KindShape, "the selection %s is empty", short(name.Value))
	return &node{op: opOr}
}

// fields reads a mapping: all of its fields must match.
func (l *loader) fields(n *yaml.Node) *node {
	var kids []*node
	for i := 0; i < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		c, ok := l.modifiers(k)
		if !ok {
			continue
		}
		switch v.Kind {
		case yaml.ScalarNode:
			kids = append(kids, l.comparison(k, c, v))
		case yaml.SequenceNode:
			var values []*node
			for _, x := range v.Content {
				if x.Kind != yaml.ScalarNode {
					l.fault(x, KindShape, "the field %s is compared with something that is no value", short(k.Value))
					continue
				}
				values = append(values, l.comparison(k, c, x))
			}
			if len(v.Content) == 0 {
				l.fault(v, KindShape, "the field %s is compared with no value", short(k.Value))
				continue
			}
			if c.all {
				kids = append(kids, join(opAnd, values))
			} else {
				kids = append(kids, join(opOr, values))
			}
		default:
			l.fault(v, KindUnsupported, "the field %s is compared with a mapping; write the path of the field with dots", short(k.Value))
		}
	}
	if len(n.Content) == 0 {
		l.fault(n, KindShape, "a mapping without fields matches everything; name a field")
	}
	return &node{op: opAnd, kids: kids}
}

// comparison is how a field is compared, as its modifiers say. Without a field it is a keyword.
type comparison struct {
	field                   string
	before, behind          bool
	all                     bool
	re, cidr, ref, encoding bool
	some                    bool // some of the modifiers that exclude each other stands
}

// modifiers reads the name of a field with its modifiers.
func (l *loader) modifiers(k *yaml.Node) (c comparison, ok bool) {
	if len(k.Value) > MaxValueBytes {
		l.fault(k, KindLimit, "the name of the field has more than %d bytes", MaxValueBytes)
		return c, false
	}
	parts := strings.Split(k.Value, "|")
	c.field = parts[0]
	for i, m := range parts[1:] {
		alone := false
		switch m {
		case "contains":
			c.before, c.behind = true, true
			alone = !c.encoding
		case "startswith":
			c.behind, alone = true, true
		case "endswith":
			c.before, alone = true, true
		case "re":
			c.re, alone = true, true
		case "cidr":
			c.cidr, alone = true, true
		case "fieldref":
			c.ref, alone = true, true
		case "base64offset":
			c.encoding, alone = true, true
			if i+2 >= len(parts) || parts[i+2] != "contains" {
				l.fault(k, KindUnsupported, "base64offset in %s without contains behind it; encoded text stands within a value", short(k.Value))
				return c, false
			}
		case "all":
			if c.all {
				l.fault(k, KindShape, "the modifier all stands twice in %s", short(k.Value))
				return c, false
			}
			c.all = true
		default:
			l.fault(k, KindUnsupported, "the modifier %s in %s; contains, startswith, endswith, all, re, cidr, fieldref and base64offset|contains are read", short(m), short(k.Value))
			return c, false
		}
		if alone && c.some {
			l.fault(k, KindUnsupported, "the modifiers in %s exclude each other; take one", short(k.Value))
			return c, false
		}
		c.some = c.some || alone
	}
	if c.field == "" && (c.re || c.cidr || c.ref || c.encoding || c.before != c.behind) {
		l.fault(k, KindUnsupported, "%s: a keyword takes no modifier but contains and all", short(k.Value))
		return c, false
	}
	return c, true
}

// comparison reads one value. It returns a node in any case; one with a fault is never matched.
func (l *loader) comparison(at *yaml.Node, c comparison, v *yaml.Node) *node {
	if l.values++; l.values > MaxValues {
		if l.values == MaxValues+1 {
			l.fault(v, KindLimit, "the selections have more than %d values together", MaxValues)
		}
		return &node{op: opOr}
	}
	if len(v.Value) > MaxValueBytes {
		l.fault(v, KindLimit, "the value has more than %d bytes", MaxValueBytes)
		return &node{op: opOr}
	}
	return &node{op: opAtom, atom: l.atom(c, v)}
}

func (l *loader) atom(c comparison, v *yaml.Node) *atom {
	value := v.Value
	bad := &atom{field: c.field, kind: atomNull}
	switch {
	case null(v):
		if c.field == "" || c.some {
			l.fault(v, KindShape, "null can only be compared with a field without modifiers")
		}
		return bad.say("")
	case (v.Tag == "!!int" || v.Tag == "!!float") && !number(value):
		l.fault(v, KindShape, "the number %s can be read in two ways; put it in quotes to compare it as it is written", short(value))
		return bad
	case c.field == "":
		if value == "" {
			l.fault(v, KindShape, "an empty keyword stands in every event; write a word")
		}
		return (&atom{kind: atomKeyword, pattern: parsePattern(value, true, true)}).say(value)
	case c.re:
		// What RE2 has no form for would be another expression; lookarounds and references back are refused here.
		re, err := regexp.Compile(value)
		if err != nil {
			why := "it cannot be read"
			if e, ok := err.(*syntax.Error); ok {
				why = e.Code.String() + " in " + short(e.Expr)
			}
			l.fault(v, KindPattern, "the expression is not RE2: %s", why)
			return bad
		}
		return (&atom{kind: atomRegexp, field: c.field, re: re}).say(value)
	case c.cidr:
		net, err := netip.ParsePrefix(value)
		if err != nil {
			l.fault(v, KindPattern, "%s is no network such as 10.0.0.0/8", short(value))
			return bad
		}
		return (&atom{kind: atomCIDR, field: c.field, net: net.Masked()}).say(value)
	case c.ref:
		if value == "" || strings.Contains(value, "|") {
			l.fault(v, KindShape, "%s is not the name of a field", short(value))
		}
		return (&atom{kind: atomFieldRef, field: c.field, other: value}).say(value)
	case c.encoding:
		texts := base64Offsets(unescaped(value))
		if wild(value) || slices.Contains(texts, "") {
			l.fault(v, KindUnsupported, "base64offset of %s: a text of three characters and more without wildcards is read", short(value))
			return bad
		}
		return (&atom{kind: atomEncoded, field: c.field, texts: texts}).say(value)
	}
	return textAtom(c.field, value, c.before, c.behind)
}

// number reports whether a number is written as a log would write it. 0644, 0x1f and 1_000 are other texts to YAML than
// to the author.
func number(s string) bool {
	whole, part, split := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (whole == "0" || whole[0] != '0') && (!split || digits(part))
}

// base64Offsets is the part of a text's base64 that does not depend on what stands around the text, for the three places
// at which it may begin.
func base64Offsets(s string) []string {
	var out []string
	for offset := range 3 {
		enc := base64.StdEncoding.EncodeToString(append(make([]byte, offset), s...))
		from, till := []int{0, 2, 3}[offset], len(enc)
		switch (len(s) + offset) % 3 {
		case 1:
			till -= 3
		case 2:
			till -= 2
		}
		out = append(out, enc[min(from, till):till])
	}
	return out
}
