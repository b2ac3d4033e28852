package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/evidence/report"
)

// browser runs a headless Chromium on a page of its own and returns what it wrote. The test is skipped where there is
// none.
func browser(t *testing.T, page string, flags ...string) string {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("needs Chromium: install the package chromium to see the page laid out and printed")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	require.NoError(t, os.WriteFile(file, []byte(page), 0o600))
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + filepath.Join(dir, "profile")},
		append(flags, (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String())...)...)
	cmd.WaitDelay = 5 * time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && out.Len() == 0 && ctx.Err() == nil {
		t.Skipf("Chromium does not start here (%v): %s", err, errs.String())
	}
	require.NoError(t, ctx.Err(), "Chromium did not end in two minutes")
	return out.String()
}

// layout is what the browser measured of the page in a window of one width.
type layout struct {
	Width, Client, Scroll int
	// Beyond are elements outside of the tables' regions that reach over the edge, Regions the regions, Scrolling those
	// whose table is wider than they are, Focusable those that a keyboard reaches.
	Beyond []string
	// Cut are texts of pictures that reach over the picture's edge, Over pairs of texts of one picture that overlap.
	Cut, Over                     []string
	Regions, Scrolling, Focusable int
	Height                        int
}

// frame is a page in a window of a width.
type frame struct {
	name, page string
	width      int
}

// measure lays the pages out, all in one run of the browser.
func measure(t *testing.T, frames ...frame) []layout {
	t.Helper()
	var b strings.Builder
	b.WriteString("<!doctype html><body style=\"margin:0\">\n")
	for _, f := range frames {
		fmt.Fprintf(&b, "<iframe style=\"border:0;width:%dpx;height:800px\" srcdoc=\"%s\"></iframe>\n", f.width, html.EscapeString(f.page))
	}
	b.WriteString(`<pre id="out"></pre><script>
addEventListener("load", () => {
  const found = [...document.querySelectorAll("iframe")].map(frame => {
    const doc = frame.contentDocument, root = doc.documentElement, edge = root.clientWidth + 1;
    const regions = [...doc.querySelectorAll(".wrap")];
    const beyond = [...doc.body.querySelectorAll("*")].filter(e => !e.closest(".wrap table, .plot svg") && !e.closest(".skip") && e.getBoundingClientRect().right > edge);
    const cut = [], over = [];
    for (const svg of doc.querySelectorAll("svg")) {
      const all = svg.getBoundingClientRect(), texts = [...svg.querySelectorAll("text")].map(e => ({e, r: e.getBoundingClientRect()}));
      const say = t => { const c = t.e.cloneNode(true); c.querySelectorAll("title").forEach(x => x.remove()); return c.textContent; };
      texts.forEach((a, i) => {
        if (a.r.left < all.left - 0.5 || a.r.right > all.right + 0.5 || a.r.top < all.top - 0.5 || a.r.bottom > all.bottom + 0.5) cut.push(say(a));
        for (const b of texts.slice(i + 1)) {
          if (a.r.left < b.r.right - 1 && b.r.left < a.r.right - 1 && a.r.top < b.r.bottom - 4 && b.r.top < a.r.bottom - 4) over.push(say(a) + " / " + say(b));
        }
      });
    }
    return {
      Cut: cut, Over: over,
      Width: frame.clientWidth, Client: root.clientWidth, Scroll: root.scrollWidth, Height: root.scrollHeight,
      Beyond: beyond.map(e => e.tagName + " " + (e.textContent || "").slice(0, 40)),
      Regions: regions.length, Scrolling: regions.filter(r => r.scrollWidth > r.clientWidth + 1).length, Focusable: regions.filter(r => r.tabIndex === 0).length,
    };
  });
  document.getElementById("out").textContent = "MEASURED" + JSON.stringify(found) + "END";
});
</script>`)
	out := browser(t, b.String(), "--window-size=1600,1000", "--virtual-time-budget=10000", "--dump-dom")
	m := regexp.MustCompile(`MEASURED(.*)END`).FindStringSubmatch(out)
	require.NotNil(t, m, "the browser measured nothing")
	var found []layout
	require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(m[1])), &found))
	require.Len(t, found, len(frames))
	return found
}

