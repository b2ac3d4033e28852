package report_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/report"
	"github.com/hipaasmp/hipaasmp/risk"
)

var update = flag.Bool("update", false, "rewrite the golden page")

func TestThePageIsAsItWas(t *testing.T) {
	t.Parallel()
	got := render(t, sample(t))
	path := filepath.Join("testdata", "page.golden.html")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, string(want) == got, "the page changed; if the change is meant: go test ./evidence/report -update, then look at it in a browser")
}

func TestTheSameDataGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	first := render(t, sample(t))
	for range 3 {
		require.True(t, first == render(t, sample(t)))
	}
}

func pages(t *testing.T) map[string]string {
	return map[string]string{"sample": render(t, sample(t)), "own scale": render(t, inWords(t)), "empty": render(t, report.Data{}), "hostile": render(t, hostile(t, false, evil))}
}

func TestEveryLinkHasItsPlaceAndEveryIdentityIsItsOwn(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		ids := map[string]bool{}
		for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			require.False(t, ids[m[1]], "%s: id %q stands twice", name, m[1])
			ids[m[1]] = true
		}
		links := regexp.MustCompile(`\shref="([^"]*)"`).FindAllStringSubmatch(page, -1)
		require.GreaterOrEqual(t, len(links), 10, name)
		for _, m := range links {
			place, ok := strings.CutPrefix(m[1], "#")
			require.True(t, ok, "%s: %q leads away from the page", name, m[1])
			require.True(t, ids[place], "%s: nothing has the id %q", name, place)
		}
		for _, m := range regexp.MustCompile(`\saria-labelledby="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			for _, id := range strings.Fields(m[1]) {
				require.True(t, ids[id], "%s: nothing has the id %q", name, id)
			}
		}
		regions := regexp.MustCompile(`role="region"[^>]* aria-label="([^"]*)"`).FindAllStringSubmatch(page, -1)
		if name != "hostile" { // there every review has the same identity
			seen := map[string]bool{}
			for _, m := range regions {
				require.False(t, seen[m[1]], "%s: two regions are called %q", name, m[1])
				seen[m[1]] = true
			}
		}
		require.Len(t, regions, strings.Count(page, "<table")+strings.Count(page, "<svg viewBox"), "%s: every table and every picture scrolls in a region of its own", name)
		require.Equal(t, strings.Count(page, "<table"), strings.Count(page, "<caption>"), name)
	}
}

func TestThePageAsksForNothingFromAnywhere(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		tags := tagsOf(page)
		for _, tag := range tags {
			for _, no := range []string{"<script", "<link", "<img", "<iframe", "<object", "<embed", "<base", "<form", "<input", "<audio", "<video", "<image", "<use", "<foreignobject"} {
				require.False(t, strings.HasPrefix(strings.ToLower(tag), no), "%s: %s", name, tag)
			}
			tag = regexp.MustCompile(`="[^"]*"`).ReplaceAllString(tag, "=")
			require.NotRegexp(t, `(?i)\s(src|srcset|action|data|poster|background|ping|xlink:href|style|on[a-z]+)\s*=`, tag, name)
			if strings.HasPrefix(tag, "<meta") {
				require.NotContains(t, tag, "http-equiv", name)
			}
		}
		css := page[strings.Index(page, "<style>"):strings.Index(page, "</style>")]
		require.NotRegexp(t, `(?i)url\(|@import|@font-face|https?:|//`, css, name)
	}
}

// tagsOf lists the tags of the page as they stand. No attribute of the page holds an unescaped angle bracket.
func tagsOf(page string) []string {
	return regexp.MustCompile(`<[a-zA-Z/!][^>]*>`).FindAllString(page, -1)
}

// skeleton is the page without what it says: the names of the elements and of their attributes.
func skeleton(page string) string {
	page = regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAllString(page, "<style></style>")
	var b strings.Builder
	for _, tag := range tagsOf(page) {
		b.WriteString(regexp.MustCompile(`="[^"]*"`).ReplaceAllString(tag, "") + "\n")
	}
	return b.String()
}

const evil = `"><script>alert(1)</script><svg onload=alert(2)>'</title></style>{{.}}&#x3c;b&amp;` + "`"

// hostile is the sample with the text in place of every string, of every named string as well if all is true.
func hostile(t testing.TB, all bool, text string) report.Data {
	t.Helper()
	d := inWords(t)
	d.Analyses = d.Analyses[1:] // two of one identity would be two versions of one
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			if named := v.Type() != reflect.TypeFor[string](); v.CanSet() && (all || !named) {
				v.SetString(text)
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[risk.ScaleRef]() && !all {
				return // the scale is found by it
			}
			for i := range v.NumField() {
				if f := v.Field(i); f.CanSet() {
					fill(f)
				}
			}
		case reflect.Pointer:
			if !v.IsNil() {
				fill(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				fill(v.Index(i))
			}
		}
	}
	fill(reflect.ValueOf(&d).Elem())
	if !all {
		// The own scale is found by identity and digest.
		own := &d.Analyses[0].Scales[0]
		for _, x := range d.Analyses[0].Findings {
			if x.Current != nil {
				own.ID, own.Digest = x.Current.Scale.ID, x.Current.Scale.Digest
			}
		}
	}
	return d
}

