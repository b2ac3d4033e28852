package inquiry

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// incident is what is on file of one incident: the document, its final record, or both.
type incident struct {
	ref    hipaasmp.Ref
	report review.IncidentReport
	ending *review.Ending
}

// dismissed reports whether it was found to be no security incident.
func (i incident) dismissed() bool { return i.ending != nil && i.ending.Outcome == nil }

func (r Records) incidents() []incident {
	var out []incident
	for _, i := range r.Incidents {
		out = append(out, incident{i.DocumentRef(), i.Report, i.Ending})
	}
	for _, x := range r.IncidentRecords {
		known := slices.IndexFunc(out, func(i incident) bool { return i.ref == x.Incident.Newest() })
		if known < 0 {
			out = append(out, incident{x.Incident.Newest(), x.Report, x.Ending})
		} else if out[known].ending == nil {
			out[known].ending = x.Ending
		}
	}
	return out
}

// changes are what happened that an analysis approved before it did not know. An incident that was found to be none is
// no change, and neither is an attempt that came to nothing: most logs are full of them.
func (r Records) changes() []risk.Change {
	out := slices.Clone(r.Changes)
	for _, i := range r.incidents() {
		if i.dismissed() || i.report.Success == review.SuccessAttempted {
			continue
		}
		source := i.ref
		out = append(out, risk.Change{Trigger: risk.TriggerIncident, On: i.report.On, What: "security incident " + i.ref.String(), Assets: i.report.Systems, Source: &source})
	}
	return out
}

// raised is one exception that went on to other documents.
type raised struct {
	from      hipaasmp.Ref // the review record, or the session that is still open
	session   hipaasmp.Ref
	content   review.Content
	accounts  []review.Account
	exception review.Exception
}

func (r Records) raised(asOf hipaasmp.Date) []raised {
	var out []raised
	for _, x := range r.reviews().Raised(asOf) {
		if n := len(out); n > 0 && out[n-1].from == x.Record && out[n-1].exception.ID == x.Exception {
			continue // one entry for each document it went on to
		}
		found := raised{from: x.Record}
		for _, rec := range r.Reviews {
			if rec.DocumentRef() == x.Record {
				found.session, found.content, found.accounts = rec.Session.Newest(), rec.Content, rec.Independence.Accounts
			}
		}
		for _, s := range r.Sessions {
			if s.DocumentRef() == x.Record {
				found.session, found.content = x.Record, s.Content
			}
		}
		found.exception, _ = found.content.Exception(x.Exception)
		if d := found.exception.Disposition; d != nil && !hipaasmp.DateOf(d.At, r.zone()).After(asOf) {
			out = append(out, found)
		}
	}
	return out
}

// incidentWithoutCase looks at the exceptions that went on to an incident or a sanction case and whose actor is of the
// workforce. What came of it is on file where a case speaks of it, or where the incident was found to be none. An
// incident that is still open is asked about by the package review.
func (r Records) incidentWithoutCase(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.raised(asOf) {
		member, ok := r.memberOf(x)
		to := keep(x.exception.Disposition.Refs, func(ref hipaasmp.Ref) bool { return ref.Kind == review.KindIncident || ref.Kind == sanction.KindCase })
		if !ok || len(to) == 0 || r.settled(x, member, to, asOf) {
			continue
		}
		since := hipaasmp.DateOf(x.exception.Disposition.At, r.zone())
		g := hipaasmp.Gap{
			Missing: fmt.Sprintf("Exception %s of the review of %s, by %s, went on to %s, and no sanction case on file speaks of it.", x.exception.ID, x.content.Period, member, named(to)),
			Since:   since,
			Closes:  "File a case and take it to its outcome, which may be that no sanction is due, with the reason.",
			Refs:    append([]hipaasmp.Ref{x.from}, to...),
			Counted: []string{count(len(r.Cases), "case", "cases") + " on file"},
		}
		if denied := keep(until(r.Attestations, asOf), func(a sanction.Attestation) bool { return !a.Period.Open() && a.Period.Contains(since) }); len(denied) > 0 {
			g.Missing += fmt.Sprintf(" %s %s that no violation came to notice on that day; the review shows one.", named(refs(denied)), verb(len(denied), "says", "say"))
			g.Refs = append(g.Refs, refs(denied)...)
		}
		out = append(out, g)
	}
	return out
}

