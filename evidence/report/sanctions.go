package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// policyOf says in a sentence which policy is in effect; empty where none is.
func policyOf(d Data) string {
	inForce := sanction.InForce(d.Policies, d.AsOf)
	if len(inForce) == 0 {
		return ""
	}
	p := inForce[0]
	return fmt.Sprintf("%s, version %s (%s), in effect %s, approved %s by %s.", p.Title, p.Version, p.DocumentRef(), p.Effective, p.Approval.On, p.Approval.By.ID)
}

// caseRow is one case, or the final record of one that is not on file.
type caseRow struct {
	ID, Opened, Category, State, Outcome, Decided, Closed, Steps string
}

func caseRows(d Data) []caseRow {
	cases := slices.Clone(d.Cases)
	for _, o := range d.Outcomes {
		if !slices.ContainsFunc(cases, func(c sanction.Case) bool { return c.DocumentRef() == o.Case.Newest() }) {
			cases = append(cases, sanction.Case{Header: hipaasmp.NewHeader(o.Case.Kind, o.Case.ID), State: sanction.StateClosed, Zone: o.Zone, Report: o.Report, Proceeding: o.Proceeding})
		}
	}
	slices.SortStableFunc(cases, func(a, b sanction.Case) int { return cmp.Or(a.Report.On.Compare(b.Report.On), cmp.Compare(a.ID, b.ID)) })
	out := make([]caseRow, 0, len(cases))
	for _, c := range cases {
		row := caseRow{ID: c.ID, Opened: c.Report.On.String(), State: words(string(c.State)), Outcome: "not decided"}
		if c.Determination != nil {
			row.Category = categoryTitle(d.Policies, c.Determination.Category)
		}
		if s, ok := c.Standing(); ok {
			row.Outcome, row.Decided = decisionWords(d.Policies, s), hipaasmp.DateOf(s.At, zoneOf(c.Zone)).String()
		}
		for _, o := range d.Outcomes {
			if o.Case.Newest() != c.DocumentRef() {
				continue
			}
			row.Closed = o.Closed.String()
			if o.Result == sanction.ResultDismissed {
				row.Outcome = words(string(o.Result))
			}
			steps := make([]string, 0, len(o.Timeline))
			for _, s := range o.Timeline {
				steps = append(steps, fmt.Sprintf("%s on %s", words(string(s.Event)), s.On))
			}
			row.Steps = strings.Join(steps, "; ")
		}
		out = append(out, row)
	}
	return out
}

// categoryTitle adds to the identity of a category what the policy calls it.
func categoryTitle(policies []sanction.Policy, id string) string {
	for _, p := range policies {
		for _, c := range p.Categories {
			if c.ID == id {
				return id + ": " + c.Title
			}
		}
	}
	return id
}

// decisionWords is the sanction as the policy calls it, or that there was none.
func decisionWords(policies []sanction.Policy, d sanction.Decision) string {
	if d.Disposition != sanction.DispositionSanction {
		return words(string(sanction.ResultNone))
	}
	for _, p := range policies {
		for _, r := range p.Ladder {
			if r.ID == d.Rung {
				return r.Title
			}
		}
	}
	return words(d.Rung)
}

// attestedRow is one statement that no violation came to notice.
type attestedRow struct {
	ID, Period, By, On, Basis string
}

func attestedRows(d Data) []attestedRow {
	list := slices.Clone(d.Attestations)
	slices.SortStableFunc(list, func(a, b sanction.Attestation) int {
		return cmp.Or(a.Period.From.Compare(b.Period.From), cmp.Compare(a.ID, b.ID))
	})
	out := make([]attestedRow, 0, len(list))
	for _, a := range list {
		out = append(out, attestedRow{ID: a.ID, Period: a.Period.String(), By: a.By.ID, On: a.On.String(), Basis: a.Basis})
	}
	return out
}
