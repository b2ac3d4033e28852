package risk

import (
	"cmp"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Exposure says how a finding's current level stands to the acceptable level.
type Exposure string

const (
	// ExposureAbove: the current level is higher than the acceptable level; something has to treat it.
	ExposureAbove Exposure = "above_acceptable"
	// ExposureWithin: the current level is the acceptable level or lower.
	ExposureWithin Exposure = "within_acceptable"
	// ExposureNotAssessed: the current level, or the acceptable level, is not assessed, so nobody can say.
	ExposureNotAssessed Exposure = "not_assessed"
)

// Values returns the members of the enumeration.
func (Exposure) Values() []Exposure {
	return []Exposure{ExposureAbove, ExposureWithin, ExposureNotAssessed}
}

// IsValid reports whether e is a member.
func (e Exposure) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.Exposure", []byte(e), e.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (e Exposure) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.Exposure", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Exposure) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("risk.Exposure", text, e.Values())
	return err
}

// Row is one finding as the register shows it, with the words in the place of identities.
type Row struct {
	// Rank is the place from 1, worst first. It is 0 for a row that is not assessed, which has no place.
	Rank int `json:"rank"`
	// Finding is the identity of the finding.
	Finding string `json:"finding"`
	// Title says in one line what may go wrong.
	Title string `json:"title"`
	// Assets are the names of the assets that it reaches.
	Assets []string `json:"assets,omitempty"`
	// Source is the type of threat source; empty where the threat is not listed.
	Source ThreatSource `json:"source,omitempty"`
	// Threat says what may happen.
	Threat string `json:"threat,omitempty"`
	// Vulnerability says what the weakness is.
	Vulnerability string `json:"vulnerability,omitempty"`
	// Safeguards are the titles of what is in place.
	Safeguards []string `json:"safeguards,omitempty"`
	// Likelihood is the overall likelihood of the current score.
	Likelihood Level `json:"likelihood"`
	// Impact is the impact of the current score.
	Impact Level `json:"impact"`
	// Inherent is the level of risk without safeguards.
	Inherent Level `json:"inherent"`
	// Current is the level of risk with what is in place; rows are ranked by it.
	Current Level `json:"current"`
	// Residual is the level of risk that the measures will leave.
	Residual Level `json:"residual"`
	// Target is the level of risk that the entity wants to come down to.
	Target Level `json:"target"`
	// Words are those of the current score, where the scale is one of the entity's own.
	Words ScoreWords `json:"words,omitzero"`
	// OtherScale names the scale of a current score that is on another scale than the register. Its levels do not compare
	// with those of the register, so the row counts as not assessed. An approved analysis has no such row.
	OtherScale string `json:"other_scale,omitempty"`
	// Exposure says how the current level stands to the acceptable level.
	Exposure Exposure `json:"exposure"`
	// Measures are the identities of what brings the risk down.
	Measures []string `json:"measures,omitempty"`
}

// Register is the findings of an analysis as a person reads them. It is a view and no record.
type Register struct {
	// Of is the draft or the analysis.
	Of hipaasmp.Ref `json:"of"`
	// AcceptableLevel is the approved level; not assessed for a draft, which nobody approved.
	AcceptableLevel Level `json:"acceptable_level"`
	// Scale is the scale on which the rows are ranked: of a draft on several, the one of most current scores. It is absent
	// where nothing is scored.
	Scale ScaleRef `json:"scale,omitzero"`
	// Rows are the findings with a current level, worst first.
	Rows []Row `json:"rows,omitempty"`
	// NotAssessed are the findings without one. They are no better and no worse than the others: nobody knows.
	NotAssessed []Row `json:"not_assessed,omitempty"`
}

// Count is the number of rows of one level.
type Count struct {
	// Level is the current level of risk.
	Level Level `json:"level"`
	// Rows is how many rows have it.
	Rows int `json:"rows"`
}

// Counts returns the number of rows by current level, worst first, and the rows that are not assessed at the end. It
// lists every level, also one without a row.
func (r Register) Counts() []Count {
	return r.counts(func(row Row) Level { return row.Current })
}

func (r Register) counts(of func(Row) Level) []Count {
	levels := LevelNotAssessed.Values()
	slices.Reverse(levels)
	out := make([]Count, 0, len(levels))
	for _, l := range append(levels[1:], LevelNotAssessed) {
		c := Count{Level: l}
		for _, row := range slices.Concat(r.Rows, r.NotAssessed) {
			if of(row) == l {
				c.Rows++
			}
		}
		out = append(out, c)
	}
	return out
}

