package csvcell

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxFaults is how many faults of one file are kept; the rest is counted.
const MaxFaults = 1000

// Fault is one thing that is wrong with a file.
type Fault struct {
	// Line is the line on which the cell begins, from 1; the header is line 1.
	Line int
	// Column is the name of the column; empty where a whole line is at fault.
	Column string
	// Message says what is wrong and what to do.
	Message string
}

// Faults collects what is wrong with a file.
type Faults struct {
	// List are the first [MaxFaults], LeftOut the number of those beyond.
	List    []Fault
	LeftOut int
}

// Add adds a fault.
func (f *Faults) Add(line int, column, format string, args ...any) {
	if len(f.List) == MaxFaults {
		f.LeftOut++
		return
	}
	f.List = append(f.List, Fault{Line: line, Column: column, Message: fmt.Sprintf(format, args...)})
}

// Table reads a file with a header line by line.
type Table struct {
	// Faults are those of the file so far.
	Faults
	in     *csv.Reader
	header int
	place  map[string]int
}

// Line is one line of a table.
type Line struct {
	// Number is the line in the file on which it begins.
	Number int
	table  *Table
	cells  []string
	lines  []int
}

// Open reads the header, after a byte order mark if there is one. A column that is missing, named twice or not known is a
// fault. The error is that of r alone.
func Open(r io.Reader, columns []string) (*Table, error) {
	in := bufio.NewReader(r)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // what was peeked is there
	}
	t := &Table{in: csv.NewReader(in), place: map[string]int{}}
	t.in.FieldsPerRecord = -1
	header, err := t.in.Read()
	if err != nil {
		return t, t.broken(err)
	}
	known := map[string]bool{}
	for _, c := range columns {
		known[c] = true
	}
	t.header = len(header)
	for i, name := range header {
		switch _, twice := t.place[name]; {
		case twice:
			t.Add(1, clip(name), "is named twice; keep one column")
		case !known[name]:
			t.Add(1, clip(name), "is not known; remove the column, or correct its name")
		}
		t.place[name] = i
	}
	for _, c := range columns {
		if _, ok := t.place[c]; !ok {
			t.Add(1, c, "is missing; add the column")
		}
	}
	return t, nil
}

// Next returns the next line, and nil at the end of the file. A line that is no CSV, or that has another number of cells
// than the header, is a fault and is passed over. The error is that of the reader underneath.
func (t *Table) Next() (*Line, error) {
	for {
		cells, err := t.in.Read()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			if fatal := t.broken(err); fatal != nil {
				return nil, fatal
			}
			continue
		}
		l := &Line{table: t, cells: cells}
		for i := range cells {
			line, _ := t.in.FieldPos(i)
			l.lines = append(l.lines, line)
		}
		l.Number = l.lines[0]
		if len(cells) != t.header {
			t.Add(l.Number, "", "has %d cells, but the header has %d; write one cell a column", len(cells), t.header)
			continue
		}
		return l, nil
	}
}

// broken records an error of the CSV itself, and returns one of the reader underneath.
func (t *Table) broken(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		t.Add(parse.Line, "", "is no CSV at character %d; put a cell with quotes or line breaks into quotes, and double the quotes in it", parse.Column)
		return nil
	case errors.Is(err, io.EOF):
		t.Add(1, "", "the file is empty; it begins with a header")
		return nil
	}
	return err
}

// Cell returns the text of a cell as it was before it was made safe, and nothing where the table has no such column.
func (l *Line) Cell(column string) string {
	if i, ok := l.table.place[column]; ok {
		return Restore(l.cells[i])
	}
	return ""
}

// Fault records a fault of the cell.
func (l *Line) Fault(column, format string, args ...any) {
	line := l.Number
	if i, ok := l.table.place[column]; ok {
		line = l.lines[i]
	}
	l.table.Add(line, column, format, args...)
}

// Write writes a header and lines, each cell made safe.
func Write(w io.Writer, columns []string, lines []map[string]string) error {
	out := csv.NewWriter(w)
	record := make([]string, len(columns))
	copy(record, columns)
	if err := out.Write(record); err != nil {
		return err
	}
	for _, cells := range lines {
		for i, column := range columns {
			record[i] = Neutralise(cells[column])
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// clip keeps hostile input from filling a message.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return strings.ToValidUTF8(s, "?")
	}
	return strings.ToValidUTF8(s[:most], "?") + "…"
}
