package risk

import hipaasmp "github.com/hipaasmp/hipaasmp"

// Level is a qualitative level of likelihood, impact, severity or risk, in the five words of NIST SP 800-30 Rev. 1.
//
// Levels are compared by [Level.Compare] and never by < or >: the words do not sort by meaning, and
// [LevelNotAssessed] has no place in the order at all.
type Level string

const (
	// LevelVeryLow is the lowest level.
	LevelVeryLow Level = "very_low"
	// LevelLow is the second level.
	LevelLow Level = "low"
	// LevelModerate is the middle level.
	LevelModerate Level = "moderate"
	// LevelHigh is the fourth level.
	LevelHigh Level = "high"
	// LevelVeryHigh is the highest level.
	LevelVeryHigh Level = "very_high"
	// LevelNotAssessed means that nobody judged it. It stands outside the order: not lower than anything.
	LevelNotAssessed Level = "not_assessed"
)

// Values returns the members of the enumeration, lowest first and LevelNotAssessed at the end.
func (Level) Values() []Level {
	return []Level{LevelVeryLow, LevelLow, LevelModerate, LevelHigh, LevelVeryHigh, LevelNotAssessed}
}

// IsValid reports whether l is a member.
func (l Level) IsValid() bool { return l == LevelNotAssessed || l.rank() >= 0 }

// MarshalText refuses a value that is no member.
func (l Level) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.Level", l, l.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (l *Level) UnmarshalText(text []byte) (err error) {
	*l, err = hipaasmp.ParseEnum("risk.Level", text, l.Values())
	return err
}

// rank is the place of an assessed level from 0 up, and -1 for everything else.
func (l Level) rank() int {
	switch l {
	case LevelVeryLow:
		return 0
	case LevelLow:
		return 1
	case LevelModerate:
		return 2
	case LevelHigh:
		return 3
	case LevelVeryHigh:
		return 4
	}
	return -1
}

// Assessed reports whether l is one of the five levels. It is false for [LevelNotAssessed] and for a value that is no
// member.
func (l Level) Assessed() bool { return l.rank() >= 0 }

// Compare returns -1, 0 or +1 as l is lower than, equal to or higher than other, and true. Where one of the two is not
// assessed there is no order: it returns 0 and false, and the caller has to say what that means to it.
func (l Level) Compare(other Level) (order int, ok bool) {
	a, b := l.rank(), other.rank()
	switch {
	case a < 0 || b < 0:
		return 0, false
	case a < b:
		return -1, true
	case a > b:
		return +1, true
	}
	return 0, true
}

// Exceeds reports whether l is higher than limit. The second result is false where one of the two is not assessed:
// then the first says nothing, least of all that the level is acceptable.
func (l Level) Exceeds(limit Level) (exceeds, ok bool) {
	order, ok := l.Compare(limit)
	return order > 0, ok
}

// Worst returns the highest of the assessed levels and the number of levels that are not assessed. With nothing
// assessed the worst is [LevelNotAssessed].
func Worst(levels ...Level) (worst Level, notAssessed int) {
	worst = LevelNotAssessed
	for _, l := range levels {
		if !l.Assessed() {
			notAssessed++
			continue
		}
		if l.rank() > worst.rank() {
			worst = l
		}
	}
	return worst, notAssessed
}
