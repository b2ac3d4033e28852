package risk

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/csvcell"
)

// WriteCSV writes the sheet as CSV (RFC 4180, UTF-8, lines ended by a line feed) with a header. Cells that a spreadsheet
// would run as a formula get an apostrophe before them, which [ReadSheet] takes away again. A sheet that could not be
// read back, because a text in it is none or a score carries its tables, is refused with a [*CSVError] before anything is
// written. Other errors are the writer's.
func (s Sheet) WriteCSV(w io.Writer) error {
	faults := &csvFaults{}
	for i, line := range s {
		cells := line.cells()
		for _, column := range sheetColumns() {
			if cell := cells[column]; cell != "" && !hipaasmp.ValidText(cell) {
				faults.add(i+2, column, "of finding %q is blank, is not UTF-8 or holds control characters; correct it in the record", clip(line.Finding.ID))
			}
		}
		for _, p := range line.Finding.scores() {
			if p.score.Tables != nil {
				faults.add(i+2, p.name+"_scale", "of finding %q carries its tables, which have no cell; keep them in the scales of the analysis", clip(line.Finding.ID))
			}
		}
	}
	if err := faults.err(); err != nil {
		return err
	}
	var data bytes.Buffer
	if err := s.render(&data); err != nil {
		return err
	}
	// Read it back before anybody relies on it.
	back, err := ReadSheet(bytes.NewReader(data.Bytes()))
	if err != nil {
		return err
	}
	for i, line := range s {
		if !same(line, back[i]) {
			faults.add(i+2, "", "finding %q would not come back as it is; make the sheet with Analysis.Sheet or Draft.Sheet", clip(line.Finding.ID))
		}
	}
	if err := faults.err(); err != nil {
		return err
	}
	if _, err := w.Write(data.Bytes()); err != nil {
		return fmt.Errorf("risk: writing CSV: %w", err)
	}
	return nil
}

// render writes the sheet without looking at it.
func (s Sheet) render(w io.Writer) error {
	columns := sheetColumns()
	records := [][]string{columns}
	for _, line := range s {
		cells := line.cells()
		record := make([]string, len(columns))
		for i, column := range columns {
			record[i] = csvcell.Neutralise(cells[column])
		}
		records = append(records, record)
	}
	if err := csv.NewWriter(w).WriteAll(records); err != nil {
		return fmt.Errorf("risk: writing CSV: %w", err)
	}
	return nil
}

// cells returns the line by column. A cell that is left out is empty.
func (l SheetLine) cells() map[string]string {
	x, row := l.Finding, l.Row
	c := map[string]string{
		"analysis": l.Of.String(), "acceptable_level": string(l.AcceptableLevel), "finding": x.ID, "title": x.Title, "exposure": string(row.Exposure),
		"likelihood": string(row.Likelihood), "impact": string(row.Impact),
		"asset_names": csvcell.JoinList(row.Assets), "source": string(row.Source), "threat_event": row.Threat, "vulnerability_title": row.Vulnerability,
		"safeguard_titles": csvcell.JoinList(row.Safeguards), "other_scale": row.OtherScale,
		"assets": csvcell.JoinList(x.Assets), "threat": x.Threat, "vulnerability": x.Vulnerability, "conditions": csvcell.JoinList(x.Conditions), "safeguards": csvcell.JoinList(x.Safeguards),
		"no_safeguards": strconv.FormatBool(x.NoSafeguards), "confidentiality": strconv.FormatBool(x.Confidentiality),
		"integrity": strconv.FormatBool(x.Integrity), "availability": strconv.FormatBool(x.Availability), "measures": csvcell.JoinList(x.Measures),
	}
	if row.Rank != 0 {
		c["rank"] = strconv.Itoa(row.Rank)
	}
	for _, stage := range StageInherent.Values() {
		c[string(stage)] = string(*row.levelOf(stage))
		if s := *x.scoreOf(stage); s != nil {
			for part, cell := range map[string]string{
				"level": string(s.Level), "likelihood": string(s.Likelihood), "impact": string(s.Impact), "initiation": string(s.Initiation), "adverse": string(s.Adverse),
				"word_risk": s.Words.Risk, "word_likelihood": s.Words.Likelihood, "word_impact": s.Words.Impact,
				"scale": s.Scale.ID, "scale_digest": string(s.Scale.Digest), "by": s.By.ID, "role": string(s.By.Role), "at": s.At.Format(time.RFC3339Nano), "rationale": s.Rationale,
			} {
				c[string(stage)+"_"+part] = cell
			}
		}
	}
	return c
}