// Register returns the findings of the analysis, worst first: by current level, then impact, likelihood and inherent
// level, then identity, so the order is stable. Findings without a current level are listed apart.
func (a Analysis) Register() Register {
	return register(a.DocumentRef(), a.Assessment, a.AcceptableLevel)
}

// Register returns the findings of the draft as [Analysis.Register] does. Nothing is above an acceptable level that
// nobody approved yet.
func (d Draft) Register() Register {
	return register(d.DocumentRef(), d.Assessment, LevelNotAssessed)
}

func register(of hipaasmp.Ref, s Assessment, acceptable Level) Register {
	out := Register{Of: of, AcceptableLevel: acceptable, Scale: s.mostUsed()}
	for _, x := range s.Findings {
		row := s.row(x, out.Scale, acceptable)
		if row.Current.Assessed() {
			out.Rows = append(out.Rows, row)
		} else {
			out.NotAssessed = append(out.NotAssessed, row)
		}
	}
	slices.SortStableFunc(out.Rows, func(a, b Row) int {
		return cmp.Or(worse(a.Current, b.Current), worse(a.Impact, b.Impact), worse(a.Likelihood, b.Likelihood),
			worse(a.Inherent, b.Inherent), cmp.Compare(a.Finding, b.Finding))
	})
	slices.SortStableFunc(out.NotAssessed, func(a, b Row) int { return cmp.Compare(a.Finding, b.Finding) })
	for i := range out.Rows {
		out.Rows[i].Rank = i + 1
	}
	return out
}

// worse orders the higher level first. An inherent level that is not assessed comes before the assessed ones: what
// nobody knows is never sorted to the end.
func worse(a, b Level) int {
	order, ok := a.Compare(b)
	if ok {
		return -order
	}
	switch {
	case a.Assessed():
		return +1
	case b.Assessed():
		return -1
	}
	return 0
}

// mostUsed returns the scale of most current scores, of several the one whose identity sorts first; where no current risk
// is scored, that of most scores.
func (s Assessment) mostUsed() ScaleRef {
	current, all := map[ScaleRef]int{}, map[ScaleRef]int{}
	for _, x := range s.Findings {
		for _, p := range x.scores() {
			all[p.score.Scale]++
			if p.score == x.Current {
				current[p.score.Scale]++
			}
		}
	}
	if len(current) == 0 {
		current = all
	}
	var found ScaleRef
	for ref, n := range current {
		if order := cmp.Or(cmp.Compare(current[found], n), cmp.Compare(ref.ID, found.ID), cmp.Compare(ref.Digest, found.Digest)); order < 0 {
			found = ref
		}
	}
	return found
}

func (s Assessment) row(x Finding, on ScaleRef, acceptable Level) Row {
	row := Row{
		Finding: x.ID, Title: x.Title, Likelihood: LevelNotAssessed, Impact: LevelNotAssessed, Measures: slices.Clone(x.Measures),
	}
	// A score on another scale is not assessed on this one.
	for _, p := range []struct {
		score **Score
		level *Level
	}{{&x.Inherent, &row.Inherent}, {&x.Current, &row.Current}, {&x.Residual, &row.Residual}, {&x.Target, &row.Target}} {
		if *p.score != nil && (*p.score).Scale != on {
			if p.score == &x.Current {
				row.OtherScale = x.Current.Scale.ID
			}
			*p.score = nil
		}
		*p.level = levelOf(*p.score)
	}
	row.Exposure = x.Exposure(acceptable)
	if x.Current != nil {
		row.Likelihood, row.Impact, row.Words = x.Current.Likelihood, x.Current.Impact, x.Current.Words
	}
	for _, id := range x.Assets {
		name := id
		if a, ok := s.Inventory.Asset(id); ok {
			name = a.Name
		}
		row.Assets = append(row.Assets, name)
	}
	for _, t := range s.Threats {
		if t.ID == x.Threat {
			row.Source, row.Threat = t.Source, t.Event
		}
	}
	for _, v := range s.Vulnerabilities {
		if v.ID == x.Vulnerability {
			row.Vulnerability = v.Title
		}
	}
	for _, g := range s.Safeguards {
		if slices.Contains(x.Safeguards, g.ID) {
			row.Safeguards = append(row.Safeguards, g.Title)
		}
	}
	return row
}

// Exposure says how the finding's current level stands to an acceptable level.
func (f Finding) Exposure(acceptable Level) Exposure {
	above, ok := f.CurrentLevel().Exceeds(acceptable)
	switch {
	case !ok:
		return ExposureNotAssessed
	case above:
		return ExposureAbove
	}
	return ExposureWithin
}
