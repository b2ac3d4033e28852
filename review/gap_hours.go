package review

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// hours finds sources that were silent for more of their expected hours than the entity allows, reviews that did not count
// the hours of a source with a schedule, and audit logs of which the procedure does not say when they record.
func (r Records) hours(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.certified(asked, asOf) {
		limit := r.limits(x.Procedure).HoursPerThousand
		if limit <= 0 {
			continue
		}
		for _, s := range x.Sources {
			source, _ := x.Procedure.Source(s.Source)
			h := s.Hours
			switch {
			case source.Expected == nil:
			case h == nil:
				out = append(out, hipaasmp.Gap{
					Missing: fmt.Sprintf("It was not counted in which of its expected hours %s (system %s) was recording in %s.", s.Source, source.System, x.Period),
					Since:   x.Period.From,
					Closes:  "Count the hours, with the heartbeats of the source where it has some, and correct the review.",
					Refs:    []hipaasmp.Ref{x.DocumentRef()},
				})
			case int64(h.Observed)*1000 < int64(h.Expected)*int64(limit):
				g := hipaasmp.Gap{
					Missing: fmt.Sprintf("%s (system %s) was seen recording in %d of %d expected hours of %s, fewer than the %d of a thousand that the entity's own procedure asks for; on %d days in none.",
						s.Source, source.System, h.Observed, h.Expected, x.Period, limit, len(h.Silent())),
					Since:  x.Period.From,
					Closes: "Find out whether nothing happened or nothing was recorded, get what can still be fetched, and correct the review or the schedule.",
					Refs:   []hipaasmp.Ref{x.DocumentRef()},
				}
				for _, d := range h.Short {
					g.Counted = append(g.Counted, fmt.Sprintf("%s: %d of %d hours", d.Day, d.Observed, d.Expected))
				}
				out = append(out, g)
			}
		}
	}
	for _, p := range InForce(r.Procedures, asOf) {
		var none []string
		for _, s := range p.Sources {
			if s.Records == RecordAuditLog && s.Expected == nil && s.inUse(asOf) && p.Limits.HoursPerThousand > 0 {
				none = append(none, fmt.Sprintf("%s (system %s)", s.ID, s.System))
			}
		}
		if len(none) > 0 {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("Procedure version %s does not say in which hours %d of its audit logs are expected to record, so that silence cannot be told from quiet.", p.Version, len(none)),
				Closes:  "Approve a version with their schedules, or without a share of hours to ask for.",
				Refs:    []hipaasmp.Ref{p.DocumentRef()},
				Counted: none,
			})
		}
	}
	return out
}
