package activity

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/csvcell"
)

// DirectoryFault is one thing that is wrong with a directory.
type DirectoryFault struct {
	// Line is the line of the file on which the cell begins, from 1, the header included; of a list of aliases it is the
	// position.
	Line int
	// Column is the name of the column; empty where a whole line is at fault.
	Column string
	// Message says what is wrong and what to do. It holds no alias and no identity.
	Message string
}

func (f DirectoryFault) Error() string {
	if f.Column == "" {
		return fmt.Sprintf("line %d: %s", f.Line, f.Message)
	}
	return fmt.Sprintf("line %d, column %s: %s", f.Line, f.Column, f.Message)
}

// DirectoryError carries every fault of a directory, in the order of the file; after the first thousand it says how many
// it left out.
type DirectoryError struct {
	// Faults is never empty.
	Faults []DirectoryFault
	// LeftOut is the number of faults beyond those listed.
	LeftOut int
}

func (e *DirectoryError) Error() string {
	const most = 3
	var b strings.Builder
	b.WriteString("activity: the directory: ")
	for i, f := range e.Faults[:min(most, len(e.Faults))] {
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

// Unwrap gives errors.As access to each [DirectoryFault].
func (e *DirectoryError) Unwrap() []error {
	out := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		out[i] = f
	}
	return out
}

type directoryFaults struct{ csvcell.Faults }

// alias checks what every alias must hold.
func (f *directoryFaults) alias(line int, a Alias) {
	switch {
	case !utf8.ValidString(a.System + a.Alias + a.ID):
		f.Add(line, "", "is not UTF-8; convert the file")
	case !a.Subject.IsValid():
		f.Add(line, "subject", "is none; write actor or patient")
	case strings.TrimSpace(a.Alias) == "":
		f.Add(line, "alias", "is empty; write the identity as the log has it")
	case strings.TrimSpace(a.ID) == "":
		f.Add(line, "id", "is empty; write the identity that the alias stands for")
	case !a.From.IsZero() && !a.To.IsZero() && a.To.Before(a.From):
		f.Add(line, "to", "lies before from; write the last day on which the alias holds")
	}
}

func (f *directoryFaults) err() error {
	if len(f.List) == 0 {
		return nil
	}
	e := &DirectoryError{LeftOut: f.LeftOut}
	for _, fault := range f.List {
		e.Faults = append(e.Faults, DirectoryFault(fault))
	}
	return e
}

// ReadDirectory reads a directory from CSV in UTF-8 with a header of the columns subject (actor or patient), system,
// alias, id, from and to (YYYY-MM-DD), in any order; see [Alias]. Cells of system, from and to may be empty. The error is
// a [*DirectoryError] with every fault, or the reader's own.
func ReadDirectory(r io.Reader, o DirectoryOptions) (*Directory, error) {
	t, err := csvcell.Open(&shortLines{r: r}, []string{"subject", "system", "alias", "id", "from", "to"})
	if err != nil {
		return nil, directoryBroken(err)
	}
	var aliases []Alias
	checked := directoryFaults{}
	for headed := len(t.List) == 0; headed; {
		l, err := t.Next()
		if err != nil {
			return nil, directoryBroken(err)
		}
		if l == nil {
			break
		}
		a := Alias{Subject: Subject(strings.TrimSpace(l.Cell("subject"))), System: strings.TrimSpace(l.Cell("system")),
			Alias: strings.TrimSpace(l.Cell("alias")), ID: strings.TrimSpace(l.Cell("id"))}
		a.From, a.To = directoryDay(l, "from"), directoryDay(l, "to")
		checked.List = nil
		checked.alias(l.Number, a)
		for _, f := range checked.List {
			l.Fault(f.Column, "%s", f.Message)
		}
		aliases = append(aliases, a)
	}
	if err := (&directoryFaults{t.Faults}).err(); err != nil {
		return nil, err
	}
	return newDirectory(aliases, o), nil
}

// directoryDay reads a cell that holds a day or nothing.
func directoryDay(l *csvcell.Line, column string) hipaasmp.Date {
	text := strings.TrimSpace(l.Cell(column))
	if text == "" {
		return hipaasmp.Date{}
	}
	d, err := hipaasmp.ParseDate(text)
	if err != nil {
		l.Fault(column, "is no day; write it as 2026-01-31")
	}
	return d
}

// shortLines refuses a line that is longer than any of a directory is, so that memory does not grow with it.
type shortLines struct {
	r          io.Reader
	line, size int
}

const longestDirectoryLine = 1 << 20

// longLineError says which line was refused.
type longLineError int

func (e longLineError) Error() string {
	return fmt.Sprintf("activity: line %d is longer than 1 MiB", int(e))
}

func (s *shortLines) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			s.size += len(rest)
			break
		}
		s.line, s.size, rest = s.line+1, 0, rest[i+1:]
	}
	if s.size > longestDirectoryLine {
		return 0, longLineError(s.line + 1)
	}
	return n, err
}

// directoryBroken makes a fault of a line that is too long, and leaves other errors.
func directoryBroken(err error) error {
	var long longLineError
	if !errors.As(err, &long) {
		return err
	}
	return &DirectoryError{Faults: []DirectoryFault{{Line: int(long), Message: "is longer than 1 MiB; write one alias a line"}}}
}
