package remediation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/csvcell"
)

// CSVFault is one thing that is wrong with a CSV file of items.
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
	var words []string
	for _, f := range e.Faults[:min(most, len(e.Faults))] {
		words = append(words, f.Error())
	}
	if n := len(e.Faults) - most + e.LeftOut; n > 0 {
		words = append(words, fmt.Sprintf("and %d more", n))
	}
	return "remediation: " + strings.Join(words, "; ")
}

// Unwrap gives errors.As access to each [CSVFault].
func (e *CSVError) Unwrap() []error {
	out := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		out[i] = f
	}
	return out
}

// csvError returns the faults as an error, and nil where there are none.
func csvError(f csvcell.Faults) error {
	if len(f.List) == 0 {
		return nil
	}
	e := &CSVError{LeftOut: f.LeftOut}
	for _, x := range f.List {
		e.Faults = append(e.Faults, CSVFault(x))
	}
	return e
}

// sheetColumns are the columns of a file of items: what a person reads and fills in, then what the methods of an item
// wrote, as JSON.
func sheetColumns() []string {
	return []string{
		"item", "title", "state", "treatment", "owner", "due", "cost_usd", "specification", "finding", "analysis", "depends_on", "control", "acceptance",
		"milestones", "created", "zone", "proposed_by", "proposed_role", "proposed_at",
		"history", "changes", "verifications",
	}
}

// WriteCSV writes items as CSV (RFC 4180, UTF-8, lines ended by a line feed) with a header, one line an item and all of it,
// so that [ReadCSV] reads the same items back. Cells that a spreadsheet would run as a formula get an apostrophe before
// them, which ReadCSV takes away again. An item that does not validate is refused with a [*CSVError] before anything is
// written. Other errors are the writer's.
func WriteCSV(w io.Writer, items []Item) error {
	var f csvcell.Faults
	lines := make([]map[string]string, 0, len(items))
	for n, i := range items {
		if err := i.Validate(); err != nil {
			for _, fault := range faultsOf(err) {
				f.Add(n+2, columnOf(fault.Pointer), "of item %q: %s %s", clip(i.ID), fault.Code, fault.Message)
			}
			continue
		}
		if !plainCost(i.CostUSD) {
			f.Add(n+2, "cost_usd", "of item %q has more digits than a cell of money; round it", clip(i.ID))
			continue
		}
		lines = append(lines, i.cells())
	}
	if err := csvError(f); err != nil {
		return err
	}
	var data bytes.Buffer
	if err := csvcell.Write(&data, sheetColumns(), lines); err != nil {
		return fmt.Errorf("remediation: writing CSV: %w", err)
	}
	// Read it back before anybody relies on it.
	back, err := ReadCSV(bytes.NewReader(data.Bytes()))
	if err != nil {
		return err
	}
	for n, i := range items {
		if !sameDocument(i, back[n]) {
			f.Add(n+2, "", "item %q would not come back as it is; make items by the methods of this package", clip(i.ID))
		}
	}
	if err := csvError(f); err != nil {
		return err
	}
	if _, err := w.Write(data.Bytes()); err != nil {
		return fmt.Errorf("remediation: writing CSV: %w", err)
	}
	return nil
}

// plainCost reports whether the cost is written in a few dozen digits, whatever its exponent.
func plainCost(d *decimal.Decimal) bool {
	return d == nil || d.Exponent() <= 20 && d.Exponent() >= -20 && d.NumDigits() <= 30
}

func sameDocument(a, b Item) bool {
	x, err := hipaasmp.Canonical(a)
	if err != nil {
		return false
	}
	y, err := hipaasmp.Canonical(b)
	return err == nil && bytes.Equal(x, y)
}

// cells returns a valid item by column.
func (i Item) cells() map[string]string {
	c := map[string]string{
		"item": i.ID, "title": i.Title, "state": string(i.State), "treatment": string(i.Treatment), "owner": i.Owner, "due": i.Due.String(),
		"specification": string(i.Specification), "finding": i.Finding.Finding, "analysis": i.Finding.Analysis.String(),
		"depends_on": csvcell.JoinList(i.DependsOn), "control": i.Control, "created": i.Created.String(), "zone": i.Zone,
		"proposed_by": i.ProposedBy.ID, "proposed_role": string(i.ProposedBy.Role), "proposed_at": i.ProposedAt.Format(time.RFC3339Nano),
	}
	if i.CostUSD != nil {
		c["cost_usd"] = i.CostUSD.String()
	}
	if i.Acceptance != nil {
		c["acceptance"] = i.Acceptance.String()
	}
	var milestones []string
	for _, m := range i.Milestones {
		done := ""
		if !m.Done.IsZero() {
			done = m.Done.String()
		}
		milestones = append(milestones, joinFields(m.ID, m.Due.String(), done, m.Title, m.SuccessCriteria))
	}
	c["milestones"] = csvcell.JoinList(milestones)
	c["history"], c["changes"], c["verifications"] = cellJSON(i.History), cellJSON(i.Changes), cellJSON(i.Verifications)
	return c
}

// cellJSON writes a list that the methods of an item made; nothing where it is empty.
func cellJSON[T any](list []T) string {
	if len(list) == 0 {
		return ""
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(list); err != nil {
		return "" // no list of a valid item, and found when the file is read back
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// joinFields writes the fields of a milestone apart by a bar between spaces, with a backslash before a bar or a backslash
// of their own.
func joinFields(fields ...string) string {
	for n, s := range fields {
		fields[n] = strings.NewReplacer(`\`, `\\`, `|`, `\|`).Replace(s)
	}
	return strings.Join(fields, " | ")
}

// splitFields reads what joinFields wrote; false for a text that it cannot have written.
func splitFields(s string) ([]string, bool) {
	var out []string
	var b strings.Builder
	for n := 0; n < len(s); n++ {
		switch {
		case s[n] == '\\':
			n++
			if n == len(s) || s[n] != '\\' && s[n] != '|' {
				return nil, false
			}
			b.WriteByte(s[n])
		case strings.HasPrefix(s[n:], " | "):
			out = append(out, b.String())
			b.Reset()
			n += 2
		case s[n] == '|':
			return nil, false
		default:
			b.WriteByte(s[n])
		}
	}
	return append(out, b.String()), true
}
