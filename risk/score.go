package risk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Judgment is what a person judges for one threat that exploits one vulnerability. Everything else in a [Score] is
// looked up. What was not judged is [LevelNotAssessed], never left empty.
type Judgment struct {
	// Initiation is the likelihood that the threat is initiated, or occurs.
	Initiation Level
	// Adverse is the likelihood that it then has an adverse impact.
	Adverse Level
	// Impact is the impact on the confidentiality, integrity or availability of ePHI.
	Impact Level
}

// Score is a judgment and what the scale's tables make of it: the overall likelihood and the level of risk. Make one
// with [NewScore]; a level that is written by hand and that the tables do not give is refused with [FaultScore].
type Score struct {
	// Initiation is the likelihood that the threat is initiated, or occurs.
	Initiation Level `json:"initiation" validate:"enum"`
	// Adverse is the likelihood that it then has an adverse impact.
	Adverse Level `json:"adverse" validate:"enum"`
	// Likelihood is the overall likelihood, looked up from the two before.
	Likelihood Level `json:"likelihood" validate:"enum"`
	// Impact is the level of impact.
	Impact Level `json:"impact" validate:"enum"`
	// Level is the level of risk, looked up from likelihood and impact; not assessed where either is.
	Level Level `json:"level" validate:"enum"`
	// Scale names the scale and fixes its tables.
	Scale ScaleRef `json:"scale"`
	// By is the person who judged.
	By hipaasmp.Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// Rationale says why these levels, in the judge's words.
	Rationale string `json:"rationale,omitempty" validate:"omitempty,text"`
	// Words are the words of a scale of the entity's own; absent on the scales of this package. Such a scale judges
	// likelihood in one step, so Initiation and Adverse are then not assessed.
	Words ScoreWords `json:"words,omitzero" validate:"omitempty"`
	// Tables is the scale of the entity's own where the score stands outside the analysis that holds it; see
	// [Score.WithTables]. It is shared between copies and never changed.
	Tables *OwnScale `json:"tables,omitempty"`
}

// ScoreWords are a likelihood, an impact and the risk that the table gives, in the words of a scale of the entity's own.
// What was not judged is [WordNotAssessed].
type ScoreWords struct {
	// Likelihood is the overall likelihood.
	Likelihood string `json:"likelihood" validate:"required,text"`
	// Impact is the impact on the confidentiality, integrity or availability of ePHI.
	Impact string `json:"impact" validate:"required,text"`
	// Risk is looked up from the two; not assessed where either is.
	Risk string `json:"risk" validate:"required,text"`
}

// NewScore looks a judgment up in the tables of the scale; for a scale of the entity's own use [NewScoreInWords]. A likelihood without an impact has no rating: the level is
// then [LevelNotAssessed]. The error is a [*hipaasmp.ValidationError] with pointers into the score.
func NewScore(scale Scale, j Judgment, by hipaasmp.Actor, at time.Time) (Score, error) {
	likelihood := scale.Likelihood(j.Initiation, j.Adverse)
	s := Score{
		Initiation: j.Initiation, Adverse: j.Adverse, Likelihood: likelihood,
		Impact: j.Impact, Level: scale.Risk(likelihood, j.Impact),
		Scale: scale.Ref(), By: by, At: hipaasmp.Instant(at),
	}
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, append(validate.Shape(s), s.Faults("", scale)...)); err != nil {
		return Score{}, err
	}
	return s, nil
}

// NewScoreInWords looks a likelihood and an impact up in the table of a scale of the entity's own, in its words or
// [WordNotAssessed]. The error is a [*hipaasmp.ValidationError] with pointers into the score. The tables have to travel
// with the score: put [Scale.Own] into [Assessment.Scales], or take [Score.WithTables].
func NewScoreInWords(scale Scale, likelihood, impact string, by hipaasmp.Actor, at time.Time) (Score, error) {
	s := Score{
		Initiation: LevelNotAssessed, Adverse: LevelNotAssessed, Likelihood: LevelNotAssessed, Impact: LevelNotAssessed, Level: LevelNotAssessed,
		Words: ScoreWords{Likelihood: likelihood, Impact: impact, Risk: WordNotAssessed},
		Scale: scale.Ref(), By: by, At: hipaasmp.Instant(at),
	}
	if own := scale.own; own != nil {
		s.Words.Risk, _ = scale.RiskWord(likelihood, impact)
		s.Likelihood, s.Impact, s.Level = filed(own.Likelihood, likelihood), filed(own.Impact, impact), filed(own.Risk, s.Words.Risk)
	}
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, append(validate.Shape(s), s.Faults("", scale)...)); err != nil {
		return Score{}, err
	}
	return s, nil
}

// WithTables returns the score with the scale of the entity's own beside it, so that a document that is not the analysis
// can hold it and look it up again. A scale of this package is not put beside: every reader knows it.
func (s Score) WithTables(scale Scale) Score {
	s.Tables = nil
	if own, ok := scale.Own(); ok && scale.Ref() == s.Scale {
		s.Tables = &own
	}
	return s
}

func (s Score) clone() Score {
	if s.Tables != nil {
		o := s.Tables.clone()
		s.Tables = &o
	}
	return s
}

// Assessed reports whether the score has a level of risk.
func (s Score) Assessed() bool { return s.Level.Assessed() }

