package risk

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// scaleProblem is a [CellError] with the place of the cell in the JSON of the tables.
type scaleProblem struct {
	CellError
	pointer string
}

// problems returns everything that is wrong with the tables. It copes with tables of any shape.
func (t OwnTables) problems() []scaleProblem {
	var out []scaleProblem
	add := func(pointer string, e CellError) { out = append(out, scaleProblem{CellError: e, pointer: pointer}) }

	for _, s := range Scales() {
		if s.ID() == t.ID {
			add("/id", CellError{Problem: ScaleProblemIdentity, Detail: fmt.Sprintf("%q is a scale of this module; give your own another name", t.ID)})
		}
	}
	if !versioned(t.ID) {
		add("/id", CellError{Problem: ScaleProblemIdentity, Detail: "does not end in a version; write it as name/1"})
	}
	if !hipaasmp.ValidText(t.Source) {
		add("/source", CellError{Problem: ScaleProblemIdentity, Detail: "the source is missing; say where the tables come from and who chose them"})
	}
	for _, axis := range []struct {
		name   string
		steps  []Step
		most   int
		strict bool
	}{{"likelihood", t.Likelihood, 20, false}, {"impact", t.Impact, 20, false}, {"risk", t.Risk, 5, true}} {
		out = append(out, axisProblems(axis.name, axis.steps, axis.most, axis.strict)...)
	}
	return append(out, t.cellProblems()...)
}

// versioned reports whether the identity ends in a slash and a whole number.
func versioned(id string) bool {
	i := strings.LastIndexByte(id, '/')
	if i < 1 || i == len(id)-1 || id[i+1] == '0' {
		return false
	}
	return strings.Trim(id[i+1:], "0123456789") == ""
}

func axisProblems(name string, steps []Step, most int, strict bool) []scaleProblem {
	var out []scaleProblem
	add := func(pointer string, p ScaleProblem, format string, args ...any) {
		out = append(out, scaleProblem{CellError: CellError{Problem: p, Axis: name, Detail: fmt.Sprintf(format, args...)}, pointer: pointer})
	}
	if len(steps) < 2 || len(steps) > most {
		add("/"+name, ScaleProblemSize, "has %d words; give 2 to %d", len(steps), most)
	}
	for i, s := range steps {
		at := hipaasmp.Pointer(name, i)
		switch {
		case !hipaasmp.ValidText(s.Word) || strings.TrimSpace(s.Word) != s.Word || len([]rune(s.Word)) > 80:
			add(at+"/word", ScaleProblemWord, "%q is no word; write 1 to 80 characters of plain text without blanks around", clip(s.Word))
		case strings.EqualFold(s.Word, WordNotAssessed):
			add(at+"/word", ScaleProblemWord, "%q is reserved for what was not judged; leave it out, every scale has it", s.Word)
		}
		if slices.ContainsFunc(steps[:i], func(o Step) bool { return strings.EqualFold(o.Word, s.Word) }) {
			add(at+"/word", ScaleProblemDuplicate, "%q stands twice; give each step a word of its own", clip(s.Word))
		}
		if !s.Level.Assessed() {
			add(at+"/level", ScaleProblemLevel, "%q is filed under no level; file it under one of the five", clip(s.Word))
			continue
		}
		if i == 0 {
			continue
		}
		if order, ok := s.Level.Compare(steps[i-1].Level); ok && (order < 0 || strict && order == 0) {
			add(at+"/level", ScaleProblemLevel, "%q is filed under %s and %q below it under %s; levels go up with the words", clip(s.Word), s.Level, clip(steps[i-1].Word), steps[i-1].Level)
		}
	}
	return out
}

