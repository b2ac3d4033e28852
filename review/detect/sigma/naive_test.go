package sigma_test

import (
	"fmt"
	"io"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// This file reads rules a second time, with none of the package's code: as maps and lists, with a condition rewritten into
// a tree by precedence climbing, and evaluates them slowly. Events are built out of it, and the matcher is held against it.

// fields is an event: the values of its fields.
type fields map[string][]string

// need is one comparison of a rule. Without a field it is a keyword.
type need struct {
	field, op, value string
}

// tree is a condition: "and", "or" and "not" over trees, or a leaf.
type tree struct {
	op   string
	kids []*tree
	leaf need
}

// naiveRule reads the detection of a rule.
func naiveRule(t testing.TB, f detect.File) (id string, root *tree) {
	t.Helper()
	r, err := f.Open()
	require.NoError(t, err)
	defer r.Close()
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	var doc struct {
		ID        string               `yaml:"id"`
		Detection map[string]yaml.Node `yaml:"detection"`
	}
	require.NoError(t, yaml.Unmarshal(text, &doc))
	selections := map[string]*tree{}
	var names []string
	for name, n := range doc.Detection {
		if name != "condition" {
			selections[name] = naiveSelection(t, &n)
			names = append(names, name)
		}
	}
	slices.Sort(names)
	condition := doc.Detection["condition"]
	tokens := strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(condition.Value))
	at := 0
	var climb func(least int) *tree
	primary := func() *tree {
		tok := tokens[at]
		at++
		switch tok {
		case "(":
			n := climb(0)
			at++
			return n
		case "not":
			return &tree{op: "not", kids: []*tree{climb(3)}}
		case "1", "all":
			out := &tree{op: map[string]string{"1": "or", "all": "and"}[tok]}
			for _, name := range names {
				if fits, _ := path.Match(tokens[at+1], name); fits {
					out.kids = append(out.kids, selections[name])
				}
			}
			require.NotEmpty(t, out.kids)
			at += 2
			return out
		}
		require.NotNil(t, selections[tok], tok)
		return selections[tok]
	}
	climb = func(least int) *tree {
		left := primary()
		for at < len(tokens) {
			rank := map[string]int{"or": 1, "and": 2}[tokens[at]]
			if rank == 0 || rank < least {
				break
			}
			op := tokens[at]
			at++
			left = &tree{op: op, kids: []*tree{left, climb(rank + 1)}}
		}
		return left
	}
	root = climb(0)
	require.Equal(t, len(tokens), at)
	return doc.ID, root
}

func naiveSelection(t testing.TB, n *yaml.Node) *tree {
	if n.Kind == yaml.SequenceNode {
		out := &tree{op: "or"}
		for _, item := range n.Content {
			if item.Kind == yaml.MappingNode {
				out.kids = append(out.kids, naiveSelection(t, item))
			} else {
				out.kids = append(out.kids, &tree{leaf: need{op: "keyword", value: item.Value}})
			}
		}
		return out
	}
	require.Equal(t, yaml.MappingNode, n.Kind)
	out := &tree{op: "and"}
	for i := 0; i < len(n.Content); i += 2 {
		field, mods, _ := strings.Cut(n.Content[i].Value, "|")
		join := "or"
		if rest, ok := strings.CutSuffix(mods, "all"); ok {
			join, mods = "and", strings.TrimSuffix(rest, "|")
		}
		values := n.Content[i+1].Content
		if n.Content[i+1].Kind == yaml.ScalarNode {
			values = []*yaml.Node{n.Content[i+1]}
		}
		list := &tree{op: join}
		for _, v := range values {
			leaf := need{field, mods, v.Value}
			if v.Tag == "!!null" {
				leaf.op = "null"
			}
			if field == "" {
				leaf.op = "keyword"
			}
			list.kids = append(list.kids, &tree{leaf: leaf})
		}
		out.kids = append(out.kids, list)
	}
	return out
}

// holds evaluates a tree over an event.
func (n *tree) holds(e fields) bool {
	switch n.op {
	case "not":
		return !n.kids[0].holds(e)
	case "and":
		return !slices.ContainsFunc(n.kids, func(k *tree) bool { return !k.holds(e) })
	case "or":
		return slices.ContainsFunc(n.kids, func(k *tree) bool { return k.holds(e) })
	}
	return n.leaf.holds(e)
}

func (d need) holds(e fields) bool {
	all := e[d.field]
	switch d.op {
	case "null":
		return len(all) == 0
	case "keyword":
		for name, values := range e {
			all = append(append(all, name), values...)
		}
		return anyOf(all, "(?is)"+globExpr(d.value))
	case "fieldref":
		return slices.ContainsFunc(all, func(v string) bool {
			return slices.ContainsFunc(e[d.value], func(w string) bool { return strings.EqualFold(v, w) })
		})
	case "re":
		return anyOf(all, d.value)
	case "cidr":
		return slices.ContainsFunc(all, func(v string) bool {
			a, err := netip.ParseAddr(v)
			return err == nil && netip.MustParsePrefix(d.value).Contains(a)
		})
	case "contains":
		return anyOf(all, "(?is)"+globExpr(d.value))
	case "startswith":
		return anyOf(all, `(?is)\A`+globExpr(d.value))
	case "endswith":
		return anyOf(all, "(?is)"+globExpr(d.value)+`\z`)
	case "":
		return anyOf(all, `(?is)\A`+globExpr(d.value)+`\z`)
	}
	panic("a modifier that the naive reader does not know: " + d.op)
}

