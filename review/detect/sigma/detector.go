package sigma

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Version numbers the rules by which this package matches. It changes when the same rule over the same events would give
// other findings.
const Version = 1

// Detector makes a detector of one rule. Its identity is "sigma-" and the rule's; the digest of the rule's text is among
// its parameters. The error is a [*MappingError] or a [*CompileError].
func (r Rule) Detector(mp Mapping) (detect.Filter, error) {
	return NewDetector(detect.ID("sigma-"+r.ID), mp, r)
}

// NewDetector makes one detector of many rules, which then share the work of looking at an event. A finding is what one
// actor did that meets one rule, and says which. The description lists every rule with the digest of its text. The error
// is a [*MappingError] for the first rule that the mapping cannot serve, or a [*CompileError].
func NewDetector(id detect.ID, mp Mapping, rules ...Rule) (detect.Filter, error) {
	if !hipaasmp.ValidID(string(id)) || len(rules) == 0 || !mp.Access.IsValid() {
		return detect.Filter{}, &CompileError{Rule: string(id), Why: "a detector needs an identity, a mapping with an access, and at least one rule"}
	}
	if _, shipped := detect.ByID(id, detect.Context{}); shipped {
		return detect.Filter{}, &CompileError{Rule: string(id), Why: "a detector of package detect has this identity; give it another, so that its findings are told apart"}
	}
	var mapped []Rule
	for _, r := range rules {
		if r.expr == nil {
			return detect.Filter{}, &CompileError{Rule: r.ID, Why: "it holds nothing; read it with Load"}
		}
		if err := mp.check(r); err != nil {
			return detect.Filter{}, err
		}
		mapped = append(mapped, mp.renamed(r))
	}
	set, err := Compile(mapped...)
	if err != nil {
		return detect.Filter{}, err
	}
	return detect.Filter{
		About:   about(id, mp, set),
		Records: mp.Access != AccessEvent,
		Rules: func() func(activity.Event) []detect.Hit {
			return (&filter{set: set, matcher: set.Matcher(), access: mp.Access}).hits
		},
	}, nil
}

// about is what a review records of the detector.
func about(id detect.ID, mp Mapping, set *Set) detect.Description {
	d := detect.Description{
		ID: id, Version: Version, Title: fmt.Sprintf("%d Sigma rules", len(set.rules)),
		Parameters:     []detect.Parameter{{Name: "mapping", Value: mp.Name}, {Name: "access", Value: string(mp.Access)}},
		FalsePositives: "See each rule.",
	}
	if len(mp.Rename) > 0 {
		var all []string
		for from, to := range mp.Rename {
			all = append(all, strconv.Quote(from)+" to "+strconv.Quote(to))
		}
		slices.Sort(all)
		value := strings.Join(all, ", ")
		if len(value) > 4000 {
			value = "sha256:" + string(hipaasmp.DigestOf([]byte(value)))
		}
		d.Parameters = append(d.Parameters, detect.Parameter{Name: "renamed", Value: value})
	}
	if len(set.rules) == 1 {
		r := set.rules[0]
		d.Title, d.FalsePositives = clip(r.Title, 200), clip(strings.Join(r.FalsePositives, "; "), 2000)
	}
	for i, r := range set.rules {
		d.Parameters = append(d.Parameters, detect.Parameter{Name: "rule " + strconv.Itoa(i+1), Value: r.ID + " sha256:" + string(r.Digest)})
	}
	return d
}

// clip shortens a text and makes one line of it.
func clip(s string, most int) string {
	r := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " "))
	if len(r) > most {
		r = append(r[:most-1], '…')
	}
	return string(r)
}

type filter struct {
	set     *Set
	matcher *Matcher
	access  Access
}

// hits gives the rules that an entry meets. An entry whose bytes cannot be read, or that came without them, is a hit of
// its own, because "no rule was met" would not be true of it.
func (f *filter) hits(e activity.Event) []detect.Hit {
	m := f.matcher
	m.Reset()
	switch f.access {
	case AccessJSON:
		if err := m.PutJSON(e.Record); err != nil {
			return unread()
		}
	case AccessAuditd:
		return f.lines(e.Record)
	default:
		m.PutEvent(e)
	}
	var out []detect.Hit
	for _, i := range m.Match() {
		out = append(out, f.hit(i))
	}
	return out
}

// lines matches the records of an entry one by one, as rules for the audit daemon are written for one record.
func (f *filter) lines(record []byte) (out []detect.Hit) {
	if len(bytes.TrimSpace(record)) == 0 {
		return unread()
	}
	for line := range bytes.Lines(record) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		f.matcher.Reset()
		if err := f.matcher.PutAuditd(string(line)); err != nil {
			out = append(out, unread()...)
			continue
		}
		for _, i := range f.matcher.Match() {
			h := f.hit(i)
			if !slices.ContainsFunc(out, func(x detect.Hit) bool { return x.Rule == h.Rule }) {
				out = append(out, h)
			}
		}
	}
	return out
}

func unread() []detect.Hit {
	return []detect.Hit{{Rule: "unread", Title: "Entry that the rules could not look at", Severity: detect.SeverityLow,
		Reasons: []string{"the bytes of the entry were not kept or cannot be taken apart; no rule was tried"}}}
}

func (f *filter) hit(i int) detect.Hit {
	r := &f.set.rules[i]
	return detect.Hit{Rule: r.ID, Title: clip(r.Title, 200), Severity: r.Level.Severity(), Reasons: f.matcher.Explain(i)}
}

// maxReasons is how many comparisons [Matcher.Explain] lists.
const maxReasons = 12

// Explain says in words what of the event, as it was last given, meets a rule. It quotes the rule, not the log. It returns
// nil if the event does not meet it.
func (m *Matcher) Explain(rule int) []string {
	if rule < 0 || rule >= len(m.set.tests) || !m.set.tests[rule](m) {
		return nil
	}
	var out []string
	var down func(n *node, negated bool)
	down = func(n *node, negated bool) {
		switch {
		case n.op == opNot:
			down(n.kids[0], !negated)
		case n.op == opAtom && !negated:
			if len(out) < maxReasons && m.set.atom(n.atom)(m) && !slices.Contains(out, n.atom.words) {
				out = append(out, n.atom.words)
			}
		case negated && n.name != "":
			if len(out) < maxReasons {
				out = append(out, fmt.Sprintf("the exception %q does not apply", n.name))
			}
		default:
			for _, k := range n.kids {
				if negated || m.set.test(k, map[*node]test{})(m) {
					down(k, negated)
				}
			}
		}
	}
	down(m.set.rules[rule].expr, false)
	return out
}
