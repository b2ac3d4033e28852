package remediation

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/risk"
)

// KindItem is the kind of [Item].
const KindItem hipaasmp.Kind = "remediation.item"

// FindingRef points to one finding of a risk analysis.
type FindingRef struct {
	// Analysis is the risk analysis.
	Analysis hipaasmp.Ref `json:"analysis"`
	// Finding is the identity of the finding in it.
	Finding string `json:"finding" validate:"required,docid"`
}

// check adds a fault where the analysis is none.
func (r FindingRef) check(f *validate.Faults, base string) {
	if k := r.Analysis.Kind; k != risk.KindAnalysis && hipaasmp.ValidKind(k) {
		f.Cite(FaultAnalysis, hipaasmp.CiteRiskManagement, base+"/analysis/kind", "is %q; a finding is one of a %s", k, risk.KindAnalysis)
	}
}

// Milestone is a step on the way, with what tells that it is reached.
type Milestone struct {
	// ID is the identity within the item.
	ID string `json:"id" validate:"required,docid"`
	// Title says what is to be reached.
	Title string `json:"title" validate:"required,text"`
	// Due is the last day for it. A day after the item's own is a warning, see [Item.Warnings].
	Due hipaasmp.Date `json:"due" validate:"required"`
	// SuccessCriteria says what tells that it is reached.
	SuccessCriteria string `json:"success_criteria" validate:"required,text"`
	// Done is the day it was reached; absent while it is not. It is recorded by [Item.Reach].
	Done hipaasmp.Date `json:"done,omitzero"`
}

// Proposal is what is asked for with a new item.
type Proposal struct {
	// Finding is the finding that the measure treats.
	Finding FindingRef
	// Title says what is to be done.
	Title string
	// Treatment is the kind of treatment.
	Treatment Treatment
	// Specification is the standard or specification of the Security Rule that the measure satisfies.
	Specification hipaasmp.Citation
	// Owner is the identity of the workforce member who answers for it.
	Owner string
	// Due is the last day for the measure to be in place.
	Due hipaasmp.Date
	// Milestones are the steps on the way, if any.
	Milestones []Milestone
	// CostUSD is the expected cost in US dollars; nil where nobody knows.
	CostUSD *decimal.Decimal
	// DependsOn are the identities of the items that have to be in place before this one is started.
	DependsOn []string
	// Control is the identity of the control that the measure puts in place. Items for several findings may share one: it
	// then counts once, see [QuantifyResidual]. Empty where it is not quantified.
	Control string
	// Acceptance is the decision behind a treatment of accept, and nil for any other.
	Acceptance *hipaasmp.Ref
}

// Verification is the confirmation by somebody else that a measure is in place and works.
type Verification struct {
	// By is who verified, never who implemented.
	By hipaasmp.Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// On is the day in the entity's zone.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Residual is the risk that is left, rated anew after the measure was in place.
	Residual risk.Score `json:"residual"`
	// Evidence shows that it is in place and works.
	Evidence []hipaasmp.Artifact `json:"evidence" validate:"min=1,dive"`
}

func (v Verification) clone() Verification {
	v.Evidence = slices.Clone(v.Evidence)
	for i := range v.Evidence {
		v.Evidence[i].Custody = slices.Clone(v.Evidence[i].Custody)
	}
	return v
}

