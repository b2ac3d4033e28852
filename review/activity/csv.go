package activity

import (
	"bytes"
	"iter"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"
)

// csvReader reads reports in CSV as RFC 4180 writes them: a cell in quotes may hold delimiters, line ends and doubled
// quotes; a quote anywhere else is a defect. Rows end with LF or CR LF.
type csvReader struct{ m *mapping }

func (csvReader) Format() Format { return FormatCSV }

func (csvReader) Version() int { return 2 }

func (c csvReader) Read(in Input) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		t := &table{row: c.m.row(), settled: c.m.profile.Headerless}
		entries{frames: newRowFramer(in, t.check), decode: t.decode}.read(in)(yield)
	}
}

// table is what is known of a file while it is read. Before a header or a row of data has been seen, a line such as a
// title is a defect and settles nothing.
type table struct {
	row     *row
	cells   [][]byte // valid till the next row
	settled bool
	foreign bool // the header is not the profile's, so no row can be trusted
}

func (t *table) decode(_ []byte, e *Event) error {
	m := t.row.mapping
	if t.foreign {
		return unreadable{ReasonColumns, "the header of the file is not that of the profile"}
	}
	if !m.profile.Headerless && t.header() { // also where files were put behind each other
		t.settled = true
		return errNoRecord
	}
	err := t.event(e)
	if err == nil || t.settled {
		t.settled = true
		return err
	}
	missing := t.missing()
	if len(t.cells) != len(m.fields) && len(missing) == len(m.fields) {
		return err
	}
	t.settled, t.foreign = true, true
	strange := t.strange()
	detail := "the columns of the header stand in another order than those of the profile, or one stands twice"
	switch {
	case len(missing) > 0:
		detail = "the header lacks columns of the profile: " + strings.Join(missing, ", ")
		if strange != "" {
			detail += "; it has others at position " + strange
		}
	case strange != "":
		detail = "the header has columns that the profile does not name, at position " + strange
	}
	return unreadable{ReasonColumns, detail}
}

func (t *table) event(e *Event) error {
	if len(t.cells) != len(t.row.fields) {
		return unreadable{ReasonSyntax, t.uneven()}
	}
	t.row.reset()
	for _, column := range t.row.wanted {
		t.row.see(column, t.cells[column])
	}
	return t.row.event(e)
}

// header reports whether the row is the header of the profile.
func (t *table) header() bool {
	columns := t.row.profile.Columns
	if len(t.cells) != len(columns) {
		return false
	}
	for i, cell := range t.cells {
		if string(bytes.TrimSpace(cell)) != columns[i].Name {
			return false
		}
	}
	return true
}

// missing lists the columns of the profile that the row does not name.
func (t *table) missing() []string {
	have := map[string]bool{}
	for _, cell := range t.cells {
		have[string(bytes.TrimSpace(cell))] = true
	}
	var out []string
	for _, c := range t.row.profile.Columns {
		if !have[c.Name] {
			out = append(out, strconv.Quote(c.Name))
		}
	}
	return out
}

// maxStrange is how many places are told of columns that the profile does not name.
const maxStrange = 10

// strange says at which places of the row the profile names no column. It tells places and no words: where a file has no
// header, the first row is somebody's data.
func (t *table) strange() string {
	known := map[string]bool{}
	for _, c := range t.row.profile.Columns {
		known[c.Name] = true
	}
	var out []string
	for i, cell := range t.cells {
		if known[string(bytes.TrimSpace(cell))] {
			continue
		}
		if len(out) == maxStrange {
			return strings.Join(out, ", ") + " and beyond"
		}
		out = append(out, strconv.Itoa(i+1))
	}
	return strings.Join(out, ", ")
}

// uneven says that a row has not the number of cells that it should.
func (t *table) uneven() string {
	if len(t.cells) == 1 {
		return "the row has 1 cell where the profile has " + strconv.Itoa(len(t.row.fields)) + " columns; where another character stands between cells, the profile names it as its delimiter"
	}
	return "the row has " + strconv.Itoa(len(t.cells)) + " cells where the profile has " + strconv.Itoa(len(t.row.fields)) + " columns"
}