var compiled sync.Map // of expressions

func anyOf(values []string, expr string) bool {
	if len(values) == 0 {
		return false
	}
	re, ok := compiled.Load(expr)
	if !ok {
		re, _ = compiled.LoadOrStore(expr, regexp.MustCompile(expr))
	}
	return slices.ContainsFunc(values, re.(*regexp.Regexp).MatchString)
}

// acceptsAbsence reports whether a part of the rule asks for the field to be absent.
func (n *tree) acceptsAbsence(field string) bool {
	return n.leaf.op == "null" && n.leaf.field == field || slices.ContainsFunc(n.kids, func(k *tree) bool { return k.acceptsAbsence(field) })
}

// globExpr writes a text with wildcards as a regular expression.
func globExpr(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && strings.ContainsRune(`\*?`, rune(s[i+1])):
			i++
			b.WriteString(regexp.QuoteMeta(s[i : i+1]))
		case s[i] == '*':
			b.WriteString(".*")
		case s[i] == '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(s[i : i+1]))
		}
	}
	return b.String()
}

// ways lists conjunctions of comparisons that make a tree true, such that every alternative is in one of them at least.
func (n *tree) ways() [][]need {
	var out [][]need
	switch n.op {
	case "not":
		return [][]need{nil} // an event that lacks it
	case "or":
		for _, k := range n.kids {
			out = append(out, k.ways()...)
		}
		return out
	case "and":
		var kids [][][]need
		most := 0
		for _, k := range n.kids {
			kids = append(kids, k.ways())
			most = max(most, len(kids[len(kids)-1]))
		}
		for i := range most {
			var way []need
			for _, k := range kids {
				way = append(way, k[i%len(k)]...)
			}
			out = append(out, way)
		}
		return out
	}
	return [][]need{{n.leaf}}
}

// spoiled lists conjunctions that make a tree true but for an exception that they meet as well.
func (n *tree) spoiled() (out [][]need) {
	if n.op == "not" {
		return n.kids[0].ways()
	}
	for i, k := range n.kids {
		for _, way := range k.spoiled() {
			for j, other := range n.kids {
				if n.op == "and" && j != i {
					way = append(slices.Clone(way), other.ways()[0]...)
				}
			}
			out = append(out, way)
		}
	}
	return out
}

// fitting is a text for every regular expression of the shared rules, written by hand.
var fitting = map[string]string{
	`(^|\/)\.[^.\/]`:         "/home/u/.hidden",
	`.+:assumed-role/aws:.+`: "arn:aws:sts::1:assumed-role/aws:ec2-instance/i-1",
	`(^0oa.*|[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,10})`: "someone@example.org",
}

// build makes an event that meets every need.
func build(t testing.TB, way []need) fields {
	e := fields{}
	type parts struct{ head, middle, tail string }
	by := map[string]*parts{}
	sample := strings.NewReplacer(`\*`, "*", `\?`, "?", "*", "x", "?", "y")
	for i, d := range way {
		p := by[d.field]
		if p == nil {
			p = &parts{}
			by[d.field] = p
		}
		text := sample.Replace(d.value)
		switch d.op {
		case "null":
			delete(by, d.field)
		case "keyword":
			delete(by, "")
			e["kw"+string(rune('g'+i))] = []string{text}
		case "startswith":
			p.head = text
		case "endswith":
			p.tail = text
		case "contains":
			p.middle += "=" + text
		case "re":
			require.Contains(t, fitting, d.value)
			p.middle = fitting[d.value]
		case "fieldref":
			p.middle = "one-and-the-same"
			e[d.value] = []string{p.middle}
		case "cidr":
			p.middle = netip.MustParsePrefix(d.value).Addr().String()
		default:
			require.Empty(t, d.op)
			p.middle = text
		}
	}
	for field, p := range by {
		e[field] = []string{p.head + p.middle + p.tail}
	}
	return e
}

func (e fields) String() string { return fmt.Sprint(map[string][]string(e)) }

// distinct rewrites a rule so that every text with a letter in its selections is another one, and gives it another id.
func distinct(t testing.TB, r io.Reader, copy int) string {
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal(text, &doc))
	root := doc.Content[0]
	var change func(n *yaml.Node, key string)
	change = func(n *yaml.Node, key string) {
		for i, k := range n.Content {
			switch {
			case n.Kind == yaml.MappingNode && i%2 == 0:
			case n.Kind == yaml.MappingNode:
				change(k, n.Content[i-1].Value)
			default:
				change(k, key)
			}
		}
		if n.Kind != yaml.ScalarNode || strings.HasSuffix(key, "|re") || strings.HasSuffix(key, "|fieldref") || key == "condition" {
			return
		}
		if i := strings.IndexFunc(n.Value, unicode.IsLetter); i >= 0 && n.Tag == "!!str" {
			n.Value = n.Value[:i+1] + string(rune('p'+copy)) + n.Value[i+1:]
		}
	}
	for i := 0; i < len(root.Content); i += 2 {
		switch root.Content[i].Value {
		case "detection":
			change(root.Content[i+1], "")
		case "id":
			id := root.Content[i+1]
			id.Value += fmt.Sprintf("-%d", copy)
		}
	}
	out, err := yaml.Marshal(root)
	require.NoError(t, err)
	return string(out)
}
