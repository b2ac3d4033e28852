package sigma_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sigma"
)

// faults loads what must be refused.
func faults(t *testing.T, text string) []sigma.Fault {
	t.Helper()
	_, err := sigma.Load("bad.yml", strings.NewReader(text))
	var le *sigma.LoadError
	require.ErrorAs(t, err, &le, text)
	require.NotEmpty(t, le.Faults)
	require.Equal(t, "bad.yml", le.File)
	var f sigma.Fault
	require.ErrorAs(t, err, &f)
	return le.Faults
}

func TestWhatIsNotReadIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	// The first line of a detection is line 7 of the rule.
	for _, c := range []struct {
		detection string
		kind      sigma.Kind
		line      int
		says      string
	}{
		{"s:\n  f|cased: a\ncondition: s", sigma.KindUnsupported, 8, `modifier "cased"`},
		{"s:\n  f|windash|contains: a\ncondition: s", sigma.KindUnsupported, 8, `modifier "windash"`},
		{"s:\n  f|re|i: a\ncondition: s", sigma.KindUnsupported, 8, `modifier "i"`},
		{"s:\n  f|exists: true\ncondition: s", sigma.KindUnsupported, 8, "exists"},
		{"s:\n  f|gte: 3\ncondition: s", sigma.KindUnsupported, 8, "gte"},
		{"s:\n  f|expand: '%x%'\ncondition: s", sigma.KindUnsupported, 8, "expand"},
		{"s:\n  f|contains|startswith: a\ncondition: s", sigma.KindUnsupported, 8, "exclude each other"},
		{"s:\n  f|re|contains: a\ncondition: s", sigma.KindUnsupported, 8, "exclude each other"},
		{"s:\n  f|all|all: a\ncondition: s", sigma.KindShape, 8, "twice"},
		{"s:\n  f|base64offset: abc\ncondition: s", sigma.KindUnsupported, 8, "without contains"},
		{"s:\n  f|base64offset|contains: a\ncondition: s", sigma.KindUnsupported, 8, "three characters"},
		{"s:\n  f|base64offset|contains: 'abc*'\ncondition: s", sigma.KindUnsupported, 8, "wildcards"},
		{"s:\n  f|re: '(?<=a)b'\ncondition: s", sigma.KindPattern, 8, "not RE2"},
		{"s:\n  f|re: '(a'\ncondition: s", sigma.KindPattern, 8, "not RE2"},
		{"s:\n  f|re: '(((a{100}){100}){100})'\ncondition: s", sigma.KindPattern, 8, "not RE2"},
		{"s:\n  f|cidr: 10.0.0.0/33\ncondition: s", sigma.KindPattern, 8, "no network"},
		{"s:\n  f|contains: null\ncondition: s", sigma.KindShape, 8, "null"},
		{"s:\n  f: 0644\ncondition: s", sigma.KindShape, 8, "two ways"},
		{"s:\n  f: 0x1f\ncondition: s", sigma.KindShape, 8, "two ways"},
		{"s:\n  f: 1e3\ncondition: s", sigma.KindShape, 8, "two ways"},
		{"s:\n  f:\n    g: a\ncondition: s", sigma.KindUnsupported, 9, "mapping"},
		{"s:\n  f: [[a]]\ncondition: s", sigma.KindShape, 8, "no value"},
		{"s:\n  f: []\ncondition: s", sigma.KindShape, 8, "no value"},
		{"s: {}\ncondition: s", sigma.KindShape, 7, "matches everything"},
		{"s: []\ncondition: s", sigma.KindShape, 7, "empty"},
		{"s:\ncondition: s", sigma.KindShape, 7, "empty"},
		{"s: ['']\ncondition: s", sigma.KindShape, 7, "empty keyword"},
		{"s:\n  '|re': a\ncondition: s", sigma.KindUnsupported, 8, "keyword"},
		{"s:\n  f: &x a\n  g: *x\ncondition: s", sigma.KindUnsupported, 8, "anchor"},
		{"s: &x\n  f: a\nt:\n  <<: *x\ncondition: s or t", sigma.KindUnsupported, 7, "anchor"},
		{"s:\n  f: !!str 3\ncondition: s", sigma.KindUnsupported, 8, "tag"},
		{"s:\n  f: a\n  f: b\ncondition: s", sigma.KindShape, 9, "twice"},
		{"s:\n  f: a\nt:\n  f: b\ncondition: s", sigma.KindCondition, 9, "does not use"},
		{"s:\n  f: a\ntimeframe: 5m\ncondition: s", sigma.KindUnsupported, 9, "timeframe"},
		{"s:\n  f: a\ncondition: s | count() > 5", sigma.KindUnsupported, 9, "aggregation"},
		{"s:\n  f: a\ncondition: s | near s", sigma.KindUnsupported, 9, "aggregation"},
		{"s:\n  f: a\ncondition: [s, s]", sigma.KindUnsupported, 9, "list of conditions"},
		{"s:\n  f: a\ncondition: 2 of s*", sigma.KindUnsupported, 9, "1 of and all of"},
		{"s:\n  f: a\ncondition: any of s*", sigma.KindUnsupported, 9, "1 of and all of"},
		{"s:\n  f: a\ncondition: 1 of x*", sigma.KindCondition, 9, "no selection fits"},
		{"s:\n  f: a\ncondition: s and t", sigma.KindCondition, 9, `names "t" at character 7`},
		{"s:\n  f: a\ncondition: s and", sigma.KindCondition, 9, "ends where"},
		{"s:\n  f: a\ncondition: (s", sigma.KindCondition, 9, "not closed"},
		{"s:\n  f: a\ncondition: s)", sigma.KindCondition, 9, "where it should end"},
		{"s:\n  f: a\ncondition: s s", sigma.KindCondition, 9, "where it should end"},
		{"s:\n  f: a\ncondition: 1 of", sigma.KindCondition, 9, "ends where"},
		{"s:\n  f: a\ncondition: ''", sigma.KindCondition, 9, "ends where"},
		{"s:\n  f: a\ncondition: " + strings.Repeat("not ", 40) + "s", sigma.KindLimit, 9, "nested"},
		{"s:\n  f: a", sigma.KindCondition, 7, "no condition"},
		{"s:\n  f: " + strings.Repeat("x", 5000) + "\ncondition: s", sigma.KindLimit, 8, "bytes"},
	} {
		got := faults(t, rule(c.detection))
		require.Equal(t, c.kind, got[0].Kind, "%s: %v", c.detection, got)
		require.Equal(t, c.line, got[0].Line, "%s: %v", c.detection, got)
		require.Positive(t, got[0].Column)
		require.Contains(t, got[0].Message, c.says, c.detection)
	}
}

