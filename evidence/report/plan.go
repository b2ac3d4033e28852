package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// planOf says in a sentence which plan is in effect; empty where none is.
func planOf(d Data) string {
	p, ok := remediation.InEffect(d.Plans, d.AsOf)
	if !ok {
		return ""
	}
	return fmt.Sprintf("Plan %s answers %s; approved %s by %s (management) with %s.", p.DocumentRef(), p.Analysis, p.Approval.On, p.Approval.Management.ID,
		count(len(p.Commitments), "commitment", "commitments"))
}

// itemRow is one measure.
type itemRow struct {
	ID, Title, Finding, Treatment, Owner, Due, Citation, State, Proof string
	Late                                                              bool
}

func itemRows(d Data) []itemRow {
	items := slices.Clone(d.Items)
	slices.SortStableFunc(items, func(a, b remediation.Item) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	out := make([]itemRow, 0, len(items))
	for _, i := range items {
		row := itemRow{
			ID: i.ID, Title: i.Title, Finding: findingTitle(d.Analyses, i.Finding), Treatment: words(string(i.Treatment)), Owner: i.Owner,
			Due: i.Due.String(), Citation: string(i.Specification), State: words(string(i.State)), Late: i.Overdue(d.AsOf),
		}
		if v, ok := i.Verification(); ok {
			row.Proof = fmt.Sprintf("verified %s by %s, residual %s, %s of evidence", v.On, v.By.ID, wordOf(v.Residual), count(len(v.Evidence), "file", "files"))
		}
		out = append(out, row)
	}
	return out
}

// wordOf is the level of a score in the words of its scale.
func wordOf(s risk.Score) string {
	if s.Words.Risk != "" {
		return ownWord(s.Words.Risk)
	}
	return words(string(s.Level))
}

// ownWord is a word of a scale of the entity's own as it is shown.
func ownWord(s string) string {
	if s == risk.WordNotAssessed {
		return words(s)
	}
	return s
}

func findingTitle(analyses []risk.Analysis, ref remediation.FindingRef) string {
	for _, a := range analyses {
		if f, ok := a.Finding(ref.Finding); ok && a.DocumentRef() == ref.Analysis.Newest() {
			return f.Title
		}
	}
	return ref.Finding
}

// acceptedRow is one accepted risk.
type acceptedRow struct {
	ID, Finding, Level, By, Until, Rationale string
	// Ended says how the acceptance ended; empty while it has not.
	Ended string
}

func acceptedRows(d Data) []acceptedRow {
	list := slices.Clone(d.Acceptances)
	slices.SortStableFunc(list, func(a, b remediation.Acceptance) int {
		return cmp.Or(a.Expires.Compare(b.Expires), cmp.Compare(a.ID, b.ID))
	})
	out := make([]acceptedRow, 0, len(list))
	for _, a := range list {
		until, ended := a.Expires, ""
		if r := a.Revocation; r != nil && !d.AsOf.Before(r.On) {
			until, ended = r.On, "revoked"
		} else if d.AsOf.After(until) {
			ended = "expired"
		}
		out = append(out, acceptedRow{
			ID: a.ID, Finding: findingTitle(d.Analyses, a.Finding), Level: wordOf(a.Residual), By: a.Approver.ID, Until: until.String(),
			Rationale: a.Rationale, Ended: ended,
		})
	}
	return out
}
