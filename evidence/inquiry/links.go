package inquiry

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// link says that a document names another. Links that a check of a domain follows are not among them: the analysis
// before another, the policy of a case, the procedure of a review.
type link struct {
	from hipaasmp.Ref
	on   hipaasmp.Date // the day of the document that names the other
	to   hipaasmp.Ref
}

// keptYears is the time of 45 CFR 164.316(b)(2)(i).
const keptYears = 6

// notOnFile finds documents that others name and that are not there. What was named more than six years ago may have
// been disposed of in the order of things, and what was destroyed is asked about by a check of its own.
func (r Records) notOnFile(asOf hipaasmp.Date) []hipaasmp.Gap {
	have, kinds := r.onFile()
	for _, d := range r.Destroyed {
		have[d.Ref.Newest()] = true
	}
	var missing []hipaasmp.Ref
	by := map[hipaasmp.Ref][]hipaasmp.Ref{}
	for _, l := range r.links() {
		to := l.to.Newest()
		if have[to] || !kinds[to.Kind] || l.on.After(asOf) || l.on.AddYears(keptYears).Before(asOf) {
			continue
		}
		if by[to] == nil {
			missing = append(missing, to)
		}
		if !slices.Contains(by[to], l.from) {
			by[to] = append(by[to], l.from)
		}
	}
	slices.SortFunc(missing, compareRefs)
	var out []hipaasmp.Gap
	for _, to := range missing {
		from := by[to]
		slices.SortFunc(from, compareRefs)
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("%s is not on file, and %s %s it.", to, named(from), verb(len(from), "names", "name")),
			Closes:  "Find the document and file it as it was, or restore it from a backup.",
			Refs:    append([]hipaasmp.Ref{to}, from...),
		})
	}
	return out
}

// onFile returns the documents that are there, and the kinds of which they are all.
func (r Records) onFile() (have map[hipaasmp.Ref]bool, kinds map[hipaasmp.Kind]bool) {
	have, kinds = map[hipaasmp.Ref]bool{}, map[hipaasmp.Kind]bool{}
	note := func(kind hipaasmp.Kind, list []hipaasmp.Ref) {
		kinds[kind] = true
		for _, ref := range list {
			have[ref] = true
		}
	}
	note(risk.KindProcedure, refs(r.RiskProcedures))
	note(risk.KindAnalysis, refs(r.Analyses))
	note(risk.KindDraft, refs(r.Drafts))
	note(remediation.KindPlan, refs(r.Plans))
	note(remediation.KindItem, refs(r.Items))
	note(remediation.KindCompletion, refs(r.Completions))
	note(remediation.KindAcceptance, refs(r.Acceptances))
	note(remediation.KindAddressableDecision, refs(r.Decisions))
	note(sanction.KindPolicy, refs(r.Policies))
	note(sanction.KindCase, refs(r.Cases))
	note(sanction.KindOutcome, refs(r.Outcomes))
	note(sanction.KindAcknowledgement, refs(r.Acknowledgements))
	note(sanction.KindAttestation, refs(r.Attestations))
	note(sanction.KindTraining, refs(r.Trainings))
	note(review.KindProcedure, refs(r.Procedures))
	note(review.KindSession, refs(r.Sessions))
	note(review.KindRecord, refs(r.Reviews))
	note(review.KindExplanationRule, refs(r.Rules))
	note(review.KindIncident, refs(r.Incidents))
	note(review.KindIncidentRecord, refs(r.IncidentRecords))
	return have, kinds
}

// links lists who names whom.
func (r Records) links() []link {
	var l links
	l.risk(r)
	l.remediation(r)
	l.sanction(r)
	l.review(r)
	return l
}

type links []link

func (l *links) add(from hipaasmp.Ref, on hipaasmp.Date, to ...hipaasmp.Ref) {
	for _, ref := range to {
		if !ref.IsZero() && ref.Newest() != from {
			*l = append(*l, link{from, on, ref})
		}
	}
}

// one makes a list of a reference that may be absent.
func one(ref *hipaasmp.Ref) []hipaasmp.Ref {
	if ref == nil {
		return nil
	}
	return []hipaasmp.Ref{*ref}
}

func (l *links) risk(r Records) {
	for _, a := range r.Analyses {
		l.add(a.DocumentRef(), a.InEffect.To, one(a.SupersededBy)...)
	}
	for _, d := range r.Drafts {
		l.add(d.DocumentRef(), hipaasmp.DateOf(d.CreatedAt, r.zone()), one(d.Predecessor)...)
	}
}

