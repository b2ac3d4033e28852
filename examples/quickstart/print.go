package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// lineWidth is the width that the output is laid out for: a terminal of ordinary size.
const lineWidth = 108

// printer writes for a person: headings, short paragraphs and tables whose last column wraps. It remembers the first
// error of the writer.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) heading(format string, args ...any) {
	title := fmt.Sprintf(format, args...)
	p.line("\n%s\n%s", title, strings.Repeat("─", min(utf8.RuneCountInString(title), lineWidth)))
}

// para writes a paragraph, wrapped and indented.
func (p *printer) para(indent int, format string, args ...any) {
	for _, l := range wrap(fmt.Sprintf(format, args...), lineWidth-indent) {
		p.line("%s%s", strings.Repeat(" ", indent), l)
	}
}

// table writes rows under a header. Every column is as wide as its widest cell but the widest one, which takes what is
// left of the line and wraps.
func (p *printer) table(header []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	widths := make([]int, len(header))
	for _, r := range append([][]string{header}, rows...) {
		for i, cell := range r {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	const gap = 2
	for total(widths, gap) > lineWidth {
		widest := slices.Index(widths, slices.Max(widths))
		over := total(widths, gap) - lineWidth
		second := 0
		for i, w := range widths {
			if i != widest {
				second = max(second, w)
			}
		}
		// Take it from the widest column, but not below the next widest, so that long columns share the loss.
		cut := min(over, max(1, widths[widest]-second))
		widths[widest] -= cut
	}
	p.row(header, widths, gap)
	rules := make([]string, len(widths))
	for i, w := range widths {
		rules[i] = strings.Repeat("┄", w)
	}
	p.row(rules, widths, gap)
	for _, r := range rows {
		p.row(r, widths, gap)
	}
}

func total(widths []int, gap int) int {
	n := gap * (len(widths) - 1)
	for _, w := range widths {
		n += w
	}
	return n
}

func (p *printer) row(cells []string, widths []int, gap int) {
	lines := make([][]string, len(cells))
	height := 1
	for i, c := range cells {
		lines[i] = wrap(c, widths[i])
		height = max(height, len(lines[i]))
	}
	for y := range height {
		var b strings.Builder
		for i := range cells {
			cell := ""
			if y < len(lines[i]) {
				cell = lines[i][y]
			}
			b.WriteString(cell)
			b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+gap))
		}
		p.line("%s", strings.TrimRight(b.String(), " "))
	}
}

// wrap breaks text at blanks into lines of at most width runes; a longer word is broken where it must.
func wrap(text string, width int) []string {
	var out []string
	line := ""
	flush := func() {
		out, line = append(out, line), ""
	}
	for _, word := range strings.Fields(text) {
		for utf8.RuneCountInString(word) > width {
			if line != "" {
				flush()
			}
			runes := []rune(word)
			line, word = string(runes[:width]), string(runes[width:])
			flush()
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			flush()
			line = word
		}
	}
	flush()
	return out
}

// words turns the spelling of an enumeration into words.
func words[E ~string](e E) string { return strings.ReplaceAll(string(e), "_", " ") }
