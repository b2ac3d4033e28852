package risk

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// CSVFault is one thing that is wrong with a CSV file.
type CSVFault struct {
	// Line is the line on which the cell begins, from 1; the header is line 1.
	Line int `json:"line"`
	// Column is the name of the column; empty where a whole line is at fault.
	Column string `json:"column,omitempty"`
	// Message says what is wrong and what to do.
	Message string `json:"message"`
}

func (f CSVFault) Error() string {
	if f.Column == "" {
		return fmt.Sprintf("line %d: %s", f.Line, f.Message)
	}
	return fmt.Sprintf("line %d, column %s: %s", f.Line, f.Column, f.Message)
}

// CSVError carries every fault of a CSV file, in the order of the file; after the first 1000 it says how many it left out.
type CSVError struct {
	// Faults is never empty.
	Faults []CSVFault
	// LeftOut is the number of faults beyond those listed.
	LeftOut int
}

func (e *CSVError) Error() string {
	const most = 3
	var b strings.Builder
	b.WriteString("risk: ")
	for i, f := range e.Faults {
		if i == most {
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(f.Error())
	}
	if n := len(e.Faults) - most + e.LeftOut; n > 0 {
		fmt.Fprintf(&b, "; and %d more", n)
	}
	return b.String()
}

// Unwrap gives errors.As access to each [CSVFault].
func (e *CSVError) Unwrap() []error {
	out := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		out[i] = f
	}
	return out
}

// csvFaults collects faults of a file.
type csvFaults struct {
	list    []CSVFault
	leftOut int
}

func (f *csvFaults) add(line int, column, format string, args ...any) {
	const most = 1000
	if len(f.list) == most {
		f.leftOut++
		return
	}
	f.list = append(f.list, CSVFault{Line: line, Column: column, Message: fmt.Sprintf(format, args...)})
}

func (f *csvFaults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &CSVError{Faults: f.list, LeftOut: f.leftOut}
}

// csvTable reads a file with a header line by line.
type csvTable struct {
	in     *csv.Reader
	header []string
	place  map[string]int
	faults *csvFaults
}

// csvLine is one line of a table.
type csvLine struct {
	table  *csvTable
	number int
	cells  []string
	lines  []int
}

// openTable reads the header and reports what is wrong with it: a column that is missing, named twice or, where others
// are not allowed, not known. alias names the column that another spelling of it stands for.
func openTable(r io.Reader, comma rune, columns []string, optional bool, alias map[string]string) (*csvTable, error) {
	t := &csvTable{in: csv.NewReader(r), place: map[string]int{}, faults: &csvFaults{}}
	t.in.Comma, t.in.FieldsPerRecord = comma, -1
	header, err := t.in.Read()
	if err != nil {
		return t, t.broken(err)
	}
	known := map[string]bool{}
	for _, c := range columns {
		known[c] = true
	}
	for i, name := range header {
		if other, ok := alias[name]; ok {
			name = other
		}
		switch _, twice := t.place[name]; {
		case twice:
			t.faults.add(1, clip(name), "is named twice; keep one column")
		case !known[name] && !optional:
			t.faults.add(1, clip(name), "is not known; remove the column, or correct its name")
		}
		t.place[name] = i
		t.header = append(t.header, name)
	}
	for _, c := range columns {
		if _, ok := t.place[c]; !ok {
			t.faults.add(1, c, "is missing; add the column")
		}
	}
	return t, nil
}

// next returns the next line, and nil at the end of the file. A line that is no CSV or has another number of cells than
// the header is a fault and is passed over.
func (t *csvTable) next() (*csvLine, error) {
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
		l := &csvLine{table: t, cells: cells}
		for i := range cells {
			line, _ := t.in.FieldPos(i)
			l.lines = append(l.lines, line)
		}
		l.number = l.lines[0]
		if len(cells) != len(t.header) {
			t.faults.add(l.number, "", "has %d cells, but the header has %d; write one cell a column", len(cells), len(t.header))
			continue
		}
		return l, nil
	}
}

// broken records an error of the CSV itself. What the reader underneath says is returned as it is.
func (t *csvTable) broken(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		t.faults.add(parse.Line, "", "is no CSV at character %d; put a cell with quotes or line breaks into quotes, and double the quotes in it", parse.Column)
		return nil
	case errors.Is(err, io.EOF):
		t.faults.add(1, "", "the file is empty; it begins with a header")
		return nil
	}
	return fmt.Errorf("risk: reading CSV: %w", err)
}

// has reports whether the table has the column.
func (t *csvTable) has(column string) bool { _, ok := t.place[column]; return ok }

// raw returns the cell as it stands; empty where the table has no such column.
func (l *csvLine) raw(column string) string {
	if i, ok := l.table.place[column]; ok {
		return l.cells[i]
	}
	return ""
}

// fault records a fault of the cell.
func (l *csvLine) fault(column, format string, args ...any) {
	line := l.number
	if i, ok := l.table.place[column]; ok {
		line = l.lines[i]
	}
	l.table.faults.add(line, column, format, args...)
}