func (l *links) remediation(r Records) {
	for _, p := range r.Plans {
		l.add(p.DocumentRef(), p.Approval.On, p.Analysis)
		l.add(p.DocumentRef(), p.InEffect.To, one(p.SupersededBy)...)
		for _, c := range p.Commitments {
			if c.Item != "" {
				l.add(p.DocumentRef(), p.Approval.On, hipaasmp.Ref{Kind: remediation.KindItem, ID: c.Item})
			}
			if c.Acceptance != "" {
				l.add(p.DocumentRef(), p.Approval.On, hipaasmp.Ref{Kind: remediation.KindAcceptance, ID: c.Acceptance})
			}
		}
	}
	for _, i := range r.Items {
		l.add(i.DocumentRef(), i.Created, append(one(i.Acceptance), i.Finding.Analysis)...)
	}
	for _, c := range r.Completions {
		l.add(c.DocumentRef(), c.ClosedOn, c.Item.DocumentRef(), c.Item.Finding.Analysis)
	}
	for _, a := range r.Acceptances {
		l.add(a.DocumentRef(), a.On, a.Finding.Analysis)
	}
	for _, d := range r.Decisions {
		l.add(d.DocumentRef(), d.On, one(d.Assessment)...)
		l.add(d.DocumentRef(), d.InEffect.To, one(d.SupersededBy)...)
	}
}

func (l *links) sanction(r Records) {
	for _, p := range r.Policies {
		l.add(p.DocumentRef(), p.Effective.From, one(p.Replaces)...)
	}
	for _, c := range r.Cases {
		l.add(c.DocumentRef(), c.Report.On, c.Report.Sources...)
		l.proceeding(c.DocumentRef(), r.zone(), c.Proceeding)
	}
	for _, o := range r.Outcomes {
		l.add(o.DocumentRef(), o.Closed, append([]hipaasmp.Ref{o.Case}, o.Report.Sources...)...)
		l.proceeding(o.DocumentRef(), r.zone(), o.Proceeding)
	}
	for _, a := range r.Acknowledgements {
		l.add(a.DocumentRef(), a.On, a.Policy)
	}
	for _, a := range r.Attestations {
		l.add(a.DocumentRef(), a.On, a.Consulted...)
	}
	for _, t := range r.Trainings {
		l.add(t.DocumentRef(), t.On, append(one(t.Policy), one(t.Case)...)...)
	}
}

// proceeding adds what a dismissal rests on and what followed from the case, such as a finding of the risk analysis.
func (l *links) proceeding(from hipaasmp.Ref, zone *time.Location, p sanction.Proceeding) {
	if d := p.Dismissal; d != nil {
		l.add(from, hipaasmp.DateOf(d.At, zone), d.See...)
	}
	if c := p.Closure; c != nil {
		for _, x := range c.LedTo {
			l.add(from, hipaasmp.DateOf(c.At, zone), x.Ref)
		}
	}
}

func (l *links) review(r Records) {
	for _, p := range r.Procedures {
		l.add(p.DocumentRef(), p.Effective.From, one(p.Replaces)...)
	}
	exceptions := func(from hipaasmp.Ref, list []review.Exception) {
		for _, e := range list {
			if e.Disposition != nil {
				l.add(from, hipaasmp.DateOf(e.Disposition.At, r.zone()), append(one(e.Disposition.Earlier), e.Disposition.Refs...)...)
			}
		}
	}
	items := func(from hipaasmp.Ref, list []review.OpenItem) {
		for _, i := range list {
			if i.From != nil {
				l.add(from, i.Since, i.From.Document)
			}
			if i.Closed != nil {
				l.add(from, hipaasmp.DateOf(i.Closed.At, r.zone()), i.Closed.Refs...)
			}
		}
	}
	for _, s := range r.Sessions {
		l.add(s.DocumentRef(), s.Period.To, one(s.Record)...)
		if s.Record == nil { // otherwise its record says the same
			exceptions(s.DocumentRef(), s.Exceptions)
			items(s.DocumentRef(), s.OpenItems)
		}
	}
	for _, x := range r.Rules {
		l.add(x.DocumentRef(), x.Approval.On, one(x.From)...)
	}
	for _, x := range r.Reviews {
		l.add(x.DocumentRef(), x.Timeliness.Certified, append(one(x.Supersedes), x.Session)...)
		exceptions(x.DocumentRef(), x.Exceptions)
		items(x.DocumentRef(), x.OpenItems)
	}
	for _, i := range r.Incidents {
		l.add(i.DocumentRef(), i.Report.On, i.Report.Sources...)
	}
	for _, x := range r.IncidentRecords {
		l.add(x.DocumentRef(), x.Ended, append([]hipaasmp.Ref{x.Incident}, x.Report.Sources...)...)
		if x.Ending != nil && x.Ending.Outcome != nil {
			l.add(x.DocumentRef(), x.Ended, x.Ending.Outcome.Refs...)
		}
	}
}
