package risk

import (
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
)

// WordNotAssessed stands in [ScoreWords] where a part was not judged. No scale can have it as a word of its own.
const WordNotAssessed = string(LevelNotAssessed)

// Step is one word of an axis of a scale of the entity's own, and the [Level] under which it is filed.
type Step struct {
	// Word is what people say, for example "Likely".
	Word string `json:"word" validate:"required,text,max=80"`
	// Level is where it is filed, so that a register can be ranked and drawn. It makes the word no level of another
	// scale.
	Level Level `json:"level" validate:"enum"`
	// Means says when the word is right, for example "more than once a year".
	Means string `json:"means,omitempty" validate:"omitempty,text"`
}

// ScaleRow is one row of the table of a scale of the entity's own.
type ScaleRow struct {
	// Likelihood is the word of the row.
	Likelihood string `json:"likelihood" validate:"required,text"`
	// Risk are the words of risk, one for each word of impact, lowest impact first.
	Risk []string `json:"risk" validate:"min=1,max=20,dive,required,text"`
}

// OwnTables is a scale of the entity's own as data: all that its digest covers. Likelihood and impact have as many words
// as the entity likes, to 20 each, and two neighbours may be filed under one level. Risk has five at most, each filed
// under a level of its own, so that the order of risks is the order of the levels.
type OwnTables struct {
	// ID is the scale's identity; its last segment is the version, for example "riverside/four-by-five/2".
	ID string `json:"id" validate:"required,text"`
	// Source says where the tables come from and who chose them.
	Source string `json:"source" validate:"required,text"`
	// Likelihood are the words of likelihood, lowest first.
	Likelihood []Step `json:"likelihood" validate:"min=2,max=20,dive"`
	// Impact are the words of impact, lowest first.
	Impact []Step `json:"impact" validate:"min=2,max=20,dive"`
	// Risk are the words of risk, lowest first.
	Risk []Step `json:"risk" validate:"min=2,max=5,dive"`
	// Rows is the table, one row for each word of likelihood, lowest first.
	Rows []ScaleRow `json:"rows" validate:"min=1,max=20,dive"`
}

// OwnScale is a scale of the entity's own as it travels with the analysis that uses it, so that its scores can be looked
// up again for as long as the analysis is kept.
type OwnScale struct {
	OwnTables
	// Digest is the SHA-256 digest of the canonical JSON (RFC 8785) of the tables.
	Digest hipaasmp.Digest `json:"digest" validate:"digest"`
}

// Ref returns identity and digest, as the scores carry them.
func (o OwnScale) Ref() ScaleRef { return ScaleRef{ID: o.ID, Digest: o.Digest} }

func (o OwnScale) clone() OwnScale {
	o.OwnTables = o.OwnTables.clone()
	return o
}

func (t OwnTables) clone() OwnTables {
	t.Likelihood, t.Impact, t.Risk = slices.Clone(t.Likelihood), slices.Clone(t.Impact), slices.Clone(t.Risk)
	t.Rows = cloneEach(t.Rows, func(r ScaleRow) ScaleRow {
		r.Risk = slices.Clone(r.Risk)
		return r
	})
	return t
}

// digest is empty, and so never right, for tables that cannot be written.
func (t OwnTables) digest() hipaasmp.Digest {
	b, err := canon.Marshal(t)
	if err != nil {
		return ""
	}
	return hipaasmp.DigestOf(b)
}

// scale makes a scale of tables that were checked.
func (t OwnTables) scale() Scale {
	t = t.clone()
	s := Scale{tables: ScaleTables{ID: t.ID}, digest: t.digest(), source: t.Source, own: &t}
	for _, step := range t.Risk {
		s.tables.Levels = append(s.tables.Levels, step.Level)
	}
	return s
}

// OpenScale makes a scale of tables that travelled with an analysis. Tables that do not hold, and tables whose digest is
// another, are refused with a [*ScaleError].
func OpenScale(o OwnScale) (Scale, error) {
	problems := o.problems()
	if want := o.OwnTables.digest(); o.Digest != want {
		problems = append(problems, scaleProblem{CellError: CellError{Problem: ScaleProblemDigest, Detail: "the tables were changed since; make a new version with BuildScale"}, pointer: "/digest"})
	}
	if len(problems) > 0 {
		return Scale{}, newScaleError(o.ID, problems)
	}
	return o.scale(), nil
}

// Own returns the scale as it travels with an analysis in [Assessment.Scales], and false for a scale of this package,
// which every reader knows.
func (s Scale) Own() (OwnScale, bool) {
	if s.own == nil {
		return OwnScale{}, false
	}
	return OwnScale{OwnTables: s.own.clone(), Digest: s.digest}, true
}

// RiskWord looks a likelihood and an impact up in the table of a scale of the entity's own. It returns [WordNotAssessed]
// where one of the two is not assessed, and false where one is no word of the scale.
func (s Scale) RiskWord(likelihood, impact string) (string, bool) {
	if s.own == nil {
		return WordNotAssessed, false
	}
	i, knownRow := place(s.own.Likelihood, likelihood)
	j, knownColumn := place(s.own.Impact, impact)
	switch {
	case !knownRow || !knownColumn:
		return WordNotAssessed, false
	case i < 0 || j < 0:
		return WordNotAssessed, true
	}
	return s.own.Rows[i].Risk[j], true
}

// place finds a word; it is -1 and true for [WordNotAssessed].
func place(steps []Step, word string) (int, bool) {
	if word == WordNotAssessed {
		return -1, true
	}
	i := slices.IndexFunc(steps, func(s Step) bool { return s.Word == word })
	return i, i >= 0
}

// filed returns the level under which a word is filed.
func filed(steps []Step, word string) Level {
	if i, _ := place(steps, word); i >= 0 {
		return steps[i].Level
	}
	return LevelNotAssessed
}

// words joins the words of an axis for a sentence.
func words(steps []Step) string {
	out := make([]string, len(steps))
	for i, s := range steps {
		out[i] = s.Word
	}
	return strings.Join(out, ", ")
}
