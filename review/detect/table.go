package detect

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// TableOptions say how a table of context is written where it is not written as the reader's documentation says. Tables
// are CSV in UTF-8 with a header and one row a line. Columns may stand in any order; optional ones may be missing.
type TableOptions struct {
	// Columns lead from a name in the file's header to the name that the reader knows. A column that leads to "" is not
	// read. A name that is not listed stands for itself.
	Columns map[string]string
	// Zone is the zone of days; nil is UTC.
	Zone *time.Location
}

func (o TableOptions) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// TableFault is one thing that is wrong in a table.
type TableFault struct {
	// Line and Column are where it stands, from 1. Column is the byte in the line.
	Line, Column int
	// Message says what is wrong and what to write.
	Message string
}

// MaxTableFaults is how many faults a [TableError] lists.
const MaxTableFaults = 1000

// TableError lists what is wrong in a table of context. A table with a fault is not used at all.
type TableError struct {
	// Table says which table it is, for example "roster".
	Table string
	// Faults are in the order of the file, at most [MaxTableFaults].
	Faults []TableFault
	// Count is how many there are.
	Count int
}

func (e *TableError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "detect: %s: %s", e.Table, plural(e.Count, "fault", "faults"))
	for i, f := range e.Faults {
		if i == 10 {
			b.WriteString("; ...")
			break
		}
		fmt.Fprintf(&b, "; line %d column %d: %s", f.Line, f.Column, f.Message)
	}
	return b.String()
}

// maxLine is the most bytes that a row may have.
const maxLine = 1 << 20

// table is a table that is being read.
type table struct {
	name   string
	known  []string
	index  []int // from the column in the file to the known one, -1 for one that is not read
	line   int
	cells  [][]byte // by known column
	starts []int    // of the cells, from 1
	faults TableError
	raw    [][]byte
	at     []int
}

// readTable calls row for every row whose cells could be taken apart. The first so many of the known columns must be
// there. It returns the digest of the file's bytes and of how they are read.
func readTable(name string, r io.Reader, o TableOptions, known []string, required int, row func(*table)) (hipaasmp.Digest, error) {
	t := &table{name: name, known: known, cells: make([][]byte, len(known)), starts: make([]int, len(known)), faults: TableError{Table: name}}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\x00%s\x00", name, o.zone())
	for _, k := range slices.Sorted(maps.Keys(o.Columns)) {
		fmt.Fprintf(sum, "%q=%q\x00", k, o.Columns[k])
	}
	lines := bufio.NewScanner(io.TeeReader(r, sum))
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for lines.Scan() {
		t.line++
		line := bytes.TrimSuffix(lines.Bytes(), []byte{'\r'})
		if t.line == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
			t.header(line, o, required)
			if t.faults.Count > 0 {
				break // without its columns no row can be told apart
			}
			continue
		}
		if len(line) == 0 || !t.split(line) {
			continue
		}
		if len(t.raw) != len(t.index) {
			t.add(1, "has %d cells; the header has %d", len(t.raw), len(t.index))
			continue
		}
		clear(t.cells)
		for i, to := range t.index {
			if to >= 0 {
				t.cells[to], t.starts[to] = t.raw[i], t.at[i]
			}
		}
		for i := range required {
			if len(t.cells[i]) == 0 {
				t.fault(i, "is empty; every row needs it")
			}
		}
		row(t)
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		t.line++
		t.add(1, "is longer than %d bytes; one row stands on one line", maxLine)
	} else if err != nil {
		return "", fmt.Errorf("detect: the %s could not be read: %w", name, err)
	}
	if t.line == 0 {
		t.line = 1
		t.add(1, "is empty; the first line is a header with the columns %s", strings.Join(known[:required], ", "))
	}
	if t.faults.Count > 0 {
		slices.SortStableFunc(t.faults.Faults, func(a, b TableFault) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		return "", &t.faults
	}
	return hipaasmp.Digest(hex.EncodeToString(sum.Sum(nil))), nil
}

func (t *table) header(line []byte, o TableOptions, required int) {
	if !t.split(line) {
		return
	}
	seen := map[string]bool{}
	for i, cell := range t.raw {
		name := strings.TrimSpace(string(cell))
		if to, ok := o.Columns[name]; ok {
			name = to
		}
		if name == "" {
			if _, ok := o.Columns[strings.TrimSpace(string(cell))]; !ok {
				t.add(t.at[i], "is a column without a name; name it, or take it out")
			}
			t.index = append(t.index, -1)
			continue
		}
		to := slices.Index(t.known, name)
		switch {
		case to < 0:
			t.add(t.at[i], "%q is no column of the %s; it knows %s", plain(name), t.name, strings.Join(t.known, ", "))
		case seen[name]:
			t.add(t.at[i], "the column %s stands twice; take one out", name)
		}
		seen[name] = true
		t.index = append(t.index, to)
	}
	for _, name := range t.known[:required] {
		if !seen[name] {
			t.add(1, "the column %s is missing", name)
		}
	}
}

