package detect

import (
	"fmt"
	"io"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Needs says what a role may do and see, as the entity has decided (164.308(a)(4)(ii)(B)). It belongs to
// the product; [ReadMatrix] builds one.
type Needs interface {
	// Needed reports whether the role needs what the event does. Of a role that was never decided on known is false.
	Needed(role string, e *activity.Event) (needed, known bool)
	// Version names the decision.
	Version() string
	// Digest identifies it, see [Terminations].
	Digest() hipaasmp.Digest
}

// Matrix answers from a table of what each role may do. It is built once and not changed.
type Matrix struct {
	version string
	roles   map[string]map[allowed]bool
	digest  hipaasmp.Digest
}

// allowed is a cell of the matrix. An empty part stands for anything.
type allowed struct {
	action activity.Action
	screen string
}

var _ Needs = (*Matrix)(nil)

// ReadMatrix reads a matrix from CSV with the columns role (required), action (a word of [activity.Action]) and screen (what
// the event calls the type of its object, or else the act). An empty action or screen stands for any; a row with the role
// alone and the word none as the action says that the role needs nothing, and is a fault beside rows that say otherwise. The version is what people call the decision.
// The error is a [*TableError] with every fault, or the reader's own.
func ReadMatrix(in io.Reader, version string, o TableOptions) (*Matrix, error) {
	m := &Matrix{version: version, roles: map[string]map[allowed]bool{}}
	nothing, something := map[string]int{}, map[string]int{} // by role, the line that says so
	digest, err := readTable("matrix", in, o, []string{"role", "action", "screen"}, 1, func(t *table) {
		role, cell := t.text(0), allowed{action: activity.Action(t.text(1)), screen: t.text(2)}
		if m.roles[role] == nil {
			m.roles[role] = map[allowed]bool{}
		}
		if cell.action == "none" && cell.screen == "" {
			if line, ok := something[role]; ok {
				t.fault(1, "is none, and line %d says what the role needs; keep one of the two", line)
			}
			nothing[role] = t.line
			return
		}
		if line, ok := nothing[role]; ok {
			t.fault(0, "needs nothing by line %d; keep that or this", line)
		}
		something[role] = t.line
		if cell.action != "" && !cell.action.IsValid() {
			t.fault(1, "is %q; write none, or one of %v", plain(string(cell.action)), cell.action.Values())
		}
		m.roles[role][cell] = true
	})
	if err != nil {
		return nil, err
	}
	m.digest = hipaasmp.DigestOf(fmt.Appendf(nil, "%q %s", version, digest))
	return m, nil
}

// Needed reports whether a row of the role allows the event.
func (m *Matrix) Needed(role string, e *activity.Event) (needed, known bool) {
	cells, known := m.roles[role]
	if !known {
		return false, false
	}
	s := screen(e)
	return cells[allowed{}] || cells[allowed{e.Action, ""}] || cells[allowed{"", s}] || cells[allowed{e.Action, s}], true
}

// Version names the decision.
func (m *Matrix) Version() string { return m.version }

// Digest identifies the table and its version.
func (m *Matrix) Digest() hipaasmp.Digest { return m.digest }

// screen is what was looked at, in the source's own words.
func screen(e *activity.Event) string {
	if s := strings.TrimSpace(e.Object.Type); s != "" {
		return s
	}
	return strings.TrimSpace(e.Act.Name)
}