func TestFilesThatAreNoRule(t *testing.T) {
	t.Parallel()
	good := rule("s:\n  f: a\ncondition: s")
	load(t, good)
	for text, kind := range map[string]sigma.Kind{
		"":                              sigma.KindShape,
		"# nothing":                     sigma.KindShape,
		"- a":                           sigma.KindShape,
		"a: [":                          sigma.KindSyntax,
		"a: b: c":                       sigma.KindSyntax,
		"\x00":                          sigma.KindSyntax,
		good + "---\n" + good:           sigma.KindUnsupported,
		"action: global\n" + good:       sigma.KindUnsupported,
		"correlation: {}\n" + good:      sigma.KindUnsupported,
		"filter: {}\n" + good:           sigma.KindUnsupported,
		"[a]: b\n" + good:               sigma.KindShape,
		strings.Repeat("#", 2<<20):      sigma.KindLimit,
		strings.Repeat("[", 100_000):    sigma.KindLimit,
		strings.Repeat("{a: ", 100_000): sigma.KindLimit,
		strings.Repeat("- ", 100_000):   sigma.KindLimit,
		"a: " + strings.Repeat("[", 100) + strings.Repeat("]", 100):                         sigma.KindLimit,
		strings.Replace(good, "title: A test", "title: [a]", 1):                             sigma.KindShape,
		strings.Replace(good, "title: A test\n", "", 1):                                     sigma.KindShape,
		strings.Replace(good, "id: 5f", "id: '!' # ", 1):                                    sigma.KindShape,
		strings.Replace(good, "logsource:", "logs:", 1):                                     sigma.KindShape,
		strings.Replace(good, "logsource:\n", "logsource:\n  x: y\n  product: [a]\n  #", 1): sigma.KindShape,
		strings.Replace(good, "detection:", "level: severe\ndetection:", 1):                 sigma.KindShape,
		strings.Replace(good, "detection:", "level: unknown\ndetection:", 1):                sigma.KindShape,
		strings.Replace(good, "detection:", "status: good\ndetection:", 1):                  sigma.KindShape,
		strings.Replace(good, "detection:", "tags: {a: b}\ndetection:", 1):                  sigma.KindShape,
	} {
		got := faults(t, text)
		require.Equal(t, kind, got[0].Kind, "%.80q: %v", text, got)
	}
}

func TestAllFaultsAreToldInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	got := faults(t, "id: 7 8\nlevel: odd\nlogsource: {}\ndetection:\n  s:\n    f|x: a\n    g|re: '('\n    h|cidr: b\n  condition: s and u\n")
	var lines []int
	for _, f := range got {
		lines = append(lines, f.Line)
		require.True(t, f.Kind.IsValid())
	}
	require.Equal(t, []int{1, 1, 2, 3, 6, 7, 8, 9}, lines)
	many := faults(t, rule("s:\n  f|re: ["+strings.Repeat("'(', ", 500)+"'(']\ncondition: s"))
	require.Len(t, many, 100, "a file that is all faults makes no endless list")
	_, err := sigma.Load("x", strings.NewReader("level: odd"))
	require.ErrorContains(t, err, "and 2 more")
}