// Item is one measure that treats one finding. It is a document and no record; [Item.Close] gives the record. It
// changes only by its methods, which record who did what when.
type Item struct {
	hipaasmp.Header
	// Finding is the finding that the measure treats.
	Finding FindingRef `json:"finding"`
	// Title says what is to be done.
	Title string `json:"title" validate:"required,text"`
	// Treatment is the kind of treatment.
	Treatment Treatment `json:"treatment" validate:"enum"`
	// Specification is the standard or specification of the Security Rule that the measure satisfies.
	Specification hipaasmp.Citation `json:"specification" validate:"citation"`
	// Owner is the identity of the workforce member who answers for it.
	Owner string `json:"owner" validate:"required,docid"`
	// Created is the day it was proposed, in the entity's zone.
	Created hipaasmp.Date `json:"created" validate:"required"`
	// Due is the last day for the measure to be in place.
	Due hipaasmp.Date `json:"due" validate:"required"`
	// Zone is the IANA name of the zone in which the days are counted.
	Zone string `json:"zone" validate:"required,text"`
	// ProposedBy is who asked for it.
	ProposedBy hipaasmp.Actor `json:"proposed_by"`
	// ProposedAt is when, in UTC to the microsecond.
	ProposedAt time.Time `json:"proposed_at" validate:"instant"`
	// Milestones are the steps on the way.
	Milestones []Milestone `json:"milestones,omitempty" validate:"dive"`
	// CostUSD is the expected cost in US dollars; absent where nobody knows.
	CostUSD *decimal.Decimal `json:"cost_usd,omitempty" validate:"omitempty,decmin=0"`
	// DependsOn are the identities of the items that have to be in place before this one is started; absent where it waits
	// for none.
	DependsOn []string `json:"depends_on,omitempty" validate:"dive,docid"`
	// Control is the identity of the control that the measure puts in place, which items for several findings may share;
	// absent where it is not quantified.
	Control string `json:"control,omitempty" validate:"omitempty,docid"`
	// Acceptance is the decision behind a treatment of accept; absent for any other.
	Acceptance *hipaasmp.Ref `json:"acceptance,omitempty"`
	// State is where the item stands; it follows from the history.
	State State `json:"state" validate:"enum"`
	// History is every step, oldest first.
	History []hipaasmp.Transition[State, Event] `json:"history,omitempty" validate:"dive"`
	// Changes are the recorded changes of owner, due date, cost, dependencies and milestones, oldest first.
	Changes []Change `json:"changes,omitempty" validate:"dive"`
	// Verifications belong one by one to the steps of verification in the history; a later reopening removes none.
	Verifications []Verification `json:"verifications,omitempty" validate:"dive"`
}

var _ hipaasmp.Document = Item{}

// NewItem proposes a measure. The zone is the entity's; the day of proposal is counted in it. The error is a
// [*hipaasmp.ValidationError].
func NewItem(id string, p Proposal, by hipaasmp.Actor, at time.Time, zone *time.Location) (Item, error) {
	i := Item{
		Header: hipaasmp.NewHeader(KindItem, id), Finding: p.Finding, Title: p.Title, Treatment: p.Treatment,
		Specification: p.Specification, Owner: p.Owner, Due: p.Due, ProposedBy: by, ProposedAt: hipaasmp.Instant(at),
		Milestones: slices.Clone(p.Milestones), CostUSD: clonePointer(p.CostUSD), Acceptance: clonePointer(p.Acceptance),
		DependsOn: slices.Clone(p.DependsOn), Control: p.Control, State: machine.Initial(),
	}
	if zone == nil {
		return Item{}, noZone(i.DocumentRef())
	}
	i.Zone, i.Created = zone.String(), hipaasmp.DateOf(i.ProposedAt, zone)
	if err := i.Validate(); err != nil {
		return Item{}, err
	}
	return i, nil
}

// Verification returns the verification that holds: that of an item which is verified or closed. A measure that was
// reopened holds none, although the earlier ones stay on record.
func (i Item) Verification() (Verification, bool) {
	if n := len(i.Verifications); n > 0 && (i.State == StateVerified || i.State == StateClosed) {
		return i.Verifications[n-1].clone(), true
	}
	return Verification{}, false
}

// Overdue reports whether the measure should have been in place before the day and is not.
func (i Item) Overdue(asOf hipaasmp.Date) bool { return i.State.Live() && asOf.After(i.Due) }

// Allowed lists the steps that the item's state allows.
func (i Item) Allowed() []Event { return machine.Allowed(i.State) }

// clone returns an item that shares nothing with i.
func (i Item) clone() Item {
	i.Milestones, i.History = slices.Clone(i.Milestones), slices.Clone(i.History)
	i.CostUSD, i.Acceptance = clonePointer(i.CostUSD), clonePointer(i.Acceptance)
	i.Verifications = slices.Clone(i.Verifications)
	for n := range i.Verifications {
		i.Verifications[n] = i.Verifications[n].clone()
	}
	i.DependsOn, i.Changes = slices.Clone(i.DependsOn), slices.Clone(i.Changes)
	for n := range i.Changes {
		i.Changes[n] = i.Changes[n].clone()
	}
	return i
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// noZone is the error of a step that was given no time zone.
func noZone(ref hipaasmp.Ref) error {
	return hipaasmp.Invalid(ref, []hipaasmp.Fault{{Code: hipaasmp.FaultZone, Pointer: "/zone",
		Message: "is missing; give the entity's time zone, in which its legal days are counted"}})
}