// split takes a line apart.
func (t *table) split(line []byte) bool {
	t.raw, t.at = t.raw[:0], t.at[:0]
	if !utf8.Valid(line) {
		for i := 0; i < len(line); {
			r, n := utf8.DecodeRune(line[i:])
			if r == utf8.RuneError && n == 1 {
				t.add(i+1, "is not UTF-8; write the table in UTF-8")
				return false
			}
			i += n
		}
	}
	for i := range line {
		if line[i] < ' ' && line[i] != '\t' || line[i] == 0x7f {
			t.add(i+1, "is a control character; take it out")
			return false
		}
	}
	for pos := 0; ; {
		start := pos
		if pos < len(line) && line[pos] == '"' {
			var cell []byte
			closed := false
			for pos++; pos < len(line); pos++ {
				if line[pos] != '"' {
					continue
				}
				cell = append(cell, line[start+1:pos]...)
				if pos+1 < len(line) && line[pos+1] == '"' {
					cell = append(cell, '"')
					pos++
					start = pos
					continue
				}
				closed = true
				pos++
				break
			}
			if !closed || pos < len(line) && line[pos] != ',' {
				t.add(start+1, "is a quote that is not closed before the next comma or the end of the line; double a quote that belongs to the text")
				return false
			}
			t.raw, t.at = append(t.raw, cell), append(t.at, start+1)
		} else {
			end := bytes.IndexByte(line[pos:], ',')
			if end < 0 {
				end = len(line) - pos
			}
			t.raw, t.at = append(t.raw, line[pos:pos+end]), append(t.at, pos+1)
			pos += end
		}
		if pos >= len(line) {
			return true
		}
		pos++ // the comma
		if pos == len(line) {
			t.raw, t.at = append(t.raw, nil), append(t.at, pos+1)
			return true
		}
	}
}

func (t *table) add(column int, format string, args ...any) {
	t.faults.Count++
	if len(t.faults.Faults) < MaxTableFaults {
		t.faults.Faults = append(t.faults.Faults, TableFault{Line: t.line, Column: column, Message: fmt.Sprintf(format, args...)})
	}
}

// fault says what is wrong with the cell of a known column.
func (t *table) fault(column int, format string, args ...any) {
	t.add(max(t.starts[column], 1), "%s "+format, append([]any{t.known[column]}, args...)...)
}

func (t *table) text(column int) string { return string(bytes.TrimSpace(t.cells[column])) }

// list returns the parts of a cell that holds several texts with semicolons between.
func (t *table) list(column int) []string {
	var out []string
	for part := range strings.SplitSeq(t.text(column), ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// date returns the day of a cell, the zero date for an empty one.
func (t *table) date(column int) hipaasmp.Date {
	s := t.text(column)
	if s == "" {
		return hipaasmp.Date{}
	}
	d, err := hipaasmp.ParseDate(s)
	if err != nil {
		t.fault(column, "is %q; write a day as 2026-03-31", plain(s))
	}
	return d
}

// period returns the days of two cells.
func (t *table) period(from, to int) hipaasmp.Period {
	p := hipaasmp.Period{From: t.date(from), To: t.date(to)}
	if !p.From.IsZero() && !p.To.IsZero() && p.To.Before(p.From) {
		t.fault(to, "is %s, before %s; the last day is not before the first", p.To, p.From)
	}
	return p
}

// instant returns the time of a cell, the zero time for an empty one.
func (t *table) instant(column int) time.Time {
	s := t.text(column)
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.fault(column, "is %q; write an instant as 2026-03-31T17:00:00Z", plain(s))
		return time.Time{}
	}
	return hipaasmp.Instant(at)
}

// number returns the number of a cell, and false for an empty one.
func (t *table) number(column int, least, most float64) (float64, bool) {
	s := t.text(column)
	if s == "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= least && v <= most) {
		t.fault(column, "is %q; write a number from %v to %v", plain(s), least, most)
		return 0, false
	}
	return v, true
}

// covers reports whether a period with optional ends holds the day.
func covers(p hipaasmp.Period, day hipaasmp.Date) bool {
	return (p.From.IsZero() || !day.Before(p.From)) && (p.To.IsZero() || !day.After(p.To))
}
