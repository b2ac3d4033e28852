package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// ShapeDrift finds files in which more lines than in the other files of the source could not be read, look like none before
// them, or lack a time, an actor, a patient, an action or an outcome: C5. A file is found if its share is above that of all other files by more than
// Drift, and if so many lines have a probability below P where the share is as large as that. One finding is one file and
// one lack. [Scan] gives the lines that could not be read and the number of those that look like none.
type ShapeDrift struct {
	// Drift is the share above the others, from 0 to 1; 0 is 0.001.
	Drift float64
	// P is the probability; 0 is 0.0001.
	P float64
}

func (d ShapeDrift) settings() (drift, p float64) { return cmp.Or(d.Drift, 1e-3), cmp.Or(d.P, 1e-4) }

// Describe returns what a review records of the detector.
func (d ShapeDrift) Describe() Description {
	drift, p := d.settings()
	return Description{
		ID: IDShapeDrift, Version: 2, Title: "File in which more is missing than in others",
		Parameters:     []Parameter{{"drift", fmt.Sprint(drift)}, {"p", fmt.Sprint(p)}},
		FalsePositives: "An upgrade of the system that writes the log; a file of another kind among the others.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAuditControls},
	}
}

// lacks are what a line may lack, in the order in which states hold them.
var lacks = [...]string{"could not be read", "have no time", "name no actor", "name no patient", "have no known action", "have no known outcome"}

// unlike is what a line does that looks like none before it. It is no place in lacks: only its number is known.
const unlike = "look like none before them"

// fileShape counts the lines of a file and what they lack.
type fileShape struct {
	Lines int64                `json:"lines"`
	Views int64                `json:"views"` // the lines that should name a patient
	Lack  [len(lacks)]int64    `json:"lack"`
	First [len(lacks)]EventRef `json:"first"` // the first line that lacks it, in the order of references
	Fell  int64                `json:"fell,omitempty"`
}

type shapeState struct {
	ShapeDrift
	files map[clockKey]*fileShape
	last  lastFile[fileShape]
}

func (s *shapeState) of(k clockKey) *fileShape {
	x := s.files[k]
	if x == nil {
		k = clockKey{plain(k.source), plain(k.file)}
		if x = s.files[k]; x == nil {
			x = &fileShape{}
			s.files[k] = x
		}
	}
	return x
}

func (x *fileShape) lack(i int, r EventRef) {
	if x.Lack[i]++; x.Lack[i] == 1 || r.compare(x.First[i]) < 0 {
		x.First[i] = r
	}
}

func (s *shapeState) add(e *met) {
	x := s.last.of(clockKey{e.Source, e.Raw.File}, s.of)
	x.Lines++
	if e.Recorded.IsZero() {
		x.lack(1, e.ref())
	}
	if !e.Actor.Resolved() {
		x.lack(2, e.ref())
	}
	switch e.Family {
	case activity.FamilyView, activity.FamilyEdit, activity.FamilyPrintExport, activity.FamilySearch, activity.FamilyOverride:
		x.Views++
		if len(e.Patients) == 0 {
			x.lack(3, e.ref())
		}
	}
	if e.Action == activity.ActionUnknown || e.Action == "" {
		x.lack(4, e.ref())
	}
	if e.Outcome == activity.OutcomeUnknown || e.Outcome == "" {
		x.lack(5, e.ref())
	}
}

func (s *shapeState) defect(source string, d activity.Defect) {
	x := s.of(clockKey{source, d.Raw.File})
	x.Lines++
	x.lack(0, EventRef{Source: plain(source), Raw: activity.Raw{File: plain(d.Raw.File), Offset: d.Raw.Offset, Length: d.Raw.Length}})
}

func (s *shapeState) file(source string, f ScannedFile) {
	if f.FellBack > 0 {
		s.of(clockKey{source, f.Name}).Fell += f.FellBack
	}
}

func (x *fileShape) add(o *fileShape) {
	x.Lines += o.Lines
	x.Views += o.Views
	x.Fell += o.Fell
	for i := range lacks {
		if o.Lack[i] > 0 && (x.Lack[i] == 0 || o.First[i].compare(x.First[i]) < 0) {
			x.First[i] = o.First[i]
		}
		x.Lack[i] += o.Lack[i]
	}
}

