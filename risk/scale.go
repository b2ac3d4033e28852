package risk

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
)

// ScaleRef names the scale of a score and fixes its tables, so that a score can be looked up again for as long as it
// is kept, and a new scale never re-scores history.
type ScaleRef struct {
	// ID is the scale's identity, for example "nist-sp800-30r1/five-level/1".
	ID string `json:"id" validate:"required,text"`
	// Digest is the digest of the scale's tables; see [Scale.Digest].
	Digest hipaasmp.Digest `json:"digest" validate:"digest"`
}

// ScaleTables is a scale as data: all that its digest covers. The row and column of a level are its place in Levels.
type ScaleTables struct {
	// ID is the scale's identity; its last segment is the version.
	ID string `json:"id"`
	// Levels are the levels that the scale uses, lowest first.
	Levels []Level `json:"levels"`
	// Likelihood[i][j] is the overall likelihood for likelihood of initiation i and likelihood of adverse impact j.
	Likelihood [][]Level `json:"likelihood"`
	// Risk[i][j] is the level of risk for overall likelihood i and impact j.
	Risk [][]Level `json:"risk"`
	// BinFrom[i] is where the bin of level i begins on the scale from 0 to BinTop. A bin reaches to the beginning of the
	// next, which it does not contain; the last contains BinTop.
	BinFrom []int `json:"bin_from"`
	// BinTop is the highest score.
	BinTop int `json:"bin_top"`
	// Values[i] is the value of level i from 0 to 10.
	Values []int `json:"values"`
}

// clone returns tables that share nothing with t.
func (t ScaleTables) clone() ScaleTables {
	t.Levels, t.BinFrom, t.Values = slices.Clone(t.Levels), slices.Clone(t.BinFrom), slices.Clone(t.Values)
	t.Likelihood, t.Risk = cloneRows(t.Likelihood), cloneRows(t.Risk)
	return t
}

func cloneRows(rows [][]Level) [][]Level {
	out := make([][]Level, len(rows))
	for i, r := range rows {
		out[i] = slices.Clone(r)
	}
	return out
}

// Scale is a set of tables with an identity. It is immutable; the zero Scale has no levels and gives
// [LevelNotAssessed] for everything.
type Scale struct {
	tables ScaleTables
	digest hipaasmp.Digest
	source string
	// own are the tables of a scale of the entity's own; then tables holds its identity and its levels of risk only.
	own *OwnTables
}

// newScale computes the digest once. The tables are a constant of this package.
func newScale(t ScaleTables, source string) Scale {
	b, err := canon.Marshal(t)
	if err != nil {
		return Scale{} // a constant of this package; the test of the digest would not have passed
	}
	return Scale{tables: t, digest: hipaasmp.DigestOf(b), source: source}
}

// Scales returns every scale that this version knows by itself. A score that names another is refused, unless its tables
// travel with it; see [BuildScale].
func Scales() []Scale { return []Scale{SP80030(), ThreeLevel()} }

// scaleOf finds the scale that a score names, among those of this package and the others given.
func scaleOf(ref ScaleRef, others []Scale) (Scale, bool) {
	for _, s := range slices.Concat(Scales(), others) {
		if s.Ref() == ref && ref != (ScaleRef{}) {
			return s, true
		}
	}
	return Scale{}, false
}

// ID returns the identity, whose last segment is the version.
func (s Scale) ID() string { return s.tables.ID }

// Digest returns the SHA-256 digest of the canonical JSON (RFC 8785) of [Scale.Tables], for a scale of the entity's own of
// its [OwnTables].
func (s Scale) Digest() hipaasmp.Digest { return s.digest }

// Ref returns identity and digest, as every score carries them.
func (s Scale) Ref() ScaleRef { return ScaleRef{ID: s.tables.ID, Digest: s.digest} }

// Source says where the tables come from.
func (s Scale) Source() string { return s.source }

// Tables returns a copy of the tables. A scale of the entity's own has others; see [Scale.Own].
func (s Scale) Tables() ScaleTables { return s.tables.clone() }

// Levels returns the levels of the scale, lowest first; of a scale of the entity's own, its levels of risk.
// [LevelNotAssessed] is not among them.
func (s Scale) Levels() []Level { return slices.Clone(s.tables.Levels) }

// Has reports whether the scale uses the level.
func (s Scale) Has(l Level) bool { return slices.Contains(s.tables.Levels, l) }

