package review

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The codes of the gaps that this package finds.
const (
	// GapNoProcedure: no procedure is in effect on the day.
	GapNoProcedure hipaasmp.GapCode = "GAP-REV-01"
	// GapNotReviewed: a period has no certified review of a source and is overdue by the entity's own procedure.
	GapNotReviewed hipaasmp.GapCode = "GAP-REV-02"
	// GapCapability: it is not known that a reviewed source was recording, or known that it was not.
	GapCapability hipaasmp.GapCode = "GAP-REV-03"
	// GapKindNotCovered: a kind of record that the rule names is given by no source.
	GapKindNotCovered hipaasmp.GapCode = "GAP-REV-04"
	// GapOpenTooLong: a session, or an exception in one, is open for longer than the entity allows.
	GapOpenTooLong hipaasmp.GapCode = "GAP-REV-05"
	// GapDefects: more of a source could not be read than the entity allows.
	GapDefects hipaasmp.GapCode = "GAP-REV-06"
	// GapRawLogs: raw logs can be had for a shorter time than the procedure keeps them.
	GapRawLogs hipaasmp.GapCode = "GAP-REV-07"
	// GapShortRawLogs: the procedure keeps raw logs for less than six years.
	GapShortRawLogs hipaasmp.GapCode = "GAP-REV-08"
	// GapLate: a review was certified late by the entity's own procedure.
	GapLate hipaasmp.GapCode = "GAP-REV-09"
	// GapFamily: a kind of activity that a source should record does not occur in its reviews, or nothing failed in a source
	// that should record what fails.
	GapFamily hipaasmp.GapCode = "GAP-REV-10"
	// GapIndependence: it is not stated who administers a reviewed system, or a conflict was waived.
	GapIndependence hipaasmp.GapCode = "GAP-REV-11"
	// GapOtherTerms: a review followed a procedure that is not on file as it was followed.
	GapOtherTerms hipaasmp.GapCode = "GAP-REV-12"
	// GapProcedureNotReviewed: the procedure itself was not reviewed within the entity's own interval.
	GapProcedureNotReviewed hipaasmp.GapCode = "GAP-REV-13"
	// GapDetectors: a detector of the procedure was not run over an audit log that a program reviewed.
	GapDetectors hipaasmp.GapCode = "GAP-REV-14"
	// GapIncidentOpen: an incident is open for longer than the entity allows, or ended without its final record.
	GapIncidentOpen hipaasmp.GapCode = "GAP-REV-15"
	// GapUnavailable: a source was left out of a certified review because its records could not be had.
	GapUnavailable hipaasmp.GapCode = "GAP-REV-16"
	// GapSample: a sample does not show what it was to show.
	GapSample hipaasmp.GapCode = "GAP-REV-17"
	// GapTickets: the figures of a tracking report are missing, or tickets are open for too long, closed without an outcome,
	// or in an unknown state.
	GapTickets hipaasmp.GapCode = "GAP-REV-18"
	// GapProfile: a report was read by another mapping profile than the procedure names.
	GapProfile hipaasmp.GapCode = "GAP-REV-19"
	// GapUngoverned: on days of the asked period no procedure was in effect.
	GapUngoverned hipaasmp.GapCode = "GAP-REV-20"
	// GapWaived: the entity decided not to review a source.
	GapWaived hipaasmp.GapCode = "GAP-REV-21"
	// GapKindNotReviewed: a certified review covers no record of a kind that the rule names.
	GapKindNotReviewed hipaasmp.GapCode = "GAP-REV-22"
	// GapHours: a source was silent for more of its expected hours than the entity allows, or nobody counted them.
	GapHours hipaasmp.GapCode = "GAP-REV-23"
	// GapUnproved: a source was left out because there was nothing to review, and nothing shows it.
	GapUnproved hipaasmp.GapCode = "GAP-REV-24"
	// GapHorizon: it is not known for how long an audit log can still be fetched.
	GapHorizon hipaasmp.GapCode = "GAP-REV-25"
	// GapProgram: it is not recorded which program read a source.
	GapProgram hipaasmp.GapCode = "GAP-REV-26"
	// GapRule: an exception was explained by a rule that nobody had approved, or outside of what the rule is for.
	GapRule hipaasmp.GapCode = "GAP-REV-27"
	// GapRepeated: the same explanation was given by hand in several reviews.
	GapRepeated hipaasmp.GapCode = "GAP-REV-28"
	// GapOpenItem: what a review left open was neither carried nor closed, or is past its day.
	GapOpenItem hipaasmp.GapCode = "GAP-REV-29"
	// GapFindings: findings of a detector are neither exceptions nor set aside by an alert budget.
	GapFindings hipaasmp.GapCode = "GAP-REV-30"
	// GapCalendar: business days are counted past the holidays that the procedure lists.
	GapCalendar hipaasmp.GapCode = "GAP-REV-31"
	// GapFetch: nobody fetched a period that the source is about to drop, or has dropped.
	GapFetch hipaasmp.GapCode = "GAP-REV-32"
	// GapContext: a table that was read beside a log is not listed, or it is not known who supplied it.
	GapContext hipaasmp.GapCode = "GAP-REV-33"
	// GapPlanned: nothing shows that a sample was planned, or a procedure approved, before the records were read.
	GapPlanned hipaasmp.GapCode = "GAP-REV-34"
	// GapBreach: an exception about patients became an incident, and nothing names a breach risk assessment.
	GapBreach hipaasmp.GapCode = "GAP-REV-35"
	// GapElsewhere: nothing that was read of a source lies in the period under review.
	GapElsewhere hipaasmp.GapCode = "GAP-REV-36"
	// GapDropped: a correction leaves out what the corrected record had sent on as an incident.
	GapDropped hipaasmp.GapCode = "GAP-REV-37"
)

