package dossier

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/hipaasmp/hipaasmp/risk"
)

// writeRegister writes the register as CSV, one row a finding, for a spreadsheet. It is a view: the record is the
// analysis. A cell that a spreadsheet would take for a formula is written with an apostrophe before it.
func writeRegister(w io.Writer, reg risk.Register) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"rank", "finding", "title", "assets", "source", "threat", "vulnerability", "safeguards",
		"likelihood", "impact", "inherent", "current", "residual", "exposure", "measures"}}
	for _, r := range append(append([]risk.Row(nil), reg.Rows...), reg.NotAssessed...) {
		rank := ""
		if r.Rank > 0 {
			rank = strconv.Itoa(r.Rank)
		}
		rows = append(rows, []string{rank, r.Finding, r.Title, strings.Join(r.Assets, "; "), string(r.Source), r.Threat, r.Vulnerability,
			strings.Join(r.Safeguards, "; "), string(r.Likelihood), string(r.Impact), string(r.Inherent), string(r.Current), string(r.Residual),
			string(r.Exposure), strings.Join(r.Measures, "; ")})
	}
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				row[i] = "'" + cell
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