// cellProblems checks the rows against the axes: each row once and in order, each cell there, known, and not below its
// neighbours of lower likelihood and lower impact.
func (t OwnTables) cellProblems() []scaleProblem {
	var out []scaleProblem
	cells := map[[2]int]int{} // likelihood, impact: place of the risk
	seen := map[int]bool{}
	for i, r := range t.Rows {
		at := hipaasmp.Pointer("rows", i)
		add := func(pointer, impact string, p ScaleProblem, format string, args ...any) {
			out = append(out, scaleProblem{CellError: CellError{Problem: p, Likelihood: r.Likelihood, Impact: impact, Detail: fmt.Sprintf(format, args...)}, pointer: at + pointer})
		}
		row, known := place(t.Likelihood, r.Likelihood)
		switch {
		case !known || row < 0:
			add("/likelihood", "", ScaleProblemUnknown, "is no word of likelihood; use one of: %s", words(t.Likelihood))
			continue
		case seen[row]:
			add("/likelihood", "", ScaleProblemDuplicate, "the row is given twice; give each row once")
			continue
		case row != i && len(t.Rows) == len(t.Likelihood):
			add("/likelihood", "", ScaleProblemOrder, "is not in the place of its word; list rows as likelihood lists its words")
		}
		seen[row] = true
		for j, risk := range r.Risk {
			if j >= len(t.Impact) {
				add(hipaasmp.Pointer("risk", j), "", ScaleProblemExtra, "has %d cells for %d words of impact; give one each", len(r.Risk), len(t.Impact))
				break
			}
			k, known := place(t.Risk, risk)
			if !known || k < 0 {
				add(hipaasmp.Pointer("risk", j), t.Impact[j].Word, ScaleProblemUnknown, "%q is no word of risk; use one of: %s", clip(risk), words(t.Risk))
				continue
			}
			cells[[2]int{row, j}] = k
		}
		for j := len(r.Risk); j < len(t.Impact); j++ {
			add("/risk", t.Impact[j].Word, ScaleProblemMissing, "the cell is missing; give a risk for every impact")
		}
	}
	for i, step := range t.Likelihood {
		if !seen[i] && len(t.Impact) > 0 {
			out = append(out, scaleProblem{CellError: CellError{Problem: ScaleProblemMissing, Likelihood: step.Word, Impact: t.Impact[0].Word,
				Detail: "the cell is missing, and its whole row; give a row for every likelihood"}, pointer: "/rows"})
		}
	}
	return append(out, t.falls(cells)...)
}

// falls lists the cells whose risk is lower than that of the cell before them in their row or above them in their column.
func (t OwnTables) falls(cells map[[2]int]int) []scaleProblem {
	var out []scaleProblem
	for i := range t.Likelihood {
		for j := range t.Impact {
			here, ok := cells[[2]int{i, j}]
			if !ok {
				continue
			}
			for _, lower := range [][2]int{{i - 1, j}, {i, j - 1}} {
				if there, ok := cells[lower]; ok && there > here {
					out = append(out, scaleProblem{pointer: hipaasmp.Pointer("rows", i, "risk", j), CellError: CellError{
						Problem: ScaleProblemMonotone, Likelihood: t.Likelihood[i].Word, Impact: t.Impact[j].Word,
						Detail: fmt.Sprintf("is %s, but (%s, %s) is %s; risk does not go down where likelihood or impact goes up",
							t.Risk[here].Word, t.Likelihood[lower[0]].Word, t.Impact[lower[1]].Word, t.Risk[there].Word)}})
				}
			}
		}
	}
	return out
}

// openScales makes scales of those that travel with an assessment and adds a fault for each that does not hold. A scale
// that does not hold is left out, so that the scores that name it are refused as well.
func openScales(f *validate.Faults, own []OwnScale) []Scale {
	var out []Scale
	seen := map[string]bool{}
	for i, o := range own {
		at := hipaasmp.Pointer("scales", i)
		if seen[o.ID] {
			f.Add(hipaasmp.FaultIdentity, at+"/id", "%q is the identity of another scale of this analysis; a changed scale is a new version", clip(o.ID))
		}
		seen[o.ID] = true
		problems := o.problems()
		for _, p := range problems {
			f.Add(FaultOwnScale, at+p.pointer, "%s", p.Error())
		}
		if o.Digest != o.OwnTables.digest() {
			f.Add(FaultOwnScale, at+"/digest", "is not that of the tables; they were changed since, make a new version with BuildScale")
		} else if len(problems) == 0 {
			out = append(out, o.scale())
		}
	}
	return out
}

// clip keeps hostile input from filling a message.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