// GapChecks returns the checks bound to the records. asked is the period that an inquiry is about; without a first day it
// begins with the first procedure, without a last day it ends on the day that is asked of.
func (r Records) GapChecks(asked hipaasmp.Period) []hipaasmp.GapCheck {
	in := func(find func(hipaasmp.Period, hipaasmp.Date) []hipaasmp.Gap) func(hipaasmp.Date) []hipaasmp.Gap {
		return func(asOf hipaasmp.Date) []hipaasmp.Gap { return find(r.within(asked, asOf), asOf) }
	}
	act, audit, incident := hipaasmp.CiteActivityReview, hipaasmp.CiteAuditControls, hipaasmp.CiteIncidentResponse
	return []hipaasmp.GapCheck{
		{Code: GapNoProcedure, Citation: act, Asks: "Is a procedure for reviewing records of activity in effect?", Find: r.noProcedure},
		{Code: GapNotReviewed, Citation: act, Asks: "Has every period a certified review of every source, by the entity's own procedure?", Find: in(r.notReviewed)},
		{Code: GapCapability, Citation: audit, Asks: "Was each reviewed source able to record, turned on, and recording?", Find: in(r.capability)},
		{Code: GapKindNotCovered, Citation: act, Asks: "Are audit logs, access reports and security incident tracking reports reviewed?", Find: r.kinds},
		{Code: GapOpenTooLong, Citation: act, Asks: "Is every session certified, and has every exception a disposition, within the entity's own limits?", Find: r.openTooLong},
		{Code: GapDefects, Citation: audit, Asks: "Could the records be read?", Find: in(r.defects)},
		{Code: GapRawLogs, Citation: audit, Asks: "Are raw logs kept as long as the procedure says?", Find: r.rawLogs},
		{Code: GapShortRawLogs, Citation: audit, Asks: "For how long are raw logs kept, and by whose decision?", Find: r.shortRawLogs},
		{Code: GapLate, Citation: act, Asks: "Were the reviews certified in time, by the entity's own procedure?", Find: in(func(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
			return append(r.late(asked, asOf), r.lateRounds(asked, asOf)...)
		})},
		{Code: GapFamily, Citation: audit, Asks: "Does each source record the kinds of activity that it should?", Find: in(func(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
			return append(r.families(asked, asOf), r.failures(asked, asOf)...)
		})},
		{Code: GapIndependence, Citation: act, Asks: "Were reviewer and certifier independent of what was reviewed?", Find: in(r.independence)},
		{Code: GapOtherTerms, Citation: act, Asks: "Did each review follow the procedure version on file?", Find: in(r.otherTerms)},
		{Code: GapProcedureNotReviewed, Citation: hipaasmp.CiteUpdates, Asks: "Was the procedure reviewed within the entity's own interval?", Find: r.procedureNotReviewed},
		{Code: GapDetectors, Citation: act, Asks: "Were the detectors of the procedure run?", Find: in(r.detectors)},
		{Code: GapIncidentOpen, Citation: incident, Asks: "Is every security incident documented with its outcome?", Find: r.incidentOpen},
		{Code: GapUnavailable, Citation: act, Asks: "Could the records of every source be had?", Find: in(r.unavailable)},
		{Code: GapSample, Citation: act, Asks: "Do the samples show what they were drawn for?", Find: in(r.samples)},
		{Code: GapTickets, Citation: incident, Asks: "Do the tickets come to a documented outcome within the entity's own limit?", Find: in(r.tickets)},
		{Code: GapProfile, Citation: act, Asks: "Was each report read by the mapping profile of the procedure?", Find: in(r.profiles)},
		{Code: GapUngoverned, Citation: act, Asks: "Was a procedure in effect on every day?", Find: in(r.ungoverned)},
		{Code: GapWaived, Citation: act, Asks: "Was the review of any source waived?", Find: in(r.waived)},
		{Code: GapKindNotReviewed, Citation: act, Asks: "Does every review cover audit logs, access reports and security incident tracking reports?", Find: in(r.kindsReviewed)},
		{Code: GapHours, Citation: audit, Asks: "Was each source recording in the hours in which it should?", Find: in(r.hours)},
		{Code: GapUnproved, Citation: act, Asks: "Is it shown of each source that was left out as empty that there was nothing to review?", Find: in(r.unproved)},
		{Code: GapHorizon, Citation: audit, Asks: "Is it known until when each audit log can still be fetched?", Find: r.horizons},
		{Code: GapProgram, Citation: act, Asks: "Is it recorded which program read the records?", Find: in(r.programs)},
		{Code: GapRule, Citation: act, Asks: "Was every rule that explains exceptions approved, and used within its days?", Find: in(r.rules)},
		{Code: GapRepeated, Citation: act, Asks: "Is an explanation that is given again and again a rule with an approver and an end?", Find: in(r.repeated)},
		{Code: GapOpenItem, Citation: act, Asks: "Was what a review left open carried forward, and closed in time?", Find: in(r.openItems)},
		{Code: GapFindings, Citation: act, Asks: "Is everything that the detectors found an exception, or set aside by the entity's own budget?", Find: in(r.findings)},
		{Code: GapCalendar, Citation: act, Asks: "Are the holidays listed by which business days are counted?", Find: r.calendars},
		{Code: GapFetch, Citation: audit, Asks: "Was every period fetched before its source dropped it?", Find: func(asOf hipaasmp.Date) []hipaasmp.Gap {
			return r.fetches(hipaasmp.Period{From: asked.From}, asOf) // what is about to be lost lies past the asked period
		}},
		{Code: GapContext, Citation: act, Asks: "Is every table that was read beside a log listed, with who supplied it?", Find: in(r.context)},
		{Code: GapPlanned, Citation: act, Asks: "Were procedure and samples settled before the records were read?", Find: in(r.planned)},
		{Code: GapBreach, Citation: hipaasmp.CiteBreachBurdenOfProof, Asks: "Was each incident about patients assessed for a breach of their health information?", Find: in(r.breaches)},
		{Code: GapElsewhere, Citation: audit, Asks: "Do the records that were read lie in the period under review?", Find: in(r.elsewhere)},
		{Code: GapDropped, Citation: act, Asks: "Does each correction keep the incidents of the record that it corrects?", Find: in(r.dropped)},
	}
}