func (s *shapeState) merge(other *shapeState) {
	for k, theirs := range other.files {
		s.of(k).add(theirs)
	}
}

type shapeWritten struct {
	Source string    `json:"source"`
	File   string    `json:"file"`
	Shape  fileShape `json:"shape"`
}

func (s *shapeState) inOrder() []clockKey {
	return slices.SortedFunc(maps.Keys(s.files), func(a, b clockKey) int { return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.file, b.file)) })
}

func (s *shapeState) written() any {
	out := []shapeWritten{}
	for _, k := range s.inOrder() {
		out = append(out, shapeWritten{k.source, k.file, *s.files[k]})
	}
	return out
}

func (s *shapeState) read(data []byte) bool {
	var in []shapeWritten
	if !strict(data, &in) || in == nil {
		return false
	}
	for _, w := range in {
		x := w.Shape
		if !isPlain(w.Source) || !isPlain(w.File) || x.Lines < 0 || x.Lines > 1<<53 || x.Fell < 0 || x.Fell > 1<<53 || x.Lines == 0 && x.Fell == 0 || x.Views < 0 || x.Views > x.Lines {
			return false
		}
		for i := range lacks {
			if x.Lack[i] < 0 || x.Lack[i] > x.Lines || !x.First[i].sound() || x.Lack[i] == 0 && x.First[i] != (EventRef{}) {
				return false
			}
		}
		s.files[clockKey{w.Source, w.File}] = &x
	}
	return true
}

// of is the number of lines that could lack it.
func (x *fileShape) of(i int) int64 {
	if i == 3 {
		return x.Views
	}
	return x.Lines
}

func (s *shapeState) find(desc Description) []Finding {
	drift, p := s.settings()
	all := map[string]*fileShape{}
	for k, x := range s.files {
		if all[k.source] == nil {
			all[k.source] = &fileShape{}
		}
		all[k.source].Lines += x.Lines
		all[k.source].Views += x.Views
		all[k.source].Fell += x.fell()
		for i := range lacks {
			all[k.source].Lack[i] += x.Lack[i]
		}
	}
	var out []Finding
	for _, k := range s.inOrder() {
		x, sum := s.files[k], all[k.source]
		found := func(aspect string, n, of, others, rest int64, what string, first EventRef, whom string) {
			usual := 0.0
			if rest > 0 {
				usual = float64(others) / float64(rest)
			}
			if n == 0 || float64(n)/float64(of) <= usual+drift || binomialUpper(n, of, usual+drift) >= p {
				return
			}
			severity := SeverityLow
			if 2*n >= of {
				severity = SeverityModerate
			}
			out = append(out, desc.finding(aspect+" "+k.source+" "+k.file, severity, "", []EventRef{first},
				fmt.Sprintf("%d of %d lines of %s %s", n, of, named(k.file, "a file without a name"), what),
				fmt.Sprintf("in the other files of the source %d of %d do; the setting is %v more", others, rest, drift), whom))
		}
		for i, what := range lacks {
			n, of := x.Lack[i], x.of(i)
			found(fmt.Sprint("lack ", i), n, of, sum.Lack[i]-n, sum.of(i)-of, what, x.First[i], "the finding names the first of them")
		}
		found("unlike", x.fell(), x.Lines, sum.Fell-x.fell(), sum.Lines-x.Lines, unlike, EventRef{Source: k.source, Raw: activity.Raw{File: k.file}},
			"the finding names the file: the source may have been upgraded")
	}
	return out
}

// fell is how many lines look like none before them. Lines that were delivered twice are no lines here.
func (x *fileShape) fell() int64 { return min(x.Fell, x.Lines) }

func (d ShapeDrift) rule() summarise[*shapeState] {
	return summarise[*shapeState]{d.Describe(), func() *shapeState { return &shapeState{ShapeDrift: d, files: map[clockKey]*fileShape{}} }}
}

// New returns the state of no events.
func (d ShapeDrift) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d ShapeDrift) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
