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

// breaches finds exceptions about patients that became an incident which was not found to be none, and of which nothing names
// the assessment whether unsecured protected health information was compromised. The entity has the burden of showing that a
// use was no breach (164.414(b)).
func (r Records) breaches(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	assessed := func(refs []hipaasmp.Ref) bool {
		return slices.ContainsFunc(refs, func(ref hipaasmp.Ref) bool { return ref.Kind == KindBreachAssessment })
	}
	r.contents(asOf, func(ref hipaasmp.Ref, c Content) {
		loc, _ := location(c.Zone)
		for _, e := range c.Exceptions {
			d := e.Disposition
			if d == nil || e.State != ExceptionIncident || e.PatientCount == 0 || d.Earlier != nil || !c.Period.Overlaps(asked) || assessed(d.Refs) {
				continue
			}
			on := hipaasmp.DateOf(d.At, loc)
			settled := slices.ContainsFunc(r.Incidents, func(i Incident) bool {
				return i.Ending != nil && slices.ContainsFunc(d.Refs, func(to hipaasmp.Ref) bool { return to.Newest() == i.DocumentRef() }) &&
					(i.Ending.Outcome == nil || assessed(i.Ending.Outcome.Refs))
			})
			if settled || on.After(asOf) {
				continue
			}
			g := hipaasmp.Gap{
				Missing: fmt.Sprintf("Exception %s of %s, about %d patients, went on as an incident, and nothing names the assessment whether their health information was compromised.", e.ID, c.Period, e.PatientCount),
				Since:   on,
				Closes:  "Assess it by the factors of 164.402 and name the assessment in the outcome of the incident, or document that it was no incident.",
				Refs:    append([]hipaasmp.Ref{ref}, d.Refs...),
			}
			out = append(out, g)
		}
	})
	return out
}
