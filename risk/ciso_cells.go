package risk

import (
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// cisoNotAssessed is how CISO Assistant writes that a level is not assessed.
const cisoNotAssessed = "--"

// cisoCells reads the cells of one line of a file of CISO Assistant.
type cisoCells struct {
	*csvLine
	profile CISOProfile
}

func (c cisoCells) scenario() CISOScenario {
	s := CISOScenario{
		Line: c.number, RefID: c.raw("ref_id"), Name: c.text("name", true), Description: c.text("description", false),
		Assets: c.list("assets"), Threats: c.list("threats"), ExistingControls: c.list("existing_controls"), AdditionalControls: c.list("additional_controls"),
		Current: c.score("current"), Residual: c.score("residual"), Justification: c.text("justification", false),
	}
	if !hipaasmp.ValidID(s.RefID) {
		c.fault("ref_id", "%q is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit", clip(s.RefID))
	}
	if c.table.has("inherent_impact") || c.table.has("inherent_proba") || c.table.has("inherent_risk") {
		s.Inherent = c.score("inherent")
	}
	if err := s.Treatment.UnmarshalText([]byte(strings.TrimSpace(c.raw("treatment")))); err != nil {
		c.fault("treatment", "%s", strings.TrimPrefix(err.Error(), "hipaasmp: "))
	}
	known := append(cisoColumns(), "justification", "inherent_impact", "inherent_proba", "inherent_risk")
	for i, column := range c.table.header {
		if slices.Contains(known, column) || c.cells[i] == "" {
			continue
		}
		if !hipaasmp.ValidText(column) {
			c.fault(column, "the name of the column is no plain text; correct the header")
		}
		s.Extra = append(s.Extra, CISOCell{Column: column, Text: c.text(column, false)})
	}
	return s
}

func (c cisoCells) text(column string, required bool) string {
	s := c.raw(column)
	switch {
	case s == "" && required:
		c.fault(column, "is empty; fill it in")
	case s != "" && !hipaasmp.ValidText(s):
		c.fault(column, "is blank, is not UTF-8 or holds control characters; write plain text")
	}
	return s
}

// list cuts a cell at bars, without one at line breaks, without either at commas. Empty entries are passed over.
func (c cisoCells) list(column string) []string {
	cell := c.text(column, false)
	cut := ","
	for _, s := range []string{"\n", "|"} {
		if strings.Contains(cell, s) {
			cut = s
		}
	}
	var out []string
	for _, e := range strings.Split(cell, cut) {
		if e = strings.TrimSpace(e); e != "" {
			out = append(out, e)
		}
	}
	return out
}

// word leads a word of the file to the word of the scale.
func (c cisoCells) word(column string, with map[string]string, steps []Step) (string, bool) {
	cell := strings.TrimSpace(c.raw(column))
	if cell == cisoNotAssessed {
		return WordNotAssessed, true
	}
	word := cell
	if with != nil {
		to, ok := with[cell]
		if !ok {
			c.fault(column, "%q is no word of the profile; add it to the profile, or write %s where it is not assessed", clip(cell), cisoNotAssessed)
			return WordNotAssessed, false
		}
		word = to
	}
	if i, _ := place(steps, word); i < 0 {
		c.fault(column, "%q is no word of %s; use one of: %s, or %s where it is not assessed", clip(cell), c.profile.Scale.ID(), words(steps), cisoNotAssessed)
		return WordNotAssessed, false
	}
	return word, true
}

// score reads the three columns of a score; nil where all of them are not assessed.
func (c cisoCells) score(stage string) *Score {
	own := c.profile.Scale.own
	impact, okImpact := c.word(stage+"_impact", c.profile.Impact, own.Impact)
	likelihood, okLikelihood := c.word(stage+"_proba", c.profile.Likelihood, own.Likelihood)
	risk, okRisk := c.word(stage+"_risk", c.profile.Risk, own.Risk)
	if !okImpact || !okLikelihood || !okRisk {
		return nil
	}
	if impact == WordNotAssessed && likelihood == WordNotAssessed && risk == WordNotAssessed {
		return nil
	}
	want, _ := c.profile.Scale.RiskWord(likelihood, impact)
	if risk != want {
		c.fault(stage+"_risk", "is %q where %s gives %q for likelihood %s and impact %s; correct the matrix of the profile, or the file", risk, c.profile.Scale.ID(), want, likelihood, impact)
		return nil
	}
	s, err := NewScoreInWords(c.profile.Scale, likelihood, impact, c.profile.By, c.profile.At)
	if err != nil {
		c.fault(stage+"_risk", "is no score: %s", strings.TrimPrefix(err.Error(), "hipaasmp: "))
		return nil
	}
	return &s
}
