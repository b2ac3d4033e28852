package risk

import (
	"bytes"
	"cmp"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
)

// FindingDiff says what became of one finding between two analyses. Findings are matched by identity.
type FindingDiff struct {
	// Finding is the identity of the finding.
	Finding string `json:"finding"`
	// Title is its title in the new analysis, in the old one where it is gone.
	Title string `json:"title"`
	// Kind is what became of it; of several things the first in the order of [DiffKind.Values].
	Kind DiffKind `json:"kind"`
	// Parts are the members of the finding that differ, in the order of its JSON; empty for new, gone and unchanged. The
	// name of a threat, vulnerability, condition or safeguard stands here too where only the entry behind it changed.
	Parts []string `json:"parts,omitempty"`
	// From is the current level in the old analysis, on the scale of the old one; not assessed for a new finding.
	From Level `json:"from"`
	// To is the current level in the new analysis, on the scale of the new one; not assessed for one that is gone.
	To Level `json:"to"`
	// Direction says how the two levels stand to each other.
	Direction Direction `json:"direction"`
	// Reason says why it is gone, where the new analysis was carried forward and says so.
	Reason string `json:"reason,omitempty"`
}

// Rescored reports whether the inherent or the current score differs, also where another kind was named first.
func (d FindingDiff) Rescored() bool { return d.has(partScore) }

// Retreated reports whether the treatment differs: safeguards, measures, residual or target.
func (d FindingDiff) Retreated() bool { return d.has(partTreatment) }

func (d FindingDiff) has(kind partKind) bool {
	return slices.ContainsFunc(d.Parts, func(name string) bool {
		return slices.ContainsFunc(parts(), func(p part) bool { return p.name == name && p.kind == kind })
	})
}

// Difference is what changed between two analyses. It is a view and no record.
type Difference struct {
	// Old is the earlier analysis.
	Old hipaasmp.Ref `json:"old"`
	// New is the later one.
	New hipaasmp.Ref `json:"new"`
	// Follows is true where the new analysis names the old one as its predecessor.
	Follows bool `json:"follows"`
	// AcceptableFrom is the acceptable level of the old analysis, on its scale.
	AcceptableFrom Level `json:"acceptable_from"`
	// AcceptableTo is the acceptable level of the new analysis, on its scale.
	AcceptableTo Level `json:"acceptable_to"`
	// Findings are the findings of both, each once, in the order of their identities.
	Findings []FindingDiff `json:"findings,omitempty"`
}

// Of returns the findings of a kind, in the order of their identities.
func (d Difference) Of(kind DiffKind) []FindingDiff {
	var out []FindingDiff
	for _, x := range d.Findings {
		if x.Kind == kind {
			out = append(out, x)
		}
	}
	return out
}

// Diff compares two analyses finding by finding: new, gone, re-scored, re-treated, reworded, or carried forward unchanged.
// Levels of two scales compare only through a [Conversion] that one of the analyses holds, that of the new one first;
// without one the direction says so. The order in which findings were written does not matter.
func Diff(old, new Analysis) Difference {
	d := Difference{Old: old.DocumentRef(), New: new.DocumentRef(), AcceptableFrom: old.AcceptableLevel, AcceptableTo: new.AcceptableLevel,
		Follows: new.Predecessor != nil && new.Predecessor.Newest() == old.DocumentRef()}
	conversions := slices.Concat(new.Conversions, old.Conversions)
	for _, was := range old.Findings {
		if is, ok := new.Finding(was.ID); ok {
			d.Findings = append(d.Findings, diffOf(old.Assessment, new.Assessment, was, is, conversions))
			continue
		}
		gone := FindingDiff{Finding: was.ID, Title: was.Title, Kind: DiffKindGone, From: was.CurrentLevel(), To: LevelNotAssessed, Direction: DirectionNotAssessed}
		for _, c := range new.Carried {
			if c.Finding == was.ID {
				gone.Reason = c.Reason
			}
		}
		d.Findings = append(d.Findings, gone)
	}
	for _, is := range new.Findings {
		if old.place(is.ID) < 0 {
			d.Findings = append(d.Findings, FindingDiff{Finding: is.ID, Title: is.Title, Kind: DiffKindNew, From: LevelNotAssessed, To: is.CurrentLevel(), Direction: DirectionNotAssessed})
		}
	}
	slices.SortStableFunc(d.Findings, func(a, b FindingDiff) int { return cmp.Compare(a.Finding, b.Finding) })
	return d
}

