package review

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// tickets finds in the reviews tracking reports without figures, whoever read them, and tickets that are open for longer than the entity allows, closed without a documented
// outcome, or in a state that the profile does not know.
func (r Records) tickets(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.certified(asked, asOf) {
		limit := r.limits(x.Procedure).IncidentDays
		for _, s := range x.Sources {
			if s.Tracking == nil {
				if source, _ := x.Procedure.Source(s.Source); source.Records == RecordIncidentTracking {
					out = append(out, hipaasmp.Gap{
						Missing: fmt.Sprintf("The review of %s read %d tickets of %s and does not say in which state they are, since when they are open, or what they came to.", x.Period, s.Events, s.Source),
						Since:   x.Timeliness.Certified,
						Closes:  "Count the tickets by state and outcome, list the open ones with their age, and correct the review; Track counts tickets that a person read, too.",
						Refs:    []hipaasmp.Ref{x.DocumentRef()},
						Counted: []string{"states, outcomes and ages: not stated"},
					})
				}
				continue
			}
			gap := func(closes, format string, args ...any) *hipaasmp.Gap {
				out = append(out, hipaasmp.Gap{Missing: fmt.Sprintf(format, args...), Since: s.Tracking.AsOf, Closes: closes, Refs: []hipaasmp.Ref{x.DocumentRef()}})
				return &out[len(out)-1]
			}
			var old []string
			for _, o := range s.Tracking.Open {
				if limit > 0 && o.Days > limit {
					old = append(old, fmt.Sprintf("%s, %s since %s, %d days", o.ID, o.State, o.Opened, o.Days))
				}
			}
			if len(old) > 0 {
				gap("Take the tickets to their outcome, and document it.",
					"Tickets of %s that on %s had been open for longer than the %d days that the entity's own procedure allows: %d.", s.Source, s.Tracking.AsOf, limit, len(old)).Counted = old
			}
			undocumented := s.Tracking.Outcome(TicketPending) + s.Tracking.Outcome(TicketOutcomeUnknown)
			if undocumented > 0 {
				gap("Find out what the tickets came to and document it, or give the profile the words of the report.",
					"Tickets of %s that are closed without saying what they came to: %d.", s.Source, undocumented)
			}
			if n := s.Tracking.State(TicketUnknown); n > 0 {
				gap("Give the profile the words of the report for its states, and review the tickets again.",
					"Tickets of %s of which it is not known whether they are open: %d.", s.Source, n)
			}
		}
	}
	return out
}

// profiles finds reviews that read a report by another profile than the procedure names.
func (r Records) profiles(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		for _, s := range x.Sources {
			source, ok := x.Procedure.Source(s.Source)
			if !ok || source.Profile == nil || s.Profile != nil && *s.Profile == *source.Profile {
				continue
			}
			by := "by none that is recorded"
			if s.Profile != nil {
				by = fmt.Sprintf("by %s with the digest %s", s.Profile, s.Profile.Digest)
			}
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("The procedure reads %s by the mapping profile %s, and the review of %s read it %s.", s.Source, source.Profile, x.Period, by),
				Since:   x.Period.From,
				Closes:  "Review the report again by the profile of the procedure, or approve a procedure version with the profile that is right.",
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
				Counted: []string{"profile of the procedure: " + string(source.Profile.Digest)},
			})
		}
	}
	return out
}
