package sigma

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"go.yaml.in/yaml/v3"
)

// top reads the keys of a rule. Keys of the author's own are allowed and say nothing.
func (l *loader) top(root *yaml.Node) {
	keys := map[string]*yaml.Node{}
	for i := 0; i < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		keys[k.Value] = v
		switch k.Value {
		case "correlation", "filter", "action", "global":
			l.fault(k, KindUnsupported, "%s: the file is no plain rule; only plain rules are read", k.Value)
		}
	}
	if len(l.faults) > 0 {
		return // what else a plain rule needs says nothing of what is none
	}
	r := &l.rule
	r.Title = l.text(root, keys, "title", true)
	r.ID = l.text(root, keys, "id", true)
	if r.ID != "" && !hipaasmp.ValidID(r.ID) {
		l.fault(keys["id"], KindShape, "the id %s is none; give a UUID", short(r.ID))
	}
	r.Description = l.text(root, keys, "description", false)
	r.Author = l.text(root, keys, "author", false)
	r.Status = l.text(root, keys, "status", false)
	if r.Status != "" && !slices.Contains([]string{"stable", "test", "experimental", "deprecated", "unsupported"}, r.Status) {
		l.fault(keys["status"], KindShape, "the status %s is none; stable, test, experimental, deprecated and unsupported are", short(r.Status))
	}
	if level := l.text(root, keys, "level", false); level != "" {
		r.Level = Level(level)
		if !r.Level.IsValid() || r.Level == LevelUnknown {
			l.fault(keys["level"], KindShape, "the level %s is none; informational, low, medium, high and critical are", short(level))
		}
	}
	r.References = l.texts(keys["references"], "references")
	r.Tags = l.texts(keys["tags"], "tags")
	r.FalsePositives = l.texts(keys["falsepositives"], "falsepositives")
	l.logSource(root, keys["logsource"])
	l.detection(root, keys["detection"])
}

// text reads a key that holds one line or several of text.
func (l *loader) text(root *yaml.Node, keys map[string]*yaml.Node, key string, needed bool) string {
	n := keys[key]
	switch {
	case n == nil || null(n):
		if needed {
			l.fault(root, KindShape, "there is no %s; give one", key)
		}
		return ""
	case n.Kind != yaml.ScalarNode:
		l.fault(n, KindShape, "%s is no text", key)
		return ""
	case n.Value == "" && needed:
		l.fault(n, KindShape, "%s is empty; give one", key)
	}
	return n.Value
}

// texts reads a list of texts, or one.
func (l *loader) texts(n *yaml.Node, key string) []string {
	switch {
	case n == nil || null(n):
		return nil
	case n.Kind == yaml.ScalarNode:
		return []string{n.Value}
	case n.Kind != yaml.SequenceNode:
		l.fault(n, KindShape, "%s is no list of texts", key)
		return nil
	}
	var out []string
	for _, k := range n.Content {
		if k.Kind != yaml.ScalarNode {
			l.fault(k, KindShape, "%s holds something that is no text", key)
			continue
		}
		out = append(out, k.Value)
	}
	return out
}

func (l *loader) logSource(root, n *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		l.fault(either(n, root), KindShape, "there is no logsource; say by product, service or category what log the rule is for")
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if v.Kind != yaml.ScalarNode {
			l.fault(v, KindShape, "%s of logsource is no text", short(k.Value))
			continue
		}
		switch k.Value {
		case "category":
			l.rule.LogSource.Category = v.Value
		case "product":
			l.rule.LogSource.Product = v.Value
		case "service":
			l.rule.LogSource.Service = v.Value
		}
	}
	if l.rule.LogSource == (LogSource{}) {
		l.fault(n, KindShape, "logsource names no product, service or category")
	}
}

func (l *loader) detection(root, n *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		l.fault(either(n, root), KindShape, "there is no detection; give selections and a condition")
		return
	}
	p := &parser{nodes: map[string]*node{}, used: map[string]bool{}}
	var condition *yaml.Node
	before := len(l.faults)
	at := map[string]*yaml.Node{}
	for i := 0; i < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch k.Value {
		case "condition":
			condition = v
			continue
		case "timeframe":
			l.fault(k, KindUnsupported, "a timeframe; count with a detector of package detect")
			continue
		}
		if len(p.names) == MaxSelections {
			l.fault(k, KindLimit, "there are more than %d selections", MaxSelections)
			return
		}
		at[k.Value] = k
		p.names = append(p.names, k.Value)
		sel := l.selection(k, v)
		p.nodes[k.Value] = &node{op: opAnd, kids: []*node{sel}, name: k.Value}
	}
	l.condition(either(condition, n), condition, p)
	if len(l.faults) > before {
		return
	}
	for _, name := range p.unused() {
		l.fault(at[name], KindCondition, "the condition does not use the selection %s; name it or take it out", short(name))
	}
}

func (l *loader) condition(place, n *yaml.Node, p *parser) {
	switch {
	case n == nil || null(n):
		l.fault(place, KindCondition, "there is no condition; say how the selections are joined")
		return
	case n.Kind == yaml.SequenceNode:
		l.fault(n, KindUnsupported, "a list of conditions; join them with or")
		return
	case n.Kind != yaml.ScalarNode:
		l.fault(n, KindShape, "the condition is no text")
		return
	case len(n.Value) > MaxValueBytes:
		l.fault(n, KindLimit, "the condition has more than %d bytes", MaxValueBytes)
		return
	}
	p.tokens = lex(n.Value)
	expr, err := p.parse()
	if err != nil {
		e := err.(conditionError)
		l.fault(n, e.kind, "%s", e.message)
		return
	}
	l.rule.Condition, l.rule.expr = n.Value, expr
}

func null(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func either(n, otherwise *yaml.Node) *yaml.Node {
	if n != nil {
		return n
	}
	return otherwise
}
