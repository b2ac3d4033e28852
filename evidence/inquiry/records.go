package inquiry

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// Records are the newest versions of everything that one tenant has, as of a day. Give all of them: a check counts what
// it is given. The order of the lists changes no answer.
type Records struct {
	// Entity is whose records these are.
	Entity hipaasmp.Entity
	// Cadence is the entity's own interval for its risk analysis; policy, never law. Where it is not set, that of the
	// procedure in effect counts.
	Cadence risk.Cadence
	// Asked is the period that the inquiry is about; the zero period leaves it to each check.
	Asked hipaasmp.Period
	// Inventory is the inventory as it is now, where the entity keeps one apart from its analyses; nil where it does not.
	Inventory *risk.Inventory
	// Changes are what happened and stands in no record: a move, a new law. Incidents are taken from the records.
	Changes []risk.Change
	// Operating are the times in which the entity was in operation; none means always.
	Operating []hipaasmp.Period

	RiskProcedures []risk.Procedure
	Analyses       []risk.Analysis
	Drafts         []risk.Draft

	Plans       []remediation.Plan
	Items       []remediation.Item
	Completions []remediation.Completion
	Acceptances []remediation.Acceptance
	Decisions   []remediation.AddressableDecision

	Policies         []sanction.Policy
	Cases            []sanction.Case
	Outcomes         []sanction.Outcome
	Acknowledgements []sanction.Acknowledgement
	Attestations     []sanction.Attestation
	Trainings        []sanction.Training

	Procedures      []review.Procedure
	Sessions        []review.Session
	Reviews         []review.Record
	Rules           []review.ExplanationRule
	Incidents       []review.Incident
	IncidentRecords []review.IncidentRecord
	// Filings are the places in the ledger of procedures of review and of the sessions with samples; none where there is no
	// ledger.
	Filings []review.Filing

	// Dispositions are the disposals that were proposed, and what was decided.
	Dispositions []retention.Disposition
	// Destroyed are the documents whose content is gone, with the day to which they had to be kept.
	Destroyed []Destroyed
}

// Destroyed is a document whose content was destroyed.
type Destroyed struct {
	// Ref is the document.
	Ref hipaasmp.Ref
	// On is the day of destruction; zero where no certificate says so.
	On hipaasmp.Date
	// KeepThrough is the last day on which it had to be kept; zero where its clock had not started.
	KeepThrough hipaasmp.Date
}

// Finals returns every record, which is what can be given as evidence: by the fields of [Records] in their order, and
// within each by identity. The entity's profile is among them.
func (r Records) Finals() []hipaasmp.Record {
	var out []hipaasmp.Record
	if r.Entity.ID != "" {
		out = append(out, r.Entity)
	}
	return append(out, r.ordered().finals()...)
}

// finals are all records but the entity's profile.
func (r Records) finals() []hipaasmp.Record {
	var out []hipaasmp.Record
	out = add(out, r.RiskProcedures)
	out = add(out, r.Analyses)
	out = add(out, r.Plans)
	out = add(out, r.Completions)
	out = add(out, r.Acceptances)
	out = add(out, r.Decisions)
	out = add(out, r.Policies)
	out = add(out, r.Outcomes)
	out = add(out, r.Acknowledgements)
	out = add(out, r.Attestations)
	out = add(out, r.Trainings)
	out = add(out, r.Procedures)
	out = add(out, r.Reviews)
	out = add(out, r.Rules)
	return add(out, r.IncidentRecords)
}

func add[T hipaasmp.Record](out []hipaasmp.Record, list []T) []hipaasmp.Record {
	for _, r := range list {
		out = append(out, r)
	}
	return out
}

