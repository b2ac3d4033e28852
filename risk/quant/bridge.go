package quant

import (
	"cmp"
	"slices"

	"github.com/hipaasmp/hipaasmp/risk"
)

// Band is what a level of likelihood says in events a year: From up to, but not including, To.
type Band struct {
	Level risk.Level `json:"level"`
	From  Rate       `json:"from"`
	// To is the end of the band; 0 where it has none.
	To Rate `json:"to,omitempty"`
}

// Holds reports whether a rate lies in the band.
func (b Band) Holds(r Rate) bool { return r >= b.From && (b.To == 0 || r < b.To) }

// Bridge reads levels of likelihood as rates. It is the only step between words and numbers here, it is taken when the
// caller takes it, and it knows nothing of losses: no level says what an event costs. A bridge of the caller's own is a
// literal with another ID.
type Bridge struct {
	// ID names the bridge and its version; keep it with what was derived by it.
	ID    string `json:"id"`
	Bands []Band `json:"bands,omitempty"`
}

// SP80030G3 is the bridge of NIST SP 800-30 Rev. 1, table G-3, the likelihood of events that no adversary initiates: very
// high is more than 100 times a year, high 10 to 100, moderate 1 to 10, low once in a year to once in ten years, very low
// less. The table leaves open to which band a bound belongs; here it belongs to the upper one.
func SP80030G3() Bridge {
	return Bridge{ID: "sp800-30r1-g3/1", Bands: []Band{
		{risk.LevelVeryLow, 0, 0.1}, {risk.LevelLow, 0.1, 1}, {risk.LevelModerate, 1, 10}, {risk.LevelHigh, 10, 100}, {risk.LevelVeryHigh, 100, 0},
	}}
}

// Band returns the band of a level, and false for a level that the bridge does not know: a likelihood that is not assessed
// has no rate.
func (b Bridge) Band(level risk.Level) (Band, bool) {
	i := slices.IndexFunc(b.Bands, func(x Band) bool { return x.Level == level })
	if i < 0 {
		return Band{}, false
	}
	return b.Bands[i], true
}

// Level returns the level whose band holds a rate, and [risk.LevelNotAssessed] where there is none.
func (b Bridge) Level(r Rate) risk.Level {
	for _, x := range b.Bands {
		if x.Holds(r) {
			return x.Level
		}
	}
	return risk.LevelNotAssessed
}

// Coverage counts which findings of an analysis a register quantifies.
type Coverage struct {
	// Level is the level of risk, Findings how many have it, Quantified how many of them a scenario names.
	Level      risk.Level `json:"level"`
	Findings   int        `json:"findings"`
	Quantified int        `json:"quantified"`
	// Missing are the findings that no scenario names.
	Missing []string `json:"missing,omitempty"`
}

// Covered counts, for each level, how many of the findings the register's scenarios name. Findings are given by their
// identity and their level of risk; the levels come back highest first, those not assessed at the end.
func (r Register) Covered(findings map[string]risk.Level) []Coverage {
	named := map[string]bool{}
	for _, s := range r.Scenarios {
		named[s.Finding] = true
	}
	var out []Coverage
	levels := risk.Level("").Values()
	slices.SortStableFunc(levels, func(a, b risk.Level) int {
		order, ok := b.Compare(a)
		if !ok {
			return cmp.Compare(unordered(a), unordered(b))
		}
		return order
	})
	for _, level := range levels {
		c := Coverage{Level: level}
		for id, l := range findings {
			if l != level {
				continue
			}
			c.Findings++
			if named[id] {
				c.Quantified++
			} else {
				c.Missing = append(c.Missing, id)
			}
		}
		slices.Sort(c.Missing)
		if c.Findings > 0 {
			out = append(out, c)
		}
	}
	return out
}

func unordered(l risk.Level) int {
	if l.Assessed() {
		return 0
	}
	return 1
}
