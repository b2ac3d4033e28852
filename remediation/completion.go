package remediation

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindCompletion is the kind of [Completion].
const KindCompletion hipaasmp.Kind = "remediation.completion"

// Completion is an item as it was closed: the record that a security measure was implemented and that somebody else
// verified it. It is made by [Item.Close] and never changes; an item that is reopened and closed again gets another.
type Completion struct {
	hipaasmp.Header
	// Item is the closed item, with its history and its verifications.
	Item Item `json:"item"`
	// StartedOn is the day on which the work was first started.
	StartedOn hipaasmp.Date `json:"started_on" validate:"required"`
	// ImplementedOn is the day on which the measure was in place, after the last reopening.
	ImplementedOn hipaasmp.Date `json:"implemented_on" validate:"required"`
	// VerifiedOn is the day of the verification that holds.
	VerifiedOn hipaasmp.Date `json:"verified_on" validate:"required"`
	// ClosedOn is the day on which the item was closed.
	ClosedOn hipaasmp.Date `json:"closed_on" validate:"required"`
}

var _ hipaasmp.Record = Completion{}

// newCompletion freezes a closed item.
func newCompletion(id string, item Item, zone *time.Location) (Completion, error) {
	c := Completion{Header: hipaasmp.NewHeader(KindCompletion, id), Item: item.clone()}
	c.StartedOn = hipaasmp.DateOf(item.first(EventStart), zone)
	c.ImplementedOn = hipaasmp.DateOf(item.last(EventImplement), zone)
	c.VerifiedOn = hipaasmp.DateOf(item.last(EventVerify), zone)
	c.ClosedOn = hipaasmp.DateOf(item.last(EventClose), zone)
	if err := c.Validate(); err != nil {
		return Completion{}, err
	}
	return c, nil
}

// first returns when the event first happened, and the zero time where it did not.
func (i Item) first(event Event) time.Time {
	for _, step := range i.History {
		if step.Event == event {
			return step.At
		}
	}
	return time.Time{}
}

// last returns when the event last happened, and the zero time where it did not.
func (i Item) last(event Event) time.Time {
	for _, step := range slices.Backward(i.History) {
		if step.Event == event {
			return step.At
		}
	}
	return time.Time{}
}

// Citations returns risk management and the specification that the measure satisfies.
func (c Completion) Citations() []hipaasmp.Citation {
	out := []hipaasmp.Citation{hipaasmp.CiteRiskManagement}
	if s := c.Item.Specification; s != "" && s != hipaasmp.CiteRiskManagement {
		out = append(out, s)
	}
	return append(out, hipaasmp.CiteWrittenRecord)
}

// RetentionBasis returns documentation of one point in time, created on the day of closing.
func (c Completion) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: c.ClosedOn}
}

// Validate returns every fault of the completion and of the item in it.
func (c Completion) Validate() error {
	return validate.Check(c, KindCompletion, c.Schema, func(f *validate.Faults) {
		if c.Item.Schema != hipaasmp.SchemaID(KindItem, 1) && c.Item.Schema != "" {
			f.Add(hipaasmp.FaultSchema, "/item/schema", "is not %s; make completions with Close", hipaasmp.SchemaID(KindItem, 1))
		}
		c.Item.check(f, "/item")
		if c.Item.State != StateClosed && c.Item.State.IsValid() {
			f.Cite(FaultNotClosed, hipaasmp.CiteRiskManagement, "/item/state", "is %q; a completion holds a closed item", c.Item.State)
		}
		f.Day(FaultDay, "/started_on", c.Item.first(EventStart), c.StartedOn)
		f.Day(FaultDay, "/implemented_on", c.Item.last(EventImplement), c.ImplementedOn)
		f.Day(FaultDay, "/verified_on", c.Item.last(EventVerify), c.VerifiedOn)
		f.Day(FaultDay, "/closed_on", c.Item.last(EventClose), c.ClosedOn)
	})
}
