package risk

import hipaasmp "github.com/hipaasmp/hipaasmp"

// Stage is a point in the life of a risk at which it is scored.
type Stage string

const (
	// StageInherent is without the safeguards.
	StageInherent Stage = "inherent"
	// StageCurrent is with the safeguards that are in place.
	StageCurrent Stage = "current"
	// StageResidual is once the measures are in place.
	StageResidual Stage = "residual"
	// StageTarget is where the entity wants it to be.
	StageTarget Stage = "target"
)

// Values returns the members of the enumeration.
func (Stage) Values() []Stage {
	return []Stage{StageInherent, StageCurrent, StageResidual, StageTarget}
}

// IsValid reports whether s is a member.
func (s Stage) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.Stage", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s Stage) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.Stage", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Stage) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("risk.Stage", text, s.Values())
	return err
}

// Summary is the number of rows by level at one stage. It lists every level, worst first, and the rows that are not
// assessed at the end; the counts add up to the rows of the register.
type Summary struct {
	// Stage is the point at which the rows were scored.
	Stage Stage `json:"stage"`
	// Counts are the rows by level, worst first.
	Counts []Count `json:"counts,omitempty"`
}

// Summaries returns one summary a stage. What is not assessed is counted, never left out.
func (r Register) Summaries() []Summary {
	var out []Summary
	for _, stage := range StageInherent.Values() {
		out = append(out, Summary{Stage: stage, Counts: r.counts(func(row Row) Level {
			switch stage {
			case StageInherent:
				return row.Inherent
			case StageResidual:
				return row.Residual
			case StageTarget:
				return row.Target
			}
			return row.Current
		})})
	}
	return out
}