func (r Records) noProcedure(asOf hipaasmp.Date) []hipaasmp.Gap {
	if len(InForce(r.Procedures, asOf)) > 0 || !r.operating(asOf) {
		return nil
	}
	g := hipaasmp.Gap{
		Missing: fmt.Sprintf("No procedure for reviewing records of information system activity is in effect on %s.", asOf),
		Closes:  "Approve a procedure and put it in effect.",
	}
	for _, p := range r.Procedures {
		g.Counted = append(g.Counted, fmt.Sprintf("%s, in effect %s", p.DocumentRef(), p.Effective))
		if to := p.Effective.To; to.Before(asOf) && !to.IsZero() && to.AddDays(1).After(g.Since) {
			g.Since = to.AddDays(1)
		}
	}
	return []hipaasmp.Gap{g}
}

func (r Records) notReviewed(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, o := range r.Coverage(asked, asOf).Overdue {
		g := hipaasmp.Gap{
			Missing: o.String(),
			Since:   o.Due.AddDays(1),
			Closes:  "Review the period now and have it certified; the record will say that it is late.",
			Refs:    []hipaasmp.Ref{o.Procedure},
		}
		if o.Round != "" {
			g.Closes = "Run the detectors now and have the round certified; the record will say that it is late."
			for _, d := range o.Detectors {
				g.Counted = append(g.Counted, "detector "+string(d))
			}
		}
		for _, s := range o.Sources {
			line := fmt.Sprintf("%s (%s)", s.ID, s.Name)
			if last, ok := s.LastFetch(o.Period); ok && s.Archive == "" {
				if asOf.After(last) {
					line += fmt.Sprintf(", no longer whole in the source since %s", last.AddDays(1))
				} else {
					line += fmt.Sprintf(", whole in the source until %s", last)
				}
			}
			g.Counted = append(g.Counted, line)
		}
		for _, s := range r.Sessions {
			if r.openOn(s, asOf) && s.Period.Overlaps(o.Period) && s.Round == o.Round {
				g.Refs = append(g.Refs, s.DocumentRef())
				g.Closes = "Complete the open session and have it certified; the record will say that it is late."
			}
		}
		out = append(out, g)
	}
	return out
}

