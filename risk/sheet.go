package risk

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// SheetLine is one finding with the row of the register that shows it.
type SheetLine struct {
	// Of is the draft or the analysis.
	Of hipaasmp.Ref
	// AcceptableLevel is the acceptable level of it; not assessed for a draft.
	AcceptableLevel Level
	// Row is the finding as a person reads it.
	Row Row
	// Finding is the finding itself, whole.
	Finding Finding
}

// Sheet is a register as a table for a spreadsheet: one line a finding, ranked as in the register, with the words that a
// person reads and the whole finding beside them. It goes out as CSV and comes back the same, with [Sheet.WriteCSV] and
// [ReadSheet]. It is a view and no record: the tables of scales of the entity's own stay with the analysis.
type Sheet []SheetLine

// Sheet returns the register of the analysis as a table.
func (a Analysis) Sheet() Sheet { return sheet(a.Register(), a.Assessment) }

// Sheet returns the register of the draft as a table.
func (d Draft) Sheet() Sheet { return sheet(d.Register(), d.Assessment) }

func sheet(r Register, s Assessment) Sheet {
	var out Sheet
	for _, rows := range [][]Row{r.Rows, r.NotAssessed} {
		for _, row := range rows {
			x, _ := s.Finding(row.Finding)
			out = append(out, SheetLine{Of: r.Of, AcceptableLevel: r.AcceptableLevel, Row: row, Finding: x})
		}
	}
	return out
}

// Findings returns the findings, in the order of the lines.
func (s Sheet) Findings() []Finding {
	var out []Finding
	for _, l := range s {
		out = append(out, l.Finding.clone())
	}
	return out
}

// The columns of a sheet: what a person reads, what identifies, and the four scores.
func sheetColumns() []string {
	columns := []string{
		"analysis", "acceptable_level", "rank", "finding", "title", "exposure", "current", "likelihood", "impact", "inherent", "residual", "target",
		"asset_names", "source", "threat_event", "vulnerability_title", "safeguard_titles", "other_scale",
		"assets", "threat", "vulnerability", "conditions", "safeguards", "no_safeguards", "confidentiality", "integrity", "availability", "measures",
	}
	for _, stage := range StageInherent.Values() {
		for _, part := range []string{"level", "likelihood", "impact", "initiation", "adverse", "word_risk", "word_likelihood", "word_impact",
			"scale", "scale_digest", "by", "role", "at", "rationale"} {
			columns = append(columns, string(stage)+"_"+part)
		}
	}
	return columns
}

// scoreOf returns where a finding keeps the score of a stage.
func (f *Finding) scoreOf(stage Stage) **Score {
	switch stage {
	case StageInherent:
		return &f.Inherent
	case StageResidual:
		return &f.Residual
	case StageTarget:
		return &f.Target
	}
	return &f.Current
}

// levelOf returns where a row shows the level of a stage.
func (r *Row) levelOf(stage Stage) *Level {
	switch stage {
	case StageInherent:
		return &r.Inherent
	case StageResidual:
		return &r.Residual
	case StageTarget:
		return &r.Target
	}
	return &r.Current
}
