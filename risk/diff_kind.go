package risk

import hipaasmp "github.com/hipaasmp/hipaasmp"

// DiffKind is what became of a finding between two analyses.
type DiffKind string

const (
	// DiffKindNew: the old analysis did not have it.
	DiffKindNew DiffKind = "new"
	// DiffKindGone: the new analysis does not have it.
	DiffKindGone DiffKind = "gone"
	// DiffKindRescored: its inherent or current score is another, if only by who scored it and when.
	DiffKindRescored DiffKind = "rescored"
	// DiffKindRetreated: its scores are as they were, but safeguards, measures, residual or target are others.
	DiffKindRetreated DiffKind = "retreated"
	// DiffKindReworded: scores and treatment are as they were, but it says something else, or reaches other assets.
	DiffKindReworded DiffKind = "reworded"
	// DiffKindUnchanged: it was carried forward as it was.
	DiffKindUnchanged DiffKind = "unchanged"
)

// Values returns the members of the enumeration, what weighs most first.
func (DiffKind) Values() []DiffKind {
	return []DiffKind{DiffKindNew, DiffKindGone, DiffKindRescored, DiffKindRetreated, DiffKindReworded, DiffKindUnchanged}
}

// IsValid reports whether k is a member.
func (k DiffKind) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.DiffKind", []byte(k), k.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (k DiffKind) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.DiffKind", k, k.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (k *DiffKind) UnmarshalText(text []byte) (err error) {
	*k, err = hipaasmp.ParseEnum("risk.DiffKind", text, k.Values())
	return err
}

// Direction says how the current level of a finding moved.
type Direction string

const (
	// DirectionLower: the risk came down.
	DirectionLower Direction = "lower"
	// DirectionSame: it stayed where it was.
	DirectionSame Direction = "same"
	// DirectionHigher: it went up.
	DirectionHigher Direction = "higher"
	// DirectionNotAssessed: one of the two levels is not assessed, so nobody can say.
	DirectionNotAssessed Direction = "not_assessed"
	// DirectionOtherScale: the levels are on two scales, and there is no conversion between them.
	DirectionOtherScale Direction = "other_scale"
)

// Values returns the members of the enumeration.
func (Direction) Values() []Direction {
	return []Direction{DirectionLower, DirectionSame, DirectionHigher, DirectionNotAssessed, DirectionOtherScale}
}

// IsValid reports whether d is a member.
func (d Direction) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.Direction", []byte(d), d.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (d Direction) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.Direction", d, d.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (d *Direction) UnmarshalText(text []byte) (err error) {
	*d, err = hipaasmp.ParseEnum("risk.Direction", text, d.Values())
	return err
}

func directionOf(was, is *Score, conversions []Conversion) Direction {
	if levelOf(was) == LevelNotAssessed || levelOf(is) == LevelNotAssessed {
		return DirectionNotAssessed
	}
	order, ok, err := CompareScores(*is, *was, conversions...)
	switch {
	case err != nil:
		return DirectionOtherScale
	case !ok:
		return DirectionNotAssessed
	case order < 0:
		return DirectionLower
	case order > 0:
		return DirectionHigher
	}
	return DirectionSame
}