func TestARuleIsBounded(t *testing.T) {
	t.Parallel()
	values := func(n int) string {
		return rule("s:\n  f: [" + strings.Repeat("a, ", n-1) + "a]\ncondition: s")
	}
	load(t, values(sigma.MaxValues))
	require.Equal(t, sigma.KindLimit, faults(t, values(sigma.MaxValues+1))[0].Kind)
	selections := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "s%d: [a]\n", i)
		}
		return rule(b.String() + "condition: 1 of s*")
	}
	load(t, selections(sigma.MaxSelections))
	require.Equal(t, sigma.KindLimit, faults(t, selections(sigma.MaxSelections+1))[0].Kind)
}

func TestReadErrorsAreNotFaultsOfTheRule(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk")
	_, err := sigma.Load("x", iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	var le *sigma.LoadError
	require.False(t, errors.As(err, &le))
	good := detect.FileFrom("good", strings.NewReader(rule("s: [a]\ncondition: s")))
	rules, err := sigma.LoadAll(good, detect.FileFrom("bad", strings.NewReader("x")),
		detect.File{Name: "gone", Open: func() (io.ReadCloser, error) { return nil, os.ErrNotExist }})
	require.Len(t, rules, 1)
	require.ErrorAs(t, err, &le)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestWhatARuleSaysOfItself(t *testing.T) {
	t.Parallel()
	r := load(t, `title: Two logs
id: 5f7f4e1c-0001-4000-8000-000000000009
status: test
description: |
  More words.
author: somebody
references: https://example.org/one
tags: [attack.t1078]
falsepositives:
  - Planned work
level: high
house_number: 7
logsource: {product: p, service: s, category: c, definition: turn it on}
detection:
  s: {b: 1, a|fieldref: z}
  condition: s
`)
	require.Equal(t, []string{"a", "b", "z"}, r.Fields())
	require.False(t, r.Keywords())
	require.Equal(t, "p/s/c", r.LogSource.String())
	require.Equal(t, []string{"https://example.org/one"}, r.References)
	require.Equal(t, sigma.LevelHigh, r.Level)
	require.Equal(t, detect.SeverityHigh, r.Level.Severity())
	require.Equal(t, detect.SeverityModerate, sigma.LevelUnknown.Severity())
	require.Equal(t, detect.SeverityLow, sigma.LevelInformational.Severity())
	var l sigma.Level
	require.Error(t, l.UnmarshalText(nil))
}

// FuzzLoad: no panic on any bytes; what loads compiles, explains itself and gives the same answer twice.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(rule("s:\n  f|contains|all: [a, b]\n  g: null\nk:\n  - x*\ncondition: s and not 1 of k*")), "a b")
	f.Add([]byte(rule("s:\n  f|re: '^a+$'\n  g|cidr: 10.0.0.0/8\ncondition: all of them")), "10.0.0.1")
	f.Add([]byte(rule("s:\n  f|base64offset|contains: 'http://'\n  g|fieldref: h\ncondition: not (s)")), "aHR0cDovL")
	f.Add([]byte("a: &x [*x, *x]\n"), "")
	f.Add([]byte("? [\n- "), "x")
	f.Fuzz(func(t *testing.T, text []byte, value string) {
		r, err := sigma.Load("f", strings.NewReader(string(text)))
		if err != nil {
			var le *sigma.LoadError
			require.ErrorAs(t, err, &le)
			require.NotEmpty(t, le.Error())
			return
		}
		set, err := sigma.Compile(r)
		require.NoError(t, err)
		m := set.Matcher()
		event := map[string]string{"": value}
		for _, f := range r.Fields() {
			event[f] = value
		}
		first := len(m.MatchFields(event))
		require.Equal(t, first, len(m.MatchFields(event)))
		require.Equal(t, first > 0, m.Explain(0) != nil || first > 0)
		_, _ = m.MatchJSON([]byte(value))
		m.Reset()
		_ = m.PutAuditd(value)
		m.Match()
	})
}

// Where a file is no YAML its first broken line is named, and what is no plain rule is told that and nothing else.
func TestABrokenFileIsToldWithItsLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"title: T\nid: [\ndetection:\n  sel: {a: b\n":     "line 2: syntax: the file is no YAML from here on: did not find expected ',' or ']'",
		"title: T\n\tid: 5\n":                             "line 2: syntax: the file is no YAML from here on: found a tab character that violates indentation",
		"title: [":                                        "line 1: syntax: the file is no YAML from here on: did not find expected node content",
		"title: T\nlevel: high\n  low: x\n":               "line 3: syntax: the file is no YAML from here on: mapping values are not allowed in this context",
		"title: T\ndetection:\n  s:\n    - a\n    b: c\n": "line 4: syntax: the file is no YAML from here on: did not find expected '-' indicator",
		"": "line 1, column 1: shape: the file is empty; a rule begins with title:",
		"title: T\ncorrelation:\n  type: event_count\n": "line 2, column 1: unsupported: correlation: the file is no plain rule; only plain rules are read",
		"title: T\nid: a\n---\ntitle: U\n":              "line 3, column 1: unsupported: the file holds several documents; give each rule a file of its own",
	} {
		_, err := sigma.Load("mine.yml", strings.NewReader(text))
		require.EqualError(t, err, `sigma: "mine.yml" is not taken: `+want, text)
	}
}