func (r Records) kinds(asOf hipaasmp.Date) []hipaasmp.Gap {
	versions := InForce(r.Procedures, asOf)
	if len(versions) == 0 {
		return nil // that is a gap of its own
	}
	var have []RecordKind
	var refs []hipaasmp.Ref
	var counted []string
	for _, p := range versions {
		refs = append(refs, p.DocumentRef())
		for _, s := range p.Sources {
			if s.inUse(asOf) {
				have = append(have, s.Records)
				counted = append(counted, fmt.Sprintf("%s: %s", s.ID, s.Records.Words()))
			}
		}
	}
	var out []hipaasmp.Gap
	for _, k := range RecordKind("").Values() {
		if !slices.Contains(have, k) {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("No source of the procedure gives %s, which the rule names as an example of what to review.", k.Words()),
				Closes:  "Add a source that gives them, or say in the procedure why the entity has none.",
				Refs:    refs,
				Counted: counted,
			})
		}
	}
	return out
}

// limits returns the limits of the version that a session followed, where that version is on file.
func (r Records) limits(x Extract) Limits {
	for _, p := range r.Procedures {
		if p.DocumentRef() == x.Procedure.Newest() {
			return p.Limits
		}
	}
	return Limits{}
}

func (r Records) openTooLong(asOf hipaasmp.Date) []hipaasmp.Gap {
	return append(r.exceptionOpen(asOf), r.sessionOpen(asOf)...)
}