// wide is a report whose texts are long, some of them without a blank.
func wide(t *testing.T) report.Data {
	d := sample(t)
	word := strings.Repeat("arn:aws:iam::111122223333:user/", 6)
	d.Entity.Name = strings.Repeat("Lakeside", 30)
	d.Analyses[1].Title, d.Analyses[1].Findings[0].Title = word, strings.Repeat("Ransomware", 20)
	d.Gaps[0].Missing, d.Gaps[0].Counted = word+word, []string{word, word}
	d.Answers[0].Note = word
	d.Reviews[0].Exceptions[0].Actor = word
	d.Sessions[3].NotReviewed[0].Reason = word
	d.Ledger.Origin = word
	d.Policies[0].Title = word
	d.Items[0].Title, d.Items[0].ID = word, strings.Repeat("rm", 60)
	d.Due[1].What, d.Due[1].Basis = word, word
	for i := range d.Quantified.Register.Scenarios {
		d.Quantified.Register.Scenarios[i].Title, d.Quantified.Register.Scenarios[i].Finding = word, word
	}
	d.Quantified.Current.Reason, d.Quantified.Current.Assumptions[0] = word, word
	d.Quantified.Current.Quantiles[2].Loss.Value = 1e40
	return d
}

// much is a report with more of everything than a picture shows.
func much(t *testing.T) report.Data {
	d := sample(t)
	for i := range 60 {
		f := d.Analyses[1].Findings[i%3]
		f.ID = fmt.Sprintf("finding-%03d", i)
		d.Analyses[1].Findings = append(d.Analyses[1].Findings, f)
		x := d.Items[i%2]
		x.ID, x.Due = fmt.Sprintf("measure-%03d", i), x.Due.AddMonths(i%40)
		d.Items = append(d.Items, x)
		k := d.Kept[i%len(d.Kept)]
		k.Term.Running, k.Term.KeepThrough = true, day("2026-01-01").AddMonths(7*i)
		d.Kept = append(d.Kept, k)
		d.Due = append(d.Due, d.Due[i%4])
	}
	d.Period.From = day("2020-01-01")
	d.Quantified.Current.Curve = d.Quantified.Current.Curve[:20]
	return d
}

func TestNoPageIsWiderThanItsWindow(t *testing.T) {
	t.Parallel()
	var frames []frame
	for _, f := range []frame{{name: "sample", page: render(t, sample(t))}, {name: "empty", page: render(t, report.Data{})},
		{name: "long words", page: render(t, wide(t))}, {name: "much", page: render(t, much(t))}, {name: "own scale", page: render(t, inWords(t))}} {
		frames = append(frames, frame{f.name, f.page, 1200}, frame{f.name, f.page, 420})
	}
	for i, l := range measure(t, frames...) {
		f := frames[i]
		require.Equal(t, f.width, l.Width)
		require.Empty(t, l.Beyond, "%s at %d", f.name, f.width)
		require.LessOrEqual(t, l.Scroll, l.Client, "%s at %d scrolls sideways", f.name, f.width)
		require.Empty(t, l.Cut, "%s at %d: texts are cut by the edge of their picture", f.name, f.width)
		require.Empty(t, l.Over, "%s at %d: texts of a picture lie over each other", f.name, f.width)
		require.Equal(t, l.Regions, l.Focusable, "%s: a table that scrolls is reached by the keyboard", f.name)
		require.Greater(t, l.Height, 1000)
		if f.width == 420 && f.name != "empty" {
			require.Positive(t, l.Scrolling, "%s: on a small screen tables scroll in their regions", f.name)
		}
		if f.width == 1200 && f.name == "sample" {
			require.Zero(t, l.Scrolling, "on a large screen they fit")
		}
	}
}

func TestThePagePrints(t *testing.T) {
	t.Parallel()
	pdf := filepath.Join(t.TempDir(), "page.pdf")
	browser(t, render(t, sample(t)), "--no-pdf-header-footer", "--print-to-pdf="+pdf)
	data, err := os.ReadFile(pdf)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(data, []byte("%PDF-")))
	sheets := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(data, -1))
	require.Greater(t, sheets, 3)
	require.Less(t, sheets, 20)
	for _, box := range regexp.MustCompile(`/MediaBox\s*\[([^\]]*)\]`).FindAllSubmatch(data, -1) {
		require.Equal(t, "0 0 612 792", strings.TrimSpace(string(box[1])), "the sheet is Letter")
	}
}