// Likelihood returns the overall likelihood: the row is the likelihood that the threat is initiated or occurs, the
// column the likelihood that it then has an adverse impact. Where one of them is not a level of the scale the result
// is [LevelNotAssessed], and so it is on a scale of the entity's own, which is looked up by its words.
func (s Scale) Likelihood(initiation, adverse Level) Level {
	return s.lookUp(s.tables.Likelihood, initiation, adverse)
}

// Risk returns the level of risk: the row is the overall likelihood, the column the impact. The table is not
// symmetric. Where one of them is not a level of the scale the result is [LevelNotAssessed].
func (s Scale) Risk(likelihood, impact Level) Level {
	return s.lookUp(s.tables.Risk, likelihood, impact)
}

func (s Scale) lookUp(table [][]Level, row, column Level) Level {
	i, j := slices.Index(s.tables.Levels, row), slices.Index(s.tables.Levels, column)
	if i < 0 || j < 0 || s.own != nil {
		return LevelNotAssessed
	}
	return table[i][j]
}

// Value returns the value of the level from 0 to 10, and false for a level that the scale does not use and for a scale
// without values.
func (s Scale) Value(l Level) (int, bool) {
	i := slices.Index(s.tables.Levels, l)
	if i < 0 || i >= len(s.tables.Values) {
		return 0, false
	}
	return s.tables.Values[i], true
}

// ScoreRangeError says that a number is no score on a scale.
type ScoreRangeError struct {
	// Scale is the scale's identity.
	Scale string
	// Score is what was given, cut short where it is long.
	Score string
	// Top is the highest score; 0 where the scale has no numbers.
	Top int
}

func (e *ScoreRangeError) Error() string {
	if e.Top == 0 {
		return fmt.Sprintf("risk: %s is no score on %s, which has no numbers; judge in its words", e.Score, e.Scale)
	}
	return fmt.Sprintf("risk: %s is no score on %s; give a number from 0 to %d, or use not_assessed where there is none", e.Score, e.Scale, e.Top)
}

// LevelOf returns the level whose bin holds the score; a scale of the entity's own has no bins. It refuses NaN, infinities, negative scores and scores above
// the top with a [*ScoreRangeError]. Published bins are whole numbers and leave 4.5 open; here a bin reaches to the
// beginning of the next, [0,5) [5,21) [21,80) [80,96) [96,100], so every number in range has one level.
func (s Scale) LevelOf(score float64) (Level, error) {
	if math.IsNaN(score) || score < 0 || score > float64(s.tables.BinTop) || s.own != nil {
		return LevelNotAssessed, s.outOfRange(strconv.FormatFloat(score, 'g', -1, 64))
	}
	return s.bin(func(from int) bool { return score >= float64(from) }), nil
}

// LevelOfDecimal is [Scale.LevelOf] for a decimal.
func (s Scale) LevelOfDecimal(score decimal.Decimal) (Level, error) {
	// The length of the whole part decides the far cases first: comparing would write out 1e9000 digit by digit.
	whole := score.NumDigits() + int(score.Exponent())
	switch {
	case score.IsZero():
		whole, score = 0, decimal.Decimal{}
	case score.IsNegative():
		return LevelNotAssessed, s.outOfRange("a negative number")
	case whole > 9:
		return LevelNotAssessed, s.outOfRange(fmt.Sprintf("a number of %d digits", whole))
	}
	if s.own != nil {
		return LevelNotAssessed, s.outOfRange("a number")
	}
	if whole <= 0 {
		return s.LevelOf(0) // below 1, and no bin begins between 0 and 1
	}
	if score.GreaterThan(decimal.NewFromInt(int64(s.tables.BinTop))) {
		return LevelNotAssessed, s.outOfRange(score.Round(6).String())
	}
	return s.bin(func(from int) bool { return score.GreaterThanOrEqual(decimal.NewFromInt(int64(from))) }), nil
}

func (s Scale) bin(reaches func(from int) bool) Level {
	found := LevelNotAssessed
	for i, from := range s.tables.BinFrom {
		if reaches(from) {
			found = s.tables.Levels[i]
		}
	}
	return found
}

func (s Scale) outOfRange(score string) error {
	return &ScoreRangeError{Scale: s.tables.ID, Score: score, Top: s.tables.BinTop}
}