func diffOf(old, new Assessment, was, is Finding, conversions []Conversion) FindingDiff {
	d := FindingDiff{Finding: is.ID, Title: is.Title, Kind: DiffKindUnchanged, From: was.CurrentLevel(), To: is.CurrentLevel(), Direction: directionOf(was.Current, is.Current, conversions)}
	for _, p := range parts() {
		if same(p.of(old, was), p.of(new, is)) {
			continue
		}
		d.Parts = append(d.Parts, p.name)
		kind := [...]DiffKind{partScore: DiffKindRescored, partTreatment: DiffKindRetreated, partWords: DiffKindReworded}[p.kind]
		if order := DiffKind("").Values(); slices.Index(order, kind) < slices.Index(order, d.Kind) {
			d.Kind = kind
		}
	}
	return d
}

// partKind is what a change of a part means.
type partKind int

const (
	partScore partKind = iota
	partTreatment
	partWords
)

// part is one member of a finding, with the entry of the assessment behind it.
type part struct {
	name string
	kind partKind
	of   func(Assessment, Finding) any
}

// parts lists the members of a finding but its identity, in the order of its JSON.
func parts() []part {
	return []part{
		{"title", partWords, func(_ Assessment, x Finding) any { return x.Title }},
		{"assets", partWords, func(_ Assessment, x Finding) any { return x.Assets }},
		{"threat", partWords, func(s Assessment, x Finding) any {
			return behind(s.Threats, []string{x.Threat}, func(t Threat) string { return t.ID })
		}},
		{"vulnerability", partWords, func(s Assessment, x Finding) any {
			return behind(s.Vulnerabilities, []string{x.Vulnerability}, func(v Vulnerability) string { return v.ID })
		}},
		{"conditions", partWords, func(s Assessment, x Finding) any {
			return behind(s.Conditions, x.Conditions, func(c Condition) string { return c.ID })
		}},
		{"safeguards", partTreatment, func(s Assessment, x Finding) any {
			return behind(s.Safeguards, x.Safeguards, func(g Safeguard) string { return g.ID })
		}},
		{"no_safeguards", partTreatment, func(_ Assessment, x Finding) any { return x.NoSafeguards }},
		{"confidentiality", partWords, func(_ Assessment, x Finding) any { return x.Confidentiality }},
		{"integrity", partWords, func(_ Assessment, x Finding) any { return x.Integrity }},
		{"availability", partWords, func(_ Assessment, x Finding) any { return x.Availability }},
		{"inherent", partScore, func(_ Assessment, x Finding) any { return x.Inherent }},
		{"current", partScore, func(_ Assessment, x Finding) any { return x.Current }},
		{"residual", partTreatment, func(_ Assessment, x Finding) any { return x.Residual }},
		{"target", partTreatment, func(_ Assessment, x Finding) any { return x.Target }},
		{"measures", partTreatment, func(_ Assessment, x Finding) any { return x.Measures }},
	}
}

// behind returns the identities with the entries that they stand for.
func behind[T any](entries []T, ids []string, id func(T) string) any {
	out := [][]any{}
	for _, want := range ids {
		row := []any{want}
		for _, e := range entries {
			if id(e) == want {
				row = append(row, e)
			}
		}
		out = append(out, row)
	}
	return out
}

// same compares two values by their canonical JSON, so that an absent list and an empty one are one; what cannot be
// written is never the same.
func same(a, b any) bool {
	x, errA := canon.Marshal([]any{a})
	y, errB := canon.Marshal([]any{b})
	return errA == nil && errB == nil && (bytes.Equal(x, y) || empty(x) && empty(y))
}

func empty(b []byte) bool { return string(b) == "[null]" || string(b) == "[[]]" }
