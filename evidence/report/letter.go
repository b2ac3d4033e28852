package report

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// letterRow is one request of an investigator's letter and how far the records answer it.
type letterRow struct {
	ID, Citation, Asks, AtHand, Status, Sign, Note, Gaps string
	// Refs are the first documents, More says how many others there are.
	Refs []string
	More int
}

// shownRefs is how many documents a row of the letter names.
const shownRefs = 4

func letterRows(answers []Answer) []letterRow {
	out := make([]letterRow, 0, len(answers))
	for _, a := range answers {
		row := letterRow{ID: a.ID, Citation: string(a.Citation), Asks: a.Asks, AtHand: a.AtHand, Status: a.Status, Note: a.Note, Sign: "○"}
		switch a.Status {
		case "answered":
			row.Sign = "●"
		case "partly":
			row.Sign = "◑"
		}
		if a.Gaps > 0 {
			row.Gaps = count(a.Gaps, "gap", "gaps")
		}
		row.Refs = refsOf(a.Refs)
		if len(row.Refs) > shownRefs {
			row.Refs, row.More = row.Refs[:shownRefs], len(row.Refs)-shownRefs
		}
		out = append(out, row)
	}
	return out
}

// gapRow is one thing that is missing.
type gapRow struct {
	Code, Citation, Missing, Since, Closes string
	Refs, Counted                          []string
}

func gapRows(gaps []hipaasmp.Gap) []gapRow {
	rows := make([]gapRow, 0, len(gaps))
	for _, g := range gaps {
		rows = append(rows, gapRow{Code: string(g.Code), Citation: string(g.Citation), Missing: g.Missing, Since: g.Since.String(),
			Closes: g.Closes, Refs: refsOf(g.Refs), Counted: g.Counted})
	}
	return rows
}

// askedRow is a question that was asked, whether or not it found a gap.
type askedRow struct {
	Code, Citation, Asks string
	Found                int
}

func askedRows(gaps []hipaasmp.Gap, checks []hipaasmp.GapCheck) []askedRow {
	found := map[hipaasmp.GapCode]int{}
	for _, g := range gaps {
		found[g.Code]++
	}
	asked := make([]askedRow, 0, len(checks))
	for _, c := range checks {
		asked = append(asked, askedRow{Code: string(c.Code), Citation: string(c.Citation), Asks: c.Asks, Found: found[c.Code]})
	}
	return asked
}