// ordered returns the records with every list by identity, so that no answer depends on the order in which somebody
// happened to read them.
func (r Records) ordered() Records {
	r.RiskProcedures, r.Analyses, r.Drafts = sorted(r.RiskProcedures), sorted(r.Analyses), sorted(r.Drafts)
	r.Plans, r.Items = sorted(r.Plans), sorted(r.Items)
	r.Completions, r.Acceptances, r.Decisions = sorted(r.Completions), sorted(r.Acceptances), sorted(r.Decisions)
	r.Policies, r.Cases, r.Outcomes = sorted(r.Policies), sorted(r.Cases), sorted(r.Outcomes)
	r.Acknowledgements, r.Attestations, r.Trainings = sorted(r.Acknowledgements), sorted(r.Attestations), sorted(r.Trainings)
	r.Procedures, r.Sessions, r.Reviews = sorted(r.Procedures), sorted(r.Sessions), sorted(r.Reviews)
	r.Rules = sorted(r.Rules)
	r.Incidents, r.IncidentRecords = sorted(r.Incidents), sorted(r.IncidentRecords)
	r.Dispositions = sorted(r.Dispositions)
	r.Changes = slices.Clone(r.Changes)
	slices.SortStableFunc(r.Changes, func(a, b risk.Change) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Trigger, b.Trigger), cmp.Compare(a.What, b.What), slices.Compare(a.Assets, b.Assets))
	})
	r.Destroyed = slices.Clone(r.Destroyed)
	slices.SortStableFunc(r.Destroyed, func(a, b Destroyed) int {
		return cmp.Or(compareRefs(a.Ref, b.Ref), a.On.Compare(b.On), a.KeepThrough.Compare(b.KeepThrough))
	})
	return r
}

// sorted orders documents by identity, and several versions of one by their bytes.
func sorted[T hipaasmp.Document](list []T) []T {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b T) int {
		if c := compareRefs(a.DocumentRef(), b.DocumentRef()); c != 0 {
			return c
		}
		x, errX := hipaasmp.Canonical(a)
		y, errY := hipaasmp.Canonical(b)
		if errX != nil || errY != nil {
			return 0 // a document that cannot be written is in no ledger
		}
		return bytes.Compare(x, y)
	})
	return out
}

func compareRefs(a, b hipaasmp.Ref) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version))
}

// refs lists the identities of documents.
func refs[T hipaasmp.Document](list []T) []hipaasmp.Ref {
	var out []hipaasmp.Ref
	for _, d := range list {
		out = append(out, d.DocumentRef())
	}
	return out
}

// until keeps the records that had come about by the day.
func until[T hipaasmp.Record](list []T, asOf hipaasmp.Date) []T {
	var out []T
	for _, r := range list {
		if on := r.RetentionBasis().Created; !on.IsZero() && !on.After(asOf) {
			out = append(out, r)
		}
	}
	return out
}

// keep keeps the documents for which ok holds.
func keep[T any](list []T, ok func(T) bool) []T {
	var out []T
	for _, d := range list {
		if ok(d) {
			out = append(out, d)
		}
	}
	return out
}

// zone is the entity's zone, or UTC where the entity has none that this machine knows.
func (r Records) zone() *time.Location {
	loc, err := r.Entity.Location()
	if err != nil {
		return time.UTC
	}
	return loc
}

func (r Records) sanctions() sanction.Records {
	return sanction.Records{
		EntityType: r.Entity.Type, Policies: r.Policies, Cases: r.Cases, Outcomes: r.Outcomes,
		Acknowledgements: r.Acknowledgements, Trainings: r.Trainings, Attestations: r.Attestations, Workforce: r.Entity.Workforce,
	}
}

// disposals are the dispositions, and the documents whose destruction a certificate gives a day.
func (r Records) disposals() retention.GapInput {
	in := retention.GapInput{Dispositions: r.Dispositions, Zone: r.zone()}
	for _, d := range r.Destroyed {
		if !d.On.IsZero() {
			in.Certified = append(in.Certified, d.Ref)
		}
	}
	return in
}

func (r Records) reviews() review.Records {
	return review.Records{
		Procedures: r.Procedures, Sessions: r.Sessions, Records: r.Reviews, Rules: r.Rules, Incidents: r.Incidents, IncidentRecords: r.IncidentRecords,
		Filings: r.Filings, Operating: r.Operating,
	}
}