func (r Records) exceptionOpen(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, s := range r.Sessions {
		limit := r.limits(s.Procedure).ExceptionDays
		due := s.opened().AddDays(limit)
		if limit <= 0 || !r.openOn(s, asOf) || !asOf.After(due) {
			continue
		}
		g := hipaasmp.Gap{Since: due.AddDays(1), Closes: "Explain each, give it up with what was tried, or escalate it.", Refs: []hipaasmp.Ref{s.DocumentRef(), s.Procedure.Procedure}}
		loc, _ := location(s.Zone)
		for _, e := range s.Exceptions {
			disposed := e.Disposition != nil && !hipaasmp.DateOf(e.Disposition.At, loc).After(asOf)
			if !disposed {
				g.Counted = append(g.Counted, fmt.Sprintf("%s, %s, %s", e.ID, e.Detector, e.Severity))
			}
		}
		if n := len(g.Counted); n > 0 {
			g.Missing = fmt.Sprintf("%d exceptions of %s are without a disposition, longer than the %d days that the entity's own procedure allows.", n, s.DocumentRef(), limit)
			out = append(out, g)
		}
	}
	return out
}

func (r Records) sessionOpen(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, s := range r.Sessions {
		limit := r.limits(s.Procedure).SessionDays
		due := s.opened().AddDays(limit)
		if limit <= 0 || !r.openOn(s, asOf) || !asOf.After(due) {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("%s over %s has been open since %s, longer than the %d days that the entity's own procedure allows.", s.DocumentRef(), s.Period, s.opened(), limit),
			Since:   due.AddDays(1),
			Closes:  "Complete the session and have it certified, or abandon it with the reason.",
			Refs:    []hipaasmp.Ref{s.DocumentRef(), s.Procedure.Procedure},
		})
	}
	return out
}

func (r Records) procedureNotReviewed(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, p := range InForce(r.Procedures, asOf) {
		last := p.Approval.On
		for _, v := range p.Reviews {
			if v.On.After(last) && !v.On.After(asOf) {
				last = v.On
			}
		}
		due := last.AddMonths(p.Limits.ReviewMonths)
		if p.Limits.ReviewMonths <= 0 || !asOf.After(due) {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("Procedure version %s was to be reviewed by %s by the entity's own interval of %d months; the rule asks for periodic review and names no interval.", p.Version, due, p.Limits.ReviewMonths),
			Since:   due.AddDays(1),
			Closes:  "Review the procedure and record the result.",
			Refs:    []hipaasmp.Ref{p.DocumentRef()},
		})
	}
	return out
}

func (r Records) incidentOpen(asOf hipaasmp.Date) []hipaasmp.Gap {
	limit := 0
	for _, p := range InForce(r.Procedures, asOf) {
		limit = p.Limits.IncidentDays
		break
	}
	var out []hipaasmp.Gap
	for _, i := range r.Incidents {
		if i.Report.On.IsZero() || i.Report.On.After(asOf) {
			continue
		}
		loc, _ := location(i.Zone)
		if i.Ending != nil {
			ended := hipaasmp.DateOf(i.Ending.At, loc)
			onFile := slices.ContainsFunc(r.IncidentRecords, func(x IncidentRecord) bool { return x.Incident.Newest() == i.DocumentRef() })
			if !ended.After(asOf) {
				if !onFile {
					out = append(out, hipaasmp.Gap{
						Missing: fmt.Sprintf("%s has ended and its final record is not on file.", i.DocumentRef()),
						Since:   ended,
						Closes:  "File the record; Incident.IncidentRecord gives it again.",
						Refs:    []hipaasmp.Ref{i.DocumentRef()},
					})
				}
				continue
			}
		}
		if due := i.Report.On.AddDays(limit); limit > 0 && asOf.After(due) {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("%s came to notice on %s and its outcome is not documented, longer than the %d days that the entity's own procedure allows.", i.DocumentRef(), i.Report.On, limit),
				Since:   due.AddDays(1),
				Closes:  "Contain the incident, mitigate its harmful effects as far as practicable, and document the outcome.",
				Refs:    []hipaasmp.Ref{i.DocumentRef()},
			})
		}
	}
	return out
}
