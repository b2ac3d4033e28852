package sigma

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"go.yaml.in/yaml/v3"
)

// What a rule may have at most. The largest rule of SigmaHQ is a twentieth of it.
const (
	// MaxBytes is how many bytes a file may have.
	MaxBytes = 1 << 20
	// MaxValues is how many values the selections of a rule may have together.
	MaxValues = 10_000
	// MaxSelections is how many selections a rule may have.
	MaxSelections = 256
	// MaxValueBytes is how many bytes one value, the name of a field, or the condition may have.
	MaxValueBytes = 4096
)

// Load reads one rule: a YAML file of one document. The name is used in errors only. The error is a [*LoadError] with
// every fault, or what the reader returned.
func Load(name string, r io.Reader) (Rule, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Rule{}, fmt.Errorf("sigma: %q cannot be read: %w", name, err)
	}
	l := &loader{rule: Rule{Digest: hipaasmp.DigestOf(data), Level: LevelUnknown}}
	l.load(data)
	if len(l.faults) > 0 {
		slices.SortStableFunc(l.faults, func(a, b Fault) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
		return Rule{}, &LoadError{File: name, Faults: l.faults}
	}
	return l.rule, nil
}

// LoadAll reads rules, one a file. The error joins the errors of all files that hold none; the rules of the others are
// returned with it.
func LoadAll(files ...detect.File) ([]Rule, error) {
	var out []Rule
	var failed []error
	for _, f := range files {
		content, err := f.Open()
		if err != nil {
			failed = append(failed, fmt.Errorf("sigma: %q cannot be opened: %w", f.Name, err))
			continue
		}
		rule, err := Load(f.Name, content)
		if err = errors.Join(err, content.Close()); err != nil {
			failed = append(failed, err)
			continue
		}
		out = append(out, rule)
	}
	return out, errors.Join(failed...)
}

type loader struct {
	rule   Rule
	faults []Fault
	values int
}

// maxFaults bounds what a file that is all faults can make.
const maxFaults = 100

func (l *loader) fault(n *yaml.Node, kind Kind, format string, args ...any) {
	if len(l.faults) >= maxFaults {
		return
	}
	f := Fault{Kind: kind, Message: fmt.Sprintf(format, args...)}
	if n != nil {
		f.Line, f.Column = n.Line, n.Column
	}
	l.faults = append(l.faults, f)
}

// yamlLine is where the YAML reader says that it stopped. It counts lines from 0 in what its parser says and from 1 in what
// its scanner says; byParser is how the former end.
var (
	yamlLine = regexp.MustCompile(`^line ([0-9]+): `)
	byParser = regexp.MustCompile(`^did not find expected (<document start>|node content|key|'-' indicator|',' or ['"][\]}]['"])$`)
)

// syntax adds what the YAML reader says, with its line.
func (l *loader) syntax(err error, data []byte) {
	why, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := yamlLine.FindStringSubmatch(why); m != nil {
		why = why[len(m[0]):]
		line, _ = strconv.Atoi(m[1])
		if byParser.MatchString(why) {
			line++
		}
		line = min(line, 1+strings.Count(strings.TrimSuffix(string(data), "\n"), "\n"))
	}
	l.fault(&yaml.Node{Line: line}, KindSyntax, "the file is no YAML from here on: %s", why)
}

func (l *loader) load(data []byte) {
	if len(data) > MaxBytes {
		l.fault(nil, KindLimit, "the file has more than %d bytes; no rule is that large", MaxBytes)
		return
	}
	if line := nested(data); line > 0 {
		l.fault(&yaml.Node{Line: line, Column: 1}, KindLimit, "the file is nested more than %d deep", maxNesting)
		return
	}
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	var doc, next yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		l.fault(&yaml.Node{Line: 1, Column: 1}, KindShape, "the file is empty; a rule begins with title:")
		return
	case err != nil:
		l.syntax(err, data)
		return
	}
	switch err := dec.Decode(&next); {
	case err == nil:
		l.fault(&next, KindUnsupported, "the file holds several documents; give each rule a file of its own")
	case !errors.Is(err, io.EOF):
		l.syntax(err, data)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		l.fault(&doc, KindShape, "the file is no mapping; a rule begins with title:")
		return
	}
	root := doc.Content[0]
	if !l.plain(root) {
		return
	}
	l.top(root)
}

// maxNesting is how deep lists and mappings of a file may be nested. A rule needs five levels.
const maxNesting = 64

// nested returns the first line that opens more brackets or indents deeper than a rule can, or 0. It looks before the
// YAML reader does, whose work on deep files grows with the square of the depth.
func nested(data []byte) int {
	depth, line, start := 0, 1, true
	indent := 0
	for _, c := range data {
		switch c {
		case '\n':
			line, start, indent = line+1, true, 0
			continue
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(0, depth-1)
		case '-', '?', ':', ' ':
			if start {
				indent++
			}
		}
		if c != ' ' && c != '-' && c != '?' && c != ':' {
			start = false
		}
		if depth > 16*maxNesting || indent > 16*maxNesting {
			return line
		}
	}
	return 0
}

// plain refuses what makes one part of a file stand for another, and keys that stand twice.
func (l *loader) plain(root *yaml.Node) bool {
	before := len(l.faults)
	var walk func(n *yaml.Node, depth int)
	walk = func(n *yaml.Node, depth int) {
		if depth > maxNesting {
			l.fault(n, KindLimit, "the file is nested more than %d deep", maxNesting)
			return
		}
		switch {
		case n.Kind == yaml.AliasNode:
			l.fault(n, KindUnsupported, "an alias; write the value out")
			return
		case n.Anchor != "":
			l.fault(n, KindUnsupported, "an anchor; write the value out where it is used")
		case n.Style&yaml.TaggedStyle != 0:
			l.fault(n, KindUnsupported, "the tag %s; write the value without it", n.Tag)
		}
		if n.Kind == yaml.MappingNode {
			seen := map[string]bool{}
			for i := 0; i < len(n.Content); i += 2 {
				k := n.Content[i]
				switch {
				case k.Kind != yaml.ScalarNode:
					l.fault(k, KindShape, "a key is no text")
				case k.Tag == "!!merge":
					l.fault(k, KindUnsupported, "a merge key; write the values out")
				case seen[k.Value]:
					l.fault(k, KindShape, "the key %s stands twice", short(k.Value))
				}
				seen[k.Value] = true
			}
		}
		for _, k := range n.Content {
			walk(k, depth+1)
		}
	}
	walk(root, 0)
	return len(l.faults) == before
}

// short quotes a text of a rule for a message.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