// check takes a row apart and says what no row can be. Whether a line with another number of cells is a title, a header
// or damage is decided by what came before it, unless it runs over several lines or is the cut end of the file.
func (t *table) check(raw []byte, ended bool) (Reason, string) {
	if len(raw) > 0 && t.plain(raw) {
		if len(t.cells) == len(t.row.fields) {
			return "", ""
		}
	} else if !utf8.Valid(raw) {
		return ReasonEncoding, "the row is not UTF-8; convert the file"
	}
	if bytes.IndexByte(raw, 0) >= 0 { // RFC 4180 knows no such character, and a cut file is often filled up with it
		return ReasonSyntax, "the row holds a NUL byte"
	}
	reason, detail := t.split(raw)
	if reason == "" && len(t.cells) != len(t.row.fields) && (!ended || bytes.IndexByte(raw, '\n') >= 0) {
		reason, detail = ReasonSyntax, t.uneven()
	}
	if reason != "" && !ended {
		return ReasonTruncated, cutDetail
	}
	return reason, detail
}

// plain takes a row of ASCII without quotes and NUL bytes apart, or reports false. There is room behind it, see [roomy].
func (t *table) plain(raw []byte) bool {
	all := roomy(raw)
	t.cells = t.cells[:0]
	from := 0
	for p := 0; p < len(raw); p += 8 {
		x := load(all[p:])
		if rest := len(raw) - p; rest < 8 {
			line := uint64(1)<<(8*rest) - 1
			x = x&line | ' '*ones&^line
		}
		if x&highs|equal(x, '"')|equal(x, 0) != 0 {
			return false
		}
		for commas := equal(x, t.row.comma); commas != 0; commas &= commas - 1 {
			end := p + bits.TrailingZeros64(commas)/8
			t.cells = append(t.cells, raw[from:end])
			from = end + 1
		}
	}
	t.cells = append(t.cells, raw[from:])
	return true
}

// split takes a row apart into its cells.
func (t *table) split(raw []byte) (Reason, string) {
	comma := t.row.comma
	t.cells = t.cells[:0]
	for {
		if len(raw) == 0 || raw[0] != '"' {
			i := bytes.IndexByte(raw, comma)
			cell := raw
			if i >= 0 {
				cell = raw[:i]
			}
			if bytes.IndexByte(cell, '"') >= 0 {
				return ReasonSyntax, "a cell holds a quote and does not begin with one"
			}
			t.cells = append(t.cells, cell)
			if i < 0 {
				return "", ""
			}
			raw = raw[i+1:]
			continue
		}
		end := 1
		for {
			i := bytes.IndexByte(raw[end:], '"')
			if i < 0 {
				return ReasonSyntax, "a quote is not closed"
			}
			if end += i; end+1 == len(raw) || raw[end+1] != '"' {
				break
			}
			end += 2
		}
		t.cells = append(t.cells, bytes.ReplaceAll(raw[1:end], []byte(`""`), []byte(`"`)))
		switch raw = raw[end+1:]; {
		case len(raw) == 0:
			return "", ""
		case raw[0] != comma:
			return ReasonSyntax, "a cell goes on behind its closing quote"
		}
		raw = raw[1:]
	}
}

// newRowFramer cuts a CSV file into rows. A row ends at the first line end before which there is an even number of
// quotes. Where check refuses a row of several lines, a quote was lost, so only the first line is given up.
func newRowFramer(in Input, check func(row []byte, ended bool) (Reason, string)) func(yield func(frame) bool) error {
	f := newFramer(in, "")
	f.top = func() {
		for f.lineStart() {
			start := f.keep()
			first, whole := int64(-1), false
			for quotes := 0; !whole; {
				n, ended := f.line()
				quotes += n
				if first < 0 {
					first = f.offset()
				}
				if !ended || !f.fits(start) {
					break
				}
				whole = quotes%2 == 0
			}
			if f.err != nil {
				return
			}
			fr := frame{offset: start}
			if f.fits(start) {
				raw := f.kept(start, f.offset())
				fr.raw = trimEnd(raw)
				several := f.offset() > first
				fr.reason, fr.detail = check(fr.raw, several || bytes.HasSuffix(raw, []byte("\n")))
				if fr.reason == "" && f.broken(bytes.HasSuffix(raw, []byte("\n"))) {
					fr.reason, fr.detail, several = ReasonTruncated, cutDetail, false
				}
				if fr.reason != "" && several {
					f.pos -= int(f.offset() - first)
					fr.raw = trimEnd(raw[:first-start])
				}
				fr.length = int64(len(fr.raw))
			} else {
				fr.reason, fr.detail, fr.length = ReasonTooLong, tooLong, f.offset()-start
			}
			f.mark = -1
			if !f.emit(fr) {
				return
			}
		}
	}
	return f.run
}

// trimEnd cuts off one line end.
func trimEnd(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}
