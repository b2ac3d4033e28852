package sigma_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/review/detect/sigma"
)

func TestWhatAComparisonMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		selection    string
		hits, misses []string // values of f; "-" stands for no value
	}{
		{`f: abc`, []string{"abc", "ABC", "aBc"}, []string{"abcd", "xabc", "", "-"}},
		{`f: [a, b]`, []string{"a", "B"}, []string{"ab", "-"}},
		{`f: 'a*c'`, []string{"ac", "abc", "AxxC"}, []string{"acd", "bac"}},
		{`f: 'a?c'`, []string{"abc", "aéc", "A世C"}, []string{"ac", "abbc"}},
		{`f: '?'`, []string{"x", "é"}, []string{"", "xy"}},
		{`f: '*a?b*'`, []string{"zzaxbzz", "aaxb"}, []string{"ab", "axxb"}},
		{`f: 'a*b?'`, []string{"abbc", "axbz"}, []string{"ab", "axb"}},
		{`f: '\*'`, []string{"*"}, []string{"x", `\*`}},
		{`f: 'C:\Windows\*'`, []string{`c:\windows*`}, []string{`c:\windows\x`}},
		{`f: 'C:\Windows\\*'`, []string{`c:\windows\x`, `c:\windows\`}, []string{`c:\windows`}},
		{`f|contains: b`, []string{"abc", "B"}, []string{"ac", "-"}},
		{`f|contains: 'b*d'`, []string{"abxde", "bd"}, []string{"db"}},
		{`f|contains: '*'`, []string{"", "x"}, []string{"-"}},
		{`f|contains|all: [a, b]`, []string{"ba", "xaxbx"}, []string{"a", "b"}},
		{`f|startswith: ab`, []string{"ab", "ABc"}, []string{"xab", "a"}},
		{`f|startswith: '/home/*/x'`, []string{"/home/u/x/y"}, []string{"/home/u/y", "z/home/u/x"}},
		{`f|endswith: ['.jpg', '.png']`, []string{"a.JPG", ".png"}, []string{"a.jpg2"}},
		{`f|re: '^a.c$'`, []string{"abc"}, []string{"ABC", "xabc"}},
		{`f|re: '(?i)straße'`, []string{"in der STRAßE"}, []string{"strasse"}},
		{`f|re: 'x|y'`, []string{"axb", "y"}, []string{"z"}},
		{`f|cidr: 10.0.0.0/8`, []string{"10.1.2.3", "::ffff:10.0.0.1"}, []string{"11.0.0.1", "10.0.0", "x"}},
		{`f|cidr: ['192.168.0.0/16', 'fd00::/8']`, []string{"192.168.1.1", "fd12::1", "fd12::1%eth0"}, []string{"fe80::1"}},
		{`f|base64offset|contains: 'http://'`, []string{"aHR0cDovL2V4", "xxeGh0dHA6Ly9leA", "eHhodHRwOi8vYg"}, []string{"AHR0CDOVL2V4", "http://"}},
		{`f: null`, []string{"-"}, []string{"", "x"}},
		{`f: [null, '']`, []string{"-", ""}, []string{"x"}},
		{`f: ''`, []string{""}, []string{"-", "x"}},
		{`f: 777`, []string{"777"}, []string{"7770"}},
		{`f: 1.5`, []string{"1.5"}, []string{"1.50"}},
		{`f: true`, []string{"true", "True"}, []string{"1"}},
		{`f: 2026-01-01`, []string{"2026-01-01"}, []string{"2026-01-01T00:00:00Z"}},
		{`f: 'ΣΊΓΜΑ'`, []string{"σίγμα", "ςίγμα"}, []string{"sigma"}},
		{`f: 'K'`, []string{"k", "\u212a"}, []string{"kk"}},
		{`f|contains: 'É'`, []string{"café", "CAFÉ"}, []string{"cafe"}},
	} {
		m := matcher(t, rule("s:\n  "+c.selection+"\ncondition: s"))
		try := func(value string) bool {
			m.Reset()
			m.Put("other", "unlike")
			if value != "-" {
				m.Put("f", value)
			}
			return len(m.Match()) > 0
		}
		for _, v := range c.hits {
			require.True(t, try(v), "%s on %q", c.selection, v)
		}
		for _, v := range c.misses {
			require.False(t, try(v), "%s on %q", c.selection, v)
		}
	}
}

func TestWhatAConditionMeans(t *testing.T) {
	t.Parallel()
	const selections = "a:\n  f: a\nb:\n  f: b\nc1:\n  f: c\nc2:\n  g: c\n_d:\n  f: d\n"
	for _, c := range []struct {
		condition string
		hits      []string // values of f, with g=c where the value ends with +
		misses    []string
	}{
		{"a or b and c2", []string{"a", "b+"}, []string{"b", "c"}},
		{"(a or b) and c2", []string{"a+", "b+"}, []string{"a", "b"}},
		{"not a and c2", []string{"b+", "+"}, []string{"a+", "b"}},
		{"not (a or b)", []string{"c", ""}, []string{"a", "b"}},
		{"not not a", []string{"a"}, []string{"b"}},
		{"1 of c*", []string{"c", "x+"}, []string{"a"}},
		{"all of c*", []string{"c+"}, []string{"c", "x+"}},
		{"1 of them", []string{"a", "b", "c"}, []string{"d", "e"}},
		{"a AND NOT 1 OF c*", []string{"a"}, []string{"a+", "c"}},
		{"1 of *1 or a", []string{"a", "c"}, []string{"b+"}},
	} {
		text := rule(selections + "condition: " + c.condition + " or ((a or b or c1 or c2) and ((a and b) or (b and a)))")
		m := matcher(t, text)
		try := func(value string) bool {
			m.Reset()
			m.Put("f", strings.TrimSuffix(value, "+"))
			if strings.HasSuffix(value, "+") {
				m.Put("g", "c")
			}
			return len(m.Match()) > 0
		}
		for _, v := range c.hits {
			require.True(t, try(v), "%s on %q", c.condition, v)
		}
		for _, v := range c.misses {
			require.False(t, try(v), "%s on %q", c.condition, v)
		}
	}
}

func TestSeveralValuesAndOtherFields(t *testing.T) {
	t.Parallel()
	m := matcher(t, rule("s:\n  f|fieldref: g\nx:\n  f: no\ncondition: s and not x"))
	try := func(f, g []string) bool {
		m.Reset()
		for _, v := range f {
			m.Put("f", v)
		}
		for _, v := range g {
			m.Put("g", v)
		}
		return len(m.Match()) > 0
	}
	require.True(t, try([]string{"Same"}, []string{"same"}))
	require.True(t, try([]string{"1", "2"}, []string{"3", "2"}))
	require.False(t, try([]string{"1"}, []string{"2"}))
	require.False(t, try([]string{"1"}, nil), "a field that is absent equals nothing")
	require.False(t, try([]string{"1", "no"}, []string{"1"}), "one of the values is the exception")
}

func TestKeywordsStandInValuesAndNames(t *testing.T) {
	t.Parallel()
	m := matcher(t, rule("k:\n  - needle\n  - 'a*z'\nall:\n  '|all':\n    - one\n    - two\ncondition: k or all"))
	for _, c := range []struct {
		event map[string]string
		hit   bool
	}{
		{map[string]string{"x": "hayNEEDLEhay"}, true},
		{map[string]string{"the.needle": "x"}, true},
		{map[string]string{"x": "1a2z3"}, true},
		{map[string]string{"x": "a", "y": "z"}, false},
		{map[string]string{"x": "one", "y": "two"}, true},
		{map[string]string{"x": "one"}, false},
		{nil, false},
	} {
		require.Equal(t, c.hit, len(m.MatchFields(c.event)) > 0, c.event)
		require.Equal(t, c.hit, len(m.Match()) > 0, "asking again gives the same answer")
	}
}

func TestMembersOfAJSONRecord(t *testing.T) {
	t.Parallel()
	const record = ` {"a":{"b":[{"c":"One"},{"c":2},{"d":[]}],"e":null,"f.g":"dotted","h":{"k":"in \u0041\n\"quotes\"","l":[true]}},"n":-1.5e3} `
	for selection, hit := range map[string]bool{
		`a.b.c: one`: true, `a.b.c: 2`: true, `a.b.c: two`: false, `a.e: null`: true, `a.b.d: null`: true, `a.f.g: dotted`: true,
		`a.h|contains: 'in A'`: true, `a.h|contains: '"k":"in \\u0041'`: true, `a.h.l: true`: true, `a.h: 'true'`: true,
		`n: '-1.5e3'`: true, `n: -1500`: false, `a|contains: dotted`: true, `a.h.k|endswith: '"quotes"'`: true,
		`x: null`: true, `a.h.k|contains: 'b":'`: false, `a.b|contains: 'One'`: true,
	} {
		m := matcher(t, rule("s:\n  "+selection+"\ncondition: s"))
		got, err := m.MatchJSON([]byte(record))
		require.NoError(t, err)
		require.Equal(t, hit, len(got) > 0, selection)
	}
	m := matcher(t, rule("s:\n  a: b\ncondition: s"))
	for _, bad := range []string{``, `[]`, `"a"`, `{`, `{"a"}`, `{"a":}`, `{"a":b}`, `{"a":"b"`, `{"a":"b}`, `{"a":"b"} x`, `{"a":"\x"}`, `{"a":"\u12"}`,
		`{"a":[1`, `{"a":1,}`, `{a:1}`, `{"a":nul}`, "{\"a\":" + strings.Repeat("[", 600) + strings.Repeat("]", 600) + "}"} {
		_, err := m.MatchJSON([]byte(bad))
		var re *sigma.RecordError
		require.ErrorAs(t, err, &re, bad)
	}
	got, err := m.MatchJSON([]byte(`{"a":"b"}`))
	require.NoError(t, err)
	require.Equal(t, []int{0}, got, "a record that failed leaves nothing behind")
}

// FuzzMatchJSON holds the reader of records against encoding/json: what that reads gives the same texts.
func FuzzMatchJSON(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,"x\u00e9",true,null]}}`))
	f.Add([]byte(`{"a.b":"\ud83d\ude00\ud800"}`))
	f.Add([]byte(`{"a":{"b":{"c":"x"}}}`))
	set, err := sigma.Compile(load(f, rule("s:\n  a.b: x\n  a: '*'\nk:\n  - zz\ncondition: s or k")))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, record []byte) {
		m := set.Matcher()
		got, err := m.MatchJSON(record)
		var v map[string]any
		if json.Unmarshal(record, &v) != nil || err != nil || !json.Valid(record) || len(record) == 0 {
			return
		}
		if dup := strings.Count(string(record), ":") != countMembers(v); dup || v == nil || strings.Contains(string(record), "\ufffd") {
			return // a member that stands twice, or a colon in a text: encoding/json keeps the last
		}
		want := (slices.ContainsFunc(leaves(v, "a.b"), func(s string) bool { return strings.EqualFold(s, "x") }) && hasPath(v, "a")) || words(v, "zz")
		require.Equal(t, want, len(got) > 0, string(record))
	})
}

func TestPatternsAgreeWithRegularExpressions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.SampledFrom([]rune(`abA*?\é`)), 1, 8, -1).Draw(t, "pattern")
		value := rapid.StringOfN(rapid.SampledFrom([]rune(`abAB*?\éÉ`)), 0, 8, -1).Draw(t, "value")
		mod := rapid.SampledFrom([]string{"", "contains", "startswith", "endswith"}).Draw(t, "modifier")
		key := "f"
		if mod != "" {
			key = "f|" + mod
		}
		quoted, err := json.Marshal(pattern)
		require.NoError(t, err)
		r, err := sigma.Load("x", strings.NewReader(rule("s:\n  "+key+": "+string(quoted)+"\ncondition: s")))
		require.NoError(t, err)
		set, err := sigma.Compile(r)
		require.NoError(t, err)
		want := need{"f", mod, pattern}.holds(fields{"f": {value}})
		require.Equal(t, want, len(set.Matcher().MatchFields(map[string]string{"f": value})) > 0)
	})
}