// Compare compares the levels of risk of two scores on the same scale, as [Level.Compare] does. Scores on different
// scales, and scores without a level, do not compare: the second result is false.
func (s Score) Compare(other Score) (order int, ok bool) {
	if s.Scale != other.Scale {
		return 0, false
	}
	return s.Level.Compare(other.Level)
}

// Faults looks the score up again and returns every rule that it breaks, with pointers below base. A document that
// holds a score calls it from its own Validate; the shape of the score is checked with the shape of the document. scales
// are those of the entity's own that travel with the document, besides the one that the score itself may carry.
func (s Score) Faults(base string, scales ...Scale) []hipaasmp.Fault {
	var f validate.Faults
	if s.Tables != nil {
		scale, err := OpenScale(*s.Tables)
		switch {
		case err != nil:
			f.Add(FaultOwnScale, base+"/tables", "%s", strings.TrimPrefix(err.Error(), "risk: "))
		case scale.Ref() != s.Scale:
			f.Add(FaultScale, base+"/tables", "are those of %s, but the score is on %s; use WithTables", scale.ID(), clip(s.Scale.ID))
		default:
			scales = append(slices.Clone(scales), scale)
		}
	}
	scale, known := scaleOf(s.Scale, scales)
	switch {
	case !known && s.Scale != (ScaleRef{}): // an absent scale is a fault of shape already
		f.Add(FaultScale, base+"/scale", "is a scale, or a version of its tables, that is not known here; use one of Scales, or let the tables of your own travel with it")
	case known && scale.own != nil:
		s.wordFaults(&f, base, scale)
	case known:
		s.levelFaults(&f, base, scale)
	}
	return f.List()
}

// levelFaults looks the levels up in the tables of a scale of this package.
func (s Score) levelFaults(f *validate.Faults, base string, scale Scale) {
	if s.Words != (ScoreWords{}) {
		f.Add(FaultScale, base+"/words", "are given, but %s has no words of its own; leave them out", scale.ID())
	}
	for _, part := range []struct {
		name  string
		level Level
	}{{"initiation", s.Initiation}, {"adverse", s.Adverse}, {"impact", s.Impact}} {
		if part.level.Assessed() && !scale.Has(part.level) {
			f.Add(FaultScale, base+"/"+part.name, "%q is not a level of %s", part.level, scale.ID())
		}
	}
	likelihood := scale.Likelihood(s.Initiation, s.Adverse)
	s.lookUp(f, base, scale, "likelihood", s.Likelihood, likelihood)
	s.lookUp(f, base, scale, "level", s.Level, scale.Risk(likelihood, s.Impact))
}

// wordFaults looks the words up in the table of a scale of the entity's own, and the levels that they are filed under.
func (s Score) wordFaults(f *validate.Faults, base string, scale Scale) {
	if s.Words == (ScoreWords{}) {
		f.Add(FaultScale, base+"/words", "are missing; %s is judged in its own words, make scores with NewScoreInWords", scale.ID())
		return
	}
	for _, part := range []struct {
		name, word string
		steps      []Step
	}{{"likelihood", s.Words.Likelihood, scale.own.Likelihood}, {"impact", s.Words.Impact, scale.own.Impact}} {
		if _, ok := place(part.steps, part.word); !ok && part.word != "" {
			f.Add(FaultScale, base+"/words/"+part.name, "%q is no word of %s; use one of: %s, %s", clip(part.word), scale.ID(), words(part.steps), WordNotAssessed)
		}
	}
	risk, _ := scale.RiskWord(s.Words.Likelihood, s.Words.Impact)
	if s.Words.Risk != risk && s.Words.Risk != "" {
		f.Cite(FaultScore, hipaasmp.CiteRiskAnalysis, base+"/words/risk", "is %q where %s gives %q; make scores with NewScoreInWords", clip(s.Words.Risk), scale.ID(), risk)
	}
	for _, part := range []struct {
		name      string
		got, want Level
	}{
		{"initiation", s.Initiation, LevelNotAssessed}, {"adverse", s.Adverse, LevelNotAssessed},
		{"likelihood", s.Likelihood, filed(scale.own.Likelihood, s.Words.Likelihood)}, {"impact", s.Impact, filed(scale.own.Impact, s.Words.Impact)},
		{"level", s.Level, filed(scale.own.Risk, risk)},
	} {
		s.lookUp(f, base, scale, part.name, part.got, part.want)
	}
}

// lookUp adds a fault where a level is not the one that the scale gives.
func (Score) lookUp(f *validate.Faults, base string, scale Scale, name string, got, want Level) {
	if got != want && got.IsValid() {
		f.Cite(FaultScore, hipaasmp.CiteRiskAnalysis, base+"/"+name, "is %s where %s gives %s; make scores with NewScore", got, scale.ID(), want)
	}
}

// String returns the level of risk and where it comes from, for example "high (likelihood high, impact very_high)", in the
// words of the entity's own scale where it has some.
func (s Score) String() string {
	if w := s.Words; w != (ScoreWords{}) {
		return fmt.Sprintf("%s (likelihood %s, impact %s)", w.Risk, w.Likelihood, w.Impact)
	}
	return fmt.Sprintf("%s (likelihood %s, impact %s)", s.Level, s.Likelihood, s.Impact)
}
