// Package csvcell makes the cells of CSV files safe to open in a spreadsheet, and writes lists into cells, both without
// losing anything; it reads tables with a header and keeps every fault with its line and column.
package csvcell

import (
	"strings"
	"unicode/utf8"
)

// A spreadsheet runs a cell that begins with one of a few characters as a formula, also a cell that it cut out of another
// by its own idea of the separator. A cell is made safe by an apostrophe before each such place, and the reader takes
// exactly that apostrophe away again, so nothing is lost.

// dangerous reports whether a spreadsheet may take what begins with r for a formula. The wide forms count in some
// locales.
func dangerous(r rune) bool { return strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) }

// separates reports whether some spreadsheet begins a new cell after r.
func separates(r rune) bool { return strings.ContainsRune(";,|\t\r\n\"", r) }

// Neutralise puts one apostrophe more before every place at which a cell may begin, spaces left aside, and where a
// dangerous character follows after any number of apostrophes.
func Neutralise(cell string) string {
	if !utf8.ValidString(cell) {
		return cell // no text, and refused as such
	}
	var b strings.Builder
	eachCellBegin(cell, &b, func(byte) (string, int) { return "'", 0 })
	return b.String()
}

// Restore takes away what [Neutralise] put in.
func Restore(cell string) string {
	if !utf8.ValidString(cell) {
		return cell
	}
	var b strings.Builder
	eachCellBegin(cell, &b, func(first byte) (string, int) {
		if first == '\'' {
			return "", 1
		}
		return "", 0
	})
	return b.String()
}

// eachCellBegin copies the cell and asks edit at every place where a cell may begin and a dangerous character follows
// after any number of apostrophes: what to put in, and how many bytes to leave out.
func eachCellBegin(cell string, b *strings.Builder, edit func(first byte) (put string, skip int)) {
	begin := true
	for i, r := range cell {
		if begin && (r == '\'' || dangerous(r)) {
			if next, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell[i:], "'")); dangerous(next) {
				put, skip := edit(cell[i])
				b.WriteString(put)
				if skip > 0 {
					begin = false
					continue
				}
			}
		}
		b.WriteRune(r)
		begin = separates(r) || begin && r == ' '
	}
}

// JoinList writes a list into one cell: entries apart by a semicolon and a space, with a backslash before a semicolon or
// a backslash of their own.
func JoinList(list []string) string {
	escaped := make([]string, len(list))
	for i, e := range list {
		escaped[i] = strings.NewReplacer(`\`, `\\`, `;`, `\;`).Replace(e)
	}
	return strings.Join(escaped, "; ")
}

// SplitList reads a cell that [JoinList] wrote. The second result is false for a cell that it cannot have written.
func SplitList(cell string) ([]string, bool) {
	if cell == "" {
		return nil, true
	}
	var out []string
	var b strings.Builder
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; c {
		case '\\':
			i++
			if i == len(cell) || cell[i] != '\\' && cell[i] != ';' {
				return nil, false
			}
			b.WriteByte(cell[i])
		case ';':
			i++
			if i == len(cell) || cell[i] != ' ' {
				return nil, false
			}
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(out, b.String()), true
}
