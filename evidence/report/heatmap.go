package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/hipaasmp/hipaasmp/risk"
)

// heatMap draws the five by five table of likelihood and impact with the number of findings in each cell. The level
// stands in every cell as a word, so the picture reads without colour, and the ids are in each cell's title.
func heatMap(scale risk.Scale, rows []risk.Row) template.HTML {
	levels := []risk.Level{risk.LevelVeryLow, risk.LevelLow, risk.LevelModerate, risk.LevelHigh, risk.LevelVeryHigh}
	const cell, left, top = 96, 118, 14
	var b strings.Builder
	fmt.Fprintf(&b, `<figure><svg viewBox="0 0 %d %d" width="%d" role="img" aria-labelledby="hm-t hm-d">`, left+5*cell+10, top+5*64+46, left+5*cell+10)
	b.WriteString(`<title id="hm-t">Findings by likelihood and impact</title>`)
	fmt.Fprintf(&b, `<desc id="hm-d">%s</desc>`, template.HTMLEscapeString(describe(rows)))
	for i := range levels {
		likelihood := levels[len(levels)-1-i]
		y := top + i*64
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end" font-size="14">%s</text>`, left-10, y+37, words(string(likelihood)))
		for j, impact := range levels {
			level := scale.Risk(likelihood, impact)
			var ids []string
			for _, r := range rows {
				if r.Likelihood == likelihood && r.Impact == impact {
					ids = append(ids, r.Finding)
				}
			}
			x := left + j*cell
			fmt.Fprintf(&b, `<g><rect class="c%d grid" x="%d" y="%d" width="%d" height="64"/>`, rank(level), x, y, cell)
			fmt.Fprintf(&b, `<text class="on" x="%d" y="%d" text-anchor="middle" font-size="11">%s</text>`, x+cell/2, y+18, words(string(level)))
			if len(ids) > 0 {
				fmt.Fprintf(&b, `<text class="on" x="%d" y="%d" text-anchor="middle" font-size="24" font-weight="600">%d</text>`, x+cell/2, y+48, len(ids))
				fmt.Fprintf(&b, `<title>%s</title>`, template.HTMLEscapeString(strings.Join(ids, ", ")))
			}
			b.WriteString(`</g>`)
		}
	}
	for j, impact := range levels {
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" font-size="14">%s</text>`, left+j*cell+cell/2, top+5*64+20, words(string(impact)))
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" font-size="13">impact</text>`, left+5*cell/2, top+5*64+40)
	fmt.Fprintf(&b, `<text x="14" y="%d" font-size="13" transform="rotate(-90 14 %d)" text-anchor="middle">likelihood</text>`, top+160, top+160)
	b.WriteString(`</svg><figcaption>Number of findings in each cell, by current overall likelihood (rows) and impact (columns). The word is the level of risk that the scale gives the cell.</figcaption></figure>`)
	return template.HTML(b.String())
}

func rank(l risk.Level) int {
	switch l {
	case risk.LevelLow:
		return 1
	case risk.LevelModerate:
		return 2
	case risk.LevelHigh:
		return 3
	case risk.LevelVeryHigh:
		return 4
	}
	return 0
}

// describe says in a sentence what the picture shows, for a reader who hears it.
func describe(rows []risk.Row) string {
	parts := make([]string, 0, len(rows))
	for _, r := range rows {
		parts = append(parts, fmt.Sprintf("%s: likelihood %s, impact %s, risk %s", r.Finding, words(string(r.Likelihood)), words(string(r.Impact)), words(string(r.Current))))
	}
	if len(parts) == 0 {
		return "No rated finding."
	}
	return strings.Join(parts, "; ") + "."
}

// words turns the spelling of an enumeration into words: very_high is very high.
func words(s string) string { return strings.ReplaceAll(s, "_", " ") }
