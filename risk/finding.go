package risk

import "slices"

// Finding is one threat that exploits one vulnerability of one or more assets, what is in place against it, and the
// level of risk. A control checklist or a scan is not a finding: it names no threat and no consequence.
type Finding struct {
	// ID is stable over analyses; remediation points to it.
	ID string `json:"id" validate:"required,docid"`
	// Title says in one line what may go wrong.
	Title string `json:"title" validate:"required,text"`
	// Assets are the identities of the assets that it reaches.
	Assets []string `json:"assets" validate:"min=1,dive,docid"`
	// Threat is the identity of the threat.
	Threat string `json:"threat" validate:"required,docid"`
	// Vulnerability is the identity of the vulnerability; absent while none was identified, which is a gap.
	Vulnerability string `json:"vulnerability,omitempty" validate:"omitempty,docid"`
	// Conditions are the identities of the predisposing conditions that bear on it.
	Conditions []string `json:"conditions,omitempty" validate:"dive,docid"`
	// Safeguards are the identities of the safeguards that are in place against it.
	Safeguards []string `json:"safeguards,omitempty" validate:"dive,docid"`
	// NoSafeguards is true where somebody looked and nothing is in place. Without it, an empty list means that nobody
	// looked.
	NoSafeguards bool `json:"no_safeguards,omitempty"`
	// Confidentiality is true where the confidentiality of ePHI is at stake.
	Confidentiality bool `json:"confidentiality"`
	// Integrity is true where its integrity is at stake.
	Integrity bool `json:"integrity"`
	// Availability is true where its availability is at stake.
	Availability bool `json:"availability"`
	// Inherent is the risk without the safeguards; absent where it was not scored.
	Inherent *Score `json:"inherent,omitempty"`
	// Current is the risk with the safeguards that are in place; absent where it was not scored.
	Current *Score `json:"current,omitempty"`
	// Residual is the risk that is left once the measures are in place; absent where it was not scored.
	Residual *Score `json:"residual,omitempty"`
	// Target is the risk that the entity wants to come down to; absent where it set none.
	Target *Score `json:"target,omitempty"`
	// Measures are the identities of what brings the residual below the current level: items of remediation, or
	// safeguards of this analysis.
	Measures []string `json:"measures,omitempty" validate:"dive,docid"`
}

// CurrentLevel returns the current level of risk, [LevelNotAssessed] where it was not scored.
func (f Finding) CurrentLevel() Level { return levelOf(f.Current) }

// ResidualLevel returns the residual level of risk, [LevelNotAssessed] where it was not scored.
func (f Finding) ResidualLevel() Level { return levelOf(f.Residual) }

// InherentLevel returns the inherent level of risk, [LevelNotAssessed] where it was not scored.
func (f Finding) InherentLevel() Level { return levelOf(f.Inherent) }

// TargetLevel returns the level of risk aimed for, [LevelNotAssessed] where none was set.
func (f Finding) TargetLevel() Level { return levelOf(f.Target) }

// namedScore is one of the scores of a finding, with its name in JSON.
type namedScore struct {
	name  string
	score *Score
}

// scores returns the scores that the finding has.
func (f Finding) scores() []namedScore {
	var out []namedScore
	for _, s := range []namedScore{{"inherent", f.Inherent}, {"current", f.Current}, {"residual", f.Residual}, {"target", f.Target}} {
		if s.score != nil {
			out = append(out, s)
		}
	}
	return out
}

func levelOf(s *Score) Level {
	if s == nil || !s.Level.Assessed() {
		return LevelNotAssessed
	}
	return s.Level
}

// Reaches reports whether the finding names the asset.
func (f Finding) Reaches(asset string) bool { return slices.Contains(f.Assets, asset) }

func (f Finding) clone() Finding {
	f.Assets, f.Safeguards, f.Measures = slices.Clone(f.Assets), slices.Clone(f.Safeguards), slices.Clone(f.Measures)
	f.Conditions = slices.Clone(f.Conditions)
	for _, p := range []**Score{&f.Inherent, &f.Current, &f.Residual, &f.Target} {
		if *p != nil {
			s := (**p).clone()
			*p = &s
		}
	}
	return f
}
