package risk

import (
	"fmt"
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
}

// NewScore looks a judgment up in the tables of the scale. A likelihood without an impact has no rating: the level is
// then [LevelNotAssessed]. The error is a [*hipaasmp.ValidationError] with pointers into the score.
func NewScore(scale Scale, j Judgment, by hipaasmp.Actor, at time.Time) (Score, error) {
	likelihood := scale.Likelihood(j.Initiation, j.Adverse)
	s := Score{
		Initiation: j.Initiation, Adverse: j.Adverse, Likelihood: likelihood,
		Impact: j.Impact, Level: scale.Risk(likelihood, j.Impact),
		Scale: scale.Ref(), By: by, At: hipaasmp.Instant(at),
	}
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, append(validate.Shape(s), s.Faults("")...)); err != nil {
		return Score{}, err
	}
	return s, nil
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
// holds a score calls it from its own Validate; the shape of the score is checked with the shape of the document.
func (s Score) Faults(base string) []hipaasmp.Fault {
	var f validate.Faults
	scale, known := scaleOf(s.Scale)
	if !known {
		if s.Scale != (ScaleRef{}) { // an absent scale is a fault of shape already
			f.Add(FaultScale, base+"/scale", "is a scale, or a version of its tables, that this version does not know; use one of Scales")
		}
		return f.List()
	}
	for _, part := range []struct {
		name  string
		level Level
	}{{"initiation", s.Initiation}, {"adverse", s.Adverse}, {"impact", s.Impact}} {
		if part.level.Assessed() && !scale.Has(part.level) {
			f.Add(FaultScale, base+"/"+part.name, "%q is not a level of %s", part.level, scale.ID())
		}
	}
	lookUp := func(name string, got, want Level) {
		if got != want && got.IsValid() {
			f.Cite(FaultScore, hipaasmp.CiteRiskAnalysis, base+"/"+name, "is %s where %s gives %s; make scores with NewScore", got, scale.ID(), want)
		}
	}
	likelihood := scale.Likelihood(s.Initiation, s.Adverse)
	lookUp("likelihood", s.Likelihood, likelihood)
	lookUp("level", s.Level, scale.Risk(likelihood, s.Impact))
	return f.List()
}

// String returns the level of risk and where it comes from, for example "high (likelihood high, impact very_high)".
func (s Score) String() string {
	return fmt.Sprintf("%s (likelihood %s, impact %s)", s.Level, s.Likelihood, s.Impact)
}
