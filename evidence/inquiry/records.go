package inquiry

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// Records are the newest versions of everything that one tenant has, as of a day. Give all of them: a check counts what
// it is given.
type Records struct {
	// Entity is whose records these are.
	Entity hipaasmp.Entity
	// Cadence is the entity's own interval for its risk analysis; policy, never law.
	Cadence risk.Cadence
	// Asked is the period that the inquiry is about; the zero period leaves it to each check.
	Asked hipaasmp.Period

	Analyses []risk.Analysis
	Drafts   []risk.Draft

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

	Procedures      []review.Procedure
	Sessions        []review.Session
	Reviews         []review.Record
	Incidents       []review.Incident
	IncidentRecords []review.IncidentRecord

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

// Finals returns every record, which is what can be given as evidence, in the order of the fields.
func (r Records) Finals() []hipaasmp.Record {
	var out []hipaasmp.Record
	if r.Entity.ID != "" {
		out = append(out, r.Entity)
	}
	out = add(out, r.Analyses)
	out = add(out, r.Plans)
	out = add(out, r.Completions)
	out = add(out, r.Acceptances)
	out = add(out, r.Decisions)
	out = add(out, r.Policies)
	out = add(out, r.Outcomes)
	out = add(out, r.Acknowledgements)
	out = add(out, r.Attestations)
	out = add(out, r.Procedures)
	out = add(out, r.Reviews)
	return add(out, r.IncidentRecords)
}

func add[T hipaasmp.Record](out []hipaasmp.Record, list []T) []hipaasmp.Record {
	for _, r := range list {
		out = append(out, r)
	}
	return out
}

// refs lists the identities of documents.
func refs[T hipaasmp.Document](list []T) []hipaasmp.Ref {
	var out []hipaasmp.Ref
	for _, d := range list {
		out = append(out, d.DocumentRef())
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