// memberOf returns the member of the workforce whom the log names as the actor: by the member's identity, by an account
// that the review lists for the member, or by an account name that ends in the identity, as in
// arn:aws:iam::111122223333:user/wf-104 or DOMAIN\wf-104. An actor that cannot be told is left to the reviewer's words,
// and one who was not of the workforce at the time is no subject of the sanction policy.
func (r Records) memberOf(x raised) (string, bool) {
	actor := x.exception.Actor
	for _, m := range r.Entity.Workforce {
		if !goesBy(m.ID, actor, x.accounts) {
			continue
		}
		if on := hipaasmp.DateOf(x.exception.First, r.zone()); on.IsZero() || m.Member.Contains(on) {
			return m.ID, true
		}
	}
	return "", false
}

func goesBy(member, actor string, accounts []review.Account) bool {
	if member == "" || actor == "" {
		return false
	}
	for _, a := range accounts {
		if a.Member == member && slices.Contains(a.Actors, actor) {
			return true
		}
	}
	rest, ok := strings.CutSuffix(actor, member)
	return ok && (rest == "" || strings.ContainsAny(rest[len(rest)-1:], `/:\`))
}

// settled reports whether what came of the exception is on file, or is still being found out.
func (r Records) settled(x raised, member string, to []hipaasmp.Ref, asOf hipaasmp.Date) bool {
	if r.caseFrom(asOf, func(about string, sources []hipaasmp.Ref) bool {
		return about == member && (names(sources, x.from) || names(sources, x.session))
	}) {
		return true
	}
	for _, ref := range to {
		if ref.Kind == sanction.KindCase {
			if r.knowsCase(ref, asOf) {
				return true
			}
			continue
		}
		if r.caseFrom(asOf, func(_ string, sources []hipaasmp.Ref) bool { return names(sources, ref) }) {
			return true
		}
		for _, i := range r.incidents() {
			if i.ref != ref.Newest() {
				continue
			}
			open := i.ending == nil || hipaasmp.DateOf(i.ending.At, r.zone()).After(asOf)
			if open || i.dismissed() || slices.ContainsFunc(i.ending.Outcome.Refs, func(to hipaasmp.Ref) bool { return r.knowsCase(to, asOf) }) {
				return true
			}
		}
	}
	return false
}

func names(list []hipaasmp.Ref, ref hipaasmp.Ref) bool {
	return slices.ContainsFunc(list, func(x hipaasmp.Ref) bool { return x.Newest() == ref.Newest() })
}

// caseFrom looks for a case reported until the day; an outcome stands for its case.
func (r Records) caseFrom(asOf hipaasmp.Date, ok func(subject string, sources []hipaasmp.Ref) bool) bool {
	for _, c := range r.Cases {
		if !c.Report.On.After(asOf) && ok(c.Subject.ID, c.Report.Sources) {
			return true
		}
	}
	for _, o := range r.Outcomes {
		if !o.Report.On.After(asOf) && ok(o.Subject.ID, o.Report.Sources) {
			return true
		}
	}
	return false
}

func (r Records) knowsCase(ref hipaasmp.Ref, asOf hipaasmp.Date) bool {
	return slices.ContainsFunc(r.Cases, func(c sanction.Case) bool { return c.DocumentRef() == ref.Newest() && !c.Report.On.After(asOf) }) ||
		slices.ContainsFunc(r.Outcomes, func(o sanction.Outcome) bool { return o.Case.Newest() == ref.Newest() && !o.Report.On.After(asOf) })
}
