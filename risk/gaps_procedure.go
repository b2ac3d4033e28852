package risk

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

func (in GapInput) noProcedure(asOf hipaasmp.Date) []hipaasmp.Gap {
	if _, ok := InForce(in.Procedures, asOf); ok {
		return nil
	}
	gap := hipaasmp.Gap{
		Missing: fmt.Sprintf("No policy and procedure on risk analysis is in effect on %s.", asOf),
		Closes:  "Write the procedure, or record the one that there is, and have it approved.",
	}
	for _, p := range in.Procedures {
		gap.Counted = append(gap.Counted, fmt.Sprintf("%s: in effect %s", p.ID, p.InEffect))
		if end := p.InEffect.To; !end.IsZero() && end.Before(asOf) && end.AddDays(1).After(gap.Since) {
			gap.Since, gap.Refs = end.AddDays(1), []hipaasmp.Ref{p.DocumentRef()}
		}
	}
	return []hipaasmp.Gap{gap}
}

// states is the check for one thing that a procedure has to state.
func (in GapInput) states(code hipaasmp.GapCode, what string, ok func(Terms) bool) hipaasmp.GapCheck {
	return hipaasmp.GapCheck{Code: code, Citation: hipaasmp.CiteWrittenPolicies, Asks: "Does the procedure on risk analysis " + what + "?",
		Find: func(asOf hipaasmp.Date) []hipaasmp.Gap {
			p, found := InForce(in.Procedures, asOf)
			if !found || ok(p.Terms) {
				return nil // GapNoProcedure says that there is none
			}
			return []hipaasmp.Gap{{
				Since: p.InEffect.From, Refs: []hipaasmp.Ref{p.DocumentRef()},
				Missing: fmt.Sprintf("The procedure %q, version %s, does not %s.", p.Title, p.Version, what),
				Closes:  "Add it in a new version of the procedure and have that approved.",
			}}
		}}
}
