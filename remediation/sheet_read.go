package remediation

import (
	"encoding"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/csvcell"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// ReadCSV reads what [WriteCSV] wrote, also after a spreadsheet saved it again: columns in any order, and with a byte order
// mark. The header has to name every column once and no other.
//
// A line with empty cells for history, changes and verifications, and with the state proposed, is a new item: that is how
// a plan that was kept in a spreadsheet comes in. Milestones are written as
//
//	ID | DUE | DONE | TITLE | CRITERIA; ID | DUE | DONE | TITLE | CRITERIA
//
// with DONE left empty. Every item is validated, so that a state or a due date that was typed over is refused. Every fault
// comes back, with line and column, in a [*CSVError], and then no item is returned. Other errors are those of r.
func ReadCSV(r io.Reader) ([]Item, error) {
	t, err := csvcell.Open(r, sheetColumns())
	if err != nil {
		return nil, fmt.Errorf("remediation: reading CSV: %w", err)
	}
	if err := csvError(t.Faults); err != nil {
		return nil, err
	}
	var out []Item
	seen := map[string]int{}
	for {
		l, err := t.Next()
		if err != nil {
			return nil, fmt.Errorf("remediation: reading CSV: %w", err)
		}
		if l == nil {
			break
		}
		faults := len(t.List) + t.LeftOut
		i := sheetCells{l}.item()
		if first, twice := seen[i.ID]; twice {
			l.Fault("item", "%q stands on line %d already; keep one line an item", clip(i.ID), first)
		}
		seen[i.ID] = l.Number
		if len(t.List)+t.LeftOut == faults { // its cells are in order
			for _, fault := range faultsOf(i.Validate()) {
				l.Fault(columnOf(fault.Pointer), "%s %s", fault.Code, fault.Message)
			}
		}
		out = append(out, i)
	}
	if err := csvError(t.Faults); err != nil {
		return nil, err
	}
	return out, nil
}

// columnOf returns the column in which a place of an item stands.
func columnOf(pointer string) string {
	first, rest, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	switch {
	case first == "id":
		return "item"
	case first == "finding" && strings.HasPrefix(rest, "analysis"):
		return "analysis"
	case first == "proposed_by" && rest == "role":
		return "proposed_role"
	case first == "schema":
		return ""
	}
	return first
}

// sheetCells reads the cells of one line.
type sheetCells struct{ *csvcell.Line }

func (c sheetCells) item() Item {
	i := Item{
		Header:  hipaasmp.NewHeader(KindItem, c.id("item", true)),
		Finding: FindingRef{Analysis: c.ref("analysis"), Finding: c.id("finding", true)}, Title: c.text("title", true),
		Specification: hipaasmp.Citation(c.Cell("specification")), Owner: c.id("owner", true), Created: c.date("created"), Due: c.date("due"),
		Zone: c.text("zone", true), ProposedBy: hipaasmp.Actor{ID: c.id("proposed_by", true), Role: hipaasmp.Role(c.text("proposed_role", true))},
		ProposedAt: c.instant("proposed_at"), CostUSD: c.cost("cost_usd"), DependsOn: c.ids("depends_on"), Control: c.id("control", false),
		Milestones: c.milestones("milestones"),
	}
	c.enum("treatment", &i.Treatment)
	c.enum("state", &i.State)
	if c.Cell("acceptance") != "" {
		ref := c.ref("acceptance")
		i.Acceptance = &ref
	}
	c.json("history", &i.History)
	c.json("changes", &i.Changes)
	c.json("verifications", &i.Verifications)
	return i
}

func (c sheetCells) text(column string, required bool) string {
	s := c.Cell(column)
	switch {
	case s == "" && required:
		c.Fault(column, "is empty; fill it in")
	case s != "" && !hipaasmp.ValidText(s):
		c.Fault(column, "is blank, is not UTF-8 or holds control characters; write plain text")
	}
	return s
}

func (c sheetCells) id(column string, required bool) string {
	s := c.Cell(column)
	if s == "" && required {
		c.Fault(column, "is empty; fill it in")
	} else if s != "" && !hipaasmp.ValidID(s) {
		c.Fault(column, "%s", noID(s))
	}
	return s
}

func noID(s string) string {
	return fmt.Sprintf("%q is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit", clip(s))
}

func (c sheetCells) list(column string) []string {
	list, ok := csvcell.SplitList(c.Cell(column))
	if !ok {
		c.Fault(column, `is no list; write the entries apart by a semicolon and a space, and \; for a semicolon in one`)
	}
	return list
}

func (c sheetCells) ids(column string) []string {
	list := c.list(column)
	for _, e := range list {
		if !hipaasmp.ValidID(e) {
			c.Fault(column, "%s", noID(e))
		}
	}
	return list
}

func (c sheetCells) date(column string) hipaasmp.Date { return c.dateOf(column, c.Cell(column)) }

func (c sheetCells) dateOf(column, s string) hipaasmp.Date {
	d, err := hipaasmp.ParseDate(s)
	if err != nil {
		c.Fault(column, "%q is no date; write 2026-03-31", clip(s))
	}
	return d
}

func (c sheetCells) instant(column string) time.Time {
	s := c.Cell(column)
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || !hipaasmp.IsInstant(at) || at.Format(time.RFC3339Nano) != s {
		c.Fault(column, "%q is no instant in UTC to the microsecond; write 2026-03-02T15:00:00Z", clip(s))
	}
	return at
}

func (c sheetCells) cost(column string) *decimal.Decimal {
	s := c.Cell(column)
	if s == "" {
		return nil
	}
	var f validate.Faults
	d := readDecimal(&f, FaultMoney, "", s)
	for _, fault := range f.List() {
		c.Fault(column, "%s", fault.Message)
	}
	if len(f.List()) == 0 && !plainCost(&d) {
		c.Fault(column, "has more digits than an amount of money; round it")
	}
	return &d
}

func (c sheetCells) enum(column string, into encoding.TextUnmarshaler) {
	if err := into.UnmarshalText([]byte(c.Cell(column))); err != nil {
		c.Fault(column, "%s", strings.TrimPrefix(err.Error(), "hipaasmp: "))
	}
}

// ref reads a reference as [hipaasmp.Ref.String] writes it.
func (c sheetCells) ref(column string) hipaasmp.Ref {
	s := c.Cell(column)
	kind, rest, _ := strings.Cut(s, "/")
	id, version, versioned := strings.Cut(rest, "@")
	ref := hipaasmp.Ref{Kind: hipaasmp.Kind(kind), ID: id}
	if versioned {
		ref.Version, _ = strconv.ParseUint(version, 10, 64) // what cannot be read is not written back the same
	}
	if !hipaasmp.ValidKind(ref.Kind) || !hipaasmp.ValidID(ref.ID) || ref.String() != s {
		c.Fault(column, "%q names no document; write kind/identity", clip(s))
	}
	return ref
}

func (c sheetCells) milestones(column string) []Milestone {
	var out []Milestone
	for n, e := range c.list(column) {
		fields, ok := splitFields(e)
		if !ok || len(fields) != 5 {
			c.Fault(column, "entry %d is no milestone; write ID | DUE | DONE | TITLE | CRITERIA, with DONE empty while it is not reached", n+1)
			continue
		}
		m := Milestone{ID: fields[0], Due: c.dateOf(column, fields[1]), Title: fields[3], SuccessCriteria: fields[4]}
		if fields[2] != "" {
			m.Done = c.dateOf(column, fields[2])
		}
		out = append(out, m)
	}
	return out
}

// json reads a cell that only the methods of an item fill.
func (c sheetCells) json(column string, into any) {
	s := c.Cell(column)
	if s == "" {
		return
	}
	err := strictjson.Decode([]byte(s), into)
	var unread *strictjson.Error
	switch {
	case errors.As(err, &unread) && unread.Pointer != "":
		c.Fault(column, "is not as it was written, at %s; leave the cell alone, the methods of an item fill it", clip(unread.Pointer))
	case err != nil:
		c.Fault(column, "is not as it was written; leave the cell alone, the methods of an item fill it")
	case s == "[]" || s == "null":
		c.Fault(column, "is an empty list; leave the cell empty")
	}
}
