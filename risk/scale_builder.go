package risk

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// ScaleProblem is what is wrong with one place of a scale.
type ScaleProblem string

const (
	// ScaleProblemIdentity: the identity has no version, or is that of a scale of this package.
	ScaleProblemIdentity ScaleProblem = "identity"
	// ScaleProblemSize: an axis has too few or too many words.
	ScaleProblemSize ScaleProblem = "size"
	// ScaleProblemWord: a word is empty, is no plain text or is reserved.
	ScaleProblemWord ScaleProblem = "word"
	// ScaleProblemLevel: a word is filed under no level, or under one that goes down where the words go up.
	ScaleProblemLevel ScaleProblem = "level"
	// ScaleProblemDuplicate: a word or a row stands twice.
	ScaleProblemDuplicate ScaleProblem = "duplicate"
	// ScaleProblemOrder: a row does not stand in the place of its word.
	ScaleProblemOrder ScaleProblem = "order"
	// ScaleProblemUnknown: a row or a cell holds a word that its axis does not have.
	ScaleProblemUnknown ScaleProblem = "unknown"
	// ScaleProblemMissing: a cell is missing.
	ScaleProblemMissing ScaleProblem = "missing"
	// ScaleProblemExtra: a row has more cells than there are words of impact.
	ScaleProblemExtra ScaleProblem = "extra"
	// ScaleProblemMonotone: the risk goes down where likelihood or impact goes up.
	ScaleProblemMonotone ScaleProblem = "not_monotone"
	// ScaleProblemDigest: the digest is not that of the tables.
	ScaleProblemDigest ScaleProblem = "digest"
)

// Values returns the members of the enumeration.
func (ScaleProblem) Values() []ScaleProblem {
	return []ScaleProblem{ScaleProblemIdentity, ScaleProblemSize, ScaleProblemWord, ScaleProblemLevel, ScaleProblemDuplicate,
		ScaleProblemOrder, ScaleProblemUnknown, ScaleProblemMissing, ScaleProblemExtra, ScaleProblemMonotone, ScaleProblemDigest}
}

// IsValid reports whether p is a member.
func (p ScaleProblem) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.ScaleProblem", []byte(p), p.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (p ScaleProblem) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.ScaleProblem", p, p.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (p *ScaleProblem) UnmarshalText(text []byte) (err error) {
	*p, err = hipaasmp.ParseEnum("risk.ScaleProblem", text, p.Values())
	return err
}

// CellError is one thing that is wrong with a scale, at one place of it.
type CellError struct {
	// Problem says what kind of fault it is.
	Problem ScaleProblem
	// Axis is "likelihood", "impact" or "risk" where a word is at fault; empty for a cell and for the scale as a whole.
	Axis string
	// Likelihood and Impact name the cell, or with Axis the word. Impact is empty where a whole row is at fault.
	Likelihood, Impact string
	// Detail says what is wrong and what to do.
	Detail string
}

func (e *CellError) Error() string {
	switch {
	case e.Axis != "":
		return fmt.Sprintf("%s of %s: %s", e.Problem, e.Axis, e.Detail)
	case e.Impact != "":
		return fmt.Sprintf("%s at cell (%s, %s): %s", e.Problem, e.Likelihood, e.Impact, e.Detail)
	case e.Likelihood != "":
		return fmt.Sprintf("%s at row %s: %s", e.Problem, e.Likelihood, e.Detail)
	}
	return fmt.Sprintf("%s: %s", e.Problem, e.Detail)
}

// ScaleError says why tables are no scale: everything that is wrong, each with its cell.
type ScaleError struct {
	// Scale is the identity that was given.
	Scale string
	// Cells is never empty.
	Cells []*CellError
}

func (e *ScaleError) Error() string {
	const most = 3
	var b strings.Builder
	fmt.Fprintf(&b, "risk: %q is no scale: ", e.Scale)
	for i, c := range e.Cells {
		if i == most {
			fmt.Fprintf(&b, "; and %d more", len(e.Cells)-most)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(c.Error())
	}
	return b.String()
}

// Unwrap gives errors.As access to each [*CellError].
func (e *ScaleError) Unwrap() []error {
	out := make([]error, len(e.Cells))
	for i, c := range e.Cells {
		out[i] = c
	}
	return out
}

func newScaleError(id string, problems []scaleProblem) *ScaleError {
	e := &ScaleError{Scale: id}
	for _, p := range problems {
		e.Cells = append(e.Cells, &p.CellError)
	}
	return e
}

// ScaleBuilder builds a scale of the entity's own, of any number of likelihoods and impacts. Begin with [BuildScale];
// each step returns a new builder, and [ScaleBuilder.Scale] checks the whole.
type ScaleBuilder struct {
	tables OwnTables
}

// BuildScale begins a scale. The last segment of the identity is its version, for example "riverside/four-by-five/2": a
// scale is never changed, a changed one is a new version. source says where the tables come from and who chose them.
func BuildScale(id, source string) ScaleBuilder {
	return ScaleBuilder{tables: OwnTables{ID: id, Source: source}}
}

// Likelihood sets the words of likelihood, lowest first.
func (b ScaleBuilder) Likelihood(steps ...Step) ScaleBuilder {
	b.tables.Likelihood = slices.Clone(steps)
	return b
}

// Impact sets the words of impact, lowest first.
func (b ScaleBuilder) Impact(steps ...Step) ScaleBuilder {
	b.tables.Impact = slices.Clone(steps)
	return b
}

// Risk sets the words of risk, lowest first, five at most, each filed under a level of its own.
func (b ScaleBuilder) Risk(steps ...Step) ScaleBuilder {
	b.tables.Risk = slices.Clone(steps)
	return b
}

// Row adds the row of a likelihood: its risks, lowest impact first. Rows may come in any order.
func (b ScaleBuilder) Row(likelihood string, risks ...string) ScaleBuilder {
	b.tables.Rows = append(slices.Clone(b.tables.Rows), ScaleRow{Likelihood: likelihood, Risk: slices.Clone(risks)})
	return b
}

// Scale checks what was built. Tables in which a cell is missing or stands twice, or in which the risk goes down where
// likelihood or impact goes up, are refused: the error is a [*ScaleError] with everything that is wrong, and errors.As
// reaches the first [*CellError], which names the cell.
func (b ScaleBuilder) Scale() (Scale, error) {
	t := b.tables.clone()
	slices.SortStableFunc(t.Rows, func(x, y ScaleRow) int {
		return rowPlace(t.Likelihood, x) - rowPlace(t.Likelihood, y)
	})
	if problems := t.problems(); len(problems) > 0 {
		return Scale{}, newScaleError(t.ID, problems)
	}
	return t.scale(), nil
}

// rowPlace puts rows of an unknown word last.
func rowPlace(steps []Step, r ScaleRow) int {
	i := slices.IndexFunc(steps, func(s Step) bool { return s.Word == r.Likelihood })
	if i < 0 {
		return len(steps)
	}
	return i
}
