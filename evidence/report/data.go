package report

import (
	"cmp"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/quant"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// Data is what a report shows. Empty lists are shown as what they are: nothing among the records.
type Data struct {
	// Entity is whose records these are.
	Entity hipaasmp.Entity
	// AsOf is the day on which the questions were asked.
	AsOf hipaasmp.Date
	// Period is the time that the package speaks about.
	Period hipaasmp.Period
	// Answers go through an investigator's letter.
	Answers []Answer
	// Gaps are what is missing, and Checks the questions that were asked, those included that found nothing.
	Gaps   []hipaasmp.Gap
	Checks []hipaasmp.GapCheck

	Analyses     []risk.Analysis
	Plans        []remediation.Plan
	Items        []remediation.Item
	Acceptances  []remediation.Acceptance
	Policies     []sanction.Policy
	Cases        []sanction.Case
	Outcomes     []sanction.Outcome
	Attestations []sanction.Attestation
	Procedures   []review.Procedure
	Sessions     []review.Session
	Reviews      []review.Record
	Rules        []review.ExplanationRule

	// Quantified is the register in amounts with its annual loss at each stage, where the entity keeps one beside its
	// levels. It is shown as it is given; a result that was computed from another register is shown as stale.
	Quantified *quant.Appraisal

	// Due is what falls due, and what was due before and is not done, in the order of the days.
	Due []Due
	// Kept says until when each record is kept.
	Kept []Kept
	// Withheld are documents whose content the sender keeps back; nothing on the page draws on them.
	Withheld []hipaasmp.Ref
	// Ledger names the state of the ledger that proves the records.
	Ledger Ledger
}

// Answer is one request of the letter.
type Answer struct {
	// ID is the identity of the request.
	ID string
	// Citation is the provision that the request is about.
	Citation hipaasmp.Citation
	// Asks is what the letter asks for.
	Asks string
	// AtHand is what to have at hand beside the records.
	AtHand string
	// Status is answered, partly or missing.
	Status string
	// Refs are the documents that answer it.
	Refs []hipaasmp.Ref
	// Gaps is how many gaps remain under it.
	Gaps int
	// Note says what a reader must know.
	Note string
}

// Due is one thing that falls due.
type Due struct {
	// Matter is the kind of thing, such as item or agreement.
	Matter string
	// On is the last day on which it is in time, and Days how many days are left, below 0 where it is past.
	On   hipaasmp.Date
	Days int
	// Overdue is true where the day is past and it is not done.
	Overdue bool
	// What says what is to be done, and Basis why on that day.
	What, Basis string
	// Owner is the opaque identity of who answers for it; empty where the records name nobody.
	Owner string
	// Citation is the provision that it serves.
	Citation hipaasmp.Citation
	// Refs are the documents that it comes from.
	Refs []hipaasmp.Ref
}

// Kept is a record with its retention term.
type Kept struct {
	// Ref is the record.
	Ref hipaasmp.Ref
	// Term is until when it is kept, and why.
	Term retention.Term
}

// Compare orders by the last day to keep, what is in effect first, then by kind and identity.
func (k Kept) Compare(other Kept) int {
	return cmp.Or(k.Term.KeepThrough.Compare(other.Term.KeepThrough), cmp.Compare(k.Ref.Kind, other.Ref.Kind), cmp.Compare(k.Ref.ID, other.Ref.ID))
}

// Ledger names a state of a tenant's ledger.
type Ledger struct {
	// Origin is product/tenant/epoch; empty where the report was made without a ledger.
	Origin string
	// Size is the number of entries.
	Size uint64
	// Root is the root hash as the checkpoint writes it.
	Root string
	// Key is the name of the key that signed.
	Key string
}
