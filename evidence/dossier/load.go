package dossier

import (
	"context"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
	"github.com/hipaasmp/hipaasmp/storage"
)

// Load reads the newest version of everything that a tenant has, as it was recorded at the instant at; the zero time
// means now. The errors are those of package storage, and [*EntityError] where the tenant has no entity or several.
func Load(ctx context.Context, s *storage.Store, tenant string, at time.Time) (inquiry.Records, error) {
	l := loader{ctx: ctx, store: s, tenant: tenant, at: at}
	var r inquiry.Records
	entities := load[hipaasmp.Entity](&l, hipaasmp.KindEntity)
	r.RiskProcedures = load[risk.Procedure](&l, risk.KindProcedure)
	r.Analyses = load[risk.Analysis](&l, risk.KindAnalysis)
	r.Drafts = load[risk.Draft](&l, risk.KindDraft)
	r.Plans = load[remediation.Plan](&l, remediation.KindPlan)
	r.Items = load[remediation.Item](&l, remediation.KindItem)
	r.Completions = load[remediation.Completion](&l, remediation.KindCompletion)
	r.Acceptances = load[remediation.Acceptance](&l, remediation.KindAcceptance)
	r.Decisions = load[remediation.AddressableDecision](&l, remediation.KindAddressableDecision)
	r.Policies = load[sanction.Policy](&l, sanction.KindPolicy)
	r.Cases = load[sanction.Case](&l, sanction.KindCase)
	r.Outcomes = load[sanction.Outcome](&l, sanction.KindOutcome)
	r.Acknowledgements = load[sanction.Acknowledgement](&l, sanction.KindAcknowledgement)
	r.Attestations = load[sanction.Attestation](&l, sanction.KindAttestation)
	r.Trainings = load[sanction.Training](&l, sanction.KindTraining)
	r.Procedures = load[review.Procedure](&l, review.KindProcedure)
	r.Sessions = load[review.Session](&l, review.KindSession)
	r.Reviews = load[review.Record](&l, review.KindRecord)
	r.Rules = load[review.ExplanationRule](&l, review.KindExplanationRule)
	r.Incidents = load[review.Incident](&l, review.KindIncident)
	r.IncidentRecords = load[review.IncidentRecord](&l, review.KindIncidentRecord)
	r.Dispositions = load[retention.Disposition](&l, retention.KindDisposition)
	r.Filings = l.filings(r)
	certificates := load[storage.Certificate](&l, storage.KindCertificate)
	if l.err != nil {
		return inquiry.Records{}, l.err
	}
	for _, c := range certificates {
		r.Destroyed = append(r.Destroyed, inquiry.Destroyed{Ref: c.Ref, On: c.On, KeepThrough: c.Term.KeepThrough})
	}
	if len(entities) != 1 {
		return inquiry.Records{}, &EntityError{Tenant: tenant, Found: len(entities), At: at}
	}
	r.Entity = entities[0]
	return r, nil
}

// loader keeps the first error, so that the list above reads as a list.
type loader struct {
	ctx    context.Context
	store  *storage.Store
	tenant string
	at     time.Time
	err    error
}

// filings are where the ledger has the procedures of review, and every version of the sessions that plan samples.
func (l *loader) filings(r inquiry.Records) []review.Filing {
	var out []review.Filing
	for _, p := range r.Procedures {
		for _, e := range l.history(p.DocumentRef(), 1) {
			out = append(out, review.Filing{Ref: e.Ref(), At: e.Recorded, Position: e.Seq})
		}
	}
	for _, s := range r.Sessions {
		if len(s.Samples) == 0 {
			continue
		}
		for _, e := range l.history(s.DocumentRef(), 0) {
			if e.Disposed() {
				continue
			}
			version, err := storage.Decode[review.Session](e)
			if err != nil {
				l.err = err
				return nil
			}
			out = append(out, review.FilingOf(version, e.Ref(), e.Recorded, e.Seq))
		}
	}
	return out
}

// history is at most the given number of versions of a document, the first ones; 0 is all until the instant.
func (l *loader) history(ref hipaasmp.Ref, most int) []storage.Entry {
	if l.err != nil {
		return nil
	}
	var out []storage.Entry
	for e, err := range l.store.History(l.ctx, l.tenant, ref) {
		switch {
		case err != nil:
			l.err = err
			return nil
		case !l.at.IsZero() && e.Recorded.After(l.at), most > 0 && len(out) == most:
			return out
		}
		out = append(out, e)
	}
	return out
}

func load[T hipaasmp.Document](l *loader, kind hipaasmp.Kind) []T {
	if l.err != nil {
		return nil
	}
	var out []T
	for doc, err := range storage.List[T](l.ctx, l.store, l.tenant, storage.Query{Kind: kind, AsOf: l.at}) {
		if err != nil {
			l.err = err
			return nil
		}
		out = append(out, doc)
	}
	return out
}
