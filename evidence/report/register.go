package report

import (
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// analysisView is the risk analysis in effect.
type analysisView struct {
	Ref, Title, Approved, By, Acceptable, Scale, Before string
}

func analysisOf(a risk.Analysis, reg risk.Register) *analysisView {
	v := &analysisView{
		Ref: a.DocumentRef().String(), Title: a.Title, Approved: a.Approval.On.String(),
		By: a.Approval.Management.ID + " (management) and " + a.Approval.SecurityOfficial.ID + " (security official)", Acceptable: string(a.AcceptableLevel),
		Scale: reg.Scale.ID,
	}
	switch {
	case a.Predecessor != nil:
		v.Before = "It follows " + a.Predecessor.String() + "."
	case a.Explanation != "":
		v.Before = "No analysis came before it: " + a.Explanation
	}
	return v
}

// registerRow is one finding. Level is the level under which the picture and the colours file it, Word what the scale
// calls it.
type registerRow struct {
	Rank                                                                      int
	ID, Title, Assets, Threat, Vulnerability, Likelihood, Impact, Level, Word string
	Inherent, Residual                                                        string
}

// registerRows shows, as the residual, what a verified measure left, and where there is none what the analysis itself
// says.
func registerRows(rows []risk.Row, a risk.Analysis, items []remediation.Item) []registerRow {
	out := make([]registerRow, len(rows))
	for i, r := range rows {
		row := registerRow{
			Rank: r.Rank, ID: r.Finding, Title: r.Title, Assets: strings.Join(r.Assets, ", "), Threat: r.Threat, Vulnerability: r.Vulnerability,
			Likelihood: words(string(r.Likelihood)), Impact: words(string(r.Impact)), Level: string(r.Current), Word: words(string(r.Current)),
		}
		if r.Words != (risk.ScoreWords{}) {
			row.Likelihood, row.Impact, row.Word = ownWord(r.Words.Likelihood), ownWord(r.Words.Impact), ownWord(r.Words.Risk)
		}
		if r.OtherScale != "" {
			row.Word += ", on the scale " + r.OtherScale
		}
		if f, ok := a.Finding(r.Finding); ok && f.Inherent != nil && r.Inherent.Assessed() {
			row.Inherent = wordOf(*f.Inherent)
		}
		if r.Residual.Assessed() {
			row.Residual = words(string(r.Residual))
		}
		if v, ok := verified(r.Finding, a, items); ok {
			row.Residual = wordOf(v.Residual)
			if f, _ := a.Finding(r.Finding); f.Current != nil && f.Current.Scale != v.Residual.Scale {
				row.Residual += ", on the scale " + v.Residual.Scale.ID
			}
		}
		out[i] = row
	}
	return out
}

// verified returns the latest verification of a measure for the finding.
func verified(finding string, a risk.Analysis, items []remediation.Item) (latest remediation.Verification, ok bool) {
	var at time.Time
	for _, i := range items {
		if i.Finding.Finding != finding || i.Finding.Analysis.Newest() != a.DocumentRef() {
			continue
		}
		if v, holds := i.Verification(); holds && v.At.After(at) {
			latest, at, ok = v, v.At, true
		}
	}
	return latest, ok
}