func TestHostileTextIsTextEverywhere(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{false, true} {
		good, bad := render(t, hostile(t, all, "x")), render(t, hostile(t, all, evil))
		require.Equal(t, skeleton(good), skeleton(bad), "no text adds an element or an attribute")
		require.NotContains(t, bad, "<script")
		require.NotContains(t, bad, "<svg onload")
		require.NotContains(t, bad, "ZgotmplZ")
		require.Contains(t, bad, "&lt;script&gt;")
		if !all {
			svg := bad[strings.Index(bad, "<svg"):strings.Index(bad, "</svg>")]
			require.Contains(t, svg, "&lt;script&gt;", "the picture shows the words of the scale")
			require.Greater(t, strings.Count(bad, "&lt;script&gt;"), 100, "nearly everything that the page says is text of somebody's")
		}
	}
}

func TestAnEmptyReportSaysSo(t *testing.T) {
	t.Parallel()
	page := render(t, report.Data{})
	for _, says := range []string{
		"The profile of the entity is not among the records.", "The letter was not gone through.", "No question was asked.",
		"No risk analysis in effect is among the records.", "No risk management plan in effect is among the records.", "No item of a plan is among the records.",
		"No sanction policy in effect is among the records.", "No sanction case is among the records.", "No procedure for activity review is among the records.",
		"No activity review is among the records.", "No record is kept.", "nothing that it shows is proved",
	} {
		require.Contains(t, page, says)
	}
	text := textOf(page)
	require.Contains(t, page, "No register in amounts was given")
	require.Contains(t, page, "Nothing is known to fall due.")
	require.NotContains(t, page, "<svg", "no empty chart")
	require.NotContains(t, text, "0001-01-01")
	require.NotContains(t, text, "As of")
	require.NotContains(t, text, "Period shown")
	require.NotContains(t, text, "None of the questions", "what was not asked found nothing, and that is not said")
	require.NotRegexp(t, `\(\)|, \.| ,|\.\.`, text)

	d := report.Data{Checks: []hipaasmp.GapCheck{{Code: "A", Citation: hipaasmp.CiteRiskAnalysis, Asks: "Is it?"}}}
	require.Contains(t, render(t, d), "None of the questions at the end of this page found anything missing on this day.")
}

// textOf is what a reader reads.
func textOf(page string) string {
	page = page[strings.Index(page, "<body>"):]
	return regexp.MustCompile(`\s+`).ReplaceAllString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " "), " ")
}

// What colour and sign say, a word says as well.
func TestLevelsAndStatesAreWords(t *testing.T) {
	t.Parallel()
	page := render(t, sample(t))
	for _, m := range regexp.MustCompile(`<span class="level level-([a-z_]+)">([^<]*)</span>`).FindAllStringSubmatch(page, -1) {
		require.Equal(t, strings.ReplaceAll(m[1], "_", " "), m[2])
	}
	cells := regexp.MustCompile(`<g><title>([^<]*)</title><rect class="c(\d) grid"[^>]*/><text[^>]*>([^<]*)</text>((?:<text[^>]*>[^<]*</text>)*)</g>`).FindAllStringSubmatch(page, -1)
	require.Len(t, cells, 25)
	counted := 0
	for _, c := range cells {
		require.Equal(t, []string{"very low", "low", "moderate", "high", "very high"}[c[2][0]-'0'], c[3], "the colour's rank and the word are one")
		if c[4] != "" {
			counted += strings.Count(c[4], "#")
			require.Contains(t, c[1], ": f-", "and the findings are named")
		}
	}
	require.Equal(t, 3, counted, "three findings are rated, one is not")
	for _, m := range regexp.MustCompile(`<td class="cell"><b aria-hidden="true">([^<]*)</b>([^<]*)</td>`).FindAllStringSubmatch(page, -1) {
		require.NotEmpty(t, m[2], "a sign stands beside its word")
	}
	for _, says := range []string{
		"answered", "partly", "missing", "2026-07-19, overdue", "2026-06-30, expired", "Open: not certified, so not yet a record.",
		"1 not assessed:", "Not assessed is not low.", "late", "1 day after it was due", "1 gap", "2 gaps", "and 2 more", "none",
	} {
		require.True(t, strings.Contains(page, says), says)
	}
	require.NotRegexp(t, `\((s|es)\)`, textOf(page), "singular and plural are told apart")
	_, text, _ := strings.Cut(textOf(page), "Risk register 164.308")
	require.NotEmpty(t, text)
	require.NotRegexp(t, `[a-z]_[a-z]`, regexp.MustCompile(`[a-z]+\.[a-z_]+/\S+`).ReplaceAllString(text, ""), "but for references everything is said in words")
}

func TestNumbersAreCounted(t *testing.T) {
	t.Parallel()
	text := textOf(render(t, sample(t)))
	for _, says := range []string{
		"2 gaps from 3 questions", "3 findings above the acceptable level of 3 rated, 1 not assessed", "1 measure overdue of 2 items",
		"1 sanction case closed of 1 case", "3 certified reviews of 4 sessions", "records kept in a ledger of 31 entries",
	} {
		require.Contains(t, text, says)
	}
	require.NotRegexp(t, `\d ?%`, text, "no bare percentage")
	require.NotRegexp(t, `(?i)\bcompliant\b|\bscore\b`, text)
}

type failing struct{ after int }

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if f.after -= len(p); f.after < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestTheWritersErrorComesBack(t *testing.T) {
	t.Parallel()
	d := sample(t)
	for _, n := range []int{0, 100, 20000} {
		require.ErrorIs(t, report.Write(&failing{n}, d), errFull)
	}
}

func TestRenderingChangesNothing(t *testing.T) {
	t.Parallel()
	d, same := sample(t), sample(t)
	slices.Reverse(d.Items)
	slices.Reverse(same.Items)
	require.NoError(t, report.Write(new(bytes.Buffer), d))
	require.Equal(t, same, d)
}
