package report_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/report"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
)

// picture is the SVG whose title has the identity; empty where the page has none.
func picture(page, id string) string {
	i := strings.Index(page, `<title id="`+id+`-title">`)
	if i < 0 {
		return ""
	}
	return page[strings.LastIndex(page[:i], "<svg") : i+strings.Index(page[i:], "</svg>")]
}

func attribute(t *testing.T, tag, name string) float64 {
	t.Helper()
	m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	require.NotNil(t, m, "%s in %s", name, tag)
	x, err := strconv.ParseFloat(m[1], 64)
	require.NoError(t, err)
	return x
}

func TestTheTimelineShowsItemsFromProposalToDueDate(t *testing.T) {
	t.Parallel()
	d := sample(t)
	d.Items[0].Milestones = []remediation.Milestone{{ID: "m-1", Title: "One", Due: day("2026-04-01"), Done: day("2026-03-30")}, {ID: "m-2", Title: "Two", Due: day("2026-07-01")}}
	svg := picture(render(t, d), "timeline")
	require.NotEmpty(t, svg)
	open := regexp.MustCompile(`<rect class="span"[^>]*>`).FindString(svg)
	done := regexp.MustCompile(`<rect class="span-done"[^>]*>`).FindString(svg)
	late := regexp.MustCompile(`<rect class="bar-late"[^>]*>`).FindString(svg)
	// Both were proposed on 22 January; the scale runs from 1 January to 1 August 2026, 212 days on 490 units.
	scale := func(date string) float64 { return 310 + 490*float64(day("2026-01-01").DaysUntil(day(date)))/212 }
	require.InDelta(t, scale("2026-01-22"), attribute(t, open, "x"), 0.06)
	require.InDelta(t, scale("2026-07-19")-scale("2026-01-22"), attribute(t, open, "width"), 0.11)
	require.InDelta(t, scale("2026-07-19"), attribute(t, late, "x"), 0.06, "from the due date to the day")
	require.InDelta(t, 3, attribute(t, late, "width"), 0.06, "one day can be seen")
	require.InDelta(t, scale("2026-03-13")-scale("2026-01-22"), attribute(t, done, "width"), 0.11, "to the day of closing")
	require.Equal(t, 1, strings.Count(svg, `<polygon class="reached"`))
	require.Equal(t, 1, strings.Count(svg, `<polygon class="mark"`))
	require.Contains(t, svg, "in progress, overdue</text>")
	require.Contains(t, svg, "rm-1: from 2026-01-22, due 2026-07-19, in progress, overdue")
	require.Contains(t, svg, ">2026-07-20</text>", "the day of the page")

	for i := range 40 {
		x := d.Items[0]
		x.ID, x.Due = fmt.Sprintf("rm-%d", i+10), day("2031-01-01")
		d.Items = append(d.Items, x)
	}
	page := render(t, d)
	require.Contains(t, page, "12 of 42 items stand in the table only.")
	require.NotContains(t, picture(page, "timeline"), "rm-2 ", "what is open goes before what is closed")
	for _, tag := range regexp.MustCompile(`<rect class="(?:span|bar-late)[^>]*>`).FindAllString(picture(page, "timeline"), -1) {
		require.LessOrEqual(t, attribute(t, tag, "x")+attribute(t, tag, "width"), 803.1, "what lies beyond is cut at the edge")
	}
	d.AsOf = hipaasmp.Date{}
	require.Empty(t, picture(render(t, d), "timeline"))
	require.Empty(t, picture(render(t, report.Data{AsOf: clinic.Today()}), "timeline"), "no empty chart")
}

func TestTheBurndownIsThatOfTheHistories(t *testing.T) {
	t.Parallel()
	d := sample(t)
	page := render(t, d)
	svg := picture(page, "burndown")
	require.NotEmpty(t, svg)
	b, err := remediation.BurnDown(d.Items, hipaasmp.Period{From: day("2026-01-01"), To: d.AsOf})
	require.NoError(t, err)
	for _, m := range b.Months {
		require.Contains(t, svg, fmt.Sprintf("<title>%s: %d open, %d of them overdue</title>", m.Month, m.OpenCount, m.OverdueCount))
	}
	bars := regexp.MustCompile(`<rect class="bar-open"[^>]*>`).FindAllString(svg, -1)
	require.Len(t, bars, len(b.Months))
	for i, bar := range bars {
		require.InDelta(t, 184*float64(b.Months[i].OpenCount)/2, attribute(t, bar, "height"), 0.06, "two are the most")
	}
	text := section(t, d, "plan")
	require.Contains(t, text, "2026-01 2 0 0 0 2 0")
	require.Contains(t, text, "2026-03 0 0 1 0 1 0")
	require.Contains(t, text, "2026-07 0 0 0 0 1 1")
	require.NotContains(t, text, "2026-05 0", "where nothing changed there is no row")

	d.Items = append(d.Items, d.Items[0])
	require.Empty(t, picture(render(t, d), "burndown"), "an identity that stands twice cannot be counted")
}

func TestTheCalendarCountsEveryRecord(t *testing.T) {
	t.Parallel()
	d := sample(t)
	count := func(page string) (sum int) {
		for _, m := range regexp.MustCompile(`<title>[^<]*: (\d+)</title><rect`).FindAllStringSubmatch(picture(page, "calendar"), -1) {
			n, err := strconv.Atoi(m[1])
			require.NoError(t, err)
			sum += n
		}
		return sum
	}
	page := render(t, d)
	require.Equal(t, len(d.Kept), count(page))
	require.Contains(t, page, "<title>hipaasmp: entity, in effect, no date yet: 1</title>")
	for i := range 30 {
		k := d.Kept[0]
		k.Term = retention.Term{Running: true, KeepThrough: day(fmt.Sprintf("%d-06-01", 2026+i))}
		d.Kept = append(d.Kept, k)
	}
	page = render(t, d)
	require.Equal(t, len(d.Kept), count(page), "years beyond the ninth stand together")
	require.Contains(t, page, "2034&#43;")
	require.Empty(t, picture(render(t, report.Data{}), "calendar"))
}

func TestTheMatrixIsTheTable(t *testing.T) {
	t.Parallel()
	d := sample(t)
	page := render(t, d)
	svg := picture(page, "coverage")
	var drawn, said []string
	for _, m := range regexp.MustCompile(`<g><title>[^<]*: ([a-z ]+)</title><rect[^>]*/><text[^>]*>([^<]*)</text>`).FindAllStringSubmatch(svg, -1) {
		drawn = append(drawn, m[2]+" "+m[1])
	}
	table, _, _ := strings.Cut(page[strings.Index(page, `<table class="coverage">`):], "</table>")
	for _, m := range regexp.MustCompile(`<td class="cell"><b aria-hidden="true">([^<]*)</b>([^<]*)</td>`).FindAllStringSubmatch(table, -1) {
		said = append(said, m[1]+" "+m[2])
	}
	require.NotEmpty(t, drawn)
	require.Equal(t, said, drawn)
	require.Contains(t, page, "● complete")
	require.Empty(t, picture(render(t, report.Data{}), "coverage"))
}
