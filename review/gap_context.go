package review

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// calendars finds procedures that count business days past the last day up to which their holidays are listed.
func (r Records) calendars(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, p := range InForce(r.Procedures, asOf) {
		var counted []string
		look := func(what string, c Cadence) {
			if c.Business == nil || c.Business.Through.IsZero() {
				return
			}
			if due := c.Due(c.Period(asOf)); due.After(c.Business.Through) {
				counted = append(counted, fmt.Sprintf("%s: due on %s, holidays listed up to %s", what, due, c.Business.Through))
			}
		}
		look("review of everything", p.Cadence)
		for _, x := range p.Rounds {
			look("round "+x.ID, x.Cadence)
		}
		if len(counted) > 0 {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("Procedure version %s counts business days, and the day by which the review of the running period is due lies past the holidays that it lists.", p.Version),
				Closes:  "Approve a version that lists the holidays of the time to come.",
				Refs:    []hipaasmp.Ref{p.DocumentRef()},
				Counted: counted,
			})
		}
	}
	return out
}

// fetches finds periods that nobody fetched and that the source is about to drop, or has dropped.
func (r Records) fetches(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.Fetches(asked, asOf) {
		warn := 0
		for _, p := range r.Procedures {
			if p.DocumentRef() == x.Procedure {
				warn = p.Limits.FetchDays
			}
		}
		g := hipaasmp.Gap{Refs: []hipaasmp.Ref{x.Procedure}, Counted: []string{fmt.Sprintf("%s (%s) keeps an entry %d days", x.Source.ID, x.Source.Name, x.Source.HorizonDays)}}
		switch {
		case x.Lost:
			g.Missing = fmt.Sprintf("Nobody fetched the records of %s for %s, and the source has not had them whole since %s.", x.Source.ID, x.Period, x.By.AddDays(1))
			g.Since, g.Closes = x.By.AddDays(1), "Fetch what is left at once, look for the rest elsewhere, and name an archive in the procedure."
		case warn > 0 && asOf.DaysUntil(x.By) <= warn:
			g.Missing = fmt.Sprintf("Nobody fetched the records of %s for %s yet, and %s is the last day on which the source has them whole.", x.Source.ID, x.Period, x.By)
			g.Since, g.Closes = x.By.AddDays(-warn), fmt.Sprintf("Fetch them by %s.", x.By)
		default:
			continue
		}
		out = append(out, g)
	}
	return out
}

// context finds tables that detectors were run with and that the record does not list, and those of which it does not say
// who gave them.
func (r Records) context(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		for _, s := range x.Sources {
			gap := func(list []ContextTable, closes, format string) {
				if len(list) == 0 {
					return
				}
				g := hipaasmp.Gap{Missing: fmt.Sprintf(format, x.Period, s.Source, len(list)), Since: x.Timeliness.Certified, Closes: closes, Refs: []hipaasmp.Ref{x.DocumentRef()}}
				for _, t := range list {
					g.Counted = append(g.Counted, t.String())
				}
				out = append(out, g)
			}
			gap(x.unlisted(s), "List the tables with their digests, which FromScan does, and correct the review.",
				"In the review of %s the detectors ran over %s with tables that it does not list: %d.")
			gap(slices.DeleteFunc(slices.Clone(s.Context), func(t ContextTable) bool { return t.Supplied != "" }),
				"State in the next review who supplied the table and when, so that it can be had again.",
				"The review of %s does not say of tables that were read beside %s who supplied them: %d.")
		}
	}
	return out
}
